/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/qr.h"

#include <errno.h>

#include "cgi/qr_code.h"
#include "cgi/svg.h"

int
qr_encode(QRcode **out, const char *text, struct rel_err *err)
{
	if (text == NULL || *text == '\0')
		return rel_err_set(err, REL_E_FORMAT,
		    "there is no address to make a QR code of");
	errno = 0;
	*out = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (*out != NULL)
		return 0;
	if (errno == ENOMEM)
		return rel_err_set(err, REL_E_NOMEM,
		    "there is no memory for a QR code");
	return rel_err_set(err, REL_E_LIMIT,
	    "the address is too long for a QR code");
}

int
qr_run(const QRcode *q, int *x, int *y)
{
	int n = 0;

	for (; *y < q->width; ++*y, *x = 0)
		for (; *x < q->width; ++*x) {
			const unsigned char *m = q->data + *y * q->width + *x;

			while (*x + n < q->width && m[n] & 1)
				n++;
			if (n > 0)
				return n;
		}
	return 0;
}

int
qr_svg(struct rel_buf *b, const char *text, const char *title,
    struct rel_err *err)
{
	QRcode *q;
	int n, size, x = 0, y = 0, rc = qr_encode(&q, text, err);
	unsigned id = (unsigned)svg_id(svg_id(0, text), title);

	if (rc < 0)
		return rc;
	size = q->width + 2 * QR_QUIET;
	rel_put_fmt(b, "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\""
	    " viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
	    " aria-labelledby=\"q%08x\" shape-rendering=\"crispEdges\">\n"
	    "<title id=\"q%08x\">", size, size, size * 6, size * 6, id, id);
	svg_text(b, title, 200);
	rel_put_fmt(b, "</title>\n<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>\n"
	    "<path fill=\"#000\" d=\"", size, size);
	for (; (n = qr_run(q, &x, &y)) > 0; x += n)
		rel_put_fmt(b, "M%d %dh%dv1h-%dz", x + QR_QUIET, y + QR_QUIET,
		    n, n);
	rel_put_fmt(b, "\"/>\n</svg>\n");
	QRcode_free(q);
	return 0;
}
