/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/native.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/opsim/state.h"

/* ---- functions of a session, restrictions outside of one */

static const struct {
	const char *what, *allow, *outside;
} plain[] = {
	{ "copy", "copy.allow", "copy" },
	{ "scan", "scan.allow", "scan" },
	{ "fax", "fax.allow", "fax" },
	{ "fax-in", "fax.receive", NULL },
	{ "print-from-usb", "usb.print_from", "usb_print_from" },
	{ "scan-to-usb", "usb.scan_to", "usb_scan_to" },
	{ "storage", "storage.allow", "storage" },
	{ "settings", "settings.allow", NULL }
};

static bool
has_word(const json_t *functions, const char *list, const char *word)
{
	const json_t *all = json_at(functions, list), *one;
	size_t i;

	json_array_foreach((json_t *)all, i, one)
		if (strcmp(json_string_value(one), word) == 0)
			return true;
	return false;
}

static bool
is_true(const json_t *functions, const char *path)
{
	return json_is_true(json_at(functions, path));
}

static bool
in_color(const json_t *functions, const char *what)
{
	char allow[32], color[32];

	snprintf(allow, sizeof allow, "%s.allow", what);
	snprintf(color, sizeof color, "%s.color", what);
	return is_true(functions, allow) && strcmp(json_str_at(functions,
	    color, ""), "any") == 0;
}

static bool
outside(const json_t *doc, const char *what)
{
	char path[64];

	snprintf(path, sizeof path, "restrictions.unauthenticated.%s", what);
	return strcmp(json_str_at(doc, path, "deny"), "allow") == 0;
}

int
native_try(const char *what, const json_t *f, const json_t *doc)
{
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if (strcmp(plain[i].what, what) == 0)
			return f != NULL ? is_true(f, plain[i].allow) :
			    plain[i].outside != NULL && outside(doc,
			    plain[i].outside);
	if (strcmp(what, "copy-color") == 0 && f == NULL)
		return outside(doc, "copy") && !is_true(doc,
		    "restrictions.rules.force_mono");
	if (strcmp(what, "copy-color") == 0 || strcmp(what, "scan-color") == 0)
		return f != NULL && in_color(f, what[0] == 'c' ? "copy" :
		    "scan");
	if (strncmp(what, "scan-to-", 8) == 0)
		return f != NULL && is_true(f, "scan.allow") && has_word(f,
		    "scan.to", what + 8);
	if (strncmp(what, "settings-", 9) == 0)
		return f != NULL && is_true(f, "settings.allow") &&
		    has_word(f, "settings.menus", what + 9);
	return -1;
}

/* ---- addresses */

/* The bytes of an address, without its port. 4, 16, or 0: it is none. */
static size_t
address(const char *text, uint8_t out[16])
{
	const char *end = strrchr(text, ':');
	char host[64];
	bool v6 = text[0] == '[' || (end != NULL && strchr(text, ':') != end);

	snprintf(host, sizeof host, "%s", text[0] == '[' ? text + 1 : text);
	if (text[0] == '[')
		host[strcspn(host, "]")] = '\0';
	else if (!v6)
		host[strcspn(host, ":")] = '\0';
	if (inet_pton(AF_INET, host, out) == 1)
		return 4;
	return inet_pton(AF_INET6, host, out) == 1 ? 16 : 0;
}

/* "10.0.0.0/8", "10.0.0.2" */
static bool
within(const char *net, const uint8_t from[16], size_t n)
{
	const char *slash = strchr(net, '/');
	uint8_t want[16];
	char host[64];
	unsigned long bits;

	snprintf(host, sizeof host, "%.*s", slash != NULL ?
	    (int)(slash - net) : (int)strlen(net), net);
	if (address(host, want) != n)
		return false;
	bits = slash != NULL ? strtoul(slash + 1, NULL, 10) : n * 8;
	for (size_t i = 0; i < n && bits > 0; i++) {
		unsigned mask = bits >= 8 ? 0xff : 0xffu << (8 - bits) & 0xff;

		if ((want[i] & mask) != (from[i] & mask))
			return false;
		bits = bits > 8 ? bits - 8 : 0;
	}
	return true;
}

bool
native_takes_from(const json_t *doc, const char *from)
{
	const json_t *all = json_at(doc, "restrictions.print_from"), *one;
	uint8_t bytes[16];
	size_t i, n = address(from, bytes);

	if (json_array_size(all) == 0 || outside(doc, "print"))
		return true;
	json_array_foreach((json_t *)all, i, one)
		if (n > 0 && within(json_string_value(one), bytes, n))
			return true;
	return false;
}
