/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Status decides release (doc/fleet.md, "When a device may print"). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/reason.h"
#include "releaserd/core/fleet_priv.h"
#include "releaserd/core/store_item.h"

/* The next of "media-jam,door-open"; false at the end. */
static bool
next_reason(const char **list, struct rel_reason *out)
{
	char one[128];

	while (**list != '\0') {
		size_t n = strcspn(*list, ",");

		snprintf(one, sizeof one, "%.*s", (int)n, *list);
		*list += n + ((*list)[n] == ',');
		if (rel_reason(out, one))
			return true;
	}
	return false;
}

void
fleet_reason_words(const char *reasons, const char *locale, char *out,
    size_t size)
{
	struct rel_reason r;
	size_t n = 0;

	out[0] = '\0';
	/* What stops it first. */
	for (int level = REL_REASON_ERROR; level >= REL_REASON_WARNING; level--)
		for (const char *p = reasons; next_reason(&p, &r);) {
			const char *text = r.known ? word(locale, r.words) :
			    r.words;

			if ((int)r.level != level || n + strlen(text) + 3 >
			    size || strstr(out, text) != NULL)
				continue;
			n += (size_t)snprintf(out + n, size - n, "%s%s",
			    n > 0 ? ", " : "", text);
		}
}

/* ---- is there a tray with paper? */

struct trays {
	struct tray {
		bool there, manual, level_known;
		int64_t level;
	} v[ITEM_N_MAX + 1];
};

static bool
tray_row(const struct device_item *i, void *ctx)
{
	struct trays *all = ctx;
	unsigned n = 0;
	int used = 0;
	struct tray *t;

	if (sscanf(i->name, "input.%2u.%n", &n, &used) != 1 || used == 0 ||
	    n > ITEM_N_MAX)
		return true;
	t = &all->v[n];
	t->there = true;
	if (strcmp(i->name + used, "level") == 0) {
		t->level = strtoll(i->value, NULL, 10);
		t->level_known = t->level != -2;
	} else if (strcmp(i->name + used, "kind") == 0) {
		t->manual = strcmp(i->value, "manual") == 0;
	}
	return true;
}

/*
 * Another tray has paper, or may have: one that says so, or one that knows
 * nothing while the empty one is known.
 */
static bool
paper_left(struct core *c, const char *device)
{
	struct trays *all = calloc(1, sizeof *all);
	unsigned empty = 0, unknown = 0, full = 0;

	if (all == NULL ||
	    store_item_list(c->st, device, tray_row, all) < 0) {
		free(all);
		return true;
	}
	for (size_t i = 0; i <= ITEM_N_MAX; i++) {
		const struct tray *t = &all->v[i];

		if (!t->there || t->manual)
			continue;
		if (!t->level_known)
			unknown++;
		else if (t->level == 0)
			empty++;
		else
			full++;
	}
	free(all);
	return full > 0 || (empty > 0 && unknown > 0);
}

/* ---- */

const char *
fleet_trouble(struct core *c, const struct fleet_one *f)
{
	bool stopped = strcmp(f->state, "stopped") == 0;
	unsigned paper = 0, others = 0;
	const char *p = f->reasons;
	struct rel_reason r;

	if (strcmp(f->state, "offline") == 0)
		return "device-offline";
	while (next_reason(&p, &r)) {
		bool bad = r.level == REL_REASON_ERROR ||
		    (stopped && !r.known && r.level == REL_REASON_WARNING);

		paper += bad && r.paper;
		others += bad && !r.paper && (r.known || stopped);
	}
	/* One tray is empty, and it stopped for no other reason. */
	if (others == 0 && paper > 0)
		return paper_left(c, f->id) ? NULL : "device-stopped";
	return stopped || others > 0 ? "device-stopped" : NULL;
}

/* What was said of it and is not too old to count. */
static const struct fleet_one *
fresh(struct core *c, const char *device)
{
	const struct fleet_one *f = fleet_find(c, device);
	int64_t age = f != NULL ? rel_now_ms() - f->state_ms : 0;

	return f == NULL || f->state_ms == 0 || age < 0 ||
	    c->role->set.status_fresh_ms == 0 ||
	    age > c->role->set.status_fresh_ms ? NULL : f;
}

const char *
fleet_problem(struct core *c, const struct device *d, char words[240])
{
	const struct fleet_one *f = fresh(c, d->id);
	const char *code = f != NULL ? fleet_trouble(c, f) : NULL;
	char why[160];

	words[0] = '\0';
	if (code == NULL)
		return NULL;
	fleet_reason_words(f->reasons, "en", why, sizeof why);
	snprintf(words, 240, "%s %s%s%s", d->name,
	    strcmp(code, "device-offline") == 0 ? "is offline" : "cannot print",
	    why[0] != '\0' ? ": " : "", why);
	return code;
}

void
fleet_words(struct core *c, const char *device, const char *locale,
    char *out, size_t size)
{
	const struct fleet_one *f = fresh(c, device);

	out[0] = '\0';
	if (f != NULL)
		fleet_reason_words(f->reasons, locale, out, size);
	if (f != NULL && out[0] == '\0' && fleet_trouble(c, f) != NULL)
		snprintf(out, size, "%s", word(locale,
		    strcmp(f->state, "offline") == 0 ? "device-offline" :
		    "device-stopped"));
}

void
fleet_reasons(struct core *c, const char *device, char *out, size_t size)
{
	const struct fleet_one *f = fleet_find(c, device);
	size_t n = f != NULL ? strlen(f->reasons) : 0;

	/* Whole ones only. */
	while (n >= size)
		for (n--; n > 0 && f->reasons[n] != ','; n--)
			;
	snprintf(out, size, "%.*s", (int)n, f != NULL ? f->reasons : "");
}
