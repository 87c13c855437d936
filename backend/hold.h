/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef BACKEND_HOLD_H
#define BACKEND_HOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backend/args.h"
#include "lib/intake.h"

/*
 * Brings one document to releaserd: begin, encrypt and write, commit
 * (doc/ipc.md).  Runs in a child process of its own without any right; the
 * guard (guard.h) waits for it and decides from its exit status.
 */

/* Exit statuses of the child; the first ones are CUPS's own. */
enum hold_status {
	HOLD_OK = 0,		/* CUPS_BACKEND_OK: held, or was held before */
	HOLD_KEEP = 3,		/* CUPS_BACKEND_HOLD: cupsd keeps it, said why */
	HOLD_CANCEL = 5,	/* CUPS_BACKEND_CANCEL: refused, said why */
	HOLD_LATER = 6,		/* CUPS_BACKEND_RETRY: others go first */
	HOLD_STOPPED = 7,	/* CUPS_BACKEND_RETRY_CURRENT: told to stop */
	HOLD_AWAY = 101,	/* no answer; nothing of the input is used up */
	HOLD_BROKEN = 102	/* no answer; some of the input is used up */
};

#define HOLD_HEAD_BYTES 65536u

struct hold_doc {
	struct rel_in_begin begin;	/* copies are filled in by hold_run() */
	struct args_copies copies;
	int in_fd;			/* the document */
	bool seekable;			/* it can be read again from its start */
	uint8_t *head;			/* first bytes, when not seekable */
	size_t head_len;
	bool facts_first;		/* pdftorelease's facts come first */
};

/* Set by SIGTERM; looked at between two steps. */
extern volatile int hold_stop;

/*
 * Bring doc over the connected socket sock (closed here).  Returns an
 * enum hold_status; what people should know was written to stderr in cupsd's
 * message format.
 */
int hold_run(struct hold_doc *doc, int sock);

/* One line to cupsd: "LEVEL: words"; control characters become blanks. */
void hold_say(const char *level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
