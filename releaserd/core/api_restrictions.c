/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What holds at a device while nobody is logged in, in the local API: what it
 * should have, and what it says it has when it is asked itself. */
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "releaserd/core/access.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/link.h"

#define ASK_MS 8000		/* net gives core ten seconds */
#define HAS_MAX 16384u		/* what a device says; ours is 2 KiB at most */
#define VALUE_MAX 200u

struct asking {
	struct asker a;
	char device[40], name[65];
};

/* ---- what it has against what it should have */

/* As JSON, cut to what a line can show: "deny" with its quotes, 999, [...]. */
static json_t *
value_json(const json_t *v)
{
	char *text = v != NULL ? json_dumps(v, JSON_COMPACT |
	    JSON_ENCODE_ANY) : NULL, clean[VALUE_MAX];

	if (v == NULL)
		return json_null();
	rel_text_clean(clean, sizeof clean, text != NULL ? text : "");
	free(text);
	return json_string(clean);
}

/* What it has besides is its own affair. */
static void
differences(const json_t *should, const json_t *has, const char *prefix,
    json_t *rows)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)should, key, v) {
		const json_t *is = json_object_get(has, key);
		json_t *name = json_sprintf("%s%s%s", prefix, prefix[0] != '\0'
		    ? "." : "", key);

		if (json_is_object(v) && json_is_object(is))
			differences(v, is, json_string_value(name), rows);
		else if (!json_equal(v, is))
			json_array_append_new(rows, json_pack("{s:O,s:o,s:o}",
			    "name", name, "should", value_json(v), "has",
			    value_json(is)));
		json_decref(name);
	}
}

static json_t *
restrictions_answer(struct core *c, const struct device *d)
{
	char has[32] = "";
	int64_t rev;
	json_t *o;

	(void)fleet_item(c, d->id, "restrictions-rev", has, sizeof has);
	o = access_restrictions(c, d, &rev);
	return json_pack("{s:s,s:s,s:o,s:o}", "id", d->id, "name", d->name,
	    "device_rev", has[0] != '\0' ? json_integer(strtoll(has, NULL,
	    10)) : json_null(), "restrictions", o);
}

/* ---- the device itself */

static void
compare(struct core *c, struct asking *m, const struct device *d,
    json_t *has, int64_t rev)
{
	json_t *answer = restrictions_answer(c, d), *rows = json_array();

	differences(json_object_get(answer, "restrictions"), has, "", rows);
	json_object_set_new(answer, "at_device", json_pack("{s:o,s:O,s:b,s:o}",
	    "rev", rev >= 0 ? json_integer((json_int_t)rev) : json_null(),
	    "restrictions", has, "same", json_array_size(rows) == 0,
	    "differences", rows));
	reply_json(c, &m->a, 200, answer);
}

static void
device_has(struct core *c, struct asking *m, const struct driver_said *s)
{
	const struct device *d = device_at(c, m->device);
	json_t *has = s->text.len > HAS_MAX || s->text.data == NULL ? NULL :
	    json_loadb((const char *)s->text.data, s->text.len, 0, NULL);

	if (d == NULL)
		reply_problem(c, &m->a, "not-found", 0, "%s is no device any "
		    "more", m->name);
	else if (!json_is_object(has))
		reply_problem(c, &m->a, "level-not-supported", 0, "what %s "
		    "says it has are no restrictions", m->name);
	else
		compare(c, m, d, has, s->number);
	json_decref(has);
}

static void
device_said(struct core *c, const struct driver_said *s, void *ctx)
{
	struct asking *m = ctx;

	if (s == NULL)
		;			/* core ends */
	else if (s->rc == 0)
		device_has(c, m, s);
	else if (s->rc == -REL_E_PEER || s->rc == -REL_E_TIMEOUT)
		reply_problem(c, &m->a, "device-offline", 10,
		    "%s does not answer: %s", m->name, s->words);
	else if (s->rc == -REL_E_NOTFOUND)
		reply_problem(c, &m->a, "level-not-supported", 0,
		    "%s knows no restrictions", m->name);
	else
		reply_problem(c, &m->a, "level-not-supported", 0,
		    "%s does not say what it has: %s", m->name, s->words);
	free(m);
}

static void
device_asked(struct core *c, struct asker *a, const struct device *d)
{
	struct asking *m = calloc(1, sizeof *m);
	struct driver_ask *q = calloc(1, sizeof *q);
	int rc = -REL_E_NOMEM;

	if (m != NULL && q != NULL) {
		m->a = *a;
		memcpy(m->device, d->id, sizeof m->device);
		memcpy(m->name, d->name, sizeof m->name);
		q->op = DRIVER_RESTRICTIONS_GET;
		q->deadline_ms = ASK_MS;
		rc = fleet_ask(c, d, q, device_said, m);
	}
	free(q);
	if (rc < 0) {
		free(m);
		reply_problem(c, a, "backend-unavailable", 5,
		    "too much is asked of devices now");
	}
}

/* One of OPDP has to have said where; of another driver's that is known. */
static bool
can_say(const struct device *d)
{
	return strcmp(d->protocol, "opdp") == 0 ? link_can(d,
	    DRIVER_CAN_RESTRICT) : (fleet_can(d) & DRIVER_CAN_RESTRICT) != 0;
}

static void
device_restrictions_get(struct core *c, const struct request *rq,
    struct asker *a, const struct caller *who)
{
	const char *at = req_str(rq, F_AT);
	struct device d;

	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	if (at != NULL && strcmp(at, "device") != 0)
		reply_field(c, a, "bad-request", "at", "device, or nothing");
	else if (device_find(c, a, req_str(rq, F_ID), &d) < 0)
		return;
	else if (at == NULL)
		reply_json(c, a, 200, restrictions_answer(c, &d));
	else if (can_say(&d))
		device_asked(c, a, &d);
	else
		reply_problem(c, a, "level-not-supported", 0, "%s cannot be "
		    "asked what it has: it speaks no OPDP of level 2 at an address "
		    "of its own", d.name);
}

void
api_device_restrictions(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, device_restrictions_get);
}
