/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The processes that carry a document to a device: jobs that are taken wait
 * here for one that is free, and each process is good for one job.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/send.h"
#include "lib/spool.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/release_priv.h"
#include "releaserd/core/transport.h"

/* ---- starting a transfer */

struct start {
	int64_t job;
	char device[40];
	uint64_t send;			/* serial */
	bool waited;			/* for a send: taken by an earlier turn */
};

static int
start_message(struct core *c, const struct job *j, struct rel_buf *b,
    struct rel_err *err)
{
	struct send_job *m = calloc(1, sizeof *m);
	struct device *d = calloc(1, sizeof *d);
	const struct making *made = make_find(c, j->id);
	int rc = m == NULL || d == NULL ? -REL_E_NOMEM :
	    store_device_get(c->st, j->device_id, d);

	if (rc == 0 && made != NULL)
		memcpy(m->key, made->key, sizeof m->key);
	else if (rc == 0)
		rc = rel_unseal(c->host_key, (uint64_t)j->id,
		    j->sealed_key, sizeof j->sealed_key, m->key, err);
	if (rc == 0) {
		m->job_id = (uint64_t)j->id;
		m->plain_bytes = made != NULL ? made->bytes :
		    (uint64_t)j->bytes;
		memcpy(m->host, d->lpr_host, sizeof d->lpr_host);
		m->port = (uint16_t)d->lpr_port;
		memcpy(m->queue, d->lpr_queue, sizeof m->queue);
		memcpy(m->user, j->user, sizeof m->user);
		memcpy(m->client_host, j->host, sizeof m->client_host);
		memcpy(m->title, j->title, sizeof m->title);
		snprintf(m->ref, sizeof m->ref, "OP%.10s", j->release_ref);
		m->copies = made != NULL ? made->copies :
		    (uint32_t)j->copies;
		m->data_first = d->data_first != 0;
		m->number = (uint32_t)(j->id % 1000);
		m->connect_ms = (uint32_t)c->role->set.lpr_connect_ms;
		m->reply_ms = (uint32_t)c->role->set.lpr_reply_ms;
		m->tries = (uint32_t)c->role->set.lpr_tries;
		device_transport_put(c, d, j, m);
		send_job_put(b, m);
	}
	if (m != NULL)
		rel_wipe(m, sizeof *m);
	free(m);
	free(d);
	return rc;
}

static int
start_send(struct core *c, struct peer *send, const struct job *j,
    struct rel_err *err)
{
	char name[40];
	struct rel_buf b;
	int fds[2], rc;

	rel_buf_init(&b);
	if ((rc = start_message(c, j, &b, err)) < 0) {
		rel_buf_fini_secret(&b);
		return err->code != 0 ? rc : rel_err_set(err, -rc,
		    "the device is gone");
	}
	if (make_find(c, j->id) != NULL)
		made_file(name, j->id);
	else
		job_file(name, j->id);
	fds[0] = openat(c->spool_dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	journal_name(name, send->journal);
	fds[1] = openat(c->spool_dir, name, O_RDWR | O_APPEND | O_CLOEXEC |
	    O_NOFOLLOW);
	if (fds[0] < 0 || fds[1] < 0) {
		rc = rel_err_sys(err, REL_E_IO,
		    "the document cannot be read from the disk");
		if (fds[0] >= 0)
			close(fds[0]);
		if (fds[1] >= 0)
			close(fds[1]);
	} else {
		rc = ipc_send_frame(send->chan, &(struct rel_frame){
		    .type = IPC_SEND_JOB, .body = b.data, .len = b.len,
		    .fds = { fds[0], fds[1] }, .nfds = 2 });
	}
	rel_buf_fini_secret(&b);
	return rc;
}

static void
tell_super_taken(struct core *c, const struct peer *send)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_u32(&b, send->index);
	(void)ipc_send(c->role->super, IPC_SEND_TAKEN, 0, b.data, b.len);
	rel_buf_fini(&b);
}

static void
start_now(struct core *c, struct peer *send, int64_t job)
{
	struct send_result r = { .job_id = (uint64_t)job,
	    .outcome = REL_SEND_REFUSED };
	struct rel_err err = { 0 };
	struct job j;
	int rc = store_job_get(c->st, job, &j);

	if (rc == 0 && (j.state != JOB_RELEASING ||
	    j.journal != send->journal)) {
		lane_end(c, send);	/* not ours any more */
		return;
	}
	if (rc == 0)
		rc = start_send(c, send, &j, &err);
	if (rc == 0) {
		send->used = true;
		tell_super_taken(c, send);
		return;
	}
	lane_end(c, send);
	snprintf(r.reason, sizeof r.reason, "%s", err.text[0] != '\0' ?
	    err.text : "the transfer could not be started");
	settle(c, 0, &r);
}

/* The job is taken on disk: go. */
static void
started(struct core *c, void *arg, bool ok)
{
	struct start *s = arg;
	struct peer *send = peers_find(c, s->send);

	rel_fault("core:release-after-commit");
	if (ok && send != NULL)
		start_now(c, send, s->job);
	/* A send that died meanwhile has been settled as it went. */
	if (!ok && send != NULL)
		lane_end(c, send);
	/* Until the next tick; without memory the next start finds it. */
	if (!ok && s->waited)
		(void)lane_wait(c, s->device, s->job);
	free(s);
}

static struct peer *
idle_send(const struct core *c)
{
	for (struct peer *p = c->sends; p != NULL; p = p->next)
		if (p->job == 0 && p->journal != 0)
			return p;
	return NULL;
}

struct peer *
send_for(struct core *c, const char *device)
{
	return lane_may_begin(c, device) ? idle_send(c) : NULL;
}

int
releases_waiting(const struct core *c)
{
	return c->releases->nwaiting;
}

/* Tie a send to a job; it begins when the turn's writes are on disk. */
static int
take_send(struct core *c, int64_t job, const char *device, struct peer *send,
    bool waited)
{
	struct start *s = calloc(1, sizeof *s);

	if (s == NULL || lane_begin(c, device, send, job) < 0) {
		free(s);
		return -REL_E_NOMEM;
	}
	s->job = job;
	snprintf(s->device, sizeof s->device, "%s", device);
	s->send = send->serial;
	s->waited = waited;
	core_defer(c, started, s);
	return 0;
}

/* What was made of a document is what counts from here on. */
static int
store_made(struct core *c, int64_t job)
{
	const struct making *m = make_find(c, job);
	char words[120];

	if (m == NULL)
		return 0;
	pages_words(words, sizeof words, &m->out);
	job_event(c, job, "made", "made for this device: %s, %u %s", words,
	    m->wanted, m->wanted == 1 ? "copy" : "copies");
	return store_job_set_out(c->st, job, &m->out, m->wanted);
}

/* In the open turn: this send gets the job, unless that is not held any more;
 * 1 when it has it. */
static int
give(struct core *c, int64_t job, const char *device, struct peer *send)
{
	int rc = store_job_set_journal(c->st, job, send->journal);

	if (rc == -REL_E_NOTHELD)
		return 0;
	if (rc == 0)
		rc = store_made(c, job);
	if (rc == 0)
		rc = take_send(c, job, device, send, true);
	if (rc == 0)
		return 1;
	core_spoil(c, rc);
	(void)lane_wait(c, device, job);
	return rc;
}

/* Whoever is next gets the sends that are free. */
static void
start_waiting(struct core *c)
{
	struct rel_err err;
	struct peer *send;
	struct lane *l;
	int rc = 0;

	while (rc >= 0 && (l = lane_next(c)) != NULL &&
	    (send = idle_send(c)) != NULL) {
		char device[40];
		int64_t job;

		if (core_write(c, &err) < 0)
			return;		/* at the next tick */
		job = lane_take(c, l, device);
		rc = give(c, job, device, send);
	}
}

static void
wait_in_lane(struct core *c, int64_t job, const char *device)
{
	if (lane_wait(c, device, job) < 0)
		return;			/* the next start finds it */
	start_waiting(c);
}

void
sends_go(struct core *c, int64_t job)
{
	struct job j;

	if (store_job_get(c->st, job, &j) < 0)
		j.device_id[0] = '\0';
	wait_in_lane(c, job, j.device_id);
}

static void
waiting_now(struct core *c, void *arg, bool ok)
{
	struct start *s = arg;

	if (ok)
		wait_in_lane(c, s->job, s->device);
	free(s);
}

/* The row is taken: what follows when that is on disk. */
int
sends_take(struct core *c, int64_t job, const char *device, struct peer *send)
{
	struct start *s;

	if (send != NULL)
		return take_send(c, job, device, send, false);
	if ((s = calloc(1, sizeof *s)) == NULL)
		return -REL_E_NOMEM;
	s->job = job;
	snprintf(s->device, sizeof s->device, "%s", device);
	core_defer(c, waiting_now, s);
	return 0;
}

/* ---- sends come and go */

/* A journal of its own for a send that waits, its name safe on the disk. */
static int
journal_make(struct core *c, struct peer *send)
{
	struct releases *r = c->releases;
	char name[40];
	int fd = -1;

	while (fd < 0) {
		journal_name(name, ++r->next_journal);
		fd = openat(c->spool_dir, name, O_RDWR | O_CREAT | O_EXCL |
		    O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0 || fsync(c->spool_dir) < 0) {
		rel_log(REL_ERROR, "cannot make a transfer journal",
		    "errno=%d", errno);
		if (fd >= 0)
			close(fd);
		return -REL_E_IO;
	}
	close(fd);
	send->journal = r->next_journal;
	return 0;
}

void
releases_send_ready(struct core *c, struct peer *send)
{
	if (send->used || (send->journal == 0 && journal_make(c, send) < 0))
		return;			/* releases_tick() tries again */
	start_waiting(c);
}

void
releases_send_frame(struct core *c, struct peer *send, struct rel_frame *fr)
{
	struct send_result r;

	if (fr->type != IPC_SEND_RESULT ||
	    send_result_get(&r, fr->body, fr->len) < 0 || send->job == 0 ||
	    (int64_t)r.job_id != send->job ||
	    r.outcome > REL_SEND_UNCONFIRMED) {
		rel_log(REL_ERROR, "bad message from send", "type=%u",
		    fr->type);
		ipc_chan_fail(send->chan);
		return;
	}
	lane_end(c, send);
	settle(c, send->journal, &r);
	send->journal = 0;
	start_waiting(c);
}

void
releases_send_gone(struct core *c, struct peer *send)
{
	int64_t job = send->job, journal = send->journal;

	lane_end(c, send);
	if (job == 0) {
		journal_drop(c, journal);
		return;
	}
	rel_log(REL_WARN, "a transfer process died", "job=%s",
	    ids_text(job));
	/* Its lock goes with the process; else ask at the next tick. */
	if (!settle_by_journal(c, job, journal))
		orphan_add(c, job, journal);
	start_waiting(c);
}

void
releases_tick(struct core *c)
{
	struct peer *send;

	orphans_tick(c);
	for (send = c->sends; send != NULL; send = send->next)
		if (!send->used && send->journal == 0)
			releases_send_ready(c, send);
	start_waiting(c);
}

bool
releases_journal_is_stray(struct core *c, int64_t number)
{
	struct journal jn;

	if (number >= c->releases->first_journal || orphans_have(c, number))
		return false;
	return journal_look(c, number, &jn) == 0;
}

/* ---- after a start: what was in flight */

static bool
recover_row(const struct job *j, void *ctx)
{
	struct core *c = ctx;

	if (direct_is(j))
		return true;		/* its client is asked, not a journal */
	orphan_add(c, j->id, j->journal);
	if (j->journal >= c->releases->next_journal) {
		c->releases->next_journal = j->journal;
		c->releases->first_journal = j->journal + 1;
	}
	return true;
}

int
releases_recover(struct core *c)
{
	struct job_filter f = { .states = 1u << JOB_RELEASING,
	    .limit = 100000 };
	int rc = store_job_list(c->st, &f, recover_row, c);

	if (rc > 0)
		rel_log(REL_NOTICE, "transfers of an earlier run",
		    "count=%d", rc);
	releases_tick(c);
	return rc < 0 ? rc : 0;
}

int
releases_init(struct core *c)
{
	struct releases *r = calloc(1, sizeof *r);

	if (r == NULL)
		return -REL_E_NOMEM;
	/* Numbers of an earlier run are not used again. */
	r->next_journal = rel_now_ms();
	r->first_journal = r->next_journal + 1;
	c->releases = r;
	return 0;
}

void
releases_fini(struct core *c)
{
	struct releases *r = c->releases;

	if (r == NULL)
		return;
	lanes_fini(c);
	while (r->orphans != NULL) {
		struct orphan *o = r->orphans;

		r->orphans = o->next;
		free(o);
	}
	free(r);
	c->releases = NULL;
}
