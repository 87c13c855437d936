/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How a document and what is asked of it is told to the device. */
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "releaserd/render/render_priv.h"

static bool
finishing(const struct rel_ticket *t)
{
	return t->finishings[0] != '\0' && strcmp(t->finishings, "none") != 0;
}

/* Things a PDF by itself cannot say, and nobody says beside it. */
static bool
must_be_told(const struct render_job *job)
{
	const struct rel_ticket *t = &job->ticket;

	if (job->how.told)
		return false;
	return t->sides == REL_DUPLEX_LONG || t->sides == REL_DUPLEX_SHORT ||
	    finishing(t);
}

/* The words of what raster.c makes. */
static bool
made_kind(const char *word, enum device_kind *kind)
{
	static const struct {
		const char *word;
		enum device_kind kind;
	} all[] = {
		{ "ps", DEVICE_PS }, { "pwg", DEVICE_PWG },
		{ "urf", DEVICE_URF }, { "pclxl", DEVICE_PCLXL },
		{ "pcl", DEVICE_PCL }
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(word, all[i].word) == 0) {
			*kind = all[i].kind;
			return true;
		}
	return false;
}

int
device_kind(const struct render_job *job, enum device_kind *kind,
    struct rel_err *err)
{
	const char *d = job->driver;

	if (d[0] == '/') {
		*kind = DEVICE_PPD;
	} else if (made_kind(d, kind)) {
		if ((*kind == DEVICE_PWG || *kind == DEVICE_URF) &&
		    must_be_told(job) && finishing(&job->ticket))
			return rel_err_set(err, REL_E_DENIED, "this device "
			    "takes raster, and raster cannot ask for "
			    "finishing");
	} else if (strcmp(d, "pjl") == 0 ||
	    (d[0] == '\0' && must_be_told(job))) {
		*kind = DEVICE_PJL;
	} else if (d[0] == '\0' || strcmp(d, "pdf") == 0) {
		*kind = DEVICE_PDF;
		if (must_be_told(job))
			return rel_err_set(err, REL_E_DENIED, "this device "
			    "takes nothing but PDF, and a PDF cannot ask for "
			    "two-sided printing or finishing");
	} else {
		return rel_err_set(err, REL_E_FULL,
		    "nobody knows the driver \"%.60s\" of this device", d);
	}
	return 0;
}

/* ---- as it is held */

int
device_put_held(const struct shop *s, int fd, struct rel_facts *made,
    uint64_t *bytes, struct rel_err *err)
{
	struct outlet *o;
	int rc = outlet_new(&o, s->work, err);

	if (rc < 0)
		return rc;
	if ((rc = outlet_put_file(o, fd, err)) == 0)
		rc = outlet_end(o, bytes, made, err);
	outlet_free(&o);
	return rc;
}

/* ---- a PDF, with PJL around it or not */

static int
put_pjl(struct outlet *o, const struct rel_ticket *t, const char *language,
    int fd, struct rel_err *err)
{
	struct rel_buf head, tail;
	int rc;

	rel_buf_init(&head);
	rel_buf_init(&tail);
	pjl_head(&head, t, language);
	pjl_tail(&tail);
	if (head.failed || tail.failed)
		rc = rel_err_set(err, REL_E_NOMEM, "no memory");
	else if ((rc = outlet_put(o, head.data, head.len, err)) == 0 &&
	    (rc = outlet_put_file(o, fd, err)) == 0)
		rc = outlet_put(o, tail.data, tail.len, err);
	rel_buf_fini(&head);
	rel_buf_fini(&tail);
	return rc;
}

/* What PJL says must be what was meant. The PDF itself was looked at. */
static int
check_pjl(const struct rel_ticket *t, const struct rel_facts *counted,
    struct rel_facts *made, struct rel_err *err)
{
	if (counted->copies != t->copies)
		return rel_err_set(err, REL_E_DENIED, "the document that goes "
		    "out makes %u copies, not %u", (unsigned)counted->copies,
		    (unsigned)t->copies);
	made->copies = t->copies;
	made->duplex = t->sides;
	return 0;
}

/* ---- the printer's own language */

/* A blank side ends each copy when both sides are used. */
static uint64_t
with_blanks(const struct rel_facts *made, const struct rel_ticket *t)
{
	bool both = t->sides == REL_DUPLEX_LONG ||
	    t->sides == REL_DUPLEX_SHORT;

	return (uint64_t)made->sides + (both ? made->sides & 1u : 0);
}

static int
check_sides(const struct rel_ticket *t, uint64_t got, struct rel_facts *made,
    struct rel_err *err)
{
	uint64_t all = (uint64_t)made->sides * t->copies;

	if (got == all || got == with_blanks(made, t) * t->copies)
		made->copies = t->copies;
	else if (got == made->sides || got == with_blanks(made, t))
		made->copies = 1;	/* lost by the driver: send repeats */
	else
		return rel_err_set(err, REL_E_DENIED, "the printer's driver "
		    "made %llu sides where %llu were expected",
		    (unsigned long long)got, (unsigned long long)all);
	return 0;
}

/* What comes out of a black and white printer has no colour. */
static void
take_colour(const struct rel_facts *counted, struct rel_facts *made)
{
	if (counted->colour_sure != REL_SURE_EXACT ||
	    counted->colour_sides > 0)
		return;
	rel_facts_no_colour(made);
}

/* The driver puts everything on one size of paper: that is what comes out. */
static void
take_media(const struct rel_facts *counted, struct rel_facts *made)
{
	bool both = made->duplex == REL_DUPLEX_LONG ||
	    made->duplex == REL_DUPLEX_SHORT;

	if (counted->nmedia != 1)
		return;
	made->nmedia = 1;
	made->media[0] = (struct rel_facts_media){
	    .width = counted->media[0].width,
	    .height = counted->media[0].height, .sides = made->sides,
	    .colour = made->colour_sides,
	    .both = (made->sides + both) / (1u + both) };
}

static int
check_driver(const struct rel_ticket *t, const struct rel_facts *counted,
    uint64_t lines, struct rel_facts *made, struct rel_err *err)
{
	uint64_t got = counted->impressions;
	bool both = t->sides == REL_DUPLEX_LONG ||
	    t->sides == REL_DUPLEX_SHORT;
	int rc;

	if (counted->pages_sure != REL_SURE_EXACT) {
		/* A language nobody here can read: what its filters say. */
		got = lines;
		made->pages_sure = REL_SURE_BOUND;
		if (lines == 0) {
			rel_log(REL_INFO, "a driver's output is not counted",
			    "language=%s", counted->language);
			made->copies = t->copies;
			return 0;
		}
	}
	if ((rc = check_sides(t, got, made, err)) < 0)
		return rc;
	if (both && counted->duplex == REL_DUPLEX_NONE && made->sides > 1)
		return rel_err_set(err, REL_E_DENIED, "the printer's driver "
		    "prints on one side only: its options may have to be set "
		    "in the PPD");
	if (counted->colour_sure == REL_SURE_EXACT &&
	    t->colour == REL_COLOUR_MONO && counted->colour_sides > 0)
		return rel_err_set(err, REL_E_DENIED, "the printer's driver "
		    "made %u sides in colour of a document without any",
		    (unsigned)counted->colour_sides);
	take_colour(counted, made);
	made->duplex = t->sides;
	take_media(counted, made);
	memcpy(made->language, counted->language, sizeof made->language);
	return 0;
}

/*
 * What is said by PJL in front of it, NULL nothing.  PostScript has both sides
 * in it; PCL 5 made here has not, and its printers know PJL.
 */
static const char *
pjl_language(enum device_kind kind, const struct render_job *job)
{
	if (job->how.told)
		return NULL;
	switch (kind) {
	case DEVICE_PS:
		return finishing(&job->ticket) ? "POSTSCRIPT" : NULL;
	case DEVICE_PCLXL:
		return "PCLXL";
	case DEVICE_PCL:
		return "PCL";
	default:
		return NULL;
	}
}

static int
put_made(const struct shop *s, enum device_kind kind, int fd,
    const struct rel_facts *made, struct outlet *o, struct rel_err *err)
{
	const struct render_job *job = s->work->job;
	const char *language = pjl_language(kind, job);
	struct rel_ticket t = job->ticket;
	int to, rc = raster_make(s, kind, fd, made, &to, err);

	if (rc < 0)
		return rc;
	/* What PCL says of each page counts, not PJL's COPIES. */
	if (kind != DEVICE_PS && !t.collate)
		t.copies = 1;
	if (language != NULL)
		rc = put_pjl(o, &t, language, to, err);
	else
		rc = outlet_put_file(o, to, err);
	close(to);
	return rc;
}

static int
put_kind(const struct shop *s, enum device_kind kind, int fd,
    const struct rel_facts *made, struct outlet *o, struct rel_err *err)
{
	switch (kind) {
	case DEVICE_PJL:
		return put_pjl(o, &s->work->job->ticket, "PDF", fd, err);
	case DEVICE_PDF:
		return outlet_put_file(o, fd, err);
	default:
		return put_made(s, kind, fd, made, o, err);
	}
}

int
device_put(const struct shop *s, enum device_kind kind, int fd,
    struct rel_facts *made, uint64_t *bytes, struct rel_err *err)
{
	const struct rel_ticket *t = &s->work->job->ticket;
	struct rel_facts counted;
	uint64_t lines = 0;
	struct outlet *o;
	int rc = outlet_new(&o, s->work, err);

	if (rc < 0)
		return rc;
	made->copies = 1;
	made->duplex = REL_DUPLEX_UNSAID;
	rc = kind == DEVICE_PPD ? driver_run(s, fd, made, o, &lines, err) :
	    put_kind(s, kind, fd, made, o, err);
	if (rc == 0)
		rc = outlet_end(o, bytes, &counted, err);
	if (rc == 0 && kind == DEVICE_PJL)
		rc = check_pjl(t, &counted, made, err);
	else if (rc == 0 && kind != DEVICE_PDF)
		rc = check_driver(t, &counted, lines, made, err);
	outlet_free(&o);
	return rc;
}
