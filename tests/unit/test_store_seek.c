/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Searching jobs: who finds what, in which order, and how fast. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/text.h"
#include "tests/unit/store_fixture.h"

#define MANY 100000

static char found[400];

static void
hold(int64_t id, const char *user, const char *host, const char *title)
{
	struct job j;

	fixture_job(&j, id);
	snprintf(j.user, sizeof j.user, "%s", user);
	assert_true(rel_user_key(j.user_key, sizeof j.user_key, user, true));
	snprintf(j.host, sizeof j.host, "%s", host);
	snprintf(j.title, sizeof j.title, "%s", title);
	assert_int_equal(0, fixture_add_job(&j));
}

/* All that is found, a few at a time, as "5 3 1". */
static const char *
seek(struct job_seek s)
{
	int64_t ids[2];
	int n;

	if (s.f.states == 0)
		s.f.states = ~0u;
	s.slice_ms = 100;
	found[0] = '\0';
	do {
		n = store_job_seek(st, &s, ids, 2);
		assert_in_range(n, 0, 2);
		for (int i = 0; i < n; i++) {
			size_t len = strlen(found);

			snprintf(found + len, sizeof found - len, "%s%lld",
			    len > 0 ? " " : "", (long long)ids[i]);
		}
	} while (!s.ended);
	return found;
}
#define SEEK(...) seek((struct job_seek){ __VA_ARGS__ })

static void
some(void)
{
	hold(1, "Anna", "pc-7.example.org", "Bericht Q3");
	hold(2, "Berta", "pc-8.example.org", "Prüfung Mathe");
	hold(3, "Anna", "laptop", "Einladung");
	hold(4, "Carl", "pc-7.example.org", "BERICHT, alt");
	hold(0x123456789abcd, "Dora", "x", "y");
}

UNIT(words_are_found_in_every_text)
{
	some();
	assert_string_equal("1 4", SEEK(.words = "bericht"));
	assert_string_equal("2", SEEK(.words = "prüf"));
	assert_string_equal("1 3", SEEK(.words = "anna"));
	assert_string_equal("1 4", SEEK(.words = "pc-7"));
	assert_string_equal("1 2 3 4 320255973501901", SEEK(.words = ""));
	assert_string_equal("", SEEK(.words = "bericht%"));
	assert_string_equal("", SEEK(.words = "b_richt"));
	assert_string_equal("", SEEK(.words = "' or 1=1 --"));
}

UNIT(an_id_is_found_by_a_part_of_it)
{
	some();
	assert_string_equal("320255973501901", SEEK(.words =
	    "j-000938nkrkayd"));
	assert_string_equal("320255973501901", SEEK(.words = "nkrk"));
	assert_string_equal("", SEEK(.words = "nkr"));	/* too little */
	assert_string_equal("320255973501901", SEEK(.words = "nkrk",
	    .titles_of = "nobody"));
}

UNIT(the_last_come_first)
{
	some();
	assert_string_equal("4 1", SEEK(.words = "bericht",
	    .f.newest = true));
	assert_string_equal("3 1", SEEK(.words = "a", .f.newest = true,
	    .f.user_key = "anna", .f.before = 4));
	assert_string_equal("1", SEEK(.words = "bericht", .f.before = 4));
	assert_string_equal("4", SEEK(.words = "bericht", .f.after = 1));
	assert_string_equal("3 2", SEEK(.f.newest = true, .f.after = 1,
	    .f.before = 4));
}

UNIT(a_user_finds_only_the_own)
{
	some();
	assert_string_equal("1", SEEK(.words = "bericht",
	    .f.user_key = "anna"));
	assert_string_equal("", SEEK(.words = "prüf", .f.user_key = "anna"));
	assert_string_equal("", SEEK(.words = "e", .f.user_key = "nobody"));
}

/* The help desk: titles of others are not even found. */
UNIT(a_title_is_found_only_by_whom_may_read_it)
{
	some();
	assert_string_equal("1", SEEK(.words = "bericht",
	    .titles_of = "anna"));
	assert_string_equal("", SEEK(.words = "bericht", .titles_of = "eva"));
	assert_string_equal("1 4", SEEK(.words = "pc-7", .titles_of = "eva"));
	assert_string_equal("4", SEEK(.words = "carl", .titles_of = "eva"));
}

UNIT(by_state_device_and_queue)
{
	some();
	fixture_sql("UPDATE job SET state=3,device_id='d1' WHERE id=1;"
	    "UPDATE job SET state=5,device_id='d2' WHERE id=4;"
	    "UPDATE job SET queue='Other' WHERE id=2;");
	assert_string_equal("1", SEEK(.words = "bericht",
	    .f.states = 1u << JOB_SENT));
	assert_string_equal("1 4", SEEK(.words = "bericht",
	    .f.states = 1u << JOB_SENT | 1u << JOB_EXPIRED));
	assert_string_equal("4", SEEK(.device_id = "d2"));
	assert_string_equal("", SEEK(.device_id = "d2", .words = "q3"));
	assert_string_equal("2", SEEK(.queue = "Other"));
}

UNIT(a_list_goes_both_ways)
{
	struct job_filter f = { .states = ~0u, .limit = 10 };
	int64_t want[] = { 1, 2, 3, 4 };
	struct job_seek s = { .f = f, .slice_ms = 100 };
	int64_t ids[8];

	for (int i = 0; i < 4; i++)
		hold(want[i], i % 2 == 0 ? "Anna" : "Berta", "pc", "t");
	assert_int_equal(4, store_job_seek(st, &s, ids, 8));
	assert_true(s.ended);
	assert_memory_equal(want, ids, sizeof want);
}

static bool
list_row(const struct job *j, void *ctx)
{
	size_t len = strlen(found);

	(void)ctx;
	snprintf(found + len, sizeof found - len, "%s%lld", len > 0 ? " " :
	    "", (long long)j->id);
	return true;
}

UNIT(the_plain_list_too)
{
	static const struct {
		struct job_filter f;
		const char *want;
	} t[] = {
		{ { .states = ~0u, .limit = 9 }, "1 2 3 4" },
		{ { .states = ~0u, .limit = 9, .newest = true }, "4 3 2 1" },
		{ { .states = ~0u, .limit = 2, .newest = true, .before = 4 },
		    "3 2" },
		{ { .states = ~0u, .limit = 9, .after = 1, .before = 4 },
		    "2 3" },
		{ { .states = 1u << JOB_HELD, .limit = 9, .newest = true },
		    "4 2 1" },
		{ { .states = 1u << JOB_HELD | 1u << JOB_SENT, .limit = 2,
		    .newest = true, .user_key = "anna" }, "3 1" },
		{ { .states = ~0u, .limit = 9, .before = 3,
		    .user_key = "anna" }, "1" }
	};

	for (int64_t i = 1; i <= 4; i++)
		hold(i, i % 2 == 1 ? "Anna" : "Berta", "pc", "t");
	fixture_sql("UPDATE job SET state=3 WHERE id=3;");
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		found[0] = '\0';
		assert_true(store_job_list(st, &t[i].f, list_row, NULL) >= 0);
		assert_string_equal(t[i].want, found);
	}
}

/* ---- keep */

static int
keep(int64_t id, int64_t until, int64_t now)
{
	int rc;

	fixture_begin();
	rc = store_job_keep(st, id, until, now);
	fixture_commit();
	return rc;
}

UNIT(only_what_waits_is_kept)
{
	struct job j;

	some();
	assert_int_equal(0, keep(1, 9000000, 1500000));
	assert_int_equal(0, store_job_get(st, 1, &j));
	assert_int_equal(9000000, j.expires_ms);
	assert_int_equal(-REL_E_NOTHELD, keep(2, 9000000, 2000000));
	fixture_sql("UPDATE job SET state=2 WHERE id=3;"
	    "UPDATE job SET state=6,has_doc=0 WHERE id=4;");
	assert_int_equal(-REL_E_NOTHELD, keep(3, 9000000, 1500000));
	assert_int_equal(-REL_E_NOTHELD, keep(4, 9000000, 1500000));
	assert_int_equal(-REL_E_NOTHELD, keep(77, 9000000, 1500000));
	assert_int_equal(0, store_job_get(st, 3, &j));
	assert_int_equal(2000000, j.expires_ms);
}

/* ---- a large site */

static void
make_many(void)
{
	struct job j;

	fixture_begin();
	for (int64_t i = 1; i <= MANY; i++) {
		fixture_job(&j, i << 22);
		snprintf(j.user, sizeof j.user, "User%05lld",
		    (long long)(i % 10000));
		snprintf(j.user_key, sizeof j.user_key, "user%05lld",
		    (long long)(i % 10000));
		snprintf(j.host, sizeof j.host, "pc-%lld.example.org",
		    (long long)(i % 999));
		snprintf(j.title, sizeof j.title,
		    "Quarterly report %lld, draft for the board.docx",
		    (long long)i);
		assert_int_equal(0, store_job_add(st, &j));
	}
	fixture_commit();
}

/* What this process took of a processor, in milliseconds. */
static int64_t
cpu_ms(void)
{
	return (int64_t)clock() * 1000 / CLOCKS_PER_SEC;
}

/* The fastest of some, of processor time; how many were found. */
static int64_t
timed(struct job_seek want, int *n)
{
	int64_t best = INT64_MAX, ids[50];

	for (int i = 0; i < 5; i++) {
		struct job_seek s = want;
		int64_t began = cpu_ms();

		*n = 0;
		do {
			int rc = store_job_seek(st, &s, ids + *n, 50 - *n);

			assert_true(rc >= 0);
			*n += rc;
		} while (!s.ended && *n < 50);
		if (cpu_ms() - began < best)
			best = cpu_ms() - began;
	}
	return best;
}

/*
 * The figures are printed; what is asserted leaves room for slow machines and
 * sanitizers, but not for a search that reads whole rows again and again.
 */
UNIT(a_search_of_100000_is_quick)
{
	struct job_seek all = { .f = { .states = ~0u, .newest = true },
	    .slice_ms = 3, .words = "no such words" };
	struct job_seek page = all, own = all, slice = all;
	int64_t ms, ids[50];
	int n;

	make_many();
	ms = timed(all, &n);
	print_message("# %d looked through: %lld ms\n", MANY, (long long)ms);
	assert_int_equal(0, n);
	assert_true(ms < 500);
	page.words = "draft";
	ms = timed(page, &n);
	print_message("# the 50 newest of many: %lld ms\n", (long long)ms);
	assert_int_equal(50, n);
	assert_true(ms < 50);
	own.f.user_key = "user00042";
	own.words = "report";
	ms = timed(own, &n);
	print_message("# of one user: %lld ms\n", (long long)ms);
	assert_int_equal(10, n);
	assert_true(ms < 50);
	/* Nobody is kept waiting for longer than a slice and a little. */
	slice.slice_ms = 1;
	ms = cpu_ms();
	assert_int_equal(0, store_job_seek(st, &slice, ids, 50));
	assert_true(cpu_ms() - ms < 50);
	assert_false(slice.ended);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORED(words_are_found_in_every_text),
		STORED(an_id_is_found_by_a_part_of_it),
		STORED(the_last_come_first),
		STORED(a_user_finds_only_the_own),
		STORED(a_title_is_found_only_by_whom_may_read_it),
		STORED(by_state_device_and_queue),
		STORED(a_list_goes_both_ways),
		STORED(the_plain_list_too),
		STORED(only_what_waits_is_kept),
		STORED(a_search_of_100000_is_quick),
	};

	return cmocka_run_group_tests_name("store_seek", tests, NULL, NULL);
}
