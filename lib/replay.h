/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_REPLAY_H
#define REL_REPLAY_H

#include "lib/price.h"
#include "lib/rule.h"

/*
 * What rules and prices would have done to jobs that were: job by job, with
 * sums of all, of each user, of each group and of each rule.  Nothing is
 * asked, nothing is changed.  What a record does not tell is unknown to the
 * rules (what was left of a quota); a question counts as
 * answered with "as it is", an approval as given.
 */

/* One job.  Texts are UTF-8, borrowed for the call, never NULL. */
struct rel_replay_job {
	const char *user, *queue, *title, *format, *media, *finishings;
	const char *application, *producer;
	/* As rel_papers_text(), of one copy; "" when all is on media. */
	const char *papers;
	const char *device_id, *device;	/* "" none */
	const char *const *device_groups;
	size_t ndevice_groups;		/* 0..REL_PRICE_GROUPS_MAX */
	int64_t pages;			/* of the document, 0..INT32_MAX */
	int64_t sides, colour, sheets;	/* of one copy, 0..INT32_MAX */
	int64_t copies;			/* 0..INT32_MAX */
	int64_t bytes;			/* of the document, 0.. */
	int64_t held_ms, ended_ms;	/* since 1970, UTC */
	int64_t paid;			/* millionths; what was given back is
					 * taken off */
	int duplex, number_up;		/* enum rel_duplex; 1.. */
	int pages_sure, colour_sure;	/* enum rel_sure */
	bool printed;			/* else it was refused */
	bool charged;			/* paid is known */
};

/* What came out, all copies; micro in millionths of the currency. */
struct rel_replay_side {
	int64_t jobs, sides, colour, sheets, micro;
};

/* Counted are jobs, each once. */
struct rel_replay_sums {
	int64_t jobs, uncounted;	/* all; whose pages nobody knows */
	int64_t unpaid;			/* printed, with no record of money */
	int64_t refused, asked, approval, suggested, charged;
	int64_t mono, duplex, number_up, copies;	/* forced, so that they
							 * became different */
	int64_t let;			/* refused then, held now */
	struct rel_replay_side before, after;
};

/* A user or a group; owned by the replay. */
struct rel_replay_row {
	char name[128];
	struct rel_replay_sums sums;
	struct rel_replay_row *next;	/* in its chain of the table */
	struct rel_replay_row **groups;	/* of a user; owned */
	const char **names;		/* of them; owned */
	size_t ngroups;
};

/*
 * What one rule did: jobs, each once for each enum rel_rule_do.  Force counts
 * where something it forces was different before; what several rules force
 * alike, all of them did.
 */
struct rel_replay_rule {
	int64_t jobs[REL_RULE_DOS];
	int64_t seen[REL_RULE_DOS];	/* the number of the last of them */
};

#define REL_REPLAY_GROUPS_MAX 128
#define REL_REPLAY_TOLD 20
#define REL_REPLAY_TABLE (1u << 16)

struct rel_replay {
	/* Set by the caller before rel_replay_init(); borrowed until
	 * rel_replay_fini(). */
	const struct rel_rules *rules;	/* NULL: none */
	const struct rel_prices *prices;	/* NULL: all costs nothing */
	/* The groups of a user: how many, REL_REPLAY_GROUPS_MAX at most, and
	 * their names, which last as long as this.  May be NULL. */
	size_t (*groups_of)(void *ctx, const char *user, const char **names);
	void *ctx;

	/* What came out; owned. */
	struct rel_replay_sums total;
	struct rel_replay_row **users, **groups;	/* tables, by name */
	size_t nusers, ngroups;
	struct rel_replay_rule *by_rule;	/* one each rule, in its order */
	/* Rules that hung on what is not known, among the first jobs. */
	char unknown[REL_REPLAY_TOLD][REL_RULE_NAME_MAX];
	size_t nunknown;
	struct rel_replay_did *did;	/* of the job at hand */
	size_t ndid, did_cap;
	bool broken;			/* there was no memory */
};

/* 0; -REL_E_NOMEM: rel_replay_fini() is to be called all the same. */
int rel_replay_init(struct rel_replay *r);

/* Twice is fine, and so is one that was only set to 0. */
void rel_replay_fini(struct rel_replay *r);

/* One job more.  0; -REL_E_NOMEM: the sums are worth nothing then. */
int rel_replay_job(struct rel_replay *r, const struct rel_replay_job *j);

/*
 * The n rows of a table, those with most refused first, then most changed,
 * then most sides, as an array the caller frees (not the rows); NULL without memory.
 */
struct rel_replay_row **rel_replay_rows(struct rel_replay_row *const *table,
    size_t n);

/* Add one to the other. */
void rel_replay_sums_add(struct rel_replay_sums *to,
    const struct rel_replay_sums *s);

#endif
