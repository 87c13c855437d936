/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/text.h"

#define DEADLINE_MS 60000u
#define LOOK_MS 50		/* so often *stop and the clock are looked at */
#define SAID_MAX 1023u
#define TAIL_MAX (2 * SAID_MAX)
#define KEEP_FD 3		/* the number keep_fd gets in the child */
#define FREE_FD 10		/* none of the descriptors below are in the way */

/* What a running child says, and until when it may run. */
struct watch {
	pid_t pid;
	int err_fd;
	int64_t until_ms;
	char tail[TAIL_MAX + 1];	/* the last bytes, oldest first */
	size_t len;
	char line[64];			/* start of the line that is coming */
	size_t line_len;
	struct rel_child_end *end;
};

/* ---- in the child */

static void
limit(int what, uint64_t bytes)
{
	struct rlimit r = { (rlim_t)bytes, (rlim_t)bytes };

	if (bytes > 0)
		(void)setrlimit(what, &r);
}

/* A copy of fd far up, so that 0 to 3 can be laid without a clash. */
static int
lift(int fd, int dflt)
{
	int n = fcntl(fd >= 0 ? fd : dflt, F_DUPFD, FREE_FD);

	if (n < 0)
		_exit(126);
	return n;
}

static void __attribute__((noreturn))
child_exec(const struct rel_child *c, int err_fd)
{
	/* Where temporary files may lie is no secret, but is for others to
	 * keep to. */
	static char tmp[1024];
	const char *dir = getenv("TMPDIR");
	const char *const plain[] = {
		"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8",
		dir != NULL && snprintf(tmp, sizeof tmp, "TMPDIR=%s", dir) <
		    (int)sizeof tmp ? tmp : NULL, NULL
	};
	int null = open("/dev/null", O_RDWR), fds[4];
	char **env = (char **)(uintptr_t)(c->env != NULL ? c->env : plain);
	struct rlimit none = { 0, 0 };
	sigset_t all;

	if (null < 0)
		_exit(126);
	fds[0] = lift(c->in_fd, null);
	fds[1] = lift(c->out_fd, null);
	fds[2] = lift(err_fd, null);
	fds[3] = lift(c->keep_fd, null);
	for (int i = 0; i < 4; i++)
		if (dup2(fds[i], i) < 0)
			_exit(126);
	if (c->keep_fd < 0)
		close(KEEP_FD);
	rel_compat_close_from(c->keep_fd < 0 ? KEEP_FD : KEEP_FD + 1);
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int sig = 1; sig < 32; sig++)
		signal(sig, SIG_DFL);
	if (chdir(c->dir != NULL ? c->dir : "/") < 0)
		_exit(126);
	setrlimit(RLIMIT_CORE, &none);
	limit(RLIMIT_AS, c->memory_bytes);
	limit(RLIMIT_FSIZE, c->file_bytes);
	limit(RLIMIT_CPU, 2 + (c->deadline_ms > 0 ? c->deadline_ms :
	    DEADLINE_MS) / 1000);
	rel_compat_die_with_parent();
	if (rel_compat_no_new_privs() < 0 ||
	    rel_compat_syscall_filter(c->network ? REL_JAIL_PROVE :
	    REL_JAIL_RENDER, NULL) < 0)
		_exit(126);
	execve(c->argv[0], (char **)(uintptr_t)c->argv, env);
	_exit(errno == ENOENT ? 127 : 126);
}

/* ---- what it says */

/* "PAGE: 3 2" is page 3, twice; "PAGE: total 7" is seven. */
static void
page_line(struct watch *w)
{
	unsigned long n, copies;

	w->line[w->line_len] = '\0';
	if (sscanf(w->line, "PAGE: %lu %lu", &n, &copies) == 2) {
		w->end->page_lines++;
		w->end->page_copies += copies;
	}
}

static void
heard(struct watch *w, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n') {
			page_line(w);
			w->line_len = 0;
		} else if (w->line_len + 1 < sizeof w->line) {
			w->line[w->line_len++] = p[i];
		}
	}
	if (n > TAIL_MAX) {
		p += n - TAIL_MAX;
		n = TAIL_MAX;
	}
	if (w->len + n > TAIL_MAX) {
		size_t drop = w->len + n - TAIL_MAX;

		memmove(w->tail, w->tail + drop, w->len - drop);
		w->len -= drop;
	}
	memcpy(w->tail + w->len, p, n);
	w->len += n;
}

/* Read what there is; false when it has closed its stderr. */
static bool
listen_once(struct watch *w)
{
	char buf[4096];
	ssize_t n = read(w->err_fd, buf, sizeof buf);

	if (n > 0)
		heard(w, buf, (size_t)n);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* ---- waiting */

static void
reap(struct watch *w, int status, const struct rusage *ru)
{
	w->end->status = WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
	w->end->cpu_ms = (int64_t)(ru->ru_utime.tv_sec +
	    ru->ru_stime.tv_sec) * 1000 + (ru->ru_utime.tv_usec +
	    ru->ru_stime.tv_usec) / 1000;
	w->end->rss_kb = ru->ru_maxrss;
}

/* Has it ended? Its group is ended with it: nothing is left behind. */
static bool
is_over(struct watch *w, int flags)
{
	struct rusage ru;
	int status;
	pid_t pid;

	do
		pid = wait4(w->pid, &status, flags, &ru);
	while (pid < 0 && errno == EINTR);
	if (pid == 0)
		return false;
	kill(-w->pid, SIGKILL);
	if (pid == w->pid)
		reap(w, status, &ru);
	else
		w->end->status = 126;
	return true;
}

/* Is it time to end it by force? */
static bool
must_die(const struct rel_child *c, struct watch *w)
{
	if (rel_mono_ms() >= w->until_ms)
		w->end->late = true;
	else if (c->stop != NULL && *c->stop)
		w->end->stopped = true;
	return w->end->late || w->end->stopped;
}

static void
watch_child(const struct rel_child *c, struct watch *w)
{
	struct pollfd pfd = { w->err_fd, POLLIN, 0 };

	while (!is_over(w, WNOHANG)) {
		if (must_die(c, w)) {
			kill(-w->pid, SIGKILL);
			kill(w->pid, SIGKILL);
			(void)is_over(w, 0);
			break;
		}
		/* A closed stderr is no end; it is not looked at any more. */
		if (pfd.fd < 0)
			poll(NULL, 0, 1);
		else if (poll(&pfd, 1, LOOK_MS) > 0 && !listen_once(w))
			pfd.fd = -1;
	}
	while (pfd.fd >= 0 && poll(&pfd, 1, 0) > 0 && listen_once(w))
		;
}

int
rel_child_run(const struct rel_child *c, struct rel_child_end *end,
    struct rel_err *err)
{
	struct watch w = { .end = end };
	int pipe_fds[2];

	memset(end, 0, sizeof *end);
	if (pipe(pipe_fds) < 0)
		return rel_err_sys(err, REL_E_FULL, "cannot make a pipe");
	(void)fcntl(pipe_fds[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(pipe_fds[1], F_SETFD, FD_CLOEXEC);
	(void)fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK);
	w.until_ms = rel_mono_ms() + (c->deadline_ms > 0 ? c->deadline_ms :
	    DEADLINE_MS);
	if ((w.pid = fork()) < 0) {
		close(pipe_fds[0]);
		close(pipe_fds[1]);
		return rel_err_sys(err, REL_E_FULL, "cannot start a program");
	}
	if (w.pid == 0) {
		setpgid(0, 0);
		child_exec(c, pipe_fds[1]);
	}
	setpgid(w.pid, w.pid);
	close(pipe_fds[1]);
	w.err_fd = pipe_fds[0];
	watch_child(c, &w);
	close(pipe_fds[0]);
	w.tail[w.len] = '\0';
	rel_text_clean(end->said, sizeof end->said, w.len > SAID_MAX ?
	    w.tail + w.len - SAID_MAX : w.tail);
	return 0;
}
