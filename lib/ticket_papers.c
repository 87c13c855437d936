/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a ticket makes of a document, by size of paper. */
#include "lib/media.h"
#include "lib/ticket_priv.h"

/* Does a page of the document have another size than this? */
static bool
others(const struct rel_facts *in, uint32_t w, uint32_t h)
{
	for (unsigned i = 0; i < in->nmedia; i++) {
		const struct rel_facts_media *m = &in->media[i];

		if (!rel_media_same(m->width < m->height ? m->width :
		    m->height, m->width < m->height ? m->height : m->width,
		    w, h))
			return true;
	}
	return false;
}

bool
rel_ticket_one_paper(const struct rel_ticket *t, const struct rel_facts *in,
    struct rel_paper *paper)
{
	bool one = !rel_ticket_is_plain(t);
	uint32_t w = 0, h = 0;

	if (rel_media_size(t->media, &w, &h)) {
		one = one || others(in, w, h);
	} else if (in->nmedia > 0) {
		w = in->media[0].width;
		h = in->media[0].height;
	}
	if (paper != NULL)
		*paper = (struct rel_paper){ .width = w, .height = h };
	return one;
}

void
rel_ticket_papers(const struct rel_ticket *t, const struct rel_facts *in,
    const struct rel_facts *counted, struct rel_papers *out)
{
	bool both = counted->duplex == REL_DUPLEX_LONG ||
	    counted->duplex == REL_DUPLEX_SHORT;
	struct rel_paper one;

	out->n = 0;
	if (rel_ticket_one_paper(t, in, &one)) {
		one.sides = counted->sides;
		one.colour = counted->colour_sides;
		one.sheets = counted->sheets;
		if (one.width != 0)
			rel_papers_add(out, &one);
		return;
	}
	for (unsigned i = 0; i < in->nmedia; i++) {
		const struct rel_facts_media *m = &in->media[i];

		one = (struct rel_paper){ m->width, m->height, m->sides,
		    m->colour, both ? m->both : m->sides };
		rel_papers_add(out, &one);
	}
	rel_papers_fit(out, counted->sides, counted->colour_sides,
	    counted->sheets);
}
