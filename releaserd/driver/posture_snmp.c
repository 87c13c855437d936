/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Which versions of SNMP a device answers: to the communities every printer
 * leaves the factory with, and to what is configured here.  Version 3 tells
 * its engine to everybody, so whether it is there needs no account.
 */
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "releaserd/driver/posture.h"
#include "releaserd/driver/snmp.h"

static const char *const usual[] = { "public", "private" };
static const char *const names[] = { [SNMP_V1] = "v1", [SNMP_V2C] = "v2c",
    [SNMP_V3] = "v3" };

struct answers {
	char address[80];
	bool version[SNMP_V3 + 1];
	bool usual[2];
};

static bool
answers(const struct posture *p, const struct answers *a, uint8_t version,
    const char *name)
{
	struct snmp_access with = { .version = version };
	const struct snmp_peer peer = { .address = a->address, .port =
	    p->q->at.snmp_port != 0 ? p->q->at.snmp_port : 161,
	    .until_ms = rel_mono_ms() + 2 * p->step_ms };

	snprintf(with.name, sizeof with.name, "%s", name);
	return rel_mono_ms() < p->until_ms && snmp_answers(&peer, &with);
}

static void
ask_usual(const struct posture *p, struct answers *a)
{
	for (uint8_t v = SNMP_V1; v <= SNMP_V2C; v++)
		for (size_t i = 0; i < 2; i++)
			if (answers(p, a, v, usual[i]))
				a->version[v] = a->usual[i] = true;
}

/* What is configured here may be answered where the usual ones are not. */
static void
ask_ours(const struct posture *p, struct answers *a)
{
	const struct driver_at *at = &p->q->at;

	for (size_t i = 0; i < at->nsnmp; i++) {
		const struct snmp_access *s = &at->snmp[i];

		if ((s->version == SNMP_V1 || s->version == SNMP_V2C) &&
		    !a->version[s->version])
			a->version[s->version] = answers(p, a, s->version,
			    s->name);
	}
}

static void
put(const struct posture *p, const char *item, const char *const *names_of,
    const bool *is, size_t n)
{
	char text[64] = "";

	for (size_t i = 0; i < n; i++)
		if (is[i])
			snprintf(text + strlen(text), sizeof text -
			    strlen(text), "%s%s", text[0] != '\0' ? "," : "",
			    names_of[i]);
	items_str(p->items, item, 0, text[0] != '\0' ? text : "none");
}

void
posture_snmp(struct posture *p)
{
	struct answers a = { .address = "" };
	size_t at = 0;

	while (at < p->n && p->ports[at].kind != POSTURE_SNMP)
		at++;
	if (at == p->n || getnameinfo((const struct sockaddr *)&p->to, p->to_len, a.address,
	    sizeof a.address, NULL, 0, NI_NUMERICHOST) != 0)
		return;
	a.version[SNMP_V3] = answers(p, &a, SNMP_V3, "");
	ask_usual(p, &a);
	ask_ours(p, &a);
	/* Datagrams are lost: one more, where an agent is. */
	if (!a.version[SNMP_V3] && (a.version[SNMP_V1] ||
	    a.version[SNMP_V2C]))
		a.version[SNMP_V3] = answers(p, &a, SNMP_V3, "");
	if (a.version[SNMP_V1] || a.version[SNMP_V2C] || a.version[SNMP_V3])
		p->state[at] = POSTURE_OPEN;
	put(p, "posture.snmp", names + 1, a.version + 1, SNMP_V3);
	put(p, "posture.snmp-usual", usual, a.usual, 2);
}
