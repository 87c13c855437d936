/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What is kept of passwords for the time a directory is away. */
#include "tests/unit/core_whole.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/directories.h"
#include "releaserd/core/offline.h"
#include "releaserd/core/store_offline.h"

#define SETTINGS "Servers a.example.com\nTls none\n" \
	"BindName cn=r,dc=example,dc=com\nUserBase dc=example,dc=com\n"
#define DAY_MS INT64_C(86400000)

static int agent;

static void
person(int64_t id, const char *name, int64_t directory)
{
	struct user u;

	whole_user(&u, id, name);
	u.directory = directory;
	whole_user_add(&u);
}

static int
begin(void **state)
{
	if (whole_open(state) < 0)
		return -1;
	agent = whole_peer(ROLE_AGENT);
	whole_directory(1, "school", SETTINGS "Offline cached\n");
	whole_directory(2, "office", SETTINGS "Offline local\n");
	person(11, "anna", 1);
	person(12, "bert", 2);
	return 0;
}

static int
end(void **state)
{
	close(agent);
	return whole_close(state);
}
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* The agent's answer to a question for a hash; -1: there is none. */
static int
hashed(const char *verifier)
{
	struct rel_frame fr, said = { .type = IPC_HASHED };
	struct rel_err err;
	struct rel_buf b;

	whole_turns();
	if (whole_heard(agent, &fr) == 0)
		return -1;
	assert_int_equal(IPC_HASH, fr.type);
	said.id = fr.id;
	rel_buf_init(&b);
	rel_put_str(&b, verifier);
	said.body = b.data;
	said.len = b.len;
	assert_int_equal(0, rel_frame_send(agent, &said, 1000, &err));
	rel_buf_fini(&b);
	whole_turns();
	return 0;
}

static int
kept(int64_t user, struct verifier *v)
{
	return store_verifier_of(whole->st, user, v);
}

static void
right(const char *name, const char *password, const char *verifier)
{
	offline_right(whole, 1, name, password, 11);
	assert_int_equal(0, hashed(verifier));
}

UNIT(a_right_password_is_kept_once)
{
	struct verifier v;

	right("Anna", "4711", "scrypt$one");
	assert_int_equal(0, kept(11, &v));
	assert_string_equal("anna", v.name);
	assert_string_equal("scrypt$one", v.hash);
	assert_in_range(v.right_ms, rel_now_ms() - 60000, rel_now_ms());
	/* The same again: nobody hashes it. */
	offline_right(whole, 1, "anna", "4711", 11);
	assert_int_equal(-1, hashed(""));
	/* Another one takes its place; until it is there, there is none. */
	offline_right(whole, 1, "anna", "4712", 11);
	whole_turns();
	assert_int_equal(-REL_E_NOTFOUND, kept(11, &v));
	assert_int_equal(0, hashed("scrypt$two"));
	assert_int_equal(0, kept(11, &v));
	assert_string_equal("scrypt$two", v.hash);
}

UNIT(its_time_is_written_by_the_hour)
{
	struct verifier v;
	int64_t then = rel_now_ms() - 2 * 3600000;

	right("anna", "4711", "scrypt$one");
	whole_write();
	assert_int_equal(0, store_verifier_right(whole->st, 11, then));
	whole_turns();
	offline_right(whole, 1, "anna", "4711", 11);
	whole_turns();
	assert_int_equal(0, kept(11, &v));
	assert_true(v.right_ms > then + 3600000);
	assert_int_equal(-1, hashed(""));
}

UNIT(only_where_the_policy_is_cached)
{
	struct verifier v;

	offline_right(whole, 2, "bert", "4711", 12);
	assert_int_equal(-1, hashed(""));
	assert_int_equal(-REL_E_NOTFOUND, kept(12, &v));
	offline_right(whole, 99, "bert", "4711", 12);
	assert_int_equal(-1, hashed(""));
}

UNIT(what_changes_while_it_is_hashed)
{
	struct verifier v;
	struct user u = whole_account("anna");

	offline_right(whole, 1, "anna", "4711", 11);
	whole_turns();
	u.disabled = true;
	whole_write();
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_turns();
	assert_int_equal(0, hashed("scrypt$one"));
	assert_int_equal(-REL_E_NOTFOUND, kept(11, &v));
	u.disabled = false;
	whole_write();
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_turns();
	offline_right(whole, 1, "anna", "4711", 11);
	whole_directory(1, "school", SETTINGS "Offline deny\n");
	assert_int_equal(0, hashed("scrypt$one"));
	assert_int_equal(-REL_E_NOTFOUND, kept(11, &v));
}

UNIT(it_goes_with_a_wrong_one_and_with_the_account)
{
	struct user u = whole_account("anna");
	struct verifier v;

	right("anna", "4711", "scrypt$one");
	offline_wrong(whole, 1, "somebody", NULL);
	offline_wrong(whole, 2, "anna", NULL);
	whole_turns();
	assert_int_equal(0, kept(11, &v));
	offline_wrong(whole, 1, "ANNA", "4711");
	whole_turns();
	assert_int_equal(-REL_E_NOTFOUND, kept(11, &v));
	/* Closed over there, whatever was typed. */
	right("anna", "4711", "scrypt$one");
	offline_wrong(whole, 1, "anna", NULL);
	whole_turns();
	assert_int_equal(-REL_E_NOTFOUND, kept(11, &v));

	right("anna", "4711", "scrypt$one");
	u.disabled = true;
	whole_write();
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_turns();
	assert_int_equal(-REL_E_NOTFOUND, kept(11, &v));

	u.disabled = false;
	whole_write();
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_turns();
	right("anna", "4711", "scrypt$one");
	u.directory = 2;
	whole_write();
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_turns();
	assert_int_equal(-REL_E_NOTFOUND, kept(11, &v));
}

UNIT(it_goes_with_the_directory_and_its_policy)
{
	struct verifier v;

	right("anna", "4711", "scrypt$one");
	whole_write();
	assert_int_equal(0, store_directory_del(whole->st, 1));
	whole_turns();
	assert_int_equal(-REL_E_NOTFOUND, kept(11, &v));

	whole_directory(1, "school", SETTINGS "Offline cached\n"
	    "OfflineDays 3\n");
	right("anna", "4711", "scrypt$one");
	whole_write();
	assert_int_equal(0, store_verifier_right(whole->st, 11,
	    rel_now_ms() - 3 * DAY_MS + 60000));
	assert_int_equal(0, offline_policy(whole, 1,
	    directories_settings(whole, 1)));
	assert_int_equal(0, kept(11, &v));
	assert_int_equal(0, store_verifier_right(whole->st, 11,
	    rel_now_ms() - 3 * DAY_MS - 60000));
	assert_int_equal(0, offline_policy(whole, 1,
	    directories_settings(whole, 1)));
	whole_turns();
	assert_int_equal(-REL_E_NOTFOUND, kept(11, &v));
}

/* By whatever was typed the last time, or by the account's own name. */
UNIT(who_typed_another_name_is_found)
{
	struct verifier v;

	right("Anna.Beispiel", "4711", "scrypt$one");
	assert_int_equal(0, store_verifier_find(whole->st, 1,
	    "anna.beispiel", "anna.beispiel", &v));
	assert_int_equal(11, v.user_id);
	assert_int_equal(0, store_verifier_find(whole->st, 1, "x", "anna",
	    &v));
	assert_int_equal(-REL_E_NOTFOUND, store_verifier_find(whole->st, 2,
	    "anna.beispiel", "anna", &v));
}

UNIT(a_policy_is_one_line_of_the_text)
{
	static const char *const texts[] = {
		SETTINGS, SETTINGS "Offline deny\n", SETTINGS "Offline cached",
		SETTINGS "\toffline\tlocal\nOfflineDays 9\n",
		SETTINGS "Offline deny\nOfflineCards no\n"
	};
	const struct directory_row *r;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		whole_directory(1, "school", texts[i]);
		r = directories_named(whole, "school");
		assert_non_null(r);
		assert_int_equal(0, offline_choose(whole, r, "cached",
		    "backup:Flur"));
		whole_turns();
		r = directories_named(whole, "school");
		assert_int_equal(OFFLINE_CACHED, directories_settings(whole,
		    1)->offline);
		assert_string_equal("backup:Flur", r->by);
		if (strstr(texts[i], "OfflineDays") != NULL)
			assert_int_equal(9, directories_settings(whole,
			    1)->offline_days);
		if (strstr(texts[i], "OfflineCards") != NULL)
			assert_int_equal(0, directories_settings(whole,
			    1)->offline_cards);
	}
	assert_int_equal(-REL_E_FORMAT, offline_choose(whole, r, "sideways",
	    "x"));
	assert_int_equal(-REL_E_FORMAT, offline_choose(whole, r,
	    "deny\nTls none", "x"));
}

UNIT(whose_password_is_ours)
{
	struct user u = { .id = 1 };
	bool writable;

	assert_null(offline_directory(whole, &u, &writable));
	assert_true(writable);
	u.directory = 1;
	assert_string_equal("school", offline_directory(whole, &u,
	    &writable));
	assert_false(writable);
	u.directory = 2;
	assert_string_equal("office", offline_directory(whole, &u,
	    &writable));
	assert_true(writable);
	u.directory = 77;		/* gone: the account is ours */
	assert_string_equal("", offline_directory(whole, &u, &writable));
	assert_true(writable);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_right_password_is_kept_once),
		CASE(its_time_is_written_by_the_hour),
		CASE(only_where_the_policy_is_cached),
		CASE(what_changes_while_it_is_hashed),
		CASE(it_goes_with_a_wrong_one_and_with_the_account),
		CASE(it_goes_with_the_directory_and_its_policy),
		CASE(who_typed_another_name_is_found),
		CASE(a_policy_is_one_line_of_the_text),
		CASE(whose_password_is_ours),
	};

	return cmocka_run_group_tests_name("offline", tests, NULL, NULL);
}
