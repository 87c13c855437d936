/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl directory sync ...: begin, follow, and what came of it. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"

#define LOOK_MS 500		/* at most; soon at first */

static const struct ctl_column run_columns[] = {
	{ "BEGAN", "began_at", COL_TIME }, { "ENDED", "ended_at", COL_TIME },
	{ "STATE", "state", COL_TEXT }, { "TRIAL", "dry_run", COL_YESNO },
	{ "BY", "by", COL_TEXT }, { "LISTED", "listed", COL_INT },
	{ "ADDED", "added", COL_INT }, { "CHANGED", "changed", COL_INT },
	{ "SAME", "unchanged", COL_INT },
	{ "DISABLED", "disabled", COL_INT },
	{ "DELETED", "deleted", COL_INT }, { "CLASHES", "clashes", COL_INT },
	{ "WHY", "words", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column row_columns[] = {
	{ "WHAT", "what", COL_TEXT }, { "NAME", "name", COL_TEXT },
	{ "WORDS", "words", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

/* ---- begin, and follow */

static void
progress(struct ctl *c, const json_t *run)
{
	if (c->opt[OPT_JSON] == NULL && isatty(STDERR_FILENO))
		fprintf(stderr, "\r%lld entries, %lld added, %lld changed ",
		    (long long)ctl_int(run, "listed"),
		    (long long)ctl_int(run, "added"),
		    (long long)ctl_int(run, "changed"));
}

/* It is over when nothing is at work; then out is the answer. */
static int
follow(struct ctl *c, json_t **out)
{
	struct timespec pause = { 0, 50 * 1000000L };
	int rc;

	for (;;) {
		const char *state;

		rc = ctl_call(c, "GET", "/directories/*/sync", c->arg[0], NULL,
		    out);
		if (rc < 0)
			return rc;
		state = ctl_str(*out, "state");
		if (strcmp(state, "idle") == 0)
			return 0;
		if (strcmp(state, "running") == 0)
			progress(c, json_array_get(json_object_get(*out,
			    "runs"), 0));
		json_decref(*out);
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < LOOK_MS * 1000000L)
			pause.tv_nsec += 50 * 1000000L;
	}
}

static int
came_to(struct ctl *c, json_t *answer)
{
	json_t *run = json_array_get(json_object_get(answer, "runs"), 0);
	const char *state = ctl_str(run, "state");
	int rc = 0;

	if (c->opt[OPT_JSON] == NULL && isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
	if (strcmp(state, "done") != 0)
		rc = rel_err_set(&c->err, REL_E_DENIED,
		    "the sync of %.80s is %s: %s", c->arg[0], state,
		    ctl_str(run, "words"));
	ctl_told(c, answer, "%s: %lld entries; %lld added, %lld changed, %lld "
	    "as they were, %lld disabled, %lld deleted; %lld clashes.\n",
	    json_is_true(json_object_get(run, "dry_run")) ?
	    "Nothing was done. It would come to this" : rc < 0 ? "Until then" :
	    "Done",
	    (long long)ctl_int(run, "listed"), (long long)ctl_int(run, "added"),
	    (long long)ctl_int(run, "changed"),
	    (long long)ctl_int(run, "unchanged"),
	    (long long)ctl_int(run, "disabled"),
	    (long long)ctl_int(run, "deleted"),
	    (long long)ctl_int(run, "clashes"));
	return rc;
}

int
directory_sync(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_send(c, "POST", "/directories/*/sync", c->arg[0],
	    json_pack("{s:b,s:b}", "dry_run", c->opt[OPT_DRY_RUN] != NULL,
	    "force", c->opt[OPT_FORCE] != NULL), &answer);

	if (rc < 0)
		return rc;
	if (c->opt[OPT_WAIT] == NULL)
		return ctl_told(c, answer, "It begins. How far it is: "
		    "releasectl directory sync-result %s\n", c->arg[0]);
	json_decref(answer);
	rc = follow(c, &answer);
	return rc < 0 ? rc : came_to(c, answer);
}

/* ---- what came of it */

/* The lines alone; "sync" of NAME with its query. */
static int
rows_get(struct ctl *c, json_t **out)
{
	struct rel_buf path, query;
	int64_t limit = 0;
	int rc = ctl_number(c, OPT_LIMIT, 1, CTL_ROWS_MAX, &limit);

	if (rc < 0)
		return rc;
	rel_buf_init(&path);
	rel_buf_init(&query);
	rel_api_query(&query, "kind", c->opt[OPT_WHAT]);
	rel_put_fmt(&path, "/directories/");
	rel_api_escape(&path, c->arg[0]);
	rel_put_fmt(&path, "/sync");
	rel_put_u8(&path, 0);
	rc = path.failed ? -REL_E_NOMEM : ctl_list_built(c, (char *)path.data,
	    &query, "rows", (size_t)limit, out);
	rel_buf_fini(&path);
	return rc;
}

int
directory_sync_result(struct ctl *c)
{
	json_t *answer, *rows;
	int rc;

	if (c->opt[OPT_WHAT] == NULL && c->opt[OPT_CSV] == NULL) {
		rc = ctl_call(c, "GET", "/directories/*/sync", c->arg[0], NULL,
		    &answer);
		if (rc == 0)
			ctl_print_list(c, answer, "runs", run_columns);
		return rc;
	}
	if ((rc = rows_get(c, &rows)) < 0)
		return rc;
	if (c->opt[OPT_CSV] == NULL) {
		ctl_print_list(c, rows, "rows", row_columns);
		return 0;
	}
	ctl_table_csv(json_object_get(rows, "rows"), row_columns);
	json_decref(rows);
	return 0;
}

int
directory_sync_cancel(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "DELETE", "/directories/*/sync", c->arg[0], NULL,
	    &answer);

	return rc < 0 ? rc : ctl_told(c, answer, "The sync of %s is "
	    "cancelled; what was done stays.\n", c->arg[0]);
}

/* ---- the address book */

static const struct ctl_column address_columns[] = {
	{ "NAME", "name", COL_TEXT }, { "MAIL", "mail", COL_TEXT },
	{ "FAX", "fax", COL_TEXT }, { "DIRECTORY", "directory", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static int
address_book(struct ctl *c)
{
	struct rel_buf path;
	json_t *answer;
	int rc;

	rel_buf_init(&path);
	rel_put_fmt(&path, "/address-book?");
	rel_api_query(&path, "q", c->arg[0]);
	rc = ctl_call_built(c, "GET", &path, NULL, &answer);
	if (rc < 0)
		return rc;
	if (ctl_int(answer, "directories") == 0)
		ctl_say(c, "No directory has an address book.\n");
	if (json_is_true(json_object_get(answer, "late")))
		ctl_say(c, "It took too long; this came in time:\n");
	else if (json_is_true(json_object_get(answer, "more")))
		ctl_say(c, "There are more than these:\n");
	ctl_print_list(c, answer, "entries", address_columns);
	return 0;
}

static const enum ctl_opt none[] = { OPT_COUNT };
const struct ctl_verb ctl_address_verbs[] = {
	{ "address-book", NULL, 1, 1, "TEXT", none,
	    "Look up names, mail addresses and fax numbers in the directories; "
	    "two characters or more.", address_book },
	{ 0 }
};
