/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Length of the UTF-8 character at s (n bytes left), 0 when it is none. */
static size_t
utf8_len(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned char lo, hi, lo2, hi2;
		unsigned char len;
	} form[] = {		/* RFC 3629 section 4 */
		{ 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof form / sizeof form[0]; i++) {
		if (s[0] < form[i].lo || s[0] > form[i].hi)
			continue;
		if (form[i].len > n)
			return 0;
		if (form[i].len > 1 &&
		    (s[1] < form[i].lo2 || s[1] > form[i].hi2))
			return 0;
		for (size_t k = 2; k < form[i].len; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return form[i].len;
	}
	return 0;
}

bool
rel_utf8_ok(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;

	for (size_t i = 0; i < n;) {
		size_t len = utf8_len(p + i, n - i);

		if (len == 0)
			return false;
		i += len;
	}
	return true;
}

size_t
rel_utf8_cut(const char *s, size_t max)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n = strlen(s), i = 0;

	while (i < n) {
		size_t len = utf8_len(p + i, n - i);

		if (len == 0)
			len = 1;
		if (i + len > max)
			break;
		i += len;
	}
	return i;
}

void
rel_text_clean(char *out, size_t size, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n = strlen(s), o = 0;

	for (size_t i = 0; i < n && o + 1 < size;) {
		size_t len = utf8_len(p + i, n - i);

		if (len == 0) {
			out[o++] = '?';
			i++;
			continue;
		}
		if (o + len >= size)
			break;
		if (p[i] < 0x20 || p[i] == 0x7f ||
		    (len == 2 && p[i] == 0xc2 && p[i + 1] < 0xa0)) {
			out[o++] = ' ';
		} else {
			memmove(out + o, p + i, len);
			o += len;
		}
		i += len;
	}
	if (size > 0)
		out[o] = '\0';
}

/* Bytes at p that nobody should see: controls, and what turns text around. */
static size_t
unseen(const unsigned char *p, size_t n)
{
	if (p[0] < 0x20 || p[0] == 0x7f)
		return 1;
	if (n >= 2 && ((p[0] == 0xc2 && p[1] < 0xa0) ||
	    (p[0] == 0xd8 && p[1] == 0x9c)))
		return 2;
	if (n >= 3 && p[0] == 0xe2 &&
	    ((p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f ||
	    (p[2] >= 0xa8 && p[2] <= 0xae))) ||
	    (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xaf)))
		return 3;
	return n >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf ? 3 : 0;
}

size_t
rel_text_squeeze(char *s, size_t n)
{
	size_t o = 0;

	for (size_t i = 0, skip; i < n; i += skip > 0 ? skip : 1) {
		skip = unseen((const unsigned char *)s + i, n - i);
		if (skip == 0 && s[i] != ' ')
			s[o++] = s[i];
		else if (o > 0 && s[o - 1] != ' ')
			s[o++] = ' ';
	}
	while (o > 0 && s[o - 1] == ' ')
		o--;
	s[o] = '\0';
	return o;
}

bool
rel_user_key(char *out, size_t size, const char *s, bool strip_realm)
{
	const char *back = strrchr(s, '\\');
	const char *at;
	size_t n;

	if (back != NULL)
		s = back + 1;
	n = strlen(s);
	if (strip_realm && (at = strchr(s, '@')) != NULL && at != s)
		n = (size_t)(at - s);
	if (n == 0 || n >= size || !rel_utf8_ok(s, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return false;
		out[i] = s[i] >= 'A' && s[i] <= 'Z' ?
		    (char)(s[i] - 'A' + 'a') : s[i];
	}
	out[n] = '\0';
	return true;
}

void
rel_hex(char *out, const void *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digit[b[i] >> 4];
		out[2 * i + 1] = digit[b[i] & 15];
	}
	out[2 * n] = '\0';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
rel_unhex(void *out, size_t n, const char *hex, size_t hex_len)
{
	uint8_t *b = out;

	if (hex_len != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int hi = hex_value(hex[2 * i]), lo = hex_value(hex[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		b[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

static const char b32_digit[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void
rel_b32(char *out, uint64_t v, unsigned digits)
{
	for (unsigned i = digits; i > 0; i--) {
		out[i - 1] = b32_digit[v & 31];
		v >>= 5;
	}
	out[digits] = '\0';
}

bool
rel_unb32(uint64_t *out, const char *s, size_t n)
{
	uint64_t v = 0;

	if (n == 0 || n > 13)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = s[i];
		const char *at;

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		if (c == '\0' || (at = strchr(b32_digit, c)) == NULL)
			return false;
		if (v >> 59 != 0)
			return false;
		v = v << 5 | (uint64_t)(at - b32_digit);
	}
	*out = v;
	return true;
}

static int64_t
clock_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
rel_now_ms(void)
{
	return clock_ms(CLOCK_REALTIME);
}

int64_t
rel_mono_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

void
rel_time_text(char *out, int64_t ms)
{
	int part = (int)(ms % 1000);
	time_t t = (time_t)(ms / 1000);
	struct tm tm;
	size_t n;

	if (part < 0) {		/* before 1970: still count forward */
		part += 1000;
		t--;
	}
	if (gmtime_r(&t, &tm) == NULL)
		memset(&tm, 0, sizeof tm);
	n = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, 32 - n, ".%03dZ", part);
}

const char *
rel_minutes(uint16_t *out, const char *s)
{
	unsigned h, m;

	for (int i = 0; i < 5; i++)
		if (i == 2 ? s[i] != ':' : s[i] < '0' || s[i] > '9')
			return NULL;
	h = (unsigned)(s[0] - '0') * 10 + (unsigned)(s[1] - '0');
	m = (unsigned)(s[3] - '0') * 10 + (unsigned)(s[4] - '0');
	if (m > 59 || h > 24 || (h == 24 && m > 0))
		return NULL;
	*out = (uint16_t)(h * 60 + m);
	return s + 5;
}

bool
rel_int(int64_t *out, const char *s, int64_t min, int64_t max)
{
	char *end;
	long long v;

	if (s[0] != '-' && (s[0] < '0' || s[0] > '9'))
		return false;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0 || end == s || *end != '\0' || v < min || v > max)
		return false;
	*out = v;
	return true;
}
