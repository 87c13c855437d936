/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Direct queues: documents stay at the client, decisions are made here. */
#include "releaserd/core/direct.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "lib/fault.h"
#include "lib/send.h"
#include "lib/spool.h"
#include "releaserd/core/intake_priv.h"
#include "releaserd/core/policy.h"
#include "releaserd/core/release_priv.h"
#include "releaserd/core/store_direct.h"

#define LIST_MAX 100
#define LATE_MAX 50
#define COME_MS (10 * 60 * 1000)	/* until a client comes for its job */
#define PRINT_MS (24 * 3600 * 1000)	/* until it says how that ended */

/* The client of a job, and the device it prints at; false: one is gone. */
static bool
direct_place(struct core *c, const struct job *j, const struct device **client,
    struct device *at)
{
	struct direct_job d;

	return store_direct_get(c->st, j->id, &d) == 0 &&
	    (*client = device_at(c, d.client_id)) != NULL &&
	    store_device_by_name(c->st, (*client)->address, at) == 0;
}

void
direct_device_name(struct core *c, const struct job *j, char out[65])
{
	const struct device *client;
	struct device *at = calloc(1, sizeof *at);

	out[0] = '\0';
	if (at != NULL && direct_is(j) && direct_place(c, j, &client, at))
		snprintf(out, 65, "%s", at->name);
	free(at);
}

bool
direct_prints_at(struct core *c, const struct job *j, const struct device *d)
{
	const struct device *client;
	struct device *at = calloc(1, sizeof *at);
	bool yes = at != NULL && direct_place(c, j, &client, at) &&
	    strcmp(d->id, at->id) == 0;

	free(at);
	return yes;
}

int
direct_gate(struct core *c, const struct job *j,
    const struct release_order *o, struct released *out)
{
	char name[65];

	if (!direct_is(j) && strcmp(o->device->protocol, DIRECT_PROTOCOL) == 0)
		return gate_stop(out, "other-device", "%.64s is the queue of "
		    "a computer and prints its own jobs only",
		    o->device->name);
	if (!direct_is(j) || direct_prints_at(c, j, o->device))
		return 0;
	direct_device_name(c, j, name);
	snprintf(out->name, sizeof out->name, "%s", name[0] != '\0' ? name :
	    "?");
	return gate_stop(out, "other-device", "this job prints at %.64s and "
	    "nowhere else: its data is at the computer it was printed at",
	    name[0] != '\0' ? name : "a printer nobody knows any more");
}

int
direct_take(struct core *c, const struct job *j)
{
	return store_direct_phase(c->st, j->id, DIRECT_HELD, DIRECT_RELEASED,
	    rel_now_ms());
}

/* ---- a job begins */

static void
submit_fill(struct core *c, const struct request *rq, struct job *j)
{
	const struct settings *s = &c->role->set;
	static const struct {
		enum req_field field;
		size_t offset, size;
	} map[] = {
#define MEMBER(m) offsetof(struct job, m), sizeof ((struct job *)0)->m
		{ F_QUEUE, MEMBER(queue) }, { F_UUID, MEMBER(uuid) },
		{ F_OF_USER, MEMBER(user) }, { F_HOST, MEMBER(host) },
		{ F_TITLE, MEMBER(title) }
#undef MEMBER
	};

	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
		if (req_str(rq, map[i].field) != NULL)
			rel_text_clean((char *)j + map[i].offset, map[i].size,
			    req_str(rq, map[i].field));
	snprintf(j->format, sizeof j->format, "%s", DIRECT_FORMAT);
	j->id = ids_next(c);
	j->node = s->node_id;
	j->document = 1;
	j->cups_job = req_num(rq, F_CUPS_JOB, 0);
	j->bytes = req_num(rq, F_BYTES, 0);
	j->copies = req_num(rq, F_COPIES, 1);
	j->state = JOB_HELD;
	j->has_doc = true;
	j->created_ms = rel_now_ms();
	j->expires_ms = j->created_ms + s->job_expiry_ms;
}

/* What the client counted; in a printer's own language, so that nothing here
 * tries to alter it. */
static void
submit_facts(const struct request *rq, struct rel_facts *f)
{
	int64_t sides = req_num(rq, F_PAGES_SIDES, 0);
	const char *language = req_str(rq, F_PAGES_LANGUAGE);

	rel_facts_init(f);
	rel_text_clean(f->language, sizeof f->language, language != NULL &&
	    strcmp(language, "pdf") != 0 && language[0] != '\0' ? language :
	    "device");
	if (sides == 0)
		return;
	f->pages_sure = f->colour_sure = REL_SURE_EXACT;
	f->sides = f->input_pages = f->impressions = (uint32_t)sides;
	f->sheets = (uint32_t)req_num(rq, F_PAGES_SHEETS, sides);
	f->colour_sides = (uint32_t)req_num(rq, F_PAGES_COLOR, sides);
	if (f->colour_sides > f->sides)
		f->colour_sides = f->sides;
	if (f->sheets > f->sides || f->sheets == 0)
		f->sheets = f->sides;
	if (req_num(rq, F_PAGES_WIDTH, 0) > 0 &&
	    req_num(rq, F_PAGES_HEIGHT, 0) > 0) {
		f->nmedia = 1;
		f->media[0].width = (uint32_t)req_num(rq, F_PAGES_WIDTH, 0);
		f->media[0].height = (uint32_t)req_num(rq, F_PAGES_HEIGHT, 0);
		f->media[0].sides = f->media[0].both = f->sides;
		f->media[0].colour = f->colour_sides;
	}
}

/* The key opens nothing; it is there so that every held job has one. */
static int
submit_key(struct core *c, struct job *j, struct rel_err *err)
{
	uint8_t key[32];
	int rc;

	if (RAND_bytes(key, sizeof key) != 1)
		return rel_err_set(err, REL_E_NOMEM, "no random numbers");
	rc = rel_seal(c->host_key, (uint64_t)j->id, key, sizeof key,
	    j->sealed_key, err);
	rel_wipe(key, sizeof key);
	return rc;
}

/* In the open transaction: 0, or what is said to the client. */
static int
submit_rows(struct core *c, const struct device *client, struct job *j,
    const struct rel_facts *f, struct released *said)
{
	char words[120];
	int rc = store_job_add(c->st, j);

	if (rc == 0)
		rc = store_direct_add(c->st, j->id, client->id,
		    j->created_ms);
	if (rc < 0)
		return rc;
	pages_count(j, f, true);
	if ((rc = pages_store(c, j, f)) == 0)
		rc = policy_hold(c, j, said);
	if (rc == -REL_E_DENIED) {
		job_event(c, j->id, "refused", "printed by %.100s: %.200s",
		    j->user, said->text);
		return store_job_end(c->st, j->id, JOB_REFUSED, said->text,
		    j->created_ms) < 0 ? -REL_E_IO : -REL_E_DENIED;
	}
	pages_words(words, sizeof words, &j->count);
	job_event(c, j->id, "held", "printed by %.100s on %.100s to its queue "
	    "%.100s; the data stays there until it is released at %.64s, "
	    "%.119s", j->user, client->name, j->queue, client->address,
	    words);
	return rc;
}

/* A job-uuid is what a person of the client says; the number of a job is its
 * cupsd's: another job is not taken for this one. */
static void
submit_known(struct core *c, const struct request *rq, struct asker *a,
    const struct direct_job *d)
{
	char id[24];

	if (d->cups_job != req_num(rq, F_CUPS_JOB, 0)) {
		reply_problem(c, a, "idempotency-conflict", 0, "another job "
		    "has this job-uuid");
		return;
	}
	ids_job_text(id, d->job_id);
	reply_json(c, a, 200, json_pack("{s:s,s:s}", "id", id, "state",
	    job_state_name(d->state)));
}

static void
submit_new(struct core *c, const struct device *client,
    const struct request *rq, struct asker *a, struct job *j)
{
	struct rel_err err = { 0 };
	struct released said = { .code = NULL };
	struct rel_facts f;
	char id[24];
	int rc;

	submit_fill(c, rq, j);
	submit_facts(rq, &f);
	if ((rc = intake_user(c, j, j->user, &err)) == 0)
		rc = intake_caps(c, j, &err);
	if (rc == 0)
		rc = submit_key(c, j, &err);
	if (rc == -REL_E_DENIED || rc == -REL_E_LIMIT) {
		reply_problem(c, a, rc == -REL_E_LIMIT ? "quota-exceeded" :
		    "account-denied", 0, "%s", err.text);
		return;
	}
	if (rc < 0 || core_write(c, &err) < 0) {
		reply_broken(c, a, rc < 0 ? rc : -REL_E_PEER);
		return;
	}
	rc = submit_rows(c, client, j, &f, &said);
	ids_job_text(id, j->id);
	lists_forget(c, j->user_key);
	if (rc == -REL_E_DENIED)
		reply_problem(c, a, "refused-by-rule", 0, "%s", said.text);
	else if (rc < 0)
		reply_broken(c, a, core_spoil(c, rc));
	else
		reply_json(c, a, 201, json_pack("{s:s,s:s}", "id", id,
		    "state", "held"));
}

/* The device that asks, when it is such a queue; else an answer was given. */
static const struct device *
client_of(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *d = device_of(c, rq, a);

	if (d != NULL && strcmp(d->protocol, DIRECT_PROTOCOL) != 0) {
		reply_problem(c, a, "forbidden", 0, "this device is not the "
		    "queue of a client: \"releasectl device set %.64s "
		    "--protocol queue --address DEVICE\"", d->name);
		return NULL;
	}
	return d;
}

void
direct_submit(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *client = client_of(c, rq, a);
	struct direct_job d;
	struct job *j;

	if (client == NULL)
		return;
	if (store_direct_find(c->st, client->id, req_str(rq, F_UUID),
	    &d) == 0) {
		submit_known(c, rq, a, &d);
		return;
	}
	if ((j = calloc(1, sizeof *j)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	submit_new(c, client, rq, a, j);
	free(j);
}

/* ---- what the client is to do */

/* What a job is to its client: "held", "released" ... */
static const char *
phase_word(const struct direct_job *d)
{
	if (d->state == JOB_RELEASING)
		return d->phase == DIRECT_RELEASED ? "released" : "started";
	return job_state_name(d->state);
}

static bool
list_row(const struct direct_job *d, void *ctx)
{
	char id[24];

	ids_job_text(id, d->job_id);
	json_array_append_new(ctx, json_pack("{s:s,s:s,s:s,s:s}", "uuid",
	    d->uuid, "id", id, "state", phase_word(d), "release_ref",
	    d->ref));
	return true;
}

void
direct_list(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *client = client_of(c, rq, a);
	const char *after = req_str(rq, F_AFTER);
	int64_t from = 0;
	json_t *rows;
	int n;

	if (client == NULL)
		return;
	if (after != NULL && !ids_job_parse(&from, after)) {
		reply_problem(c, a, "bad-request", 0, "after is no job");
		return;
	}
	rows = json_array();
	n = store_direct_list(c->st, client->id, from, LIST_MAX, list_row,
	    rows);
	if (n < 0) {
		json_decref(rows);
		reply_broken(c, a, n);
		return;
	}
	reply_json(c, a, 200, json_pack("{s:O,s:o}", "jobs", rows, "next",
	    n == LIST_MAX ? json_incref(json_object_get(json_array_get(rows,
	    (size_t)n - 1), "id")) : json_null()));
	json_decref(rows);
}

/* The job of the path, by its job-uuid; else an answer was given. */
static int
find(struct core *c, const struct request *rq, struct asker *a,
    const struct device *client, struct direct_job *d)
{
	int rc = store_direct_find(c->st, client->id, req_str(rq, F_ID), d);

	if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, "job-unknown", 0, "there is no such job "
		    "of this queue");
	else if (rc < 0)
		reply_broken(c, a, rc);
	return rc;
}

void
direct_start(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *client = client_of(c, rq, a);
	struct rel_err err;
	struct direct_job d;
	int rc;

	if (client == NULL || reply_replay(c, a) ||
	    find(c, rq, a, client, &d) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	rc = d.state != JOB_RELEASING ? -REL_E_NOTHELD :
	    store_direct_phase(c->st, d.job_id, DIRECT_RELEASED,
	    DIRECT_STARTED, rel_now_ms());
	if (rc == -REL_E_NOTHELD) {
		reply_problem(c, a, "job-not-held", 0, "this job is not to "
		    "be printed now: it is %s", phase_word(&d));
	} else if (rc < 0) {
		reply_broken(c, a, core_spoil(c, rc));
	} else {
		job_event(c, d.job_id, "started", "%.64s prints it",
		    client->name);
		a->keep = true;
		reply_json(c, a, 200, json_pack("{s:s}", "release_ref",
		    d.ref));
	}
}

/* ---- how it ended */

/* "completed": it went to the printer.  "refused": nothing of it did.  Any
 * other: some of it, perhaps. */
static void
result_of(const char *word, const char *name, struct send_result *r)
{
	if (strcmp(word, "completed") == 0) {
		r->outcome = REL_SEND_SENT;
	} else if (strcmp(word, "refused") == 0) {
		r->outcome = REL_SEND_REFUSED;
		snprintf(r->reason, sizeof r->reason, "%.64s could not print "
		    "it: nothing of it went to the printer.", name);
	} else {
		r->outcome = REL_SEND_UNCONFIRMED;
		snprintf(r->reason, sizeof r->reason, "It broke off at "
		    "%.64s. It may have printed, in whole or part.", name);
	}
}

static void
over(struct core *c, const struct direct_job *d, struct send_result *r)
{
	struct job *j = malloc(sizeof *j);

	if (j != NULL && store_job_get(c->st, d->job_id, j) == 0) {
		r->job_id = (uint64_t)d->job_id;
		r->bytes = r->outcome == REL_SEND_SENT ? (uint64_t)j->bytes :
		    0;
		if (store_direct_reset(c->st, d->job_id) < 0)
			core_spoil(c, 0);
		release_settle(c, r);
	}
	free(j);
}

void
direct_end(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *client = client_of(c, rq, a);
	struct send_result r = { 0 };
	struct direct_job d;
	struct rel_err err;

	if (client == NULL || reply_replay(c, a) ||
	    find(c, rq, a, client, &d) < 0)
		return;
	if (d.state != JOB_RELEASING || d.phase != DIRECT_STARTED) {
		reply_problem(c, a, "job-not-held", 0, "nothing was to be "
		    "printed: this job is %s", phase_word(&d));
		return;
	}
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	result_of(req_str(rq, F_RESULT), client->name, &r);
	over(c, &d, &r);
	a->keep = true;
	reply_json(c, a, 200, json_pack("{s:s}", "result",
	    req_str(rq, F_RESULT)));
}

/* Taken back at the client; what is being printed is left to its end. */
void
direct_delete(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *client = client_of(c, rq, a);
	struct direct_job d;
	struct rel_err err;
	struct job *j;

	if (client == NULL || find(c, rq, a, client, &d) < 0)
		return;
	if ((j = malloc(sizeof *j)) == NULL || core_write(c, &err) < 0 ||
	    store_job_get(c->st, d.job_id, j) < 0) {
		free(j);
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if (j->state == JOB_RELEASING && d.phase == DIRECT_RELEASED) {
		struct send_result r = { .outcome = REL_SEND_REFUSED };

		snprintf(r.reason, sizeof r.reason, "%.64s took it back.",
		    client->name);
		over(c, &d, &r);
	}
	if (store_job_get(c->st, d.job_id, j) == 0 && (j->state == JOB_HELD ||
	    j->state == JOB_UNCONFIRMED))
		(void)job_delete(c, j, client->name);
	reply_text(c, a, 204, NULL, 0);
	free(j);
}

/* ---- clients that do not come */

static void
give_up(struct core *c, enum direct_phase phase, int64_t after_ms,
    const struct send_result *said)
{
	int64_t ids[LATE_MAX];
	int n = store_direct_late(c->st, phase, rel_now_ms() - after_ms, ids,
	    LATE_MAX);
	struct rel_err err;

	for (int i = 0; i < n; i++) {
		struct direct_job d = { .job_id = ids[i] };
		struct send_result r = *said;

		if (core_write(c, &err) < 0)
			return;
		over(c, &d, &r);
	}
}

void
direct_tick(struct core *c)
{
	static const struct send_result away = { .outcome = REL_SEND_AWAY,
	    .reason = "The computer this was printed at did not come for it: "
	    "is it on?" };
	static const struct send_result lost = {
	    .outcome = REL_SEND_UNCONFIRMED, .reason = "The computer this was "
	    "printed at began and never said how it ended. It may have "
	    "printed." };

	give_up(c, DIRECT_RELEASED, COME_MS, &away);
	give_up(c, DIRECT_STARTED, PRINT_MS, &lost);
}
