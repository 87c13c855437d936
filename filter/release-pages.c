/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* release-pages(8): what is known of the pages of documents; stamps. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

#include "filter/pages.h"
#include "lib/buf.h"
#include "lib/text.h"

#define MEMORY_MAX ((rlim_t)3 << 29)
#define CPU_SECONDS 900
#define STAMP_MAX 1024		/* bytes of text */

enum { EXIT_WELL = 0, EXIT_REFUSED = 1, EXIT_BROKEN = 2, EXIT_USAGE = 64 };

static int
usage(void)
{
	fprintf(stderr,
	    "usage: release-pages facts [--json] [--coverage] [--no-colour]\n"
	    "                           [--no-render] [--deadline SECONDS] "
	    "FILE...\n"
	    "       release-pages look [--coverage] [--no-colour] "
	    "[--no-render]\n"
	    "       release-pages stamp\n"
	    "       release-pages raster --urf|--pwg BACK\n");
	return EXIT_USAGE;
}

static void
say(const char *what, const struct rel_err *err)
{
	fprintf(stderr, "release-pages: %s%s%s\n", what,
	    what[0] != '\0' ? ": " : "", err->text);
}

/* ---- options */

struct options {
	struct rel_pdf_how how;
	bool json;
	int files;			/* index of the first */
};

static bool
option(struct options *o, const char *arg)
{
	if (strcmp(arg, "--json") == 0)
		o->json = true;
	else if (strcmp(arg, "--coverage") == 0)
		o->how.coverage = true;
	else if (strcmp(arg, "--no-colour") == 0)
		o->how.no_colour = true;
	else if (strcmp(arg, "--no-render") == 0)
		o->how.no_render = true;
	else
		return false;
	return true;
}

static bool
options(struct options *o, int argc, char **argv)
{
	int i = 2;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		int64_t seconds;

		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		if (strcmp(argv[i], "--deadline") == 0 && i + 1 < argc &&
		    rel_int(&seconds, argv[i + 1], 1, 86400)) {
			o->how.deadline_ms = (unsigned)seconds * 1000;
			i++;
		} else if (!option(o, argv[i])) {
			return false;
		}
	}
	o->files = i;
	return true;
}

/* ---- facts */

static bool
named_pdf(const char *file)
{
	size_t n = strlen(file);

	return n > 4 && strcasecmp(file + n - 4, ".pdf") == 0;
}

static int
facts_of(const struct options *o, const char *file)
{
	struct rel_facts f;
	struct rel_err err = { 0 };
	int fd = open(file, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		rc = rel_err_sys(&err, REL_E_NOTFOUND, "cannot be opened");
	else
		rc = pages_look(fd, named_pdf(file), &o->how, &f, &err);
	if (fd >= 0)
		close(fd);
	if (rc < 0) {
		say(file, &err);
		return EXIT_BROKEN;
	}
	if (!o->json)
		pages_table_row(stdout, file, &f);
	else if (pages_json(stdout, file, &f) < 0)
		return EXIT_BROKEN;
	return f.refused[0] != '\0' ? EXIT_REFUSED : EXIT_WELL;
}

static int
do_facts(int argc, char **argv)
{
	struct options o = { 0 };
	int worst = EXIT_WELL;

	if (!options(&o, argc, argv) || o.files >= argc)
		return usage();
	if (!o.json)
		pages_table_head(stdout);
	for (int i = o.files; i < argc; i++) {
		int rc = facts_of(&o, argv[i]);

		worst = rc > worst ? rc : worst;
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return EXIT_BROKEN;
	return worst;
}

/* ---- look */

static int
put_out(const struct rel_buf *b)
{
	size_t at = 0;

	while (at < b->len) {
		ssize_t n = write(1, b->data + at, b->len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return EXIT_BROKEN;
		at += (size_t)n;
	}
	return EXIT_WELL;
}

static int
do_look(int argc, char **argv)
{
	struct options o = { 0 };
	struct rel_facts f;
	struct rel_err err = { 0 };
	struct rel_buf b;
	int rc;

	if (!options(&o, argc, argv) || o.files != argc || o.json)
		return usage();
	if (pages_look(0, false, &o.how, &f, &err) < 0) {
		say("", &err);
		return EXIT_BROKEN;
	}
	rel_buf_init(&b);
	rel_facts_put(&b, &f);
	rc = b.failed != 0 ? EXIT_BROKEN : put_out(&b);
	rel_buf_fini(&b);
	return rc;
}

/* ---- stamp */

static bool
read_text(int fd, char *out, size_t size)
{
	size_t at = 0;

	for (;;) {
		ssize_t n = read(fd, out + at, size - 1 - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || (at += (size_t)n) == size - 1) {
			out[at] = '\0';
			return n >= 0 && at > 0;
		}
	}
}

/*
 * libqpdf throws through its C functions when a document names objects with
 * the highest numbers there are: the process would end without a word.
 */
static void
on_abort(int sig)
{
	static const char words[] = "release-pages: the PDF is damaged: "
	    "nothing can be added to it\n";

	(void)sig;
	(void)!write(STDERR_FILENO, words, sizeof words - 1);
	_exit(EXIT_REFUSED);
}

static int
do_stamp(int argc, char **argv)
{
	char text[STAMP_MAX];
	struct rel_err err = { 0 };
	int rc;

	(void)argv;
	if (argc != 2)
		return usage();
	if (!read_text(3, text, sizeof text)) {
		rel_err_set(&err, REL_E_FORMAT, "no text on descriptor 3");
		say("", &err);
		return EXIT_USAGE;
	}
	rel_text_clean(text, sizeof text, text);
	(void)signal(SIGABRT, on_abort);
	rc = rel_pdf_stamp(0, 1, text, &err);
	if (rc == 0)
		return EXIT_WELL;
	say("", &err);
	return rc == -REL_E_DENIED || rc == -REL_E_FORMAT ? EXIT_REFUSED :
	    EXIT_BROKEN;
}

/* ---- raster */

static int
do_raster(int argc, char **argv)
{
	struct rel_err err = { 0 };
	bool urf;
	int rc;

	if (argc != 4 || (!(urf = strcmp(argv[2], "--urf") == 0) &&
	    strcmp(argv[2], "--pwg") != 0))
		return usage();
	if ((rc = pages_raster(0, 1, urf, argv[3], &err)) == 0)
		return EXIT_WELL;
	say("", &err);
	return rc == -REL_E_FORMAT ? EXIT_REFUSED : EXIT_BROKEN;
}

/* ---- */

static void
limit(int what, rlim_t max)
{
	struct rlimit r;

	if (getrlimit(what, &r) == 0 &&
	    (r.rlim_cur == RLIM_INFINITY || r.rlim_cur > max)) {
		r.rlim_cur = max;
		(void)setrlimit(what, &r);
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = {
		{ "facts", do_facts }, { "look", do_look },
		{ "raster", do_raster }, { "stamp", do_stamp }
	};

#ifndef REL_SANITIZERS		/* they map terabytes */
	limit(RLIMIT_AS, MEMORY_MAX);
#endif
	limit(RLIMIT_CPU, CPU_SECONDS);
	if (argc < 2)
		return usage();
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc, argv);
	return usage();
}
