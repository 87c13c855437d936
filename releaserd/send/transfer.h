/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <stdbool.h>

#include "releaserd/ipc.h"

/* One release from the spool to the device; knows nothing of the channel. */
struct transfer {
	struct send_job *job;	/* its key is wiped as soon as it is in use */
	int spool_fd;		/* borrowed; read with pread() */
	int journal_fd;		/* borrowed; locked until it is closed */
	/*
	 * Asked once, when the journal is locked; may be NULL.  No means that
	 * core is gone: the next core may have looked at the journal already
	 * and given the job to another send, so this one must not begin.
	 */
	bool (*wanted)(void *ctx);
	void *ctx;
};

/*
 * Send the job, trying again only while nothing can have printed, and write
 * the journal.  Blocks; always fills out.  A journal that already holds an
 * end is not sent again: its outcome is given back.
 */
void transfer_run(const struct transfer *t, struct send_result *out);

/* Load what the first transfer would otherwise load: cipher and resolver. */
void transfer_warm_up(void);

#endif
