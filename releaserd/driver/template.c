/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * template: a driver to begin from (doc/driver.md, "A driver of your own").
 * It is built and tested and in no list.  Its devices are imaginary: they
 * answer GET /device.json with
 *
 *	{"model": "W7", "serial": "A1", "colour": true, "state": "idle",
 *	 "sides": 1234, "changes": 5,
 *	 "trays": [{"name": "Tray 1", "sheets": 120, "holds": 500}]}
 */
#include "releaserd/driver/template.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/driver/drivers.h"
#include "releaserd/json_in.h"

#define ANSWER_MAX 65536u	/* of a device: bound everything it says */
#define TRAYS_MAX 20u

/* ---- what it says */

static void
take_text(struct items *l, const char *name, unsigned n, const json_t *from,
    const char *member)
{
	items_str(l, name, n, json_string_value(json_object_get(from,
	    member)));
}

/* A number it does not tell is not 0: it is no item at all. */
static void
take_number(struct items *l, const char *name, unsigned n,
    const json_t *from, const char *member)
{
	const json_t *value = json_object_get(from, member);

	if (json_is_integer(value) && json_integer_value(value) >= 0)
		items_number(l, name, n, json_integer_value(value));
}

static void
take_trays(struct items *l, const json_t *trays)
{
	size_t n = json_array_size(trays);

	for (size_t i = 0; i < n && i < TRAYS_MAX; i++) {
		const json_t *tray = json_array_get(trays, i);
		unsigned number = (unsigned)i + 1;

		take_text(l, "input.N.name", number, tray, "name");
		take_number(l, "input.N.level", number, tray, "sheets");
		take_number(l, "input.N.capacity", number, tray, "holds");
	}
	l->groups |= 1u << ITEMS_INPUT;		/* these are all it has */
}

/* Its words for states, in those of RFC 8011; what is new is "unknown". */
static const char *
state_of(const char *said)
{
	static const char *const words[][2] = {
		{ "idle", "idle" }, { "busy", "processing" },
		{ "error", "stopped" }, { "asleep", "sleep" }
	};

	for (size_t i = 0; said != NULL && i < sizeof words /
	    sizeof words[0]; i++)
		if (strcmp(said, words[i][0]) == 0)
			return words[i][1];
	return "unknown";
}

/* ---- asking */

static int
rc_of(const struct driver_reply *r, struct rel_err *err)
{
	switch (r->status) {
	case 200:
		return 0;
	case 401:
	case 403:
		return rel_err_set(err, REL_E_DENIED, "it refuses to tell");
	case 404:
		return rel_err_set(err, REL_E_NOTFOUND,
		    "it has no /device.json");
	default:
		return rel_err_set(err, REL_E_PEER, "it answers %d",
		    r->status);
	}
}

/* The whole object, the caller's; it waits, others go on meanwhile. */
static int
fetch(const struct driver_ask *q, json_t **out, struct rel_err *err)
{
	char url[320];
	struct driver_http h = { .method = "GET", .url = url,
	    .limit = ANSWER_MAX, .until_ms = driver_until(q) };
	struct driver_reply r;
	int rc;

	*out = NULL;
	if (q->at.url[0] != '\0')	/* somebody told it; else the usual one */
		h.url = q->at.url;
	else if (!driver_url(url, sizeof url, "http", q->at.address, 0,
	    "/device.json"))
		return rel_err_set(err, REL_E_FORMAT, "it has no address");
	driver_reply_init(&r);
	if ((rc = driver_http(&h, &r, err)) == 0)
		rc = rc_of(&r, err);
	if (rc == 0 && (*out = json_in((const char *)r.body.data, r.body.len,
	    err)) == NULL)
		rc = -REL_E_FORMAT;
	driver_reply_fini(&r);
	return rc;
}

/* ---- the functions */

static int
template_info(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	json_t *all;
	int rc = fetch(q, &all, err);

	if (rc < 0)
		return rc;
	take_text(&s->items, "model", 0, all, "model");
	take_text(&s->items, "serial", 0, all, "serial");
	items_number(&s->items, "color", 0,
	    json_is_true(json_object_get(all, "colour")));
	take_trays(&s->items, json_object_get(all, "trays"));
	json_decref(all);
	return 0;
}

static int
template_status(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	json_t *all;
	int rc = fetch(q, &all, err);

	if (rc < 0)
		return rc;
	items_str(&s->items, "state", 0, state_of(json_string_value(
	    json_object_get(all, "state"))));
	take_number(&s->items, "counter.impressions", 0, all, "sides");
	s->items.groups |= 1u << ITEMS_STATE;
	/* Its count of changes is what we remember: another one, ask info. */
	snprintf(s->kept, sizeof s->kept, "%lld", (long long)
	    json_integer_value(json_object_get(all, "changes")));
	s->changed = strcmp(s->kept, q->kept) != 0;
	json_decref(all);
	return 0;
}

/* It calls POST /opdp/v1/driver/state {"body":{"state":"error"}}. */
static int
template_inbound(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	json_t *all;

	if (strcmp(q->id, "state") != 0)
		return rel_err_set(err, REL_E_NOTFOUND, "it calls what this "
		    "driver does not know");
	if ((all = json_in(q->text, q->text_len, err)) == NULL)
		return -REL_E_FORMAT;
	items_str(&s->items, "state", 0, state_of(json_string_value(
	    json_object_get(all, "state"))));
	rel_put_fmt(&s->text, "{\"heard\":true}");
	json_decref(all);
	return 0;
}

const struct driver_ops driver_template = {
	.name = "template",
	.words = "A driver to begin from",
	.can = DRIVER_CAN_INFO | DRIVER_CAN_COUNT | DRIVER_CAN_INBOUND,
	.info = template_info,
	.status = template_status,
	.inbound = template_inbound
};
