/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * My jobs: what is held for the visitor, printed at a device that is chosen
 * from a list, by a search, or by the QR code on it (jobs.cgi?device=ID).
 */
#include <stdio.h>
#include <string.h>

#include "cgi/cgi.h"
#include "cgi/user/user.h"

#define JOBS_AT_ONCE 200

/* ---- one thing done with each chosen job */

typedef int (*job_fn)(struct cgi *c, const char *id);

static int
release_one(struct cgi *c, const char *id)
{
	json_t *body = json_pack("{s:s}", "device", cgi_text(c, "device"));

	if (cgi_on(c, "confirm"))
		json_object_set_new(body, "confirm", json_true());
	return cgi_call(c, "POST", body, NULL, "/jobs/*/release", id);
}

static int
delete_one(struct cgi *c, const char *id)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/jobs/*", id);
}

static int
keep_one(struct cgi *c, const char *id)
{
	return cgi_call(c, "POST", NULL, NULL, "/jobs/*/keep", id);
}

/*
 * All jobs of the form; those that fail do not stop the others.  The words
 * say how many did it and why the first did not.
 */
static int
each_job(struct cgi *c, job_fn fn)
{
	unsigned done = 0, all = 0;
	struct rel_err first = { 0 };
	const char *id;
	size_t at = 0;
	int rc = 0;

	while ((id = cgi_next(c, "job", &at)) != NULL &&
	    all < JOBS_AT_ONCE) {
		int one = fn(c, id);

		all++;
		done += one == 0;
		/* The page asks, and the form that comes back answers. */
		if (strcmp(c->problem, "confirmation-needed") == 0)
			cgi_put(c, "ask", json_true());
		if (one < 0 && rc == 0) {
			rc = one;
			first = c->err;
		}
	}
	if (all == 0)
		return cgi_bad(c, "job", "%s", tr("Choose at least one job."));
	if (rc < 0 && all > 1)
		rel_err_set(&c->err, first.code, "%u/%u: %.150s", done, all,
		    first.text);
	else if (rc < 0)
		c->err = first;
	return rc;
}

int
jobs_release(struct cgi *c)
{
	const char *device = cgi_text(c, "device");
	struct rel_buf b;
	int rc;

	if (device[0] == '\0')
		return cgi_bad(c, "device", "%s",
		    tr("Choose the device that is to print."));
	if ((rc = each_job(c, release_one)) < 0)
		return rc;
	rel_buf_init(&b);
	rel_put_fmt(&b, "jobs.cgi?device=");
	rel_api_escape(&b, device);
	if (cgi_text(c, "of")[0] != '\0') {
		rel_put_fmt(&b, "&of=");
		rel_api_escape(&b, cgi_text(c, "of"));
	}
	rel_put_u8(&b, 0);
	if (!b.failed)
		snprintf(c->go, sizeof c->go, "%s", (char *)b.data);
	rel_buf_fini(&b);
	return 0;
}

int
jobs_delete(struct cgi *c)
{
	int rc = each_job(c, delete_one);

	if (rc == 0)
		snprintf(c->go, sizeof c->go, "jobs.cgi");
	return rc;
}

int
jobs_keep(struct cgi *c)
{
	return each_job(c, keep_one);
}

/* ---- the list */

/* The device of the address, when there is one of that id or name. */
static int
chosen_device(struct cgi *c)
{
	const char *want = cgi_text(c, "device");
	const json_t *devices = json_object_get(c->view, "devices");
	json_t *d;
	size_t i;

	if (want[0] == '\0')
		return 0;
	json_array_foreach(devices, i, d) {
		const char *id = json_string_value(json_object_get(d, "id"));
		const char *name = json_string_value(json_object_get(d,
		    "name"));

		if ((id != NULL && strcmp(id, want) == 0) ||
		    (name != NULL && strcmp(name, want) == 0)) {
			json_object_set(c->view, "device", d);
			return 0;
		}
	}
	cgi_put_text(c, "no_device", want);
	return 0;
}

/* Whose jobs: one's own, or (jobs.cgi?of=NAME) of one who lets the visitor. */
static const char *
whose(struct cgi *c)
{
	const char *of = cgi_text(c, "of");

	if (of[0] == '\0')
		return json_string_value(json_object_get(c->me, "name"));
	cgi_put_text(c, "of", of);
	return of;
}

static int
jobs_get(struct cgi *c)
{
	const char *after = cgi_text(c, "after");
	json_t *answer = NULL, *job;
	bool priced = false;
	size_t i;
	int rc = cgi_get(c, &answer, after[0] != '\0' ?
	    "/jobs?user=*&limit=200&after=*" : "/jobs?user=*&limit=200",
	    whose(c), after);

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(answer, "jobs"), i, job) {
		ask_words(job);
		/* A column for prices where there are any. */
		priced = priced || json_is_object(json_object_get(job,
		    "charge"));
	}
	cgi_put(c, "priced", json_boolean(priced));
	json_object_set(c->view, "jobs", json_object_get(answer, "jobs"));
	json_object_set(c->view, "next", json_object_get(answer, "next"));
	json_decref(answer);
	if ((rc = cgi_view(c, "devices", "devices",
	    "/devices?limit=200")) < 0)
		return rc;
	return chosen_device(c);
}

static const struct action jobs_actions[] = {
	{ "release", jobs_release, "The device prints now." },
	{ "delete", jobs_delete, "Deleted: nothing of it is left." },
	{ "keep", jobs_keep, "Kept: it expires later now." },
	{ "answer-changed", ask_changed, "Answered: it prints changed." },
	{ "answer-as-is", ask_as_is, "Answered: it prints as it is." },
	{ "answer-cancel", ask_cancel, "Deleted: nothing of it is left." },
	{ NULL, NULL, NULL }
};

const struct page user_jobs = {
	.path = "jobs.cgi",
	.title = "My jobs",
	.menu = "Printing",
	.get = jobs_get,
	.actions = jobs_actions
};
