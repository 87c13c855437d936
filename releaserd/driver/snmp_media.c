/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Paper: what lies in a tray and what goes through the device, from measures
 * and from what vendors call it, as names of PWG 5101.1.
 */
#include "releaserd/driver/snmp_priv.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cups/cups.h>
#include <cups/pwg.h>

#include "lib/media.h"

#define COUNT(table) (sizeof (table) / sizeof (table)[0])
#define IN "1.3.6.1.2.1.43.8.2.1"
#define PATH "1.3.6.1.2.1.43.13.4.1"
#define SIDE_MIN 1000u			/* 10 mm: less is no paper */
#define SIDE_MAX 10000000u
#define NAME_MAX_LEN 63u		/* longer ones are no names of sizes */

/* ---- by measures, in hundredths of a millimetre */

/* Of PrtMediaUnitTC, 4 micrometres, else ten-thousandths of an inch; 0: none. */
static uint32_t
measure(int64_t v, int64_t unit)
{
	double mm100 = unit == 4 ? (double)v / 10 : (double)v * 0.254;

	return v <= 0 || mm100 < SIDE_MIN || mm100 > SIDE_MAX ? 0 :
	    (uint32_t)(mm100 + 0.5);
}

static bool
custom(const char *name)
{
	return strncmp(name, "custom_", 7) == 0;
}

/* Two millimetres more or less are the same paper. */
static void
size_name(char *out, size_t size, uint32_t w, uint32_t h)
{
	static const int off[] = { 0, -100, 100 };
	const pwg_media_t *m;
	char exact[64];

	rel_media_name(exact, sizeof exact, w, h);
	snprintf(out, size, "%s", exact);
	if (!custom(exact))
		return;
	m = pwgMediaForSize((int)(w < h ? w : h), (int)(w < h ? h : w));
	if (m != NULL && m->pwg != NULL && !custom(m->pwg)) {
		snprintf(out, size, "%s", m->pwg);
		return;
	}
	for (size_t i = 0; i < 9 && custom(out); i++)
		rel_media_name(out, size, (uint32_t)((int)w + off[i / 3]),
		    (uint32_t)((int)h + off[i % 3]));
	if (custom(out))
		snprintf(out, size, "%s", exact);
}

/* ---- by what it is called */

/* "8.5", "8,5": tenths of a thousandth; past it. */
static bool
decimal(const char **pp, uint32_t *out)
{
	const char *p = *pp;
	uint32_t v = 0, digits = 0, behind = 0;

	while (isdigit((unsigned char)*p) && digits++ < 4)
		v = v * 10 + (uint32_t)(*p++ - '0');
	if (digits == 0 || isdigit((unsigned char)*p))
		return false;
	if ((*p == '.' || *p == ',') && isdigit((unsigned char)p[1]))
		for (p++; isdigit((unsigned char)*p); p++)
			if (behind < 4) {
				v = v * 10 + (uint32_t)(*p - '0');
				behind++;
			}
	while (behind++ < 4)
		v *= 10;
	*out = v;
	*pp = p;
	return true;
}

/* Hundredths of a millimetre that one of the unit has; 0: there is none. */
static uint32_t
unit_of(const char **pp)
{
	static const struct {
		const char *name;
		uint32_t mm100;
	} w[] = { { "mm", 100 }, { "cm", 1000 }, { "inch", 2540 },
		{ "in", 2540 }, { "\"", 2540 }, { "''", 2540 } };
	const char *p = *pp + strspn(*pp, " ");

	for (size_t i = 0; i < COUNT(w); i++)
		if (strncasecmp(p, w[i].name, strlen(w[i].name)) == 0) {
			*pp = p + strlen(w[i].name);
			return w[i].mm100;
		}
	return 0;
}

/* "62mm x 29mm", "8.5x11", "210 x 297 mm" from p on. */
static bool
measured(const char *p, uint32_t *w, uint32_t *h)
{
	uint32_t a, b, a_unit, b_unit;

	if (!decimal(&p, &a))
		return false;
	a_unit = unit_of(&p);
	p += strspn(p, " ");
	if (*p == 'x' || *p == 'X' || *p == '*')
		p++;
	else if (strncmp(p, "\xc3\x97", 2) == 0)	/* the sign of times */
		p += 2;
	else
		return false;
	p += strspn(p, " ");
	if (!decimal(&p, &b))
		return false;
	if ((b_unit = unit_of(&p)) == 0)
		b_unit = a_unit != 0 ? a_unit :
		    a < 500000 && b < 500000 ? 2540 : 100;
	if (a_unit == 0)
		a_unit = b_unit;
	*w = (uint32_t)((uint64_t)a * a_unit / 10000);
	*h = (uint32_t)((uint64_t)b * b_unit / 10000);
	return *w >= SIDE_MIN && *h >= SIDE_MIN && *w <= SIDE_MAX &&
	    *h <= SIDE_MAX;
}

/* Lower case, without what is no part of a size's name: "#10 Envelope" is
 * "10", "iso-a4-white" is "a4". */
static void
squeeze(char *out, size_t size, const char *name)
{
	static const char *const drop[] = { "envelope", "env", "size", "paper",
		"iso", "na", "r", "lef", "sef", "rotated", "landscape",
		"portrait", "white", "transparent", "no" };
	size_t n = 0;

	for (const char *p = name; *p != '\0';) {
		size_t len = 0;
		bool dropped = false;

		while (isalnum((unsigned char)p[len]))
			len++;
		for (size_t i = 0; i < COUNT(drop); i++)
			dropped = dropped || (strlen(drop[i]) == len &&
			    strncasecmp(drop[i], p, len) == 0);
		for (size_t i = 0; !dropped && i < len && n + 1 < size; i++)
			out[n++] = (char)tolower((unsigned char)p[i]);
		p += len > 0 ? len : 1;
	}
	out[n] = '\0';
}

/* What is said for sizes beside the names there are in tables. */
static const char *
alias(const char *name)
{
	static const struct {
		const char *name, *pwg;
	} w[] = {
		{ "lt", "na_letter_8.5x11in" }, { "lg", "na_legal_8.5x14in" },
		{ "ld", "na_ledger_11x17in" }, { "ledger", "na_ledger_11x17in" },
		{ "st", "na_invoice_5.5x8.5in" },
		{ "invoice", "na_invoice_5.5x8.5in" },
		{ "halfletter", "na_invoice_5.5x8.5in" },
		{ "10", "na_number-10_4.125x9.5in" },
		{ "com10", "na_number-10_4.125x9.5in" },
		{ "number10", "na_number-10_4.125x9.5in" },
		{ "commercial10", "na_number-10_4.125x9.5in" },
		{ "monarch", "na_monarch_3.875x7.5in" },
		{ "b4jis", "jis_b4_257x364mm" }, { "jisb4", "jis_b4_257x364mm" },
		{ "b5jis", "jis_b5_182x257mm" }, { "jisb5", "jis_b5_182x257mm" },
		{ "folio", "om_folio_210x330mm" },
		{ "oficio", "na_oficio_8.5x13.4in" },
		{ "c6", "iso_c6_114x162mm" }, { "c4", "iso_c4_229x324mm" },
		{ "postcard", "jpn_hagaki_100x148mm" },
	};

	for (size_t i = 0; i < COUNT(w); i++)
		if (strcmp(w[i].name, name) == 0)
			return w[i].pwg;
	return NULL;
}

/* Of libcups' table; not what it makes up of measures. */
static bool
cups_size(const char *name, uint32_t *w, uint32_t *h)
{
	const pwg_media_t *m = pwgMediaForLegacy(name);

	if (m == NULL)
		m = pwgMediaForPPD(name);
	if (m == NULL || m->width < (int)SIDE_MIN || m->length <
	    (int)SIDE_MIN || m->width > (int)SIDE_MAX ||
	    m->length > (int)SIDE_MAX)
		return false;
	*w = (uint32_t)m->width;
	*h = (uint32_t)m->length;
	return true;
}

/* One way to write it. */
static bool
known(char *out, size_t size, const char *name)
{
	char plain[NAME_MAX_LEN + 1];
	const char *pwg;
	uint32_t w, h;
	size_t n;
	bool found;

	squeeze(plain, sizeof plain, name);
	n = strlen(plain);
	pwg = alias(plain);
	found = rel_media_size(name, &w, &h) || cups_size(name, &w, &h) ||
	    (pwg == NULL && rel_media_size(plain, &w, &h));
	if (pwg == NULL && !found && n > 2 && plain[n - 1] == 'r') {
		plain[n - 1] = '\0';	/* "A4R" lies the other way round */
		pwg = alias(plain);
		found = rel_media_size(plain, &w, &h);
	}
	if (found)
		size_name(out, size, w, h);
	else
		snprintf(out, size, "%s", pwg != NULL ? pwg : "");
	return found || pwg != NULL;
}

bool
snmp_media_of_name(char *out, size_t size, const char *name)
{
	size_t n = strlen(name), head = strcspn(name, "(");
	char part[NAME_MAX_LEN + 1];
	uint32_t w, h;

	out[0] = '\0';
	if (n == 0 || n > NAME_MAX_LEN)
		return false;
	if (known(out, size, name))
		return true;
	while (head > 0 && name[head - 1] == ' ')
		head--;
	snprintf(part, sizeof part, "%.*s", (int)head, name);
	if (head > 0 && head < n && known(out, size, part))
		return true;
	/* "A4 Plain" */
	head = strcspn(name, " ,");
	snprintf(part, sizeof part, "%.*s", (int)head, name);
	if (head == 2 && strchr("ABab", part[0]) != NULL &&
	    isdigit((unsigned char)part[1]) && known(out, size, part))
		return true;
	for (const char *p = name; *p != '\0'; p++)
		if (isdigit((unsigned char)*p) && (p == name ||
		    !isalnum((unsigned char)p[-1])) && measured(p, &w, &h)) {
			size_name(out, size, w, h);
			return true;
		}
	return false;
}

bool
snmp_media_says_nothing(const char *text)
{
	static const char *const w[] = { "", "any", "any size", "any type",
		"any paper", "unknown", "none", "other", "undefined",
		"unspecified", "not specified", "not set", "default", "auto",
		"-", "*" };

	for (size_t i = 0; i < COUNT(w); i++)
		if (strcasecmp(w[i], text) == 0)
			return true;
	return false;
}

/* ---- what is in a tray */

static int64_t
number(struct snmp_device *d, const char *column, uint32_t row,
    int64_t otherwise)
{
	return snmp_tree_number(d->t, column, d->h, row, otherwise);
}

/* The name of the measures in two columns; "" when they are none. */
static void
of_columns(struct snmp_device *d, const char *feed, const char *cross,
    uint32_t row, char out[64])
{
	int64_t unit = number(d, IN ".3", row, 3);
	uint32_t w = measure(number(d, cross, row, -2), unit);
	uint32_t h = measure(number(d, feed, row, -2), unit);

	out[0] = '\0';
	if (w > 0 && h > 0)
		size_name(out, 64, w, h);
}

/* What is declared counts; what was chosen, where it is not; then the name. */
static void
tray_size(struct snmp_device *d, struct snmp_papers *all, uint32_t row,
    const char *media, unsigned n)
{
	char declared[64], chosen[64], loaded[64], list[256] = "";

	of_columns(d, IN ".4", IN ".5", row, declared);
	of_columns(d, IN ".6", IN ".7", row, chosen);
	snprintf(loaded, sizeof loaded, "%s", declared[0] != '\0' ? declared :
	    chosen);
	if (loaded[0] == '\0')
		(void)snmp_media_of_name(loaded, sizeof loaded, media);
	items_str(d->l, "input.N.size", n, loaded);
	snmp_list_add(list, sizeof list, loaded);
	snmp_list_add(list, sizeof list, chosen);
	snmp_list_add(all->sizes, sizeof all->sizes, loaded);
	snmp_list_add(all->sizes, sizeof all->sizes, chosen);
	/* -1: no restriction but what the paths have. */
	if (number(d, IN ".4", row, -2) == -1 &&
	    number(d, IN ".5", row, -2) == -1 && all->range[0] != '\0')
		snprintf(list + strlen(list), sizeof list - strlen(list),
		    "%s%s", list[0] != '\0' ? "," : "", all->range);
	if (strcmp(list, loaded) != 0)
		items_str(d->l, "input.N.sizes", n, list);
}

/* prtInputMediaType; where there is none, a name that is not of a size. */
static void
tray_type(struct snmp_device *d, struct snmp_papers *all, uint32_t row,
    const char *media, unsigned n)
{
	const struct snmp_var *v = snmp_tree_get(d->t, IN ".21", d->h, row);
	char text[128], item[ITEM_NAME_MAX];
	const char *value;

	snmp_device_text(d, IN ".21", row, text, sizeof text);
	if (snmp_media_says_nothing(text)) {
		if (snmp_media_says_nothing(media) ||
		    snmp_media_of_name(text, sizeof text, media))
			return;
		v = snmp_tree_get(d->t, IN ".12", d->h, row);
	}
	snmp_item_text(d, "input.N.type", n, v);
	snprintf(item, sizeof item, "input.%u.type", n);
	if ((value = items_get(d->l, item)) == NULL)
		return;
	snprintf(text, sizeof text, "%.*s", (int)strcspn(value, ","), value);
	snmp_list_add(all->types, sizeof all->types, text);
}

void
snmp_items_media(struct snmp_device *d, struct snmp_papers *all, uint32_t row,
    unsigned n)
{
	char media[128], color[64];

	snmp_device_text(d, IN ".12", row, media, sizeof media);
	tray_size(d, all, row, media, n);
	tray_type(d, all, row, media, n);
	snmp_device_text(d, IN ".22", row, color, sizeof color);
	if (!snmp_media_says_nothing(color))
		snmp_item_text(d, "input.N.color", n,
		    snmp_tree_get(d->t, IN ".22", d->h, row));
}

/* ---- what goes through */

/* "custom_max_297x431.8mm"; "" when it is no measure. */
static void
limit(char out[64], const char *which, uint32_t w, uint32_t h)
{
	char side[2][16];
	uint32_t v[2] = { w < h ? w : h, w < h ? h : w };

	out[0] = '\0';
	if (v[0] == 0)
		return;
	for (int i = 0; i < 2; i++) {
		snprintf(side[i], sizeof side[i], "%u.%02u", v[i] / 100,
		    v[i] % 100);
		for (char *p = side[i] + strlen(side[i]) - 1; *p == '0'; p--)
			*p = '\0';
		if (side[i][strlen(side[i]) - 1] == '.')
			side[i][strlen(side[i]) - 1] = '\0';
	}
	snprintf(out, 64, "custom_%s_%sx%smm", which, side[0], side[1]);
}

/* The widest of its media paths says the range. */
void
snmp_papers_init(struct snmp_papers *all, struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS], width = 0;
	size_t n = snmp_tree_rows(d->t, PATH, d->h, rows);
	char least[64], most[64];

	*all = (struct snmp_papers){ .range = "" };
	for (size_t i = 0; i < n; i++) {
		int64_t unit = number(d, PATH ".3", rows[i], 3);
		uint32_t h = measure(number(d, PATH ".5", rows[i], -2), unit);
		uint32_t w = measure(number(d, PATH ".6", rows[i], -2), unit);

		if (w <= width || h == 0)
			continue;
		width = w;
		limit(most, "max", w, h);
		limit(least, "min",
		    measure(number(d, PATH ".8", rows[i], -2), unit),
		    measure(number(d, PATH ".7", rows[i], -2), unit));
		snprintf(all->range, sizeof all->range, "%s%s%s", least,
		    least[0] != '\0' ? "," : "", most);
	}
}

void
snmp_items_papers(struct snmp_device *d, const struct snmp_papers *all)
{
	char list[ITEM_VALUE_MAX];

	snprintf(list, sizeof list, "%s%s%s", all->sizes,
	    all->sizes[0] != '\0' && all->range[0] != '\0' ? "," : "",
	    all->range);
	items_str(d->l, "media-sizes", 0, list);
	items_str(d->l, "media-types", 0, all->types);
}
