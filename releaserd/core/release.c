/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * From tap to paper.  A release takes the job by compare-and-set; what has to
 * be altered is made first (make.c), then a send process carries it to the
 * device (sends.c), and what became of it is settled (settle.c).
 */
#include <stdlib.h>
#include <string.h>

#include "lib/fault.h"
#include "lib/send.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/release_priv.h"
#include "releaserd/core/store_lock.h"
#include "releaserd/core/transport.h"

/* ---- what is altered first */

struct to_make {
	struct job job;
	struct rel_ticket ticket;
	char driver[256];
	struct render_how how;
};

static void
making_now(struct core *c, void *arg, bool ok)
{
	struct to_make *m = arg;
	struct send_result no = { .job_id = (uint64_t)m->job.id,
	    .outcome = REL_SEND_AWAY, .reason = "The print server is too busy "
	    "to prepare the document: try again in a moment." };

	if (ok && make_start(c, &m->job, &m->ticket, m->driver,
	    &m->how) < 0)
		release_settle(c, &no);
	free(m);
}

static int
take_make(struct core *c, const struct job *j, const struct rel_ticket *t,
    const struct device *d)
{
	struct device_format f;
	struct to_make *m = calloc(1, sizeof *m);

	if (m == NULL)
		return -REL_E_NOMEM;
	m->job = *j;
	m->ticket = *t;
	if (device_by_ipp(d))
		device_limit(c, d, &m->ticket);
	device_format(c, d, j->format, &f);
	memcpy(m->driver, f.driver, sizeof m->driver);
	m->how = f.how;
	core_defer(c, making_now, m);
	return 0;
}

void
release_made(struct core *c, int64_t job)
{
	sends_go(c, job);
}

/* ---- taking a job */

/* The row of the job that goes out is its own from here on. */
static int
take_row(struct core *c, const struct job *was, const struct job *j,
    const struct job_take *t, const struct charge *ch)
{
	int rc = store_job_take(c->st, t);

	if (rc == -REL_E_NOTHELD)
		return rc;
	if (rc == 0 && j->copies != was->copies)
		rc = store_job_set_copies(c->st, j->id, j->copies);
	if (rc == 0)
		rc = charge_take(c, j, ch);
	if (rc == 0)
		rc = store_lock_wait_forget(c->st, j->id);
	return rc < 0 ? core_spoil(c, rc) : 0;
}

int
release_job(struct core *c, const struct job *held,
    const struct release_order *o, struct released *out)
{
	struct job j = *held;
	struct rel_ticket ticket;
	struct charge ch;
	struct peer *send;
	struct job_take t = { .id = j.id, .now_ms = rel_now_ms(),
	    .device_id = o->device->id, .ref = out->ref, .by = o->by,
	    .again = o->again };
	bool make, direct = direct_is(held);
	int rc;

	memset(out, 0, sizeof *out);
	if (o->copies > 0)
		j.copies = o->copies;
	if (direct && j.copies != held->copies)
		return gate_stop(out, "option-not-supported", "the data of "
		    "this job is at the computer it was printed at: the "
		    "number of its copies cannot be changed here");
	if ((rc = gate_pass(c, &j, o, &ch, out)) < 0)
		return rc;
	pages_ticket(&j, &ticket);
	make = !direct && pages_must_make(c, &j, &ticket, o->device);
	send = make || direct ? NULL : send_for(c, o->device->id);
	t.journal = direct ? DIRECT_JOURNAL : send != NULL ? send->journal :
	    0;
	ids_ref(out->ref);
	rel_fault("core:release-before-commit");
	if ((rc = take_row(c, held, &j, &t, &ch)) < 0)
		return rc;
	job_event(c, j.id, "release", "released by %.83s at %.64s, reference "
	    "%s", o->by, o->device->name, out->ref);
	device_limit_tell(c, o->device, j.id, &ticket);
	lists_forget(c, j.user_key);
	out->priced = ch.priced;
	out->cost_micro = ch.cost.micro;
	out->impressions = j.count.pages_sure == REL_SURE_UNKNOWN ? -1 :
	    j.count.sides * j.copies;
	rc = direct ? direct_take(c, &j) :
	    make ? take_make(c, &j, &ticket, o->device) :
	    sends_take(c, j.id, o->device->id, send);
	return rc < 0 ? core_spoil(c, rc) : 0;
}
