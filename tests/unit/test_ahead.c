/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "releaserd/send/ahead.h"
#include "tests/unit/unit.h"

#define JOB 77
#define CHUNKS 9u
#define PLAIN (CHUNKS * REL_SPOOL_CHUNK + 12345u)

static const uint8_t key[32] = { 1, 2, 3 };
static int fd;
static uint8_t *plain;

/* A document of CHUNKS full chunks and a rest. */
static int
make_document(void **state)
{
	struct rel_spool_writer *w = NULL;
	FILE *f = tmpfile();
	struct rel_err err;

	(void)state;
	if (f == NULL || (plain = malloc(PLAIN)) == NULL)
		return -1;
	fd = dup(fileno(f));
	fclose(f);
	for (size_t i = 0; i < PLAIN; i++)
		plain[i] = (uint8_t)(i * 7 + i / REL_SPOOL_CHUNK);
	if (rel_spool_writer_new(&w, fd, key, JOB, &err) < 0 ||
	    rel_spool_write(w, plain, PLAIN, &err) < 0 ||
	    rel_spool_finish(w, NULL, &err) < 0)
		return -1;
	rel_spool_writer_free(&w);
	return 0;
}

static int
drop_document(void **state)
{
	(void)state;
	free(plain);
	close(fd);
	return 0;
}

/* Read at most `most` chunks and compare; the last answer. */
static int
compare(struct ahead *a, unsigned most, size_t *total, struct rel_err *err)
{
	const uint8_t *p;
	size_t n;
	int rc = 1;

	*total = 0;
	while (most-- > 0 && (rc = ahead_next(a, &p, &n, err)) == 1) {
		assert_true(*total + n <= PLAIN);
		assert_memory_equal(p, plain + *total, n);
		*total += n;
	}
	return rc;
}

static void
open_both(struct rel_spool_reader **r, struct ahead **a)
{
	struct rel_err err;

	assert_int_equal(0, rel_spool_reader_new(r, fd, key, JOB, &err));
	assert_int_equal(0, ahead_new(a, *r, &err));
}

static void
gives_the_whole_document(void **state)
{
	struct rel_spool_reader *r;
	struct ahead *a;
	struct rel_err err;
	const uint8_t *p;
	size_t n, total;

	(void)state;
	open_both(&r, &a);
	assert_int_equal(0, compare(a, UINT32_MAX, &total, &err));
	assert_int_equal(PLAIN, total);
	assert_int_equal(0, ahead_next(a, &p, &n, &err));
	ahead_free(&a);
	assert_null(a);
	rel_spool_reader_free(&r);
}

static void
goes_back_to_the_start_from_anywhere(void **state)
{
	struct rel_spool_reader *r;
	struct ahead *a;
	struct rel_err err;
	size_t total;

	(void)state;
	open_both(&r, &a);
	for (unsigned i = 0; i < CHUNKS; i++) {
		assert_int_equal(1, compare(a, i + 1, &total, &err));
		assert_int_equal((i + 1) * REL_SPOOL_CHUNK, total);
		ahead_rewind(a);
	}
	assert_int_equal(0, compare(a, UINT32_MAX, &total, &err));
	assert_int_equal(PLAIN, total);
	ahead_free(&a);
	rel_spool_reader_free(&r);
}

/* May be given up at any moment, also before it was begun. */
static void
can_be_left_in_the_middle(void **state)
{
	struct rel_spool_reader *r;
	struct ahead *a;
	struct rel_err err;
	size_t total;

	(void)state;
	for (unsigned i = 0; i <= CHUNKS; i++) {
		open_both(&r, &a);
		assert_int_equal(1, compare(a, i, &total, &err));
		ahead_free(&a);
		rel_spool_reader_free(&r);
	}
}

static void
says_which_chunk_was_altered(void **state)
{
	const off_t at = 6 * (off_t)REL_SPOOL_ROOM + 100;
	struct rel_spool_reader *r;
	struct ahead *a;
	struct rel_err err = { 0 };
	uint8_t was, now;
	size_t total;

	(void)state;
	assert_int_equal(1, pread(fd, &was, 1, at));
	now = was ^ 1;
	assert_int_equal(1, pwrite(fd, &now, 1, at));
	open_both(&r, &a);
	assert_int_equal(-REL_E_AUTH, compare(a, UINT32_MAX, &total, &err));
	assert_int_equal(6 * REL_SPOOL_CHUNK, total);
	assert_string_equal("the spool file is altered", err.text);
	ahead_free(&a);
	rel_spool_reader_free(&r);
	assert_int_equal(1, pwrite(fd, &was, 1, at));
}

/* Slow devices are many at a time, and a chunk is a megabyte. */
static void
holds_one_chunk_for_a_slow_device(void **state)
{
	const struct timespec slow = { 0, 120000000 };
	struct rel_spool_reader *r;
	struct ahead *a;
	struct rel_err err;
	const uint8_t *p, *first;
	bool moved = false;
	size_t n;

	(void)state;
	open_both(&r, &a);
	assert_int_equal(1, ahead_next(a, &first, &n, &err));
	for (unsigned i = 1; i < 4; i++) {
		nanosleep(&slow, NULL);
		assert_int_equal(1, ahead_next(a, &p, &n, &err));
		assert_ptr_equal(first, p);
		assert_memory_equal(p, plain + i * REL_SPOOL_CHUNK, n);
	}
	for (unsigned i = 4; i < CHUNKS; i++) {
		assert_int_equal(1, ahead_next(a, &p, &n, &err));
		assert_int_equal(plain[i * REL_SPOOL_CHUNK], p[0]);
		moved = moved || p != first;
	}
	assert_true(moved);
	ahead_free(&a);
	rel_spool_reader_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_whole_document),
		cmocka_unit_test(goes_back_to_the_start_from_anywhere),
		cmocka_unit_test(can_be_left_in_the_middle),
		cmocka_unit_test(says_which_chunk_was_altered),
		cmocka_unit_test(holds_one_chunk_for_a_slow_device)
	};

	return cmocka_run_group_tests(tests, make_document, drop_document);
}
