/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a PDF says of the program it was made with. */
#include <stdlib.h>
#include <string.h>

#include "lib/pdf/pdf_priv.h"

#define XMP_BYTES (1 << 20)	/* of metadata, as it lies in the file */
#define XMP_LOOK (256u << 10)	/* of metadata, in which it must stand */
#define VALUE_BYTES 512u

/* ---- Info (ISO 32000-2, 14.3.3) */

/* A text string: libqpdf makes UTF-8 of all its encodings. */
static const char *
text_of(struct pdf_doc *d, qpdf_oh dict, const char *key)
{
	qpdf_oh oh;

	if (!pdf_has(d, dict, key, &oh) || !qpdf_oh_is_string(d->q, oh))
		return "";
	return qpdf_oh_get_utf8_value(d->q, oh);
}

static void
look_info(struct pdf_doc *d, struct rel_application *a)
{
	qpdf_oh info = pdf_entry(d, qpdf_get_trailer(d->q), "/Info");

	rel_application_set(a, REL_APP_PDF_INFO, text_of(d, info,
	    "/Creator"));
	rel_application_set_producer(a, text_of(d, info, "/Producer"));
}

/* ---- XMP (ISO 16684-1): as an attribute or as an element */

/* One character reference, "&amp;"; what is none stays. Bytes used. */
static size_t
unquote(const char *p, size_t n, char *out)
{
	static const struct {
		const char *name;
		char c;
	} t[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
	    { "&quot;", '"' }, { "&apos;", '\'' } };

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		size_t len = strlen(t[i].name);

		if (n >= len && memcmp(p, t[i].name, len) == 0) {
			*out = t[i].c;
			return len;
		}
	}
	*out = *p;
	return 1;
}

/* Up to `end` into out; nothing when it does not end soon. */
static void
take(const char *p, size_t n, char end, char out[VALUE_BYTES])
{
	const char *stop = memchr(p, end, n);
	size_t len = 0;

	out[0] = '\0';
	if (stop == NULL || (size_t)(stop - p) >= VALUE_BYTES)
		return;
	while (p < stop)
		p += unquote(p, (size_t)(stop - p), &out[len++]);
	out[len] = '\0';
}

/* The value of a property; "" when it is not there. */
static void
property(const char *xmp, size_t n, const char *name, char out[VALUE_BYTES])
{
	const char *p = memmem(xmp, n, name, strlen(name));
	const char *end = xmp + n;

	out[0] = '\0';
	if (p == NULL || (p += strlen(name)) + 1 >= end)
		return;
	if (p[0] == '>')
		take(p + 1, (size_t)(end - p) - 1, '<', out);
	else if (p[0] == '=' && (p[1] == '"' || p[1] == '\'') && p + 2 < end)
		take(p + 2, (size_t)(end - p) - 2, p[1], out);
}

static void
look_metadata(const char *xmp, size_t n, struct rel_application *a)
{
	static const char *const names[] = { "xmp:CreatorTool",
	    "xap:CreatorTool" };
	char value[VALUE_BYTES];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		property(xmp, n, names[i], value);
		rel_application_set(a, REL_APP_PDF_XMP, value);
	}
	if (a->producer[0] == '\0') {
		property(xmp, n, "pdf:Producer", value);
		rel_application_set_producer(a, value);
	}
}

static void
look_xmp(struct pdf_doc *d, struct rel_application *a)
{
	qpdf_oh meta = pdf_entry(d, qpdf_get_root(d->q), "/Metadata");
	struct pdf_bytes b;

	if (!qpdf_oh_is_stream(d->q, meta) || pdf_integer(d, pdf_entry(d,
	    meta, "/Length"), XMP_BYTES) >= XMP_BYTES ||
	    !pdf_stream(d, meta, &b))
		return;
	if (b.n > 0)			/* else p may be NULL */
		look_metadata((const char *)b.p, b.n < XMP_LOOK ? b.n :
		    XMP_LOOK, a);
	free(b.p);
}

void
pdf_info_look(struct pdf_doc *d, struct rel_application *a)
{
	look_info(d, a);
	if (a->from == REL_APP_NOBODY)
		look_xmp(d, a);
}
