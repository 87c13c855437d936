/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef QR_H
#define QR_H

#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * QR codes (ISO/IEC 18004, by libqrencode, level M) and the sheet to print
 * and stick on a device.
 */

/* Append an <svg class="qr"> of text with 4 modules of quiet zone and <title>
 * title. -REL_E_LIMIT: too long. */
int qr_svg(struct rel_buf *b, const char *text, const char *title,
    struct rel_err *err);

/* One sticker: the code, large, and a few lines of plain words. */
struct qr_label {
	const char *url;		/* what the code says */
	const char *name, *location;	/* of the device, UTF-8 */
	const char *hint;		/* "Scan, log in, print" */
};

/*
 * Append a PDF 1.4 (A4), labels in a grid of 2 x 4 a page, cut marks between.
 * Text is shown for Latin-1 characters (Helvetica, WinAnsi); others as '?'.
 */
int qr_sheet(struct rel_buf *b, const struct qr_label *labels, size_t n,
    struct rel_err *err);

#endif
