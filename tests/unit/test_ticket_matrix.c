/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The matrix of options: what rel_ticket_count() works out against what
 * CUPS's own pdftopdf then really makes, over PDFs of 1 to 13 pages made here.
 * Each combination meets three numbers of pages (all of 1 to 13 in turn), or
 * every one with REL_MATRIX=full.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/child.h"
#include "lib/compat.h"
#include "lib/ticket.h"

#define PDFTOPDF REL_CUPS_SERVERBIN "/filter/pdftopdf"
#define PAGES_MAX 13
#define OPTIONS 2048

static int pdfs[PAGES_MAX + 1];
static unsigned runs, wrong;

/* ---- PDFs: page n is one large area, red when n divides by 3, else gray */

static bool
page_is_red(int n)
{
	return n % 3 == 0;
}

static void
object(struct rel_buf *b, size_t *at, int id)
{
	at[id] = b->len;
	rel_put_fmt(b, "%d 0 obj\n", id);
}

static int
make_pdf(int pages)
{
	size_t at[2 * PAGES_MAX + 3], xref;
	struct rel_buf b;
	int fd, last = 2 + 2 * pages;

	rel_buf_init(&b);
	rel_put_fmt(&b, "%%PDF-1.5\n");
	object(&b, at, 1);
	rel_put_fmt(&b, "<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
	object(&b, at, 2);
	rel_put_fmt(&b, "<< /Type /Pages /Count %d /Kids [", pages);
	for (int i = 1; i <= pages; i++)
		rel_put_fmt(&b, " %d 0 R", 1 + 2 * i);
	rel_put_fmt(&b, " ] >>\nendobj\n");
	for (int i = 1; i <= pages; i++) {
		const char *ink = page_is_red(i) ? "1 0 0 rg" : "0.5 g";

		object(&b, at, 1 + 2 * i);
		rel_put_fmt(&b, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 "
		    "595 842] /Resources << >> /Contents %d 0 R >>\nendobj\n",
		    2 + 2 * i);
		object(&b, at, 2 + 2 * i);
		rel_put_fmt(&b, "<< /Length %zu >>\nstream\n%s 60 60 475 722 "
		    "re f\nendstream\nendobj\n", strlen(ink) +
		    strlen(" 60 60 475 722 re f"), ink);
	}
	xref = b.len;
	rel_put_fmt(&b, "xref\n0 %d\n0000000000 65535 f \n", last + 1);
	for (int i = 1; i <= last; i++)
		rel_put_fmt(&b, "%010zu 00000 n \n", at[i]);
	rel_put_fmt(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%zu\n"
	    "%%%%EOF\n", last + 1, xref);
	fd = rel_compat_memfile();
	assert_int_equal(b.failed, 0);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, b.data, b.len), b.len);
	rel_buf_fini(&b);
	return fd;
}

static void
facts_of(struct rel_facts *f, int pages)
{
	rel_facts_init(f);
	f->input_pages = f->sides = f->sheets = f->impressions =
	    (uint32_t)pages;
	f->pages_sure = f->colour_sure = REL_SURE_EXACT;
	for (int i = 1; i <= pages; i++)
		if (page_is_red(i)) {
			rel_facts_add_colour(f, (uint32_t)i, (uint32_t)i);
			f->colour_sides++;
		}
}

/* ---- what is really made */

struct made {
	uint32_t lines;			/* PAGE: lines */
	uint64_t copies;		/* sum of their second numbers */
	uint32_t pages;			/* pages of the PDF */
	int fd;
};

/* "/Type /Page", but not "/Type /Pages". */
static uint32_t
count_pages(int fd)
{
	static char data[1 << 20];
	ssize_t n = pread(fd, data, sizeof data - 1, 0);
	uint32_t pages = 0;

	assert_true(n >= 0 && n < (ssize_t)sizeof data - 1);
	data[n] = '\0';
	for (char *p = data, *end = data + n; p < end; p++) {
		if ((p = memchr(p, '/', (size_t)(end - p))) == NULL)
			break;
		pages += strncmp(p, "/Type /Page", 11) == 0 && p[11] != 's';
	}
	return pages;
}

static void
run_pdftopdf(int pages, const char *options, unsigned copies, struct made *m)
{
	char number[16];
	const char *argv[] = { PDFTOPDF, "1", "user", "title", number,
		options, "/dev/fd/3", NULL };
	struct rel_child c = { .argv = argv, .in_fd = -1,
	    .keep_fd = pdfs[pages], .deadline_ms = 20000 };
	struct rel_child_end end;

	snprintf(number, sizeof number, "%u", copies);
	m->fd = c.out_fd = rel_compat_memfile();
	assert_true(m->fd >= 0);
	lseek(pdfs[pages], 0, SEEK_SET);
	assert_int_equal(rel_child_run(&c, &end, NULL), 0);
	runs++;
	m->lines = end.page_lines;
	m->copies = end.page_copies;
	m->pages = end.status == 0 ? count_pages(m->fd) : 0;
}

/* Pages of a PDF that have a pixel of colour, of a picture at 36 dpi. */
static uint32_t
coloured(int fd)
{
	static uint8_t data[1 << 22];
	const char *argv[] = { REL_PDFTOPPM, "-r", "36", "/dev/fd/3", NULL };
	struct rel_child c = { .argv = argv, .in_fd = -1, .keep_fd = fd };
	struct rel_child_end end;
	size_t at = 0;
	ssize_t n;
	uint32_t all = 0;

	c.out_fd = rel_compat_memfile();
	assert_int_equal(rel_child_run(&c, &end, NULL), 0);
	assert_int_equal(end.status, 0);
	n = pread(c.out_fd, data, sizeof data - 1, 0);
	assert_true(n > 0 && n < (ssize_t)sizeof data - 1);
	close(c.out_fd);
	while (at < (size_t)n) {
		int w, h, head = 0;
		bool colour = false;

		assert_int_equal(sscanf((char *)data + at,
		    "P6 %d %d 255%n", &w, &h, &head), 2);
		at += (size_t)head + 1;
		for (int i = 0; i < w * h; i++, at += 3)
			colour = colour || abs(data[at] - data[at + 1]) > 30 ||
			    abs(data[at] - data[at + 2]) > 30;
		assert_true(at <= (size_t)n);
		all += colour;
	}
	return all;
}

/* ---- one cell */

static void
complain(int pages, const char *options, const struct rel_facts *f,
    const struct made *m)
{
	if (wrong++ < 20)
		print_message("# %d pages, %s: worked out %u sides, pdftopdf "
		    "made %u (%u PAGE lines)\n", pages, options, f->sides,
		    m->pages, m->lines);
}

static void
cell(const struct rel_ticket *t, int pages, bool colour)
{
	char options[OPTIONS];
	struct rel_facts in, out;
	struct made m;
	bool two = t->sides >= REL_DUPLEX_LONG;

	facts_of(&in, pages);
	rel_ticket_pdftopdf(t, options, sizeof options);
	assert_true(rel_ticket_count(t, &in, &out));
	assert_int_equal(out.impressions, out.sides * t->copies);
	assert_int_equal(out.sheets, two ? (out.sides + 1) / 2 : out.sides);
	assert_int_equal(out.pages_sure, REL_SURE_EXACT);
	run_pdftopdf(pages, options, 1, &m);
	if (m.lines != out.sides || m.pages != out.sides)
		complain(pages, options, &out, &m);
	else if (colour && out.sides > 0 && coloured(m.fd) != out.colour_sides) {
		print_message("# %u sides in colour worked out, %u made\n",
		    out.colour_sides, coloured(m.fd));
		complain(pages, options, &out, &m);
	}
	close(m.fd);
}

/* ---- all of them */

static const uint8_t ups[] = { 1, 2, 4, 6, 9, 16 };
static const char *const ranges[] = { "", "1", "2-3", "1,3-5,9-", "-2" };
#define UPS 6
#define RANGES 5
#define COMBINATIONS (UPS * RANGES * 3 * 2 * 2 * 3)

/* The k-th combination. */
static void
combination(struct rel_ticket *t, unsigned k)
{
	static const uint8_t sides[] = { REL_DUPLEX_NONE, REL_DUPLEX_LONG,
		REL_DUPLEX_SHORT };

	rel_ticket_init(t);
	t->number_up = ups[k % UPS];
	k /= UPS;
	snprintf(t->pages, sizeof t->pages, "%s", ranges[k % RANGES]);
	k /= RANGES;
	t->page_set = (uint8_t)(k % 3);
	k /= 3;
	t->booklet = k % 2 == 1;
	k /= 2;
	t->reverse = k % 2 == 1;
	k /= 2;
	t->sides = sides[k % 3];
	/* These two are not pdftopdf's business; they only multiply. */
	t->copies = 1 + k % 4;
	t->collate = k % 5 != 0;
}

static void
must_have(const char *program)
{
	if (access(program, X_OK) == 0)
		return;
	print_message("# SKIP %s is missing\n", program);
	skip();
}

UNIT(matrix)
{
	const char *how = getenv("REL_MATRIX");
	int each = how != NULL && strcmp(how, "full") == 0 ? PAGES_MAX : 3;
	struct rel_ticket t;

	must_have(PDFTOPDF);
	runs = wrong = 0;
	for (unsigned k = 0; k < COMBINATIONS; k++) {
		combination(&t, k);
		for (int i = 0; i < each; i++)
			cell(&t, 1 + (int)(k * 3 + (unsigned)i) % PAGES_MAX,
			    false);
	}
	print_message("# %u combinations, %u runs of pdftopdf, %u wrong\n",
	    COMBINATIONS, runs, wrong);
	assert_int_equal(wrong, 0);
	assert_int_equal(runs, COMBINATIONS * (unsigned)each);
}

UNIT(colour_sides)
{
	struct rel_ticket t;

	must_have(PDFTOPDF);
	must_have(REL_PDFTOPPM);
	runs = wrong = 0;
	for (unsigned k = 0; k < COMBINATIONS; k += 11) {
		combination(&t, k);
		cell(&t, 1 + (int)(k % PAGES_MAX), true);
	}
	print_message("# %u combinations in colour\n", runs);
	assert_int_equal(wrong, 0);
	assert_true(runs > 90);
}

/*
 * Copies as pdftopdf itself writes them out: as many impressions, but for the
 * blank back that a collated copy of an odd number of sides gets.
 */
UNIT(copies)
{
	struct rel_ticket t;

	must_have(PDFTOPDF);
	for (unsigned k = 0; k < 96; k++) {
		char options[OPTIONS + 64];
		struct rel_facts in, out;
		struct made m;
		int pages = 1 + (int)(k % PAGES_MAX);
		uint64_t one;

		rel_ticket_init(&t);
		t.number_up = ups[k % 3];
		t.sides = k / 3 % 2 ? REL_DUPLEX_LONG : REL_DUPLEX_NONE;
		t.copies = 1 + k / 6 % 4;
		t.collate = k / 24 % 2 == 1;
		facts_of(&in, pages);
		assert_true(rel_ticket_count(&t, &in, &out));
		rel_ticket_pdftopdf(&t, options, OPTIONS);
		snprintf(options + strlen(options),
		    sizeof options - strlen(options),
		    "%s", t.collate ? " Collate=true "
		    "multiple-document-handling=separate-documents-collated-"
		    "copies" : " Collate=false");
		run_pdftopdf(pages, options, t.copies, &m);
		one = t.sides == REL_DUPLEX_LONG && t.copies > 1 ?
		    2 * (uint64_t)out.sheets : out.sides;
		if (m.copies != one * t.copies || m.pages != m.copies)
			fail_msg("%d pages, copies %u, %s: %u impressions "
			    "worked out, %llu pages made", pages, t.copies,
			    options, out.impressions,
			    (unsigned long long)m.pages);
		close(m.fd);
	}
}

/* What the bytes are counted by here is what qpdf counts. */
UNIT(qpdf_agrees)
{
	char said[32] = "";
	const char *argv[] = { REL_QPDF, "--show-npages", "/dev/fd/3", NULL };
	struct rel_child c = { .argv = argv, .in_fd = -1 };
	struct rel_child_end end;
	struct made m;

	must_have(PDFTOPDF);
	must_have(REL_QPDF);
	for (int pages = 1; pages <= PAGES_MAX; pages += 2) {
		run_pdftopdf(pages, pages % 4 == 1 ? "number-up=2" :
		    "booklet=true", 1, &m);
		c.keep_fd = m.fd;
		c.out_fd = rel_compat_memfile();
		assert_int_equal(rel_child_run(&c, &end, NULL), 0);
		assert_int_equal(end.status, 0);
		assert_true(pread(c.out_fd, said, sizeof said - 1, 0) > 0);
		assert_int_equal(atoi(said), m.pages);
		close(c.out_fd);
		close(m.fd);
	}
}

static int
setup(void **state)
{
	(void)state;
	for (int n = 1; n <= PAGES_MAX; n++)
		pdfs[n] = make_pdf(n);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (int n = 1; n <= PAGES_MAX; n++)
		close(pdfs[n]);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(qpdf_agrees), UNIT_RUN(copies),
		UNIT_RUN(colour_sides), UNIT_RUN(matrix)
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
