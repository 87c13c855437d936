/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What render processes are asked: to look at a document, to carry out what
 * shall be changed, to draw its first page.  A release goes before a picture,
 * a picture before a look; one look at a time, so that somebody who stands at
 * a device never waits behind a pile of large documents.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "lib/spool.h"
#include "releaserd/core/policy.h"

#define WORKS_MAX 1000u
#define DEATHS_MAX 2u		/* of renders, over one document */

struct work {
	enum render_op op;
	int64_t job;
	uint64_t render;		/* serial; 0 while it waits */
	unsigned deaths;
	struct rel_ticket ticket;
	char driver[256];
	struct render_how how;
	uint32_t preview_px;
	uint8_t out_key[32];
	work_done done;
	void *ctx;
	struct work *next;
};

struct works {
	struct work *all;		/* in order of asking */
	unsigned n;
	bool looking;			/* a look is under way */
	int64_t looked;			/* the last job looked at */
};

void
made_file(char out[40], int64_t job)
{
	snprintf(out, 40, "%016" PRIx64 ".made", (uint64_t)job);
}

static void
made_drop(struct core *c, int64_t job)
{
	char name[40];

	made_file(name, job);
	unlinkat(c->spool_dir, name, 0);
}

/* Off the list, then answered: the answer may ask for more. */
static void
work_end(struct core *c, struct work *w, const struct render_result *r)
{
	struct work **at = &c->works->all;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	c->works->n--;
	if (w->op == RENDER_MAKE && (r == NULL || r->outcome != RENDER_DONE))
		made_drop(c, w->job);
	w->done(c, r, w->out_key, w->ctx);
	rel_wipe(w, sizeof *w);
	free(w);
}

/* ---- handing out */

static void
tell_super_taken(struct core *c, const struct peer *render)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_u32(&b, render->index);
	(void)ipc_send(c->role->super, IPC_RENDER_TAKEN, 0, b.data, b.len);
	rel_buf_fini(&b);
}

/* A new file for what is made, under a new key. */
static int
made_open(struct core *c, struct work *w, struct rel_err *err)
{
	char name[40];
	int fd;

	if (RAND_bytes(w->out_key, sizeof w->out_key) != 1)
		return rel_err_set(err, REL_E_NOMEM, "no random numbers");
	made_drop(c, w->job);
	made_file(name, w->job);
	fd = openat(c->spool_dir, name, O_RDWR | O_CREAT | O_EXCL |
	    O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return rel_err_sys(err, REL_E_FULL,
		    "cannot make a file for the document that goes out");
	return fd;
}

static int
work_message(struct core *c, const struct work *w, struct rel_buf *b,
    struct rel_err *err)
{
	struct render_job *m = calloc(1, sizeof *m);
	struct job *j = calloc(1, sizeof *j);
	int rc = m == NULL || j == NULL ? -REL_E_NOMEM :
	    store_job_get(c->st, w->job, j);

	if (rc == 0 && !j->has_doc)
		rc = -REL_E_NOTFOUND;
	if (rc < 0)
		rel_err_set(err, -rc, "the document is gone");
	else
		rc = rel_unseal(c->host_key, (uint64_t)j->id, j->sealed_key,
		    sizeof j->sealed_key, m->key, err);
	if (rc == 0) {
		m->job_id = (uint64_t)j->id;
		m->op = (uint8_t)w->op;
		m->plain_bytes = (uint64_t)j->bytes;
		memcpy(m->out_key, w->out_key, sizeof m->out_key);
		memcpy(m->format, j->format, sizeof m->format);
		memcpy(m->driver, w->driver, sizeof m->driver);
		m->how = w->how;
		m->ticket = w->ticket;
		(void)store_job_facts(c->st, j->id, &m->facts);
		m->deadline_ms = (uint32_t)c->role->set.render_ms;
		m->max_bytes = (uint64_t)c->role->set.render_max_bytes;
		m->preview_px = w->preview_px;
		render_job_put(b, m);
	}
	if (m != NULL)
		rel_wipe(m, sizeof *m);
	free(m);
	free(j);
	return rc;
}

/* Document (and new file) to a render that waits. 0 or why not. */
static int
work_send(struct core *c, struct work *w, struct peer *render,
    struct rel_err *err)
{
	struct rel_frame fr = { .type = IPC_RENDER_JOB, .nfds = 0 };
	struct rel_buf b;
	char name[40];
	int fd, rc;

	job_file(name, w->job);
	fd = openat(c->spool_dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return rel_err_sys(err, REL_E_IO,
		    "the document cannot be read from the disk");
	fr.fds[fr.nfds++] = fd;
	if (w->op == RENDER_MAKE) {
		if ((rc = made_open(c, w, err)) < 0) {
			close(fd);
			return rc;
		}
		fr.fds[fr.nfds++] = rc;
	}
	rel_buf_init(&b);
	if ((rc = work_message(c, w, &b, err)) == 0) {
		fr.body = b.data;
		fr.len = b.len;
		rc = ipc_send_frame(render->chan, &fr);
	} else {
		rel_frame_drop_fds(&fr);
	}
	rel_buf_fini_secret(&b);
	return rc;
}

static struct peer *
idle_render(struct core *c)
{
	for (struct peer *p = c->renders; p != NULL; p = p->next)
		if (!p->used)
			return p;
	return NULL;
}

/* The most urgent that waits. */
static struct work *
next_work(struct core *c)
{
	static const enum render_op order[] = {
		RENDER_MAKE, RENDER_PREVIEW, RENDER_COUNT
	};

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		for (struct work *w = c->works->all; w != NULL; w = w->next)
			if (w->render == 0 && w->op == order[i])
				return w;
	return NULL;
}

static void
hand_out(struct core *c)
{
	struct peer *render;
	struct work *w;

	while ((w = next_work(c)) != NULL && (render = idle_render(c)) != NULL) {
		struct rel_err err = { 0 };
		struct render_result no = { .job_id = (uint64_t)w->job,
		    .op = (uint8_t)w->op, .outcome = RENDER_LATER };

		if (work_send(c, w, render, &err) == 0) {
			w->render = render->serial;
			render->used = true;
			render->job = w->job;
			tell_super_taken(c, render);
			continue;
		}
		snprintf(no.reason, sizeof no.reason, "%s", err.text);
		work_end(c, w, &no);
	}
}

static void
hand_out_later(struct core *c, void *arg, bool ok)
{
	(void)arg;
	(void)ok;
	hand_out(c);
}

int
work_ask(struct core *c, const struct work_order *o, work_done done,
    void *ctx)
{
	struct work *w, **at = &c->works->all;

	if (c->works->n >= WORKS_MAX || (w = calloc(1, sizeof *w)) == NULL)
		return -REL_E_FULL;
	w->op = o->op;
	w->job = o->job;
	w->done = done;
	w->ctx = ctx;
	w->preview_px = o->preview_px;
	if (o->ticket != NULL)
		w->ticket = *o->ticket;
	else
		rel_ticket_init(&w->ticket);
	w->how = o->how;
	if (o->driver != NULL)
		snprintf(w->driver, sizeof w->driver, "%s", o->driver);
	while (*at != NULL)
		at = &(*at)->next;
	*at = w;
	c->works->n++;
	/* Not at once: who asks may still be writing the row it is about. */
	core_defer(c, hand_out_later, NULL);
	return 0;
}

/* ---- renders come and go */

static struct work *
work_of(struct core *c, const struct peer *render)
{
	for (struct work *w = c->works->all; w != NULL; w = w->next)
		if (w->render == render->serial)
			return w;
	return NULL;
}

void
works_render_ready(struct core *c, struct peer *render)
{
	(void)render;
	hand_out(c);
}

void
works_render_frame(struct core *c, struct peer *render, struct rel_frame *fr)
{
	struct render_result *r = calloc(1, sizeof *r);
	struct work *w = work_of(c, render);

	if (r == NULL || fr->type != IPC_RENDER_RESULT || w == NULL ||
	    render_result_get(r, fr->body, fr->len) < 0 ||
	    (int64_t)r->job_id != w->job || r->op != w->op) {
		rel_log(REL_ERROR, "bad message from render", "type=%u",
		    fr->type);
		ipc_chan_fail(render->chan);
	} else {
		render->job = 0;
		work_end(c, w, r);
	}
	free(r);
}

void
works_render_gone(struct core *c, struct peer *render)
{
	struct work *w = work_of(c, render);

	if (w == NULL)
		return;
	rel_log(REL_WARN, "a render died", "job=%s", ids_text(w->job));
	w->render = 0;
	if (++w->deaths >= DEATHS_MAX)
		work_end(c, w, NULL);
	else
		hand_out(c);
}

/* ---- looks: documents that nobody could count as they came in */

struct look {
	int64_t job;
};

static int
look_store(struct core *c, struct job *j, const struct render_result *r)
{
	struct rel_facts f = r != NULL ? r->facts : (struct rel_facts){ 0 };
	bool known = r != NULL && r->outcome == RENDER_DONE;

	if (!known) {
		rel_facts_init(&f);
		snprintf(f.reason, sizeof f.reason, "%s", r != NULL ?
		    r->reason : "the program that looks at it died");
	}
	f.more = false;
	j->look = known ? LOOK_NONE : LOOK_IN_VAIN;
	pages_count(j, &f, false);
	return pages_store(c, j, &f);
}

/* A rule refuses it now that its pages are known: it ends, and says why. */
static int
look_rules(struct core *c, struct job *j)
{
	struct released said = { .code = NULL };
	int rc = policy_hold(c, j, &said);

	if (rc != -REL_E_DENIED)
		return rc;
	job_event(c, j->id, "refused", "%s", said.text);
	rc = store_job_end(c->st, j->id, JOB_REFUSED, said.text,
	    rel_now_ms());
	if (rc == 0)
		job_wipe_later(c, j->id);
	return rc;
}

static int
look_known(struct core *c, struct job *j, const struct render_result *r)
{
	char words[120], made[400];
	int rc = look_store(c, j, r);

	if (rc < 0)
		return rc;
	pages_words(words, sizeof words, &j->count);
	pages_application_words(made, sizeof made, &j->app);
	job_event(c, j->id, "counted", "looked at: %s%s%s", words,
	    made[0] != '\0' ? ", " : "", made);
	if (r != NULL && r->facts.refused[0] != '\0')
		(void)store_job_set_reason(c->st, j->id, r->facts.reason);
	return look_rules(c, j);
}

static void
look_done(struct core *c, const struct render_result *r,
    const uint8_t key[32], void *ctx)
{
	struct look *l = ctx;
	struct rel_err err;
	struct job j;

	(void)key;
	c->works->looking = false;
	if (c->ending) {
		free(l);
		return;
	}
	/* What this machine cannot do now is tried again at a later tick. */
	if ((r == NULL || r->outcome != RENDER_LATER) &&
	    store_job_get(c->st, l->job, &j) == 0 && j.state == JOB_HELD &&
	    core_write(c, &err) == 0) {
		if (look_known(c, &j, r) < 0)
			core_spoil(c, 0);
		lists_forget(c, j.user_key);
	}
	free(l);
}

static void
look_next(struct core *c)
{
	struct work_order o = { .op = RENDER_COUNT };
	struct look *l;

	if (store_job_looks(c->st, c->works->looked, &o.job, 1) != 1) {
		c->works->looked = 0;	/* from the start, next time */
		return;
	}
	c->works->looked = o.job;
	if ((l = calloc(1, sizeof *l)) == NULL)
		return;
	l->job = o.job;
	c->works->looking = true;
	if (work_ask(c, &o, look_done, l) < 0) {
		c->works->looking = false;
		free(l);
	}
}

void
works_look(struct core *c)
{
	if (!c->works->looking && c->renders != NULL)
		look_next(c);
}

void
works_tick(struct core *c)
{
	works_look(c);
	hand_out(c);
}

int
works_init(struct core *c)
{
	c->works = calloc(1, sizeof *c->works);
	return c->works != NULL ? 0 : -REL_E_NOMEM;
}

void
works_fini(struct core *c)
{
	if (c->works == NULL)
		return;
	c->ending = true;
	while (c->works->all != NULL)
		work_end(c, c->works->all, NULL);
	free(c->works);
	c->works = NULL;
}
