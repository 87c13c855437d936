/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Requests as net hands them over: panels, and a net that was taken over. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/core_whole.h"

static struct device dev;
static struct request rq;
static char sid[37], problem[40];
static json_t *got;
static int net;

static void
set(enum req_field id, const char *value)
{
	rq.f[id].set = value != NULL;
	rq.f[id].str = value;
}

static int
open_panel(void **state)
{
	if (whole_open(state) != 0)
		return -1;
	memset(&rq, 0, sizeof rq);
	whole_device(&dev);
	net = whole_peer(ROLE_NET);
	rq.route = PANEL_ACTION;
	rq.caller = CALLER_DEVICE;
	memcpy(rq.caller_id, dev.id, sizeof dev.id);
	memcpy(rq.cert_fp, dev.cert_fp, sizeof rq.cert_fp);
	memcpy(rq.locale, "en", 3);
	return 0;
}

static int
close_panel(void **state)
{
	return whole_close_asked(state, net, &got);
}
#define PANEL(name) \
	cmocka_unit_test_setup_teardown(name, open_panel, close_panel)

static int
ask(void)
{
	json_decref(got);
	return whole_ask(net, &rq, problem, &got);
}

static const char *
word_of(const char *member)
{
	const char *s = json_string_value(json_object_get(got, member));

	return s != NULL ? s : "";
}

/* anna is at the panel. */
static struct session *
log_in(void)
{
	struct user u;
	struct rel_err err;
	struct session *s;

	memset(&u, 0, sizeof u);
	u.id = 7;
	memcpy(u.key, "anna", 5);
	memcpy(u.name, "Anna", 5);
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_user_add(whole->st, &u));
	assert_int_equal(0, store_commit(whole->st, &err));
	s = session_open(whole, dev.id, &u, "card", "en");
	assert_non_null(s);
	memcpy(sid, s->id, sizeof sid);
	set(F_SESSION_ID, sid);
	return s;
}

static void
confidential(int64_t n)
{
	struct rel_err err, *e = &err;
	struct job j;

	for (int64_t i = 0; i < n; i++) {
		assert_int_equal(0, store_job_get(whole->st, whole_job(),
		    &j));
		assert_int_equal(0, store_begin(whole->st, e));
		j.id = ids_next(whole);
		snprintf(j.uuid, sizeof j.uuid, "c%lld", (long long)j.id);
		memcpy(j.title, "Secret", 7);
		assert_int_equal(0, job_pin_set(whole, &j, "", "1234", e));
		assert_int_equal(0, store_job_add(whole->st, &j));
		assert_int_equal(0, store_commit(whole->st, e));
	}
}

static int64_t
deleted(void)
{
	int64_t n;

	assert_int_equal(0, store_count_state(whole->st, JOB_DELETED, &n));
	return n;
}

UNIT(a_pin_opens_all_there_are)
{
	log_in();
	confidential(300);
	set(F_OP, "unlock");
	set(F_VALUE, "1234");
	assert_int_equal(200, ask());
	assert_string_equal("ok", word_of("result"));
	assert_int_equal(300, json_integer_value(json_object_get(got,
	    "opened")));
	set(F_OP, "list");
	assert_int_equal(200, ask());
	assert_int_equal(0, json_integer_value(json_object_get(got,
	    "locked")));
	assert_int_equal(600, json_integer_value(json_object_get(got,
	    "total")));
}

UNIT(titles_of_confidential_jobs_are_secret_before_the_pin)
{
	static const char *const ops[] = { "list", "menu" };
	char *text;

	log_in();
	confidential(2);
	for (size_t i = 0; i < 2; i++) {
		set(F_OP, ops[i]);
		assert_int_equal(200, ask());
		text = json_dumps(got, 0);
		assert_non_null(strstr(text, "Title"));
		assert_null(strstr(text, "Secret"));
		free(text);
	}
}

/* Somebody goes away: no menu of theirs stays at the panel. */
UNIT(every_menu_of_a_session_ends_it)
{
	static const char *const menus[] = { "jobs", "pin", "options" };
	static struct req_job one;
	const json_t *menu, *after;

	log_in();
	ids_job_text(one.id, whole_job());
	rq.jobs = &one;
	rq.njobs = 1;
	set(F_OP, "menu");
	for (size_t i = 0; i < sizeof menus / sizeof menus[0]; i++) {
		set(F_MENU, menus[i]);
		assert_int_equal(200, ask());
		menu = json_object_get(got, "menu");
		assert_string_equal(menus[i], json_string_value(
		    json_object_get(menu, "menu")));
		after = json_object_get(json_object_get(menu, "auto"),
		    "after_s");
		assert_int_equal(whole->role->set.panel_timeout_ms / 1000,
		    json_integer_value(after));
		assert_true(json_integer_value(after) > 0);
	}
}

/* Its data is elsewhere, with all that it says. */
UNIT(nothing_of_a_direct_job_is_offered_to_be_changed)
{
	static struct req_job one;
	struct job j;
	char *text;

	log_in();
	j = whole_row(whole_job());
	j.id = ids_next(whole);
	snprintf(j.uuid, sizeof j.uuid, "direct");
	snprintf(j.format, sizeof j.format, "%s",
	    "application/vnd.cups-release.direct");
	whole_write();
	assert_int_equal(0, store_job_add(whole->st, &j));
	whole_turns();
	ids_job_text(one.id, j.id);
	rq.jobs = &one;
	rq.njobs = 1;
	set(F_OP, "menu");
	set(F_MENU, "options");
	assert_int_equal(200, ask());
	text = json_dumps(json_object_get(got, "menu"), 0);
	assert_non_null(strstr(text, "cannot be changed here"));
	assert_null(strstr(text, "copies"));
	assert_null(strstr(text, "set-options"));
	free(text);
}

UNIT(too_many_wrong_pins_delete_all_there_are)
{
	log_in();
	confidential(300);
	whole->role->set.wrong_pin_limit = 2;
	set(F_OP, "unlock");
	set(F_VALUE, "9999");
	assert_int_equal(200, ask());
	assert_string_equal("bad-credential", word_of("reason"));
	assert_int_equal(0, deleted());
	assert_int_equal(200, ask());
	assert_string_equal("jobs-deleted", word_of("reason"));
	assert_int_equal(300, deleted());
	/* With none left a wrong PIN counts no more. */
	assert_int_equal(200, ask());
	assert_string_equal("bad-credential", word_of("reason"));
	assert_int_equal(200, ask());
	assert_string_equal("bad-credential", word_of("reason"));
}

UNIT(a_wrong_pin_that_is_sent_twice_counts_once)
{
	static const char *const ops[] = { "unlock", "login" };
	struct user u;

	log_in();
	confidential(1);
	whole->role->set.wrong_pin_limit = 9;
	set(F_VALUE, "9999");
	set(F_METHOD, "pin");
	for (int i = 0; i < 2; i++) {
		set(F_OP, ops[i]);
		rq.body_hash[0] = (uint8_t)i;
		snprintf(rq.idem_key, sizeof rq.idem_key, "r-%d", i);
		assert_int_equal(200, ask());
		assert_int_equal(200, ask());
		assert_int_equal(0, store_user_by_id(whole->st, 7, &u));
		assert_int_equal(i + 1, u.wrong_pins);
	}
}

UNIT(a_session_over_its_time_is_over_at_once)
{
	struct session *old = log_in();

	set(F_OP, "list");
	assert_int_equal(200, ask());
	old->expires_ms = rel_now_ms() - 1;
	assert_int_equal(404, ask());
	assert_string_equal("session-unknown", problem);
}

/* A browser asks again when the time is over: that is no touch. */
UNIT(a_page_that_asks_anew_ends_the_session)
{
	struct session *s = log_in();

	rq.route = PANEL_MENU;
	s->touched_ms -= whole->role->set.panel_timeout_ms + 1;
	assert_int_equal(200, ask());
	assert_string_equal("jobs", word_of("menu"));
	s->touched_ms -= whole->role->set.panel_timeout_ms - 1000;
	rq.html = true;
	assert_int_equal(200, ask());
	assert_string_equal("jobs", word_of("menu"));
	s->touched_ms -= whole->role->set.panel_timeout_ms + 1;
	assert_int_equal(200, ask());
	assert_string_equal("login", word_of("menu"));
	assert_null(session_find(whole, sid, dev.id));
}

UNIT(two_tokens_are_two_askers)
{
	log_in();
	/* The longest caller, and its neighbour. */
	memset(rq.caller_id, 'a', 64);
	rq.caller = CALLER_TOKEN;
	set(F_OP, "list");
	snprintf(rq.idem_key, sizeof rq.idem_key, "r");
	assert_int_equal(401, ask());
}

UNIT(what_stands_for_nobody_is_not_found)
{
	char text[24];

	ids_job_text(text, 12345);
	log_in();
	set(F_OP, "release");
	rq.njobs = 1;
	rq.jobs = &(struct req_job){ .id = "" };
	memcpy(rq.jobs->id, text, sizeof text);
	assert_int_equal(200, ask());
	assert_string_equal("error", word_of("result"));
	assert_string_equal("job-unknown", word_of("reason"));
	rq.jobs = NULL;
	rq.njobs = 0;
}

/* ---- what net would never send */

static void
closes(void)
{
	char b;

	assert_int_equal(-1, ask());
	assert_int_equal(0, recv(net, &b, 1, MSG_DONTWAIT));
	close(net);
	net = whole_peer(ROLE_NET);
}

UNIT(a_net_that_breaks_the_rules_loses_its_channel)
{
	static char much[300];
	struct rel_buf b;

	memset(much, 'x', sizeof much - 1);
	log_in();
	/* A field the route must have. */
	closes();
	set(F_OP, much);
	closes();
	rq.f[F_OP].str = NULL;
	rq.f[F_OP].num = 5;
	closes();
	rq.route = OPDP_REGISTER;
	closes();
	/* The local API, asked from the network. */
	rq.route = API_STATUS;
	closes();
	rq.caller = CALLER_LOCAL;
	assert_int_equal(200, ask());
	/* No request at all. */
	rel_buf_init(&b);
	rel_put_str(&b, "hello");
	whole_say(net, IPC_REQUEST, &b);
	whole_turns();
	rel_buf_fini(&b);
	assert_int_equal(0, recv(net, much, 1, MSG_DONTWAIT));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PANEL(a_pin_opens_all_there_are),
		PANEL(titles_of_confidential_jobs_are_secret_before_the_pin),
		PANEL(every_menu_of_a_session_ends_it),
		PANEL(nothing_of_a_direct_job_is_offered_to_be_changed),
		PANEL(too_many_wrong_pins_delete_all_there_are),
		PANEL(a_wrong_pin_that_is_sent_twice_counts_once),
		PANEL(a_session_over_its_time_is_over_at_once),
		PANEL(a_page_that_asks_anew_ends_the_session),
		PANEL(two_tokens_are_two_askers),
		PANEL(what_stands_for_nobody_is_not_found),
		PANEL(a_net_that_breaks_the_rules_loses_its_channel)
	};

	return cmocka_run_group_tests_name("panel", tests, NULL, NULL);
}
