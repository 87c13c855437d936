/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_RULE_JSON_H
#define REL_RULE_JSON_H

#include <jansson.h>

#include "lib/rule.h"

/*
 * What the rules r say of a job at one moment, and why: {at: "hold"|"release",
 * rules: [{rule, line, matched, unknown, why, did}], verdict: {say, refuse,
 * force, ask, instead, ask_timeout_s, approve_by, charge, suggests, suggest}}.
 * The caller's own; NULL: no memory.
 */
json_t *rel_rules_try(const struct rel_rules *r, const struct rel_case *job,
    enum rel_rule_moment moment);

#endif
