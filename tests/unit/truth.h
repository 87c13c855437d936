/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef TRUTH_H
#define TRUTH_H

#include <stdio.h>

/* The real documents of ../shared and the tables of what is known of them. */
#define TRUTH_FOLDER_BYTES 900
extern char truth_folder[TRUTH_FOLDER_BYTES];

/* A table of that folder; NULL when it is not there. */
FILE *truth_table(const char *name);

/* The next field of a CSV line, quotes taken off; NULL at the end. */
char *truth_field(char **p);

#endif
