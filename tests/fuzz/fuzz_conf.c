/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The configuration reader with one item of each type. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/conf.h"
#include "lib/text.h"

struct values {
	int64_t num, flag, time, size, choice;
	char text[REL_CONF_TEXT_MAX];
};

static const struct rel_conf_item items[] = {
	{ "Num", REL_CONF_INT, offsetof(struct values, num), -5, 500, 0,
	    NULL, "1", "" },
	{ "Flag", REL_CONF_BOOL, offsetof(struct values, flag), 0, 0, 0,
	    NULL, "no", "" },
	{ "Time", REL_CONF_TIME, offsetof(struct values, time), 1000, 60000,
	    1, NULL, "10s", "" },
	{ "Size", REL_CONF_SIZE, offsetof(struct values, size), 10, INT64_MAX,
	    0, NULL, "10k", "" },
	{ "Choice", REL_CONF_CHOICE, offsetof(struct values, choice), 0, 0, 0,
	    "red|green|blue", "red", "" },
	{ "Text", REL_CONF_TEXT, offsetof(struct values, text), 1, 20, 0,
	    NULL, "x", "" },
};
static const struct rel_conf_table table = {
	items, sizeof items / sizeof items[0]
};

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rel_err err = { 0, "" };
	struct values v;

	memset(&v, 0, sizeof v);
	rel_conf_defaults(&table, &v);
	if (rel_conf_parse(&table, &v, (const char *)p, n, "fuzz",
	    &err) < 0) {
		FUZZ_MUST(strncmp(err.text, "fuzz:", 5) == 0);
		FUZZ_MUST(strchr(err.text, '\n') == NULL);
		return 0;
	}
	FUZZ_MUST(v.num >= -5 && v.num <= 500);
	FUZZ_MUST(v.flag == 0 || v.flag == 1);
	FUZZ_MUST(v.time == 0 || (v.time >= 1000 && v.time <= 60000));
	FUZZ_MUST(v.size >= 10);
	FUZZ_MUST(v.choice >= 0 && v.choice <= 2);
	FUZZ_MUST(strlen(v.text) >= 1 && strlen(v.text) <= 20);
	FUZZ_MUST(rel_utf8_ok(v.text, strlen(v.text)));
	return 0;
}
