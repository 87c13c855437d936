/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A PDF as PostScript, PWG raster, Apple raster, PCL XL or PCL 5 for a device
 * that was asked what it takes: by CUPS's own filters, PCL by Ghostscript
 * (rastertopclx wants a PPD), without any PPD.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/media.h"
#include "releaserd/render/render_priv.h"

#define USUAL_DPI 300u
#define PCL_DPI 600u		/* black and white dots want more of them */
#define THE_INPUT "/proc/self/fd/0"

static const char *
sides_word(uint8_t sides)
{
	return sides == REL_DUPLEX_LONG ? "two-sided-long-edge" :
	    sides == REL_DUPLEX_SHORT ? "two-sided-short-edge" : "one-sided";
}

/* The size that was asked for, else the one most sides have. */
static void
media_word(const struct rel_ticket *t, const struct rel_facts *doc,
    char *out, size_t size)
{
	uint32_t w = 0, h = 0;

	out[0] = '\0';
	if (rel_media_size(t->media, &w, &h))
		rel_media_name(out, size, w, h);
	else if (doc->nmedia > 0)
		rel_media_name(out, size, doc->media[0].width,
		    doc->media[0].height);
}

static int
filtered(const struct shop *s, const char *name, const char *options,
    int in_fd, int *out_fd, struct rel_err *err)
{
	bool ps = strcmp(name, "pdftops") == 0;
	char path[512], what[40];
	const char *argv[] = {
		path, "1", "user", "title", "1", options, THE_INPUT, NULL
	};
	const char *env[] = {
		"CONTENT_TYPE=application/pdf",
		"CUPS_DATADIR=" REL_CUPS_DATADIR,
		"CUPS_SERVERBIN=" REL_CUPS_SERVERBIN, "CHARSET=utf-8",
		ps ? "FINAL_CONTENT_TYPE=application/postscript" :
		"FINAL_CONTENT_TYPE=image/pwg-raster",
		"PRINTER=release", "RIP_MAX_CACHE=128m", NULL
	};
	struct step st = { .what = what, .argv = argv, .more_env = env,
	    .in_fd = in_fd, .keep_fd = -1 };
	int rc = program_filter(name, path, sizeof path, err);

	snprintf(what, sizeof what, "CUPS's filter %s", name);
	return rc < 0 ? rc : step_run(s, &st, out_fd, NULL, err);
}

static int
to_postscript(const struct shop *s, int fd, int *out, struct rel_err *err)
{
	char options[120];

	/* poppler: less time and far less to send than Ghostscript. */
	snprintf(options, sizeof options, "pdftops-renderer=pdftops sides=%s",
	    sides_word(s->work->job->ticket.sides));
	return filtered(s, "pdftops", options, fd, out, err);
}

/* What CUPS's filter makes lies as the device wants it, and is what it takes. */
static int
as_taken(const struct shop *s, bool urf, int *fd, struct rel_err *err)
{
	const struct render_how *how = &s->work->job->how;
	const char *argv[] = {
		program_path(PROG_PAGES, err), "raster", urf ? "--urf" :
		"--pwg", how->back[0] != '\0' ? how->back : "normal", NULL
	};
	struct step st = { .what = "the program that turns raster",
	    .argv = argv, .in_fd = *fd, .keep_fd = -1 };
	int to, rc;

	if (!urf && (how->back[0] == '\0' || strcmp(how->back, "normal") ==
	    0))
		return 0;
	if (argv[0] == NULL)
		return -REL_E_NOTFOUND;
	if ((rc = step_run(s, &st, &to, NULL, err)) < 0)
		return rc;
	close(*fd);
	*fd = to;
	return 0;
}

static int
to_raster(const struct shop *s, bool urf, int fd,
    const struct rel_facts *doc, int *out, struct rel_err *err)
{
	const struct render_job *job = s->work->job;
	bool gray = job->how.gray || job->ticket.colour == REL_COLOUR_MONO;
	char options[300], media[64];
	int rc;

	media_word(&job->ticket, doc, media, sizeof media);
	snprintf(options, sizeof options, "%s%s sides=%s Resolution=%udpi "
	    "print-color-mode=%s", media[0] != '\0' ? "media=" : "", media,
	    sides_word(job->ticket.sides), job->how.dpi > 0 ?
	    (unsigned)job->how.dpi : USUAL_DPI, gray ? "monochrome" :
	    "color");
	if ((rc = filtered(s, "gstoraster", options, fd, out, err)) < 0)
		return rc;
	if ((rc = as_taken(s, urf, out, err)) < 0) {
		close(*out);
		*out = -1;
	}
	return rc;
}

/* ---- PCL */

/* No colour wanted, there, or in the document: then fewer and finer dots. */
static bool
without_colour(const struct render_job *job, const struct rel_facts *doc)
{
	return job->how.gray || job->ticket.colour == REL_COLOUR_MONO ||
	    (doc->colour_sure == REL_SURE_EXACT && doc->colour_sides == 0);
}

/* PCL 5 knows 300 and 600 dots in black, PCL 5c 300 only. */
static unsigned
pcl_dpi(enum device_kind kind, bool gray, unsigned dpi)
{
	if (dpi == 0)
		dpi = PCL_DPI;
	if (kind == DEVICE_PCLXL)
		return dpi;
	return gray && dpi >= PCL_DPI ? PCL_DPI : USUAL_DPI;
}

/* Copies of each page, which no PJL can say; PCL 5c is sent again instead. */
static unsigned
pcl_copies(enum device_kind kind, bool gray, const struct render_job *job)
{
	return job->how.told || job->ticket.collate ||
	    (kind == DEVICE_PCL && !gray) || job->ticket.copies < 1 ? 1 :
	    job->ticket.copies;
}

/* The words for Ghostscript; each is good as long as this is. */
struct pcl_words {
	char device[32], dpi[16], copies[32], width[48], height[48];
	const char *argv[24];
	unsigned n;
};

static void
pcl_word(struct pcl_words *w, const char *word)
{
	w->argv[w->n++] = word;
}

/*
 * cljet5c knows no page that lies: all of them come upright on the paper that
 * most have, as in raster.
 */
static void
pcl_paper(struct pcl_words *w, const struct rel_facts *doc)
{
	uint32_t a = doc->nmedia > 0 ? doc->media[0].width : 0;
	uint32_t b = doc->nmedia > 0 ? doc->media[0].height : 0;
	uint32_t less = (a < b ? a : b) * 360u / 127u;	/* of a point */
	uint32_t more = (a < b ? b : a) * 360u / 127u;

	if (a == 0 || b == 0)
		return;
	snprintf(w->width, sizeof w->width, "-dDEVICEWIDTHPOINTS=%u.%02u",
	    less / 100, less % 100);
	snprintf(w->height, sizeof w->height, "-dDEVICEHEIGHTPOINTS=%u.%02u",
	    more / 100, more % 100);
	pcl_word(w, w->width);
	pcl_word(w, w->height);
	pcl_word(w, "-dFIXEDMEDIA");
	pcl_word(w, "-dFitPage");
}

static void
pcl_words(struct pcl_words *w, const struct render_job *job,
    enum device_kind kind, const struct rel_facts *doc)
{
	static const char *const devices[2][2] = {
		{ "cljet5c", "ljet4" }, { "pxlcolor", "pxlmono" }
	};
	static const char *const usual[] = {
		"-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dNOPROMPT",
		"-sstdout=%stderr", "-sOutputFile=-"
	};
	bool gray = without_colour(job, doc);
	uint8_t sides = job->ticket.sides;

	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
		pcl_word(w, usual[i]);
	snprintf(w->device, sizeof w->device, "-sDEVICE=%s",
	    devices[kind == DEVICE_PCLXL][gray]);
	pcl_word(w, w->device);
	snprintf(w->dpi, sizeof w->dpi, "-r%u",
	    pcl_dpi(kind, gray, job->how.dpi));
	pcl_word(w, w->dpi);
	snprintf(w->copies, sizeof w->copies, "-dNumCopies=%u",
	    pcl_copies(kind, gray, job));
	pcl_word(w, w->copies);
	pcl_word(w, sides == REL_DUPLEX_LONG || sides == REL_DUPLEX_SHORT ?
	    "-dDuplex=true" : "-dDuplex=false");
	pcl_word(w, sides == REL_DUPLEX_SHORT ? "-dTumble=true" :
	    "-dTumble=false");
	if (kind == DEVICE_PCL && !gray)
		pcl_paper(w, doc);
	pcl_word(w, "-f");
	pcl_word(w, THE_INPUT);
}

static int
to_pcl(const struct shop *s, enum device_kind kind, int fd,
    const struct rel_facts *doc, int *out, struct rel_err *err)
{
	struct pcl_words w = { .n = 0 };
	struct step st = { .what = "Ghostscript", .argv = w.argv,
	    .in_fd = fd, .keep_fd = -1 };
	const char *gs = program_path(PROG_GS, err);

	if (gs == NULL)
		return -REL_E_NOTFOUND;
	pcl_word(&w, gs);
	pcl_words(&w, s->work->job, kind, doc);
	return step_run(s, &st, out, NULL, err);
}

int
raster_make(const struct shop *s, enum device_kind kind, int fd,
    const struct rel_facts *doc, int *out, struct rel_err *err)
{
	if (kind == DEVICE_PS)
		return to_postscript(s, fd, out, err);
	if (kind == DEVICE_PCLXL || kind == DEVICE_PCL)
		return to_pcl(s, kind, fd, doc, out, err);
	return to_raster(s, kind == DEVICE_URF, fd, doc, out, err);
}
