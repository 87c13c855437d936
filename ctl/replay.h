/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REPLAY_H
#define REPLAY_H

#include "lib/price.h"
#include "lib/rule.h"

/*
 * What rules and prices would have done to jobs that were: job by job, with
 * sums of all, of each user and of each group.  Nothing is asked, nothing is
 * changed.  What a record does not tell is unknown to the rules (what was left
 * of a quota, the application); a question counts as answered with "as it is",
 * an approval as given.
 */
struct replay_job {			/* texts are borrowed */
	const char *user, *queue, *title, *format, *media, *finishings;
	const char *device_id, *device;	/* "" none */
	const char *const *device_groups;
	size_t ndevice_groups;
	int64_t pages;			/* of the document */
	int64_t sides, colour, sheets;	/* of one copy */
	int64_t copies, bytes, held_ms, ended_ms;
	int64_t paid;
	int duplex, number_up;		/* enum rel_duplex; 1.. */
	int pages_sure, colour_sure;	/* enum rel_sure */
	bool printed;			/* else it was refused */
	bool charged;			/* paid is known */
};

struct replay_side {
	int64_t jobs, sides, colour, sheets, micro;
};
struct replay_sums {
	int64_t jobs, uncounted;	/* all; whose pages nobody knows */
	int64_t unpaid;			/* printed, with no record of money */
	int64_t refused, asked, approval, suggested, charged;
	int64_t mono, duplex, number_up, copies;	/* forced */
	int64_t let;			/* refused then, held now */
	struct replay_side before, after;	/* printed; all copies */
};

struct replay_row {			/* a user or a group */
	char name[128];
	struct replay_sums sums;
	struct replay_row *next;	/* in its chain of the table */
	struct replay_row **groups;	/* of a user; owned */
	const char **names;		/* of them; owned */
	size_t ngroups;
};

#define REPLAY_GROUPS_MAX 128
#define REPLAY_TOLD 20
#define REPLAY_TABLE (1u << 16)

struct replay {
	const struct rel_rules *rules;	/* NULL: none */
	const struct rel_prices *prices;
	/* The groups of a user: how many, REPLAY_GROUPS_MAX at most, and their
	 * names, which last as long as this. */
	size_t (*groups_of)(void *ctx, const char *user, const char **names);
	void *ctx;

	struct replay_sums total;
	struct replay_row **users, **groups;	/* tables, by name */
	size_t nusers, ngroups;
	/* Rules that hung on what is not known, among the first jobs. */
	char unknown[REPLAY_TOLD][REL_RULE_NAME_MAX];
	size_t nunknown;
};

/* rules, prices, groups_of and ctx are set by the caller. 0; -REL_E_NOMEM. */
int replay_init(struct replay *r);
void replay_fini(struct replay *r);

/* One job more. 0; -REL_E_NOMEM. */
int replay_job(struct replay *r, const struct replay_job *j);

/*
 * The rows of a table, those with most changed first, as an array of n that
 * the caller frees; NULL without memory.
 */
struct replay_row **replay_rows(struct replay_row *const *table, size_t n);

#endif
