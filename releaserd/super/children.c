/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The roles: start them, tie them to core, start again what died. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cursor.h"
#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/super/super.h"

#define IDLE_SENDS 3u
#define IDLE_RENDERS 2u
#define RENDERS_MIN 2u
#define RENDERS_MAX 16u
#define DRIVERS 2u		/* the other goes on when one dies */
#define QUICK_MS 5000
#define PAUSE_MAX_MS 30000

static int child_start(struct child *c, struct rel_err *err);

/* ---- one child */

/* In the new process: descriptor 3 is the control channel, nothing else. */
static void
child_exec(const struct super *s, enum ipc_role role, int control)
{
	char *argv[] = {
		(char *)(uintptr_t)"releaserd", (char *)(uintptr_t)"--role",
		(char *)(uintptr_t)ipc_role_name(role), NULL
	};
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int sig = 1; sig < 32; sig++)
		signal(sig, SIG_DFL);
	if (control == 3)
		fcntl(3, F_SETFD, 0);
	else if (dup2(control, 3) < 0)
		_exit(127);
	rel_compat_close_from(4);
	execv(s->self, argv);
	_exit(127);
}

/* What this role is given; descriptors are copies for the channel to close. */
static void
start_fill(const struct super *s, const struct child *c,
    struct ipc_start *st, int *fds, unsigned *nfds)
{
	const struct keys *k = &s->keys;

	memset(st, 0, sizeof *st);
	st->role = (uint8_t)c->role;
	st->index = c->index;
	memcpy(st->https_names, s->on.names, sizeof st->https_names);
	memcpy(st->base_url, s->base_url, sizeof st->base_url);
	st->conf = s->conf.data;
	st->conf_len = s->conf.len;
	*nfds = 0;
	if (c->role == ROLE_NET) {
		for (unsigned i = 0; i < s->on.nhttps; i++)
			fds[(*nfds)++] = dup(s->on.https[i]);
		fds[(*nfds)++] = dup(s->on.local);
		st->nhttps = s->on.nhttps;
		st->nlocal = 1;
		st->tls_cert = k->tls_cert.data;
		st->tls_cert_len = k->tls_cert.len;
		st->tls_key = k->tls_key.data;
		st->tls_key_len = k->tls_key.len;
		memcpy(st->web_secret, k->web_secret, sizeof st->web_secret);
	}
	if (c->role == ROLE_CORE) {
		fds[(*nfds)++] = dup(s->on.intake);
		st->nintake = 1;
		st->host_key = k->host_key.data;
		st->host_key_len = k->host_key.len;
		st->ca_key = k->ca_key.data;
		st->ca_key_len = k->ca_key.len;
	}
	if (c->role == ROLE_NET || c->role == ROLE_CORE) {
		st->ca_cert = k->ca_cert.data;
		st->ca_cert_len = k->ca_cert.len;
	}
}

static int
child_send_start(struct child *c)
{
	struct rel_frame fr = { .type = IPC_START };
	struct ipc_start st;
	struct rel_buf b;
	int rc;

	start_fill(c->super, c, &st, fr.fds, &fr.nfds);
	rel_buf_init(&b);
	start_put(&b, &st);
	fr.body = b.data;
	fr.len = b.len;
	rc = b.failed ? -b.failed : ipc_send_frame(c->chan, &fr);
	rel_buf_fini_secret(&b);
	rel_wipe(&st, sizeof st);
	return rc;
}

/* ---- tying a role to core */

static struct child *
find_core(const struct super *s)
{
	for (struct child *c = s->children; c != NULL; c = c->next)
		if (c->role == ROLE_CORE && c->chan != NULL)
			return c;
	return NULL;
}

static void
send_peer(struct child *to, const struct child *who, int fd)
{
	struct rel_frame fr = { .type = IPC_PEER, .fds = { fd }, .nfds = 1 };
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_u8(&b, (uint8_t)who->role);
	rel_put_u32(&b, who->index);
	fr.body = b.data;
	fr.len = b.len;
	(void)ipc_send_frame(to->chan, &fr);
	rel_buf_fini(&b);
}

static void
tie(struct child *core, struct child *other)
{
	int pair[2];

	if (rel_compat_pair(pair) < 0) {
		rel_log(REL_ERROR, "cannot tie a role to core", "role=%s",
		    ipc_role_name(other->role));
		return;
	}
	send_peer(core, other, pair[0]);
	send_peer(other, core, pair[1]);
}

static void
tie_new(struct child *c)
{
	struct child *core = find_core(c->super);

	if (c->role != ROLE_CORE) {
		if (core != NULL)
			tie(core, c);
		return;
	}
	/* A new core: everyone but the sends that are at work gets to it. */
	for (struct child *o = c->super->children; o != NULL; o = o->next)
		if (o->role != ROLE_CORE && o->chan != NULL && !o->taken)
			tie(c, o);
}

/* ---- starting again */

static void
child_again(evutil_socket_t fd, short what, void *arg)
{
	struct child *c = arg;
	struct rel_err err;

	(void)fd;
	(void)what;
	if (c->super->stopping)
		return;
	if (child_start(c, &err) < 0)
		rel_log(REL_ERROR, "cannot start a role", "role=%s why=\"%s\"",
		    ipc_role_name(c->role), err.text);
}

static void
child_plan_restart(struct child *c)
{
	struct timeval tv = { 0, 0 };
	int64_t pause = 0;

	if (rel_mono_ms() - c->started_ms < QUICK_MS)
		c->quick_deaths++;
	else
		c->quick_deaths = 0;
	if (c->quick_deaths > 2)
		pause = c->quick_deaths > 7 ? PAUSE_MAX_MS :
		    250 << (c->quick_deaths - 3);
	tv.tv_sec = pause / 1000;
	tv.tv_usec = pause % 1000 * 1000;
	event_add(c->again, &tv);
}

static struct child *
child_new(struct super *s, enum ipc_role role, uint32_t index)
{
	struct child *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	c->super = s;
	c->role = role;
	c->index = index;
	if ((c->again = evtimer_new(s->base, child_again, c)) == NULL) {
		free(c);
		return NULL;
	}
	c->next = s->children;
	s->children = c;
	return c;
}

/* ---- sends and renders: one job each; a few are always ready, so that a
 * release costs no start */

static bool
is_worker(const struct child *c)
{
	return c->role == ROLE_SEND || c->role == ROLE_RENDER;
}

static unsigned
processors(unsigned least, unsigned most)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < (long)least ? least : n > (long)most ? most : (unsigned)n;
}

static void
workers_refill(struct super *s, enum ipc_role role)
{
	unsigned want = role == ROLE_SEND ? IDLE_SENDS : IDLE_RENDERS;
	unsigned most = want + (role == ROLE_SEND ?
	    (unsigned)s->set.max_transfers :
	    processors(RENDERS_MIN, RENDERS_MAX));
	unsigned idle = 0, all = 0;
	struct rel_err err;

	for (struct child *c = s->children; c != NULL; c = c->next)
		if (c->role == role) {
			all++;
			idle += !c->taken;
		}
	while (!s->stopping && idle < want && all < most) {
		struct child *c = child_new(s, role, s->next_worker++);

		if (c == NULL || child_start(c, &err) < 0)
			break;
		idle++;
		all++;
	}
}

static void
on_taken(struct super *s, enum ipc_role role, const struct rel_frame *fr)
{
	struct rel_cur c;
	uint32_t index;

	rel_cur_init(&c, fr->body, fr->len);
	index = rel_get_u32(&c);
	if (rel_cur_end(&c) < 0)
		return;
	for (struct child *o = s->children; o != NULL; o = o->next)
		if (o->role == role && o->index == index)
			o->taken = true;
	workers_refill(s, role);
}

/* What they are at is wanted by nobody any more; a send goes on, though. */
static void
renders_end(struct super *s)
{
	for (struct child *c = s->children; c != NULL; c = c->next)
		if (c->role == ROLE_RENDER && c->taken && c->pid > 0)
			kill(c->pid, SIGTERM);
}

/* ---- messages and deaths */

static void
child_ready(struct super *s, const struct child *c)
{
	rel_log(REL_DEBUG, "role is ready", "role=%s index=%u",
	    ipc_role_name(c->role), c->index);
	s->core_ready = s->core_ready || c->role == ROLE_CORE;
	s->net_ready = s->net_ready || c->role == ROLE_NET;
	if (s->ready || !s->core_ready || !s->net_ready)
		return;
	s->ready = true;
	notify_systemd("READY=1");
	rel_log(REL_NOTICE, "releaserd is ready", "url=%s", s->base_url);
}

/* core waits for it in vain: it is started again when it has been reaped. */
static void
on_hung(struct super *s, const struct rel_frame *fr)
{
	struct rel_cur c;
	unsigned role;
	uint32_t index;

	rel_cur_init(&c, fr->body, fr->len);
	role = rel_get_u8(&c);
	index = rel_get_u32(&c);
	if (rel_cur_end(&c) < 0 || role != ROLE_DRIVER)
		return;
	for (const struct child *o = s->children; o != NULL; o = o->next) {
		if (o->role != role || o->index != index || o->pid <= 0)
			continue;
		rel_log(REL_ERROR, "role hangs, it is ended",
		    "role=%s index=%u", ipc_role_name(o->role), index);
		kill(o->pid, SIGKILL);
	}
}

static void
on_frame(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	struct child *c = ctx;

	if (fr->type == IPC_READY)
		child_ready(c->super, c);
	else if (fr->type == IPC_SEND_TAKEN && c->role == ROLE_CORE)
		on_taken(c->super, ROLE_SEND, fr);
	else if (fr->type == IPC_RENDER_TAKEN && c->role == ROLE_CORE)
		on_taken(c->super, ROLE_RENDER, fr);
	else if (fr->type == IPC_ROLE_HUNG && c->role == ROLE_CORE)
		on_hung(c->super, fr);
	else if (c->role != ROLE_CORE || !admin_asked(c->super, ch, fr))
		rel_log(REL_WARN, "unknown message", "from=%s type=%u",
		    ipc_role_name(c->role), fr->type);
	rel_frame_drop_fds(fr);
}

static void
on_closed(struct ipc_chan *ch, void *ctx)
{
	struct child *c = ctx;

	(void)ch;
	ipc_chan_free(&c->chan);
	/* It will be reaped; one that only closed its channel is broken. */
	if (c->pid > 0 && !is_worker(c) && !c->stopped && !c->super->stopping)
		kill(c->pid, SIGKILL);
}

static int
child_start(struct child *c, struct rel_err *err)
{
	int pair[2];

	c->started_ms = rel_mono_ms();
	if (rel_compat_pair(pair) < 0) {
		child_plan_restart(c);
		return rel_err_sys(err, REL_E_IO, "cannot make a channel");
	}
	if ((c->pid = fork()) < 0) {
		close(pair[0]);
		close(pair[1]);
		c->pid = 0;
		child_plan_restart(c);
		return rel_err_sys(err, REL_E_IO, "cannot fork");
	}
	if (c->pid == 0)
		child_exec(c->super, c->role, pair[1]);
	close(pair[1]);
	c->taken = false;
	c->chan = ipc_chan_new(c->super->base, pair[0],
	    ipc_role_name(c->role), on_frame, on_closed, c);
	if (c->chan == NULL || child_send_start(c) < 0)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	tie_new(c);
	return 0;
}

static void
child_remove(struct super *s, struct child *gone)
{
	struct child **at = &s->children;

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	ipc_chan_free(&gone->chan);
	event_free(gone->again);
	free(gone);
}

void
children_reaped(struct super *s, pid_t pid, int status)
{
	struct child *c = s->children;
	bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	while (c != NULL && c->pid != pid)
		c = c->next;
	if (c == NULL)
		return;
	c->pid = 0;
	ipc_chan_free(&c->chan);
	if (!s->stopping && !(is_worker(c) && clean) &&
	    !(c->stopped && clean))
		rel_log(REL_ERROR, "role died", "role=%s index=%u %s=%d",
		    ipc_role_name(c->role), c->index,
		    WIFSIGNALED(status) ? "signal" : "exit",
		    WIFSIGNALED(status) ? WTERMSIG(status) :
		    WEXITSTATUS(status));
	if (c->role == ROLE_CORE)
		renders_end(s);
	if (c->stopped) {
		child_remove(s, c);
		return;
	}
	/* A worker that never worked and died: not in a tight loop. */
	if (is_worker(c) && (c->taken || clean)) {
		enum ipc_role role = c->role;

		child_remove(s, c);
		workers_refill(s, role);
	} else if (is_worker(c) || !s->stopping) {
		child_plan_restart(c);
	}
}

static uint32_t
wanted(const struct super *s, enum ipc_role role)
{
	uint32_t n = role == ROLE_DRIVER ? DRIVERS :
	    (uint32_t)(role == ROLE_NET ? s->set.net_processes :
	    s->set.agent_processes);

	return n != 0 ? n : processors(1, 16);
}

/* Numbers 0.. up to the wanted one, those that are missing. */
static int
children_fill(struct super *s, enum ipc_role role, struct rel_err *err)
{
	for (uint32_t i = 0; i < wanted(s, role); i++) {
		struct child *c = s->children;

		while (c != NULL && (c->role != role || c->index != i ||
		    c->stopped))
			c = c->next;
		if (c != NULL)
			continue;
		if ((c = child_new(s, role, i)) == NULL ||
		    child_start(c, err) < 0)
			return rel_err_set(err, REL_E_NOMEM,
			    "cannot start %s", ipc_role_name(role));
	}
	return 0;
}

int
children_start(struct super *s, struct rel_err *err)
{
	struct child *c;
	int rc;

	if ((c = child_new(s, ROLE_CORE, 0)) == NULL ||
	    (rc = child_start(c, err)) < 0)
		return rel_err_set(err, REL_E_NOMEM, "cannot start core");
	if ((rc = children_fill(s, ROLE_AGENT, err)) < 0 ||
	    (rc = children_fill(s, ROLE_DRIVER, err)) < 0 ||
	    (rc = children_fill(s, ROLE_NET, err)) < 0)
		return rc;
	workers_refill(s, ROLE_SEND);
	workers_refill(s, ROLE_RENDER);
	return 0;
}

void
children_resize(struct super *s)
{
	struct child *next;
	struct rel_err err;

	for (struct child *c = s->children; c != NULL; c = next) {
		next = c->next;
		if ((c->role != ROLE_NET && c->role != ROLE_AGENT) ||
		    c->index < wanted(s, c->role) || c->stopped)
			continue;
		c->stopped = true;
		if (c->chan != NULL)
			(void)ipc_send(c->chan, IPC_STOP, 0, NULL, 0);
		if (c->pid == 0)
			child_remove(s, c);
	}
	if (children_fill(s, ROLE_AGENT, &err) < 0 ||
	    children_fill(s, ROLE_NET, &err) < 0)
		rel_log(REL_ERROR, "cannot start a role", "why=\"%s\"",
		    err.text);
}

void
children_listen(struct super *s)
{
	struct ipc_listen said = { .nhttps = s->on.nhttps };
	struct rel_buf b;

	memcpy(said.https_names, s->on.names, sizeof said.https_names);
	memcpy(said.base_url, s->base_url, sizeof said.base_url);
	rel_buf_init(&b);
	listen_put(&b, &said);
	for (struct child *c = s->children; c != NULL; c = c->next) {
		struct rel_frame fr = { .type = IPC_LISTEN, .body = b.data,
		    .len = b.len };

		if (c->chan == NULL || c->stopped ||
		    (c->role != ROLE_NET && c->role != ROLE_CORE))
			continue;
		for (unsigned i = 0; c->role == ROLE_NET &&
		    i < s->on.nhttps; i++)
			fr.fds[fr.nfds++] = dup(s->on.https[i]);
		(void)ipc_send_frame(c->chan, &fr);
	}
	rel_buf_fini(&b);
}

void
children_tls(struct super *s)
{
	const struct keys *k = &s->keys;

	for (struct child *c = s->children; c != NULL; c = c->next) {
		struct rel_buf b;

		if (c->chan == NULL || c->stopped ||
		    (c->role != ROLE_NET && c->role != ROLE_CORE))
			continue;
		rel_buf_init(&b);
		rel_put_bytes(&b, k->tls_cert.data, k->tls_cert.len);
		if (c->role == ROLE_NET)
			rel_put_bytes(&b, k->tls_key.data, k->tls_key.len);
		if (!b.failed)
			(void)ipc_send(c->chan, IPC_TLS, 0, b.data, b.len);
		rel_buf_fini_secret(&b);
	}
}

void
children_tell(struct super *s, unsigned type, const void *p, size_t n)
{
	for (struct child *c = s->children; c != NULL; c = c->next)
		if (c->chan != NULL)
			(void)ipc_send(c->chan, type, 0, p, n);
	if (type == IPC_STOP)
		renders_end(s);
}

bool
children_alive(const struct super *s)
{
	for (const struct child *c = s->children; c != NULL; c = c->next)
		if (c->pid > 0 && !(c->role == ROLE_SEND && c->taken))
			return true;
	return false;
}

void
children_fini(struct super *s)
{
	while (s->children != NULL)
		child_remove(s, s->children);
}
