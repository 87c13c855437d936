/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A PDF as PostScript, PWG raster or Apple raster for a device that was asked
 * what it takes: by CUPS's own filters, without any PPD.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/media.h"
#include "releaserd/render/render_priv.h"

#define USUAL_DPI 300u
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

int
raster_make(const struct shop *s, enum device_kind kind, int fd,
    const struct rel_facts *doc, int *out, struct rel_err *err)
{
	if (kind == DEVICE_PS)
		return to_postscript(s, fd, out, err);
	return to_raster(s, kind == DEVICE_URF, fd, doc, out, err);
}
