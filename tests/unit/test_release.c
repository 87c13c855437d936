/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Exactly once: releases when processes, the disk or the database fail. */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/store_priv.h"
#include "releaserd/journal.h"
#include "tests/unit/core_whole.h"

static struct device dev;

/* The send has been given its job; the journal that came with it. */
static int
given(int send)
{
	struct rel_frame fr;

	if (whole_heard(send, &fr) != 1)
		return -1;
	assert_int_equal(IPC_SEND_JOB, fr.type);
	assert_int_equal(2, fr.nfds);
	close(fr.fds[0]);
	return fr.fds[1];
}

static void
say_result(int send, int64_t job, enum rel_send_outcome outcome)
{
	struct send_result r = { .job_id = (uint64_t)job,
	    .outcome = (uint8_t)outcome, .bytes = 3 };
	struct rel_buf b;

	rel_buf_init(&b);
	send_result_put(&b, &r);
	whole_say(send, IPC_SEND_RESULT, &b);
	rel_buf_fini(&b);
}

/* A job that a send works on. */
static int64_t
working(int *send, int *journal)
{
	int64_t id = whole_job();

	whole_device(&dev);
	*send = whole_peer(ROLE_SEND);
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	*journal = given(*send);
	assert_true(*journal >= 0);
	assert_int_equal(JOB_RELEASING, whole_state(id));
	return id;
}

UNIT(a_release_ends_as_the_send_says)
{
	int send, journal;
	int64_t id = working(&send, &journal);

	say_result(send, id, REL_SEND_SENT);
	whole_turns();
	assert_int_equal(JOB_SENT, whole_state(id));
	close(journal);
	close(send);
	whole_turns();
	assert_int_equal(JOB_SENT, whole_state(id));
}

UNIT(a_send_that_dies_while_the_database_is_busy)
{
	int send, journal;
	int64_t id = working(&send, &journal);

	whole_busy(true);
	close(journal);
	close(send);
	alarm(10);		/* a tick must not wait for the database */
	whole_turns();
	releases_tick(whole);
	releases_tick(whole);
	alarm(0);
	assert_int_equal(JOB_RELEASING, whole_state(id));
	whole_busy(false);
	releases_tick(whole);
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
}

UNIT(a_result_is_kept_while_the_database_is_busy)
{
	int send, journal;
	int64_t id = working(&send, &journal);
	struct rel_err err;

	assert_int_equal(0, journal_put_data(journal, &err));
	assert_int_equal(0, journal_put_end(journal, REL_SEND_SENT, "", &err));
	close(journal);
	whole_busy(true);
	say_result(send, id, REL_SEND_SENT);
	whole_turns();
	close(send);
	whole_turns();
	releases_tick(whole);
	assert_int_equal(JOB_RELEASING, whole_state(id));
	whole_busy(false);
	releases_tick(whole);
	whole_turns();
	assert_int_equal(JOB_SENT, whole_state(id));
}

static void
journals_remove(void)
{
	DIR *dir = opendir(whole_dir);
	struct dirent *de;

	assert_non_null(dir);
	while ((de = readdir(dir)) != NULL)
		if (strstr(de->d_name, ".journal") != NULL)
			unlinkat(dirfd(dir), de->d_name, 0);
	closedir(dir);
}

UNIT(without_its_journal_a_job_is_not_sent_again)
{
	int send, journal;
	int64_t id = working(&send, &journal);

	journals_remove();
	close(journal);
	whole_restart();
	whole_turns();
	assert_int_equal(JOB_UNCONFIRMED, whole_state(id));
	close(send);
}

UNIT(a_journal_that_cannot_be_opened_now_settles_nothing)
{
	int send, journal, dir = whole->spool_dir;
	int64_t id = working(&send, &journal);

	close(journal);
	whole->spool_dir = -1;
	close(send);
	whole_turns();
	releases_tick(whole);
	whole_turns();
	assert_int_equal(JOB_RELEASING, whole_state(id));
	whole->spool_dir = dir;
	releases_tick(whole);
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
}

UNIT(a_job_that_waits_outlives_a_failed_commit)
{
	int64_t id = whole_job();
	int send, journal;

	whole_device(&dev);
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	assert_int_equal(JOB_RELEASING, whole_state(id));
	assert_int_equal(1, releases_waiting(whole));
	send = whole_peer(ROLE_SEND);
	core_spoil(whole, 0);
	whole_turns();
	assert_int_equal(JOB_RELEASING, whole_state(id));
	releases_tick(whole);
	whole_turns();
	journal = given(send);
	assert_true(journal >= 0);
	assert_int_equal(-1, given(send));
	close(journal);
	close(send);
}

UNIT(a_failed_commit_starts_no_transfer)
{
	int64_t id = whole_job();
	int send = whole_peer(ROLE_SEND), journal;

	whole_device(&dev);
	assert_int_equal(0, whole_release(id, &dev));
	core_spoil(whole, 0);
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
	assert_int_equal(-1, given(send));
	/* ... and the send is as good as before. */
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	journal = given(send);
	assert_true(journal >= 0);
	close(journal);
	close(send);
}

/* So many jobs of d are released, all at once. */
static void
release_some(int64_t *ids, int n, const struct device *d)
{
	for (int i = 0; i < n; i++) {
		ids[i] = whole_job();
		assert_int_equal(0, whole_release(ids[i], d));
		whole_turns();
	}
}

/* How many of the sends have been given something just now. */
static int
given_some(const int *sends, int *journals, int n)
{
	int count = 0;

	for (int i = 0; i < n; i++) {
		if (sends[i] < 0 || journals[i] >= 0)
			continue;
		journals[i] = given(sends[i]);
		count += journals[i] >= 0;
	}
	return count;
}

static void
close_some(const int *fds, int n)
{
	for (int i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

UNIT(a_hundred_slow_devices_at_once_and_no_device_takes_all)
{
	enum { ALL = 16, SHARE = 14 };
	struct device slow, fast;
	int sends[ALL + 3], journals[ALL + 3];
	int64_t ids[ALL + 2], one;

	settings_defaults(&whole->role->set);
	assert_in_range(whole->role->set.max_transfers, 100 * 8 / 7 + 1, 1000);
	whole->role->set.max_transfers = ALL;
	whole_device(&slow);
	whole_device(&fast);
	for (int i = 0; i < ALL + 3; i++) {
		sends[i] = whole_peer(ROLE_SEND);
		journals[i] = -1;
	}
	release_some(ids, ALL, &slow);
	assert_int_equal(SHARE, given_some(sends, journals, ALL + 3));
	assert_int_equal(ALL - SHARE, releases_waiting(whole));
	/* What waits goes on as the device gets through: one for one. */
	for (int i = 0; i < ALL + 3; i++) {
		if (journals[i] < 0)
			continue;
		close(journals[i]);
		close(sends[i]);
		sends[i] = journals[i] = -1;
		break;
	}
	whole_turns();
	assert_int_equal(1, given_some(sends, journals, ALL + 3));
	release_some(&one, 1, &fast);
	assert_int_equal(1, given_some(sends, journals, ALL + 3));
	assert_int_equal(1, releases_waiting(whole));
	close_some(journals, ALL + 3);
	close_some(sends, ALL + 3);
}

UNIT(who_has_least_under_way_is_next)
{
	struct device slow, fast;
	int64_t ids[3], one;
	int sends[3], journals[3] = { -1, -1, -1 };
	int last;

	whole_device(&slow);
	whole_device(&fast);
	sends[0] = whole_peer(ROLE_SEND);
	release_some(ids, 3, &slow);
	release_some(&one, 1, &fast);
	assert_int_equal(1, given_some(sends, journals, 1));
	assert_int_equal(3, releases_waiting(whole));
	sends[1] = whole_peer(ROLE_SEND);
	whole_turns();
	assert_int_equal(1, given_some(sends, journals, 2));
	say_result(sends[1], one, REL_SEND_SENT);
	whole_turns();
	assert_int_equal(JOB_SENT, whole_state(one));
	sends[2] = whole_peer(ROLE_SEND);
	whole_turns();
	assert_int_equal(1, given_some(sends, journals, 3));
	say_result(sends[2], ids[1], REL_SEND_SENT);
	whole_turns();
	assert_int_equal(JOB_SENT, whole_state(ids[1]));
	assert_int_equal(1, releases_waiting(whole));
	last = whole_peer(ROLE_SEND);
	whole_turns();
	assert_int_equal(0, releases_waiting(whole));
	close_some(journals, 3);
	close_some(sends, 3);
	close(last);
}

UNIT(a_waiting_job_gets_one_send)
{
	int64_t id = whole_job();
	struct rel_err err;

	whole_device(&dev);
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_job_set_journal(whole->st, id, 5));
	assert_int_equal(-REL_E_NOTHELD,
	    store_job_set_journal(whole->st, id, 6));
	store_rollback(whole->st);
}

UNIT(a_send_gets_its_journal_later)
{
	int64_t id = whole_job();
	int dir = whole->spool_dir, send, journal;

	whole_device(&dev);
	whole->spool_dir = -1;
	send = whole_peer(ROLE_SEND);
	whole->spool_dir = dir;
	releases_tick(whole);
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	journal = given(send);
	assert_true(journal >= 0);
	/* One that has worked gets none. */
	say_result(send, id, REL_SEND_SENT);
	whole_turns();
	id = whole_job();
	releases_tick(whole);
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	assert_int_equal(-1, given(send));
	close(journal);
	close(send);
}

UNIT(a_spoiled_turn_is_over_with_the_turn)
{
	struct rel_err err;

	core_spoil(whole, 0);
	whole_turns();
	assert_int_equal(0, core_write(whole, &err));
	whole_turns();
	assert_false(store_is_open(whole->st));
}

UNIT(what_the_database_rolled_back_by_itself_stays_so)
{
	int64_t id = whole_job();
	struct rel_err err;

	whole_device(&dev);
	assert_int_equal(0, core_write(whole, &err));
	/* As SQLite does when the disk is full. */
	assert_int_equal(SQLITE_OK, sqlite3_exec(whole->st->db, "ROLLBACK",
	    NULL, NULL, NULL));
	assert_true(whole_release(id, &dev) < 0);
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
}

UNIT(identifiers_grow_over_a_clock_that_went_back)
{
	struct rel_err err;
	struct job j;
	int64_t id = whole_job(), later = id + (86400000ll << 22);

	assert_int_equal(0, store_job_get(whole->st, id, &j));
	j.id = later;
	j.document = 2;
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_job_add(whole->st, &j));
	assert_int_equal(0, store_commit(whole->st, &err));
	whole_restart();
	assert_true(ids_next(whole) > later);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WHOLE(a_release_ends_as_the_send_says),
		WHOLE(a_send_that_dies_while_the_database_is_busy),
		WHOLE(a_result_is_kept_while_the_database_is_busy),
		WHOLE(without_its_journal_a_job_is_not_sent_again),
		WHOLE(a_journal_that_cannot_be_opened_now_settles_nothing),
		WHOLE(a_job_that_waits_outlives_a_failed_commit),
		WHOLE(a_failed_commit_starts_no_transfer),
		WHOLE(a_hundred_slow_devices_at_once_and_no_device_takes_all),
		WHOLE(who_has_least_under_way_is_next),
		WHOLE(a_waiting_job_gets_one_send),
		WHOLE(a_send_gets_its_journal_later),
		WHOLE(a_spoiled_turn_is_over_with_the_turn),
		WHOLE(what_the_database_rolled_back_by_itself_stays_so),
		WHOLE(identifiers_grow_over_a_clock_that_went_back)
	};

	return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
