/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A setting changed in the text of a file.  Input: byte item, byte length of
 * the value (255: back to the default), the value, the file.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/conf_edit.h"

struct values {
	int64_t num, flag;
	char text[REL_CONF_TEXT_MAX];
};

static const struct rel_conf_item items[] = {
	{ "Num", REL_CONF_INT, offsetof(struct values, num), -5, 500, 0,
	    NULL, "1", "" },
	{ "Flag", REL_CONF_BOOL, offsetof(struct values, flag), 0, 0, 0,
	    NULL, "no", "" },
	{ "Text", REL_CONF_TEXT, offsetof(struct values, text), 0, 20, 0,
	    NULL, "x", "" },
};
static const struct rel_conf_table table = { items, 3 };

/* Lines of a text that are comments or blank: they must all stay. */
static size_t
comments(const uint8_t *p, size_t n)
{
	size_t lines = 0, at = 0;

	while (at < n) {
		const uint8_t *nl = memchr(p + at, '\n', n - at);
		size_t end = nl != NULL ? (size_t)(nl - p) : n, i = at;

		while (i < end && (p[i] == ' ' || p[i] == '\t'))
			i++;
		lines += i < end && p[i] == '#';
		at = end + 1;
	}
	return lines;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rel_conf_change ch;
	struct rel_conf_edit e = { .t = &table, .ch = &ch, .n = 1 };
	struct rel_err err = { 0, "" };
	struct values was, now;
	struct rel_buf out;
	char value[256] = "";
	size_t len;
	int rc;

	if (n < 2)
		return 0;
	len = p[1] == 255 ? 0 : p[1];
	if (len > n - 2)
		len = n - 2;
	memcpy(value, p + 2, len);
	ch.item = p[0] % 4;		/* one of them is none */
	ch.value = p[1] == 255 ? NULL : value;
	p += 2 + len;
	n -= 2 + len;
	e.text = (const char *)p;
	e.len = n;
	rel_buf_init(&out);
	rc = rel_conf_edit(&e, &out, &err);
	if (rc < 0) {
		FUZZ_MUST(err.code != 0 && err.text[0] != '\0');
		rel_buf_fini(&out);
		return 0;
	}
	rel_conf_defaults(&table, &was);
	rel_conf_defaults(&table, &now);
	FUZZ_MUST(rel_conf_parse(&table, &was, (const char *)p, n, "a",
	    &err) == 0);
	FUZZ_MUST(rel_conf_parse(&table, &now, (const char *)out.data,
	    out.len, "b", &err) == 0);
	FUZZ_MUST(rel_conf_set(&items[ch.item], &was, ch.value != NULL ?
	    ch.value : items[ch.item].def, &err) == 0);
	for (size_t i = 0; i < 3; i++)
		FUZZ_MUST(rel_conf_same(&items[i], &was, &now));
	FUZZ_MUST(comments(p, n) == comments(out.data, out.len));
	rel_buf_fini(&out);
	return 0;
}
