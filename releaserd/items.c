/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/items.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "lib/text.h"

/* ---- the kinds */

static const struct item_kind kinds[] = {
#define ITEM(name, type, group, words) \
	{ name, ITEM_##type, ITEMS_##group, words },
#include "releaserd/items.def"
#undef ITEM
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static const char *const groups[] = {
	"identity", "ability", "network", "input", "output", "finisher",
	"supply", "state", "alert", "counter", "posture", "station"
};
_Static_assert(sizeof groups / sizeof groups[0] == ITEMS_GROUPS,
    "a name for each group");

static int
by_name(const void *a, const void *b)
{
	const struct item_kind *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* Read the number of "input.2.level"; 0: it has none, ITEM_N_MAX + 1 a bad one. */
static size_t
number_of(const char *at, unsigned *n)
{
	size_t len = strspn(at, "0123456789");

	*n = 0;
	if (len == 0 || (at[len] != '.' && at[len] != '\0'))
		return 0;
	if (at[0] == '0' || len > 2)
		*n = ITEM_N_MAX + 1;
	for (size_t i = 0; *n <= ITEM_N_MAX && i < len; i++)
		*n = *n * 10 + (unsigned)(at[i] - '0');
	return len;
}

/* "input.2.level" becomes "input.N.level"; false: it is no name. */
static bool
general(char out[ITEM_NAME_MAX], const char *name)
{
	size_t o = 0, numbers = 0;

	for (const char *at = name; *at != '\0';) {
		unsigned n;
		size_t len = at == name || at[-1] == '.' ?
		    number_of(at, &n) : 0;

		if (o + 1 >= ITEM_NAME_MAX || *at == 'N' ||
		    (len > 0 && (n > ITEM_N_MAX || numbers++ > 0)))
			return false;
		out[o++] = len > 0 ? 'N' : *at;
		at += len > 0 ? len : 1;
	}
	out[o] = '\0';
	return true;
}

static const struct item_kind *
kind_named(const char *name)
{
	static const struct item_kind *sorted[KINDS];
	const struct item_kind want = { .name = name }, *key = &want;
	const struct item_kind **found;

	if (sorted[0] == NULL) {
		for (size_t i = 0; i < KINDS; i++)
			sorted[i] = &kinds[i];
		qsort(sorted, KINDS, sizeof sorted[0], by_name);
	}
	found = bsearch(&key, sorted, KINDS, sizeof sorted[0], by_name);
	return found != NULL ? *found : NULL;
}

const struct item_kind *
item_kind(const char *name)
{
	char of[ITEM_NAME_MAX];

	return general(of, name) ? kind_named(of) : NULL;
}

const char *
item_group_name(enum item_group group)
{
	return (unsigned)group < ITEMS_GROUPS ? groups[group] : "unknown";
}

int
item_group_of(const char *name)
{
	for (int i = 0; i < ITEMS_GROUPS; i++)
		if (strcmp(groups[i], name) == 0)
			return i;
	return -1;
}

const struct item_kind *
item_kinds(size_t *n)
{
	*n = KINDS;
	return kinds;
}

/* ---- values */

static size_t
from_latin1(char *out, size_t room, const uint8_t *p, size_t n)
{
	size_t o = 0;

	for (size_t i = 0; i < n && o + 2 <= room; i++) {
		if (p[i] >= 0x80) {
			out[o++] = (char)(0xc0 | p[i] >> 6);
			out[o++] = (char)(0x80 | (p[i] & 0x3f));
		} else {
			out[o++] = (char)p[i];
		}
	}
	return o;
}

/* Any bytes into out, as items_text() says; the length. */
static size_t
clean(char out[ITEM_VALUE_MAX], const char *value, size_t len)
{
	char all[4 * ITEM_VALUE_MAX];
	size_t n;

	if (rel_utf8_ok(value, len)) {
		n = len < sizeof all ? len : sizeof all - 1;
		while (n < len && n > 0 && ((uint8_t)value[n] & 0xc0) == 0x80)
			n--;
		memcpy(all, value, n);
	} else {
		n = from_latin1(all, sizeof all - 1, (const uint8_t *)value,
		    len);
	}
	(void)rel_text_squeeze(all, n);
	n = rel_utf8_cut(all, ITEM_VALUE_MAX - 1);
	memcpy(out, all, n);
	return rel_text_squeeze(out, n);
}

static bool
is_of_type(const char *value, enum item_type type)
{
	int64_t number;

	switch (type) {
	case ITEM_NUMBER:
	case ITEM_TIME:
		return rel_int(&number, value, INT64_MIN, INT64_MAX);
	case ITEM_YESNO:
		return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
	default:
		return value[0] != '\0';
	}
}

/* ---- the list */

void
items_init(struct items *l)
{
	memset(l, 0, sizeof *l);
}

void
items_fini(struct items *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].value);
	free(l->v);
	memset(l, 0, sizeof *l);
}

/* Where it is, or where it would have to be. */
static size_t
place_of(const struct items *l, const char *name, bool *there)
{
	size_t from = 0, to = l->n;

	*there = false;
	while (from < to && !*there) {
		size_t mid = from + (to - from) / 2;
		int side = strcmp(l->v[mid].name, name);

		*there = side == 0;
		if (side >= 0)
			to = mid;
		else
			from = mid + 1;
	}
	return to;
}

static bool
grow(struct items *l)
{
	size_t room = l->room > 0 ? 2 * l->room : 32;
	struct item *v;

	if (l->n < l->room)
		return true;
	if ((v = realloc(l->v, room * sizeof *v)) == NULL)
		return false;
	l->v = v;
	l->room = room;
	return true;
}

/* A clean value of the right type. */
static void
put(struct items *l, const char *name, const char *value, size_t len)
{
	bool there;
	size_t at = place_of(l, name, &there);
	size_t had = there ? strlen(l->v[at].value) : 0;
	char *copy;

	if (l->bytes - had + len > ITEMS_BYTES_MAX ||
	    (!there && l->n >= ITEM_LIST_MAX))
		return;
	if ((copy = strdup(value)) == NULL || (!there && !grow(l))) {
		l->failed = REL_E_NOMEM;
		free(copy);
		return;
	}
	if (there) {
		free(l->v[at].value);
	} else {
		memmove(l->v + at + 1, l->v + at,
		    (l->n++ - at) * sizeof l->v[0]);
		snprintf(l->v[at].name, sizeof l->v[at].name, "%s", name);
	}
	l->v[at].value = copy;
	l->bytes += len - had;
}

/* "input.N.level" and 2 make "input.2.level"; false: they do not go together. */
static bool
name_of(char out[ITEM_NAME_MAX], const char *name, unsigned n)
{
	const char *at = strchr(name, 'N');
	int len;

	if (n > ITEM_N_MAX || (at == NULL) != (n == 0))
		return false;
	len = at == NULL ? snprintf(out, ITEM_NAME_MAX, "%s", name) :
	    snprintf(out, ITEM_NAME_MAX, "%.*s%u%s", (int)(at - name), name, n,
	    at + 1);
	return len > 0 && (size_t)len < ITEM_NAME_MAX;
}

void
items_text(struct items *l, const char *name, unsigned n, const char *value,
    size_t len)
{
	char of[ITEM_NAME_MAX], text[ITEM_VALUE_MAX];
	const struct item_kind *kind;
	size_t text_len;

	if (!name_of(of, name, n) || (kind = item_kind(of)) == NULL ||
	    len == 0)
		return;
	text_len = clean(text, value, len);
	if (is_of_type(text, kind->type))
		put(l, of, text, text_len);
}

void
items_str(struct items *l, const char *name, unsigned n, const char *value)
{
	if (value != NULL)
		items_text(l, name, n, value, strlen(value));
}

void
items_number(struct items *l, const char *name, unsigned n, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, value);
	items_str(l, name, n, text);
}

const char *
items_get(const struct items *l, const char *name)
{
	bool there;
	size_t at = place_of(l, name, &there);

	return there ? l->v[at].value : NULL;
}

int64_t
items_get_number(const struct items *l, const char *name, int64_t otherwise)
{
	const char *value = items_get(l, name);
	int64_t number;

	return value != NULL && rel_int(&number, value, INT64_MIN,
	    INT64_MAX) ? number : otherwise;
}

/* ---- on the wire */

void
items_put(struct rel_buf *b, const struct items *l)
{
	rel_put_u32(b, l->groups);
	rel_put_u32(b, (uint32_t)l->n);
	for (size_t i = 0; i < l->n; i++) {
		rel_put_str(b, l->v[i].name);
		rel_put_str(b, l->v[i].value);
	}
}

static int
item_read(struct items *l, struct rel_cur *c)
{
	char name[ITEM_NAME_MAX], value[ITEM_VALUE_MAX], same[ITEM_VALUE_MAX];
	const struct item_kind *kind;
	bool there;

	rel_get_str(c, name, sizeof name);
	rel_get_str(c, value, sizeof value);
	if (c->bad || (kind = item_kind(name)) == NULL ||
	    !is_of_type(value, kind->type))
		return -REL_E_FORMAT;
	(void)place_of(l, name, &there);
	(void)clean(same, value, strlen(value));
	if (there || strcmp(same, value) != 0)
		return -REL_E_FORMAT;
	put(l, name, value, strlen(value));
	return 0;
}

int
items_read(struct items *l, struct rel_cur *c)
{
	uint32_t n;

	l->groups = rel_get_u32(c);
	n = rel_get_u32(c);
	if (c->bad || n > ITEM_LIST_MAX || l->groups >> ITEMS_GROUPS != 0)
		return -REL_E_FORMAT;
	while (n-- > 0)
		if (item_read(l, c) < 0)
			return -REL_E_FORMAT;
	return -l->failed;
}
