/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <string.h>

#include "tests/opsim/lpdwire.h"

UNIT(first_lines)
{
	static const struct {
		const char *line;
		enum lpd_command command;
		const char *queue;
	} t[] = {
		{ "\2lp", LPD_RECEIVE, "lp" },
		{ "\1lp", LPD_START, "lp" },
		{ "\3lp job1 7", LPD_SHORT, "lp" },
		{ "\4lp", LPD_LONG, "lp" },
		{ "\5lp root 12", LPD_REMOVE, "lp" },
		{ "\2", LPD_BAD, "" }, { "", LPD_BAD, "" },
		{ "\2 lp", LPD_BAD, "" }, { "\6lp", LPD_BAD, "" },
		{ "GET / HTTP/1.1\r", LPD_BAD, "" },
	};
	struct lpd_first f;
	char longest[400];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		lpd_first_parse(&f, t[i].line, strlen(t[i].line));
		assert_int_equal(f.command, t[i].command);
		assert_string_equal(f.queue, t[i].queue);
	}
	memset(longest, 'q', sizeof longest);
	longest[0] = 2;
	lpd_first_parse(&f, longest, 256);
	assert_int_equal(f.command, LPD_RECEIVE);
	lpd_first_parse(&f, longest, 257);
	assert_int_equal(f.command, LPD_BAD);
	lpd_first_parse(&f, "\2l\0p", 4);
	assert_int_equal(f.command, LPD_BAD);
}

UNIT(second_lines)
{
	static const struct {
		const char *line;
		enum lpd_sub sub;
		uint64_t bytes;
	} t[] = {
		{ "\2" "123 cfA001host", LPD_SUB_CONTROL, 123 },
		{ "\3" "4294967297 dfA001host", LPD_SUB_DATA, 4294967297u },
		{ "\3" "0 dfA001host", LPD_SUB_DATA, 0 },
		{ "\1", LPD_SUB_ABORT, 0 },
		{ "\2", LPD_SUB_BAD, 0 }, { "\2" "12", LPD_SUB_BAD, 0 },
		{ "\2" "12 ", LPD_SUB_BAD, 0 },
		{ "\2 12 cfA", LPD_SUB_BAD, 0 },
		{ "\2-1 cfA", LPD_SUB_BAD, 0 },
		{ "\2" "12x cfA", LPD_SUB_BAD, 0 },
		{ "\3" "99999999999999999999 dfA", LPD_SUB_BAD, 0 },
		{ "\4" "12 dfA", LPD_SUB_BAD, 0 },
	};
	struct lpd_second s;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		lpd_second_parse(&s, t[i].line, strlen(t[i].line));
		assert_int_equal(s.sub, t[i].sub);
		if (s.sub != LPD_SUB_BAD)
			assert_int_equal(s.bytes, t[i].bytes);
	}
}

UNIT(control_files)
{
	static const char cf[] = "Hpc7\nPanna\nJOP7K3QX9M2TA Bericht\n"
	    "ldfA001pc7\nldfA001pc7\nUdfA001pc7\nNBericht.pdf\n";
	struct lpd_control c;

	assert_true(lpd_control_parse(&c, cf, sizeof cf - 1));
	assert_string_equal(c.host, "pc7");
	assert_string_equal(c.user, "anna");
	assert_string_equal(c.name, "OP7K3QX9M2TA Bericht");
	assert_string_equal(c.ref, "7K3QX9M2TA");
	assert_string_equal(c.title, "Bericht");
	assert_string_equal(c.file, "Bericht.pdf");
	assert_int_equal(c.copies, 2);
}

UNIT(references)
{
	static const struct {
		const char *cf, *ref, *title;
	} t[] = {
		{ "JOP7K3QX9M2TA\n", "7K3QX9M2TA", "" },
		{ "JOP7K3QX9M2TA  x\n", "7K3QX9M2TA", " x" },
		{ "JOP7K3QX9M2T\n", "", "OP7K3QX9M2T" },
		{ "JOP7K3QX9M2TAB x\n", "", "OP7K3QX9M2TAB x" },
		{ "JOP7K3QX9M2TU x\n", "", "OP7K3QX9M2TU x" },
		{ "Jop7K3QX9M2TA x\n", "", "op7K3QX9M2TA x" },
		{ "J\n", "", "" }, { "Hh\n", "", "" },
	};
	struct lpd_control c;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_true(lpd_control_parse(&c, t[i].cf, strlen(t[i].cf)));
		assert_string_equal(c.ref, t[i].ref);
		assert_string_equal(c.title, t[i].title);
		assert_int_equal(c.copies, 1);
	}
}

UNIT(bad_control_files)
{
	struct lpd_control c;
	char longest[600];

	assert_false(lpd_control_parse(&c, "", 0));
	assert_false(lpd_control_parse(&c, "Hpc7", 4));
	assert_false(lpd_control_parse(&c, "Hp\0c\n", 5));
	memset(longest, 'J', sizeof longest);
	longest[510] = '\n';
	assert_true(lpd_control_parse(&c, longest, 511));
	memset(longest, 'J', sizeof longest);
	longest[511] = '\n';
	assert_false(lpd_control_parse(&c, longest, 512));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(first_lines), UNIT_RUN(second_lines),
		UNIT_RUN(control_files), UNIT_RUN(references),
		UNIT_RUN(bad_control_files)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
