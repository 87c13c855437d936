/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Trays, bins, finishers: the parts of a device that paper goes through. */
#include "releaserd/driver/snmp_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
	static const char *const trays[] = { "tray", "cassette", "drawer",
		"sheet feeder bin", "fach", "papierfach", "magazin",
		"kassette", "bac", "magasin", "tiroir", "vassoio", "cassetto",
		"bandeja", "lade" };
	size_t n = strcspn(name, "0123456789"), letters = n;
	const char *digits = name + n;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof w / sizeof w[0]; i++)
		if (strcasestr(name, w[i].part) != NULL) {
			snprintf(out, size, "%s", w[i].keyword);
			return;
		}
	while (letters > 0 && name[letters - 1] == ' ')
		letters--;
	if (*digits == '\0' || strlen(digits) > 2 ||
	    strspn(digits, "0123456789") != strlen(digits))
		letters = 0;
	for (size_t i = 0; i < sizeof trays / sizeof trays[0]; i++)
		if (letters == strlen(trays[i]) &&
		    strncasecmp(name, trays[i], letters) == 0)
			snprintf(out, size, "tray-%s", digits);
	if (out[0] == '\0' && kind == 5)
		snprintf(out, size, "manual");
}

/*
 * Sheets; what is counted in feet, metres or percent says only whether there
 * is some.
 */
static void
sheets(struct snmp_device *d, uint32_t row, unsigned n)
{
	int64_t unit = number(d, IN ".8", row, 8);
	int64_t left = number(d, IN ".10", row, -1);

	if (unit == 8 || unit <= 2 || unit == 18)
		level(d, "input.N.level", n, IN ".10", row);
	else if (left == -2 || left == -3 || left >= 0)
		items_number(d->l, "input.N.level", n, left > 0 ? -3 : left);
}

static void
tray(struct snmp_device *d, struct snmp_papers *all, uint32_t row, unsigned n)
{
	int64_t kind = number(d, IN ".2", row, 2);
	int64_t weight = number(d, IN ".20", row, -2);
	int64_t unit = number(d, IN ".8", row, 8);
	const char *word = snmp_word_input(kind), *named = IN ".13";
	char name[128], keyword[64];

	snmp_device_text(d, named, row, name, sizeof name);
	if (name[0] == '\0') {
		named = IN ".18";
		snmp_device_text(d, named, row, name, sizeof name);
	}
	snmp_item_text(d, "input.N.name", n,
	    snmp_tree_get(d->t, named, d->h, row));
	tray_keyword(keyword, sizeof keyword, name, kind);
	items_str(d->l, "input.N.id", n, keyword);
	items_str(d->l, "input.N.kind", n, word != NULL ? word : "other");
	snmp_items_media(d, all, row, n);
	if (weight > 0 && weight < 10000)
		items_number(d->l, "input.N.weight", n, weight);
	if (unit == 8 || unit <= 2 || unit == 18)
		capacity(d, "input.N.capacity", n, IN ".9", row);
	sheets(d, row, n);
	status(d, "input.N.status", n, IN ".11", row);
}

void
snmp_items_inputs(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, IN, d->h, rows);
	struct snmp_papers all;

	snmp_papers_init(&all, d);
	for (size_t i = 0; i < n; i++)
		tray(d, &all, rows[i], snmp_item_n(rows, n, i));
	snmp_items_papers(d, &all);
}

void
snmp_items_levels(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, IN, d->h, rows);

	for (size_t i = 0; i < n; i++) {
		unsigned at = snmp_item_n(rows, n, i);

		sheets(d, rows[i], at);
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
