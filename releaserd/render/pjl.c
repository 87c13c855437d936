/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Printer Job Language around a PDF (HP, Printer Job Language Technical
 * Reference Manual).  A device ignores variables it does not know; no name
 * of a person or a document goes into it.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "releaserd/render/render_priv.h"

#define UEL "\033%%-12345X"	/* in a format */

static void
set(struct rel_buf *b, const char *name, const char *value)
{
	rel_put_fmt(b, "@PJL SET %s=%s\r\n", name, value);
}

static void
put_sides(struct rel_buf *b, uint8_t sides)
{
	if (sides == REL_DUPLEX_NONE)
		set(b, "DUPLEX", "OFF");
	if (sides != REL_DUPLEX_LONG && sides != REL_DUPLEX_SHORT)
		return;
	set(b, "DUPLEX", "ON");
	set(b, "BINDING", sides == REL_DUPLEX_LONG ? "LONGEDGE" :
	    "SHORTEDGE");
}

/* Is the word in the list "staple,punch"? A word may go on: "staple-top". */
static bool
wants(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; *p != '\0'; p += strcspn(p, ","),
	    p += *p == ',') {
		while (*p == ' ')
			p++;
		if (strncasecmp(p, word, n) == 0)
			return true;
	}
	return false;
}

static void
put_finishing(struct rel_buf *b, const char *list)
{
	if (wants(list, "staple"))
		set(b, "FINISH", "STAPLE");
	if (wants(list, "punch"))
		set(b, "PUNCH", "ON");
	if (wants(list, "fold"))
		set(b, "FOLD", "ON");
}

/* "tray-2", "Tray2", "2": a number is all that PJL knows. */
static void
put_tray(struct rel_buf *b, const char *tray)
{
	const char *p = tray + strcspn(tray, "0123456789");

	if (strcasecmp(tray, "manual") == 0)
		set(b, "MANUALFEED", "ON");
	else if (isdigit((unsigned char)*p) && p[1] == '\0')
		rel_put_fmt(b, "@PJL SET MEDIASOURCE=TRAY%c\r\n", *p);
}

void
pjl_head(struct rel_buf *b, const struct rel_ticket *t, const char *language)
{
	rel_put_fmt(b, UEL "@PJL\r\n@PJL JOB\r\n");
	if (t->copies > 1)
		rel_put_fmt(b, "@PJL SET %s=%u\r\n",
		    t->collate ? "QTY" : "COPIES", (unsigned)t->copies);
	put_sides(b, t->sides);
	if (t->colour != REL_COLOUR_UNSAID)
		set(b, "RENDERMODE", t->colour == REL_COLOUR_MONO ?
		    "GRAYSCALE" : "COLOR");
	put_finishing(b, t->finishings);
	put_tray(b, t->tray);
	rel_put_fmt(b, "@PJL ENTER LANGUAGE=%s\r\n", language);
}

void
pjl_tail(struct rel_buf *b)
{
	rel_put_fmt(b, UEL "@PJL EOJ\r\n" UEL);
}
