/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Supplies and what marks: toner, ink, colours, languages, sides a minute. */
#include "releaserd/driver/snmp_priv.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PRT "1.3.6.1.2.1.43."
#define SUPPLY PRT "11.1.1"
#define FIN_SUPPLY PRT "31.1.1"
#define COUNT(table) (sizeof (table) / sizeof (table)[0])

/* ---- by their names */

struct word {
	const char *part, *word;
};

static const char *
in_name(const struct word *w, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcasestr(name, w[i].part) != NULL)
			return w[i].word;
	return NULL;
}

/* The longer names before those that are parts of them. */
static const char *
color_of_name(const char *name)
{
	static const struct word w[] = {
		{ "light cyan", "light-cyan" },
		{ "light magenta", "light-magenta" },
		{ "light gray", "light-gray" }, { "light grey", "light-gray" },
		{ "light black", "light-black" }, { "photo black", "photo-black" },
		{ "matte black", "matte-black" }, { "black", "black" },
		{ "schwarz", "black" }, { "noir", "black" }, { "cyan", "cyan" },
		{ "magenta", "magenta" }, { "yellow", "yellow" },
		{ "gelb", "yellow" }, { "jaune", "yellow" },
		{ "tri-color", "multi-color" }, { "tricolor", "multi-color" },
		{ "orange", "orange" }, { "violet", "violet" },
		{ "green", "green" }, { "gray", "gray" }, { "grey", "gray" },
		{ "white", "white" }, { "clear", "clear" },
	};

	return in_name(w, COUNT(w), name);
}

/* Where prtMarkerSuppliesType says nothing. */
static const char *
kind_of_name(const char *name, bool ink)
{
	static const struct word w[] = {
		{ "waste toner", "waste-toner" }, { "waste ink", "waste-ink" },
		{ "waste", "waste-toner" }, { "maintenance box", "waste-ink" },
		{ "maintenance tank", "waste-ink" }, { "drum", "drum" },
		{ "imaging unit", "drum" }, { "imaging kit", "drum" },
		{ "photoconductor", "drum" }, { "trommel", "drum" },
		{ "tambour", "drum" },
		{ "toner", "toner" }, { "developer", "developer" },
		{ "fus", "fuser" }, { "transfer", "transfer" },
		{ "belt", "transfer" }, { "staple", "staples" },
		{ "roller", "roller" }, { "rollers", "roller" },
		{ "ribbon", "ink-ribbon" }, { "ink", "ink" },
		{ "maintenance", "maintenance-kit" },
	};
	const char *kind = in_name(w, COUNT(w), name);

	if (kind == NULL && strcasestr(name, "cartridge") != NULL)
		kind = ink ? "ink" : "toner";
	return kind;
}

/* ---- supplies */

/*
 * Percent left; -2 where nobody knows.  A waste box says nothing: some count
 * what is in it, some the room that is left.
 */
static int64_t
percent(int64_t level, int64_t max, int64_t unit, const char *kind)
{
	if (level < 0 || level > INT32_MAX || strncmp(kind, "waste-", 6) == 0)
		return -2;
	if (unit == 19 && level <= 100)
		return level;
	if (max <= 0)
		return -2;
	return level >= max ? 100 : level * 100 / max;
}

/* What a row is, whichever of the two tables it is of. */
struct supply {
	const char *kind, *color;
	int64_t level, max, unit;
	const struct snmp_var *name;
};

static void
put(struct snmp_device *d, const struct supply *s, unsigned n)
{
	const char *unit = snmp_word_unit(s->unit);
	int64_t left;

	snmp_item_text(d, "supply.N.name", n, s->name);
	items_str(d->l, "supply.N.kind", n, s->kind);
	items_str(d->l, "supply.N.color", n, s->color);
	items_str(d->l, "supply.N.unit", n, unit);
	if (s->max > 0)
		items_number(d->l, "supply.N.capacity", n, s->max);
	if (s->level >= 0 || s->level == -2 || s->level == -3)
		items_number(d->l, "supply.N.level", n, s->level);
	if ((left = percent(s->level, s->max, s->unit, s->kind)) < 0)
		left = snmp_tagged_percent(d, s->kind, s->color != NULL ?
		    s->color : "");
	items_number(d->l, "supply.N.percent", n, left);
}

/* The colorant a supply is of; "" when it is none. */
static void
color_of(struct snmp_device *d, uint32_t row, const char *name, char out[32])
{
	int64_t colorant = snmp_tree_number(d->t, SUPPLY ".3", d->h, row, 0);
	char value[32] = "";
	const char *word;

	if (colorant > 0 && colorant <= UINT32_MAX)
		snmp_tree_text(d->t, PRT "12.1.1.4", d->h,
		    (uint32_t)colorant, value, sizeof value);
	if ((word = color_of_name(value)) == NULL)
		word = color_of_name(name);
	snprintf(out, 32, "%s", word != NULL ? word : "");
}

static void
supply(struct snmp_device *d, uint32_t row, unsigned n)
{
	int64_t type = snmp_tree_number(d->t, SUPPLY ".5", d->h, row, 2);
	const char *kind = snmp_word_supply(type), *by_name;
	char name[128], color[32];

	snmp_device_text(d, SUPPLY ".6", row, name, sizeof name);
	by_name = kind_of_name(name, d->ink);
	if (kind == NULL)
		kind = by_name != NULL ? by_name : "other";
	color_of(d, row, name, color);
	put(d, &(struct supply){ .kind = kind, .color = color,
	    .level = snmp_tree_number(d->t, SUPPLY ".9", d->h, row, -2),
	    .max = snmp_tree_number(d->t, SUPPLY ".8", d->h, row, -2),
	    .unit = snmp_tree_number(d->t, SUPPLY ".7", d->h, row, 2),
	    .name = snmp_tree_get(d->t, SUPPLY ".6", d->h, row) }, n);
}

/* Staples and the like: behind those of the marker. */
static void
finisher_supply(struct snmp_device *d, uint32_t row, unsigned n)
{
	const char *kind = snmp_word_supply(snmp_tree_number(d->t,
	    FIN_SUPPLY ".4", d->h, row, 2));

	put(d, &(struct supply){ .kind = kind != NULL ? kind : "other",
	    .level = snmp_tree_number(d->t, FIN_SUPPLY ".8", d->h, row, -2),
	    .max = snmp_tree_number(d->t, FIN_SUPPLY ".7", d->h, row, -2),
	    .unit = snmp_tree_number(d->t, FIN_SUPPLY ".6", d->h, row, 2),
	    .name = snmp_tree_get(d->t, FIN_SUPPLY ".5", d->h, row) }, n);
}

/* Where the Printer MIB has no supplies. */
static void
tagged_supplies(struct snmp_device *d)
{
	const char *kind, *color;
	unsigned n = 0;

	for (size_t i = 0; (kind = snmp_tagged_supply(d, i, &color)) != NULL;
	    i++)
		if (kind[0] != '\0')
			put(d, &(struct supply){ .kind = kind, .color = color,
			    .level = snmp_tagged_percent(d, kind, color),
			    .max = 100, .unit = 19 }, ++n);
}

void
snmp_items_supplies(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, SUPPLY, d->h, rows);
	unsigned last = 0;

	if (n == 0)
		tagged_supplies(d);
	for (size_t i = 0; i < n; i++) {
		last = snmp_item_n(rows, n, i);
		if (last > 0)
			supply(d, rows[i], last);
	}
	n = snmp_tree_rows(d->t, FIN_SUPPLY, d->h, rows);
	for (size_t i = 0; i < n && ++last <= ITEM_N_MAX; i++)
		finisher_supply(d, rows[i], last);
}

/* ---- what it can do */

static void
tagged_colorants(struct snmp_device *d, char *list, size_t size)
{
	const char *kind, *color;

	for (size_t i = 0; (kind = snmp_tagged_supply(d, i, &color)) != NULL;
	    i++)
		if (kind[0] != '\0')
			snmp_list_add(list, size, color);
}

/* By the colorants it says it has, else by its toners and inks. */
static void
colorants(struct snmp_device *d, char *list, size_t size)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, PRT "12.1.1", d->h, rows);
	char text[64], color[32];

	for (size_t i = 0; i < n; i++) {
		if (snmp_tree_number(d->t, PRT "12.1.1.3", d->h, rows[i],
		    3) != 3)
			continue;
		snmp_tree_text(d->t, PRT "12.1.1.4", d->h, rows[i], text,
		    sizeof text);
		snmp_list_add(list, size, color_of_name(text));
	}
	n = list[0] == '\0' ? snmp_tree_rows(d->t, SUPPLY, d->h, rows) : 0;
	for (size_t i = 0; i < n; i++) {
		snmp_tree_text(d->t, SUPPLY ".6", d->h, rows[i], text,
		    sizeof text);
		color_of(d, rows[i], text, color);
		snmp_list_add(list, size, color);
	}
	if (list[0] == '\0')
		tagged_colorants(d, list, size);
}

/* -1: nobody says. */
static int
in_color(struct snmp_device *d, const char *list)
{
	int64_t n = 0;
	const struct snmp_var *v;

	for (size_t i = 0; (v = snmp_tree_below(d->t, PRT "10.2.1.6", i)) !=
	    NULL; i++)
		n = v->kind == SNMP_NUMBER && v->number > n ? v->number : n;
	if (n > 0)
		return n > 1;
	if (strstr(list, "cyan") != NULL || strstr(list, "magenta") != NULL ||
	    strstr(list, "yellow") != NULL || strstr(list, "multi") != NULL)
		return 1;
	return strcmp(list, "black") == 0 ? 0 : -1;
}

const char *
snmp_marking_by_supplies(struct snmp_tree *t)
{
	const struct snmp_var *v;
	const char *found = NULL;

	for (size_t i = 0; (v = snmp_tree_below(t, SUPPLY ".5", i)) != NULL;
	    i++) {
		int64_t type = v->kind == SNMP_NUMBER ? v->number : 0;

		if (type == 3 || type == 21)
			return "laser";
		if (type == 5 || type == 6)
			found = "inkjet";
	}
	for (size_t i = 0; found == NULL && (v = snmp_tree_below(t,
	    SUPPLY ".6", i)) != NULL; i++)
		if (v->kind == SNMP_OCTET_STRING)
			found = strcasestr(v->octets, "toner") != NULL ?
			    "laser" : strcasestr(v->octets, " ink") != NULL ?
			    "inkjet" : NULL;
	return found;
}

/* Where no marker says it. */
static const char *
marking_otherwise(struct snmp_device *d)
{
	static const struct word w[] = { { "LaserJet", "laser" },
		{ "Laser", "laser" }, { "OfficeJet", "inkjet" },
		{ "DeskJet", "inkjet" }, { "DesignJet", "inkjet" },
		{ "PageWide", "inkjet" }, { "PIXMA", "inkjet" },
		{ "LBP", "laser" }, { "HL-", "laser" }, { "DCP-L", "laser" },
		{ "MFC-L", "laser" }, { "DCP-J", "inkjet" },
		{ "MFC-J", "inkjet" }, { "ZTC ", "thermal" } };
	const char *word = snmp_marking_by_supplies(d->t), *model;

	model = word == NULL ? items_get(d->l, "model") : NULL;
	return model != NULL ? in_name(w, COUNT(w), model) : word;
}

static void
marking(struct snmp_device *d)
{
	const struct snmp_var *v = snmp_tree_below(d->t, PRT "10.2.1.2", 0);
	const char *word = v != NULL && v->kind == SNMP_NUMBER ?
	    snmp_word_marking(v->number) : NULL;
	char text[64];
	int64_t x, y, unit;
	uint32_t row = v != NULL ? v->oid[v->n - 1] : 1;

	if (word == NULL)
		word = marking_otherwise(d);
	if (word == NULL && v != NULL && v->kind == SNMP_NUMBER &&
	    v->number == 1)
		word = "other";
	items_str(d->l, "marking", 0, word);
	unit = snmp_tree_number(d->t, PRT "10.2.1.8", d->h, row, 3);
	y = snmp_tree_number(d->t, PRT "10.2.1.9", d->h, row, 0);
	x = snmp_tree_number(d->t, PRT "10.2.1.10", d->h, row, 0);
	/* "In ten thousands of inches", whatever some write for it. */
	if (x < 50 || y < 50 || x > 20000 || y > 20000 || unit > 4)
		return;
	if (x == y)
		snprintf(text, sizeof text, "%d", (int)x);
	else
		snprintf(text, sizeof text, "%dx%d", (int)x, (int)y);
	items_str(d->l, "resolutions", 0, text);
}

/*
 * prtMediaPathMaxSpeed is of one hour; below one of five a minute it is what
 * some mean as sides a minute.
 */
static void
paths(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, PRT "13.4.1", d->h, rows);
	int64_t best = 0;
	int duplex = -1;

	for (size_t i = 0; i < n; i++) {
		int64_t type = snmp_tree_number(d->t, PRT "13.4.1.9", d->h,
		    rows[i], 2);
		int64_t unit = snmp_tree_number(d->t, PRT "13.4.1.2", d->h,
		    rows[i], 7);
		int64_t speed = snmp_tree_number(d->t, PRT "13.4.1.4", d->h,
		    rows[i], 0);

		if (type == 3 || type == 4)
			duplex = 1;
		else if (type == 5 && duplex < 0)
			duplex = 0;
		if (unit != 7 && unit != 8)
			continue;
		speed = speed >= 300 ? speed / 60 : speed;
		best = speed > best && speed < 2000 ? speed : best;
	}
	if (duplex >= 0)
		items_number(d->l, "duplex", 0, duplex);
	if (best > 0)
		items_number(d->l, "speed", 0, best);
}

/* Of its interpreters by number, by name, and of CMD of its device ID. */
static void
formats(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, PRT "15.1.1", d->h, rows);
	char list[512] = "", cmd[512], text[128];

	for (size_t i = 0; i < n; i++) {
		const char *mime = snmp_word_language(snmp_tree_number(d->t,
		    PRT "15.1.1.2", d->h, rows[i], 2));

		snmp_tree_text(d->t, PRT "15.1.1.5", d->h, rows[i], text,
		    sizeof text);
		snmp_list_add(list, sizeof list,
		    mime != NULL ? mime : snmp_word_command(text));
	}
	snmp_id_key(snmp_id_of(d->t), "CMD", cmd, sizeof cmd);
	for (char *p = cmd, *save = NULL; (p = strtok_r(p, ",", &save)) !=
	    NULL; p = NULL)
		snmp_list_add(list, sizeof list,
		    snmp_word_command(p + strspn(p, " ")));
	items_str(d->l, "formats", 0, list);
}

/* Does a text tell of it? No "copy" is in "Copyright". */
static bool
tells(const struct snmp_var *v, const char *part)
{
	const char *p = v != NULL && v->kind == SNMP_OCTET_STRING ?
	    v->octets : "";

	while ((p = strcasestr(p, part)) != NULL) {
		if (strncasecmp(p, "copyr", 5) != 0)
			return true;
		p++;
	}
	return false;
}

/* What else than printing its devices and its description tell of. */
static void
functions(struct snmp_device *d)
{
	static const struct word w[] = { { "copy", "copy" },
		{ "copier", "copy" }, { "MFP", "copy" }, { "MFC-", "copy" },
		{ "DCP-", "copy" }, { "multifunction", "copy" },
		{ "All-in-One", "copy" }, { "All-in-One", "scan" },
		{ "scan", "scan" }, { "MFP", "scan" }, { "MFC-", "scan" },
		{ "DCP-", "scan" }, { "multifunction", "scan" },
		{ "fax", "fax" }, { "facsimile", "fax" }, { "MFC-", "fax" } };
	const char *model = items_get(d->l, "model");
	char list[64] = "print";
	const struct snmp_var *v;

	if (!snmp_is_printer(d->t))
		return;
	for (size_t k = 0; k < COUNT(w); k++) {
		bool told = tells(snmp_tree_get(d->t, "1.3.6.1.2.1.1.1.0",
		    SNMP_ANY, SNMP_ANY), w[k].part) ||
		    (model != NULL && strcasestr(model, w[k].part) != NULL);

		for (size_t i = 0; !told && (v = snmp_tree_below(d->t,
		    "1.3.6.1.2.1.25.3.2.1.3", i)) != NULL; i++)
			told = tells(v, w[k].part);
		if (told)
			snmp_list_add(list, sizeof list, w[k].word);
	}
	items_str(d->l, "functions", 0, list);
}

void
snmp_items_ability(struct snmp_device *d)
{
	char list[256] = "";
	int color;

	colorants(d, list, sizeof list);
	items_str(d->l, "colorants", 0, list);
	if ((color = in_color(d, list)) >= 0)
		items_number(d->l, "color", 0, color);
	marking(d);
	paths(d);
	formats(d);
	functions(d);
}
