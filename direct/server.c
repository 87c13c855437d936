/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a direct queue says to the print server (doc/opdp.md). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/rand.h>

#include "direct/direct.h"
#include "lib/text.h"

#define TRIES 4

int
server_open(struct direct_server *s, const char *dir, struct rel_err *err)
{
	memset(s, 0, sizeof *s);
	s->dir = dir;
	return station_load(dir, &s->station, err);
}

void
server_close(struct direct_server *s)
{
	if (s->line != NULL)
		station_hang_up(&s->line);
	json_decref(s->station);
	s->station = NULL;
}

/* The same request again while nobody answers. Takes body. */
static int
ask(struct direct_server *s, const char *path, const char *method,
    json_t *body, json_t **out, struct rel_err *err)
{
	struct station_call call = station_call_of(s->station, s->dir, s->ca);
	json_t *answer = NULL;
	int rc = -REL_E_PEER;

	call.path = path;
	call.body = body;
	call.method = method;
	call.line = &s->line;
	call.problem = s->problem;
	for (int i = 0; i < TRIES && rc == -REL_E_PEER; i++) {
		struct timespec ts = { 1 << (i - 1 < 0 ? 0 : i - 1), 0 };

		if (i > 0)
			(void)nanosleep(&ts, NULL);
		rc = station_ask(&call, &answer, err);
	}
	json_decref(body);
	if (rc == 0 && out != NULL)
		*out = answer;
	else
		json_decref(answer);
	return rc;
}

static json_t *
body_new(void)
{
	uint8_t raw[16];
	char id[33];

	if (RAND_bytes(raw, sizeof raw) != 1)
		abort();
	rel_hex(id, raw, sizeof raw);
	return json_pack("{s:s}", "request_id", id);
}

static json_t *
pages_of(const struct rel_facts *f)
{
	json_t *o;

	if (f->pages_sure == REL_SURE_UNKNOWN || f->sides == 0)
		return NULL;
	o = json_pack("{s:I,s:I,s:I,s:s}", "sides", (json_int_t)f->sides,
	    "sheets", (json_int_t)f->sheets, "color",
	    (json_int_t)(f->colour_sure == REL_SURE_UNKNOWN ? f->sides :
	    f->colour_sides), "language", f->language);
	if (f->nmedia > 0) {
		json_object_set_new(o, "width",
		    json_integer(f->media[0].width));
		json_object_set_new(o, "height",
		    json_integer(f->media[0].height));
	}
	return o;
}

/* Is it the job that is refused, and not who brings it? */
static bool
job_refused(const char *problem)
{
	static const char *const all[] = { "account-denied",
	    "quota-exceeded", "refused-by-rule" };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(problem, all[i]) == 0)
			return true;
	return false;
}

int
server_submit(struct direct_server *s, const struct direct_info *info,
    struct rel_err *err)
{
	json_t *body = body_new(), *pages = pages_of(info->facts);
	int rc;

	json_object_update_new(body, json_pack("{s:s,s:s,s:s,s:s,s:s,s:i,s:i,"
	    "s:I}", "queue", info->queue, "uuid", info->uuid, "user",
	    info->user, "host", info->host, "title", info->title,
	    "cups_job_id", info->cups_job, "copies", info->copies, "bytes",
	    (json_int_t)info->bytes));
	if (pages != NULL)
		json_object_set_new(body, "pages", pages);
	rc = ask(s, "/opdp/v1/direct/jobs", NULL, body, NULL, err);
	return rc == -REL_E_DENIED && !job_refused(s->problem) ?
	    -REL_E_FORMAT : rc;
}

/* Only what may stand in a path. */
static int
path_of(char out[200], const char *uuid, const char *what,
    struct rel_err *err)
{
	if (strspn(uuid, "0123456789abcdefABCDEF-:urnid") != strlen(uuid))
		return rel_err_set(err, REL_E_FORMAT, "a job-uuid that is none");
	snprintf(out, 200, "/opdp/v1/direct/jobs/%.63s%s", uuid, what);
	return 0;
}

int
server_start(struct direct_server *s, const char *uuid, struct rel_err *err)
{
	char path[200];
	int rc = path_of(path, uuid, "/start", err);

	return rc < 0 ? rc : ask(s, path, NULL, body_new(), NULL, err);
}

int
server_end(struct direct_server *s, const char *uuid, const char *result,
    struct rel_err *err)
{
	char path[200];
	json_t *body = body_new();
	int rc = path_of(path, uuid, "/end", err);

	json_object_set_new(body, "result", json_string(result));
	if (rc < 0)
		json_decref(body);
	return rc < 0 ? rc : ask(s, path, NULL, body, NULL, err);
}

int
server_delete(struct direct_server *s, const char *uuid, struct rel_err *err)
{
	char path[200];
	int rc = path_of(path, uuid, "", err);

	return rc < 0 ? rc : ask(s, path, "DELETE", NULL, NULL, err);
}

/* One page of the list into all; next is where it goes on, or "". */
static int
list_page(struct direct_server *s, json_t *all, char next[32],
    struct rel_err *err)
{
	json_t *answer = NULL;
	const json_t *jobs;
	const char *after;
	char path[100];
	int rc;

	snprintf(path, sizeof path, "/opdp/v1/direct/jobs%s%s",
	    next[0] != '\0' ? "?after=" : "", next);
	if ((rc = ask(s, path, NULL, NULL, &answer, err)) < 0)
		return rc;
	jobs = json_object_get(answer, "jobs");
	for (size_t i = 0; i < json_array_size(jobs); i++) {
		const json_t *j = json_array_get(jobs, i);
		const char *uuid = json_string_value(json_object_get(j,
		    "uuid"));

		if (uuid != NULL)
			json_object_set(all, uuid, json_object_get(j,
			    "state"));
	}
	after = json_string_value(json_object_get(answer, "next"));
	snprintf(next, 32, "%s", after != NULL ? after : "");
	json_decref(answer);
	return 0;
}

int
server_ready(struct direct_server *s, struct rel_err *err)
{
	json_t *none = json_object();
	char next[32] = "";
	int rc = list_page(s, none, next, err);

	json_decref(none);
	return rc;
}

int
server_list(struct direct_server *s, json_t **out, struct rel_err *err)
{
	json_t *all = json_object();
	char next[32] = "";
	int rc;

	do
		rc = list_page(s, all, next, err);
	while (rc == 0 && next[0] != '\0');
	if (rc == 0)
		*out = all;
	else
		json_decref(all);
	return rc;
}
