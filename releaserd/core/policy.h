/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef POLICY_H
#define POLICY_H

#include "lib/rule.h"
#include "releaserd/core/book.h"
#include "releaserd/core/charge.h"
#include "releaserd/core/store_wait.h"

/*
 * The rules, and what they say of a job when it is held and when it is
 * released (release-rules(5), doc/money.md).  Whatever a rule says is written
 * down with the job, for `explain`.
 */
int policy_init(struct core *c, struct rel_err *err);
void policy_fini(struct core *c);
struct book *policy_book(struct core *c);

/*
 * A job is being held, or its pages have just been counted: changes, account,
 * questions and approvals are written; j is as it is then.  0; -REL_E_DENIED
 * and out says why it is refused; or an error of the store.
 */
int policy_hold(struct core *c, struct job *j, struct released *out);

/*
 * May j go out as o says?  The rules may change j for this time, and say who
 * pays: ruled.  0; -REL_E_DENIED and out says why not, also when something is asked first; or
 * an error of the store.
 */
int policy_gate(struct core *c, struct job *j, const struct release_order *o,
    bool *ruled, struct released *out);

/*
 * j as a rule changes it, counted anew; nothing is written.  1 when that is
 * another job than before, 0; -REL_E_LIMIT.
 */
int policy_change(struct core *c, struct job *j,
    const struct rel_rule_change *what);

/* What these rules say of a held job at one moment, as rel_rules_try(): nothing
 * is written or changed. NULL: nobody can tell now. */
json_t *policy_try(struct core *c, const struct rel_rules *rules,
    struct job *j, enum rel_rule_moment moment);

/* ---- question.c: what waits on a job */

/* What was asked first and is not answered. 0; -REL_E_NOTFOUND. */
int question_open(struct core *c, int64_t job, enum wait_kind kind,
    struct wait *out);

/*
 * An answer: what it says happens to the job (changed, deleted, free to go).
 * w is one of question_open(), with state, by and said.  0; -REL_E_NOTHELD
 * somebody was first, or the job is gone; -REL_E_LIMIT it cannot be changed so
 * (err); or the turn is spoilt.
 */
int question_answer(struct core *c, const struct wait *w,
    struct rel_err *err);

/* What waits on a job, for the local API: {question, approval}; or null. */
json_t *question_json(struct core *c, const struct job *j);

/* A change as struct wait keeps it (its `change`), and back. */
void question_change_put(const struct rel_rule_change *c, char out[120]);
void question_change_get(struct rel_rule_change *c, const char *text);
/* Is there something that "changed" would do? */
bool question_offers_change(const struct wait *w);

/* Those whose time is over are answered as their rule says. */
void questions_tick(struct core *c);

#endif
