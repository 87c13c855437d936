/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a PDF says of the program it was made with. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/pdf/pdf_priv.h"
#include "lib/text.h"
#include "tests/unit/pdf_fixture.h"

static struct rel_facts f;

static void
look(int fd)
{
	static const struct rel_pdf_how how = { .no_colour = true };
	struct rel_err err = { 0 };

	assert_true(fd >= 0);
	assert_int_equal(0, rel_pdf_look(fd, &how, &f, &err));
	assert_int_equal(1, f.sides);
	close(fd);
}

static void
is(const char *name, const char *producer, enum rel_app_from from)
{
	assert_string_equal(name, f.app.name);
	assert_string_equal(producer, f.app.producer);
	assert_int_equal(from, f.app.from);
}

/* A page; object 4 is free for what the trailer or the root names. */
static void
one_page(struct made *m, const char *root, const char *object)
{
	char text[200];

	snprintf(text, sizeof text, "<< /Type /Catalog /Pages 2 0 R %s >>",
	    root);
	made_begin(m);
	made_object(m, text);
	made_object(m, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
	made_object(m, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
	    ">>");
	if (object != NULL)
		made_object(m, object);
}

static void
with_info(const char *info, const char *name, const char *producer)
{
	struct made m;

	one_page(&m, "", info);
	look(made_end(&m, "/Info 4 0 R"));
	is(name, producer, name[0] != '\0' ? REL_APP_PDF_INFO :
	    REL_APP_NOBODY);
}

UNIT(info)
{
	with_info("<< /Creator (Writer) /Producer (LibreOffice 7.4) >>",
	    "Writer", "LibreOffice 7.4");
	with_info("<< /Creator (Word) /Producer (Word) >>", "Word", "");
	with_info("<< /Producer (ReportLab) >>", "", "ReportLab");
	with_info("<< /Title (salary) >>", "", "");
	with_info("<< /Creator () /Producer null >>", "", "");
	with_info("<< /Creator /Name /Producer [(x)] >>", "", "");
	with_info("<< /Creator << >> /Producer 7 >>", "", "");
	with_info("(x)", "", "");
	with_info("7", "", "");
}

UNIT(encodings)
{
	/* PDFDocEncoding: (R) and a Euro; UTF-16BE; little endian; UTF-8. */
	with_info("<< /Creator (Word\256 \240) >>", "Word\302\256 "
	    "\342\202\254", "");
	with_info("<< /Creator <FEFF 0057 00F6 0072 0074> >>",
	    "W\303\266rt", "");
	with_info("<< /Creator <FEFF D83D DE00> >>", "\360\237\230\200", "");
	with_info("<< /Creator (\357\273\277W\303\266rt) >>", "W\303\266rt",
	    "");
	/* Half a character, half a pair: something, and it is UTF-8. */
	with_info("<< /Creator <FEFF 0041 00> >>", "A", "");
}

UNIT(broken_encodings_stay_clean)
{
	static const char *const t[] = { "<FEFF D83D>", "<FEFF DE00 0041>",
	    "<FFFE 4100 00D8>", "(\357\273\277\377\376x)",
	    "(a\\000b\\033c\\r\\nd)", "<FEFF 0000 0041>" };
	char info[100];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct made m;

		snprintf(info, sizeof info, "<< /Creator %s >>", t[i]);
		one_page(&m, "", info);
		look(made_end(&m, "/Info 4 0 R"));
		assert_true(rel_utf8_ok(f.app.name, strlen(f.app.name)));
		for (const char *p = f.app.name; *p != '\0'; p++)
			assert_true((unsigned char)*p >= ' ');
	}
}

UNIT(cycles_and_missing_objects)
{
	struct made m;

	with_info("4 0 R", "", "");
	with_info("<< /Creator 4 0 R /Producer 4 0 R >>", "", "");
	with_info("<< /Creator 99 0 R >>", "", "");
	one_page(&m, "/Metadata 1 0 R", NULL);
	look(made_end(&m, "/Info 1 0 R"));
	is("", "", REL_APP_NOBODY);
	one_page(&m, "/Metadata 99 0 R", NULL);
	look(made_end(&m, "/Info 99 0 R"));
	is("", "", REL_APP_NOBODY);
}

UNIT(absurdly_long)
{
	size_t n = 1 << 20;
	char *info = malloc(n + 20);
	struct made m;

	assert_non_null(info);
	memcpy(info, "<< /Creator (", 13);
	memset(info + 13, 'x', n);
	memcpy(info + 13 + n, ") >>", 5);
	one_page(&m, "", info);
	look(made_end(&m, "/Info 4 0 R"));
	assert_int_equal(127, strlen(f.app.name));
	free(info);
}

/* ---- metadata */

static void
with_xmp(const char *info, const char *xmp, const char *name,
    const char *producer)
{
	char trailer[100];
	struct made m;

	one_page(&m, "/Metadata 4 0 R", NULL);
	made_stream(&m, "/Type /Metadata /Subtype /XML", xmp, strlen(xmp));
	snprintf(trailer, sizeof trailer, "/Info << %s >>", info);
	look(made_end(&m, trailer));
	is(name, producer, name[0] == '\0' ? REL_APP_NOBODY :
	    info[0] != '\0' ? REL_APP_PDF_INFO : REL_APP_PDF_XMP);
}

UNIT(metadata)
{
	with_xmp("", "<x><xmp:CreatorTool>R &amp; D&lt;1&gt;</xmp:CreatorTool>"
	    "<pdf:Producer>P</pdf:Producer></x>", "R & D<1>", "P");
	with_xmp("", "<x xmp:CreatorTool=\"W&quot;r\" pdf:Producer='L'/>",
	    "W\"r", "L");
	with_xmp("", "<xap:CreatorTool>Old</xap:CreatorTool>", "Old", "");
	with_xmp("/Creator (Info)", "<xmp:CreatorTool>Xmp</xmp:CreatorTool>",
	    "Info", "");
	with_xmp("", "<xmp:CreatorTool>", "", "");
	with_xmp("", "<xmp:CreatorTool", "", "");
	with_xmp("", "xmp:CreatorTool=\"", "", "");
	with_xmp("", "xmp:CreatorTool=", "", "");
	with_xmp("", "<xmp:CreatorTool>no end", "", "");
	with_xmp("", "<xmp:CreatorTool/>x<y>", "", "");
	with_xmp("", "", "", "");
}

UNIT(metadata_is_not_read_without_bounds)
{
	size_t n = 2 << 20;
	char *xmp = malloc(n + 1);

	assert_non_null(xmp);
	memset(xmp, ' ', n);
	memcpy(xmp, "<xmp:CreatorTool>W</xmp:CreatorTool>", 36);
	xmp[n] = '\0';
	with_xmp("", xmp, "", "");	/* two megabytes are no metadata */
	xmp[n / 4] = '\0';
	with_xmp("", xmp, "W", "");
	memmove(xmp + 300000, xmp, 36);
	memset(xmp, ' ', 36);
	with_xmp("", xmp, "", "");	/* it stands too far behind */
	free(xmp);
}

/* ---- with a security handler; the empty password opens it */

UNIT(encrypted)
{
	struct rel_buf plain;
	struct made m;
	qpdf_data q;
	int fd;

	one_page(&m, "", "<< /Creator (Secret Writer) >>");
	made_read(made_end(&m, "/Info 4 0 R"), &plain);
	q = qpdf_init();
	qpdf_silence_errors(q);
	assert_int_equal(0, qpdf_read_memory(q, "x", (const char *)plain.data,
	    plain.len, NULL) & QPDF_ERRORS);
	assert_int_equal(0, qpdf_init_write_memory(q) & QPDF_ERRORS);
	qpdf_set_r6_encryption_parameters2(q, "", "owner", QPDF_TRUE,
	    QPDF_TRUE, QPDF_TRUE, QPDF_TRUE, QPDF_TRUE, QPDF_TRUE,
	    qpdf_r3p_full, QPDF_TRUE);
	assert_int_equal(0, qpdf_write(q) & QPDF_ERRORS);
	assert_null(memmem(qpdf_get_buffer(q), qpdf_get_buffer_length(q),
	    "Secret", 6));
	fd = rel_compat_memfile();
	assert_int_equal(qpdf_get_buffer_length(q), write(fd,
	    qpdf_get_buffer(q), qpdf_get_buffer_length(q)));
	qpdf_cleanup(&q);
	rel_buf_fini(&plain);
	look(fd);
	assert_true(f.encrypted);
	is("Secret Writer", "", REL_APP_PDF_INFO);
}

/* ---- real ones: as pdfinfo reads them */

UNIT(real_documents)
{
	static const struct {
		const char *file, *name, *producer;
	} t[] = {
		{ "cups-document-a4", "Scribus 1.4.0.rc5",
		    "GPL Ghostscript 9.27" },
		{ "deb-nettle", "TeX", "pdfTeX-1.40.21" },
		{ "deb-groff-mom-penguin", "", "ImageMagick 6.6.0-4 "
		    "2012-04-30 Q16 http://www.imagemagick.org" },
		{ "gs-architecture", "Microsoft\302\256 PowerPoint\302\256 "
		    "2010", "" },
		{ "gs-black", "Adobe Acrobat 6.0",
		    "Acrobat Distiller 6.0.1 (Windows)" },
		{ "lcf-filled-2", "Writer", "OpenOffice.org 3.4" },
		{ "lcf-test_file_8pg", "", "GPL Ghostscript 9.27" },
		{ "pappl-portrait-color-a4", "Pages", "macOS Version 26.2 "
		    "(Build 25C5048a) Quartz PDFContext" },
		{ "pkpg-colors", "", "ReportLab http://www.reportlab.com" },
	};
	const char *shared = getenv("REL_SHARED");
	const struct rel_pdf_how how = { .no_colour = true };
	char path[1100];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int fd;

		snprintf(path, sizeof path, "%.900s/data/docs/pdf/%s.pdf",
		    shared != NULL ? shared : "../shared", t[i].file);
		if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) {
			print_message("# SKIP there is no %s\n", path);
			skip();
		}
		assert_int_equal(0, rel_pdf_look(fd, &how, &f, NULL));
		close(fd);
		assert_string_equal(t[i].name, f.app.name);
		assert_string_equal(t[i].producer, f.app.producer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(info), UNIT_RUN(encodings),
		UNIT_RUN(broken_encodings_stay_clean),
		UNIT_RUN(cycles_and_missing_objects), UNIT_RUN(absurdly_long),
		UNIT_RUN(metadata),
		UNIT_RUN(metadata_is_not_read_without_bounds),
		UNIT_RUN(encrypted), UNIT_RUN(real_documents)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
