/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_RULE_H
#define REL_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "lib/err.h"
#include "lib/place.h"
#include "lib/ticket.h"

/*
 * Rules, release-rules(5): reading a file, and what the rules say of one job.
 *
 * Rules that never end cannot be written: there is no loop, no jump and no
 * name that stands for something else, a rule is looked at once, and the file
 * is bounded.  A pattern takes time in proportion to the text it is held
 * against, whatever the two are.
 */
#define REL_RULE_FILE_MAX (1u << 20)	/* bytes */
#define REL_RULE_RULES_MAX 10000u
#define REL_RULE_DEPTH_MAX 32u		/* parentheses and "not" */
#define REL_RULE_ACTIONS_MAX 16u	/* of one rule */
#define REL_RULE_NAME_MAX 128u		/* bytes with NUL: of a rule, group ... */
#define REL_RULE_ACCOUNT_MAX 84u	/* bytes with NUL, as in rel_ticket */
#define REL_RULE_TEXT_MAX 500u		/* bytes with NUL, values put in */
#define REL_RULE_WHY_MAX 500u		/* bytes with NUL */

struct rel_rules;

/*
 * Read a file of n bytes.  NULL when anything is wrong with it: at says what
 * and where (line 0: the file as a whole, or no memory).  Free with
 * rel_rules_free().
 */
struct rel_rules *rel_rules_read(const char *text, size_t n,
    struct rel_place *at);
void rel_rules_free(struct rel_rules **rp);

/* How many there are; an empty file has none, and says nothing of any job;
 * NULL has none either. */
size_t rel_rules_count(const struct rel_rules *r);

/* The name of the i-th rule (0..rel_rules_count() - 1), which lives with the
 * rules, and the line of its word "rule". */
const char *rel_rules_rule(const struct rel_rules *r, size_t i,
    unsigned *line);

/*
 * The i-th name (0..) of a device, group or account the rules write out, not
 * as a pattern, so that the caller can tell which of them there are.  kind is
 * one of the words group, device, device-group, queue, account; a group that
 * approves comes as "approver", too.  NULL behind
 * the last one.  A name that stands twice comes twice.
 */
const char *rel_rules_name(const struct rel_rules *r, size_t i,
    const char **kind, unsigned *line);

/* ---- a job */

/* Numbers a rule can ask for. Amounts in millionths, the rest counted. */
enum rel_case_num {
	REL_CASE_PAGES,			/* of the document, one copy */
	REL_CASE_COLOUR_PAGES,		/* sides in colour of one copy */
	REL_CASE_SIDES_COUNT,		/* "impressions": all copies */
	REL_CASE_COLOUR_COUNT,		/* "colour-impressions": all copies */
	REL_CASE_SHEETS,		/* all copies */
	REL_CASE_COPIES,
	REL_CASE_BYTES,			/* "document-size" */
	REL_CASE_COST,
	REL_CASE_MONEY_LEFT,
	REL_CASE_COLOUR_LEFT,		/* colour sides */
	REL_CASE_MONO_LEFT,		/* mono sides */
	REL_CASE_NUMS
};

/* What may be said of a number. Nothing said: unknown. */
enum rel_case_sure {
	REL_CASE_UNKNOWN = 0,
	REL_CASE_BOUND,			/* 0 to num, REL_SURE_BOUND */
	REL_CASE_EXACT,
	REL_CASE_NO_LIMIT		/* more than any number; num is ignored */
};

/*
 * All that rules look at.  memset() to 0: nothing is known, nothing is in a
 * group.  Texts are UTF-8, borrowed for the call; NULL and "" are unknown.
 */
struct rel_case {
	int64_t num[REL_CASE_NUMS];
	uint8_t sure[REL_CASE_NUMS];	/* enum rel_case_sure */
	const char *user, *queue, *title;
	/* The program, and what wrote the file for it; either may match. */
	const char *application[2];
	const char *device, *device_id;	/* unknown while nobody chose one */
	/* The language of rel_facts ("pdf"); MIME types are asked by it. */
	const char *format;
	const char *const *groups;	/* of the user */
	size_t ngroups;
	bool groups_known;		/* else none of them is "not" one */
	const char *const *device_groups;	/* known when the device is */
	size_t ndevice_groups;
	const char *const *media;	/* as for rel_media_size(); any of them */
	size_t nmedia;			/* 0: unknown */
	uint8_t sides;			/* enum rel_duplex; UNSAID: unknown */
	bool confidential;
	bool now_known;
	struct tm now;			/* local: tm_wday, tm_hour, tm_min */
	/* Names of rules whose question was answered or whose approval was
	 * given or refused: they do not ask this job a second time. */
	const char *const *done;
	size_t ndone;
};

/*
 * A case made up from words, for `releasectl rule try`, the checker on the
 * pages and the tests: the names are those of the conditions, "pages" "30",
 * "cost" "2.50", "group" "Design, Staff", "time" "22:15", "day" "fri",
 * "money-left" "none", and "producer", "device-id", "answered" (rules that are done); a
 * number "<=30" is a bound.  Nothing is allocated.
 * Returns 0; -REL_E_NOTFOUND no such name; -REL_E_FORMAT no such value;
 * -REL_E_LIMIT too much text.
 */
struct rel_case_words {
	struct rel_case c;
	const char *lists[4][32];
	char room[8192];
	size_t used;
};
void rel_case_words_init(struct rel_case_words *w);
int rel_case_words_set(struct rel_case_words *w, const char *name,
    const char *value, struct rel_err *err);

/* ---- what the rules say */

enum rel_rule_moment { REL_RULE_HOLD = 1, REL_RULE_RELEASE = 2 };

/* Changes of a job; 0 and false leave it as it is. */
struct rel_rule_change {
	bool mono;
	bool edge;			/* this edge, not just both sides */
	uint8_t sides;			/* 0, REL_DUPLEX_LONG, REL_DUPLEX_SHORT */
	uint8_t number_up;		/* at least so many pages a side */
	uint16_t copies_max;
};

/*
 * Lay changes over a ticket: never more copies, never fewer pages on a side
 * than it had; both sides stay on the edge they have unless one is said.
 * Returns whether anything became different.
 */
bool rel_rule_change_ticket(const struct rel_rule_change *c,
    struct rel_ticket *t);

/* "mono, duplex, number-up 2, copies max 5"; "" for none. size >= 80. */
void rel_rule_change_text(const struct rel_rule_change *c, char *out,
    size_t size);

enum rel_rule_say {
	REL_RULE_SAY_NOTHING,		/* no rule ended it: go on */
	REL_RULE_SAY_ALLOW,		/* a rule did, with allow */
	REL_RULE_SAY_REFUSE
};
enum rel_rule_late { REL_RULE_CANCEL, REL_RULE_CHANGED, REL_RULE_AS_IS };

/* Which rule said so; borrowed from the rules; NULL and 0 for none. */
struct rel_rule_ref {
	const char *name;
	unsigned line;			/* of the action */
};

/*
 * How the rules that match come together, in their order:
 *   allow, refuse	end it: no later rule is looked at; what else their
 *			own rule says still counts, except that a refusal
 *			leaves nothing but itself
 *   force		add up: mono or both sides if any says so, an edge by
 *			the first that names one, else long; the larger
 *			number-up, the smaller copies max
 *   ask, approve, charge, suggest	the first of each
 */
struct rel_verdict {
	uint8_t say;			/* enum rel_rule_say */
	struct rel_rule_ref end;	/* of allow and refuse */
	char refuse[REL_RULE_TEXT_MAX];	/* with its values; UTF-8, clean */

	struct rel_rule_change force;
	struct rel_rule_ref forced;	/* the first that did */

	struct rel_rule_ref asks;	/* name NULL: nothing is asked */
	char ask[REL_RULE_TEXT_MAX];
	struct rel_rule_change instead;	/* none: "changed" cannot be chosen */
	uint32_t ask_timeout_s;		/* 0: as long as the job is held */
	uint8_t ask_late;		/* enum rel_rule_late */

	struct rel_rule_ref approves;
	char approve[REL_RULE_NAME_MAX];	/* the group */

	struct rel_rule_ref charges;
	char charge[REL_RULE_ACCOUNT_MAX];

	struct rel_rule_ref suggests;
	char suggest[REL_RULE_NAME_MAX];	/* a device; "" the cheapest */
};

/* One rule that was looked at. Borrowed for the call, name for ever. */
struct rel_rule_look {
	const char *name;
	unsigned line;			/* of the word "rule" */
	bool matched;
	bool unknown;			/* it hung on something not known */
	/* What decided, in the words of the file: "colour-pages 24 >= 20;
	 * user anna is not \"ben\""; of titles only the pattern. UTF-8. */
	const char *why;
	/* What it did, "force mono; ask", "" when not matched; "nothing at
	 * hold" when its actions are for the other moment. */
	const char *did;
};
typedef void (*rel_rule_trace)(void *arg, const struct rel_rule_look *look);

/* What rules can do; the words of the file in their order. */
enum rel_rule_do {
	REL_RULE_DO_ALLOW, REL_RULE_DO_REFUSE, REL_RULE_DO_FORCE,
	REL_RULE_DO_APPROVE, REL_RULE_DO_ASK, REL_RULE_DO_SUGGEST,
	REL_RULE_DO_CHARGE, REL_RULE_DOS
};

/* One action that counts: not one that an earlier rule or answer left in
 * vain; but a later refusal may still take it back.  Borrowed for the call. */
struct rel_rule_act {
	size_t rule;			/* as for rel_rules_rule() */
	enum rel_rule_do what;
	const struct rel_rule_change *change;	/* of force, instead of ask */
};

/* Who looks on: look as the trace of rel_rules_run(), which takes time for its
 * words; act at each action.  Both may be NULL. */
struct rel_rule_watch {
	rel_rule_trace look;
	void (*act)(void *arg, const struct rel_rule_act *act);
	void *arg;
};

/*
 * Hold the rules against a job.  trace may be NULL; it is called for every
 * rule up to the one that ends it, in order.
 *
 * Nothing unknown ever makes a rule match: a comparison with it is neither
 * true nor false, and nor is its `not`; `and` with something false is false,
 * `or` with something true is true.
 *
 * Returns 0; -REL_E_NOMEM (out says nothing then).
 */
int rel_rules_run(const struct rel_rules *r, const struct rel_case *c,
    enum rel_rule_moment moment, struct rel_verdict *out,
    rel_rule_trace trace, void *arg);
int rel_rules_watch(const struct rel_rules *r, const struct rel_case *c,
    enum rel_rule_moment moment, struct rel_verdict *out,
    const struct rel_rule_watch *watch);

#endif
