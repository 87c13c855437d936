/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* From document to document: each step is a program on a file in memory. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/media.h"
#include "releaserd/render/render_priv.h"

#define OPTIONS_BYTES 4096u
#define THE_INPUT "/proc/self/fd/0"

static int
replace(const struct shop *s, const struct step *st, int *fd,
    struct rel_child_end *end, struct rel_err *err)
{
	int to, rc = step_run(s, st, &to, end, err);

	if (rc < 0)
		return rc;
	close(*fd);
	*fd = to;
	return 0;
}

/* ---- to PDF, by CUPS's own filters */

static const char *
filter_for(const char *mime)
{
	if (strcmp(mime, "application/postscript") == 0)
		return "gstopdf";
	if (strncmp(mime, "text/", 5) == 0)
		return "texttopdf";
	return "imagetopdf";
}

int
convert_to_pdf(const struct shop *s, int *fd, const char *mime,
    struct rel_err *err)
{
	const char *name = filter_for(mime);
	const char *media = s->work->job->ticket.media;
	char path[512], content[100], what[40], options[100] = "";
	const char *argv[] = {
		path, "1", "user", "title", "1", options, THE_INPUT, NULL
	};
	const char *env[] = {
		content, "CUPS_DATADIR=" REL_CUPS_DATADIR,
		"CUPS_SERVERBIN=" REL_CUPS_SERVERBIN, "CHARSET=utf-8",
		"FINAL_CONTENT_TYPE=application/pdf", NULL
	};
	struct step st = { .what = what, .argv = argv, .more_env = env,
	    .in_fd = *fd, .keep_fd = -1 };
	int rc = program_filter(name, path, sizeof path, err);

	snprintf(content, sizeof content, "CONTENT_TYPE=%s", mime);
	snprintf(what, sizeof what, "CUPS's filter %s", name);
	if (media[0] != '\0' && strpbrk(media, " \t'\"\\{}=") == NULL)
		snprintf(options, sizeof options, "media=%s", media);
	return rc < 0 ? rc : replace(s, &st, fd, NULL, err);
}

/* ---- stamp */

static int
text_file(const char *text, struct rel_err *err)
{
	int fd = rel_compat_memfile();
	size_t n = strlen(text);

	if (fd < 0 || write(fd, text, n) != (ssize_t)n ||
	    lseek(fd, 0, SEEK_SET) < 0) {
		if (fd >= 0)
			close(fd);
		return rel_err_sys(err, REL_E_FULL, "no memory");
	}
	return fd;
}

int
convert_stamp(const struct shop *s, int *fd, const char *text,
    struct rel_err *err)
{
	const char *argv[] = {
		program_path(PROG_PAGES, err), "stamp", NULL
	};
	struct step st = { .what = "the program that stamps", .argv = argv,
	    .in_fd = *fd };
	int rc;

	if (argv[0] == NULL)
		return -REL_E_NOTFOUND;
	/* By a descriptor: it holds names, and everyone may read argv. */
	if ((st.keep_fd = text_file(text, err)) < 0)
		return st.keep_fd;
	rc = replace(s, &st, fd, NULL, err);
	close(st.keep_fd);
	return rc;
}

/* ---- the options that move pages */

/*
 * Without a PPD pdftopdf goes by PageSize only, and takes Letter when there is
 * none.  No margins: a page that fits is not made smaller because another one
 * has to be; with several on a side they stay.
 */
static void
put_paper(const struct rel_ticket *t, const struct rel_facts *in,
    char *out, size_t size)
{
	struct rel_paper p;
	uint32_t w, h, a, b;
	char name[64];

	out[0] = '\0';
	(void)rel_ticket_one_paper(t, in, &p);
	w = p.width;
	h = p.height;
	if (w == 0)
		return;
	/* As the standard has it, not as a program has rounded it. */
	rel_media_name(name, sizeof name, w, h);
	if (rel_media_size(name, &a, &b)) {
		w = w > h ? b : a;
		h = w == a ? b : a;
	}
	snprintf(out, size, "PageSize=custom_paper_%u.%02ux%u.%02umm%s ",
	    w / 100, w % 100, h / 100, h % 100, t->booklet ||
	    t->number_up > 1 ? "" : " page-left=0 page-right=0 page-top=0"
	    " page-bottom=0");
}

int
convert_pages(const struct shop *s, int *fd, const struct rel_facts *in,
    uint32_t *sides, struct rel_err *err)
{
	const struct rel_ticket *t = &s->work->job->ticket;
	char options[OPTIONS_BYTES + 128];
	const char *argv[] = {
		program_path(PROG_PDFTOPDF, err), "1", "user", "title", "1",
		options, THE_INPUT, NULL
	};
	struct step st = { .what = "CUPS's filter pdftopdf", .argv = argv,
	    .in_fd = *fd, .keep_fd = -1 };
	struct rel_child_end end;
	int rc;

	if (argv[0] == NULL)
		return -REL_E_NOTFOUND;
	put_paper(t, in, options, sizeof options);
	rel_ticket_pdftopdf(t, options + strlen(options), OPTIONS_BYTES);
	if ((rc = replace(s, &st, fd, &end, err)) < 0)
		return rc;
	*sides = end.page_lines;
	return 0;
}

/* ---- gray */

int
convert_gray(const struct shop *s, int *fd, struct rel_err *err)
{
	/* Pictures keep their resolution and nearly all of their quality. */
	static const char quality[] =
	    "<< /GrayImageDict << /QFactor 0.15 /Blend 1 "
	    "/HSamples [1 1 1 1] /VSamples [1 1 1 1] >> "
	    "/GrayACSImageDict << /QFactor 0.15 /Blend 1 "
	    "/HSamples [1 1 1 1] /VSamples [1 1 1 1] >> >> "
	    "setdistillerparams";
	const char *argv[] = {
		program_path(PROG_GS, err), "-q", "-dSAFER", "-dBATCH",
		"-dNOPAUSE", "-dNOPROMPT", "-sstdout=%stderr",
		"-sDEVICE=pdfwrite", "-sColorConversionStrategy=Gray",
		"-sProcessColorModel=DeviceGray", "-dAutoRotatePages=/None",
		"-dDownsampleColorImages=false",
		"-dDownsampleGrayImages=false",
		"-dDownsampleMonoImages=false", "-dEmbedAllFonts=true",
		"-sOutputFile=-", "-c", quality, "-f", THE_INPUT, NULL
	};
	struct step st = { .what = "Ghostscript", .argv = argv,
	    .in_fd = *fd, .keep_fd = -1 };

	if (argv[0] == NULL)
		return -REL_E_NOTFOUND;
	return replace(s, &st, fd, NULL, err);
}
