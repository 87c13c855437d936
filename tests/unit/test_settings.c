/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The table of releaserd.conf: each line of settings.def is tried. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "releaserd/settings.h"

#define NUM 0
#define TEXT 0
static const struct rel_conf_item items[] = {
#define SETTING(member, ctype, name, type, min, max, off, choices, def, help) \
	{ name, type, offsetof(struct settings, member), min, max, off, \
	    choices, def, help },
#include "releaserd/settings.def"
#undef SETTING
};
#define ITEMS (sizeof items / sizeof items[0])

static struct settings set;
static struct rel_err err;

static int
parse(const char *text)
{
	memset(&err, 0, sizeof err);
	return settings_parse(&set, text, strlen(text), "releaserd.conf",
	    &err);
}

static int64_t
number(const struct rel_conf_item *it)
{
	int64_t v;

	memcpy(&v, (const char *)&set + it->offset, sizeof v);
	return v;
}

/* "Name value" read alone: 0 or the error. */
static int
one(const struct rel_conf_item *it, const char *value)
{
	char line[600];

	snprintf(line, sizeof line, "%s %s\n", it->name, value);
	return parse(line);
}

UNIT(defaults_that_people_are_told)
{
	settings_defaults(&set);
	assert_int_equal(443, set.https_port);
	assert_int_equal(10443, set.https_fallback);
	assert_int_equal(86400000, set.job_expiry_ms);
	assert_int_equal(86400000, set.confidential_expiry_ms);
	assert_int_equal(0, set.wrong_pin_limit);
	assert_int_equal(3, set.login_failures);
	assert_int_equal(300000, set.login_window_ms);
	assert_int_equal(300000, set.lockout_ms);
	assert_int_equal(1, set.jail);
	assert_int_equal(1, set.strip_realm);
	assert_int_equal(2, set.card_limit);
	assert_string_equal("release", set.core_user);
	assert_string_equal("release-net", set.net_user);
	assert_string_equal(REL_SPOOLDIR, set.spool_dir);
}

UNIT(every_default_is_a_value_the_file_may_have)
{
	struct settings plain;

	settings_defaults(&plain);
	for (size_t i = 0; i < ITEMS; i++) {
		if (one(&items[i], items[i].def) != 0)
			fail_msg("%s: %s", items[i].name, err.text);
		assert_memory_equal(&plain, &set, sizeof set);
	}
}

/* Both bounds are taken, and the number beyond each is not. */
static void
try_bounds(const struct rel_conf_item *it)
{
	const int time = it->type == REL_CONF_TIME;
	const int64_t unit = time ? 1000 : 1;
	char text[40];

	snprintf(text, sizeof text, "%lld", (long long)(it->min / unit));
	assert_int_equal(0, one(it, text));
	assert_true(number(it) == it->min);
	snprintf(text, sizeof text, "%lld", (long long)(it->max / unit));
	assert_int_equal(0, one(it, text));
	assert_true(number(it) == it->max / unit * unit);
	if (it->max < INT64_MAX) {
		snprintf(text, sizeof text, "%lld",
		    (long long)(it->max / unit + 1));
		assert_int_equal(-REL_E_FORMAT, one(it, text));
	}
	if (it->min - unit > 0 || (it->min == unit && !it->zero_off)) {
		snprintf(text, sizeof text, "%lld",
		    (long long)(it->min / unit - 1));
		assert_int_equal(-REL_E_FORMAT, one(it, text));
	}
	assert_int_equal(it->zero_off || it->min <= 0 ? 0 : -REL_E_FORMAT,
	    one(it, "0"));
	assert_int_equal(-REL_E_FORMAT, one(it, "many"));
	assert_int_equal(-REL_E_FORMAT, one(it, "-1"));
	assert_int_equal(-REL_E_FORMAT, one(it, ""));
}

/* Some of the words, in any order; no other. */
static void
try_words(const struct rel_conf_item *it)
{
	char words[100], text[120];
	size_t n = strcspn(it->choices, "|");

	snprintf(words, sizeof words, "%s", it->choices);
	for (char *s = words; *s != '\0'; s++)
		if (*s == '|')
			*s = ' ';
	assert_int_equal(0, one(it, words));
	assert_string_equal(words, (const char *)&set + it->offset);
	snprintf(text, sizeof text, "%.*s", (int)n, it->choices);
	assert_int_equal(0, one(it, text));
	snprintf(text, sizeof text, "%.*s  nonsense", (int)n, it->choices);
	assert_int_equal(-REL_E_FORMAT, one(it, text));
	assert_int_equal(-REL_E_FORMAT, one(it, it->choices));
	assert_int_equal(-REL_E_FORMAT, one(it, ""));
}

static void
try_text(const struct rel_conf_item *it)
{
	char big[REL_CONF_TEXT_MAX + 1];

	if (it->choices != NULL) {
		try_words(it);
		return;
	}
	assert_true(it->max < REL_CONF_TEXT_MAX);
	memset(big, 'x', sizeof big);
	big[it->max] = '\0';
	assert_int_equal(0, one(it, big));
	assert_string_equal(big, (const char *)&set + it->offset);
	big[it->max] = 'x';
	big[it->max + 1] = '\0';
	assert_int_equal(-REL_E_FORMAT, one(it, big));
	assert_int_equal(it->min > 0 ? -REL_E_FORMAT : 0, one(it, ""));
}

static void
try_choices(const struct rel_conf_item *it)
{
	char words[100], *word, *rest = words;
	int64_t at = 0;

	snprintf(words, sizeof words, "%s", it->choices);
	while ((word = strsep(&rest, "|")) != NULL) {
		assert_int_equal(0, one(it, word));
		assert_true(number(it) == at);
		at++;
	}
	assert_true(at >= 2);
	assert_int_equal(-REL_E_FORMAT, one(it, "none-of-these"));
}

UNIT(every_directive_is_read_within_its_bounds)
{
	for (size_t i = 0; i < ITEMS; i++) {
		switch (items[i].type) {
		case REL_CONF_TEXT:
			try_text(&items[i]);
			break;
		case REL_CONF_CHOICE:
			try_choices(&items[i]);
			break;
		case REL_CONF_BOOL:
			assert_int_equal(0, one(&items[i], "no"));
			assert_int_equal(0, number(&items[i]));
			assert_int_equal(0, one(&items[i], "yes"));
			assert_int_equal(1, number(&items[i]));
			assert_int_equal(-REL_E_FORMAT, one(&items[i], "2"));
			break;
		default:
			try_bounds(&items[i]);
			break;
		}
	}
}

UNIT(every_directive_given_twice_is_named_with_its_line)
{
	for (size_t i = 0; i < ITEMS; i++) {
		char text[700], want[100];

		snprintf(text, sizeof text, "# x\n%s %s\n\n%s %s\n",
		    items[i].name, items[i].def, items[i].name, items[i].def);
		snprintf(want, sizeof want,
		    "releaserd.conf:4: %s is given twice", items[i].name);
		assert_int_equal(-REL_E_FORMAT, parse(text));
		assert_string_equal(want, err.text);
	}
}

UNIT(names_are_there_once_and_explained)
{
	for (size_t i = 0; i < ITEMS; i++) {
		assert_true(strlen(items[i].help) > 10);
		for (size_t k = 0; k < i; k++)
			assert_true(strcmp(items[i].name, items[k].name) != 0);
	}
}

UNIT(figures_of_the_product)
{
	/* Own expiry from 1 hour to 1 week, wrong-PIN limit off or 2..10. */
	assert_int_equal(0, parse("ConfidentialExpiry 1h"));
	assert_int_equal(0, parse("ConfidentialExpiry 1w"));
	assert_int_not_equal(0, parse("ConfidentialExpiry 59m"));
	assert_int_not_equal(0, parse("ConfidentialExpiry 8d"));
	assert_int_not_equal(0, parse("WrongPinLimit 1"));
	assert_int_equal(0, parse("WrongPinLimit 2"));
	assert_int_equal(0, parse("WrongPinLimit 0"));
	assert_int_not_equal(0, parse("WrongPinLimit 11"));
	assert_int_equal(0, parse("PanelTimeout 900s"));
	assert_int_not_equal(0, parse("PanelTimeout 901"));
}

UNIT(when_a_change_takes_effect)
{
	struct settings old;

	settings_defaults(&old);
	assert_int_equal(0, parse(""));
	for (int e = EFFECT_NOW; e <= EFFECT_START; e++)
		assert_null(settings_differ(&old, &set,
		    (enum settings_effect)e));
	assert_int_equal(0, parse("JobExpiry 2d\nLogLevel debug\n"));
	assert_null(settings_differ(&old, &set, EFFECT_START));
	assert_string_equal("JobExpiry",
	    settings_differ(&old, &set, EFFECT_NOW));
	assert_int_equal(0, parse("HttpsPort 8443"));
	assert_string_equal("HttpsPort",
	    settings_differ(&old, &set, EFFECT_PORTS));
	assert_int_equal(0, parse("NetProcesses 3"));
	assert_string_equal("NetProcesses",
	    settings_differ(&old, &set, EFFECT_PROCESSES));
	assert_int_equal(0, parse("SpoolDir /elsewhere"));
	assert_string_equal("SpoolDir",
	    settings_differ(&old, &set, EFFECT_START));
}

UNIT(settings_are_found_by_name)
{
	for (size_t i = 0; i < ITEMS; i++)
		assert_int_equal((int)i, settings_find(items[i].name));
	assert_int_equal(settings_find("HttpsPort"),
	    settings_find("httpsport"));
	assert_int_equal(-1, settings_find("NoSuchThing"));
	assert_int_equal(-1, settings_find(""));
}

/* What is shown of a value is a value the file may have, and the same. */
UNIT(every_value_can_be_shown_and_read_again)
{
	struct settings was;
	char text[REL_CONF_TEXT_MAX];

	settings_defaults(&was);
	for (size_t i = 0; i < ITEMS; i++) {
		rel_conf_text(&items[i], &was, text);
		if (one(&items[i], text) != 0)
			fail_msg("%s %s: %s", items[i].name, text, err.text);
		assert_true(rel_conf_same(&items[i], &was, &set));
	}
	assert_int_equal(0, parse("JobExpiry 90m\nMaxJobSize 1536k\n"
	    "UnknownUsers REFUSE\nStripRealm off\nHttpsPort 0\n"));
	rel_conf_text(&items[settings_find("JobExpiry")], &set, text);
	assert_string_equal("90m", text);
	rel_conf_text(&items[settings_find("MaxJobSize")], &set, text);
	assert_string_equal("1536k", text);
	rel_conf_text(&items[settings_find("UnknownUsers")], &set, text);
	assert_string_equal("refuse", text);
	rel_conf_text(&items[settings_find("StripRealm")], &set, text);
	assert_string_equal("no", text);
	rel_conf_text(&items[settings_find("HttpsPort")], &set, text);
	assert_string_equal("0", text);
}

UNIT(a_missing_file_is_said)
{
	assert_int_equal(-REL_E_NOTFOUND,
	    settings_read(&set, "/nonexistent/releaserd.conf", &err));
	assert_non_null(strstr(err.text, "/nonexistent/releaserd.conf"));
	/* Whoever goes on without a file has the defaults. */
	assert_int_equal(443, set.https_port);
}

UNIT(the_manual_names_every_directive)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	settings_manual(f);
	fclose(f);
	for (size_t i = 0; i < ITEMS; i++) {
		char want[100];

		snprintf(want, sizeof want, ".It Ic %s Ar ", items[i].name);
		assert_non_null(strstr(text, want));
	}
	assert_true(rel_utf8_ok(text, n));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(defaults_that_people_are_told),
		UNIT_RUN(every_default_is_a_value_the_file_may_have),
		UNIT_RUN(every_directive_is_read_within_its_bounds),
		UNIT_RUN(every_directive_given_twice_is_named_with_its_line),
		UNIT_RUN(names_are_there_once_and_explained),
		UNIT_RUN(figures_of_the_product),
		UNIT_RUN(when_a_change_takes_effect),
		UNIT_RUN(settings_are_found_by_name),
		UNIT_RUN(every_value_can_be_shown_and_read_again),
		UNIT_RUN(a_missing_file_is_said),
		UNIT_RUN(the_manual_names_every_directive),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
