/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl approval and question: what rules wait for. */
#include <string.h>

#include "ctl/ctl.h"

static const struct ctl_column approval_columns[] = {
	{ "ID", "id", COL_TEXT }, { "USER", "user", COL_TEXT },
	{ "TITLE", "title", COL_TEXT }, { "COST", "cost_words", COL_TEXT },
	{ "APPROVED BY", "group", COL_TEXT }, { "RULE", "rule", COL_TEXT },
	{ "SINCE", "asked_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column question_columns[] = {
	{ "ID", "id", COL_TEXT }, { "TITLE", "title", COL_TEXT },
	{ "COST", "cost_words", COL_TEXT }, { "QUESTION", "text", COL_TEXT },
	{ "INSTEAD", "change", COL_TEXT },
	{ "UNTIL", "until", COL_TIME }, { NULL, NULL, COL_TEXT }
};

/* What waits on each job, beside the job's own members. */
static void
add_waiting(json_t *jobs, const char *kind)
{
	json_t *job, *wait, *value;
	const char *key;
	size_t i;

	json_array_foreach(jobs, i, job) {
		wait = json_object_get(json_object_get(job, "waiting"), kind);
		json_object_foreach(wait, key, value)
			json_object_set(job, key, value);
		job_charge_words(job);
	}
}

static int
waiting_list(struct ctl *c, const char *kind,
    const struct ctl_column *columns)
{
	struct rel_buf query;
	json_t *jobs;
	int rc;

	rel_buf_init(&query);
	rel_api_query(&query, "kind", kind);
	rc = ctl_list_built(c, "/waiting", &query, "jobs", 0, &jobs);
	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] == NULL)
		add_waiting(json_object_get(jobs, "jobs"), kind);
	ctl_print_list(c, jobs, "jobs", columns);
	return 0;
}

static int
approval_list(struct ctl *c)
{
	return waiting_list(c, "approval", approval_columns);
}

static int
question_list(struct ctl *c)
{
	return waiting_list(c, "question", question_columns);
}

static int
answer(struct ctl *c, const char *path, const char *word)
{
	json_t *job;
	int rc = ctl_send(c, "POST", path, c->arg[0], json_pack("{s:s,s:s*}",
	    "answer", word, "text", c->opt[OPT_TEXT]), &job);

	return rc < 0 ? rc : ctl_told(c, job, "Job %s is %s.\n", c->arg[0],
	    json_string_value(json_object_get(job, "state")));
}

static int
approval_approve(struct ctl *c)
{
	return answer(c, "/jobs/*/approval", "approve");
}

static int
approval_refuse(struct ctl *c)
{
	return answer(c, "/jobs/*/approval", "refuse");
}

static int
question_answer(struct ctl *c)
{
	const char *word = c->arg[1];

	if (strcmp(word, "as-is") != 0 && strcmp(word, "changed") != 0 &&
	    strcmp(word, "cancel") != 0)
		return ctl_misuse(c, "an answer is as-is, changed or cancel");
	return answer(c, "/jobs/*/answer", word);
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt text_opts[] = { OPT_TEXT, OPT_COUNT };

const struct ctl_verb ctl_waiting_verbs[] = {
	{ "approval", "list", 0, 0, "", none,
	    "List jobs that wait for an approval that the caller may give.",
	    approval_list },
	{ "approval", "approve", 1, 1, "ID", text_opts,
	    "Let a job be printed.", approval_approve },
	{ "approval", "refuse", 1, 1, "ID", text_opts,
	    "Refuse a job; --text tells its owner why.", approval_refuse },
	{ "question", "list", 0, 0, "", none,
	    "List what rules ask about the caller's jobs.", question_list },
	{ "question", "answer", 2, 2, "ID as-is|changed|cancel", none,
	    "Answer it: print the job as it is, print it changed as the "
	    "question says, or cancel it.", question_answer },
	{ 0 }
};
