/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Questions of rules that are answered at a panel, and who pays. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "releaserd/core/charge.h"
#include "releaserd/core/mail.h"
#include "releaserd/core/panel_priv.h"

/* ---- questions */

/* Does something wait for the answer of this person? */
static bool
waits_for(struct touch *t, const char *id, struct job *j, struct wait *w)
{
	return touch_job(t, id, j) == NULL &&
	    question_open(t->c, j->id, WAIT_QUESTION, w) == 0;
}

json_t *
panel_question(struct touch *t)
{
	struct job *j = malloc(sizeof *j);
	json_t *menu = NULL;
	struct wait w;

	for (size_t i = 0; j != NULL && menu == NULL && i < t->nasked; i++)
		if (waits_for(t, t->asked[i].id, j, &w)) {
			mail_seen(t->c, j->id);
			menu = menu_question(t->c, t->s, j, &w,
			    t->asked + i + 1, t->nasked - i - 1);
		}
	free(j);
	return menu;
}

static bool
answer_state(const char *answer, enum wait_state *state)
{
	static const char *const words[] = {
		[WAIT_YES] = "as-is", [WAIT_CHANGED] = "changed",
		[WAIT_NO] = "cancel"
	};

	for (int i = WAIT_YES; answer != NULL && i <= WAIT_NO; i++)
		if (strcmp(words[i], answer) == 0) {
			*state = (enum wait_state)i;
			return true;
		}
	return false;
}

/* The answer was yes: the release goes on at once. */
static void
go_on(struct touch *t, int64_t id, const char *text)
{
	static const struct req_options none;
	struct job *j = malloc(sizeof *j);

	if (j != NULL && store_job_get(t->c->st, id, j) == 0)
		touch_release(t, j, &none);
	else
		touch_failed(t, NULL, text, "backend-unavailable", NULL);
	free(j);
}

/* Somebody was first, or it cannot be so: in words. */
static void
answer_failed(struct touch *t, const struct job *j, const char *id, int rc)
{
	const char *words = word(t->s->locale, "answered-already");

	touch_failed(t, j, id, rc == -REL_E_LIMIT ? "option-not-supported" :
	    rc == -REL_E_NOTHELD ? "job-not-held" : "backend-unavailable",
	    NULL);
	if (rc != -REL_E_NOTHELD)
		return;
	snprintf(t->told[0].text, sizeof t->told[0].text, "%s", words);
	json_object_set_new(json_array_get(t->jobs, 0), "text",
	    json_string(words));
}

static void
answer_job(struct touch *t, const char *id, enum wait_state state)
{
	struct job *j = malloc(sizeof *j);
	const char *code = j == NULL ? "backend-unavailable" :
	    touch_job(t, id, j);
	struct rel_err err = { 0 };
	struct wait w;
	int rc;

	if (code != NULL) {
		touch_failed(t, NULL, id, code, NULL);
		free(j);
		return;
	}
	rc = question_open(t->c, j->id, WAIT_QUESTION, &w);
	if (rc == 0) {
		w.state = state;
		snprintf(w.by, sizeof w.by, "%s", t->s->user.key);
		w.said[0] = '\0';
		rc = question_answer(t->c, &w, &err);
	}
	if (rc < 0)
		answer_failed(t, j, id, rc == -REL_E_NOTFOUND ?
		    -REL_E_NOTHELD : rc);
	else if (state != WAIT_NO)
		go_on(t, j->id, id);
	else
		touch_done(t, id, "deleted");
	free(j);
}

/* The questions that were behind this one come next. */
static void
ask_the_rest(struct touch *t)
{
	size_t n = t->rq->njobs < ASKED_MAX ? t->rq->njobs : ASKED_MAX;
	size_t had = t->nasked < ASKED_MAX ? t->nasked : ASKED_MAX;
	struct req_job *all = calloc(had + n + 1, sizeof *all);

	if (all == NULL)
		return;
	if (had > 0)
		memcpy(all, t->asked, had * sizeof *all);
	for (size_t i = 0; i < n; i++)
		snprintf(all[had + i].id, sizeof all->id, "%s",
		    t->rq->jobs[i].id);
	free(t->asked);
	t->asked = all;
	t->nasked = had + n;
}

void
panel_answered(struct touch *t, struct asker *a)
{
	const char *id = req_str(t->rq, F_JOB);
	enum wait_state state;
	struct rel_err err;

	if (id == NULL || !answer_state(req_str(t->rq, F_ANSWER), &state)) {
		reply_problem(t->c, a, "bad-request", 0, id == NULL ?
		    "job is missing" :
		    "answer must be as-is, changed or cancel");
		return;
	}
	if (core_write(t->c, &err) < 0) {
		reply_broken(t->c, a, -REL_E_PEER);
		return;
	}
	t->jobs = json_array();
	answer_job(t, id, state);
	ask_the_rest(t);
	touch_answer(t, a, state == WAIT_NO ? "not-printed" : "printing");
}

/* ---- who pays */

struct accounts {
	json_t *rows;
	const char *chosen;
};

static bool
account_row(const struct account *a, void *ctx)
{
	struct accounts *w = ctx;
	const char *name = a->name[0] != '\0' ? a->name : a->key;
	char label[65];

	snprintf(label, sizeof label, "%.*s", (int)rel_utf8_cut(name,
	    sizeof label - 1), name);
	json_array_append_new(w->rows, json_pack("{s:s,s:s,s:b}", "id",
	    a->key, "label", label, "default", strcmp(name,
	    w->chosen) == 0 || strcmp(a->key, w->chosen) == 0));
	return json_array_size(w->rows) < ACCOUNTS_MAX;
}

bool
panel_has_accounts(struct core *c, const struct session *s)
{
	json_t *all = panel_accounts(c, s);
	bool any = json_array_size(all) > 0;

	json_decref(all);
	return any;
}

json_t *
panel_accounts(struct core *c, const struct session *s)
{
	static const enum account_kind kinds[] = { ACCOUNT_SHARED,
	    ACCOUNT_CODE };
	struct accounts w = { json_array(), s->account };

	if (prices_version(c) == 0)
		return w.rows;		/* nobody pays anything */
	for (size_t i = 0; w.rows != NULL && i < 2; i++) {
		struct account_filter f = { .kind = kinds[i],
		    .unit = UNIT_MONEY, .limit = ACCOUNTS_MAX, .payer =
		    s->user.key };

		if (json_array_size(w.rows) < ACCOUNTS_MAX)
			(void)store_account_list(c->st, &f, account_row, &w);
	}
	return w.rows;
}

static void
account_refused(struct touch *t, struct asker *a, const char *name,
    const char *code)
{
	struct released why = { .code = code };
	struct notice n = { "warning", "" };

	snprintf(why.name, sizeof why.name, "%s", name);
	stopped_words(t->c, t->s->locale, code, &why, n.text, sizeof n.text);
	reply_json(t->c, a, 200, json_pack("{s:s,s:s,s:o}", "result", "denied",
	    "reason", code, "menu", menu_accounts(t->c, t->s, NULL, &n)));
}

void
panel_select_account(struct touch *t, struct asker *a)
{
	const char *name = req_str(t->rq, F_ACCOUNT_ID), *code = NULL;
	struct notice n = { "info", "" };
	struct account acc = { .key = "" };

	if (name == NULL) {
		reply_problem(t->c, a, "bad-request", 0,
		    "account_id is missing");
		return;
	}
	if (name[0] != '\0')
		code = charge_account(t->c, name, t->s->user.key, &acc);
	if (code != NULL) {
		account_refused(t, a, name, code);
		return;
	}
	snprintf(t->s->account, sizeof t->s->account, "%s", acc.name[0] !=
	    '\0' && strlen(acc.name) < sizeof acc.key ? acc.name : acc.key);
	session_keep(t->c, t->s);
	if (name[0] != '\0')
		account_words(t->s->locale, t->s->account, n.text,
		    sizeof n.text);
	reply_json(t->c, a, 200, json_pack("{s:s,s:o}", "result", "ok",
	    "menu", menu_jobs(t->c, t->s, 0, name[0] != '\0' ? &n : NULL)));
}
