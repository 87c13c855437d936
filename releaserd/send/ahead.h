/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef AHEAD_H
#define AHEAD_H

#include "lib/spool.h"

/*
 * Reading ahead of the device: while one chunk goes out, a second thread
 * reads and decrypts the next ones.  The thread does nothing else, shares
 * nothing but the chunks, and exists only for documents of several chunks.
 * For a slow device it holds one chunk, for a fast one up to four.
 */
struct ahead;

/* reader is borrowed and belongs to this until ahead_free(). */
int ahead_new(struct ahead **out, struct rel_spool_reader *reader,
    struct rel_err *err);
void ahead_free(struct ahead **ap);

/* As rel_spool_read(). */
int ahead_next(struct ahead *a, const uint8_t **p, size_t *n,
    struct rel_err *err);

/* Back to the start (a resend). */
void ahead_rewind(struct ahead *a);

#endif
