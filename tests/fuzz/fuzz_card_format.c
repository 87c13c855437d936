/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Card numbers: a line with a format, one with what was read, one with ranges.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/card_format.h"

static void
numbers(const struct rel_card_format *f, const char *value, const char *ranges)
{
	char out[REL_CARD_NUMBER], again[REL_CARD_NUMBER];
	struct rel_err err;

	for (int ascii = 0; ascii < 2; ascii++) {
		if (rel_card_number(out, f, value, ascii != 0, &err) < 0) {
			FUZZ_MUST(out[0] == '\0');
			continue;
		}
		FUZZ_MUST(out[0] != '\0' && strlen(out) < sizeof out);
		FUZZ_MUST(f->length == 0 || strlen(out) == (size_t)f->length);
		FUZZ_MUST(rel_card_number(again, f, value, ascii != 0,
		    &err) == 0 && strcmp(out, again) == 0);
		if (rel_card_ranges_check(ranges, &err) == 0)
			(void)rel_card_in_ranges(ranges, out);
		else
			FUZZ_MUST(!rel_card_in_ranges("x", out));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rel_card_format f = { .kind = REL_CARD_HEX }, g;
	char text[1024], back[REL_CARD_FORMAT_TEXT], *value, *ranges;
	struct rel_err err;

	if (n >= sizeof text)
		return 0;
	memcpy(text, p, n);
	text[n] = '\0';
	value = strchr(text, '\n');
	if (value == NULL)
		return 0;
	*value++ = '\0';
	if ((ranges = strchr(value, '\n')) != NULL)
		*ranges++ = '\0';
	if (rel_card_format_read(&f, text, &err) == 0) {
		rel_card_format_text(back, &f);
		FUZZ_MUST(rel_card_format_read(&g, back, &err) == 0 &&
		    rel_card_format_same(&f, &g));
	}
	for (unsigned k = 0; k < REL_CARD_KINDS; k++) {
		f.kind = (enum rel_card_kind)k;
		numbers(&f, value, ranges != NULL ? ranges : "");
	}
	return 0;
}
