/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What Brother's devices say of counters and supplies in octets of their own:
 * a tag, 1, a length and a number, one after the other.  Known from what users
 * of such devices have found out; so it is taken only where the Printer MIB
 * says nothing, and checked where that can be.
 */
#include "releaserd/driver/snmp_priv.h"

#include <string.h>

#define COUNT(table) (sizeof (table) / sizeof (table)[0])
#define STATE "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0"
#define COUNTERS "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.10.0"
#define DRUM 0x41

/* The number of a tag in at least so many octets; -1: there is none. */
static int64_t
tagged(struct snmp_device *d, const char *oid, unsigned tag, unsigned least)
{
	const struct snmp_var *v = snmp_tree_get(d->t, oid, SNMP_ANY, SNMP_ANY);
	const uint8_t *p;
	size_t n;

	if ((d->quirk->flags & SNMP_Q_TAGGED) == 0 || v == NULL ||
	    v->kind != SNMP_OCTET_STRING)
		return -1;
	p = (const uint8_t *)v->octets;
	for (n = v->len; n >= 3 && n - 3 >= p[2]; n -= 3u + p[2],
	    p += 3u + p[2]) {
		int64_t value = 0;

		if (p[0] != tag || p[1] != 1 || p[2] < least || p[2] > 4)
			continue;
		for (unsigned i = 0; i < p[2]; i++)
			value = value << 8 | p[3 + i];
		return value;
	}
	return -1;
}

int64_t
snmp_tagged_counter(struct snmp_device *d, enum snmp_tagged which)
{
	return tagged(d, COUNTERS, which, 1);
}

/*
 * Hundredths of a percent, always in four octets (one is a mere state); -2: not
 * said, or it cannot be.
 */
static int64_t
part(struct snmp_device *d, unsigned tag)
{
	int64_t v = tagged(d, STATE, tag, 4);

	return v >= 0 && v <= 10000 ? v / 100 : -2;
}

/* A kind of NULL is toner, or ink. */
static const struct {
	uint8_t tag;
	const char *kind, *color;
} supplies[] = { { 0x6f, NULL, "black" }, { 0x70, NULL, "cyan" },
	{ 0x71, NULL, "magenta" }, { 0x72, NULL, "yellow" },
	{ DRUM, "drum", "" }, { 0x69, "transfer", "" }, { 0x6a, "fuser", "" } };

int64_t
snmp_tagged_percent(struct snmp_device *d, const char *kind,
    const char *color)
{
	bool marks = strcmp(kind, "toner") == 0 || strcmp(kind, "ink") == 0;

	for (size_t i = 0; i < COUNT(supplies); i++)
		if (supplies[i].kind == NULL ? marks &&
		    strcmp(color, supplies[i].color) == 0 :
		    strcmp(kind, supplies[i].kind) == 0)
			return part(d, supplies[i].tag);
	return -2;
}

const char *
snmp_tagged_supply(struct snmp_device *d, size_t i, const char **color)
{
	*color = "";
	if (i >= COUNT(supplies))
		return NULL;
	*color = supplies[i].color;
	if (part(d, supplies[i].tag) < 0)
		return "";
	if (supplies[i].kind != NULL)
		return supplies[i].kind;
	return d->ink && part(d, DRUM) < 0 ? "ink" : "toner";
}
