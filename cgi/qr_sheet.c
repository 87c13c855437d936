/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/qr.h"

#include <stdlib.h>
#include <string.h>

#include "cgi/qr_code.h"
#include "cgi/svg.h"

/* A4 and its eight stickers, in points; y goes up, as PDF has it. */
#define PAGE_W 595.28
#define PAGE_H 841.89
#define COLUMNS 2
#define ROWS 4
#define EACH (COLUMNS * ROWS)
#define CELL_W (PAGE_W / COLUMNS)
#define CELL_H (PAGE_H / ROWS)
#define MARGIN 14.0
#define CODE 150.0		/* edge of a code with its white border */
#define TEXT_MAX 512		/* characters of one text */

/* Objects 1 to 5, then for each page the page and what is on it. */
enum { CATALOG = 1, PAGES, PLAIN, BOLD, INFO, FIRST };

/*
 * Widths of Helvetica-Bold in thousandths, from 32 on, in WinAnsi (PDF 1.4
 * annex D); 0: no such character.  Helvetica is nowhere wider by much.
 */
static const short width_of[224] = {
	278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333,
	278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333,
	584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
	556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944,
	667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556,
	333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
	333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584, 0, 556, 0,
	278, 0, 500, 1000, 0, 0, 0, 0, 667, 0, 1000, 0, 611, 0, 0, 278, 278,
	500, 500, 350, 556, 1000, 0, 0, 556, 0, 944, 0, 500, 667, 278, 333,
	556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 333,
	400, 584, 333, 333, 333, 611, 556, 278, 333, 333, 365, 556, 834, 834,
	834, 611, 722, 722, 722, 722, 722, 722, 1000, 722, 667, 667, 667,
	667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778,
	722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889,
	556, 556, 556, 556, 556, 278, 278, 278, 278, 611, 611, 611, 611, 611,
	611, 611, 584, 611, 611, 611, 611, 611, 556, 611, 556
};
#define ELLIPSIS 0x85

/* A text in WinAnsi, and how it is to be set. */
struct set {
	unsigned char text[TEXT_MAX];
	size_t len;
	int font;		/* PLAIN or BOLD */
	double size, lead;	/* of letters; from line to line */
	double x, y, room;	/* first base line; width of a line */
	unsigned lines;		/* at most */
};

static unsigned char
winansi(uint32_t c)
{
	static const struct { uint16_t c; unsigned char byte; } more[] = {
		{ 0x20ac, 0x80 }, { 0x201a, 0x82 }, { 0x201e, 0x84 },
		{ 0x2026, ELLIPSIS }, { 0x160, 0x8a }, { 0x152, 0x8c },
		{ 0x17d, 0x8e }, { 0x2018, 0x91 }, { 0x2019, 0x92 },
		{ 0x201c, 0x93 }, { 0x201d, 0x94 }, { 0x2022, 0x95 },
		{ 0x2013, 0x96 }, { 0x2014, 0x97 }, { 0x161, 0x9a },
		{ 0x153, 0x9c }, { 0x17e, 0x9e }, { 0x178, 0x9f },
	};

	if ((c >= 32 && c < 0x7f) || (c >= 0xa0 && c < 0x100))
		return (unsigned char)c;
	for (size_t i = 0; i < sizeof more / sizeof *more; i++)
		if (more[i].c == c)
			return more[i].byte;
	return '?';
}

static void
set_text(struct set *t, const char *s)
{
	uint32_t c;

	t->len = 0;
	while (s != NULL && t->len < TEXT_MAX && (c = svg_char(&s)) != 0)
		t->text[t->len++] = winansi(c);
}

/* A string of PDF, and the line it is. */
static void
put_line(struct rel_buf *b, const struct set *t, const unsigned char *s,
    size_t n)
{
	rel_put_fmt(b, "/F%d ", t->font);
	svg_num(b, t->size, 1);
	rel_put_fmt(b, " Tf 1 0 0 1 ");
	svg_num(b, t->x, 2);
	rel_put_u8(b, ' ');
	svg_num(b, t->y, 2);
	rel_put_fmt(b, " Tm (");
	for (size_t i = 0; i < n; i++)
		if (s[i] == '(' || s[i] == ')' || s[i] == '\\')
			rel_put_fmt(b, "\\%c", s[i]);
		else if (s[i] < 0x7f)
			rel_put_u8(b, s[i]);
		else
			rel_put_fmt(b, "\\%03o", s[i]);
	rel_put_fmt(b, ") Tj\n");
}

/* How many bytes of s go on one line; *next is where the next line begins. */
static size_t
fill_line(const struct set *t, size_t from, size_t *next)
{
	double room = t->room / t->size * 1000;
	size_t i, fits = 0;

	for (i = from; i < t->len; i++) {
		room -= width_of[t->text[i] - 32];
		if (room < 0)
			break;
		if (t->text[i] == ' ')
			fits = i;
		else if (strchr("-_/.,:?&=", t->text[i]) != NULL)
			fits = i + 1;
	}
	if (i == t->len || fits <= from)
		fits = i > from ? i : from + 1;
	for (*next = fits; *next < t->len && t->text[*next] == ' '; ++*next)
		;
	return fits - from;
}

/* Set the text in lines; t->y becomes the base line that would follow. */
static void
put_text(struct rel_buf *b, struct set *t)
{
	size_t at = 0, next, n;

	for (unsigned i = 0; i < t->lines && at < t->len; i++, at = next) {
		n = fill_line(t, at, &next);
		if (i + 1 == t->lines && next < t->len) {
			if (n > 1)
				n--;
			t->text[at + n++] = ELLIPSIS;
		}
		put_line(b, t, t->text + at, n);
		t->y -= t->lead;
	}
}

static void
put_texts(struct rel_buf *b, const struct qr_label *l, double x, double y)
{
	struct set t = { .x = x + CODE, .y = y - 22,
	    .room = CELL_W - CODE - 2 * MARGIN };

	rel_put_fmt(b, "BT 0 g\n");
	set_text(&t, l->name);
	t.font = BOLD, t.size = 15, t.lead = 18, t.lines = 4;
	put_text(b, &t);
	set_text(&t, l->location);
	t.font = PLAIN, t.size = 10, t.lead = 13, t.lines = 3;
	put_text(b, &t);
	set_text(&t, l->hint);
	t.y -= 8;
	t.size = 10.5, t.lead = 13.5, t.lines = 4;
	put_text(b, &t);
	rel_put_fmt(b, "0.35 g\n");
	set_text(&t, l->url);
	t.x = x + 14, t.y = y - CODE - 6, t.room = CELL_W - 2 * MARGIN - 14;
	t.size = 7, t.lead = 9, t.lines = 2;
	put_text(b, &t);
	rel_put_fmt(b, "ET\n");
}

static int
put_code(struct rel_buf *b, const char *url, double x, double y,
    struct rel_err *err)
{
	QRcode *q;
	int n, i = 0, j = 0, rc = qr_encode(&q, url, err);
	double module;

	if (rc < 0)
		return rc;
	module = CODE / (q->width + 2 * QR_QUIET);
	rel_put_fmt(b, "q 0 g ");
	svg_num(b, module, 5);
	rel_put_fmt(b, " 0 0 -");
	svg_num(b, module, 5);
	rel_put_u8(b, ' ');
	svg_num(b, x, 2);
	rel_put_u8(b, ' ');
	svg_num(b, y, 2);
	rel_put_fmt(b, " cm\n");
	for (; (n = qr_run(q, &i, &j)) > 0; i += n)
		rel_put_fmt(b, "%d %d %d 1 re\n", i + QR_QUIET, j + QR_QUIET, n);
	rel_put_fmt(b, "f Q\n");
	QRcode_free(q);
	return 0;
}

static void
put_stroke(struct rel_buf *b, double x, double y, double dx, double dy)
{
	svg_num(b, x - dx, 2);
	rel_put_u8(b, ' ');
	svg_num(b, y - dy, 2);
	rel_put_fmt(b, " m ");
	svg_num(b, x + dx, 2);
	rel_put_u8(b, ' ');
	svg_num(b, y + dy, 2);
	rel_put_fmt(b, " l\n");
}

/* Small crosses where stickers meet, and where their edges leave the sheet. */
static void
put_cuts(struct rel_buf *b)
{
	rel_put_fmt(b, "0.6 G 0.5 w\n");
	for (int i = 0; i <= COLUMNS; i++)
		for (int j = 0; j <= ROWS; j++) {
			put_stroke(b, i * CELL_W, j * CELL_H, 10, 0);
			put_stroke(b, i * CELL_W, j * CELL_H, 0, 10);
		}
	rel_put_fmt(b, "S\n");
}

static int
put_content(struct rel_buf *b, const struct qr_label *l, size_t n,
    struct rel_err *err)
{
	int rc = 0;

	put_cuts(b);
	for (size_t i = 0; i < n && i < EACH && rc == 0; i++) {
		double x = (double)(i % COLUMNS) * CELL_W + MARGIN;
		double y = PAGE_H - (double)(i / COLUMNS) * CELL_H - MARGIN - 6;

		put_texts(b, &l[i], x, y);
		rc = put_code(b, l[i].url, x, y, err);
	}
	return rc;
}

static void
put_heads(struct rel_buf *b, size_t *at, size_t pages)
{
	rel_put_raw(b, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", 15);
	at[CATALOG] = b->len;
	rel_put_fmt(b, "%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\n",
	    CATALOG, PAGES);
	at[PAGES] = b->len;
	rel_put_fmt(b, "%d 0 obj\n<</Type/Pages/Count %zu/Kids[", PAGES, pages);
	for (size_t i = 0; i < pages; i++)
		rel_put_fmt(b, "%zu 0 R\n", FIRST + 2 * i);
	rel_put_fmt(b, "]>>\nendobj\n");
	for (int f = PLAIN; f <= BOLD; f++) {
		at[f] = b->len;
		rel_put_fmt(b, "%d 0 obj\n<</Type/Font/Subtype/Type1/BaseFont"
		    "/Helvetica%s/Encoding/WinAnsiEncoding>>\nendobj\n", f,
		    f == BOLD ? "-Bold" : "");
	}
	at[INFO] = b->len;
	rel_put_fmt(b, "%d 0 obj\n<</Title(QR codes of devices)"
	    "/Producer(cups-release)>>\nendobj\n", INFO);
}

static void
put_page(struct rel_buf *b, size_t *at, size_t no, const struct rel_buf *content)
{
	at[no] = b->len;
	rel_put_fmt(b, "%zu 0 obj\n<</Type/Page/Parent %d 0 R/MediaBox[0 0 595.28"
	    " 841.89]/Resources<</Font<</F%d %d 0 R/F%d %d 0 R>>>>/Contents"
	    " %zu 0 R>>\nendobj\n", no, PAGES, PLAIN, PLAIN, BOLD, BOLD, no + 1);
	at[no + 1] = b->len;
	rel_put_fmt(b, "%zu 0 obj\n<</Length %zu>>\nstream\n", no + 1,
	    content->len);
	rel_put_raw(b, content->data, content->len);
	rel_put_fmt(b, "\nendstream\nendobj\n");
}

static void
put_tail(struct rel_buf *b, const size_t *at, size_t objects)
{
	size_t xref = b->len;

	rel_put_fmt(b, "xref\n0 %zu\n0000000000 65535 f \n", objects);
	for (size_t i = 1; i < objects; i++)
		rel_put_fmt(b, "%010zu 00000 n \n", at[i]);
	rel_put_fmt(b, "trailer\n<</Size %zu/Root %d 0 R/Info %d 0 R>>\n"
	    "startxref\n%zu\n%%%%EOF\n", objects, CATALOG, INFO, xref);
}

int
qr_sheet(struct rel_buf *b, const struct qr_label *labels, size_t n,
    struct rel_err *err)
{
	size_t pages = (n + EACH - 1) / EACH, objects = FIRST + 2 * pages, *at;
	struct rel_buf content;
	int rc = 0;

	if (n == 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "there is no device to make a QR code for");
	if (n > QR_SHEET_MAX)
		return rel_err_set(err, REL_E_LIMIT,
		    "%zu QR codes are too many at once: take at most %d", n,
		    QR_SHEET_MAX);
	if ((at = calloc(objects, sizeof *at)) == NULL)
		return rel_err_set(err, REL_E_NOMEM,
		    "there is no memory for a sheet of QR codes");
	rel_buf_init(&content);
	put_heads(b, at, pages);
	for (size_t i = 0; i < pages && rc == 0; i++) {
		rel_buf_reset(&content);
		rc = put_content(&content, labels + i * EACH, n - i * EACH, err);
		if (rc == 0 && content.failed)
			rc = rel_err_set(err, content.failed,
			    "there is no memory for a sheet of QR codes");
		put_page(b, at, FIRST + 2 * i, &content);
	}
	put_tail(b, at, objects);
	rel_buf_fini(&content);
	free(at);
	return rc;
}
