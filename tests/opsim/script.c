/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/frame.h"
#include "tests/opsim/runner.h"

/* Where lines come from. */
struct source {
	FILE *f;
	char *line;		/* owned; the last one read */
	size_t cap;
	unsigned number;
};

static bool
source_next(struct source *s)
{
	if (s->line != NULL)
		rel_wipe(s->line, s->cap);
	if (getline(&s->line, &s->cap, s->f) < 0)
		return false;
	s->number++;
	return true;
}

static int
source_open(struct source *s, const char *file)
{
	*s = (struct source){ .f = strcmp(file, "-") == 0 ? stdin :
	    fopen(file, "re") };
	if (s->f != NULL)
		return 0;
	perror(file);
	return -1;
}

static void
source_close(struct source *s)
{
	if (s->line != NULL)
		rel_wipe(s->line, s->cap);
	free(s->line);
	if (s->f != stdin)
		fclose(s->f);
}

static void
on_done(struct runner *r, void *ctx)
{
	(void)r;
	event_base_loopbreak(ctx);
}

static void
complain(const struct source *s, const struct rel_buf *why)
{
	fprintf(stderr, "opsim: line %u: %.*s\n", s->number, (int)why->len,
	    (const char *)why->data);
}

/* Every line in turn, in this process. */
static int
run_here(struct opsim *sim, struct source *s)
{
	struct runner *r = runner_new(sim, on_done, sim->base);
	int rc = OPSIM_OK;

	while (rc == OPSIM_OK && source_next(s)) {
		enum run how = runner_line(r, s->line);

		if (how == RUN_LATER)
			event_base_dispatch(sim->base);
		if (r->wants_more)
			continue;
		if (r->out.len > 0)
			fwrite(r->out.data, 1, r->out.len, stdout);
		fflush(stdout);
		if ((rc = r->rc) != OPSIM_OK)
			complain(s, &r->why);
	}
	if (rc == OPSIM_OK && r->wants_more) {
		fprintf(stderr, "opsim: line %u: the password is missing\n",
		    s->number);
		rc = OPSIM_USAGE;
	}
	runner_free(&r);
	return rc;
}

/* Where the running opsim of the same STATE prints. */
static void
find_out(struct opsim *sim, const char *out)
{
	static const char key[] = "OPSIM_OUT='";
	char path[STATE_PATH], *at;
	struct rel_buf b;

	if (out != NULL) {
		snprintf(sim->out, sizeof sim->out, "%s", out);
		return;
	}
	rel_buf_init(&b);
	state_path(&sim->st, "ports", path);
	if (file_read(path, 8192, &b, NULL) == 0) {
		rel_put_u8(&b, 0);
		at = strstr((char *)b.data, key);
		if (at != NULL)
			snprintf(sim->out, sizeof sim->out, "%.*s",
			    (int)strcspn(at + sizeof key - 1, "'\n"),
			    at + sizeof key - 1);
	}
	rel_buf_fini(&b);
}

static int
script_here(const struct script_args *a, struct source *s)
{
	struct rel_err err = { .code = 0 };
	struct opsim sim;
	int rc = opsim_open(&sim, a->dir, a->trace, a->locale, &err);

	for (int i = 0; rc == 0 && i < a->nfaults; i++)
		rc = opsim_fault(&sim, a->faults[i], &err);
	if (rc < 0) {
		fprintf(stderr, "opsim: %s\n", err.text);
		rc = OPSIM_USAGE;
	} else {
		find_out(&sim, a->out);
		rc = run_here(&sim, s);
	}
	opsim_close(&sim);
	return rc;
}

/* The answer to one line: -1 "more", else the code of the command. */
static int
control_answer(FILE *f, const struct source *s)
{
	char *line = NULL;
	size_t cap = 0;
	int rc = OPSIM_TROUBLE;

	while (getline(&line, &cap, f) > 0) {
		if (strncmp(line, "| ", 2) == 0) {
			fputs(line + 2, stdout);
		} else if (strncmp(line, "! ", 2) == 0) {
			fprintf(stderr, "opsim: line %u: %s", s->number,
			    line + 2);
		} else {
			rc = strcmp(line, "ok\n") == 0 ? OPSIM_OK :
			    strcmp(line, "more\n") == 0 ? -1 :
			    (int)strtol(line + strcspn(line, " "), NULL, 10);
			break;
		}
	}
	fflush(stdout);
	free(line);
	return rc;
}

/* Every line in turn, in the opsim behind a socket. */
static int
script_there(const struct script_args *a, struct source *s)
{
	struct rel_err err = { .code = 0 };
	int fd = rel_unix_connect(a->control, &err), rc = OPSIM_OK;
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (f == NULL) {
		fprintf(stderr, "opsim: %s\n", err.text);
		return OPSIM_TROUBLE;
	}
	while (rc <= OPSIM_OK && source_next(s)) {
		size_t n = strlen(s->line);

		if ((write(fd, s->line, n) != (ssize_t)n) ||
		    (s->line[n - 1] != '\n' && write(fd, "\n", 1) != 1))
			rc = OPSIM_TROUBLE;
		else
			rc = control_answer(f, s);
	}
	fclose(f);
	return rc < 0 ? OPSIM_USAGE : rc;
}

int
script_run(const struct script_args *a)
{
	struct source s;
	int rc;

	if (source_open(&s, a->file) < 0)
		return OPSIM_USAGE;
	rc = a->control != NULL ? script_there(a, &s) : script_here(a, &s);
	source_close(&s);
	return rc;
}
