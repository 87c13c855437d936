/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What the table of functions says of a release. */
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/policy.h"
#include "releaserd/core/release_priv.h"

static bool
nobody_asked(const struct release_order *o)
{
	return o->session == NULL && (o->caller == NULL || o->caller->host);
}

static enum access_state
may(struct core *c, const struct release_order *o, enum function f,
    struct access *got)
{
	return o->session != NULL ? access_may(c, o->device, o->session, f,
	    got) : access_may_caller(c, o->device, o->caller, f, got);
}

/* Written down with the job, for `explain`. */
static int
refuse(struct core *c, const struct job *j, const struct release_order *o,
    enum function f, struct released *out)
{
	struct access got;
	char words[500];

	(void)may(c, o, f, &got);
	snprintf(words, sizeof words, "\"%s\" is not open to %.83s at %.64s: "
	    "%s (entry %lld)", functions_table[f].key, o->by,
	    o->device->name, got.why, (long long)got.entry);
	job_event(c, j->id, "access", "%s", words);
	out->template_id = got.template_id;
	return gate_stop(out, got.state == ACCESS_TEMPLATE ?
	    "template-needed" : f == FN_PRINT_COLOR && pages_can_change(j) ?
	    "color-not-allowed" : "not-allowed-here", "%.239s", words);
}

static int
need(struct core *c, const struct job *j, const struct release_order *o,
    enum function f, struct released *out)
{
	return may(c, o, f, NULL) == ACCESS_OPEN ? 0 : refuse(c, j, o, f, out);
}

/* Somebody else's job, fetched as a delegate. */
static bool
of_others(const struct job *j, const struct release_order *o)
{
	return o->session != NULL ? strcmp(j->user_key,
	    o->session->user.key) != 0 : !o->operator &&
	    strcmp(j->user_key, o->caller->key) != 0;
}

int
gate_functions(struct core *c, const struct job *j,
    const struct release_order *o, struct released *out)
{
	const struct {
		bool needed;
		enum function f;
	} all[] = {
		{ true, FN_PRINT },
		{ !nobody_asked(o) && of_others(j, o), FN_PRINT_OTHERS },
		{ j->pin_scheme[0] != '\0', FN_PRINT_CONFIDENTIAL },
		{ j->state == JOB_UNCONFIRMED, FN_PRINT_AGAIN },
		{ o->confirm && pages_unknown_problem(c, j) != NULL,
		    FN_PRINT_UNCOUNTED }
	};
	int rc = 0;

	if (nobody_asked(o))
		return 0;
	for (size_t i = 0; rc == 0 && i < sizeof all / sizeof all[0]; i++)
		if (all[i].needed)
			rc = need(c, j, o, all[i].f, out);
	return rc;
}

/* Both sides of the paper, where that can be made of it. */
static int
both_sides(struct core *c, struct job *j, const struct release_order *o,
    struct released *out)
{
	static const struct rel_rule_change both = {
	    .sides = REL_DUPLEX_LONG };
	struct job *was;
	int rc;

	if (j->count.pages_sure != REL_SURE_UNKNOWN && j->count.sides <= 1)
		return 0;
	if (!pages_can_change(j))
		return j->count.duplex == REL_DUPLEX_LONG ||
		    j->count.duplex == REL_DUPLEX_SHORT ? 0 :
		    refuse(c, j, o, FN_PRINT_ONE_SIDED, out);
	if ((was = malloc(sizeof *was)) == NULL)
		return -REL_E_NOMEM;
	*was = *j;
	rc = policy_change(c, j, &both);
	if (rc > 0)
		rc = pages_save(c, was, j, "the table of functions");
	free(was);
	return rc == -REL_E_NOTHELD ? 0 : rc;
}

int
gate_look(struct core *c, struct job *j, const struct release_order *o,
    struct released *out)
{
	const char *colour = pages_colour_word(j);
	int rc = 0;

	if (nobody_asked(o))
		return 0;
	if (colour == NULL || strcmp(colour, "color") == 0)
		rc = need(c, j, o, FN_PRINT_COLOR, out);
	if (rc == 0 && may(c, o, FN_PRINT_ONE_SIDED, NULL) != ACCESS_OPEN)
		rc = both_sides(c, j, o, out);
	return rc;
}
