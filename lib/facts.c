/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/facts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cursor.h"
#include "lib/err.h"
#include "lib/text.h"

#define COPIES_MAX 65535u
#define NEAR 50u	/* half a millimetre: the same size of paper */

void
rel_facts_init(struct rel_facts *f)
{
	memset(f, 0, sizeof *f);
	f->copies = 1;
	for (int i = 0; i < 4; i++)
		f->coverage[i] = -1;
}

int
rel_facts_refuse(struct rel_facts *f, const char *word, const char *fmt, ...)
{
	char text[sizeof f->reason];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	snprintf(f->refused, sizeof f->refused, "%s", word);
	rel_text_clean(f->reason, sizeof f->reason, text);
	f->pages_sure = f->colour_sure = REL_SURE_UNKNOWN;
	f->more = false;
	f->input_pages = f->sides = f->sheets = f->colour_sides = 0;
	f->impressions = 0;
	return -REL_E_DENIED;
}

static bool
near(uint32_t a, uint32_t b)
{
	return a > b ? a - b <= NEAR : b - a <= NEAR;
}

static uint64_t
media_area(const struct rel_facts_media *m)
{
	return (uint64_t)m->width * m->height;
}

/* There is no room for another size: the largest, which may be this one. */
static unsigned
media_largest(struct rel_facts *f, uint32_t width, uint32_t height)
{
	struct rel_facts_media *big = &f->media[0];

	for (unsigned i = 1; i < f->nmedia; i++)
		if (media_area(&f->media[i]) > media_area(big))
			big = &f->media[i];
	if ((uint64_t)width * height > media_area(big)) {
		big->width = width;
		big->height = height;
	}
	return (unsigned)(big - f->media);
}

/* Does this side go onto the back of the sheet before, turned or not? */
static bool
takes_back(struct rel_facts *f, uint32_t width, uint32_t height)
{
	bool back = f->free_width != 0 && ((near(f->free_width, width) &&
	    near(f->free_height, height)) || (near(f->free_width, height) &&
	    near(f->free_height, width)));

	f->free_width = back ? 0 : width;
	f->free_height = height;
	return back;
}

int
rel_facts_add_media(struct rel_facts *f, uint32_t width, uint32_t height)
{
	unsigned i = 0;

	if (width == 0 || height == 0)
		return -1;
	while (i < f->nmedia && !(near(f->media[i].width, width) &&
	    near(f->media[i].height, height)))
		i++;
	if (i == REL_FACTS_MEDIA)
		i = media_largest(f, width, height);
	if (i == f->nmedia) {
		f->nmedia++;
		f->media[i] = (struct rel_facts_media){ .width = width,
		    .height = height };
	}
	f->media[i].sides++;
	f->media[i].both += !takes_back(f, width, height);
	return (int)i;
}

void
rel_facts_sort_media(struct rel_facts *f)
{
	for (unsigned k = 1; k < f->nmedia; k++)
		for (unsigned i = k; i > 0 && f->media[i].sides >
		    f->media[i - 1].sides; i--) {
			struct rel_facts_media m = f->media[i];

			f->media[i] = f->media[i - 1];
			f->media[i - 1] = m;
		}
	f->free_width = f->free_height = 0;
}

uint32_t
rel_facts_sheets(const struct rel_facts *f, uint32_t sides, bool both)
{
	uint64_t sized = 0, sheets = 0;

	if (!both)
		return sides;
	for (unsigned i = 0; i < f->nmedia; i++) {
		sized += f->media[i].sides;
		sheets += f->media[i].both;
	}
	return sized == sides && sheets > 0 && sheets <= sides ?
	    (uint32_t)sheets : sides / 2 + sides % 2;
}

void
rel_facts_no_colour(struct rel_facts *f)
{
	f->colour_sure = REL_SURE_EXACT;
	f->colour_sides = 0;
	f->colour_pages[0] = '\0';
	f->colour_cut = false;
	for (unsigned i = 0; i < f->nmedia; i++)
		f->media[i].colour = 0;
}

void
rel_facts_add_font(struct rel_facts *f, const char *name)
{
	char clean[sizeof f->fonts[0]];

	rel_text_clean(clean, sizeof clean, name);
	for (unsigned i = 0; i < f->nfonts; i++)
		if (strcmp(f->fonts[i], clean) == 0)
			return;
	if (clean[0] == '\0' || f->nfonts == REL_FACTS_FONTS)
		return;
	memcpy(f->fonts[f->nfonts++], clean, sizeof clean);
}

/* ---- the list of colour pages */

/* Take the list's last number off when `first` follows it: "1-3" and 4. */
static size_t
ranges_join(char *list, uint32_t first, uint32_t *from)
{
	char *last = strrchr(list, ','), *dash;
	unsigned long a, b;

	last = last != NULL ? last + 1 : list;
	*from = first;
	if (*last == '\0')
		return 0;
	a = b = strtoul(last, &dash, 10);
	if (*dash == '-')
		b = strtoul(dash + 1, NULL, 10);
	if (b + 1 != first)
		return strlen(list);
	*from = (uint32_t)a;
	*last = '\0';
	if (last > list)
		last[-1] = '\0';
	return strlen(list);
}

void
rel_facts_add_colour(struct rel_facts *f, uint32_t first, uint32_t last)
{
	char before[sizeof f->colour_pages], piece[32];
	uint32_t from;
	size_t len;

	if (f->colour_cut || first == 0 || last < first)
		return;
	memcpy(before, f->colour_pages, sizeof before);
	len = ranges_join(f->colour_pages, first, &from);
	if (from == last)
		snprintf(piece, sizeof piece, "%s%u", len > 0 ? "," : "",
		    last);
	else
		snprintf(piece, sizeof piece, "%s%u-%u", len > 0 ? "," : "",
		    from, last);
	if (len + strlen(piece) >= sizeof f->colour_pages) {
		memcpy(f->colour_pages, before, sizeof before);
		f->colour_cut = true;
		return;
	}
	memcpy(f->colour_pages + len, piece, strlen(piece) + 1);
}

bool
rel_facts_page_is_colour(const struct rel_facts *f, uint32_t n)
{
	const char *p = f->colour_pages;
	unsigned long b = 0;

	while (*p != '\0') {
		char *end;
		unsigned long a = strtoul(p, &end, 10);

		b = *end == '-' ? strtoul(end + 1, &end, 10) : a;
		if (n >= a && n <= b)
			return true;
		if (*end != ',')
			break;
		p = end + 1;
	}
	return f->colour_cut && n > b;
}

const char *
rel_facts_jobstate(const struct rel_facts *f)
{
	static const struct {
		const char *word, *state;
	} t[] = {
		{ REL_REFUSED_DAMAGED, "document-format-error" },
		{ REL_REFUSED_LOCKED, "document-password-error" },
		{ REL_REFUSED_NO_PRINT, "document-permission-error" },
		{ REL_REFUSED_EMPTY, "document-format-error" },
		{ REL_REFUSED_TOO_MUCH, "document-unprintable-error" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		if (strcmp(f->refused, t[i].word) == 0)
			return t[i].state;
	return f->refused[0] == '\0' ? "" : "document-unprintable-error";
}

/* ---- between processes */

#define FLAG_ENCRYPTED 1u
#define FLAG_MORE 2u
#define FLAG_CUT 4u

void
rel_facts_put(struct rel_buf *b, const struct rel_facts *f)
{
	rel_put_str(b, f->language);
	rel_put_u8(b, f->pages_sure);
	rel_put_u8(b, f->colour_sure);
	rel_put_u8(b, f->duplex);
	rel_put_u8(b, (uint8_t)((f->encrypted ? FLAG_ENCRYPTED : 0) |
	    (f->more ? FLAG_MORE : 0) | (f->colour_cut ? FLAG_CUT : 0)));
	rel_put_u32(b, f->input_pages);
	rel_put_u32(b, f->sides);
	rel_put_u32(b, f->sheets);
	rel_put_u32(b, f->colour_sides);
	rel_put_u32(b, f->copies);
	rel_put_u32(b, f->impressions);
	rel_put_u8(b, (uint8_t)f->nmedia);
	for (unsigned i = 0; i < f->nmedia; i++) {
		rel_put_u32(b, f->media[i].width);
		rel_put_u32(b, f->media[i].height);
		rel_put_u32(b, f->media[i].sides);
	}
	rel_put_u8(b, (uint8_t)f->nfonts);
	for (unsigned i = 0; i < f->nfonts; i++)
		rel_put_str(b, f->fonts[i]);
	for (int i = 0; i < 4; i++)
		rel_put_u32(b, (uint32_t)f->coverage[i]);
	rel_put_str(b, f->colour_pages);
	rel_put_str(b, f->refused);
	rel_put_str(b, f->reason);
	rel_put_u8(b, f->app.from);
	rel_put_str(b, f->app.name);
	rel_put_str(b, f->app.producer);
	for (unsigned i = 0; i < f->nmedia; i++) {
		rel_put_u32(b, f->media[i].colour);
		rel_put_u32(b, f->media[i].both);
	}
}

static void
get_lists(struct rel_facts *f, struct rel_cur *c)
{
	f->nmedia = rel_get_u8(c);
	for (unsigned i = 0; i < f->nmedia && i < REL_FACTS_MEDIA; i++) {
		f->media[i].width = rel_get_u32(c);
		f->media[i].height = rel_get_u32(c);
		f->media[i].sides = rel_get_u32(c);
	}
	f->nfonts = f->nmedia > REL_FACTS_MEDIA ? 0 : rel_get_u8(c);
	for (unsigned i = 0; i < f->nfonts && i < REL_FACTS_FONTS; i++)
		rel_get_str(c, f->fonts[i], sizeof f->fonts[i]);
}

/* Databases have facts that end before it: then colour is nobody knows where. */
static void
get_more(struct rel_facts *f, struct rel_cur *c)
{
	if (c->bad != 0 || rel_cur_left(c) == 0)
		return;
	f->app.from = rel_get_u8(c);
	rel_get_str(c, f->app.name, sizeof f->app.name);
	rel_get_str(c, f->app.producer, sizeof f->app.producer);
	for (unsigned i = 0; i < f->nmedia && i < REL_FACTS_MEDIA; i++) {
		f->media[i].colour = rel_get_u32(c);
		f->media[i].both = rel_get_u32(c);
	}
}

/* "1-3,7": digits, commas and dashes, rising. */
static bool
ranges_ok(const char *p)
{
	unsigned long past = 0;

	while (*p != '\0') {
		char *end;
		unsigned long a, b;

		if (*p < '1' || *p > '9')
			return false;
		a = b = strtoul(p, &end, 10);
		if (*end == '-') {
			if (end[1] < '1' || end[1] > '9')
				return false;
			b = strtoul(end + 1, &end, 10);
		}
		if (a <= past || b < a || b > REL_FACTS_PAGES_MAX)
			return false;
		past = b;
		if (*end == ',' && end[1] != '\0')
			end++;
		else if (*end != '\0')
			return false;
		p = end;
	}
	return true;
}

static bool
media_sane(const struct rel_facts *f)
{
	for (unsigned i = 0; i < f->nmedia; i++)
		if (f->media[i].colour > f->media[i].sides ||
		    f->media[i].both > f->media[i].sides ||
		    f->media[i].sides > REL_FACTS_PAGES_MAX)
			return false;
	return true;
}

static bool
facts_sane(const struct rel_facts *f)
{
	return f->pages_sure <= REL_SURE_EXACT &&
	    f->colour_sure <= REL_SURE_EXACT &&
	    f->duplex <= REL_DUPLEX_MIXED && f->nmedia <= REL_FACTS_MEDIA &&
	    f->nfonts <= REL_FACTS_FONTS && f->copies >= 1 &&
	    f->copies <= COPIES_MAX && f->sheets <= f->sides &&
	    f->input_pages <= REL_FACTS_PAGES_MAX &&
	    f->sides <= REL_FACTS_PAGES_MAX &&
	    f->colour_sides <= f->sides && ranges_ok(f->colour_pages) &&
	    f->app.from <= REL_APP_TITLE &&
	    (f->app.from != REL_APP_NOBODY) == (f->app.name[0] != '\0') &&
	    media_sane(f);
}

int
rel_facts_get(struct rel_facts *f, const void *p, size_t n)
{
	struct rel_cur c;
	uint8_t flags;
	int rc;

	rel_facts_init(f);
	rel_cur_init(&c, p, n);
	rel_get_str(&c, f->language, sizeof f->language);
	f->pages_sure = rel_get_u8(&c);
	f->colour_sure = rel_get_u8(&c);
	f->duplex = rel_get_u8(&c);
	flags = rel_get_u8(&c);
	f->encrypted = (flags & FLAG_ENCRYPTED) != 0;
	f->more = (flags & FLAG_MORE) != 0;
	f->colour_cut = (flags & FLAG_CUT) != 0;
	f->input_pages = rel_get_u32(&c);
	f->sides = rel_get_u32(&c);
	f->sheets = rel_get_u32(&c);
	f->colour_sides = rel_get_u32(&c);
	f->copies = rel_get_u32(&c);
	f->impressions = rel_get_u32(&c);
	get_lists(f, &c);
	for (int i = 0; i < 4; i++)
		f->coverage[i] = (int32_t)rel_get_u32(&c);
	rel_get_str(&c, f->colour_pages, sizeof f->colour_pages);
	rel_get_str(&c, f->refused, sizeof f->refused);
	rel_get_str(&c, f->reason, sizeof f->reason);
	get_more(f, &c);
	if ((rc = rel_cur_end(&c)) == 0 && !facts_sane(f))
		rc = -REL_E_FORMAT;
	if (rc < 0)
		rel_facts_init(f);
	return rc;
}
