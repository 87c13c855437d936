/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Beside the queue: what the print server has released is let go, what it has
 * no more is canceled, and what was canceled here is taken back there.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cups/cups.h>

#include "direct/direct.h"
#include "lib/log.h"

#define LOOK_S 2
#define RENEW_LOOKS 60u			/* so many to the next try to renew */

static volatile int stop;

static void
on_stop(int sig)
{
	(void)sig;
	stop = 1;
}

/* ---- cupsd of this machine */

static ipp_t *
request_of(ipp_op_t op, int id)
{
	ipp_t *rq = ippNewRequest(op);
	char uri[64];

	snprintf(uri, sizeof uri, "ipp://localhost/jobs/%d", id);
	ippAddString(rq, IPP_TAG_OPERATION, IPP_TAG_URI, "job-uri", NULL,
	    uri);
	ippAddString(rq, IPP_TAG_OPERATION, IPP_TAG_NAME,
	    "requesting-user-name", NULL, cupsUser());
	return rq;
}

/* The job's state; IPP_JSTATE_CANCELED when there is none, 0 unknown. */
static int
job_state(int id)
{
	ipp_t *rq = request_of(IPP_OP_GET_JOB_ATTRIBUTES, id), *answer;
	ipp_attribute_t *a;
	int state = 0;

	ippAddString(rq, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
	    "requested-attributes", NULL, "job-state");
	answer = cupsDoRequest(CUPS_HTTP_DEFAULT, rq, "/jobs/");
	if (cupsLastError() == IPP_STATUS_ERROR_NOT_FOUND)
		state = IPP_JSTATE_CANCELED;
	else if (answer != NULL && (a = ippFindAttribute(answer, "job-state",
	    IPP_TAG_ENUM)) != NULL)
		state = ippGetInteger(a, 0);
	ippDelete(answer);
	return state;
}

static int
job_do(ipp_op_t op, int id)
{
	ippDelete(cupsDoRequest(CUPS_HTTP_DEFAULT, request_of(op, id),
	    "/jobs/"));
	if (cupsLastError() <= IPP_STATUS_OK_CONFLICTING)
		return 0;
	rel_log(REL_WARN, "cupsd refused", "op=%s job=%d why=\"%s\"",
	    ippOpString(op), id, cupsLastErrorString());
	return -1;
}

/* ---- one look */

struct look {
	struct direct_server *s;
	json_t *here;			/* {id, uuid, state} of each job */
};

static void
note(int id, const char *uuid, void *ctx)
{
	const struct look *l = ctx;

	json_array_append_new(l->here, json_pack("{s:i,s:s,s:i}", "id", id,
	    "uuid", uuid, "state", job_state(id)));
}

/* The server waits for its end: its backend fell, or could not say it. */
static void
look_started(struct look *l, int id, const char *uuid)
{
	struct rel_err err;

	if (job_state(id) == IPP_JSTATE_HELD)
		(void)server_end(l->s, uuid, "aborted", &err);
}

/* A job the server knows, or did. */
static void
look_at(struct look *l, const json_t *job, const json_t *all)
{
	int id = (int)json_integer_value(json_object_get(job, "id"));
	int here = (int)json_integer_value(json_object_get(job, "state"));
	const char *uuid = json_string_value(json_object_get(job, "uuid"));
	const char *there = json_string_value(json_object_get(all, uuid));
	struct rel_err err;

	if (here == 0 || here == IPP_JSTATE_PROCESSING)
		return;			/* the backend is at work with it */
	if (there != NULL && strcmp(there, "started") == 0) {
		look_started(l, id, uuid);
	} else if (here >= IPP_JSTATE_CANCELED) {
		if (there == NULL || server_delete(l->s, uuid, &err) == 0)
			jobs_drop(l->s->dir, id);
	} else if (there == NULL) {
		if (job_do(IPP_OP_CANCEL_JOB, id) == 0)
			jobs_drop(l->s->dir, id);
	} else if (strcmp(there, "released") == 0 &&
	    here == IPP_JSTATE_HELD) {
		(void)job_do(IPP_OP_RELEASE_JOB, id);
	}
}

/* The jobs of here are looked at first: what is held by then was told to the
 * server before it is asked; it is not new, but gone when it is not there. */
int
watch_once(struct direct_server *s, struct rel_err *err)
{
	struct look l = { .s = s, .here = json_array() };
	json_t *there = NULL;
	int rc = jobs_each(s->dir, note, &l, err);

	if (rc == 0)
		rc = server_list(s, &there, err);
	for (size_t i = 0; rc == 0 && i < json_array_size(l.here); i++)
		look_at(&l, json_array_get(l.here, i), there);
	json_decref(there);
	json_decref(l.here);
	return rc;
}

void
watch_renew(struct direct_server *s)
{
	struct rel_err err = { 0 };
	int rc;

	if (!station_due(s->station))
		return;
	rc = station_renewed(s->dir, s->station, NULL, &err);
	rel_log(rc == 0 ? REL_NOTICE : REL_WARN, "certificate",
	    "renewed=%s why=\"%s\"", rc == 0 ? "yes" : "no", err.text);
	if (s->line != NULL)
		station_hang_up(&s->line);
}

int
watch_main(const char *dir)
{
	struct sigaction sa = { .sa_handler = on_stop };
	struct timespec pause = { LOOK_S, 0 };
	struct direct_server s;
	struct rel_err err;
	unsigned looks = 0;
	bool away = false;

	rel_log_init("direct", REL_INFO);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	if (server_open(&s, dir, &err) < 0) {
		fprintf(stderr, "release-direct: %s\n", err.text);
		return 1;
	}
	while (stop == 0) {
		int rc = watch_once(&s, &err);

		if (rc < 0 && !away)
			rel_log(REL_WARN, "the print server is asked again",
			    "why=\"%s\"", err.text);
		away = rc < 0;
		if (!away && looks++ % RENEW_LOOKS == 0)
			watch_renew(&s);
		if (stop == 0)
			(void)nanosleep(&pause, NULL);
	}
	server_close(&s);
	return 0;
}
