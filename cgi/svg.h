/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SVG_H
#define SVG_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/* What plot.c and qr.c share: text from outside, and numbers of a drawing. */

/*
 * The next character of *s, which moves on; 0 at the end.  What is no UTF-8
 * or no character of XML is '?', control characters are ' '.
 */
uint32_t svg_char(const char **s);

/* Append the next character of *s, escaped as below. */
void svg_one(struct rel_buf *b, const char **s);

/*
 * Append at most max characters of s, escaped for XML and HTML, also within
 * quotes; "..." (one character) stands for the rest.  NULL is "".
 */
void svg_text(struct rel_buf *b, const char *s, size_t max);

/* How wide s is, in columns: East Asian characters take two. */
size_t svg_columns(const char *s);

/*
 * Append v with at most `digits` (0..6) decimals and no zeros at the end; a
 * point in every locale.  v is a finite number below 1e12.
 */
void svg_num(struct rel_buf *b, double v, unsigned digits);

/* A number for the ids of one drawing, from its words (FNV-1a); h: 0 first. */
uint32_t svg_id(uint32_t h, const char *s);

#endif
