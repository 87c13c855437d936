/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_LISTEN_H
#define OPSIM_LISTEN_H

#include <stddef.h>
#include <sys/socket.h>

#include "lib/err.h"

/*
 * Take "ADDR:PORT" or "[ADDR]:PORT" (port 0: any free one) for a TCP socket
 * that does not listen yet; non-blocking, close-on-exec.  Returns it.
 */
int listen_bind(const char *where, struct rel_err *err);

/* "127.0.0.1:515" of either end, and the port alone. */
#define LISTEN_NAME 64
void listen_name(const struct sockaddr *sa, char *out);
void listen_self(int sock, char *name, unsigned *port);

#endif
