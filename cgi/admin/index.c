/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Overview: how it stands, and what needs somebody. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cgi/device_words.h"
#include "cgi/list.h"
#include "cgi/supply_words.h"
#include "cgi/usage.h"

/* ---- devices */

/* What runs out soon; which is low, releaserd says (SuppliesLow). */
static void
supplies(struct cgi *c, const json_t *answer)
{
	json_t *list = json_object_get(answer, "supplies"), *s;
	json_int_t low = json_integer_value(json_object_get(answer,
	    "supplies_low"));
	size_t i;

	json_array_foreach(list, i, s)
		supply_words(s);
	json_object_set(c->view, "attention_supplies", list);
	cgi_put(c, "supplies", json_pack("{s:I,s:O,s:I}", "low", low, "below",
	    json_object_get(answer, "supplies_below"), "more", low -
	    (json_int_t)json_array_size(list)));
}

static int
devices(struct cgi *c)
{
	json_t *answer = NULL, *d;
	json_int_t all = 0, none = 0, silent = 0, trouble = 0;
	size_t i;
	int rc = cgi_get(c, &answer, "/attention");

	if (rc < 0)
		return rc;
	json_unpack(answer, "{s:I,s:I,s:I,s:I}", "all", &all, "without_panel",
	    &none, "silent", &silent, "trouble", &trouble);
	cgi_put(c, "devices", json_pack("{s:I,s:I,s:I,s:I}", "all", all,
	    "without_panel", none, "ok", all - none - silent - trouble, "bad",
	    silent + trouble));
	json_array_foreach(json_object_get(answer, "devices"), i, d)
		device_words(d);
	supplies(c, answer);
	json_object_set_new(json_object_get(c->view, "devices"), "more",
	    json_integer(silent + trouble - (json_int_t)i));
	json_object_set(c->view, "attention_devices", json_object_get(answer,
	    "devices"));
	json_decref(answer);
	return 0;
}

/* ---- jobs */

/* Since yesterday: whoever comes in the morning sees the evening, too. */
static int
failed_jobs(struct cgi *c)
{
	time_t t = time(NULL) - 86400;
	char day[16] = "";
	struct tm tm;

	if (localtime_r(&t, &tm) != NULL)
		strftime(day, sizeof day, "%Y-%m-%d", &tm);
	return cgi_view(c, "attention_jobs", "jobs", "/jobs?job_state="
	    "unconfirmed,refused&order=newest&limit=10&from=*", day);
}

/* ---- warnings of the server, in the visitor's language where there are
 * words for their kind */
static void
warnings(struct cgi *c)
{
	json_t *w, *list = json_object_get(json_object_get(c->view, "server"),
	    "warnings");
	size_t i;

	json_array_foreach(list, i, w) {
		const char *code = json_string_value(json_object_get(w,
		    "code"));
		char key[80];

		snprintf(key, sizeof key, "!%.70s", code != NULL ? code : "");
		if (tr(key) != key)
			json_object_set_new(w, "words", json_string(tr(key)));
	}
	json_object_set(c->view, "warnings", list);
}

/* ---- what came out */

/* The sum of the last row is today's. */
static int
plots(struct cgi *c)
{
	int rc = usage_view(c, "hours", tr("Pages per hour"),
	    "/usage?by=hour", NULL);

	if (rc == 0)
		rc = usage_view(c, "days", tr("Pages per day"),
		    "/usage?by=day", NULL);
	return rc;
}

/* What the check of the ledger finds; a large one goes on at the next visit. */
static int
ledger(struct cgi *c)
{
	json_t *answer = NULL;
	int rc = cgi_get(c, &answer, "/ledger/check");

	if (rc < 0)
		return rc;
	if (json_is_true(json_object_get(answer, "done")))
		json_object_set(c->view, "ledger_findings", json_object_get(
		    answer, "findings"));
	json_decref(answer);
	return 0;
}

/* What was paid today, when something has a price. */
static int
paid(struct cgi *c)
{
	json_t *prices = NULL, *answer = NULL;
	char day[16] = "";
	time_t t = time(NULL);
	struct tm tm;
	int rc = cgi_get(c, &prices, "/prices");

	if (rc == 0 && json_integer_value(json_object_get(prices,
	    "version")) > 0) {
		if (localtime_r(&t, &tm) != NULL)
			strftime(day, sizeof day, "%Y-%m-%d", &tm);
		rc = cgi_get(c, &answer, "/report/cost?from=*", day);
		json_object_set(c->view, "paid", answer);
	}
	json_decref(prices);
	json_decref(answer);
	return rc;
}

static void
attention(struct cgi *c)
{
	static const char *const kinds[] = { "warnings", "attention_devices",
	    "attention_supplies", "attention_jobs", "locked",
	    "ledger_findings" };
	bool any = false;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		any |= json_array_size(json_object_get(c->view,
		    kinds[i])) > 0;
	cgi_put(c, "attention", json_boolean(any));
}

static int
index_get(struct cgi *c)
{
	int rc = cgi_view(c, "server", NULL, "/status");

	if (rc == 0)
		rc = devices(c);
	if (rc == 0)
		rc = failed_jobs(c);
	if (rc == 0)
		rc = cgi_view(c, "locked", "lockouts", "/lockouts");
	if (rc == 0)
		rc = cgi_view(c, "jobs", "jobs",
		    "/jobs?job_state=all&order=newest&limit=10");
	/* Everybody's figures are for operators. */
	if (rc == 0 && c->role >= FOR_OPERATOR)
		rc = plots(c);
	if (rc == 0 && c->role >= FOR_OPERATOR)
		rc = ledger(c);
	if (rc == 0 && c->role >= FOR_OPERATOR)
		rc = paid(c);
	cgi_put(c, "sees_usage", json_boolean(c->role >= FOR_OPERATOR));
	warnings(c);
	attention(c);
	return rc;
}

const struct page admin_index = {
	.path = "admin/index.cgi",
	.title = "Overview",
	.need = FOR_HELPDESK,
	.menu = "Administration",
	.get = index_get
};
