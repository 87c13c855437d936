/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The backup password: which may be one, to whom it is open, and lock-outs. */
#include "tests/unit/core_whole.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/backup.h"
#include "releaserd/core/store_backup.h"

UNIT(which_may_be_one)
{
	static const struct {
		const char *password;
		bool good;
	} t[] = {
		{ "abcde-1", false }, { "abcdef-1", true },
		{ "abcdefgh", false }, { "abcdefg1", false },
		{ "abcdefg-", false }, { "1234567-", false },
		{ "1234567a", false }, { "        a1", true },
		{ "\303\244\303\266\303\274\303\237\303\244-1", false },
		{ "\303\244\303\266\303\274\303\237\303\244\303\266-1", true },
		{ "", false }
	};
	char longest[4 * BACKUP_MAX + 8];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		if ((backup_password_bad(t[i].password) == NULL) != t[i].good)
			fail_msg("%s", t[i].password);
	memset(longest, 'a', sizeof longest);
	memcpy(longest, "1-", 2);
	longest[BACKUP_MAX] = '\0';
	assert_null(backup_password_bad(longest));
	longest[BACKUP_MAX] = 'a';
	longest[BACKUP_MAX + 1] = '\0';
	assert_non_null(backup_password_bad(longest));
	/* Characters count, not bytes. */
	snprintf(longest, sizeof longest, "1-");
	for (size_t i = 0; i < BACKUP_MAX - 2; i++)
		memcpy(longest + 2 + 2 * i, "\303\244", 3);
	assert_null(backup_password_bad(longest));
}

static const struct request at_page = { .caller = CALLER_LOCAL,
    .cups_cert = "0123" }, at_host = { .caller = CALLER_LOCAL },
    at_https = { .caller = CALLER_USER };

UNIT(to_whom_it_is_open)
{
	const struct caller anna = { .key = "anna" }, bert = { .key = "bert" },
	    nobody = { .key = "" }, token = { .key = "anna", .login = 7 };
	char place[96];

	backup_place(place, &at_page, &anna);
	assert_string_equal("w:anna", place);
	assert_int_equal(0, backup_open(whole, place));
	assert_true(backup_is_open(whole, &at_page, &anna));
	assert_false(backup_is_open(whole, &at_host, &anna));
	assert_false(backup_is_open(whole, &at_page, &bert));
	assert_false(backup_is_open(whole, &at_https, &token));
	assert_true(backup_until_ms(whole, &at_page, &anna) > rel_now_ms());
	assert_int_equal(0, backup_until_ms(whole, &at_page, &bert));
	backup_place(place, &at_page, &nobody);
	assert_string_equal("", place);
	assert_false(backup_is_open(whole, &at_page, &nobody));
	backup_place(place, &at_https, &token);
	assert_string_equal("", place);
	backup_close(whole, &at_page, &anna);
	assert_false(backup_is_open(whole, &at_page, &anna));
}

/* As if so much time had passed, by shorter time-outs. */
UNIT(it_closes_by_itself)
{
	const struct caller anna = { .key = "anna" };

	assert_int_equal(0, backup_open(whole, "w:anna"));
	whole->role->set.web_timeout_ms = 0;
	assert_false(backup_is_open(whole, &at_page, &anna));
	whole->role->set.web_timeout_ms = 600000;
	assert_false(backup_is_open(whole, &at_page, &anna));
	assert_int_equal(0, backup_open(whole, "w:anna"));
	whole->role->set.session_max_ms = 0;
	assert_false(backup_is_open(whole, &at_page, &anna));
}

UNIT(many_at_once_have_an_end)
{
	char place[96];
	int n = 0;

	for (int i = 0; i < 100; i++) {
		snprintf(place, sizeof place, "w:u%d", i);
		if (backup_open(whole, place) == 0)
			n++;
	}
	assert_in_range(n, 1, 99);
	/* Who has it has it, and again. */
	assert_int_equal(0, backup_open(whole, "w:u0"));
	backup_close_all(whole);
	assert_int_equal(0, backup_open(whole, "w:u99"));
}

UNIT(settings_it_opens_are_there)
{
	static const char *const not[] = { "AdminGroup", "CoreUser", "Jail",
	    "KeyFile", "MailAdministrators", "SpoolDir", "Currency" };
	unsigned n = 0;

	for (size_t i = 0; i < settings_table.n; i++)
		n += backup_setting(i);
	assert_int_equal(15, n);	/* as many as it names */
	for (size_t i = 0; i < sizeof not / sizeof not[0]; i++)
		assert_false(backup_setting((size_t)settings_find(not[i])));
}

/* Wrong tries until it is locked. */
static int
tries(const char *subject)
{
	int n = 0;

	while (lockout_state(whole, subject) == 0 && n < 1000) {
		assert_int_equal(0, lockout_failed(whole, subject));
		n++;
	}
	whole_turns();
	return n;
}

UNIT(how_many_tries_there_are)
{
	static const struct {
		const char *subject;
		int tries;
		int64_t most_s, least_s;
	} t[] = {
		{ "u:anna", 4, 300, 290 }, { "d:dev", 4, 300, 290 },
		{ "p:dev", 40, 300, 290 }, { "h:192.0.2.1", 40, 300, 290 },
		{ "a:192.0.2.1", 5, 3600, 3590 },
		{ "b:w:anna", 3, 3600, 3590 }, { "b:*", 30, 3600, 3590 }
	};

	whole->role->set.login_failures = 4;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_int_equal(t[i].tries, tries(t[i].subject));
		assert_in_range(lockout_state(whole, t[i].subject),
		    t[i].least_s, t[i].most_s);
		assert_int_equal(0, lockout_end(whole, t[i].subject));
		assert_int_equal(0, lockout_state(whole, t[i].subject));
	}
}

UNIT(lock_outs_are_there_after_a_crash)
{
	assert_int_equal(3, tries("b:w:anna"));
	assert_int_equal(3, tries("u:anna"));
	assert_int_equal(0, lockout_failed(whole, "u:bert"));
	assert_int_equal(0, lockout_failed(whole, "u:bert"));
	whole_turns();
	whole_restart();
	assert_true(lockout_state(whole, "b:w:anna") > 0);
	assert_true(backup_locked_s(whole, "w:anna") > 0);
	assert_int_equal(0, backup_locked_s(whole, "w:bert"));
	assert_true(lockout_state(whole, "u:anna") > 0);
	assert_int_equal(0, lockout_state(whole, "u:bert"));
	assert_int_equal(1, tries("u:bert"));
}

static unsigned seen_rows;

static bool
use_row(const struct backup_use *u, void *ctx)
{
	(void)ctx;
	seen_rows += u->seen_ms != 0;
	return true;
}

UNIT(uses_wait_until_somebody_has_looked)
{
	struct backup_use u = { .id = 1, .at_ms = 1000 };
	struct notice_mail m = { .use = 1, .address = "a@example.com" };
	json_t *list = json_array();
	int64_t n;

	whole_write();
	assert_int_equal(0, store_backup_used(whole->st, &u));
	assert_int_equal(0, store_notice_put(whole->st, &m, 5));
	assert_int_equal(0, store_backup_unseen(whole->st, &n));
	assert_int_equal(1, n);
	assert_int_equal(1, json_array_size(backup_warning(whole, list)));
	assert_int_equal(0, store_notice_due(whole->st, 10, &m));
	assert_string_equal("a@example.com", m.address);
	/* What nobody has seen stays, whatever its age. */
	assert_int_equal(0, store_backup_forget(whole->st, 2000));
	assert_int_equal(0, store_backup_unseen(whole->st, &n));
	assert_int_equal(1, n);
	assert_int_equal(0, store_backup_seen(whole->st, 1500, "root"));
	assert_int_equal(0, store_backup_unseen(whole->st, &n));
	assert_int_equal(0, n);
	seen_rows = 0;
	assert_int_equal(0, store_backup_uses(whole->st, 10, use_row, NULL));
	assert_int_equal(1, seen_rows);
	json_array_clear(list);
	assert_int_equal(0, json_array_size(backup_warning(whole, list)));
	json_decref(list);
	assert_int_equal(0, store_backup_forget(whole->st, 2000));
	assert_int_equal(-REL_E_NOTFOUND, store_notice_due(whole->st, 10,
	    &m));			/* it goes with its use */
	whole_turns();
}

/* Is a form with this token good now? */
static bool
form_good(const char *token, char now[40])
{
	const char *text;

	whole_call_set(F_CSRF, token);
	assert_int_equal(200, whole_call(API_ME_GET));
	text = json_string_value(json_object_get(call.body, "csrf"));
	assert_non_null(text);
	snprintf(now, 40, "%s", text);
	return json_is_true(json_object_get(call.body, "csrf_ok"));
}

UNIT(a_form_is_good_for_the_web_time_out)
{
	char token[40], now[40];

	assert_false(form_good("", token));
	assert_true(form_good(token, now));
	assert_false(form_good("00000000000000000000000000000000", now));
	whole->role->set.web_timeout_ms = 450;
	assert_false(form_good("", token));
	assert_true(form_good(token, now));
	usleep(999999);
	assert_false(form_good(token, now));
	assert_true(form_good(now, token));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(which_may_be_one),
		WHOLE(to_whom_it_is_open),
		WHOLE(it_closes_by_itself),
		WHOLE(many_at_once_have_an_end),
		WHOLE(settings_it_opens_are_there),
		WHOLE(how_many_tries_there_are),
		WHOLE(lock_outs_are_there_after_a_crash),
		WHOLE(uses_wait_until_somebody_has_looked),
		WHOLE_CALL(a_form_is_good_for_the_web_time_out),
	};

	return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
