/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A directory's settings, and a name that somebody types.  Input: byte length
 * of the name, the name, the settings.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/text.h"
#include "releaserd/directory.h"

static size_t
count(const char *s, char c)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += *s == c;
	return n;
}

/* Whatever was typed: the filter is one, and has the shape it had. */
static void
filled(const struct directory *d, const char *name)
{
	char out[REL_CONF_TEXT_MAX * 256];

	FUZZ_MUST(directory_fill(out, sizeof out, d->user_filter, name));
	FUZZ_MUST(directory_filter_ok(out));
	FUZZ_MUST(count(out, '(') == count(d->user_filter, '('));
	FUZZ_MUST(count(out, '*') == count(d->user_filter, '*'));
	FUZZ_MUST(directory_fill(out, sizeof out, d->user_name, name));
	if (strchr(d->user_name, '=') == NULL)
		return;
	FUZZ_MUST(directory_dn_ok(out));
	FUZZ_MUST(count(out, ',') == count(d->user_name, ','));
	FUZZ_MUST(count(out, '+') == count(d->user_name, '+'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct directory d;
	struct rel_err err = { 0, "" };
	const char *directive;
	char name[256];
	size_t len;

	if (n == 0 || n - 1 < p[0])
		return 0;
	len = *p++;
	memcpy(name, p, len);
	name[len] = '\0';
	if (directory_parse(&d, p + len, n - 1 - len, "fuzz", &directive,
	    &err) < 0) {
		FUZZ_MUST(err.code != 0 && err.text[0] != '\0');
		return 0;
	}
	FUZZ_MUST(d.nservers >= 1 && d.nservers <= DIRECTORY_SERVERS_MAX);
	for (uint32_t i = 0; i < d.nservers; i++)
		FUZZ_MUST(d.server[i].host[0] != '\0' &&
		    d.server[i].port != 0);
	if (directory_name_ok(name, len))
		filled(&d, name);
	return 0;
}
