/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What it takes to hold 1000 rules against a job: rule.  Ten kinds of rules
 * with all kinds of conditions, a user in 20 groups, a title of 250 bytes;
 * every rule is looked at, some match, none ends it.  Then 1000 rules whose
 * pattern of stars nearly fits that title.  Prints the microseconds of one
 * job without and with the reasons of every rule in words, those of the bad
 * patterns with reasons, and the milliseconds of reading the file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/rule.h"
#include "tests/bench/bench.h"

#define TEXT_MAX 400000
#define RULES 1000u
#define GROUPS 20u
#define ROUNDS 200u

static char text[TEXT_MAX];
static size_t len;
static char title[251] = "Class 7b ";
static unsigned looked, matched;
static size_t words;

/* Of each ten rules one of these; %u is different in each. */
static const char *const kinds[] = {
	"when pages > %u and sides = one-sided force duplex",
	"when colour-pages >= 20 and not group \"Group %u\" and time "
	    "08:00-17:00 mon-fri force mono",
	"when media iso_a2_420x594mm or cost > %u.00 approve by \"Heads\"",
	"when user \"user%u\", boss* refuse \"no\"",
	"when title \"*secret %u*\" or application \"*Calc*\" refuse \"no\"",
	"when queue \"room-%u*\" and format application/pdf charge Rooms",
	"when device \"Room %u\" or device-group Cellar suggest cheaper",
	"when (copies > %u or impressions > 5000) and not confidential "
	    "ask \"{copies} copies?\" instead copies max 2",
	"when group \"Group %u\", \"Nobody*\" and cost > money-left refuse "
	    "\"no\"",
	"when document-size > %um or pages unknown or colour-left < 3 "
	    "approve by Heads on release",
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static void
add(const char *form, unsigned i)
{
	size_t at = len;

	len += (size_t)snprintf(text + len, TEXT_MAX - len,
	    "rule \"Number %u\" ", i);
	/* The one number of the form in its place. */
	for (const char *s = form; *s != '\0' && len < TEXT_MAX - 16; s++)
		if (*s == '%')
			len += (size_t)snprintf(text + len, TEXT_MAX - len,
			    "%u", i), s++;
		else
			text[len++] = *s;
	text[len++] = '\n';
	if (len - at > 300 || len >= TEXT_MAX - 400)
		bench_die("the rules are too long");
}

static struct rel_rules *
read_rules(double *ms)
{
	int64_t began = bench_ns();
	struct rel_place at;
	struct rel_rules *r = rel_rules_read(text, len, &at);

	if (r == NULL) {
		fprintf(stderr, "line %u, %s: %s\n", at.line, at.word,
		    at.text);
		exit(1);
	}
	*ms = (double)(bench_ns() - began) / 1e6;
	if (rel_rules_count(r) != RULES)
		bench_die("rules are missing");
	return r;
}

static void
see(void *arg, const struct rel_rule_look *look)
{
	(void)arg;
	looked++;
	matched += look->matched;
	words += strlen(look->why) + strlen(look->did);
}

/* Microseconds of one job. */
static double
once(const struct rel_rules *r, const struct rel_case *c,
    rel_rule_trace trace)
{
	static struct rel_verdict v;
	double best = 1e12;

	for (int i = 0; i < 5; i++) {
		int64_t began = bench_ns();
		double us;

		for (unsigned n = 0; n < ROUNDS; n++)
			if (rel_rules_run(r, c, REL_RULE_RELEASE, &v, trace,
			    NULL) < 0 || v.say != REL_RULE_SAY_NOTHING)
				bench_die("a rule ended it");
		us = (double)(bench_ns() - began) / 1e3 / ROUNDS;
		best = us < best ? us : best;
	}
	return best;
}

static struct rel_case_words w;

static void
make_case(void)
{
	static const char *const values[][2] = {
		{ "user", "anna" }, { "queue", "office" },
		{ "device", "Hall" }, { "device-group", "Upstairs, Staff" },
		{ "application", "Microsoft Word 16" }, { "format", "pdf" },
		{ "media", "iso_a4_210x297mm" }, { "sides", "one-sided" },
		{ "pages", "500" }, { "colour-pages", "24" },
		{ "impressions", "500" }, { "copies", "2" },
		{ "document-size", "900k" }, { "cost", "2.40" },
		{ "money-left", "9" }, { "colour-left", "200" },
		{ "time", "10:15" }, { "day", "tue" }
	};
	static const char *group[GROUPS];
	static char names[GROUPS][24];
	struct rel_err err;

	rel_case_words_init(&w);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		if (rel_case_words_set(&w, values[i][0], values[i][1],
		    &err) < 0)
			bench_die(err.text);
	memset(title + 9, 'a', sizeof title - 10);
	w.c.title = title;
	for (unsigned i = 0; i < GROUPS; i++) {
		snprintf(names[i], sizeof names[i], "Group %u", 5000 + i);
		group[i] = names[i];
	}
	w.c.groups = group;
	w.c.ngroups = GROUPS;
	w.c.groups_known = true;
}

int
main(void)
{
	struct rel_rules *r;
	double ms, ignored, quiet, told, bad;

	make_case();
	for (unsigned i = 0; i < RULES; i++)
		add(kinds[i % KINDS], i);
	r = read_rules(&ms);
	quiet = once(r, &w.c, NULL);
	told = once(r, &w.c, see);
	rel_rules_free(&r);
	if (looked != 5 * ROUNDS * RULES || matched < looked / 50 ||
	    matched > looked / 2 || words < 10 * (size_t)looked)
		bench_die("not every rule was looked at");
	len = 0;
	for (unsigned i = 0; i < RULES; i++)
		add("when title \"*a*a*a*a*a*a*a*a*a?a*a*a*a*a*ab%u\" refuse "
		    "\"no\"", i);
	r = read_rules(&ignored);
	bad = once(r, &w.c, see);
	rel_rules_free(&r);
	printf("%.1f %.1f %.1f %.3f\n", quiet, told, bad, ms);
	return 0;
}
