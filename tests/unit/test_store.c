/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The database file: schema, transactions, other programs. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/text.h"
#include "releaserd/core/store_money.h"
#include "releaserd/core/store_priv.h"
#include "tests/unit/store_fixture.h"

static struct rel_err err;

/* Open the file as it is: 0, or the error with words. */
static int
try_open(void)
{
	int rc;

	store_close(&st);
	memset(&err, 0, sizeof err);
	rc = store_open(&st, store_path, &err);
	if (rc < 0) {
		assert_null(st);
		assert_string_not_equal("", err.text);
	}
	return rc;
}

/* The first column of the first row, by another connection. */
static int64_t
asked(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *q;
	int64_t n;

	assert_int_equal(SQLITE_OK, sqlite3_open(store_path, &db));
	assert_int_equal(SQLITE_OK,
	    sqlite3_prepare_v2(db, sql, -1, &q, NULL));
	assert_int_equal(SQLITE_ROW, sqlite3_step(q));
	n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return n;
}

UNIT(an_empty_file_gets_the_newest_schema)
{
	assert_int_equal(STORE_SCHEMA, store_schema(st));
	assert_int_equal(0, try_open());	/* and keeps it */
	assert_int_equal(STORE_SCHEMA, store_schema(st));
	assert_int_equal(1, asked("SELECT count(*) FROM tally"));
}

UNIT(a_file_of_a_newer_release_is_not_touched)
{
	fixture_sql("PRAGMA user_version = 99");
	assert_int_equal(-REL_E_DENIED, try_open());
	assert_non_null(strstr(err.text, "99"));
	assert_int_equal(99, asked("PRAGMA user_version"));
}

UNIT(a_step_that_fails_changes_nothing)
{
	store_close(&st);
	unlink(store_path);
	fixture_sql("CREATE TABLE job (mine TEXT)");	/* in the way */
	assert_int_equal(-REL_E_IO, try_open());
	assert_int_equal(0, asked("PRAGMA user_version"));
	assert_int_equal(1, asked("SELECT count(*) FROM sqlite_master"));
	fixture_sql("DROP TABLE job");
	assert_int_equal(0, try_open());
	assert_int_equal(STORE_SCHEMA, store_schema(st));
}

UNIT(a_file_that_is_no_database)
{
	int fd;

	store_close(&st);
	fd = open(store_path, O_WRONLY | O_TRUNC);
	assert_true(fd >= 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(16, write(fd, "this is no file ", 16));
	close(fd);
	assert_true(try_open() < 0);
	assert_int_equal(0, truncate(store_path, 0));
	assert_int_equal(0, try_open());
}

UNIT(a_folder_that_is_not_there)
{
	struct store *none = NULL;

	assert_int_equal(-REL_E_IO,
	    store_open(&none, "/nonexistent/release.db", &err));
	assert_null(none);
}

UNIT(writes_of_one_turn_are_all_there_or_none)
{
	struct job j;
	int64_t held, bytes;

	fixture_begin();
	for (int64_t id = 1; id <= 50; id++) {
		fixture_job(&j, id);
		assert_int_equal(0, store_job_add(st, &j));
	}
	store_rollback(st);
	assert_false(store_is_open(st));
	assert_int_equal(0, store_tally(st, &held, &bytes));
	assert_int_equal(0, held);
	fixture_begin();
	for (int64_t id = 1; id <= 50; id++) {
		fixture_job(&j, id);
		assert_int_equal(0, store_job_add(st, &j));
	}
	assert_int_equal(0, asked("SELECT count(*) FROM job"));
	fixture_commit();
	assert_int_equal(50, asked("SELECT count(*) FROM job"));
	fixture_reopen();
	assert_int_equal(0, store_tally(st, &held, &bytes));
	assert_int_equal(50, held);
}

UNIT(a_clash_within_a_turn_spoils_nothing_else)
{
	struct job j;

	fixture_job(&j, 1);
	fixture_begin();
	assert_int_equal(0, store_job_add(st, &j));
	j.id = 2;				/* the same document again */
	assert_int_equal(-REL_E_EXISTS, store_job_add(st, &j));
	fixture_job(&j, 3);
	assert_int_equal(0, store_job_add(st, &j));
	fixture_commit();
	assert_int_equal(2, asked("SELECT count(*) FROM job"));
}

UNIT(another_program_that_writes_is_not_waited_for)
{
	sqlite3 *other;
	struct job j;
	int64_t from;

	assert_int_equal(SQLITE_OK, sqlite3_open(store_path, &other));
	assert_int_equal(SQLITE_OK,
	    sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL));
	from = rel_mono_ms();
	assert_int_equal(-REL_E_PEER, store_begin(st, &err));
	assert_true(rel_mono_ms() - from < 500);
	assert_false(store_is_open(st));
	/* Reading goes on: WAL. */
	assert_int_equal(-REL_E_NOTFOUND, store_job_get(st, 1, &j));
	assert_int_equal(SQLITE_OK,
	    sqlite3_exec(other, "COMMIT", NULL, NULL, NULL));
	sqlite3_close(other);
	fixture_job(&j, 1);
	assert_int_equal(0, fixture_add_job(&j));
}

/* A database as the first release left it, with a job and a device in it. */
static void
make_older(void)
{
	struct store older = { 0 };

	store_close(&st);
	assert_int_equal(0, unlink(store_path));
	assert_int_equal(SQLITE_OK, sqlite3_open(store_path, &older.db));
	assert_int_equal(0, store_migrate_to(&older, 1, &err));
	assert_int_equal(1, store_schema(&older));
	assert_int_equal(SQLITE_OK, sqlite3_exec(older.db,
	    "INSERT INTO job(id,node,queue,uuid,document,cups_job,user_key,"
	    "user,host,title,format,options,bytes,copies,pin_scheme,has_doc,"
	    "state,reason,created_ms,expires_ms) VALUES(7,0,'q','urn:uuid:7',"
	    "1,3,'anna','Anna','pc','Old','application/pdf','sides=one-sided',"
	    "99,2,'',1,1,'',1000,2000),(8,0,'q','urn:uuid:8',1,4,'anna','Anna',"
	    "'pc','Gone','application/pdf','',99,1,'',0,3,'',1000,2000);"
	    "INSERT INTO device VALUES('d-1',0,'Flur','','','','','','','',1,"
	    "'','',NULL,'','host',515,'lp',0,'',NULL,0,0,0,0,0,0);",
	    NULL, NULL, NULL));
	for (size_t i = 0; i < older.nkept; i++)
		sqlite3_finalize(older.kept[i].stmt);
	free(older.kept);
	assert_int_equal(SQLITE_OK, sqlite3_close(older.db));
}

UNIT(an_older_database_is_brought_up_to_date)
{
	struct rel_facts f;
	struct account a;
	struct device d;
	struct job j;
	int64_t ids[4];

	make_older();
	assert_int_equal(0, try_open());
	assert_int_equal(STORE_SCHEMA, store_schema(st));
	assert_int_equal(0, store_job_get(st, 7, &j));
	assert_string_equal("Old", j.title);
	assert_string_equal("sides=one-sided", j.options);
	assert_int_equal(2, j.copies);
	assert_int_equal(JOB_HELD, j.state);
	assert_int_equal(REL_SURE_UNKNOWN, j.count.pages_sure);
	assert_string_equal("", j.changes);
	/* What was held uncounted is to be looked at; what is gone is not. */
	assert_int_equal(LOOK_WANTED, j.look);
	assert_int_equal(1, store_job_looks(st, 0, ids, 4));
	assert_int_equal(7, ids[0]);
	assert_int_equal(-REL_E_NOTFOUND, store_job_facts(st, 7, &f));
	assert_int_equal(0, store_device_get(st, "d-1", &d));
	assert_string_equal("", d.driver);
	assert_int_equal(515, d.lpr_port);
	/* A ledger in which nobody has anything yet. */
	assert_int_equal(0, store_account_by_id(st, BANK_ID(UNIT_MONO), &a));
	assert_int_equal(ACCOUNT_BANK, a.kind);
	assert_int_equal(UNIT_MONO, a.unit);
	assert_int_equal(0, a.balance);
	assert_int_equal(0, store_account_by_id(st, RESERVED_ID(UNIT_MONEY),
	    &a));
	assert_int_equal(ACCOUNT_RESERVED, a.kind);
	assert_int_equal(-REL_E_NOTFOUND, store_account_by_id(st, 7, &a));
	assert_int_equal(0, try_open());	/* once is enough */
	assert_int_equal(0, store_job_get(st, 8, &j));
	assert_int_equal(LOOK_NONE, j.look);
}

UNIT(the_pages_of_a_job_are_kept)
{
	struct job_count out = { .sides = 3, .sheets = 2, .colour = 1 };
	struct rel_facts f, back;
	struct job j;

	fixture_job(&j, 5);
	rel_facts_init(&f);
	memcpy(f.language, "pdf", 4);
	f.pages_sure = f.colour_sure = REL_SURE_EXACT;
	f.input_pages = f.sides = f.sheets = f.impressions = 9;
	f.colour_sides = 2;
	rel_facts_add_colour(&f, 2, 3);
	rel_facts_add_media(&f, 21000, 29700);
	memcpy(j.count.language, "pdf", 4);
	memcpy(j.count.media, "iso_a4_210x297mm", 17);
	j.count.pages = j.count.sides = 9;
	j.count.sheets = 5;
	j.count.colour = 2;
	j.count.pages_sure = j.count.colour_sure = REL_SURE_EXACT;
	j.count.duplex = REL_DUPLEX_LONG;
	fixture_begin();
	assert_int_equal(0, store_job_add(st, &j));
	assert_int_equal(0, store_job_set_facts(st, 5, &f));
	assert_int_equal(0, store_job_set_count(st, 5, &j.count));
	assert_int_equal(0, store_job_set_changes(st, 5, "copies=2"));
	assert_int_equal(0, store_job_set_out(st, 5, &out, 4));
	assert_int_equal(0, store_job_set_confirmed(st, 5));
	fixture_commit();
	fixture_reopen();
	assert_int_equal(0, store_job_get(st, 5, &j));
	assert_string_equal("pdf", j.count.language);
	assert_string_equal("iso_a4_210x297mm", j.count.media);
	assert_int_equal(9, j.count.sides);
	assert_int_equal(5, j.count.sheets);
	assert_int_equal(2, j.count.colour);
	assert_int_equal(REL_DUPLEX_LONG, j.count.duplex);
	assert_string_equal("copies=2", j.changes);
	assert_int_equal(3, j.out.sides);
	assert_int_equal(4, j.out_copies);
	assert_true(j.confirmed);
	assert_int_equal(0, store_job_facts(st, 5, &back));
	assert_string_equal("2-3", back.colour_pages);
	assert_int_equal(1, back.nmedia);
	/* A job that is gone is changed no more. */
	fixture_begin();
	assert_int_equal(0, store_job_end(st, 5, JOB_DELETED, "x", 1));
	assert_int_equal(-REL_E_NOTHELD,
	    store_job_set_changes(st, 5, "copies=3"));
	fixture_commit();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORED(an_empty_file_gets_the_newest_schema),
		STORED(a_file_of_a_newer_release_is_not_touched),
		STORED(a_step_that_fails_changes_nothing),
		STORED(an_older_database_is_brought_up_to_date),
		STORED(the_pages_of_a_job_are_kept),
		STORED(a_file_that_is_no_database),
		UNIT_RUN(a_folder_that_is_not_there),
		STORED(writes_of_one_turn_are_all_there_or_none),
		STORED(a_clash_within_a_turn_spoils_nothing_else),
		STORED(another_program_that_writes_is_not_waited_for),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
