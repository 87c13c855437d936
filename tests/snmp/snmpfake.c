/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Many played SNMP agents in one process:
 *
 *	snmpfake ADDRESS:PORT PROFILE [ADDRESS:PORT PROFILE ...]
 *	snmpfake -n COUNT ADDRESS:PORT PROFILE
 *
 * With -n the profile is served at COUNT addresses that follow on ADDRESS (one
 * port).  "ready" on standard output says that all of them answer; standard
 * input's end ends it.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "tests/snmp/agent.h"

struct served {
	struct snmp_agent *agent;
	int fd;
};

static int ring;

static int
serve(const char *address, uint16_t port, struct snmp_agent *a)
{
	struct served *s = malloc(sizeof *s);
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = s };

	if (s == NULL || a == NULL)
		return -1;
	s->agent = a;
	s->fd = snmp_agent_bind(address, &port);
	if (s->fd < 0 || epoll_ctl(ring, EPOLL_CTL_ADD, s->fd, &ev) < 0) {
		fprintf(stderr, "snmpfake: %s:%u: cannot be served\n",
		    address, port);
		return -1;
	}
	return 0;
}

/* "127.0.0.1:1161" */
static bool
split(char *at, uint16_t *port)
{
	char *colon = strrchr(at, ':');

	if (colon == NULL)
		return false;
	*colon = '\0';
	*port = (uint16_t)strtoul(colon + 1, NULL, 10);
	return true;
}

static int
serve_many(unsigned long count, char *at, const char *profile)
{
	struct snmp_agent *a = snmp_agent_load(profile);
	struct in_addr address;
	char text[INET_ADDRSTRLEN];
	uint16_t port;

	if (a == NULL || !split(at, &port) ||
	    inet_pton(AF_INET, at, &address) != 1)
		return -1;
	for (unsigned long i = 0; i < count; i++) {
		struct in_addr one = { htonl(ntohl(address.s_addr) +
		    (uint32_t)i) };

		if (inet_ntop(AF_INET, &one, text, sizeof text) == NULL ||
		    serve(text, port, a) < 0)
			return -1;
	}
	return 0;
}

static int
serve_all(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "-n") == 0)
		return serve_many(strtoul(argv[2], NULL, 10), argv[3],
		    argv[4]);
	for (int i = 1; i + 1 < argc; i += 2) {
		uint16_t port;

		if (!split(argv[i], &port) || serve(argv[i], port,
		    snmp_agent_load(argv[i + 1])) < 0)
			return -1;
	}
	return argc < 3 ? -1 : 0;
}

int
main(int argc, char **argv)
{
	struct epoll_event in = { .events = EPOLLIN }, ev[64];

	if ((ring = epoll_create1(EPOLL_CLOEXEC)) < 0 ||
	    serve_all(argc, argv) < 0) {
		fprintf(stderr, "usage: snmpfake [-n COUNT] ADDRESS:PORT "
		    "PROFILE ...\n");
		return 1;
	}
	(void)epoll_ctl(ring, EPOLL_CTL_ADD, STDIN_FILENO, &in);
	puts("ready");
	fflush(stdout);
	for (;;) {
		int n = epoll_wait(ring, ev, 64, -1);
		char c;

		for (int i = 0; i < n; i++) {
			struct served *s = ev[i].data.ptr;

			if (s != NULL)
				snmp_agent_turn(s->agent, s->fd);
			else if (read(STDIN_FILENO, &c, 1) <= 0)
				return 0;
		}
	}
}
