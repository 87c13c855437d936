/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Questions of rules and approvals in the local API. */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/mail.h"
#include "releaserd/core/policy.h"

/* ---- what waits for me */

/* May the caller approve for this group? */
static bool
approves(struct core *c, const struct caller *who, const char *group)
{
	char key[84];

	return who->role >= WHO_OPERATOR || (who->key[0] != '\0' &&
	    rel_user_key(key, sizeof key, group, false) &&
	    store_group_has(c->st, key, who->key) == 1);
}

bool
api_approves(struct core *c, const struct caller *who, const struct job *j)
{
	struct wait w;

	return question_open(c, j->id, WAIT_APPROVAL, &w) == 0 &&
	    approves(c, who, w.group);
}

struct approver {
	const struct rel_rules *rules;
	bool found;
};

/* Do the rules let this group approve anything? */
static bool
approver_row(const struct person_group *g, void *ctx)
{
	struct approver *a = ctx;
	const char *name, *kind;
	unsigned line;
	char key[84];

	for (size_t i = 0; !a->found && (name = rel_rules_name(a->rules, i,
	    &kind, &line)) != NULL; i++)
		a->found = strcmp(kind, "approver") == 0 &&
		    rel_user_key(key, sizeof key, name, false) &&
		    strcmp(key, g->key) == 0;
	return !a->found;
}

bool
api_may_approve(struct core *c, const struct caller *who)
{
	struct approver a = { .rules = policy_book(c)->now };

	if (who->role >= WHO_OPERATOR)
		return true;
	if (a.rules != NULL && who->key[0] != '\0')
		(void)store_groups_of(c->st, who->key, approver_row, &a);
	return a.found;
}

struct waiting_rows {
	struct core *c;
	const struct caller *who;
	json_t *rows;
	int64_t last;
};

static bool
waiting_row(const struct wait *w, void *ctx)
{
	struct waiting_rows *rows = ctx;
	struct job j;

	rows->last = w->job;
	if (store_job_get(rows->c->st, w->job, &j) < 0 || j.state != JOB_HELD)
		return true;
	if (w->kind == WAIT_APPROVAL && !approves(rows->c, rows->who, w->group))
		return true;
	json_array_append_new(rows->rows, api_job_json(rows->c, &j,
	    rows->who));
	return true;
}

static void
waiting(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *kind = req_str(rq, F_KIND), *from = req_str(rq, F_AFTER);
	struct wait after = { .kind = kind != NULL && strcmp(kind,
	    "question") == 0 ? WAIT_QUESTION : WAIT_APPROVAL };
	struct waiting_rows rows = { .c = c, .who = who };
	int limit = (int)req_num(rq, F_LIMIT, 50);
	char next[24] = "";
	int n;

	if (from != NULL && from[0] != '\0' && !ids_job_parse(&after.job,
	    from)) {
		reply_field(c, a, "bad-request", "after", "after must be a "
		    "job");
		return;
	}
	rows.rows = json_array();
	if (after.kind == WAIT_QUESTION && who->login != 0)
		listen_heard(c, who->key);
	n = after.kind == WAIT_QUESTION ? store_wait_of_user(c->st, who->key,
	    &after, limit, waiting_row, &rows) : store_wait_open(c->st,
	    &after, NULL, limit, waiting_row, &rows);
	if (n < 0) {
		json_decref(rows.rows);
		reply_broken(c, a, n);
		return;
	}
	if (n == limit)
		ids_job_text(next, rows.last);
	api_answer_list(c, a, "jobs", rows.rows, next[0] != '\0' ? next :
	    NULL);
}

void
api_waiting(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, waiting);
}

/* ---- answers */

static const struct {
	const char *word;
	enum wait_kind kind;
	enum wait_state state;
} answers[] = {
	{ "as-is", WAIT_QUESTION, WAIT_YES },
	{ "changed", WAIT_QUESTION, WAIT_CHANGED },
	{ "cancel", WAIT_QUESTION, WAIT_NO },
	{ "approve", WAIT_APPROVAL, WAIT_YES },
	{ "refuse", WAIT_APPROVAL, WAIT_NO }
};

static bool
answer_parse(const char *word, enum wait_kind kind,
    enum wait_state *state)
{
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (answers[i].kind == kind && strcmp(answers[i].word,
		    word) == 0) {
			*state = answers[i].state;
			return true;
		}
	return false;
}

/* The open one of the job, if the caller may answer it; 0, or answered. */
static int
wait_of(struct core *c, struct asker *a, const struct caller *who,
    const struct job *j, struct wait *w)
{
	enum wait_kind kind = w->kind;
	int rc = question_open(c, j->id, kind, w);

	if (rc == 0 && kind == WAIT_APPROVAL && !approves(c, who, w->group)) {
		reply_problem(c, a, "forbidden", 0, "this job is approved by "
		    "%s", w->group);
		return -1;
	}
	if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, "job-not-held", 0, kind == WAIT_APPROVAL ?
		    "this job waits for no approval" :
		    "nothing is asked about this job");
	else if (rc < 0)
		reply_broken(c, a, rc);
	return rc;
}

static void
answer(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct wait w = { .kind = rq->route == API_JOB_APPROVAL ?
	    WAIT_APPROVAL : WAIT_QUESTION };
	enum wait_state state;
	struct rel_err err = { 0 };
	struct job j;
	int rc;

	if (api_job_of_path(c, rq, a, who, &j) < 0 ||
	    wait_of(c, a, who, &j, &w) < 0)
		return;
	if (!answer_parse(req_str(rq, F_ANSWER), w.kind, &state)) {
		reply_field(c, a, "bad-request", "answer", w.kind ==
		    WAIT_APPROVAL ? "answer must be approve or refuse" :
		    "answer must be as-is, changed or cancel");
		return;
	}
	w.state = state;
	snprintf(w.by, sizeof w.by, "%s", who->name);
	snprintf(w.said, sizeof w.said, "%s", req_str(rq, F_TEXT) != NULL ?
	    req_str(rq, F_TEXT) : "");
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	rc = question_answer(c, &w, &err);
	if (rc == -REL_E_NOTHELD) {
		reply_problem(c, a, "job-not-held", 0,
		    "somebody has answered already");
	} else if (rc == -REL_E_LIMIT) {
		reply_problem(c, a, "option-not-supported", 0, "%s",
		    err.text);
	} else if (rc < 0 || store_job_get(c->st, j.id, &j) < 0) {
		reply_broken(c, a, rc);
	} else {
		if (w.kind == WAIT_APPROVAL)
			api_audit(c, who, state == WAIT_NO ? "job-refused" :
			    "job-approved", req_str(rq, F_ID));
		reply_json(c, a, 200, api_job_json(c, &j, who));
	}
}

void
api_job_answer(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, answer);
}
