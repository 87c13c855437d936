/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/functions.h"

#include <stdio.h>
#include <string.h>

#define GROUP(id, name, words)
#define FUNCTION(id, group, key, where, drives, words)
#define USES(route, id)

const struct function_group_row function_groups[FG_COUNT] = {
#undef GROUP
#define GROUP(id, name, words) [FG_##id] = { name, words },
#include "releaserd/functions.def"
#undef GROUP
#define GROUP(id, name, words)
};

const struct function_row functions_table[FN_COUNT] = {
#undef FUNCTION
#define FUNCTION(id, group, key, where, drives, words) \
	[FN_##id] = { key, FG_##group, AT_##where, drives, words },
#include "releaserd/functions.def"
#undef FUNCTION
#define FUNCTION(id, group, key, where, drives, words)
};

/* One more than the function, so that 0 is none. */
static const unsigned char needs[ROUTE_COUNT] = {
#undef USES
#define USES(route, id) [route] = FN_##id + 1,
#include "releaserd/functions.def"
#undef USES
};
_Static_assert(FN_COUNT < 255, "functions of routes are kept in a byte");

const char *
function_where_word(enum function_where where)
{
	static const char *const words[] = { "device", "panel", "server" };

	return words[where];
}

bool
function_parse(struct function_ref *out, const char *text)
{
	out->is_group = text[0] == '@';
	for (int i = 0; out->is_group && i < FG_COUNT; i++)
		if (strcmp(function_groups[i].name, text + 1) == 0) {
			out->which = i;
			return true;
		}
	for (int i = 0; !out->is_group && i < FN_COUNT; i++)
		if (strcmp(functions_table[i].key, text) == 0) {
			out->which = i;
			return true;
		}
	return false;
}

void
function_text(char out[40], const struct function_ref *ref)
{
	snprintf(out, 40, "%s%s", ref->is_group ? "@" : "", ref->is_group ?
	    function_groups[ref->which].name :
	    functions_table[ref->which].key);
}

static void
manual_group(FILE *out, int group)
{
	fprintf(out, ".Ss %s: @%s\n.Bl -tag -width Ds\n",
	    function_groups[group].words, function_groups[group].name);
	for (int f = 0; f < FN_COUNT; f++)
		if ((int)functions_table[f].group == group)
			fprintf(out, ".It Cm %s\n%s.\n(%s: %s)\n",
			    functions_table[f].key, functions_table[f].words,
			    function_where_word(functions_table[f].where),
			    functions_table[f].drives);
	fprintf(out, ".El\n");
}

void
functions_manual(FILE *out)
{
	for (int g = 0; g < FG_COUNT; g++)
		manual_group(out, g);
}

int
function_of_route(enum req_route route)
{
	return (int)needs[route] - 1;
}
