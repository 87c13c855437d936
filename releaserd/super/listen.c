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

/* What is open already, and how a new one is opened. */
struct opening {
	struct listeners *on;		/* the new ones */
	const struct listeners *old;	/* those at work, or NULL */
	bool try_only;			/* only bind */
};

/* Our own old listener at this port must not be in the way. */
static void
share_port(const struct opening *o, int on)
{
	for (unsigned i = 0; o->old != NULL && i < o->old->nhttps; i++)
		setsockopt(o->old->https[i], SOL_SOCKET, SO_REUSEPORT, &on,
		    sizeof on);
}

/* A listening TCP socket, or -1 with errno. */
static int
listen_tcp(const struct opening *o, const struct sockaddr_storage *ss,
    socklen_t len)
{
	int on = 1, off = 0, saved;
	int sock = rel_compat_socket(ss->ss_family, SOCK_STREAM);

	if (sock < 0)
		return -1;
	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (o->old != NULL)
		setsockopt(sock, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
	if (ss->ss_family == AF_INET6)
		setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(sock, (const struct sockaddr *)ss, len) == 0 &&
	    (o->try_only || listen(sock, BACKLOG) == 0) &&
	    fcntl(sock, F_SETFL, O_NONBLOCK) == 0) {
		/* From now on two of us at one port are a mistake again. */
		setsockopt(sock, SOL_SOCKET, SO_REUSEPORT, &off, sizeof off);
		return sock;
	}
	saved = errno;
	close(sock);
	errno = saved;
	return -1;
}

/* The listener we have with this very name, once more; or a new one. */
static int
listen_or_keep(const struct opening *o, const char *name,
    const struct sockaddr_storage *ss, socklen_t len)
{
	for (unsigned i = 0; o->old != NULL && i < o->old->nhttps; i++)
		if (strcmp(o->old->names[i], name) == 0)
			return fcntl(o->old->https[i], F_DUPFD_CLOEXEC, 4);
	return listen_tcp(o, ss, len);
}

/* Listen on every address of the setting at one port; errno on failure. */
static int
listen_https(struct opening *o, const char *text, unsigned port, char *bad,
    size_t bad_size)
{
	char list[REL_CONF_TEXT_MAX], name[64], *save = NULL;
	struct listeners *on = o->on;
	const char *sep = " \t";

	snprintf(list, sizeof list, "%s", text);
	for (char *one = strtok_r(list, sep, &save); one != NULL;
	    one = strtok_r(NULL, sep, &save)) {
		struct sockaddr_storage ss;
		socklen_t len;
		int sock;

		snprintf(bad, bad_size, "%s:%u", one, port);
		if (on->nhttps == 2 || address(one, &ss, &len) < 0) {
			errno = EINVAL;
			return -1;
		}
		set_port(&ss, port);
		snprintf(name, sizeof name, "%.50s:%u",
		    strcmp(one, "*") == 0 ? "0.0.0.0" : one, port);
		if ((sock = listen_or_keep(o, name, &ss, len)) < 0)
			return -1;
		on->https[on->nhttps] = sock;
		memcpy(on->names[on->nhttps++], name, sizeof name);
	}
	on->port = port;
	return 0;
}

void
listen_close_https(struct listeners *on)
{
	while (on->nhttps > 0)
		close(on->https[--on->nhttps]);
	memset(on->names, 0, sizeof on->names);
	on->port = 0;
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
https_or_fallback(struct opening *o, const struct settings *set,
    struct rel_err *err)
{
	unsigned port = (unsigned)set->https_port;
	unsigned other = (unsigned)set->https_fallback;
	char where[REL_CONF_TEXT_MAX + 16] = "";

	if (port == 0)
		return 0;
	if (listen_https(o, set->listen, port, where, sizeof where) == 0)
		return 0;
	if (errno != EADDRINUSE || other == 0) {
		rel_err_sys(err, REL_E_IO, "cannot listen at %s", where);
		listen_close_https(o->on);
		return -REL_E_IO;
	}
	listen_close_https(o->on);
	rel_log(REL_WARN, "HTTPS port is taken by another program",
	    "wanted=%u using=%u", port, other);
	if (listen_https(o, set->listen, other, where, sizeof where) == 0)
		return 0;
	rel_err_sys(err, REL_E_IO, "cannot listen at %s", where);
	listen_close_https(o->on);
	return -REL_E_IO;
}

static void
log_listening(const struct listeners *on)
{
	for (unsigned i = 0; i < on->nhttps; i++)
		rel_log(REL_NOTICE, "listening", "https=%s", on->names[i]);
	if (on->nhttps == 0)
		rel_log(REL_NOTICE, "not listening: HttpsPort is 0", "%s", "");
}

int
listen_all(struct super *s, struct rel_err *err)
{
	struct opening o = { .on = &s->on };
	int rc;

	s->on.local = s->on.intake = -1;
	if ((rc = https_or_fallback(&o, &s->set, err)) < 0 ||
	    (rc = s->on.local = listen_unix(s->set.run_dir, "api.sock", 0666,
	    err)) < 0 ||
	    (rc = s->on.intake = listen_unix(s->set.run_dir, "intake.sock",
	    0600, err)) < 0)
		return rc;
	log_listening(&s->on);
	return 0;
}

int
listen_change(struct super *s, const struct settings *set,
    struct listeners *next, bool try_only, struct rel_err *err)
{
	struct opening o = { next, &s->on, try_only };
	int rc;

	memset(next, 0, sizeof *next);
	share_port(&o, 1);
	rc = https_or_fallback(&o, set, err);
	share_port(&o, 0);
	return rc;
}

void
listen_swap(struct super *s, struct listeners *next)
{
	struct listeners old = s->on;

	memcpy(s->on.https, next->https, sizeof s->on.https);
	memcpy(s->on.names, next->names, sizeof s->on.names);
	s->on.nhttps = next->nhttps;
	s->on.port = next->port;
	next->nhttps = 0;
	listen_close_https(&old);
	super_base_url(s);
	log_listening(&s->on);
}

void
listen_close(struct listeners *on)
{
	listen_close_https(on);
	if (on->local >= 0)
		close(on->local);
	if (on->intake >= 0)
		close(on->intake);
}
