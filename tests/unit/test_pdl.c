/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What wraps a document (UEL, PJL), how its language is found out, and the
 * languages that are small: text, ZPL, JPEG, TIFF, PostScript, unknown ones.
 */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/pdl_fixture.h"

#define UEL "\033%-12345X"
#define PCL3 "\033Eone\ftwo\fthree\f\033E"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define E3 REL_SURE_EXACT, 3, 3, 1, 3

UNIT(pjl)
{
	static const struct sample all[] = {
		{ "bare", BYTES(PCL3), { "pcl", E3, 0, 2, NULL } },
		{ "uel", BYTES(UEL PCL3 UEL), { "pcl", E3, 0, 2, NULL } },
		{ "language", BYTES(UEL "@PJL\r\n@PJL ENTER LANGUAGE = PCL\r\n"
		    PCL3 UEL), { "pcl", E3, 0, 2, NULL } },
		{ "lower case, no blanks", BYTES(UEL "@PJL\n"
		    "@PJL enter language=pcl\n" PCL3),
		    { "pcl", E3, 0, 2, NULL } },
		{ "copies", BYTES(UEL "@PJL SET COPIES=4\r\n" PCL3 UEL),
		    { "pcl", REL_SURE_EXACT, 3, 3, 4, 12, 0, 2, NULL } },
		{ "qty", BYTES(UEL "@PJL SET QTY = 2\r\n" PCL3 UEL),
		    { "pcl", REL_SURE_EXACT, 3, 3, 2, 6, 0, 2, NULL } },
		{ "copies 0", BYTES(UEL "@PJL SET COPIES=0\r\n" PCL3 UEL),
		    { "pcl", E3, 0, 2, NULL } },
		{ "copies of nobody", BYTES(UEL "@PJL SET COPIES=abc\r\n"
		    PCL3 UEL), { "pcl", E3, 0, 2, NULL } },
		{ "not set", BYTES(UEL "@PJL COMMENT COPIES=9\r\n" PCL3 UEL),
		    { "pcl", E3, 0, 2, NULL } },
		{ "duplex", BYTES(UEL "@PJL SET DUPLEX=ON\r\n" PCL3 UEL),
		    { "pcl", REL_SURE_EXACT, 3, 2, 1, 3, REL_DUPLEX_LONG, 2,
		    NULL } },
		{ "binding", BYTES(UEL "@PJL SET DUPLEX=ON\r\n"
		    "@PJL SET BINDING=SHORTEDGE\r\n" PCL3 UEL),
		    { "pcl", REL_SURE_EXACT, 3, 2, 1, 3, REL_DUPLEX_SHORT, 2,
		    NULL } },
		{ "off", BYTES(UEL "@PJL SET DUPLEX=OFF\r\n"
		    "@PJL SET BINDING=SHORTEDGE\r\n" PCL3 UEL),
		    { "pcl", E3, REL_DUPLEX_NONE, 2, NULL } },
		{ "unknown", BYTES(UEL "@PJL ENTER LANGUAGE=QPDX\n" PCL3 UEL),
		    { "QPDX", REL_SURE_UNKNOWN, 0, 0, 1, 0, 0, 0, NULL } },
		{ "unknown, copies", BYTES(UEL "@PJL SET COPIES=5\n"
		    "@PJL ENTER LANGUAGE=QPDX\n" PCL3 UEL),
		    { "QPDX", REL_SURE_UNKNOWN, 0, 0, 5, 0, 0, 0, NULL } },
		{ "no UTF-8", BYTES(UEL "@PJL ENTER LANGUAGE=\xff\xfe\n" PCL3),
		    { "pcl", E3, 0, 2, NULL } },
		{ "gray", BYTES(UEL "@PJL SET RENDERMODE=GRAYSCALE\n"
		    "\033E\033*r3U\033*b1Wx\f"),
		    { "pcl", REL_SURE_EXACT, 1, 1, 1, 1, 0, 2, NULL } },
	};

	pdl_check_all(all, COUNT(all));
}

UNIT(what_it_was_made_with)
{
	static const struct {
		const char *data, *name, *producer;
		enum rel_app_from from;
	} t[] = {
		{ "%!PS-Adobe-3.0\n%%Creator: groff version 1.22.4\n%%Page: 1 "
		    "1\n", "groff version 1.22.4", "", REL_APP_POSTSCRIPT },
		{ "%!PS-Adobe-3.0\r%%Creator:(Wri\\(t\\)er) \r%%Page: 1 1\r",
		    "Wri(t)er", "", REL_APP_POSTSCRIPT },
		{ "%!PS\n%%Creator: (atend)\n%%Trailer\n%%Creator: Late\n",
		    "Late", "", REL_APP_POSTSCRIPT },
		{ "%!PS-Adobe-3.0\n%%BeginDocument: x\n%%Creator: Inner\n"
		    "%%EndDocument\n%%Creator: Outer\n", "Outer", "",
		    REL_APP_POSTSCRIPT },
		{ "%!PS-Adobe-3.0\n%%Title: (Microsoft Word - x)\n%%Creator: "
		    "PScript5.dll Version 5.2.2\n", "Microsoft Word",
		    "PScript5.dll Version 5.2.2", REL_APP_TITLE },
		{ "%!PS-Adobe-3.0\n%%Creator:\n%%Creator: (\n", "(", "",
		    REL_APP_POSTSCRIPT },
		{ UEL "@PJL SET JOBATTR=\"JobAcct6=Adobe Acrobat \"\r\n"
		    "@PJL SET JOBATTR=\"JobAcct7=AcroRd32.exe\"\r\n"
		    "@PJL ENTER LANGUAGE=PCL\r\n\033Ex\f", "Adobe Acrobat", "",
		    REL_APP_PJL },
		{ UEL "@PJL SET JOBATTR = \"JobAcct6=Spooler SubSystem App"
		    "\"\n@PJL SET JOBATTR = \"JobAcct7=WINWORD.EXE\"\n\033Ex",
		    "WINWORD.EXE", "Spooler SubSystem App", REL_APP_PJL },
		{ UEL "@PJL SET JOBATTR=\"JobAcct7=my salary\"\n\033Ex",
		    "", "", REL_APP_NOBODY },
		{ UEL "@PJL JOB NAME = \"Microsoft Excel - x; y\"\n"
		    "\033Ex", "Microsoft Excel", "", REL_APP_TITLE },
		{ UEL "@PJL SET JOBNAME=\"x.txt - Notepad\"\n\033Ex",
		    "Notepad", "", REL_APP_TITLE },
		{ UEL "@PJL COMMENT \"Username: h; App Filename: Microsoft "
		    "Word - x.doc; 11-22-2002\"\n\033Ex", "Microsoft Word", "",
		    REL_APP_TITLE },
		{ UEL "@PJL COMMENT JobAcct6=\n\033Ex", "", "",
		    REL_APP_NOBODY },
		{ "\033E@PJL SET JOBATTR=\"JobAcct6=on the page\"\n\f", "", "",
		    REL_APP_NOBODY },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct rel_facts f;

		pdl_facts(t[i].data, strlen(t[i].data), &f);
		assert_string_equal(t[i].name, f.app.name);
		assert_string_equal(t[i].producer, f.app.producer);
		assert_int_equal(t[i].from, f.app.from);
		pdl_check_cut(t[i].data, strlen(t[i].data));
	}
}

UNIT(several_jobs)
{
	static const char ends[] = UEL "@PJL ENTER LANGUAGE=PCL\n" PCL3 UEL
	    "@PJL EOJ\n" UEL;
	static const struct sample all[] = {
		{ "end", BYTES(ends), { "pcl", E3, 0, 2, NULL } },
		{ "two", BYTES(UEL "@PJL\n" PCL3 UEL "@PJL\n" PCL3 UEL),
		    { "pcl", REL_SURE_EXACT, 6, 6, 1, 6, 0, 2, NULL } },
		{ "nearly a UEL", BYTES("\033Ex\033%-1234\033%-12345X" UEL
		    "@PJL\n\033Ey\f" UEL),
		    { "pcl", REL_SURE_EXACT, 2, 2, 1, 2, 0, 2, NULL } },
		{ "known and unknown", BYTES(UEL "@PJL\n" PCL3 UEL
		    "@PJL ENTER LANGUAGE=ODD\nxyz" UEL),
		    { "pcl", REL_SURE_UNKNOWN, 0, 0, 1, 0, 0, 0, NULL } },
		{ "zeroes first", BYTES("\0\0\0\0\0\0\0\0" UEL "@PJL\n" PCL3
		    UEL), { "pcl", E3, 0, 2, NULL } },
	};

	pdl_check_all(all, COUNT(all));
	pdl_check_cut(ends, sizeof ends - 1);
}

UNIT(nothing)
{
	static char zeroes[6000];
	struct rel_facts f;

	pdl_facts("", 0, &f);
	assert_string_equal(f.refused, REL_REFUSED_EMPTY);
	assert_string_equal(rel_facts_jobstate(&f), "document-format-error");
	pdl_facts(zeroes, sizeof zeroes, &f);
	assert_int_equal(f.pages_sure, REL_SURE_UNKNOWN);
	pdl_facts(UEL UEL, 18, &f);
	assert_int_equal(f.pages_sure, REL_SURE_UNKNOWN);
	pdl_facts("%PDF-1.4\n", 9, &f);
	assert_string_equal(f.language, "pdf");
	assert_true(f.more);
}

UNIT(long_front)
{
	static char data[40000];
	static const struct expect want = { "pcl", E3, 0, 2, NULL };
	size_t n = 0;

	/* More PJL than is kept, one line of it far too long. */
	memcpy(data, UEL, 9);
	n = 9;
	for (int i = 0; i < 300; i++, n += 30)
		memcpy(data + n, "@PJL SET NOTHING1234567 = ABC\n", 30);
	memcpy(data + n, "@PJL COMMENT ", 13);
	memset(data + n + 13, 'x', 1500);
	n += 1513;
	memcpy(data + n, "\n" PCL3, sizeof("\n" PCL3) - 1);
	n += sizeof("\n" PCL3) - 1;
	pdl_check("long", data, n, &want);
}

UNIT(text)
{
	static const struct sample all[] = {
		{ "a line", BYTES("Hello\n"),
		    { "text", REL_SURE_BOUND, 1, 1, 1, 1, 0, 1, NULL } },
		{ "a form feed", BYTES("one\ftwo\n"),
		    { "text", REL_SURE_BOUND, 2, 2, 1, 2, 0, 1, NULL } },
		{ "UTF-8", BYTES("Pr\xc3\xbc" "fung\r\n\tx\r\n"),
		    { "text", REL_SURE_BOUND, 1, 1, 1, 1, 0, 1, NULL } },
	};
	char lines[200], wide[6000];
	struct rel_facts f;

	pdl_check_all(all, COUNT(all));
	memset(lines, '\n', sizeof lines);
	pdl_facts(lines, 67, &f);
	assert_int_equal(f.sides, 2);
	memset(wide, 'x', sizeof wide);
	pdl_facts(wide, 80 * 66 + 1, &f);
	assert_int_equal(f.sides, 2);
}

UNIT(zpl)
{
	static const struct sample all[] = {
		{ "one", BYTES("^XA^FO1,1^FDHi^FS^XZ"),
		    { "zpl", REL_SURE_EXACT, 1, 1, 1, 1, 0, 2, NULL } },
		{ "three times", BYTES("^XA^FDHi^FS^PQ3,0,1^XZ"),
		    { "zpl", REL_SURE_EXACT, 1, 1, 3, 3, 0, 2, NULL } },
		{ "set up only, then two", BYTES("^XA^LL100^XZ^XA^GB1,1^XZ\r\n"
		    "^XA^XGR:A.GRF^XZ"),
		    { "zpl", REL_SURE_EXACT, 2, 2, 1, 2, 0, 2, NULL } },
		{ "no end", BYTES("^XA^FDHi^FS"),
		    { "zpl", REL_SURE_UNKNOWN, 0, 0, 1, 0, 0, 0, NULL } },
	};

	pdl_check_all(all, COUNT(all));
	pdl_check_cut(all[2].data, all[2].n);
}

#define JPEG_OF(components) "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\1\0\x48\0\x48" \
	"\0\0\xff\xfe\0\4hi\xff\xc0\0\x0b\x08\0\x48\0\x90" components \
	"\x11\0\xff\xda\0\2abc\xff\xd9"

UNIT(jpeg)
{
	static const struct sample all[] = {
		{ "gray", BYTES(JPEG_OF("\1\1")),
		    { "jpeg", REL_SURE_EXACT, 1, 1, 1, 1, 0, 2, NULL } },
		{ "three", BYTES(JPEG_OF("\3\1")),
		    { "jpeg", REL_SURE_EXACT, 1, 1, 1, 1, 0, 1, "1" } },
		{ "no frame", BYTES("\xff\xd8\xff\xe0\0\2\xff\xd9"),
		    { "jpeg", REL_SURE_UNKNOWN, 0, 0, 1, 0, 0, 0, NULL } },
		{ "a length of nothing", BYTES("\xff\xd8\xff\xe1\0\0\xff\xd9"),
		    { "jpeg", REL_SURE_UNKNOWN, 0, 0, 1, 0, 0, 0, NULL } },
	};
	struct rel_facts f;

	pdl_check_all(all, COUNT(all));
	pdl_check_cut(all[1].data, all[1].n);
	pdl_facts(all[0].data, all[0].n, &f);
	assert_int_equal(f.nmedia, 1);
	assert_int_equal(f.media[0].width, 5080);	/* 144 dots of 72 */
	assert_int_equal(f.media[0].height, 2540);
}

#define DIR_LE(photo, next) "\1\0\x06\1\3\0\1\0\0\0" photo "\0\0\0" next
#define DIR_BE(photo, next) "\0\1\1\x06\0\3\0\0\0\1\0" photo "\0\0" next

UNIT(tiff)
{
	static const struct sample all[] = {
		{ "one", BYTES("II*\0\x08\0\0\0" DIR_LE("\1", "\0\0\0\0")),
		    { "tiff", REL_SURE_EXACT, 1, 1, 1, 1, 0, 2, NULL } },
		{ "two, RGB", BYTES("II*\0\x08\0\0\0" DIR_LE("\1",
		    "\x1a\0\0\0") DIR_LE("\2", "\0\0\0\0")),
		    { "tiff", REL_SURE_EXACT, 2, 2, 1, 2, 0, 1, "2" } },
		{ "Motorola", BYTES("MM\0*\0\0\0\x0a??" DIR_BE("\0",
		    "\0\0\0\0")),
		    { "tiff", REL_SURE_EXACT, 1, 1, 1, 1, 0, 2, NULL } },
		{ "backwards", BYTES("II*\0\x08\0\0\0" DIR_LE("\1",
		    "\x08\0\0\0")),
		    { "tiff", REL_SURE_UNKNOWN, 0, 0, 1, 0, 0, 0, NULL } },
		{ "directory beyond the end", BYTES("II*\0\xff\xff\xff\xff"),
		    { "tiff", REL_SURE_UNKNOWN, 0, 0, 1, 0, 0, 0, NULL } },
	};

	pdl_check_all(all, COUNT(all));
	pdl_check_cut(all[1].data, all[1].n);
}

UNIT(postscript)
{
#define PS "%!PS-Adobe-3.0\n"
#define TWO "%%Page: 1 1\nshowpage\n%%Page: 2 2\nshowpage\n"
	static const struct sample all[] = {
		{ "two", BYTES(PS "%%Pages: 2\n%%EndComments\n" TWO "%%EOF\n"),
		    { "postscript", REL_SURE_EXACT, 2, 2, 1, 2, 0, 1, "1-2" } },
		{ "at end", BYTES(PS "%%Pages: (atend)\r\n" TWO
		    "%%Trailer\n%%Pages: 2\n"),
		    { "postscript", REL_SURE_EXACT, 2, 2, 1, 2, 0, 1, "1-2" } },
		{ "says more", BYTES(PS "%%Pages: 5\n" TWO),
		    { "postscript", REL_SURE_BOUND, 5, 5, 1, 5, 0, 1, "1-5" } },
		{ "black", BYTES(PS "%%DocumentProcessColors: Black\n" TWO),
		    { "postscript", REL_SURE_EXACT, 2, 2, 1, 2, 0, 2, NULL } },
		{ "copies", BYTES(PS "<< /NumCopies 3 >> setpagedevice\n" TWO),
		    { "postscript", REL_SURE_EXACT, 2, 2, 3, 6, 0, 1, "1-2" } },
		{ "duplex", BYTES(PS "%%BeginFeature: *Duplex DuplexTumble\n"
		    TWO), { "postscript", REL_SURE_EXACT, 2, 1, 1, 2,
		    REL_DUPLEX_SHORT, 1, "1-2" } },
		{ "nested", BYTES(PS "%%Page: 1 1\n%%BeginDocument: a.eps\n"
		    "%!PS-Adobe-3.0 EPSF-3.0\n" TWO "%%EndDocument\n"),
		    { "postscript", REL_SURE_EXACT, 1, 1, 1, 1, 0, 1, "1" } },
		{ "binary", BYTES(PS "%%Page: 1 1\n%%BeginBinary: 12\n"
		    "%%Page: 9 9\n%%EndBinary\n"),
		    { "postscript", REL_SURE_EXACT, 1, 1, 1, 1, 0, 1, "1" } },
		{ "data lines", BYTES(PS "%%Page: 1 1\n%%BeginData: 2 ASCII "
		    "Lines\n%%Page: 9 9\n%%Page: 9 9\n%%EndData\n"),
		    { "postscript", REL_SURE_EXACT, 1, 1, 1, 1, 0, 1, "1" } },
		{ "EPS", BYTES("%!PS-Adobe-3.0 EPSF-3.0\nshowpage\n"),
		    { "postscript", REL_SURE_EXACT, 1, 1, 1, 1, 0, 1, "1" } },
		{ "EPS of two pages", BYTES("%!PS-Adobe-3.0 EPSF-3.0\n" TWO),
		    { "postscript", REL_SURE_UNKNOWN, 0, 0, 1, 0, 0, 0, "" } },
		{ "no comments", BYTES("%!PS\nshowpage\n"),
		    { "postscript", REL_SURE_UNKNOWN, 0, 0, 1, 0, 0, 0, "" } },
		{ "wrapped", BYTES(UEL "@PJL ENTER LANGUAGE=POSTSCRIPT\n\4" PS
		    TWO "\4" UEL), { "postscript", REL_SURE_EXACT, 2, 2, 1, 2,
		    0, 1, "1-2" } },
	};
	struct rel_facts f;

	pdl_check_all(all, COUNT(all));
	pdl_facts(BYTES("%!PS\nshowpage\n"), &f);
	assert_true(f.more);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(pjl), UNIT_RUN(several_jobs),
		UNIT_RUN(what_it_was_made_with), UNIT_RUN(nothing),
		UNIT_RUN(long_front), UNIT_RUN(text), UNIT_RUN(zpl),
		UNIT_RUN(jpeg), UNIT_RUN(tiff), UNIT_RUN(postscript)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
