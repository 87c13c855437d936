/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/usage.h"

#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/text.h"
#include "tests/opsim/keys.h"
#include "tests/opsim/opsim.h"

#define PUSH_MAX 100

static const struct timeval side_time = { 0, 40000 };

struct usage {
	struct opsim *sim;
	struct event *timer;
	struct event *engine;	/* prints side by side: power-cut */
	json_t *log;		/* usage.json; owned */
	int64_t sides, colour;	/* what the engine counts */
	int64_t printed, cut_at;	/* of that document; the power fails */
	bool unwritten;			/* it leaves no record */
	int busy;		/* pushes without an answer yet */
	bool now;		/* pushed by hand */
};

static json_t *
waiting(const struct usage *u)
{
	return json_object_get(u->log, "records");
}

static int64_t
number(const json_t *v, const char *name)
{
	return json_integer_value(json_object_get(v, name));
}

static void
log_save(struct usage *u)
{
	char *text = json_dumps(u->log, JSON_COMPACT);
	struct rel_err err;

	if (text == NULL || state_write(&u->sim->st, "usage.json", text,
	    strlen(text), 0600, &err) < 0)
		rel_log(REL_ERROR, "usage log not kept", "file=usage.json");
	free(text);
}

/* An empty log, as after a defect; the counters are the engine's. */
static void
log_begin(struct usage *u)
{
	json_t *life = json_incref(json_object_get(u->log, "life"));
	char epoch[37];

	keys_uuid(epoch);
	json_decref(u->log);
	u->log = json_pack("{s:s, s:i, s:[]}", "epoch", epoch, "next", 1,
	    "records");
	if (life != NULL)
		json_object_set_new(u->log, "life", life);
	log_save(u);
}

static void
push_later(struct usage *u, int ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	evtimer_add(u->timer, &tv);
}

/* ---- records */

static void
life_add(struct usage *u, const char *name, int64_t n)
{
	json_t *life = json_object_get(u->log, "life");

	if (life == NULL) {
		life = json_pack("{s:i, s:i, s:i}", "impressions", 0, "color",
		    0, "scans", 0);
		json_object_set_new(u->log, "life", life);
	}
	json_object_set_new(life, name, json_integer(number(life, name) +
	    n));
}

const json_t *
usage_life(const struct usage *u)
{
	return json_object_get(u->log, "life");
}

/* What every record has; it is the newest. */
static json_t *
record_new(struct usage *u, const char *function)
{
	int64_t seq = number(u->log, "next");
	char id[37], now[32];

	keys_uuid(id);
	rel_time_text(now, device_now_ms(&u->sim->dev));
	json_object_set_new(u->log, "next", json_integer(seq + 1));
	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:n, s:s, s:n}",
	    "seq", (json_int_t)seq, "record_id", id, "function", function,
	    "ended_at", now, "time_quality", "synced", "result", "completed",
	    "cause", "measure", "device", "corrects");
}

static json_t *
record_of(struct usage *u, int64_t sides, int64_t colour, const char *ref)
{
	json_t *r = record_new(u, "print");

	json_object_update_new(r, json_pack("{s:{s:s}, s:["
	    "{s:s, s:s, s:I, s:I}, {s:s, s:s, s:I, s:I}]}",
	    "job", "release_ref", ref, "lines",
	    "color", "color", "sides", "one", "impressions",
	    (json_int_t)colour, "sheets", (json_int_t)colour,
	    "color", "mono", "sides", "one", "impressions",
	    (json_int_t)(sides - colour), "sheets",
	    (json_int_t)(sides - colour)));
	return r;
}

static void
record_add(struct usage *u, json_t *record)
{
	int64_t room = INT64_MAX;

	json_object_set_new(record, "life_after", json_deep_copy(
	    json_object_get(u->log, "life")));
	json_object_set(u->log, "newest", record);
	(void)faults_arg(&u->sim->faults, FAULT_USAGE_FULL, &room);
	while ((int64_t)json_array_size(waiting(u)) >= room)
		json_array_remove(waiting(u), 0);	/* overwritten */
	if (!faults_take(&u->sim->faults, FAULT_USAGE_FORGET, AT_NONE, NULL))
		json_array_append(waiting(u), record);
	json_decref(record);
	log_save(u);
	push_later(u, 0);
}

bool
usage_is_full(const struct usage *u)
{
	int64_t room = INT64_MAX;

	return faults_arg(&u->sim->faults, FAULT_USAGE_FULL, &room) &&
	    (int64_t)json_array_size(waiting(u)) >= room &&
	    strcmp(state_str(&u->sim->st, "restrictions.usage_log_full",
	    "block"), "block") == 0;
}

static void
member(json_t *record, const char *name, json_t *v)
{
	if (v != NULL)
		json_object_set_new(record, name, v);
}

static json_t *
text_or_null(const char *text)
{
	return text != NULL && text[0] != '\0' ? json_string(text) : NULL;
}

void
usage_add(struct usage *u, const struct usage_done *d)
{
	char began[32];
	json_t *r;

	if (faults_take(&u->sim->faults, FAULT_USAGE_RESET, AT_NONE, NULL))
		log_begin(u);
	life_add(u, "impressions", d->sides);
	life_add(u, "color", d->colour);
	life_add(u, "scans", d->scans);
	r = record_new(u, d->function);
	rel_time_text(began, d->began_ms);
	json_object_set_new(r, "started_at", json_string(began));
	json_object_set_new(r, "result", json_string(d->result));
	json_object_set_new(r, "job", json_pack("{s:s}", "device_job_id",
	    d->job));
	member(r, "cause", text_or_null(d->cause));
	member(r, "session_id", text_or_null(d->session));
	member(r, "grant_id", text_or_null(d->grant));
	member(r, "lines", d->lines);
	member(r, "scan", d->scan);
	member(r, "fax", d->fax);
	record_add(u, r);
}

/* ---- a document comes out */

/*
 * What is half printed stands in the log as "printing", written with each side:
 * that is what the device finds of it when the power comes back.
 */
static void
printing_begin(struct usage *u, const char *ref)
{
	if (!u->unwritten)
		json_object_set_new(u->log, "printing", json_pack(
		    "{s:s, s:i, s:i}", "release_ref", ref, "sides", 0,
		    "color", 0));
	u->printed = 0;
	log_save(u);
	evtimer_add(u->engine, &side_time);
}

/* The device starts: what was on its way when the power failed has ended. */
static void
printing_end(struct usage *u)
{
	json_t *was = json_incref(json_object_get(u->log, "printing")), *r;

	if (was == NULL)
		return;
	json_object_del(u->log, "printing");
	r = record_of(u, number(was, "sides"), number(was, "color"),
	    json_str_at(was, "release_ref", ""));
	json_object_set_new(r, "result", json_string("aborted"));
	json_object_set_new(r, "cause", json_string("power"));
	json_decref(was);
	record_add(u, r);
}

/* One side more, or the power fails. */
static void
on_side(evutil_socket_t fd, short what, void *ctx)
{
	struct usage *u = ctx;
	json_t *now = json_object_get(u->log, "printing");
	bool colour = u->printed < u->colour;

	(void)fd;
	(void)what;
	if (u->sim->dev.off)
		return;
	u->printed++;
	life_add(u, "impressions", 1);
	life_add(u, "color", colour);
	if (now != NULL) {
		json_object_set_new(now, "sides", json_integer(u->printed));
		json_object_set_new(now, "color", json_integer(
		    number(now, "color") + colour));
	}
	log_save(u);
	if (u->printed >= u->cut_at)
		opsim_do(u->sim, "power-off");
	else
		evtimer_add(u->engine, &side_time);
}

/* All of it at once, and its record. */
static void
printed_whole(struct usage *u, int64_t sides, int64_t colour, const char *ref)
{
	struct faults *f = &u->sim->faults;
	int64_t stop, over = 0;
	bool stopped;
	json_t *r;

	faults_take(f, FAULT_USAGE_OVER, AT_NONE, &over);
	sides += over;
	stopped = faults_take(f, FAULT_USAGE_STOP, AT_NONE, &stop);
	if (stopped && stop < sides)
		sides = stop;
	if (colour > sides)
		colour = sides;
	life_add(u, "impressions", sides);
	life_add(u, "color", colour);
	if (u->unwritten) {
		log_save(u);
		return;
	}
	r = record_of(u, sides, colour, ref);
	if (stopped) {
		json_object_set_new(r, "result", json_string("aborted"));
		json_object_set_new(r, "cause", json_string("error"));
	}
	record_add(u, r);
}

void
usage_paper(const json_t *printed, void *ctx)
{
	struct usage *u = ctx;
	struct faults *f = &u->sim->faults;
	int64_t copies = number(printed, "copies");
	int64_t sides = u->sides * copies, colour = u->colour * copies;
	const char *ref = json_str_at(printed, "release_ref", "");

	if (faults_take(f, FAULT_USAGE_RESET, AT_NONE, NULL))
		log_begin(u);
	u->unwritten = faults_take(f, FAULT_USAGE_NONE, AT_NONE, NULL);
	if (!faults_take(f, FAULT_POWER_CUT, AT_NONE, &u->cut_at)) {
		printed_whole(u, sides, colour, ref);
		return;
	}
	if (u->cut_at > sides)
		u->cut_at = sides;
	printing_begin(u, ref);
}

bool
usage_correct(struct usage *u, int64_t sides, int64_t colour)
{
	const json_t *was = json_object_get(u->log, "newest");
	json_t *r, *kept;

	if (was == NULL)
		return false;
	kept = json_deep_copy(was);
	r = record_of(u, sides, colour, json_str_at(kept, "job.release_ref",
	    ""));
	json_object_set(r, "corrects", json_object_get(kept, "record_id"));
	json_object_set(r, "function", json_object_get(kept, "function"));
	member(r, "grant_id", text_or_null(json_str_at(kept, "grant_id",
	    NULL)));
	member(r, "session_id", text_or_null(json_str_at(kept, "session_id",
	    NULL)));
	json_decref(kept);
	record_add(u, r);
	return true;
}

void
usage_counts(struct usage *u, int64_t sides, int64_t colour)
{
	u->sides = sides;
	u->colour = colour;
}

/* ---- pushing */

/* The server has it, or will never take it. */
static bool
is_done(const json_t *record, const json_t *answer)
{
	const json_t *no;
	size_t i;

	json_array_foreach(json_object_get(answer, "rejected"), i, no)
		if (number(no, "seq") == number(record, "seq"))
			return true;
	return number(record, "seq") <= number(answer, "acked_seq");
}

static void
forget_done(struct usage *u, const json_t *answer)
{
	json_t *all = waiting(u);

	for (size_t i = json_array_size(all); i-- > 0;)
		if (is_done(json_array_get(all, i), answer))
			json_array_remove(all, i);
	log_save(u);
}

static void
on_answer(const struct https_answer *a, void *ctx)
{
	struct usage *u = ctx;
	json_t *v = json_read(a->body, a->body_len, NULL);
	size_t before = json_array_size(waiting(u));

	u->busy--;
	if (faults_take(&u->sim->faults, FAULT_USAGE_LOST, AT_NONE, NULL)) {
		push_later(u, 500);	/* as if nothing had come */
	} else if (a->status != 200) {
		push_later(u, 1000);
	} else {
		forget_done(u, v);
		if (json_array_size(waiting(u)) > 0)
			push_later(u, json_array_size(waiting(u)) < before ?
			    0 : 1000);
	}
	json_decref(v);
}

/* The records of the next push: the oldest, or by a fault the newest alone. */
static json_t *
push_records(struct usage *u)
{
	json_t *all = waiting(u), *out = json_array();
	size_t n = json_array_size(all);

	if (n > 1 && faults_take(&u->sim->faults, FAULT_USAGE_REVERSE,
	    AT_NONE, NULL)) {
		json_array_append(out, json_array_get(all, n - 1));
		return out;
	}
	for (size_t i = 0; i < n && i < PUSH_MAX; i++)
		json_array_append(out, json_array_get(all, i));
	return out;
}

static void
push(struct usage *u)
{
	bool twice = faults_take(&u->sim->faults, FAULT_USAGE_TWICE, AT_NONE,
	    NULL);
	json_t *v = json_pack("{s:s, s:I, s:o}", "epoch", usage_epoch(u),
	    "oldest_seq", (json_int_t)number(json_array_get(waiting(u), 0),
	    "seq"), "records", push_records(u));
	char *text = json_dumps(v, JSON_COMPACT);
	struct https_request rq = {
		.method = "POST", .path = "/opdp/v1/usage", .body = text,
		.own_connection = twice
	};
	struct rel_err err;

	json_decref(v);
	rq.body_len = text != NULL ? strlen(text) : 0;
	for (int i = twice ? 0 : 1; text != NULL && i < 2; i++)
		if (https_send(u->sim->net, &rq, on_answer, u, &err) == 0)
			u->busy++;
	if (u->busy == 0)
		push_later(u, 1000);
	free(text);
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct usage *u = ctx;

	(void)fd;
	(void)what;
	if (u->busy > 0 || u->sim->dev.off)
		return;
	if (json_array_size(waiting(u)) > 0 &&
	    !faults_armed(&u->sim->faults, FAULT_USAGE_PUSHLESS) && (u->now ||
	    !faults_armed(&u->sim->faults, FAULT_USAGE_HOLD)))
		push(u);
	u->now = false;
}

void
usage_push_now(struct usage *u)
{
	u->now = true;
	push_later(u, 0);
}

/* ---- pulling */

json_t *
usage_page(const struct usage *u, const char *epoch, int64_t after,
    int64_t limit)
{
	json_t *all = waiting(u), *out = json_array(), *one;
	int64_t from = epoch[0] == '\0' || strcmp(epoch,
	    usage_epoch(u)) == 0 ? after : 0, next = from;
	bool more = false;
	size_t i;

	json_array_foreach(all, i, one) {
		if (number(one, "seq") <= from)
			continue;
		more = (int64_t)json_array_size(out) >= limit;
		if (more)
			break;
		json_array_append(out, one);
		next = number(one, "seq");
	}
	return json_pack("{s:s, s:o, s:I, s:b, s:I}", "epoch",
	    usage_epoch(u), "records", out, "next", (json_int_t)next, "more",
	    more, "oldest_seq", (json_int_t)(json_array_size(all) > 0 ?
	    number(json_array_get(all, 0), "seq") : number(u->log,
	    "next")));
}

bool
usage_acked(struct usage *u, const char *epoch, int64_t upto)
{
	json_t *all = waiting(u);

	if (strcmp(epoch, usage_epoch(u)) != 0)
		return false;
	while (json_array_size(all) > 0 && number(json_array_get(all, 0),
	    "seq") <= upto)
		json_array_remove(all, 0);
	log_save(u);
	return true;
}

/* ---- */

int64_t
usage_last(const struct usage *u)
{
	return u != NULL ? number(u->log, "next") - 1 : 0;
}

const char *
usage_epoch(const struct usage *u)
{
	return u != NULL ? json_str_at(u->log, "epoch", NULL) : NULL;
}

void
usage_tell(const struct usage *u, struct rel_buf *out)
{
	rel_put_fmt(out, "epoch %s, last %lld, waiting %zu\n",
	    usage_epoch(u), (long long)usage_last(u),
	    json_array_size(waiting(u)));
}

static void
log_recall(struct usage *u)
{
	char path[STATE_PATH];
	struct rel_buf b;

	rel_buf_init(&b);
	state_path(&u->sim->st, "usage.json", path);
	if (file_read(path, 1u << 20, &b, NULL) == 0 && b.len > 0)
		u->log = json_loadb((const char *)b.data, b.len, 0, NULL);
	rel_buf_fini(&b);
	if (!json_is_array(waiting(u)) || usage_epoch(u) == NULL)
		log_begin(u);
}

void
usage_boot(struct usage *u)
{
	evtimer_del(u->engine);
	json_decref(u->log);
	u->log = NULL;
	log_recall(u);
	printing_end(u);
}

int
usage_new(struct usage **out, struct opsim *sim, struct rel_err *err)
{
	struct usage *u = calloc(1, sizeof *u);

	if (u == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	u->sim = sim;
	u->sides = 1;
	u->timer = evtimer_new(sim->base, on_timer, u);
	u->engine = evtimer_new(sim->base, on_side, u);
	usage_boot(u);
	push_later(u, 0);
	*out = u;
	return 0;
}

void
usage_free(struct usage **up)
{
	if (*up == NULL)
		return;
	event_free((*up)->timer);
	event_free((*up)->engine);
	json_decref((*up)->log);
	free(*up);
	*up = NULL;
}
