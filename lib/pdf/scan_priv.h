/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PDF_SCAN_PRIV_H
#define REL_PDF_SCAN_PRIV_H

#include "lib/pdf/pdf_priv.h"
#include "lib/pdf/token.h"

/*
 * The interpreter of content streams (scan*.c): follows the graphics state as
 * far as colour and place go, and asks of each thing painted: is it gray, is
 * it certainly seen?
 */
#define SCAN_ARGS 48		/* operands; more are forgotten, oldest first */
#define SCAN_STATES 256		/* q inside q */
#define SCAN_LEVELS 24		/* forms inside forms */
#define SCAN_STREAMS 20000u	/* forms run for one page */
#define SCAN_OPS 30000000u	/* operators of one page */
#define SCAN_MARKS 64		/* marked content inside marked content */
#define SCAN_NAMES 32		/* names remembered of a resource dictionary */

struct scan_ink {
	const struct pdf_space *space;
	enum pdf_verdict v;		/* what painting with it means */
};

struct scan_state {			/* ISO 32000-1 section 8.4.1 */
	double ctm[6];
	struct pdf_box clip;
	struct scan_ink fill, stroke;
	double line_width, font_size, leading;
	int text_mode;
	bool clear_fill, clear_stroke;	/* wholly transparent */
	bool masked;			/* below a soft mask */
	bool type3;
	enum pdf_verdict glyphs;	/* of the Type 3 font */
};

struct scan {
	struct pdf_doc *d;
	struct scan_state *states;	/* SCAN_STATES of them */
	struct scan_state *g;		/* the one that counts */
	size_t depth;
	enum pdf_verdict worst;		/* so far */
	bool odd;			/* not all was understood */
	bool stop;
	unsigned level, streams, inline_spaces;
	uint64_t ops;
	struct pdf_box path;
	bool clip_next;
	double tm[6], line[6];		/* text and line matrix */
	unsigned marks, hidden;		/* depth; how many say /OC */
	bool mark[SCAN_MARKS];
};

struct scan_arg {
	enum pdf_token_type type;
	double number;
	const uint8_t *s;
	size_t n;
	bool visible;			/* strings, arrays of them */
};

struct scan_name {
	char kind;			/* 0: free */
	char name[31];
	uint64_t value;
};

/* One content stream with its resources. */
struct scan_frame {
	qpdf_oh resources;
	struct pdf_lexer lex;
	struct scan_arg arg[SCAN_ARGS];
	int nargs;
	size_t base;			/* q depth at its begin */
	unsigned bx;
	const struct pdf_space *device[3];	/* gray, RGB, CMYK */
	struct scan_name names[SCAN_NAMES];
};

typedef void (*scan_op)(struct scan *s, struct scan_frame *fr);
struct scan_operator {
	char name[4];
	int args;			/* numbers it needs at least */
	scan_op run;
};
/* The operators of a file, in no order; ended by an empty name. */
extern const struct scan_operator scan_paint_ops[], scan_text_ops[],
    scan_colour_ops[], scan_object_ops[];

/* scan.c */
void scan_run(struct scan *s, const struct pdf_bytes *data,
    qpdf_oh resources);
/* The i-th number from the end: 0 is the last. */
double scan_arg(const struct scan_frame *fr, int from_end);
/* The last operand as a name; false when it is none. */
bool scan_last_name(const struct scan_frame *fr, char *out, size_t size);
/* A named resource of a category ("/Font"). */
bool scan_resource(struct scan *s, const struct scan_frame *fr,
    const char *category, const char *name, qpdf_oh *out);
bool scan_known(const struct scan_frame *fr, char kind, const char *name,
    uint64_t *value);
void scan_remember(struct scan_frame *fr, char kind, const char *name,
    uint64_t value);
bool scan_push(struct scan *s);
/*
 * Run what draws with a stream of its own (a form, a tile, a glyph) in the
 * state that is: its verdict alone.
 */
enum pdf_verdict scan_inner(struct scan *s, qpdf_oh stream,
    qpdf_oh resources);

/* scan_paint.c */
void scan_paint(struct scan *s, enum pdf_verdict v,
    const struct pdf_box *where, bool clear);
/* The unit square as it lies now: an image. */
void scan_paint_unit(struct scan *s, enum pdf_verdict v, bool clear);

/* scan_image.c */
void scan_inline_image(struct scan *s, struct scan_frame *fr);

#endif
