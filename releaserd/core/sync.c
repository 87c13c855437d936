/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * One sync after the other.  An agent lists the directory part by part, few
 * ahead of what is at work here; each slice of work is one turn, so that
 * log-ins and new jobs never wait for long.  Who is missing is known only
 * when the list was whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/backup.h"
#include "releaserd/core/quota.h"
#include "releaserd/core/sync_priv.h"

#define SLICE_MS 20
#define LOAD_ROWS 2000		/* of accounts, in a slice */
#define KEEP_RUNS 10
#define RETRY_MS 900000		/* after one of the clock that failed */

struct order {
	struct sync_order o;
	struct order *next;
};

struct syncs {
	struct sync *now;
	uint32_t serial;
	struct order *waiting;
	struct {
		int64_t directory, until_ms;
	} retry[DIRECTORIES_MAX];
};

static void ask_next(struct sync *s);
static bool on_slice(struct core *c, void *arg, bool go_on);

/* ---- the end of one */

static void
retry_note(struct syncs *all, const struct sync_run *r)
{
	int64_t now = rel_now_ms();
	size_t at = 0;

	for (size_t i = 0; i < DIRECTORIES_MAX; i++) {
		if (all->retry[i].directory == r->directory)
			all->retry[i].until_ms = 0;
		if (all->retry[i].until_ms <= now)
			at = i;
	}
	if (r->state != SYNC_FAILED || r->by[0] != '\0')
		return;
	all->retry[at].directory = r->directory;
	all->retry[at].until_ms = now + RETRY_MS;
}

static void
sync_free(struct sync *s)
{
	sync_diff_free(s);
	free(s);
}

/* Told, kept, and the next begins. */
static void
finish(struct sync *s)
{
	struct core *c = s->c;
	const struct sync_counts *n = &s->run.n;
	char detail[240];

	s->run.ended_ms = rel_now_ms();
	snprintf(detail, sizeof detail, "%s: %s%s, %lld added, %lld changed, "
	    "%lld disabled, %lld deleted, %lld clashes", s->name,
	    s->run.dry ? "trial " : "", sync_state_name(s->run.state),
	    (long long)n->added, (long long)n->changed,
	    (long long)n->disabled, (long long)n->deleted,
	    (long long)n->clashes);
	rel_log(s->run.state == SYNC_FAILED || s->run.state == SYNC_STOPPED ?
	    REL_WARN : REL_NOTICE, "directory synced", "directory=\"%s\" "
	    "state=%s listed=%lld took_ms=%lld why=\"%s\"", s->name,
	    sync_state_name(s->run.state), (long long)n->listed,
	    (long long)(s->run.ended_ms - s->run.began_ms), s->run.words);
	if (store_sync_run_set(c->st, &s->run) < 0 ||
	    store_sync_forget(c->st, s->run.directory, KEEP_RUNS) < 0 ||
	    store_audit(c->st, s->run.ended_ms, s->run.by[0] != '\0' ?
	    s->run.by : "releaserd", "directory-synced", detail) < 0)
		core_spoil(c, 0);
	if (!s->run.dry)
		quota_changed(c);
	retry_note(c->syncs, &s->run);
	if (s->run.by[0] == '\0' && (s->run.state == SYNC_FAILED ||
	    s->run.state == SYNC_STOPPED) &&
	    administrators_tell(c, s->run.id) < 0)
		core_spoil(c, 0);
	c->syncs->now = NULL;
	sync_free(s);
}

static void
ends(struct sync *s, enum sync_state state, const char *words)
{
	if (s->phase == SYNC_OVER)
		return;
	s->phase = SYNC_OVER;
	s->run.state = state;
	if (words != s->run.words)
		snprintf(s->run.words, sizeof s->run.words, "%s", words);
}

static void
go(struct sync *s)
{
	if (s->slicing)
		return;
	s->slicing = true;
	if (core_slices(s->c, on_slice, s->c) < 0)
		s->slicing = false;	/* the next tick tries again */
}

/* ---- the list */

static void
unreadable(struct sync *s)
{
	ends(s, SYNC_FAILED, "an answer could not be read");
}

static void
part_open(struct sync *s)
{
	const struct rel_buf *b = &s->body[s->first];

	if (sync_part_get(&s->at, b->data, b->len) < 0)
		unreadable(s);
}

static void
part_keep(struct sync *s, const struct rel_frame *fr)
{
	struct rel_buf *b = &s->body[(s->first + s->nbody) % SYNC_AHEAD];
	struct sync_part part;

	rel_buf_reset(b);
	rel_put_raw(b, fr->body, fr->len);
	if (b->failed || sync_part_get(&part, b->data, b->len) < 0) {
		unreadable(s);
		return;
	}
	s->came_last = part.last || part.outcome != DIR_RIGHT;
	if (s->nbody++ == 0)
		part_open(s);
}

static void
on_part(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct sync *s = c->syncs != NULL ? c->syncs->now : NULL;

	/* One that was given up may still be answered. */
	if (s == NULL || (uintptr_t)ctx != s->serial)
		return;
	s->asked = false;
	if (fr == NULL || fr->type != IPC_SYNC_PART) {
		ends(s, SYNC_FAILED, "the process that lists the directory "
		    "has ended; nothing of who is missing was done");
		go(s);
		return;
	}
	part_keep(s, fr);
	ask_next(s);
	go(s);
}

static void
next_put(struct rel_buf *b, const struct dir_where *at, const void *message)
{
	const struct sync *s = message;
	const struct sync_next next = { .at = *at,
	    .run = (uint64_t)s->run.id, .part = s->part };

	sync_next_put(b, &next);
}

/* Few parts ahead and no more: what is not asked for stays in the network. */
static void
ask_next(struct sync *s)
{
	struct rel_buf b;
	int rc;

	if (s->asked || s->came_last || s->nbody == SYNC_AHEAD ||
	    s->phase != SYNC_LISTS)
		return;
	if (s->agent == 0)
		s->agent = agent_choose(s->c);
	if (s->agent == 0 || peers_find(s->c, s->agent) == NULL) {
		if (s->part > 0)
			ends(s, SYNC_FAILED, "the process that lists the "
			    "directory has ended; nothing of who is missing "
			    "was done");
		s->agent = 0;
		return;			/* the next tick tries again */
	}
	rel_buf_init(&b);
	rc = directories_put(s->c, s->run.directory, next_put, s, &b);
	if (rc == -REL_E_NOTFOUND)
		ends(s, SYNC_FAILED, "the directory is not there any more");
	if (rc == 0)
		rc = agent_ask_one(s->c, s->agent, IPC_SYNC_NEXT, &b, on_part,
		    (void *)(uintptr_t)s->serial);
	rel_buf_fini_secret(&b);
	s->asked = rc == 0;
	s->part += rc == 0;
}

/* The part at work is done: the next, if it is there. */
static void
part_over(struct sync *s)
{
	s->run.n.nameless = s->at.nameless;
	if (s->at.last) {
		s->phase = SYNC_LATE;
		return;
	}
	s->first = (s->first + 1) % SYNC_AHEAD;
	if (--s->nbody > 0)
		part_open(s);
	ask_next(s);
}

static int
record_take(struct sync *s)
{
	switch (sync_part_next(&s->at, &s->record)) {
	case SYNC_GROUP:
		return sync_group_met(s, s->record.group);
	case SYNC_PERSON:
		return sync_person_met(s, &s->record);
	case SYNC_END:
		part_over(s);
		return 0;
	default:
		unreadable(s);
		return 0;
	}
}

static int
part_take(struct sync *s)
{
	char words[1100];

	if (s->at.outcome == DIR_RIGHT)
		return record_take(s);
	snprintf(words, sizeof words, "%s", s->at.words[0] != '\0' ?
	    s->at.words : dir_outcome_word(s->at.outcome));
	ends(s, SYNC_FAILED, words);
	return 0;
}

/* ---- accounts there are */

static bool
load_row(const struct sync_row *r, void *ctx)
{
	struct sync *s = ctx;
	struct sync_account *a = sync_account_add(s, r->key, r->id);

	if (a == NULL)
		return false;
	a->gone_ms = r->gone_ms;
	a->disabled = r->disabled;
	a->has_mac = r->has_mac;
	memcpy(a->mac, r->mac, sizeof a->mac);
	s->enabled += !r->disabled;
	s->loaded = r->id;
	return true;
}

static int
load_some(struct sync *s)
{
	size_t before = s->naccounts;
	int n = store_sync_list(s->c->st, s->run.directory, s->loaded,
	    LOAD_ROWS, load_row, s);

	if (n >= 0 && s->naccounts - before != (size_t)n)
		n = -REL_E_NOMEM;
	if (n >= 0 && n < LOAD_ROWS) {
		s->nold = s->naccounts;
		s->phase = SYNC_LISTS;
		ask_next(s);
	}
	return n < 0 ? n : 0;
}

/* ---- behind a whole list */

static int
late_some(struct sync *s)
{
	if (s->at_late < s->nlate)
		return sync_late_take(s, &s->late[s->at_late++]);
	s->phase = SYNC_LOSES;
	return 0;
}

/* Too many would go: that is no normal day. A trial goes on and says so. */
static bool
loss_stops(struct sync *s)
{
	const struct directory *d = directories_settings(s->c,
	    s->run.directory);
	int64_t lost = 0;

	for (size_t i = 0; i < s->nold; i++) {
		const struct sync_account *a = &s->account[i];

		lost += sync_is_lost(s, a) && (!a->disabled ||
		    sync_is_due(s, a));
	}
	if (d == NULL || s->run.forced || sync_loss_ok(lost, (int64_t)s->nold,
	    d->sync_max_loss))
		return false;
	snprintf(s->run.words, sizeof s->run.words, "%lld of %zu accounts "
	    "would be disabled or deleted, more than SyncMaxLoss (%lld %%) "
	    "allows: nothing of it was done. If that is right, sync once with "
	    "--force", (long long)lost, s->nold,
	    (long long)d->sync_max_loss);
	return !s->run.dry;
}

static int
lose_some(struct sync *s)
{
	if (s->at_account == 0 && loss_stops(s)) {
		ends(s, SYNC_STOPPED, s->run.words);
		return 0;
	}
	for (int i = 0; i < 1000 && s->at_account < s->nold; i++) {
		struct sync_account *a = &s->account[s->at_account++];

		if (sync_is_lost(s, a))
			return sync_lose(s, a);
	}
	if (s->at_account == s->nold)
		ends(s, s->run.words[0] != '\0' ? SYNC_STOPPED : SYNC_DONE,
		    s->run.words);
	return 0;
}

/* ---- slices: each is a turn */

static int
step(struct sync *s)
{
	switch (s->phase) {
	case SYNC_LOADS:
		return load_some(s);
	case SYNC_LISTS:
		return part_take(s);
	case SYNC_LATE:
		return late_some(s);
	case SYNC_LOSES:
		return lose_some(s);
	default:
		return 0;
	}
}

static void
on_written(struct core *c, void *arg, bool ok)
{
	struct sync *s = c->syncs != NULL ? c->syncs->now : NULL;

	(void)arg;
	/* What is remembered of it is ahead of what was kept. */
	if (!ok && s != NULL)
		ends(s, SYNC_FAILED, "the database could not be written; the "
		    "next sync goes on");
}

/* Nothing to do until a part comes. */
static bool
is_idle(const struct sync *s)
{
	return s->phase == SYNC_LISTS && s->nbody == 0;
}

static bool
slice(struct sync *s)
{
	int64_t until = rel_mono_ms() + SLICE_MS;
	struct rel_err err;
	int rc = 0;

	if (core_write(s->c, &err) < 0) {
		s->slicing = false;	/* somebody else writes: the next tick */
		return false;
	}
	core_defer(s->c, on_written, NULL);
	do
		rc = step(s);
	while (rc == 0 && s->phase != SYNC_OVER && !is_idle(s) &&
	    rel_mono_ms() < until);
	if (rc < 0) {
		core_spoil(s->c, rc);
		ends(s, SYNC_FAILED, "the database could not be written; the "
		    "next sync goes on");
		return true;
	}
	if (s->phase == SYNC_OVER && (rc = sync_lines_end(s)) < 0)
		core_spoil(s->c, rc);
	if (s->phase == SYNC_OVER)
		finish(s);
	else if (!is_idle(s))
		return true;
	else
		s->slicing = false;
	return false;
}

static bool
on_slice(struct core *c, void *arg, bool go_on)
{
	struct sync *s = c->syncs != NULL ? c->syncs->now : NULL;

	(void)arg;
	if (!go_on || s == NULL)
		return false;
	if (s->cancelled)
		ends(s, SYNC_CANCELLED, "cancelled; who is missing was not "
		    "looked for");
	if (is_idle(s)) {
		s->slicing = false;
		return false;
	}
	return slice(s);
}

/* ---- the beginning of one */

/* False: not now. */
static bool
begin(struct core *c, const struct sync_order *o)
{
	const struct directory_row *d = directories_by_id(c, o->directory);
	struct sync_run last;
	struct rel_err err;
	struct sync *s;

	if (d == NULL)
		return true;		/* removed while it waited */
	if (core_write(c, &err) < 0 || (s = calloc(1, sizeof *s)) == NULL)
		return false;
	s->c = c;
	s->serial = ++c->syncs->serial;
	s->run = (struct sync_run){ .id = ids_next(c), .directory = d->id,
	    .began_ms = rel_now_ms(), .state = SYNC_RUNNING, .dry = o->dry,
	    .forced = o->forced };
	memcpy(s->run.by, o->by, sizeof s->run.by);
	snprintf(s->name, sizeof s->name, "%s", d->name);
	rel_buf_init(&s->keys);
	for (unsigned i = 0; i < SYNC_AHEAD; i++)
		rel_buf_init(&s->body[i]);
	for (int i = 0; i < SYNC_KINDS; i++)
		rel_buf_init(&s->out[i].text);
	if (store_sync_last(c->st, d->id, true, &last) == 0)
		s->last_seen_ms = last.began_ms;
	if (store_sync_run_set(c->st, &s->run) < 0)
		core_spoil(c, 0);
	c->syncs->now = s;
	go(s);
	return true;
}

static void
next_begins(struct core *c)
{
	struct syncs *all = c->syncs;
	struct order *q = all->waiting;

	if (all->now != NULL || q == NULL || !begin(c, &q->o))
		return;
	all->waiting = q->next;
	free(q);
}

int
sync_start(struct core *c, const struct sync_order *o)
{
	struct syncs *all = c->syncs;
	struct order **at = &all->waiting, *q;

	if (directories_by_id(c, o->directory) == NULL)
		return -REL_E_NOTFOUND;
	if (sync_at_work(c, o->directory) != NULL ||
	    sync_waits(c, o->directory))
		return -REL_E_EXISTS;
	if ((q = calloc(1, sizeof *q)) == NULL)
		return -REL_E_NOMEM;
	q->o = *o;
	while (*at != NULL)
		at = &(*at)->next;
	*at = q;
	next_begins(c);
	return 0;
}

bool
sync_cancel(struct core *c, int64_t directory)
{
	struct syncs *all = c->syncs;

	for (struct order **at = &all->waiting; *at != NULL;
	    at = &(*at)->next) {
		struct order *q = *at;

		if (q->o.directory != directory)
			continue;
		*at = q->next;
		free(q);
		return true;
	}
	if (sync_at_work(c, directory) == NULL)
		return false;
	all->now->cancelled = true;
	/* Also while it waits for a part. */
	ends(all->now, SYNC_CANCELLED, "cancelled; who is missing was not "
	    "looked for");
	go(all->now);
	return true;
}

const struct sync_run *
sync_at_work(const struct core *c, int64_t directory)
{
	const struct sync *s = c->syncs->now;

	return s != NULL && s->run.directory == directory ? &s->run : NULL;
}

bool
sync_waits(const struct core *c, int64_t directory)
{
	for (const struct order *q = c->syncs->waiting; q != NULL;
	    q = q->next)
		if (q->o.directory == directory)
			return true;
	return false;
}

/* ---- the clock */

int64_t
sync_next_ms(struct core *c, int64_t directory)
{
	const struct directory *d = directories_settings(c, directory);
	const struct directory_row *r = directories_by_id(c, directory);
	const struct syncs *all = c->syncs;
	struct sync_run last;
	int64_t from;

	if (d == NULL || r == NULL)
		return 0;
	for (size_t i = 0; i < DIRECTORIES_MAX; i++)
		if (all->retry[i].directory == directory &&
		    all->retry[i].until_ms > 0)
			return all->retry[i].until_ms;
	/* What was due while releaserd was away is due now. */
	from = store_sync_last(c->st, directory, false, &last) == 0 ?
	    last.began_ms : r->changed_ms;
	return sync_due_ms(d, from);
}

static void
start_due(struct core *c)
{
	const struct directory_row *r;
	int64_t now = rel_now_ms();

	for (size_t i = 0; (r = directories_at(c, i)) != NULL; i++) {
		struct sync_order o = { .directory = r->id };
		int64_t due = sync_next_ms(c, r->id);

		if (due > 0 && due <= now)
			(void)sync_start(c, &o);
	}
}

void
syncs_tick(struct core *c)
{
	struct syncs *all = c->syncs;

	if (c->ticks % 10 == 3)
		start_due(c);
	if (all->now != NULL) {
		ask_next(all->now);
		go(all->now);
	}
	next_begins(c);
}

int
syncs_init(struct core *c)
{
	struct rel_err err;

	if ((c->syncs = calloc(1, sizeof *c->syncs)) == NULL)
		return -REL_E_NOMEM;
	if (core_write(c, &err) == 0 && store_sync_cut_off(c->st,
	    rel_now_ms()) < 0)
		core_spoil(c, 0);
	return 0;
}

void
syncs_fini(struct core *c)
{
	struct syncs *all = c->syncs;
	struct order *q;

	if (all == NULL)
		return;
	while ((q = all->waiting) != NULL) {
		all->waiting = q->next;
		free(q);
	}
	if (all->now != NULL)
		sync_free(all->now);
	free(all);
	c->syncs = NULL;
}
