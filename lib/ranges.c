/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/ranges.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/text.h"

#define BLANKS " \t\r\n,"

static const uint8_t v4_mapped[12] = { [10] = 0xff, [11] = 0xff };

bool
rel_address_read(uint8_t out[16], const char *text)
{
	struct in_addr in4;

	if (inet_pton(AF_INET, text, &in4) == 1) {
		memcpy(out, v4_mapped, sizeof v4_mapped);
		memcpy(out + 12, &in4, 4);
		return true;
	}
	return inet_pton(AF_INET6, text, out) == 1;
}

static bool
is_v4(const uint8_t addr[16])
{
	return memcmp(addr, v4_mapped, sizeof v4_mapped) == 0;
}

void
rel_address_text(char out[REL_ADDRESS_MAX], const uint8_t addr[16])
{
	if (is_v4(addr))
		(void)inet_ntop(AF_INET, addr + 12, out, REL_ADDRESS_MAX);
	else
		(void)inet_ntop(AF_INET6, addr, out, REL_ADDRESS_MAX);
}

bool
rel_range_is_v6(const struct rel_range *one)
{
	return one->name == NULL && !is_v4(one->lo);
}

/* ---- one word */

/* RFC 1123 2.1; one that ends in a number is a wrong address. */
static bool
name_ok(const char *s)
{
	size_t n = strlen(s), label = 0;
	bool letter = false;

	for (size_t i = 0; i < n; i++) {
		unsigned char b = (unsigned char)s[i];

		if (b == '.' ? label == 0 || s[i - 1] == '-' :
		    !(isalnum(b) || b == '_' || (b == '-' && label > 0)))
			return false;
		if (b == '.')
			letter = false;
		else if (!isdigit(b))
			letter = true;
		label = b == '.' ? 0 : label + 1;
		if (label > 63)
			return false;
	}
	return n > 0 && n < REL_HOST_NAME_MAX && letter && label > 0 &&
	    s[n - 1] != '-';
}

/* "24" of "10.0.0.0/24". */
static bool
subnet_read(struct rel_range *one, const char *bits_text)
{
	unsigned whole = is_v4(one->lo) ? 32 : 128, bits = 0, from;
	size_t n = strlen(bits_text);

	if (n == 0 || n > 3 || strspn(bits_text, "0123456789") != n)
		return false;
	bits = (unsigned)atoi(bits_text);
	if (bits > whole)
		return false;
	from = 128 - whole + bits;
	memcpy(one->hi, one->lo, 16);
	for (unsigned i = from; i < 128; i++) {
		one->lo[i / 8] &= (uint8_t)~(0x80u >> i % 8);
		one->hi[i / 8] |= (uint8_t)(0x80u >> i % 8);
	}
	return true;
}

/* "99" or a whole address behind "10.0.0.1-". */
static bool
end_read(struct rel_range *one, const char *text)
{
	size_t n = strlen(text);

	if (is_v4(one->lo) && n > 0 && n <= 3 &&
	    strspn(text, "0123456789") == n) {
		int last = atoi(text);

		memcpy(one->hi, one->lo, 16);
		one->hi[15] = (uint8_t)last;
		return last <= 255;
	}
	return rel_address_read(one->hi, text) &&
	    is_v4(one->hi) == is_v4(one->lo);
}

static int
word_wrong(struct rel_err *err, const char *word, const char *why)
{
	char clean[80];

	rel_text_clean(clean, sizeof clean, word);
	return rel_err_set(err, REL_E_FORMAT, "\"%s\": %s", clean, why);
}

static int
word_read(struct rel_range *one, char *word, bool names, struct rel_err *err)
{
	char *cut = strpbrk(word, "/-"), sign = cut != NULL ? *cut : '\0';
	bool ok;

	memset(one, 0, sizeof *one);
	if (cut != NULL)
		*cut = '\0';
	ok = rel_address_read(one->lo, word);
	if (cut != NULL)
		*cut = sign;
	if (!ok && names && name_ok(word)) {
		one->name = strdup(word);
		return one->name != NULL ? 0 : rel_err_set(err, REL_E_NOMEM,
		    "no memory");
	}
	if (!ok)
		return word_wrong(err, word, names ? "this is no address, "
		    "range, subnet or host name" : "this is no address, range "
		    "or subnet");
	if (sign == '\0')
		memcpy(one->hi, one->lo, 16);
	else if (sign == '/' && !subnet_read(one, cut + 1))
		return word_wrong(err, word, "this is no subnet such as "
		    "10.0.0.0/24");
	else if (sign == '-' && !end_read(one, cut + 1))
		return word_wrong(err, word, "this is no range such as "
		    "10.0.0.1-10.0.0.99");
	if (memcmp(one->lo, one->hi, 16) > 0)
		return word_wrong(err, word, "the range ends before it "
		    "begins");
	return 0;
}

/* ---- a list */

/* ::/64 has the mapped addresses, but nobody means IPv4 by it. */
static bool
same_kind(const struct rel_range *x, const struct rel_range *y)
{
	return (x->name != NULL) == (y->name != NULL) &&
	    rel_range_is_v6(x) == rel_range_is_v6(y);
}

static int
by_begin(const void *a, const void *b)
{
	const struct rel_range *x = a, *y = b;

	if (!same_kind(x, y))
		return x->name != NULL || (y->name == NULL &&
		    rel_range_is_v6(x)) ? 1 : -1;
	return x->name != NULL ? strcmp(x->name, y->name) :
	    memcmp(x->lo, y->lo, 16);
}

/* Into one what overlaps; a name that is there twice goes. */
static void
merge(struct rel_ranges *r)
{
	size_t n = 0;

	qsort(r->v, r->n, sizeof r->v[0], by_begin);
	for (size_t i = 0; i < r->n; i++) {
		struct rel_range *one = &r->v[i], *last = n > 0 ?
		    &r->v[n - 1] : NULL;

		if (last == NULL || !same_kind(last, one) ||
		    (one->name != NULL ? strcmp(one->name, last->name) != 0 :
		    memcmp(one->lo, last->hi, 16) > 0)) {
			r->v[n++] = *one;
			continue;
		}
		if (one->name == NULL && memcmp(one->hi, last->hi, 16) > 0)
			memcpy(last->hi, one->hi, 16);
		free(one->name);
	}
	r->n = n;
}

int
rel_ranges_read(struct rel_ranges *r, const char *text, bool names,
    struct rel_err *err)
{
	char word[REL_HOST_NAME_MAX];
	int rc = 0;

	memset(r, 0, sizeof *r);
	for (text += strspn(text, BLANKS); *text != '\0' && rc == 0;
	    text += strspn(text, BLANKS)) {
		size_t len = strcspn(text, BLANKS);

		snprintf(word, sizeof word, "%.*s", len < sizeof word ?
		    (int)len : 40, text);
		if (r->n == REL_RANGES_MAX)
			rc = rel_err_set(err, REL_E_LIMIT, "there are more "
			    "than %u addresses, ranges and subnets",
			    REL_RANGES_MAX);
		else if (len >= sizeof word)
			rc = word_wrong(err, word, "this is too long");
		else if ((rc = word_read(&r->v[r->n], word, names, err)) == 0)
			r->n++;
		text += len;
	}
	if (rc < 0)
		rel_ranges_fini(r);
	else
		merge(r);
	return rc;
}

void
rel_ranges_fini(struct rel_ranges *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i].name);
	r->n = 0;
}

/* ---- how many, and which */

uint64_t
rel_range_size(const struct rel_range *one)
{
	uint64_t lo = 0, hi = 0;

	if (one->name != NULL)
		return 1;
	if (memcmp(one->lo, one->hi, 8) != 0)
		return UINT64_MAX;
	for (size_t i = 8; i < 16; i++) {
		lo = lo << 8 | one->lo[i];
		hi = hi << 8 | one->hi[i];
	}
	return hi - lo == UINT64_MAX ? UINT64_MAX : hi - lo + 1;
}

uint64_t
rel_ranges_size(const struct rel_ranges *r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r->n; i++) {
		uint64_t one = rel_range_size(&r->v[i]);

		sum = one > UINT64_MAX - sum ? UINT64_MAX : sum + one;
	}
	return sum;
}

bool
rel_ranges_have(const struct rel_ranges *r, const char *address)
{
	uint8_t addr[16];
	bool is_address = rel_address_read(addr, address);

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].name != NULL ? strcasecmp(r->v[i].name, address) ==
		    0 : is_address && is_v4(addr) == is_v4(r->v[i].lo) &&
		    memcmp(addr, r->v[i].lo, 16) >= 0 &&
		    memcmp(addr, r->v[i].hi, 16) <= 0)
			return true;
	return false;
}

bool
rel_ranges_next(const struct rel_ranges *r, struct rel_ranges_at *at,
    char out[REL_HOST_NAME_MAX])
{
	const struct rel_range *one;

	if (at->inside && memcmp(at->addr, r->v[at->i].hi, 16) == 0) {
		at->inside = false;
		at->i++;
	}
	if (at->i >= r->n)
		return false;
	one = &r->v[at->i];
	if (one->name != NULL) {
		snprintf(out, REL_HOST_NAME_MAX, "%s", one->name);
		at->i++;
		return true;
	}
	if (!at->inside)
		memcpy(at->addr, one->lo, 16);
	for (int i = 15; at->inside && i >= 0 && ++at->addr[i] == 0; i--)
		;
	at->inside = true;
	rel_address_text(out, at->addr);
	return true;
}
