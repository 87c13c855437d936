/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PDF_FIXTURE_H
#define PDF_FIXTURE_H

#include "lib/buf.h"
#include "lib/pdf/pdf.h"

/* Small PDFs, written object by object. */
#define MADE_MAX 64

struct made {
	struct rel_buf b;
	size_t at[MADE_MAX];
	int n;				/* objects so far */
};

void made_begin(struct made *m);
/* The next object (1..): its text; returns its number. */
int made_object(struct made *m, const char *text);
/* A stream: the entries of its dictionary but /Length, and its data. */
int made_stream(struct made *m, const char *entries, const void *data,
    size_t n);
/* xref and trailer with these further entries; a file in memory. */
int made_end(struct made *m, const char *trailer);
/* The same, broken off after n bytes. */
int made_cut(struct made *m, size_t n);

/*
 * One page: objects 1 to 4 are catalog, pages, page and content; `more` (ended
 * by NULL) are objects from 5 on, a text with '|' in it a stream: entries,
 * '|', data.
 */
struct page_text {
	const char *content, *resources, *entries;
	const char *more[8];
};
int made_page(const struct page_text *t);

/* Everything of a file in memory. */
void made_read(int fd, struct rel_buf *out);

#endif
