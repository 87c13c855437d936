/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Jobs in the local API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "releaserd/core/api_priv.h"

struct job_rows {
	struct core *c;
	json_t *rows;
	int64_t last;
};

static bool
job_row(const struct job *j, void *ctx)
{
	struct job_rows *w = ctx;

	json_array_append_new(w->rows, job_json(w->c, j));
	w->last = j->id;
	return true;
}

static void
job_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *state = req_str(rq, F_JOB_STATE);
	const char *user = req_str(rq, F_OF_USER), *after = req_str(rq,
	    F_AFTER);
	struct job_filter f = { .states = 1u << JOB_HELD | 1u << JOB_RELEASING
	    | 1u << JOB_UNCONFIRMED };
	struct job_rows w = { .c = c };
	char key[84], next[24];
	int n;

	if (user == NULL && !who->admin)
		user = who->key;
	if (user != NULL && (!rel_user_key(key, sizeof key, user,
	    c->role->set.strip_realm != 0) ||
	    (!who->admin && strcmp(key, who->key) != 0))) {
		reply_problem(c, a, "forbidden", 0,
		    "these are not your jobs");
		return;
	}
	if (state != NULL && strcmp(state, "all") == 0)
		f.states = ~0u;
	else if (state != NULL && (f.states = 1u << job_state_of(state)) == 1) {
		reply_problem(c, a, "bad-request", 0,
		    "job_state \"%s\" is not known", state);
		return;
	}
	if (after != NULL && !ids_job_parse(&f.after, after)) {
		reply_problem(c, a, "bad-request", 0, "after is no job id");
		return;
	}
	f.user_key = user != NULL ? key : NULL;
	f.limit = (int)req_num(rq, F_LIMIT, API_LIMIT);
	w.rows = json_array();
	n = store_job_list(c->st, &f, job_row, &w);
	if (n < 0) {
		json_decref(w.rows);
		reply_broken(c, a, n);
		return;
	}
	ids_job_text(next, w.last);
	api_answer_list(c, a, "jobs", w.rows, n == f.limit ? next : NULL);
}

void
api_job_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_list);
}

/* The job of the path, when it is the caller's to see; 0 or answered. */
static int
job_of_path(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct job *j)
{
	int64_t id;
	int rc = -REL_E_NOTFOUND;

	if (ids_job_parse(&id, req_str(rq, F_ID)))
		rc = store_job_get(c->st, id, j);
	if (rc == 0 && !who->admin && strcmp(j->user_key, who->key) != 0)
		rc = -REL_E_NOTFOUND;
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

	if (job_of_path(c, rq, a, who, &j) == 0)
		reply_json(c, a, 200, job_json(c, &j));
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

static void
job_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct rel_err err;
	struct job j;
	int rc;

	if (job_of_path(c, rq, a, who, &j) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	rc = job_delete(c, &j, who->name);
	if (rc == -REL_E_NOTHELD) {
		job_not_held(c, a, &j);
		return;
	}
	if (who->admin)
		api_audit(c, who, "job-deleted", req_str(rq, F_ID));
	reply_text(c, a, 204, NULL, 0);
}

void
api_job_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_del);
}

static void
job_release(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *device = req_str(rq, F_DEVICE);
	struct release_order o = { .by = who->name,
	    .copies = (int)req_num(rq, F_COPIES, 0), .again = true };
	struct device d;
	struct rel_err err;
	struct job j;
	char ref[16];
	const char *code;
	int rc;

	if (job_of_path(c, rq, a, who, &j) < 0)
		return;
	code = who->admin ? NULL : pages_unknown_problem(c, &j);
	if (code != NULL) {
		reply_problem(c, a, code, 0, "nobody knows how many pages "
		    "this job has: release it at a device");
		return;
	}
	if (j.pin_scheme[0] != '\0' && !who->admin) {
		reply_problem(c, a, "forbidden", 0, "this job is "
		    "confidential: release it at a device with its PIN");
		return;
	}
	rc = store_device_get(c->st, device, &d);
	if (rc < 0 || d.state == 2)
		rc = store_device_by_name(c->st, device, &d);
	if (rc < 0) {
		reply_problem(c, a, "device-unknown", 0,
		    "there is no device \"%s\"", device);
		return;
	}
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	o.device = &d;
	rc = release_job(c, &j, &o, ref);
	if (rc == -REL_E_NOTHELD) {
		job_not_held(c, a, &j);
		return;
	}
	if (rc < 0 || store_job_get(c->st, j.id, &j) < 0) {
		reply_broken(c, a, rc);
		return;
	}
	if (who->admin)
		api_audit(c, who, "job-released", req_str(rq, F_ID));
	reply_json(c, a, 202, job_json(c, &j));
}

void
api_job_release(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_release);
}

/* ---- options and picture */

static void
job_options(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct rel_err err = { 0 };
	struct job j, now;
	int rc;

	if (job_of_path(c, rq, a, who, &j) < 0)
		return;
	if (rq->options.unsupported[0] != '\0') {
		reply_problem(c, a, "option-not-supported", 0,
		    "there is no option \"%s\"", rq->options.unsupported);
		return;
	}
	now = j;
	if ((rc = pages_change(&now, rq->options.changes, &err)) < 0) {
		reply_problem(c, a, "option-not-supported", 0, "%s",
		    err.text);
		return;
	}
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	rc = pages_save(c, &j, &now, who->name);
	if (rc == -REL_E_NOTHELD) {
		job_not_held(c, a, &j);
		return;
	}
	if (rc < 0 || store_job_get(c->st, j.id, &j) < 0) {
		reply_broken(c, a, rc);
		return;
	}
	if (who->admin)
		api_audit(c, who, "job-options", req_str(rq, F_ID));
	reply_json(c, a, 200, job_json(c, &j));
}

void
api_job_options(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_options);
}

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

	if (job_of_path(c, rq, a, who, &j) < 0)
		return;
	if (j.pin_scheme[0] != '\0') {
		reply_problem(c, a, "forbidden", 0, "this job is "
		    "confidential: nobody sees it before it prints");
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

	if (job_of_path(c, rq, a, who, &j) < 0)
		return;
	events = json_array();
	if (store_event_list(c->st, j.id, event_row, events) < 0) {
		json_decref(events);
		reply_broken(c, a, -REL_E_IO);
		return;
	}
	reply_json(c, a, 200, json_pack("{s:o,s:o}", "job", job_json(c, &j),
	    "events", events));
}

void
api_job_explain(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_explain);
}
