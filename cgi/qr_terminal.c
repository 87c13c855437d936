/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A QR code at a terminal: two rows of modules a line, dark on light. */
#include <stdbool.h>

#include "cgi/qr_code.h"

static bool
dark(const QRcode *q, int x, int y)
{
	return x >= 0 && y >= 0 && x < q->width && y < q->width &&
	    (q->data[y * q->width + x] & 1) != 0;
}

/* White is drawn, black is the terminal's ground made black. */
static void
draw_line(struct rel_buf *b, const QRcode *q, int y)
{
	static const char *const cells[4] = {
		" ", "\xe2\x96\x84", "\xe2\x96\x80", "\xe2\x96\x88"
	};

	rel_put_fmt(b, "\033[97;40m");
	for (int x = -QR_QUIET; x < q->width + QR_QUIET; x++)
		rel_put_fmt(b, "%s", cells[(dark(q, x, y) ? 0 : 2) +
		    (dark(q, x, y + 1) ? 0 : 1)]);
	rel_put_fmt(b, "\033[0m\n");
}

int
qr_terminal(struct rel_buf *b, const char *text, struct rel_err *err)
{
	QRcode *q;
	int rc = qr_encode(&q, text, err);

	if (rc < 0)
		return rc;
	for (int y = -QR_QUIET; y < q->width + QR_QUIET; y += 2)
		draw_line(b, q, y);
	QRcode_free(q);
	return 0;
}
