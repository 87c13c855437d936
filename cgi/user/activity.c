/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Copies, scans and faxes at devices: one's own, and those of everybody. */
#include <string.h>

#include "cgi/list.h"
#include "cgi/usage.h"

static const struct {
	const char *name, *words;
} functions[] = {
	{ "print", N_("printed jobs") }, { "copy", N_("copy") }, { "scan", N_("scan") },
	{ "fax-send", N_("fax sent") }, { "fax-receive", N_("fax received") },
	{ "usb-print", N_("printed from USB") },
	{ "storage-print", N_("printed from the device's storage") },
	{ "report", N_("report of the device") }, { "other", N_("something else") }
};
#define FUNCTIONS (sizeof functions / sizeof functions[0])

static const struct {
	const char *name, *words;
} endings[] = {
	{ "quota", N_("no money or pages were left") },
	{ "user", N_("the person stopped it") },
	{ "error", N_("the device had trouble") },
	{ "timeout", N_("nobody went on") }, { "power", N_("the power failed") }
};

const char *
cgi_function_words(const char *function)
{
	for (size_t i = 0; i < FUNCTIONS; i++)
		if (strcmp(functions[i].name, function) == 0)
			return tr(functions[i].words);
	return function;
}

/* What it was, and what ended it before its time. */
static void
row_words(json_t *row)
{
	const char *f = json_string_value(json_object_get(row, "function"));
	const char *why = json_string_value(json_object_get(row, "cause"));
	const char *state = json_string_value(json_object_get(row, "state"));

	json_object_set_new(row, "words", json_string(f != NULL ?
	    cgi_function_words(f) : ""));
	for (size_t i = 0; why != NULL && i < sizeof endings /
	    sizeof endings[0]; i++)
		if (strcmp(endings[i].name, why) == 0)
			json_object_set_new(row, "ended", json_string(tr(
			    endings[i].words)));
	if (state != NULL && strcmp(state, "done") != 0)
		json_object_set_new(row, "ended", json_string(strcmp(state,
		    "granted") == 0 ? tr("going on, or not told yet") :
		    tr("the device never told what came out")));
}

static void
choices(struct cgi *c)
{
	const char *now = cgi_text(c, "function");
	json_t *list = json_array();

	for (size_t i = 1; i < FUNCTIONS; i++)	/* no printed jobs here */
		json_array_append_new(list, json_pack("{s:s,s:s,s:b}", "value",
		    functions[i].name, "words", tr(functions[i].words),
		    "chosen", strcmp(functions[i].name, now) == 0));
	cgi_put(c, "functions", list);
}

static const struct csv_column columns[] = {
	{ .title = "Number", .path = "id" },
	{ .title = "When", .path = "at", .kind = "time" },
	{ .title = "Function", .path = "words" },
	{ .title = "User", .path = "user" },
	{ .title = "Device", .path = "device" },
	{ .title = "Pages", .path = "sides" },
	{ .title = "In colour", .path = "colour" },
	{ .title = "Sheets", .path = "sheets" },
	{ .title = "Cost", .path = "micro", .kind = "money" },
	{ .title = "Paid by", .path = "account" },
	{ .title = "Ended", .path = "ended" },
	{ .title = NULL }
};

static int
show(struct cgi *c, const char *path, const char *star,
    const char *const *filters)
{
	const struct list l = { .path = path, .star = star, .key = "activity",
	    .filters = filters, .limit = 50, .columns = columns,
	    .each = row_words };
	int rc = list_view(c, &l);

	choices(c);
	return rc;
}

static int
own_get(struct cgi *c)
{
	static const char *const filters[] = { "function", "from", "to",
	    NULL };

	return show(c, "/activity?user=*", json_string_value(json_object_get(
	    c->me, "name")), filters);
}

static int
all_get(struct cgi *c)
{
	static const char *const filters[] = { "function", "user", "device",
	    "from", "to", NULL };

	cgi_put(c, "all", json_true());
	return show(c, "/activity", NULL, filters);
}

const struct page user_activity = {
	.path = "activity.cgi",
	.title = "My copies and scans",
	.menu = "Printing",
	.get = own_get
};

const struct page admin_activity = {
	.path = "admin/activity.cgi",
	.title = "Copies and scans",
	.need = FOR_HELPDESK,
	.menu = "Administration",
	.get = all_get
};
