/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/media.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NEAR 150u		/* 1.5 mm */
#define SIDE_MIN 100u		/* 1 mm */
#define SIDE_MAX 10000000u	/* 100 m */
#define DIGITS "0123456789"

static const struct {
	const char *pwg, *label;
	uint32_t width, height;
} sizes[] = {
	{ "iso_a4_210x297mm", "A4", 21000, 29700 },
	{ "na_letter_8.5x11in", "Letter", 21590, 27940 },
	{ "iso_a3_297x420mm", "A3", 29700, 42000 },
	{ "iso_a5_148x210mm", "A5", 14800, 21000 },
	{ "iso_a6_105x148mm", "A6", 10500, 14800 },
	{ "iso_a2_420x594mm", "A2", 42000, 59400 },
	{ "iso_a1_594x841mm", "A1", 59400, 84100 },
	{ "iso_a0_841x1189mm", "A0", 84100, 118900 },
	{ "iso_b4_250x353mm", "B4", 25000, 35300 },
	{ "iso_b5_176x250mm", "B5", 17600, 25000 },
	{ "jis_b4_257x364mm", "JIS B4", 25700, 36400 },
	{ "jis_b5_182x257mm", "JIS B5", 18200, 25700 },
	{ "iso_sra3_320x450mm", "SRA3", 32000, 45000 },
	{ "na_legal_8.5x14in", "Legal", 21590, 35560 },
	{ "na_ledger_11x17in", "Tabloid", 27940, 43180 },
	{ "na_executive_7.25x10.5in", "Executive", 18415, 26670 },
	{ "na_invoice_5.5x8.5in", "Statement", 13970, 21590 },
	{ "na_foolscap_8.5x13in", "Foolscap", 21590, 33020 },
	{ "iso_c5_162x229mm", "C5", 16200, 22900 },
	{ "iso_dl_110x220mm", "DL", 11000, 22000 },
	{ "na_number-10_4.125x9.5in", "No. 10", 10477, 24130 },
	{ "na_index-4x6_4x6in", "4 x 6 in", 10160, 15240 },
	{ "na_5x7_5x7in", "5 x 7 in", 12700, 17780 },
	{ "jpn_hagaki_100x148mm", "Hagaki", 10000, 14800 },
};

static bool
near(uint32_t a, uint32_t b)
{
	return a > b ? a - b <= NEAR : b - a <= NEAR;
}

void
rel_media_name(char *out, size_t size, uint32_t width, uint32_t height)
{
	uint32_t w = width < height ? width : height;
	uint32_t h = width < height ? height : width;

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		if (near(w, sizes[i].width) && near(h, sizes[i].height)) {
			snprintf(out, size, "%s", sizes[i].pwg);
			return;
		}
	if (w == 0)
		snprintf(out, size, "%s", "");
	else
		snprintf(out, size, "custom_%ux%umm_%ux%umm",
		    (w + 50) / 100, (h + 50) / 100, (w + 50) / 100,
		    (h + 50) / 100);
}

void
rel_media_label(char *out, size_t size, const char *pwg_name)
{
	unsigned w, h;

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		if (strcmp(sizes[i].pwg, pwg_name) == 0) {
			snprintf(out, size, "%s", sizes[i].label);
			return;
		}
	if (sscanf(pwg_name, "custom_%ux%umm_", &w, &h) == 2)
		snprintf(out, size, "%u x %u mm", w, h);
	else
		snprintf(out, size, "%s", pwg_name);
}

bool
rel_media_same(uint32_t w1, uint32_t h1, uint32_t w2, uint32_t h2)
{
	return near(w1, w2) && near(h1, h2);
}

/*
 * A decimal number at *pp, past which it moves, times scale and rounded.  At
 * most five digits before the point and four behind it.
 */
static bool
measure(const char **pp, uint32_t scale, uint32_t *out)
{
	const char *p = *pp;
	uint64_t v = 0, parts = 1;
	size_t n = strspn(p, DIGITS), dec;

	if (n == 0 || n > 5)
		return false;
	for (; n > 0; n--)
		v = v * 10 + (uint64_t)(*p++ - '0');
	if (*p == '.') {
		dec = strspn(++p, DIGITS);
		if (dec == 0 || dec > 4)
			return false;
		for (; dec > 0; dec--, parts *= 10)
			v = v * 10 + (uint64_t)(*p++ - '0');
	}
	v = (v * scale + parts / 2) / parts;
	*out = (uint32_t)v;
	*pp = p;
	return v >= SIDE_MIN && v <= SIDE_MAX;
}

/* "210x297mm", "8.5x11in": the end of a self-describing name. */
static bool
measures(const char *text, uint32_t *a, uint32_t *b)
{
	size_t n = strlen(text);
	bool inches = n > 2 && strcmp(text + n - 2, "in") == 0;
	uint32_t scale = inches ? 2540 : 100;

	if (!inches && (n < 2 || strcmp(text + n - 2, "mm") != 0))
		return false;
	return measure(&text, scale, a) && *text++ == 'x' &&
	    measure(&text, scale, b) && strlen(text) == 2;
}

/* class_name_measures, PWG 5101.1 section 5.1. */
static bool
self_describing(const char *name, uint32_t *a, uint32_t *b)
{
	const char *first = strchr(name, '_'), *last = strrchr(name, '_');

	return first != NULL && first > name && last > first + 1 &&
	    measures(last + 1, a, b);
}

static bool
labelled(const char *name, uint32_t *a, uint32_t *b)
{
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		if (strcasecmp(sizes[i].label, name) == 0) {
			*a = sizes[i].width;
			*b = sizes[i].height;
			return true;
		}
	return false;
}

bool
rel_media_size(const char *name, uint32_t *width, uint32_t *height)
{
	uint32_t a, b;

	if (!self_describing(name, &a, &b) && !labelled(name, &a, &b))
		return false;
	*width = a < b ? a : b;
	*height = a < b ? b : a;
	return true;
}
