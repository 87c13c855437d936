/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Pages as pixels, by a program of somebody else's: what it writes is read by
 * a process that does nothing else, so that no page is ever held whole.
 */
#include "lib/pdf/pdf_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/compat.h"
#include "lib/text.h"

#define ARGS_MAX 24
#define MEMORY ((uint64_t)2 << 30)	/* address space of the renderer */

struct args {
	const char *v[ARGS_MAX + 1];
	int n;
	char num[4][16];
	int nnum;
};

static void
add(struct args *a, const char *arg)
{
	if (a->n < ARGS_MAX)
		a->v[a->n++] = arg;
}

static void
add_number(struct args *a, const char *arg, uint32_t v)
{
	char *text = a->num[a->nnum++];

	snprintf(text, sizeof a->num[0], "%u", v);
	add(a, arg);
	add(a, text);
}

/* A name under which the child finds its standard input again, from 0 on. */
static const char *
input_name(int fd)
{
	char name[32];
	int again;

	snprintf(name, sizeof name, "/dev/fd/%d", fd);
	if ((again = open(name, O_RDONLY | O_CLOEXEC)) < 0)
		return "-";
	close(again);
	return "/dev/fd/0";
}

static void
poppler_args(struct args *a, const struct pdf_render *r)
{
	add(a, REL_PDFTOPPM);
	add(a, "-q");
	if (r->hide_annots)
		add(a, "-hide-annotations");
	if (r->scale_to > 0)
		add_number(a, "-scale-to", r->scale_to);
	else
		add_number(a, "-r", 36);
	if (r->first > 0) {
		add_number(a, "-f", r->first);
		add_number(a, "-l", r->last);
	}
	add(a, input_name(r->fd));
}

static void
gs_args(struct args *a, const struct pdf_render *r)
{
	add(a, REL_GS);
	add(a, "-q");
	add(a, "-dSAFER");
	add(a, "-dBATCH");
	add(a, "-dNOPAUSE");
	add(a, "-dNOPROMPT");
	add(a, "-dPrinted");
	add(a, "-sDEVICE=ppmraw");
	add(a, "-r36");
	add(a, "-sstdout=%stderr");
	add(a, "-sOutputFile=%stdout");
	add(a, input_name(r->fd));
}

/* ---- the reader */

static void
keep(void *ctx, const struct pdf_pixels *px)
{
	int *fd = ctx;

	if (*fd >= 0 && write(*fd, px, sizeof *px) != (ssize_t)sizeof *px)
		*fd = -1;
}

static pid_t
start_reader(int pipe_fd[2], int out)
{
	pid_t pid = fork();

	if (pid == 0) {
		bool whole;

		close(pipe_fd[1]);
		(void)pdf_ppm_read(pipe_fd[0], keep, &out, &whole);
		_exit(whole && out >= 0 ? 0 : 1);
	}
	return pid;
}

static bool
end_reader(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int64_t
give_back(int fd, pdf_pixels_cb cb, void *ctx)
{
	struct pdf_pixels px;
	int64_t n = 0;

	while (pread(fd, &px, sizeof px, (off_t)n * (off_t)sizeof px) ==
	    (ssize_t)sizeof px) {
		cb(ctx, &px);
		n++;
	}
	return n;
}

/* ---- the renderer */

static int
run(const struct pdf_render *r, int out, bool *clean, struct rel_err *err)
{
	struct args a = { 0 };
	struct rel_child c = { .in_fd = r->fd, .out_fd = out, .keep_fd = -1,
	    .memory_bytes = MEMORY };
	struct rel_child_end end = { 0 };
	int64_t left = r->deadline - rel_mono_ms();
	off_t was = lseek(r->fd, 0, SEEK_CUR);
	int rc;

	if (r->deadline > 0 && left <= 0)
		return rel_err_set(err, REL_E_TIMEOUT, "no time to render");
	if (r->by == PDF_BY_GS)
		gs_args(&a, r);
	else
		poppler_args(&a, r);
	c.argv = a.v;
	c.deadline_ms = r->deadline > 0 ? (unsigned)left : 0;
	(void)lseek(r->fd, 0, SEEK_SET);
	rc = rel_child_run(&c, &end, err);
	if (was >= 0)
		(void)lseek(r->fd, was, SEEK_SET);
	*clean = rc == 0 && end.status == 0;
	return rc;
}

int64_t
pdf_render(const struct pdf_render *r, pdf_pixels_cb cb, void *ctx,
    bool *clean, struct rel_err *err)
{
	int result = rel_compat_memfile(), p[2], rc;
	bool read_all;
	int64_t n;
	pid_t pid;

	*clean = false;
	if (result < 0 || pipe(p) < 0) {
		rc = rel_err_sys(err, REL_E_IO, "cannot start a renderer");
		if (result >= 0)
			close(result);
		return rc;
	}
	(void)fcntl(p[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(p[1], F_SETFD, FD_CLOEXEC);
	if ((pid = start_reader(p, result)) < 0)
		rc = rel_err_sys(err, REL_E_IO, "cannot start a reader");
	else
		rc = run(r, p[1], clean, err);
	close(p[1]);
	close(p[0]);
	read_all = pid > 0 && end_reader(pid);
	n = rc < 0 ? rc : give_back(result, cb, ctx);
	*clean = *clean && read_all;
	close(result);
	return n;
}
