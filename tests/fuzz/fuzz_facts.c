/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Facts as they travel: what is taken is within bounds and stays the same. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/facts.h"

static void
try_pages(const struct rel_facts *f)
{
	struct rel_facts g = *f;

	for (uint32_t n = 1; n < 40; n++)
		(void)rel_facts_page_is_colour(f, n);
	/* What is added is in it, or it is cut and everything is. */
	rel_facts_add_colour(&g, REL_FACTS_PAGES_MAX, REL_FACTS_PAGES_MAX);
	FUZZ_MUST(g.colour_cut || rel_facts_page_is_colour(&g,
	    REL_FACTS_PAGES_MAX));
	rel_facts_add_media(&g, 21000, 29700);
	rel_facts_add_font(&g, f->reason);
	FUZZ_MUST(g.nmedia <= REL_FACTS_MEDIA && g.nfonts <= REL_FACTS_FONTS);
	FUZZ_MUST(rel_facts_jobstate(f) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct rel_facts f, again;
	struct rel_buf one, two;

	if (rel_facts_get(&f, p, n) < 0) {
		FUZZ_MUST(f.sides == 0 && f.copies == 1);
		return 0;
	}
	FUZZ_MUST(f.sheets <= f.sides && f.colour_sides <= f.sides);
	FUZZ_MUST(f.input_pages <= REL_FACTS_PAGES_MAX && f.copies >= 1);
	FUZZ_MUST(f.sides <= REL_FACTS_PAGES_MAX);
	rel_buf_init(&one);
	rel_buf_init(&two);
	rel_facts_put(&one, &f);
	FUZZ_MUST(rel_facts_get(&again, one.data, one.len) == 0);
	rel_facts_put(&two, &again);
	FUZZ_MUST(one.failed == 0 && one.len == two.len &&
	    one.len <= REL_FACTS_WIRE_MAX &&
	    memcmp(one.data, two.data, one.len) == 0);
	try_pages(&f);
	rel_buf_fini(&one);
	rel_buf_fini(&two);
	return 0;
}
