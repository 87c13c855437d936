/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdio.h>
#include <string.h>

#include "filter/pages.h"
#include "lib/media.h"
#include "lib/text.h"

#define COLUMNS "%8s %8s %7s %7s %-7s %-11s %-14s %s\n"

void
pages_table_head(FILE *out)
{
	fprintf(out, COLUMNS, "PAGES", "COLOUR", "COPIES", "SHEETS", "DUPLEX",
	    "LANGUAGE", "PAPER", "FILE");
}

/* "12", "<=12", "?" */
static const char *
number(char *out, size_t size, uint32_t v, unsigned sure)
{
	if (sure == REL_SURE_UNKNOWN)
		return "?";
	snprintf(out, size, "%s%u", sure == REL_SURE_BOUND ? "<=" : "", v);
	return out;
}

static const char *
duplex_word(unsigned duplex)
{
	static const char *const word[] = { "-", "no", "long", "short",
	    "mixed" };

	return duplex < 5 ? word[duplex] : "-";
}

static void
paper(char *out, size_t size, const struct rel_facts *f)
{
	char name[64], label[48];

	snprintf(out, size, "-");
	if (f->nmedia == 0)
		return;
	rel_media_name(name, sizeof name, f->media[0].width,
	    f->media[0].height);
	rel_media_label(label, sizeof label, name);
	snprintf(out, size, "%s%s", label, f->nmedia > 1 ? " +" : "");
}

static void
notes(FILE *out, const struct rel_facts *f)
{
	if (f->refused[0] != '\0')
		fprintf(out, "    not printed (%s): %s\n", f->refused,
		    f->reason);
	else if (f->reason[0] != '\0')
		fprintf(out, "    %s\n", f->reason);
	if (f->app.name[0] != '\0' || f->app.producer[0] != '\0')
		fprintf(out, "    made with: %s%s%s\n", f->app.name,
		    f->app.name[0] != '\0' && f->app.producer[0] != '\0' ?
		    ", written by " : "", f->app.producer);
	if (f->colour_pages[0] != '\0')
		fprintf(out, "    in colour: %s%s\n", f->colour_pages,
		    f->colour_cut ? " ..." : "");
	if (f->encrypted && f->refused[0] == '\0')
		fprintf(out, "    encrypted, but anybody may print it\n");
	for (unsigned i = 0; i < f->nfonts; i++)
		fprintf(out, "%s%s%s", i == 0 ? "    fonts not in it: " : ", ",
		    f->fonts[i], i + 1 == f->nfonts ? "\n" : "");
	if (f->coverage[0] >= 0)
		fprintf(out, "    ink of a side: C %.2f%%  M %.2f%%  "
		    "Y %.2f%%  K %.2f%%\n", f->coverage[0] / 100.0,
		    f->coverage[1] / 100.0, f->coverage[2] / 100.0,
		    f->coverage[3] / 100.0);
}

void
pages_table_row(FILE *out, const char *file, const struct rel_facts *f)
{
	char n[4][16], media[64], name[1024];
	uint32_t pages = f->sides > 0 ? f->sides : f->input_pages;

	paper(media, sizeof media, f);
	rel_text_clean(name, sizeof name, file);
	snprintf(n[2], sizeof n[2], "%u", f->copies);
	fprintf(out, COLUMNS,
	    number(n[0], sizeof n[0], pages, f->pages_sure),
	    number(n[1], sizeof n[1], f->colour_sides, f->colour_sure), n[2],
	    number(n[3], sizeof n[3], f->sheets, f->pages_sure),
	    duplex_word(f->duplex), f->language[0] != '\0' ? f->language :
	    "unknown", media, name);
	notes(out, f);
}
