/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/pdf_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/text.h"

#define DEADLINE_MS 60000
#define GAP_MAX 2u		/* pages rendered for nothing to save a start */
#define LONG_SIDE 3600.0	/* points; larger pages are scaled down */
#define LONG_PIXELS 1800u

/* What is known of a page, beside enum pdf_verdict. */
#define VERDICT 3
#define SHOW_ANNOTS 4		/* its annotations may be what is coloured */
#define LARGE 8
#define SIZE_SHIFT 4		/* above: where its size is in media, from 1 */

struct look {
	struct pdf_doc doc;
	const struct rel_pdf_how *how;
	struct rel_facts *f;
	int fd;
	uint8_t *page;			/* one each */
	uint32_t pages;
	uint32_t at;			/* the page whose pixels come next */
	uint64_t rendered;
	double ink[4];
};

/* ---- by scan */

static void
look_page(struct look *l, uint32_t n)
{
	struct pdf_page p;
	enum pdf_verdict v, annots;
	uint32_t w, h;
	qpdf_oh res;

	if (!pdf_page_load(&l->doc, n, &p)) {
		l->page[n] = PDF_MAYBE;
		return;
	}
	pdf_page_media(&p, &w, &h);
	l->page[n] |= (uint8_t)((rel_facts_add_media(l->f, w, h) + 1) <<
	    SIZE_SHIFT);
	if (fmax(p.whole.x1 - p.whole.x0, p.whole.y1 - p.whole.y0) > LONG_SIDE)
		l->page[n] |= LARGE;
	if (l->how->no_colour) {
		(void)pdf_inherited(&l->doc, p.oh, "/Resources", &res);
		pdf_fonts_look(&l->doc, res);
		return;
	}
	v = pdf_scan_page(&l->doc, &p);
	annots = v == PDF_COLOUR ? v : pdf_annots_look(&l->doc, &p);
	l->page[n] |= (uint8_t)(annots > v ? annots : v);
	if (annots == PDF_MAYBE)
		l->page[n] |= SHOW_ANNOTS;
}

static void
look_pages(struct look *l)
{
	for (uint32_t i = 0; i < l->pages; i++) {
		if (pdf_late(&l->doc))
			l->page[i] = PDF_MAYBE;
		else
			look_page(l, i);
		pdf_doc_page_done(&l->doc, i);
	}
}

/* ---- by rendering */

static void
take_ink(struct look *l, const struct pdf_pixels *px)
{
	double all = (double)px->width * px->height * 255;

	for (int i = 0; i < 4; i++)
		l->ink[i] += (double)px->ink[i] / all;
	l->rendered++;
}

static void
take_pixels(void *ctx, const struct pdf_pixels *px)
{
	struct look *l = ctx;
	uint8_t *p;

	if (l->at >= l->pages)
		return;
	p = &l->page[l->at++];
	if ((*p & VERDICT) == PDF_MAYBE)
		*p = (uint8_t)((*p & ~VERDICT) |
		    (px->coloured > 0 ? PDF_COLOUR : PDF_MONO));
	take_ink(l, px);
}

static bool
wanted(const struct look *l, uint32_t i)
{
	return l->how->coverage || (l->page[i] & VERDICT) == PDF_MAYBE;
}

/* Pages from `first` on that go through one child; how many. */
static uint32_t
batch(const struct look *l, uint32_t first)
{
	uint8_t kind = l->page[first] & (SHOW_ANNOTS | LARGE);
	uint32_t end = first + 1;

	for (uint32_t i = end; i < l->pages && i - end <= GAP_MAX; i++) {
		if (!wanted(l, i))
			continue;
		if ((l->page[i] & (SHOW_ANNOTS | LARGE)) != kind)
			break;
		end = i + 1;
	}
	return end - first;
}

static void
render_pages(struct look *l)
{
	struct pdf_render r = { .fd = l->fd, .deadline = l->doc.deadline };
	bool clean;

	for (uint32_t i = 0; i < l->pages; ) {
		uint32_t n;

		if (!wanted(l, i)) {
			i++;
			continue;
		}
		n = batch(l, i);
		r.first = i + 1;
		r.last = i + n;
		r.hide_annots = (l->page[i] & SHOW_ANNOTS) == 0;
		r.scale_to = (l->page[i] & LARGE) != 0 ? LONG_PIXELS : 0;
		l->at = i;
		if (pdf_render(&r, take_pixels, l, &clean, NULL) < 0)
			return;
		i += n;
	}
}

/* ---- the sum */

static void
sum_colour(struct look *l)
{
	struct rel_facts *f = l->f;

	f->colour_sure = REL_SURE_EXACT;
	for (uint32_t i = 0; i < l->pages; i++) {
		enum pdf_verdict v = l->page[i] & VERDICT;

		if (v == PDF_MONO)
			continue;
		f->colour_sides++;
		if (l->page[i] >> SIZE_SHIFT > 0)
			f->media[(l->page[i] >> SIZE_SHIFT) - 1].colour++;
		rel_facts_add_colour(f, i + 1, i + 1);
		if (v == PDF_MAYBE)
			f->colour_sure = REL_SURE_BOUND;
	}
}

static void
sum(struct look *l)
{
	struct rel_facts *f = l->f;

	f->pages_sure = REL_SURE_EXACT;
	f->input_pages = f->sides = f->sheets = f->impressions = l->pages;
	f->copies = 1;
	if (!l->how->no_colour)
		sum_colour(l);
	rel_facts_sort_media(f);
	if (l->how->coverage && l->rendered == l->pages)
		for (int i = 0; i < 4; i++)
			f->coverage[i] = (int32_t)(l->ink[i] * 10000 /
			    (double)l->rendered + 0.5);
}

/* Does the file end as a PDF does? One that was cut short does not. */
static bool
has_end(const struct look *l)
{
	size_t tail = l->doc.bytes < 1024 ? l->doc.bytes : 1024;

	return tail > 5 && memmem(l->doc.map + l->doc.bytes - tail, tail,
	    "%%EOF", 5) != NULL;
}

static int
refuse_cut(struct rel_facts *f)
{
	return rel_facts_refuse(f, REL_REFUSED_DAMAGED,
	    "the PDF is damaged: it was cut short, or is none");
}

/* ---- what libqpdf cannot read */

struct other {
	struct rel_facts *f;
	double ink[4];
};

static uint32_t
pixel_size(uint32_t px)
{
	return (uint32_t)((uint64_t)px * 2540 / 36);
}

static void
other_page(void *ctx, const struct pdf_pixels *px)
{
	struct other *o = ctx;
	int size;
	double all = (double)px->width * px->height * 255;

	for (int i = 0; i < 4; i++)
		o->ink[i] += (double)px->ink[i] / all;
	o->f->input_pages++;
	size = rel_facts_add_media(o->f, pixel_size(px->width),
	    pixel_size(px->height));
	if (px->coloured > 0) {
		if (size >= 0)
			o->f->media[size].colour++;
		o->f->colour_sides++;
		rel_facts_add_colour(o->f, o->f->input_pages,
		    o->f->input_pages);
	}
}

bool
pdf_facts_by_render(const struct pdf_render *r, bool coverage,
    struct rel_facts *f, struct rel_err *err)
{
	struct other o = { .f = f };
	bool clean;
	int64_t n = pdf_render(r, other_page, &o, &clean, err);

	if (n <= 0 || !clean)
		return false;
	rel_facts_sort_media(f);
	f->sides = f->sheets = f->impressions = f->input_pages;
	f->pages_sure = f->colour_sure = REL_SURE_EXACT;
	for (int i = 0; i < 4 && coverage; i++)
		f->coverage[i] = (int32_t)(o.ink[i] * 10000 / (double)n +
		    0.5);
	return true;
}

/* Printers and renderers mend what libqpdf does not: ask them. */
static int
look_otherwise(struct look *l)
{
	struct pdf_render r = { .fd = l->fd, .deadline = l->doc.deadline,
	    .hide_annots = true };
	struct rel_facts f;

	if (!has_end(l))
		return refuse_cut(l->f);
	if (l->how->no_render)
		return -REL_E_DENIED;
	for (r.by = PDF_BY_POPPLER; r.by <= PDF_BY_GS; r.by++) {
		rel_facts_init(&f);
		if (!pdf_facts_by_render(&r, l->how->coverage, &f, NULL))
			continue;
		memcpy(f.language, "pdf", 4);
		*l->f = f;
		return 0;
	}
	return -REL_E_DENIED;
}

/* How many pages it has is known all the same. */
static int
refuse_print(struct rel_facts *f, uint32_t pages)
{
	(void)rel_facts_refuse(f, REL_REFUSED_NO_PRINT,
	    "the author of the PDF does not allow printing");
	f->input_pages = pages;
	f->pages_sure = REL_SURE_EXACT;
	return -REL_E_DENIED;
}

static int
look_open(struct look *l, struct rel_err *err)
{
	struct rel_facts *f = l->f;
	int n, rc = pdf_doc_open(&l->doc, l->fd, f, err);

	if (rc < 0)
		return rc;
	pdf_info_look(&l->doc, &f->app);
	n = qpdf_get_num_pages(l->doc.q);
	if (n < 0)
		return rel_facts_refuse(f, REL_REFUSED_DAMAGED,
		    "the PDF is damaged: its pages cannot be found");
	if (n == 0 && has_end(l))
		return rel_facts_refuse(f, REL_REFUSED_EMPTY,
		    "the PDF has no page");
	if (n == 0)
		return refuse_cut(f);
	if ((uint32_t)n > REL_FACTS_PAGES_MAX)
		return rel_facts_refuse(f, REL_REFUSED_TOO_MUCH,
		    "the PDF has more than %u pages", REL_FACTS_PAGES_MAX);
	if (f->encrypted && !qpdf_allow_print_low_res(l->doc.q) &&
	    !qpdf_allow_print_high_res(l->doc.q))
		return refuse_print(f, (uint32_t)n);
	l->pages = (uint32_t)n;
	if ((l->page = calloc(l->pages, 1)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory for pages");
	return 0;
}

int
rel_pdf_look(int fd, const struct rel_pdf_how *how, struct rel_facts *f,
    struct rel_err *err)
{
	static const struct rel_pdf_how plain;
	struct look l = { .how = how != NULL ? how : &plain, .f = f,
	    .fd = fd };
	int rc;

	rel_facts_init(f);
	memcpy(f->language, "pdf", 4);
	l.doc.facts = f;
	l.doc.deadline = rel_mono_ms() + (l.how->deadline_ms > 0 ?
	    l.how->deadline_ms : DEADLINE_MS);
	rc = look_open(&l, err);
	if (rc == 0) {
		look_pages(&l);
		if (!l.how->no_render && (!l.how->no_colour ||
		    l.how->coverage))
			render_pages(&l);
		sum(&l);
	} else if (strcmp(f->refused, REL_REFUSED_DAMAGED) == 0) {
		rc = look_otherwise(&l);
	}
	free(l.page);
	pdf_doc_close(&l.doc);
	return rc;
}
