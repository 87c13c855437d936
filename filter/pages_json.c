/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <jansson.h>
#include <string.h>

#include "filter/pages.h"
#include "lib/media.h"
#include "lib/text.h"

static const char *
sure_word(unsigned sure)
{
	static const char *const word[] = { "unknown", "bound", "exact" };

	return sure < 3 ? word[sure] : word[0];
}

static const char *
duplex_word(unsigned duplex)
{
	static const char *const word[] = { "unsaid", "one-sided",
	    "two-sided-long-edge", "two-sided-short-edge", "mixed" };

	return duplex < 5 ? word[duplex] : word[0];
}

static json_t *
text_or_null(const char *s)
{
	return s[0] != '\0' ? json_string(s) : json_null();
}

static json_t *
media_of(const struct rel_facts *f)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < f->nmedia; i++) {
		const struct rel_facts_media *m = &f->media[i];
		char name[64];

		rel_media_name(name, sizeof name, m->width, m->height);
		json_array_append_new(list, json_pack("{s:f, s:f, s:s, s:I}",
		    "width_mm", m->width / 100.0,
		    "height_mm", m->height / 100.0, "name", name,
		    "sides", (json_int_t)m->sides));
	}
	return list;
}

static json_t *
fonts_of(const struct rel_facts *f)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < f->nfonts; i++)
		json_array_append_new(list, json_string(f->fonts[i]));
	return list;
}

static json_t *
coverage_of(const struct rel_facts *f)
{
	if (f->coverage[0] < 0)
		return json_null();
	return json_pack("{s:f, s:f, s:f, s:f}",
	    "c", f->coverage[0] / 100.0, "m", f->coverage[1] / 100.0,
	    "y", f->coverage[2] / 100.0, "k", f->coverage[3] / 100.0);
}

static json_t *
application_of(const struct rel_application *a)
{
	if (a->name[0] == '\0' && a->producer[0] == '\0')
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "name", text_or_null(a->name),
	    "producer", text_or_null(a->producer), "source",
	    text_or_null(rel_application_from_word(a->from)));
}

static void
put_numbers(json_t *o, const struct rel_facts *f)
{
	const struct {
		const char *key;
		uint32_t v;
	} n[] = {
		{ "input_pages", f->input_pages }, { "sides", f->sides },
		{ "sheets", f->sheets }, { "copies", f->copies },
		{ "impressions", f->impressions },
		{ "colour_sides", f->colour_sides }
	};

	for (size_t i = 0; i < sizeof n / sizeof n[0]; i++)
		json_object_set_new(o, n[i].key, json_integer(n[i].v));
}

int
pages_json(FILE *out, const char *file, const struct rel_facts *f)
{
	json_t *o = json_object();
	char name[1024];
	int rc;

	rel_text_clean(name, sizeof name, file);
	json_object_set_new(o, "file", json_string(name));
	json_object_set_new(o, "language", text_or_null(f->language));
	put_numbers(o, f);
	json_object_set_new(o, "colour_pages", json_string(f->colour_pages));
	json_object_set_new(o, "colour_pages_cut",
	    json_boolean(f->colour_cut));
	json_object_set_new(o, "pages_sure",
	    json_string(sure_word(f->pages_sure)));
	json_object_set_new(o, "colour_sure",
	    json_string(sure_word(f->colour_sure)));
	json_object_set_new(o, "duplex", json_string(duplex_word(f->duplex)));
	json_object_set_new(o, "media", media_of(f));
	json_object_set_new(o, "fonts_missing", fonts_of(f));
	json_object_set_new(o, "encrypted", json_boolean(f->encrypted));
	json_object_set_new(o, "coverage", coverage_of(f));
	json_object_set_new(o, "application", application_of(&f->app));
	json_object_set_new(o, "refused", text_or_null(f->refused));
	json_object_set_new(o, "reason", text_or_null(f->reason));
	rc = json_dumpf(o, out, JSON_COMPACT | JSON_REAL_PRECISION(6));
	json_decref(o);
	fputc('\n', out);
	return rc < 0 ? -REL_E_NOMEM : 0;
}
