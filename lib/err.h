/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_ERR_H
#define REL_ERR_H

/*
 * Errors.  A function that can fail returns 0 (or a count) and else a
 * negative REL_E_* code; the words go into a struct rel_err the caller lends.
 * The callee that failed writes the words, callers only add who and which job.
 */
enum {
	REL_E_NOMEM = 1,	/* broken: no memory */
	REL_E_IO,		/* broken: the disk or a descriptor failed */
	REL_E_FORMAT,		/* refused: bytes from outside are malformed */
	REL_E_LIMIT,		/* refused: larger than a stated bound */
	REL_E_DENIED,		/* refused: policy says no */
	REL_E_NOTFOUND,		/* refused: there is no such thing */
	REL_E_NOTHELD,		/* refused: someone was first */
	REL_E_EXISTS,		/* refused: there is one already */
	REL_E_PEER,		/* try later: the other side is away */
	REL_E_TIMEOUT,		/* try later: no answer in time */
	REL_E_FULL,		/* try later: no room */
	REL_E_AUTH,		/* broken: sealed bytes do not verify */
	REL_E_CLOSED		/* the other side closed the channel */
};

struct rel_err {
	int code;		/* REL_E_*, 0 for none */
	char text[240];		/* UTF-8, plain words, no secret, no newline */
};

/*
 * Write the words of a failure.
 *
 * err   may be NULL
 * code  REL_E_*
 *
 * Returns -code, so that a caller can `return rel_err_set(...)`.
 */
int rel_err_set(struct rel_err *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As rel_err_set(), with ": " and strerror(errno) behind the words. */
int rel_err_sys(struct rel_err *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A word for a code ("not-held"), for logs and JSON.  Never NULL. */
const char *rel_err_name(int code);

#endif
