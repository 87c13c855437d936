/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * One content stream behind a page's own, which is put between q and Q: the
 * text at the foot, and pale across the page.  Gray only.
 */
#include "lib/pdf/pdf_priv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/pdf/balance.h"
#include "lib/text.h"

#define TEXT_MAX 256
#define FONT "/RelStampHelv"
#define STATE "/RelStampPale"
#define MARGIN 18.0		/* points: what most devices cannot print on */
#define KEYS_MAX 65536

struct stamp {
	struct pdf_doc doc;
	char text[TEXT_MAX];		/* WinAnsi */
	size_t len;
	double width;			/* at size 1 */
	int font_id, state_id;		/* objects all pages share */
};

/* ---- what is written */

static void
put_string(struct rel_buf *b, const struct stamp *s)
{
	rel_put_raw(b, "<", 1);
	for (size_t i = 0; i < s->len; i++)
		rel_put_fmt(b, "%02X", (unsigned char)s->text[i]);
	rel_put_fmt(b, "> Tj\n");
}

/* Coordinates of the reader, whose left bottom corner is 0 0. */
static void
put_matrix(struct rel_buf *b, const struct pdf_page *p)
{
	static const int turn[4][4] = {
		{ 1, 0, 0, 1 }, { 0, 1, -1, 0 }, { -1, 0, 0, -1 },
		{ 0, -1, 1, 0 }
	};
	const int *t = turn[p->rotate / 90 % 4];
	double x = p->rotate == 90 || p->rotate == 180 ? p->box.x1 :
	    p->box.x0;
	double y = p->rotate == 180 || p->rotate == 270 ? p->box.y1 :
	    p->box.y0;

	rel_put_fmt(b, "%d %d %d %d %.3f %.3f cm\n", t[0], t[1], t[2], t[3],
	    x, y);
}

static void
put_text(struct rel_buf *b, const struct stamp *s, const struct pdf_page *p)
{
	double w = p->box.x1 - p->box.x0, h = p->box.y1 - p->box.y0, swap;
	double diagonal, size, angle, c, n;

	if (p->rotate % 180 != 0) {
		swap = w;
		w = h;
		h = swap;
	}
	diagonal = hypot(w, h);
	angle = atan2(h, w);
	c = cos(angle);
	n = sin(angle);
	size = fmin(0.75 * diagonal / s->width, diagonal / 8);
	rel_put_fmt(b, STATE " gs 0 g 0 Tr 0 Tc 0 Tw 100 Tz 0 Ts BT\n"
	    FONT " %.3f Tf %.5f %.5f %.5f %.5f %.3f %.3f Tm\n", size, c, n,
	    -n, c, w / 2 - c * s->width * size / 2 + n * size / 3,
	    h / 2 - n * s->width * size / 2 - c * size / 3);
	put_string(b, s);
	size = fmin(8 / p->unit, fmax(w - 2 * MARGIN / p->unit, w / 2) /
	    s->width);
	rel_put_fmt(b, "ET Q q ");
	put_matrix(b, p);
	rel_put_fmt(b, "0 g 0 Tr 0 Tc 0 Tw 100 Tz 0 Ts BT\n" FONT
	    " %.3f Tf 1 0 0 1 %.3f %.3f Tm\n", size,
	    (w - s->width * size) / 2, fmin(MARGIN / p->unit, h / 10));
	put_string(b, s);
	rel_put_fmt(b, "ET\n");
}

static void
put_stamp(struct rel_buf *b, const struct stamp *s, const struct pdf_page *p)
{
	rel_put_fmt(b, "q ");
	put_matrix(b, p);
	put_text(b, s, p);
	rel_put_fmt(b, "Q\n");
}

/* ---- objects */

static qpdf_oh
by_id(struct stamp *s, int id)
{
	return qpdf_get_object_by_id(s->doc.q, id, 0);
}

/* A dictionary with the same entries; what is not one becomes empty. */
static qpdf_oh
copy_dict(struct pdf_doc *d, qpdf_oh from)
{
	qpdf_oh to = qpdf_oh_new_dictionary(d->q);
	char **keys = pdf_keys(d, from, KEYS_MAX);

	for (size_t i = 0; keys != NULL && keys[i] != NULL; i++)
		qpdf_oh_replace_key(d->q, to, keys[i],
		    qpdf_oh_get_key(d->q, from, keys[i]));
	free(keys);
	return to;
}

static void
add_to(struct pdf_doc *d, qpdf_oh res, const char *category,
    const char *name, qpdf_oh what)
{
	qpdf_oh dict = copy_dict(d, pdf_entry(d, res, category));

	qpdf_oh_replace_key(d->q, dict, name, what);
	qpdf_oh_replace_key(d->q, res, category, dict);
}

/* Resources that several pages share are changed once for all of them. */
static void
set_resources(struct stamp *s, qpdf_oh page)
{
	struct pdf_doc *d = &s->doc;
	uint64_t key, known;
	qpdf_oh old, res;

	(void)pdf_inherited(d, page, "/Resources", &old);
	key = pdf_key(d, old, PDF_KNOWN_STAMPED);
	if (pdf_map_get(&d->known, key, &known)) {
		qpdf_oh_replace_key(d->q, page, "/Resources",
		    by_id(s, (int)known));
		return;
	}
	res = copy_dict(d, old);
	add_to(d, res, "/Font", FONT, by_id(s, s->font_id));
	add_to(d, res, "/ExtGState", STATE, by_id(s, s->state_id));
	res = qpdf_make_indirect_object(d->q, res);
	pdf_map_put(&d->known, key,
	    (uint64_t)qpdf_oh_get_object_id(d->q, res));
	qpdf_oh_replace_key(d->q, page, "/Resources", res);
}

static qpdf_oh
new_stream(struct pdf_doc *d, const struct rel_buf *b)
{
	qpdf_oh none = qpdf_oh_new_null(d->q);
	qpdf_oh stream = qpdf_oh_new_stream(d->q);

	qpdf_oh_replace_stream_data(d->q, stream, b->data, b->len, none,
	    none);
	return stream;
}

static void
put_many(struct rel_buf *b, const char *what, int n)
{
	while (n-- > 0)
		rel_put_fmt(b, "%s", what);
}

/* Its own content streams in their order, between ours. */
static void
set_contents(struct pdf_doc *d, qpdf_oh page, qpdf_oh first, qpdf_oh last)
{
	qpdf_oh old = pdf_entry(d, page, "/Contents");
	qpdf_oh list = qpdf_oh_new_array(d->q);

	qpdf_oh_append_item(d->q, list, first);
	if (qpdf_oh_is_array(d->q, old)) {
		int n = qpdf_oh_get_array_n_items(d->q, old);

		for (int i = 0; i < n; i++) {
			qpdf_oh one = qpdf_oh_get_array_item(d->q, old, i);

			/* anything else spoils all of it for some readers */
			if (qpdf_oh_is_stream(d->q, one))
				qpdf_oh_append_item(d->q, list, one);
		}
	} else if (qpdf_oh_is_stream(d->q, old)) {
		qpdf_oh_append_item(d->q, list, old);
	}
	qpdf_oh_append_item(d->q, list, last);
	qpdf_oh_replace_key(d->q, page, "/Contents", list);
}

/*
 * Content that breaks off, or cannot be read, could swallow what stands
 * behind it: then the stamp goes in front.
 */
static int
stamp_page(struct stamp *s, uint32_t n, struct rel_err *err)
{
	struct pdf_doc *d = &s->doc;
	struct rel_buf first, last;
	struct pdf_bytes data = { 0 };
	struct pdf_balance b = { 0 };
	struct pdf_page p;
	int rc = 0;

	if (!pdf_page_load(d, n, &p))
		return 0;
	rel_buf_init(&first);
	rel_buf_init(&last);
	if ((qpdf_oh_get_page_content_data(d->q, p.oh, &data.p, &data.n) &
	    QPDF_ERRORS) == 0)
		pdf_balance(data.p, data.n, &b);
	free(data.p);
	if (!b.whole)
		put_stamp(&first, s, &p);
	put_many(&first, "q\n", b.before + 1);
	rel_put_fmt(&last, "\n%s", b.in_text ? "ET\n" : "");
	put_many(&last, "Q\n", b.after + 1);
	if (b.whole)
		put_stamp(&last, s, &p);
	if (first.failed != 0 || last.failed != 0) {
		rc = rel_err_set(err, REL_E_NOMEM, "no memory for a stamp");
	} else {
		set_resources(s, p.oh);
		set_contents(d, p.oh, new_stream(d, &first),
		    new_stream(d, &last));
	}
	rel_buf_fini(&first);
	rel_buf_fini(&last);
	return rc;
}

/* ---- the document */

static void
make_shared(struct stamp *s)
{
	qpdf_data q = s->doc.q;
	qpdf_oh font = qpdf_oh_parse(q, "<< /Type /Font /Subtype /Type1 "
	    "/BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
	qpdf_oh state = qpdf_oh_parse(q, "<< /Type /ExtGState /ca 0.15 "
	    "/CA 0.15 /BM /Normal /SMask /None >>");

	font = qpdf_make_indirect_object(q, font);
	state = qpdf_make_indirect_object(q, state);
	s->font_id = qpdf_oh_get_object_id(q, font);
	s->state_id = qpdf_oh_get_object_id(q, state);
}

static int
write_all(int fd, const unsigned char *p, size_t n, struct rel_err *err)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k <= 0)
			return rel_err_sys(err, REL_E_IO,
			    "cannot write the PDF");
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

/* A name of the descriptor when it has one: then nothing is held whole. */
static bool
name_of(int fd, char *out, size_t size)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || (!S_ISFIFO(st.st_mode) &&
	    (!S_ISREG(st.st_mode) || lseek(fd, 0, SEEK_CUR) != 0)))
		return false;
	snprintf(out, size, "/dev/fd/%d", fd);
	return true;
}

static int
write_error(qpdf_data q, struct rel_err *err)
{
	qpdf_error e = qpdf_get_error(q);
	char why[160] = "";

	if (e != NULL)
		rel_text_clean(why, sizeof why,
		    qpdf_get_error_message_detail(q, e));
	return rel_err_set(err, REL_E_IO, "cannot write the stamped PDF: %s",
	    why);
}

static int
write_doc(qpdf_data q, int fd, struct rel_err *err)
{
	char name[32];
	bool named = name_of(fd, name, sizeof name) &&
	    (qpdf_init_write(q, name) & QPDF_ERRORS) == 0;

	if (!named && (qpdf_init_write_memory(q) & QPDF_ERRORS) != 0)
		return write_error(q, err);
	qpdf_set_stream_data_mode(q, qpdf_s_preserve);
	qpdf_set_minimum_pdf_version(q, "1.4");
	if ((qpdf_write(q) & QPDF_ERRORS) != 0)
		return write_error(q, err);
	return named ? 0 : write_all(fd, qpdf_get_buffer(q),
	    qpdf_get_buffer_length(q), err);
}

static int
stamp_all(struct stamp *s, int out_fd, struct rel_err *err)
{
	int n = qpdf_get_num_pages(s->doc.q), rc = 0;

	if (n <= 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "the PDF has no page that can be found");
	make_shared(s);
	for (int i = 0; i < n && rc == 0; i++) {
		rc = stamp_page(s, (uint32_t)i, err);
		pdf_doc_page_done(&s->doc, (uint32_t)i);
	}
	return rc < 0 ? rc : write_doc(s->doc.q, out_fd, err);
}

int
rel_pdf_stamp(int in_fd, int out_fd, const char *text, struct rel_err *err)
{
	struct rel_facts f;
	struct stamp s = { .len = 0 };
	int rc;

	rel_facts_init(&f);
	s.len = pdf_winansi(s.text, sizeof s.text, text);
	s.width = pdf_helvetica_width(s.text, s.len) / 1000.0;
	if (s.width <= 0)
		return rel_err_set(err, REL_E_FORMAT, "no text to stamp");
	rc = pdf_doc_open(&s.doc, in_fd, &f, err);
	if (rc == -REL_E_DENIED)
		rc = rel_err_set(err, REL_E_DENIED, "%s", f.reason);
	else if (rc == 0)
		rc = stamp_all(&s, out_fd, err);
	pdf_doc_close(&s.doc);
	return rc;
}
