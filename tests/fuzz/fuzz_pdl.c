/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Documents in the languages of printers.  Built once as it is: the bytes
 * find their way by themselves; and once a language (-DFUZZ_LANGUAGE=pdl_pcl
 * ...), which then gets every byte whatever it looks like.  The first byte
 * says in what pieces they come, which must not matter.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/pdl/pdl_priv.h"

static void
must_hold(const struct rel_facts *f)
{
	struct rel_facts again;
	struct rel_buf b;

	FUZZ_MUST(f->sheets <= f->sides && f->colour_sides <= f->sides);
	FUZZ_MUST(f->sides <= REL_FACTS_PAGES_MAX);
	FUZZ_MUST(f->copies >= 1 && f->impressions >= f->sides);
	FUZZ_MUST(f->nmedia <= REL_FACTS_MEDIA);
	FUZZ_MUST(f->pages_sure != REL_SURE_EXACT || f->sides > 0);
	FUZZ_MUST(f->pages_sure != REL_SURE_UNKNOWN || f->sides == 0);
	FUZZ_MUST(f->pages_sure != REL_SURE_UNKNOWN || f->reason[0] != '\0');
	rel_buf_init(&b);
	rel_facts_put(&b, f);
	FUZZ_MUST(b.failed == 0 && b.len <= REL_FACTS_WIRE_MAX);
	FUZZ_MUST(rel_facts_get(&again, b.data, b.len) == 0);
	FUZZ_MUST(strcmp(again.colour_pages, f->colour_pages) == 0 &&
	    again.impressions == f->impressions &&
	    again.copies == f->copies && again.nmedia == f->nmedia);
	rel_buf_fini(&b);
}

#ifdef FUZZ_LANGUAGE

static void
count(const uint8_t *p, size_t n, size_t piece, struct rel_facts *f)
{
	const struct pdl_language *lang = &FUZZ_LANGUAGE;
	struct pdl_sink sink;
	void *state = calloc(1, lang->state_bytes);
	bool left = false;

	FUZZ_MUST(state != NULL);
	pdl_sink_init(&sink);
	lang->begin(state, &sink);
	for (size_t i = 0, used; i < n && !left; i += used) {
		size_t m = n - i < piece ? n - i : piece;

		used = lang->feed(state, p + i, m, &left);
		FUZZ_MUST(used <= m && (used == m || left));
	}
	lang->end(state);
	free(state);
	pdl_sink_facts(&sink, f);
}

#else

static void
count(const uint8_t *p, size_t n, size_t piece, struct rel_facts *f)
{
	struct rel_pdl *c = rel_pdl_new();

	FUZZ_MUST(c != NULL);
	for (size_t i = 0; i < n; i += piece)
		rel_pdl_feed(c, p + i, n - i < piece ? n - i : piece);
	rel_pdl_end(c, f);
	rel_pdl_free(&c);
	FUZZ_MUST(c == NULL);
}

#endif

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct rel_facts whole, pieces;

	if (n < 1)
		return 0;
	count(p + 1, n - 1, SIZE_MAX / 2, &whole);
	count(p + 1, n - 1, 1u + p[0], &pieces);
	FUZZ_MUST(memcmp(&whole, &pieces, sizeof whole) == 0);
	must_hold(&whole);
	return 0;
}
