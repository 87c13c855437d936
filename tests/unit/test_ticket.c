/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Options as text, what they ask for, and changes at a panel. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "lib/cursor.h"
#include "lib/options.h"
#include "lib/ticket.h"
#include "lib/ticket_priv.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct rel_ticket
ticket(const char *options)
{
	struct rel_ticket t;

	rel_ticket_init(&t);
	rel_ticket_overlay(&t, options);
	return t;
}

UNIT(option_values)
{
	static const struct {
		const char *text, *name, *value;
	} all[] = {
		{ "a=b", "a", "b" }, { "  \ta=b c=d", "a", "b" },
		{ "A='b c'", "a", "b c" }, { "a=\"b c\"", "a", "b c" },
		{ "a=b\\ c", "a", "b c" }, { "a='b\\'c'", "a", "b'c" },
		{ "a=<c3bc>", "a", "\xc3\xbc" }, { "a=<c3b>", "a", "<c3b>" },
		{ "a={x=1 y=2} b=3", "a", "{x=1 y=2}" }, { "a=", "a", "" },
		{ "a='open", "a", "open" }, { "a=x\\", "a", "x\\" },
	};
	struct rel_option o;
	char out[64];

	for (size_t i = 0; i < COUNT(all); i++) {
		assert_true(rel_option_next(all[i].text, &o));
		assert_true(rel_option_is(&o, all[i].name));
		assert_int_equal(rel_option_value(&o, out, sizeof out),
		    strlen(all[i].value));
		assert_string_equal(out, all[i].value);
	}
	assert_false(rel_option_next(" \t\n", &o));
	assert_true(rel_option_next("alone b=1", &o));
	assert_null(o.value);
	assert_true(rel_option_next("a=0123456789", &o));
	assert_int_equal(rel_option_value(&o, out, 4), 3);
	assert_string_equal(out, "012");
}

UNIT(option_cut)
{
	char text[] = "a=1 pin=4711 b=2";
	struct rel_option o;

	assert_true(rel_option_next(text, &o));
	assert_true(rel_option_next(o.end, &o));
	rel_option_cut(text, &o);
	assert_string_equal(text, "a=1 b=2");
	assert_null(memmem(text, sizeof text, "4711", 4));
}

UNIT(words)
{
	struct rel_ticket t = ticket("copies=3 sides=two-sided-short-edge "
	    "print-color-mode=monochrome number-up=4 page-ranges=1-3,7- "
	    "page-set=odd outputorder=reverse media=iso_a4_210x297mm "
	    "multiple-document-handling=separate-documents-uncollated-copies "
	    "print-quality=5 finishings=4,5 output-bin=top booklet=true "
	    "job-account-id='KST 4711' number-up-layout=tblr");

	assert_int_equal(t.copies, 3);
	assert_int_equal(t.sides, REL_DUPLEX_SHORT);
	assert_int_equal(t.colour, REL_COLOUR_MONO);
	assert_int_equal(t.number_up, 4);
	assert_string_equal(t.pages, "1-3,7-");
	assert_int_equal(t.page_set, REL_PAGES_ODD);
	assert_true(t.reverse && t.booklet && !t.collate);
	assert_string_equal(t.media, "iso_a4_210x297mm");
	assert_string_equal(t.quality, "high");
	assert_string_equal(t.finishings, "staple,punch");
	assert_string_equal(t.output_bin, "top");
	assert_string_equal(t.account, "KST 4711");
	assert_string_equal(t.layout, "tblr");
	t = ticket("Duplex=DuplexNoTumble ColorModel=RGB Collate=False "
	    "StapleLocation=TopLeft PunchMedia=DualLeft FoldType=None "
	    "InputSlot=Tray2 PageSize=A4");
	assert_int_equal(t.sides, REL_DUPLEX_LONG);
	assert_int_equal(t.colour, REL_COLOUR_COLOUR);
	assert_false(t.collate);
	assert_string_equal(t.finishings, "staple-top-left,punch-dual-left");
	assert_string_equal(t.tray, "Tray2");
}

/* Senseless values change nothing; the last good one counts. */
UNIT(senseless)
{
	static const char *const all[] = {
		"copies=0", "copies=1000", "copies=-1", "copies=2x",
		"copies=99999999999999999999", "sides=three", "number-up=3",
		"number-up=", "page-ranges=3-1",
		"page-ranges=a", "page-ranges=-", "page-ranges=1,,2",
		"page-ranges=0", "page-ranges=1-1000001", "page-set=some",
		"finishings=nonsense", "finishings=999", "print-quality=9",
		"media='a b'", "media=a;$(x)\\'", "number-up-layout=abcd",
		"unknown=1", "=", "==", "'", "fit-to-page=false",
		"scaling=100", "nomirror"
	};
	struct rel_ticket none;

	rel_ticket_init(&none);
	for (size_t i = 0; i < COUNT(all); i++) {
		struct rel_ticket t = ticket(all[i]);

		if (memcmp(&t, &none, sizeof t) != 0)
			fail_msg("%s changes the ticket", all[i]);
	}
	assert_int_equal(ticket("copies=2 copies=7 copies=x").copies, 7);
}

/* What changes a page is kept, once each. */
UNIT(rest)
{
	struct rel_ticket t = ticket("scaling=50 fit-to-page mirror=true "
	    "SCALING=70 position=top-left");

	assert_string_equal(t.rest, "fit-to-page=true mirror=true scaling=70 "
	    "position=top-left");
	assert_false(rel_ticket_is_plain(&t));
	rel_ticket_overlay(&t, "fit-to-page=false mirror=false scaling=100 "
	    "position=center");
	assert_string_equal(t.rest, "");
	assert_true(rel_ticket_is_plain(&t));
}

UNIT(change)
{
	static const struct {
		const char *name, *value;
		int rc;
	} all[] = {
		{ "copies", "5", 0 }, { "copies", "0", -REL_E_LIMIT },
		{ "copies", "", -REL_E_LIMIT }, { "color", "mono", 0 },
		{ "color", "blue", -REL_E_LIMIT },
		{ "sides", "two-sided-long-edge", 0 }, { "pages", "2-4", 0 },
		{ "pages", "4-2", -REL_E_LIMIT }, { "pages", "", 0 },
		{ "number_up", "2", 0 }, { "number_up", "5", -REL_E_LIMIT },
		{ "finishings", "staple,staple,none", 0 },
		{ "quality", "draft", 0 }, { "account", "None", -REL_E_LIMIT },
		{ "title", "x", -REL_E_NOTFOUND }, { "", "", -REL_E_NOTFOUND },
	};
	struct rel_ticket t;
	struct rel_err err;

	rel_ticket_init(&t);
	for (size_t i = 0; i < COUNT(all); i++) {
		struct rel_ticket before = t;

		assert_int_equal(rel_ticket_change(&t, all[i].name,
		    all[i].value, &err), all[i].rc);
		if (all[i].rc < 0)
			assert_memory_equal(&t, &before, sizeof t);
	}
	assert_int_equal(t.copies, 5);
	assert_string_equal(t.finishings, "staple");
	assert_string_equal(t.pages, "");
}

static const char *const tickets[] = {
	"", "copies=9 sides=one-sided", "number-up=16 number-up-layout=btrl",
	"page-ranges=-3,5-7,9- page-set=even booklet=yes outputorder=reverse",
	"job-account-id=\"a'b\\\\ {c} <d>\" media-source=Tray1 mirror",
	"finishings=staple-top-left,punch,fold-z print-quality=3 ColorModel=Gray"
};

/* As text and as bytes it says the same. */
UNIT(there_and_back)
{
	for (size_t i = 0; i < COUNT(tickets); i++) {
		struct rel_ticket t = ticket(tickets[i]), again;
		char text[4096];
		struct rel_buf b;
		struct rel_cur c;

		assert_int_equal(rel_ticket_text(&t, text, sizeof text), 0);
		again = ticket(text);
		assert_memory_equal(&t, &again, sizeof t);
		assert_int_equal(rel_ticket_text(&t, text, 20), -REL_E_LIMIT);
		rel_buf_init(&b);
		rel_ticket_put(&b, &t);
		rel_cur_init(&c, b.data, b.len);
		rel_ticket_get(&again, &c);
		assert_int_equal(rel_cur_end(&c), 0);
		assert_memory_equal(&t, &again, sizeof t);
		b.data[3] = 0x7f;		/* far too many copies */
		rel_cur_init(&c, b.data, b.len);
		rel_ticket_get(&again, &c);
		assert_true(rel_cur_end(&c) < 0);
		rel_buf_fini(&b);
	}
}

UNIT(for_pdftopdf)
{
	struct rel_ticket t = ticket("number-up=2 copies=9 ColorModel=Gray "
	    "finishings=staple sides=two-sided-long-edge page-ranges=2- "
	    "job-account-id=secret fit-to-page media=A4");
	char out[2048];

	rel_ticket_pdftopdf(&t, out, sizeof out);
	assert_string_equal(out, "page-logging=true number-up=2 page-ranges=2-"
	    " sides=two-sided-long-edge media=A4 fit-to-page=true");
}

/* ---- what comes of it: a few by hand; test_ticket_matrix has the rest */

static const struct {
	const char *options;
	uint32_t pages, sides, sheets, colour;
} counts[] = {			/* page 2 and 3 have colour */
	{ "", 5, 5, 5, 2 },
	{ "sides=two-sided-long-edge", 5, 5, 3, 2 },
	{ "sides=two-sided-long-edge outputorder=reverse", 5, 6, 3, 2 },
	{ "number-up=2", 5, 3, 3, 2 },
	{ "number-up=4", 5, 2, 2, 1 },
	{ "number-up=4 page-ranges=2", 5, 1, 1, 0 },
	{ "page-ranges=2-3", 5, 2, 2, 2 },
	{ "page-ranges=9", 5, 0, 0, 0 },
	{ "page-set=odd", 5, 3, 3, 1 },
	{ "page-set=even", 6, 4, 4, 1 },
	{ "booklet=true", 5, 4, 4, 2 },
	{ "print-color-mode=monochrome", 5, 5, 5, 0 },
};

UNIT(count)
{
	for (size_t i = 0; i < COUNT(counts); i++) {
		struct rel_ticket t = ticket(counts[i].options);
		struct rel_facts in, out;

		rel_facts_init(&in);
		in.input_pages = counts[i].pages;
		in.colour_sides = 2;
		in.pages_sure = in.colour_sure = REL_SURE_EXACT;
		rel_facts_add_colour(&in, 2, 3);
		t.copies = 3;
		assert_true(rel_ticket_count(&t, &in, &out));
		if (out.sides != counts[i].sides || out.sheets !=
		    counts[i].sheets || out.colour_sides != counts[i].colour)
			fail_msg("%s: %u sides, %u sheets, %u in colour",
			    counts[i].options, out.sides, out.sheets,
			    out.colour_sides);
		assert_int_equal(out.impressions, 3 * out.sides);
	}
}

UNIT(count_unsure)
{
	struct rel_ticket t = ticket("number-up=2");
	struct rel_facts in, out;

	rel_facts_init(&in);
	assert_false(rel_ticket_count(&t, &in, &out));
	in.input_pages = 4;
	in.pages_sure = REL_SURE_BOUND;
	assert_false(rel_ticket_count(&t, &in, &out));
	assert_int_equal(out.sides, 2);
	in.pages_sure = in.colour_sure = REL_SURE_EXACT;
	in.colour_cut = true;
	assert_true(rel_ticket_count(&t, &in, &out));
	assert_int_equal(out.colour_sure, REL_SURE_BOUND);
	assert_int_equal(out.colour_sides, 2);	/* to be safe */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(option_values), UNIT_RUN(option_cut),
		UNIT_RUN(words), UNIT_RUN(senseless), UNIT_RUN(rest),
		UNIT_RUN(change), UNIT_RUN(there_and_back),
		UNIT_RUN(for_pdftopdf), UNIT_RUN(count),
		UNIT_RUN(count_unsure)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
