/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_WORDS_H
#define OPSIM_WORDS_H

/*
 * A script line as words: blanks part them, "..." holds blanks (with \" and
 * \\ inside), # begins a comment (but #7 is a word).  The line is changed;
 * the words point into it.  Returns how many there are, or -1: a quote is
 * open or there are more than WORDS_MAX.
 */
#define WORDS_MAX 220
int words_split(char *line, char **words);

#endif
