/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Which objects are fetched, and when. */
#include "releaserd/driver/snmp_priv.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof (table) / sizeof (table)[0])
#define MIB2 "1.3.6.1.2.1."
#define HR "1.3.6.1.2.1.25.3."
#define PRT "1.3.6.1.2.1.43."
#define VENDOR "1.3.6.1.4.1."

static const char *const who_oids[] = {
	MIB2 "1.1.0", MIB2 "1.2.0", MIB2 "1.5.0", MIB2 "1.6.0",
	VENDOR "2699.1.2.1.2.1.1.3.1", VENDOR "11.2.3.9.1.1.7.0",
	VENDOR "2435.2.3.9.1.1.7.0", VENDOR "641.2.1.2.1.3.1",
	VENDOR "367.3.2.1.1.1.11.0", VENDOR "253.8.51.1.2.1.20.1"
};

static const char *const who_columns[] = {
	HR "2.1.2", HR "2.1.3", PRT "5.1.1.16", PRT "5.1.1.17",
};

/* Scalars beyond who_oids. */
static const char *const scalars[] = {
	MIB2 "1.4.0", VENDOR "128.2.1.3.1.2.0", VENDOR "1248.1.2.2.1.1.1.1.1",
	MIB2 "4.21.1.7.0.0.0.0", VENDOR "2699.1.2.1.3.1.1.4.1.1",
	VENDOR "2699.1.2.1.3.1.1.4.1.2", HR "2.1.4.1",
};

static const char *const columns[] = {
	MIB2 "2.2.1.2", MIB2 "2.2.1.3", MIB2 "2.2.1.6", MIB2 "2.2.1.8",
	MIB2 "4.20.1.2", MIB2 "4.20.1.3",
	/* the same of RFC 4293 and 4292, as far as it is IPv4's */
	MIB2 "4.24.4.1.4.0.0.0.0.0.0.0.0", MIB2 "4.24.7.1.7.1.4.0.0.0.0.0",
	MIB2 "4.34.1.3.1.4", MIB2 "4.34.1.5.1.4",
	HR "2.1.5", HR "5.1.1", HR "5.1.2",
	PRT "5.1.1.1", PRT "5.1.1.2", PRT "5.1.1.18", PRT "5.1.1.19",
	PRT "7.1.1.4",
	PRT "8.2.1.2", PRT "8.2.1.3", PRT "8.2.1.4", PRT "8.2.1.5",
	PRT "8.2.1.6", PRT "8.2.1.7", PRT "8.2.1.8", PRT "8.2.1.9",
	PRT "8.2.1.10", PRT "8.2.1.11", PRT "8.2.1.12", PRT "8.2.1.13",
	PRT "8.2.1.18", PRT "8.2.1.20", PRT "8.2.1.21", PRT "8.2.1.22",
	PRT "9.2.1.2", PRT "9.2.1.4", PRT "9.2.1.5", PRT "9.2.1.6",
	PRT "9.2.1.7", PRT "9.2.1.12",
	PRT "10.2.1.2", PRT "10.2.1.3", PRT "10.2.1.4", PRT "10.2.1.6",
	PRT "10.2.1.7", PRT "10.2.1.8", PRT "10.2.1.9", PRT "10.2.1.10",
	PRT "11.1.1.3", PRT "11.1.1.4", PRT "11.1.1.5", PRT "11.1.1.6",
	PRT "11.1.1.7", PRT "11.1.1.8", PRT "11.1.1.9",
	PRT "12.1.1.3", PRT "12.1.1.4",
	PRT "13.4.1.2", PRT "13.4.1.3", PRT "13.4.1.4", PRT "13.4.1.5",
	PRT "13.4.1.6", PRT "13.4.1.7", PRT "13.4.1.8", PRT "13.4.1.9",
	PRT "14.1.1.2", PRT "14.1.1.6", PRT "14.1.1.9",
	PRT "15.1.1.2", PRT "15.1.1.5",
	PRT "16.5.1.2",
	PRT "18.1.1.2", PRT "18.1.1.4", PRT "18.1.1.5", PRT "18.1.1.7",
	PRT "18.1.1.8",
	PRT "30.1.1.2", PRT "30.1.1.3", PRT "30.1.1.9", PRT "30.1.1.10",
	PRT "31.1.1.4", PRT "31.1.1.5", PRT "31.1.1.6", PRT "31.1.1.7",
	PRT "31.1.1.8",
	PRT "33.1.1.3",
};

static const char *const alert_columns[] = {
	PRT "18.1.1.2", PRT "18.1.1.4", PRT "18.1.1.5", PRT "18.1.1.7",
	PRT "18.1.1.8",
};

static const char *const supply_columns[] = {
	PRT "11.1.1.3", PRT "11.1.1.4", PRT "11.1.1.5", PRT "11.1.1.6",
	PRT "11.1.1.7", PRT "11.1.1.8", PRT "11.1.1.9", PRT "12.1.1.4",
	PRT "8.2.1.8", PRT "8.2.1.9", PRT "8.2.1.10", PRT "8.2.1.11",
	PRT "8.2.1.13",
};

int
snmp_gather_quirk(struct snmp_link *link, struct snmp_tree *t,
    const struct snmp_quirk *q, struct rel_err *err)
{
	const char *oids[SNMP_Q_READS];
	size_t n = 0;

	for (size_t i = 0; i < SNMP_Q_READS && q->reads[i].oid != NULL; i++)
		oids[n++] = q->reads[i].oid;
	return n > 0 ? snmp_link_get(link, oids, n, t, err) : 0;
}

int
snmp_gather_who(struct snmp_link *link, struct snmp_tree *t,
    struct rel_err *err)
{
	int rc = snmp_link_get(link, who_oids, COUNT(who_oids), t, err);

	if (rc == 0)
		rc = snmp_link_walk(link, who_columns, COUNT(who_columns), t,
		    err);
	return rc;
}

int
snmp_gather_all(struct snmp_link *link, struct snmp_tree *t,
    struct rel_err *err)
{
	int rc = snmp_gather_who(link, t, err);

	if (rc == 0)
		rc = snmp_link_get(link, scalars, COUNT(scalars), t, err);
	if (rc == 0)
		rc = snmp_link_walk(link, columns, COUNT(columns), t, err);
	if (rc == 0)
		rc = snmp_gather_quirk(link, t, snmp_quirk_tree(t), err);
	return rc;
}

/* The vendor's own console, where the standard's is none. */
static const char *
own_panel(uint32_t quirk)
{
	size_t n;
	const struct snmp_quirk *q = snmp_quirks(&n);

	for (size_t i = 0; quirk < n && i < SNMP_Q_READS; i++)
		if (q[quirk].reads[i].item != NULL &&
		    strcmp(q[quirk].reads[i].item, "panel-text") == 0)
			return q[quirk].reads[i].oid;
	return NULL;
}

int
snmp_gather_status(struct snmp_link *link, struct snmp_tree *t,
    struct snmp_kept *k, struct rel_err *err)
{
	/* the printer's index goes for H, of hrDevice for D, its marker's
	 * for M */
	static const char *const form[] = {
		HR "5.1.1.D", HR "5.1.2.D", HR "2.1.5.D",
		PRT "5.1.1.1.H", PRT "5.1.1.18.H", PRT "5.1.1.19.H",
		PRT "10.2.1.4.H.M", PRT "10.2.1.3.H.M",
		PRT "16.5.1.2.H.1", PRT "16.5.1.2.H.2",
	};
	const char *oids[COUNT(form)], *panel = own_panel(k->quirk);
	char text[COUNT(form)][64];
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < COUNT(form); i++) {
		const char *cut = strpbrk(form[i], "HD");
		char marker[16] = "";

		if (strcmp(cut + 1, ".M") == 0)
			snprintf(marker, sizeof marker, ".%u", k->marker);
		snprintf(text[i], sizeof text[i], "%.*s%u%s",
		    (int)(cut - form[i]), form[i],
		    *cut == 'D' ? k->hr : k->h,
		    marker[0] != '\0' ? marker : cut + 1);
		if (i == COUNT(form) - 1 && panel != NULL)
			snprintf(text[i], sizeof text[i], "%s", panel);
		if ((k->missing & 1u << i) == 0)
			oids[n++] = text[i];
	}
	if ((rc = snmp_link_get(link, oids, n, t, err)) < 0)
		return rc;
	for (size_t i = 0; i < COUNT(form); i++)
		if (snmp_tree_get(t, text[i], SNMP_ANY, SNMP_ANY) == NULL)
			k->missing |= 1u << i;
	return 0;
}

int
snmp_gather_alerts(struct snmp_link *link, struct snmp_tree *t,
    struct rel_err *err)
{
	return snmp_link_walk(link, alert_columns, COUNT(alert_columns), t,
	    err);
}

int
snmp_gather_supplies(struct snmp_link *link, struct snmp_tree *t,
    struct rel_err *err)
{
	return snmp_link_walk(link, supply_columns, COUNT(supply_columns), t,
	    err);
}
