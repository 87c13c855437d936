/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A spool file from a disk nobody can trust.  'R' and bytes: the file as it
 * is.  'V', u16 full chunks (0..1), u16 bytes more, then changes to a good
 * file: 'X' u32 place u8 bits flips them, 'T' u32 size u8 sets its length.
 * What the reader gives must be the true beginning, and all of it when it
 * says that this was the end.
 */
#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/cursor.h"
#include "lib/spool.h"

#define JOB 77u
#define PLAIN_MAX (REL_SPOOL_CHUNK + 65536u)
#define FILE_MAX (4u << 20)

static const uint8_t key[REL_SPOOL_KEY_BYTES] = { 7 };
static uint8_t plain[PLAIN_MAX];

static int
empty_file(void)
{
	static FILE *f;

	if (f == NULL && (f = tmpfile()) == NULL)
		abort();
	if (ftruncate(fileno(f), 0) < 0 || lseek(fileno(f), 0, SEEK_SET) < 0)
		abort();
	return fileno(f);
}

/* Read to the end or an error; everything given is the true document. */
static void
read_it(int fd, size_t want)
{
	struct rel_spool_reader *r = NULL;
	struct rel_err err = { 0 };
	const uint8_t *p;
	size_t n, got = 0;
	int rc;

	if ((rc = rel_spool_reader_new(&r, fd, key, JOB, &err)) < 0) {
		FUZZ_MUST(r == NULL && err.code == -rc);
		return;
	}
	while ((rc = rel_spool_read(r, &p, &n, &err)) > 0) {
		FUZZ_MUST(n > 0 && got + n <= want);
		FUZZ_MUST(memcmp(p, plain + got, n) == 0);
		got += n;
	}
	FUZZ_MUST(rc == 0 || err.code == -rc);
	FUZZ_MUST(rc < 0 || got == want);
	rel_spool_reader_free(&r);
}

static void
good_file(int fd, size_t n)
{
	struct rel_spool_writer *w;
	struct rel_err err;

	if (rel_spool_writer_new(&w, fd, key, JOB, &err) < 0 ||
	    rel_spool_write(w, plain, n, &err) < 0 ||
	    rel_spool_finish(w, NULL, &err) < 0)
		abort();
	rel_spool_writer_free(&w);
}

/* One change; true when the file is another one now. */
static bool
change(int fd, uint8_t how, uint32_t at, uint8_t bits)
{
	off_t size = lseek(fd, 0, SEEK_END);
	uint8_t b;

	if (how == 'T' && at <= FILE_MAX && (off_t)at != size)
		return ftruncate(fd, at) == 0;
	if (how != 'X' || bits == 0 || pread(fd, &b, 1, at) != 1)
		return false;
	b ^= bits;
	return pwrite(fd, &b, 1, at) == 1;
}

static void
changed_file(const uint8_t *p, size_t n)
{
	struct rel_cur c;
	size_t bytes;
	int fd = empty_file();

	rel_cur_init(&c, p, n);
	bytes = (rel_get_u16(&c) & 1u) * REL_SPOOL_CHUNK;
	bytes += rel_get_u16(&c);
	good_file(fd, bytes);
	for (int i = 0; i < 8 && rel_cur_left(&c) >= 6; i++) {
		uint8_t how = rel_get_u8(&c);
		uint32_t at = rel_get_u32(&c);

		(void)change(fd, how, at, rel_get_u8(&c));
	}
	read_it(fd, bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (plain[1] == 0)
		for (size_t i = 0; i < PLAIN_MAX; i++)
			plain[i] = (uint8_t)(i * 2654435761u >> 13 | 1);
	if (n > 0 && p[0] == 'V')
		changed_file(p + 1, n - 1);
	if (n > 1 && p[0] == 'R') {
		int fd = empty_file();

		if (write(fd, p + 1, n - 1) != (ssize_t)(n - 1))
			abort();
		read_it(fd, 0);
	}
	return 0;
}
