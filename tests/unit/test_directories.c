/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Which directory somebody belongs to, and what core asks agents of it. */
#include "tests/unit/core_whole.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/directories.h"

#define SETTINGS "Servers a.example.com b.example.com\nTls none\n" \
	"BindName cn=r,dc=example,dc=com\nUserBase dc=example,dc=com\n"

static int agents[2];
static struct rel_frame heard;
static int said_outcome, said_times;

static void
on_said(struct core *c, const struct dir_said *said, void *ctx)
{
	(void)c;
	(void)ctx;
	said_outcome = said != NULL ? said->outcome : -1;
	said_times++;
}

static void
enter(int64_t id, const char *name, const char *more)
{
	char text[400];

	snprintf(text, sizeof text, SETTINGS "%s", more);
	whole_directory(id, name, text);
}

static int
begin(void **state)
{
	if (whole_open(state) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++)
		agents[i] = whole_peer(ROLE_AGENT);
	said_outcome = said_times = 0;
	enter(1, "school", "Domain school.example.com\n");
	enter(2, "office", "Domain Example.NET\nBareNames no\n");
	return 0;
}

static int
end(void **state)
{
	for (size_t i = 0; i < 2; i++)
		close(agents[i]);
	return whole_close(state);
}
#define KNOWN(name) cmocka_unit_test_setup_teardown(name, begin, end)

UNIT(each_name_belongs_to_one_directory)
{
	static const struct {
		const char *typed, *domain;
		int64_t known, id;	/* id 0: to none */
		const char *name;
	} t[] = {
		{ "anna", "", -1, 1, "anna" },
		{ "anna", "", 0, 0, NULL },
		{ "anna", "", 2, 2, "anna" },
		{ "anna", "", 77, 0, NULL },
		{ "anna", "(Local)", 1, 0, NULL },
		{ "anna", "example.net", -1, 2, "anna" },
		{ "anna", "example.net", 0, 2, "anna" },
		{ "anna", "nowhere.example", -1, 0, NULL },
		{ "anna@EXAMPLE.net", "", 0, 2, "anna" },
		{ "anna@nowhere", "", -1, 1, "anna@nowhere" },
		{ "a@b@example.net", "", -1, 2, "a@b" },
		{ "EXAMPLE\\anna", "", -1, 2, "anna" },
		{ "SCHOOL\\anna", "", 0, 1, "anna" },
		{ "exam\\anna", "", -1, 1, "exam\\anna" },
		{ "\\anna", "", -1, 1, "\\anna" },
		{ "EXAMPLE\\", "", -1, 0, NULL },
		{ "@example.net", "", -1, 0, NULL }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		char name[256] = "";
		int64_t id = 0;
		int rc = directories_route(whole, t[i].typed, t[i].domain,
		    t[i].known, &id, name);

		if (rc != (t[i].id != 0) || (rc == 1 && (id != t[i].id ||
		    strcmp(name, t[i].name) != 0)))
			fail_msg("%s at \"%s\" (%lld): %d, %lld \"%s\"",
			    t[i].typed, t[i].domain, (long long)t[i].known,
			    rc, (long long)id, name);
	}
}

/* The question an agent has: the server it begins with, or -1 for none. */
static int
asked_first(int agent)
{
	struct dir_login m;

	if (!whole_heard(agent, &heard))
		return -1;
	assert_int_equal(IPC_DIR_LOGIN, heard.type);
	assert_int_equal(0, dir_login_get(&m, heard.body, heard.len));
	assert_string_equal("anna", m.name);
	assert_int_equal(4, m.password_len);
	assert_memory_equal("4711", m.password, 4);
	return m.at.first;
}

static void
answer(int agent, enum dir_outcome outcome, uint8_t dead, uint8_t server)
{
	static struct dir_said said;
	struct rel_frame fr = { .type = IPC_DIR_SAID, .id = heard.id };
	struct rel_err err;
	struct rel_buf b;

	memset(&said, 0, sizeof said);
	said.outcome = (uint8_t)outcome;
	said.dead = dead;
	said.server = server;
	rel_buf_init(&b);
	dir_said_put(&b, &said);
	fr.body = b.data;
	fr.len = b.len;
	assert_int_equal(0, rel_frame_send(agent, &fr, 1000, &err));
	rel_buf_fini(&b);
	whole_turns();
}

static void
log_in(void)
{
	assert_int_equal(0, directory_login(whole, 1, "anna", "4711", on_said,
	    NULL));
	whole_turns();
}

static int
who_is_asked(void)
{
	for (int i = 0; i < 2; i++) {
		int first = asked_first(agents[i]);

		if (first >= 0)
			return 10 * i + first;
	}
	return -1;
}

/* Questions that wait at both together: who has them, how many. */
static int
all_asked(int *agent)
{
	int n[2] = { 0, 0 };

	for (int i = 0; i < 2; i++)
		while (asked_first(agents[i]) >= 0)
			n[i]++;
	assert_true(n[0] == 0 || n[1] == 0);
	*agent = n[1] > 0;
	return n[0] + n[1];
}

UNIT(one_agent_is_left_for_other_work)
{
	int agent, other;

	for (int i = 0; i < 34; i++)
		log_in();
	assert_int_equal(32, all_asked(&agent));
	answer(agents[agent], DIR_RIGHT, 0, 0);
	assert_int_equal(1, said_times);
	assert_int_equal(DIR_RIGHT, said_outcome);
	assert_int_equal(1, all_asked(&other));
	assert_int_equal(agent, other);
	answer(agents[agent], DIR_WRONG, 0, 0);
	assert_int_equal(DIR_WRONG, said_outcome);
	assert_int_equal(1, all_asked(&other));
}

/* Else whoever stands between could choose what holds while it is away. */
UNIT(a_refused_certificate_is_not_away_and_is_remembered)
{
	int at;

	log_in();
	at = who_is_asked();
	answer(agents[at / 10], DIR_TLS, 3, DIR_NO_SERVER);
	assert_int_equal(DIR_TLS, said_outcome);
	log_in();			/* hears it without asking */
	assert_int_equal(2, said_times);
	assert_int_equal(DIR_TLS, said_outcome);
	assert_int_equal(-1, who_is_asked());
	assert_false(directories_away(whole, 1));
}

UNIT(while_it_is_away_it_is_asked_again_by_and_by)
{
	int at;

	assert_false(directories_away(whole, 1));
	log_in();
	at = who_is_asked();
	answer(agents[at / 10], DIR_AWAY, 3, DIR_NO_SERVER);
	assert_true(directories_away(whole, 1));
	whole_turns();
	at = whole_heard(agents[0], &heard) != 0 ? 0 : 1;
	if (at == 1)			/* the question that tries it */
		assert_int_equal(1, whole_heard(agents[1], &heard));
	assert_int_equal(IPC_DIR_TEST, heard.type);
	assert_true(directories_away(whole, 1));
	answer(agents[at], DIR_RIGHT, 0, 0);
	assert_false(directories_away(whole, 1));
	whole_turns();
	assert_int_equal(-1, who_is_asked());
	assert_false(directories_away(whole, 99));
}

UNIT(a_dead_server_is_asked_last_and_all_dead_ones_by_nobody)
{
	int at;

	log_in();
	at = who_is_asked();
	assert_int_equal(0, at % 10);
	answer(agents[at / 10], DIR_RIGHT, 1, 1);
	assert_true(directories_dead_s(whole, 1, 0) > 0);
	assert_int_equal(0, directories_dead_s(whole, 1, 1));
	log_in();
	at = who_is_asked();
	assert_int_equal(1, at % 10);
	answer(agents[at / 10], DIR_AWAY, 3, DIR_NO_SERVER);
	assert_int_equal(2, said_times);
	log_in();			/* hears it without asking */
	assert_int_equal(3, said_times);
	assert_int_equal(DIR_AWAY, said_outcome);
	assert_int_equal(-1, who_is_asked());
	/* New settings: all is forgotten. */
	enter(1, "school", "Domain school.example.com\nDeadTime 5s\n");
	log_in();
	at = who_is_asked();
	assert_int_equal(0, at % 10);
	answer(agents[at / 10], DIR_RIGHT, 0, 0);
}

UNIT(one_question_finds_out_whether_a_server_is_back)
{
	int at;

	enter(1, "school", "Domain school.example.com\nDeadTime 1s\n");
	log_in();
	at = who_is_asked();
	answer(agents[at / 10], DIR_RIGHT, 1, 1);
	usleep(550000);
	usleep(550000);
	log_in();
	at = who_is_asked();
	assert_int_equal(0, at % 10);
	log_in();			/* does not wait with it */
	assert_int_equal(1, who_is_asked() % 10);
	answer(agents[at / 10], DIR_RIGHT, 0, 1);
	assert_true(directories_dead_s(whole, 1, 0) > 0);
	heard.id--;
	answer(agents[at / 10], DIR_RIGHT, 0, 0);
	assert_int_equal(0, directories_dead_s(whole, 1, 0));
	assert_int_equal(3, said_times);
}

UNIT(a_directory_that_goes_ends_its_questions)
{
	int at;

	log_in();
	at = who_is_asked();
	assert_true(at >= 0);
	whole_write();
	assert_int_equal(0, store_directory_del(whole->st, 1));
	directories_changed(whole);
	whole_turns();
	answer(agents[at / 10], DIR_RIGHT, 0, 0);
	assert_int_equal(1, said_times);
	assert_int_equal(-1, said_outcome);
	assert_null(directories_named(whole, "school"));
	assert_non_null(directories_named(whole, "OFFICE"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KNOWN(each_name_belongs_to_one_directory),
		KNOWN(one_agent_is_left_for_other_work),
		KNOWN(a_refused_certificate_is_not_away_and_is_remembered),
		KNOWN(while_it_is_away_it_is_asked_again_by_and_by),
		KNOWN(a_dead_server_is_asked_last_and_all_dead_ones_by_nobody),
		KNOWN(one_question_finds_out_whether_a_server_is_back),
		KNOWN(a_directory_that_goes_ends_its_questions)
	};

	return cmocka_run_group_tests_name("directories", tests, NULL, NULL);
}
