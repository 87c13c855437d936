/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Restrictions and configuration go to a device as soon as they are others
 * than those it has; its heartbeats say what it has (link.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/fleet.h"
#include "releaserd/core/link.h"

#define BRING_MS 10000

struct bringing {
	char device[40];
	enum document what;
	int64_t rev;			/* of what was sent */
	char *text;
};

static const struct {
	const char *name;
	enum driver_op op;
	uint32_t can, push;
} documents[DOCS] = {
	[DOC_RESTRICTIONS] = { "restrictions", DRIVER_RESTRICTIONS_PUT,
	    DRIVER_CAN_RESTRICT, FLEET_PUSH_RESTRICTIONS },
	[DOC_CONFIG] = { "configuration", DRIVER_CONFIG_PUT,
	    DRIVER_CAN_CONFIG, FLEET_PUSH_CONFIG }
};

static void
brought(struct core *c, const struct driver_said *s, void *ctx)
{
	struct bringing *b = ctx;
	struct link *l = link_of(c, b->device, false);
	bool ok = s != NULL && s->rc == 0;

	if (ok && l != NULL) {
		l->rev[b->what] = b->rev;
		l->look = true;		/* it may have changed meanwhile */
		rel_log(REL_INFO, "brought to the device",
		    "device=%s what=%s rev=%lld", b->device,
		    documents[b->what].name, (long long)b->rev);
	} else if (s != NULL && s->rc == -REL_E_NOTFOUND && l != NULL) {
		l->rev[b->what] = -1;	/* it takes none: not before it says
					 * once more that it has one */
		ok = true;
	} else if (s != NULL) {
		rel_log(REL_WARN, "cannot be brought to the device",
		    "device=%s what=%s why=\"%s\"", b->device,
		    documents[b->what].name, s->words);
	}
	if (s != NULL)
		fleet_brought(c, b->device, documents[b->what].push, ok);
	free(b->text);
	free(b);
}

static json_int_t
rev_of(const json_t *doc)
{
	return json_integer_value(json_object_get(doc, "rev"));
}

/* What it should have, when that is not what it has; NULL. */
static json_t *
differs(struct core *c, const struct link *l, const struct device *d,
    enum document what)
{
	json_t *doc;

	/* One that has said nothing yet will say it. */
	if (l->rev[what] < 0 || !link_can(d, documents[what].can))
		return NULL;
	doc = device_document(c, d, what);
	if (doc != NULL && rev_of(doc) != l->rev[what])
		return doc;
	json_decref(doc);
	return NULL;
}

static int
ask(struct core *c, const struct device *d, struct bringing *b,
    int64_t has_rev)
{
	struct driver_ask *q = calloc(1, sizeof *q);
	int rc;

	if (q == NULL)
		return -REL_E_NOMEM;
	q->op = documents[b->what].op;
	q->deadline_ms = BRING_MS;
	q->number = has_rev;
	q->text = b->text;
	q->text_len = strlen(b->text);
	rc = fleet_ask(c, d, q, brought, b);
	free(q);
	return rc;
}

static int
bring(struct core *c, const struct device *d, enum document what)
{
	struct link *l = link_of(c, d->id, false);
	json_t *doc = l != NULL ? differs(c, l, d, what) : NULL;
	struct bringing *b;
	int rc = -REL_E_NOMEM;

	if (doc == NULL)
		return -REL_E_NOTFOUND;
	if ((b = calloc(1, sizeof *b)) != NULL &&
	    (b->text = json_dumps(doc, JSON_COMPACT)) != NULL) {
		memcpy(b->device, l->id, sizeof b->device);
		b->what = what;
		b->rev = rev_of(doc);
		rc = ask(c, d, b, l->rev[what]);
	}
	if (rc < 0 && b != NULL) {
		free(b->text);
		free(b);
	}
	json_decref(doc);
	return rc;
}

static int
bring_restrictions(struct core *c, const struct device *d)
{
	return bring(c, d, DOC_RESTRICTIONS);
}

static int
bring_config(struct core *c, const struct device *d)
{
	return bring(c, d, DOC_CONFIG);
}

void
bring_init(struct core *c)
{
	fleet_bringer(c, FLEET_PUSH_RESTRICTIONS, bring_restrictions);
	fleet_bringer(c, FLEET_PUSH_CONFIG, bring_config);
}

void
bring_look(struct core *c, struct link *l)
{
	for (int i = 0; i < DOCS; i++) {
		const struct device *d = device_at(c, l->id);
		json_t *doc = d != NULL ? differs(c, l, d,
		    (enum document)i) : NULL;

		if (doc != NULL)
			fleet_push(c, l->id, documents[i].push);
		json_decref(doc);
	}
}
