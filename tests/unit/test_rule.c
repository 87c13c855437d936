/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What rules say of a job: every condition, every action, and why. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/rule.h"
#include "tests/unit/place_fixture.h"

/* "name=value; name=value" into w. */
static void
make_case(struct rel_case_words *w, const char *text)
{
	char all[400], *at = all, *part;
	struct rel_err err = { 0 };

	rel_case_words_init(w);
	assert_true(strlen(text) < sizeof all);
	memcpy(all, text, strlen(text) + 1);
	while ((part = strsep(&at, ";")) != NULL) {
		char *eq = strchr(part, '=');

		part += strspn(part, " ");
		if (eq == NULL)
			continue;
		*eq = '\0';
		if (rel_case_words_set(w, part, eq + 1, &err) < 0)
			fail_msg("%s=%s: %s", part, eq + 1, err.text);
	}
}

static struct rel_rules *
read_ok(const char *text)
{
	struct rel_place at = { 0 };
	struct rel_rules *r = rel_rules_read(text, strlen(text), &at);

	good_text_check(text, r != NULL, &at);
	return r;
}

/* The last line of a trace, and how many. */
static struct {
	int n;
	bool matched, unknown;
	char name[64], why[REL_RULE_WHY_MAX], did[REL_RULE_WHY_MAX];
	unsigned line;
} seen;

static void
see(void *arg, const struct rel_rule_look *look)
{
	assert_ptr_equal(&seen, arg);
	seen.n++;
	seen.matched = look->matched;
	seen.unknown = look->unknown;
	seen.line = look->line;
	snprintf(seen.name, sizeof seen.name, "%s", look->name);
	snprintf(seen.why, sizeof seen.why, "%s", look->why);
	snprintf(seen.did, sizeof seen.did, "%s", look->did);
}

static struct rel_verdict v;
static struct rel_rules *rules;

/* One run of a text of rules over a case; rules live until the next. */
static void
run(const char *text, const char *job, enum rel_rule_moment moment)
{
	static struct rel_case_words w;

	rel_rules_free(&rules);
	rules = read_ok(text);
	make_case(&w, job);
	memset(&seen, 0, sizeof seen);
	assert_int_equal(0, rel_rules_run(rules, &w.c, moment, &v, see,
	    &seen));
}

/* ---- conditions: does it match ('y', 'n', '?'), and why */

struct row {
	const char *cond, *job;
	char outcome;
	const char *why;
};

static void
check_rows(const struct row *rows)
{
	for (; rows->cond != NULL; rows++) {
		char text[500], got;

		snprintf(text, sizeof text,
		    "rule \"r\" when %s refuse \"no\"", rows->cond);
		run(text, rows->job, REL_RULE_HOLD);
		got = seen.matched ? 'y' : seen.unknown ? '?' : 'n';
		if (got != rows->outcome)
			fail_msg("%s of %s: %c (%s)", rows->cond, rows->job,
			    got, seen.why);
		if (rows->why != NULL && strcmp(rows->why, seen.why) != 0)
			fail_msg("%s of %s: \"%s\", not \"%s\"", rows->cond,
			    rows->job, seen.why, rows->why);
		assert_int_equal(got == 'y' ? REL_RULE_SAY_REFUSE :
		    REL_RULE_SAY_NOTHING, v.say);
	}
}

UNIT(numbers)
{
	static const struct row rows[] = {
		{ "pages > 10", "pages=11", 'y', "pages 11 > 10" },
		{ "pages > 10", "pages=10", 'n', "pages 10, not > 10" },
		{ "pages >= 10", "pages=10", 'y', "pages 10 >= 10" },
		{ "pages >= 10", "pages=9", 'n', NULL },
		{ "pages < 10", "pages=9", 'y', "pages 9 < 10" },
		{ "pages < 10", "pages=10", 'n', NULL },
		{ "pages <= 10", "pages=10", 'y', "pages 10 <= 10" },
		{ "pages <= 10", "pages=11", 'n', NULL },
		{ "pages = 10", "pages=10", 'y', "pages 10 = 10" },
		{ "pages = 10", "pages=11", 'n', "pages 11, not = 10" },
		{ "pages != 10", "pages=11", 'y', "pages 11 != 10" },
		{ "pages != 10", "pages=10", 'n', NULL },
		{ "PAGES > 10 AND Copies = 1", "pages=11;copies=1", 'y',
		    NULL },
		{ "colour-pages >= 20", "colour-pages=24", 'y',
		    "colour-pages 24 >= 20" },
		{ "color-pages >= 20", "colour-pages=4", 'n',
		    "colour-pages 4, not >= 20" },
		{ "impressions > 99", "impressions=100", 'y', NULL },
		{ "impressions > 99", "impressions=99", 'n', NULL },
		{ "colour-impressions > 0", "colour-impressions=1", 'y',
		    NULL },
		{ "color-impressions > 0", "color-impressions=0", 'n', NULL },
		{ "sheets >= 500", "sheets=500", 'y', NULL },
		{ "sheets >= 500", "sheets=499", 'n', NULL },
		{ "copies > 30", "copies=31", 'y', NULL },
		{ "copies > 30", "copies=1", 'n', NULL },
		{ "document-size > 1m", "document-size=1048577", 'y',
		    "document-size 1048577 > 1048576" },
		{ "document-size > 2K", "document-size=2k", 'n', NULL },
		{ NULL, NULL, 0, NULL }
	};

	check_rows(rows);
}

UNIT(money)
{
	static const struct row rows[] = {
		{ "cost > 10.00", "cost=10.000001", 'y',
		    "cost 10.000001 > 10.00" },
		{ "cost > 10", "cost=10.00", 'n', "cost 10.00, not > 10.00" },
		{ "cost > money-left", "cost=2.50;money-left=2", 'y',
		    "cost 2.50 > money-left 2.00" },
		{ "cost > money-left", "cost=2.50;money-left=none", 'n',
		    "cost 2.50, not > money-left without limit" },
		{ "cost <= money-left", "cost=2.50;money-left=none", 'y',
		    NULL },
		{ "cost > money-left", "cost=2.50", '?',
		    "cost 2.50 > money-left unknown cannot be told" },
		{ "money-left < 0.50", "money-left=-1.25", 'y',
		    "money-left -1.25 < 0.50" },
		{ "money-left < -2", "money-left=-1.25", 'n', NULL },
		{ "money-left < 0.50", "money-left=none", 'n',
		    "money-left without limit, not < 0.50" },
		{ "money-left = 1", "money-left=none", 'n', NULL },
		{ "money-left <= 999999999999", "money-left=none", 'n', NULL },
		{ "money-left > 5", "money-left=none", 'y', NULL },
		{ "colour-left < 5", "colour-left=4", 'y', NULL },
		{ "color-left < 5", "colour-left=none", 'n', NULL },
		{ "colour-left < 5", "colour-left=5", 'n', NULL },
		{ "colour-impressions > colour-left",
		    "colour-impressions=8;colour-left=7", 'y',
		    "colour-impressions 8 > colour-left 7" },
		{ "mono-left < 10", "mono-left=9", 'y', NULL },
		{ "mono-left < 10", "mono-left=10", 'n', NULL },
		{ "mono-left < 10", "mono-left=none", 'n', NULL },
		{ NULL, NULL, 0, NULL }
	};

	check_rows(rows);
}

UNIT(unknown_is_never_true)
{
	static const struct row rows[] = {
		{ "pages > 10", "", '?', "pages unknown" },
		{ "pages <= 10", "pages=unknown", '?', "pages unknown" },
		{ "pages != 10", "", '?', NULL },
		{ "pages = 0", "", '?', NULL },
		{ "not pages > 10", "", '?', "pages unknown" },
		{ "not not pages > 10", "", '?', NULL },
		{ "cost > 1", "", '?', "cost unknown" },
		{ "user anna", "", '?', "user unknown" },
		{ "user != anna", "", '?', "user unknown" },
		{ "not user anna", "user=", '?', NULL },
		{ "group Design", "", '?', "group unknown" },
		{ "not group Design", "", '?', NULL },
		{ "group Design", "group=", 'n', "not in group \"Design\"" },
		{ "not group Design", "group=", 'y', NULL },
		{ "device Hall", "", '?', NULL },
		{ "device-group Upstairs", "", '?', NULL },
		{ "not device-group Upstairs", "device=Hall", 'y', NULL },
		{ "title *x*", "", '?', "title unknown" },
		{ "media A4", "", '?', "media unknown" },
		{ "format pdf", "", '?', NULL },
		{ "queue a", "", '?', NULL },
		{ "application a", "", '?', NULL },
		{ "sides = one-sided", "", '?', "sides unknown" },
		{ "sides != one-sided", "sides=unknown", '?', NULL },
		{ "time 08:00-17:00", "", '?', "time unknown" },
		{ "time != 08:00-17:00", "", '?', NULL },
		{ "money-left < 1", "", '?', NULL },
		/* What is known decides alone where it can. */
		{ "pages > 10 or copies > 1", "copies=2", 'y',
		    "copies 2 > 1" },
		{ "pages > 10 or copies > 1", "copies=1", '?',
		    "pages unknown" },
		{ "pages > 10 and copies > 1", "copies=1", 'n',
		    "copies 1, not > 1" },
		{ "pages > 10 and copies > 1", "copies=2", '?',
		    "pages unknown" },
		{ NULL, NULL, 0, NULL }
	};

	check_rows(rows);
}

UNIT(known)
{
	static const struct row rows[] = {
		{ "pages known", "pages=0", 'y', "pages known" },
		{ "pages known", "", 'n', "pages unknown" },
		{ "pages unknown", "", 'y', "pages unknown" },
		{ "not pages known", "", 'y', "pages unknown" },
		{ "pages unknown", "pages=<=7", 'y', NULL },
		{ "cost unknown", "cost=1", 'n', "cost known" },
		{ "money-left known", "money-left=none", 'y', NULL },
		{ "user known", "user=anna", 'y', "user known" },
		{ "group unknown", "group=", 'n', "group known" },
		{ "group unknown", "", 'y', NULL },
		{ "device known", "device-id=d1", 'y', NULL },
		{ "sides unknown", "", 'y', "sides unknown" },
		{ "sides known", "sides=mixed", 'y', "sides known" },
		{ NULL, NULL, 0, NULL }
	};

	check_rows(rows);
}

UNIT(bounds)
{
	static const struct row rows[] = {
		{ "pages < 10", "pages=<=9", 'y', "pages at most 9 < 10" },
		{ "pages < 10", "pages=<=10", '?',
		    "pages at most 10 < 10 cannot be told" },
		{ "pages <= 10", "pages=<=10", 'y', NULL },
		{ "pages <= 10", "pages=<=11", '?', NULL },
		{ "pages > 10", "pages=<=10", 'n',
		    "pages at most 10, not > 10" },
		{ "pages > 10", "pages=<=11", '?', NULL },
		{ "pages >= 10", "pages=<=9", 'n', NULL },
		{ "pages >= 10", "pages=<=10", '?', NULL },
		{ "pages >= 0", "pages=<=10", 'y', NULL },
		{ "pages = 10", "pages=<=9", 'n', NULL },
		{ "pages = 10", "pages=<=10", '?', NULL },
		{ "pages = 0", "pages=<=0", 'y', NULL },
		{ "pages != 10", "pages=<=9", 'y', NULL },
		{ "pages != 10", "pages=<=10", '?', NULL },
		{ "colour-pages > pages", "colour-pages=5;pages=<=4", 'y',
		    NULL },
		{ NULL, NULL, 0, NULL }
	};

	check_rows(rows);
}

UNIT(names)
{
	static const struct row rows[] = {
		{ "user anna", "user=Anna", 'y', "user Anna is \"anna\"" },
		{ "user anna", "user=annab", 'n',
		    "user annab is not \"anna\"" },
		{ "user = anna", "user=anna", 'y', NULL },
		{ "user != anna", "user=anna", 'n',
		    "user anna is \"anna\"" },
		{ "user != anna", "user=ben", 'y', NULL },
		{ "user anna, ben*, \"c d\"", "user=Benno", 'y',
		    "user Benno is \"ben*\"" },
		{ "user anna, ben*, \"c d\"", "user=C D", 'y', NULL },
		{ "user != anna, ben", "user=carl", 'y',
		    "user carl is not \"anna\", \"ben\"" },
		{ "user \"\xc3\x84NNE\"", "user=\xc3\xa4nne", 'y', NULL },
		{ "group Design", "group=Staff, design", 'y',
		    "in group \"Design\"" },
		{ "group Design, Staff", "group=Teachers", 'n',
		    "not in group \"Design\", \"Staff\"" },
		{ "not group \"Design\"", "group=Staff", 'y',
		    "not in group \"Design\"" },
		{ "group Class*", "group=Staff,Class 7b", 'y', NULL },
		{ "queue Office*", "queue=office-colour", 'y', NULL },
		{ "queue Office", "queue=office-colour", 'n', NULL },
		{ "device Hall", "device=hall;device-id=d7", 'y', NULL },
		{ "device d7", "device=Hall;device-id=d7", 'y',
		    "device d7 is \"d7\"" },
		{ "device Attic", "device=Hall;device-id=d7", 'n',
		    "device Hall is not \"Attic\"" },
		{ "device-group Upstairs", "device-group=Upstairs", 'y',
		    "in device-group \"Upstairs\"" },
		{ "device-group Upstairs", "device=Hall;device-group=Cellar",
		    'n', NULL },
		{ "application \"*Word*\"", "application=Microsoft Word 16",
		    'y', NULL },
		{ "application \"*Word*\"", "application=LibreOffice", 'n',
		    NULL },
		{ "application \"*Office*\"", "application=Writer;"
		    "producer=LibreOffice 7.4", 'y',
		    "application LibreOffice 7.4 is \"*Office*\"" },
		{ "application \"*Office*\"", "producer=LibreOffice 7.4", 'y',
		    NULL },
		{ "application != \"*Office*\"", "application=Writer;"
		    "producer=LibreOffice 7.4", 'n', NULL },
		{ "application \"x\"", "application=Writer;producer=cairo",
		    'n', "application Writer is not \"x\"" },
		{ "application known", "producer=cairo", 'y', NULL },
		{ "application unknown", "application=", 'y', NULL },
		{ "title *salary*", "title=My SALARY 2026.pdf", 'y',
		    "title is \"*salary*\"" },
		{ "title *salary*", "title=poem", 'n',
		    "title is not \"*salary*\"" },
		{ "format pdf", "format=pdf", 'y', "format pdf is \"pdf\"" },
		{ "format application/pdf", "format=pdf", 'y', NULL },
		{ "format pdf", "format=application/PDF", 'y', NULL },
		{ "format postscript, pcl*", "format=pclxl", 'y', NULL },
		{ "format text/plain", "format=pdf", 'n', NULL },
		{ NULL, NULL, 0, NULL }
	};

	check_rows(rows);
}

UNIT(paper)
{
	static const struct row rows[] = {
		{ "media iso_a2_420x594mm", "media=iso_a2_420x594mm", 'y',
		    "media iso_a2_420x594mm is \"iso_a2_420x594mm\"" },
		{ "media A3", "media=iso_a3_297x420mm", 'y', NULL },
		{ "media a3", "media=A3", 'y', NULL },
		{ "media iso_a3_297x420mm", "media=A4", 'n', NULL },
		{ "media iso_a*", "media=A4", 'y', NULL },
		{ "media na_*", "media=A4", 'n', NULL },
		{ "media A3", "media=A4, iso_a3_297x420mm", 'y', NULL },
		{ "media Letter", "media=custom_x_215.9x279.4mm", 'y', NULL },
		{ "media A4", "media=Odd Sheet", 'n',
		    "media Odd Sheet is not \"A4\"" },
		{ "media odd*", "media=Odd Sheet", 'y', NULL },
		{ NULL, NULL, 0, NULL }
	};

	check_rows(rows);
}

UNIT(sides)
{
	static const struct row rows[] = {
		{ "sides = one-sided", "sides=one-sided", 'y',
		    "sides one-sided" },
		{ "sides one-sided", "sides=two-sided-long-edge", 'n',
		    "sides two-sided-long-edge" },
		{ "sides two-sided", "sides=two-sided-short-edge", 'y',
		    NULL },
		{ "sides two-sided-long-edge", "sides=two-sided-short-edge",
		    'n', NULL },
		{ "sides != two-sided", "sides=one-sided", 'y', NULL },
		{ "sides one-sided, mixed", "sides=mixed", 'y',
		    "sides mixed" },
		{ "sides two-sided", "sides=mixed", 'n', NULL },
		{ NULL, NULL, 0, NULL }
	};

	check_rows(rows);
}

UNIT(times)
{
	static const struct row rows[] = {
		{ "time 08:00-17:00", "time=08:00", 'y', NULL },
		{ "time 08:00-17:00", "time=16:59", 'y', NULL },
		{ "time 08:00-17:00", "time=17:00", 'n', NULL },
		{ "time 08:00-17:00", "time=07:59", 'n', NULL },
		{ "time 08:00-17:00 mon-fri", "time=09:05;day=wed", 'y',
		    "wed 09:05 is in 08:00-17:00 mon-fri" },
		{ "time 08:00-17:00 mon-fri", "time=09:05;day=sun", 'n',
		    "sun 09:05 is not in 08:00-17:00 mon-fri" },
		{ "time != 08:00-17:00 mon-fri", "time=09:05;day=sun", 'y',
		    "sun 09:05 is not in 08:00-17:00 mon-fri" },
		{ "time 00:00-24:00 sat", "time=23:59;day=sat", 'y', NULL },
		{ "time 00:00-24:00 sat", "time=00:00;day=sun", 'n', NULL },
		{ "time 20:00-24:00", "time=23:59", 'y', NULL },
		{ "time 20:00-00:00", "time=23:59", 'y', NULL },
		{ "time 20:00-00:00", "time=00:00", 'n', NULL },
		/* Over midnight: of the day on which it began. */
		{ "time 22:00-06:00", "time=22:00", 'y', NULL },
		{ "time 22:00-06:00", "time=05:59", 'y', NULL },
		{ "time 22:00-06:00", "time=06:00", 'n', NULL },
		{ "time 22:00-06:00 fri", "time=23:00;day=fri", 'y', NULL },
		{ "time 22:00-06:00 fri", "time=02:00;day=sat", 'y', NULL },
		{ "time 22:00-06:00 fri", "time=02:00;day=fri", 'n', NULL },
		{ "time 22:00-06:00 sat", "time=02:00;day=sun", 'y', NULL },
		{ "time 22:00-06:00 sun", "time=02:00;day=mon", 'y', NULL },
		{ "day sat, sun", "day=sun", 'y', "sun 00:00 is in sat,sun" },
		{ "day sat,sun", "day=mon", 'n', NULL },
		{ "day != mon-fri", "day=sat", 'y', NULL },
		{ "day fri-mon", "day=sun", 'y', NULL },
		{ "day fri-mon", "day=tue", 'n', NULL },
		{ "day Fri-Fri", "day=fri", 'y', NULL },
		{ NULL, NULL, 0, NULL }
	};

	check_rows(rows);
}

UNIT(joined)
{
	static const struct row rows[] = {
		{ "confidential", "confidential=yes", 'y', "confidential" },
		{ "confidential", "confidential=no", 'n',
		    "not confidential" },
		{ "not confidential", "", 'y', "not confidential" },
		{ "pages > 1 and copies > 1", "pages=2;copies=2", 'y',
		    "pages 2 > 1; copies 2 > 1" },
		{ "pages > 1 and copies > 1", "pages=1;copies=1", 'n',
		    "pages 1, not > 1" },
		{ "pages > 1 or copies > 1", "pages=1;copies=2", 'y',
		    "copies 2 > 1" },
		{ "pages > 1 or copies > 1", "pages=1;copies=1", 'n',
		    "pages 1, not > 1; copies 1, not > 1" },
		/* and binds closer than or, not closer than both */
		{ "pages = 1 or pages = 2 and copies = 9", "pages=1;copies=1",
		    'y', "pages 1 = 1" },
		{ "(pages = 1 or pages = 2) and copies = 9",
		    "pages=1;copies=1", 'n', "copies 1, not = 9" },
		{ "not pages = 1 or copies = 1", "pages=1;copies=1", 'y',
		    NULL },
		{ "not (pages = 1 or copies = 1)", "pages=1;copies=1", 'n',
		    "pages 1 = 1" },
		{ "not (pages = 1 and copies = 1)", "pages=1;copies=2", 'y',
		    "copies 2, not = 1" },
		{ "(((pages = 1)))", "pages=1", 'y', NULL },
		{ "pages = 1 and copies = 1 and sheets = 1 and cost = 1",
		    "pages=1;copies=1;sheets=1;cost=1", 'y', NULL },
		{ NULL, NULL, 0, NULL }
	};

	check_rows(rows);
}

/* ---- patterns: against a slow reader of them that is surely right */

static bool
slow(const char *p, const char *s)
{
	if (*p == '\0')
		return *s == '\0';
	if (*p == '*')
		return slow(p + 1, s) || (*s != '\0' && slow(p, s + 1));
	if (*p == '?' && *s != '\0') {
		do
			s++;
		while (((unsigned char)*s & 0xc0) == 0x80);
		return slow(p + 1, s);
	}
	return *p == *s && slow(p + 1, s + 1);
}

static unsigned
next_random(unsigned max)
{
	static uint32_t x = 20261121;

	x = x * 1664525u + 1013904223u;
	return (x >> 16) % max;
}

UNIT(patterns_mean_what_they_say)
{
	static const char *const parts[] = { "a", "b", "\xc3\xa4", "*", "?",
	    "\xe2\x82\xac" };
	char pattern[32], title[32], text[80], job[60];
	int yes = 0;

	for (int i = 0; i < 4000; i++) {
		pattern[0] = title[0] = '\0';
		for (unsigned n = 1 + next_random(6); n > 0; n--)
			snprintf(pattern + strlen(pattern), 8, "%s",
			    parts[next_random(6)]);
		for (unsigned n = 1 + next_random(6); n > 0; n--)
			snprintf(title + strlen(title), 8, "%s",
			    parts[next_random(3)]);
		snprintf(text, sizeof text,
		    "rule \"r\" when title \"%s\" refuse \"x\"", pattern);
		snprintf(job, sizeof job, "title=%s", title);
		run(text, job, REL_RULE_HOLD);
		if (seen.matched != slow(pattern, title))
			fail_msg("%s of %s: %d", pattern, title,
			    seen.matched);
		yes += seen.matched;
	}
	assert_in_range(yes, 200, 3800);
}

UNIT(a_pattern_cannot_take_long)
{
	static char title[1001];
	char text[200] = "rule \"r\" when title ";
	struct rel_case c = { .title = title };
	struct rel_rules *r;

	memset(title, 'a', sizeof title - 1);
	for (int i = 0; i < 60; i++)
		memcpy(text + strlen(text), "a*", 3);
	memcpy(text + strlen(text), "b refuse \"x\"", 13);
	r = read_ok(text);
	/* Going back at each star would outlast the universe. */
	assert_int_equal(0, rel_rules_run(r, &c, REL_RULE_HOLD, &v, NULL,
	    NULL));
	assert_int_equal(REL_RULE_SAY_NOTHING, v.say);
	title[999] = 'b';
	assert_int_equal(0, rel_rules_run(r, &c, REL_RULE_HOLD, &v, NULL,
	    NULL));
	assert_int_equal(REL_RULE_SAY_REFUSE, v.say);
	rel_rules_free(&r);
}

/* ---- actions */

UNIT(no_rule_says_nothing)
{
	run("# nothing\n", "pages=1", REL_RULE_HOLD);
	assert_int_equal(0, rel_rules_count(rules));
	assert_int_equal(REL_RULE_SAY_NOTHING, v.say);
	assert_null(v.asks.name);
	assert_int_equal(0, seen.n);
}

UNIT(allow_ends_it)
{
	run("rule \"a\" when user boss allow\n"
	    "rule \"b\" refuse \"no\"", "user=boss", REL_RULE_RELEASE);
	assert_int_equal(REL_RULE_SAY_ALLOW, v.say);
	assert_string_equal("a", v.end.name);
	assert_int_equal(1, v.end.line);
	assert_int_equal(1, seen.n);
	assert_string_equal("allow", seen.did);
	run("rule \"a\" when user boss allow\n"
	    "rule \"b\" refuse \"no\"", "user=anna", REL_RULE_RELEASE);
	assert_int_equal(REL_RULE_SAY_REFUSE, v.say);
	assert_int_equal(2, seen.n);
}

UNIT(refuse_leaves_nothing_but_itself)
{
	run("rule \"a\" force mono ask \"?\" charge X\n"
	    "rule \"b\"\n\twhen pages > 3\n\trefuse \"{pages} pages cost "
	    "{cost}, {{you} have {money-left}\"\n"
	    "\tapprove by Y",
	    "pages=4;cost=2.5;money-left=none", REL_RULE_HOLD);
	assert_int_equal(REL_RULE_SAY_REFUSE, v.say);
	assert_string_equal("b", v.end.name);
	assert_int_equal(4, v.end.line);
	assert_string_equal("4 pages cost 2.50, {you} have without limit",
	    v.refuse);
	assert_null(v.asks.name);
	assert_null(v.approves.name);
	assert_null(v.charges.name);
	assert_false(v.force.mono);
	assert_string_equal("refuse; approve Y", seen.did);
}

UNIT(all_values_in_texts)
{
	run("rule \"a\" refuse \"{user}|{queue}|{device}|{application}|"
	    "{title}|{format}|{media}|{sides}|{copies}|{colour-pages}|"
	    "{impressions}|{sheets}|{colour-left}|{mono-left}\"",
	    "user=anna;queue=q;device=Hall;application=W;title=T\n1;"
	    "format=pdf;media=iso_a4_210x297mm;sides=one-sided;copies=2;"
	    "colour-pages=3;impressions=<=4;sheets=5;colour-left=6",
	    REL_RULE_HOLD);
	assert_string_equal("anna|q|Hall|W|T 1|pdf|A4|one-sided|2|3|at most "
	    "4|5|6|unknown", v.refuse);
	run("rule \"a\" refuse \"{application}\"", "producer=cairo",
	    REL_RULE_HOLD);
	assert_string_equal("cairo", v.refuse);
}

UNIT(a_long_text_is_cut)
{
	static char job[400] = "title=";

	memset(job + 6, 'x', 300);
	run("rule \"a\" refuse \"{title}{title}\"", job, REL_RULE_HOLD);
	assert_int_equal(REL_RULE_TEXT_MAX - 1, strlen(v.refuse));
	assert_string_equal("xxx...", v.refuse + REL_RULE_TEXT_MAX - 7);
}

UNIT(forces_add_up)
{
	char text[80];

	run("rule \"a\" force mono, number-up 2, copies max 9\n"
	    "rule \"b\" force duplex\n"
	    "rule \"c\" force number-up 4 force copies max 5\n"
	    "rule \"d\" force duplex short, number-up 2, copies max 7\n"
	    "rule \"e\" force duplex long", "", REL_RULE_HOLD);
	assert_int_equal(REL_RULE_SAY_NOTHING, v.say);
	assert_string_equal("a", v.forced.name);
	assert_true(v.force.mono);
	assert_int_equal(4, v.force.number_up);
	assert_int_equal(5, v.force.copies_max);
	assert_int_equal(REL_DUPLEX_SHORT, v.force.sides);
	assert_true(v.force.edge);
	rel_rule_change_text(&v.force, text, sizeof text);
	assert_string_equal("mono, duplex short, number-up 4, copies max 5",
	    text);
	assert_string_equal("force duplex long", seen.did);
	run("rule \"a\" force duplex", "", REL_RULE_HOLD);
	assert_int_equal(REL_DUPLEX_LONG, v.force.sides);
	assert_false(v.force.edge);
}

UNIT(changes_of_a_ticket)
{
	struct rel_rule_change c = { 0 };
	struct rel_ticket t;

	rel_ticket_init(&t);
	t.copies = 20;
	assert_false(rel_rule_change_ticket(&c, &t));
	c = (struct rel_rule_change){ true, false, REL_DUPLEX_LONG, 2, 5 };
	assert_true(rel_rule_change_ticket(&c, &t));
	assert_int_equal(REL_COLOUR_MONO, t.colour);
	assert_int_equal(REL_DUPLEX_LONG, t.sides);
	assert_int_equal(2, t.number_up);
	assert_int_equal(5, t.copies);
	assert_false(rel_rule_change_ticket(&c, &t));
	t.sides = REL_DUPLEX_SHORT;
	t.number_up = 4;
	t.copies = 1;
	assert_false(rel_rule_change_ticket(&c, &t));
	assert_int_equal(REL_DUPLEX_SHORT, t.sides);
	c.edge = true;
	assert_true(rel_rule_change_ticket(&c, &t));
	assert_int_equal(REL_DUPLEX_LONG, t.sides);
	assert_int_equal(4, t.number_up);
	t.sides = REL_DUPLEX_NONE;
	c.edge = false;
	c.sides = REL_DUPLEX_SHORT;
	assert_true(rel_rule_change_ticket(&c, &t));
	assert_int_equal(REL_DUPLEX_SHORT, t.sides);
}

UNIT(the_first_question_counts)
{
	static const char text[] =
	    "rule \"a\" when pages > 5 ask \"{pages} pages?\" instead mono, "
	    "duplex timeout 10m as-is\n"
	    "rule \"b\" ask \"Really?\" timeout 2h cancel\n"
	    "rule \"c\" ask \"Sure?\" instead number-up 2 timeout 45s "
	    "changed\n";

	run(text, "pages=6", REL_RULE_RELEASE);
	assert_string_equal("a", v.asks.name);
	assert_string_equal("6 pages?", v.ask);
	assert_true(v.instead.mono);
	assert_int_equal(REL_DUPLEX_LONG, v.instead.sides);
	assert_int_equal(600, v.ask_timeout_s);
	assert_int_equal(REL_RULE_AS_IS, v.ask_late);
	assert_string_equal("ask (an earlier rule did)", seen.did);
	run(text, "pages=1", REL_RULE_RELEASE);
	assert_string_equal("b", v.asks.name);
	assert_int_equal(2, v.asks.line);
	assert_false(v.instead.mono);
	assert_int_equal(7200, v.ask_timeout_s);
	assert_int_equal(REL_RULE_CANCEL, v.ask_late);
	/* What was answered is not asked again: the next one is. */
	run(text, "pages=6;answered=a, b", REL_RULE_RELEASE);
	assert_string_equal("c", v.asks.name);
	assert_int_equal(2, v.instead.number_up);
	assert_int_equal(45, v.ask_timeout_s);
	assert_int_equal(REL_RULE_CHANGED, v.ask_late);
	run(text, "pages=6;answered=a,b,c", REL_RULE_RELEASE);
	assert_null(v.asks.name);
	assert_string_equal("ask (was answered before)", seen.did);
	run("rule \"a\" ask \"?\"", "", REL_RULE_HOLD);
	assert_int_equal(0, v.ask_timeout_s);
	assert_string_equal("ask", seen.did);
}

UNIT(approve_charge_suggest)
{
	static const char text[] =
	    "rule \"a\" approve by \"Teachers\" charge Project-7 "
	    "suggest \"Hall\"\n"
	    "rule \"b\" approve by Heads charge Other suggest cheaper\n";

	run(text, "", REL_RULE_RELEASE);
	assert_int_equal(REL_RULE_SAY_NOTHING, v.say);
	assert_string_equal("a", v.approves.name);
	assert_string_equal("Teachers", v.approve);
	assert_string_equal("Project-7", v.charge);
	assert_string_equal("a", v.charges.name);
	assert_string_equal("Hall", v.suggest);
	assert_string_equal("a", v.suggests.name);
	run(text, "answered=a", REL_RULE_RELEASE);
	assert_string_equal("Heads", v.approve);
	assert_string_equal("Project-7", v.charge);
	run("rule \"b\" suggest cheaper", "", REL_RULE_RELEASE);
	assert_string_equal("b", v.suggests.name);
	assert_string_equal("", v.suggest);
	assert_string_equal("suggest cheaper", seen.did);
}

UNIT(moments)
{
	static const char text[] =
	    "rule \"a\" force mono on hold force duplex on release\n"
	    "\tsuggest cheaper refuse \"x\" on release allow on hold";

	run(text, "", REL_RULE_HOLD);
	assert_int_equal(REL_RULE_SAY_ALLOW, v.say);
	assert_true(v.force.mono);
	assert_int_equal(0, v.force.sides);
	assert_null(v.suggests.name);
	run(text, "", REL_RULE_RELEASE);
	assert_int_equal(REL_RULE_SAY_REFUSE, v.say);
	run("rule \"a\" suggest cheaper", "", REL_RULE_HOLD);
	assert_true(seen.matched);
	assert_null(v.suggests.name);
	assert_string_equal("nothing at hold", seen.did);
}

UNIT(names_that_are_written_out)
{
	static const char *const want[] = { "group Staff", "device Hall",
	    "queue q", "account P", "group T", "approver T",
	    "device-group g", NULL };
	const char *kind, *name;
	char got[80];
	unsigned line;
	size_t i;

	run("rule \"a\" when group Staff, S* or device Hall and queue q\n"
	    "charge P approve by T\nrule \"b\" when device-group g and "
	    "user u allow", "", REL_RULE_HOLD);
	for (i = 0; (name = rel_rules_name(rules, i, &kind, &line)) != NULL;
	    i++) {
		assert_non_null(want[i]);
		snprintf(got, sizeof got, "%s %s", kind, name);
		assert_string_equal(want[i], got);
		assert_int_equal(i < 3 ? 1 : i < 6 ? 2 : 3, line);
	}
	assert_null(want[i]);
}

UNIT(the_trace_tells_every_rule)
{
	run("rule \"one\"\n when pages > 1\n force mono\n"
	    "# said\n"
	    "rule \"two\"\n when pages > 9 force duplex\n"
	    "rule \"three\" force duplex", "pages=2", REL_RULE_HOLD);
	assert_int_equal(3, seen.n);
	assert_string_equal("three", seen.name);
	assert_int_equal(7, seen.line);
	assert_string_equal("always", seen.why);
	assert_int_equal(0, rel_rules_run(rules, &(struct rel_case){ 0 },
	    REL_RULE_HOLD, &v, NULL, NULL));
	assert_int_equal(REL_DUPLEX_LONG, v.force.sides);
}

static int
free_rules(void **state)
{
	(void)state;
	rel_rules_free(&rules);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(numbers), UNIT_RUN(money),
		UNIT_RUN(unknown_is_never_true), UNIT_RUN(known),
		UNIT_RUN(bounds), UNIT_RUN(names), UNIT_RUN(paper),
		UNIT_RUN(sides), UNIT_RUN(times), UNIT_RUN(joined),
		UNIT_RUN(patterns_mean_what_they_say),
		UNIT_RUN(a_pattern_cannot_take_long),
		UNIT_RUN(no_rule_says_nothing), UNIT_RUN(allow_ends_it),
		UNIT_RUN(refuse_leaves_nothing_but_itself),
		UNIT_RUN(all_values_in_texts), UNIT_RUN(a_long_text_is_cut),
		UNIT_RUN(forces_add_up), UNIT_RUN(changes_of_a_ticket),
		UNIT_RUN(the_first_question_counts),
		UNIT_RUN(approve_charge_suggest), UNIT_RUN(moments),
		UNIT_RUN(names_that_are_written_out),
		UNIT_RUN(the_trace_tells_every_rule),
	};

	return cmocka_run_group_tests(tests, NULL, free_rules);
}
