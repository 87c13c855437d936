/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Users and groups of a replay by name, and in the order of what changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/replay_priv.h"

void
replay_table_free(struct rel_replay_row **table)
{
	for (size_t i = 0; table != NULL && i < REL_REPLAY_TABLE; i++)
		while (table[i] != NULL) {
			struct rel_replay_row *next = table[i]->next;

			free(table[i]->groups);
			free(table[i]->names);
			free(table[i]);
			table[i] = next;
		}
	free(table);
}

/* FNV-1a */
static size_t
place_of(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name != '\0'; name++)
		h = (h ^ (uint8_t)*name) * 16777619u;
	return (h ^ h >> 16) & (REL_REPLAY_TABLE - 1);
}

struct rel_replay_row *
replay_row_get(struct rel_replay_row **table, const char *name, bool *is_new)
{
	struct rel_replay_row **at = &table[place_of(name)], *row;

	*is_new = false;
	for (row = *at; row != NULL; row = row->next)
		if (strncmp(row->name, name, sizeof row->name - 1) == 0)
			return row;
	if ((row = calloc(1, sizeof *row)) == NULL)
		return NULL;
	snprintf(row->name, sizeof row->name, "%s", name);
	row->next = *at;
	*at = row;
	*is_new = true;
	return row;
}

/* ---- rows in the order of what changed */

static int64_t
weight(const struct rel_replay_row *row)
{
	const struct rel_replay_sums *s = &row->sums;

	return s->asked + s->approval + s->mono + s->duplex +
	    s->number_up + s->copies + s->let;
}

static int
by_weight(const void *a, const void *b)
{
	const struct rel_replay_row *x = *(struct rel_replay_row *const *)a;
	const struct rel_replay_row *y = *(struct rel_replay_row *const *)b;

	if (x->sums.refused != y->sums.refused)
		return x->sums.refused < y->sums.refused ? 1 : -1;
	if (weight(x) != weight(y))
		return weight(x) < weight(y) ? 1 : -1;
	if (x->sums.before.sides != y->sums.before.sides)
		return x->sums.before.sides < y->sums.before.sides ? 1 : -1;
	return strcmp(x->name, y->name);
}

struct rel_replay_row **
rel_replay_rows(struct rel_replay_row *const *table, size_t n)
{
	struct rel_replay_row **all = calloc(n + 1, sizeof *all);
	size_t have = 0;

	if (all == NULL)
		return NULL;
	for (size_t i = 0; i < REL_REPLAY_TABLE && have < n; i++)
		for (struct rel_replay_row *row = table[i]; row != NULL &&
		    have < n; row = row->next)
			all[have++] = row;
	qsort(all, have, sizeof *all, by_weight);
	return all;
}
