/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PANEL_PRIV_H
#define PANEL_PRIV_H

#include "releaserd/core/policy.h"
#include "releaserd/functions.h"

/*
 * What the ops of a panel share: panel.c, panel_ask.c (questions and
 * accounts) and panel_words.c (what stopped a job, and what it costs).
 */

#define TOLD_MAX 6			/* failures told in words, each by itself */
#define ASKED_MAX 50			/* questions one after the other */

/* One request of somebody who is logged in. */
struct touch {
	struct core *c;
	const struct request *rq;
	const struct device *d;
	struct session *s;
	json_t *jobs;			/* result of each job */
	int done, failed;
	const char *first_code;		/* of what failed */
	struct told {
		char title[81], text[400];
	} told[TOLD_MAX];		/* the first that failed */
	char suggest[128];		/* a cheaper device, or "" */
	struct req_job *asked;		/* jobs with a question, owned */
	size_t nasked;
	int64_t template_id;		/* what the first that failed needs */
};

/* The job, if this person may touch it; else the problem code. */
const char *touch_job(struct touch *t, const char *id, struct job *j);

/* A job that is done; its row, borrowed, to which more may be added. */
json_t *touch_done(struct touch *t, const char *id, const char *status);

/* A problem with a job; why may be NULL, else it has the details. */
void touch_failed(struct touch *t, const struct job *j, const char *id,
    const char *code, const struct released *why);

/* Release one job, and say what became of it. */
void touch_release(struct touch *t, const struct job *held,
    const struct req_options *o);

/* {"result", "jobs", "menu"}; good: the word when all went well. */
void touch_answer(struct touch *t, struct asker *a, const char *good);

/* ---- panel_access.c */
/* Not open: answered. */
bool touch_refused(struct touch *t, struct asker *a, enum function f);
/* Jobs that are not open: black and white instead, or more is to be proven
 * first; NULL: neither. */
json_t *menu_not_open(struct touch *t);
bool menu_may(struct core *c, const struct session *s, enum function f);
/* May these options be changed? NULL, or the problem code. */
const char *touch_may_change(struct touch *t, const char *changes);
/* Nobody or not this person may be here any more: answered, the session is
 * over. */
bool panel_shut(struct touch *t, struct asker *a);

/* ---- login_backup.c, panel_backup.c: what the backup password opens */
bool session_is_backup(const struct session *s);
json_t *menu_security(struct core *c, const struct session *s,
    const struct notice *n);
void panel_security(struct touch *t, struct asker *a);

/* ---- panel_ask.c */
void panel_answered(struct touch *t, struct asker *a);
void panel_select_account(struct touch *t, struct asker *a);
/* The first of the jobs whose owner is asked; NULL when there is none. */
json_t *panel_question(struct touch *t);
/* Shared accounts and billing codes that this person may charge: {id, label, default}. */
#define ACCOUNTS_MAX 50
json_t *panel_accounts(struct core *c, const struct session *s);
/* Are there any, and does it matter who pays? */
bool panel_has_accounts(struct core *c, const struct session *s);

/* ---- panel_addresses.c */
void panel_addresses(struct touch *t, struct asker *a);
/* found: as addresses_find() says it, or NULL; n may be NULL. */
json_t *menu_addresses(struct core *c, const char *locale,
    const json_t *found, const struct notice *n);

/* ---- panel_words.c: as the person reads it */

/* "1.20 EUR", "1,20 EUR", "24 colour sides". */
void money_words(const struct core *c, const char *locale, int unit,
    int64_t amount, char *out, size_t size);

/* What stopped a job. */
void stopped_words(const struct core *c, const char *locale, const char *code,
    const struct released *why, char *out, size_t size);

/* "black and white, two-sided": what a question would change. */
void change_words(const char *locale, const struct rel_rule_change *change,
    char *out, size_t size);

/* A word of ours with this in the place of each "%". */
void fill_word(char *out, size_t size, const char *text, const char *with);

/* "What you print now is charged to Physics". */
void account_words(const char *locale, const char *name, char *out,
    size_t size);

/*
 * What somebody has left (doc/opdp.md): the amount of money as text or null,
 * and the pages, one entry for each unit that is limited.
 */
json_t *balance_text(struct core *c, const struct session *s);
json_t *quota_list(struct core *c, const struct session *s);
/* "You have 1.20 EUR left" of a balance_text(); "" for null. */
void balance_words(const char *locale, const json_t *left, char *out,
    size_t size);

#endif
