/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* CUPS's header and trailer around our pages. */
#include "tests/unit/unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgi/cgi.h"

static char folder[] = "/tmp/test_frame_tmpl.XXXXXX";

static void
file_put(const char *name, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof path, "%s/templates/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static char *
header(const char *title)
{
	struct rel_err err;
	struct rel_buf b;

	rel_buf_init(&b);
	assert_int_equal(0, frame_header(&b, title, &err));
	rel_put_u8(&b, 0);
	return (char *)b.data;
}

static int
setup(void **state)
{
	char path[200];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/templates", folder);
	assert_int_equal(0, mkdir(path, 0755));
	setenv("CUPS_DATADIR", folder, 1);
	return 0;
}

static int
teardown(void **state)
{
	char path[200];

	(void)state;
	snprintf(path, sizeof path, "%s/templates/header.tmpl", folder);
	unlink(path);
	snprintf(path, sizeof path, "%s/templates", folder);
	rmdir(path);
	return rmdir(folder);
}

static void
words_of_cups(void **state)
{
	char *text;

	(void)state;
	file_put("header.tmpl", "{title}|{refresh_page?<m {refresh_page}>:}|"
	    "{SECTION=release?on:off}|{SECTION=jobs?on:off}|{title?T {title}:}|"
	    "{nothing}|{SECTION=jobs?{title?a:b}:{title?c:d}}|open {brace");
	text = header("<x>&");
	assert_string_equal("&lt;x&gt;&amp;||on|off|T &lt;x&gt;&amp;||c|"
	    "open {brace", text);
	free(text);
}

static void
strict(void **state)
{
	char *text;

	(void)state;
	file_put("header.tmpl", "<html>\n<head>\n<style>html{{display:none}"
	    "</style><SCRIPT type=\"x\">bad()</SCRIPT></head><body "
	    "onload=\"bad()\"><div class=\"cups-header\"></div>"
	    "<div class=\"cups-body\"><h1>{title}</h1>");
	text = header("Jobs");
	assert_non_null(strstr(text, "<html lang=\"en\">"));
	assert_non_null(strstr(text, "Content-Security-Policy"));
	assert_non_null(strstr(text, "role=\"main\"><h1>Jobs</h1>"));
	assert_non_null(strstr(text, "/release/static/release.js"));
	assert_null(strstr(text, "bad()"));
	assert_null(strstr(text, "onload"));
	assert_null(strstr(text, "<style"));
	/* Before anything that it could stop. */
	assert_true(strstr(text, "Content-Security-Policy") <
	    strstr(text, "<script"));
	free(text);
}

static void
without_cups(void **state)
{
	char *text;

	(void)state;
	setenv("CUPS_DATADIR", "/nonexistent", 1);
	text = header("A & B");
	assert_non_null(strstr(text, "<h1>A &amp; B</h1>"));
	setenv("CUPS_DATADIR", folder, 1);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_cups),
		cmocka_unit_test(strict),
		cmocka_unit_test(without_cups)
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
