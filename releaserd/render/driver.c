/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The filters a PPD wants, from PDF to what the printer speaks.  cupsfilter
 * says which they are; it is not let run them itself, because it drops TMPDIR
 * and they would write the document into /tmp.
 */
#include <ctype.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/media.h"
#include "releaserd/render/render_priv.h"

#define FILTERS_MAX 8u
#define NAME_BYTES 256u
#define LIST_BYTES 4096u
#define OPTIONS_BYTES 4096u
#define STACK_BYTES 262144u

struct chain {
	const struct shop *s;
	char path[FILTERS_MAX][NAME_BYTES + 64];
	unsigned n;
	char options[OPTIONS_BYTES], copies[16];
	char ppd[300], final[140], media[64];
};

/* One filter at work, in a thread of its own that only waits for it. */
struct stage {
	const struct chain *c;
	unsigned i;
	int in_fd, out_fd;		/* its own: closed at its end */
	pthread_t thread;
	bool running;
	int rc;
	struct rel_err err;
	struct rel_child_end end;
};

/* ---- which filters */

static int
chain_add(struct chain *c, const char *name, struct rel_err *err)
{
	if (strcmp(name, "-") == 0)
		return 0;
	for (const char *p = name; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("/._+-", *p) == NULL)
			return rel_err_set(err, REL_E_FULL,
			    "the printer's driver names a filter strangely");
	if (c->n == FILTERS_MAX)
		return rel_err_set(err, REL_E_FULL,
		    "the printer's driver wants too many filters");
	return program_filter(name, c->path[c->n++], sizeof c->path[0], err);
}

static int
chain_parse(struct chain *c, int fd, struct rel_err *err)
{
	char text[LIST_BYTES], *save = NULL;
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	int rc = 0;

	text[n > 0 ? n : 0] = '\0';
	for (char *name = strtok_r(text, "\r\n", &save);
	    name != NULL && rc == 0; name = strtok_r(NULL, "\r\n", &save))
		rc = chain_add(c, name, err);
	if (rc == 0 && c->n == 0)
		rc = rel_err_set(err, REL_E_FULL,
		    "the printer's driver takes no PDF");
	return rc;
}

static int
chain_list(struct chain *c, const char *ppd, struct rel_err *err)
{
	const char *argv[] = {
		program_path(PROG_CUPSFILTER, err), "--list-filters", "-e",
		"-i", "application/pdf", "-p", ppd, "-m", "printer/release",
		"/dev/null", NULL
	};
	struct step st = { .what = "cupsfilter", .argv = argv, .in_fd = -1,
	    .keep_fd = -1 };
	int fd, rc;

	if (argv[0] == NULL)
		return -REL_E_NOTFOUND;
	if (access(ppd, R_OK) < 0)
		return rel_err_sys(err, REL_E_NOTFOUND,
		    "the driver %.120s cannot be read", ppd);
	if ((rc = step_run(c->s, &st, &fd, NULL, err)) < 0)
		return rc == -REL_E_FORMAT ? rel_err_set(err, REL_E_FULL,
		    "cupsfilter cannot work with the driver %.120s", ppd) :
		    rc;
	rc = chain_parse(c, fd, err);
	close(fd);
	return rc;
}

/* ---- with what options */

static void
option(struct chain *c, const char *name, const char *value)
{
	size_t n = strlen(c->options);

	/* Words of ours or of a ticket; no quoting, so nothing that wants it. */
	if (value[0] == '\0' || strpbrk(value, " \t\r\n'\"\\{}=") != NULL)
		return;
	snprintf(c->options + n, sizeof c->options - n, "%s%s=%s",
	    n > 0 ? " " : "", name, value);
}

/* A PPD of CUPS knows the numbers of IPP only (RFC 8011, PWG 5100.1). */
static const struct {
	const char *word, *number;
} numbers[] = {
	{ "draft", "3" }, { "normal", "4" }, { "high", "5" },
	{ "staple", "4" }, { "punch", "5" }, { "cover", "6" },
	{ "bind", "7" }, { "saddle-stitch", "8" }, { "edge-stitch", "9" },
	{ "fold", "10" }, { "trim", "11" }, { "booklet-maker", "13" },
	{ "staple-top-left", "20" }, { "staple-bottom-left", "21" },
	{ "staple-top-right", "22" }, { "staple-bottom-right", "23" },
	{ "staple-dual-left", "28" }, { "staple-dual-top", "29" },
	{ "staple-dual-right", "30" }, { "staple-dual-bottom", "31" },
	{ "punch-top-left", "70" }, { "punch-bottom-left", "71" },
	{ "punch-top-right", "72" }, { "punch-bottom-right", "73" },
	{ "punch-dual-left", "74" }, { "punch-dual-top", "75" },
	{ "punch-dual-right", "76" }, { "punch-dual-bottom", "77" },
	{ "punch-triple-left", "78" }, { "punch-quad-left", "82" },
	{ "fold-half", "93" }, { "fold-letter", "96" }, { "fold-z", "100" }
};

static void
option_numbers(struct chain *c, const char *name, const char *words)
{
	char out[128] = "", word[64];
	size_t n = 0;

	for (const char *p = words; *p != '\0'; p += strcspn(p, ","),
	    p += *p == ',') {
		snprintf(word, sizeof word, "%.*s", (int)strcspn(p, ","), p);
		for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
			if (strcasecmp(numbers[i].word, word) == 0 &&
			    n + 5 < sizeof out)
				n += (size_t)snprintf(out + n, sizeof out - n,
				    "%s%s", n > 0 ? "," : "",
				    numbers[i].number);
	}
	option(c, name, out);
}

static int
chain_options(struct chain *c, const char *ppd, const struct rel_ticket *t,
    struct rel_err *err)
{
	static const char *const sides[] = {
		[REL_DUPLEX_NONE] = "one-sided",
		[REL_DUPLEX_LONG] = "two-sided-long-edge",
		[REL_DUPLEX_SHORT] = "two-sided-short-edge"
	};
	struct ppd_gray gray;
	char type[100];
	int rc;

	if ((rc = ppd_gray(ppd, &gray, err)) < 0)
		return rc;
	if (t->sides >= REL_DUPLEX_NONE && t->sides <= REL_DUPLEX_SHORT)
		option(c, "sides", sides[t->sides]);
	option(c, "media", c->media);
	option(c, "media-source", t->tray);
	option(c, "InputSlot", t->tray);
	option(c, "output-bin", t->output_bin);
	option(c, "OutputBin", t->output_bin);
	option_numbers(c, "finishings", t->finishings);
	option_numbers(c, "print-quality", t->quality);
	if (t->copies > 1)
		option(c, "collate", t->collate ? "true" : "false");
	if (t->colour == REL_COLOUR_MONO) {
		option(c, "print-color-mode", "monochrome");
		if (gray.option[0] != '\0')
			option(c, gray.option, gray.choice);
	}
	/* poppler: less time and far less to send than Ghostscript. */
	option(c, "pdftops-renderer", "pdftops");
	option(c, "page-logging", "true");
	ppd_final(ppd, strrchr(c->path[c->n - 1], '/') + 1, type, sizeof type);
	snprintf(c->final, sizeof c->final, "FINAL_CONTENT_TYPE=%s", type);
	snprintf(c->copies, sizeof c->copies, "%u", (unsigned)t->copies);
	return 0;
}

/* ---- at work */

static void *
stage_run(void *arg)
{
	struct stage *g = arg;
	const struct chain *c = g->c;
	const char *argv[] = {
		c->path[g->i], "1", "user", "title", c->copies, c->options,
		NULL
	};
	const char *env[] = {
		c->ppd, "CONTENT_TYPE=application/pdf",
		"CUPS_DATADIR=" REL_CUPS_DATADIR,
		"CUPS_SERVERBIN=" REL_CUPS_SERVERBIN, "CHARSET=utf-8",
		c->final, "PRINTER=release",
		"RIP_MAX_CACHE=128m", "SOFTWARE=cups-release", NULL
	};
	struct step st = { .what = strrchr(c->path[g->i], '/') + 1,
	    .argv = argv, .more_env = env, .in_fd = g->in_fd,
	    .keep_fd = -1 };

	g->rc = step_run_to(c->s, &st, g->out_fd, &g->end, &g->err);
	close(g->in_fd);
	close(g->out_fd);
	return NULL;
}

static int
stage_start(struct stage *g, struct rel_err *err)
{
	pthread_attr_t attr;
	int rc;

	if (pthread_attr_init(&attr) != 0)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES);
	rc = pthread_create(&g->thread, &attr, stage_run, g);
	pthread_attr_destroy(&attr);
	g->running = rc == 0;
	return rc == 0 ? 0 : rel_err_set(err, REL_E_FULL, "no thread");
}

/* A pipe behind each filter; from_fd: what the last one makes. */
static int
stages_start(struct chain *c, struct stage *stages, int fd, int *from_fd,
    struct rel_err *err)
{
	int in = fd, rc = 0;

	*from_fd = -1;
	for (unsigned i = 0; i < c->n && rc == 0; i++) {
		struct stage *g = &stages[i];
		int ends[2];

		if (pipe(ends) < 0) {
			rc = rel_err_sys(err, REL_E_FULL, "cannot make a pipe");
			break;
		}
		fcntl(ends[0], F_SETFD, FD_CLOEXEC);
		fcntl(ends[1], F_SETFD, FD_CLOEXEC);
		*g = (struct stage){ .c = c, .i = i, .in_fd = in,
		    .out_fd = ends[1] };
		in = ends[0];
		if ((rc = stage_start(g, err)) < 0) {
			close(g->in_fd);
			close(g->out_fd);
		}
	}
	*from_fd = in;
	return rc;
}

/* The first one that failed says why; one behind it may just have starved. */
static int
stages_end(struct chain *c, struct stage *stages, uint64_t *lines,
    struct rel_err *err)
{
	int rc = 0;

	*lines = 0;
	for (unsigned i = 0; i < c->n; i++) {
		struct stage *g = &stages[i];

		if (!g->running)
			continue;
		pthread_join(g->thread, NULL);
		if (g->rc < 0 && rc == 0) {
			rc = g->rc;
			*err = g->err;
		}
		if (g->end.page_copies > *lines)
			*lines = g->end.page_copies;
	}
	return rc;
}

/* The size that was asked for, else the one most sides have. */
static void
chain_media(struct chain *c, const struct rel_ticket *t,
    const struct rel_facts *doc)
{
	if (t->media[0] != '\0')
		memcpy(c->media, t->media, sizeof c->media);
	else if (doc->nmedia > 0)
		rel_media_name(c->media, sizeof c->media,
		    doc->media[0].width, doc->media[0].height);
}

int
driver_run(const struct shop *s, int fd, const struct rel_facts *doc,
    struct outlet *o, uint64_t *lines, struct rel_err *err)
{
	const char *ppd = s->work->job->driver;
	struct chain *c = calloc(1, sizeof *c);
	struct stage *stages = calloc(FILTERS_MAX, sizeof *stages);
	struct rel_err first = { 0 };
	int from = -1, in = -1, rc = 0, end;

	if (c == NULL || stages == NULL || (in = dup(fd)) < 0) {
		free(c);
		free(stages);
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	}
	c->s = s;
	snprintf(c->ppd, sizeof c->ppd, "PPD=%s", ppd);
	chain_media(c, &s->work->job->ticket, doc);
	if ((rc = chain_list(c, ppd, err)) < 0 ||
	    (rc = chain_options(c, ppd, &s->work->job->ticket,
	    err)) < 0) {
		close(in);
	} else {
		rc = stages_start(c, stages, in, &from, err);
		if (rc == 0)
			rc = outlet_put_pipe(o, from, s->most_bytes, err);
		close(from);
		end = stages_end(c, stages, lines, &first);
		if (rc == 0 && end < 0) {
			rc = end;
			*err = first;
		}
	}
	free(stages);
	free(c);
	return rc;
}
