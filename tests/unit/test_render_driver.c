/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Drivers: CUPS's own sample drivers make what the printer speaks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/log.h"
#include "releaserd/render/render_priv.h"
#include "tests/unit/render_fixture.h"

#define PAGES 3u
#define SAMPLES "/usr/share/cups/drv/sample.drv"

static struct run r;
static char folder[300];

static void
usual(const char *driver, unsigned copies, enum rel_duplex sides)
{
	run_fini(&r);
	run_init(&r, RENDER_MAKE);
	doc_pdf(&r.in, PAGES, 2);
	snprintf(r.m.driver, sizeof r.m.driver, "%.200s/%s.ppd", folder,
	    driver);
	r.m.ticket.copies = copies;
	r.m.ticket.sides = (uint8_t)sides;
}

UNIT(each_driver_makes_what_was_asked_for)
{
	static const struct {
		const char *driver, *language;
		unsigned copies;
		enum rel_duplex sides;
		unsigned sheets;
	} t[] = {
		{ "laserjet", "pcl", 1, REL_DUPLEX_UNSAID, 3 },
		{ "laserjet", "pcl", 2, REL_DUPLEX_UNSAID, 3 },
		{ "deskjet", "pcl", 1, REL_DUPLEX_UNSAID, 3 },
		{ "deskjet", "pcl", 2, REL_DUPLEX_UNSAID, 3 },
		{ "epson24", "escp", 1, REL_DUPLEX_UNSAID, 3 },
		{ "epson24", "escp", 2, REL_DUPLEX_UNSAID, 3 },
		{ "generic", "postscript", 1, REL_DUPLEX_UNSAID, 3 },
		{ "generic", "postscript", 2, REL_DUPLEX_UNSAID, 3 },
		{ "generic", "postscript", 2, REL_DUPLEX_LONG, 2 },
		{ "pwg", "pwg-raster", 1, REL_DUPLEX_UNSAID, 3 },
		{ "pwg", "pwg-raster", 2, REL_DUPLEX_UNSAID, 3 },
		{ "pwg", "pwg-raster", 1, REL_DUPLEX_LONG, 2 },
		{ "urf", "apple-raster", 1, REL_DUPLEX_UNSAID, 3 },
		{ "urf", "apple-raster", 2, REL_DUPLEX_LONG, 2 },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		const struct rel_facts *f = &r.res.facts;
		struct rel_facts now;
		uint64_t got;

		usual(t[i].driver, t[i].copies, t[i].sides);
		render_run(&r);
		if (r.res.outcome != RENDER_DONE)
			fail_msg("case %zu (%s): %s", i, t[i].driver,
			    r.res.reason);
		doc_count(&r.out, &now);
		got = now.impressions;
		if (strcmp(f->language, t[i].language) != 0 ||
		    f->pages_sure != REL_SURE_EXACT || f->sides != PAGES ||
		    f->sheets != t[i].sheets ||
		    (f->copies != 1 && f->copies != t[i].copies))
			fail_msg("case %zu: %s, sure %d, %u sides on %u "
			    "sheets, %u copies", i, f->language,
			    f->pages_sure, f->sides, f->sheets, f->copies);
		if (got < (uint64_t)PAGES * f->copies || got >
		    (uint64_t)(PAGES + 1) * f->copies)
			fail_msg("case %zu: %llu sides went out", i,
			    (unsigned long long)got);
	}
}

static void
made_on(unsigned width, unsigned height)
{
	const struct rel_facts *f = &r.res.facts;

	must_be_done(&r);
	assert_int_equal(1, f->nmedia);
	assert_in_range(f->media[0].width, width - 100, width + 100);
	assert_in_range(f->media[0].height, height - 100, height + 100);
	assert_int_equal(PAGES, f->media[0].sides);
	assert_int_equal(f->colour_sides, f->media[0].colour);
}

/* What counts is what its bytes say, not what the document has. */
UNIT(a_driver_says_which_paper_it_is)
{
	usual("laserjet", 1, REL_DUPLEX_UNSAID);
	render_run(&r);
	made_on(21000, 29700);
	usual("laserjet", 1, REL_DUPLEX_UNSAID);
	snprintf(r.m.ticket.media, sizeof r.m.ticket.media,
	    "na_letter_8.5x11in");
	render_run(&r);
	made_on(21590, 27940);
}

UNIT(a_black_and_white_driver_makes_no_colour)
{
	usual("laserjet", 1, REL_DUPLEX_UNSAID);
	render_run(&r);
	must_be_done(&r);
	assert_int_equal(REL_SURE_EXACT, r.res.facts.colour_sure);
	assert_int_equal(0, r.res.facts.colour_sides);
	assert_string_equal("", r.res.facts.colour_pages);
	/* A colour one does: one side of the three. */
	usual("generic", 1, REL_DUPLEX_UNSAID);
	render_run(&r);
	must_be_done(&r);
	assert_int_equal(1, r.res.facts.colour_sides);
	assert_string_equal("2", r.res.facts.colour_pages);
}

UNIT(mono_reaches_a_colour_driver)
{
	static const char *const drivers[] = { "deskjet", "generic", "pwg",
	    "urf" };

	for (size_t i = 0; i < 4; i++) {
		struct rel_facts now;

		usual(drivers[i], 1, REL_DUPLEX_UNSAID);
		r.m.ticket.colour = REL_COLOUR_MONO;
		render_run(&r);
		must_be_done(&r);
		doc_count(&r.out, &now);
		assert_int_equal(0, r.res.facts.colour_sides);
		if (now.colour_sure == REL_SURE_EXACT &&
		    now.colour_sides != 0)
			fail_msg("%s: %u sides in colour", drivers[i],
			    now.colour_sides);
	}
}

UNIT(a_driver_that_loses_pages_is_found)
{
	usual("laserjet", 1, REL_DUPLEX_UNSAID);
	fake_program("pdftopdf", "exec " REL_CUPS_SERVERBIN "/filter/pdftopdf "
	    "\"$1\" \"$2\" \"$3\" \"$4\" \"$5 page-ranges=1-2\"");
	render_run(&r);
	no_fake_programs();
	must_be_refused(&r, "2 sides where 3 were expected");
}

UNIT(a_driver_that_fails_or_floods_is_refused)
{
	usual("laserjet", 1, REL_DUPLEX_UNSAID);
	fake_program("rastertohp", "cat >/dev/null; exit 3");
	render_run(&r);
	must_be_refused(&r, "rastertohp");
	usual("laserjet", 1, REL_DUPLEX_UNSAID);
	fake_program("rastertohp", "exec cat /dev/zero");
	r.m.max_bytes = 1u << 20;
	render_run(&r);
	no_fake_programs();
	must_be_refused(&r, "too large");
}

UNIT(a_filter_that_hangs_is_ended)
{
	usual("laserjet", 1, REL_DUPLEX_UNSAID);
	fake_program("gstoraster", "sleep 60 & wait");
	r.m.deadline_ms = 2000;
	render_run(&r);
	no_fake_programs();
	must_be_refused(&r, "RenderTimeout");
}

UNIT(the_word_for_gray_is_found)
{
	static const struct {
		const char *ppd, *option, *choice;
	} t[] = {
		{ "*OpenUI *ColorModel: PickOne\n*ColorModel RGB/Color: \"\"\n"
		    "*ColorModel Gray/Gray: \"\"\n", "ColorModel", "Gray" },
		{ "*ColorModel color/Color: \"\"\n"
		    "*ColorModel grayscale/Gray: \"\"\n",
		    "ColorModel", "grayscale" },
		{ "*Ink COLOR/Color: \"\"\n*Ink MONO/Grey: \"\"\n",
		    "Ink", "MONO" },
		{ "*Duplex None/Off: \"\"\n", "", "" },
		{ "", "", "" },
	};
	char path[400];

	snprintf(path, sizeof path, "%s/gray.ppd", folder);
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct ppd_gray g;
		struct rel_err err;
		FILE *f = fopen(path, "w");

		assert_non_null(f);
		fputs(t[i].ppd, f);
		fclose(f);
		assert_int_equal(0, ppd_gray(path, &g, &err));
		assert_string_equal(t[i].option, g.option);
		assert_string_equal(t[i].choice, g.choice);
	}
	unlink(path);
}

/* ---- drivers to try */

#define raster_ppd \
"*PPD-Adobe: \"4.3\"\n*FormatVersion: \"4.3\"\n*FileVersion: \"1\"\n" \
"*LanguageVersion: English\n*LanguageEncoding: ISOLatin1\n" \
"*PCFileName: \"PWG.PPD\"\n*Product: \"(PWG)\"\n*Manufacturer: \"Test\"\n" \
"*ModelName: \"PWG\"\n*ShortNickName: \"PWG\"\n*NickName: \"PWG\"\n" \
"*PSVersion: \"(3010.000) 0\"\n*LanguageLevel: \"3\"\n*ColorDevice: True\n" \
"*cupsVersion: 2.4\n*cupsManualCopies: True\n" \
"*cupsFilter2: \"%s %s 0 -\"\n" \
"*OpenUI *PageSize: PickOne\n*DefaultPageSize: A4\n" \
"*PageSize A4: \"<</PageSize[595 842]>>setpagedevice\"\n" \
"*CloseUI: *PageSize\n" \
"*OpenUI *PageRegion: PickOne\n*DefaultPageRegion: A4\n" \
"*PageRegion A4: \"<</PageSize[595 842]>>setpagedevice\"\n" \
"*CloseUI: *PageRegion\n" \
"*DefaultImageableArea: A4\n*ImageableArea A4: \"0 0 595 842\"\n" \
"*DefaultPaperDimension: A4\n*PaperDimension A4: \"595 842\"\n" \
"*OpenUI *ColorModel: PickOne\n*DefaultColorModel: RGB\n" \
"*ColorModel RGB/Color: \"<</cupsColorSpace 19/cupsBitsPerColor 8" \
"/cupsColorOrder 0>>setpagedevice\"\n" \
"*ColorModel Gray/Gray: \"<</cupsColorSpace 18/cupsBitsPerColor 8" \
"/cupsColorOrder 0>>setpagedevice\"\n*CloseUI: *ColorModel\n" \
"*OpenUI *Duplex: PickOne\n*DefaultDuplex: None\n" \
"*Duplex None: \"<</Duplex false>>setpagedevice\"\n" \
"*Duplex DuplexNoTumble: \"<</Duplex true/Tumble false>>setpagedevice\"\n" \
"*Duplex DuplexTumble: \"<</Duplex true/Tumble true>>setpagedevice\"\n" \
"*CloseUI: *Duplex\n" \
"*OpenUI *Resolution: PickOne\n*DefaultResolution: 100dpi\n" \
"*Resolution 100dpi: \"<</HWResolution[100 100]>>setpagedevice\"\n" \
"*CloseUI: *Resolution\n"

/* As CUPS makes them of what a driverless printer says. */
static int
make_raster_driver(const char *name, const char *type)
{
	char path[400];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s.ppd", folder, name);
	if ((f = fopen(path, "w")) == NULL)
		return -1;
	fprintf(f, raster_ppd, type, type);
	return fclose(f);
}

static int
make_drivers(void)
{
	const char *argv[] = { REL_PPDC, "-d", folder, SAMPLES, NULL };
	struct rel_child c = { .argv = argv, .in_fd = -1, .out_fd = -1,
	    .keep_fd = -1 };
	struct rel_child_end end;
	struct rel_err err;

	if (make_raster_driver("pwg", "image/pwg-raster") < 0 ||
	    make_raster_driver("urf", "image/urf") < 0)
		return -1;
	return rel_child_run(&c, &end, &err) == 0 && end.status == 0 ? 0 : -1;
}

static int
set_up(void **state)
{
	if (render_set_up(state) < 0)
		return -1;
	snprintf(folder, sizeof folder, "%s/ppds", render_base());
	return make_drivers();
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
		UNIT_RUN(each_driver_makes_what_was_asked_for),
		UNIT_RUN(a_driver_says_which_paper_it_is),
		UNIT_RUN(a_black_and_white_driver_makes_no_colour),
		UNIT_RUN(mono_reaches_a_colour_driver),
		UNIT_RUN(a_driver_that_loses_pages_is_found),
		UNIT_RUN(a_driver_that_fails_or_floods_is_refused),
		UNIT_RUN(a_filter_that_hangs_is_ended),
		UNIT_RUN(the_word_for_gray_is_found),
	};

	rel_log_init("test", REL_ERROR);
	if (!have_program(REL_CUPSFILTER) || !have_program(REL_PPDC) ||
	    !have_program(REL_CUPS_SERVERBIN "/filter/pdftopdf") ||
	    !have_program(REL_CUPS_SERVERBIN "/filter/gstoraster") ||
	    access(SAMPLES, R_OK) < 0) {
		printf("1..0 # SKIP CUPS's filters or drivers are missing\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
