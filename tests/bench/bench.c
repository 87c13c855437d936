/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/bench/bench.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SINK_BYTES (1u << 20)

void
bench_die(const char *what)
{
	perror(what);
	exit(1);
}

int64_t
bench_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int
bench_listen(const char *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons((uint16_t)atoi(port));
	if (sock < 0 ||
	    setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    bind(sock, (struct sockaddr *)&sin, sizeof sin) < 0 ||
	    listen(sock, 128) < 0)
		bench_die("listen");
	return sock;
}

/* ---- the null LPD */

/* A line up to its newline, byte by byte; its length or -1. */
static int
lpd_line(int sock, char *line, size_t size, int64_t *first_ns)
{
	size_t n = 0;

	while (n + 1 < size && read(sock, line + n, 1) == 1) {
		if (*first_ns == 0)
			*first_ns = bench_ns();
		if (line[n] == '\n') {
			line[n] = '\0';
			return (int)n;
		}
		n++;
	}
	return -1;
}

static bool
lpd_ack(int sock)
{
	return write(sock, "", 1) == 1;
}

/* A file and the zero byte behind it: n bytes in all. */
static bool
lpd_drain(int sock, uint64_t n, int64_t *first_ns)
{
	static uint8_t room[SINK_BYTES];

	while (n > 0) {
		size_t want = n < SINK_BYTES ? (size_t)n : SINK_BYTES;
		ssize_t got = read(sock, room, want);

		if (got <= 0)
			return false;
		if (*first_ns == 0)
			*first_ns = bench_ns();
		n -= (uint64_t)got;
	}
	return true;
}

static bool
lpd_file(int sock, const char *line, struct bench_lpd *out)
{
	bool data = line[0] == '\003';
	uint64_t n = strtoull(line + 1, NULL, 10);
	int64_t ignored = 0;

	if ((line[0] != '\002' && !data) || !lpd_ack(sock) ||
	    !lpd_drain(sock, n + 1, data ? &out->data_ns : &ignored))
		return false;
	if (data)
		out->bytes += n;
	return lpd_ack(sock);
}

void
bench_lpd_serve(int sock, struct bench_lpd *out)
{
	char line[512];
	int64_t ignored = 1;
	int on = 1;

	memset(out, 0, sizeof *out);
	(void)setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (lpd_line(sock, line, sizeof line, &out->first_ns) < 1 ||
	    line[0] != '\002' || !lpd_ack(sock))
		return;
	while (lpd_line(sock, line, sizeof line, &ignored) > 0 &&
	    lpd_file(sock, line, out))
		;
	out->end_ns = bench_ns();
}
