/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What became of a transfer: a send process says it in a message, and,
 * whatever dies, it stands in the transfer journal (ipc.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/send.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/record.h"
#include "releaserd/core/release_priv.h"
#include "releaserd/core/transport.h"
#include "releaserd/when.h"

void
journal_name(char out[40], int64_t number)
{
	snprintf(out, 40, "t%lld.journal", (long long)number);
}

void
journal_drop(struct core *c, int64_t number)
{
	char name[40];

	if (number == 0)
		return;
	journal_name(name, number);
	unlinkat(c->spool_dir, name, 0);
}

void
orphan_add(struct core *c, int64_t job, int64_t journal)
{
	struct orphan *o = calloc(1, sizeof *o);

	if (o == NULL)
		return;			/* the next start finds it */
	o->job = job;
	o->journal = journal;
	o->next = c->releases->orphans;
	c->releases->orphans = o;
}

/* ---- settling: what became of a transfer */

struct settled {
	int64_t job, journal;
	enum job_state to;
	bool direct;			/* its client says it again */
	char user_key[84];
};

static void
settled(struct core *c, void *arg, bool ok)
{
	struct settled *s = arg;

	if (ok) {
		rel_fault("core:after-settle");
		journal_drop(c, s->journal);
		make_drop(c, s->job);
		lists_forget(c, s->user_key);
	} else if (!s->direct) {
		/* The journal still says it: settle at a later tick. */
		orphan_add(c, s->job, s->journal);
	}
	free(s);
}

/* It came out: that is counted, once, as the job's state changes. */
static int
settle_out(struct core *c, const struct job *j, const struct job_count *n,
    int64_t copies)
{
	struct usage u = { .hour_ms = when_start(rel_now_ms(), WHEN_HOUR),
	    .sum = { .jobs = 1, .sheets = n->sheets * copies, .sides =
	    n->sides * copies, .colour = n->colour * copies, .uncounted =
	    n->sides == 0 } };
	int rc = j->out_copies > 0 ? 0 :
	    store_job_set_out(c->st, j->id, n, copies);

	memcpy(u.user_key, j->user_key, sizeof u.user_key);
	memcpy(u.device_id, j->device_id, sizeof u.device_id);
	memcpy(u.queue, j->queue, sizeof u.queue);
	return rc < 0 ? rc : store_usage_add(c->st, &u);
}

/*
 * What it means for pages and money; in the open transaction.  A device that
 * was faster than its transfer has said what came out.
 */
static int
settle_counts(struct core *c, const struct job *j, enum job_state to,
    const struct record_sum *said)
{
	/* What was altered has its count already. */
	bool made = j->out_copies > 0;
	const struct job_count *n = made ? &j->out : &j->count;
	int64_t copies = made ? j->out_copies : j->copies;
	const struct record_sum nothing = { .n = 0 };
	int rc;

	if (said->n > 0)
		return record_apply(c, j, &nothing, said);
	rc = to == JOB_SENT ? settle_out(c, j, n, copies) : 0;
	return rc < 0 ? rc : charge_ended(c, j, to, n, copies);
}

/* In the open transaction: the job gets its outcome. */
static int
settle_row(struct core *c, const struct job *j, const struct send_result *r)
{
	struct job_settle s = { .id = j->id, .now_ms = rel_now_ms(),
	    .sent_bytes = (int64_t)r->bytes, .reason = r->reason,
	    .to = r->outcome == REL_SEND_SENT ? JOB_SENT :
	    r->outcome == REL_SEND_UNCONFIRMED ? JOB_UNCONFIRMED : JOB_HELD };
	struct record_sum said;
	int rc = record_sum_of(c, j, &said);

	if (s.to == JOB_UNCONFIRMED && said.completed)
		s.to = JOB_SENT;	/* the device has said so before */
	if (rc == 0)
		rc = store_job_settle(c->st, &s);
	if (rc == -REL_E_NOTHELD)
		return rc;
	if (rc == 0)
		rc = settle_counts(c, j, s.to, &said);
	if (rc < 0)
		return core_spoil(c, rc);
	job_event(c, j->id, journal_word((enum rel_send_outcome)r->outcome),
	    "%s%llu bytes%s%s",
	    r->outcome == REL_SEND_SENT ? "the device has it: " : "",
	    (unsigned long long)r->bytes, r->reason[0] != '\0' ? "; " : "",
	    r->reason);
	if (s.to == JOB_SENT)
		job_wipe_later(c, j->id);
	if (s.to != JOB_HELD)
		transport_settled(c, j, r);
	rel_log(s.to == JOB_SENT ? REL_INFO : REL_WARN, "transfer ended",
	    "job=%s outcome=%s bytes=%llu why=\"%s\"", ids_text(j->id),
	    journal_word((enum rel_send_outcome)r->outcome),
	    (unsigned long long)r->bytes, r->reason);
	return s.to;
}

void
settle(struct core *c, int64_t journal, const struct send_result *r)
{
	struct settled *s = calloc(1, sizeof *s);
	struct rel_err err;
	struct job j;
	int rc;

	if (s == NULL)
		return;
	s->job = (int64_t)r->job_id;
	s->journal = journal;
	rel_fault("core:before-settle");
	rc = store_job_get(c->st, s->job, &j);
	if (rc < 0 && rc != -REL_E_NOTFOUND) {
		settled(c, s, false);	/* unreadable now: not the same as gone */
		return;
	}
	if (rc < 0 || j.state != JOB_RELEASING ||
	    (journal != 0 && j.journal != journal)) {
		journal_drop(c, journal);	/* settled before */
		free(s);
		return;
	}
	memcpy(s->user_key, j.user_key, sizeof s->user_key);
	s->direct = direct_is(&j);
	if (core_write(c, &err) < 0) {
		settled(c, s, false);
		return;
	}
	rc = settle_row(c, &j, r);
	if (rc > 0)
		s->to = (enum job_state)rc;
	core_defer(c, settled, s);
}

/* ---- reading a journal */

static int
journal_open(struct core *c, int64_t number)
{
	char name[40];

	journal_name(name, number);
	return openat(c->spool_dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
}

int
journal_look(struct core *c, int64_t number, struct journal *jn)
{
	struct rel_err err;
	int fd, rc;

	memset(jn, 0, sizeof *jn);
	jn->state = JOURNAL_NOTHING;
	if (number == 0)
		return 0;
	if ((fd = journal_open(c, number)) < 0) {
		/* It goes only after its job is settled: be careful. */
		jn->state = JOURNAL_STARTED;
		return errno == ENOENT ? 0 : -REL_E_IO;
	}
	rc = journal_lock(fd, &err);
	if (rc == 0 && journal_read(fd, jn, &err) < 0)
		jn->state = JOURNAL_STARTED;
	close(fd);
	return rc == -REL_E_EXISTS ? 1 : rc;
}

bool
settle_by_journal(struct core *c, int64_t job, int64_t journal)
{
	struct send_result r = { .job_id = (uint64_t)job,
	    .outcome = REL_SEND_AWAY };
	struct journal jn;

	if (journal_look(c, journal, &jn) != 0)
		return false;
	switch (jn.state) {
	case JOURNAL_ENDED:
		r.outcome = (uint8_t)jn.outcome;
		memcpy(r.reason, jn.reason, sizeof r.reason);
		if (sscanf(jn.reason, JOURNAL_JOB, &r.device_job) != 1)
			r.device_job = 0;
		break;
	case JOURNAL_STARTED:
		r.outcome = REL_SEND_UNCONFIRMED;
		snprintf(r.reason, sizeof r.reason, "The transfer broke off "
		    "in the middle. It may have printed, in whole or part.");
		break;
	case JOURNAL_NOTHING:
		snprintf(r.reason, sizeof r.reason, "The transfer was "
		    "interrupted before anything was printed.");
		break;
	}
	settle(c, journal, &r);
	return true;
}

void
release_settle(struct core *c, const struct send_result *r)
{
	settle(c, 0, r);
}

/* ---- transfers of an earlier core */

void
orphans_tick(struct core *c)
{
	struct orphan *o, *all = c->releases->orphans;

	/* What cannot be settled now comes back for the next tick. */
	c->releases->orphans = NULL;
	while ((o = all) != NULL) {
		all = o->next;
		if (settle_by_journal(c, o->job, o->journal)) {
			free(o);
		} else {
			o->next = c->releases->orphans;
			c->releases->orphans = o;
		}
	}
}

bool
orphans_have(const struct core *c, int64_t journal)
{
	for (const struct orphan *o = c->releases->orphans; o != NULL;
	    o = o->next)
		if (o->journal == journal)
			return true;
	return false;
}
