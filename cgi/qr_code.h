/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef QR_CODE_H
#define QR_CODE_H

#include <stdbool.h>
#include <stddef.h>

#include <qrencode.h>

#include "lib/buf.h"
#include "lib/err.h"

/* What the two drawings of a QR code share. */
#define QR_QUIET 4		/* modules of white around it, ISO 18004 5.3.8 */

/* *out is freed with QRcode_free().  0, -REL_E_FORMAT, _LIMIT or _NOMEM. */
int qr_encode(QRcode **out, const char *text, struct rel_err *err);

/* Behind b, as lines for a terminal that knows UTF-8. The same returns. */
int qr_terminal(struct rel_buf *b, const char *text, struct rel_err *err);

/*
 * The next run of dark modules at or behind *x, *y, row by row: moves on to
 * it and returns its length; 0 when there is none left.
 */
int qr_run(const QRcode *q, int *x, int *y);

#endif
