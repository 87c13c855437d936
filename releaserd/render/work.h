/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef RENDER_WORK_H
#define RENDER_WORK_H

#include "releaserd/ipc.h"

/* One thing to do with one held document; knows nothing of the channel. */
struct work {
	struct render_job *job;	/* its keys are wiped as soon as in use */
	int spool_fd;		/* borrowed; read with pread() */
	int out_fd;		/* borrowed; new and empty; -1 but for MAKE */
	const char *tmp;	/* a private folder for the programs */
	volatile int *stop;	/* not 0: give up; may be NULL */
	uint8_t *png;		/* what res->png points to; work_fini() */
};

/* Do it.  Blocks; always fills res. */
void work_run(struct work *w, struct render_result *res);
void work_fini(struct work *w);

/*
 * Where programs are looked for first, NULL nowhere; for tests.  Compiled
 * with --enable-fault-points the environment's REL_PROGRAMS says the same.
 */
void program_folder(const char *dir);

#endif
