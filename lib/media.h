/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_MEDIA_H
#define REL_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The PWG 5101.1 self-describing name of a size of paper in hundredths of a
 * millimetre, "iso_a4_210x297mm", in whichever way round it lies; "custom_..."
 * for a size that has no name; "" for no size.  A millimetre more or less is
 * the same paper.
 */
void rel_media_name(char *out, size_t size, uint32_t width, uint32_t height);

/* What people call it: "A4", "Letter", "100 x 150 mm". */
void rel_media_label(char *out, size_t size, const char *pwg_name);

/*
 * The measures of a name in hundredths of a millimetre, the short side first:
 * a PWG 5101.1 self-describing name ("na_letter_8.5x11in", "custom_x_1x2mm")
 * or what people call it ("A4", "jis b4"; capitals do not matter).  False when
 * it is neither, or a side is less than 1 mm or more than 100 m.
 */
bool rel_media_size(const char *name, uint32_t *width, uint32_t *height);

/* Is it the same paper: a millimetre more or less? Short sides first. */
bool rel_media_same(uint32_t w1, uint32_t h1, uint32_t w2, uint32_t h2);

#endif
