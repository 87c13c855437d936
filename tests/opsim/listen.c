/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/listen.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <event2/util.h>

/* ADDR:PORT into ss; libevent itself takes no port 0. */
static int
parse(const char *where, struct sockaddr_storage *ss, int *len)
{
	char text[LISTEN_NAME];
	size_t n = strlen(where);
	struct sockaddr_in *in4 = (void *)ss;
	struct sockaddr_in6 *in6 = (void *)ss;
	int any = n > 2 && strcmp(where + n - 2, ":0") == 0;

	memset(ss, 0, sizeof *ss);
	*len = sizeof *ss;
	if (n >= sizeof text)
		return -1;
	snprintf(text, sizeof text, "%s", where);
	if (any)
		text[n - 1] = '1';
	if (evutil_parse_sockaddr_port(text, (struct sockaddr *)ss, len) < 0)
		return -1;
	if (any && ss->ss_family == AF_INET6)
		in6->sin6_port = 0;
	else if (any)
		in4->sin_port = 0;
	return 0;
}

int
listen_bind(const char *where, struct rel_err *err)
{
	struct sockaddr_storage ss;
	int len, on = 1, sock;

	if (parse(where, &ss, &len) < 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "%s is no ADDRESS:PORT", where);
	sock = socket(ss.ss_family, SOCK_STREAM, 0);
	if (sock < 0)
		return rel_err_sys(err, REL_E_IO, "no socket");
	evutil_make_socket_closeonexec(sock);
	evutil_make_socket_nonblocking(sock);
	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(sock, (struct sockaddr *)&ss, (socklen_t)len) < 0) {
		rel_err_sys(err, REL_E_EXISTS, "cannot take %s", where);
		close(sock);
		return -REL_E_EXISTS;
	}
	return sock;
}

void
listen_name(const struct sockaddr *sa, char *out)
{
	char addr[INET6_ADDRSTRLEN] = "?";
	const struct sockaddr_in *in4 = (const void *)sa;
	const struct sockaddr_in6 *in6 = (const void *)sa;

	if (sa->sa_family == AF_INET6) {
		evutil_inet_ntop(AF_INET6, &in6->sin6_addr, addr, sizeof addr);
		snprintf(out, LISTEN_NAME, "[%s]:%u", addr,
		    (unsigned)ntohs(in6->sin6_port));
	} else {
		evutil_inet_ntop(AF_INET, &in4->sin_addr, addr, sizeof addr);
		snprintf(out, LISTEN_NAME, "%s:%u", addr,
		    (unsigned)ntohs(in4->sin_port));
	}
}

void
listen_self(int sock, char *name, unsigned *port)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof ss;
	const char *colon;

	memset(&ss, 0, sizeof ss);
	getsockname(sock, (struct sockaddr *)&ss, &len);
	listen_name((struct sockaddr *)&ss, name);
	colon = strrchr(name, ':');
	*port = 0;
	if (colon != NULL)
		sscanf(colon + 1, "%u", port);
}
