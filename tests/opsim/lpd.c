/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/lpd.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/listener.h>

#include "lib/log.h"
#include "tests/opsim/listen.h"
#include "tests/opsim/lpd_conn.h"
#include "tests/opsim/native.h"

#define BACKLOG 128
#define STUFFING 8	/* connections to itself that fill the queue */

struct lpd {
	struct lpd_shared sh;
	struct evconnlistener *listener;	/* NULL while off */
	struct event *busy_end;
	struct sockaddr_storage addr;
	socklen_t addr_len;
	char name[LISTEN_NAME];
	unsigned port;
	int reserve;			/* bound, not listening: while off */
	bool busy;
	int stuffing[STUFFING];
};

static void
on_accept(struct evconnlistener *ls, evutil_socket_t fd, struct sockaddr *sa,
    int len, void *ctx)
{
	struct lpd *l = ctx;
	char from[LISTEN_NAME];

	(void)ls;
	(void)len;
	listen_name(sa, from);
	if (native_takes_from(l->sh.st->doc, from)) {
		lpd_conn_new(&l->sh, fd, from);
		return;
	}
	rel_log(REL_WARN, "not taken: print_from", "from=%s", from);
	close(fd);
}

static int
listener_start(struct lpd *l, int sock, struct rel_err *err)
{
	l->listener = evconnlistener_new(l->sh.base, on_accept, l,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, sock);
	if (l->listener == NULL)
		return rel_err_sys(err, REL_E_IO, "cannot listen on %s",
		    l->name);
	return 0;
}

/* End being busy: accept what waits in the queue, drop our own stuffing. */
static void
busy_stop(struct lpd *l)
{
	for (int i = 0; i < STUFFING; i++)
		if (l->stuffing[i] >= 0) {
			close(l->stuffing[i]);
			l->stuffing[i] = -1;
		}
	l->busy = false;
	evtimer_del(l->busy_end);
	if (l->listener == NULL)
		return;
	listen(evconnlistener_get_fd(l->listener), BACKLOG);
	evconnlistener_enable(l->listener);
}

/*
 * All channels busy, as a real device does it: the connection is not even
 * answered.  The queue of the socket is made as short as it can be and filled
 * with connections of our own.
 */
static void
busy_start(struct lpd *l, int64_t seconds)
{
	struct timeval tv = { (time_t)seconds, 0 };

	l->busy = true;
	if (seconds > 0)
		evtimer_add(l->busy_end, &tv);
	if (l->listener == NULL)
		return;
	evconnlistener_disable(l->listener);
	listen(evconnlistener_get_fd(l->listener), 0);
	for (int i = 0; i < STUFFING; i++) {
		int s = socket(l->addr.ss_family, SOCK_STREAM, 0);

		if (s < 0)
			break;
		evutil_make_socket_closeonexec(s);
		evutil_make_socket_nonblocking(s);
		if (connect(s, (struct sockaddr *)&l->addr, l->addr_len) < 0)
			evutil_make_socket_nonblocking(s);
		l->stuffing[i] = s;
	}
}

static void
on_busy_end(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	busy_stop(ctx);
}

void
lpd_faults_changed(struct lpd *l)
{
	int64_t seconds;

	if (faults_take(l->sh.faults, FAULT_BUSY, AT_NONE, &seconds)) {
		if (!l->busy)
			busy_start(l, seconds);
	} else if (l->busy && l->sh.faults->n == 0) {
		busy_stop(l);
	}
}

int
lpd_new(struct lpd **out, const struct lpd_shared *with, const char *where,
    struct rel_err *err)
{
	struct lpd *l;
	int sock = listen_bind(where, err);

	if (sock < 0)
		return sock;
	if ((l = calloc(1, sizeof *l)) == NULL) {
		close(sock);
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	}
	l->sh = *with;
	l->reserve = -1;
	for (int i = 0; i < STUFFING; i++)
		l->stuffing[i] = -1;
	l->addr_len = sizeof l->addr;
	getsockname(sock, (struct sockaddr *)&l->addr, &l->addr_len);
	listen_self(sock, l->name, &l->port);
	l->busy_end = evtimer_new(l->sh.base, on_busy_end, l);
	*out = l;
	return listener_start(l, sock, err);
}

void
lpd_free(struct lpd **lp)
{
	struct lpd *l = *lp;

	if (l == NULL)
		return;
	busy_stop(l);
	lpd_conn_free_all(&l->sh);
	if (l->listener != NULL)
		evconnlistener_free(l->listener);
	if (l->reserve >= 0)
		close(l->reserve);
	event_free(l->busy_end);
	free(l);
	*lp = NULL;
}

void
lpd_power(struct lpd *l, bool on)
{
	struct rel_err err = { .code = 0 };
	int sock = l->reserve;

	if (on == (l->listener != NULL))
		return;
	if (!on) {
		busy_stop(l);
		lpd_conn_free_all(&l->sh);
		evconnlistener_free(l->listener);
		l->listener = NULL;
		l->reserve = listen_bind(l->name, &err);
		if (l->reserve < 0)
			rel_log(REL_WARN, "port not reserved", "why=\"%s\"",
			    err.text);
		return;
	}
	l->reserve = -1;
	if (sock < 0 && (sock = listen_bind(l->name, &err)) < 0) {
		rel_log(REL_ERROR, "no LPR port", "why=\"%s\"", err.text);
		return;
	}
	if (listener_start(l, sock, &err) < 0)
		rel_log(REL_ERROR, "no LPR port", "why=\"%s\"", err.text);
}

const char *
lpd_name(const struct lpd *l)
{
	return l->name;
}

unsigned
lpd_port(const struct lpd *l)
{
	return l->port;
}
