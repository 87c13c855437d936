/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Addresses as administrators write them; what drivers say they found. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/ranges.h"
#include "releaserd/discovery_wire.h"

static struct rel_ranges ranges;
static struct found list[DISCOVER_FOUND_MAX], again[DISCOVER_FOUND_MAX];

static void
addresses(const char *text)
{
	struct rel_ranges_at at = { 0 };
	char one[REL_HOST_NAME_MAX];
	struct rel_err err;
	uint64_t n, seen = 0;

	if (rel_ranges_read(&ranges, text, true, &err) < 0) {
		FUZZ_MUST(ranges.n == 0);
		return;
	}
	n = rel_ranges_size(&ranges);
	while (seen < 1000 && rel_ranges_next(&ranges, &at, one)) {
		FUZZ_MUST(rel_ranges_have(&ranges, one));
		seen++;
	}
	FUZZ_MUST(seen == (n < 1000 ? n : 1000));
	rel_ranges_fini(&ranges);
}

static void
found(const uint8_t *p, size_t n)
{
	struct rel_buf b;
	size_t m, k;

	if (found_list_get(list, &m, p, n) < 0)
		return;
	rel_buf_init(&b);
	found_list_put(&b, list, m);
	FUZZ_MUST(!b.failed && found_list_get(again, &k, b.data, b.len) == 0);
	FUZZ_MUST(k == m);
	rel_buf_fini(&b);
}

static void
question(const char *p, size_t n)
{
	char line[DISCOVER_LINE_MAX];
	enum discover_kind kind;
	size_t lines = 0;

	if (discover_kind_get(&p, &n, &kind) < 0)
		return;
	while (discover_next(&p, &n, line))
		FUZZ_MUST(line[0] != '\0' && lines++ < 100000);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text;

	if (n == 0 || n > 100000 || (text = malloc(n)) == NULL)
		return 0;
	memcpy(text, p + 1, n - 1);
	text[n - 1] = '\0';
	if (p[0] % 3 == 0)
		addresses(text);
	else if (p[0] % 3 == 1)
		found(p + 1, n - 1);
	else
		question(text, n - 1);
	free(text);
	return 0;
}
