/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/super/super.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"

#define CONF_MAX (1u << 19)
#define STOP_WAIT_S 10

static void
on_chld(evutil_socket_t sig, short what, void *arg)
{
	struct super *s = arg;
	pid_t pid;
	int status;

	(void)sig;
	(void)what;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		children_reaped(s, pid, status);
	if (s->stopping && !children_alive(s))
		event_base_loopexit(s->base, NULL);
}

static void
on_stop_late(evutil_socket_t fd, short what, void *arg)
{
	struct super *s = arg;

	(void)fd;
	(void)what;
	for (struct child *c = s->children; c != NULL; c = c->next)
		if (c->pid > 0 && !(c->role == ROLE_SEND && c->taken))
			kill(c->pid, SIGKILL);
	event_base_loopexit(s->base, NULL);
}

static void
on_term(evutil_socket_t sig, short what, void *arg)
{
	struct super *s = arg;
	struct timeval wait = { STOP_WAIT_S, 0 };

	(void)what;
	if (s->stopping)
		return;
	rel_log(REL_NOTICE, "stopping", "signal=%d", (int)sig);
	s->stopping = true;
	notify_systemd("STOPPING=1");
	children_tell(s, IPC_STOP, NULL, 0);
	event_add(s->stop_timer, &wait);
	if (!children_alive(s))
		event_base_loopexit(s->base, NULL);
}

/* Take the new settings, or name what is wrong and keep the old ones. */
static void
on_hup(evutil_socket_t sig, short what, void *arg)
{
	struct super *s = arg;
	struct blob text = { NULL, 0 };
	struct plan p;
	struct rel_err err;
	int rc;

	(void)sig;
	(void)what;
	memset(&p, 0, sizeof p);
	if ((rc = blob_read(&text, s->conf_path, CONF_MAX, &err)) == 0 &&
	    (rc = plan_make(s, &p, text.data, text.len, false, &err)) == 0)
		rc = plan_take(s, &p, &err);
	if (rc < 0)
		rel_log(REL_ERROR, "configuration refused, the old one stays",
		    "why=\"%s\"", err.text);
	plan_fini(&p);
	blob_fini(&text);
}

static int
super_read_conf(struct super *s, struct rel_err *err)
{
	int rc = blob_read(&s->conf, s->conf_path, CONF_MAX, err);

	if (rc < 0)
		return rc;
	return settings_parse(&s->set, s->conf.data, s->conf.len,
	    s->conf_path, err);
}

static int
super_signals(struct super *s, struct rel_err *err)
{
	s->sig_chld = evsignal_new(s->base, SIGCHLD, on_chld, s);
	s->sig_term = evsignal_new(s->base, SIGTERM, on_term, s);
	s->sig_int = evsignal_new(s->base, SIGINT, on_term, s);
	s->sig_hup = evsignal_new(s->base, SIGHUP, on_hup, s);
	s->stop_timer = evtimer_new(s->base, on_stop_late, s);
	if (s->sig_chld == NULL || s->sig_term == NULL ||
	    s->sig_int == NULL || s->sig_hup == NULL ||
	    s->stop_timer == NULL || event_add(s->sig_chld, NULL) < 0 ||
	    event_add(s->sig_term, NULL) < 0 ||
	    event_add(s->sig_int, NULL) < 0 || event_add(s->sig_hup, NULL) < 0)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

void
super_host(const struct super *s, char out[256])
{
	memset(out, 0, 256);
	if (s->set.server_name[0] != '\0')
		snprintf(out, 256, "%s", s->set.server_name);
	else if (gethostname(out, 255) < 0 || out[0] == '\0')
		snprintf(out, 256, "localhost");
}

void
super_base_url(struct super *s)
{
	char host[256];

	super_host(s, host);
	if (s->on.port == 443 || s->on.port == 0)
		snprintf(s->base_url, sizeof s->base_url, "https://%s", host);
	else
		snprintf(s->base_url, sizeof s->base_url, "https://%s:%u",
		    host, s->on.port);
}

static int
super_begin(struct super *s, struct rel_err *err)
{
	const char *directive = "";
	struct rel_err why;
	int rc;

	if ((rc = super_read_conf(s, err)) < 0)
		return rc;
	rel_log_level((enum rel_level)s->set.log_level);
	if (s->set.jail != 0 && geteuid() != 0)
		return rel_err_set(err, REL_E_DENIED,
		    "releaserd starts as root (it gives root up in every role "
		    "that touches anything from outside)");
	if (rel_compat_self(s->self, sizeof s->self) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot find myself");
	if ((rc = super_check(&s->set, &directive, &why)) < 0)
		return rel_err_set(err, -rc, "%s: %s", directive, why.text);
	if ((rc = files_folders(&s->set, err)) < 0 ||
	    (rc = files_lock(s, err)) < 0 ||
	    (rc = files_keys(s, err)) < 0 || (rc = listen_all(s, err)) < 0)
		return rc;
	super_base_url(s);
	if ((s->base = event_base_new()) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no event loop");
	if ((rc = super_signals(s, err)) < 0)
		return rc;
	return children_start(s, err);
}

static void
super_fini(struct super *s)
{
	struct event *events[] = {
		s->sig_chld, s->sig_term, s->sig_int, s->sig_hup,
		s->stop_timer
	};

	children_fini(s);
	listen_close(&s->on);
	for (size_t i = 0; i < 2; i++)
		if (s->locks[i] >= 0)
			close(s->locks[i]);
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
		if (events[i] != NULL)
			event_free(events[i]);
	if (s->base != NULL)
		event_base_free(s->base);
	blob_fini(&s->conf);
	blob_fini(&s->keys.host_key);
	blob_fini(&s->keys.tls_cert);
	blob_fini(&s->keys.tls_key);
	blob_fini(&s->keys.ca_cert);
	blob_fini(&s->keys.ca_key);
	rel_wipe(&s->keys, sizeof s->keys);
}

int
super_main(const char *conf_path)
{
	struct super s;
	struct rel_err err = { 0 };
	int rc;

	memset(&s, 0, sizeof s);
	s.conf_path = conf_path;
	s.on.local = s.on.intake = s.locks[0] = s.locks[1] = -1;
	rel_log_init("super", REL_INFO);
	umask(022);
	(void)rel_compat_no_dump();
	if ((rc = super_begin(&s, &err)) < 0)
		rel_log(REL_ERROR, "cannot start", "why=\"%s\"", err.text);
	else
		event_base_dispatch(s.base);
	if (rc < 0 && s.base != NULL)
		for (struct child *c = s.children; c != NULL; c = c->next)
			if (c->pid > 0)
				kill(c->pid, SIGKILL);
	super_fini(&s);
	return rc < 0 ? 1 : 0;
}
