/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/environment.h"

#include <stdio.h>

static json_int_t
count_of(const json_t *row, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(row, key));

	return n > 0 ? n : 0;
}

/* One decimal, rounded; no locale. */
static void
put_decimal(json_t *row, const char *key, double v)
{
	long long tenths = v < 1e17 ? (long long)(v * 10 + 0.5) :
	    1000000000000000000LL;
	char text[32];

	snprintf(text, sizeof text, "%lld.%lld", tenths / 10, tenths % 10);
	json_object_set_new(row, key, json_string(text));
}

void
rel_environment_row(json_t *row, const struct rel_environment *e)
{
	json_int_t sheets = count_of(row, "sheets");
	json_int_t sides = count_of(row, "sides");
	json_int_t saved = sides > sheets ? sides - sheets : 0;

	json_object_set_new(row, "saved", json_integer(saved));
	put_decimal(row, "trees", (double)sheets / e->sheets_per_tree);
	put_decimal(row, "co2_kg", (double)sheets * e->co2_grams / 1000);
	put_decimal(row, "saved_trees", (double)saved / e->sheets_per_tree);
	put_decimal(row, "saved_co2_kg", (double)saved * e->co2_grams / 1000);
}
