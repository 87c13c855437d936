/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Trays, bins, finishers: the parts of a device that paper goes through. */
#include "releaserd/driver/snmp_priv.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media.h"

#define IN "1.3.6.1.2.1.43.8.2.1"
#define OUT "1.3.6.1.2.1.43.9.2.1"
#define FIN "1.3.6.1.2.1.43.30.1.1"
#define FIN_ATTRIBUTE "1.3.6.1.2.1.43.33.1.1.3"

static int64_t
number(struct snmp_device *d, const char *column, uint32_t row,
    int64_t otherwise)
{
	return snmp_tree_number(d->t, column, d->h, row, otherwise);
}

/* One line of a column as text. */
static void
text_of(struct snmp_device *d, const char *column, uint32_t row, char *out,
    size_t size)
{
	snmp_tree_text(d->t, column, d->h, row, out, size);
}

static void
status(struct snmp_device *d, const char *item, unsigned n,
    const char *column, uint32_t row)
{
	int64_t v = number(d, column, row, -1);
	char text[64];

	if (v < 0)
		return;
	snmp_word_status(text, sizeof text, v);
	items_str(d->l, item, n, text);
}

/* -2 and -3 say something, -1 (no limit) nothing. */
static void
level(struct snmp_device *d, const char *item, unsigned n,
    const char *column, uint32_t row)
{
	int64_t v = number(d, column, row, -1);

	if ((v >= 0 && v < INT32_MAX) || v == -2 || v == -3)
		items_number(d->l, item, n, v);
}

/* How much goes in, where it says so. */
static void
capacity(struct snmp_device *d, const char *item, unsigned n,
    const char *column, uint32_t row)
{
	int64_t v = number(d, column, row, -2);

	if (v > 0 && v < INT32_MAX)
		items_number(d->l, item, n, v);
}

/* ---- sizes */

/* Of prtInputDimUnit in hundredths of a millimetre; 0: none is said. */
static uint32_t
measure(int64_t v, int64_t unit)
{
	double mm100 = unit == 4 ? (double)v / 10 : (double)v * 0.254;

	return v <= 0 || mm100 > 1e7 ? 0 : (uint32_t)(mm100 + 0.5);
}

/* Two millimetres more or less are the same paper. */
static void
size_name(char *out, size_t size, uint32_t w, uint32_t h)
{
	static const int off[] = { 0, -100, 100 };
	char exact[64];

	rel_media_name(exact, sizeof exact, w, h);
	snprintf(out, size, "%s", exact);
	for (size_t i = 0; i < 9 && strncmp(out, "custom_", 7) == 0; i++)
		if (w > 200 && h > 200)
			rel_media_name(out, size,
			    (uint32_t)((int)w + off[i / 3]),
			    (uint32_t)((int)h + off[i % 3]));
	if (strncmp(out, "custom_", 7) == 0)
		snprintf(out, size, "%s", exact);
}

/* What is declared counts; what was chosen, where it is not. */
static void
tray_size(struct snmp_device *d, uint32_t row, const char *media,
    unsigned n)
{
	int64_t unit = number(d, IN ".3", row, 3);
	int64_t feed = number(d, IN ".4", row, -2);
	int64_t cross = number(d, IN ".5", row, -2);
	uint32_t w, h;
	char name[64];

	if (feed <= 0 || cross <= 0) {
		feed = number(d, IN ".6", row, -2);
		cross = number(d, IN ".7", row, -2);
	}
	w = measure(cross, unit);
	h = measure(feed, unit);
	if ((w == 0 || h == 0) && !rel_media_size(media, &w, &h))
		return;
	size_name(name, sizeof name, w, h);
	items_str(d->l, "input.N.size", n, name);
}

static bool
says_nothing(const char *media)
{
	return media[0] == '\0' || strcasecmp(media, "any") == 0 ||
	    strcasecmp(media, "any size") == 0 ||
	    strcasecmp(media, "unknown") == 0 ||
	    strcasecmp(media, "none") == 0 || strcasecmp(media, "other") == 0;
}

/* prtInputMediaType; where there is none, a name that is not of a size. */
static void
tray_type(struct snmp_device *d, uint32_t row, const char *media, unsigned n)
{
	const struct snmp_var *v = snmp_tree_get(d->t, IN ".21", d->h, row);
	uint32_t w, h;

	if (v != NULL && v->len > 0)
		snmp_item_text(d, "input.N.type", n, v);
	else if (!says_nothing(media) && !rel_media_size(media, &w, &h))
		snmp_item_text(d, "input.N.type", n,
		    snmp_tree_get(d->t, IN ".12", d->h, row));
}

/* ---- trays */

/* The media-source keyword of a tray's name; "" when it is none. */
static void
tray_keyword(char *out, size_t size, const char *name, int64_t kind)
{
	static const struct {
		const char *part, *keyword;
	} w[] = {
		{ "bypass", "by-pass-tray" }, { "by-pass", "by-pass-tray" },
		{ "multi", "by-pass-tray" }, { "mp tray", "by-pass-tray" },
		{ "mptray", "by-pass-tray" }, { "mf tray", "by-pass-tray" },
		{ "manual", "manual" }, { "large capacity", "large-capacity" },
		{ "lct", "large-capacity" }, { "envelope", "envelope" },
		{ "rear", "rear" }, { "roll", "main-roll" },
	};
	const char *digits = name + strcspn(name, "0123456789");

	out[0] = '\0';
	for (size_t i = 0; i < sizeof w / sizeof w[0]; i++)
		if (strcasestr(name, w[i].part) != NULL) {
			snprintf(out, size, "%s", w[i].keyword);
			return;
		}
	if ((strncasecmp(name, "tray", 4) == 0 ||
	    strncasecmp(name, "cassette", 8) == 0 ||
	    strncasecmp(name, "drawer", 6) == 0) &&
	    isdigit((unsigned char)*digits) && strlen(digits) < 3)
		snprintf(out, size, "tray-%s", digits);
	else if (kind == 5)
		snprintf(out, size, "manual");
}

static void
tray(struct snmp_device *d, uint32_t row, unsigned n)
{
	int64_t kind = number(d, IN ".2", row, 2);
	int64_t weight = number(d, IN ".20", row, -2);
	const char *word = snmp_word_input(kind);
	char name[128], media[128], keyword[64];
	const struct snmp_var *v = snmp_tree_get(d->t, IN ".13", d->h, row);

	text_of(d, IN ".13", row, name, sizeof name);
	if (name[0] == '\0')
		v = snmp_tree_get(d->t, IN ".18", d->h, row);
	snmp_item_text(d, "input.N.name", n, v);
	tray_keyword(keyword, sizeof keyword, name, kind);
	items_str(d->l, "input.N.id", n, keyword);
	items_str(d->l, "input.N.kind", n, word != NULL ? word : "other");
	text_of(d, IN ".12", row, media, sizeof media);
	tray_size(d, row, media, n);
	tray_type(d, row, media, n);
	snmp_item_text(d, "input.N.color", n,
	    snmp_tree_get(d->t, IN ".22", d->h, row));
	if (weight > 0)
		items_number(d->l, "input.N.weight", n, weight);
	capacity(d, "input.N.capacity", n, IN ".9", row);
	level(d, "input.N.level", n, IN ".10", row);
	status(d, "input.N.status", n, IN ".11", row);
}

void
snmp_items_inputs(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, IN, d->h, rows);

	for (size_t i = 0; i < n; i++)
		tray(d, rows[i], snmp_item_n(rows, n, i));
}

void
snmp_items_levels(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, IN, d->h, rows);

	for (size_t i = 0; i < n; i++) {
		unsigned at = snmp_item_n(rows, n, i);

		level(d, "input.N.level", at, IN ".10", rows[i]);
		status(d, "input.N.status", at, IN ".11", rows[i]);
	}
}

/* ---- bins */

static void
bin(struct snmp_device *d, uint32_t row, unsigned n)
{
	const char *word = snmp_word_output(number(d, OUT ".2", row, 2));
	const struct snmp_var *v = snmp_tree_get(d->t, OUT ".7", d->h, row);

	if (v == NULL || v->len == 0)
		v = snmp_tree_get(d->t, OUT ".12", d->h, row);
	snmp_item_text(d, "output.N.name", n, v);
	items_str(d->l, "output.N.kind", n, word != NULL ? word : "other");
	capacity(d, "output.N.capacity", n, OUT ".4", row);
	level(d, "output.N.remaining", n, OUT ".5", row);
	status(d, "output.N.status", n, OUT ".6", row);
}

void
snmp_items_outputs(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, OUT, d->h, rows);

	for (size_t i = 0; i < n; i++)
		bin(d, rows[i], snmp_item_n(rows, n, i));
}

/* ---- finishers */

/* One attribute of a finisher, "finishings" of IPP; NULL: none. */
static const char *
attribute(uint32_t type, int64_t value)
{
	switch (type) {
	case 30:
		return snmp_word_stitch(value);
	case 40:
		return snmp_word_fold(value);
	case 83:
		return snmp_word_punch(value);
	default:
		return NULL;
	}
}

/* finAttributeTable is indexed h.finisher.type.instance. */
static void
patterns(struct snmp_device *d, uint32_t finisher, char *list, size_t size)
{
	const struct snmp_var *v;

	for (size_t i = 0; (v = snmp_tree_below(d->t, FIN_ATTRIBUTE, i)) !=
	    NULL; i++) {
		const uint32_t *at = v->oid + v->n - 4;
		const char *word;

		if (v->n != 15 || v->kind != SNMP_NUMBER || at[0] != d->h ||
		    at[1] != finisher)
			continue;
		if ((word = attribute(at[2], v->number)) != NULL)
			snmp_list_add(list, size, word);
	}
}

/* What a kind of finisher does, for finishings-supported; "" none of it. */
static const char *
finishing(int64_t kind)
{
	switch (kind) {
	case 3:
		return "staple";
	case 4:
		return "fold";
	case 5:
		return "bind";
	case 6:
		return "trim";
	case 8:
		return "punch";
	default:
		return "";
	}
}

void
snmp_items_finishers(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, FIN, d->h, rows);
	char all[512] = "";

	for (size_t i = 0; i < n; i++) {
		unsigned at = snmp_item_n(rows, n, i);
		int64_t kind = number(d, FIN ".2", rows[i], 2);
		const char *word = snmp_word_finisher(kind);
		char list[256] = "";

		if (number(d, FIN ".3", rows[i], 3) == 5)
			continue;	/* notPresent */
		items_str(d->l, "finisher.N.kind", at,
		    word != NULL ? word : "other");
		snmp_item_text(d, "finisher.N.name", at,
		    snmp_tree_get(d->t, FIN ".10", d->h, rows[i]));
		status(d, "finisher.N.status", at, FIN ".9", rows[i]);
		patterns(d, rows[i], list, sizeof list);
		items_str(d->l, "finisher.N.patterns", at, list);
		snmp_list_add(all, sizeof all, finishing(kind));
		for (char *p = list, *save = NULL; (p = strtok_r(p, ",",
		    &save)) != NULL; p = NULL)
			snmp_list_add(all, sizeof all, p);
	}
	items_str(d->l, "finishings", 0, all);
}
