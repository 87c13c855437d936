/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Syncs of directories: the test is the agent that lists one. */
#include "tests/unit/core_whole.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "releaserd/core/directories.h"
#include "releaserd/core/sync.h"
#include "releaserd/sync_wire.h"

#define SETTINGS "Servers a.example.com\nTls none\nBind anonymous\n" \
	"UserBase dc=example,dc=com\nGroupScheme member-of\n"

static int agent;
static struct rel_frame heard;
static struct rel_buf records;
static uint32_t heard_part;

static int
begin(void **state)
{
	setenv("TZ", "UTC", 1);
	tzset();
	if (whole_open(state) < 0 || syncs_init(whole) < 0)
		return -1;
	agent = whole_peer(ROLE_AGENT);
	rel_buf_init(&records);
	whole_directory(1, "school", SETTINGS);
	return 0;
}

static int
end(void **state)
{
	syncs_fini(whole);
	rel_buf_fini(&records);
	close(agent);
	return whole_close(state);
}
#define SYNCS(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* ---- the agent */

static bool
is_asked(void)
{
	struct sync_next m;

	whole_turns();
	if (!whole_heard(agent, &heard))
		return false;
	assert_int_equal(IPC_SYNC_NEXT, heard.type);
	assert_int_equal(0, sync_next_get(&m, heard.body, heard.len));
	assert_int_equal(heard_part++, m.part);
	return true;
}

static void
person(const char *login, const char *mail, const char *number, int group)
{
	struct sync_record r;

	memset(&r, 0, sizeof r);
	snprintf(r.who.login, sizeof r.who.login, "%s", login);
	snprintf(r.who.mail, sizeof r.who.mail, "%s", mail);
	snprintf(r.who.id_number, sizeof r.who.id_number, "%s", number);
	if (group >= 0)
		r.groups[r.ngroups++] = (uint32_t)group;
	sync_person_put(&records, &r);
}

static void
says(enum dir_outcome outcome, bool last, const char *words)
{
	struct sync_part part = { .outcome = (uint8_t)outcome, .last = last };
	struct rel_frame fr = { .type = IPC_SYNC_PART, .id = heard.id };
	struct rel_err err;
	struct rel_buf b;

	snprintf(part.words, sizeof part.words, "%s", words);
	rel_buf_init(&b);
	sync_part_put(&b, &part, &records);
	rel_buf_reset(&records);
	fr.body = b.data;
	fr.len = b.len;
	assert_int_equal(0, rel_frame_send(agent, &fr, 1000, &err));
	rel_buf_fini(&b);
	for (int i = 0; i < 20; i++)
		whole_turns();
}

static void
starts(bool dry, bool forced)
{
	const struct sync_order o = { .directory = 1, .dry = dry,
	    .forced = forced, .by = "root" };

	heard_part = 0;
	assert_int_equal(0, sync_start(whole, &o));
	assert_true(is_asked());
}

static bool
newest(const struct sync_run *r, void *ctx)
{
	*(struct sync_run *)ctx = *r;
	return false;
}

static struct sync_run
run(void)
{
	struct sync_run r;

	memset(&r, 0, sizeof r);
	assert_int_equal(1, store_sync_runs(whole->st, 1, 1, newest, &r));
	return r;
}

/* So many people u0, u1 ... in one part. */
static void
listed(int n, const char *mail)
{
	char name[20];

	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "u%d", i);
		person(name, mail, "", -1);
	}
	says(DIR_RIGHT, true, "");
}

/* ---- what comes of it */

UNIT(added_changed_and_as_they_were)
{
	starts(false, false);
	listed(3, "a@example.com");
	assert_int_equal(SYNC_DONE, run().state);
	assert_int_equal(3, run().n.added);
	assert_string_equal("a@example.com", whole_account("u1").mail);
	assert_int_equal(1, whole_account("u1").directory);
	starts(false, false);
	listed(3, "a@example.com");
	assert_int_equal(3, run().n.unchanged);
	assert_int_equal(0, run().n.changed);
	starts(true, false);
	listed(3, "b@example.com");
	assert_int_equal(3, run().n.changed);
	assert_string_equal("a@example.com", whole_account("u1").mail);
	starts(false, false);
	listed(3, "b@example.com");
	assert_int_equal(3, run().n.changed);
	assert_string_equal("b@example.com", whole_account("u1").mail);
}

UNIT(what_was_changed_here_is_found)
{
	struct user u;

	starts(false, false);
	listed(2, "a@example.com");
	u = whole_account("u0");
	snprintf(u.mail, sizeof u.mail, "here@example.com");
	whole_write();
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_turns();
	starts(false, false);
	listed(2, "a@example.com");
	assert_int_equal(1, run().n.changed);
	assert_string_equal("a@example.com", whole_account("u0").mail);
}

UNIT(half_a_list_disables_nobody)
{
	starts(false, false);
	listed(3, "");
	starts(false, false);
	person("u0", "", "", -1);
	says(DIR_RIGHT, false, "");
	assert_true(is_asked());
	says(DIR_AWAY, false, "the line is dead");
	assert_int_equal(SYNC_FAILED, run().state);
	assert_string_equal("the line is dead", run().words);
	assert_false(whole_account("u2").disabled);
	starts(false, false);
	person("u0", "", "", -1);
	says(DIR_RIGHT, false, "");
	assert_true(is_asked());
	close(agent);
	for (int i = 0; i < 5; i++)
		whole_turns();
	assert_int_equal(SYNC_FAILED, run().state);
	assert_false(whole_account("u2").disabled);
	agent = whole_peer(ROLE_AGENT);
}

UNIT(who_is_missing_goes_unless_too_many_do)
{
	starts(false, false);
	listed(20, "");
	starts(false, false);
	listed(18, "");
	assert_int_equal(SYNC_DONE, run().state);
	assert_int_equal(2, run().n.disabled);
	assert_true(whole_account("u19").disabled);
	starts(false, false);
	listed(10, "");
	assert_int_equal(SYNC_STOPPED, run().state);
	assert_int_equal(0, run().n.disabled);
	assert_non_null(strstr(run().words, "8 of 20"));
	assert_false(whole_account("u15").disabled);
	starts(true, false);
	listed(10, "");
	assert_int_equal(8, run().n.disabled);
	assert_int_equal(SYNC_STOPPED, run().state);
	assert_false(whole_account("u15").disabled);
	starts(false, true);
	listed(10, "");
	assert_int_equal(SYNC_DONE, run().state);
	assert_true(whole_account("u15").disabled);
	starts(false, false);
	listed(20, "");
	assert_false(whole_account("u15").disabled);
	assert_false(whole_account("u19").disabled);
}

UNIT(who_was_disabled_here_stays_so)
{
	struct user u;

	starts(false, false);
	listed(20, "");
	u = whole_account("u19");
	u.disabled = true;
	whole_write();
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_turns();
	starts(false, false);
	listed(19, "");
	assert_int_equal(0, run().n.disabled);
	starts(false, false);
	listed(20, "");
	assert_true(whole_account("u19").disabled);
}

UNIT(clashes_are_named_and_nothing_is_taken)
{
	struct user u;

	whole_directory(2, "office", SETTINGS);
	whole_user(&u, 900, "anna");
	snprintf(u.password, sizeof u.password, "scrypt$...");
	whole_user_add(&u);
	whole_user(&u, 901, "otto");
	u.directory = 2;
	whole_user_add(&u);
	whole_user(&u, 902, "printed");
	whole_user_add(&u);
	starts(false, false);
	person("anna", "", "", -1);
	person("otto", "", "", -1);
	person("Printed", "p@example.com", "", -1);
	person("new", "", "", -1);
	person("NEW", "", "", -1);
	says(DIR_RIGHT, true, "");
	assert_int_equal(3, run().n.clashes);
	assert_int_equal(1, run().n.added);
	assert_int_equal(1, run().n.changed);
	assert_int_equal(0, whole_account("anna").directory);
	assert_int_equal(2, whole_account("otto").directory);
	assert_int_equal(1, whole_account("printed").directory);
}

UNIT(numbers_move_and_clash)
{
	uint8_t mac[32];
	struct user u;

	starts(false, false);
	person("u0", "", "4711", -1);
	person("u1", "", "4712", -1);
	says(DIR_RIGHT, true, "");
	starts(false, false);
	person("u0", "", "4712", -1);
	person("u1", "", "4713", -1);
	says(DIR_RIGHT, true, "");
	assert_int_equal(0, run().n.clashes);
	assert_true(idnum_mac(whole, mac, "4712"));
	assert_int_equal(0, store_user_by_idnum(whole->st, mac, &u));
	assert_string_equal("u0", u.key);
	starts(false, false);
	person("u0", "", "4712", -1);
	person("u1", "", "4712", -1);
	says(DIR_RIGHT, true, "");
	assert_int_equal(1, run().n.clashes);
	assert_int_equal(0, store_user_by_idnum(whole->st, mac, &u));
	assert_string_equal("u0", u.key);
}

UNIT(groups_follow)
{
	int64_t members = 0;
	struct person_group g;

	starts(false, false);
	sync_group_put(&records, "Staff");
	sync_group_put(&records, "Board");
	person("u0", "", "", 0);
	person("u1", "", "", 0);
	says(DIR_RIGHT, true, "");
	assert_int_equal(0, store_group_get(whole->st, "staff", &g));
	assert_int_equal(2, g.members);
	starts(false, false);
	sync_group_put(&records, "Board");
	sync_group_put(&records, "Staff");
	person("u0", "", "", 1);
	person("u1", "", "", 0);
	says(DIR_RIGHT, true, "");
	assert_int_equal(1, run().n.unchanged);
	assert_int_equal(1, run().n.changed);
	assert_int_equal(1, store_group_has(whole->st, "board", "u1"));
	assert_int_equal(0, store_group_has(whole->st, "staff", "u1"));
	(void)members;
}

UNIT(what_no_agent_would_say_ends_it)
{
	starts(false, false);
	person("u0", "", "", 7);
	says(DIR_RIGHT, true, "");
	assert_int_equal(SYNC_FAILED, run().state);
	starts(false, false);
	rel_put_u8(&records, 77);
	says(DIR_RIGHT, true, "");
	assert_int_equal(SYNC_FAILED, run().state);
}

UNIT(one_at_a_time_and_cancelled)
{
	const struct sync_order o = { .directory = 1 };

	starts(false, false);
	assert_int_equal(-REL_E_EXISTS, sync_start(whole, &o));
	assert_true(sync_cancel(whole, 1));
	for (int i = 0; i < 5; i++)
		whole_turns();
	assert_int_equal(SYNC_CANCELLED, run().state);
	assert_false(sync_cancel(whole, 1));
	/* The answer to what nobody waits for any more. */
	says(DIR_RIGHT, true, "");
	assert_int_equal(SYNC_CANCELLED, run().state);
	assert_int_equal(-REL_E_NOTFOUND, sync_start(whole,
	    &(struct sync_order){ .directory = 99 }));
}

/* ---- the clock: 2026-11-21 is a Saturday */

#define AT(day, h, m) (1795219200000 + ((day) - 21) * 86400000LL + \
	(h) * 3600000LL + (m) * 60000LL)

UNIT(when_it_is_due)
{
	static const struct {
		const char *at;
		int64_t every, from, due;
	} t[] = {
		{ "", 0, AT(21, 12, 0), 0 },
		{ "03:30", 0, AT(21, 12, 0), AT(22, 3, 30) },
		{ "03:30", 0, AT(21, 3, 29), AT(21, 3, 30) },
		{ "03:30", 0, AT(21, 3, 30), AT(22, 3, 30) },
		{ "sunday 03:30", 0, AT(21, 12, 0), AT(22, 3, 30) },
		{ "Saturday 03:30", 0, AT(21, 12, 0), AT(28, 3, 30) },
		{ "", 3600000, AT(21, 12, 0), AT(21, 13, 0) },
		{ "03:30", 6 * 3600000, AT(21, 12, 0), AT(21, 18, 0) },
		{ "12:30", 6 * 3600000, AT(21, 12, 0), AT(21, 12, 30) }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct directory d = { .sync_every_ms = t[i].every };
		int64_t due;

		snprintf(d.sync_at, sizeof d.sync_at, "%s", t[i].at);
		due = sync_due_ms(&d, t[i].from);
		if (due != t[i].due)
			fail_msg("%s every %lld: %lld", t[i].at,
			    (long long)t[i].every, (long long)due);
	}
}

UNIT(what_is_no_time)
{
	static const char *const bad[] = { "", "3:30", "24:00", "12:60",
	    "someday 03:30", "sunday", "sunday  03:30", "03:30 ", "ab:cd" };
	int day, minute;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (directory_sync_at(bad[i], &day, &minute))
			fail_msg("\"%s\" is taken for a time", bad[i]);
	assert_true(directory_sync_at("monday 23:59", &day, &minute));
	assert_int_equal(1, day);
	assert_int_equal(23 * 60 + 59, minute);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYNCS(added_changed_and_as_they_were),
		SYNCS(what_was_changed_here_is_found),
		SYNCS(half_a_list_disables_nobody),
		SYNCS(who_is_missing_goes_unless_too_many_do),
		SYNCS(who_was_disabled_here_stays_so),
		SYNCS(clashes_are_named_and_nothing_is_taken),
		SYNCS(numbers_move_and_clash),
		SYNCS(groups_follow),
		SYNCS(what_no_agent_would_say_ends_it),
		SYNCS(one_at_a_time_and_cancelled),
		UNIT_RUN(when_it_is_due),
		UNIT_RUN(what_is_no_time)
	};

	return cmocka_run_group_tests_name("sync", tests, NULL, NULL);
}
