/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a render makes of a document and a ticket, with the real programs. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/log.h"
#include "tests/unit/render_fixture.h"

#define PAGES 7u
#define COLOURED 3u

static struct run r;

/* A run over the usual document: seven pages, the third in colour. */
static void
usual(enum render_op op)
{
	run_fini(&r);
	run_init(&r, op);
	doc_pdf(&r.in, PAGES, COLOURED);
}

static void
made_has(unsigned pages, unsigned coloured)
{
	unsigned p, c;

	must_be_done(&r);
	look_at(&r.out, &p, &c);
	assert_int_equal(pages, p);
	assert_int_equal(coloured, c);
	assert_int_equal(REL_SURE_EXACT, r.res.facts.pages_sure);
	assert_int_equal(pages, r.res.facts.sides);
	assert_int_equal(coloured, r.res.facts.colour_sides);
	assert_int_equal(PAGES, r.res.facts.input_pages);
}

/* ---- counting */

UNIT(a_pdf_is_counted)
{
	usual(RENDER_COUNT);
	render_run(&r);
	must_be_done(&r);
	assert_string_equal("pdf", r.res.facts.language);
	assert_int_equal(PAGES, r.res.facts.input_pages);
	assert_int_equal(1, r.res.facts.colour_sides);
	assert_string_equal("3", r.res.facts.colour_pages);
	assert_int_equal(REL_SURE_EXACT, r.res.facts.colour_sure);
}

UNIT(postscript_without_comments_is_counted)
{
	usual(RENDER_COUNT);
	doc_fini(&r.in);
	doc_text(&r.in, "%%!\n/p { 10 10 99 99 rectfill showpage } def\n"
	    "3 { p } repeat 1 0 0 setrgbcolor p\n");
	render_run(&r);
	must_be_done(&r);
	assert_string_equal("postscript", r.res.facts.language);
	assert_int_equal(4, r.res.facts.sides);
	assert_int_equal(REL_SURE_EXACT, r.res.facts.pages_sure);
	assert_int_equal(1, r.res.facts.colour_sides);
}

/* ---- pages */

UNIT(a_plain_ticket_leaves_the_bytes_alone)
{
	usual(RENDER_MAKE);
	render_run(&r);
	made_has(PAGES, 1);
	assert_int_equal(r.in.n, r.out.n);
	assert_memory_equal(r.in.p, r.out.p, r.in.n);
	assert_int_equal(1, r.res.facts.copies);
}

UNIT(two_pages_on_a_side)
{
	usual(RENDER_MAKE);
	r.m.ticket.number_up = 2;
	render_run(&r);
	made_has(4, 1);
}

UNIT(a_range_of_pages)
{
	usual(RENDER_MAKE);
	snprintf(r.m.ticket.pages, sizeof r.m.ticket.pages, "2-4");
	render_run(&r);
	made_has(3, 1);
	usual(RENDER_MAKE);
	snprintf(r.m.ticket.pages, sizeof r.m.ticket.pages, "90-94");
	render_run(&r);
	assert_int_equal(RENDER_REFUSED, r.res.outcome);
}

/* All sides are on this paper, whichever way round. */
static void
made_on(unsigned width, unsigned height)
{
	const struct rel_facts_media *m = &r.res.facts.media[0];

	must_be_done(&r);
	assert_int_equal(1, r.res.facts.nmedia);
	assert_in_range(m->width < m->height ? m->width : m->height,
	    width - 100, width + 100);
	assert_in_range(m->width < m->height ? m->height : m->width,
	    height - 100, height + 100);
	assert_int_equal(r.res.facts.sides, m->sides);
	assert_int_equal(r.res.facts.colour_sides, m->colour);
}

UNIT(what_is_moved_stays_on_its_paper)
{
	usual(RENDER_MAKE);
	r.m.ticket.number_up = 2;
	render_run(&r);
	made_on(21000, 29700);
	usual(RENDER_MAKE);
	snprintf(r.m.ticket.pages, sizeof r.m.ticket.pages, "2-4");
	render_run(&r);
	made_on(21000, 29700);
}

UNIT(the_media_option_is_carried_out)
{
	usual(RENDER_MAKE);
	snprintf(r.m.ticket.media, sizeof r.m.ticket.media, "A3");
	render_run(&r);
	made_has(PAGES, 1);
	made_on(29700, 42000);
	/* It has that size already: nothing is touched. */
	usual(RENDER_MAKE);
	snprintf(r.m.ticket.media, sizeof r.m.ticket.media,
	    "iso_a4_210x297mm");
	render_run(&r);
	made_on(21000, 29700);
	assert_int_equal(r.in.n, r.out.n);
	assert_memory_equal(r.in.p, r.out.p, r.in.n);
}

UNIT(a_booklet)
{
	usual(RENDER_MAKE);
	r.m.ticket.booklet = true;
	r.m.ticket.sides = REL_DUPLEX_SHORT;
	render_run(&r);
	made_has(4, 1);
	assert_int_equal(2, r.res.facts.sheets);
	assert_int_equal(REL_DUPLEX_SHORT, r.res.facts.duplex);
}

/* ---- stamp */

UNIT(the_stamp_goes_on_each_page_or_each_side)
{
	if (!have_program("/usr/bin/pdftotext"))
		skip();
	usual(RENDER_MAKE);
	r.m.ticket.number_up = 2;
	r.m.ticket.stamp = REL_STAMP_PAGE;
	snprintf(r.m.ticket.stamp_text, sizeof r.m.ticket.stamp_text,
	    "anna-4711");
	render_run(&r);
	made_has(4, 1);
	/* At the foot and across: at least once on each. */
	assert_true(text_count(&r.out, "anna-4711") >= PAGES);
	usual(RENDER_MAKE);
	r.m.ticket.number_up = 2;
	r.m.ticket.stamp = REL_STAMP_SHEET;
	snprintf(r.m.ticket.stamp_text, sizeof r.m.ticket.stamp_text,
	    "anna-4711");
	render_run(&r);
	made_has(4, 1);
	assert_true(text_count(&r.out, "anna-4711") >= 4);
	assert_true(text_count(&r.out, "anna-4711") <= 2 * 4);
}

/* ---- gray */

UNIT(mono_leaves_no_coloured_pixel)
{
	usual(RENDER_MAKE);
	r.m.ticket.colour = REL_COLOUR_MONO;
	render_run(&r);
	made_has(PAGES, 0);
	assert_int_equal(REL_SURE_EXACT, r.res.facts.colour_sure);
}

UNIT(mono_that_does_not_work_is_refused)
{
	/* A Ghostscript that gives back what it got. */
	usual(RENDER_MAKE);
	fake_program("gs", "exec cat");
	r.m.ticket.colour = REL_COLOUR_MONO;
	render_run(&r);
	no_fake_programs();
	must_be_refused(&r, "colour");
}

UNIT(a_gray_document_needs_no_ghostscript)
{
	usual(RENDER_MAKE);
	doc_fini(&r.in);
	doc_pdf(&r.in, PAGES, 0);
	fake_program("gs", "exit 1");
	r.m.ticket.colour = REL_COLOUR_MONO;
	render_run(&r);
	no_fake_programs();
	made_has(PAGES, 0);
}

/* ---- PJL */

UNIT(pjl_tells_copies_sides_and_staples)
{
	usual(RENDER_MAKE);
	snprintf(r.m.driver, sizeof r.m.driver, "pjl");
	r.m.ticket.copies = 3;
	r.m.ticket.sides = REL_DUPLEX_LONG;
	r.m.ticket.colour = REL_COLOUR_MONO;
	snprintf(r.m.ticket.finishings, sizeof r.m.ticket.finishings,
	    "staple");
	snprintf(r.m.ticket.stamp_text, sizeof r.m.ticket.stamp_text,
	    "secret");
	render_run(&r);
	must_be_done(&r);
	assert_memory_equal("\033%-12345X@PJL", r.out.p, 13);
	assert_true(doc_has(&r.out, "@PJL SET QTY=3\r\n"));
	assert_true(doc_has(&r.out, "@PJL SET DUPLEX=ON\r\n"));
	assert_true(doc_has(&r.out, "@PJL SET BINDING=LONGEDGE\r\n"));
	assert_true(doc_has(&r.out, "@PJL SET RENDERMODE=GRAYSCALE\r\n"));
	assert_true(doc_has(&r.out, "@PJL SET FINISH=STAPLE\r\n"));
	assert_true(doc_has(&r.out, "@PJL ENTER LANGUAGE=PDF\r\n%PDF-"));
	assert_memory_equal("\033%-12345X", r.out.p + r.out.n - 9, 9);
	assert_int_equal(3, r.res.facts.copies);
	assert_int_equal(PAGES, r.res.facts.sides);
	assert_int_equal(4, r.res.facts.sheets);
	assert_int_equal(REL_DUPLEX_LONG, r.res.facts.duplex);
	assert_int_equal(0, r.res.facts.colour_sides);
	assert_int_equal(3 * PAGES, r.res.facts.impressions);
}

UNIT(two_sides_need_words_for_it)
{
	usual(RENDER_MAKE);
	r.m.ticket.sides = REL_DUPLEX_LONG;
	render_run(&r);
	must_be_done(&r);
	assert_true(doc_has(&r.out, "@PJL SET DUPLEX=ON\r\n"));
	usual(RENDER_MAKE);
	r.m.ticket.sides = REL_DUPLEX_LONG;
	snprintf(r.m.driver, sizeof r.m.driver, "pdf");
	render_run(&r);
	must_be_refused(&r, "two-sided");
}

/* ---- what was made is not what was expected */

UNIT(a_lost_page_is_found)
{
	/* It says four sides and makes two. */
	usual(RENDER_MAKE);
	r.m.ticket.number_up = 2;
	fake_program("pdftopdf", "printf 'PAGE: 1 1\\nPAGE: 2 1\\n"
	    "PAGE: 3 1\\nPAGE: 4 1\\n' >&2\n"
	    "exec " REL_CUPS_SERVERBIN "/filter/pdftopdf 1 u t 1 "
	    "'number-up=2 page-ranges=1-2' /proc/self/fd/0");
	render_run(&r);
	must_be_refused(&r, "has 2 sides, but 4 were expected");
	/* It says two and makes two, but four were promised. */
	usual(RENDER_MAKE);
	r.m.ticket.number_up = 2;
	fake_program("pdftopdf", "exec " REL_CUPS_SERVERBIN "/filter/pdftopdf "
	    "1 u t 1 'number-up=2 page-ranges=1-2 page-logging=true' "
	    "/proc/self/fd/0");
	render_run(&r);
	no_fake_programs();
	must_be_refused(&r, "has 2 sides, but 4 were expected");
}

UNIT(a_document_that_is_not_what_was_counted_is_found)
{
	usual(RENDER_MAKE);
	r.m.facts.pages_sure = REL_SURE_EXACT;
	r.m.facts.input_pages = r.m.facts.sides = PAGES - 1;
	render_run(&r);
	must_be_refused(&r, "has 7 pages, but 6 were counted");
}

/* ---- documents nobody should send */

UNIT(hostile_documents_are_refused)
{
	static const char *const texts[] = {
		"%PDF-1.4\n", "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 1 0 R"
		">> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n",
		"%PDF-1.4 \xff\xff\xff\xff", "%!PS\n{ } loop\n",
		"%!PS\n/x 100000 array def { x dup length array } loop\n",
		"%!PS\n(/etc/passwd) (r) file\n",
		"\x89PNG\r\n\x1a\n\xff\xff\xff\xff",
		"\xff\xd8\xff\xe0 and no more", "plain text as a PDF\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		for (int op = RENDER_MAKE; op <= RENDER_PREVIEW; op++) {
			usual((enum render_op)op);
			doc_fini(&r.in);
			doc_put(&r.in, texts[i], strlen(texts[i]));
			r.m.ticket.number_up = 2;
			r.m.deadline_ms = 2000;
			render_run(&r);
			if (r.res.outcome != RENDER_REFUSED)
				fail_msg("document %zu, op %d: outcome %d: %s",
				    i, op, r.res.outcome, r.res.reason);
		}
}

UNIT(nobody_counts_pages_in_rubbish)
{
	static const char *const texts[] = {
		"%PDF-1.4\n", "%PDF-1.4 \xff\xff\xff\xff",
		"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 1 0 R>> endobj\n"
		"trailer <</Root 1 0 R>>\n%%EOF\n",
		"%!PS\n{ } loop\n", "\xff\xd8\xff\xe0 and no more",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		usual(RENDER_COUNT);
		doc_fini(&r.in);
		doc_put(&r.in, texts[i], strlen(texts[i]));
		r.m.deadline_ms = 2000;
		render_run(&r);
		if (r.res.outcome == RENDER_LATER ||
		    r.res.facts.pages_sure == REL_SURE_EXACT)
			fail_msg("document %zu: outcome %d, %u pages: %s", i,
			    r.res.outcome, r.res.facts.input_pages,
			    r.res.reason);
	}
}

UNIT(stored_documents_that_do_not_fit_are_refused)
{
	usual(RENDER_MAKE);
	r.m.key[0] ^= 1;
	render_run(&r);
	assert_int_equal(RENDER_REFUSED, r.res.outcome);
	usual(RENDER_MAKE);
	r.m.plain_bytes = r.in.n + 1;
	render_run(&r);
	must_be_refused(&r, "length");
	usual(RENDER_MAKE);
	r.m.max_bytes = r.in.n - 1;
	render_run(&r);
	must_be_refused(&r, "RenderMaxSize");
	usual(RENDER_COUNT);
	doc_fini(&r.in);
	render_run(&r);
	must_be_refused(&r, "empty");
}

/* ---- programs that go wrong */

UNIT(a_program_that_hangs_is_ended)
{
	time_t began = time(NULL);

	usual(RENDER_MAKE);
	fake_program("gs", "sleep 60 & wait");
	r.m.ticket.colour = REL_COLOUR_MONO;
	r.m.deadline_ms = 1500;
	render_run(&r);
	no_fake_programs();
	must_be_refused(&r, "RenderTimeout");
	assert_true(time(NULL) - began < 20);
}

UNIT(a_program_that_wants_all_memory_is_refused_it)
{
#ifdef REL_SANITIZERS
	print_message("# SKIP: no limit of memory with sanitizers\n");
	skip();
#endif
	usual(RENDER_MAKE);
	fake_program("gs", "exec awk 'BEGIN { s = \"0123456789abcdef\"; "
	    "while (1) { s = s s; if (length(s) > 4294967296) exit 0 } }'");
	r.m.ticket.colour = REL_COLOUR_MONO;
	render_run(&r);
	no_fake_programs();
	assert_int_equal(RENDER_REFUSED, r.res.outcome);
}

UNIT(a_program_that_writes_without_end_is_refused)
{
	usual(RENDER_MAKE);
	fake_program("gs", "exec cat /dev/zero");
	r.m.ticket.colour = REL_COLOUR_MONO;
	r.m.max_bytes = 1u << 20;
	render_run(&r);
	no_fake_programs();
	assert_int_equal(RENDER_REFUSED, r.res.outcome);
}

UNIT(what_is_missing_on_this_machine_is_named)
{
	usual(RENDER_MAKE);
	snprintf(r.m.driver, sizeof r.m.driver, "/nonexistent/x.ppd");
	render_run(&r);
	assert_int_equal(RENDER_LATER, r.res.outcome);
	assert_non_null(strstr(r.res.reason, "/nonexistent/x.ppd"));
	usual(RENDER_MAKE);
	snprintf(r.m.driver, sizeof r.m.driver, "zebra");
	render_run(&r);
	assert_int_equal(RENDER_LATER, r.res.outcome);
	assert_non_null(strstr(r.res.reason, "\"zebra\""));
}

UNIT(a_server_that_stops_tries_later)
{
	usual(RENDER_MAKE);
	r.stop = 1;
	render_run(&r);
	assert_int_equal(RENDER_LATER, r.res.outcome);
}

/* ---- other than PDF */

UNIT(a_printers_own_language_is_not_altered)
{
	static const char pcl[] = "\033E\033&l2X\033*t300Rhello\f\033E";

	for (int changed = 0; changed < 2; changed++) {
		usual(RENDER_MAKE);
		doc_fini(&r.in);
		doc_put(&r.in, pcl, sizeof pcl - 1);
		snprintf(r.m.format, sizeof r.m.format,
		    "application/vnd.cups-raw");
		r.m.ticket.copies = 2;
		if (changed)
			r.m.ticket.number_up = 2;
		render_run(&r);
		if (changed) {
			must_be_refused(&r, "own language");
			continue;
		}
		must_be_done(&r);
		assert_int_equal(sizeof pcl - 1, r.out.n);
		assert_memory_equal(pcl, r.out.p, r.out.n);
		assert_int_equal(1, r.res.facts.sides);
		assert_int_equal(2, r.res.facts.copies);
	}
}

UNIT(text_and_postscript_become_pdf_only_when_they_must)
{
	for (int changed = 0; changed < 2; changed++) {
		usual(RENDER_MAKE);
		doc_fini(&r.in);
		doc_text(&r.in, "one\ftwo\fthree\n");
		snprintf(r.m.format, sizeof r.m.format, "text/plain");
		r.m.ticket.number_up = changed ? 2 : 1;
		render_run(&r);
		must_be_done(&r);
		assert_int_equal(changed, doc_has(&r.out, "%PDF-"));
		if (changed)
			assert_int_equal(2, r.res.facts.sides);
		usual(RENDER_MAKE);
		doc_fini(&r.in);
		doc_text(&r.in, "%%!\n3 { 9 9 99 99 rectfill showpage } "
		    "repeat\n");
		r.m.ticket.number_up = changed ? 2 : 1;
		render_run(&r);
		must_be_done(&r);
		assert_int_equal(changed, doc_has(&r.out, "%PDF-"));
		if (changed)
			assert_int_equal(2, r.res.facts.sides);
	}
}

/* ---- preview */

UNIT(the_first_page_as_a_picture)
{
	static const unsigned sizes[] = { 64, 300, 2000 };

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		usual(RENDER_PREVIEW);
		r.m.preview_px = sizes[i];
		render_run(&r);
		must_be_done(&r);
		assert_true(r.png.n > 24 && r.png.n <= RENDER_PNG_MAX);
		assert_memory_equal("\x89PNG\r\n\x1a\n", r.png.p, 8);
		/* IHDR: width and height, big endian */
		assert_int_equal(sizes[i], r.png.p[22] << 8 | r.png.p[23]);
		assert_true((r.png.p[18] << 8 | r.png.p[19]) <=
		    (int)sizes[i]);
	}
	usual(RENDER_PREVIEW);
	r.m.ticket.number_up = 2;
	render_run(&r);
	must_be_done(&r);
}

UNIT(a_picture_that_is_too_large_gets_smaller)
{
	/* Noise does not compress: 2000 pixels of it are far over the limit. */
	usual(RENDER_PREVIEW);
	doc_fini(&r.in);
	doc_text(&r.in, "%%!\n<</PageSize [500 500]>> setpagedevice 500 500 "
	    "scale 900 900 8 [900 0 0 900 0 0] { /s 900 string def 0 1 899 "
	    "{ s exch rand 255 and put } for s } image showpage\n");
	r.m.preview_px = 2000;
	render_run(&r);
	must_be_done(&r);
	assert_true(r.png.n > 1000 && r.png.n <= RENDER_PNG_MAX);
	assert_true((r.png.p[22] << 8 | r.png.p[23]) < 2000);
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
		UNIT_RUN(a_pdf_is_counted),
		UNIT_RUN(postscript_without_comments_is_counted),
		UNIT_RUN(a_plain_ticket_leaves_the_bytes_alone),
		UNIT_RUN(two_pages_on_a_side),
		UNIT_RUN(a_range_of_pages),
		UNIT_RUN(a_booklet),
		UNIT_RUN(what_is_moved_stays_on_its_paper),
		UNIT_RUN(the_media_option_is_carried_out),
		UNIT_RUN(the_stamp_goes_on_each_page_or_each_side),
		UNIT_RUN(mono_leaves_no_coloured_pixel),
		UNIT_RUN(mono_that_does_not_work_is_refused),
		UNIT_RUN(a_gray_document_needs_no_ghostscript),
		UNIT_RUN(pjl_tells_copies_sides_and_staples),
		UNIT_RUN(two_sides_need_words_for_it),
		UNIT_RUN(a_lost_page_is_found),
		UNIT_RUN(a_document_that_is_not_what_was_counted_is_found),
		UNIT_RUN(hostile_documents_are_refused),
		UNIT_RUN(nobody_counts_pages_in_rubbish),
		UNIT_RUN(stored_documents_that_do_not_fit_are_refused),
		UNIT_RUN(a_program_that_hangs_is_ended),
		UNIT_RUN(a_program_that_wants_all_memory_is_refused_it),
		UNIT_RUN(a_program_that_writes_without_end_is_refused),
		UNIT_RUN(what_is_missing_on_this_machine_is_named),
		UNIT_RUN(a_server_that_stops_tries_later),
		UNIT_RUN(a_printers_own_language_is_not_altered),
		UNIT_RUN(text_and_postscript_become_pdf_only_when_they_must),
		UNIT_RUN(the_first_page_as_a_picture),
		UNIT_RUN(a_picture_that_is_too_large_gets_smaller),
	};

	rel_log_init("test", REL_ERROR);
	/* One skip for all: without these nothing here can be tried. */
	if (!have_program(REL_GS) || !have_program(REL_PDFTOPPM) ||
	    !have_program(REL_CUPSFILTER) ||
	    !have_program(REL_CUPS_SERVERBIN "/filter/pdftopdf")) {
		printf("1..0 # SKIP programs that make pages are missing\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, render_set_up, tear_down);
}
