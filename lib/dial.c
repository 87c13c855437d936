/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/text.h"

#define COARSE_MS 10		/* so much a loop's clock is behind */

static rel_wait_cb waiter;

void
rel_wait_by(rel_wait_cb fn)
{
	waiter = fn;
}

bool
rel_wait(int fd, short events, int64_t until_ms)
{
	struct pollfd pfd = { fd, events, 0 };
	int n = waiter != NULL ? waiter(fd, events, until_ms) : -1;

	if (n >= 0)
		return n > 0;

	do {
		int64_t left = until_ms - rel_mono_ms();

		if (left <= 0)
			return false;
		n = poll(&pfd, 1, left > INT32_MAX ? INT32_MAX : (int)left);
	} while (n <= 0 && (n == 0 || errno == EINTR));
	return true;		/* a poll that fails: let the next call say why */
}

bool
rel_wait_ends(int64_t until_ms)
{
	return rel_mono_ms() + COARSE_MS < until_ms;
}

/* Connect a socket to one address within wait_ms; it, or -1 with errno. */
static int
dial(const struct addrinfo *ai, int64_t wait_ms)
{
	int sock = rel_compat_socket(ai->ai_family, SOCK_STREAM);
	int on = 1, cause = 0;
	socklen_t len = sizeof cause;

	if (sock < 0)
		return -1;
	(void)fcntl(sock, F_SETFL, O_NONBLOCK);
	(void)setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(sock, ai->ai_addr, ai->ai_addrlen) == 0)
		return sock;
	if (errno != EINPROGRESS && errno != EINTR)
		cause = errno;
	else if (!rel_wait(sock, POLLOUT, rel_mono_ms() + wait_ms))
		cause = ETIMEDOUT;
	else if (getsockopt(sock, SOL_SOCKET, SO_ERROR, &cause, &len) < 0)
		cause = errno;
	if (cause == 0)
		return sock;
	close(sock);
	errno = cause;
	return -1;
}

/* Try one address after the other; the time left is shared out evenly. */
static int
dial_any(const struct addrinfo *list, int64_t wait_ms)
{
	int64_t until = rel_mono_ms() + wait_ms;
	int left = 0, cause = ETIMEDOUT;

	for (const struct addrinfo *ai = list; ai != NULL; ai = ai->ai_next)
		left++;
	for (const struct addrinfo *ai = list; ai != NULL; ai = ai->ai_next) {
		int64_t share = (until - rel_mono_ms()) / left--;
		int sock;

		if (share <= 0)
			break;
		if ((sock = dial(ai, share)) >= 0)
			return sock;
		cause = errno;
	}
	errno = cause;
	return -1;
}

/* Look the host up: as an address first, which asks nobody. */
static int
lookup(const char *name, uint16_t to, struct addrinfo **out)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
	};
	char host[256], port[8];
	size_t n = strlen(name);
	int rc;

	snprintf(host, sizeof host, "%s", name);
	if (n > 2 && n < sizeof host && host[0] == '[' && host[n - 1] == ']') {
		memmove(host, host + 1, n - 2);		/* "[::1]" */
		host[n - 2] = '\0';
	}
	snprintf(port, sizeof port, "%u", to);
	if ((rc = getaddrinfo(host, port, &hints, out)) == 0)
		return 0;
	hints.ai_flags = AI_NUMERICSERV;
	return getaddrinfo(host, port, &hints, out);
}

int
rel_dial(const char *host, uint16_t port, int64_t wait_ms,
    const char **unknown)
{
	struct addrinfo *list = NULL;
	int rc = lookup(host, port, &list), sock, cause;

	*unknown = rc != 0 ? gai_strerror(rc) : NULL;
	if (rc != 0)
		return -1;
	sock = dial_any(list, wait_ms);
	cause = errno;
	freeaddrinfo(list);
	errno = cause;
	return sock;
}
