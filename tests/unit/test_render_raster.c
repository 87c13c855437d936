/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* PostScript, raster and PCL for a device, without any PPD. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cups/raster.h>

#include "lib/log.h"
#include "releaserd/render/render_priv.h"
#include "tests/unit/render_fixture.h"

#define PAGES 3u

static struct run r;

static void
usual(const char *driver, unsigned copies, enum rel_duplex sides)
{
	run_fini(&r);
	run_init(&r, RENDER_MAKE);
	doc_pdf(&r.in, PAGES, 2);
	snprintf(r.m.driver, sizeof r.m.driver, "%s", driver);
	r.m.ticket.copies = copies;
	r.m.ticket.sides = (uint8_t)sides;
	r.m.how.told = 1;
}

UNIT(each_format_has_the_pages_of_the_document)
{
	static const struct {
		const char *driver, *language;
		unsigned copies;
		enum rel_duplex sides;
		unsigned sheets;
		bool gray;
	} t[] = {
		{ "ps", "postscript", 1, REL_DUPLEX_UNSAID, 3, false },
		{ "ps", "postscript", 2, REL_DUPLEX_LONG, 2, false },
		{ "pwg", "pwg-raster", 1, REL_DUPLEX_UNSAID, 3, false },
		{ "pwg", "pwg-raster", 1, REL_DUPLEX_UNSAID, 3, true },
		{ "pwg", "pwg-raster", 2, REL_DUPLEX_LONG, 2, false },
		{ "pwg", "pwg-raster", 1, REL_DUPLEX_SHORT, 2, false },
		{ "urf", "apple-raster", 1, REL_DUPLEX_UNSAID, 3, false },
		{ "urf", "apple-raster", 1, REL_DUPLEX_LONG, 2, true },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		const struct rel_facts *f = &r.res.facts;
		struct rel_facts now;

		usual(t[i].driver, t[i].copies, t[i].sides);
		r.m.how.gray = t[i].gray;
		render_run(&r);
		if (r.res.outcome != RENDER_DONE)
			fail_msg("case %zu (%s): %s", i, t[i].driver,
			    r.res.reason);
		doc_count(&r.out, &now);
		/* Copies are the device's affair: nothing repeats pages. */
		if (strcmp(f->language, t[i].language) != 0 ||
		    now.pages_sure != REL_SURE_EXACT ||
		    now.impressions != PAGES || f->sides != PAGES ||
		    f->sheets != t[i].sheets || f->copies != 1 ||
		    f->colour_sides != !t[i].gray ||
		    now.colour_sides != (t[i].language[0] == 'p' &&
		    t[i].language[1] == 'o' ? now.colour_sides :
		    !t[i].gray))
			fail_msg("case %zu: %s, %u sides (%u in colour) on "
			    "%u sheets, %u copies; went out: %u (%u)", i,
			    f->language, f->sides, f->colour_sides, f->sheets,
			    f->copies, now.impressions, now.colour_sides);
	}
}

/* ---- PCL XL and PCL 5, by our own counter */

struct pcl_case {
	const char *driver, *language;
	bool told, gray;
	unsigned copies;
	bool apart;			/* copies not collated */
	enum rel_duplex sides;
	/* what goes out: */
	unsigned sheets, made_copies, colour;
	enum rel_sure sure;
	const char *has, *hasnt;
};

static void
pcl_is(size_t i, const struct pcl_case *t)
{
	const struct rel_facts *f = &r.res.facts;
	struct rel_facts now;

	usual(t->driver, t->copies, t->sides);
	r.m.how.told = t->told;
	r.m.how.gray = t->gray;
	r.m.ticket.collate = !t->apart;
	render_run(&r);
	if (r.res.outcome != RENDER_DONE)
		fail_msg("case %zu (%s): %s", i, t->driver, r.res.reason);
	doc_count(&r.out, &now);
	if (strcmp(f->language, t->language) != 0 ||
	    strcmp(now.language, t->language) != 0 ||
	    now.pages_sure != REL_SURE_EXACT || now.sides != PAGES ||
	    now.impressions != PAGES * t->made_copies ||
	    f->sides != PAGES || f->sheets != t->sheets ||
	    f->copies != t->made_copies || f->colour_sides != !t->gray ||
	    now.colour_sides != t->colour || now.colour_sure != t->sure ||
	    (!t->told && t->sides != REL_DUPLEX_UNSAID &&
	    (now.sheets != t->sheets || now.duplex != t->sides)))
		fail_msg("case %zu: %s, %u sides (%u in colour) on %u sheets, "
		    "%u copies; went out: %s, %u sides (%u, %u) on %u sheets, "
		    "duplex %u, %u in all", i, f->language, f->sides,
		    f->colour_sides, f->sheets, f->copies, now.language,
		    now.sides, now.colour_sides, now.colour_sure, now.sheets,
		    now.duplex, now.impressions);
	if ((t->has != NULL && !doc_has(&r.out, t->has)) ||
	    (t->hasnt != NULL && doc_has(&r.out, t->hasnt)))
		fail_msg("case %zu: no %s, or %s", i, t->has, t->hasnt);
}

UNIT(pcl_has_the_pages_sides_and_colour_of_the_document)
{
	static const struct pcl_case t[] = {
		{ "pclxl", "pclxl", 0, 0, 2, 0, REL_DUPLEX_LONG, 2, 2, 1,
		    REL_SURE_EXACT, "ENTER LANGUAGE=PCLXL", NULL },
		{ "pclxl", "pclxl", 1, 0, 2, 0, REL_DUPLEX_SHORT, 2, 1, 1,
		    REL_SURE_EXACT, "RENDERMODE=COLOR", "@PJL JOB" },
		{ "pclxl", "pclxl", 0, 1, 1, 0, REL_DUPLEX_SHORT, 2, 1, 0,
		    REL_SURE_EXACT, "RENDERMODE=GRAYSCALE", "=COLOR" },
		{ "pclxl", "pclxl", 1, 1, 1, 0, REL_DUPLEX_UNSAID, 3, 1, 0,
		    REL_SURE_EXACT, NULL, "@PJL JOB" },
		{ "pcl", "pcl", 0, 1, 2, 0, REL_DUPLEX_LONG, 2, 2, 0,
		    REL_SURE_EXACT, "ENTER LANGUAGE=PCL\r", "\033*v6W" },
		{ "pcl", "pcl", 0, 1, 1, 0, REL_DUPLEX_SHORT, 2, 1, 0,
		    REL_SURE_EXACT, "BINDING=SHORTEDGE", NULL },
		{ "pcl", "pcl", 0, 0, 1, 0, REL_DUPLEX_LONG, 2, 1, 3,
		    REL_SURE_BOUND, "\033*v6W", NULL },
		{ "pcl", "pcl", 1, 1, 3, 0, REL_DUPLEX_UNSAID, 3, 1, 0,
		    REL_SURE_EXACT, "\033*t600R", "@PJL" },
		/* copies of each page are in it; of PCL 5c LPR makes them */
		{ "pcl", "pcl", 0, 1, 2, 1, REL_DUPLEX_UNSAID, 3, 2, 0,
		    REL_SURE_EXACT, "\033&l2X", "COPIES" },
		{ "pclxl", "pclxl", 0, 0, 3, 1, REL_DUPLEX_LONG, 2, 3, 1,
		    REL_SURE_EXACT, NULL, "COPIES" },
		{ "pcl", "pcl", 0, 0, 2, 1, REL_DUPLEX_UNSAID, 3, 1, 3,
		    REL_SURE_BOUND, NULL, "COPIES" },
		{ "pcl", "pcl", 1, 1, 2, 1, REL_DUPLEX_UNSAID, 3, 1, 0,
		    REL_SURE_EXACT, NULL, "\033&l2X" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		pcl_is(i, &t[i]);
}

UNIT(pcl_in_black_where_nothing_is_in_colour)
{
	static const struct {
		const char *driver;
		uint16_t dpi;
		bool mono;
		const char *has, *hasnt;
	} t[] = {
		{ "pcl", 0, false, "\033*t600R", "\033*v6W" },
		{ "pcl", 0, true, "\033*t600R", "\033*v6W" },
		{ "pcl", 300, true, "\033*t300R", "\033*v6W" },
		{ "pcl", 1200, true, "\033*t600R", "\033*v6W" },
		{ "pclxl", 1200, true, "SET RESOLUTION=1200", "=COLOR" },
		{ "pclxl", 0, false, "SET RESOLUTION=600", "=COLOR" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		usual(t[i].driver, 1, REL_DUPLEX_UNSAID);
		if (t[i].mono) {
			r.m.ticket.colour = REL_COLOUR_MONO;
		} else {
			doc_fini(&r.in);
			doc_pdf(&r.in, PAGES, 0);
		}
		r.m.how.dpi = t[i].dpi;
		render_run(&r);
		must_be_done(&r);
		if (!doc_has(&r.out, t[i].has) ||
		    doc_has(&r.out, t[i].hasnt))
			fail_msg("case %zu: no %s, or %s", i, t[i].has,
			    t[i].hasnt);
	}
}

UNIT(pcl_comes_on_the_paper_that_is_asked_for)
{
	static const char *const drivers[] = { "pclxl", "pcl" };

	for (size_t i = 0; i < 2; i++) {
		usual(drivers[i], 1, REL_DUPLEX_UNSAID);
		snprintf(r.m.ticket.media, sizeof r.m.ticket.media,
		    "na_letter_8.5x11in");
		render_run(&r);
		must_be_done(&r);
		assert_int_equal(1, r.res.facts.nmedia);
		assert_int_equal(21590, r.res.facts.media[0].width);
		assert_int_equal(27940, r.res.facts.media[0].height);
	}
}

/* PCL 5c is upright always: what lies is turned, not cut. */
UNIT(pcl_5c_turns_pages_that_lie)
{
	static const char *const media[] = { "", "iso_a5_148x210mm" };

	for (size_t i = 0; i < 2; i++) {
		usual("pcl", 1, REL_DUPLEX_UNSAID);
		r.m.ticket.number_up = 2;
		snprintf(r.m.ticket.media, sizeof r.m.ticket.media, "%s",
		    media[i]);
		render_run(&r);
		must_be_done(&r);
		assert_int_equal(2, r.res.facts.sides);
		assert_true(doc_has(&r.out, i == 0 ? "\033&l26A" :
		    "\033&l25A"));
		/* a row in the colours of 2480 or 1748 dots, not of 3508 */
		assert_true(doc_has(&r.out, i == 0 ? "\033*b8370W" :
		    "\033*b5900W"));
	}
}

/* A Ghostscript that loses pages: what was counted again says so. */
UNIT(pcl_with_pages_lost_is_refused)
{
	usual("pclxl", 1, REL_DUPLEX_UNSAID);
	fake_program("gs", "exec " REL_GS
	    " -dLastPage=2 \"$@\"");
	render_run(&r);
	must_be_refused(&r, "made 2 sides where 3 were expected");
	no_fake_programs();
}

/* ---- the raster itself, as libcups reads it */

static FILE *
out_file(void)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	assert_int_equal(r.out.n, fwrite(r.out.p, 1, r.out.n, f));
	rewind(f);
	return f;
}

static cups_page_header2_t
first_header(void)
{
	FILE *f = out_file();
	cups_raster_t *ras = cupsRasterOpen(fileno(f), CUPS_RASTER_READ);
	cups_page_header2_t h;

	assert_non_null(ras);
	assert_int_equal(1, cupsRasterReadHeader2(ras, &h));
	cupsRasterClose(ras);
	fclose(f);
	return h;
}

UNIT(resolution_colour_and_paper_are_the_devices)
{
	static const struct {
		const char *driver, *media;
		uint16_t dpi;
		bool gray;
		unsigned width, bits, points;
	} t[] = {
		{ "pwg", "", 0, false, 2479, 24, 595 },
		{ "pwg", "", 600, true, 4958, 8, 595 },
		{ "pwg", "na_letter_8.5x11in", 300, true, 2550, 8, 612 },
		{ "urf", "", 600, true, 4958, 8, 595 },
		{ "urf", "", 300, false, 2479, 24, 595 },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		cups_page_header2_t h;

		usual(t[i].driver, 1, REL_DUPLEX_UNSAID);
		r.m.how.dpi = t[i].dpi;
		r.m.how.gray = t[i].gray;
		snprintf(r.m.ticket.media, sizeof r.m.ticket.media, "%s",
		    t[i].media);
		render_run(&r);
		must_be_done(&r);
		h = first_header();
		if (h.HWResolution[0] != (t[i].dpi > 0 ? t[i].dpi : 300u) ||
		    h.cupsBitsPerPixel != t[i].bits ||
		    h.cupsWidth < t[i].width - 3 ||
		    h.cupsWidth > t[i].width + 3)
			fail_msg("case %zu: %u dpi, %u bits, %u wide", i,
			    h.HWResolution[0], h.cupsBitsPerPixel,
			    h.cupsWidth);
	}
}

/* Where on the second page the red square begins: its first line and pixel. */
static void
square(unsigned *x, unsigned *y)
{
	FILE *f = out_file();
	cups_raster_t *ras = cupsRasterOpen(fileno(f), CUPS_RASTER_READ);
	cups_page_header2_t h;
	uint8_t *line;

	assert_non_null(ras);
	for (int p = 0; p < 2; p++) {
		assert_int_equal(1, cupsRasterReadHeader2(ras, &h));
		assert_non_null(line = malloc(h.cupsBytesPerLine));
		*x = *y = 0;
		for (unsigned at = 0; at < h.cupsHeight; at++) {
			assert_int_equal(h.cupsBytesPerLine,
			    cupsRasterReadPixels(ras, line,
			    h.cupsBytesPerLine));
			for (unsigned i = 0; p == 1 && *y == 0 &&
			    i < h.cupsWidth; i++)
				if (line[i * 3] > 200 && line[i * 3 + 1] < 50) {
					*x = i;
					*y = at;
				}
		}
		free(line);
	}
	cupsRasterClose(ras);
	fclose(f);
	assert_true(*y > 0);
}

UNIT(backs_lie_as_the_device_wants_them)
{
	static const struct {
		const char *driver, *back;
		enum rel_duplex sides;
		bool x, y;
	} t[] = {
		{ "pwg", "rotated", REL_DUPLEX_LONG, true, true },
		{ "pwg", "rotated", REL_DUPLEX_SHORT, false, false },
		{ "pwg", "flipped", REL_DUPLEX_LONG, false, true },
		{ "pwg", "flipped", REL_DUPLEX_SHORT, true, false },
		{ "pwg", "manual-tumble", REL_DUPLEX_SHORT, true, true },
		{ "urf", "rotated", REL_DUPLEX_LONG, true, true },
		{ "urf", "manual-tumble", REL_DUPLEX_LONG, false, false },
	};
	unsigned x0, y0;

	usual("pwg", 1, REL_DUPLEX_LONG);
	render_run(&r);
	must_be_done(&r);
	square(&x0, &y0);
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		unsigned x, y;

		usual(t[i].driver, 1, t[i].sides);
		snprintf(r.m.how.back, sizeof r.m.how.back, "%s", t[i].back);
		render_run(&r);
		must_be_done(&r);
		square(&x, &y);
		if ((x != x0) != t[i].x || (y != y0) != t[i].y)
			fail_msg("case %zu: %u,%u instead of %u,%u", i, x, y,
			    x0, y0);
	}
}

UNIT(what_a_format_cannot_say_is_refused_or_said_before_it)
{
	usual("pwg", 1, REL_DUPLEX_UNSAID);
	r.m.how.told = 0;
	snprintf(r.m.ticket.finishings, sizeof r.m.ticket.finishings,
	    "staple");
	render_run(&r);
	must_be_refused(&r, "raster cannot ask for finishing");
	usual("ps", 1, REL_DUPLEX_UNSAID);
	r.m.how.told = 0;
	snprintf(r.m.ticket.finishings, sizeof r.m.ticket.finishings,
	    "staple");
	render_run(&r);
	must_be_done(&r);
	assert_true(doc_has(&r.out, "@PJL SET FINISH=STAPLE"));
	assert_true(doc_has(&r.out, "@PJL ENTER LANGUAGE=POSTSCRIPT"));
	usual("pwg", 1, REL_DUPLEX_LONG);
	snprintf(r.m.how.back, sizeof r.m.how.back, "upside-down");
	render_run(&r);
	must_be_refused(&r, "turns raster");
	/* By IPP a PDF goes out as it is, its sides beside it. */
	usual("", 1, REL_DUPLEX_LONG);
	render_run(&r);
	must_be_done(&r);
	assert_false(doc_has(&r.out, "@PJL"));
}

static int
set_up(void **state)
{
	run_init(&r, RENDER_MAKE);
	return render_set_up(state);
}

static int
tear_down(void **state)
{
	run_fini(&r);
	return render_tear_down(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(each_format_has_the_pages_of_the_document),
		UNIT_RUN(pcl_has_the_pages_sides_and_colour_of_the_document),
		UNIT_RUN(pcl_in_black_where_nothing_is_in_colour),
		UNIT_RUN(pcl_comes_on_the_paper_that_is_asked_for),
		UNIT_RUN(pcl_5c_turns_pages_that_lie),
		UNIT_RUN(pcl_with_pages_lost_is_refused),
		UNIT_RUN(resolution_colour_and_paper_are_the_devices),
		UNIT_RUN(backs_lie_as_the_device_wants_them),
		UNIT_RUN(what_a_format_cannot_say_is_refused_or_said_before_it),
	};

	rel_log_init("test", REL_ERROR);
	if (!have_program(REL_CUPS_SERVERBIN "/filter/pdftops") ||
	    !have_program(REL_CUPS_SERVERBIN "/filter/pdftopdf") ||
	    !have_program(REL_CUPS_SERVERBIN "/filter/gstoraster")) {
		printf("1..0 # SKIP CUPS's filters are missing\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
