/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef RENDER_TMPDIR_H
#define RENDER_TMPDIR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"

/*
 * A folder for the temporary files of the programs.  Where the system lets
 * us it is in memory and seen by this process and its children only;
 * else it is a folder of RunDir (mode 0700), emptied at the end.
 */
struct tmpdir {
	char base[240];		/* RunDir/render */
	char path[300];		/* what the programs are told */
	bool private;		/* in memory, gone with the last process */
	int lock;		/* the folder, locked while it is in use; -1 */
};

/*
 * As root, before the jail: try for the one in memory, of at most so many
 * bytes; 0: do not try. Never fails.
 */
void tmpdir_init(struct tmpdir *t, const char *run_dir, uint64_t bytes,
    uid_t uid, gid_t gid);

/* In the jail: the folder, and the end of those that dead renders left. */
int tmpdir_open(struct tmpdir *t, struct rel_err *err);

/* Empty and remove it, unless it goes by itself. */
void tmpdir_fini(struct tmpdir *t);

#endif
