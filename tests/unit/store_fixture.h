/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <sqlite3.h>

#include "releaserd/core/store.h"

/* A database in a folder of its own; each test starts with an empty one. */
extern struct store *st;
extern char store_path[64];

int fixture_open(void **state);
int fixture_close(void **state);
#define STORED(name) \
	cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

/* Close and open again, as after a restart. */
void fixture_reopen(void);

/* A held job of anna that never clashes with another of these. */
void fixture_job(struct job *j, int64_t id);

/* Add it in a transaction of its own; 0 or the error. */
int fixture_add_job(const struct job *j);

/* Run a script on the file by another connection, as another program. */
void fixture_sql(const char *sql);

/* All writes of a test happen between these. */
void fixture_begin(void);
void fixture_commit(void);

#endif
