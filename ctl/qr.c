/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A QR code at a terminal: two rows of modules a line, dark on light. */
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgi/qr_code.h"
#include "ctl/ctl.h"

static bool
dark(const QRcode *q, int x, int y)
{
	return x >= 0 && y >= 0 && x < q->width && y < q->width &&
	    (q->data[y * q->width + x] & 1) != 0;
}

/* White is drawn, black is the terminal's ground made black. */
static void
draw_line(const QRcode *q, int y)
{
	static const char *const cells[4] = {
		" ", "\xe2\x96\x84", "\xe2\x96\x80", "\xe2\x96\x88"
	};

	fputs("\033[97;40m", stdout);
	for (int x = -QR_QUIET; x < q->width + QR_QUIET; x++)
		fputs(cells[(dark(q, x, y) ? 0 : 2) +
		    (dark(q, x, y + 1) ? 0 : 1)], stdout);
	fputs("\033[0m\n", stdout);
}

void
ctl_qr(const struct ctl *c, const char *text)
{
	struct rel_err err;
	QRcode *q;

	if (c->opt[OPT_JSON] != NULL || !isatty(STDOUT_FILENO) ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0 ||
	    qr_encode(&q, text, &err) < 0)
		return;
	for (int y = -QR_QUIET; y < q->width + QR_QUIET; y += 2)
		draw_line(q, y);
	QRcode_free(q);
}
