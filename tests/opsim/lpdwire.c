/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/lpdwire.h"

#include <stdio.h>
#include <string.h>

#include "lib/text.h"

#define REF_DIGITS 10u

static void
take(char *out, size_t size, const char *p, size_t n)
{
	if (n >= size)
		n = size - 1;
	memcpy(out, p, n);
	out[n] = '\0';
}

void
lpd_first_parse(struct lpd_first *out, const char *line, size_t n)
{
	size_t len;

	*out = (struct lpd_first){ .command = LPD_BAD };
	if (n < 2 || line[0] < 1 || line[0] > 5 ||
	    memchr(line, '\0', n) != NULL)
		return;
	for (len = 1; len < n && line[len] != ' '; len++)
		;
	if (len < 2 || len - 1 >= sizeof out->queue)
		return;
	take(out->queue, sizeof out->queue, line + 1, len - 1);
	out->command = (enum lpd_command)line[0];
}

void
lpd_second_parse(struct lpd_second *out, const char *line, size_t n)
{
	uint64_t v = 0;
	size_t i = 1;

	*out = (struct lpd_second){ .sub = LPD_SUB_BAD };
	if (n < 1 || line[0] < 1 || line[0] > 3 ||
	    memchr(line, '\0', n) != NULL)
		return;
	if (line[0] == 1) {
		out->sub = LPD_SUB_ABORT;
		return;
	}
	for (; i < n && line[i] >= '0' && line[i] <= '9'; i++) {
		if (i > 15)
			return;
		v = v * 10 + (uint64_t)(line[i] - '0');
	}
	if (i == 1 || i + 1 >= n || line[i] != ' ' ||
	    n - i - 1 >= sizeof out->name)
		return;
	take(out->name, sizeof out->name, line + i + 1, n - i - 1);
	out->bytes = v;
	out->sub = line[0] == 2 ? LPD_SUB_CONTROL : LPD_SUB_DATA;
}

/* "OP" and ten digits of Crockford base32, then a blank or the end. */
static void
control_ref(struct lpd_control *c)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	const char *s = c->name;
	const char *rest = s;

	if (strncmp(s, "OP", 2) == 0 &&
	    strspn(s + 2, digits) == REF_DIGITS &&
	    (s[2 + REF_DIGITS] == ' ' || s[2 + REF_DIGITS] == '\0')) {
		take(c->ref, sizeof c->ref, s + 2, REF_DIGITS);
		rest = s + 2 + REF_DIGITS;
		rest += *rest == ' ';
	}
	take(c->title, sizeof c->title, rest, strlen(rest));
}

static void
control_line(struct lpd_control *c, char *df, const char *line, size_t n)
{
	const char *s = line + 1;

	switch (line[0]) {
	case 'H':
		take(c->host, sizeof c->host, s, n - 1);
		break;
	case 'P':
		take(c->user, sizeof c->user, s, n - 1);
		break;
	case 'J':
		take(c->name, sizeof c->name, s, n - 1);
		break;
	case 'N':
		take(c->file, sizeof c->file, s, n - 1);
		break;
	default:
		if (line[0] < 'a' || line[0] > 'z')
			break;
		c->lines++;
		if (df[0] == '\0')
			take(df, 256, s, n - 1);
		if (strlen(df) == n - 1 && memcmp(df, s, n - 1) == 0)
			c->copies++;
	}
}

bool
lpd_control_parse(struct lpd_control *out, const char *p, size_t n)
{
	const char *end = p + n, *lf;
	char df[256] = "";

	*out = (struct lpd_control){ .copies = 0 };
	if (n == 0 || memchr(p, '\0', n) != NULL)
		return false;
	for (; p < end; p = lf + 1) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL ||
		    lf - p > 510)
			return false;
		if (lf > p)
			control_line(out, df, p, (size_t)(lf - p));
	}
	if (out->copies == 0)
		out->copies = 1;
	control_ref(out);
	return true;
}
