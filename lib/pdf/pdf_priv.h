/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PDF_PRIV_H
#define REL_PDF_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <qpdf/qpdf-c.h>

#include "lib/err.h"
#include "lib/pdf/pdf.h"

/*
 * What the files of this folder have in common.  Everything is of one
 * document and one thread.  Handles of libqpdf (qpdf_oh) live for one page:
 * what is kept longer is kept by object number.
 */

/* ---- map.c: object number and kind -> 64 bits; forgets nothing */
struct pdf_map {
	uint64_t *keys, *values;
	size_t used, cap;
};
#define PDF_MAP_MAX 65536u	/* then nothing new is remembered */

bool pdf_map_get(const struct pdf_map *m, uint64_t key, uint64_t *value);
void pdf_map_put(struct pdf_map *m, uint64_t key, uint64_t value);
void pdf_map_fini(struct pdf_map *m);

/* ---- doc.c: one open document */
enum pdf_known {		/* what the map knows of an object */
	PDF_KNOWN_FONT = 1, PDF_KNOWN_SPACE, PDF_KNOWN_FORM, PDF_KNOWN_IMAGE,
	PDF_KNOWN_FONTS_SEEN, PDF_KNOWN_STAMPED
};

struct pdf_doc {
	qpdf_data q;
	const char *map;		/* the file */
	size_t bytes;
	struct pdf_map known;
	struct pdf_space **spaces;	/* owned; all that were made */
	size_t nspaces, spaces_cap;
	int64_t deadline;		/* rel_mono_ms() */
	struct rel_facts *facts;	/* gets the missing fonts; or NULL */
};

/*
 * Open the PDF of a descriptor.  Returns 0; -REL_E_DENIED with f refused; or
 * another -REL_E_*.  Close in any case.
 */
int pdf_doc_open(struct pdf_doc *d, int fd, struct rel_facts *f,
    struct rel_err *err);
void pdf_doc_close(struct pdf_doc *d);

/* The page's handles are no longer used: give back what they hold. */
void pdf_doc_page_done(struct pdf_doc *d, uint32_t page);

bool pdf_late(const struct pdf_doc *d);

/* The key of an indirect object in d->known; 0 for a direct one. */
uint64_t pdf_key(struct pdf_doc *d, qpdf_oh oh, enum pdf_known kind);

/* A page's own or inherited attribute; false when there is none. */
bool pdf_inherited(struct pdf_doc *d, qpdf_oh page, const char *key,
    qpdf_oh *out);

/* Entry of a dictionary, or of a stream's; null object when none. */
qpdf_oh pdf_entry(struct pdf_doc *d, qpdf_oh oh, const char *key);
bool pdf_has(struct pdf_doc *d, qpdf_oh oh, const char *key, qpdf_oh *out);
double pdf_number(struct pdf_doc *d, qpdf_oh oh, double otherwise);
int pdf_integer(struct pdf_doc *d, qpdf_oh oh, int otherwise);
/* Up to max numbers of an array; how many there are. */
int pdf_numbers(struct pdf_doc *d, qpdf_oh array, double *out, int max);
/* A name with its slash, copied: libqpdf's own is gone with the next call.
 * "" and false when it is none, or does not fit. */
bool pdf_name(struct pdf_doc *d, qpdf_oh oh, char *out, size_t size);
bool pdf_is_name(struct pdf_doc *d, qpdf_oh oh, const char *name);

/* The keys of a dictionary, copied; NULL-ended; free with free(). */
char **pdf_keys(struct pdf_doc *d, qpdf_oh dict, size_t max);

struct pdf_bytes {
	unsigned char *p;		/* free() */
	size_t n;
};
/* Decoded data of a stream; false when it cannot be decoded. */
bool pdf_stream(struct pdf_doc *d, qpdf_oh oh, struct pdf_bytes *out);

/* ---- box.c: sizes, and plane geometry */
struct pdf_box {
	double x0, y0, x1, y1;
};
void pdf_box_empty(struct pdf_box *b);
void pdf_box_point(struct pdf_box *b, double x, double y);
struct pdf_box pdf_box_both(const struct pdf_box *a, const struct pdf_box *b);
void pdf_matrix_put(double to[6], const double m[6]);	/* to = m x to */
void pdf_matrix_apply(const double m[6], double *x, double *y);
/* A rectangle seen through a matrix: the box around it. */
struct pdf_box pdf_box_through(const double m[6], const struct pdf_box *b);

struct pdf_page {
	qpdf_oh oh;
	struct pdf_box box;		/* CropBox within MediaBox, points */
	struct pdf_box whole;		/* MediaBox: pdftopdf prints what is
					 * outside the CropBox as well */
	int rotate;			/* 0 90 180 270, clockwise */
	double unit;			/* UserUnit */
};
/* Page n (0..); false when it is none. */
bool pdf_page_load(struct pdf_doc *d, uint32_t n, struct pdf_page *p);
/* As it lies before the reader, hundredths of a mm. */
void pdf_page_media(const struct pdf_page *p, uint32_t *width,
    uint32_t *height);

/* ---- info.c */
/* The program it was made with, as its Info or its metadata says. */
void pdf_info_look(struct pdf_doc *d, struct rel_application *a);

/* ---- fonts.c */
/* The fonts of a resource dictionary that are not embedded go to facts. */
void pdf_fonts_look(struct pdf_doc *d, qpdf_oh resources);

/* ---- func.c: functions of one variable */
struct pdf_fn;
#define PDF_FN_OUT 8
/* NULL when it cannot be told what it does. */
struct pdf_fn *pdf_fn_new(struct pdf_doc *d, qpdf_oh oh);
void pdf_fn_free(struct pdf_fn **fp);
/* Number of results, at most PDF_FN_OUT. */
int pdf_fn_eval(const struct pdf_fn *f, double x, double *out);

/* ---- space.c: colour spaces */
enum pdf_verdict { PDF_MONO, PDF_MAYBE, PDF_COLOUR };

enum pdf_space_kind {
	PDF_GRAY, PDF_RGB, PDF_CMYK, PDF_LAB, PDF_TABLE /* Indexed,
	Separation */, PDF_BLACK /* any tints of black */, PDF_PATTERN,
	PDF_NOTHING /* None: paints nothing */, PDF_OTHER
};

struct pdf_space {
	enum pdf_space_kind kind;
	int n;				/* components */
	bool indexed;
	uint8_t *table;			/* 256 verdicts, owned */
	enum pdf_verdict worst;		/* of all its colours */
	const struct pdf_space *under;	/* Pattern: of uncoloured tiles */
};

extern struct pdf_space pdf_gray, pdf_rgb, pdf_cmyk, pdf_pattern, pdf_other;

/* What a colour space object means; never NULL; the document's. */
const struct pdf_space *pdf_space_of(struct pdf_doc *d, qpdf_oh oh,
    qpdf_oh resources);
/* By the name a content stream uses. */
const struct pdf_space *pdf_space_named(struct pdf_doc *d, const char *name,
    qpdf_oh resources);
enum pdf_verdict pdf_space_colour(const struct pdf_space *s, const double *c,
    int n);

/* ---- image.c */
/* Of an image XObject that is no mask. */
enum pdf_verdict pdf_image_look(struct pdf_doc *d, qpdf_oh image,
    qpdf_oh resources);
/* Of pixels, 8 bits a component. */
enum pdf_verdict pdf_pixels_look(const uint8_t *p, size_t pixels,
    const struct pdf_space *s);

/* ---- shading.c */
enum pdf_verdict pdf_shading_look(struct pdf_doc *d, qpdf_oh shading,
    qpdf_oh resources);

/* ---- scan.c */
/* What the content of a page paints, annotations apart. */
enum pdf_verdict pdf_scan_page(struct pdf_doc *d, const struct pdf_page *p);
/* An appearance stream: placed by m, seen within box. */
enum pdf_verdict pdf_scan_form(struct pdf_doc *d, qpdf_oh form,
    const struct pdf_box *box, const double m[6], qpdf_oh resources);
/* Bytes of content alone, for tests and the fuzzer. */
enum pdf_verdict pdf_scan_bytes(struct pdf_doc *d, const void *p, size_t n,
    const struct pdf_box *box, qpdf_oh resources);

/* ---- annot.c */
/* What the annotations paint that print. */
enum pdf_verdict pdf_annots_look(struct pdf_doc *d, const struct pdf_page *p);

/* ---- ppm.c, render.c: pages as pixels */
struct pdf_pixels {			/* of one page */
	uint32_t width, height;
	uint32_t coloured;		/* pixels with colour, saturated */
	uint64_t ink[4];		/* sums of 0..255: C, M, Y, K */
};
typedef void (*pdf_pixels_cb)(void *ctx, const struct pdf_pixels *px);
/*
 * Read "P6" pictures one behind the other until the end of fd; calls back
 * after each whole one.  Returns how many; *whole: nothing was left over.
 */
uint32_t pdf_ppm_read(int fd, pdf_pixels_cb cb, void *ctx, bool *whole);

enum pdf_renderer {
	PDF_BY_POPPLER,			/* pdftoppm: pages first to last */
	PDF_BY_GS			/* Ghostscript: all pages, PDF or
					 * PostScript */
};

struct pdf_render {
	int fd;				/* the document; its place is kept */
	enum pdf_renderer by;
	uint32_t first, last;		/* pages, 1..; 0: all */
	bool hide_annots;
	uint32_t scale_to;		/* longest side in pixels; 0: 36 dpi */
	int64_t deadline;		/* rel_mono_ms() */
};
/*
 * Render pages at 36 dpi in a child; cb for each in order.  Returns how many
 * came; -REL_E_* when the program could not be started.  clean: it ended well.
 */
int64_t pdf_render(const struct pdf_render *r, pdf_pixels_cb cb, void *ctx,
    bool *clean, struct rel_err *err);

/* ---- look.c */
/* Facts of a document from its pixels alone; false when none came. */
bool pdf_facts_by_render(const struct pdf_render *r, bool coverage,
    struct rel_facts *f, struct rel_err *err);

/* ---- winansi.c */
/* UTF-8 as the bytes of WinAnsiEncoding, '?' for what it has not; length. */
size_t pdf_winansi(char *out, size_t size, const char *utf8);
/* Width of Helvetica in thousandths of its size. */
unsigned pdf_helvetica_width(const char *s, size_t n);

#endif
