/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/conf.h"

struct values {
	int64_t num, flag, time, size, choice;
	char text[REL_CONF_TEXT_MAX];
};

#define AT(member) offsetof(struct values, member)
static const struct rel_conf_item items[] = {
	{ "Num", REL_CONF_INT, AT(num), -5, 500, 0, NULL, "1", "" },
	{ "Flag", REL_CONF_BOOL, AT(flag), 0, 0, 0, NULL, "no", "" },
	{ "Time", REL_CONF_TIME, AT(time), 1000, 604800000, 1, NULL, "10s",
	    "" },
	{ "Size", REL_CONF_SIZE, AT(size), 10, INT64_MAX, 0, NULL, "10k", "" },
	{ "Choice", REL_CONF_CHOICE, AT(choice), 0, 0, 0, "red|green|blue",
	    "red", "" },
	{ "Text", REL_CONF_TEXT, AT(text), 1, 20, 0, NULL, "x", "" },
};
static const struct rel_conf_table table = {
	items, sizeof items / sizeof items[0]
};

static struct values v;
static struct rel_err err;

static int
parse(const char *text)
{
	memset(&err, 0, sizeof err);
	rel_conf_defaults(&table, &v);
	return rel_conf_parse(&table, &v, text, strlen(text), "t.conf",
	    &err);
}

UNIT(defaults_come_from_the_table)
{
	memset(&v, 0xff, sizeof v);
	rel_conf_defaults(&table, &v);
	assert_int_equal(1, v.num);
	assert_int_equal(0, v.flag);
	assert_int_equal(10000, v.time);
	assert_int_equal(10240, v.size);
	assert_int_equal(0, v.choice);
	assert_string_equal("x", v.text);
}

UNIT(every_type_is_read)
{
	assert_int_equal(0, parse("# a comment\n\n  num 7\nFLAG On\r\n"
	    "Time\t2h\nSize 3M  \nChoice Blue\n\tText two words\t \n   # x\n"));
	assert_int_equal(7, v.num);
	assert_int_equal(1, v.flag);
	assert_int_equal(7200000, v.time);
	assert_int_equal(3145728, v.size);
	assert_int_equal(2, v.choice);
	assert_string_equal("two words", v.text);
}

UNIT(units_and_words)
{
	static const struct {
		const char *line;
		int64_t *value;
		int64_t want;
	} t[] = {
		{ "Time 5", &v.time, 5000 }, { "Time 1s", &v.time, 1000 },
		{ "Time 2m", &v.time, 120000 }, { "Time 3H", &v.time, 10800000 },
		{ "Time 1d", &v.time, 86400000 },
		{ "Time 1w", &v.time, 604800000 }, { "Time 0", &v.time, 0 },
		{ "Size 10", &v.size, 10 }, { "Size 1k", &v.size, 1024 },
		{ "Size 1G", &v.size, 1073741824 },
		{ "Size 1t", &v.size, 1099511627776 },
		{ "Size 9223372036854775807", &v.size, INT64_MAX },
		{ "Flag yes", &v.flag, 1 }, { "Flag TRUE", &v.flag, 1 },
		{ "Flag off", &v.flag, 0 }, { "Flag false", &v.flag, 0 },
		{ "Num -5", &v.num, -5 }, { "Num 500", &v.num, 500 },
		{ "Choice green", &v.choice, 1 },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		if (parse(t[i].line) != 0)
			fail_msg("%s: %s", t[i].line, err.text);
		assert_true(*t[i].value == t[i].want);
	}
}

UNIT(what_is_wrong_is_said_with_its_line)
{
	static const struct {
		const char *text, *words;
	} t[] = {
		{ "Nmu 7", "t.conf:1: unknown directive \"Nmu\"" },
		{ "\n#\nNum 501", "t.conf:3: Num must be -5 to 500, not \"501\"" },
		{ "Num", "t.conf:1: Num takes a number, not \"\"" },
		{ "Num 7x", "t.conf:1: Num takes a number, not \"7x\"" },
		{ "Num 1\nnum 2", "t.conf:2: Num is given twice" },
		{ "Flag maybe", "t.conf:1: Flag takes yes or no, not " },
		{ "Time 5y", "t.conf:1: Time takes a time such as " },
		{ "Time 5ms", "t.conf:1: Time takes a time such as " },
		{ "Time -5", "t.conf:1: Time takes a time such as " },
		{ "Time 2w", "t.conf:1: Time must be 1s to 1w, or 0 for off, "
		    "not \"2w\"" },
		{ "Size 9", "t.conf:1: Size must be 10 to " },
		{ "Size 99999999999999t", "t.conf:1: Size takes a size " },
		{ "Size 9223372036854775808", "t.conf:1: Size takes a size " },
		{ "Time 9223372036854775807", "t.conf:1: Time takes a time " },
		{ "Choice pink", "t.conf:1: Choice takes one of "
		    "red|green|blue, not \"pink\"" },
		{ "Choice re", "t.conf:1: Choice takes one of " },
		{ "Text", "t.conf:1: Text must be 1 to 20 bytes, not " },
		{ "Text 123456789012345678901", "t.conf:1: Text must be " },
		{ "Text \xff", "t.conf:1: Text takes text, not \"?\"" },
		{ "Text a\x01", "t.conf:1: Text takes text, not \"a \"" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_int_not_equal(0, parse(t[i].text));
		assert_int_equal(REL_E_FORMAT, err.code);
		if (strncmp(err.text, t[i].words, strlen(t[i].words)) != 0)
			fail_msg("\"%s\" gives \"%s\"", t[i].text, err.text);
	}
}

UNIT(lines_that_are_no_text)
{
	static const char nul[] = "Num 7\nFl\0ag yes\n";
	char big[1100];

	rel_conf_defaults(&table, &v);
	assert_int_equal(-REL_E_FORMAT, rel_conf_parse(&table, &v, nul,
	    sizeof nul - 1, "t.conf", &err));
	assert_string_equal("t.conf:2: line too long or not text", err.text);
	memset(big, 'x', sizeof big);
	assert_int_equal(-REL_E_FORMAT, rel_conf_parse(&table, &v, big,
	    sizeof big, "t.conf", &err));
	assert_string_equal("t.conf:1: line too long or not text", err.text);
	big[0] = '#';
	assert_int_equal(0, rel_conf_parse(&table, &v, big, 1000,
	    "t.conf", &err));
}

UNIT(files)
{
	char path[] = "/tmp/test_conf.XXXXXX";
	int fd = mkstemp(path);
	char *big = calloc(1, 1u << 20);

	assert_true(fd >= 0);
	assert_non_null(big);
	assert_int_equal(6, write(fd, "Num 7\n", 6));
	rel_conf_defaults(&table, &v);
	assert_int_equal(0, rel_conf_read(&table, &v, path, &err));
	assert_int_equal(7, v.num);
	memset(big, '\n', 1u << 20);
	assert_int_equal(1 << 20, write(fd, big, 1u << 20));
	assert_int_equal(-REL_E_LIMIT,
	    rel_conf_read(&table, &v, path, &err));
	free(big);
	close(fd);
	unlink(path);
	assert_int_equal(-REL_E_NOTFOUND,
	    rel_conf_read(&table, &v, path, &err));
	assert_non_null(strstr(err.text, path));
	/* There, but not readable as a file, is not the same as absent. */
	assert_int_equal(-REL_E_IO,
	    rel_conf_read(&table, &v, "/tmp", &err));
	assert_int_equal(-REL_E_IO,
	    rel_conf_read(&table, &v, "/dev/null/x", &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(defaults_come_from_the_table),
		UNIT_RUN(every_type_is_read),
		UNIT_RUN(units_and_words),
		UNIT_RUN(what_is_wrong_is_said_with_its_line),
		UNIT_RUN(lines_that_are_no_text),
		UNIT_RUN(files),
	};

	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
