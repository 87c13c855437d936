/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/spool.h"

#define HEADER 32
#define TAG 16
#define CHUNK ((size_t)REL_SPOOL_CHUNK)
#define SEALED (CHUNK + TAG)
#define MAX_BYTES (3 * CHUNK)
#define JOB 4711u

static const uint8_t key[32] = { 1, 2, 3, 4, 5, 6, 7 };
static const uint8_t other_key[32] = { 9 };
static uint8_t *plain;

static int
set_up(void **state)
{
	(void)state;
	if ((plain = malloc(MAX_BYTES)) == NULL)
		return -1;
	for (size_t i = 0; i < MAX_BYTES; i++)
		plain[i] = (uint8_t)(i * 2654435761u >> 13);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(plain);
	return 0;
}

static int
new_file(void)
{
	char path[] = "test_spool.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	return fd;
}

/* A finished spool file of n bytes, written in pieces of `piece`. */
static int
make(const uint8_t *k, uint64_t job, size_t n, size_t piece)
{
	struct rel_spool_writer *w = NULL;
	struct rel_err err;
	uint64_t took = 0;
	int fd = new_file();

	assert_int_equal(0, rel_spool_writer_new(&w, fd, k, job, &err));
	for (size_t at = 0; at < n; at += piece)
		assert_int_equal(0, rel_spool_write(w, plain + at,
		    n - at < piece ? n - at : piece, &err));
	assert_int_equal(0, rel_spool_finish(w, &took, &err));
	assert_int_equal(n, took);
	rel_spool_writer_free(&w);
	assert_null(w);
	return fd;
}

static off_t
size_of(int fd)
{
	struct stat st;

	assert_int_equal(0, fstat(fd, &st));
	return st.st_size;
}

/*
 * Read it all and compare with plain.  Returns 0, or the error; *given says
 * how many bytes came out (all of them must be right in any case).
 */
static int
read_all(int fd, const uint8_t *k, uint64_t job, size_t *given)
{
	struct rel_spool_reader *r = NULL;
	struct rel_err err = { 0 };
	const uint8_t *p;
	size_t n;
	int rc;

	*given = 0;
	if ((rc = rel_spool_reader_new(&r, fd, k, job, &err)) < 0) {
		assert_null(r);
		assert_int_equal(-rc, err.code);
		assert_true(err.text[0] != '\0');
		return rc;
	}
	while ((rc = rel_spool_read(r, &p, &n, &err)) > 0) {
		assert_true(n > 0 && *given + n <= MAX_BYTES);
		assert_memory_equal(p, plain + *given, n);
		*given += n;
	}
	if (rc == 0) {
		assert_int_equal(*given, rel_spool_plain_bytes(r));
		assert_int_equal(0, rel_spool_read(r, &p, &n, &err));
	}
	rel_spool_reader_free(&r);
	assert_null(r);
	return rc;
}

static void
flip(int fd, off_t at)
{
	uint8_t b;

	assert_int_equal(1, pread(fd, &b, 1, at));
	b ^= 0x10;
	assert_int_equal(1, pwrite(fd, &b, 1, at));
}

/* Copy n bytes of a file to a place of another. */
static void
copy(int to, off_t to_at, int from, off_t from_at, size_t n)
{
	uint8_t *b = malloc(n);

	assert_non_null(b);
	assert_int_equal(n, pread(from, b, n, from_at));
	assert_int_equal(n, pwrite(to, b, n, to_at));
	free(b);
}

static const size_t sizes[] = {
	0, 1, 15, 16, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK,
	2 * CHUNK + 12345
};
#define NSIZES (sizeof sizes / sizeof sizes[0])

UNIT(what_goes_in_comes_out)
{
	for (size_t i = 0; i < NSIZES; i++) {
		int fd = make(key, JOB, sizes[i], i % 2 ? 65536 : CHUNK + 77);
		size_t given;

		assert_int_equal(HEADER + sizes[i] +
		    TAG * (sizes[i] / CHUNK + 1), size_of(fd));
		assert_int_equal(0, read_all(fd, key, JOB, &given));
		assert_int_equal(sizes[i], given);
		close(fd);
	}
}

UNIT(nothing_of_the_document_is_readable_on_disk)
{
	int a = make(key, JOB, 4096, 4096), b = make(other_key, JOB, 4096, 99);
	uint8_t disk_a[4096], disk_b[4096];

	assert_int_equal(4096, pread(a, disk_a, 4096, HEADER));
	assert_int_equal(4096, pread(b, disk_b, 4096, HEADER));
	for (size_t i = 0; i + 8 <= 4096; i++) {
		assert_null(memmem(disk_a, 4096, plain + i, 8));
		assert_memory_not_equal(disk_a + (i & ~7u),
		    disk_b + (i & ~7u), 8);
	}
	close(a);
	close(b);
}

UNIT(rewind_gives_the_same_again)
{
	int fd = make(key, JOB, CHUNK + 10, CHUNK);
	struct rel_spool_reader *r;
	struct rel_err err;
	const uint8_t *p;
	size_t n;

	assert_int_equal(0, rel_spool_reader_new(&r, fd, key, JOB, &err));
	for (int turn = 0; turn < 3; turn++) {
		assert_int_equal(1, rel_spool_read(r, &p, &n, &err));
		assert_int_equal(CHUNK, n);
		assert_memory_equal(p, plain, n);
		if (turn == 1) {	/* also from the middle */
			rel_spool_rewind(r);
			continue;
		}
		assert_int_equal(1, rel_spool_read(r, &p, &n, &err));
		assert_int_equal(10, n);
		assert_memory_equal(p, plain + CHUNK, n);
		assert_int_equal(0, rel_spool_read(r, &p, &n, &err));
		rel_spool_rewind(r);
	}
	rel_spool_reader_free(&r);
	close(fd);
}

/* Every shortening is found when the file is opened: no byte goes out. */
UNIT(a_cut_file_gives_nothing)
{
	for (size_t i = 0; i < NSIZES; i++) {
		int fd = make(key, JOB, sizes[i], CHUNK);
		off_t full = size_of(fd), tries[] = {
			full - 1, full - TAG, full - TAG - 1,
			HEADER + SEALED, HEADER + 2 * SEALED,
			HEADER + SEALED + TAG, HEADER + CHUNK, HEADER + TAG,
			HEADER + 1, HEADER, HEADER - 1, 1, 0
		};

		for (size_t k = 0; k < sizeof tries / sizeof tries[0]; k++) {
			size_t given;
			int cut, rc;

			if (tries[k] >= full || tries[k] < 0)
				continue;
			cut = new_file();
			copy(cut, 0, fd, 0, (size_t)full);
			assert_int_equal(0, ftruncate(cut, tries[k]));
			rc = read_all(cut, key, JOB, &given);
			if (rc != (tries[k] < HEADER ? -REL_E_FORMAT :
			    -REL_E_AUTH) || given != 0)
				fail_msg("%zu bytes cut to %lld: rc %d, gave "
				    "%zu", sizes[i], (long long)tries[k], rc,
				    given);
			close(cut);
		}
		close(fd);
	}
}

UNIT(a_file_cut_while_it_is_read_is_found)
{
	int fd = make(key, JOB, 2 * CHUNK + 5, CHUNK);
	struct rel_spool_reader *r;
	struct rel_err err;
	const uint8_t *p;
	size_t n;

	assert_int_equal(0, rel_spool_reader_new(&r, fd, key, JOB, &err));
	assert_int_equal(1, rel_spool_read(r, &p, &n, &err));
	assert_int_equal(0, ftruncate(fd, HEADER + SEALED));
	assert_int_equal(-REL_E_AUTH, rel_spool_read(r, &p, &n, &err));
	rel_spool_reader_free(&r);
	close(fd);
}

UNIT(a_lengthened_file_gives_nothing)
{
	for (size_t i = 0; i < NSIZES; i++) {
		int fd = make(key, JOB, sizes[i], CHUNK);
		off_t full = size_of(fd);
		size_t given;

		assert_int_equal(1, pwrite(fd, "x", 1, full));
		assert_int_equal(-REL_E_AUTH, read_all(fd, key, JOB, &given));
		assert_int_equal(0, given);
		/* The last chunk once more behind itself. */
		copy(fd, full, fd, HEADER + (off_t)(sizes[i] / CHUNK) *
		    (off_t)SEALED, sizes[i] % CHUNK + TAG);
		assert_int_equal(-REL_E_AUTH, read_all(fd, key, JOB, &given));
		assert_int_equal(0, given);
		close(fd);
	}
}

/* A flipped bit anywhere: that chunk and all behind it never come out. */
UNIT(a_flipped_bit_is_found)
{
	size_t n = 2 * CHUNK + 5, given;
	int fd = make(key, JOB, n, CHUNK);
	static const struct {
		off_t at;
		size_t good;	/* bytes that may come out before */
	} t[] = {
		{ HEADER, 0 }, { HEADER + CHUNK / 2, 0 },
		{ HEADER + CHUNK, 0 }, { HEADER + SEALED - 1, 0 },
		{ HEADER + SEALED, CHUNK }, { HEADER + 2 * SEALED - 1, CHUNK },
		{ HEADER + 2 * SEALED, 0 },	/* the last: found first */
		{ HEADER + 2 * SEALED + 5, 0 },
		{ HEADER + 2 * SEALED + 5 + TAG - 1, 0 },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		flip(fd, t[i].at);
		assert_int_equal(-REL_E_AUTH, read_all(fd, key, JOB, &given));
		assert_int_equal(t[i].good, given);
		flip(fd, t[i].at);
	}
	for (off_t at = 0; at < HEADER; at++) {
		int rc;

		flip(fd, at);
		rc = read_all(fd, key, JOB, &given);
		assert_true(rc == -REL_E_FORMAT || rc == -REL_E_AUTH);
		assert_int_equal(0, given);
		flip(fd, at);
	}
	assert_int_equal(0, read_all(fd, key, JOB, &given));
	close(fd);
}

UNIT(moved_chunks_are_found)
{
	size_t n = 2 * CHUNK + 5, given;
	int good = make(key, JOB, n, CHUNK), fd = make(key, JOB, n, CHUNK);

	copy(fd, HEADER, good, HEADER + SEALED, SEALED);	/* 1 0 2 */
	copy(fd, HEADER + SEALED, good, HEADER, SEALED);
	assert_int_equal(-REL_E_AUTH, read_all(fd, key, JOB, &given));
	assert_int_equal(0, given);
	copy(fd, HEADER, good, HEADER, SEALED);			/* 0 0 2 */
	assert_int_equal(-REL_E_AUTH, read_all(fd, key, JOB, &given));
	assert_int_equal(CHUNK, given);
	/* One taken out of the middle: 0 2. */
	copy(fd, HEADER + SEALED, good, HEADER + 2 * SEALED, 5 + TAG);
	assert_int_equal(0, ftruncate(fd, HEADER + SEALED + 5 + TAG));
	assert_int_equal(-REL_E_AUTH, read_all(fd, key, JOB, &given));
	assert_int_equal(0, given);
	close(fd);
	close(good);
}

UNIT(another_jobs_bytes_are_found)
{
	size_t n = CHUNK + 5, given;
	int a = make(key, JOB, n, CHUNK), b = make(key, JOB + 1, n, CHUNK);

	assert_int_equal(-REL_E_AUTH, read_all(a, key, JOB + 1, &given));
	assert_int_equal(-REL_E_AUTH, read_all(a, other_key, JOB, &given));
	assert_int_equal(0, given);
	/* Even under the same key the header is part of every chunk. */
	copy(b, HEADER, a, HEADER, SEALED);
	assert_int_equal(-REL_E_AUTH, read_all(b, key, JOB + 1, &given));
	assert_int_equal(0, given);
	copy(b, 0, a, 0, HEADER);
	assert_int_equal(-REL_E_AUTH, read_all(b, key, JOB, &given));
	assert_int_equal(0, given);
	close(a);
	close(b);
}

UNIT(what_is_no_spool_file_is_said_so)
{
	int fd = new_file();
	size_t given;

	assert_int_equal(CHUNK, pwrite(fd, plain, CHUNK, 0));
	assert_int_equal(-REL_E_FORMAT, read_all(fd, key, JOB, &given));
	close(fd);
	fd = make(key, JOB, 10, 10);
	flip(fd, 8);			/* a version to come */
	assert_int_equal(-REL_E_FORMAT, read_all(fd, key, JOB, &given));
	close(fd);
}

UNIT(a_file_that_was_not_finished_gives_nothing)
{
	struct rel_spool_writer *w;
	struct rel_err err;
	int fd = new_file();
	size_t given;

	assert_int_equal(0, rel_spool_writer_new(&w, fd, key, JOB, &err));
	assert_int_equal(0, rel_spool_write(w, plain, 2 * CHUNK, &err));
	rel_spool_writer_free(&w);
	assert_int_equal(HEADER + 2 * SEALED, size_of(fd));
	assert_int_equal(-REL_E_AUTH, read_all(fd, key, JOB, &given));
	assert_int_equal(0, given);
	close(fd);
}

/* A child that writes n bytes of plain into a pipe, in uneven pieces. */
static int
pipe_of(size_t n, pid_t *child)
{
	int p[2];

	assert_int_equal(0, pipe(p));
	if ((*child = fork()) == 0) {
		close(p[0]);
		for (size_t at = 0, i = 1; at < n; i++) {
			size_t step = i * 977 % 30011 + 1;

			step = n - at < step ? n - at : step;
			if (write(p[1], plain + at, step) != (ssize_t)step)
				_exit(1);
			at += step;
		}
		_exit(0);
	}
	close(p[1]);
	return p[0];
}

UNIT(a_pipe_is_read_to_its_end)
{
	static const volatile int no_stop = 0;

	for (size_t i = 0; i < NSIZES; i++) {
		struct rel_spool_writer *w;
		struct rel_err err;
		pid_t child;
		uint64_t took = 1;
		size_t given;
		int fd = new_file(), in = pipe_of(sizes[i], &child);

		assert_int_equal(0, rel_spool_writer_new(&w, fd, key, JOB,
		    &err));
		assert_int_equal(0, rel_spool_write_from(w, in, sizes[i],
		    i % 2 ? &no_stop : NULL, &err));
		assert_int_equal(0, rel_spool_finish(w, &took, &err));
		assert_int_equal(sizes[i], took);
		rel_spool_writer_free(&w);
		close(in);
		assert_int_equal(child, waitpid(child, NULL, 0));
		assert_int_equal(0, read_all(fd, key, JOB, &given));
		assert_int_equal(sizes[i], given);
		close(fd);
	}
}

UNIT(a_document_over_the_limit_is_refused)
{
	struct rel_spool_writer *w;
	struct rel_err err;
	pid_t child;
	int fd = new_file(), in = pipe_of(5000, &child);

	assert_int_equal(0, rel_spool_writer_new(&w, fd, key, JOB, &err));
	assert_int_equal(-REL_E_LIMIT, rel_spool_write_from(w, in, 4999, NULL,
	    &err));
	/* What failed once never becomes a whole file. */
	assert_int_equal(-REL_E_LIMIT, rel_spool_finish(w, NULL, &err));
	rel_spool_writer_free(&w);
	close(in);
	close(fd);
	assert_int_equal(child, waitpid(child, NULL, 0));
}

static volatile int stop;

static void
on_alarm(int sig)
{
	(void)sig;
	stop = 1;
}

/* A pipe that stays silent is left when the signal comes. */
UNIT(a_cancelled_job_stops_a_silent_pipe)
{
	struct itimerval in_50ms = { .it_value = { 0, 50000 } };
	struct sigaction act = { .sa_handler = on_alarm };
	struct rel_spool_writer *w;
	struct rel_err err;
	int p[2], fd = new_file();

	stop = 0;
	assert_int_equal(0, pipe(p));
	assert_int_equal(3, write(p[1], "abc", 3));
	assert_int_equal(0, sigaction(SIGALRM, &act, NULL));
	assert_int_equal(0, rel_spool_writer_new(&w, fd, key, JOB, &err));
	assert_int_equal(0, setitimer(ITIMER_REAL, &in_50ms, NULL));
	assert_int_equal(-REL_E_CLOSED, rel_spool_write_from(w, p[0], 0, &stop,
	    &err));
	assert_int_equal(-REL_E_CLOSED, rel_spool_finish(w, NULL, &err));
	rel_spool_writer_free(&w);
	close(p[0]);
	close(p[1]);
	close(fd);
}

UNIT(a_full_disk_is_told_from_a_broken_one)
{
	struct rel_spool_writer *w = NULL;
	struct rel_err err;
	int full = open("/dev/full", O_WRONLY), in = open("/dev/zero", O_RDONLY);
	int readonly = open("/dev/null", O_RDONLY), fd = new_file();

	if (full < 0)
		skip();		/* no /dev/full here (macOS) */
	assert_int_equal(-REL_E_FULL, rel_spool_writer_new(&w, full, key, JOB,
	    &err));
	assert_null(w);
	assert_int_equal(-REL_E_IO, rel_spool_writer_new(&w, readonly, key,
	    JOB, &err));
	assert_int_equal(0, rel_spool_writer_new(&w, fd, key, JOB, &err));
	assert_int_equal(fd, dup2(full, fd));	/* full from now on */
	assert_int_equal(-REL_E_FULL, rel_spool_write_from(w, in, 0, NULL,
	    &err));
	assert_int_equal(-REL_E_FULL, rel_spool_write(w, "x", 1, &err));
	assert_int_equal(-REL_E_FULL, rel_spool_finish(w, NULL, &err));
	rel_spool_writer_free(&w);
	close(full);
	close(in);
	close(readonly);
	close(fd);
}

UNIT(a_finished_writer_takes_nothing_more)
{
	struct rel_spool_writer *w;
	struct rel_err err;
	size_t given;
	int fd = new_file();

	assert_int_equal(0, rel_spool_writer_new(&w, fd, key, JOB, &err));
	assert_int_equal(0, rel_spool_write(w, plain, 3, &err));
	assert_int_equal(0, rel_spool_finish(w, NULL, &err));
	assert_int_equal(-REL_E_IO, rel_spool_write(w, "x", 1, &err));
	assert_int_equal(-REL_E_IO, rel_spool_finish(w, NULL, &err));
	rel_spool_writer_free(&w);
	assert_int_equal(0, read_all(fd, key, JOB, &given));
	assert_int_equal(3, given);
	close(fd);
}

UNIT(a_sealed_secret_opens_only_in_its_place)
{
	uint8_t sealed[32 + REL_SEAL_OVERHEAD], again[sizeof sealed], out[32];
	struct rel_err err;

	assert_int_equal(0, rel_seal(key, 1, plain, 32, sealed, &err));
	assert_int_equal(0, rel_seal(key, 1, plain, 32, again, &err));
	assert_memory_not_equal(sealed, again, sizeof sealed);
	assert_int_equal(0, rel_unseal(key, 1, sealed, sizeof sealed,
	    out, &err));
	assert_memory_equal(plain, out, 32);
	assert_int_equal(-REL_E_AUTH, rel_unseal(key, 2, sealed,
	    sizeof sealed, out, &err));
	assert_memory_not_equal(plain, out, 32);
	assert_int_equal(-REL_E_AUTH, rel_unseal(other_key, 1, sealed,
	    sizeof sealed, out, &err));
	for (size_t i = 0; i < sizeof sealed; i++) {
		sealed[i] ^= 1;
		assert_int_equal(-REL_E_AUTH, rel_unseal(key, 1,
		    sealed, sizeof sealed, out, &err));
		sealed[i] ^= 1;
	}
	for (size_t n = 0; n < sizeof sealed; n++)
		assert_int_equal(-REL_E_AUTH, rel_unseal(key, 1,
		    sealed, n, out, &err));
}

UNIT(an_empty_secret_can_be_sealed)
{
	uint8_t sealed[REL_SEAL_OVERHEAD], out[1];
	struct rel_err err;

	assert_int_equal(0, rel_seal(key, 0, "", 0, sealed, &err));
	assert_int_equal(0, rel_unseal(key, 0, sealed, sizeof sealed,
	    out, &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(what_goes_in_comes_out),
		UNIT_RUN(nothing_of_the_document_is_readable_on_disk),
		UNIT_RUN(rewind_gives_the_same_again),
		UNIT_RUN(a_cut_file_gives_nothing),
		UNIT_RUN(a_file_cut_while_it_is_read_is_found),
		UNIT_RUN(a_lengthened_file_gives_nothing),
		UNIT_RUN(a_flipped_bit_is_found),
		UNIT_RUN(moved_chunks_are_found),
		UNIT_RUN(another_jobs_bytes_are_found),
		UNIT_RUN(what_is_no_spool_file_is_said_so),
		UNIT_RUN(a_file_that_was_not_finished_gives_nothing),
		UNIT_RUN(a_pipe_is_read_to_its_end),
		UNIT_RUN(a_document_over_the_limit_is_refused),
		UNIT_RUN(a_cancelled_job_stops_a_silent_pipe),
		UNIT_RUN(a_full_disk_is_told_from_a_broken_one),
		UNIT_RUN(a_finished_writer_takes_nothing_more),
		UNIT_RUN(a_sealed_secret_opens_only_in_its_place),
		UNIT_RUN(an_empty_secret_can_be_sealed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
