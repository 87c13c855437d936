/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/card_format.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/buf.h"
#include "lib/text.h"

#define DECIMAL_BYTES 32u	/* a number of 78 digits is long enough */

/* Bytes of a card while its number is made. */
struct raw {
	uint8_t b[REL_CARD_BYTES];
	size_t n;
};

/* ---- the bytes turned round */

static void
turn_bytes(struct raw *r)
{
	for (size_t i = 0; i < r->n / 2; i++) {
		uint8_t keep = r->b[i];

		r->b[i] = r->b[r->n - 1 - i];
		r->b[r->n - 1 - i] = keep;
	}
}

static void
mirror_bits(struct raw *r)
{
	for (size_t i = 0; i < r->n; i++) {
		unsigned v = r->b[i], m = 0;

		for (int bit = 0; bit < 8; bit++)
			m |= (v >> bit & 1u) << (7 - bit);
		r->b[i] = (uint8_t)m;
	}
}

static void
turn_text(char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n / 2; i++) {
		char keep = s[i];

		s[i] = s[n - 1 - i];
		s[n - 1 - i] = keep;
	}
}

/* ---- the kinds; each writes a text, or says why it cannot */

static int
make_hex(char out[REL_CARD_NUMBER], struct raw *r, struct rel_err *err)
{
	(void)err;
	rel_hex(out, r->b, r->n);
	for (char *s = out; *s != '\0'; s++)
		*s = (char)toupper((unsigned char)*s);
	return 0;
}

static int
make_hex_reversed(char out[REL_CARD_NUMBER], struct raw *r,
    struct rel_err *err)
{
	turn_bytes(r);
	return make_hex(out, r, err);
}

static int
make_hex_mirrored(char out[REL_CARD_NUMBER], struct raw *r,
    struct rel_err *err)
{
	mirror_bits(r);
	return make_hex(out, r, err);
}

/* The bytes, as one number; no longer what they were afterwards. */
static int
make_decimal(char out[REL_CARD_NUMBER], struct raw *r, struct rel_err *err)
{
	size_t n = 0;
	bool more = true;

	if (r->n > DECIMAL_BYTES)
		return rel_err_set(err, REL_E_FORMAT, "%zu bytes are too long "
		    "for a decimal number (at most %u)", r->n, DECIMAL_BYTES);
	while (more) {
		unsigned rest = 0;

		more = false;
		for (size_t i = 0; i < r->n; i++) {
			unsigned v = rest << 8 | r->b[i];

			r->b[i] = (uint8_t)(v / 10);
			rest = v % 10;
			more = more || r->b[i] != 0;
		}
		out[n++] = (char)('0' + rest);
	}
	out[n] = '\0';
	turn_text(out);
	return 0;
}

static int
make_decimal_reversed(char out[REL_CARD_NUMBER], struct raw *r,
    struct rel_err *err)
{
	turn_bytes(r);
	return make_decimal(out, r, err);
}

/* The last n bytes (at most 4) as a number. */
static uint32_t
tail_of(const struct raw *r, size_t n)
{
	uint32_t v = 0;

	for (size_t i = r->n - n; i < r->n; i++)
		v = v << 8 | r->b[i];
	return v;
}

static unsigned
ones_of(uint32_t v)
{
	unsigned n = 0;

	for (; v != 0; v &= v - 1)
		n++;
	return n;
}

/*
 * 8 bits of facility and 16 of card: alone (3 bytes), between their parity
 * bits at the end of 4 bytes, or as the last bytes of what a 125 kHz card has.
 */
static int
make_wiegand(char out[REL_CARD_NUMBER], struct raw *r, struct rel_err *err)
{
	uint32_t v;

	if (r->n < 3 || r->n > 5)
		return rel_err_set(err, REL_E_FORMAT, "Wiegand 26 needs 3, 4 "
		    "or 5 bytes, and these are %zu", r->n);
	v = tail_of(r, r->n == 4 ? 4 : 3);
	if (r->n == 4) {
		if (v >> 26 != 0)
			return rel_err_set(err, REL_E_FORMAT, "these 4 bytes "
			    "are more than the 26 bits of Wiegand 26");
		if (ones_of(v >> 13) % 2 != 0 ||
		    ones_of(v & 0x1fffu) % 2 != 1)
			return rel_err_set(err, REL_E_FORMAT, "the parity bits "
			    "of Wiegand 26 are wrong: badly read, or another "
			    "kind of card");
		v = v >> 1 & 0xffffffu;
	}
	snprintf(out, REL_CARD_NUMBER, "%03u%05u", (unsigned)(v >> 16),
	    (unsigned)(v & 0xffffu));
	return 0;
}

static int
make_card_24(char out[REL_CARD_NUMBER], struct raw *r, struct rel_err *err)
{
	if (r->n < 3)
		return rel_err_set(err, REL_E_FORMAT, "24 bits are 3 bytes, "
		    "and these are %zu", r->n);
	snprintf(out, REL_CARD_NUMBER, "%08u", (unsigned)tail_of(r, 3));
	return 0;
}

static int
make_uid(char out[REL_CARD_NUMBER], struct raw *r, struct rel_err *err)
{
	size_t width = r->n == 4 ? 10 : r->n == 7 ? 17 : r->n == 10 ? 25 : 0,
	    n;
	bool random = r->n == 4 && r->b[0] == 0x08;

	if (width == 0)
		return rel_err_set(err, REL_E_FORMAT, "an ISO 14443 UID has "
		    "4, 7 or 10 bytes, and these are %zu", r->n);
	if (random)
		return rel_err_set(err, REL_E_FORMAT, "this card makes up a "
		    "new number each time it is read (its UID begins with 08)");
	make_decimal(out, r, err);
	n = strlen(out);
	memmove(out + (width - n), out, n + 1);
	memset(out, '0', width - n);
	return 0;
}

/* Characters; of a magnetic card's track the sentinels and what follows the
 * account number are no part of it. */
static int
make_ascii(char out[REL_CARD_NUMBER], struct raw *r, struct rel_err *err)
{
	size_t from = 0, n = r->n;
	bool track = false;

	while (n > from && (r->b[n - 1] == '\r' || r->b[n - 1] == '\n' ||
	    r->b[n - 1] == ' '))
		n--;
	while (from < n && r->b[from] == ' ')
		from++;
	if (from < n && (r->b[from] == ';' || r->b[from] == '%')) {
		track = true;
		from++;
	}
	for (size_t i = from; track && i < n; i++)
		if (r->b[i] == '?' || r->b[i] == '=')
			n = i;
	if (from == n)
		return rel_err_set(err, REL_E_FORMAT, "there is no character");
	for (size_t i = from; i < n; i++)
		if (r->b[i] < 0x20 || r->b[i] > 0x7e)
			return rel_err_set(err, REL_E_FORMAT, "a byte is no "
			    "ASCII character: the card has no text");
	memcpy(out, r->b + from, n - from);
	out[n - from] = '\0';
	return 0;
}

static const struct {
	const char *name;
	int (*make)(char out[REL_CARD_NUMBER], struct raw *r,
	    struct rel_err *err);
	const char *help;
} kinds[REL_CARD_KINDS] = {
	{ "hex", make_hex, "the bytes as read, in hexadecimal" },
	{ "hex-reversed", make_hex_reversed,
	    "the bytes in hexadecimal, the last byte first" },
	{ "hex-mirrored", make_hex_mirrored,
	    "the bytes in hexadecimal, the bits of each byte mirrored" },
	{ "decimal", make_decimal, "all bytes as one decimal number" },
	{ "decimal-reversed", make_decimal_reversed,
	    "all bytes, the last first, as one decimal number" },
	{ "wiegand-26", make_wiegand,
	    "Wiegand 26: facility code (3 digits) and card (5 digits)" },
	{ "card-24", make_card_24,
	    "the last 24 bits as a decimal number of 8 digits" },
	{ "uid", make_uid, "UID of ISO 14443 (4, 7, 10 bytes), decimal, with "
	    "leading zeros (10, 17, 25 digits)" },
	{ "ascii", make_ascii,
	    "the characters as read; of track 2 the account number" },
};

static const char *const reverses[REL_CARD_REVERSES] = {
	"none", "bytes", "bits", "digits"
};

const char *
rel_card_kind_name(enum rel_card_kind k)
{
	return kinds[k].name;
}

const char *
rel_card_kind_help(enum rel_card_kind k)
{
	return kinds[k].help;
}

const char *
rel_card_reverse_name(enum rel_card_reverse r)
{
	return reverses[r];
}

/* ---- a format as text */

static bool
read_kind(struct rel_card_format *f, const char *word)
{
	for (unsigned k = 0; k < REL_CARD_KINDS; k++)
		if (strcasecmp(word, kinds[k].name) == 0) {
			f->kind = (enum rel_card_kind)k;
			return true;
		}
	return false;
}

static bool
read_reverse(struct rel_card_format *f, const char *word)
{
	for (unsigned i = 0; i < REL_CARD_REVERSES; i++)
		if (strcasecmp(word, reverses[i]) == 0) {
			f->reverse = (enum rel_card_reverse)i;
			return true;
		}
	return false;
}

static bool
read_place(int *out, const char *word, int64_t least)
{
	int64_t v;

	if (!rel_int(&v, word, least, 2 * REL_CARD_BYTES))
		return false;
	*out = (int)v;
	return true;
}

static int
read_word(struct rel_card_format *f, const char *word, bool first,
    struct rel_err *err)
{
	if (first && read_kind(f, word))
		return 0;
	if (first)
		return rel_err_set(err, REL_E_FORMAT, "\"%s\" is no format of "
		    "card numbers: hex, hex-reversed, hex-mirrored, decimal, "
		    "decimal-reversed, wiegand-26, card-24, uid or ascii",
		    word);
	if ((strncasecmp(word, "reverse=", 8) == 0 &&
	    read_reverse(f, word + 8)) ||
	    (strncasecmp(word, "start=", 6) == 0 &&
	    read_place(&f->start, word + 6, 1)) ||
	    (strncasecmp(word, "length=", 7) == 0 &&
	    read_place(&f->length, word + 7, 0)))
		return 0;
	return rel_err_set(err, REL_E_FORMAT, "\"%s\" is none of "
	    "reverse=none|bytes|bits|digits, start=1..232, length=0..232",
	    word);
}

int
rel_card_format_read(struct rel_card_format *f, const char *text,
    struct rel_err *err)
{
	struct rel_card_format got = { .start = 1 };
	bool first = true;
	char word[32];
	int rc;

	while (*(text += strspn(text, " ")) != '\0') {
		size_t n = strcspn(text, " ");

		if (n >= sizeof word)
			return rel_err_set(err, REL_E_FORMAT, "\"%.32s...\" "
			    "is no format of card numbers", text);
		memcpy(word, text, n);
		word[n] = '\0';
		if ((rc = read_word(&got, word, first, err)) < 0)
			return rc;
		first = false;
		text += n;
	}
	if (first)
		return rel_err_set(err, REL_E_FORMAT, "the format of card "
		    "numbers is empty");
	*f = got;
	return 0;
}

/* All zero is from the first digit, too. */
static int
first_digit(const struct rel_card_format *f)
{
	return f->start > 0 ? f->start : 1;
}

void
rel_card_format_text(char out[REL_CARD_FORMAT_TEXT],
    const struct rel_card_format *f)
{
	char reverse[24] = "", start[24] = "", length[24] = "";

	if (f->reverse != REL_CARD_AS_READ)
		snprintf(reverse, sizeof reverse, " reverse=%s",
		    reverses[f->reverse]);
	if (first_digit(f) != 1)
		snprintf(start, sizeof start, " start=%d", f->start);
	if (f->length != 0)
		snprintf(length, sizeof length, " length=%d", f->length);
	snprintf(out, REL_CARD_FORMAT_TEXT, "%s%.15s%.10s%.11s",
	    kinds[f->kind].name, reverse, start, length);
}

bool
rel_card_format_same(const struct rel_card_format *a,
    const struct rel_card_format *b)
{
	return a->kind == b->kind && a->reverse == b->reverse &&
	    first_digit(a) == first_digit(b) && a->length == b->length;
}

bool
rel_card_is_hex(const struct rel_card_format *f)
{
	return f->kind <= REL_CARD_HEX_MIRRORED;
}

/* ---- the number of a card */

/* What was read, as bytes: 0, or why not. */
static int
raw_read(struct raw *r, const struct rel_card_format *f, const char *value,
    bool ascii, struct rel_err *err)
{
	size_t n = strlen(value);
	bool digits = n >= 2 && n % 2 == 0 && n / 2 <= sizeof r->b &&
	    rel_unhex(r->b, n / 2, value, n);

	if (digits && (!ascii || f->kind != REL_CARD_ASCII)) {
		r->n = n / 2;
		return 0;
	}
	if (!ascii || f->kind != REL_CARD_ASCII)
		return rel_err_set(err, REL_E_FORMAT, "this is not the hex "
		    "digits of 1 to %u bytes", REL_CARD_BYTES);
	if (n < 1 || n > sizeof r->b)
		return rel_err_set(err, REL_E_FORMAT, "a card has 1 to %u "
		    "characters", REL_CARD_BYTES);
	memcpy(r->b, value, n);
	r->n = n;
	return 0;
}

/* Only the digits that count. */
static int
range_of(char *number, const struct rel_card_format *f, struct rel_err *err)
{
	size_t n = strlen(number), from = (size_t)first_digit(f) - 1;
	size_t want = f->length > 0 ? (size_t)f->length : 1;

	if (from + want > n)
		return rel_err_set(err, REL_E_FORMAT, "the number has %zu "
		    "digits, and %zu to %zu are wanted", n, from + 1,
		    from + want);
	n = f->length > 0 ? want : n - from;
	memmove(number, number + from, n);
	number[n] = '\0';
	return 0;
}

int
rel_card_number(char out[REL_CARD_NUMBER], const struct rel_card_format *f,
    const char *value, bool ascii, struct rel_err *err)
{
	struct raw r;
	int rc;

	out[0] = '\0';
	if ((rc = raw_read(&r, f, value, ascii, err)) < 0)
		return rc;
	if (f->reverse == REL_CARD_BYTES_REVERSED ||
	    f->reverse == REL_CARD_BITS_REVERSED)
		turn_bytes(&r);
	if (f->reverse == REL_CARD_BITS_REVERSED)
		mirror_bits(&r);
	if ((rc = kinds[f->kind].make(out, &r, err)) == 0) {
		if (f->reverse == REL_CARD_DIGITS_REVERSED)
			turn_text(out);
		rc = range_of(out, f, err);
	}
	rel_wipe(&r, sizeof r);
	if (rc < 0)
		out[0] = '\0';
	return rc;
}

/* ---- ranges */

struct end {
	const char *s;
	size_t n;
};

static int
compare(struct end a, struct end b)
{
	while (a.n > 1 && *a.s == '0') {
		a.s++;
		a.n--;
	}
	while (b.n > 1 && *b.s == '0') {
		b.s++;
		b.n--;
	}
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return strncasecmp(a.s, b.s, a.n);
}

/* The next range at *text: 1, 0 no more, -1 it is none. */
static int
next_range(const char **text, struct end *low, struct end *high)
{
	static const char digits[] = "0123456789ABCDEFabcdef";

	*text += strspn(*text, " ,");
	if (**text == '\0')
		return 0;
	low->s = *text;
	low->n = strspn(*text, digits);
	*text += low->n;
	*high = *low;
	if (low->n > 0 && **text == '-') {
		high->s = *text + 1;
		high->n = strspn(high->s, digits);
		*text = high->s + high->n;
	}
	if (low->n == 0 || high->n == 0 ||
	    (**text != '\0' && **text != ' ' && **text != ','))
		return -1;
	return compare(*low, *high) <= 0 ? 1 : -1;
}

int
rel_card_ranges_check(const char *ranges, struct rel_err *err)
{
	const char *at = ranges, *from = ranges;
	struct end low, high;
	int rc;

	while ((rc = next_range(&at, &low, &high)) == 1)
		from = at;
	if (rc == 0)
		return 0;
	return rel_err_set(err, REL_E_FORMAT, "\"%.40s\" is no range of card "
	    "numbers: write 1000000-1999999, the lower number first",
	    from + strspn(from, " ,"));
}

bool
rel_card_in_ranges(const char *ranges, const char *number)
{
	struct end low, high, is = { number, strlen(number) };
	bool any = false;
	int rc;

	while ((rc = next_range(&ranges, &low, &high)) == 1) {
		any = true;
		if (compare(low, is) <= 0 && compare(is, high) <= 0)
			return true;
	}
	return rc == 0 && !any;
}
