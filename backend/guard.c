/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "backend/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/frame.h"
#include "lib/text.h"

#define NOBODY 65534u
#define AGAIN_MS 200		/* between two SIGTERM to a child */
#define CRASHES_MAX 3u
/*
 * cupsd ends a job that is at work for MaxJobTime (3 h).  It counts anew when
 * a device was reached, so say so now and then while waiting.
 */
#define SAY_AGAIN_MS (10 * 60 * 1000)

struct guard {
	struct hold_doc *doc;
	const char *path;
	bool away;		/* cupsd was told connecting-to-device */
	unsigned tries;		/* in a row without an answer */
	unsigned crashes;
	int64_t say_again_ms;
};

static int wake_fds[2] = { -1, -1 };

static void
on_signal(int sig)
{
	int saved = errno;
	ssize_t ignored;

	if (sig == SIGTERM)
		hold_stop = 1;
	if (wake_fds[1] >= 0) {
		ignored = write(wake_fds[1], "", 1);
		(void)ignored;		/* full is as good: it wakes */
	}
	errno = saved;
}

static int
guard_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	if (pipe(wake_fds) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		fcntl(wake_fds[i], F_SETFD, FD_CLOEXEC);
		fcntl(wake_fds[i], F_SETFL, O_NONBLOCK);
	}
	sigemptyset(&sa.sa_mask);
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGTERM, &sa, NULL);	/* no SA_RESTART: waits end */
	sigaction(SIGCHLD, &sa, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	return 0;
}

/* Sleep until a signal comes or the time is over; -1 for ever. */
static void
guard_sleep(int ms)
{
	struct pollfd pfd = { wake_fds[0], POLLIN, 0 };
	char drop[16];

	if (poll(&pfd, 1, ms) > 0)
		while (read(wake_fds[0], drop, sizeof drop) > 0)
			;
}

/* Pause before the next try: 1, 2, then 5 seconds; shorter when stopped. */
static void
guard_pause(struct guard *g)
{
	int ms = g->tries == 0 ? 1000 : g->tries == 1 ? 2000 : 5000;
	int64_t until = rel_mono_ms() + ms;

	g->tries++;
	while (!hold_stop && rel_mono_ms() < until)
		guard_sleep((int)(until - rel_mono_ms()));
}

static void
guard_say_away(struct guard *g)
{
	if (g->away && rel_mono_ms() < g->say_again_ms)
		return;
	if (g->away)
		hold_say("STATE", "-connecting-to-device");
	g->away = true;
	g->say_again_ms = rel_mono_ms() + SAY_AGAIN_MS;
	hold_say("STATE", "+connecting-to-device");
	hold_say("INFO", "The release server does not answer. The job waits "
	    "until it does.");
}

static void
guard_say_back(struct guard *g)
{
	if (!g->away)
		return;
	g->away = false;
	hold_say("STATE", "-connecting-to-device");
	hold_say("INFO", "The release server answers again.");
}

/* A connection, however long it takes; -1 when told to stop. */
static int
guard_connect(struct guard *g)
{
	struct rel_err err;

	while (!hold_stop) {
		int sock = rel_unix_connect(g->path, &err);

		if (sock >= 0)
			return sock;
		hold_say("DEBUG", "%s", err.text);
		guard_say_away(g);
		guard_pause(g);
	}
	return -1;
}

/* First bytes of what the filters make, read once. */
static void
guard_read_head(struct hold_doc *doc)
{
	if (doc->seekable || doc->head != NULL ||
	    (doc->head = malloc(HOLD_HEAD_BYTES)) == NULL)
		return;
	while (!hold_stop && doc->head_len < HOLD_HEAD_BYTES) {
		ssize_t n = read(doc->in_fd, doc->head + doc->head_len,
		    HOLD_HEAD_BYTES - doc->head_len);

		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			break;
		doc->head_len += (size_t)n;
	}
	doc->copies.head = doc->head;
	doc->copies.head_len = doc->head_len;
}

/* The child's life; never returns. */
static void
guard_child(struct guard *g, int sock)
{
	close(wake_fds[0]);
	close(wake_fds[1]);
	wake_fds[0] = wake_fds[1] = -1;
	/* The socket knows that root opened it; no right is needed any more. */
	if (geteuid() == 0 && rel_compat_become(NOBODY, NOBODY) < 0) {
		hold_say("WARNING", "The backend cannot give up its rights.");
		_exit(HOLD_KEEP);
	}
	rel_compat_no_new_privs();
	_exit(hold_run(g->doc, sock));
}

/* Wait for the child, passing SIGTERM on until it is gone. */
static int
guard_wait(pid_t pid)
{
	int status;

	for (;;) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			return status;
		if (got < 0 && errno != EINTR)
			return 0x7f00;		/* as if it had exited 127 */
		if (hold_stop)
			kill(pid, SIGTERM);
		guard_sleep(hold_stop ? AGAIN_MS : -1);
	}
}

/* One try over one connection; the child's wait status. */
static int
guard_try(struct guard *g, int sock)
{
	pid_t pid;

	guard_read_head(g->doc);
	if (g->doc->seekable)
		lseek(g->doc->in_fd, 0, SEEK_SET);
	pid = fork();
	if (pid == 0)
		guard_child(g, sock);
	close(sock);
	return pid < 0 ? HOLD_AWAY << 8 : guard_wait(pid);
}

/* The child was killed or fell: again, or what to tell cupsd. -1: again. */
static int
guard_crashed(struct guard *g, int sig)
{
	hold_say("DEBUG", "the child ended by signal %d", sig);
	if (hold_stop)
		return HOLD_STOPPED;
	if (g->doc->seekable && ++g->crashes < CRASHES_MAX)
		return -1;
	if (!g->doc->seekable && sig == SIGKILL)
		return HOLD_STOPPED;	/* not its fault: the same again */
	if (!g->doc->seekable)
		return HOLD_LATER;
	hold_say("WARNING", "The job could not be held: the backend fell %u "
	    "times. It waits here until it is resumed.", g->crashes);
	return HOLD_KEEP;
}

/* What to tell cupsd after a try; -1 for another one. */
static int
guard_verdict(struct guard *g, int status)
{
	if (WIFSIGNALED(status))
		return guard_crashed(g, WTERMSIG(status));
	switch (WEXITSTATUS(status)) {
	case HOLD_OK:
	case HOLD_KEEP:
	case HOLD_CANCEL:
		guard_say_back(g);
		return WEXITSTATUS(status);
	case HOLD_STOPPED:
		return HOLD_STOPPED;
	case HOLD_BROKEN:
		guard_say_away(g);
		if (!g->doc->seekable) {
			guard_pause(g);
			return HOLD_STOPPED;	/* cupsd runs the filters again */
		}
		return -1;
	default:
		guard_say_away(g);
		return -1;
	}
}

/*
 * Let filters end as they like: one that cannot write would be counted as
 * failed, and that as the job's fault.
 */
static void
guard_drain(struct hold_doc *doc)
{
	static char drop[HOLD_HEAD_BYTES];
	ssize_t n;

	if (doc->seekable)
		return;
	do
		n = read(doc->in_fd, drop, sizeof drop);
	while (!hold_stop && (n > 0 || (n < 0 && errno == EINTR)));
}

int
guard_run(struct hold_doc *doc, const char *path)
{
	struct guard g = { .doc = doc, .path = path };
	const char *reasons = getenv("PRINTER_STATE_REASONS");
	int verdict = -1;

	if (guard_signals() < 0)
		return HOLD_LATER;
	/* An earlier run may have left it set. */
	g.away = reasons != NULL &&
	    strstr(reasons, "connecting-to-device") != NULL;
	g.say_again_ms = rel_mono_ms() + SAY_AGAIN_MS;
	while (verdict < 0) {
		int sock = guard_connect(&g);

		if (sock < 0) {
			verdict = HOLD_STOPPED;
			break;
		}
		verdict = guard_verdict(&g, guard_try(&g, sock));
		if (verdict < 0)
			guard_pause(&g);
	}
	guard_drain(doc);
	free(doc->head);
	return verdict;
}
