/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/plot.h"
#include "cgi/svg.h"
#include "lib/text.h"

#define DEPTH 32
#define MANY 400

static double ramp[MANY];
static const char *days[MANY];
static char day_text[MANY][16];

/* ---- a reader of XML, as strict as it takes */

/* One entity behind '&': only the five, or a number. */
static const char *
skip_entity(const char *s)
{
	const char *end = strchr(s, ';');

	assert_non_null(end);
	assert_true(end - s >= 3 && end - s <= 6);
	for (const char *c = s + 1; c < end; c++)
		assert_true(isalnum((unsigned char)*c) || *c == '#');
	return end + 1;
}

/* name="value" up to the end of the tag; true when it closes itself. */
static bool
skip_attributes(const char **s)
{
	for (;;) {
		*s += strspn(*s, " \n");
		if (**s == '>' || **s == '/')
			break;
		assert_true(islower((unsigned char)**s));
		*s += strcspn(*s, "= />");
		assert_int_equal(0, strncmp(*s, "=\"", 2));
		*s += 2;
		while (**s != '"') {
			assert_true(**s != '\0' && **s != '<');
			if (**s == '&')
				*s = skip_entity(*s);
			else
				++*s;
		}
		++*s;
	}
	return **s == '/' && ++*s;
}

static void
assert_xml(const char *s)
{
	struct { const char *name; size_t len; } open[DEPTH];
	int depth = 0;

	for (assert_int_equal('<', *s); *s != '\0'; ) {
		if (*s == '&') {
			s = skip_entity(s);
			continue;
		}
		if (*s++ != '<') {
			assert_true(s[-1] == '\n' || depth > 0);
			assert_true(s[-1] != '>');
			continue;
		}
		if (*s == '/') {
			assert_true(depth-- > 0);
			assert_int_equal(0, strncmp(s + 1, open[depth].name,
			    open[depth].len));
			s += 1 + open[depth].len;
		} else {
			size_t len = strcspn(s, " />");

			assert_true(depth < DEPTH);
			open[depth].name = s;
			open[depth++].len = len;
			s += len;
			if (skip_attributes(&s))
				depth--;
		}
		assert_int_equal('>', *s);
		s++;
	}
	assert_int_equal(0, depth);
}

/* ---- help */

/* The SVG, read through by the strict reader; the caller frees. */
static char *
drawn(const struct plot *p)
{
	struct rel_buf b;
	char *s;

	rel_buf_init(&b);
	plot_svg(&b, p);
	rel_put_u8(&b, '\0');
	assert_int_equal(0, b.failed);
	assert_true(rel_utf8_ok((const char *)b.data, b.len - 1));
	assert_int_equal(b.len - 1, strlen((const char *)b.data));
	s = strdup((const char *)b.data);
	rel_buf_fini(&b);
	assert_non_null(s);
	assert_xml(s);
	assert_null(strstr(s, "style="));
	assert_null(strstr(s, "nan"));
	assert_null(strstr(s, "inf"));
	assert_null(strstr(s, "<script"));
	return s;
}

static size_t
count(const char *s, const char *what)
{
	size_t n = 0;

	while ((s = strstr(s, what)) != NULL) {
		n++;
		s += strlen(what);
	}
	return n;
}

static void
assert_has(const char *s, const char *what)
{
	if (strstr(s, what) == NULL)
		fail_msg("no '%s' in:\n%s", what, s);
}

/* The text of the first <desc>. */
static char *
desc_of(const char *s)
{
	const char *from = strstr(s, "<desc"), *end = strstr(s, "</desc>");

	assert_non_null(from);
	assert_non_null(end);
	from = strchr(from, '>') + 1;
	return strndup(from, (size_t)(end - from));
}

static int
set_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		ramp[i] = (double)i;
		snprintf(day_text[i], sizeof day_text[i], "day %zu", i);
		days[i] = day_text[i];
	}
	return 0;
}

static struct plot
plot_of(const struct plot_series *s, size_t nseries, size_t n)
{
	return (struct plot){ .title = "Pages per day", .unit = "pages",
	    .label = days, .n = n, .series = s, .nseries = nseries,
	    .width = 720, .height = 260 };
}

/* ---- tests */

UNIT(a_few_bars)
{
	static const double v[] = { 3, 0, 7 };
	struct plot_series s = { "Printed", v };
	struct plot p = plot_of(&s, 1, 3);
	char *svg = drawn(&p), *desc = desc_of(svg);

	assert_int_equal(0, strncmp(svg, "<svg class=\"plot plot-left-", 27));
	assert_has(svg, "role=\"img\"");
	assert_has(svg, ">Pages per day</title>");
	assert_string_equal("pages. Printed: day 0 3; day 1 0; day 2 7. ", desc);
	/* A zero has no bar; one series has no legend. */
	assert_has(svg, "<title>day 0: 3 pages</title>");
	assert_has(svg, "<title>day 2: 7 pages</title>");
	assert_null(strstr(svg, "<title>day 1"));
	assert_null(strstr(svg, ">Printed</text>"));
	assert_int_equal(1, count(svg, "<pattern"));
	/* 0, 2, 4, 6, 8: round steps above the highest. */
	assert_int_equal(4, count(svg, "plot-grid"));
	assert_int_equal(1, count(svg, "plot-axis"));
	assert_has(svg, ">8</text>");
	assert_null(strstr(svg, ">10</text>"));
	free(desc);
	free(svg);
}

/* The number behind name=" in s. */
static double
attribute(const char *s, const char *name)
{
	char key[24];
	const char *at;

	snprintf(key, sizeof key, " %s=\"", name);
	at = strstr(s, key);
	assert_non_null(at);
	return strtod(at + strlen(key), NULL);
}

UNIT(bars_stand_where_their_values_are)
{
	static const double a[] = { 10, 5 }, b[] = { 30, 15 };
	struct plot_series s[] = { { "a", a }, { "b", b } };
	struct plot p = plot_of(s, 2, 2);
	const char *bar;
	char *svg;
	double area = 260 - 26 - 26, high = 10 * area / 40;

	p.stacked = true;	/* up to 40: the axis ends there */
	svg = drawn(&p);
	bar = strstr(svg, "<g class=\"plot-bar");
	assert_non_null(bar = strstr(bar, "<rect"));
	assert_true(fabs(attribute(bar, "height") - high) < 0.01);
	assert_true(fabs(attribute(bar, "y") - (area - high)) < 0.01);
	assert_non_null(bar = strstr(bar, "<g class=\"plot-bar"));
	assert_non_null(bar = strstr(bar, "<rect"));
	assert_true(fabs(attribute(bar, "height") - 3 * high) < 0.01);
	assert_true(fabs(attribute(bar, "y")) < 0.01);
	/* Its middle is the middle of its half. */
	assert_true(fabs(attribute(bar, "x") + attribute(bar, "width") / 2 -
	    25) < 0.01);
	free(svg);

	p.stacked = false;	/* side by side */
	svg = drawn(&p);
	assert_non_null(bar = strstr(svg, "<g class=\"plot-bar"));
	assert_non_null(bar = strstr(bar, "<rect"));
	assert_true(fabs(attribute(bar, "x") + attribute(bar, "width") - 25) <
	    0.01);
	free(svg);
}

UNIT(series_differ_without_colour)
{
	struct plot_series s[6] = { { NULL, NULL } };
	struct plot p = plot_of(s, 6, 5);
	char *svg, name[8], *tile, *last = NULL;

	for (size_t i = 0; i < 6; i++)
		s[i] = (struct plot_series){ "name", ramp };
	svg = drawn(&p);
	assert_int_equal(6, count(svg, "<pattern"));
	assert_int_equal(6, count(svg, ">name</text>"));
	for (size_t i = 0; i < 6; i++) {
		snprintf(name, sizeof name, "plot-s%zu", i);
		assert_non_null(tile = strstr(svg, name));
		tile = strstr(tile, " d=\"");
		assert_non_null(tile);
		if (last != NULL)
			assert_int_not_equal(0, strncmp(tile, last,
			    strcspn(tile, "/")));
		last = tile;
	}
	free(svg);
	p.line = true;
	svg = drawn(&p);
	assert_int_equal(6, count(svg, "<polyline"));
	assert_int_equal(12, count(svg, "plot-line"));	/* and in the legend */
	assert_int_equal(6 * 5 + 6, count(svg, "<use"));
	free(svg);
}

UNIT(nothing_and_zero)
{
	static const double zero[] = { 0, 0, 0 };
	struct plot_series s = { "Printed", zero };
	struct plot p = plot_of(&s, 1, 0);
	char *svg = drawn(&p);

	assert_int_equal(2, count(svg, "There is nothing to show yet."));
	free(svg);
	p.n = 3;
	svg = drawn(&p);
	assert_int_equal(0, count(svg, "nothing to show"));
	assert_has(svg, ">1</text>");
	assert_has(svg, ">0</text>");
	assert_has(svg, "Printed: day 0 0; day 1 0; day 2 0. ");
	free(svg);
	p.nseries = 0;
	svg = drawn(&p);
	assert_int_equal(2, count(svg, "There is nothing to show yet."));
	free(svg);
	p = (struct plot){ 0 };
	svg = drawn(&p);
	assert_has(svg, "width=\"720\"");
	free(svg);
}

UNIT(one_value)
{
	static const double v[] = { 1234567 };
	struct plot_series s = { "Printed", v };
	struct plot p = plot_of(&s, 1, 1);
	char *svg = drawn(&p);
	double width = attribute(strstr(strstr(svg, "plot-bar"), "<rect"),
	    "width");

	assert_true(width > 5 && width < 15);	/* percent: about 64 pixels */
	assert_has(svg, ">1.5M</text>");
	assert_has(svg, "day 0: 1\xe2\x80\xaf""234\xe2\x80\xaf""567 pages");
	free(svg);
}

UNIT(many_values_have_few_labels)
{
	struct plot_series s[] = { { "a", ramp }, { "b", ramp } };
	struct plot p = plot_of(s, 2, MANY);
	char *svg = drawn(&p), *desc = desc_of(svg);
	size_t labels = count(svg, ">day ");

	assert_in_range(labels, 5, 20);
	assert_in_range(labels - count(svg, "plot-wide"), 2, 6);
	assert_int_equal(2 * (MANY - 1) + 2 + 2, count(svg, "<rect"));
	assert_string_equal("pages. a: least 0 (day 0), most 399 (day 399), "
	    "together 79\xe2\x80\xaf""800. b: least 0 (day 0), most 399 "
	    "(day 399), together 79\xe2\x80\xaf""800. ", desc);
	free(desc);
	free(svg);

	p.n = 100000;		/* more than there are: left out, not read */
	svg = drawn(&p);
	assert_int_equal(2 * (MANY - 1) + 2 + 2, count(svg, "<rect"));
	free(svg);
	p.line = true;
	svg = drawn(&p);
	assert_int_equal(2, count(svg, "<polyline"));
	assert_int_equal(0, count(svg, "<use"));
	free(svg);
}

UNIT(long_names_stand_askew_and_are_cut)
{
	static const char *const names[] = { "Kyocera on the third floor",
	    "HP", "Reception, ground floor" };
	static const double v[] = { 1, 2, 3 };
	struct plot_series s = { "Printed", v };
	struct plot p = plot_of(&s, 1, 3);
	char *svg;

	p.label = names;
	svg = drawn(&p);
	assert_int_equal(3, count(svg, "rotate(-40)"));
	assert_has(svg, ">Kyocera on the th\xe2\x80\xa6</text>");
	assert_has(svg, "Kyocera on the third floor: 1 pages");
	assert_int_equal(0, count(svg, "plot-wide"));
	assert_true(attribute(svg, "height") > 300);
	free(svg);
}

UNIT(what_cannot_be_drawn_is_zero)
{
	static double v[] = { NAN, INFINITY, -INFINITY, -5, 1e308, 1, 1e-9 };
	struct plot_series s[] = { { "a", v }, { "b", v }, { "c", v } };
	struct plot p = plot_of(s, 3, 7);

	for (int form = 0; form < 3; form++) {
		char *svg, *desc;

		p.stacked = form == 1;
		p.line = form == 2;
		svg = drawn(&p);
		desc = desc_of(svg);
		assert_int_equal(0, strncmp(desc,
		    "pages. a: day 0 0; day 1 0; day 2 0; day 3 0; "
		    "day 4 1e+300; day 5 1; day 6 0. b: ", 70));
		assert_int_equal(0, count(svg, "-1e"));
		free(desc);
		free(svg);
	}
}

/* Whatever the values are, the axis is short, round and high enough. */
UNIT(every_axis_is_round)
{
	double v = 1e-7;
	struct plot_series s = { "a", &v };
	struct plot p = plot_of(&s, 1, 1);

	for (; v < 1e301; v *= 1.7) {
		char *svg = drawn(&p);
		size_t lines = count(svg, "plot-grid");
		double y = attribute(strstr(strstr(svg, "plot-bar"), "<rect"),
		    "y");

		assert_in_range(lines, 1, 5);
		assert_true(y >= 0 && y <= 260);
		/* at least two fifths of the height are used */
		if (v >= 1e-4)
			assert_true(y < 0.6 * (260 - 52));
		free(svg);
	}
}

UNIT(counts_have_no_fractions)
{
	static const double one[] = { 1, 0, 1 }, part[] = { 0.3, 0, 0.7 };
	struct plot_series s = { "a", one };
	struct plot p = plot_of(&s, 1, 3);
	char *svg = drawn(&p);

	assert_int_equal(1, count(svg, "plot-grid"));
	free(svg);
	s.value = part;
	svg = drawn(&p);
	assert_has(svg, ">0.2</text>");
	assert_has(svg, "day 0: 0.3 pages");
	free(svg);
	p.decimal = ',';
	svg = drawn(&p);
	assert_has(svg, ">0,2</text>");
	assert_has(svg, "day 0: 0,3 pages");
	assert_has(svg, "day 0 0,3; ");
	free(svg);
}

UNIT(text_from_outside_stays_text)
{
	static const char *const names[] = { "<script>alert(1)</script>",
	    "\"><svg onload='x'>", "a\x01\x1f\x7f\xc2\x85z", "\xff\xc0\x80\xed"
	    "\xa0\x80 \xf4\x90\x80\x80 \xe2\x82", "\xef\xbf\xbf&amp;" };
	static const double v[] = { 1, 2, 3, 4, 5 };
	struct plot_series s[] = { { "<b>&\"'", v }, { names[0], v } };
	struct plot p = plot_of(s, 2, 5);

	p.label = names;
	p.title = "</title><b>\x02";
	p.unit = "<i>";
	for (int form = 0; form < 2; form++) {
		char *svg;

		p.line = form == 1;
		svg = drawn(&p);
		assert_has(svg, "&lt;/title&gt;&lt;b&gt; </title>");
		assert_has(svg, "&lt;b&gt;&amp;&quot;&#39;</text>");
		assert_has(svg, "&quot;&gt;&lt;svg onload=&#39;x&#39;&gt;: 2");
		assert_has(svg, "a    z: 3");
		assert_has(svg, "?????? ");
		assert_has(svg, "?&amp;amp;: 5");
		assert_null(strstr(svg, "<b"));
		free(svg);
	}
}

static const char *
shout(const char *english)
{
	if (strcmp(english, "There is nothing to show yet.") == 0)
		return "Noch <nichts>.";
	return "%6 = 100%; %9; %1 %5 %x%";
}

UNIT(words_of_another_language)
{
	struct plot_series s = { "a<", ramp };
	struct plot p = plot_of(&s, 1, 20);
	char *svg, *desc;

	p.tr = shout;
	svg = drawn(&p);
	desc = desc_of(svg);
	assert_string_equal("pages. 190 = 100%; %9; a&lt; day 19 %x% ", desc);
	free(desc);
	free(svg);
	p.n = 0;
	svg = drawn(&p);
	assert_int_equal(2, count(svg, "Noch &lt;nichts&gt;."));
	free(svg);
}

/* Numbers of a drawing have a point, whatever the locale says. */
UNIT(locale_does_not_matter)
{
	static const double v[] = { 0.25, 0.5, 1.75 };
	struct plot_series s = { "a", v };
	struct plot p = plot_of(&s, 1, 3);
	char *before, *after;

	if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL &&
	    setlocale(LC_ALL, "de_DE") == NULL) {
		print_message("# there is no German locale here\n");
		skip();
	}
	setlocale(LC_ALL, "C");
	before = drawn(&p);
	assert_non_null(setlocale(LC_ALL, "de_DE.UTF-8") != NULL ? "" :
	    setlocale(LC_ALL, "de_DE"));
	after = drawn(&p);
	setlocale(LC_ALL, "C");
	assert_string_equal(before, after);
	free(before);
	free(after);
}

UNIT(two_plots_have_their_own_ids)
{
	struct plot_series s = { "a", ramp };
	struct plot p = plot_of(&s, 1, 3), q = p;
	char *a = drawn(&p), *b, id[24];

	q.title = "Pages per hour";
	b = drawn(&q);
	snprintf(id, sizeof id, "%.9s", strstr(a, "labelledby=\"") + 12);
	assert_int_equal('p', id[0]);
	assert_true(count(a, id) >= 4);
	assert_int_equal(0, count(b, id));
	free(a);
	free(b);
}

/* The class of the room on the left is one that the stylesheet has. */
UNIT(the_stylesheet_knows_every_class)
{
	const char *root = getenv("srcdir");
	char path[512], css[8192], key[40];
	static const double top[] = { 1, 99999, 1e13, 1e300 };
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/cgi/static/plot.css",
	    root != NULL ? root : ".");
	assert_non_null(f = fopen(path, "r"));
	n = fread(css, 1, sizeof css - 1, f);
	fclose(f);
	css[n] = '\0';
	for (size_t i = 0; i < sizeof top / sizeof *top; i++) {
		double v[2] = { top[i], 0 };
		const char *names[] = { i < 2 ? "a" : "a very long name it is",
		    "b" };
		struct plot_series s = { "a", v };
		struct plot p = plot_of(&s, 1, 2);
		char *svg;

		p.label = names;
		svg = drawn(&p);
		snprintf(key, sizeof key, ".plot-left-%d {",
		    (int)strtol(strstr(svg, "plot-left-") + 10, NULL, 10));
		assert_has(css, key);
		free(svg);
	}
}

UNIT(numbers_of_drawings)
{
	static const struct { double v; unsigned digits; const char *want; } t[] = {
		{ 0, 2, "0" }, { 1, 2, "1" }, { 1.5, 2, "1.5" },
		{ 1.006, 2, "1.01" }, { 1.001, 2, "1" }, { 0.05, 2, "0.05" },
		{ -0.001, 2, "0" }, { -2.25, 2, "-2.25" }, { 12.5, 0, "13" },
		{ 999999999999.0, 6, "999999999999" }, { 0.000001, 6, "0.000001" },
		{ 0.999, 2, "1" }, { -0.5, 1, "-0.5" },
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct rel_buf b;

		rel_buf_init(&b);
		svg_num(&b, t[i].v, t[i].digits);
		rel_put_u8(&b, '\0');
		assert_string_equal(t[i].want, (const char *)b.data);
		rel_buf_fini(&b);
	}
}

UNIT(text_is_cut_by_characters)
{
	struct rel_buf b;

	rel_buf_init(&b);
	svg_text(&b, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x96\xa8z", 4);
	svg_text(&b, "|<<<<<", 3);
	svg_text(&b, "|x", 0);
	svg_text(&b, "", 0);
	svg_text(&b, NULL, 5);
	rel_put_u8(&b, '\0');
	assert_string_equal("\xc3\xa4\xe2\x82\xac\xf0\x9f\x96\xa8z"
	    "|&lt;\xe2\x80\xa6\xe2\x80\xa6", (const char *)b.data);
	rel_buf_fini(&b);
	assert_int_equal(5, svg_columns("\xe6\xbc\xa2z\xf0\x9f\x96\xa8"));
	assert_int_equal(0, svg_columns(NULL));
}

/* Amounts have two places, or more where these say nothing. */
static void
amounts_have_two_places(void **state)
{
	static const char *const label[] = { "one", "two", "three" };
	const double value[] = { 0.5, 1.25, 2 }, small[] = { 0.001, 0, 0 };
	struct plot_series series = { "Paid", value };
	struct plot p = { .title = "Paid", .unit = "EUR", .label = label,
	    .n = 3, .series = &series, .nseries = 1, .amount = true };
	struct rel_buf b;

	(void)state;
	rel_buf_init(&b);
	plot_svg(&b, &p);
	p.decimal = ',';
	plot_svg(&b, &p);
	series.value = small;
	plot_svg(&b, &p);
	rel_put_u8(&b, '\0');
	assert_false(b.failed);
	assert_non_null(strstr((char *)b.data,
	    "Paid: one 0.50; two 1.25; three 2.00. "));
	assert_non_null(strstr((char *)b.data, ">0.00</text>"));
	assert_non_null(strstr((char *)b.data, ">1.50</text>"));
	assert_non_null(strstr((char *)b.data,
	    "Paid: one 0,50; two 1,25; three 2,00. "));
	assert_non_null(strstr((char *)b.data, "one 0,001; two 0,00"));
	rel_buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(a_few_bars),
		UNIT_RUN(bars_stand_where_their_values_are),
		UNIT_RUN(series_differ_without_colour),
		UNIT_RUN(nothing_and_zero),
		UNIT_RUN(one_value),
		UNIT_RUN(many_values_have_few_labels),
		UNIT_RUN(long_names_stand_askew_and_are_cut),
		UNIT_RUN(what_cannot_be_drawn_is_zero),
		UNIT_RUN(every_axis_is_round),
		UNIT_RUN(counts_have_no_fractions),
		UNIT_RUN(amounts_have_two_places),
		UNIT_RUN(text_from_outside_stays_text),
		UNIT_RUN(words_of_another_language),
		UNIT_RUN(locale_does_not_matter),
		UNIT_RUN(two_plots_have_their_own_ids),
		UNIT_RUN(the_stylesheet_knows_every_class),
		UNIT_RUN(numbers_of_drawings),
		UNIT_RUN(text_is_cut_by_characters),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
