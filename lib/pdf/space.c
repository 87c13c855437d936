/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Colour spaces (ISO 32000-1 section 8.6): which of their colours are gray. */
#include "lib/pdf/pdf_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEUTRAL 0.03	/* components may differ by this much */
#define CERTAIN 0.05	/* more than this is a colour; between: look */
#define DEPTH_MAX 6
#define SPACES_MAX 8192

struct pdf_space pdf_gray = { .kind = PDF_GRAY, .n = 1 };
struct pdf_space pdf_rgb = { .kind = PDF_RGB, .n = 3, .worst = PDF_COLOUR };
struct pdf_space pdf_cmyk = { .kind = PDF_CMYK, .n = 4, .worst = PDF_COLOUR };
struct pdf_space pdf_pattern = { .kind = PDF_PATTERN, .worst = PDF_MAYBE };
struct pdf_space pdf_other = { .kind = PDF_OTHER, .worst = PDF_MAYBE };

static const struct pdf_space *space_of(struct pdf_doc *d, qpdf_oh oh,
    qpdf_oh res, int depth);

/* ---- one colour */

static double
unit(double v)
{
	if (!(v > 0))
		return 0;
	return v < 1 ? v : 1;
}

static enum pdf_verdict
by_spread(double spread)
{
	if (spread <= NEUTRAL)
		return PDF_MONO;
	return spread > CERTAIN ? PDF_COLOUR : PDF_MAYBE;
}

static double
spread3(double a, double b, double c)
{
	return fmax(a, fmax(b, c)) - fmin(a, fmin(b, c));
}

/*
 * Black alone is gray.  Equal cyan, magenta and yellow are gray in arithmetic
 * but seldom in ink, and nearly so below much black: the renderer knows.
 */
static enum pdf_verdict
cmyk_colour(const double *v)
{
	double c = unit(v[0]), m = unit(v[1]), y = unit(v[2]);
	double light = 1 - unit(v[3]);

	if (fmax(c, fmax(m, y)) <= NEUTRAL)
		return spread3(c, m, y) * light > NEUTRAL ? PDF_MAYBE :
		    PDF_MONO;
	if (spread3(c, m, y) * light > 0.15)
		return PDF_COLOUR;
	return PDF_MAYBE;
}

static enum pdf_verdict
lab_colour(const double *c)
{
	double chroma = fmax(fabs(c[1]), fabs(c[2]));

	if (chroma <= 1 || c[0] <= 0)
		return PDF_MONO;
	return chroma > 8 && c[0] > 10 && c[0] < 98 ? PDF_COLOUR : PDF_MAYBE;
}

static enum pdf_verdict
table_colour(const struct pdf_space *s, double v)
{
	double at = s->indexed ? v : unit(v) * 255;
	int i = !(at > 0) ? 0 : at > 255 ? 255 : (int)at;
	int j = s->indexed || i == 255 || at == i ? i : i + 1;

	return s->table[i] > s->table[j] ? s->table[i] : s->table[j];
}

enum pdf_verdict
pdf_space_colour(const struct pdf_space *s, const double *c, int n)
{
	if (n < s->n)
		return s->worst == PDF_MONO ? PDF_MONO : PDF_MAYBE;
	switch (s->kind) {
	case PDF_RGB:
		return by_spread(spread3(unit(c[0]), unit(c[1]), unit(c[2])));
	case PDF_CMYK:
		return cmyk_colour(c);
	case PDF_LAB:
		return lab_colour(c);
	case PDF_TABLE:
		return table_colour(s, c[0]);
	default:
		return s->worst;
	}
}

/* ---- reading a space */

static struct pdf_space *
space_new(struct pdf_doc *d, enum pdf_space_kind kind, int n)
{
	struct pdf_space *s;

	if (d->nspaces == d->spaces_cap) {
		size_t cap = d->spaces_cap > 0 ? d->spaces_cap * 2 : 32;
		struct pdf_space **all;

		if (cap > SPACES_MAX || (all = realloc(d->spaces,
		    cap * sizeof *all)) == NULL)
			return NULL;
		d->spaces = all;
		d->spaces_cap = cap;
	}
	if ((s = calloc(1, sizeof *s)) == NULL)
		return NULL;
	s->kind = kind;
	s->n = n;
	d->spaces[d->nspaces++] = s;
	return s;
}

static struct pdf_space *
table_new(struct pdf_doc *d, bool indexed)
{
	struct pdf_space *s = space_new(d, PDF_TABLE, 1);

	if (s == NULL)
		return NULL;
	s->indexed = indexed;
	if ((s->table = calloc(256, 1)) == NULL)
		s->kind = PDF_OTHER;
	s->worst = s->table == NULL ? PDF_MAYBE : PDF_MONO;
	return s->table != NULL ? s : NULL;
}

static void
table_set(struct pdf_space *s, int i, enum pdf_verdict v)
{
	s->table[i] = (uint8_t)v;
	if (v > s->worst)
		s->worst = v;
}

static double
entry_value(const struct pdf_space *base, int comp, uint8_t byte)
{
	if (base->kind == PDF_LAB)
		return comp == 0 ? byte * 100.0 / 255 : byte * 200.0 / 255 -
		    100;
	if (base->kind == PDF_TABLE && base->indexed)
		return byte;
	return byte / 255.0;
}

static void
fill_indexed(struct pdf_space *s, const struct pdf_space *base,
    const uint8_t *p, size_t n, int high)
{
	double c[32];

	for (int i = 0; i < 256; i++) {
		int k = i <= high ? i : high;	/* beyond: the last one */

		if ((size_t)(k + 1) * (size_t)base->n > n) {
			table_set(s, i, PDF_MONO);	/* zeroes */
			continue;
		}
		for (int j = 0; j < base->n; j++)
			c[j] = entry_value(base, j, p[k * base->n + j]);
		table_set(s, i, pdf_space_colour(base, c, base->n));
	}
}

/* [/Indexed base high table] */
static const struct pdf_space *
indexed_of(struct pdf_doc *d, qpdf_oh oh, qpdf_oh res, int depth)
{
	const struct pdf_space *base = space_of(d,
	    qpdf_oh_get_array_item(d->q, oh, 1), res, depth);
	qpdf_oh lookup = qpdf_oh_get_array_item(d->q, oh, 3);
	int high = pdf_integer(d, qpdf_oh_get_array_item(d->q, oh, 2),
	    -1);
	struct pdf_bytes data = { 0 };
	struct pdf_space *s;

	if (base->worst == PDF_MONO && base->kind != PDF_NOTHING)
		return (s = table_new(d, true)) != NULL ? s : &pdf_other;
	if (base->n < 1 || base->n > 32 || base->kind == PDF_OTHER ||
	    base->kind == PDF_PATTERN || high < 0 || high > 255 ||
	    (s = table_new(d, true)) == NULL)
		return &pdf_other;
	if (qpdf_oh_is_string(d->q, lookup)) {
		size_t n;
		const char *p = qpdf_oh_get_binary_string_value(d->q, lookup,
		    &n);

		fill_indexed(s, base, (const uint8_t *)p, n, high);
	} else if (pdf_stream(d, lookup, &data)) {
		fill_indexed(s, base, data.p, data.n, high);
		free(data.p);
	} else {
		return &pdf_other;
	}
	return s;
}

static bool
is_black(struct pdf_doc *d, qpdf_oh name)
{
	return pdf_is_name(d, name, "/Black") || pdf_is_name(d, name, "/All");
}

/* [/Separation name alternate tint] */
static const struct pdf_space *
separation_of(struct pdf_doc *d, qpdf_oh oh, qpdf_oh res, int depth)
{
	qpdf_oh name = qpdf_oh_get_array_item(d->q, oh, 1);
	const struct pdf_space *alt = space_of(d,
	    qpdf_oh_get_array_item(d->q, oh, 2), res, depth);
	struct pdf_fn *f;
	struct pdf_space *s;

	if (pdf_is_name(d, name, "/None"))
		return space_new(d, PDF_NOTHING, 1);
	if (alt->worst == PDF_MONO && alt->kind != PDF_NOTHING)
		return space_new(d, PDF_BLACK, 1);
	f = pdf_fn_new(d, qpdf_oh_get_array_item(d->q, oh, 3));
	if (f == NULL || alt->kind == PDF_OTHER ||
	    (s = table_new(d, false)) == NULL) {
		pdf_fn_free(&f);
		return is_black(d, name) ? space_new(d, PDF_BLACK, 1) : NULL;
	}
	for (int i = 0; i < 256; i++) {
		double c[PDF_FN_OUT];
		int n = pdf_fn_eval(f, i / 255.0, c);

		table_set(s, i, pdf_space_colour(alt, c, n));
	}
	pdf_fn_free(&f);
	/* All is the marks for cutting: every plate, gray on a printer. */
	if (pdf_is_name(d, name, "/All"))
		return space_new(d, PDF_BLACK, 1);
	return s;
}

/* [/DeviceN names alternate tint ...] */
static const struct pdf_space *
devicen_of(struct pdf_doc *d, qpdf_oh oh, qpdf_oh res, int depth)
{
	qpdf_oh names = qpdf_oh_get_array_item(d->q, oh, 1);
	const struct pdf_space *alt = space_of(d,
	    qpdf_oh_get_array_item(d->q, oh, 2), res, depth);
	int n = qpdf_oh_is_array(d->q, names) ?
	    qpdf_oh_get_array_n_items(d->q, names) : 0;
	struct pdf_space *s;
	bool black = n > 0;

	for (int i = 0; i < n && i < 32; i++) {
		qpdf_oh one = qpdf_oh_get_array_item(d->q, names, i);

		black &= is_black(d, one) || pdf_is_name(d, one, "/None");
	}
	if (n < 1 || n > 32 || (s = space_new(d, PDF_BLACK, n)) == NULL)
		return NULL;
	if (!black && alt->worst != PDF_MONO) {
		s->kind = PDF_OTHER;
		s->worst = PDF_MAYBE;
	}
	return s;
}

/* A profile of n components stands for the device space of as many. */
static const struct pdf_space *
icc_of(struct pdf_doc *d, qpdf_oh oh, qpdf_oh res, int depth)
{
	qpdf_oh stream = qpdf_oh_get_array_item(d->q, oh, 1), alt;
	int n = pdf_integer(d, pdf_entry(d, stream, "/N"), 0);

	if (n == 3 && pdf_has(d, stream, "/Alternate", &alt)) {
		const struct pdf_space *s = space_of(d, alt, res, depth);

		if (s->kind == PDF_LAB)
			return s;
	}
	return n == 1 ? &pdf_gray : n == 3 ? &pdf_rgb : n == 4 ? &pdf_cmyk :
	    &pdf_other;
}

static const struct pdf_space *
calrgb_of(struct pdf_doc *d, qpdf_oh oh)
{
	double g[3] = { 1, 1, 1 };

	(void)pdf_numbers(d, pdf_entry(d, qpdf_oh_get_array_item(d->q, oh,
	    1), "/Gamma"), g, 3);
	return spread3(g[0], g[1], g[2]) < 0.01 ? &pdf_rgb : &pdf_other;
}

static const struct pdf_space *
array_of(struct pdf_doc *d, qpdf_oh oh, qpdf_oh res, int depth)
{
	qpdf_oh head = qpdf_oh_get_array_item(d->q, oh, 0);
	struct pdf_space *s;
	char name[32];

	(void)pdf_name(d, head, name, sizeof name);
	if (strcmp(name, "/ICCBased") == 0)
		return icc_of(d, oh, res, depth);
	if (strcmp(name, "/CalGray") == 0)
		return &pdf_gray;
	if (strcmp(name, "/CalRGB") == 0)
		return calrgb_of(d, oh);
	if (strcmp(name, "/Indexed") == 0 || strcmp(name, "/I") == 0)
		return indexed_of(d, oh, res, depth);
	if (strcmp(name, "/Separation") == 0)
		return separation_of(d, oh, res, depth);
	if (strcmp(name, "/DeviceN") == 0)
		return devicen_of(d, oh, res, depth);
	if (strcmp(name, "/Lab") == 0) {
		if ((s = space_new(d, PDF_LAB, 3)) != NULL)
			s->worst = PDF_COLOUR;
		return s;
	}
	if (strcmp(name, "/Pattern") == 0 &&
	    qpdf_oh_get_array_n_items(d->q, oh) > 1) {
		const struct pdf_space *u = space_of(d,
		    qpdf_oh_get_array_item(d->q, oh, 1), res, depth);

		if ((s = space_new(d, PDF_PATTERN, 0)) != NULL) {
			s->worst = PDF_MAYBE;
			s->under = u;
		}
		return s;
	}
	return space_of(d, head, res, depth);
}

/* A device space that the page says is another one. */
static const struct pdf_space *
device_of(struct pdf_doc *d, const char *key, const struct pdf_space *s,
    qpdf_oh res, int depth)
{
	qpdf_oh spaces, other;
	const struct pdf_space *by;

	if (depth > 1 || !pdf_has(d, res, "/ColorSpace", &spaces) ||
	    !pdf_has(d, spaces, key, &other))
		return s;
	by = space_of(d, other, res, DEPTH_MAX - 1);
	if (by->kind == s->kind || (s->kind == PDF_GRAY && by->n == 1 &&
	    by->worst == PDF_MONO))
		return s;
	return &pdf_other;
}

static const struct pdf_space *
simple_of(struct pdf_doc *d, const char *name, qpdf_oh res, int depth)
{
	if (strcmp(name, "/DeviceGray") == 0 || strcmp(name, "/G") == 0 ||
	    strcmp(name, "/CalGray") == 0)
		return device_of(d, "/DefaultGray", &pdf_gray, res, depth);
	if (strcmp(name, "/DeviceRGB") == 0 || strcmp(name, "/RGB") == 0 ||
	    strcmp(name, "/CalRGB") == 0)
		return device_of(d, "/DefaultRGB", &pdf_rgb, res, depth);
	if (strcmp(name, "/DeviceCMYK") == 0 || strcmp(name, "/CMYK") == 0 ||
	    strcmp(name, "/CalCMYK") == 0)
		return device_of(d, "/DefaultCMYK", &pdf_cmyk, res, depth);
	if (strcmp(name, "/Pattern") == 0)
		return &pdf_pattern;
	return NULL;
}

static const struct pdf_space *
space_of(struct pdf_doc *d, qpdf_oh oh, qpdf_oh res, int depth)
{
	const struct pdf_space *s = NULL;
	uint64_t key, known;
	char name[128];

	if (depth >= DEPTH_MAX)
		return &pdf_other;
	if (qpdf_oh_is_name(d->q, oh)) {
		qpdf_oh spaces, other;

		if (!pdf_name(d, oh, name, sizeof name))
			return &pdf_other;
		if ((s = simple_of(d, name, res, depth)) != NULL)
			return s;
		if (pdf_has(d, res, "/ColorSpace", &spaces) &&
		    pdf_has(d, spaces, name, &other))
			return space_of(d, other, res, depth + 1);
		return &pdf_other;
	}
	if (!qpdf_oh_is_array(d->q, oh) ||
	    qpdf_oh_get_array_n_items(d->q, oh) < 1)
		return &pdf_other;
	key = pdf_key(d, oh, PDF_KNOWN_SPACE);
	if (pdf_map_get(&d->known, key, &known))
		return (const struct pdf_space *)(uintptr_t)known;
	s = array_of(d, oh, res, depth + 1);
	if (s == NULL)
		s = &pdf_other;
	pdf_map_put(&d->known, key, (uint64_t)(uintptr_t)s);
	return s;
}

const struct pdf_space *
pdf_space_of(struct pdf_doc *d, qpdf_oh oh, qpdf_oh resources)
{
	return space_of(d, oh, resources, 0);
}

const struct pdf_space *
pdf_space_named(struct pdf_doc *d, const char *name, qpdf_oh resources)
{
	return space_of(d, qpdf_oh_new_name(d->q, name), resources, 0);
}
