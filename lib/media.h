/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_MEDIA_H
#define REL_MEDIA_H

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

#endif
