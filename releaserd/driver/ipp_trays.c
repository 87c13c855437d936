/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Trays, bins and supplies: printer-input-tray, -output-tray, -supply (PWG
 * 5100.13 and 5100.22), media-col-ready, and CUPS's marker attributes.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/media.h"
#include "releaserd/driver/ipp_priv.h"

#define N_MAX ((int)ITEM_N_MAX)

static int
count_of(ipp_attribute_t *a)
{
	int n = a != NULL ? ippGetCount(a) : 0;

	return n < N_MAX ? n : N_MAX;
}

/* One value "a=b;c=d;" and the item it belongs to. */
struct value {
	struct items *l;
	unsigned n;
	const char *p;
	size_t len;
};

static bool
value_at(struct value *v, struct items *l, ipp_attribute_t *a, int i)
{
	int len = 0;

	v->l = l;
	v->n = (unsigned)i + 1;
	v->p = ippGetOctetString(a, i, &len);
	v->len = v->p != NULL && len > 0 ? (size_t)len : 0;
	return v->len > 0;
}

static void
take_text(const struct value *v, const char *item, const char *name)
{
	char out[256];

	if (ipp_member(v->p, v->len, name, out, sizeof out))
		items_str(v->l, item, v->n, out);
}

static int64_t
number_of(const struct value *v, const char *name, int64_t otherwise)
{
	char out[24];
	int64_t n;

	return ipp_member(v->p, v->len, name, out, sizeof out) &&
	    rel_int(&n, out, INT32_MIN, INT32_MAX) ? n : otherwise;
}

static void
take_number(const struct value *v, const char *item, const char *name)
{
	int64_t n = number_of(v, name, INT64_MIN);

	if (n != INT64_MIN)
		items_number(v->l, item, v->n, n);
}

/* ---- trays */

static void
take_tray_kind(const struct value *v)
{
	static const struct {
		const char *type, *kind;
	} all[] = {
		{ "sheetFeedAutoRemovableTray", "removable" },
		{ "sheetFeedAutoNonRemovableTray", "auto" },
		{ "sheetFeedManual", "manual" }, { "continuousRoll", "roll" },
		{ "continuousFanFold", "fan-fold" }
	};
	const char *kind = "other";
	char out[64];

	if (!ipp_member(v->p, v->len, "type", out, sizeof out))
		return;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(out, all[i].type) == 0)
			kind = all[i].kind;
	items_str(v->l, "input.N.kind", v->n, kind);
}

static void
put_size(struct items *l, unsigned n, ipp_t *col)
{
	ipp_attribute_t *a = ippFindAttribute(col, "media-size",
	    IPP_TAG_BEGIN_COLLECTION);
	ipp_t *size = a != NULL ? ippGetCollection(a, 0) : NULL;
	int64_t x = size != NULL ? ipp_number(size, "x-dimension", 0) : 0;
	int64_t y = size != NULL ? ipp_number(size, "y-dimension", 0) : 0;
	const char *name = ipp_text(col, "media-size-name");
	char out[64];

	if (name[0] != '\0') {
		items_str(l, "input.N.size", n, name);
	} else if (x > 0 && y > 0 && x < INT32_MAX && y < INT32_MAX) {
		rel_media_name(out, sizeof out, (uint32_t)x, (uint32_t)y);
		items_str(l, "input.N.size", n, out);
	}
}

/* What lies in the tray called id. */
static void
put_ready(struct items *l, unsigned n, ipp_t *m, const char *id)
{
	ipp_attribute_t *a = ippFindAttribute(m, "media-col-ready",
	    IPP_TAG_BEGIN_COLLECTION);
	int count = count_of(a);

	for (int i = 0; i < count; i++) {
		ipp_t *col = ippGetCollection(a, i);
		int64_t weight;

		if (col == NULL || strcmp(ipp_text(col, "media-source"), id) !=
		    0)
			continue;
		put_size(l, n, col);
		items_str(l, "input.N.type", n, ipp_text(col, "media-type"));
		items_str(l, "input.N.color", n,
		    ipp_text(col, "media-color"));
		weight = ipp_number(col, "media-weight-metric", 0);
		if (weight > 0)
			items_number(l, "input.N.weight", n, weight);
		return;
	}
}

static void
put_inputs(struct items *l, ipp_t *m)
{
	ipp_attribute_t *a = ippFindAttribute(m, "printer-input-tray",
	    IPP_TAG_STRING);
	int n = count_of(a);
	struct value v;
	char id[64];

	for (int i = 0; i < n; i++) {
		if (!value_at(&v, l, a, i))
			continue;
		take_text(&v, "input.N.name", "name");
		take_text(&v, "input.N.id", "name");
		take_tray_kind(&v);
		take_number(&v, "input.N.capacity", "maxcapacity");
		take_number(&v, "input.N.level", "level");
		take_text(&v, "input.N.status", "status");
		if (ipp_member(v.p, v.len, "name", id, sizeof id))
			put_ready(l, v.n, m, id);
	}
}

/* A device that tells what lies ready, and nothing of its trays. */
static void
put_ready_only(struct items *l, ipp_t *m)
{
	ipp_attribute_t *a = ippFindAttribute(m, "media-col-ready",
	    IPP_TAG_BEGIN_COLLECTION);
	int n = count_of(a);

	for (int i = 0; i < n; i++) {
		ipp_t *col = ippGetCollection(a, i);
		const char *id = col != NULL ? ipp_text(col,
		    "media-source") : "";

		if (id[0] == '\0')
			continue;
		items_str(l, "input.N.name", (unsigned)i + 1, id);
		items_str(l, "input.N.id", (unsigned)i + 1, id);
		put_ready(l, (unsigned)i + 1, m, id);
	}
}

void
ipp_items_trays(struct items *l, ipp_t *m)
{
	ipp_attribute_t *a = ippFindAttribute(m, "printer-output-tray",
	    IPP_TAG_STRING);
	int n = count_of(a);
	struct value v;

	if (ippFindAttribute(m, "printer-input-tray", IPP_TAG_STRING) != NULL)
		put_inputs(l, m);
	else
		put_ready_only(l, m);
	for (int i = 0; i < n; i++) {
		if (!value_at(&v, l, a, i))
			continue;
		take_text(&v, "output.N.name", "name");
		take_text(&v, "output.N.kind", "type");
		take_number(&v, "output.N.capacity", "maxcapacity");
		take_number(&v, "output.N.remaining", "remaining");
		take_text(&v, "output.N.status", "status");
	}
}

/* ---- supplies */

/* "wasteToner" is "waste-toner" everywhere else. */
static void
kebab(char *out, size_t size, const char *camel)
{
	size_t n = 0;

	for (const char *p = camel; *p != '\0' && n + 3 < size; p++) {
		if (isupper((unsigned char)*p) && n > 0)
			out[n++] = '-';
		out[n++] = (char)tolower((unsigned char)*p);
	}
	out[n] = '\0';
}

/* Of a waste box nobody knows whether it is what is in it or what is left. */
static void
put_level(struct items *l, unsigned n, const char *kind, int64_t level,
    int64_t most)
{
	items_number(l, "supply.N.level", n, level);
	if (most > 0)
		items_number(l, "supply.N.capacity", n, most);
	if (level >= 0 && most > 0 && strncmp(kind, "waste", 5) != 0)
		items_number(l, "supply.N.percent", n, level >= most ? 100 :
		    level * 100 / most);
	else
		items_number(l, "supply.N.percent", n, -2);
}

static void
put_supply(const struct value *v, ipp_attribute_t *words)
{
	char type[64], kind[80] = "";

	if (ipp_member(v->p, v->len, "type", type, sizeof type)) {
		kebab(kind, sizeof kind, type);
		items_str(v->l, "supply.N.kind", v->n, kind);
	}
	take_text(v, "supply.N.unit", "unit");
	take_text(v, "supply.N.color", "colorantname");
	put_level(v->l, v->n, kind, number_of(v, "level", -2),
	    number_of(v, "maxcapacity", -2));
	if (words != NULL && (int)v->n <= ippGetCount(words))
		items_str(v->l, "supply.N.name", v->n,
		    ippGetString(words, (int)v->n - 1, NULL));
}

static const char *
string_at(ipp_t *m, const char *name, int i)
{
	ipp_attribute_t *a = ippFindAttribute(m, name, IPP_TAG_ZERO);
	const char *s = a != NULL && i < ippGetCount(a) ? ippGetString(a, i,
	    NULL) : NULL;

	return s != NULL ? s : "";
}

static int64_t
integer_at(ipp_t *m, const char *name, int i, int64_t otherwise)
{
	ipp_attribute_t *a = ippFindAttribute(m, name, IPP_TAG_INTEGER);

	return a != NULL && i < ippGetCount(a) ? ippGetInteger(a, i) :
	    otherwise;
}

/* CUPS's own, which many printers have: levels are percent. */
static void
put_markers(struct items *l, ipp_t *m)
{
	ipp_attribute_t *a = ippFindAttribute(m, "marker-names",
	    IPP_TAG_ZERO);
	int n = count_of(a);

	for (int i = 0; i < n; i++) {
		unsigned at = (unsigned)i + 1;

		items_str(l, "supply.N.name", at, string_at(m,
		    "marker-names", i));
		items_str(l, "supply.N.kind", at, string_at(m,
		    "marker-types", i));
		items_str(l, "supply.N.color", at, string_at(m,
		    "marker-colors", i));
		items_str(l, "supply.N.unit", at, "percent");
		put_level(l, at, string_at(m, "marker-types", i),
		    integer_at(m, "marker-levels", i, -2), 100);
	}
}

void
ipp_items_supplies(struct items *l, ipp_t *m)
{
	ipp_attribute_t *a = ippFindAttribute(m, "printer-supply",
	    IPP_TAG_STRING);
	ipp_attribute_t *words = ippFindAttribute(m,
	    "printer-supply-description", IPP_TAG_TEXT);
	int n = count_of(a);
	struct value v;

	if (n == 0)
		put_markers(l, m);
	for (int i = 0; i < n; i++)
		if (value_at(&v, l, a, i))
			put_supply(&v, words);
}
