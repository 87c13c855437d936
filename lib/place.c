/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/place.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/err.h"
#include "lib/text.h"

int
rel_place_set(struct rel_place *at, unsigned line, const char *word,
    const char *fmt, ...)
{
	va_list ap;

	if (at == NULL)
		return -REL_E_FORMAT;
	memset(at, 0, sizeof *at);
	at->line = line;
	rel_text_clean(at->word, sizeof at->word, word == NULL ? "" : word);
	va_start(ap, fmt);
	vsnprintf(at->text, sizeof at->text, fmt, ap);
	va_end(ap);
	rel_text_clean(at->text, sizeof at->text, at->text);
	return -REL_E_FORMAT;
}

void
rel_place_text(const struct rel_place *at, char *out, unsigned size)
{
	char line[32] = "";

	if (at->line > 0)
		snprintf(line, sizeof line, "line %u%s", at->line,
		    at->word[0] != '\0' ? ", " : ": ");
	if (at->word[0] != '\0')
		snprintf(out, size, "%s\"%s\": %s", line, at->word, at->text);
	else
		snprintf(out, size, "%s%s", line, at->text);
	rel_text_clean(out, size, out);
}
