/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a life counter says of one document (doc/fleet.md, "To the end"). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/fleet.h"
#include "releaserd/core/follow.h"
#include "releaserd/core/record.h"
#include "releaserd/core/transport.h"

#define SOURCE "snmp"		/* of the counter, and the records' epoch */
#define COUNTER "counter.impressions"
#define MOST_MS (30 * 60000LL)
#define PENDING_MAX 200u

struct delta {
	int64_t job;
	char device[40], ref[16];
	int64_t before, value;		/* of the counter */
	int64_t heard_ms, since_ms;	/* wall */
	bool still;			/* value was heard while it was idle */
	struct delta *next;
};

static struct delta *pending;
static unsigned npending;

static void
drop(struct delta **at)
{
	struct delta *gone = *at;

	*at = gone->next;
	free(gone);
	npending--;
}

/* Another document at the same device: whose sides are they? */
static bool
drop_device(const char *device)
{
	struct delta **at = &pending;

	while (*at != NULL && strcmp((*at)->device, device) != 0)
		at = &(*at)->next;
	if (*at == NULL)
		return false;
	drop(at);
	return true;
}

static bool
is_idle(struct core *c, const char *device)
{
	struct fleet_now now;

	fleet_now(c, device, &now);
	return now.state != NULL && (strcmp(now.state, "idle") == 0 ||
	    strcmp(now.state, "sleep") == 0);
}

static bool
counter(struct core *c, const char *device, int64_t *out)
{
	char text[24];

	return fleet_item(c, device, COUNTER, text, sizeof text) &&
	    rel_int(out, text, 0, INT64_MAX);
}

void
delta_begin(struct core *c, const struct job *j)
{
	const struct device *d = device_at(c, j->device_id);
	int64_t heard = fleet_heard_ms(c, j->device_id, SOURCE, COUNTER);
	struct delta *n;
	int64_t before;

	if (d == NULL || drop_device(d->id) || device_by_ipp(d) ||
	    d->level >= 3 || follow_sides(j) <= 0 || heard == 0 ||
	    heard >= j->released_ms || npending >= PENDING_MAX ||
	    !is_idle(c, d->id) || !counter(c, d->id, &before) ||
	    (n = calloc(1, sizeof *n)) == NULL)
		return;
	n->job = j->id;
	memcpy(n->device, d->id, sizeof n->device);
	snprintf(n->ref, sizeof n->ref, "%s", j->release_ref);
	n->before = n->value = before;
	n->heard_ms = n->since_ms = rel_now_ms();
	n->next = pending;
	pending = n;
	npending++;
}

static void
note(struct core *c, const struct delta *d)
{
	int64_t sides = d->value - d->before, expected;
	struct req_record r;
	struct rel_err err;
	struct job j;
	int rc = 0;

	if (store_job_get(c->st, d->job, &j) < 0 || j.state != JOB_SENT ||
	    strcmp(j.release_ref, d->ref) != 0 || core_write(c, &err) < 0)
		return;
	expected = follow_sides(&j);
	job_event(c, j.id, "counted", "the device's life counter went up by "
	    "%lld %s, %lld %s expected", (long long)sides, sides == 1 ?
	    "side" : "sides", (long long)expected, expected == 1 ? "was" :
	    "were");
	follow_as_expected(&j, "snmp-delta", &r);
	if (sides == expected && r.seq != 0)
		rc = record_take(c, d->device, SOURCE, &r);
	if (rc < 0)
		core_spoil(c, rc);
}

/* It was heard again: true when there is nothing more to wait for. */
static bool
heard(struct core *c, struct delta *d)
{
	int64_t value;
	bool idle = is_idle(c, d->device);

	if (!counter(c, d->device, &value) || value < d->before)
		return true;		/* reset, or it went round */
	if (idle && d->still && value == d->value) {
		note(c, d);
		return true;
	}
	d->still = idle;
	d->value = value;
	return false;
}

void
delta_tick(struct core *c)
{
	int64_t now = rel_now_ms();

	for (struct delta **at = &pending; *at != NULL;) {
		struct delta *d = *at;
		int64_t ms = fleet_heard_ms(c, d->device, SOURCE, COUNTER);
		bool over = now - d->since_ms > MOST_MS;

		if (!over && ms > d->heard_ms) {
			d->heard_ms = ms;
			over = heard(c, d);
		}
		if (over)
			drop(at);
		else
			at = &d->next;
	}
}

void
delta_fini(void)
{
	while (pending != NULL)
		drop(&pending);
}
