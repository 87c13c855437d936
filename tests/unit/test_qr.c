/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/qr.h"
#include "cgi/qr_code.h"

#define URL "https://print.example.org:631/release/release.cgi?device=12&a='<"
#define SIDE 185		/* modules of the largest, with white around */

static char dark[SIDE][SIDE];

static char *
text_of(struct rel_buf *b)
{
	rel_put_u8(b, '\0');
	assert_int_equal(0, b->failed);
	return (char *)b->data;
}

/* The path of black runs, as cgi/qr.c writes it, into dark; its size. */
static int
read_svg(const char *svg)
{
	const char *s = strstr(svg, "viewBox=\"0 0 ");
	int size, x, y, n, again, used;

	assert_non_null(s);
	size = (int)strtol(s + 13, NULL, 10);
	assert_in_range(size, 21 + 8, SIDE);
	memset(dark, 0, sizeof dark);
	assert_non_null(s = strstr(svg, "<path fill=\"#000\" d=\""));
	for (s += 21; *s != '"'; s += used) {
		assert_int_equal(4, sscanf(s, "M%d %dh%dv1h-%dz%n", &x, &y, &n,
		    &again, &used));
		assert_int_equal(n, again);
		assert_true(x >= 4 && y >= 4 && n > 0);
		assert_true(x + n <= size - 4 && y < size - 4);
		memset(&dark[y][x], 1, (size_t)n);
	}
	return size;
}

UNIT(the_picture_is_the_code)
{
	struct rel_buf b;
	QRcode *q;

	rel_buf_init(&b);
	assert_int_equal(0, qr_svg(&b, URL, "Print at <HP> & \"co\"", NULL));
	assert_int_equal(0, qr_encode(&q, URL, NULL));
	assert_int_equal(q->width + 8, read_svg(text_of(&b)));
	for (int y = 0; y < q->width; y++)
		for (int x = 0; x < q->width; x++)
			assert_int_equal(q->data[y * q->width + x] & 1,
			    dark[y + 4][x + 4]);
	/* Level M, to be seen in the format bits: 00 under the mask 101010. */
	assert_int_equal(1, q->data[8 * q->width] & 1);
	assert_int_equal(0, q->data[8 * q->width + 1] & 1);
	QRcode_free(q);
	assert_non_null(strstr((char *)b.data,
	    ">Print at &lt;HP&gt; &amp; &quot;co&quot;</title>"));
	assert_non_null(strstr((char *)b.data, "role=\"img\""));
	assert_null(strstr((char *)b.data, "style"));
	assert_null(strstr((char *)b.data, "example"));
	rel_buf_fini(&b);
}

UNIT(shortest_and_longest)
{
	struct rel_buf b;
	struct rel_err err = { 0 };
	char *s = calloc(1, 4000);

	assert_non_null(s);
	rel_buf_init(&b);
	assert_int_equal(-REL_E_FORMAT, qr_svg(&b, "", "t", &err));
	assert_int_equal(-REL_E_FORMAT, qr_svg(&b, NULL, "t", &err));
	assert_int_equal(0, b.len);
	assert_int_equal(0, qr_svg(&b, "x", NULL, &err));
	assert_int_equal(21 + 8, read_svg(text_of(&b)));
	rel_buf_reset(&b);
	memset(s, 'x', 2331);		/* version 40, level M */
	assert_int_equal(0, qr_svg(&b, s, "t", &err));
	assert_int_equal(SIDE, read_svg(text_of(&b)));
	rel_buf_reset(&b);
	s[2331] = 'x';
	assert_int_equal(-REL_E_LIMIT, qr_svg(&b, s, "t", &err));
	assert_string_equal("the address is too long for a QR code", err.text);
	assert_int_equal(0, b.len);
	rel_buf_fini(&b);
	free(s);
}

/* ---- the sheet */

/* Every entry of the table of offsets points at its object. */
static void
assert_pdf(const struct rel_buf *b, size_t pages)
{
	const char *s = (const char *)b->data, *end = s + b->len, *x;
	size_t objects = 6 + 2 * pages, at;
	char want[32];

	assert_int_equal(0, b->failed);
	assert_true(b->len > 100);
	assert_memory_equal("%PDF-1.4\n", s, 9);
	assert_memory_equal("%%EOF\n", end - 6, 6);
	for (x = end - 10; memcmp(x, "startxref\n", 10) != 0; x--)
		assert_true(x > s);
	at = strtoul(x + 10, NULL, 10);
	assert_true(at < b->len);
	snprintf(want, sizeof want, "xref\n0 %zu\n", objects);
	assert_memory_equal(want, s + at, strlen(want));
	x = s + at + strlen(want) + 20;
	for (size_t i = 1; i < objects; i++, x += 20) {
		assert_memory_equal(" 00000 n \n", x + 10, 10);
		at = strtoul(x, NULL, 10);
		snprintf(want, sizeof want, "%zu 0 obj\n", i);
		assert_true(at + strlen(want) < b->len);
		assert_memory_equal(want, s + at, strlen(want));
	}
	assert_memory_equal("trailer\n", x, 8);
}

static bool
has(const struct rel_buf *b, const char *what)
{
	return memmem(b->data, b->len, what, strlen(what)) != NULL;
}

UNIT(sheets_of_all_sizes)
{
	struct qr_label l[17];

	for (size_t i = 0; i < 17; i++)
		l[i] = (struct qr_label){ URL, "HP", "Floor 1", "Scan" };
	for (size_t n = 1; n <= 17; n++) {
		struct rel_buf b;
		char kids[40];

		rel_buf_init(&b);
		assert_int_equal(0, qr_sheet(&b, l, n, NULL));
		assert_pdf(&b, (n + 7) / 8);
		snprintf(kids, sizeof kids, "/Count %zu/Kids", (n + 7) / 8);
		assert_true(has(&b, kids));
		rel_buf_fini(&b);
	}
}

UNIT(texts_of_a_sticker)
{
	struct qr_label l = { "http://p/\xc3\xa4", "B\xc3\xbcro (3)\\ \xe2\x82"
	    "\xac\xe2\x80\x94 \xe6\xbc\xa2\xff", "a\nb\x01", NULL };
	struct rel_buf b;

	rel_buf_init(&b);
	assert_int_equal(0, qr_sheet(&b, &l, 1, NULL));
	assert_pdf(&b, 1);
	assert_true(has(&b, "(B\\374ro \\(3\\)\\\\ \\200\\227 ?" "?) Tj\n"));
	assert_true(has(&b, "(a b ) Tj\n"));
	assert_true(has(&b, "(http://p/\\344) Tj\n"));
	rel_buf_fini(&b);
}

UNIT(long_texts_end_in_dots)
{
	struct rel_buf b;
	char *s = calloc(1, 3000);
	struct qr_label l = { URL, s, s, s };
	size_t lines = 0;

	assert_non_null(s);
	memset(s, 'W', 2999);
	rel_buf_init(&b);
	assert_int_equal(0, qr_sheet(&b, &l, 1, NULL));
	assert_pdf(&b, 1);
	for (uint8_t *p = b.data; (p = memmem(p, b.len - (size_t)(p - b.data),
	    "\\205) Tj", 8)) != NULL; p++)
		lines++;
	assert_int_equal(3, lines);
	rel_buf_fini(&b);
	for (size_t i = 0; i < 2999; i++)
		s[i] = " -a"[i % 3];
	assert_int_equal(0, qr_sheet(&b, &l, 1, NULL));
	assert_pdf(&b, 1);
	rel_buf_fini(&b);
	free(s);
}

UNIT(a_sheet_that_cannot_be)
{
	struct qr_label l[2] = { { URL, "a", "b", "c" }, { "", "a", "b", "c" } };
	struct rel_buf b;
	struct rel_err err = { 0 };
	char *s = calloc(1, 4000);

	assert_non_null(s);
	rel_buf_init(&b);
	assert_int_equal(-REL_E_FORMAT, qr_sheet(&b, l, 0, &err));
	assert_int_equal(-REL_E_LIMIT, qr_sheet(&b, l, QR_SHEET_MAX + 1, &err));
	assert_int_equal(0, b.len);
	assert_int_equal(-REL_E_FORMAT, qr_sheet(&b, l, 2, &err));
	memset(s, 'x', 3000);
	l[1].url = s;
	rel_buf_reset(&b);
	assert_int_equal(-REL_E_LIMIT, qr_sheet(&b, l, 2, &err));
	assert_string_equal("the address is too long for a QR code", err.text);
	rel_buf_fini(&b);
	free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(the_picture_is_the_code),
		UNIT_RUN(shortest_and_longest),
		UNIT_RUN(sheets_of_all_sizes),
		UNIT_RUN(texts_of_a_sticker),
		UNIT_RUN(long_texts_end_in_dots),
		UNIT_RUN(a_sheet_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
