/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef RENDER_FIXTURE_H
#define RENDER_FIXTURE_H

#include <stdbool.h>

#include "releaserd/render/work.h"
#include "tests/unit/unit.h"

/*
 * Documents, and what a render makes of them.  What comes out is judged by
 * poppler's programs, which have no part in making it.
 */
#define RENDER_JOB_ID 4711u
extern const uint8_t render_key[32], render_out_key[32];

/* A growing piece of memory. */
struct doc {
	uint8_t *p;
	size_t n;
};
void doc_fini(struct doc *d);
void doc_put(struct doc *d, const void *p, size_t n);
void doc_text(struct doc *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A PDF of n A4 pages, "Page 1" ...; page `colour` (1..) has a red square. */
void doc_pdf(struct doc *d, unsigned n, unsigned colour);
bool doc_has(const struct doc *d, const char *text);

/* An open file without a name that holds the document, encrypted. */
int doc_spool(const struct doc *d);

/* One run: set m up, then render_run(). */
struct run {
	struct render_job m;
	struct doc in;
	struct render_result res;
	struct doc out;		/* the new document, decrypted */
	struct doc png;
	volatile int stop;
};
void run_init(struct run *r, enum render_op op);
void run_fini(struct run *r);
void render_run(struct run *r);

/* Fails the test unless it was done, or refused with these words in it. */
void must_be_done(const struct run *r);
void must_be_refused(const struct run *r, const char *words);

/* What poppler sees in a PDF: how many pages, how many with colour. */
void look_at(const struct doc *pdf, unsigned *pages, unsigned *coloured);
/* How often a text stands in it. */
unsigned text_count(const struct doc *pdf, const char *text);

/* What the counter of languages reads in it. */
void doc_count(const struct doc *d, struct rel_facts *f);

/* A folder of this test; "ppds" in it is made and removed, too. */
const char *render_base(void);

/* Each run ends with a check that no temporary file is left. */

/* A folder with programs of this test that are taken before the real ones. */
void fake_program(const char *name, const char *script);
void no_fake_programs(void);

/* Is the program there? Where not, the test says so and is skipped. */
bool have_program(const char *path);
int render_set_up(void **state);
int render_tear_down(void **state);

#endif
