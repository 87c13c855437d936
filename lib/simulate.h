/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_SIMULATE_H
#define REL_SIMULATE_H

#include "lib/api.h"
#include "lib/place.h"
#include "lib/replay.h"

/*
 * The simulator: the recorded jobs of releaserd, replayed with proposed rules
 * and prices (lib/replay.h).  Memset to 0, set the first part, run it, free it.
 */
enum rel_simulate_end {
	REL_SIMULATE_ALL,		/* all jobs of the span are in it */
	REL_SIMULATE_JOBS,		/* it stopped at jobs_max */
	REL_SIMULATE_TIME		/* it stopped after ms_max */
};

struct rel_simulate {
	/* Set by the caller, borrowed until the end. */
	struct rel_api *api;		/* of an operator or administrator */
	const char *rules, *prices;	/* texts; NULL: those in force */
	size_t rules_len, prices_len;	/* bytes of them */
	const char *from, *to;		/* as rel_recorded_span */
	int64_t jobs_max, ms_max;	/* 0: as many, as long as it takes */

	/* What came out; owned. */
	struct rel_replay replay;
	char currency[8];		/* of the server */
	enum rel_simulate_end end;
	int64_t last_ms;		/* when the last job in it ended */

	/* -REL_E_FORMAT with wrong "rules" or "prices": this is wrong with
	 * them, and nothing was replayed.  Else NULL. */
	const char *wrong;
	struct rel_place place;

	struct rel_rules *rules_read;
	struct rel_prices *prices_read;
	struct rel_group_sets *sets;
	int64_t until_ms;		/* of the clock; 0: no bound */
};

/*
 * Run it.  0; -REL_E_FORMAT see wrong; -REL_E_NOMEM; else as rel_api_call().
 * rel_simulate_fini() is to be called whatever came of it.
 */
int rel_simulate_run(struct rel_simulate *s, struct rel_err *err);
void rel_simulate_fini(struct rel_simulate *s);

/*
 * What came out (releasectl(1), simulate): currency, total, users and groups
 * (the first `top` by what changes, the others summed as users_rest and
 * groups_rest, else null), users_all and groups_all (how many there are), rules
 * that did something, unknown, notes, stopped ("jobs", "time" or null) and
 * until (RFC 3339: when the last job ended; null without jobs).  The caller
 * frees it; NULL without memory.
 */
json_t *rel_simulate_json(const struct rel_simulate *s, size_t top);

/* What everybody must know who reads the figures; ends with NULL. */
extern const char *const rel_simulate_notes[];

#endif
