/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Jobs in the local API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/follow.h"
#include "releaserd/core/mail.h"

static bool
job_is_own(const struct job *j, const struct caller *who)
{
	return strcmp(j->user_key, who->key) == 0;
}

json_t *
api_job_json(struct core *c, const struct job *j, const struct caller *who)
{
	json_t *o = job_json(c, j);

	if (o != NULL && !api_sees_title(who, j))
		json_object_set_new(o, "title", json_null());
	return o;
}

/*
 * What a delegate may see: what waits, and what became of that which he or
 * she printed.  What was printed before is its owner's business.
 */
static bool
delegate_sees(const struct job *j, const struct caller *who)
{
	return j->state == JOB_HELD || j->state == JOB_RELEASING ||
	    j->state == JOB_UNCONFIRMED ||
	    strcmp(j->released_by, who->name) == 0;
}

/* The delegate of the job's owner; rc as job_of_path(). */
static int
job_of_delegate(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, const struct job *j)
{
	bool look = routes[rq->route].method == HTTP_GET &&
	    rq->route != API_JOB_PREVIEW;

	if (look && who->role < WHO_HELPDESK && !delegate_sees(j, who)) {
		reply_problem(c, a, "job-unknown", 0,
		    "there is no job \"%s\"", req_str(rq, F_ID));
		return -1;
	}
	if (look || (rq->route == API_JOB_RELEASE &&
	    req_num(rq, F_COPIES, 0) == 0))
		return 0;
	reply_problem(c, a, "forbidden", 0, "a delegate sees and prints the "
	    "jobs of %s as they are, and does nothing else with them",
	    j->user);
	return -1;
}

int
api_job_of_path(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct job *j)
{
	bool look = routes[rq->route].method == HTTP_GET &&
	    rq->route != API_JOB_PREVIEW;
	int64_t id;
	int rc = -REL_E_NOTFOUND;

	if (ids_job_parse(&id, req_str(rq, F_ID)))
		rc = store_job_get(c->st, id, j);
	if (rc == 0 && who->role < WHO_OPERATOR && !job_is_own(j, who) &&
	    (look || rq->route == API_JOB_PREVIEW ||
	    rq->route == API_JOB_APPROVAL) && api_approves(c, who, j))
		return 0;
	if (rc == 0 && who->role < WHO_OPERATOR &&
	    api_is_delegate(c, who, j->user_key))
		return job_of_delegate(c, rq, a, who, j);
	if (rc == 0 && !job_is_own(j, who) && who->role < WHO_HELPDESK)
		rc = -REL_E_NOTFOUND;
	if (rc == 0 && !job_is_own(j, who) && !look)
		return api_need(c, a, who, WHO_OPERATOR);
	if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, "job-unknown", 0,
		    "there is no job \"%s\"", req_str(rq, F_ID));
	else if (rc < 0)
		reply_broken(c, a, rc);
	return rc;
}

static void
job_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct job j;

	if (api_job_of_path(c, rq, a, who, &j) < 0)
		return;
	/* A program that fetches it may have nobody in front of it. */
	if (who->login != 0)
		listen_heard(c, who->key);
	else if (strcmp(j.user_key, who->key) == 0)
		mail_seen(c, j.id);
	reply_json(c, a, 200, api_job_json(c, &j, who));
}

void
api_job_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_get);
}

/* Says why a job that is not held cannot be touched. */
static void
job_not_held(struct core *c, struct asker *a, const struct job *j)
{
	struct job now = *j;

	(void)store_job_get(c->st, j->id, &now);
	reply_problem(c, a, now.state == JOB_EXPIRED ? "job-expired" :
	    "job-not-held", 0, "the job is %s%s%.150s",
	    job_state_name(now.state), now.reason[0] != '\0' ? ": " : "",
	    now.reason);
}

/* ---- changes of a held job */

#define ANSWERED 1			/* of a change: a refusal was said */
#define BEGUN 2				/* it goes on at the device: 202 */

struct job_change {
	/* 0; ANSWERED; BEGUN; -REL_E_NOTHELD or what is broken. In the
	 * turn. */
	int (*make)(struct core *c, const struct request *rq,
	    struct asker *a, const struct caller *who, struct job *j);
	const char *audit;		/* when it is somebody else's job */
	int status;			/* 204, or with the job as it is now */
};

static void
job_change(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, const struct job_change *change)
{
	struct rel_err err;
	struct job j;
	int rc, status;

	if (api_job_of_path(c, rq, a, who, &j) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	rc = change->make(c, rq, a, who, &j);
	if (rc == ANSWERED)
		return;
	if (rc == -REL_E_NOTHELD) {
		job_not_held(c, a, &j);
		return;
	}
	status = rc == BEGUN ? 202 : change->status;
	if (rc < 0 || (rc = store_job_get(c->st, j.id, &j)) < 0) {
		reply_broken(c, a, rc);
		return;
	}
	if (!job_is_own(&j, who))
		api_audit(c, who, change->audit, req_str(rq, F_ID));
	if (status == 204)
		reply_text(c, a, 204, NULL, 0);
	else
		reply_json(c, a, status, api_job_json(c, &j, who));
}

/* One that a device has already: it may still be kept from printing on. */
static int
del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct job *j)
{
	int rc = job_delete(c, j, who->name);

	(void)rq;
	(void)a;
	if (rc != -REL_E_NOTHELD)
		return rc;
	rc = follow_cancel(c, j, who->name);
	return rc == 0 ? BEGUN : rc;
}

static void
job_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	static const struct job_change change = { del, "job-deleted", 204 };

	job_change(c, rq, a, who, &change);
}

void
api_job_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_del);
}

static int
release(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct job *j)
{
	struct device d;
	const struct release_order o = { .by = who->name, .device = &d,
	    .copies = (int)req_num(rq, F_COPIES, 0), .again = true,
	    .confirm = req_num(rq, F_CONFIRM, 0) != 0,
	    .operator = who->role >= WHO_OPERATOR, .caller = who };
	struct released got;
	int rc;

	if (j->pin_scheme[0] != '\0' && who->role < WHO_OPERATOR) {
		reply_problem(c, a, "forbidden", 0, "this job is "
		    "confidential: release it at a device with its PIN");
		return ANSWERED;
	}
	if (device_find(c, a, req_str(rq, F_DEVICE), &d) < 0)
		return ANSWERED;
	rc = release_job(c, j, &o, &got);
	if (rc != -REL_E_DENIED)
		return rc;
	reply_problem(c, a, got.code, 0, "%s", got.text);
	return ANSWERED;
}

static void
job_release(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	static const struct job_change change = { release, "job-released",
	    202 };

	job_change(c, rq, a, who, &change);
}

void
api_job_release(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_release);
}

static int
keep(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct job *j)
{
	(void)rq;
	(void)a;
	return job_keep(c, j, who->name);
}

static void
job_kept(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	static const struct job_change change = { keep, "job-kept", 200 };

	job_change(c, rq, a, who, &change);
}

void
api_job_keep(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_kept);
}

static int
options(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct job *j)
{
	struct rel_err err = { 0 };
	struct job now = *j;

	if (rq->options.unsupported[0] != '\0') {
		reply_problem(c, a, "option-not-supported", 0,
		    "there is no option \"%s\"", rq->options.unsupported);
		return ANSWERED;
	}
	if (pages_change(&now, rq->options.changes, &err) < 0) {
		reply_problem(c, a, "option-not-supported", 0, "%s",
		    err.text);
		return ANSWERED;
	}
	return pages_save(c, j, &now, who->name);
}

static void
job_options(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	static const struct job_change change = { options, "job-options",
	    200 };

	job_change(c, rq, a, who, &change);
}

void
api_job_options(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_options);
}

/* ---- picture */

static void
preview_done(struct core *c, const struct render_result *r,
    const uint8_t key[32], void *ctx)
{
	struct asker *a = ctx;
	char *text;

	(void)key;
	if (c->ending) {
		free(a);
		return;
	}
	if (r == NULL || r->outcome != RENDER_DONE || r->png_len == 0) {
		reply_problem(c, a, r != NULL && r->outcome ==
		    RENDER_REFUSED ? "document-unprintable" :
		    "backend-unavailable", 0, "%s", r != NULL &&
		    r->reason[0] != '\0' ? r->reason :
		    "the first page could not be drawn");
	} else if ((text = malloc(4 * (r->png_len / 3 + 1) + 1)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
	} else {
		EVP_EncodeBlock((unsigned char *)text, r->png,
		    (int)r->png_len);
		reply_json(c, a, 200, json_pack("{s:s,s:s}", "type",
		    "image/png", "data", text));
		free(text);
	}
	free(a);
}

static void
job_preview(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct work_order o = { .op = RENDER_PREVIEW,
	    .preview_px = (uint32_t)req_num(rq, F_SIZE, 600) };
	struct rel_err err;
	struct rel_ticket t;
	struct asker *later;
	struct job j;

	if (api_job_of_path(c, rq, a, who, &j) < 0)
		return;
	if (j.pin_scheme[0] != '\0') {
		reply_problem(c, a, "forbidden", 0, "this job is "
		    "confidential: nobody sees it before it prints");
		return;
	}
	if (direct_is(&j)) {
		reply_problem(c, a, "forbidden", 0, "the data of this job is "
		    "at the computer it was printed at, and not here");
		return;
	}
	if (!j.has_doc) {
		job_not_held(c, a, &j);
		return;
	}
	/* What is on the page is its owner's business: this is written down. */
	if (strcmp(j.user_key, who->key) != 0) {
		if (core_write(c, &err) < 0) {
			reply_broken(c, a, -REL_E_PEER);
			return;
		}
		api_audit(c, who, "job-previewed", req_str(rq, F_ID));
	}
	pages_ticket(&j, &t);
	o.job = j.id;
	o.ticket = &t;
	if ((later = malloc(sizeof *later)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	*later = *a;
	if (work_ask(c, &o, preview_done, later) < 0) {
		free(later);
		reply_broken(c, a, -REL_E_PEER);
	}
}

void
api_job_preview(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_preview);
}

static bool
event_row(int64_t at_ms, const char *kind, const char *text, void *ctx)
{
	json_array_append_new(ctx, json_pack("{s:o,s:s,s:s}", "at",
	    json_time(at_ms), "kind", kind, "text", text));
	return true;
}

static void
job_explain(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	json_t *events;
	struct job j;

	if (api_job_of_path(c, rq, a, who, &j) < 0)
		return;
	events = json_array();
	if (store_event_list(c->st, j.id, event_row, events) < 0) {
		json_decref(events);
		reply_broken(c, a, -REL_E_IO);
		return;
	}
	reply_json(c, a, 200, json_pack("{s:o,s:o}", "job", api_job_json(c, &j, who),
	    "events", events));
}

void
api_job_explain(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_explain);
}
