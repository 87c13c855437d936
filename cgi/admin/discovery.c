/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Devices are looked for, and those that were found become devices. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/device_words.h"
#include "cgi/list.h"

static int
discovery_begin(struct cgi *c)
{
	return cgi_call(c, "POST", json_pack("{s:o}", "addresses",
	    admin_lines(c, "addresses")), NULL, "/discovery");
}

static int
discovery_end(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/discovery");
}

/* Core says why in English; the page in its own language. */
static const char *
why_words(const char *why)
{
	static const char *const all[] = {
		N_("nothing was found at this address"),
		N_("no SNMP credentials fit it: what it is is not known"),
		N_("this device is there already")
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i], why) == 0)
			return tr(all[i]);
	return why;
}

/* Each that was refused, and whether others were not. */
static int
refused_say(struct cgi *c, const json_t *answer)
{
	json_t *refused = json_object_get(answer, "refused"), *no;
	bool some = json_array_size(json_object_get(answer, "added")) > 0 ||
	    json_array_size(json_object_get(answer, "moved")) > 0;
	struct rel_buf b;
	size_t i;
	int rc;

	rel_buf_init(&b);
	json_array_foreach(refused, i, no) {
		const char *address = "", *why = "";

		(void)json_unpack(no, "{s?s,s?s}", "address", &address, "why",
		    &why);
		rel_put_fmt(&b, "%s%s: %s", i > 0 ? "; " : "", address,
		    why_words(why));
	}
	rel_put_u8(&b, 0);
	rc = b.failed ? -REL_E_NOMEM : cgi_bad(c, "address", "%s%s%s",
	    some ? tr("The others are there now.") : "", some ? " " : "",
	    (const char *)b.data);
	rel_buf_fini(&b);
	return rc;
}

static int
discovery_add(struct cgi *c)
{
	json_t *text = admin_chosen(c, "address", " "), *body, *answer = NULL;
	int rc;

	if (text == NULL)
		return cgi_bad(c, "address", "%s",
		    tr("Choose at least one device."));
	body = json_pack("{s:o}", "addresses", text);
	if (cgi_text(c, "name")[0] != '\0')
		admin_take(c, body, "name");
	if (cgi_text(c, "location")[0] != '\0')
		admin_take(c, body, "location");
	admin_take(c, body, "groups");
	admin_take(c, body, "driver");
	rc = cgi_call(c, "POST", body, &answer, "/discovery/add");
	if (rc == 0 && json_array_size(json_object_get(answer,
	    "refused")) > 0)
		rc = refused_say(c, answer);
	json_decref(answer);
	return rc;
}

/* The states to choose from. */
static void
states_put(struct cgi *c)
{
	static const char *const states[] = { "new", "known", "moved",
	    "denied" };
	const char *now = admin_query(c, "what");
	json_t *all = json_array();

	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		json_array_append_new(all, json_pack("{s:s,s:b}", "value",
		    states[i], "chosen", strcmp(states[i], now) == 0));
	cgi_put(c, "states", all);
}

static int
discovery_get(struct cgi *c)
{
	static const struct csv_column columns[] = {
		{ "Address", "address", NULL }, { "State", "state", "word" },
		{ "Vendor", "vendor", NULL }, { "Model", "model", NULL },
		{ "Serial number", "serial", NULL }, { "MAC", "mac", NULL },
		{ "Name", "name", NULL }, { "Place", "location", NULL },
		{ "Queue", "lpr_queue", NULL },
		{ "Credentials", "credentials", NULL }, { NULL, NULL, NULL }
	};
	static const char *const filters[] = { "what", NULL };
	static const char *const values[] = { "addresses", "name", "location",
	    "groups", "driver", NULL };
	const struct list l = { .path = "/discovery/found", .key = "found",
	    .filters = filters, .limit = 100, .columns = columns,
	    .each = device_maker };
	json_t *now = NULL;
	int rc = cgi_get(c, &now, "/discovery");

	if (rc < 0)
		return rc;
	json_object_set_new(now, "driver", json_string("auto"));
	json_object_set(c->view, "search", now);
	cgi_put(c, "running", json_incref(json_object_get(now, "running")));
	admin_form(c, now, values);
	json_decref(now);
	states_put(c);
	cgi_put_text(c, "patterns", "{hostname} {model} {vendor} {serial} "
	    "{location} {address} {mac}");
	return list_view(c, &l);
}

static const struct action discovery_actions[] = {
	{ "begin", discovery_begin, "The search has begun." },
	{ "end", discovery_end, "The search is ended; what was found stays." },
	{ "add", discovery_add, "The devices are there now." },
	{ NULL, NULL, NULL }
};

const struct page admin_discovery = {
	.path = "admin/discovery.cgi",
	.title = "Find devices",
	.need = FOR_OPERATOR,
	.menu = "Devices",
	.get = discovery_get,
	.actions = discovery_actions
};
