/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl discover ...: look for devices, and take them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"

#define LOOK_MS 500		/* at most; soon at first */
#define ADD_AT_ONCE 200u

static const struct ctl_column found_columns[] = {
	{ "ADDRESS", "address", COL_TEXT }, { "STATE", "state", COL_TEXT },
	{ "VENDOR", "vendor", COL_TEXT }, { "MODEL", "model", COL_TEXT },
	{ "SERIAL", "serial", COL_TEXT }, { "MAC", "mac", COL_TEXT },
	{ "NAME", "name", COL_TEXT }, { "LOCATION", "location", COL_TEXT },
	{ "QUEUE", "lpr_queue", COL_TEXT },
	{ "CREDENTIALS", "credentials", COL_TEXT },
	{ "SOURCE", "source", COL_TEXT }, { "FORMATS", "formats", COL_TEXT },
	{ "DEVICE", "device_name", COL_TEXT },
	{ "SEEN", "last_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column run_columns[] = {
	{ "BEGAN", "began_at", COL_TIME }, { "ENDED", "ended_at", COL_TIME },
	{ "STATE", "state", COL_TEXT }, { "BY", "by", COL_TEXT },
	{ "OF", "total", COL_INT }, { "ASKED", "done", COL_INT },
	{ "PRINTERS", "printers", COL_INT }, { "OTHERS", "others", COL_INT },
	{ "DENIED", "denied", COL_INT }, { "KNOWN", "known", COL_INT },
	{ "MOVED", "moved", COL_INT },
	{ "UNKNOWN", "unknown", COL_TEXT },
	{ "ADDRESSES", "addresses", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column added_columns[] = {
	{ "ADDRESS", "address", COL_TEXT }, { "WHAT", "what", COL_TEXT },
	{ "DEVICE", "name", COL_TEXT }, { "WHY", "why", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

/* The words of the command, as one list of addresses; the caller frees it. */
static json_t *
addresses_of(const struct ctl *c)
{
	struct rel_buf b;
	json_t *text;

	rel_buf_init(&b);
	for (int i = 0; i < c->nargs; i++)
		rel_put_fmt(&b, "%s%s", i > 0 ? " " : "", c->arg[i]);
	text = b.failed ? NULL : json_stringn(b.data != NULL ?
	    (const char *)b.data : "", b.len);
	rel_buf_fini(&b);
	return text;
}

/* ---- begin, and follow */

static void
progress(struct ctl *c, const json_t *run)
{
	if (c->opt[OPT_JSON] == NULL && isatty(STDERR_FILENO))
		fprintf(stderr, "\r%lld of %lld addresses, %lld printers ",
		    (long long)ctl_int(run, "done"),
		    (long long)ctl_int(run, "total"),
		    (long long)ctl_int(run, "printers"));
}

static int
follow(struct ctl *c, json_t **out)
{
	struct timespec pause = { 0, 50 * 1000000L };
	int rc;

	while ((rc = ctl_call(c, "GET", "/discovery", NULL, NULL, out)) == 0) {
		if (!json_is_true(json_object_get(*out, "running")))
			return 0;
		progress(c, json_array_get(json_object_get(*out, "runs"), 0));
		json_decref(*out);
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < LOOK_MS * 1000000L)
			pause.tv_nsec += 50 * 1000000L;
	}
	return rc;
}

static int
came_to(struct ctl *c, json_t *answer)
{
	const json_t *run = json_array_get(json_object_get(answer, "runs"), 0);
	bool done = strcmp(ctl_str(run, "state"), "done") == 0;
	const char *unknown = ctl_str(run, "unknown");
	int rc = !done ? rel_err_set(&c->err, REL_E_DENIED,
	    "the search is %s", ctl_str(run, "state")) :
	    unknown[0] != '\0' ? rel_err_set(&c->err, REL_E_NOTFOUND,
	    "no address is known of %.180s", unknown) : 0;

	if (c->opt[OPT_JSON] == NULL && isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
	ctl_told(c, answer, "%lld addresses asked: %lld printers, of which "
	    "%lld are known and %lld of these have moved; %lld answer and are "
	    "no printers, %lld take no credentials.\n",
	    (long long)ctl_int(run, "done"),
	    (long long)ctl_int(run, "printers"),
	    (long long)ctl_int(run, "known"), (long long)ctl_int(run, "moved"),
	    (long long)ctl_int(run, "others"),
	    (long long)ctl_int(run, "denied"));
	return rc;
}

static int
discover(struct ctl *c)
{
	json_t *answer, *text = addresses_of(c);
	int rc = ctl_send(c, "POST", "/discovery", NULL, text == NULL ? NULL :
	    json_pack("{s:o}", "addresses", text), &answer);

	if (rc < 0)
		return rc;
	if (c->opt[OPT_WAIT] == NULL)
		return ctl_told(c, answer, "It begins: %lld addresses. How "
		    "far it is: releasectl discover status\n",
		    (long long)ctl_int(answer, "total"));
	json_decref(answer);
	rc = follow(c, &answer);
	return rc < 0 ? rc : came_to(c, answer);
}

static int
discover_status(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "GET", "/discovery", NULL, NULL, &answer);

	if (rc == 0)
		ctl_print_list(c, answer, "runs", run_columns);
	return rc;
}

static int
discover_cancel(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "DELETE", "/discovery", NULL, NULL, &answer);

	return rc < 0 ? rc : ctl_told(c, answer, "The search is ended; what "
	    "was found stays.\n");
}

/* ---- what was found */

static void
device_names(const json_t *rows)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		json_object_set_new(row, "device_name", json_string(ctl_str(
		    json_object_get(row, "device"), "name")));
}

static int
found_get(struct ctl *c, const char *what, json_t **out)
{
	char query[40];
	int rc;

	snprintf(query, sizeof query, "%s%.16s%s", what != NULL ? "what=" :
	    "", what != NULL ? what : "", what != NULL ? "&" : "");
	rc = ctl_list(c, "/discovery/found", query, "found", out);
	if (rc == 0)
		device_names(json_object_get(*out, "found"));
	return rc;
}

static int
discover_list(struct ctl *c)
{
	static const char words[] = " new known moved denied ";
	const char *what = c->opt[OPT_WHAT];
	char word[24];
	json_t *all;
	int rc;

	snprintf(word, sizeof word, " %.20s ", what != NULL ? what : "new");
	if (strstr(words, word) == NULL)
		return ctl_misuse(c, "--what is new, known, moved or denied");
	if ((rc = found_get(c, what, &all)) < 0)
		return rc;
	if (c->opt[OPT_JSON] == NULL && c->opt[OPT_CSV] == NULL &&
	    json_array_size(json_object_get(all, "found")) == 0)
		return ctl_told(c, all, "Nothing was found.\n");
	if (c->opt[OPT_CSV] == NULL) {
		ctl_print_list(c, all, "found", found_columns);
		return 0;
	}
	ctl_table_csv(json_object_get(all, "found"), found_columns);
	json_decref(all);
	return 0;
}

/* ---- take them */

static int
wish_put(struct ctl *c, json_t *body)
{
	static const struct ctl_member all[] = {
		{ OPT_NAME, "name" }, { OPT_LOCATION, "location" },
		{ OPT_GROUPS, "groups" }, { OPT_DRIVER, "driver" }
	};

	return ctl_put_texts(c, body, all, sizeof all / sizeof all[0]);
}

/* What became of them, as rows. */
static int
add_some(struct ctl *c, json_t *text, json_t *rows)
{
	static const char *const lists[] = { "added", "moved", "refused" };
	json_t *body = text == NULL ? NULL : json_pack("{s:o}", "addresses",
	    text), *answer, *row;
	size_t k;
	int rc;

	if (body != NULL && (rc = wish_put(c, body)) < 0) {
		json_decref(body);
		return rc;
	}
	if ((rc = ctl_send(c, "POST", "/discovery/add", NULL, body,
	    &answer)) < 0)
		return rc;
	for (size_t i = 0; i < 3; i++)
		json_array_foreach(json_object_get(answer, lists[i]), k, row) {
			json_object_set_new(row, "what", json_string(
			    lists[i]));
			json_array_append(rows, row);
		}
	json_decref(answer);
	return 0;
}

/* All that are new, some at a time. */
static int
add_all(struct ctl *c, json_t *rows)
{
	json_t *all;
	struct rel_buf b;
	size_t n, i = 0;
	int rc = found_get(c, "new", &all);

	if (rc < 0)
		return rc;
	n = json_array_size(json_object_get(all, "found"));
	rel_buf_init(&b);
	while (rc == 0 && i < n) {
		rel_buf_reset(&b);
		for (unsigned k = 0; k < ADD_AT_ONCE && i < n; k++, i++)
			rel_put_fmt(&b, "%s ", ctl_str(json_array_get(
			    json_object_get(all, "found"), i), "address"));
		rc = b.failed ? -REL_E_NOMEM : add_some(c, json_stringn(
		    (char *)b.data, b.len), rows);
	}
	rel_buf_fini(&b);
	json_decref(all);
	return rc;
}

static int
discover_add(struct ctl *c)
{
	json_t *rows = json_array(), *answer;
	const json_t *row;
	size_t i;
	int rc;

	if ((c->opt[OPT_ALL] != NULL) == (c->nargs > 0)) {
		json_decref(rows);
		return ctl_misuse(c, "name addresses, or --all");
	}
	rc = c->nargs > 0 ? add_some(c, addresses_of(c), rows) :
	    add_all(c, rows);
	json_array_foreach(rows, i, row)
		if (rc == 0 && c->nargs > 0 && strcmp(ctl_str(row, "what"),
		    "refused") == 0)
			rc = rel_err_set(&c->err, REL_E_DENIED,
			    "%.60s: %.120s", ctl_str(row, "address"),
			    ctl_str(row, "why"));
	answer = json_pack("{s:o}", "devices", rows);
	ctl_print_list(c, answer, "devices", added_columns);
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt wait_opts[] = { OPT_WAIT, OPT_COUNT };
static const enum ctl_opt list_opts[] = { OPT_WHAT, OPT_CSV, OPT_COUNT };
static const enum ctl_opt add_opts[] = {
	OPT_ALL, OPT_NAME, OPT_LOCATION, OPT_GROUPS, OPT_DRIVER, OPT_COUNT
};

const struct ctl_verb ctl_discover_verbs[] = {
	{ "discover", "status", 0, 0, "", none,
	    "How far the search is, and what those before came to.",
	    discover_status },
	{ "discover", "cancel", 0, 0, "", none,
	    "End the search; what was found stays.", discover_cancel },
	{ "discover", "list", 0, 0, "", list_opts,
	    "What was found: new, known, moved (known, at another address), "
	    "denied (no credentials fit).", discover_list },
	{ "discover", "add", 0, ARGS_MAX, "[ADDRESS ...]", add_opts,
	    "Make devices of what was found; NAME may have {hostname}, "
	    "{model}, {vendor}, {serial}, {location}, {address}, {mac}. One "
	    "that is known and has moved is used at this address from now on.",
	    discover_add },
	{ "discover", NULL, 0, ARGS_MAX, "[ADDRESSES ...]", wait_opts,
	    "Look for devices by SNMP: addresses, ranges "
	    "(10.0.0.1-10.0.0.99), subnets (10.0.0.0/24), host names; without "
	    "any those of DiscoveryAddresses.", discover },
	{ 0 }
};
