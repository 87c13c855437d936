/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef START_H
#define START_H

#include <sys/types.h>

#include "releaserd/ipc.h"

/* IPC_START on the wire. start_get() borrows from p. */
void start_put(struct rel_buf *b, const struct ipc_start *s);
int start_get(struct ipc_start *s, const void *p, size_t n);

/*
 * The ids of a setting CoreUser or NetUser: a name, or "UID:GID" in digits.
 * -REL_E_NOTFOUND, or -REL_E_DENIED for root.
 */
int jail_ids(const char *user, uid_t *uid, gid_t *gid, struct rel_err *err);

#endif
