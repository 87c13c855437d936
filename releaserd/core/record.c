/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Usage records of devices: kept once, counted once, paid once. */
#include "releaserd/core/record.h"

#include <stdio.h>
#include <string.h>

#include "lib/fault.h"
#include "lib/media.h"
#include "lib/text.h"
#include "releaserd/core/activity.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/release_priv.h"
#include "releaserd/when.h"

#define HOLES_TOLD 20u		/* of a log at a time; then all in one */
#define RECORDS_OF_RELEASE 200	/* what comes after them has no job */

/* The digits of a release's reference as a number; 0: it is none. */
static int64_t
ref_number(const char *ref)
{
	uint64_t v;

	return strlen(ref) == 10 && rel_unb32(&v, ref, 10) ? (int64_t)v : 0;
}

/* Texts are only compared: a hash of them is enough. 0 for none. */
static int64_t
text_number(const char *text)
{
	uint8_t md[32];
	uint64_t v;

	if (text[0] == '\0')
		return 0;
	keys_sha256(md, text, strlen(text));
	memcpy(&v, md, sizeof v);
	return (int64_t)(v >> 1) + 1;
}

static enum settle_source
source_of(const char *measure)
{
	static const enum settle_source all[] = { SOURCE_DEVICE, SOURCE_IPP,
	    SOURCE_SNMP_DELTA };

	if (measure[0] == '\0')
		return SOURCE_DEVICE;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(measure, settle_source_name(all[i])) == 0)
			return all[i];
	return SOURCE_ESTIMATE;
}

int
record_sum_of(struct core *c, const struct job *j, struct record_sum *out)
{
	int64_t ref = ref_number(j->release_ref);

	memset(out, 0, sizeof *out);
	return ref == 0 ? 0 : store_record_sum(c->st, j->id, ref, out);
}

/* ---- what it means for its job */

/* Where the device does not say the size: on what most sides have. */
static void
name_papers(struct job_count *n, const struct record_sum *sum)
{
	uint32_t w = 0, h = 0;

	(void)rel_media_size(n->media, &w, &h);
	n->papers.n = 0;
	for (unsigned i = 0; i < sum->papers.n; i++) {
		struct rel_paper one = sum->papers.of[i];

		if (one.width == 0) {
			one.width = w;
			one.height = h;
		}
		rel_papers_add(&n->papers, &one);
	}
}

/* It does not say any: as the job was made, so often as it came out. */
static void
job_papers(const struct job *j, struct job_count *n)
{
	const struct job_count *one = j->out_copies > 0 ? &j->out :
	    &j->count;
	int64_t times = one->sides > 0 ? n->sides / one->sides : 0;

	n->papers = one->papers;
	for (unsigned i = 0; i < n->papers.n && times > 1; i++) {
		struct rel_paper *p = &n->papers.of[i];

		p->sides = (uint32_t)(p->sides * times);
		p->colour = (uint32_t)(p->colour * times);
		p->sheets = (uint32_t)(p->sheets * times);
	}
	rel_papers_fit(&n->papers, (uint32_t)n->sides, (uint32_t)n->colour,
	    (uint32_t)n->sheets);
}

static struct job_count
count_of(const struct job *j, const struct record_sum *sum)
{
	struct job_count n = j->count;

	n.sheets = sum->sheets;
	n.colour = sum->colour;
	n.sides = sum->mono + sum->colour;
	if (sum->media[0] != '\0')
		memcpy(n.media, sum->media, sizeof n.media);
	if (sum->papers.n > 0)
		name_papers(&n, sum);
	else if (sum->media[0] == '\0')
		job_papers(j, &n);
	else
		n.papers.n = 0;
	return n;
}

/* The figures of the hour: once a job, then only what is different. */
static int
figures(struct core *c, const struct job *j, const struct record_sum *was,
    const struct job_count *n)
{
	bool counted = j->state == JOB_SENT || was->n > 0;
	int64_t times = counted ? j->out_copies : 0;
	struct usage u = { .hour_ms = when_start(j->ended_ms > 0 ?
	    j->ended_ms : rel_now_ms(), WHEN_HOUR) };

	u.sum.jobs = !counted;
	u.sum.sheets = n->sheets - j->out.sheets * times;
	u.sum.sides = n->sides - j->out.sides * times;
	u.sum.colour = n->colour - j->out.colour * times;
	u.sum.uncounted = counted && was->n == 0 && j->out.sides == 0 ? -1 :
	    0;
	memcpy(u.user_key, j->user_key, sizeof u.user_key);
	memcpy(u.device_id, j->device_id, sizeof u.device_id);
	memcpy(u.queue, j->queue, sizeof u.queue);
	return store_usage_add(c->st, &u);
}

/* An amount that cannot be, an account that is closed: told, not lost. */
static int
not_charged(struct core *c, const struct job *j, int rc)
{
	if (rc != -REL_E_LIMIT && rc != -REL_E_DENIED && rc != -REL_E_NOTFOUND)
		return rc;
	rel_log(REL_WARN, "a usage record is not charged", "job=%s why=%d",
	    ids_text(j->id), rc);
	job_event(c, j->id, "uncharged", "what the device says came out "
	    "cannot be charged: the account is closed or gone, or the amount "
	    "is too large");
	return 0;
}

/* Paid: this release while its money is set aside, else the whole job. */
static int
charged(struct core *c, const struct job *j, const struct record_sum *now)
{
	struct record_sum all = *now;
	struct reservation r;
	struct job_count n;
	int rc = store_reservation_get(c->st, j->id, &r);

	if (rc == -REL_E_NOTFOUND)
		rc = store_record_sum(c->st, j->id, 0, &all);
	if (rc < 0)
		return rc;
	n = count_of(j, &all);
	return not_charged(c, j, charge_record(c, j, &n, all.source));
}

int
record_apply(struct core *c, const struct job *j,
    const struct record_sum *was, const struct record_sum *now)
{
	struct job_count n = count_of(j, now);
	int rc = store_job_set_out(c->st, j->id, &n, 1);

	if (rc == 0)
		rc = figures(c, j, was, &n);
	return rc < 0 ? rc : charged(c, j, now);
}

/* It was not sure whether it had printed: now it is. */
static int
confirmed(struct core *c, const struct job *j)
{
	int rc = store_job_confirm(c->st, j->id, rel_now_ms());

	if (rc < 0)
		return rc == -REL_E_NOTHELD ? 0 : rc;
	job_event(c, j->id, "sent", "the device says that it printed all "
	    "of it");
	job_wipe_later(c, j->id);
	lists_forget(c, j->user_key);
	return 0;
}

static void
reported(struct core *c, const struct job *j, const struct req_record *r)
{
	job_event(c, j->id, "reported", "the device says: %lld %s (%lld in "
	    "colour) on %lld %s came out; %s%s%s%s", (long long)r->sides,
	    r->sides == 1 ? "side" : "sides", (long long)r->colour,
	    (long long)r->sheets, r->sheets == 1 ? "sheet" : "sheets",
	    r->result, r->cause[0] != '\0' ? ", " : "", r->cause,
	    r->corrects[0] != '\0' ? "; this corrects what it said before" :
	    "");
}

/* It is kept: what does it change? */
static int
counted(struct core *c, const struct job *j, const struct req_record *r,
    const struct record_sum *was)
{
	struct record_sum now;
	int rc;

	reported(c, j, r);
	if (j->state == JOB_RELEASING)
		return 0;		/* when its transfer ends: settle.c */
	if ((rc = record_sum_of(c, j, &now)) < 0)
		return rc;
	rc = record_apply(c, j, was, &now);
	if (rc == 0 && now.completed && j->state == JOB_UNCONFIRMED)
		rc = confirmed(c, j);
	return rc;
}

/* ---- what a device sends */

/* Its job, when it was released at this device; 0, else j->id is 0. */
static int
job_of_record(struct core *c, const char *device_id,
    const struct req_record *r, struct job *j)
{
	int rc = -REL_E_NOTFOUND;

	if (r->ref[0] != '\0' && strcmp(r->function, "print") == 0)
		rc = store_job_by_ref(c->st, r->ref, j);
	if (rc == 0 && strcmp(j->device_id, device_id) == 0)
		return 0;
	memset(j, 0, sizeof *j);
	return rc == -REL_E_NOTFOUND ? 0 : rc;
}

static void
row_of(const struct req_record *r, const struct job *j,
    struct usage_record *u)
{
	u->seq = r->seq;
	u->at_ms = rel_now_ms();
	if (r->code[0] != '\0')
		return;			/* its number is used up, no more */
	u->job = j->id;
	u->ref = ref_number(r->ref);
	u->sheets = r->sheets;
	u->colour = r->colour;
	u->mono = r->sides - r->colour;
	u->rid = text_number(r->record_id);
	u->corrects = text_number(r->corrects);
	u->completed = strcmp(r->result, "completed") == 0;
	u->source = source_of(r->measure);
	u->counted = r->life > 0;
	u->life_to = u->life_from = r->life;
	if (r->corrects[0] == '\0' && walk_up_of(r->function)->paper)
		u->life_from -= r->sides;
	if (u->life_from < 0)
		u->counted = false;
	if (j->id != 0 && (strcmp(r->media, j->count.media) != 0 ||
	    j->count.papers.n > 1))
		memcpy(u->media, r->media, sizeof u->media);
	if (j->id != 0 && r->papers.n > 1)
		u->papers = r->papers;
}

/* A copy, a scan, a fax: no job of ours. */
static bool
is_activity(const struct req_record *r)
{
	return r->code[0] == '\0' && strcmp(r->function, "print") != 0;
}

/* Kept, and whose it is: 1 when it is new, 0 when it was here before. */
static int
take_activity(struct core *c, const char *device_id,
    const struct req_record *r, struct usage_record *u)
{
	struct record_sum now;
	struct rel_err err = { 0 };
	struct activity a;
	int rc = store_record_known(c->st, u);

	if (rc != 0)
		return rc < 0 ? rc : 0;
	if ((rc = activity_of_record(c, device_id, r, u, &a)) < 0 ||
	    (rc = store_record_sum(c->st, ACTIVITY_JOB(a.id), 0, &now)) < 0)
		return rc;
	if (now.n >= RECORDS_OF_RELEASE &&
	    (rc = activity_new(c, device_id, r, &a)) < 0)
		return rc;
	u->job = ACTIVITY_JOB(a.id);
	memcpy(u->media, r->media, sizeof u->media);
	if (r->papers.n > 1)
		u->papers = r->papers;
	if ((rc = ledger_record(c->st, u, &err)) < 0)
		return rc;
	rel_fault("core:record-kept");
	if ((rc = store_record_sum(c->st, u->job, 0, &now)) == 0)
		rc = activity_counted(c, &a, r, &now);
	return rc < 0 ? rc : 1;
}

int
record_take(struct core *c, const char *device_id, const char *epoch,
    const struct req_record *r)
{
	struct usage_record u = { .job = 0 };
	struct record_sum was = { .n = 0 };
	struct rel_err err = { 0 };
	struct job j = { .id = 0 };
	int rc = 0;

	if (r->seq == 0)
		return 0;
	if (r->code[0] == '\0')
		rc = job_of_record(c, device_id, r, &j);
	if (rc == 0 && j.id != 0)
		rc = record_sum_of(c, &j, &was);
	if (rc < 0)
		return rc;
	if (was.n >= RECORDS_OF_RELEASE) {
		rel_log(REL_WARN, "too many usage records of one job",
		    "job=%s device=%s", ids_text(j.id), device_id);
		j.id = 0;
	}
	snprintf(u.device_id, sizeof u.device_id, "%s", device_id);
	snprintf(u.epoch, sizeof u.epoch, "%s", epoch);
	row_of(r, &j, &u);
	if (is_activity(r))
		return take_activity(c, device_id, r, &u);
	if ((rc = ledger_record(c->st, &u, &err)) < 0)
		return rc == -REL_E_EXISTS ? 0 : rc;
	rel_fault("core:record-kept");
	rc = j.id != 0 ? counted(c, &j, r, &was) : 0;
	return rc < 0 ? rc : 1;
}

static json_t *
rejected_json(const struct request *rq)
{
	json_t *all = json_array();

	for (size_t i = 0; i < rq->nrecords; i++) {
		const struct req_record *r = &rq->records[i];

		if (r->code[0] == '\0')
			continue;
		json_array_append_new(all, json_pack("{s:o,s:s,s:s}", "seq",
		    r->seq > 0 ? json_integer(r->seq) : json_null(), "code",
		    r->code, "detail", r->why));
	}
	return all;
}

/* ---- what is lost */

static void
lost(struct core *c, const char *device_id, const char *what, int64_t sides)
{
	const struct device *d = device_at(c, device_id);
	char text[300], count[80] = "its counter does not tell how many";

	if (sides >= 0)
		snprintf(count, sizeof count, "its counter says %lld %s",
		    (long long)sides, sides == 1 ? "side" : "sides");
	snprintf(text, sizeof text, "%.64s: %s; %s", d != NULL ? d->name :
	    device_id, what, count);
	rel_log(REL_WARN, "usage records are lost", "device=%s sides=%lld",
	    device_id, (long long)sides);
	if (store_audit(c->st, rel_now_ms(), "releaserd", "usage-gap",
	    text) < 0)
		core_spoil(c, 0);
}

/* What the device has no more, and never was here: hole after hole. */
static int
told_lost(struct core *c, const struct usage_record *e, int64_t acked,
    int64_t oldest)
{
	struct record_hole hole;
	unsigned told = 0;
	char what[100];
	int rc = 0;

	for (int64_t at = acked; rc == 0 && at < oldest - 1; at = hole.last) {
		bool whole = ++told < HOLES_TOLD;

		rc = store_record_hole(c->st, e, at, oldest, &hole);
		if (rc < 0 || hole.first > hole.last)
			return rc;
		if (!whole) {
			hole.last = oldest - 1;
			hole.sides = -1;
		}
		snprintf(what, sizeof what, !whole ?
		    "some of records %lld to %lld of its log are lost" :
		    hole.first == hole.last ?
		    "record %lld of its log is lost" :
		    "records %lld to %lld of its log are lost",
		    (long long)hole.first, (long long)hole.last);
		lost(c, e->device_id, what, hole.sides);
	}
	return rc;
}

/* A new log: what came out between the last record of the one before it and
 * its first. */
static int
told_new_log(struct core *c, const struct usage_record *e)
{
	int64_t sides = -1;
	int rc = store_record_logs(c->st, e, &sides);

	if (rc == 0 && sides != 0)
		lost(c, e->device_id, "it lost its log and began a new one",
		    sides);
	return rc == -REL_E_NOTFOUND ? 0 : rc;
}

/* All of it is written down: up to where is the log here? */
static int
log_move(struct core *c, struct usage_taken *t, bool known)
{
	struct usage_record e = { .seq = 1 };
	int64_t was = 0, here;
	int rc;

	snprintf(e.device_id, sizeof e.device_id, "%s", t->device_id);
	snprintf(e.epoch, sizeof e.epoch, "%s", t->epoch);
	rc = store_record_acked(c->st, &e, false, &was);
	here = known || !t->gone ? was : t->begins - 1;
	if (rc == 0 && (was > 0 || t->gone) && t->oldest > here + 1)
		rc = told_lost(c, &e, here, t->oldest);
	if (rc == 0 && t->gone)
		rc = store_record_skip(c->st, &e, t->oldest - 1);
	e.seq = t->oldest;
	if (rc == 0)
		rc = store_record_acked(c->st, &e, true, &t->acked);
	if (rc == 0)
		rc = store_record_last(c->st, e.device_id, e.epoch, &t->last);
	return rc == 0 && was == 0 && t->acked > 0 ? told_new_log(c, &e) :
	    rc;
}

/* The last number of this log; it may be that of a device that was removed
 * and is here again under another id. */
static int
known_log(struct core *c, const struct usage_record *e, int64_t *last)
{
	const struct device *d;
	int rc = store_record_last(c->st, e->device_id, e->epoch, last);

	if (rc < 0 || *last > 0 || (d = device_at(c, e->device_id)) == NULL)
		return rc;
	rc = store_record_adopt(c->st, d->id, d->serial, e->epoch);
	return rc < 0 ? rc : store_record_last(c->st, e->device_id, e->epoch,
	    last);
}

int
usage_take(struct core *c, struct usage_taken *t)
{
	struct usage_record e = { .seq = 1 };
	bool known;
	int64_t was;
	int rc;

	snprintf(e.device_id, sizeof e.device_id, "%s", t->device_id);
	snprintf(e.epoch, sizeof e.epoch, "%s", t->epoch);
	if ((rc = known_log(c, &e, &was)) < 0)
		return rc;
	known = was > 0;
	for (size_t i = 0; i < t->n && rc >= 0; i++) {
		rc = record_take(c, t->device_id, t->epoch, &t->records[i]);
		t->fresh += rc > 0;
	}
	if (rc >= 0)
		rc = log_move(c, t, known);
	if (rc < 0)
		return rc;
	rel_log(REL_INFO, "usage records", "device=%s came=%zu new=%u "
	    "acked=%lld", t->device_id, t->n, t->fresh,
	    (long long)t->acked);
	return 0;
}

void
usage_push(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *d = device_of(c, rq, a);
	char id[sizeof d->id];
	struct usage_taken t = { .device_id = id, .epoch = req_str(rq,
	    F_EPOCH), .records = rq->records, .n = rq->nrecords,
	    .oldest = req_num(rq, F_OLDEST_SEQ, 1) };
	struct rel_err err;
	int rc;

	if (d == NULL)
		return;
	memcpy(id, d->id, sizeof id);
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	rc = usage_take(c, &t);
	rel_fault("core:records-kept");
	if (rc < 0) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
		return;
	}
	if (t.last > t.acked)
		fleet_push(c, id, FLEET_PULL_USAGE);
	reply_json(c, a, 200, json_pack("{s:I,s:o}", "acked_seq",
	    (json_int_t)t.acked, "rejected", rejected_json(rq)));
}

bool
usage_wanted(struct core *c, const char *device_id, const char *epoch,
    int64_t last_seq)
{
	struct usage_record oldest = { .seq = 1 };
	int64_t acked = 0;
	int rc = 0;

	if (last_seq <= 0)
		return false;
	snprintf(oldest.device_id, sizeof oldest.device_id, "%s", device_id);
	if (epoch != NULL)
		snprintf(oldest.epoch, sizeof oldest.epoch, "%s", epoch);
	else
		rc = store_record_epoch(c->st, device_id, oldest.epoch,
		    sizeof oldest.epoch);
	if (rc == 0)
		rc = store_record_acked(c->st, &oldest, false, &acked);
	return rc == -REL_E_NOTFOUND || (rc == 0 && acked < last_seq);
}
