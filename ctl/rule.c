/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl rule ...: files of rules, read here; nobody is asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl.h"
#include "lib/place.h"
#include "lib/rule_json.h"

/* The rules of a file; NULL with c->err, which names line and word. */
static struct rel_rules *
read_rules(struct ctl *c, const char *path)
{
	struct rel_rules *rules;
	struct rel_place at = { 0 };
	size_t n = 0;
	char *text = ctl_read_file(c, path, REL_RULE_FILE_MAX, &n);

	if (text == NULL)
		return NULL;
	rules = rel_rules_read(text, n, &at);
	free(text);
	if (rules == NULL)
		ctl_wrong_file(c, path, &at);
	return rules;
}

static int
rule_check(struct ctl *c)
{
	const char *path = c->nargs > 0 ? c->arg[0] :
	    c->opt[OPT_STDIN] != NULL ? "-" : NULL;
	struct rel_rules *rules;
	size_t n;

	if (path == NULL)
		return ctl_misuse(c, "which file of rules?");
	if ((rules = read_rules(c, path)) == NULL)
		return -c->err.code;
	n = rel_rules_count(rules);
	rel_rules_free(&rules);
	if (c->opt[OPT_JSON] != NULL)
		printf("{\"rules\":%zu}\n", n);
	ctl_say(c, "%s: %zu rule%s, nothing wrong.\n", path, n,
	    n == 1 ? "" : "s");
	return 0;
}

/* ---- rule try FILE NAME=VALUE ... */

static void
print_look(void *arg, const struct rel_rule_look *look)
{
	(void)arg;
	printf("  line %u, \"%s\": %s: %s\n", look->line, look->name,
	    look->matched ? "matches" : look->unknown ? "not known" :
	    "does not match", look->why);
	if (look->matched)
		printf("      %s\n", look->did);
}

static void
print_ask(const struct rel_verdict *v)
{
	static const char *const late[] = { [REL_RULE_CANCEL] = "cancel",
	    [REL_RULE_CHANGED] = "changed", [REL_RULE_AS_IS] = "as-is" };
	char change[80];

	printf("  asks: %s\n", v->ask);
	rel_rule_change_text(&v->instead, change, sizeof change);
	if (change[0] != '\0')
		printf("      instead: %s\n", change);
	if (v->ask_timeout_s > 0)
		printf("      after %u s without an answer: %s\n",
		    (unsigned)v->ask_timeout_s, late[v->ask_late]);
}

static void
print_verdict(const struct rel_verdict *v)
{
	char change[80];

	rel_rule_change_text(&v->force, change, sizeof change);
	if (v->say == REL_RULE_SAY_REFUSE)
		printf("  refused: %s\n", v->refuse);
	else if (v->asks.name == NULL && v->approves.name == NULL)
		printf("  allowed%s\n", v->say == REL_RULE_SAY_ALLOW ?
		    ", later rules are not looked at" : "");
	if (change[0] != '\0')
		printf("  forced: %s\n", change);
	if (v->approves.name != NULL)
		printf("  waits for approval by %s\n", v->approve);
	if (v->asks.name != NULL)
		print_ask(v);
	if (v->suggests.name != NULL)
		printf("  suggests %s\n", v->suggest[0] != '\0' ? v->suggest :
		    "the cheapest device");
	if (v->charges.name != NULL)
		printf("  charged to %s\n", v->charge);
}

/* What the rules say at one moment: printed, or with --json added to all. */
static int
try_moment(const struct rel_rules *rules, const struct rel_case *job,
    enum rel_rule_moment moment, json_t *all)
{
	const char *word = moment == REL_RULE_HOLD ? "hold" : "release";
	struct rel_verdict v;
	int rc;

	if (all != NULL) {
		json_t *one = rel_rules_try(rules, job, moment);

		return one != NULL && json_array_append_new(all, one) == 0 ?
		    0 : -REL_E_NOMEM;
	}
	printf("At %s:\n", word);
	rc = rel_rules_run(rules, job, moment, &v, print_look, NULL);
	if (rc == 0)
		print_verdict(&v);
	return rc;
}

/* NAME=VALUE words into the job; the moment is asked for as on=hold. */
static int
read_job(struct ctl *c, struct rel_case_words *w, int *moments)
{
	for (int i = 1; i < c->nargs; i++) {
		const char *eq = strchr(c->arg[i], '=');
		char name[40];
		int rc;

		if (eq == NULL || eq == c->arg[i] ||
		    (size_t)(eq - c->arg[i]) >= sizeof name)
			return ctl_misuse(c, "\"%.60s\" is not NAME=VALUE, "
			    "such as pages=30", c->arg[i]);
		snprintf(name, sizeof name, "%.*s", (int)(eq - c->arg[i]),
		    c->arg[i]);
		if (strcmp(name, "on") == 0) {
			*moments = strcmp(eq + 1, "hold") == 0 ?
			    REL_RULE_HOLD : strcmp(eq + 1, "release") == 0 ?
			    REL_RULE_RELEASE : 0;
			if (*moments == 0)
				return ctl_misuse(c, "on is hold or release");
		} else if ((rc = rel_case_words_set(w, name, eq + 1,
		    &c->err)) < 0) {
			return CTL_MISUSE;
		}
	}
	return 0;
}

static int
rule_try(struct ctl *c)
{
	static struct rel_case_words w;
	int moments = REL_RULE_HOLD | REL_RULE_RELEASE, rc;
	struct rel_rules *rules;
	json_t *all = NULL;
	time_t now = time(NULL);

	rel_case_words_init(&w);
	w.c.now_known = localtime_r(&now, &w.c.now) != NULL;
	if ((rc = read_job(c, &w, &moments)) < 0)
		return rc;
	if ((rules = read_rules(c, c->arg[0])) == NULL)
		return -c->err.code;
	if (c->opt[OPT_JSON] != NULL)
		all = json_array();
	for (int m = REL_RULE_HOLD; m <= REL_RULE_RELEASE && rc == 0; m *= 2)
		if ((moments & m) != 0)
			rc = try_moment(rules, &w.c, (enum rel_rule_moment)m,
			    all);
	if (all != NULL && rc == 0)
		ctl_print_json(all);
	json_decref(all);
	rel_rules_free(&rules);
	return rc < 0 ? rel_err_set(&c->err, REL_E_NOMEM, "no memory") : 0;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt check_opts[] = { OPT_STDIN, OPT_COUNT };

const struct ctl_verb ctl_rule_verbs[] = {
	{ "rule", "check", 0, 1, "FILE", check_opts,
	    "Check a file of rules, release-rules(5): the first line and word "
	    "that is wrong, and what it should be.", rule_check },
	{ "rule", "try", 1, ARGS_MAX, "FILE [NAME=VALUE ...]", none,
	    "What the rules of a file say of a made-up job, and why: "
	    "user=anna group=Staff,Design pages=30 cost=2.50 time=22:15 "
	    "day=fri on=release. The names are those of release-rules(5); "
	    "what is not given is not known.", rule_try },
	{ 0 }
};
