/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl job ... and explain. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/money.h"
#include "lib/text.h"

static const struct ctl_column list_columns[] = {
	{ "ID", "id", COL_TEXT }, { "USER", "user", COL_TEXT },
	{ "STATE", "state", COL_TEXT }, { "TITLE", "title", COL_TEXT },
	{ "COST", "cost_words", COL_TEXT },
	{ "SIDES", "sides_words", COL_TEXT },
	{ "COLOUR", "colour_words", COL_TEXT },
	{ "COPIES", "copies", COL_INT },
	{ "PIN", "confidential", COL_YESNO },
	{ "SUBMITTED", "created_at", COL_TIME },
	{ "EXPIRES", "expires_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column show_columns[] = {
	{ "Id", "id", COL_TEXT }, { "State", "state", COL_TEXT },
	{ "Reason", "reason", COL_TEXT }, { "User", "user", COL_TEXT },
	{ "From host", "host", COL_TEXT }, { "Title", "title", COL_TEXT },
	{ "Made with", "application_words", COL_TEXT },
	{ "CUPS queue", "queue", COL_TEXT },
	{ "CUPS job", "cups_job", COL_INT },
	{ "Document", "document", COL_INT }, { "Format", "format", COL_TEXT },
	{ "Size", "bytes", COL_SIZE }, { "Pages", "pages_words", COL_TEXT },
	{ "In colour", "colour_pages", COL_TEXT },
	{ "Options", "options_words", COL_TEXT },
	{ "Copies", "copies", COL_INT },
	{ "Cost", "cost_words", COL_TEXT },
	{ "Made up of", "cost_items", COL_TEXT },
	{ "Waits for", "waits_words", COL_TEXT },
	{ "Confidential (PIN)", "confidential", COL_YESNO },
	{ "Submitted", "created_at", COL_TIME },
	{ "Expires", "expires_at", COL_TIME },
	{ "Device", "device", COL_TEXT },
	{ "Release reference", "release_ref", COL_TEXT },
	{ "Released", "released_at", COL_TIME },
	{ "Ended", "ended_at", COL_TIME }, { "Sent", "bytes_sent", COL_SIZE },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column event_columns[] = {
	{ "WHEN", "at", COL_TIME }, { "WHAT", "kind", COL_TEXT },
	{ "IN WORDS", "text", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

/* "-" for what nobody knows. */
static void
put_number(json_t *job, const char *key, const char *sure, int64_t n)
{
	char text[32] = "";

	if (sure != NULL && strcmp(sure, "unknown") != 0)
		snprintf(text, sizeof text, "%s%lld",
		    strcmp(sure, "bound") == 0 ? "<=" : "", (long long)n);
	json_object_set_new(job, key, json_string(text));
}

/* What is changed or asked for: "sides=two-sided-long-edge number_up=2". */
static void
put_options(json_t *job)
{
	json_t *options = json_object_get(job, "options"), *v;
	char all[400] = "";
	const char *name;
	size_t len = 0;

	json_object_foreach(options, name, v) {
		char one[100];

		if (json_is_null(v) || strcmp(name, "copies") == 0 ||
		    (json_is_array(v) && json_array_size(v) == 0) ||
		    (strcmp(name, "number_up") == 0 &&
		    json_integer_value(v) == 1))
			continue;
		if (json_is_array(v)) {
			snprintf(one, sizeof one, "%s", json_string_value(
			    json_array_get(v, 0)));
		} else if (json_is_integer(v)) {
			snprintf(one, sizeof one, "%lld",
			    (long long)json_integer_value(v));
		} else {
			snprintf(one, sizeof one, "%s",
			    json_string_value(v));
		}
		if (len + strlen(name) + strlen(one) + 3 < sizeof all)
			len += (size_t)snprintf(all + len, sizeof all - len,
			    "%s%s=%s", len > 0 ? " " : "", name, one);
	}
	json_object_set_new(job, "options_words", json_string(all));
}

/* "0.60 EUR paid (estimate), 0.10 of it refunded" */
void
job_charge_words(json_t *job)
{
	const json_t *charge = json_object_get(job, "charge");
	const char *state = "", *currency = "", *source = "", *account = "";
	char money[REL_MONEY_TEXT], back[REL_MONEY_TEXT], words[300];
	json_int_t micro = 0, refunded = 0;
	int n;

	if (json_unpack((json_t *)(uintptr_t)charge,
	    "{s:s,s:I,s:s,s?s,s?s,s?I}", "state", &state, "micro", &micro,
	    "currency", &currency, "source", &source, "account", &account,
	    "refunded_micro", &refunded) < 0)
		return;
	rel_money_text_in(money, micro, currency);
	rel_money_text(back, refunded);
	if (strcmp(state, "settled") == 0)
		n = snprintf(words, sizeof words, "%s paid (%s)", money,
		    source);
	else if (strcmp(state, "reserved") == 0)
		n = snprintf(words, sizeof words, "%s set aside", money);
	else
		n = snprintf(words, sizeof words, "%s of %s", money, account);
	if (refunded > 0 && n > 0 && (size_t)n < sizeof words)
		snprintf(words + n, sizeof words - (size_t)n,
		    ", %s refunded", back);
	json_object_set_new(job, "cost_words", json_string(words));
}

/* "24 colour sides at 0.10 (line 12); ..." */
static void
put_items(json_t *job)
{
	json_t *items = json_object_get(json_object_get(job, "charge"),
	    "items"), *item;
	char all[900] = "";
	size_t i, len = 0;

	json_array_foreach(items, i, item) {
		const char *text = json_string_value(json_object_get(item,
		    "text"));

		if (text != NULL && len + strlen(text) + 3 < sizeof all)
			len += (size_t)snprintf(all + len, sizeof all - len,
			    "%s%s", len > 0 ? "; " : "", text);
	}
	json_object_set_new(job, "cost_items", json_string(all));
}

static void
put_waiting(json_t *job)
{
	json_t *waiting = json_object_get(job, "waiting");
	const char *text = json_string_value(json_object_get(json_object_get(
	    waiting, "question"), "text"));
	const char *group = json_string_value(json_object_get(
	    json_object_get(waiting, "approval"), "group"));
	char words[800];

	snprintf(words, sizeof words, "%s%s%s%s%s", text != NULL ?
	    "an answer to: " : "", text != NULL ? text : "", text != NULL &&
	    group != NULL ? "; " : "", group != NULL ? "approval by " : "",
	    group != NULL ? group : "");
	json_object_set_new(job, "waits_words", json_string(words));
}

/* "Writer (LibreOffice 7.4), says pdf-info" */
static void
put_application(json_t *job)
{
	const json_t *a = json_object_get(job, "application");
	const char *name = json_string_value(json_object_get(a, "name"));
	const char *by = json_string_value(json_object_get(a, "producer"));
	const char *from = json_string_value(json_object_get(a, "source"));
	char words[400];

	snprintf(words, sizeof words, "%s%s%s%s%s%s", name != NULL ? name :
	    "", name != NULL && by != NULL ? " (" : "", by != NULL ? by : "",
	    name != NULL && by != NULL ? ")" : "", from != NULL ? ", says " :
	    "", from != NULL ? from : "");
	json_object_set_new(job, "application_words", json_string(words));
}

/* Members for people beside those of the API. */
static void
add_words(json_t *job)
{
	json_t *pages = json_object_get(job, "pages");
	char words[300];

	job_pages_words(job, words, sizeof words);
	json_object_set_new(job, "pages_words", json_string(words));
	json_object_set(job, "colour_pages", json_object_get(pages,
	    "colour_pages"));
	put_number(job, "sides_words", json_string_value(json_object_get(
	    pages, "pages_sure")), json_integer_value(json_object_get(pages,
	    "sides")));
	put_number(job, "colour_words", json_string_value(json_object_get(
	    pages, "colour_sure")), json_integer_value(json_object_get(pages,
	    "colour_sides")));
	put_options(job);
	put_application(job);
	job_charge_words(job);
	put_items(job);
	put_waiting(job);
}

static int
job_list(struct ctl *c)
{
	struct rel_buf query;
	int64_t limit = 0;
	json_t *jobs;
	int rc;

	if ((rc = ctl_number(c, OPT_LIMIT, 1, CTL_ROWS_MAX, &limit)) < 0)
		return rc;
	rel_buf_init(&query);
	rel_api_query(&query, "user", c->opt[OPT_USER]);
	rel_api_query(&query, "job_state", c->opt[OPT_STATE]);
	rel_api_query(&query, "q", c->opt[OPT_SEARCH]);
	rel_api_query(&query, "from", c->opt[OPT_FROM]);
	rel_api_query(&query, "to", c->opt[OPT_TO]);
	rel_api_query(&query, "device", c->opt[OPT_DEVICE]);
	rel_api_query(&query, "queue", c->opt[OPT_QUEUE]);
	rel_api_query(&query, "order", c->opt[OPT_NEWEST] != NULL ? "newest" :
	    NULL);
	rc = ctl_list_built(c, "/jobs", &query, "jobs", (size_t)limit, &jobs);
	if (rc == 0 && c->opt[OPT_JSON] == NULL) {
		json_t *job;
		size_t i;

		json_array_foreach(json_object_get(jobs, "jobs"), i, job)
			add_words(job);
	}
	if (rc == 0)
		ctl_print_list(c, jobs, "jobs", list_columns);
	return rc;
}

static int
job_show(struct ctl *c)
{
	json_t *job;
	int rc = ctl_call(c, "GET", "/jobs/*", c->arg[0], NULL, &job);

	if (rc == 0 && c->opt[OPT_JSON] == NULL)
		add_words(job);
	if (rc == 0)
		ctl_print_one(c, job, show_columns);
	return rc;
}

static int
job_release(struct ctl *c)
{
	json_t *body, *job;
	int64_t copies = 0;
	int rc;

	if (c->opt[OPT_DEVICE] == NULL)
		return ctl_misuse(c, "--device DEVICE says where");
	if ((rc = ctl_number(c, OPT_COPIES, 1, 999, &copies)) < 0)
		return rc;
	if ((body = json_pack("{s:s}", "device", c->opt[OPT_DEVICE])) == NULL)
		return ctl_misuse(c, "the device's name is no UTF-8 text");
	if (copies > 0)
		json_object_set_new(body, "copies", json_integer(copies));
	if (c->opt[OPT_YES] != NULL)
		json_object_set_new(body, "confirm", json_true());
	rc = ctl_send(c, "POST", "/jobs/*/release", c->arg[0], body, &job);
	return rc < 0 ? rc : ctl_told(c, job, "Job %s is on its way to %s. "
	    "\"releasectl explain %s\" tells what becomes of it.\n",
	    c->arg[0], c->opt[OPT_DEVICE], c->arg[0]);
}

static int
job_delete(struct ctl *c)
{
	int rc = 0;

	for (int i = 0; i < c->nargs && rc == 0; i++) {
		json_t *job = NULL;

		rc = ctl_call(c, "DELETE", "/jobs/*", c->arg[i], NULL, &job);
		if (rc == 0)
			ctl_say(c, job == NULL ? "Job %s deleted.\n" :
			    "Job %s prints already: its device is asked to "
			    "cancel it.\n", c->arg[i]);
		json_decref(job);
	}
	return rc;
}

static int
job_keep(struct ctl *c)
{
	for (int i = 0; i < c->nargs; i++) {
		json_t *job;
		char when[40];
		int rc = ctl_call(c, "POST", "/jobs/*/keep", c->arg[i], NULL,
		    &job);

		if (rc < 0)
			return rc;
		ctl_text(when, sizeof when, json_object_get(job,
		    "expires_at"), COL_TIME);
		ctl_told(c, job, "Job %s is held until %s.\n", c->arg[i], when);
	}
	return 0;
}

static int
job_explain(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "GET", "/jobs/*/explain", c->arg[0], NULL,
	    &answer);

	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
	} else {
		add_words(json_object_get(answer, "job"));
		ctl_show(json_object_get(answer, "job"), show_columns);
		putchar('\n');
		ctl_table(json_object_get(answer, "events"), event_columns);
	}
	json_decref(answer);
	return 0;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt list_opts[] = {
	OPT_USER, OPT_STATE, OPT_SEARCH, OPT_FROM, OPT_TO, OPT_DEVICE,
	OPT_QUEUE, OPT_NEWEST, OPT_LIMIT, OPT_COUNT
};
static const enum ctl_opt preview_opts[] = {
	OPT_OUTPUT, OPT_SIZE, OPT_COUNT
};
static const enum ctl_opt release_opts[] = {
	OPT_DEVICE, OPT_COPIES, OPT_YES, OPT_COUNT
};

const struct ctl_verb ctl_job_verbs[] = {
	{ "job", "list", 0, 0, "", list_opts,
	    "List jobs: those held or on their way, unless --state is given; "
	    "with --search, --from and so on among them.",
	    job_list },
	{ "job", "show", 1, 1, "ID", none, "Show one job.", job_show },
	{ "job", "set", 2, ARGS_MAX, "ID NAME=VALUE ...", none,
	    "Change how a held job prints: copies, color, sides, pages, "
	    "number_up, media, tray, finishings, output_bin, quality, "
	    "account.", job_set },
	{ "job", "preview", 1, 1, "ID", preview_opts,
	    "Draw the first page of a held job, as a PNG.", job_preview },
	{ "job", "release", 1, 1, "ID", release_opts,
	    "Print a held job at a device.", job_release },
	{ "job", "keep", 1, ARGS_MAX, "ID ...", none,
	    "Let held jobs wait as long again as when they came.", job_keep },
	{ "job", "delete", 1, ARGS_MAX, "ID ...", none,
	    "Delete held jobs; their documents are gone for good. A "
	    "device that prints one already by IPP is asked to cancel it.",
	    job_delete },
	{ "explain", NULL, 1, 1, "ID", none,
	    "Tell everything that happened to a job and why.", job_explain },
	{ 0 }
};
