/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
/*
 * A null LPD server: takes every job, throws it away, acknowledges at once.
 * The floor for timing LPR clients.
 *
 *	lpdsink [-t] PORT	loopback only; ends when its input is closed
 *
 * -t prints a line a job: nanoseconds (CLOCK_MONOTONIC) of its first byte, of
 * its first data byte and of its end, and the bytes of the document.
 */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static void
sink(int sock, bool times)
{
	struct bench_lpd s;

	bench_lpd_serve(sock, &s);
	if (times)
		dprintf(1, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRIu64 "\n",
		    s.first_ns, s.data_ns, s.end_ns, s.bytes);
}

int
main(int argc, char **argv)
{
	bool times = argc == 3 && strcmp(argv[1], "-t") == 0;
	struct pollfd pfd[2] = { { .events = POLLIN }, { .events = POLLIN } };

	if (argc != 2 + times) {
		fprintf(stderr, "usage: lpdsink [-t] PORT\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);	/* no zombies */
	pfd[0].fd = bench_listen(argv[1 + times]);
	while (poll(pfd, 2, -1) > 0 && pfd[1].revents == 0) {
		int sock = accept(pfd[0].fd, NULL, NULL);

		if (sock >= 0 && fork() == 0) {
			sink(sock, times);
			_exit(0);
		}
		if (sock >= 0)
			close(sock);
	}
	return 0;
}
