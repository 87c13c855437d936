/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The last filter of a release queue: looks at every page of the document and
 * hands it on as it is, with what it found in front (lib/facts.h).
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filter/sides.h"
#include "lib/compat.h"
#include "lib/options.h"
#include "lib/pdf/pdf.h"
#include "lib/text.h"

#define LOOK_MS 120000u		/* for all pages of one document */
#define PIECE 262144u
#define CPU_S 180u		/* a document that needs more is not held */
#define MEMORY_BYTES ((rlim_t)2 << 30)

/* ---- the document as a file */

static int
write_all(int fd, const void *data, size_t n)
{
	const uint8_t *p = data;

	while (n > 0) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno != EINTR)
			return -1;
		if (put > 0) {
			p += put;
			n -= (size_t)put;
		}
	}
	return 0;
}

/* All of in to out. 0 or -1. */
static int
pour(int in, int out)
{
	static uint8_t piece[PIECE];
	ssize_t n;

	while ((n = read(in, piece, sizeof piece)) != 0) {
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0 && write_all(out, piece, (size_t)n) < 0)
			return -1;
	}
	return 0;
}

/* What comes through a pipe goes to a file without a name. */
static int
spooled(void)
{
	const char *dir = getenv("TMPDIR");
	char path[512];
	int fd, rc;

	snprintf(path, sizeof path, "%s/release.XXXXXX",
	    dir != NULL && dir[0] == '/' ? dir : "/tmp");
	if ((fd = mkstemp(path)) < 0)
		return -1;
	rc = unlink(path);
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (rc == 0 && pour(STDIN_FILENO, fd) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
open_document(const char *file)
{
	struct stat st;
	int fd;

	if (file == NULL)
		return spooled();
	if ((fd = open(file, O_RDONLY | O_CLOEXEC)) < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -1;
}

/* ---- what was asked for */

/* The PIN is none of a filter's business, and argv is public. */
static void
forget_pin(char *options)
{
	struct rel_option o;
	char *p = options;

	while (rel_option_next(p, &o))
		if (rel_option_is(&o, "job-password"))
			rel_option_cut(options, &o);
		else
			p = options + (o.end - options);
}

/*
 * Copies stand in argv[4], in argv[5] or in both.  The larger one is meant:
 * which of them a client and its cupsd fill in is up to their versions.
 */
static void
copies_of(struct rel_ticket *t, const char *argv4)
{
	int64_t n = 1;

	if (!rel_int(&n, argv4, 1, 999))
		n = 1;
	if (n != t->copies && n > 1 && t->copies > 1)
		fprintf(stderr, "DEBUG: copies is %lld and %u: the larger "
		    "one counts\n", (long long)n, t->copies);
	if ((uint32_t)n > t->copies)
		t->copies = (uint32_t)n;
}

/* ---- what is told */

/* cupsd's own accounting: a line for each side. */
static void
say_pages(const struct rel_facts *f, const struct rel_ticket *t)
{
	if (f->pages_sure == REL_SURE_UNKNOWN)
		return;
	for (uint32_t i = 1; i <= f->sides; i++)
		fprintf(stderr, "PAGE: %u %u\n", i, t->copies);
	fprintf(stderr, "ATTR: job-impressions=%u job-media-sheets=%u\n",
	    f->sides * t->copies, f->sheets * t->copies);
	fprintf(stderr, "DEBUG: %u pages, %u sides, %u of them in colour\n",
	    f->input_pages, f->sides, f->colour_sides);
}

static int
put_facts(const struct rel_facts *f)
{
	struct rel_buf b, front;
	int rc = -1;

	rel_buf_init(&b);
	rel_buf_init(&front);
	rel_facts_put(&b, f);
	rel_put_u8(&b, f->refused[0] == '\0');
	rel_put_raw(&front, REL_FACTS_MAGIC, sizeof REL_FACTS_MAGIC - 1);
	rel_put_u32(&front, (uint32_t)b.len);
	rel_put_raw(&front, b.data, b.len);
	if (!b.failed && !front.failed)
		rc = write_all(STDOUT_FILENO, front.data, front.len);
	rel_buf_fini(&b);
	rel_buf_fini(&front);
	return rc;
}

/* ---- the steps */

/* A document may cost so much, and no other pays for it. */
static void
set_limits(void)
{
	struct rlimit cpu = { CPU_S, CPU_S }, none = { 0, 0 };

	(void)setrlimit(RLIMIT_CPU, &cpu);
	(void)setrlimit(RLIMIT_CORE, &none);
#ifndef REL_SANITIZERS
	(void)setrlimit(RLIMIT_AS, &(struct rlimit){ MEMORY_BYTES,
	    MEMORY_BYTES });
#endif
}

/* Look at it and work out what the options make of it. */
static void
look(int fd, const struct rel_ticket *t, struct rel_facts *f)
{
	struct rel_pdf_how how = { .deadline_ms = LOOK_MS };
	const char *type = getenv("CONTENT_TYPE");
	struct rel_err err = { 0 };
	int rc = rel_pdf_look(fd, &how, f, &err);

	if (type != NULL)
		rel_application_converted(&f->app, type);
	if (rc == 0)
		rc = sides_count(fd, t, f, LOOK_MS);
	if (rc < 0 && f->refused[0] == '\0') {
		/* Not its fault: somebody else may look at it later. */
		rel_facts_init(f);
		snprintf(f->language, sizeof f->language, "pdf");
		f->more = true;
		snprintf(f->reason, sizeof f->reason, "%s", err.text);
		fprintf(stderr, "INFO: The pages could not be counted (%s).\n",
		    err.text);
	}
	if (f->refused[0] != '\0')
		fprintf(stderr, "WARNING: %s\n", f->reason);
}

static int
run(int fd, const char *copies, const char *options)
{
	struct rel_ticket t;
	struct rel_facts f;

	rel_ticket_init(&t);
	rel_ticket_overlay(&t, options);
	copies_of(&t, copies);
	look(fd, &t, &f);
	if (f.refused[0] == '\0')
		say_pages(&f, &t);
	if (put_facts(&f) < 0 || (f.refused[0] == '\0' &&
	    (lseek(fd, 0, SEEK_SET) < 0 || pour(fd, STDOUT_FILENO) < 0))) {
		fprintf(stderr, "DEBUG: the document could not be handed "
		    "on\n");
		return 1;
	}
	return 0;
}

int
main(int argc, char *argv[])
{
	int fd, rc;

	if (argc != 6 && argc != 7) {
		fprintf(stderr, "ERROR: usage: pdftorelease job-id user title "
		    "copies options [file]\n");
		return 1;
	}
	forget_pin(argv[5]);
	rel_compat_no_dump();
	set_limits();
	signal(SIGPIPE, SIG_IGN);
	if ((fd = open_document(argc == 7 ? argv[6] : NULL)) < 0) {
		fprintf(stderr, "ERROR: The document could not be read "
		    "(%s).\n", strerror(errno));
		return 1;
	}
	rc = run(fd, argv[4], argv[5]);
	close(fd);
	return rc;
}
