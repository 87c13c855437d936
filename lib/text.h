/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_TEXT_H
#define REL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when the n bytes are valid UTF-8 (RFC 3629: no surrogates, shortest). */
bool rel_utf8_ok(const char *s, size_t n);

/*
 * The length of the longest prefix of s that has at most max bytes and does
 * not end inside a UTF-8 character.  Bytes that are no UTF-8 count one each.
 */
size_t rel_utf8_cut(const char *s, size_t max);

/*
 * Copy s to out (size bytes, always terminated): bytes that are no UTF-8
 * become '?', control characters (C0, DEL, C1) become ' '; cut on a character
 * boundary.  For text from outside that goes to people or devices, and for
 * our own after a printf that may have cut a character; out may be s.
 */
void rel_text_clean(char *out, size_t size, const char *s);

/*
 * In place, of n bytes of UTF-8 (and one more for the end): blanks and what
 * nobody should see, controls and what turns the direction of text, become
 * one blank for many and none at the ends.  The length.
 */
size_t rel_text_squeeze(char *s, size_t n);

/*
 * The key by which user names are compared: a domain prefix ("DOM\") and,
 * with strip_realm, a realm ("@R") are taken off, ASCII is folded to lower
 * case (other characters stay).  Returns false when nothing or more than
 * size - 1 bytes would be left, or when s is no UTF-8.
 */
bool rel_user_key(char *out, size_t size, const char *s, bool strip_realm);

/* Lower case hex of n bytes; out needs 2 * n + 1. */
void rel_hex(char *out, const void *p, size_t n);

/* Bytes of hex text (either case) of exactly 2 * n digits; false if not. */
bool rel_unhex(void *out, size_t n, const char *hex, size_t hex_len);

/*
 * Crockford base32, upper case, most significant first: the low `digits` * 5
 * bits of v.  out needs digits + 1.  digits 1..13.
 */
void rel_b32(char *out, uint64_t v, unsigned digits);

/* The reverse; forgives lower case and I L O.  False when s is none. */
bool rel_unb32(uint64_t *out, const char *s, size_t n);

/* Milliseconds UTC since 1970. */
int64_t rel_now_ms(void);

/* Milliseconds that only move forward; for deadlines. */
int64_t rel_mono_ms(void);

/* RFC 3339 UTC with milliseconds, "2026-11-20T09:15:00.120Z".  out: 32. */
void rel_time_text(char *out, int64_t ms);

/*
 * The minutes after midnight at the beginning of s, "08:15" up to "24:00".
 * Returns what stands behind it; NULL when there is no such time.
 */
const char *rel_minutes(uint16_t *out, const char *s);

/* Whole decimal number in min..max; false when s is anything else. */
bool rel_int(int64_t *out, const char *s, int64_t min, int64_t max);

#endif
