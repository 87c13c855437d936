/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/net.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>

#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/net/decode.h"

#define FDS_SPARE 64u		/* channels, listeners, the loop's own */
#define LOCAL_MAX 128u		/* a bit more than cupsd shows pages at once */

void
conn_state_set(struct conn *c, enum conn_state state)
{
	TAILQ_REMOVE(&c->net->conns[c->state], c, link);
	c->state = state;
	c->since_ms = rel_mono_ms();
	TAILQ_INSERT_TAIL(&c->net->conns[state], c, link);
}

/*
 * Both directions end now; evhttp sees it and frees what is its own.  It
 * leaves at the next tick, but takes nobody's place until then.
 */
static void
conn_cut(struct conn *c)
{
	evutil_socket_t fd = bufferevent_getfd(c->bev);

	if (c->cut || fd < 0)
		return;
	shutdown(fd, SHUT_RDWR);
	c->cut = true;
	c->net->ncut++;
	c->net->nlocals -= c->local;
}

static void
conn_free(struct conn *c)
{
	struct net *n = c->net;
	evutil_socket_t fd = bufferevent_getfd(c->bev);

	if (fd >= 0 && (size_t)fd < n->by_fd_size && n->by_fd[fd] == c)
		n->by_fd[fd] = NULL;
	TAILQ_REMOVE(&n->conns[c->state], c, link);
	n->nconns--;
	n->ncut -= c->cut;
	n->nlocals -= c->local && !c->cut;
	bufferevent_decref(c->bev);
	rel_wipe(c, sizeof *c);
	free(c);
}

/* evhttp takes its callbacks off when it frees a connection. */
static bool
conn_let_go(const struct conn *c)
{
	bufferevent_data_cb rd, wr;
	bufferevent_event_cb ev;
	void *arg;

	bufferevent_getcb(c->bev, &rd, &wr, &ev, &arg);
	return ev == NULL;
}

static bool
conn_remember_fd(struct conn *c)
{
	struct net *n = c->net;
	evutil_socket_t fd = bufferevent_getfd(c->bev);

	if (fd < 0)
		return false;
	if ((size_t)fd >= n->by_fd_size) {
		size_t size = (size_t)fd + 256;
		struct conn **t = realloc(n->by_fd, size * sizeof *t);

		if (t == NULL)
			return false;
		for (size_t i = n->by_fd_size; i < size; i++)
			t[i] = NULL;
		n->by_fd = t;
		n->by_fd_size = size;
	}
	n->by_fd[fd] = c;
	return true;
}

/* Bytes came in: an idle connection has begun its next request. */
static void
conn_on_input(struct evbuffer *buf, const struct evbuffer_cb_info *info,
    void *arg)
{
	struct conn *c = arg;

	(void)buf;
	if (info->n_added == 0)
		return;
	if (!c->known && (!conn_remember_fd(c)))
		conn_cut(c);
	c->asleep = false;
	if (c->state == CONN_IDLE)
		conn_state_set(c, CONN_READING);
}

/* The one that is longest in a state, of all or of the local ones. */
static struct conn *
conn_oldest(struct net *n, enum conn_state state, bool locals)
{
	struct conn *c;

	TAILQ_FOREACH(c, &n->conns[state], link)
		if (!c->cut && (c->local || !locals))
			break;
	return c;
}

/* Room for a new one: the idlest goes, else the slowest request. */
static void
conn_make_room(struct net *n)
{
	struct conn *c = conn_oldest(n, CONN_IDLE, false);

	if (c == NULL)
		c = conn_oldest(n, CONN_READING, false);
	if (c != NULL)
		conn_cut(c);
}

static size_t
conn_limit(const struct net *n)
{
	size_t limit = (size_t)n->role->set.max_connections;

	return limit < n->conns_max ? limit : n->conns_max;
}

/*
 * Anybody on this machine may connect to the local API: that takes no
 * connection from a device.  The slowest request goes, else the idlest.
 */
static void
conn_bound_locals(struct net *n)
{
	size_t limit = conn_limit(n) / 2 < LOCAL_MAX ? conn_limit(n) / 2 :
	    LOCAL_MAX;
	struct conn *c;

	if (n->nlocals < limit)
		return;
	c = conn_oldest(n, CONN_READING, true);
	if (c == NULL)
		c = conn_oldest(n, CONN_IDLE, true);
	if (c != NULL)
		conn_cut(c);
}

/* Listen, unless there is a reason not to. */
static void
listeners_set(struct net *n)
{
	bool pause = n->full || n->resting;

	for (unsigned i = 0; i < n->nbound; i++) {
		struct evconnlistener *l =
		    evhttp_bound_socket_get_listener(n->bound[i]);

		if (pause)
			evconnlistener_disable(l);
		else
			evconnlistener_enable(l);
	}
}

/*
 * The processes share the listening sockets, and libevent takes all that
 * waits at once: the first to wake would have them all.  So each takes one
 * and rests for the rest of this turn of its loop.
 */
static void
listeners_rest(struct net *n)
{
	if (n->resting)
		return;
	n->resting = true;
	listeners_set(n);
	event_active(n->rested, EV_TIMEOUT, 1);
}

static void
on_rested(evutil_socket_t fd, short what, void *arg)
{
	struct net *n = arg;

	(void)fd;
	(void)what;
	n->resting = false;
	listeners_set(n);
}

static struct bufferevent *
conn_new(struct net *n, struct event_base *base, bool local)
{
	struct conn *c = calloc(1, sizeof *c);
	SSL *ssl = NULL;

	if (c == NULL || (!local && (ssl = SSL_new(n->tls)) == NULL)) {
		free(c);
		return NULL;
	}
	c->bev = local ?
	    bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE) :
	    bufferevent_openssl_socket_new(base, -1, ssl,
	    BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (c->bev == NULL) {
		SSL_free(ssl);
		free(c);
		return NULL;
	}
	if (!local)
		bufferevent_openssl_set_allow_dirty_shutdown(c->bev, 1);
	bufferevent_incref(c->bev);
	evbuffer_add_cb(bufferevent_get_input(c->bev), conn_on_input, c);
	c->net = n;
	c->local = local;
	c->state = CONN_READING;
	c->since_ms = rel_mono_ms();
	if (local)
		conn_bound_locals(n);
	TAILQ_INSERT_TAIL(&n->conns[CONN_READING], c, link);
	n->nconns++;
	n->nlocals += local;
	net_tick_start(n);
	if (n->nconns - n->ncut > conn_limit(n))
		conn_make_room(n);
	/* Cut ones leave at the next tick: do not run away until then. */
	if (n->nconns > conn_limit(n) + FDS_SPARE / 2)
		n->full = true;
	listeners_rest(n);
	return c->bev;
}

static struct bufferevent *
conn_new_https(struct event_base *base, void *arg)
{
	return conn_new(arg, base, false);
}

static struct bufferevent *
conn_new_local(struct event_base *base, void *arg)
{
	return conn_new(arg, base, true);
}

static void
conn_learn(struct conn *c, struct evhttp_connection *evcon)
{
	uid_t uid = (uid_t)-1;
	gid_t gid = (gid_t)-1;
	pid_t pid;

	c->known = true;
	if (!c->local) {
		char *addr = NULL;
		ev_uint16_t port;

		evhttp_connection_get_peer(evcon, &addr, &port);
		snprintf(c->addr, sizeof c->addr, "%s",
		    addr != NULL ? addr : "");
		tls_peer(c);
		return;
	}
	snprintf(c->addr, sizeof c->addr, "local");
	c->caller = CALLER_LOCAL;
	if (rel_compat_peer(bufferevent_getfd(c->bev), &uid, &gid,
	    &pid) < 0) {
		rel_log(REL_WARN, "local caller unknown", "");
		c->caller = CALLER_ANYONE;
	}
	c->uid = uid;
	c->gid = gid;
}

struct conn *
conn_of(struct net *n, struct evhttp_request *req)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(req);
	struct bufferevent *bev;
	evutil_socket_t fd;
	struct conn *c;

	if (evcon == NULL)
		return NULL;
	bev = evhttp_connection_get_bufferevent(evcon);
	fd = bufferevent_getfd(bev);
	if (fd < 0 || (size_t)fd >= n->by_fd_size ||
	    (c = n->by_fd[fd]) == NULL || c->bev != bev)
		return NULL;
	if (!c->known)
		conn_learn(c, evcon);
	return c;
}

/* OpenSSL keeps some 34 KB for each connection: not for those that sleep. */
static void
conn_sleeps(struct conn *c)
{
	SSL *ssl = bufferevent_openssl_get_ssl(c->bev);

	if (ssl != NULL && SSL_free_buffers(ssl) == 1)
		c->asleep = true;
}

static void
list_tick(struct net *n, enum conn_state state, int64_t limit_ms)
{
	int64_t now = rel_mono_ms();
	struct conn *c = TAILQ_FIRST(&n->conns[state]), *next;

	for (; c != NULL; c = next) {
		next = TAILQ_NEXT(c, link);
		if (conn_let_go(c))
			conn_free(c);
		else if (now - c->since_ms > limit_ms)
			conn_cut(c);
		else if (state == CONN_IDLE && !c->asleep &&
		    now - c->since_ms > NET_SLEEP_MS)
			conn_sleeps(c);
	}
}

void
conn_tick(struct net *n)
{
	const struct settings *s = &n->role->set;

	list_tick(n, CONN_IDLE, s->idle_time_ms);
	list_tick(n, CONN_READING, s->request_time_ms);
	list_tick(n, CONN_BUSY, INT64_MAX);
	if (n->full && n->nconns <= conn_limit(n)) {
		n->full = false;
		listeners_set(n);
	}
}

/* ---- listeners */

static int
listen_on(struct net *n, struct evhttp *http, int fd, struct rel_err *err)
{
	int on = 1;

	evutil_make_socket_nonblocking(fd);
	evutil_make_socket_closeonexec(fd);
	/* Accepted sockets inherit it: without it an answer takes 44 ms. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (n->nbound == NET_LISTENERS_MAX)
		return rel_err_set(err, REL_E_LIMIT, "too many listeners");
	n->bound[n->nbound] = evhttp_accept_socket_with_handle(http, fd);
	if (n->bound[n->nbound] == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	n->nbound++;
	return 0;
}

int
conn_listen(struct net *n, const int *fds, unsigned nfds, struct rel_err *err)
{
	struct evhttp_bound_socket *locals[NET_LISTENERS_MAX];
	unsigned nlocals = n->nbound - n->nhttps;
	int rc = 0;

	memcpy(locals, n->bound + n->nhttps, nlocals * sizeof locals[0]);
	for (unsigned i = 0; i < n->nhttps; i++)
		evhttp_del_accept_socket(n->https, n->bound[i]);
	n->nbound = n->nhttps = 0;
	for (unsigned i = 0; i < nfds; i++)
		if (rc < 0 || n->nbound + nlocals == NET_LISTENERS_MAX ||
		    (rc = listen_on(n, n->https, fds[i], err)) < 0)
			evutil_closesocket(fds[i]);
	n->nhttps = n->nbound;
	memcpy(n->bound + n->nbound, locals, nlocals * sizeof locals[0]);
	n->nbound += nlocals;
	listeners_set(n);
	return rc;
}

static struct evhttp *
http_new(struct net *n, bool local)
{
	struct evhttp *h = evhttp_new(n->role->base);

	if (h == NULL)
		return NULL;
	evhttp_set_bevcb(h, local ? conn_new_local : conn_new_https, n);
	evhttp_set_gencb(h, http_on_request, n);
	/* All of them come to us, so that 405 is ours to say. */
	evhttp_set_allowed_methods(h, EVHTTP_REQ_GET | EVHTTP_REQ_POST |
	    EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |
	    EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT |
	    EVHTTP_REQ_PATCH);
	evhttp_set_default_content_type(h, NULL);
	evhttp_set_max_headers_size(h, 16384);
	/* A little more than is allowed, so that 413 is ours to say. */
	evhttp_set_max_body_size(h, (local ? ROUTE_BODY_LARGE : NET_BODY_MAX) +
	    65536);
	evhttp_set_flags(h, EVHTTP_SERVER_LINGERING_CLOSE);
	return h;
}

/* evhttp's own timers only come after ours, and for what does not read. */
void
conn_settings(struct net *n)
{
	const struct settings *s = &n->role->set;
	int64_t longest = s->idle_time_ms > s->request_time_ms ?
	    s->idle_time_ms : s->request_time_ms;

	evhttp_set_timeout(n->https, (int)(longest / 1000) + 2);
	evhttp_set_timeout(n->local, (int)(longest / 1000) + 2);
}

/* As many descriptors as we may have, and no more connections than fit. */
static void
conn_room_init(struct net *n)
{
	struct rlimit rl;

	n->conns_max = 256;
	if (getrlimit(RLIMIT_NOFILE, &rl) < 0)
		return;
	rl.rlim_cur = rl.rlim_max;
	setrlimit(RLIMIT_NOFILE, &rl);
	if (getrlimit(RLIMIT_NOFILE, &rl) == 0 && rl.rlim_cur > 4 * FDS_SPARE)
		n->conns_max = rl.rlim_cur - 2 * FDS_SPARE;
}

int
conn_init(struct net *n, struct rel_err *err)
{
	struct role *r = n->role;
	int rc = 0;

	for (size_t i = 0; i < 3; i++)
		TAILQ_INIT(&n->conns[i]);
	conn_room_init(n);
	n->rested = event_new(r->base, -1, 0, on_rested, n);
	if (n->rested == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	n->nhttps = r->start.nhttps;
	n->https = http_new(n, false);
	n->local = http_new(n, true);
	if (n->https == NULL || n->local == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	conn_settings(n);
	for (unsigned i = 0; i < r->nfds && rc == 0; i++) {
		rc = listen_on(n, i < r->start.nhttps ? n->https : n->local,
		    r->fds[i], err);
		if (rc == 0)
			r->fds[i] = -1;		/* evhttp's now */
	}
	return rc;
}

void
conn_fini(struct net *n)
{
	if (n->https != NULL)
		evhttp_free(n->https);
	if (n->local != NULL)
		evhttp_free(n->local);
	n->https = n->local = NULL;
	for (size_t i = 0; i < 3; i++)
		while (!TAILQ_EMPTY(&n->conns[i]))
			conn_free(TAILQ_FIRST(&n->conns[i]));
	if (n->rested != NULL)
		event_free(n->rested);
	n->rested = NULL;
	free(n->by_fd);
	n->by_fd = NULL;
	n->by_fd_size = 0;
}
