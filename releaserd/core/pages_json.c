/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The pages and options of a job in the local API (doc/local-api.md). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media.h"
#include "lib/names.h"
#include "releaserd/core/core.h"

static const char *
sure_word(int sure)
{
	return sure == REL_SURE_EXACT ? "exact" : sure == REL_SURE_BOUND ?
	    "bound" : "unknown";
}

static json_t *
word_or_null(const char *word)
{
	return word != NULL && word[0] != '\0' ? json_string(word) :
	    json_null();
}

static json_t *
media_json(const struct rel_facts *f)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < f->nmedia; i++) {
		const struct rel_facts_media *m = &f->media[i];
		char name[64];

		rel_media_name(name, sizeof name, m->width, m->height);
		json_array_append_new(all, json_pack("{s:s,s:f,s:f,s:I}",
		    "name", name, "width_mm", m->width / 100.0, "height_mm",
		    m->height / 100.0, "sides", (json_int_t)m->sides));
	}
	return all;
}

/* What comes out, one copy. */
static json_t *
papers_json(const struct job_count *n)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < n->papers.n; i++) {
		const struct rel_paper *p = &n->papers.of[i];
		char name[64];

		rel_media_name(name, sizeof name, p->width, p->height);
		json_array_append_new(all, json_pack("{s:s,s:I,s:I,s:I}",
		    "media", name, "sides", (json_int_t)p->sides,
		    "colour_sides", (json_int_t)p->colour, "sheets",
		    (json_int_t)p->sheets));
	}
	return all;
}

static json_t *
fonts_json(const struct rel_facts *f)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < f->nfonts; i++)
		json_array_append_new(all, json_string(f->fonts[i]));
	return all;
}

static json_t *
coverage_json(const struct rel_facts *f)
{
	if (f->coverage[3] < 0)
		return json_null();
	return json_pack("{s:f,s:f,s:f,s:f}", "c", f->coverage[0] / 100.0,
	    "m", f->coverage[1] / 100.0, "y", f->coverage[2] / 100.0, "k",
	    f->coverage[3] / 100.0);
}

/* What went out, once it did. */
static json_t *
out_json(const struct job *j)
{
	if (j->out.sides == 0)
		return json_null();
	return json_pack("{s:I,s:I,s:I,s:I,s:I}", "sides",
	    (json_int_t)j->out.sides, "sheets", (json_int_t)j->out.sheets,
	    "colour_sides", (json_int_t)j->out.colour, "copies",
	    (json_int_t)j->out_copies, "impressions",
	    (json_int_t)(j->out.sides * j->out_copies));
}

json_t *
pages_json(struct core *c, const struct job *j)
{
	const struct job_count *n = &j->count;
	struct rel_facts f;
	json_t *o;

	(void)store_job_facts(c->st, j->id, &f);
	o = json_pack("{s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:s,s:s,s:s,s:o,s:b}",
	    "language", word_or_null(n->language),
	    "input_pages", (json_int_t)n->pages,
	    "sides", (json_int_t)n->sides, "sheets", (json_int_t)n->sheets,
	    "copies", (json_int_t)j->copies, "impressions",
	    (json_int_t)(n->sides * j->copies), "colour_sides",
	    (json_int_t)n->colour, "colour_pages", f.colour_pages,
	    "pages_sure", sure_word(n->pages_sure), "colour_sure",
	    sure_word(n->colour_sure), "duplex",
	    word_or_null(pages_sides_word(j)), "encrypted", f.encrypted);
	if (o == NULL)
		return NULL;
	json_object_set_new(o, "media", media_json(&f));
	json_object_set_new(o, "papers", papers_json(n));
	json_object_set_new(o, "fonts_missing", fonts_json(&f));
	json_object_set_new(o, "coverage", coverage_json(&f));
	json_object_set_new(o, "refused", word_or_null(f.refused));
	json_object_set_new(o, "reason", json_string(f.reason));
	json_object_set_new(o, "counting", json_boolean(j->look ==
	    LOOK_WANTED));
	json_object_set_new(o, "printed", out_json(j));
	return o;
}

json_t *
pages_application_json(const struct job *j)
{
	if (j->app.name[0] == '\0' && j->app.producer[0] == '\0')
		return json_null();
	return json_pack("{s:o,s:o,s:o}", "name", word_or_null(j->app.name),
	    "producer", word_or_null(j->app.producer), "source",
	    word_or_null(rel_application_from_word(j->app.from)));
}

json_t *
pages_options_json(const struct job *j)
{
	static const char *const colours[] = {
		[REL_COLOUR_UNSAID] = NULL, [REL_COLOUR_MONO] = "mono",
		[REL_COLOUR_COLOUR] = "color"
	};
	static const char *const sides[] = {
		[REL_DUPLEX_UNSAID] = NULL, [REL_DUPLEX_NONE] = "one-sided",
		[REL_DUPLEX_LONG] = "two-sided-long-edge",
		[REL_DUPLEX_SHORT] = "two-sided-short-edge",
		[REL_DUPLEX_MIXED] = NULL
	};
	struct rel_ticket t;
	json_t *o;

	pages_ticket(j, &t);
	o = json_pack("{s:I,s:o,s:o,s:o,s:i,s:o,s:o,s:o,s:o,s:o,s:o}",
	    "copies", (json_int_t)t.copies,
	    "color", word_or_null(colours[t.colour]),
	    "sides", word_or_null(sides[t.sides]),
	    "pages", word_or_null(t.pages), "number_up", (int)t.number_up,
	    "media", word_or_null(t.media), "tray", word_or_null(t.tray),
	    "finishings", rel_names_list(t.finishings),
	    "output_bin", word_or_null(t.output_bin),
	    "quality", word_or_null(t.quality),
	    "account", word_or_null(t.account));
	return o;
}
