/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Times and words of a query: read, folded, searched for. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/fold.h"
#include "lib/text.h"
#include "releaserd/when.h"

static void
times(const char *text)
{
	int64_t ms, end;

	if (!when_parse(&ms, text, false))
		return;
	FUZZ_MUST(when_parse(&end, text, true));
	FUZZ_MUST(ms >= 0 && end >= ms && end - ms <= 26 * 3600000LL);
	for (int by = WHEN_HOUR; by <= WHEN_MONTH; by++) {
		int64_t start = when_start(ms, (enum when_by)by);
		int64_t next = when_step(start, (enum when_by)by, 1);

		FUZZ_MUST(start <= ms && ms < next);
		FUZZ_MUST(when_start(start, (enum when_by)by) == start);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char text[3000], folded[3000];

	if (n >= sizeof text)
		return 0;
	memcpy(text, p, n);
	text[n] = '\0';
	times(text);
	rel_fold(folded, text, n);
	folded[n] = '\0';
	FUZZ_MUST(strlen(folded) == strlen(text));
	FUZZ_MUST(rel_utf8_ok(folded, n) == rel_utf8_ok(text, n));
	if (n < 2000)
		FUZZ_MUST(rel_fold_has(text, strlen(text), folded));
	rel_fold(text, folded, n);
	FUZZ_MUST(memcmp(text, folded, n) == 0);
	return 0;
}
