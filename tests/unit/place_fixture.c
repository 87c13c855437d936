/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What tests of readers of files share. */
#include "tests/unit/place_fixture.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

void
bad_text_check(const struct bad_text *row, bool taken,
    const struct rel_place *at)
{
	if (taken)
		fail_msg("taken: %s", row->text);
	if (at->line != row->line || strcmp(at->word, row->word) != 0 ||
	    strstr(at->text, row->says) == NULL)
		fail_msg("%s: line %u, \"%s\": %s", row->text, at->line,
		    at->word, at->text);
}

void
good_text_check(const char *text, bool taken, const struct rel_place *at)
{
	if (!taken)
		fail_msg("line %u, \"%s\": %s\n%s", at->line, at->word,
		    at->text, text);
}

char *
text_repeat(const char *before, const char *text, size_t times,
    const char *after)
{
	size_t n = strlen(before), each = strlen(text), end = strlen(after);
	char *all = malloc(n + each * times + end + 1);

	assert_non_null(all);
	memcpy(all, before, n);
	for (size_t i = 0; i < times; i++)
		memcpy(all + n + i * each, text, each);
	memcpy(all + n + each * times, after, end + 1);
	return all;
}
