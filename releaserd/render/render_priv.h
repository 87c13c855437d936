/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef RENDER_PRIV_H
#define RENDER_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/child.h"
#include "lib/compat.h"
#include "releaserd/render/work.h"

/*
 * Every function here returns 0 or a negative REL_E_* with plain words in err:
 * -REL_E_DENIED, _FORMAT, _LIMIT and _AUTH are the document's or the request's
 * fault (RENDER_REFUSED), anything else this machine's (RENDER_LATER).
 */

/* What the steps of one job share. */
struct shop {
	struct work *work;
	int64_t until_ms;	/* rel_mono_ms() when it must be over */
	uint64_t most_bytes;	/* of any document made on the way */
};

/* ---- program.c: where the programs are */

enum program {
	PROG_PAGES,		/* our release-pages */
	PROG_PDFTOPDF, PROG_GS, PROG_PDFTOPPM, PROG_CUPSFILTER
};
/* Its path, good for the life of the process; NULL: err says what to install. */
const char *program_path(enum program p, struct rel_err *err);
/* The path of a filter of CUPS (name as cupsfilter lists it) into out. */
int program_filter(const char *name, char *out, size_t size,
    struct rel_err *err);

/* ---- step.c: one program, one document in, one out */

struct step {
	const char *what;	/* for people: "Ghostscript" */
	const char *const *argv;
	const char *const *more_env;	/* beside what every program gets */
	int in_fd, keep_fd;	/* -1 none */
};
/* out_fd: a new file in memory, the caller's. end may be NULL. */
int step_run(const struct shop *s, const struct step *st, int *out_fd,
    struct rel_child_end *end, struct rel_err *err);
/* The same, into a descriptor of the caller. */
int step_run_to(const struct shop *s, const struct step *st, int out_fd,
    struct rel_child_end *end, struct rel_err *err);

/* ---- document.c: what is held */

enum kind { KIND_NATIVE, KIND_PDF, KIND_POSTSCRIPT, KIND_TEXT, KIND_IMAGE };
/* Decrypt it into memory; the descriptor is the caller's. */
int document_open(const struct shop *s, int *fd, struct rel_err *err);
/* What it is, by its bytes; mime (64 bytes) as cupsfilter wants it. */
enum kind document_kind(const struct shop *s, int fd, char mime[64]);
/* A closer look at any document; a refused one is -REL_E_DENIED. */
int document_look(const struct shop *s, int fd, bool colour,
    struct rel_facts *f, struct rel_err *err);
uint64_t document_bytes(int fd);

/* ---- convert.c: from document to document; *fd is replaced */

int convert_to_pdf(const struct shop *s, int *fd, const char *mime,
    struct rel_err *err);
int convert_stamp(const struct shop *s, int *fd, const char *text,
    struct rel_err *err);
/* sides: what pdftopdf says it made; 0 when it said nothing. */
int convert_pages(const struct shop *s, int *fd, const struct rel_facts *in,
    uint32_t *sides, struct rel_err *err);
int convert_gray(const struct shop *s, int *fd, struct rel_err *err);

/* ---- outlet.c: the new spool file, counted while it is written */

struct outlet;
int outlet_new(struct outlet **out, struct work *w,
    struct rel_err *err);
void outlet_free(struct outlet **op);
int outlet_put(struct outlet *o, const void *p, size_t n,
    struct rel_err *err);
int outlet_put_file(struct outlet *o, int fd, struct rel_err *err);
/* All that comes out of a pipe. */
int outlet_put_pipe(struct outlet *o, int fd, uint64_t most_bytes,
    struct rel_err *err);
/* On stable storage. counted: what lib/pdl saw go by. */
int outlet_end(struct outlet *o, uint64_t *bytes, struct rel_facts *counted,
    struct rel_err *err);

/* ---- pjl.c */

/* What stands before and behind the document ("PDF", "POSTSCRIPT"). */
void pjl_head(struct rel_buf *b, const struct rel_ticket *t,
    const char *language);
void pjl_tail(struct rel_buf *b);

/* ---- ppd.c: what cupsfilter does not find out by itself */

struct ppd_gray {
	char option[42], choice[42];	/* "" when the driver has none */
};
int ppd_gray(const char *path, struct ppd_gray *out, struct rel_err *err);
/* What the driver's last filter is to make: "image/pwg-raster". */
void ppd_final(const char *path, const char *filter, char *out, size_t size);

/* ---- driver.c: the chain of filters a PPD wants */

/* Run the job's driver into o; lines: sides by its filters' PAGE: lines. */
int driver_run(const struct shop *s, int fd, const struct rel_facts *doc,
    struct outlet *o, uint64_t *lines, struct rel_err *err);

/* ---- device.c: how a document is told to the device; counts it */

enum device_kind {
	DEVICE_PDF, DEVICE_PJL, DEVICE_PPD, DEVICE_PS, DEVICE_PWG, DEVICE_URF,
	DEVICE_PCLXL, DEVICE_PCL
};
/* What this device is told by; -REL_E_DENIED when it cannot be told. */
int device_kind(const struct render_job *job, enum device_kind *kind,
    struct rel_err *err);
/*
 * Write the PDF fd to the new spool file.  made: its facts, of one copy; comes
 * back with the copies the data makes.
 */
int device_put(const struct shop *s, enum device_kind kind, int fd,
    struct rel_facts *made, uint64_t *bytes, struct rel_err *err);
/* Write a document as it is held; made is filled. */
int device_put_held(const struct shop *s, int fd, struct rel_facts *made,
    uint64_t *bytes, struct rel_err *err);

/* ---- raster.c: without a PPD */

/* The PDF fd as PostScript, raster, PCL XL or PCL 5; out: the caller's. */
int raster_make(const struct shop *s, enum device_kind kind, int fd,
    const struct rel_facts *doc, int *out, struct rel_err *err);

/* ---- make.c */
int make_run(const struct shop *s, struct render_result *res,
    struct rel_err *err);

#endif
