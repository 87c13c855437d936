/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/walkup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tests/opsim/keys.h"
#include "tests/opsim/native.h"
#include "tests/opsim/opsim.h"

struct walkup {
	struct opsim *sim;
	struct event *timer;
	int64_t pace_ms;
	unsigned jobs;			/* numbers of them */
	char told[240];
	/* what is going on */
	bool busy, asking, enough;	/* enough: it gets no more */
	char function[16], to[64], session[64], grant[40], over[16];
	char request[37];
	bool color, two_sided;
	int64_t want, done, granted, low_water, stop_at;
	int64_t asked_at;		/* so much was done then */
	int64_t began_ms;
};

static void ask(struct walkup *w, bool again);

static bool
reads(const struct walkup *w)
{
	return strcmp(w->function, "scan") == 0 ||
	    strcmp(w->function, "fax-send") == 0;
}

static void
go_on(struct walkup *w, int64_t ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	evtimer_add(w->timer, &tv);
}

/* ---- the end: a record */

static json_t *
lines_json(const struct walkup *w)
{
	return json_pack("[{s:s, s:s, s:s, s:I, s:I}]", "media",
	    "iso_a4_210x297mm", "color", w->color ? "color" : "mono", "sides",
	    w->two_sided ? "two" : "one", "impressions",
	    (json_int_t)w->done, "sheets", (json_int_t)(w->two_sided ?
	    (w->done + 1) / 2 : w->done));
}

static void
record(struct walkup *w, const char *result, const char *cause)
{
	struct usage_done d = { .function = w->function, .session =
	    w->session, .grant = w->grant, .result = result, .cause = cause,
	    .began_ms = w->began_ms };
	json_t *read = json_pack("{s:I, s:I}", "pages", (json_int_t)w->done,
	    "color", (json_int_t)(w->color ? w->done : 0));

	snprintf(d.job, sizeof d.job, "%u", w->jobs);
	if (!reads(w)) {
		d.lines = lines_json(w);
		d.sides = w->done;
		d.colour = w->color ? w->done : 0;
	} else {
		d.scans = w->done;
		d.scan = strcmp(w->function, "scan") == 0 ? json_incref(read) :
		    NULL;
		d.fax = d.scan == NULL ? json_incref(read) : NULL;
	}
	json_decref(read);
	usage_add(w->sim->usage, &d);
}

static void
end(struct walkup *w, const char *result, const char *cause)
{
	int64_t over = 0;

	faults_take(&w->sim->faults, FAULT_USAGE_OVER, AT_NONE, &over);
	w->done += over;
	w->busy = false;
	snprintf(w->told, sizeof w->told, "%s: %lld of %lld, %s%s%s",
	    w->function, (long long)w->done, (long long)w->want, result,
	    cause != NULL ? ", " : "", cause != NULL ? cause : "");
	if (w->sim->usage != NULL)
		record(w, result, cause);
}

/* ---- a side after the other */

/* Is there a reason to end, or to wait for the server? */
static bool
stopped(struct walkup *w)
{
	if (w->sim->dev.off)
		end(w, "aborted", "power");
	else if (w->done >= w->stop_at || !device_ready(&w->sim->dev))
		end(w, "aborted", "error");
	else if (w->done >= w->want)
		end(w, "completed", NULL);
	else if (w->done < w->granted || w->sim->usage == NULL)
		return false;
	else if (w->asking)
		return true;		/* the answer goes on */
	else if (strcmp(w->over, "stop") == 0)
		end(w, "canceled", "quota");
	return !w->busy;
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct walkup *w = ctx;

	(void)fd;
	(void)what;
	if (!w->busy || stopped(w))
		return;
	w->done++;
	if (w->grant[0] != '\0' && !w->asking && !w->enough &&
	    w->granted < w->want && w->done >= w->granted - w->low_water)
		ask(w, false);
	go_on(w, w->pace_ms);
}

/* ---- may it go on? */

static void
refused(struct walkup *w, const char *why)
{
	w->enough = true;
	if (w->granted > 0) {
		go_on(w, 0);
		return;
	}
	w->busy = false;
	snprintf(w->told, sizeof w->told, "%s: refused, %s", w->function,
	    why);
}

static void
on_answer(const struct https_answer *a, void *ctx)
{
	struct walkup *w = ctx;
	json_t *v = json_read(a->body, a->body_len, NULL);

	w->asking = false;
	if (faults_take(&w->sim->faults, FAULT_GRANT_LOST, AT_NONE, NULL)) {
		ask(w, true);		/* as if nothing had come */
	} else if (a->status != 200 || strcmp(json_str_at(v, "result", ""),
	    "granted") != 0) {
		refused(w, json_str_at(v, "reason", json_str_at(v, "code",
		    "no answer")));
	} else {
		snprintf(w->grant, sizeof w->grant, "%s", json_str_at(v,
		    "grant_id", ""));
		snprintf(w->over, sizeof w->over, "%s", json_str_at(v, "over",
		    "stop"));
		w->granted = w->asked_at + json_integer_value(json_at(v,
		    "granted"));
		w->low_water = json_integer_value(json_at(v, "low_water"));
		go_on(w, 0);
	}
	json_decref(v);
}

static void
ask(struct walkup *w, bool again)
{
	char job[16];
	struct https_request rq = { .method = "POST",
	    .path = "/opdp/v1/authorize" };
	struct rel_err err;
	json_t *v;
	char *text;

	if (!again) {
		keys_uuid(w->request);
		w->asked_at = w->done;
	}
	snprintf(job, sizeof job, "%u", w->jobs);
	v = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I}",
	    "request_id", w->request, "session_id", w->session,
	    "device_job_id", job, "function", w->function, "color", w->color ?
	    "color" : "mono", "media", "iso_a4_210x297mm", "sides",
	    w->two_sided ? "two-sided-long-edge" : "one-sided", "want",
	    (json_int_t)(w->want - w->asked_at), "used",
	    (json_int_t)w->asked_at);
	text = json_dumps(v, JSON_COMPACT);
	json_decref(v);
	rq.body = text;
	rq.body_len = text != NULL ? strlen(text) : 0;
	w->asking = text != NULL && https_send(w->sim->net, &rq, on_answer, w,
	    &err) == 0;
	if (!w->asking)
		refused(w, "no answer");
	free(text);
}

/* ---- */

static int
may_start(struct walkup *w, const struct walkup_order *o, struct rel_err *err)
{
	const struct panel *p = w->sim->panel;
	char what[80];

	if (o->to != NULL)
		snprintf(what, sizeof what, "scan-to-%s", o->to);
	else
		snprintf(what, sizeof what, "%s%s", strcmp(o->function,
		    "fax-send") == 0 ? "fax" : strcmp(o->function,
		    "fax-receive") == 0 ? "fax-in" : strcmp(o->function,
		    "usb-print") == 0 ? "print-from-usb" : o->function,
		    o->color ? "-color" : "");
	if (strcmp(o->function, "fax-receive") != 0 && native_try(what,
	    p->session[0] != '\0' ? p->functions : NULL,
	    w->sim->st.doc) != 1)
		return rel_err_set(err, REL_E_DENIED, "%s is refused", what);
	if (w->sim->usage != NULL && usage_is_full(w->sim->usage))
		return rel_err_set(err, REL_E_DENIED,
		    "%s is refused: the usage log is full", what);
	return 0;
}

int
walkup_start(struct walkup *w, const struct walkup_order *o,
    struct rel_err *err)
{
	const char *session = w->sim->panel->session;
	int64_t stop = INT64_MAX;
	int rc;

	if (w->busy)
		return rel_err_set(err, REL_E_EXISTS, "it is busy");
	if ((rc = may_start(w, o, err)) < 0)
		return rc;
	w->busy = true;
	w->asking = w->enough = false;
	w->jobs++;
	snprintf(w->function, sizeof w->function, "%s", o->function);
	snprintf(w->session, sizeof w->session, "%s", session);
	w->grant[0] = '\0';
	snprintf(w->over, sizeof w->over, "warn");
	w->color = o->color;
	w->two_sided = o->two_sided;
	w->want = o->sides;
	w->done = w->granted = w->low_water = 0;
	faults_take(&w->sim->faults, FAULT_USAGE_STOP, AT_NONE, &stop);
	w->stop_at = stop;
	w->began_ms = device_now_ms(&w->sim->dev);
	if (w->sim->usage != NULL && session[0] != '\0')
		ask(w, false);
	else
		go_on(w, 0);
	return 0;
}

bool
walkup_busy(const struct walkup *w)
{
	return w->busy;
}

void
walkup_pace(struct walkup *w, int64_t ms)
{
	w->pace_ms = ms;
}

const char *
walkup_told(const struct walkup *w)
{
	return w->told;
}

struct walkup *
walkup_new(struct opsim *sim)
{
	struct walkup *w = calloc(1, sizeof *w);

	if (w == NULL)
		return NULL;
	w->sim = sim;
	w->pace_ms = 1;
	w->timer = evtimer_new(sim->base, on_timer, w);
	return w;
}

void
walkup_free(struct walkup **wp)
{
	if (*wp == NULL)
		return;
	event_free((*wp)->timer);
	free(*wp);
	*wp = NULL;
}
