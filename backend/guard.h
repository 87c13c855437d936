/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef BACKEND_GUARD_H
#define BACKEND_GUARD_H

#include "backend/hold.h"

/*
 * The process cupsd knows.  cupsd 2.4 counts a backend that was killed by
 * SIGKILL (the out-of-memory killer, an administrator) as a job well done, so
 * the work is done by a child without any right and the guard, which does next
 * to nothing, looks after it: it waits for releaserd, starts the child again
 * when that can be done, passes SIGTERM on and gives cupsd its exit status.
 * When the guard itself is killed the child still finishes its work.
 */

/*
 * Bring doc to releaserd at the socket path.  Returns cupsd's exit status:
 * CUPS_BACKEND_OK, HOLD, CANCEL, RETRY or RETRY_CURRENT.
 */
int guard_run(struct hold_doc *doc, const char *path);

#endif
