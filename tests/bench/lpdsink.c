/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
/*
 * A null LPD server: takes every job, throws it away, acknowledges at once.
 * The floor for timing LPR clients.
 *
 *	lpdsink [-t] PORT	loopback only; ends when its input is closed
 *
 * -t prints a line a job: nanoseconds UTC of its first byte, of its first
 * data byte and of its end, and the bytes of the document.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SINK_BYTES (1u << 20)

struct session {
	int sock;
	int64_t first, data, end;
	uint64_t bytes;
};

static uint8_t room[SINK_BYTES];

static int64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* A line up to its newline, byte by byte; its length or -1. */
static int
read_line(int sock, char *line, size_t size)
{
	size_t n = 0;

	while (n + 1 < size && read(sock, line + n, 1) == 1) {
		if (line[n] == '\n') {
			line[n] = '\0';
			return (int)n;
		}
		n++;
	}
	return -1;
}

static bool
ack(int sock)
{
	return write(sock, "", 1) == 1;
}

/* Throw away n bytes. */
static bool
drain(struct session *s, uint64_t n, bool data)
{
	while (n > 0) {
		size_t want = n < SINK_BYTES ? (size_t)n : SINK_BYTES;
		ssize_t got = read(s->sock, room, want);

		if (got <= 0)
			return false;
		if (data && s->data == 0)
			s->data = now_ns();
		n -= (uint64_t)got;
	}
	return true;
}

static bool
one_file(struct session *s, const char *line)
{
	bool data = line[0] == '\003';
	uint64_t n = strtoull(line + 1, NULL, 10);

	if ((line[0] != '\002' && !data) || !ack(s->sock) ||
	    !drain(s, n + 1, data))
		return false;
	if (data)
		s->bytes = n;
	return ack(s->sock);
}

static void
serve(int sock, bool times)
{
	struct session s = { .sock = sock };
	char line[512];
	int on = 1;

	(void)setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (read_line(sock, line, sizeof line) < 1 || line[0] != '\002' ||
	    !ack(sock))
		return;
	s.first = now_ns();
	while (read_line(sock, line, sizeof line) > 0 && one_file(&s, line))
		;
	s.end = now_ns();
	if (times)
		dprintf(1, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRIu64 "\n",
		    s.first, s.data, s.end, s.bytes);
}

static int
listen_at(const char *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int sock = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons((uint16_t)atoi(port));
	if (sock < 0 ||
	    setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    bind(sock, (struct sockaddr *)&sin, sizeof sin) < 0 ||
	    listen(sock, 128) < 0) {
		perror("lpdsink");
		exit(1);
	}
	return sock;
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
	pfd[0].fd = listen_at(argv[1 + times]);
	while (poll(pfd, 2, -1) > 0 && pfd[1].revents == 0) {
		int sock = accept(pfd[0].fd, NULL, NULL);

		if (sock >= 0 && fork() == 0) {
			serve(sock, times);
			_exit(0);
		}
		close(sock);
	}
	return 0;
}
