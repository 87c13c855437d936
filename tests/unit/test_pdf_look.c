/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Pages, sizes, fonts, refusals; and the pages that are rendered. */
#include "tests/unit/unit.h"

#include <string.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/pdf/pdf_priv.h"
#include "tests/unit/pdf_fixture.h"

/* A page of which only the first things are said has no others. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static struct rel_facts f;
static struct rel_err err;

static int
look(int fd, const struct rel_pdf_how *how)
{
	int rc;

	memset(&err, 0, sizeof err);
	rc = rel_pdf_look(fd, how, &f, &err);
	assert_string_equal(f.language, "pdf");
	close(fd);
	return rc;
}

static int
text_file(const char *text)
{
	int fd = rel_compat_memfile();

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

static void
expect_media(const char *entries, uint32_t width, uint32_t height)
{
	static const struct rel_pdf_how how = { .no_colour = true };
	struct page_text t = { .content = "", .entries = entries };

	assert_int_equal(look(made_page(&t), &how), 0);
	assert_int_equal(f.nmedia, 1);
	assert_in_range(f.media[0].width, width - 1, width + 1);
	assert_in_range(f.media[0].height, height - 1, height + 1);
	assert_int_equal(f.media[0].sides, 1);
}

UNIT(media)
{
	expect_media("", 20990, 29704);
	expect_media("/Rotate 90", 29704, 20990);
	expect_media("/Rotate -90", 29704, 20990);
	expect_media("/Rotate 540", 20990, 29704);
	expect_media("/CropBox [100 100 200 300]", 3528, 7056);
	expect_media("/CropBox [300 300 100 100]", 7056, 7056);
	expect_media("/CropBox [-50 -50 9999 9999]", 20990, 29704);
	expect_media("/CropBox [2000 2000 2100 2100]", 20990, 29704);
	expect_media("/UserUnit 2", 41981, 59408);
	expect_media("/MediaBox [0 0 0 0]", 21590, 27940);
	expect_media("/MediaBox (x)", 21590, 27940);
	expect_media("/MediaBox [0 0 1e99 1e99]", 21590, 27940);
}

UNIT(pages_are_inherited_and_many)
{
	struct made m;

	made_begin(&m);
	made_object(&m, "<< /Type /Catalog /Pages 2 0 R >>");
	made_object(&m, "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 3 "
	    "/MediaBox [0 0 200 300] /Rotate 90 >>");
	made_object(&m, "<< /Type /Page /Parent 2 0 R >>");
	made_object(&m, "<< /Type /Pages /Parent 2 0 R /Kids [5 0 R 6 0 R] "
	    "/Count 2 /Resources << /Font << /F 7 0 R >> >> >>");
	made_object(&m, "<< /Type /Page /Parent 4 0 R >>");
	made_object(&m, "<< /Type /Page /Parent 4 0 R /Rotate 0 >>");
	made_object(&m, "<< /Type /Font /Subtype /TrueType /BaseFont "
	    "/Verdana#20Bold >>");
	assert_int_equal(look(made_end(&m, ""), NULL), 0);
	assert_int_equal(f.input_pages, 3);
	assert_int_equal(f.sides, 3);
	assert_int_equal(f.sheets, 3);
	assert_int_equal(f.impressions, 3);
	assert_int_equal(f.copies, 1);
	assert_int_equal(f.pages_sure, REL_SURE_EXACT);
	assert_int_equal(f.colour_sure, REL_SURE_EXACT);
	assert_int_equal(f.colour_sides, 0);
	assert_int_equal(f.nmedia, 2);
	assert_int_equal(f.media[0].sides, 2);
	assert_true(f.media[0].width > f.media[0].height);
	assert_int_equal(f.nfonts, 1);
	assert_string_equal(f.fonts[0], "Verdana Bold");
	assert_false(f.encrypted);
}

UNIT(fonts)
{
	struct page_text t = { .content = "", .resources = "/Font << /A 5 0 R"
	    " /B 6 0 R /C 7 0 R /D (x) >>", .more = {
		"<< /Subtype /Type1 /BaseFont /Helvetica >>",
		"<< /Subtype /TrueType /BaseFont /In /FontDescriptor << "
		"/FontFile2 8 0 R >> >>",
		"<< /Subtype /Type0 /BaseFont /Out /DescendantFonts [<< "
		"/FontDescriptor << >> >>] >>", "|x" } };

	assert_int_equal(look(made_page(&t), NULL), 0);
	assert_int_equal(f.nfonts, 2);
	assert_string_equal(f.fonts[0], "Helvetica");
	assert_string_equal(f.fonts[1], "Out");
}

UNIT(empty)
{
	struct made m;

	assert_int_equal(look(text_file(""), NULL), -REL_E_DENIED);
	assert_string_equal(f.refused, REL_REFUSED_EMPTY);
	made_begin(&m);
	made_object(&m, "<< /Type /Catalog /Pages 2 0 R >>");
	made_object(&m, "<< /Type /Pages /Kids [] /Count 0 >>");
	assert_int_equal(look(made_end(&m, ""), NULL), -REL_E_DENIED);
	assert_string_equal(f.refused, REL_REFUSED_EMPTY);
	assert_true(f.reason[0] != '\0');
}

UNIT(damaged)
{
	static const char *const t[] = {
		"x", "%PDF-1.4\n", "%PDF-1.4\n%%EOF\n", "NotAPDF\n%EOF\n",
		"%PDF-1.4\ntrailer << /Root 1 0 R >>\n%%EOF\n",
		"%PDF-1.4\n1 0 obj\n<< /Pages 1 0 R >>\nendobj\n"
		"trailer << /Root 1 0 R >>\n"
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_int_equal(look(text_file(t[i]), NULL), -REL_E_DENIED);
		assert_true(f.refused[0] != '\0' && f.reason[0] != '\0');
		assert_int_equal(f.input_pages, 0);
	}
}

UNIT(cut_short)
{
	for (size_t n = 0; n < 600; n += 60) {
		struct made m;

		made_begin(&m);
		made_object(&m, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>");
		made_object(&m, "<< /Type /Page /Parent 1 0 R >>");
		made_stream(&m, "", "0 g", 3);
		made_object(&m, "<< /Type /Catalog /Pages 1 0 R >>");
		assert_int_equal(look(made_cut(&m, n), NULL), -REL_E_DENIED);
		assert_true(strcmp(f.refused, REL_REFUSED_DAMAGED) == 0 ||
		    strcmp(f.refused, REL_REFUSED_EMPTY) == 0);
	}
}

UNIT(no_such_file)
{
	int p[2];

	assert_int_equal(pipe(p), 0);
	assert_true(rel_pdf_look(p[0], NULL, &f, &err) < 0);
	close(p[0]);
	close(p[1]);
	assert_true(rel_pdf_look(-1, NULL, &f, &err) < 0);
	assert_true(err.text[0] != '\0');
}

/* ---- rendered pages */

static bool
can_render(void)
{
	return access(REL_PDFTOPPM, X_OK) == 0;
}

static void
expect_rendered(const struct page_text *t, uint32_t colour)
{
	assert_int_equal(look(made_page(t), NULL), 0);
	assert_int_equal(f.colour_sure, REL_SURE_EXACT);
	assert_int_equal(f.colour_sides, colour);
	assert_string_equal(f.colour_pages, colour > 0 ? "1" : "");
}

UNIT(maybe_is_rendered)
{
	static const struct page_text red = { .content = "/S sh", .resources =
	    "/Shading << /S << /ShadingType 2 /ColorSpace /DeviceRGB /Coords "
	    "[0 0 500 0] /Function 5 0 R >> >>", .more = { "<< /FunctionType "
	    "2 /C0 [1 0 0] /C1 [0 0 1] /Domain [0 1] /N 1 >>" } };
	static const struct page_text off = { .content =
	    "1 0 0 rg 900 100 9 9 re f" };
	static const struct page_text note = { .content = "0 g", .entries =
	    "/Annots [5 0 R]", .more = { "<< /Type /Annot /Subtype /Square "
	    "/F 4 /Rect [99 99 299 299] /C [1 0 0] /IC [1 0 0] >>" } };

	if (!can_render()) {
		print_message("# SKIP %s is missing\n", REL_PDFTOPPM);
		skip();
	}
	expect_rendered(&red, 1);
	expect_rendered(&off, 0);
	expect_rendered(&note, 1);
}

UNIT(links_of_the_screen_are_not_rendered)
{
	static const struct page_text t = { .content =
	    "1 0 0 rg 900 100 9 9 re f", .entries = "/Annots [5 0 R]",
	    .more = { "<< /Type /Annot /Subtype /Square /F 0 /Rect "
	    "[99 99 299 299] /C [1 0 0] /IC [1 0 0] >>" } };

	if (!can_render()) {
		print_message("# SKIP %s is missing\n", REL_PDFTOPPM);
		skip();
	}
	expect_rendered(&t, 0);
}

UNIT(coverage)
{
	static const struct rel_pdf_how how = { .coverage = true };
	static const struct page_text t = { .content =
	    "0 g 0 0 595 421 re f 0 0 1 0 k" };

	if (!can_render()) {
		print_message("# SKIP %s is missing\n", REL_PDFTOPPM);
		skip();
	}
	assert_int_equal(look(made_page(&t), &how), 0);
	assert_in_range(f.coverage[3], 4900, 5100);
	assert_in_range(f.coverage[0], 0, 20);
	assert_in_range(f.coverage[2], 0, 20);
}

/* ---- the reader of pixels */

struct seen {
	uint32_t pages, coloured, width;
};

static void
take(void *ctx, const struct pdf_pixels *px)
{
	struct seen *s = ctx;

	s->pages++;
	s->coloured += px->coloured > 0;
	s->width = px->width;
}

static struct seen
read_ppm(const char *data, size_t n, bool *whole)
{
	struct seen s = { 0 };
	int fd = rel_compat_memfile();
	uint32_t pages;

	assert_int_equal(write(fd, data, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	pages = pdf_ppm_read(fd, take, &s, whole);
	assert_int_equal(pages, s.pages);
	close(fd);
	return s;
}
#define PPM(s, whole) read_ppm(s, sizeof(s) - 1, whole)

UNIT(pixels)
{
	bool whole;
	struct seen s = PPM("P6\n2 1\n255\naaabbbP6 1 1 255\naza", &whole);

	assert_true(whole);
	assert_int_equal(s.pages, 2);
	assert_int_equal(s.coloured, 1);
	assert_int_equal(s.width, 1);
	s = PPM("P6\n# a note\n1 1\n255\na\x61k", &whole);
	assert_true(whole);
	assert_int_equal(s.coloured, 0);	/* just near enough */
	s = PPM("P6\n2 1\n255\naaabb", &whole);
	assert_false(whole);
	assert_int_equal(s.pages, 0);
	s = PPM("P6\n99999999 99999999\n255\n", &whole);
	assert_false(whole);
	s = PPM("P6\n0 1\n255\n", &whole);
	assert_false(whole);
	s = PPM("P6\n1 1\n65535\nxxxxxx", &whole);
	assert_false(whole);
	s = PPM("P3\n1 1\n255\n", &whole);
	assert_false(whole);
	s = PPM("", &whole);
	assert_true(whole);
	assert_int_equal(s.pages, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(media), UNIT_RUN(pages_are_inherited_and_many),
		UNIT_RUN(fonts), UNIT_RUN(empty), UNIT_RUN(damaged),
		UNIT_RUN(cut_short), UNIT_RUN(no_such_file),
		UNIT_RUN(maybe_is_rendered),
		UNIT_RUN(links_of_the_screen_are_not_rendered),
		UNIT_RUN(coverage), UNIT_RUN(pixels)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
