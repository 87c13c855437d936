/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/admin/admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ROWS_MAX 80u
#define DEPTH_MAX 5u

static void
put_row(json_t *rows, const char *name, const json_t *v)
{
	char text[300];

	switch (json_typeof(v)) {
	case JSON_STRING:
		snprintf(text, sizeof text, "%s", json_string_value(v));
		break;
	case JSON_INTEGER:
		snprintf(text, sizeof text, "%" PRId64,
		    (int64_t)json_integer_value(v));
		break;
	case JSON_REAL:
		snprintf(text, sizeof text, "%g", json_real_value(v));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		snprintf(text, sizeof text, "%s", json_is_true(v) ? "yes" :
		    "no");
		break;
	default:
		return;
	}
	if (json_array_size(rows) < ROWS_MAX)
		json_array_append_new(rows, json_pack("{s:s,s:s%}", "name",
		    name, "value", text, strlen(text)));
}

/* A name from a device is text of no known kind: "marker_level" reads as
 * "marker level". */
static void
name_join(char out[120], const char *in, const char *more)
{
	snprintf(out, 120, "%.60s%s%.50s", in, in[0] != '\0' ? " " : "", more);
	for (char *p = out; *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
}

static void
flatten(json_t *rows, const char *name, const json_t *v, unsigned depth)
{
	char next[120], number[24];
	const char *key;
	json_t *e;
	size_t i;

	if (depth > DEPTH_MAX)
		return;
	if (json_is_object(v)) {
		json_object_foreach((json_t *)(uintptr_t)v, key, e) {
			name_join(next, name, key);
			flatten(rows, next, e, depth + 1);
		}
	} else if (json_is_array(v)) {
		json_array_foreach(v, i, e) {
			snprintf(number, sizeof number, "%zu", i + 1);
			name_join(next, name, number);
			flatten(rows, next, e, depth + 1);
		}
	} else {
		put_row(rows, name, v);
	}
}

json_t *
admin_reported(const json_t *device)
{
	static const char *const known[] = { "state", "reasons", "session" };
	json_t *status = json_object_get(device, "status");
	json_t *rest = json_is_object(status) ? json_copy(status) :
	    json_object();
	json_t *rows = json_array();

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		json_object_del(rest, known[i]);
	flatten(rows, "", rest, 0);
	json_decref(rest);
	return rows;
}
