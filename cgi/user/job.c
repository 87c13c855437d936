/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* One job: what it is, its first page, its options, its story. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "cgi/cgi.h"
#include "cgi/money.h"
#include "cgi/user/user.h"
#include "lib/text.h"

/* ---- options */

/* A field of the form, when it was changed, into the body. */
static void
option_text(struct cgi *c, json_t *options, const char *name)
{
	const char *v = cgi_field(c, name);

	if (v != NULL && v[0] != '\0')
		json_object_set_new(options, name, json_string(v));
}

static int
option_number(struct cgi *c, json_t *options, const char *name, int64_t max)
{
	const char *v = cgi_field(c, name);
	int64_t n;

	if (v == NULL || v[0] == '\0')
		return 0;
	if (!rel_int(&n, v, 1, max))
		return cgi_bad(c, name, "%s",
		    tr("This number is too small or too large."));
	json_object_set_new(options, name, json_integer(n));
	return 0;
}

static int
job_options(struct cgi *c)
{
	static const char *const texts[] = { "color", "sides", "pages",
	    "media", "tray", "quality", "account" };
	json_t *options = json_object();
	int rc = option_number(c, options, "copies", 9999);

	if (rc == 0)
		rc = option_number(c, options, "number_up", 16);
	if (rc < 0) {
		json_decref(options);
		return rc;
	}
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		option_text(c, options, texts[i]);
	return cgi_call(c, "POST", json_pack("{s:o}", "options", options),
	    NULL, "/jobs/*/options", cgi_text(c, "id"));
}

/* ---- the page */

static int
job_get(struct cgi *c)
{
	json_t *answer = NULL, *job;
	const char *title;
	bool own;
	int rc = cgi_get(c, &answer, "/jobs/*/explain", cgi_text(c, "id"));

	if (rc < 0)
		return rc;
	job = json_object_get(answer, "job");
	ask_words(job);
	json_object_set(c->view, "job", job);
	cgi_put(c, "waits", json_pack("[O]", job));
	json_object_set(c->view, "events", json_object_get(answer, "events"));
	title = json_string_value(json_object_get(job, "title"));
	cgi_put_text(c, "title", title != NULL && title[0] != '\0' ? title :
	    tr("A job"));
	own = json_equal(json_object_get(job, "user"), json_object_get(c->me,
	    "name"));
	cgi_put(c, "own", json_boolean(own));
	cgi_put(c, "operator", json_boolean(c->role >= FOR_OPERATOR));
	cgi_put(c, "may_approve", json_boolean(json_is_true(json_object_get(
	    c->me, "approves"))));
	cgi_put(c, "may_change", json_boolean(own || c->role >=
	    FOR_OPERATOR));
	json_decref(answer);
	return cgi_view(c, "devices", "devices", "/devices?limit=200");
}

/* Back to where such jobs are listed. */
static int
job_delete(struct cgi *c)
{
	int rc = jobs_delete(c);

	if (rc == 0 && cgi_on(c, "other"))
		snprintf(c->go, sizeof c->go, "admin/jobs.cgi");
	return rc;
}

static int
job_cancel(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/jobs/*", cgi_text(c,
	    "job"));
}

/* Here is to be seen what becomes of it. */
static int
job_release(struct cgi *c)
{
	int rc = jobs_release(c);

	if (rc == 0 && cgi_on(c, "other"))
		c->go[0] = '\0';
	return rc;
}

/* All of it, or so much. */
static int
job_refund(struct cgi *c)
{
	json_t *body = json_object();

	if (cgi_text(c, "amount")[0] != '\0')
		json_object_set_new(body, "amount", money_typed(cgi_text(c,
		    "amount")));
	if (cgi_text(c, "text")[0] != '\0')
		json_object_set_new(body, "text", json_string(cgi_text(c,
		    "text")));
	return cgi_call(c, "POST", body, NULL, "/jobs/*/refund", cgi_text(c,
	    "job"));
}

static const struct action job_actions[] = {
	{ "options", job_options, "The options are changed." },
	{ "release", job_release, "The device prints now." },
	{ "delete", job_delete, "Deleted: nothing of it is left." },
	{ "cancel", job_cancel, "The device is asked to cancel it." },
	{ "keep", jobs_keep, "Kept: it expires later now." },
	{ "answer-changed", ask_changed, "Answered: it prints changed." },
	{ "answer-as-is", ask_as_is, "Answered: it prints as it is." },
	{ "answer-cancel", ask_cancel, "Deleted: nothing of it is left." },
	{ "approve", ask_approve, "Approved: its owner can print it now." },
	{ "refuse", ask_refuse, "Refused: its owner is told." },
	{ "refund", job_refund, "The money is paid back." },
	{ NULL, NULL, NULL }
};

const struct page user_job = {
	.path = "job.cgi",
	.title = "A job",
	.get = job_get,
	.actions = job_actions
};

/* ---- its first page, as a picture */

static int
preview_get(struct cgi *c)
{
	json_t *answer = NULL;
	const char *data;
	unsigned char *png;
	size_t n;
	int len, rc;

	rc = cgi_get(c, &answer, "/jobs/*/preview?size=600",
	    cgi_text(c, "id"));
	if (rc < 0)
		return rc;
	data = json_string_value(json_object_get(answer, "data"));
	n = data != NULL ? strlen(data) : 0;
	png = malloc(n + 1);
	len = png != NULL && n > 0 && n % 4 == 0 ? EVP_DecodeBlock(png,
	    (const unsigned char *)data, (int)n) : -1;
	/* EVP_DecodeBlock() counts the padding. */
	if (len > 0 && data[n - 1] == '=')
		len -= data[n - 2] == '=' ? 2 : 1;
	rc = len > 0 ? cgi_send(c, "image/png", png, (size_t)len) :
	    rel_err_set(&c->err, REL_E_FORMAT, "there is no picture");
	free(png);
	json_decref(answer);
	return rc;
}

const struct page user_preview = {
	.path = "preview.cgi",
	.title = "First page",
	.get = preview_get
};
