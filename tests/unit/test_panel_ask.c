/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Prices, questions and accounts at a panel. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/panel_priv.h"
#include "tests/unit/core_whole.h"

static struct device here, there;
static struct request rq;
static char problem[40];
static json_t *got;
static int net;
static struct session *sessions[2];

static void
set(enum req_field id, const char *value)
{
	rq.f[id].set = value != NULL;
	rq.f[id].str = value;
}

/* anna is at both panels. */
static int
open_panels(void **state)
{
	struct rel_err err;
	struct user u;

	if (whole_open(state) != 0)
		return -1;
	memset(&rq, 0, sizeof rq);
	memset(&u, 0, sizeof u);
	whole_device(&here);
	whole_device(&there);
	net = whole_peer(ROLE_NET);
	u.id = 7;
	memcpy(u.key, "anna", 5);
	memcpy(u.name, "Anna", 5);
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_user_add(whole->st, &u));
	assert_int_equal(0, store_commit(whole->st, &err));
	sessions[0] = session_open(whole, here.id, &u, "card", "en");
	sessions[1] = session_open(whole, there.id, &u, "card", "de");
	assert_non_null(sessions[1]);
	rq.route = PANEL_ACTION;
	rq.caller = CALLER_DEVICE;
	memcpy(rq.cert_fp, here.cert_fp, sizeof rq.cert_fp);
	memcpy(rq.locale, "en", 3);
	return 0;
}

static int
close_panels(void **state)
{
	return whole_close_asked(state, net, &got);
}
#define PANELS(name) \
	cmocka_unit_test_setup_teardown(name, open_panels, close_panels)

static int
ask(int panel, const char *op)
{
	const struct device *d = panel == 0 ? &here : &there;

	memcpy(rq.caller_id, d->id, sizeof d->id);
	set(F_SESSION_ID, sessions[panel]->id);
	set(F_OP, op);
	json_decref(got);
	return whole_ask(net, &rq, problem, &got);
}

static const char *
text_at(const json_t *o, const char *member)
{
	const char *s = json_string_value(json_object_get(o, member));

	return s != NULL ? s : "";
}

static const json_t *
job_at(size_t i)
{
	return json_array_get(json_object_get(got, "jobs"), i);
}

static void
answer(const char *job, const char *what)
{
	set(F_JOB, job);
	set(F_ANSWER, what);
}

UNIT(each_panel_has_its_own_price)
{
	char list[400];

	(void)whole_counted(3);
	assert_int_equal(200, ask(0, "list"));
	assert_true(json_is_null(json_object_get(job_at(0), "cost_micro")));
	snprintf(list, sizeof list, "mono 0.10\ncolour 0.10\ndevice \"%s\"\n"
	    "mono 1.00\ncolour 1.00\n", there.name);
	whole_book(prices_book(whole), list);
	/* Asked in turn, so that none gets the list of the other. */
	for (int i = 0; i < 4; i++) {
		assert_int_equal(200, ask(i % 2, "list"));
		assert_int_equal(i % 2 == 0 ? 600000 : 6000000,
		    json_integer_value(json_object_get(job_at(0),
		    "cost_micro")));
		assert_string_equal("EUR", text_at(job_at(0), "currency"));
	}
	whole_book(prices_book(whole), "mono 0.20\ncolour 0.20\n");
	assert_int_equal(200, ask(1, "list"));
	assert_int_equal(1200000, json_integer_value(json_object_get(
	    job_at(0), "cost_micro")));
}

/* Everything that is held is asked about. */
static void
questions(char id[24], int jobs)
{
	whole_book(policy_book(whole), "rule \"q\"\n ask \"Really?\" on release\n");
	while (jobs-- > 0)
		ids_job_text(id, whole_counted(3));
}

UNIT(a_question_is_answered_once)
{
	char id[24];

	questions(id, 1);
	rq.all_jobs = true;
	assert_int_equal(200, ask(0, "release"));
	assert_string_equal("question", text_at(got, "result"));
	assert_string_equal("question-waits", text_at(job_at(0), "code"));
	assert_int_equal(200, ask(1, "release"));
	assert_string_equal("question", text_at(got, "result"));
	rq.all_jobs = false;
	answer(id, "as-is");
	assert_int_equal(200, ask(0, "answer"));
	assert_string_equal("ok", text_at(got, "result"));
	assert_string_equal("accepted", text_at(job_at(0), "status"));
	assert_int_equal(200, ask(1, "answer"));
	assert_string_equal("error", text_at(got, "result"));
	assert_string_equal("job-not-held", text_at(job_at(0), "code"));
	assert_string_not_equal("", text_at(job_at(0), "text"));
}

UNIT(nobody_else_answers_and_nothing_odd_counts)
{
	static const char *const odd[] = { "yes", "AS-IS", "as-is ", "approve" };
	char id[24];

	questions(id, 1);
	rq.all_jobs = true;
	assert_int_equal(200, ask(0, "release"));
	rq.all_jobs = false;
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		answer(id, odd[i]);
		assert_int_equal(400, ask(0, "answer"));
		assert_string_equal("bad-request", problem);
	}
	answer("j-0000000000001", "as-is");
	assert_int_equal(200, ask(0, "answer"));
	assert_string_equal("job-unknown", text_at(job_at(0), "code"));
	snprintf(sessions[1]->user.key, sizeof sessions[1]->user.key, "eve");
	answer(id, "as-is");
	assert_int_equal(200, ask(1, "answer"));
	assert_string_equal("job-unknown", text_at(job_at(0), "code"));
	assert_int_equal(200, ask(0, "answer"));
	assert_string_equal("accepted", text_at(job_at(0), "status"));
}

UNIT(many_questions_are_bounded)
{
	const json_t *items, *rest;
	char id[24];

	questions(id, 3 * ASKED_MAX);
	rq.all_jobs = true;
	assert_int_equal(200, ask(0, "release"));
	assert_int_equal(3 * ASKED_MAX, json_array_size(json_object_get(got,
	    "jobs")));
	items = json_object_get(json_object_get(got, "menu"), "items");
	rest = json_object_get(json_object_get(json_array_get(items, 0),
	    "action"), "jobs");
	assert_int_equal(ASKED_MAX - 1, json_array_size(rest));
}

UNIT(words_fit_whatever_comes)
{
	struct released why = { .unit = UNIT_MONEY, .need = INT64_MAX,
	    .left = INT64_MIN };
	static const char *const codes[] = { "quota-exceeded",
	    "refused-by-rule", "approval-needed", "account-closed",
	    "account-info-needed", "what-is-this" };
	char out[40];

	memset(why.name, '%', sizeof why.name - 1);
	memset(why.text, 'x', sizeof why.text - 1);
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		memset(out, 'z', sizeof out);
		stopped_words(whole, "de", codes[i], &why, out, sizeof out);
		assert_non_null(memchr(out, '\0', sizeof out));
		stopped_words(whole, "en", codes[i], NULL, out, sizeof out);
		assert_non_null(memchr(out, '\0', sizeof out));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PANELS(each_panel_has_its_own_price),
		PANELS(a_question_is_answered_once),
		PANELS(nobody_else_answers_and_nothing_odd_counts),
		PANELS(many_questions_are_bounded),
		PANELS(words_fit_whatever_comes)
	};

	return cmocka_run_group_tests_name("panel_ask", tests, NULL, NULL);
}
