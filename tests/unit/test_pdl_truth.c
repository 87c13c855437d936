/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Real documents in printers' languages against what is known of them
 * (../shared): in a language that is counted the impressions are exact, no
 * count of any file that is called exact is wrong, no page with colour is
 * called mono.
 */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/compat.h"
#include "lib/pdl/pdl.h"
#include "tests/unit/truth.h"

static unsigned documents, counted, unknown, wrong, colour, mono, false_mono,
    false_colour;

/* Folders and names of what is written in a language that is counted. */
static const char *const claimed[] = {
	"copies/", "img/", "pcl/", "pxl/", "raster/", "drv/brlaser-",
	"drv/gutenprint-escp2-", "drv/gutenprint-hplj4", "drv/hpcups-",
	"drv/pxlcolor-", "drv/sample-", "gsdev/cdj", "gsdev/chp2200.",
	"gsdev/cljet", "gsdev/cups.", "gsdev/deskjet.", "gsdev/eps9high.",
	"gsdev/hl1240.", "gsdev/ljet", "gsdev/oce9050.", "gsdev/picty180.",
	"gsdev/pxl", "gsdev/st800.", "gsdev/tiffg4.",
	"ps/cups-testfile.ps", "ps/deb-groff-", "ps/gs-golfer.eps",
	"ps/gs-input.ps", "ps/gs-ridt91.eps"
};

/* Two bytes that make one interpreter print a page of its own. */
#define NO_DOCUMENT "pcl/gpdl-fontpage.pcl"

static const char *
field(char **p)
{
	const char *s = truth_field(p);

	return s != NULL ? s : "";
}

static int
unzipped(int fd)
{
	const char *argv[] = { "/bin/gzip", "-dc", NULL };
	struct rel_child c = { .argv = argv, .in_fd = fd, .keep_fd = -1 };
	struct rel_child_end end;

	c.out_fd = rel_compat_memfile();
	assert_int_equal(rel_child_run(&c, &end, NULL), 0);
	assert_int_equal(end.status, 0);
	close(fd);
	return c.out_fd;
}

static int
document(const char *file)
{
	char path[1024];
	int fd;

	snprintf(path, sizeof path, "%s/%s", truth_folder, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s is missing", path);
	return strstr(file, ".gz") != NULL ? unzipped(fd) : fd;
}

static void
count(int fd, size_t piece, struct rel_facts *f)
{
	static uint8_t buf[1 << 16];
	struct rel_pdl *p = rel_pdl_new();
	off_t at = 0;
	ssize_t n;

	assert_non_null(p);
	while ((n = pread(fd, buf, sizeof buf, at)) > 0) {
		for (size_t i = 0; i < (size_t)n; i += piece)
			rel_pdl_feed(p, buf + i, (size_t)n - i < piece ?
			    (size_t)n - i : piece);
		at += n;
	}
	rel_pdl_end(p, f);
	rel_pdl_free(&p);
}

static bool
is_claimed(const char *file)
{
	for (size_t i = 0; i < sizeof claimed / sizeof claimed[0]; i++)
		if (strncmp(file, claimed[i], strlen(claimed[i])) == 0)
			return strcmp(file, NO_DOCUMENT) != 0;
	return false;
}

static void
complain(const char *file, const struct rel_facts *f, const char *pages)
{
	wrong++;
	print_message("# %s: %s, sure %u, %u impressions, not %s: %s\n", file,
	    f->language, f->pages_sure, f->impressions, pages, f->reason);
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

		if (strcmp(field(&p), file) != 0)
			continue;
		n = (uint32_t)strtoul(field(&p), NULL, 10);
		(void)field(&p);
		is = strtoul(field(&p), NULL, 10) > 0;
		said = rel_facts_page_is_colour(f, n);
		*(is ? &colour : &mono) += 1;
		if (is == said)
			continue;
		*(is ? &false_mono : &false_colour) += 1;
		if (is)
			print_message("# %s page %u: has colour, called "
			    "mono\n", file, n);
	}
	if (pages != NULL)
		fclose(pages);
}

/* A bound is said to be one, and what is exact is. */
static void
compare(const char *file, const char *pages, const char *in_colour)
{
	struct rel_facts f, pieces;
	int fd = document(file);
	unsigned long is = strtoul(pages, NULL, 10);

	documents++;
	count(fd, SIZE_MAX / 2, &f);
	count(fd, 777, &pieces);
	close(fd);
	assert_memory_equal(&f, &pieces, sizeof f);
	unknown += f.pages_sure == REL_SURE_UNKNOWN;
	if (f.pages_sure == REL_SURE_UNKNOWN && f.reason[0] == '\0')
		fail_msg("%s: unknown, and no word why", file);
	if (pages[0] == '\0')
		return;
	if (is_claimed(file) && f.pages_sure != REL_SURE_EXACT)
		complain(file, &f, pages);
	else if ((f.pages_sure == REL_SURE_EXACT && f.impressions != is) ||
	    (f.pages_sure == REL_SURE_BOUND && f.impressions < is))
		complain(file, &f, pages);
	if (f.pages_sure != REL_SURE_EXACT || f.copies > 1)
		return;
	counted++;
	compare_pages(file, &f);
	if (f.colour_sides < strtoul(in_colour, NULL, 10)) {
		false_mono++;
		print_message("# %s: %u pages in colour, not %s\n", file,
		    f.colour_sides, in_colour);
	}
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
	if (access("/bin/gzip", X_OK) != 0) {
		fclose(t);
		print_message("# SKIP /bin/gzip is missing\n");
		skip();
	}
	(void)!fgets(line, sizeof line, t);
	while (fgets(line, sizeof line, t) != NULL) {
		char *p = line;
		const char *file = field(&p), *pages, *in_colour;

		if (strncmp(file, "pdf", 3) == 0)
			continue;
		(void)field(&p);
		pages = field(&p);
		in_colour = field(&p);
		compare(file, pages, in_colour);
	}
	fclose(t);
	print_message("# %u documents: %u counted exactly, %u unknown, %u "
	    "wrong; %u colour pages, %u called mono; %u mono pages, %u "
	    "maybe in colour\n", documents, counted, unknown, wrong, colour,
	    false_mono, mono, false_colour);
	assert_true(documents > 80 && counted > 60);
	assert_int_equal(wrong, 0);
	assert_int_equal(false_mono, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { UNIT_RUN(truth) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
