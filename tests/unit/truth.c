/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/truth.h"

#include <stdbool.h>

char truth_folder[TRUTH_FOLDER_BYTES];

FILE *
truth_table(const char *name)
{
	char path[1024];

	snprintf(path, sizeof path, "%s/%s", truth_folder, name);
	return fopen(path, "r");
}

char *
truth_field(char **p)
{
	char *from = *p, *to = *p, *out = *p;
	bool quoted = false;

	if (from == NULL)
		return NULL;
	for (; *from != '\0' && *from != '\n' && *from != '\r'; from++) {
		if (*from == '"')
			quoted = !quoted;
		else if (*from == ',' && !quoted)
			break;
		else
			*to++ = *from;
	}
	*p = *from == ',' ? from + 1 : NULL;
	*to = '\0';
	return out;
}
