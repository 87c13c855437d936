/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "tests/unit/store_fixture.h"

struct store *st;
char store_path[64];
static char folder[32];

int
fixture_open(void **state)
{
	struct rel_err err = { 0, "" };

	(void)state;
	rel_log_init("test", REL_ERROR + 1);	/* quiet: failures are meant */
	snprintf(folder, sizeof folder, "/tmp/test_store.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(store_path, sizeof store_path, "%s/release.db", folder);
	if (store_open(&st, store_path, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	return 0;
}

int
fixture_close(void **state)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
	char path[80];

	(void)state;
	store_close(&st);
	for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
		snprintf(path, sizeof path, "%s%s", store_path, tails[i]);
		unlink(path);
	}
	return rmdir(folder);
}

void
fixture_reopen(void)
{
	struct rel_err err = { 0, "" };

	store_close(&st);
	assert_null(st);
	if (store_open(&st, store_path, &err) < 0)
		fail_msg("%s", err.text);
}

void
fixture_job(struct job *j, int64_t id)
{
	memset(j, 0, sizeof *j);
	j->id = id;
	memcpy(j->queue, "FollowMe", 9);
	snprintf(j->uuid, sizeof j->uuid, "urn:uuid:%lld", (long long)id);
	j->document = 1;
	j->cups_job = 17;
	memcpy(j->user_key, "anna", 5);
	memcpy(j->user, "Anna", 5);
	memcpy(j->host, "pc7", 4);
	memcpy(j->title, "Pr\xc3\xbc" "fung", 9);
	memcpy(j->format, "application/pdf", 16);
	memcpy(j->options, "media=A4", 9);
	j->bytes = 1000 + id % 1000;
	j->copies = 2;
	memset(j->sealed_key, 0x5a, sizeof j->sealed_key);
	j->has_doc = true;
	j->state = JOB_HELD;
	j->created_ms = 1000000;
	j->expires_ms = 2000000;
}

int
fixture_add_job(const struct job *j)
{
	int rc;

	fixture_begin();
	rc = store_job_add(st, j);
	if (rc == 0)
		fixture_commit();
	else
		store_rollback(st);
	return rc;
}

void
fixture_sql(const char *sql)
{
	sqlite3 *db;
	char *why = NULL;

	assert_int_equal(SQLITE_OK, sqlite3_open(store_path, &db));
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	assert_int_equal(SQLITE_OK, sqlite3_close(db));
}

void
fixture_begin(void)
{
	struct rel_err err = { 0, "" };

	if (store_begin(st, &err) != 0)
		fail_msg("%s", err.text);
	assert_true(store_is_open(st));
}

void
fixture_commit(void)
{
	struct rel_err err = { 0, "" };

	if (store_commit(st, &err) != 0)
		fail_msg("%s", err.text);
	assert_false(store_is_open(st));
}
