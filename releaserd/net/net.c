/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/net.h"

#include <stdlib.h>
#include <time.h>

#include <openssl/rand.h>

#include "lib/cursor.h"
#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/net/csrf.h"
#include "releaserd/net/decode.h"
#include "releaserd/net/hash.h"

#define STOP_MS 3000

static void
net_on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct net *n = arg;

	(void)fd;
	(void)what;
	conn_tick(n);
	pend_expire(n, rel_mono_ms());
	if (n->stopping && (n->npend == 0 || rel_mono_ms() > n->stop_due_ms))
		event_base_loopexit(n->role->base, NULL);
	/* Nobody there: sleep until somebody comes (conn_new()). */
	if (!n->stopping && n->nconns == 0 && n->npend == 0)
		event_del(n->tick);
}

void
net_tick_start(struct net *n)
{
	static const struct timeval tick = { 0, NET_TICK_MS * 1000 };

	if (!event_pending(n->tick, EV_TIMEOUT, NULL))
		event_add(n->tick, &tick);
}

/* What would open a file later, when there are none: do it now. */
static void
net_warm_up(void)
{
	time_t now = time(NULL);
	struct tm tm;
	uint8_t b;

	json_in_init();
	gmtime_r(&now, &tm);
	localtime_r(&now, &tm);
	RAND_bytes(&b, 1);
}

static int
net_init(struct role *r, struct rel_err *err)
{
	struct net *n = calloc(1, sizeof *n);
	int rc;

	if (n == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	r->own = n;
	n->role = r;
	rel_buf_init(&n->out);
	net_warm_up();
	csrf_key(n->csrf_key, r->start.web_secret, "panel csrf");
	n->tick = event_new(r->base, -1, EV_PERSIST, net_on_tick, n);
	if (n->tick == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	if (hash_init() < 0)
		return rel_err_set(err, REL_E_NOMEM, "no SHA-256");
	if ((rc = tls_init(n, err)) < 0 || (rc = pend_init(n, err)) < 0 ||
	    (rc = conn_init(n, err)) < 0)
		return rc;
	role_drop_start(r);
	return 0;
}

static void
net_on_core(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	struct net *n = ctx;

	rel_frame_drop_fds(fr);
	if (fr->type == IPC_RESPONSE)
		http_on_core(n, fr);
	else
		rel_log(REL_ERROR, "unknown message from core", "type=%u",
		    fr->type);
	(void)ch;
}

static void
net_on_core_gone(struct ipc_chan *ch, void *ctx)
{
	struct net *n = ctx;

	(void)ch;
	rel_log(REL_WARN, "core is gone", "waiting=%u", n->npend);
	ipc_chan_free(&n->core);
	pend_expire(n, INT64_MAX);
	role_core_lost(n->role);
}

static void
net_peer(struct role *r, enum ipc_role who, uint32_t index, int fd)
{
	struct net *n = r->own;

	(void)index;
	if (who != ROLE_CORE) {
		evutil_closesocket(fd);
		return;
	}
	if (n->core != NULL) {
		ipc_chan_free(&n->core);
		pend_expire(n, INT64_MAX);
	}
	n->core = ipc_chan_new(r->base, fd, "core", net_on_core,
	    net_on_core_gone, n);
	if (n->core == NULL)
		evutil_closesocket(fd);
	else
		ipc_chan_large(n->core);
}

static void
net_reload(struct role *r)
{
	conn_settings(r->own);
}

static void
net_on_tls(struct net *n, const struct rel_frame *fr)
{
	const uint8_t *cert, *key;
	size_t cert_len, key_len;
	struct rel_err err = { 0, "malformed message" };
	struct rel_cur c;

	rel_cur_init(&c, fr->body, fr->len);
	cert = rel_get_bytes(&c, &cert_len);
	key = rel_get_bytes(&c, &key_len);
	if (rel_cur_end(&c) < 0 ||
	    tls_change(n, cert, cert_len, key, key_len, &err) < 0)
		rel_log(REL_ERROR, "the new certificate cannot be used, the "
		    "old one stays", "why=\"%s\"", err.text);
}

static void
net_told(struct role *r, struct rel_frame *fr)
{
	struct net *n = r->own;
	struct ipc_listen said;
	struct rel_err err;

	if (fr->type == IPC_TLS) {
		net_on_tls(n, fr);
	} else if (fr->type == IPC_LISTEN && !n->stopping) {
		if (role_listen(r, fr, &said) < 0)
			return;
		if (conn_listen(n, fr->fds, fr->nfds, &err) < 0)
			rel_log(REL_ERROR, "cannot listen", "why=\"%s\"",
			    err.text);
		fr->nfds = 0;
	}
}

static void
net_stop(struct role *r)
{
	struct net *n = r->own;

	if (n->stopping)
		return;
	n->stopping = true;
	n->stop_due_ms = rel_mono_ms() + STOP_MS;
	net_tick_start(n);
	for (unsigned i = 0; i < n->nbound; i++)
		evhttp_del_accept_socket(i < n->nhttps ? n->https : n->local,
		    n->bound[i]);
	n->nbound = 0;
	if (n->npend == 0)
		event_base_loopexit(r->base, NULL);
}

static void
net_fini(struct role *r)
{
	struct net *n = r->own;

	if (n == NULL)
		return;
	r->own = NULL;
	if (n->tick != NULL)
		event_free(n->tick);
	ipc_chan_free(&n->core);
	pend_fini(n);
	conn_fini(n);
	tls_fini(n);
	hash_fini();
	rel_buf_fini_secret(&n->out);
	rel_wipe(n->csrf_key, sizeof n->csrf_key);
	free(n);
}

const struct role_ops net_role = {
	.role = ROLE_NET,
	.jail = REL_JAIL_NET,
	.chroot = 1,
	.init = net_init,
	.peer = net_peer,
	.reload = net_reload,
	.told = net_told,
	.stop = net_stop,
	.fini = net_fini
};
