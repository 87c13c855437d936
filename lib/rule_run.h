/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_RULE_RUN_H
#define REL_RULE_RUN_H

#include "lib/rule_priv.h"

/* One evaluation: rule_run.c decides, rule_why.c says why. */
struct rule_run {
	const struct rel_rules *r;
	const struct rel_case *c;
	enum rel_rule_moment moment;
	struct rel_verdict *out;
	const struct rel_rule_watch *watch;
	struct rule_line did;
	const char *device[2];		/* name and id */
	struct rule_name *names;	/* texts of the job, by rule_text */
	size_t first[RULE_TEXTS], count[RULE_TEXTS];
	bool known[RULE_TEXTS];
	char *bytes;
	uint8_t *result;		/* enum rule_tri of nodes evaluated */
};

/* The first pattern of a text node that fits, and the text; false for none. */
bool rule_run_find(const struct rule_run *run, const struct rule_node *node,
    const struct rule_name **name, const struct rule_pattern **pattern);

/* What decided a condition that was evaluated; 0 is always. */
void rule_run_why(const struct rule_run *run, uint32_t cond,
    char out[REL_RULE_WHY_MAX]);

#endif
