/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/rule_json.h"

static void
json_look(void *arg, const struct rel_rule_look *look)
{
	json_array_append_new(arg, json_pack("{s:s,s:i,s:b,s:b,s:s,s:s}",
	    "rule", look->name, "line", (int)look->line, "matched",
	    (int)look->matched, "unknown", (int)look->unknown, "why",
	    look->why, "did", look->did));
}

static json_t *
json_verdict(const struct rel_verdict *v)
{
	static const char *const says[] = { "nothing", "allow", "refuse" };
	char force[80], instead[80];

	rel_rule_change_text(&v->force, force, sizeof force);
	rel_rule_change_text(&v->instead, instead, sizeof instead);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:i,s:s,s:s,s:b,s:s}",
	    "say", says[v->say], "refuse", v->refuse, "force", force,
	    "ask", v->ask, "instead", instead, "ask_timeout_s",
	    (int)v->ask_timeout_s, "approve_by", v->approve, "charge",
	    v->charge, "suggests", (int)(v->suggests.name != NULL),
	    "suggest", v->suggest);
}

json_t *
rel_rules_try(const struct rel_rules *r, const struct rel_case *job,
    enum rel_rule_moment moment)
{
	json_t *looks = json_array();
	struct rel_verdict v;

	if (looks == NULL || rel_rules_run(r, job, moment, &v, json_look,
	    looks) < 0) {
		json_decref(looks);
		return NULL;
	}
	return json_pack("{s:s,s:o,s:o}", "at", moment == REL_RULE_HOLD ?
	    "hold" : "release", "rules", looks, "verdict", json_verdict(&v));
}
