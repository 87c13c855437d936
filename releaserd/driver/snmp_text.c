/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Texts of a device in its own character set; numbers of its rows. */
#include "releaserd/driver/snmp_priv.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "lib/text.h"

/* MIBenum (IANA) of what devices use beside ASCII, UTF-8 and Latin-1. */
static const char *
charset_name(uint32_t mibenum)
{
	static const struct {
		uint32_t mibenum;
		const char *name;
	} w[] = {
		{ 5, "ISO-8859-2" }, { 6, "ISO-8859-3" }, { 7, "ISO-8859-4" },
		{ 8, "ISO-8859-5" }, { 10, "ISO-8859-7" },
		{ 12, "ISO-8859-9" }, { 17, "SHIFT_JIS" }, { 18, "EUC-JP" },
		{ 38, "EUC-KR" }, { 111, "ISO-8859-15" }, { 113, "GBK" },
		{ 114, "GB18030" }, { 1000, "UCS-2BE" }, { 1013, "UTF-16BE" },
		{ 1014, "UTF-16LE" }, { 1015, "UTF-16" }, { 2004, "HP-ROMAN8" },
		{ 2009, "CP850" }, { 2011, "CP437" }, { 2024, "CP932" },
		{ 2025, "GB2312" }, { 2026, "BIG5" }, { 2084, "KOI8-R" },
		{ 2250, "CP1250" }, { 2251, "CP1251" }, { 2252, "CP1252" },
	};

	for (size_t i = 0; i < sizeof w / sizeof w[0]; i++)
		if (w[i].mibenum == mibenum)
			return w[i].name;
	return NULL;
}

/* Into UTF-8; 0: it cannot be done (no such table here, or it is none). */
static size_t
convert(char *out, size_t size, uint32_t charset, const char *p, size_t n)
{
	const char *name = charset_name(charset);
	iconv_t cd = name != NULL ? iconv_open("UTF-8", name) : (iconv_t)-1;
	char *in = (char *)(uintptr_t)p, *to = out;
	size_t left = size, rc;

	if (cd == (iconv_t)-1)
		return 0;
	rc = iconv(cd, &in, &n, &to, &left);
	iconv_close(cd);
	return rc != (size_t)-1 ? size - left : 0;
}

/* "Black Cartridge \n38 32 37 41 00": what is hex behind the newline. */
static size_t
hex_tail(char *out, size_t size, const char *p, size_t len)
{
	size_t n = strcspn(p, "\n"), o = n;

	if (n + 1 >= len || n + 1 >= size)
		return 0;
	memcpy(out, p, n);
	for (p += n + 1; *p != '\0' && o < size; p += 2) {
		p += strspn(p, " \r\n");
		if (*p == '\0' || strncmp(p, "00", 2) == 0)
			break;
		if (strlen(p) < 2 || !rel_unhex(out + o++, 1, p, 2))
			return 0;
	}
	return o;
}

/* Is it of the Printer MIB, whose texts are in the device's character set? */
static bool
localized(const struct snmp_var *v)
{
	return v != NULL && (v->oid == NULL || (v->n > 7 && v->oid[6] == 43));
}

/*
 * Without the beginning of a character that a device cut in two; where nobody
 * says that it is UTF-8, another character of it must: "Caf\351" is Latin-1.
 */
static size_t
whole(const char *p, size_t n, bool utf8)
{
	size_t k = n;

	for (size_t i = 0; !utf8 && i + 3 < n; i++)
		utf8 = (uint8_t)p[i] >= 0x80;
	if (!utf8)
		return n;
	while (k > 0 && n - k < 3 && ((uint8_t)p[k - 1] & 0xc0) == 0x80)
		k--;
	if (k > 0 && (uint8_t)p[k - 1] >= 0xc0 && !rel_utf8_ok(p + k - 1,
	    n - k + 1) && rel_utf8_ok(p, k - 1))
		return k - 1;
	return n;
}

/* The text of a value in UTF-8, if it is one of a known set; its length. */
static size_t
text_of(struct snmp_device *d, const struct snmp_var *v, char *out,
    size_t size)
{
	uint32_t charset = localized(v) ? d->charset : 0;
	size_t len = v->len;

	if ((d->quirk->flags & SNMP_Q_HEX_TAIL) != 0 && (len = hex_tail(out,
	    size, v->octets, v->len)) > 0)
		return len;
	if (charset < 1000 || charset > 1015) {
		/* What is behind a NUL is of a longer text before it. */
		len = strnlen(v->octets, v->len);
		if (charset == 0 || charset == 106)
			len = whole(v->octets, len, charset == 106);
		if (rel_utf8_ok(v->octets, len)) {
			len = len < size ? len : size;
			memcpy(out, v->octets, len);
			return len;
		}
	} else
		len = v->len;
	if ((len = convert(out, size, charset, v->octets, len)) > 0)
		return len;
	len = strnlen(v->octets, v->len);
	len = len < size ? len : size;
	memcpy(out, v->octets, len);
	return len;
}

void
snmp_item_text(struct snmp_device *d, const char *name, unsigned n,
    const struct snmp_var *v)
{
	char text[SNMP_OCTETS];

	if (v != NULL && v->kind != SNMP_NUMBER && v->len > 0)
		items_text(d->l, name, n, text, text_of(d, v, text,
		    sizeof text));
}

void
snmp_device_text(struct snmp_device *d, const char *column, uint32_t row,
    char *out, size_t size)
{
	const struct snmp_var *v = snmp_tree_get(d->t, column, d->h, row);
	char text[SNMP_OCTETS + 1];
	size_t n = 0;
	char *p = text;

	if (v != NULL && v->kind != SNMP_NUMBER && v->len > 0)
		n = text_of(d, v, text, sizeof text - 1);
	text[n] = '\0';
	p += strspn(p, " \t\r\n");
	n = strcspn(p, "\r\n");
	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	snprintf(out, size, "%.*s", (int)n, p);
}

unsigned
snmp_item_n(const uint32_t *rows, size_t n, size_t i)
{
	if (n > 0 && rows[0] >= 1 && rows[n - 1] <= ITEM_N_MAX)
		return rows[i];
	return i < ITEM_N_MAX ? (unsigned)i + 1 : 0;
}

void
snmp_list_add(char *list, size_t size, const char *word)
{
	size_t have = strlen(list), n = word != NULL ? strlen(word) : 0;
	const char *p = n > 0 ? strstr(list, word) : NULL;

	while (p != NULL && !((p == list || p[-1] == ',') &&
	    (p[n] == '\0' || p[n] == ',')))
		p = strstr(p + 1, word);
	if (n > 0 && p == NULL && have + n + 2 < size)
		snprintf(list + have, size - have, "%s%s",
		    have > 0 ? "," : "", word);
}
