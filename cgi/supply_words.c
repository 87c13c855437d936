/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/supply_words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cgi/cgi.h"

struct supply_word {
	const char *value, *words;
};
#define COUNT(table) (sizeof (table) / sizeof (table)[0])

/* What devices have most comes first (prtMarkerSuppliesType, marker-types). */
static const struct supply_word kinds[] = {
	{ "toner", N_("toner") }, { "ink", N_("ink") },
	{ "waste-toner", N_("waste toner") },
	{ "waste-ink", N_("waste ink") }, { "drum", N_("drum") },
	{ "fuser", N_("fuser") }, { "transfer", N_("transfer belt") },
	{ "developer", N_("developer") }, { "staples", N_("staples") },
	{ "roller", N_("roller") }, { "cleaner", N_("cleaning unit") },
	{ "maintenance-kit", N_("maintenance kit") },
	{ "ink-ribbon", N_("ink ribbon") }, { "solid-wax", N_("solid ink") },
	{ "fuser-oil", N_("fuser oil") }, { "binding", N_("binding") },
	{ "stitching-wire", N_("stitching wire") }, { "other", N_("other") }
};

/* As they call it; CUPS's marker-colors are those of web pages. */
static const struct supply_word colors[] = {
	{ "black", N_("black") }, { "#000000", N_("black") },
	{ "cyan", N_("cyan") }, { "#00ffff", N_("cyan") },
	{ "magenta", N_("magenta") }, { "#ff00ff", N_("magenta") },
	{ "yellow", N_("yellow") }, { "#ffff00", N_("yellow") },
	{ "light-cyan", N_("light cyan") },
	{ "light-magenta", N_("light magenta") },
	{ "gray", N_("gray") }, { "light-gray", N_("light gray") },
	{ "photo-black", N_("photo black") },
	{ "matte-black", N_("matte black") },
	{ "multi-color", N_("several colours") },
	{ "#00ffff#ff00ff#ffff00", N_("several colours") },
	{ "white", N_("white") }, { "none", "" }, { "unknown", "" }
};

/* Words for a member; what nobody knows stays as it is. */
static json_t *
words(const struct supply_word *w, size_t n, const json_t *member)
{
	const char *value = json_string_value(member);

	if (value == NULL)
		return json_string("");
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(w[i].value, value) == 0)
			return json_string(w[i].words[0] != '\0' ?
			    tr(w[i].words) : "");
	return json_string(value);
}

static json_t *
left_words(const json_t *supply, bool known)
{
	char text[24];

	if (known) {
		snprintf(text, sizeof text, "%d %%", (int)json_integer_value(
		    json_object_get(supply, "percent")));
		return json_string(text);
	}
	return json_string(json_integer_value(json_object_get(supply,
	    "level")) == -3 ? tr("some") : tr("unknown"));
}

void
supply_words(json_t *supply)
{
	const json_t *percent = json_object_get(supply, "percent");
	bool known = json_is_integer(percent) &&
	    json_integer_value(percent) >= 0;

	json_object_set_new(supply, "known", json_boolean(known));
	json_object_set_new(supply, "left", left_words(supply, known));
	json_object_set_new(supply, "kind_words", words(kinds, COUNT(kinds),
	    json_object_get(supply, "kind")));
	json_object_set_new(supply, "color_words", words(colors,
	    COUNT(colors), json_object_get(supply, "color")));
	if (json_string_length(json_object_get(supply, "name")) == 0)
		json_object_set(supply, "name", json_object_get(supply,
		    "kind_words"));
}

json_t *
supply_kinds(const char *now)
{
	json_t *list = json_array();

	for (size_t i = 0; i < COUNT(kinds); i++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:b}",
		    "value", kinds[i].value, "words", tr(kinds[i].words),
		    "chosen", strcmp(kinds[i].value, now) == 0));
	return list;
}
