/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/role.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cursor.h"
#include "lib/log.h"
#include "releaserd/start.h"

#define CONTROL_FD 3
#define START_WAIT_MS 10000
#define LOST_WAIT_S 5

/* ---- what super sends at the start */

void
start_put(struct rel_buf *b, const struct ipc_start *s)
{
	rel_put_u8(b, s->role);
	rel_put_u32(b, s->index);
	rel_put_u32(b, s->nhttps);
	rel_put_u32(b, s->nlocal);
	rel_put_u32(b, s->nintake);
	for (size_t i = 0; i < 4; i++)
		rel_put_str(b, s->https_names[i]);
	rel_put_bytes(b, s->conf, s->conf_len);
	rel_put_bytes(b, s->tls_cert, s->tls_cert_len);
	rel_put_bytes(b, s->tls_key, s->tls_key_len);
	rel_put_bytes(b, s->ca_cert, s->ca_cert_len);
	rel_put_bytes(b, s->ca_key, s->ca_key_len);
	rel_put_bytes(b, s->host_key, s->host_key_len);
	rel_put_bytes(b, s->web_secret, sizeof s->web_secret);
	rel_put_str(b, s->base_url);
}

int
start_get(struct ipc_start *s, const void *p, size_t n)
{
	struct rel_cur c;

	rel_cur_init(&c, p, n);
	s->role = rel_get_u8(&c);
	s->index = rel_get_u32(&c);
	s->nhttps = rel_get_u32(&c);
	s->nlocal = rel_get_u32(&c);
	s->nintake = rel_get_u32(&c);
	for (size_t i = 0; i < 4; i++)
		rel_get_str(&c, s->https_names[i], sizeof s->https_names[i]);
	s->conf = rel_get_bytes(&c, &s->conf_len);
	s->tls_cert = rel_get_bytes(&c, &s->tls_cert_len);
	s->tls_key = rel_get_bytes(&c, &s->tls_key_len);
	s->ca_cert = rel_get_bytes(&c, &s->ca_cert_len);
	s->ca_key = rel_get_bytes(&c, &s->ca_key_len);
	s->host_key = rel_get_bytes(&c, &s->host_key_len);
	rel_get_fixed(&c, s->web_secret, sizeof s->web_secret);
	rel_get_str(&c, s->base_url, sizeof s->base_url);
	return rel_cur_end(&c);
}

void
role_drop_start(struct role *r)
{
	if (r->start_blob != NULL)
		rel_wipe(r->start_blob, r->start_blob_len);
	free(r->start_blob);
	r->start_blob = NULL;
	memset(&r->start, 0, sizeof r->start);
}

/* Wait for IPC_START on the control channel and keep a copy of it. */
static int
role_receive_start(struct role *r, struct rel_framer *in, struct rel_err *err)
{
	struct rel_frame fr;
	int rc;

	if ((rc = rel_frame_recv(CONTROL_FD, in, &fr, START_WAIT_MS, err)) < 0)
		return rc;
	if (fr.type != IPC_START) {
		rel_frame_drop_fds(&fr);
		return rel_err_set(err, REL_E_FORMAT, "no start message");
	}
	if ((r->start_blob = malloc(fr.len)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	memcpy(r->start_blob, fr.body, fr.len);
	r->start_blob_len = fr.len;
	r->nfds = fr.nfds;
	memcpy(r->fds, fr.fds, sizeof r->fds);
	if (start_get(&r->start, r->start_blob, fr.len) < 0 ||
	    r->start.role != r->ops->role ||
	    r->start.nhttps + r->start.nlocal + r->start.nintake != r->nfds)
		return rel_err_set(err, REL_E_FORMAT, "bad start message");
	return settings_parse(&r->set, r->start.conf, r->start.conf_len,
	    "releaserd.conf", err);
}

/* ---- the jail */

int
jail_ids(const char *user, uid_t *uid, gid_t *gid, struct rel_err *err)
{
	const struct passwd *pw;
	unsigned u, g;
	char rest;

	if (sscanf(user, "%u:%u%c", &u, &g, &rest) == 2) {
		*uid = u;
		*gid = g;
	} else if ((pw = getpwnam(user)) != NULL) {
		*uid = pw->pw_uid;
		*gid = pw->pw_gid;
	} else {
		return rel_err_set(err, REL_E_NOTFOUND,
		    "there is no user \"%s\" on this machine", user);
	}
	if (*uid == 0 || *gid == 0)
		return rel_err_set(err, REL_E_DENIED,
		    "\"%s\" is root: a role never runs as root", user);
	return 0;
}

static int
jail_enter(struct role *r, struct rel_err *err)
{
	const char *user = r->ops->role == ROLE_CORE ? r->set.core_user :
	    r->set.net_user;
	char empty[REL_CONF_TEXT_MAX + 8];
	uid_t uid;
	gid_t gid;
	int rc;

	if (r->set.jail == 0)
		return 0;
	if ((rc = jail_ids(user, &uid, &gid, err)) < 0)
		return rc;
	snprintf(empty, sizeof empty, "%s/empty", r->set.run_dir);
	if (r->ops->chroot && (chroot(empty) < 0 || chdir("/") < 0))
		return rel_err_sys(err, REL_E_IO, "cannot chroot to %s",
		    empty);
	if (!r->ops->chroot && chdir("/") < 0)
		return rel_err_sys(err, REL_E_IO, "cannot go to /");
	if (rel_compat_become(uid, gid) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot become \"%s\"", user);
	if (rel_compat_no_new_privs() < 0)
		return rel_err_sys(err, REL_E_IO, "cannot give up privileges");
	if (rel_compat_no_dump() < 0)
		return rel_err_sys(err, REL_E_IO, "cannot forbid core dumps");
	return rel_compat_syscall_filter(r->ops->jail, err);
}

/* ---- life */

static void
role_stop(struct role *r)
{
	if (r->ops->stop != NULL)
		r->ops->stop(r);
	else
		event_base_loopexit(r->base, NULL);
}

static void
role_on_lost(evutil_socket_t fd, short what, void *arg)
{
	struct role *r = arg;

	(void)fd;
	(void)what;
	rel_log(REL_ERROR, "no new core came: starting afresh", "%s", "");
	event_base_loopexit(r->base, NULL);
}

void
role_core_lost(struct role *r)
{
	struct timeval wait = { LOST_WAIT_S, 0 };

	if (r->lost == NULL)
		r->lost = evtimer_new(r->base, role_on_lost, r);
	if (r->lost != NULL)
		event_add(r->lost, &wait);
}

static void
role_on_peer(struct role *r, struct rel_frame *fr)
{
	struct rel_cur c;
	unsigned who;
	uint32_t index;

	rel_cur_init(&c, fr->body, fr->len);
	who = rel_get_u8(&c);
	index = rel_get_u32(&c);
	if (rel_cur_end(&c) < 0 || fr->nfds != 1) {
		rel_frame_drop_fds(fr);
		return;
	}
	if (who == ROLE_CORE && r->lost != NULL)
		event_del(r->lost);
	r->ops->peer(r, (enum ipc_role)who, index, fr->fds[0]);
}

static void
role_on_reload(struct role *r, const struct rel_frame *fr)
{
	struct settings now;
	struct rel_err err;

	if (settings_parse(&now, fr->body, fr->len, "releaserd.conf",
	    &err) < 0) {
		rel_log(REL_ERROR, "settings refused", "why=\"%s\"", err.text);
		return;
	}
	r->set = now;
	rel_log_level((enum rel_level)now.log_level);
	if (r->ops->reload != NULL)
		r->ops->reload(r);
}

/* The listeners are others: what is said about them from now on. */
int
role_listen(struct role *r, const struct rel_frame *fr,
    struct ipc_listen *said)
{
	if (listen_get(said, fr->body, fr->len) < 0 || said->nhttps > 4) {
		rel_log(REL_ERROR, "bad message from super", "type=listen");
		return -REL_E_FORMAT;
	}
	memcpy(r->start.https_names, said->https_names,
	    sizeof r->start.https_names);
	memcpy(r->start.base_url, said->base_url, sizeof r->start.base_url);
	return 0;
}

static void
role_on_super(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	struct role *r = ctx;

	(void)ch;
	switch (fr->type) {
	case IPC_PEER:
		role_on_peer(r, fr);
		return;
	case IPC_RELOAD:
		role_on_reload(r, fr);
		break;
	case IPC_STOP:
		role_stop(r);
		break;
	default:
		if (r->ops->told != NULL)
			r->ops->told(r, fr);
		else
			rel_log(REL_ERROR, "unknown message from super",
			    "type=%u", fr->type);
	}
	rel_frame_drop_fds(fr);
}

static void
role_on_super_gone(struct ipc_chan *ch, void *ctx)
{
	struct role *r = ctx;

	(void)ch;
	role_stop(r);
}

/* Give the loop the control channel, with what the framer has read already. */
static int
role_begin_loop(struct role *r, struct rel_framer *in, struct rel_err *err)
{
	struct rel_frame fr;

	r->super = ipc_chan_new(r->base, CONTROL_FD, "super", role_on_super,
	    role_on_super_gone, r);
	if (r->super == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	while (rel_framer_next(in, &fr, err) == 1)
		role_on_super(r->super, &fr, r);
	rel_framer_fini(in);
	return ipc_send(r->super, IPC_READY, 0, NULL, 0);
}

static int
role_prepare(struct role *r, struct rel_framer *in, struct rel_err *err)
{
	struct event_config *cfg = event_config_new();
	int rc;

	if (cfg == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	event_config_set_flag(cfg, EVENT_BASE_FLAG_NOLOCK);
	r->base = event_base_new_with_config(cfg);
	event_config_free(cfg);
	if (r->base == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no event loop");
	if ((rc = role_receive_start(r, in, err)) < 0)
		return rc;
	rel_log_init(ipc_role_name(r->ops->role),
	    (enum rel_level)r->set.log_level);
	if ((rc = r->ops->init(r, err)) < 0 ||
	    (rc = jail_enter(r, err)) < 0 ||
	    (r->ops->begin != NULL && (rc = r->ops->begin(r, err)) < 0))
		return rc;
	return role_begin_loop(r, in, err);
}

int
role_main(const struct role_ops *ops)
{
	struct role r = { .ops = ops };
	struct rel_framer in;
	struct rel_err err = { 0 };
	int rc;

	rel_log_init(ipc_role_name(ops->role), REL_INFO);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);	/* super tells us to stop: a transfer */
	signal(SIGTERM, SIG_IGN);	/* must not end with the service */
	rel_framer_init(&in);
	rc = role_prepare(&r, &in, &err);
	if (rc < 0)
		rel_log(REL_ERROR, "cannot start", "why=\"%s\"", err.text);
	else
		event_base_dispatch(r.base);
	rel_framer_fini(&in);
	if (ops->fini != NULL)
		ops->fini(&r);
	ipc_chan_free(&r.super);
	if (r.lost != NULL)
		event_free(r.lost);
	role_drop_start(&r);
	if (r.base != NULL)
		event_base_free(r.base);
	return rc < 0 ? 1 : 0;
}
