/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Adds up what the languages say into facts. */
#include <stdio.h>
#include <string.h>

#include "lib/pdl/pdl_priv.h"

#define SIDES_MAX REL_FACTS_PAGES_MAX
#define COPIES_MAX 32767u		/* PCL's; more is a broken number */

void
pdl_sink_init(struct pdl_sink *s)
{
	memset(s, 0, sizeof *s);
	rel_facts_init(&s->f);
}

void
pdl_side(struct pdl_sink *s, const struct pdl_side *side)
{
	uint32_t copies = side->copies < COPIES_MAX ? side->copies :
	    COPIES_MAX;
	bool two = side->duplex == REL_DUPLEX_LONG ||
	    side->duplex == REL_DUPLEX_SHORT ||
	    (side->duplex == REL_DUPLEX_UNSAID && s->duplex >=
	    REL_DUPLEX_LONG);
	int size;

	if (s->sides == SIDES_MAX) {
		pdl_unknown(s, false, "it has too many pages");
		return;
	}
	s->sides++;
	if (copies > s->most_copies)
		s->most_copies = copies;
	if (s->sides > 1 && copies != s->last_copies)
		s->mixed_copies = true;
	s->last_copies = copies;
	s->impressions += copies > 0 ? copies : 1;
	size = rel_facts_add_media(&s->f, side->width, side->height);
	if (size >= 0)
		s->f.media[size].colour += side->colour != PDL_MONO;
	/* The back of a sheet is no sheet of its own; it has its size. */
	s->back = two && (!s->back || size != s->size);
	s->size = size;
	if (!two || s->back)
		s->sheets++;
	if (side->duplex != REL_DUPLEX_UNSAID) {
		if (s->said != REL_DUPLEX_UNSAID && s->said != side->duplex)
			s->said = REL_DUPLEX_MIXED;
		else
			s->said = side->duplex;
	}
	if (side->colour != PDL_MONO)
		rel_facts_add_colour(&s->f, s->sides, s->sides);
	s->colour += side->colour == PDL_COLOUR;
	s->maybe += side->colour == PDL_MAYBE;
}

void
pdl_copies(struct pdl_sink *s, uint32_t copies)
{
	if (copies >= 1 && copies <= 9999)
		s->copies = copies;
}

void
pdl_duplex(struct pdl_sink *s, enum rel_duplex duplex)
{
	s->duplex = duplex;
}

void
pdl_all_mono(struct pdl_sink *s)
{
	s->all_mono = true;
}

void
pdl_unknown(struct pdl_sink *s, bool more, const char *why)
{
	s->unknown = true;
	s->more = s->more || more;
	if (s->f.reason[0] == '\0')
		snprintf(s->f.reason, sizeof s->f.reason, "%s", why);
}

void
pdl_bound(struct pdl_sink *s, const char *why)
{
	s->bound = true;
	if (s->f.reason[0] == '\0')
		snprintf(s->f.reason, sizeof s->f.reason, "%s", why);
}

void
pdl_more(struct pdl_sink *s)
{
	s->more = true;
}

uint32_t
pdl_sides_so_far(const struct pdl_sink *s)
{
	return s->sides;
}

/* Colour and mono of what was seen. */
static void
sink_colour(const struct pdl_sink *s, struct rel_facts *f)
{
	if (s->all_mono) {
		rel_facts_no_colour(f);
		return;
	}
	f->colour_sides = s->colour + s->maybe;
	f->colour_sure = s->maybe > 0 || s->bound ? REL_SURE_BOUND :
	    REL_SURE_EXACT;
}

void
pdl_sink_facts(const struct pdl_sink *s, struct rel_facts *out)
{
	uint64_t all = s->impressions;
	uint32_t copies = s->most_copies > 0 ? s->most_copies : 1;

	*out = s->f;
	rel_facts_sort_media(out);
	memcpy(out->language, s->language, sizeof out->language);
	out->more = s->more;
	out->duplex = (uint8_t)(s->said != REL_DUPLEX_UNSAID ? s->said :
	    s->duplex);
	if (s->unknown || s->sides == 0) {
		/* PJL has said so, whatever the pages are. */
		if (s->copies > 1)
			out->copies = s->copies;
		if (out->reason[0] == '\0')
			snprintf(out->reason, sizeof out->reason,
			    "no page was found in it");
		out->colour_pages[0] = '\0';
		out->colour_cut = false;
		out->nmedia = 0;
		return;
	}
	/* PJL's count is for data that says nothing of copies itself. */
	if (s->most_copies <= 1 && s->copies > 1) {
		copies = s->copies;
		all *= s->copies;
	} else if (s->mixed_copies) {
		copies = 1;
	}
	out->input_pages = out->sides = s->sides;
	out->sheets = s->sheets;
	out->copies = copies;
	out->impressions = all > UINT32_MAX ? UINT32_MAX : (uint32_t)all;
	out->pages_sure = s->bound ? REL_SURE_BOUND : REL_SURE_EXACT;
	sink_colour(s, out);
}
