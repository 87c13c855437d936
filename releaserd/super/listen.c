/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/log.h"
#include "releaserd/super/super.h"

#define BACKLOG 1024

/* Address text ("*", "127.0.0.1", "[::1]") to a socket address. */
static int
address(const char *text, struct sockaddr_storage *ss, socklen_t *len)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ss;
	char plain[80];
	size_t n = strlen(text);

	memset(ss, 0, sizeof *ss);
	if (strcmp(text, "*") == 0)
		text = "0.0.0.0";
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		*len = sizeof *v4;
		return 0;
	}
	if (n < 3 || n >= sizeof plain || text[0] != '[' || text[n - 1] != ']')
		return -1;
	snprintf(plain, sizeof plain, "%.*s", (int)(n - 2), text + 1);
	if (inet_pton(AF_INET6, plain, &v6->sin6_addr) != 1)
		return -1;
	v6->sin6_family = AF_INET6;
	*len = sizeof *v6;
	return 0;
}

int
listen_check(const char *text, struct rel_err *err)
{
	char list[REL_CONF_TEXT_MAX], *save = NULL;
	struct sockaddr_storage ss;
	socklen_t len;
	int n = 0;

	snprintf(list, sizeof list, "%s", text);
	for (char *one = strtok_r(list, " \t", &save); one != NULL;
	    one = strtok_r(NULL, " \t", &save)) {
		if (address(one, &ss, &len) < 0)
			return rel_err_set(err, REL_E_FORMAT, "\"%.60s\" is no "
			    "address (*, 192.0.2.1, [2001:db8::1])", one);
		if (++n > 2)
			return rel_err_set(err, REL_E_FORMAT,
			    "takes at most two addresses");
	}
	return 0;
}

static void
set_port(struct sockaddr_storage *ss, unsigned port)
{
	if (ss->ss_family == AF_INET)
		((struct sockaddr_in *)ss)->sin_port = htons((uint16_t)port);
	else
		((struct sockaddr_in6 *)ss)->sin6_port = htons((uint16_t)port);
}

/* A listening TCP socket, or -1 with errno. */
static int
listen_tcp(const struct sockaddr_storage *ss, socklen_t len)
{
	int on = 1, sock = rel_compat_socket(ss->ss_family, SOCK_STREAM);

	if (sock < 0)
		return -1;
	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (ss->ss_family == AF_INET6)
		setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(sock, (const struct sockaddr *)ss, len) < 0 ||
	    listen(sock, BACKLOG) < 0 ||
	    fcntl(sock, F_SETFL, O_NONBLOCK) < 0) {
		int saved = errno;

		close(sock);
		errno = saved;
		return -1;
	}
	return sock;
}

/* Listen on every address of the setting at one port; errno on failure. */
static int
listen_https(struct listeners *on, const char *text, unsigned port,
    char *bad, size_t bad_size)
{
	char list[REL_CONF_TEXT_MAX], *save = NULL;
	const char *sep = " \t";

	snprintf(list, sizeof list, "%s", text);
	for (char *one = strtok_r(list, sep, &save); one != NULL;
	    one = strtok_r(NULL, sep, &save)) {
		struct sockaddr_storage ss;
		socklen_t len;

		snprintf(bad, bad_size, "%s:%u", one, port);
		if (on->nhttps == 2 || address(one, &ss, &len) < 0) {
			errno = EINVAL;
			return -1;
		}
		set_port(&ss, port);
		on->https[on->nhttps] = listen_tcp(&ss, len);
		if (on->https[on->nhttps] < 0)
			return -1;
		snprintf(on->names[on->nhttps++], sizeof on->names[0],
		    "%.50s:%u", strcmp(one, "*") == 0 ? "0.0.0.0" : one, port);
	}
	on->port = port;
	return 0;
}

static void
close_https(struct listeners *on)
{
	while (on->nhttps > 0)
		close(on->https[--on->nhttps]);
}

static int
listen_unix(const char *dir, const char *name, mode_t mode,
    struct rel_err *err)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	mode_t old;
	int sock, rc;

	if ((size_t)snprintf(sun.sun_path, sizeof sun.sun_path, "%s/%s", dir,
	    name) >= sizeof sun.sun_path)
		return rel_err_set(err, REL_E_LIMIT,
		    "the path of RunDir is too long for a socket: %s", dir);
	if ((sock = rel_compat_socket(AF_UNIX, SOCK_STREAM)) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot make a socket");
	unlink(sun.sun_path);
	old = umask(0777 & ~mode);
	rc = bind(sock, (struct sockaddr *)&sun, sizeof sun);
	umask(old);
	if (rc < 0 || listen(sock, BACKLOG) < 0 ||
	    fcntl(sock, F_SETFL, O_NONBLOCK) < 0) {
		rc = rel_err_sys(err, REL_E_IO, "cannot listen at %s",
		    sun.sun_path);
		close(sock);
		return rc;
	}
	return sock;
}

static int
https_or_fallback(struct super *s, struct rel_err *err)
{
	unsigned port = (unsigned)s->set.https_port;
	unsigned other = (unsigned)s->set.https_fallback;
	char where[REL_CONF_TEXT_MAX + 16] = "";

	if (listen_https(&s->on, s->set.listen, port, where,
	    sizeof where) == 0)
		return 0;
	close_https(&s->on);
	if (errno != EADDRINUSE || other == 0)
		return rel_err_sys(err, REL_E_IO, "cannot listen at %s",
		    where);
	rel_log(REL_WARN, "HTTPS port is taken by another program",
	    "wanted=%u using=%u", port, other);
	if (listen_https(&s->on, s->set.listen, other, where,
	    sizeof where) == 0)
		return 0;
	close_https(&s->on);
	return rel_err_sys(err, REL_E_IO, "cannot listen at %s", where);
}

int
listen_all(struct super *s, struct rel_err *err)
{
	int rc;

	s->on.local = s->on.intake = -1;
	if ((rc = https_or_fallback(s, err)) < 0 ||
	    (rc = s->on.local = listen_unix(s->set.run_dir, "api.sock", 0666,
	    err)) < 0 ||
	    (rc = s->on.intake = listen_unix(s->set.run_dir, "intake.sock",
	    0600, err)) < 0)
		return rc;
	for (unsigned i = 0; i < s->on.nhttps; i++)
		rel_log(REL_NOTICE, "listening", "https=%s", s->on.names[i]);
	return 0;
}

void
listen_close(struct listeners *on)
{
	close_https(on);
	if (on->local >= 0)
		close(on->local);
	if (on->intake >= 0)
		close(on->intake);
}
