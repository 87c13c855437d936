/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Facts as they travel: what is taken is within bounds and stays the same. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/ticket.h"

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
	rel_facts_sort_media(&g);
	FUZZ_MUST(rel_facts_sheets(&g, g.sides, true) <= g.sides);
	FUZZ_MUST(g.nmedia <= REL_FACTS_MEDIA && g.nfonts <= REL_FACTS_FONTS);
	FUZZ_MUST(rel_facts_jobstate(f) != NULL);
}

/* By size of paper it adds up, whatever the facts say of sizes. */
static void
try_papers(const struct rel_facts *f)
{
	char text[REL_PAPERS_TEXT], back[REL_PAPERS_TEXT];
	uint64_t sides = 0, colour = 0, sheets = 0;
	struct rel_papers p, again;
	struct rel_ticket t;

	rel_ticket_init(&t);
	rel_ticket_papers(&t, f, f, &p);
	FUZZ_MUST(p.n <= REL_PAPERS);
	for (unsigned i = 0; i < p.n; i++) {
		FUZZ_MUST(p.of[i].colour <= p.of[i].sides);
		sides += p.of[i].sides;
		colour += p.of[i].colour;
		sheets += p.of[i].sheets;
	}
	FUZZ_MUST(p.n == 0 || (sides == f->sides && colour ==
	    f->colour_sides && sheets == f->sheets));
	rel_papers_text(&p, text);
	FUZZ_MUST(rel_papers_read(&again, text));
	rel_papers_text(&again, back);
	FUZZ_MUST(strcmp(text, back) == 0);
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
	try_papers(&f);
	rel_buf_fini(&one);
	rel_buf_fini(&two);
	return 0;
}
