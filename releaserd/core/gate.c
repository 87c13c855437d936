/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The gate between a held job and a device: everything that may stop a
 * release is asked here, in one order, whoever asks for it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "releaserd/core/fleet.h"
#include "releaserd/core/panel_lock.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/policy.h"
#include "releaserd/core/release_priv.h"

int
gate_stop(struct released *out, const char *code, const char *fmt, ...)
{
	va_list ap;

	out->code = code;
	va_start(ap, fmt);
	vsnprintf(out->text, sizeof out->text, fmt, ap);
	va_end(ap);
	return -REL_E_DENIED;
}

/* Nobody could count it: its owner may have been asked, and want it. */
static int
gate_pages(struct core *c, const struct job *j, const struct release_order *o,
    struct released *out)
{
	const char *code = o->operator ? NULL : pages_unknown_problem(c, j);
	bool ask = code != NULL && strcmp(code, "confirmation-needed") == 0;
	int rc;

	if (code == NULL)
		return 0;
	if (!ask || !o->confirm)
		return gate_stop(out, code, ask ? "nobody knows how many "
		    "pages this job has: say that you want it all the same" :
		    "nobody knows how many pages this job has");
	if ((rc = store_job_set_confirmed(c->st, j->id)) < 0)
		return rc;
	job_event(c, j->id, "confirmed", "%s wants it though its pages are "
	    "not known", o->by);
	return 0;
}

/* A device that says that it cannot print gets nothing; an operator who says
 * so may try it all the same. */
static int
gate_device(struct core *c, const struct job *j,
    const struct release_order *o, struct released *out)
{
	char words[240];
	const char *code = fleet_problem(c, o->device, words);

	if (code == NULL)
		return 0;
	if (o->operator && o->confirm) {
		job_event(c, j->id, "device", "%s; %.83s wants it all the "
		    "same", words, o->by);
		return 0;
	}
	job_event(c, j->id, "device", "not sent: %s", words);
	fleet_reasons(c, o->device->id, out->name, sizeof out->name);
	return gate_stop(out, code, "%s: the job stays held", words);
}

int
gate_pass(struct core *c, struct job *j, const struct release_order *o,
    struct charge *ch, struct released *out)
{
	bool ruled = false;
	int rc = direct_gate(c, j, o, out);

	if (rc == 0)
		rc = gate_functions(c, j, o, out);
	if (rc == 0)
		rc = gate_device(c, j, o, out);
	if (rc == 0)
		rc = gate_pages(c, j, o, out);
	if (rc == 0)
		rc = policy_gate(c, j, o, &ruled, out);
	/* What the rules made of it, too. */
	if (rc == 0)
		rc = gate_look(c, j, o, out);
	if (rc == 0)
		rc = charge_gate(c, j, o->device, ruled, ch, out);
	if (rc == 0)
		rc = panel_lock_gate(c, j, o, out);
	return rc < 0 && rc != -REL_E_DENIED ? core_spoil(c, rc) : rc;
}
