/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/words.h"

#include <stdbool.h>

/* One word from *s on; *s is left behind it. False: a quote is open. */
static bool
word_take(char **s)
{
	char *in = *s, *out = *s;
	bool quoted = false;

	for (; *in != '\0' && (quoted || (*in != ' ' && *in != '\t')); in++) {
		if (*in == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && *in == '\\' && (in[1] == '"' || in[1] == '\\'))
			in++;
		*out++ = *in;
	}
	*s = *in == '\0' ? in : in + 1;
	*out = '\0';
	return !quoted;
}

int
words_split(char *line, char **words)
{
	int n = 0;

	for (;;) {
		while (*line == ' ' || *line == '\t' || *line == '\r')
			line++;
		if (*line == '\0' || (*line == '#' &&
		    (line[1] < '0' || line[1] > '9')))
			return n;
		if (n == WORDS_MAX)
			return -1;
		words[n++] = line;
		if (!word_take(&line))
			return -1;
	}
}
