/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/pdl_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static void
in_pieces(const uint8_t *data, size_t n, size_t piece, struct rel_facts *f)
{
	struct rel_pdl *p = rel_pdl_new();

	assert_non_null(p);
	for (size_t i = 0; i < n; i += piece) {
		size_t m = n - i < piece ? n - i : piece;
		uint8_t *exact = malloc(m);

		/* Of its very size: a byte too far is seen. */
		assert_non_null(exact);
		memcpy(exact, data + i, m);
		rel_pdl_feed(p, exact, m);
		free(exact);
	}
	rel_pdl_end(p, f);
	rel_pdl_free(&p);
	assert_null(p);
}

void
pdl_facts(const void *data, size_t n, struct rel_facts *f)
{
	static struct rel_facts one, seven;

	in_pieces(data, n, SIZE_MAX / 2, f);
	in_pieces(data, n, 1, &one);
	in_pieces(data, n, 7, &seven);
	assert_memory_equal(f, &one, sizeof one);
	assert_memory_equal(f, &seven, sizeof seven);
}

void
pdl_check(const char *name, const void *data, size_t n,
    const struct expect *want)
{
	static struct rel_facts f;
	const char *pages = want->colour_pages != NULL ? want->colour_pages :
	    "";

	pdl_facts(data, n, &f);
	if (strcmp(f.language, want->language) != 0 ||
	    f.pages_sure != want->sure || f.sides != want->sides ||
	    f.sheets != want->sheets || f.copies != want->copies ||
	    f.impressions != want->impressions ||
	    f.duplex != want->duplex || f.colour_sure != want->colour_sure ||
	    strcmp(f.colour_pages, pages) != 0)
		fail_msg("%s: %s, sure %u, sides %u, sheets %u, copies %u, "
		    "impressions %u, duplex %u, colour sure %u, \"%s\": %s",
		    name, f.language, f.pages_sure, f.sides, f.sheets,
		    f.copies, f.impressions, f.duplex, f.colour_sure,
		    f.colour_pages, f.reason);
	if (f.pages_sure != REL_SURE_EXACT)
		assert_true(f.reason[0] != '\0');
}

void
pdl_check_all(const struct sample *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pdl_check(all[i].name, all[i].data, all[i].n, &all[i].want);
}

void
pdl_check_cut(const void *data, size_t n)
{
	static struct rel_facts whole, f;

	pdl_facts(data, n, &whole);
	for (size_t i = 0; i < n; i++) {
		pdl_facts(data, i, &f);
		if (f.sides > whole.sides + 1 || (f.pages_sure ==
		    REL_SURE_EXACT && f.sides > whole.sides))
			fail_msg("cut at %zu of %zu: %u sides, the whole has "
			    "%u", i, n, f.sides, whole.sides);
	}
}
