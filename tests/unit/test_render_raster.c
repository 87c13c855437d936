/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* PostScript and raster for a device, without any PPD. */
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
