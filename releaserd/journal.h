/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "lib/err.h"
#include "lib/send.h"

/*
 * The transfer journal (ipc.h, doc/spool-format.md): what became of one
 * release, known even when everything that took part has died.  core makes
 * the file and reads it afterwards, send writes it.
 */
enum journal_state {
	JOURNAL_NOTHING,	/* nothing can have printed */
	JOURNAL_STARTED,	/* data went out, the end is not known */
	JOURNAL_ENDED		/* outcome and reason say what became of it */
};

struct journal {
	enum journal_state state;
	enum rel_send_outcome outcome;
	char reason[240];	/* UTF-8; "" when sent */
};

/* "sent", "refused", "away", "unconfirmed". */
const char *journal_word(enum rel_send_outcome outcome);

/*
 * Lock a journal for the life of this process.  Returns 0; -REL_E_EXISTS when
 * another process holds it.  The lock belongs to the open file: who checks
 * must have opened the file itself, not have it from the holder.
 */
int journal_lock(int fd, struct rel_err *err);

/* Append "data", or an outcome and its reason; on stable storage when back. */
int journal_put_data(int fd, struct rel_err *err);
int journal_put_end(int fd, enum rel_send_outcome outcome, const char *reason,
    struct rel_err *err);

/*
 * What a journal says.  The last whole line counts; one that is not finished
 * was never acted upon; one that is not known counts as "data" (be careful).
 * Returns 0 or -REL_E_IO.
 */
int journal_read(int fd, struct journal *out, struct rel_err *err);

#endif
