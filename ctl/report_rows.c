/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The rows of reports, put together and written as CSV. */
#include <stdio.h>
#include <string.h>

#include "ctl/report.h"
#include "lib/csv.h"

#define NOBODY "-"

json_t *
report_row(json_t *rows, const char *key, const char *const *numbers)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		const char *have = json_string_value(json_object_get(row,
		    "key"));

		if (have != NULL && strcmp(have, key) == 0)
			return row;
	}
	row = json_pack("{s:s}", "key", key);
	for (; *numbers != NULL; numbers++)
		json_object_set_new(row, *numbers, json_integer(0));
	return json_array_append_new(rows, row) == 0 ? row : NULL;
}

void
report_add(json_t *to, const json_t *from, const char *const *numbers)
{
	for (; *numbers != NULL; numbers++)
		json_object_set_new(to, *numbers, json_integer(
		    json_integer_value(json_object_get(to, *numbers)) +
		    json_integer_value(json_object_get(from, *numbers))));
}

json_t *
report_by_group(const json_t *rows, const struct rel_group_sets *sets,
    const char *const *numbers)
{
	const char *names[REL_REPLAY_GROUPS_MAX];
	json_t *out = json_array(), *row;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
		const char *user = json_string_value(json_object_get(row,
		    "key"));
		size_t n = rel_group_sets_of(sets, user != NULL ? user : "",
		    names, REL_REPLAY_GROUPS_MAX);

		if (n == 0)
			report_add(report_row(out, NOBODY, numbers), row,
			    numbers);
		for (size_t k = 0; k < n; k++)
			report_add(report_row(out, names[k], numbers), row,
			    numbers);
	}
	return out;
}

void
report_csv(struct rel_buf *b, const json_t *rows,
    const struct ctl_column *columns)
{
	json_t *row;
	size_t i;

	for (const struct ctl_column *k = columns; k->key != NULL; k++)
		rel_csv_put(b, k->key, k == columns);
	rel_csv_end(b);
	json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
		for (const struct ctl_column *k = columns; k->key != NULL;
		    k++) {
			const json_t *v = json_object_get(row, k->key);
			char text[32] = "";

			if (json_is_integer(v))
				snprintf(text, sizeof text, "%lld",
				    (long long)json_integer_value(v));
			rel_csv_put(b, json_is_string(v) ?
			    json_string_value(v) : text, k == columns);
		}
		rel_csv_end(b);
	}
}
