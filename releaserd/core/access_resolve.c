/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/access_resolve.h"

#include <string.h>

/* ---- one entry */

static bool
one_of(const char *key, const char *const *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i], key) == 0)
			return true;
	return false;
}

static int
rank_place(const struct access_row *r, const struct access_asker *a)
{
	switch (r->place) {
	case PLACE_ALL:
		return 1;
	case PLACE_DEVICE_GROUP:
		return one_of(r->at, a->device_groups, a->ndevice_groups) ?
		    2 : -1;
	case PLACE_DEVICE:
		return a->device_id != NULL && strcmp(r->at,
		    a->device_id) == 0 ? 3 : -1;
	}
	return -1;
}

/* A panel that nobody has logged in to yet is ours: it is there for
 * everybody.  What the device itself does is not. */
static int
rank_who(const struct access_row *r, const struct access_asker *a,
    enum function f)
{
	bool outside = a->nobody && functions_table[f].where == AT_DEVICE;

	switch (r->who) {
	case ACCESS_EVERYBODY:
		return outside ? -1 : 1;
	case ACCESS_GROUP:
		return a->user != NULL && one_of(r->person, a->groups,
		    a->ngroups) ? 2 : -1;
	case ACCESS_USER:
		return a->user != NULL && strcmp(r->person, a->user) == 0 ?
		    3 : -1;
	case ACCESS_NOBODY:
		return outside ? 1 : -1;
	}
	return -1;
}

static bool
is_about(const struct function_ref *ref, enum function f)
{
	return ref->is_group ?
	    (int)functions_table[f].group == ref->which :
	    (int)f == ref->which;
}

int
access_rank(const struct access_entry *e, const struct access_asker *a,
    enum function f)
{
	int place, who;

	if (!is_about(&e->ref, f) || (place = rank_place(&e->row, a)) < 0 ||
	    (who = rank_who(&e->row, a, f)) < 0)
		return -1;
	return place * 16 + who * 2 + !e->ref.is_group;
}

bool
access_beats(const struct access_entry *e, int rank,
    const struct access_entry *other, int other_rank)
{
	if (other == NULL || rank != other_rank)
		return other == NULL || rank > other_rank;
	if (e->row.say != other->row.say)
		return e->row.say > other->row.say;
	return e->row.id < other->row.id;
}

enum access_say
access_default(const struct access_asker *a, enum function f)
{
	return a->nobody && functions_table[f].where == AT_DEVICE ?
	    SAY_DISABLED : SAY_OPEN;
}

/* ---- the whole table */

struct resolving {
	const struct access_asker *a;
	const struct access_entry **out;
	int rank[FN_COUNT];
};

static void
weigh(struct resolving *r, const struct access_entry *e, enum function f)
{
	int rank = access_rank(e, r->a, f);

	if (rank >= 0 && access_beats(e, rank, r->out[f], r->rank[f])) {
		r->out[f] = e;
		r->rank[f] = rank;
	}
}

static void
weigh_entry(struct resolving *r, const struct access_entry *e)
{
	if (!e->ref.is_group) {
		weigh(r, e, (enum function)e->ref.which);
		return;
	}
	for (int f = 0; f < FN_COUNT; f++)
		if ((int)functions_table[f].group == e->ref.which)
			weigh(r, e, (enum function)f);
}

/* Where the entries of one place begin, or would. */
static size_t
find(const struct access_table *t, enum access_place place, const char *at)
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct access_row *r = &t->all[mid].row;

		if (r->place < place || (r->place == place &&
		    strcmp(r->at, at) < 0))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
weigh_place(struct resolving *r, const struct access_table *t,
    enum access_place place, const char *at)
{
	for (size_t i = find(t, place, at); i < t->n &&
	    t->all[i].row.place == place &&
	    strcmp(t->all[i].row.at, at) == 0; i++)
		weigh_entry(r, &t->all[i]);
}

void
access_resolve(const struct access_table *t, const struct access_asker *a,
    const struct access_entry *out[FN_COUNT])
{
	struct resolving r = { .a = a, .out = out };

	for (int f = 0; f < FN_COUNT; f++)
		out[f] = NULL;
	weigh_place(&r, t, PLACE_ALL, "");
	for (size_t i = 0; i < a->ndevice_groups; i++)
		weigh_place(&r, t, PLACE_DEVICE_GROUP, a->device_groups[i]);
	if (a->device_id != NULL)
		weigh_place(&r, t, PLACE_DEVICE, a->device_id);
}
