/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Price lists: every kind of line, which of them wins, what is refused. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "lib/media.h"
#include "lib/price.h"
#include "tests/unit/place_fixture.h"

static struct rel_cost cost;

/* One copy of ten sides, four of them in colour, on five sheets of A4. */
static struct rel_print
job(void)
{
	return (struct rel_print){ .device_id = "d-1", .device = "Hall",
		.media = "iso_a4_210x297mm", .sides = 10, .colour_sides = 4,
		.sheets = 5, .two_sided = 5, .copies = 1, .finishings = "" };
}

static struct rel_prices *
list(const char *text)
{
	struct rel_place at;
	struct rel_prices *p = rel_prices_read(text, strlen(text), &at);

	good_text_check(text, p != NULL, &at);
	return p;
}

/* What this costs by this list, as text. */
static const char *
costs(const char *text, const struct rel_print *what)
{
	static char out[REL_MONEY_TEXT];
	struct rel_prices *p = list(text);
	int64_t sum = 0;

	assert_int_equal(0, rel_prices_cost(p, what, &cost));
	for (unsigned i = 0; i < cost.nitems; i++) {
		const struct rel_cost_item *it = &cost.items[i];

		assert_true(it->micro == it->each * (int64_t)it->count);
		sum += it->micro;
	}
	assert_true(sum == cost.micro && sum >= 0);
	rel_prices_free(&p);
	assert_null(p);
	rel_money_text(out, cost.micro);
	return out;
}

#define COSTS(want, text, what) assert_string_equal(want, costs(text, what))

static const char *
said(unsigned i)
{
	static char out[160];

	assert_true(i < cost.nitems);
	rel_cost_text(&cost.items[i], out, sizeof out);
	return out;
}

UNIT(every_kind_of_line)
{
	struct rel_print w = job();

	COSTS("0.50", "base 0.50\n", &w);
	COSTS("0.05", "sheet 0.01", &w);
	COSTS("0.18", "mono 0.03\n", &w);
	COSTS("0.40", "colour 0.10\n", &w);
	COSTS("0.40", "COLOR 0.10\n", &w);
	COSTS("0.025", "sheet 0.01\nduplex-discount 0.005\n", &w);
	w.finishings = "staple,punch";
	COSTS("0.02", "finishing staple 0.02\n", &w);
	COSTS("0.02", "finishing staple 0.02 per copy\n", &w);
	COSTS("0.10", "finishing staple 0.02 per sheet\n", &w);
	COSTS("0.06", "finishing any 0.03\n", &w);
	COSTS("0.00", "finishing fold 0.03\n", &w);
	COSTS("0.00", "default\nmono 0\ncolour 0.00", &w);
}

/* 6 mono sides, 4 in colour, as copies, scans and faxes. */
UNIT(functions)
{
	const char *all = "base 1 for fax\nmono 0.03\nmono 0.02 for copy\n"
	    "mono 0.05 for copy size A3\ncolour 0.10\nmono 0.001 for scan\n"
	    "mono 0.50 for fax\ndevice Hall\nmono 0.07\nsheet 0.01 for COPY\n";
	struct rel_print w = job();

	w.device = "";
	w.media = "iso_a4_210x297mm";
	COSTS("0.58", all, &w);
	w.what_for = REL_PRICE_COPY;
	COSTS("0.52", all, &w);		/* colour as printed */
	w.media = "iso_a3_297x420mm";
	COSTS("0.70", all, &w);
	w.device = "Hall";
	COSTS("0.87", all, &w);		/* nearer: any mono side of the hall */
	w.device = "";
	w.what_for = REL_PRICE_SCAN;
	COSTS("0.006", all, &w);
	w.what_for = REL_PRICE_FAX;
	COSTS("4.00", all, &w);
	COSTS("0.00", "mono 1\ncolour 1\nsheet 1\n", &w);
}

UNIT(copies_and_what_is_not_printed)
{
	const char *all = "base 1\nsheet 0.1\nduplex-discount 0.01\n"
	    "mono 0.02\ncolour 0.2\nfinishing staple 0.5\n"
	    "finishing fold 0.1 per sheet\n";
	struct rel_print w = job();

	w.finishings = "staple,fold";
	w.copies = 3;
	/* 1 + 15*.1 - 15*.01 + 18*.02 + 12*.2 + 3*.5 + 15*.1 */
	COSTS("8.11", all, &w);
	assert_int_equal(18, cost.mono_sides);
	assert_int_equal(12, cost.colour_sides);
	assert_int_equal(7, cost.nitems);
	w.copies = 0;
	COSTS("0.00", all, &w);
	assert_int_equal(0, cost.nitems);
	w.copies = 1;
	w.sides = w.sheets = 0;
	COSTS("0.00", all, &w);
	assert_int_equal(0, cost.colour_sides);
	w.sheets = 2;				/* blank ones */
	w.two_sided = 0;
	w.finishings = "";
	COSTS("1.20", all, &w);
	/* More colour than sides, more two-sided sheets than sheets. */
	w = job();
	w.colour_sides = 99;
	w.two_sided = 99;
	COSTS("3.45", all, &w);
	assert_int_equal(0, cost.mono_sides);
}

UNIT(a_discount_never_pays)
{
	struct rel_print w = job();

	COSTS("0.00", "sheet 0.01\nduplex-discount 1\nmono 0.01\n", &w);
	assert_int_equal(REL_COST_FLOOR, cost.items[cost.nitems - 1].kind);
	assert_string_equal("not less than 0", said(cost.nitems - 1));
	w.two_sided = 0;
	COSTS("0.11", "sheet 0.01\nduplex-discount 1\nmono 0.01\n", &w);
}

UNIT(it_says_why)
{
	struct rel_print w = job();

	w.copies = 2;
	w.finishings = "staple-top-left,punch";
	costs("# prices\nbase 0.5\nsheet 0.01\nduplex-discount 0.005\n\n"
	    "mono 0.03\ncolour 0.10\nfinishing staple 0.02\n"
	    "finishing punch 0.001 per sheet\n", &w);
	assert_int_equal(7, cost.nitems);
	assert_string_equal("base price of 0.50 (line 2)", said(0));
	assert_string_equal("10 sheets at 0.01 (line 3)", said(1));
	assert_string_equal("10 two-sided sheets each 0.005 less (line 4)",
	    said(2));
	assert_string_equal("12 mono sides at 0.03 (line 6)", said(3));
	assert_string_equal("8 colour sides at 0.10 (line 7)", said(4));
	assert_string_equal("staple-top-left of 2 copies at 0.02 (line 8)",
	    said(5));
	assert_string_equal("punch of 10 sheets at 0.001 (line 9)", said(6));
	w = job();
	w.sides = w.sheets = w.two_sided = w.colour_sides = 1;
	w.finishings = "fold";
	costs("sheet 1\nduplex-discount 0.1\ncolour 2\nfinishing fold 3", &w);
	assert_string_equal("1 sheet at 1.00 (line 1)", said(0));
	assert_string_equal("1 two-sided sheet each 0.10 less (line 2)",
	    said(1));
	assert_string_equal("1 colour side at 2.00 (line 3)", said(2));
	assert_string_equal("fold of 1 copy at 3.00 (line 4)", said(3));
}

UNIT(device_then_group_then_default)
{
	const char *text = "colour 1\nmono 0.01\n"
	    "group \"Second \\\"floor\\\\\"\n  colour 2\n"
	    "group Plotters\n  colour 3\n  base 9\n"
	    "device Hall\n  mono 0.02\n"
	    "device \"d-7\"\n  colour 5\n"
	    "device Attic\n  colour 6\n"
	    "default\n  sheet 0.1\n";
	const char *groups[] = { "None", "Plotters", "Second \"floor\\" };
	struct rel_print w = job();

	COSTS("4.62", text, &w);		/* 4*1 + 6*.02 + 5*.1 */
	w.groups = groups;
	w.ngroups = 2;
	COSTS("21.62", text, &w);		/* 9 + 4*3 + .12 + .5 */
	w.ngroups = 3;				/* the file's order */
	COSTS("17.62", text, &w);
	w.device = "Attic";
	COSTS("33.56", text, &w);		/* 9 + 4*6 + 6*.01 + .5 */
	w.device_id = "d-7";			/* the id, then the name */
	COSTS("29.56", text, &w);
	w.device = "hall";			/* names are exact */
	w.device_id = "";
	w.ngroups = 0;
	COSTS("4.56", text, &w);
	w.device = "Plotters";			/* a group is no device */
	COSTS("4.56", text, &w);
	w.device = "";
	COSTS("4.56", text, &w);
}

UNIT(sizes)
{
	const char *text = "mono 1\n"
	    "mono 2 size A4\n"
	    "mono 3 larger-than iso_a4_210x297mm\n"
	    "mono 4 larger-than A3\n"
	    "mono 5 size na_letter_8.5x11in\n"
	    "mono 6 size \"JIS B4\"\n"
	    "mono 7 size A0\n";
	static const struct {
		const char *media, *want;
	} rows[] = {
		{ "iso_a4_210x297mm", "2.00" }, { "A4", "2.00" },
		{ "custom_x_210.9x296.5mm", "2.00" },
		{ "custom_rotated_297x210mm", "2.00" },
		{ "iso_a5_148x210mm", "1.00" }, { "iso_a3_297x420mm", "3.00" },
		{ "custom_a3_298x421mm", "3.00" },	/* is A3, not larger */
		{ "iso_a2_420x594mm", "4.00" }, { "iso_a1_594x841mm", "4.00" },
		{ "na_letter_8.5x11in", "5.00" }, { "letter", "5.00" },
		{ "na_legal_8.5x14in", "3.00" },
		{ "jis_b4_257x364mm", "6.00" }, { "iso_a0_841x1189mm", "7.00" },
		{ "roll_banner_914x9999mm", "4.00" },
		{ "", "1.00" }, { "A4.Borderless", "1.00" },
	};
	struct rel_print w = job();

	w.sides = 1;
	w.colour_sides = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		w.media = rows[i].media;
		if (strcmp(costs(text, &w), rows[i].want) != 0)
			fail_msg("%s is not %s", w.media, rows[i].want);
	}
	/* Of two within a millimetre the nearer one. */
	w.media = "custom_x_101.1x200mm";
	COSTS("2.00", "mono 1 size custom_x_100x200mm\n"
	    "mono 2 size custom_x_102x200mm\n", &w);
	/* The section comes before the size. */
	w.media = "A3";
	COSTS("8.00", "mono 9 size A3\ndevice Hall\nmono 8\n", &w);
	COSTS("9.00", "mono 9 size A3\ndevice Hall\nmono 8 size A4\n", &w);
}

/* Two copies: 6 sides of A4, 2 in colour, on 3 sheets; 3 of A3, 1, on 2. */
static const struct rel_papers two_sizes = { .n = 2, .of = {
	{ 21000, 29700, 6, 2, 3 }, { 29700, 42000, 3, 1, 2 } } };

UNIT(several_sizes_of_paper)
{
	struct rel_print w = job();
	struct rel_papers one = two_sizes;

	w.sides = 9;
	w.colour_sides = 3;
	w.sheets = 5;
	w.two_sided = 4;
	w.copies = 2;
	w.papers = &two_sizes;
	COSTS("1.20", "mono 0.10\n", &w);
	assert_string_equal("8 mono sides on A4 at 0.10 (line 1)", said(0));
	assert_string_equal("4 mono sides on A3 at 0.10 (line 1)", said(1));
	COSTS("2.80", "mono 0.10\nmono 0.50 size A3\n", &w);
	COSTS("2.00", "mono 0.50 size A3\n", &w);
	COSTS("6.00", "colour 1.00\n", &w);
	COSTS("10.00", "colour 1.00\ncolour 3.00 larger-than A4\n", &w);
	assert_string_equal("2 colour sides on A3 at 3.00 (line 2)", said(1));
	COSTS("0.14", "sheet 0.01\nsheet 0.02 size A3\n", &w);
	/* 3 sheets of A4 and 1 of A3 have two sides. */
	COSTS("0.92", "sheet 0.10\nduplex-discount 0.01\n"
	    "duplex-discount 0.01 size A3\n", &w);
	assert_string_equal("6 two-sided sheets on A4 each 0.01 less (line 2)",
	    said(1));
	/* The base is paid once, by the paper most sides have. */
	COSTS("1.00", "base 1.00\nbase 9.00 size A3\n", &w);
	assert_string_equal("base price of 1.00 (line 1)", said(0));
	w.finishings = "staple";
	COSTS("0.04", "finishing staple 0.02\nfinishing staple 5 size A3\n",
	    &w);
	assert_string_equal("staple of 2 copies at 0.02 (line 1)", said(0));
	COSTS("0.26", "finishing staple 0.01 per sheet\n"
	    "finishing staple 0.05 per sheet size A3\n", &w);
	assert_string_equal("staple of 4 sheets on A3 at 0.05 (line 2)",
	    said(1));
	/* One size is as if nobody had said it: no word of it. */
	one.n = 1;
	w.papers = &one;
	w.finishings = "";
	COSTS("1.20", "mono 0.10\n", &w);
	assert_string_equal("12 mono sides at 0.10 (line 1)", said(0));
	/* What the sizes do not add up to is on the largest. */
	w.papers = &two_sizes;
	w.sides = 10;
	COSTS("6.00", "mono 1.00 size A3\n", &w);
	w.sides = 7;
	COSTS("8.00", "mono 1.00 size A4\n", &w);
}

UNIT(more_parts_than_there_is_room_for)
{
	struct rel_papers p = { .n = REL_PAPERS };
	struct rel_print w = job();
	char names[32 * 24] = "", text[64 + 32 * 40] = "";
	struct rel_prices *prices;

	for (unsigned i = 0; i < REL_PAPERS; i++)
		p.of[i] = (struct rel_paper){ 10000 + 1000 * i, 50000, 2, 1,
		    1 };
	w.sides = 2 * REL_PAPERS;
	w.colour_sides = w.sheets = w.two_sided = REL_PAPERS;
	w.papers = &p;
	COSTS("33.00", "base 1\nsheet 1\nmono 1\ncolour 2\n", &w);
	assert_int_equal(1 + 3 * REL_PAPERS, cost.nitems);
	for (int i = 0; i < 10; i++)
		snprintf(names + strlen(names), sizeof names -
		    strlen(names), "%sstaple-%d", i > 0 ? "," : "", i);
	snprintf(text, sizeof text, "finishing any 1 per sheet\n");
	w.finishings = names;
	prices = list(text);
	assert_int_equal(-REL_E_LIMIT, rel_prices_cost(prices, &w, &cost));
	assert_int_equal(0, cost.nitems);
	rel_prices_free(&prices);
}

UNIT(finishings)
{
	const char *text = "finishing any 1\nfinishing staple 2\n"
	    "finishing staple-dual 3\nfinishing staple-dual-left 4\n"
	    "finishing staple 5 larger-than A4\n"
	    "finishing any 6 size A2 per sheet\n"
	    "finishing any 7 larger-than A3\n"
	    "group Old\nfinishing any 8\n";
	static const struct {
		const char *names, *media, *want;
	} rows[] = {
		{ "punch", "A4", "1.00" }, { "staple", "A4", "2.00" },
		{ "staple-top-left", "A4", "2.00" },
		{ "staple-dual-top", "A4", "3.00" },
		{ "staple-dual-left", "A4", "4.00" },
		{ "staple-dual-left", "A3", "5.00" },
		{ "staple-dual-left", "A2", "30.00" },
		{ "staple", "A1", "7.00" },
		{ "none", "A4", "0.00" }, { "", "A4", "0.00" },
		{ ",punch,,staple,", "A4", "3.00" },
	};
	const char *groups[] = { "Old" };
	struct rel_print w = job();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		w.finishings = rows[i].names;
		w.media = rows[i].media;
		if (strcmp(costs(text, &w), rows[i].want) != 0)
			fail_msg("row %zu is not %s", i, rows[i].want);
	}
	w.groups = groups;
	w.ngroups = 1;
	w.finishings = "staple-dual-left";
	COSTS("8.00", text, &w);
	COSTS("0.00", "finishing edge-stitch 1\n", &w);
}

UNIT(what_a_list_has)
{
	struct rel_prices *p = list("\xef\xbb\xbf# EUR\r\ncurrency EUR\r\n\r\n"
	    "\tmono\t1 # a comment\r\ndevice \"Second floor\"\ncolour 2\n"
	    "group Plotters\ndevice \xc3\x84tage");
	bool group = true;
	unsigned line = 0;

	assert_string_equal("EUR", rel_prices_currency(p));
	assert_int_equal(2, rel_prices_count(p));
	assert_string_equal("Second floor", rel_prices_section(p, 0, &group,
	    &line));
	assert_false(group);
	assert_int_equal(5, line);
	assert_string_equal("Plotters", rel_prices_section(p, 1, &group,
	    &line));
	assert_true(group);
	assert_string_equal("\xc3\x84tage", rel_prices_section(p, 2, &group,
	    &line));
	assert_int_equal(8, line);
	assert_null(rel_prices_section(p, 3, &group, &line));
	assert_null(rel_prices_section(p, SIZE_MAX, &group, &line));
	rel_prices_free(&p);
	rel_prices_free(&p);
	p = list("mono 1");
	assert_string_equal("", rel_prices_currency(p));
	rel_prices_free(&p);
}

UNIT(bad_lines)
{
	static const struct bad_text rows[] = {
		{ "", 0, "", "no price in it" },
		{ "# nothing\n\ndevice Hall\n", 0, "", "no price in it" },
		{ "mono 1\nmoon 1\n", 2, "moon", "no line begins so" },
		{ "\n\nmono\n", 3, "mono", "an amount is missing" },
		{ "mono x", 1, "x", "is no amount" },
		{ "mono 1 for", 1, "for", "is missing" },
		{ "mono 1 for print", 1, "print", "copy, scan or fax" },
		{ "mono 1 for copy for fax", 1, "for", "for one function" },
		{ "finishing any 1 for copy", 1, "for", "costs the same" },
		{ "mono 1 for copy\nmono 2 for copy\n", 2, "",
		    "line 1 says the same" },
		{ "mono 0,10", 1, "0,10", "is no amount" },
		{ "mono -1", 1, "-1", "not less than 0" },
		{ "mono -0", 1, "-0", "not less than 0" },
		{ "duplex-discount -1", 1, "-1", "without a minus" },
		{ "mono 1000000.01", 1, "1000000.01", "cannot be meant" },
		{ "mono 99999999999999999999", 1, "99999999999999999999",
		    "is more than" },
		{ "mono 0.0000001", 1, "0.0000001", "six decimals" },
		{ "mono 1 2", 1, "2", "nothing more" },
		{ "mono 1 EUR", 1, "EUR", "nothing more" },
		{ "mono 1 size", 1, "size", "a size is missing" },
		{ "mono 1 size A44", 1, "A44", "is no size" },
		{ "mono 1 size iso_a4_210x0mm", 1, "iso_a4_210x0mm",
		    "is no size" },
		{ "mono 1 size A4 size A3", 1, "size", "has one size" },
		{ "mono 1 size A4 larger-than A3", 1, "larger-than",
		    "has one size" },
		{ "mono 1 per sheet", 1, "per", "only a finishing" },
		{ "finishing staple 1 per", 1, "per", "is missing" },
		{ "finishing staple 1 per job", 1, "job", "per sheet or" },
		{ "finishing staple 1 per copy per sheet", 1, "per",
		    "said twice" },
		{ "finishing", 1, "finishing", "name of a finishing" },
		{ "finishing staple", 1, "staple", "an amount is missing" },
		{ "finishing stapel 1", 1, "stapel", "is no finishing" },
		{ "finishing none 1", 1, "none", "is no finishing" },
		{ "finishing \"\" 1", 1, "", "is no finishing" },
		{ "device", 1, "device", "a name is missing" },
		{ "device \"\"", 1, "", "1 to 128 bytes" },
		{ "device Second floor", 1, "floor", "nothing more" },
		{ "device \"Hall", 1, "Hall", "in quotes" },
		{ "device \"Hall\"x", 1, "Hall", "in quotes" },
		{ "device Ha\"ll", 1, "Ha\"ll", "in quotes" },
		{ "device \"Ha\\", 1, "Ha\\", "in quotes" },
		{ "device A\nmono 1\ndevice B\ndevice A", 4, "A",
		    "from line 1 on" },
		{ "group A\nmono 1\ngroup A", 3, "A", "from line 1 on" },
		{ "default mono 1", 1, "mono", "nothing more" },
		{ "currency", 1, "currency", "is missing" },
		{ "currency Euro", 1, "Euro", "three capital letters" },
		{ "currency EUR 1", 1, "1", "nothing more" },
		{ "currency EUR\ncurrency USD", 2, "USD", "said already" },
		{ "mono 1\ncolour 2\nmono 3", 3, "", "line 1 says the same" },
		{ "mono 3 size A4\nmono 1 size iso_a4_210x297mm", 2, "",
		    "line 1 says the same" },
		{ "mono 1 size custom_x_100x200mm\nmono 1\n"
		    "mono 1 size custom_y_200x101mm", 3, "",
		    "line 1 says the same" },
		{ "mono 1 larger-than A4\nmono 2 larger-than A4", 2, "",
		    "line 1 says the same" },
		{ "mono 1 larger-than custom_x_100x400mm\n"
		    "mono 2 larger-than custom_x_200x200mm", 2, "",
		    "line 1 says the same" },
		{ "finishing any 1 per sheet\nfinishing any 2 per copy", 2,
		    "", "line 1 says the same" },
		{ "device A\nmono 1\ndefault\nmono 2\ndefault\nmono 3", 6, "",
		    "line 4 says the same" },
		{ "mono 1\n\001", 2, "", "control characters" },
		{ "mono 1 # \xff", 1, "", "no UTF-8" },
		{ "mono\r1", 1, "", "control characters" },
		{ "mono 1 size A4 a b c d e f", 1, "e f",
		    "too many words" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct rel_place at;
		struct rel_prices *p = rel_prices_read(rows[i].text,
		    strlen(rows[i].text), &at);

		bad_text_check(&rows[i], p != NULL, &at);
		assert_null(rel_prices_read(rows[i].text,
		    strlen(rows[i].text), NULL));
	}
}

static bool
is_taken(const char *first, const char *what, size_t times)
{
	struct rel_place at = { 0 };
	char *text = text_repeat(first, what, times, "");
	struct rel_prices *p = rel_prices_read(text, strlen(text), &at);
	bool taken = p != NULL;

	if (!taken)
		assert_true(at.text[0] != '\0');
	rel_prices_free(&p);
	free(text);
	return taken;
}

UNIT(bounds)
{
	struct rel_place at;
	char name[160];

	assert_true(is_taken("mono 1\n", "\n", REL_PRICE_LINES_MAX - 1));
	assert_false(is_taken("mono 1\n", "\n", REL_PRICE_LINES_MAX));
	assert_true(is_taken("mono 1\n", "\n", REL_PRICE_LINES_MAX - 1));
	assert_true(is_taken("mono 1 #", "x", REL_PRICE_FILE_MAX - 8));
	assert_false(is_taken("mono 1 #", "x", REL_PRICE_FILE_MAX - 7));
	assert_null(rel_prices_read("mono 1\0\n", 8, &at));
	assert_int_equal(1, at.line);
	snprintf(name, sizeof name, "device %0128d\nmono 1\n", 0);
	assert_true(is_taken(name, "\n", 1));
	snprintf(name, sizeof name, "device %0129d\nmono 1\n", 0);
	assert_false(is_taken(name, "\n", 1));
	assert_true(is_taken("mono 1000000", "\n", 1));
}

static int
cost_of(const char *text, const struct rel_print *w)
{
	struct rel_prices *p = list(text);
	int rc = rel_prices_cost(p, w, &cost);

	rel_prices_free(&p);
	return rc;
}

UNIT(too_much)
{
	const char *groups[REL_PRICE_GROUPS_MAX + 1];
	struct rel_print w = job();
	char names[400] = "";

	w.sides = w.sheets = w.copies = UINT32_MAX;
	w.colour_sides = 0;
	assert_int_equal(-REL_E_LIMIT, cost_of("mono 1000000", &w));
	assert_true(cost.micro == 0 && cost.nitems == 0);
	assert_int_equal(-REL_E_LIMIT, cost_of("mono 0.000001\n", &w));
	assert_int_equal(-REL_E_LIMIT, cost_of("duplex-discount 1000000", &w));
	w.copies = 1000000000;
	w.sides = 1000000000;			/* 10^18 millionths: the most */
	assert_int_equal(0, cost_of("mono 0.000001", &w));
	assert_true(cost.micro == REL_MONEY_MAX);
	assert_int_equal(-REL_E_LIMIT, cost_of("base 1\nmono 0.000001", &w));
	w = job();
	for (size_t i = 0; i <= REL_PRICE_GROUPS_MAX; i++)
		groups[i] = "Old";
	w.groups = groups;
	w.ngroups = REL_PRICE_GROUPS_MAX;
	assert_int_equal(0, cost_of("base 1\ngroup Old\nbase 2", &w));
	assert_true(cost.micro == 2 * REL_MONEY_UNIT);
	w.ngroups++;
	assert_int_equal(-REL_E_LIMIT, cost_of("base 1", &w));
	w.ngroups = 0;
	for (size_t i = 0; i < 33; i++)
		snprintf(names + strlen(names), 10, "%spunch", i ? "," : "");
	w.finishings = names;
	assert_int_equal(-REL_E_LIMIT, cost_of("finishing any 1", &w));
	w.finishings = names + 6;		/* 32 of them and all else */
	assert_int_equal(0, cost_of("finishing any 1\nbase 1\nsheet 0\n"
	    "mono 0\ncolour 0\nduplex-discount 1000000", &w));
	assert_true(cost.nitems == 38 && cost.micro == 0);
	w.finishings = "a-finishing-whose-name-is-a-little-long";
	assert_int_equal(-REL_E_LIMIT, cost_of("finishing any 1", &w));
}

/* The example of release-prices(5), and what it says a job costs. */
UNIT(the_manual_is_right)
{
	const char *src = getenv("srcdir");
	char path[4096], line[500], text[5000] = "", why[5000] = "";
	char *into = NULL;
	struct rel_print w = job();
	unsigned blocks = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/man/release-prices.5", src != NULL ?
	    src : ".");
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("cannot read %s", path);
	while (fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, ".Bd -literal", 12) == 0)
			into = blocks++ == 0 ? text : why;
		else if (line[0] == '.')
			into = NULL;
		else if (into != NULL)
			snprintf(into + strlen(into), 5000 - strlen(into),
			    "%s", line);
	fclose(f);
	assert_int_equal(2, blocks);
	w.copies = 2;
	w.finishings = "staple";
	COSTS("1.46", text, &w);
	w.device = "Second floor";
	COSTS("1.14", text, &w);
	for (unsigned i = 0, at = 0; i < cost.nitems; i++) {
		if (strncmp(why + at, said(i), strlen(said(i))) != 0)
			fail_msg("%s is not in the manual", said(i));
		at += (unsigned)strlen(said(i)) + 1;
		assert_true(i + 1 < cost.nitems || why[at] == '\0');
	}
}

/* A thousand devices with prices of their own: each finds its own. */
UNIT(many_devices)
{
	char *text = malloc(200000);
	char name[32];
	size_t n = 0;
	struct rel_print w = job();
	struct rel_prices *p;

	assert_non_null(text);
	for (unsigned i = 0; i < 3000; i++)
		n += (size_t)snprintf(text + n, 200000 - n,
		    "%s \"Room %u\"\nmono 0.%06u\n", i % 3 ? "device" :
		    "group", i, i);
	p = list(text);
	for (unsigned i = 0; i < 3000; i++) {
		const char *group = name;

		snprintf(name, sizeof name, "Room %u", i);
		w.device = name;
		w.groups = &group;
		w.ngroups = i % 3 == 0;
		assert_int_equal(0, rel_prices_cost(p, &w, &cost));
		assert_int_equal(6 * i, cost.micro);
	}
	rel_prices_free(&p);
	free(text);
}

UNIT(measures_of_media)
{
	static const struct {
		const char *name;
		uint32_t width, height;
	} rows[] = {
		{ "iso_a4_210x297mm", 21000, 29700 },
		{ "na_letter_8.5x11in", 21590, 27940 },
		{ "na_executive_7.25x10.5in", 18415, 26670 },
		{ "na_number-10_4.125x9.5in", 10478, 24130 },
		{ "custom_100x150mm_100x150mm", 10000, 15000 },
		{ "custom_a_b_c_300x20.5mm", 2050, 30000 },
		{ "a4", 21000, 29700 }, { "jis b5", 18200, 25700 },
		{ "custom_x_1x1mm", 100, 100 },
		{ "roll_x_99999.9999x100mm", 10000, 10000000 },
	}, none[] = {
		{ "", 0, 0 }, { "_", 0, 0 }, { "A44", 0, 0 },
		{ "210x297mm", 0, 0 }, { "iso_210x297mm", 0, 0 },
		{ "iso__210x297mm", 0, 0 }, { "_a_210x297mm", 0, 0 },
		{ "iso_a4_210x297", 0, 0 }, { "iso_a4_210x297cm", 0, 0 },
		{ "iso_a4_210mm", 0, 0 }, { "iso_a4_x297mm", 0, 0 },
		{ "iso_a4_210xmm", 0, 0 }, { "iso_a4_-210x297mm", 0, 0 },
		{ "iso_a4_210.x297mm", 0, 0 }, { "iso_a4_.5x297mm", 0, 0 },
		{ "iso_a4_210x297.12345mm", 0, 0 }, { "iso_a4_0x297mm", 0, 0 },
		{ "iso_a4_210x297mmmm", 0, 0 }, { "iso_a4_210x297xmm", 0, 0 },
		{ "iso_a4_210x123456mm", 0, 0 }, { "iso_a4_210x9999in", 0, 0 },
		{ "iso_a4_210x297inmm", 0, 0 },
	};
	uint32_t w, h;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (!rel_media_size(rows[i].name, &w, &h) ||
		    w != rows[i].width || h != rows[i].height)
			fail_msg("%s: %u %u", rows[i].name, w, h);
	w = h = 4711;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		if (rel_media_size(none[i].name, &w, &h) || w != 4711 ||
		    h != 4711)
			fail_msg("\"%s\" is taken", none[i].name);
	assert_true(rel_media_same(21000, 29700, 21100, 29650));
	assert_false(rel_media_same(21000, 29700, 21200, 29700));
	assert_false(rel_media_same(21000, 29700, 21000, 29551 - 2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(every_kind_of_line),
		UNIT_RUN(functions),
		UNIT_RUN(copies_and_what_is_not_printed),
		UNIT_RUN(a_discount_never_pays),
		UNIT_RUN(it_says_why),
		UNIT_RUN(device_then_group_then_default),
		UNIT_RUN(sizes),
		UNIT_RUN(several_sizes_of_paper),
		UNIT_RUN(more_parts_than_there_is_room_for),
		UNIT_RUN(finishings),
		UNIT_RUN(what_a_list_has),
		UNIT_RUN(bad_lines),
		UNIT_RUN(bounds),
		UNIT_RUN(too_much),
		UNIT_RUN(the_manual_is_right),
		UNIT_RUN(many_devices),
		UNIT_RUN(measures_of_media),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
