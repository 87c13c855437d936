/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_REPLAY_PRIV_H
#define REL_REPLAY_PRIV_H

#include "lib/replay.h"

/* ---- replay_table.c: REL_REPLAY_TABLE chains of rows */

/* The row of a name, made when there is none: then *is_new.  NULL: no memory. */
struct rel_replay_row *replay_row_get(struct rel_replay_row **table,
    const char *name, bool *is_new);

/* The table and all its rows; NULL is fine. */
void replay_table_free(struct rel_replay_row **table);

#endif
