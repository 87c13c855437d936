/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Writes or reads one spool file of known bytes, for spool.sh:
 *
 *	spoolcheck write FILE BYTES	"good", or "error WORD TEXT" and status 1
 *	spoolcheck read FILE BYTES	the same; also when the bytes are others
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/spool.h"
#include "lib/text.h"

#define JOB_ID 7u
#define PIECE 70001u

static const uint8_t key[REL_SPOOL_KEY_BYTES] = { 7, 1, 7, 2 };

/* The byte at a place of the document. */
static uint8_t
byte_at(uint64_t at)
{
	return (uint8_t)((at * 2654435761u) >> 11);
}

static int
write_all(int fd, uint64_t bytes, struct rel_err *err)
{
	struct rel_spool_writer *w = NULL;
	static uint8_t piece[PIECE];
	uint64_t plain = 0;
	int rc = rel_spool_writer_new(&w, fd, key, JOB_ID, err);

	for (uint64_t at = 0; rc == 0 && at < bytes;) {
		size_t n = bytes - at < PIECE ? (size_t)(bytes - at) : PIECE;

		for (size_t i = 0; i < n; i++)
			piece[i] = byte_at(at + i);
		rc = rel_spool_write(w, piece, n, err);
		at += n;
	}
	if (rc == 0)
		rc = rel_spool_finish(w, &plain, err);
	if (rc == 0 && plain != bytes)
		rc = rel_err_set(err, REL_E_FORMAT, "wrote another length");
	rel_spool_writer_free(&w);
	return rc;
}

static int
read_all(int fd, uint64_t bytes, struct rel_err *err)
{
	struct rel_spool_reader *r = NULL;
	const uint8_t *p;
	uint64_t at = 0;
	size_t n;
	int rc = rel_spool_reader_new(&r, fd, key, JOB_ID, err);

	if (rc < 0)
		return rc;
	while ((rc = rel_spool_read(r, &p, &n, err)) == 1)
		for (size_t i = 0; i < n; i++, at++)
			if (p[i] != byte_at(at)) {
				rel_spool_reader_free(&r);
				return rel_err_set(err, REL_E_FORMAT,
				    "another byte at %llu",
				    (unsigned long long)at);
			}
	rel_spool_reader_free(&r);
	if (rc == 0 && at != bytes)
		rc = rel_err_set(err, REL_E_FORMAT, "%llu bytes",
		    (unsigned long long)at);
	return rc;
}

int
main(int argc, char **argv)
{
	struct rel_err err = { 0, "" };
	int64_t bytes;
	int fd, rc, writing;

	if (argc != 4 || !rel_int(&bytes, argv[3], 0, INT64_MAX)) {
		fputs("usage: spoolcheck write|read FILE BYTES\n", stderr);
		return 2;
	}
	writing = strcmp(argv[1], "write") == 0;
	fd = writing ? open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0600) :
	    open(argv[2], O_RDONLY);
	if (fd < 0) {
		fprintf(stderr, "%s: %s\n", argv[2], strerror(errno));
		return 2;
	}
	rc = writing ? write_all(fd, (uint64_t)bytes, &err) :
	    read_all(fd, (uint64_t)bytes, &err);
	close(fd);
	if (rc < 0)
		printf("error %s %s\n", rel_err_name(rc), err.text);
	else
		printf("good\n");
	return rc < 0;
}
