/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a job costs, in the local API (doc/local-api.md). */
#include <string.h>

#include "lib/media.h"
#include "releaserd/core/charge.h"

static json_t *
items_json(const struct rel_cost *cost)
{
	static const char *const kinds[] = { [REL_COST_BASE] = "base",
	    [REL_COST_SHEET] = "sheet", [REL_COST_MONO] = "mono",
	    [REL_COST_COLOUR] = "colour", [REL_COST_DUPLEX] = "duplex",
	    [REL_COST_FINISHING] = "finishing", [REL_COST_FLOOR] = "floor" };
	json_t *all = json_array();
	char text[160], media[64];

	for (unsigned i = 0; i < cost->nitems; i++) {
		const struct rel_cost_item *item = &cost->items[i];

		rel_cost_text(item, text, sizeof text);
		rel_media_name(media, sizeof media, item->width,
		    item->height);
		json_array_append_new(all, json_pack("{s:s,s:s,s:o,s:I,s:I,"
		    "s:s,s:I,s:I}", "text", text, "kind", kinds[item->kind],
		    "media", media[0] != '\0' ? json_string(media) :
		    json_null(),
		    "count", (json_int_t)item->count, "each_micro",
		    (json_int_t)item->each, "finishing", item->finishing,
		    "line", (json_int_t)item->line, "micro",
		    (json_int_t)item->micro));
	}
	return all;
}

/* Before it goes out: an estimate, and whether there is enough left. */
static json_t *
estimate_json(struct core *c, const struct job *j, const struct device *d)
{
	struct charge ch;
	bool enough = true;
	json_t *o;

	if (prices_version(c) == 0 || charge_estimate(c, j, d, &ch) < 0 ||
	    !ch.priced)
		return json_null();
	for (int u = 0; u < MONEY_UNITS; u++)
		enough = enough && (!ch.counts[u] ||
		    quota_fits(&ch.room[u], ch.amount[u]));
	o = json_pack("{s:s,s:I,s:s,s:s,s:I,s:b}", "state", "estimate",
	    "micro", (json_int_t)ch.cost.micro, "currency",
	    prices_currency(c), "account", ch.name, "price_version",
	    (json_int_t)prices_version(c), "enough", enough);
	if (o != NULL)
		json_object_set_new(o, "items", items_json(&ch.cost));
	return o;
}

json_t *
charge_json(struct core *c, const struct job *j, const struct device *d)
{
	struct ledger_job lj;
	int u = UNIT_MONEY - 1;

	if (j->state == JOB_HELD || ledger_job(c->st, j->id, &lj) < 0 ||
	    (!lj.reserved && !lj.settled))
		return j->state == JOB_HELD ? estimate_json(c, j, d) :
		    json_null();
	return json_pack("{s:s,s:I,s:I,s:s,s:s,s:b,s:I}", "state",
	    lj.settled ? "settled" : "reserved", "micro",
	    (json_int_t)(lj.settled ? lj.paid[u] : lj.set_aside[u]),
	    "refunded_micro", (json_int_t)lj.refunded[u], "currency",
	    prices_currency(c), "source", lj.settled ?
	    settle_source_name(lj.source) : "", "unconfirmed",
	    lj.unconfirmed, "price_version", (json_int_t)lj.price_version);
}
