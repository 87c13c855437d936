/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef BACKEND_ARGS_H
#define BACKEND_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/intake.h"

/*
 * What cupsd hands a backend, as text: argv[5] ("name=value name=value ...",
 * values quoted as cupsParseOptions() understands them), file names and the
 * environment.  All of it is from outside: any bytes are taken, nothing is
 * trusted, too long is cut.
 */

/*
 * Take `job-password` and `job-password-encryption` out of options: their
 * values go to pin and scheme ("" when absent; the last one given counts),
 * their bytes in options are overwritten at once and the rest is moved
 * together, so that the process list no longer shows them.
 *
 * A value under a scheme other than "none" is a hash: pin gets its bytes in
 * lower case hex (a value that is hex already stays as it is).
 *
 * options   changed in place; never longer afterwards
 */
void args_take_secret(char *options, char *pin, size_t pin_size,
    char *scheme, size_t scheme_size);

/*
 * The decoded value of an option into out (cut, always terminated, cleaned
 * UTF-8).  Returns false when it is not there; a boolean option counts as
 * "true" or, written "noNAME", as not there.  The last one given counts.
 */
bool args_option(const char *options, const char *name, char *out,
    size_t size);

/* The options into out, whole ones only, as cleaned UTF-8. */
void args_copy_options(char *out, size_t size, const char *options);

/*
 * The document's number from the name cupsd gives a spool file,
 * ".../d00012-003" -> 3; 0 when the name is another.
 */
uint32_t args_document(const char *file);

/*
 * The MIME type of what is held.  final_type is FINAL_CONTENT_TYPE, type
 * CONTENT_TYPE (each may be NULL).  Types that exist only inside CUPS are
 * named by what they are: "application/vnd.cups-pdf" is a PDF, raster that a
 * driver has turned into its own language is "application/octet-stream".
 */
void args_format(char *out, size_t size, const char *final_type,
    const char *type);

/* Does a PPD file say so?  Reads at most 1 MiB; false when unreadable. */
struct args_ppd {
	bool manual_copies;	/* *cupsManualCopies: True */
	bool single_file;	/* *cupsSingleFile: True */
	bool pxl;		/* a *cupsFilter line ends in gstopxl */
	bool facts;		/* ... in pdftorelease: facts come first */
};

/*
 * Has pdftorelease put its facts in front of this document?  Only where the
 * queue's PPD has it do it, and not for a document that is passed through
 * without any filter: there the first bytes are anybody's.  type is
 * CONTENT_TYPE, as the client or cupsd named the document.
 */
bool args_has_facts(const struct args_ppd *ppd, const char *type);

/*
 * FINAL_CONTENT_TYPE may name what went into the last filter, not what came
 * out: a PDF or PostScript that does not begin like one is the device's own
 * language.  head: the first bytes of what the filters made.
 */
void args_check_format(char *format, size_t size, const uint8_t *head,
    size_t len);

/* What decides how many copies are still to be made. */
struct args_copies {
	const char *argv;	/* argv[4] */
	const char *options;	/* argv[5]; may carry copies= too */
	bool job_sheet;		/* a banner page: one */
	bool from_file;		/* argv[6]: no filter has touched it */
	bool final_type;	/* FINAL_CONTENT_TYPE is set */
	bool ppd_manual;	/* *cupsManualCopies: True */
	bool ppd_pxl;		/* the driver is gstopxl, which forgets copies */
	const uint8_t *head;	/* first bytes of what the filters made */
	size_t head_len;
};

/*
 * Copies the device must still make, 1..999 (tried with cupsd 2.4.2):
 *
 * - a file nobody has filtered: the count asked for;
 * - data that went through gziptoany (no FINAL_CONTENT_TYPE: a raw queue with
 *   a compressed or with several files): it repeats the file itself, so 1;
 * - a driver with cupsManualCopies: its filters repeat the pages, so 1;
 * - a PDF: cannot say how often, so the count asked for, unless PJL in front
 *   of it does;
 * - PostScript, PCL: 1 when the count stands in the data, else as asked for;
 * - anything else: 1, as CUPS's own backends do.
 */
uint32_t args_copies(const struct args_copies *c);

void args_read_ppd(struct args_ppd *out, const char *path);
void args_scan_ppd(struct args_ppd *out, const char *text, size_t len);

#endif
