/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What cupsd hands the backend as text: backend/args.c. */
#include <stdio.h>
#include <string.h>

#include "backend/args.h"
#include "lib/text.h"
#include "tests/unit/unit.h"

/* ---- the PIN comes out and nothing of it stays */

static const struct {
	const char *in, *out, *pin, *scheme;
} secrets[] = {
	{ "job-password=1234", "", "1234", "" },
	{ "job-password=1234 sides=one-sided", "sides=one-sided", "1234", "" },
	{ "a=b job-password=1234 c=d", "a=b c=d", "1234", "" },
	{ "a=b job-password=1234", "a=b ", "1234", "" },
	{ "JOB-PASSWORD=0042 x=y", "x=y", "0042", "" },
	{ "job-password=1 job-password=2 x", "x", "2", "" },
	{ "job-password='12 34' x", "x", "12 34", "" },
	{ "job-password=\"12 34\" x", "x", "12 34", "" },
	{ "job-password=12\\ 34 x", "x", "12 34", "" },
	{ "job-password=12\\'34 x", "x", "12'34", "" },
	{ "job-password={1 2} x", "x", "{1 2}", "" },
	{ "job-password='12 34", "", "12 34", "" },
	{ "job-password={12 34", "", "{12 34", "" },
	{ "job-password=12\\", "", "12\\", "" },
	{ "job-password= x", "x", "", "" },
	{ "job-password x=y", "x=y", "", "" },
	{ "job-password=1234 job-password-encryption=none x", "x", "1234",
	    "none" },
	{ "job-password-encryption=sha2-256 job-password=ab x", "x", "6162",
	    "sha2-256" },
	{ "job-password=<00ff> job-password-encryption=md5", "", "00ff",
	    "md5" },
	{ "job-password=0123456789abcdef0123456789ABCDEF "
	    "job-password-encryption=md5", "",
	    "0123456789abcdef0123456789ABCDEF", "md5" },
	{ "job-passwordx=1 xjob-password=2", "job-passwordx=1 xjob-password=2",
	    "", "" },
	{ "t='a job-password=9 b' u", "t='a job-password=9 b' u", "", "" },
	{ "", "", "", "" },
	{ "   ", "   ", "", "" },
};

UNIT(take_secret)
{
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		char text[256], pin[256], scheme[32];

		snprintf(text, sizeof text, "%s", secrets[i].in);
		args_take_secret(text, pin, sizeof pin, scheme, sizeof scheme);
		assert_string_equal(text, secrets[i].out);
		assert_string_equal(pin, secrets[i].pin);
		assert_string_equal(scheme, secrets[i].scheme);
	}
}

/* The memory behind the shortened string is what the process list shows. */
UNIT(take_secret_wipes)
{
	char text[] = "sides=one-sided job-password=7391 x=y job-uuid=urn:u";
	size_t size = sizeof text;
	char pin[256], scheme[32];

	args_take_secret(text, pin, sizeof pin, scheme, sizeof scheme);
	assert_string_equal(pin, "7391");
	for (size_t i = 0; i + 4 <= size; i++)
		assert_true(memcmp(text + i, "7391", 4) != 0);
	for (size_t i = strlen(text); i < size; i++)
		assert_int_equal(text[i], 0);
}

UNIT(take_secret_too_long)
{
	char text[2000] = "job-password=", pin[256], scheme[32];

	memset(text + 13, '7', 1500);
	snprintf(text + 1513, sizeof text - 1513, " a=b");
	args_take_secret(text, pin, sizeof pin, scheme, sizeof scheme);
	assert_string_equal(text, "a=b");
	assert_int_equal(strlen(pin), 255);
}

/* ---- options */

UNIT(option)
{
	static const char text[] = "a=1 B='two words' c d=x\\ y nod a=2 "
	    "e=<4142> f=\xff\x01z";
	char out[16];

	assert_true(args_option(text, "a", out, sizeof out));
	assert_string_equal(out, "2");
	assert_true(args_option(text, "b", out, sizeof out));
	assert_string_equal(out, "two words");
	assert_true(args_option(text, "c", out, sizeof out));
	assert_string_equal(out, "true");
	assert_true(args_option(text, "d", out, sizeof out));
	assert_string_equal(out, "x y");
	assert_true(args_option(text, "e", out, sizeof out));
	assert_string_equal(out, "AB");
	assert_true(args_option(text, "f", out, sizeof out));
	assert_string_equal(out, "? z");
	assert_false(args_option(text, "g", out, sizeof out));
	assert_string_equal(out, "");
	assert_true(args_option("long=0123456789abcdefXYZ", "long", out,
	    sizeof out));
	assert_string_equal(out, "0123456789abcde");
}

UNIT(copy_options)
{
	char out[16];

	args_copy_options(out, sizeof out, "  a=1   b=2 ");
	assert_string_equal(out, "a=1 b=2");
	args_copy_options(out, sizeof out, "a=1 bb=2222222222222 c=3");
	assert_string_equal(out, "a=1 c=3");	/* whole options only */
	args_copy_options(out, sizeof out, "a=\xc3\xa4 b=\xff");
	assert_string_equal(out, "a=\xc3\xa4 b=?");
	args_copy_options(out, sizeof out, "a=\001b");
	assert_string_equal(out, "a= b");
}

/* ---- document number, format */

UNIT(document)
{
	assert_int_equal(args_document("/var/spool/cups/d00012-001"), 1);
	assert_int_equal(args_document("/var/spool/cups/d00012-017"), 17);
	assert_int_equal(args_document("d123456-1000"), 1000);
	assert_int_equal(args_document("/var/spool/cups/d00012-000"), 0);
	assert_int_equal(args_document("/var/spool/cups/c00012"), 0);
	assert_int_equal(args_document("/tmp/my-file"), 0);
	assert_int_equal(args_document("/tmp/d-x"), 0);
	assert_int_equal(args_document("d1-99999999999999999999"), 0);
	assert_int_equal(args_document(""), 0);
}

UNIT(format)
{
	static const struct {
		const char *final_type, *type, *want;
	} t[] = {
		{ "application/pdf", "text/plain", "application/pdf" },
		{ NULL, "application/pdf", "application/pdf" },
		{ NULL, "application/vnd.cups-raw",
		    "application/octet-stream" },
		{ "application/vnd.cups-raster", "application/pdf",
		    "application/octet-stream" },
		{ "application/vnd.cups-postscript", "application/pdf",
		    "application/postscript" },
		{ "application/vnd.cups-pdf", "image/png", "application/pdf" },
		{ "printer/pcl", "image/png", "application/octet-stream" },
		{ "nonsense", NULL, "application/octet-stream" },
		{ NULL, NULL, "application/octet-stream" },
	};
	char out[128];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		args_format(out, sizeof out, t[i].final_type, t[i].type);
		assert_string_equal(out, t[i].want);
	}
}

UNIT(check_format)
{
	char out[128] = "application/pdf";

	args_check_format(out, sizeof out, (const uint8_t *)"%PDF-1.7", 8);
	assert_string_equal(out, "application/pdf");
	args_check_format(out, sizeof out, (const uint8_t *)"\033%-12345X", 9);
	assert_string_equal(out, "application/octet-stream");
	snprintf(out, sizeof out, "application/postscript");
	args_check_format(out, sizeof out, (const uint8_t *)"%", 1);
	assert_string_equal(out, "application/octet-stream");
	snprintf(out, sizeof out, "image/pwg-raster");
	args_check_format(out, sizeof out, NULL, 0);
	assert_string_equal(out, "image/pwg-raster");
}

/* ---- copies: each row was seen with cupsd 2.4.2 and lp -n 3 */

#define FILTERED(what, data) \
	{ .argv = "3", .options = "", .final_type = true, \
	    .head = (const uint8_t *)(data), .head_len = sizeof(data) - 1 }

UNIT(copies)
{
	static const struct {
		struct args_copies c;
		uint32_t want;
	} t[] = {
		/* raw queue, or a PDF nobody touched */
		{ { .argv = "3", .options = "", .from_file = true }, 3 },
		/* raw queue with two files: gziptoany repeats them */
		{ { .argv = "3", .options = "" }, 1 },
		/* text on a release queue */
		{ FILTERED("texttopdf", "%PDF-1.7\n"), 3 },
		/* rastertohp */
		{ FILTERED("pcl", "\033E\033&l6D\033&k12H\033&l0O\033&l3X"
		    "\033&l0S"), 1 },
		{ FILTERED("pcl", "\033E\033&l1X\033*t300R"), 3 },
		{ FILTERED("pcl", "\033E\033&l0o2a3X"), 1 },
		{ FILTERED("pcl", "\033E"), 3 },
		/* pdftops */
		{ FILTERED("ps", "%!PS-Adobe-3.0\n%%Requirements: "
		    "numcopies(3)\n"), 1 },
		{ FILTERED("ps", "%!PS-Adobe-3.0\ndup/Context get/NumCopies"
		    "//knownget exec{\n"), 3 },
		{ FILTERED("ps", "%!PS-Adobe-3.0\n/#copies 3 def\n"), 1 },
		{ FILTERED("ps", "%!PS-Adobe-3.0\nuserdict /#copies known\n"),
		    3 },
		/* PJL says it, or not */
		{ FILTERED("pjl", "\033%-12345X@PJL\n@PJL SET COPIES=3\n"
		    "%PDF-1.7"), 1 },
		{ FILTERED("pjl", "\033%-12345X@PJL\n%PDF-1.7"), 3 },
		/* CUPS raster and what nobody knows */
		{ FILTERED("ras", "3SaR"), 1 },
		{ FILTERED("none", ""), 1 },
		/* PCL XL of another driver than gstopxl */
		{ FILTERED("pxl", "@PJL ENTER LANGUAGE=PCLXL\n) HP-PCL XL;2"),
		    1 },
		/* bounds and nonsense */
		{ { .argv = "0", .options = "", .from_file = true }, 1 },
		{ { .argv = "-3", .options = "", .from_file = true }, 1 },
		{ { .argv = "x", .options = "", .from_file = true }, 1 },
		{ { .argv = "99999", .options = "", .from_file = true }, 999 },
		{ { .argv = "1", .options = "copies=4", .from_file = true },
		    4 },
		{ { .argv = "1", .options = "copies=", .from_file = true }, 1 },
		{ { .argv = "3", .options = "", .from_file = true,
		    .job_sheet = true }, 1 },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_int_equal(args_copies(&t[i].c), t[i].want);
}

UNIT(copies_by_driver)
{
	struct args_copies pxl = FILTERED("pxl", "\033%-12345X@PJL ENTER "
	    "LANGUAGE=PCLXL\n) HP-PCL XL;2;0");
	struct args_copies pdf = FILTERED("pdf", "%PDF-1.7\n");

	pxl.ppd_pxl = true;		/* gstopxl forgets them */
	assert_int_equal(args_copies(&pxl), 3);
	pdf.ppd_manual = true;		/* pdftopdf repeats the pages */
	assert_int_equal(args_copies(&pdf), 1);
}

UNIT(ppd)
{
	static const char text[] = "*PPD-Adobe: \"4.3\"\n"
	    "*cupsManualCopies: True\n*% *cupsSingleFile: True\n"
	    "*cupsFilter:\t\"application/vnd.cups-pdf 0 gstopxl\"\n";
	struct args_ppd p;

	args_scan_ppd(&p, text, sizeof text - 1);
	assert_true(p.manual_copies);
	assert_false(p.single_file);
	assert_true(p.pxl);
	args_scan_ppd(&p, "*cupsSingleFile: True", 21);
	assert_true(p.single_file);
	assert_false(p.manual_copies);
	args_scan_ppd(&p, "", 0);
	assert_false(p.single_file);
	args_read_ppd(&p, "/nonexistent/x.ppd");
	assert_false(p.manual_copies || p.single_file || p.pxl);
}

UNIT(facts_are_believed_only_behind_the_filter)
{
	static const struct {
		const char *ppd, *type;
		bool believed;
	} t[] = {
		{ "*cupsFilter2: \"application/pdf application/pdf 0 "
		    "pdftorelease\"\n", "application/pdf", true },
		{ "*cupsFilter2: \"a/b c/d 0 pdftorelease\"\n",
		    "text/plain", true },
		{ "*cupsFilter2: \"a/b c/d 0 pdftorelease\"\n",
		    "application/vnd.cups-raw", false },
		{ "*cupsFilter2: \"a/b c/d 0 pdftorelease\"\n",
		    "application/octet-stream", false },
		{ "*cupsFilter2: \"a/b c/d 0 pdftorelease\"\n", "", false },
		{ "*cupsFilter2: \"a/b c/d 0 pdftorelease\"\n", NULL, false },
		{ "*cupsFilter2: \"a/b c/d 0 -\"\n", "application/pdf",
		    false },
		{ "", "application/pdf", false },
		{ "*% pdftorelease\n", "application/pdf", false },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct args_ppd ppd;

		args_scan_ppd(&ppd, t[i].ppd, strlen(t[i].ppd));
		if (args_has_facts(&ppd, t[i].type) != t[i].believed)
			fail_msg("case %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(take_secret),
		UNIT_RUN(facts_are_believed_only_behind_the_filter), UNIT_RUN(take_secret_wipes),
		UNIT_RUN(take_secret_too_long), UNIT_RUN(option),
		UNIT_RUN(copy_options), UNIT_RUN(document), UNIT_RUN(format),
		UNIT_RUN(check_format), UNIT_RUN(copies),
		UNIT_RUN(copies_by_driver), UNIT_RUN(ppd)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
