/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Passwords that others check: what is said to them, and what it means. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"
#include "releaserd/agent/prove.h"

#define SET(to, text) snprintf(to, sizeof to, "%s", text)

static struct rel_buf b;

static struct prove_question
asked(const char *name, const char *password)
{
	struct prove_question q = { .kind = PROVE_NTLM, .wait_ms = 100 };

	SET(q.where, "AD");
	SET(q.name, name);
	q.password = (const uint8_t *)password;
	q.password_len = strlen(password);
	return q;
}

UNIT(a_question_travels_whole_or_not_at_all)
{
	struct prove_question q = asked("änne", "geheim"), got;

	rel_buf_reset(&b);
	prove_question_put(&b, &q);
	assert_int_equal(0, prove_question_get(&got, b.data, b.len));
	assert_string_equal("änne", got.name);
	assert_string_equal("AD", got.where);
	assert_int_equal(6, got.password_len);
	assert_int_equal(100, got.wait_ms);
	for (size_t n = 0; n < b.len; n++)
		assert_true(prove_question_get(&got, b.data, n) < 0);
	rel_put_u8(&b, 0);
	assert_true(prove_question_get(&got, b.data, b.len) < 0);
}

UNIT(what_is_no_question)
{
	static char longer[PROVE_PASSWORD_MAX + 2];
	struct prove_question all[5], got;

	memset(longer, 'x', sizeof longer - 1);
	all[0] = asked("anna", "");
	all[1] = asked("", "x");
	all[2] = asked("a\nb", "x");
	all[3] = asked("anna", longer);
	all[4] = asked("anna", "a\0b");
	all[4].password_len = 3;
	for (size_t i = 0; i < 5; i++) {
		rel_buf_reset(&b);
		prove_question_put(&b, &all[i]);
		assert_int_equal(-REL_E_FORMAT, prove_question_get(&got,
		    b.data, b.len));
	}
	all[0] = asked("anna", "x");
	all[0].kind = PROVE_KINDS;
	rel_buf_reset(&b);
	prove_question_put(&b, &all[0]);
	assert_int_equal(-REL_E_FORMAT, prove_question_get(&got, b.data,
	    b.len));
}

UNIT(an_answer_travels)
{
	struct prove_answer a = { .outcome = DIR_CLOSED }, got;

	SET(a.words, "why");
	rel_buf_reset(&b);
	prove_answer_put(&b, &a);
	assert_int_equal(0, prove_answer_get(&got, b.data, b.len));
	assert_int_equal(DIR_CLOSED, got.outcome);
	assert_string_equal("why", got.words);
	b.data[0] = DIR_OUTCOMES;
	assert_int_equal(-REL_E_FORMAT, prove_answer_get(&got, b.data, b.len));
}

UNIT(the_helper_is_told_in_base64)
{
	struct prove_question q = asked("anna", "p w\n.\nUsername: otto");

	rel_buf_reset(&b);
	assert_true(ntlm_request(&b, &q));
	rel_put_u8(&b, 0);
	assert_string_equal("NT-Domain:: QUQ=\nUsername:: YW5uYQ==\n"
	    "Password:: cCB3Ci4KVXNlcm5hbWU6IG90dG8=\n.\n", (char *)b.data);
}

UNIT(names_that_mean_more_are_not_asked_for)
{
	static const char *const names[] = { "AD\\anna", "anna@ad.example",
		"AD/anna", "AD+anna", "a:b", "a*", "a?", "\"a\"", "a|b" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct prove_question q = asked(names[i], "x");

		rel_buf_reset(&b);
		assert_false(ntlm_request(&b, &q));
		assert_int_equal(0, b.len);
	}
}

UNIT(what_the_helper_says)
{
#define NO "Authenticated: No\n.\n"
#define STATUS(code) "x\nNT_STATUS_X: words (0x0)\nNT_STATUS_Y: (" code ")\n"
	static const struct {
		enum dir_outcome outcome;
		const char *out, *log;
	} cases[] = {
		{ DIR_RIGHT, "Authenticated: Yes\n.\n", "" },
		{ DIR_RIGHT, "Authenticated: Yes\n.\n", STATUS("0x0") },
		{ DIR_WRONG, NO, "" },
		{ DIR_WRONG, NO, STATUS("0xc0000064") },
		{ DIR_WRONG, NO, STATUS("0xc000006a") },
		{ DIR_WRONG, NO, STATUS("0xc000006d") },
		{ DIR_MUST_CHANGE, NO, STATUS("0xc0000071") },
		{ DIR_MUST_CHANGE, NO, STATUS("0xc0000224") },
		{ DIR_CLOSED, NO, STATUS("0xc0000072") },
		{ DIR_CLOSED, NO, STATUS("0xc0000234") },
		{ DIR_CLOSED, NO, STATUS("0xc0000193") },
		{ DIR_AWAY, NO, STATUS("0xc000005e") },
		{ DIR_AWAY, NO, "Reading winbind reply failed! (0x01)\n" },
		{ DIR_SETTINGS, NO, STATUS("0xc0000022") },
		{ DIR_AWAY, "", "" },
		{ DIR_AWAY, "Authenticated: Yes", "" },
		{ DIR_AWAY, " Authenticated: Yes\n", "" },
		{ DIR_AWAY, "ERR\nAuthenticated: Yes\n", "" },
		{ DIR_WRONG, NO "Authenticated: Yes\n.\n", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct prove_answer a = { .outcome = DIR_RIGHT };

		ntlm_said(cases[i].out, cases[i].log, &a);
		assert_int_equal(cases[i].outcome, a.outcome);
		assert_int_equal(a.outcome == DIR_AWAY ||
		    a.outcome == DIR_SETTINGS, a.words[0] != '\0');
	}
}

UNIT(without_the_second_process_nothing_is_right)
{
	struct prove_question q = asked("anna", "x");
	struct prove_answer a;
	struct settings set;
	struct rel_err err;
	int fd;

	memset(&set, 0, sizeof set);
	assert_int_equal(0, prove_begin(&set, &fd, &err));
	assert_int_equal(-1, fd);
	prove_ask(&q, &a);
	assert_int_equal(DIR_SETTINGS, a.outcome);
	assert_non_null(strstr(a.words, "Ntlm"));
}

UNIT(the_second_process_says_what_it_may_not)
{
	struct prove_question q = asked("anna", "x");
	struct prove_answer a;
	struct settings set;
	struct rel_err err;
	int fd;

	memset(&set, 0, sizeof set);
	set.pam = 1;
	assert_int_equal(0, prove_begin(&set, &fd, &err));
	assert_true(fd >= 0);
	prove_ask(&q, &a);
	assert_int_equal(DIR_SETTINGS, a.outcome);
	assert_non_null(strstr(a.words, "Ntlm"));
	/* It dies of nothing but its socket's end. */
	q.where[0] = '\0';
	prove_ask(&q, &a);
	assert_int_equal(DIR_WRONG, a.outcome);
	prove_end();
	prove_ask(&q, &a);
	assert_int_equal(DIR_SETTINGS, a.outcome);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(a_question_travels_whole_or_not_at_all),
		UNIT_RUN(what_is_no_question),
		UNIT_RUN(an_answer_travels),
		UNIT_RUN(the_helper_is_told_in_base64),
		UNIT_RUN(names_that_mean_more_are_not_asked_for),
		UNIT_RUN(what_the_helper_says),
		UNIT_RUN(without_the_second_process_nothing_is_right),
		UNIT_RUN(the_second_process_says_what_it_may_not),
	};
	int failed;

	rel_buf_init(&b);
	failed = cmocka_run_group_tests_name("prove", tests, NULL, NULL);
	rel_buf_fini(&b);
	return failed;
}
