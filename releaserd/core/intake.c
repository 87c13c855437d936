/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Backends bring documents: begin, (they write), commit (intake_commit.c).
 * doc/ipc.md.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "lib/fault.h"
#include "lib/spool.h"
#include "releaserd/core/intake_priv.h"

#define SWEEP_A_TICK 2000
#define SWEEP_EVERY_S 600u

/* ---- answers to a backend */

static void
tell(struct incoming *i, unsigned type, const struct rel_buf *b)
{
	(void)ipc_send(i->chan, type, 0, b->data, b->len);
}

void
intake_tell(struct incoming *i, unsigned type, const char *text)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_str(&b, text);
	tell(i, type, &b);
	rel_buf_fini(&b);
}

void
intake_refuse(struct incoming *i, const char *jobstate, const char *reason)
{
	struct rel_in_refused m;
	struct rel_buf b;

	snprintf(m.jobstate, sizeof m.jobstate, "%s", jobstate);
	snprintf(m.reason, sizeof m.reason, "%s", reason);
	rel_log(REL_INFO, "document refused", "cups_job=%lld why=\"%s\"",
	    i->job != NULL ? (long long)i->job->cups_job : 0, reason);
	rel_buf_init(&b);
	rel_in_refused_put(&b, &m);
	tell(i, REL_IN_REFUSED, &b);
	rel_buf_fini(&b);
}

/* ---- an end */

void
intake_drop_file(struct incoming *i)
{
	char name[40];

	if (!i->has_file)
		return;
	job_file(name, i->job->id);
	unlinkat(i->in->c->spool_dir, name, 0);
	i->has_file = false;
}

static void
incoming_free(struct incoming *i)
{
	struct incoming **at = &i->in->all;

	while (*at != i)
		at = &(*at)->next;
	*at = i->next;
	/* What is being committed is decided by the commit. */
	if (!i->committing)
		intake_drop_file(i);
	ipc_chan_free(&i->chan);
	if (i->job != NULL)
		rel_wipe(i->job, sizeof *i->job);
	free(i->job);
	free(i);
}

static void
on_closed(struct ipc_chan *ch, void *ctx)
{
	(void)ch;
	incoming_free(ctx);
}

struct incoming *
intake_find(struct intake *in, uint64_t serial)
{
	struct incoming *i = in->all;

	while (i != NULL && i->serial != serial)
		i = i->next;
	return i;
}

/* ---- begin */

int
intake_user(struct core *c, struct job *j, const char *user,
    struct rel_err *err)
{
	struct user u;
	int rc;

	if (!rel_user_key(j->user_key, sizeof j->user_key, user,
	    c->role->set.strip_realm != 0))
		return rel_err_set(err, REL_E_DENIED,
		    "the job has no usable user name (1 to 83 bytes of text)");
	if (c->role->set.unknown_users == 0)
		return 0;
	rc = store_user_get(c->st, j->user_key, &u);
	if (rc == -REL_E_NOTFOUND)
		return rel_err_set(err, REL_E_DENIED,
		    "\"%.83s\" is not known to the print release system; ask "
		    "the help desk to enter the name", j->user_key);
	if (rc == 0 && u.disabled)
		return rel_err_set(err, REL_E_DENIED,
		    "the account of \"%.83s\" is closed", j->user_key);
	return rc;
}

int
intake_caps(struct core *c, const struct job *j, struct rel_err *err)
{
	const struct settings *s = &c->role->set;
	int64_t mine, held, bytes, free_bytes;
	int rc;

	if ((rc = store_job_count(c->st, j->user_key, &mine)) < 0 ||
	    (rc = store_tally(c->st, &held, &bytes)) < 0)
		return rel_err_set(err, REL_E_PEER, "the database is busy");
	if (s->max_jobs_user > 0 && mine >= s->max_jobs_user)
		return rel_err_set(err, REL_E_LIMIT,
		    "you have %lld held jobs already and %lld are allowed: "
		    "release or delete some first", (long long)mine,
		    (long long)s->max_jobs_user);
	if (s->max_jobs > 0 && held >= s->max_jobs)
		return rel_err_set(err, REL_E_LIMIT,
		    "the print server holds as many jobs as it may (%lld)",
		    (long long)held);
	if (s->max_spool_bytes > 0 && bytes >= s->max_spool_bytes)
		return rel_err_set(err, REL_E_LIMIT,
		    "the print server's room for held jobs is full");
	free_bytes = rel_compat_free_bytes(s->spool_dir);
	if (free_bytes >= 0 && free_bytes < s->min_free_bytes)
		return rel_err_set(err, REL_E_LIMIT,
		    "the print server's disk is full");
	return 0;
}

static int
begin_fill(struct incoming *i, struct rel_in_begin *m, struct rel_err *err)
{
	struct core *c = i->in->c;
	const struct settings *s = &c->role->set;
	struct job *j = i->job;
	bool confidential = m->pin[0] != '\0';
	int rc;

	j->id = ids_next(c);
	j->node = s->node_id;
	rel_text_clean(j->queue, sizeof j->queue, m->queue);
	rel_text_clean(j->uuid, sizeof j->uuid, m->uuid);
	rel_text_clean(j->user, sizeof j->user, m->user);
	rel_text_clean(j->host, sizeof j->host, m->host);
	rel_text_clean(j->title, sizeof j->title, m->title);
	rel_text_clean(j->format, sizeof j->format, m->format);
	rel_text_clean(j->options, sizeof j->options, m->options);
	j->document = m->document;
	j->cups_job = m->cups_job;
	j->copies = m->copies < 1 ? 1 : m->copies > 999 ? 999 : m->copies;
	j->state = JOB_HELD;
	j->has_doc = true;
	j->created_ms = rel_now_ms();
	j->expires_ms = j->created_ms + (confidential ?
	    s->confidential_expiry_ms : s->job_expiry_ms);
	rc = confidential ? job_pin_set(c, j, m->pin_scheme, m->pin, err) : 0;
	rel_wipe(m->pin, sizeof m->pin);
	if (rc < 0)
		return rc;
	return intake_user(c, j, m->user, err);
}

/* What one document may have: MaxJobSize, and what MaxSpoolSize leaves. */
uint64_t
intake_limit(struct core *c)
{
	const struct settings *s = &c->role->set;
	int64_t held, bytes, limit = s->max_job_bytes;

	if (s->max_spool_bytes > 0 && store_tally(c->st, &held, &bytes) == 0) {
		int64_t left = s->max_spool_bytes - bytes;

		if (left < 1)
			left = 1;
		if (limit == 0 || left < limit)
			limit = left;
	}
	return (uint64_t)limit;
}

/* The spool file and the job's key go to the backend. */
static int
begin_file(struct incoming *i, struct rel_err *err)
{
	struct core *c = i->in->c;
	struct rel_in_spool m = { .job_id = (uint64_t)i->job->id,
	    .limit_bytes = intake_limit(c) };
	struct rel_frame fr = { .type = REL_IN_SPOOL, .nfds = 1 };
	struct rel_buf b;
	char name[40];
	int fd, rc;

	if (RAND_bytes(m.key, sizeof m.key) != 1)
		return rel_err_set(err, REL_E_NOMEM, "no random numbers");
	rc = rel_seal(c->host_key, (uint64_t)i->job->id, m.key, sizeof m.key,
	    i->job->sealed_key, err);
	if (rc < 0)
		return rc;
	job_file(name, i->job->id);
	fd = openat(c->spool_dir, name,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return rel_err_sys(err, REL_E_FULL, "cannot make a spool file");
	i->has_file = true;
	rel_buf_init(&b);
	rel_in_spool_put(&b, &m);
	fr.body = b.data;
	fr.len = b.len;
	fr.fds[0] = fd;
	rc = ipc_send_frame(i->chan, &fr);
	rel_buf_fini_secret(&b);
	rel_wipe(&m, sizeof m);
	return rc < 0 ? rel_err_set(err, REL_E_CLOSED, "backend is gone") : 0;
}

/* An older backend that still has this document (cupsd ran it again). */
static void
begin_replace(struct incoming *now)
{
	const struct job *j = now->job;

	for (struct incoming *i = now->in->all; i != NULL; i = i->next) {
		if (i == now || i->job == NULL || j->uuid[0] == '\0' ||
		    i->committing || i->job->document != j->document ||
		    strcmp(i->job->uuid, j->uuid) != 0 ||
		    strcmp(i->job->queue, j->queue) != 0)
			continue;
		rel_log(REL_NOTICE, "a newer backend took over",
		    "cups_job=%lld", (long long)j->cups_job);
		incoming_free(i);
		return;
	}
}

struct known {
	struct intake *in;
	uint64_t serial;
};

static void
known_told(struct core *c, void *arg, bool ok)
{
	struct known *k = arg;
	struct incoming *i = intake_find(k->in, k->serial);

	(void)c;
	if (i != NULL)
		intake_tell(i, ok ? REL_IN_KNOWN : REL_IN_AWAY, ok ?
		    "this document is held already" :
		    "the print release system could not write its database");
	free(k);
}

/* The row that is known may be of this very turn: true once that is on disk. */
void
intake_tell_known(struct incoming *i)
{
	struct known *k = calloc(1, sizeof *k);

	if (k == NULL) {
		intake_tell(i, REL_IN_AWAY, "no memory");
		return;
	}
	k->in = i->in;
	k->serial = i->serial;
	core_defer(i->in->c, known_told, k);
}

/* 1 when an answer has been given because the document is here already. */
static int
begin_known(struct incoming *i)
{
	struct core *c = i->in->c;
	struct job *j = i->job;
	int64_t id;
	int rc;

	if (j->document == 0) {
		rc = store_job_next_document(c->st, j->queue, j->uuid);
		if (rc < 0)
			return rc;
		j->document = rc;
	}
	rc = store_job_known(c->st, j->queue, j->uuid, j->document, &id);
	if (rc != 1)
		return rc;
	rel_log(REL_INFO, "document is held already", "job=%s",
	    ids_text(id));
	intake_tell_known(i);
	return 1;
}

static void
on_begin(struct incoming *i, const struct rel_frame *fr)
{
	struct rel_in_begin *m = calloc(1, sizeof *m);
	struct rel_err err = { 0 };
	int rc;

	if (i->job != NULL || m == NULL ||
	    (i->job = calloc(1, sizeof *i->job)) == NULL ||
	    rel_in_begin_get(m, fr->body, fr->len) < 0) {
		intake_refuse(i, "", "the backend sent a malformed request");
		free(m);
		return;
	}
	rel_fault("core:begin");
	rc = begin_fill(i, m, &err);
	rel_wipe(m, sizeof *m);
	free(m);
	if (rc == 0 && (rc = begin_known(i)) == 1)
		return;
	if (rc == 0)
		rc = intake_caps(i->in->c, i->job, &err);
	if (rc == 0) {
		begin_replace(i);
		rc = begin_file(i, &err);
	}
	if (rc == -REL_E_DENIED)
		intake_refuse(i, "account-authorization-failed", err.text);
	else if (rc == -REL_E_LIMIT)
		intake_refuse(i, "account-limit-reached", err.text);
	else if (rc < 0)
		intake_tell(i, REL_IN_AWAY, err.text[0] != '\0' ? err.text :
		    "the print release system is busy");
}

/* ---- connections */

static void
on_frame(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	struct incoming *i = ctx;

	(void)ch;
	rel_frame_drop_fds(fr);		/* a backend has none to give */
	if (fr->type == REL_IN_BEGIN)
		on_begin(i, fr);
	else if (fr->type == REL_IN_COMMIT)
		intake_commit(i, fr);
	else
		intake_refuse(i, "", "the backend sent an unknown request");
}

/* Only root, as which cupsd starts the backend, may bring documents. */
static bool
may_bring(int fd)
{
	uid_t uid;
	gid_t gid;
	pid_t pid;

	if (rel_compat_peer(fd, &uid, &gid, &pid) < 0)
		return false;
	return uid == 0 || uid == getuid();
}

static void
on_accept(evutil_socket_t fd, short what, void *arg)
{
	struct intake *in = arg;
	struct incoming *i;
	int sock;

	(void)what;
	while ((sock = rel_compat_accept(fd)) >= 0) {
		if (!may_bring(sock) || (i = calloc(1, sizeof *i)) == NULL) {
			rel_log(REL_WARN, "intake refused", "why=peer");
			close(sock);
			continue;
		}
		i->in = in;
		i->serial = ++in->next_serial;
		i->chan = ipc_chan_new(in->c->role->base, sock, "backend",
		    on_frame, on_closed, i);
		if (i->chan == NULL) {
			close(sock);
			free(i);
			continue;
		}
		i->next = in->all;
		in->all = i;
	}
}

/* ---- files of which the database knows nothing (a crash left them) */

static bool
sweep_is_stray(struct intake *in, const char *name)
{
	struct job j;
	char end[12];
	long long number;
	uint64_t id;

	if (sscanf(name, "t%lld%11s", &number, end) == 2 &&
	    strcmp(end, ".journal") == 0)
		return releases_journal_is_stray(in->c, number);
	if (sscanf(name, "%16" SCNx64 "%7s", &id, end) != 2)
		return false;
	if (strcmp(end, ".made") == 0)
		return make_find(in->c, (int64_t)id) == NULL;
	if (strcmp(end, ".job") != 0 || (int64_t)id >= in->sweep_before)
		return false;
	for (struct incoming *i = in->all; i != NULL; i = i->next)
		if (i->job != NULL && i->job->id == (int64_t)id)
			return false;
	switch (store_job_get(in->c->st, (int64_t)id, &j)) {
	case 0:
		return !j.has_doc;
	case -REL_E_NOTFOUND:
		return true;
	default:
		return false;
	}
}

void
intake_sweep(struct core *c)
{
	struct intake *in = c->intake;
	struct dirent *de = NULL;

	if (in->sweep == NULL && c->ticks % SWEEP_EVERY_S == 1) {
		int fd = openat(c->spool_dir, ".", O_RDONLY | O_DIRECTORY |
		    O_CLOEXEC);

		in->sweep = fd >= 0 ? fdopendir(fd) : NULL;
		if (in->sweep == NULL && fd >= 0)
			close(fd);
		in->sweep_before = ids_next(c);
	}
	if (in->sweep == NULL || c->in_doubt)
		return;
	for (int n = 0; n < SWEEP_A_TICK &&
	    (de = readdir(in->sweep)) != NULL; n++) {
		if (!sweep_is_stray(in, de->d_name))
			continue;
		rel_log(REL_NOTICE, "left-over file removed", "file=%s",
		    de->d_name);
		unlinkat(c->spool_dir, de->d_name, 0);
	}
	if (de == NULL) {
		closedir(in->sweep);
		in->sweep = NULL;
	}
}

int
intake_init(struct core *c, int listener)
{
	struct intake *in = calloc(1, sizeof *in);

	if (in == NULL)
		return -REL_E_NOMEM;
	c->intake = in;
	in->c = c;
	in->fd = listener;
	in->listener = event_new(c->role->base, listener,
	    EV_READ | EV_PERSIST, on_accept, in);
	if (in->listener == NULL || event_add(in->listener, NULL) < 0)
		return -REL_E_NOMEM;
	return 0;
}

void
intake_fini(struct core *c)
{
	struct intake *in = c->intake;

	if (in == NULL)
		return;
	while (in->all != NULL)
		incoming_free(in->all);
	if (in->listener != NULL)
		event_free(in->listener);
	if (in->sweep != NULL)
		closedir(in->sweep);
	close(in->fd);
	free(in);
	c->intake = NULL;
}
