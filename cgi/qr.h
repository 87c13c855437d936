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

/*
 * Append an <svg class="qr"> of text with 4 modules of quiet zone and <title>
 * title, black on white in every colour scheme (scanners want that).
 * -REL_E_FORMAT: there is no text.  -REL_E_LIMIT: too long for a code (about
 * 2300 bytes).  Nothing is appended then.
 */
int qr_svg(struct rel_buf *b, const char *text, const char *title,
    struct rel_err *err);

/* One sticker: the code, large, and a few lines of plain words. */
struct qr_label {
	const char *url;		/* what the code says */
	const char *name, *location;	/* of the device, UTF-8 */
	const char *hint;		/* "Scan, log in, print" */
};

#define QR_SHEET_MAX 4000		/* labels */

/*
 * Append a PDF 1.4 (A4), labels in a grid of 2 x 4 a page, cut marks between.
 * Text is shown in the characters of WinAnsi (Helvetica), others as '?', cut
 * where a sticker has no more room.  b must be empty.  -REL_E_FORMAT: no
 * label, or one without url; -REL_E_LIMIT: too many, or a url too long.
 */
int qr_sheet(struct rel_buf *b, const struct qr_label *labels, size_t n,
    struct rel_err *err);

#endif
