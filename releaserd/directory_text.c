/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What an administrator writes as filters, DNs and attributes is checked
 * here; what people type is escaped here, before it stands in one of them.
 */
#include "releaserd/directory.h"

#include <ctype.h>
#include <string.h>

#include "lib/text.h"

#define DEPTH_MAX 16		/* of a filter */
#define NAME_MAX_BYTES 255u

bool
directory_name_ok(const void *s, size_t n)
{
	const unsigned char *p = s;

	if (n == 0 || n > NAME_MAX_BYTES || !rel_utf8_ok(s, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] == 0x7f ||
		    (p[i] == 0xc2 && i + 1 < n && p[i + 1] < 0xa0))
			return false;
	return true;
}

/* ---- attributes */

static bool
letter(char c)
{
	return isascii((unsigned char)c) && isalpha((unsigned char)c);
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters, digits and hyphens; 0 when there is none. */
static size_t
word_len(const char *s)
{
	size_t n = 0;

	while (letter(s[n]) || digit(s[n]) || s[n] == '-')
		n++;
	return n;
}

/* "1.2.840.113556"; 0 when it is none. */
static size_t
oid_len(const char *s)
{
	size_t n = 0, dots = 0;

	while (digit(s[n])) {
		size_t part = strspn(s + n, "0123456789");

		if (part > 1 && s[n] == '0')
			return 0;
		n += part;
		if (s[n] != '.' || !digit(s[n + 1]))
			break;
		n++;
		dots++;
	}
	return dots > 0 ? n : 0;
}

static size_t
attr_len(const char *s)
{
	size_t n = letter(s[0]) ? word_len(s) : oid_len(s);

	while (n > 0 && s[n] == ';') {
		size_t option = word_len(s + n + 1);

		if (option == 0)
			return 0;
		n += 1 + option;
	}
	return n;
}

bool
directory_attr_ok(const char *s)
{
	size_t n = attr_len(s);

	return n > 0 && s[n] == '\0';
}

/* ---- filters: the parsers give what is left of s, or NULL */

static bool
hex_pair(const char *s)
{
	return isxdigit((unsigned char)s[0]) && isxdigit((unsigned char)s[1]);
}

/* An assertion value, with '*' or without. */
static const char *
filter_value(const char *s, bool stars)
{
	for (; *s != ')' && *s != '\0'; s++) {
		if (*s == '(' || (*s == '*' && !stars))
			return NULL;
		if (*s != '\\')
			continue;
		if (!hex_pair(s + 1))
			return NULL;
		s += 2;
	}
	return s;
}

/* attr[:dn][:rule]:=value, behind the attribute. */
static const char *
filter_extensible(const char *s, bool has_attr)
{
	bool has_rule = false;

	if (strncasecmp(s, ":dn:", 4) == 0)
		s += 3;
	if (s[0] == ':' && s[1] != '=') {
		size_t n = letter(s[1]) ? word_len(s + 1) : oid_len(s + 1);

		if (n == 0)
			return NULL;
		s += 1 + n;
		has_rule = true;
	}
	if ((!has_attr && !has_rule) || strncmp(s, ":=", 2) != 0)
		return NULL;
	return filter_value(s + 2, false);
}

static const char *
filter_item(const char *s)
{
	size_t n = attr_len(s);

	s += n;
	if (*s == ':')
		return filter_extensible(s, n > 0);
	if (n == 0)
		return NULL;
	if (*s == '=')
		return filter_value(s + 1, true);
	if ((*s == '~' || *s == '<' || *s == '>') && s[1] == '=')
		return filter_value(s + 2, false);
	return NULL;
}

static const char *
filter_one(const char *s, int depth)	/* NOLINT(misc-no-recursion) */
{
	if (*s != '(' || depth > DEPTH_MAX)
		return NULL;
	s++;
	if (*s == '&' || *s == '|') {
		s++;
		do
			s = filter_one(s, depth + 1);
		while (s != NULL && *s == '(');
	} else if (*s == '!') {
		s = filter_one(s + 1, depth + 1);
	} else {
		s = filter_item(s);
	}
	return s != NULL && *s == ')' ? s + 1 : NULL;
}

bool
directory_filter_ok(const char *s)
{
	size_t n = strlen(s);

	if (!rel_utf8_ok(s, n))
		return false;
	s = filter_one(s, 0);
	return s != NULL && *s == '\0';
}

/* ---- DNs */

/* One value of an RDN, up to what ends it. */
static const char *
dn_value(const char *s)
{
	for (; *s != '\0' && *s != ',' && *s != '+'; s++) {
		if (strchr("\"<>;", *s) != NULL)
			return NULL;
		if (*s != '\\')
			continue;
		if (hex_pair(s + 1))
			s += 2;
		else if (s[1] != '\0' && strchr(" \"#+,;<=>\\", s[1]) != NULL)
			s++;
		else
			return NULL;
	}
	return s;
}

bool
directory_dn_ok(const char *s)
{
	if (!rel_utf8_ok(s, strlen(s)))
		return false;
	for (;;) {
		size_t n;

		s += strspn(s, " ");
		n = attr_len(s);
		s += n;
		s += strspn(s, " ");
		if (n == 0 || *s != '=' || (s = dn_value(s + 1)) == NULL)
			return false;
		if (*s == '\0')
			return true;
		s++;
	}
}

/* ---- what people typed */

bool
directory_escape(char *out, size_t size, const char *value)
{
	static const char hex[] = "0123456789abcdef";
	size_t o = strlen(out);

	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;

		if (o + 3 >= size)
			return false;
		if (c >= 0x80 || letter(*value) || digit(*value) ||
		    strchr("-._@", c) != NULL) {
			out[o++] = *value;
			continue;
		}
		out[o++] = '\\';
		out[o++] = hex[c >> 4];
		out[o++] = hex[c & 15];
	}
	out[o] = '\0';
	return true;
}

static bool
append_plain(char *out, size_t size, const char *value)
{
	size_t o = strlen(out), n = strlen(value);

	if (o + n >= size)
		return false;
	memcpy(out + o, value, n + 1);
	return true;
}

static bool
fill(char *out, size_t size, const char *pattern, const char *value,
    bool (*append)(char *, size_t, const char *))
{
	size_t o = 0;

	out[0] = '\0';
	while (*pattern != '\0') {
		if (pattern[0] == '%' && (pattern[1] == 'u' ||
		    pattern[1] == 'q')) {
			if (!append(out, size, value))
				return false;
			o = strlen(out);
			pattern += 2;
			continue;
		}
		if (o + 1 >= size)
			return false;
		out[o++] = *pattern++;
		out[o] = '\0';
	}
	return true;
}

bool
directory_fill(char *out, size_t size, const char *pattern, const char *value)
{
	return fill(out, size, pattern, value, directory_escape);
}

bool
directory_fill_plain(char *out, size_t size, const char *pattern,
    const char *value)
{
	return fill(out, size, pattern, value, append_plain);
}

/* ---- times */

bool
directory_sync_at(const char *s, int *weekday, int *minute)
{
	static const char *const days[] = { "sunday", "monday", "tuesday",
	    "wednesday", "thursday", "friday", "saturday" };
	size_t n = strcspn(s, " ");

	*weekday = -1;
	for (int i = 0; s[n] == ' ' && i < 7; i++)
		if (strlen(days[i]) == n && strncasecmp(s, days[i], n) == 0)
			*weekday = i;
	if (s[n] == ' ') {
		if (*weekday < 0)
			return false;
		s += n + 1;
	}
	if (strlen(s) != 5 || s[2] != ':' || !digit(s[0]) || !digit(s[1]) ||
	    !digit(s[3]) || !digit(s[4]))
		return false;
	*minute = ((s[0] - '0') * 10 + s[1] - '0') * 60 + (s[3] - '0') * 10 +
	    s[4] - '0';
	return s[3] < '6' && *minute < 24 * 60;
}
