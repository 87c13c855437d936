/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A stamp on each page: it is seen, and nothing else changes. */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/pdf/pdf_priv.h"
#include "lib/text.h"
#include "tests/unit/pdf_fixture.h"

/* A page of which only the first things are said has no others. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define TEXT "j\xc3\xb6 \xe2\x82\xac 12 \xe6\xbc\xa2"

static int
stamped(int fd)
{
	struct rel_err err = { 0 };
	int out = rel_compat_memfile();
	int rc = rel_pdf_stamp(fd, out, TEXT, &err);

	if (rc < 0)
		fail_msg("%s", err.text);
	close(fd);
	return out;
}

UNIT(words)
{
	char out[64];

	assert_int_equal(pdf_winansi(out, sizeof out, TEXT), 9);
	assert_memory_equal(out, "j\xf6 \x80 12 ?", 10);
	assert_int_equal(pdf_winansi(out, 4, "abcdef"), 3);
	assert_string_equal(out, "abc");
	assert_int_equal(pdf_winansi(out, sizeof out, "\xff\xc3\xe2\x82"), 3);
	assert_string_equal(out, "???");
	assert_int_equal(pdf_winansi(out, sizeof out, "a\nb\x7f"), 4);
	assert_string_equal(out, "a b ");
	assert_int_equal(pdf_helvetica_width("Ai", 2), 667 + 222);
}

/* Ink of the one page of a document. */
static void
ink(int fd, struct rel_facts *f)
{
	static const struct rel_pdf_how how = { .coverage = true };

	assert_int_equal(rel_pdf_look(fd, &how, f, NULL), 0);
	assert_int_equal(f->input_pages, 1);
}

static bool
can_render(void)
{
	return access(REL_PDFTOPPM, X_OK) == 0;
}

UNIT(is_seen_whatever_the_page_does)
{
	static const struct page_text t[] = {
		{ "" }, { "Q Q Q" }, { "q q q 0 0 1 1 re W n" },
		{ "BT /F 12 Tf" }, { "(never ended" }, { "[ 1 2" },
		{ "q 0.0001 0 0 0.0001 0 0 cm" },
		{ "BI /W 1 /H 1 /BPC 8 /CS /G ID x" },
		{ "1 g", "/Font << /RelOther 7 0 R >>" },
		{ "", "/Font (no dictionary) /ExtGState 7" },
		{ "", NULL, "/Rotate 90" }, { "", NULL, "/Rotate 180" },
		{ "", NULL, "/Rotate 270 /CropBox [50 60 300 400]" },
		{ "", NULL, "/UserUnit 2" }, { "", NULL, "/Contents 9 0 R" },
		{ "", NULL, "/Contents [4 0 R 4 0 R (x)]" },
		{ "", NULL, "/Resources 12 0 R" }
	};

	if (!can_render()) {
		print_message("# SKIP %s is missing\n", REL_PDFTOPPM);
		skip();
	}
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct rel_facts f;
		int out = stamped(made_page(&t[i]));

		ink(out, &f);
		if (f.coverage[3] < 5)
			fail_msg("%zu: only %d of ink", i, f.coverage[3]);
		assert_int_equal(f.colour_sides, 0);
		assert_in_range(f.coverage[0], 0, 1);
		close(out);
	}
}

/* The text stands at the foot of the page as it is looked at. */
UNIT(stands_at_the_foot)
{
	static const char *const turn[] = { "", "/Rotate 90", "/Rotate 180",
	    "/Rotate 270" };
	static const char *const want[] = {
		"1 0 0 1 0.000 0.000 cm", "0 1 -1 0 595.000 0.000 cm",
		"-1 0 0 -1 595.000 842.000 cm", "0 -1 1 0 0.000 842.000 cm"
	};

	for (int i = 0; i < 4; i++) {
		struct page_text t = { "", NULL, turn[i] };
		struct rel_buf b;
		int out = stamped(made_page(&t));

		made_read(out, &b);
		assert_non_null(memmem(b.data, b.len, want[i],
		    strlen(want[i])));
		assert_non_null(memmem(b.data, b.len, "<6AF620802031",
		    13));
		rel_buf_fini(&b);
		close(out);
	}
}

UNIT(shared_resources_are_changed_once)
{
	struct made m;
	struct rel_buf b;
	struct rel_facts f;
	const uint8_t *p, *end;
	int out, n = 0;

	made_begin(&m);
	made_object(&m, "<< /Type /Catalog /Pages 2 0 R >>");
	made_object(&m, "<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 "
	    "/Resources 6 0 R /MediaBox [0 0 300 300] >>");
	for (int i = 0; i < 3; i++)
		made_object(&m, "<< /Type /Page /Parent 2 0 R >>");
	made_object(&m, "<< /Font << /Mine 7 0 R >> >>");
	made_object(&m, "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman "
	    ">>");
	out = stamped(made_end(&m, ""));
	assert_int_equal(rel_pdf_look(out, NULL, &f, NULL), 0);
	assert_int_equal(f.input_pages, 3);
	assert_int_equal(f.nfonts, 2);
	made_read(out, &b);
	end = b.data + b.len;
	for (p = b.data; (p = memmem(p, (size_t)(end - p), "/RelStampHelv ",
	    14)) != NULL; p++)
		n++;
	assert_int_equal(n, 1 + 2 * 3);	/* once as a name, twice a page */
	rel_buf_fini(&b);
	close(out);
}

UNIT(goes_into_a_pipe)
{
	static const struct page_text t = { "0 g" };
	int fd = made_page(&t), p[2];
	char head[8];

	assert_int_equal(pipe(p), 0);
	assert_int_equal(rel_pdf_stamp(fd, p[1], "x", NULL), 0);
	assert_int_equal(read(p[0], head, 5), 5);
	assert_memory_equal(head, "%PDF-", 5);
	close(p[0]);
	close(p[1]);
	close(fd);
}

UNIT(refusals)
{
	static const struct page_text t = { "0 g" };
	struct rel_err err = { 0 };
	int fd = made_page(&t), empty = rel_compat_memfile();

	assert_true(rel_pdf_stamp(fd, 1, "", &err) < 0);
	assert_true(rel_pdf_stamp(empty, 1, "x", &err) < 0);
	assert_true(err.text[0] != '\0');
	assert_true(rel_pdf_stamp(fd, -1, "x", &err) < 0);
	close(fd);
	close(empty);
}

/* ---- every document there is */

static bool
ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), k = strlen(tail);

	return n > k && strcmp(s + n - k, tail) == 0;
}

/* Those that libqpdf reads: as many pages after as before. */
static int
stamp_folder(const char *folder)
{
	static const struct rel_pdf_how how = { .no_render = true,
	    .no_colour = true };
	const char *shared = getenv("REL_SHARED");
	char path[1024];
	struct dirent *e;
	int n = 0;
	DIR *dir;

	snprintf(path, sizeof path, "%s/data/docs/%s", shared != NULL ?
	    shared : "../shared", folder);
	if ((dir = opendir(path)) == NULL)
		return 0;
	while ((e = readdir(dir)) != NULL) {
		struct rel_facts before, after;
		int fd, out;

		if (!ends_with(e->d_name, ".pdf"))
			continue;
		fd = openat(dirfd(dir), e->d_name, O_RDONLY | O_CLOEXEC);
		assert_true(fd >= 0);
		if (rel_pdf_look(fd, &how, &before, NULL) < 0) {
			close(fd);
			continue;
		}
		out = stamped(fd);
		if (rel_pdf_look(out, &how, &after, NULL) < 0 ||
		    after.input_pages != before.input_pages)
			fail_msg("%s: %u pages, then %u", e->d_name,
			    before.input_pages, after.input_pages);
		close(out);
		n++;
	}
	closedir(dir);
	return n;
}

UNIT(real_documents)
{
	int n = stamp_folder("pdf") + stamp_folder("pdf-qpdf");

	if (n == 0) {
		print_message("# SKIP there are no documents to try\n");
		skip();
	}
	print_message("# %d documents stamped\n", n);
	assert_true(n > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(words), UNIT_RUN(is_seen_whatever_the_page_does),
		UNIT_RUN(stands_at_the_foot),
		UNIT_RUN(shared_resources_are_changed_once),
		UNIT_RUN(goes_into_a_pipe), UNIT_RUN(refusals),
		UNIT_RUN(real_documents)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
