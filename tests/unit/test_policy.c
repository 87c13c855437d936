/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What rules do to a job, and what waits on it. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/policy.h"
#include "releaserd/core/store_priv.h"
#include "tests/unit/core_whole.h"

static struct device dev;

static int
begin(void **state)
{
	if (whole_open(state) < 0)
		return -1;
	whole_device(&dev);
	return 0;
}
#define RULED(name) cmocka_unit_test_setup_teardown(name, begin, whole_close)

static void
rules(const char *text)
{
	whole_book(policy_book(whole), text);
}

/* A PDF of five sides with a title, held; and the rules have seen it. */
static int64_t
held(const char *title, struct released *said)
{
	int64_t id = whole_counted(5);
	struct rel_facts f;
	struct job j;
	int rc;

	rel_facts_init(&f);
	snprintf(f.language, sizeof f.language, "pdf");
	f.pages_sure = f.colour_sure = REL_SURE_EXACT;
	f.input_pages = f.sides = f.sheets = 5;
	f.colour_sides = 1;
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	snprintf(j.title, sizeof j.title, "%s", title);
	snprintf(j.format, sizeof j.format, "application/pdf");
	whole_write();
	pages_count(&j, &f, false);
	assert_int_equal(0, pages_store(whole, &j, &f));
	assert_int_equal(1, store_exec(whole->st, "UPDATE job SET format=?"
	    " WHERE id=?", "ti", j.format, id));
	memset(said, 0, sizeof *said);
	rc = policy_hold(whole, &j, said);
	assert_true(rc == 0 || rc == -REL_E_DENIED);
	whole_turns();
	return id;
}

/* One event of the job holds these words. */
struct sought {
	const char *kind, *words;
	bool found;
};

static bool
event_row(int64_t at_ms, const char *kind, const char *text, void *ctx)
{
	struct sought *s = ctx;

	(void)at_ms;
	s->found = s->found || (strcmp(kind, s->kind) == 0 &&
	    strstr(text, s->words) != NULL);
	return true;
}

static bool
told(int64_t id, const char *kind, const char *words)
{
	struct sought s = { kind, words, false };

	assert_true(store_event_list(whole->st, id, event_row, &s) >= 0);
	return s.found;
}

static int
answer(int64_t id, enum wait_kind kind, enum wait_state state)
{
	struct rel_err err = { 0 };
	struct wait w;
	int rc = question_open(whole, id, kind, &w);

	if (rc < 0)
		return rc;
	w.state = state;
	snprintf(w.by, sizeof w.by, "anna");
	whole_write();
	rc = question_answer(whole, &w, &err);
	whole_turns();
	return rc;
}

UNIT(no_rules_say_nothing)
{
	struct released said;
	int64_t id = held("x", &said);

	assert_null(said.code);
	assert_int_equal(JOB_HELD, whole_state(id));
}

UNIT(refused_in_the_words_of_the_rule)
{
	struct released said;
	int64_t id;

	rules("rule \"Secrets\"\n when title \"*secret*\"\n"
	    " refuse \"{user} prints no secrets\"\n");
	id = held("My SECRET plan", &said);
	assert_string_equal("refused-by-rule", said.code);
	assert_string_equal("anna prints no secrets", said.text);
	assert_true(told(id, "rule", "\"Secrets\" (line 1 of version 1)"));
	/* Titles are nobody's business: only the pattern is told. */
	assert_false(told(id, "rule", "My SECRET plan"));
}

/* A job with these options and this title; the facts say the rest. */
static int64_t
made_with(const char *options, const char *title,
    const struct rel_application *app)
{
	int64_t id = whole_counted(2);
	struct released said = { .code = NULL };
	struct rel_facts f;
	struct job j;

	rel_facts_init(&f);
	f.pages_sure = REL_SURE_EXACT;
	f.input_pages = f.sides = f.sheets = 2;
	f.app = *app;
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	snprintf(j.title, sizeof j.title, "%s", title);
	snprintf(j.options, sizeof j.options, "%s", options);
	whole_write();
	assert_int_equal(0, pages_store(whole, &j, &f));
	assert_int_equal(0, policy_hold(whole, &j, &said));
	whole_turns();
	return id;
}

static void
application_is(int64_t id, const char *name, const char *from)
{
	struct rel_facts f;
	struct job j;
	json_t *o;

	assert_int_equal(0, store_job_get(whole->st, id, &j));
	o = pages_application_json(&j);
	assert_string_equal(name, json_string_value(json_object_get(o,
	    "name")));
	assert_string_equal(from, json_string_value(json_object_get(o,
	    "source")));
	json_decref(o);
	/* The facts that are kept do not say it a second time. */
	assert_int_equal(0, store_job_facts(whole->st, id, &f));
	assert_string_equal("", f.app.name);
	assert_string_equal("", f.app.producer);
}

UNIT(the_application_is_what_the_document_says)
{
	struct rel_application app = { .name = "Writer", .producer =
	    "LibreOffice 7.4", .from = REL_APP_PDF_INFO };
	static const char mac[] = "PageSize=A4 com.apple.print.JobInfo."
	    "PMApplicationName=Google\\ Chrome com.apple.print.JobInfo."
	    "PMJobName=x";
	int64_t id;

	rules("rule \"Drafts\" when application \"LibreOffice*\", \"*Chrome*\","
	    " \"*Word\" charge \"Office\"\n");
	id = made_with(mac, "Microsoft Word - x", &app);
	application_is(id, "Writer", "pdf-info");
	assert_true(told(id, "rule", "application LibreOffice 7.4 is "
	    "\"LibreOffice*\""));
	memset(&app, 0, sizeof app);
	id = made_with(mac, "Microsoft Word - x", &app);
	application_is(id, "Google Chrome", "client");
	assert_true(told(id, "rule", "application Google Chrome is"));
	id = made_with("", "Microsoft Word - x", &app);
	application_is(id, "Microsoft Word", "title");
	assert_true(told(id, "rule", "application Microsoft Word is"));
	id = made_with("", "salary", &app);
	/* A rule that hangs on it says that nobody knows. */
	assert_true(told(id, "rule", "application unknown"));
}

UNIT(what_is_forced_changes_the_job)
{
	struct released said;
	int64_t id;
	struct job j;

	rules("rule \"a\"\n when pages > 4\n force duplex\n"
	    "rule \"b\"\n when copies > 1\n force copies max 1\n");
	id = held("x", &said);
	j = whole_row(id);
	assert_int_equal(3, j.count.sheets);
	assert_int_equal(1, j.copies);
	assert_true(told(id, "options", "changed by the rules"));
	/* Nothing is forced twice. */
	whole_write();
	assert_int_equal(0, policy_hold(whole, &j, &said));
	whole_turns();
	assert_int_equal(1, whole_row(id).copies);
}

UNIT(a_question_waits_until_it_is_answered)
{
	struct released said;
	struct wait w;
	int64_t id;

	rules("rule \"q\"\n when pages > 4\n"
	    " ask \"{pages} pages?\" instead duplex\n");
	id = held("x", &said);
	assert_int_equal(0, question_open(whole, id, WAIT_QUESTION, &w));
	assert_string_equal("5 pages?", w.text);
	assert_int_equal(0, w.due_ms);
	assert_int_equal(-REL_E_DENIED, whole_release(id, &dev));
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
	assert_int_equal(0, answer(id, WAIT_QUESTION, WAIT_CHANGED));
	assert_int_equal(3, whole_row(id).count.sheets);
	/* The first answer counts, and it is not asked again. */
	assert_int_equal(-REL_E_NOTFOUND, answer(id, WAIT_QUESTION, WAIT_YES));
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
}

UNIT(two_who_answer_at_once)
{
	struct rel_err err = { 0 };
	struct released said;
	struct wait first, second;
	int64_t id;

	rules("rule \"q\"\n when pages > 4\n ask \"Really?\"\n");
	id = held("x", &said);
	assert_int_equal(0, question_open(whole, id, WAIT_QUESTION, &first));
	second = first;
	first.state = WAIT_YES;
	second.state = WAIT_NO;
	whole_write();
	assert_int_equal(0, question_answer(whole, &first, &err));
	assert_int_equal(-REL_E_NOTHELD, question_answer(whole, &second,
	    &err));
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
}

/* What becomes of a job nobody answers for. */
UNIT(no_answer_in_time)
{
	static const struct {
		const char *late;
		enum job_state state;
		int64_t sheets;
	} cases[] = {
		{ "cancel", JOB_DELETED, 5 }, { "as-is", JOB_HELD, 5 },
		{ "changed", JOB_HELD, 3 }
	};
	char text[200];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct released said;
		struct wait w;
		int64_t id;

		snprintf(text, sizeof text, "rule \"q\"\n when pages > 4\n"
		    " ask \"Really?\" instead duplex timeout 1m %s\n",
		    cases[i].late);
		rules(text);
		id = held("x", &said);
		assert_int_equal(0, question_open(whole, id, WAIT_QUESTION,
		    &w));
		assert_true(w.due_ms > w.asked_ms);
		questions_tick(whole);
		whole_turns();
		assert_int_equal(0, question_open(whole, id, WAIT_QUESTION,
		    &w));
		whole_write();
		assert_int_equal(1, store_exec(whole->st,
		    "UPDATE wait SET due_ms=1 WHERE state=0", ""));
		questions_tick(whole);
		whole_turns();
		assert_int_equal(cases[i].state, whole_state(id));
		assert_int_equal(cases[i].sheets, whole_row(id).count.sheets);
		assert_true(told(id, "answered", "nobody in time"));
	}
}

UNIT(approved_or_not)
{
	struct released said;
	int64_t yes, no;

	rules("rule \"a\"\n when title \"p*\"\n approve by \"Teachers\"\n");
	yes = held("poster", &said);
	no = held("plan", &said);
	assert_int_equal(-REL_E_DENIED, whole_release(yes, &dev));
	whole_turns();
	assert_int_equal(0, answer(yes, WAIT_APPROVAL, WAIT_YES));
	assert_int_equal(0, whole_release(yes, &dev));
	whole_turns();
	assert_int_equal(0, answer(no, WAIT_APPROVAL, WAIT_NO));
	assert_int_equal(JOB_REFUSED, whole_state(no));
	assert_true(told(no, "refused", "not approved by anna"));
}

UNIT(a_rule_about_the_device)
{
	struct release_order o = { .device = &dev, .by = "anna" };
	struct released said;
	struct job j;
	char text[300];
	int64_t id;

	snprintf(text, sizeof text, "rule \"d\"\n when device \"%s\"\n"
	    " refuse \"Not here.\" on release\n"
	    "rule \"e\"\n when device \"%s\"\n refuse \"never seen\"\n",
	    dev.name, dev.name);
	rules(text);
	id = held("x", &said);
	assert_null(said.code);		/* nobody has chosen a device yet */
	j = whole_row(id);
	whole_write();
	assert_int_equal(-REL_E_DENIED, release_job(whole, &j, &o, &said));
	assert_string_equal("Not here.", said.text);
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
}

UNIT(what_nobody_knows_matches_nothing)
{
	struct released said;
	struct job j;
	int64_t id = whole_job();

	rules("rule \"p\"\n when pages > 0\n refuse \"no\"\n");
	j = whole_row(id);
	whole_write();
	assert_int_equal(0, policy_hold(whole, &j, &said));
	whole_turns();
	assert_true(told(id, "rule", "left out"));
}

UNIT(rules_outlive_a_restart)
{
	struct released said;

	rules("rule \"r\"\n when pages > 1\n refuse \"no\"\n");
	whole_restart();
	(void)held("x", &said);
	assert_string_equal("refused-by-rule", said.code);
}

static const struct CMUnitTest tests[] = {
	RULED(no_rules_say_nothing),
	RULED(refused_in_the_words_of_the_rule),
		RULED(the_application_is_what_the_document_says),
	RULED(what_is_forced_changes_the_job),
	RULED(a_question_waits_until_it_is_answered),
	RULED(two_who_answer_at_once),
	RULED(no_answer_in_time),
	RULED(approved_or_not),
	RULED(a_rule_about_the_device),
	RULED(what_nobody_knows_matches_nothing),
	RULED(rules_outlive_a_restart),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
