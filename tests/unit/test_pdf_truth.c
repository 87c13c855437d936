/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Real documents against what other programs say of them (../shared): the
 * page count is exact, no page with colour is called mono, at most 0.3 % of
 * the mono pages are called colour.
 */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/pdf/pdf.h"
#include "tests/unit/truth.h"

static unsigned documents, refused, mono, colour, false_mono, false_colour;

static bool
is_ours(const char *file)
{
	return strncmp(file, "pdf/", 4) == 0 ||
	    strncmp(file, "pdf-qpdf/", 9) == 0 ||
	    strncmp(file, "bad/", 4) == 0;
}

static int
look(const char *file, struct rel_facts *f)
{
	char path[1024];
	int fd, rc;

	snprintf(path, sizeof path, "%s/%s", truth_folder, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s is missing", path);
	rc = rel_pdf_look(fd, NULL, f, NULL);
	close(fd);
	return rc;
}

static void
compare_pages(const char *file, const struct rel_facts *f)
{
	FILE *pages = truth_table("per_page.csv");
	char line[2048];

	while (pages != NULL && fgets(line, sizeof line, pages) != NULL) {
		char *p = line;
		bool is, said;
		uint32_t n;

		if (strcmp(truth_field(&p), file) != 0)
			continue;
		n = (uint32_t)strtoul(truth_field(&p), NULL, 10);
		(void)truth_field(&p);
		is = strtoul(truth_field(&p), NULL, 10) > 0;
		said = rel_facts_page_is_colour(f, n);
		*(is ? &colour : &mono) += 1;
		if (is == said)
			continue;
		*(is ? &false_mono : &false_colour) += 1;
		print_message("# %s page %u: %s\n", file, n, is ?
		    "has colour, called mono" : "is mono, called colour");
	}
	if (pages != NULL)
		fclose(pages);
}

static void
compare(const char *file, const char *pages)
{
	struct rel_facts f;
	int rc = look(file, &f);

	documents++;
	if (rc < 0) {
		refused++;
		assert_true(f.refused[0] != '\0' && f.reason[0] != '\0');
		assert_int_equal(rc, -REL_E_DENIED);
	}
	if (pages[0] == '\0')	/* damaged, or nobody agrees on it */
		return;
	if (strcmp(pages, "0") == 0) {
		assert_int_equal(rc, -REL_E_DENIED);
		return;
	}
	if (rc < 0 && strcmp(f.refused, REL_REFUSED_NO_PRINT) != 0)
		fail_msg("%s: %s", file, f.reason);
	assert_int_equal(f.pages_sure, REL_SURE_EXACT);
	if (f.input_pages != strtoul(pages, NULL, 10))
		fail_msg("%s: %u pages, not %s", file, f.input_pages, pages);
	if (rc == 0)
		compare_pages(file, &f);
}

UNIT(truth)
{
	const char *shared = getenv("REL_SHARED");
	char line[4096];
	FILE *t;

	snprintf(truth_folder, sizeof truth_folder, "%s/data/docs", shared != NULL ?
	    shared : "../shared");
	if ((t = truth_table("truth.csv")) == NULL) {
		print_message("# SKIP there is no %s/truth.csv\n", truth_folder);
		skip();
	}
	if (access(REL_PDFTOPPM, X_OK) != 0) {
		fclose(t);
		print_message("# SKIP %s is missing\n", REL_PDFTOPPM);
		skip();
	}
	while (fgets(line, sizeof line, t) != NULL) {
		char *p = line, *file = truth_field(&p);

		if (!is_ours(file))
			continue;
		(void)truth_field(&p);
		compare(file, truth_field(&p));
	}
	fclose(t);
	print_message("# %u documents, %u refused; %u mono pages, %u called "
	    "colour; %u colour pages, %u called mono\n", documents, refused,
	    mono, false_colour, colour, false_mono);
	assert_true(documents > 100 && mono > 500 && colour > 100);
	assert_int_equal(false_mono, 0);
	assert_true(false_colour * 1000 <= mono * 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { UNIT_RUN(truth) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
