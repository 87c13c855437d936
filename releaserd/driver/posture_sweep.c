/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Which ports of a device answer: a few at a time, each for a second. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "lib/compat.h"
#include "releaserd/driver/posture.h"

int
posture_socket(const struct posture *p, uint16_t port, bool udp)
{
	struct sockaddr_storage to = p->to;
	int sock = rel_compat_socket(to.ss_family, udp ? SOCK_DGRAM :
	    SOCK_STREAM);

	if (sock < 0)
		return -1;
	(void)fcntl(sock, F_SETFL, O_NONBLOCK);
	if (to.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&to)->sin6_port = htons(port);
	else
		((struct sockaddr_in *)&to)->sin_port = htons(port);
	if (connect(sock, (const struct sockaddr *)&to, p->to_len) == 0 ||
	    errno == EINPROGRESS)
		return sock;
	close(sock);
	return -1;
}

/* What became of a connection that was begun. */
static enum posture_state
connected(int sock, int64_t until_ms)
{
	socklen_t len = sizeof(int);
	int cause = 0;

	if (!rel_wait(sock, POLLOUT, until_ms))
		return POSTURE_SILENT;
	if (getsockopt(sock, SOL_SOCKET, SO_ERROR, &cause, &len) < 0)
		cause = errno;
	return cause == 0 ? POSTURE_OPEN : cause == ECONNREFUSED ?
	    POSTURE_CLOSED : POSTURE_SILENT;
}

int
posture_connect(const struct posture *p, uint16_t port)
{
	int sock = posture_socket(p, port, false);

	if (sock < 0)
		return -1;
	if (connected(sock, rel_mono_ms() + p->step_ms) == POSTURE_OPEN)
		return sock;
	close(sock);
	return -1;
}

/* ---- datagrams: a question the service must answer; else an empty one */

#define NBNS_NAME " CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const struct {
	enum posture_kind kind;
	const char *bytes;
	size_t len;
} questions[] = {
#define ASK(kind, s) { POSTURE_##kind, s, sizeof(s) - 1 }
	/* RFC 1350: read a file that nobody has */
	ASK(TFTP, "\0\1cups-release-posture\0octet"),
	/* RFC 1002 section 4.2.17: node status of "*" */
	ASK(NBNS, "\1\2\0\0\0\1\0\0\0\0\0\0" NBNS_NAME "\0\0\x21\0\1"),
	/* RFC 6763 section 9: which services, answered straight */
	ASK(MDNS, "\0\0\0\0\0\1\0\0\0\0\0\0\x09_services\x07_dns-sd\x04_udp"
	    "\5local\0\0\x0c\x80\1"),
#undef ASK
};

static void
ask(int sock, enum posture_kind kind)
{
	const char *bytes = "";
	size_t len = 0;

	for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
		if (questions[i].kind == kind) {
			bytes = questions[i].bytes;
			len = questions[i].len + (kind == POSTURE_TFTP);
		}
	(void)send(sock, bytes, len, 0);
}

/* Refused says that it is closed; silence says nothing. */
static enum posture_state
asked(int sock, int64_t until_ms)
{
	char answer[64];

	if (!rel_wait(sock, POLLIN, until_ms))
		return POSTURE_SILENT;
	if (recv(sock, answer, sizeof answer, 0) >= 0)
		return POSTURE_OPEN;
	return errno == ECONNREFUSED ? POSTURE_CLOSED : POSTURE_SILENT;
}

/* ---- a few at a time */

static void
some(struct posture *p, const size_t *which, size_t n)
{
	int64_t until = rel_mono_ms() + p->step_ms;
	int sock[POSTURE_AT_ONCE];

	for (size_t i = 0; i < n; i++) {
		const struct posture_port *port = &p->ports[which[i]];

		sock[i] = posture_socket(p, port->port, port->udp);
		if (sock[i] >= 0 && port->udp)
			ask(sock[i], port->kind);
	}
	for (size_t i = 0; i < n; i++) {
		enum posture_state *state = &p->state[which[i]];

		if (sock[i] < 0) {
			*state = POSTURE_CLOSED;	/* refused at once */
			continue;
		}
		*state = p->ports[which[i]].udp ? asked(sock[i], until) :
		    connected(sock[i], until);
		close(sock[i]);
	}
}

void
posture_sweep(struct posture *p)
{
	size_t which[POSTURE_AT_ONCE], n = 0;

	for (size_t i = 0; i < p->n; i++) {
		p->state[i] = POSTURE_SILENT;
		if (p->ports[i].kind == POSTURE_SNMP)
			continue;
		which[n++] = i;
		if (n == POSTURE_AT_ONCE || i + 1 == p->n) {
			some(p, which, n);
			n = 0;
		}
		if (rel_mono_ms() >= p->until_ms)
			return;
	}
	if (n > 0)
		some(p, which, n);
}
