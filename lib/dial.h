/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_DIAL_H
#define REL_DIAL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Connect to host (a name, an address, "[::1]") within wait_ms.  One address
 * after the other is tried; the time left is shared out evenly among them.
 *
 * unknown  NULL, or the words of the resolver: the host has no address
 *
 * Returns a socket (not blocking, TCP_NODELAY, close-on-exec), or -1 with
 * errno when unknown is NULL; ETIMEDOUT when nobody answered.  How long the
 * resolver may take is its own affair (resolv.conf(5)); an address asks nobody.
 */
int rel_dial(const char *host, uint16_t port, int64_t wait_ms,
    const char **unknown);

/*
 * Wait for events (poll(2)) until a moment of rel_mono_ms().  True when the
 * next call on fd has something to say, false when the moment is past.
 */
bool rel_wait(int fd, short events, int64_t until_ms);

/*
 * It was false, and that long before until_ms: all is to end, as fiber_fini()
 * has it.  Who waits again would only burn time.
 */
bool rel_wait_ends(int64_t until_ms);

/*
 * Who else may wait: asked first by rel_wait(), with its arguments.  1: it has
 * happened; 0: the moment is past; -1: not his affair.  NULL: nobody.
 */
typedef int (*rel_wait_cb)(int fd, short events, int64_t until_ms);
void rel_wait_by(rel_wait_cb fn);

#endif
