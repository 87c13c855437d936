/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_CHILD_H
#define REL_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * A program of somebody else's run on a document: no shell, no network unless
 * it is for that (a system call filter that it inherits), no descriptors but those named, a
 * clean environment, limits of time and memory, its own process group that is
 * ended as a whole.
 */
struct rel_child {
	const char *const *argv;	/* argv[0] an absolute path */
	const char *const *env;		/* whole environment; NULL: PATH, LANG */
	int in_fd, out_fd;		/* 0 and 1 of the child; -1 /dev/null */
	int keep_fd;			/* given as descriptor 3; -1 none */
	unsigned deadline_ms;		/* then it is killed; 0: 60 000 */
	uint64_t memory_bytes;		/* RLIMIT_AS; 0 none */
	uint64_t file_bytes;		/* RLIMIT_FSIZE; 0 none */
	const char *dir;		/* working folder and TMPDIR; NULL "/" */
	bool network;			/* it may make sockets */
	volatile int *stop;		/* looked at while waiting; may be NULL */
};

struct rel_child_end {
	int status;			/* exit status; 128 + signal */
	bool late;			/* killed at its deadline */
	bool stopped;			/* killed because of *stop */
	char said[1024];		/* its stderr: the last bytes, cleaned */
	uint32_t page_lines;		/* lines "PAGE: ..." among them */
	uint64_t page_copies;		/* sum of their second numbers */
	int64_t cpu_ms, rss_kb;
};

/*
 * Run it to its end.  Returns 0 when it ran, whatever came of it (end says);
 * -REL_E_* when it could not be started.
 */
int rel_child_run(const struct rel_child *c, struct rel_child_end *end,
    struct rel_err *err);

#endif
