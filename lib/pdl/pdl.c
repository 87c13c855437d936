/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The way of the bytes: what stands in front (UEL and PJL) is read line by
 * line, then the language is found out and gets everything until it is left
 * by the next UEL.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "lib/pdl/pdl_priv.h"
#include "lib/text.h"

static const struct pdl_language *const languages[] = {
	&pdl_pwg, &pdl_urf, &pdl_cups_raster, &pdl_pdf, &pdl_postscript,
	&pdl_pclxl, &pdl_escpr, &pdl_escp, &pdl_pcl, &pdl_jpeg, &pdl_tiff,
	&pdl_zpl, &pdl_text
};

struct rel_pdl {
	struct pdl_sink sink;
	enum { FRONT, INSIDE } where;
	bool after_uel;			/* PJL may come */
	uint8_t head[PDL_HEAD];		/* of the front */
	size_t len;
	char hint[24];			/* @PJL ENTER LANGUAGE */
	const struct pdl_language *lang;
	void *state;
	bool any;			/* a byte has come */
	bool broken;			/* no memory */
};

struct rel_pdl *
rel_pdl_new(void)
{
	struct rel_pdl *p = calloc(1, sizeof *p);

	if (p != NULL)
		pdl_sink_init(&p->sink);
	return p;
}

void
rel_pdl_free(struct rel_pdl **pp)
{
	struct rel_pdl *p = *pp;

	*pp = NULL;
	if (p == NULL)
		return;
	free(p->state);
	free(p);
}

/* ---- in and out of a language */

static void
leave(struct rel_pdl *p)
{
	if (p->lang != NULL && p->state != NULL)
		p->lang->end(p->state);
	free(p->state);
	p->state = NULL;
	p->lang = NULL;
	p->where = FRONT;
	p->after_uel = true;
	p->len = 0;
	p->hint[0] = '\0';
}

static const struct pdl_language *
sniff(const struct rel_pdl *p)
{
	const struct pdl_language *best = &pdl_unknown_language;
	int most = 0;

	for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
		int sure = languages[i]->sniff(p->head, p->len);

		if (sure > most) {
			most = sure;
			best = languages[i];
		}
	}
	return best;
}

static void
enter(struct rel_pdl *p)
{
	const struct pdl_language *lang = pjl_language(p->hint);
	const char *name;

	/* A name we know is believed; else the bytes say what it is. */
	if (lang == NULL)
		lang = p->hint[0] != '\0' ? &pdl_unknown_language : sniff(p);
	name = lang == &pdl_unknown_language ? p->hint : lang->name;
	if (p->sink.language[0] == '\0')
		rel_text_clean(p->sink.language, sizeof p->sink.language,
		    name);
	p->lang = lang;
	p->state = calloc(1, lang->state_bytes);
	p->where = INSIDE;
	if (p->state == NULL)
		p->broken = true;
	else
		lang->begin(p->state, &p->sink);
}

/* Bytes for the language; returns how many were its own. */
static size_t
inside(struct rel_pdl *p, const uint8_t *b, size_t n)
{
	bool left = false;
	size_t used = p->broken ? n : p->lang->feed(p->state, b, n, &left);

	if (left)
		leave(p);
	return used;
}

/* ---- the front */

/* Take n bytes off the head. */
static void
head_drop(struct rel_pdl *p, size_t n)
{
	memmove(p->head, p->head + n, p->len - n);
	p->len -= n;
}

/*
 * One step in what has come of the front: false when nothing can be said
 * before more comes.  last: nothing more will come.
 */
static bool
front_step(struct rel_pdl *p, bool last)
{
	enum pjl_what what;
	size_t used = 0;

	if (p->len == 0)
		return false;
	what = pjl_look(p->head, p->len, last || p->len == PDL_HEAD,
	    p->after_uel, &used);
	switch (what) {
	case PJL_MORE:
		return false;
	case PJL_UEL:
		p->after_uel = true;
		p->hint[0] = '\0';
		break;
	case PJL_LINE:
		pjl_line(&p->sink, (const char *)p->head, used, p->hint,
		    sizeof p->hint);
		break;
	case PJL_SKIP:
		break;
	case PJL_DATA:
		/* The whole head helps to find out what it is. */
		if (!last && p->len < PDL_HEAD)
			return false;
		enter(p);
		return false;
	}
	head_drop(p, used);
	return true;
}

static void
front(struct rel_pdl *p, bool last)
{
	while (p->where == FRONT && front_step(p, last))
		;
}

/* The head was the beginning of the language after all. */
static void
head_to_language(struct rel_pdl *p, bool last)
{
	uint8_t copy[PDL_HEAD];
	size_t n = p->len, used;

	while (p->where == INSIDE && n > 0) {
		memcpy(copy, p->head, n);
		p->len = 0;
		used = inside(p, copy, n);
		if (used == n)
			return;
		n -= used;
		memcpy(p->head, copy + used, n);
		p->len = n;
		front(p, last);
		n = p->len;
	}
}

void
rel_pdl_feed(struct rel_pdl *p, const void *data, size_t n)
{
	const uint8_t *b = data;

	p->any = p->any || n > 0;
	while (n > 0) {
		size_t take;

		if (p->where == INSIDE) {
			take = inside(p, b, n);
		} else {
			take = PDL_HEAD - p->len;
			if (take > n)
				take = n;
			memcpy(p->head + p->len, b, take);
			p->len += take;
			front(p, false);
			head_to_language(p, false);
		}
		b += take;
		n -= take;
	}
}

void
rel_pdl_end(struct rel_pdl *p, struct rel_facts *out)
{
	if (p->where == FRONT) {
		front(p, true);
		head_to_language(p, true);
	}
	if (p->where == INSIDE)
		leave(p);
	pdl_sink_facts(&p->sink, out);
	if (!p->any)
		rel_facts_refuse(out, REL_REFUSED_EMPTY,
		    "The document is empty.");
	else if (p->broken)
		out->pages_sure = out->colour_sure = REL_SURE_UNKNOWN;
}
