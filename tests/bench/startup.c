/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
/*
 * startup SOCKET LOG PROGRAM ARG...: milliseconds from exec until GET
 * /api/v1/status is answered with 200 on the socket; then the program is ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define LIMIT_NS 60000000000

static bool
is_ready(const char *path)
{
	static const char ask[] =
	    "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n"
	    "Connection: close\r\n\r\n";
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct timeval wait = { 5, 0 };
	char got[13] = "";
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	snprintf(un.sun_path, sizeof un.sun_path, "%s", path);
	(void)setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	ok = connect(sock, (struct sockaddr *)&un, sizeof un) == 0 &&
	    send(sock, ask, sizeof ask - 1, MSG_NOSIGNAL) > 0 &&
	    recv(sock, got, 12, MSG_WAITALL) == 12 &&
	    strcmp(got, "HTTP/1.1 200") == 0;
	close(sock);
	return ok;
}

static pid_t
run_logged(const char *log, char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		bench_die("fork");
	if (pid > 0)
		return pid;
	if (freopen(log, "a", stderr) == NULL ||
	    freopen("/dev/null", "r", stdin) == NULL)
		_exit(126);
	execv(argv[0], argv);
	_exit(127);
}

int
main(int argc, char **argv)
{
	const struct timespec pause = { 0, 1000000 };
	int64_t began;
	bool ready;
	pid_t pid;

	if (argc < 4) {
		fprintf(stderr, "usage: startup SOCKET LOG PROGRAM ARG...\n");
		return 2;
	}
	unlink(argv[1]);
	began = bench_ns();
	pid = run_logged(argv[2], argv + 3);
	while (!(ready = is_ready(argv[1])) &&
	    bench_ns() - began < LIMIT_NS && waitpid(pid, NULL, WNOHANG) == 0)
		nanosleep(&pause, NULL);
	began = bench_ns() - began;
	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (!ready) {
		fprintf(stderr, "startup: not ready, see %s\n", argv[2]);
		return 1;
	}
	printf("%.1f\n", (double)began / 1e6);
	return 0;
}
