/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Carry a ticket out: the chain of doc/pages.md, "At release". */
#include <string.h>
#include <unistd.h>

#include "lib/fault.h"
#include "releaserd/render/render_priv.h"

struct making {
	const struct shop *s;
	const struct rel_ticket *t;
	enum device_kind device;
	bool converted;			/* it came as something else than PDF */
	int fd;				/* the document as it stands now */
	bool altered;			/* it is not the held one any more */
	struct rel_facts in;		/* of the document itself */
	struct rel_facts now;		/* of what was made of it */
	uint32_t expected;		/* sides */
};

/* Is anything asked that a held document does not say by itself? */
static bool
asks(const struct rel_ticket *t)
{
	return !rel_ticket_is_plain(t) || t->stamp != REL_STAMP_NONE ||
	    t->colour == REL_COLOUR_MONO || t->sides == REL_DUPLEX_LONG ||
	    t->sides == REL_DUPLEX_SHORT || (t->finishings[0] != '\0' &&
	    strcmp(t->finishings, "none") != 0);
}

/* A document that is not touched: counted, and sent as it is. */
static int
make_held(struct making *m, uint64_t *bytes, struct rel_err *err)
{
	return device_put_held(m->s, m->fd, &m->now, bytes, err);
}

/* What is held: the pages the person was shown must be there. */
static int
look(struct making *m, struct rel_err *err)
{
	const struct rel_facts *told = &m->s->work->job->facts;
	/* Of what is altered only that decides which is to be taken out. */
	bool colour = m->t->colour == REL_COLOUR_MONO ||
	    (rel_ticket_is_plain(m->t) && m->t->stamp == REL_STAMP_NONE);
	int rc = document_look(m->s, m->fd, colour, &m->in, err);

	if (rc == 0 && strcmp(m->in.language, "pdf") != 0)
		return rel_err_set(err, REL_E_DENIED,
		    "this is no PDF, though it came as one");
	if (rc == 0 && !m->converted && told->pages_sure == REL_SURE_EXACT &&
	    told->input_pages != m->in.input_pages)
		return rel_err_set(err, REL_E_DENIED, "the document has %u "
		    "pages, but %u were counted when it came",
		    (unsigned)m->in.input_pages, (unsigned)told->input_pages);
	return rc;
}

static int
stamp(struct making *m, enum rel_stamp when, struct rel_err *err)
{
	if (m->t->stamp != when || m->t->stamp_text[0] == '\0')
		return 0;
	m->altered = true;
	return convert_stamp(m->s, &m->fd, m->t->stamp_text, err);
}

/* Move the pages; then it is known how many sides there must be. */
static int
pages(struct making *m, struct rel_err *err)
{
	struct rel_facts want;
	uint32_t lines = 0;
	bool known = rel_ticket_count(m->t, &m->in, &want);
	int rc;

	m->expected = want.sides;
	if (rel_ticket_is_plain(m->t) &&
	    !rel_ticket_one_paper(m->t, &m->in, NULL))
		return 0;
	m->altered = true;
	if ((rc = convert_pages(m->s, &m->fd, &m->in, &lines, err)) < 0)
		return rc;
	if (lines == 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "nothing is left to print with these options");
	/* Nobody could know before: what pdftopdf says then counts. */
	if (!known && lines <= want.sides)
		m->expected = lines;
	return 0;
}

static int
gray(struct making *m, struct rel_err *err)
{
	if (m->t->colour != REL_COLOUR_MONO ||
	    (m->in.colour_sure == REL_SURE_EXACT && m->in.colour_sides == 0))
		return 0;
	m->altered = true;
	return convert_gray(m->s, &m->fd, err);
}

/* Look again at what was made: nobody pays for what nobody expected. */
static int
prove(struct making *m, struct rel_err *err)
{
	int rc;

	if (!m->altered)
		m->now = m->in;
	else if ((rc = document_look(m->s, m->fd, true, &m->now, err)) < 0)
		return rc;
	if (m->now.input_pages != m->expected)
		return rel_err_set(err, REL_E_DENIED, "the document that was "
		    "made has %u sides, but %u were expected",
		    (unsigned)m->now.input_pages, (unsigned)m->expected);
	if (m->t->colour == REL_COLOUR_MONO && (m->now.colour_sides > 0 ||
	    m->now.colour_sure != REL_SURE_EXACT))
		return rel_err_set(err, REL_E_DENIED, "it was not possible to "
		    "take all colour out of this document: %u sides may have "
		    "some left", (unsigned)m->now.colour_sides);
	return 0;
}

/* Of one copy, as it comes out of the device. */
static void
sum_up(struct making *m)
{
	struct rel_facts *f = &m->now;
	bool both = f->duplex == REL_DUPLEX_LONG ||
	    f->duplex == REL_DUPLEX_SHORT;

	f->sides = m->expected;
	f->sheets = rel_facts_sheets(f, f->sides, both);
	f->impressions = f->sides * f->copies;
	f->input_pages = m->in.input_pages;
	f->more = false;
}

static int
make_pdf(struct making *m, uint64_t *bytes, struct rel_err *err)
{
	int rc;

	if ((rc = look(m, err)) < 0 ||
	    (rc = stamp(m, REL_STAMP_PAGE, err)) < 0 ||
	    (rc = pages(m, err)) < 0 ||
	    (rc = stamp(m, REL_STAMP_SHEET, err)) < 0 ||
	    (rc = gray(m, err)) < 0 || (rc = prove(m, err)) < 0 ||
	    (rc = device_put(m->s, m->device, m->fd, &m->now, bytes,
	    err)) < 0)
		return rc;
	sum_up(m);
	return 0;
}

static int
make_any(struct making *m, uint64_t *bytes, struct rel_err *err)
{
	char mime[64];
	enum kind kind = document_kind(m->s, m->fd, mime);
	int rc;

	if (kind == KIND_NATIVE && asks(m->t))
		return rel_err_set(err, REL_E_DENIED, "this document is in "
		    "the printer's own language; it cannot be changed here");
	if (kind == KIND_NATIVE || (kind != KIND_PDF && !asks(m->t) &&
	    m->s->work->job->driver[0] == '\0'))
		return make_held(m, bytes, err);
	if ((rc = device_kind(m->s->work->job, &m->device, err)) < 0)
		return rc;
	m->converted = kind != KIND_PDF;
	if (m->converted &&
	    (rc = convert_to_pdf(m->s, &m->fd, mime, err)) < 0)
		return rc;
	return make_pdf(m, bytes, err);
}

int
make_run(const struct shop *s, struct render_result *res,
    struct rel_err *err)
{
	struct making m = { .s = s, .t = &s->work->job->ticket, .fd = -1 };
	int rc;

	rel_fault("render:before-make");
	rel_facts_init(&m.now);
	if ((rc = document_open(s, &m.fd, err)) == 0)
		rc = make_any(&m, &res->out_bytes, err);
	if (m.fd >= 0)
		close(m.fd);
	res->facts = m.now;
	return rc;
}
