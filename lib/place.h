/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PLACE_H
#define REL_PLACE_H

/*
 * Where in a file a person wrote something is wrong, and what.
 */
struct rel_place {
	unsigned line;		/* from 1; 0: the file as a whole */
	char word[64];		/* the word it is about, cut, clean; or "" */
	char text[200];		/* UTF-8, plain words: what is wrong with it
				 * and what it should be; no newline */
};

/*
 * Write down the first thing that is wrong.
 *
 * at    may be NULL
 * line  from 1; 0 for the file as a whole
 * word  from outside, any bytes: control characters become blanks, what is
 *       no UTF-8 '?'; NULL for none
 *
 * Returns -REL_E_FORMAT, so that a reader can `return rel_place_set(...)`.
 */
int rel_place_set(struct rel_place *at, unsigned line, const char *word,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* "line 3, "word": text", or without what is not known.  size >= 320. */
void rel_place_text(const struct rel_place *at, char *out, unsigned size);

#endif
