/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* snmp-lpr: any printer, by what SNMP tells of it; jobs go by LPR. */
#include "releaserd/driver/drivers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/driver/snmp_priv.h"
#include "releaserd/send/senders.h"

#define SUPPLIES_S 600		/* between two looks at the supplies */
#define PRT "1.3.6.1.2.1.43."

/* ---- what it remembers */

/* "a=0 h=1 ...": a number behind a key. */
static int64_t
kept_number(const char *text, char key, int64_t otherwise)
{
	for (const char *p = text; *p != '\0'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");
		char value[24];
		int64_t v;

		snprintf(value, sizeof value, "%.*s", n > 2 ? (int)n - 2 : 0,
		    n > 2 ? p + 2 : "");
		if (n > 2 && p[0] == key && p[1] == '=' &&
		    rel_int(&v, value, -1, INT64_MAX))
			return v;
		p += n;
	}
	return otherwise;
}

static uint32_t
kept_index(const char *text, char key, uint32_t otherwise)
{
	int64_t v = kept_number(text, key, otherwise);

	return v >= 0 && v < SNMP_ANY ? (uint32_t)v : otherwise;
}

void
snmp_kept_read(struct snmp_kept *k, const char *text)
{
	const char *alerts = strstr(text, " r=");

	*k = (struct snmp_kept){
		.access = kept_index(text, 'a', SNMP_ANY),
		.h = kept_index(text, 'h', SNMP_ANY),
		.hr = kept_index(text, 'd', kept_index(text, 'h', SNMP_ANY)),
		.marker = kept_index(text, 'm', 1),
		.quirk = kept_index(text, 'q', SNMP_ANY),
		.ink = kept_number(text, 'i', 0) == 1,
		.missing = kept_index(text, 'x', 0),
		.config = kept_number(text, 'c', -1),
		.critical = kept_number(text, 'k', -1),
		.all = kept_number(text, 'e', -1),
		.supplies_s = kept_number(text, 's', 0),
	};
	if (alerts != NULL)
		snprintf(k->alerts, sizeof k->alerts, "%.*s",
		    (int)strcspn(alerts + 3, " "), alerts + 3);
}

void
snmp_kept_write(char out[DRIVER_KEPT_MAX], const struct snmp_kept *k)
{
	char *last = strrchr(k->alerts, ',');
	size_t n = strlen(k->alerts);

	/* A list that was full may end in half a word. */
	if (n == sizeof k->alerts - 1 && last != NULL)
		n = (size_t)(last - k->alerts);
	snprintf(out, DRIVER_KEPT_MAX, "a=%u h=%u d=%u m=%u q=%u i=%d "
	    "c=%lld k=%lld e=%lld s=%lld x=%u r=%.*s", k->access, k->h,
	    k->hr, k->marker, k->quirk, k->ink ? 1 : 0, (long long)k->config,
	    (long long)k->critical, (long long)k->all,
	    (long long)k->supplies_s, k->missing, (int)n, k->alerts);
}

/* ---- the way in */

/* One access: its work done with its link. */
struct visit {
	const struct driver_ask *q;
	struct driver_said *s;
	struct snmp_kept kept;
	struct snmp_tree tree;
	uint8_t version;		/* of this link */
};

typedef int (*visit_cb)(struct visit *v, struct snmp_link *link,
    struct rel_err *err);

static int
visit_by(struct visit *v, unsigned access, int64_t until, unsigned tries,
    visit_cb work, struct rel_err *err)
{
	const struct driver_at *at = &v->q->at;
	struct snmp_peer peer = { at->address, at->snmp_port, until };
	struct snmp_link *link = NULL;
	struct snmp_kept was = v->kept;
	int rc = snmp_link_open(&link, &peer, &at->snmp[access], tries, err);

	snmp_tree_init(&v->tree);
	v->version = at->snmp[access].version;
	if (rc == 0)
		rc = work(v, link, err);
	snmp_link_close(&link);
	snmp_tree_fini(&v->tree);
	if (rc == 0) {
		v->kept.access = access;
		return 0;
	}
	/* What it said before it fell silent would be there twice. */
	items_fini(&v->s->items);
	items_init(&v->s->items);
	v->s->changed = false;
	v->kept = was;
	return rc;
}

/*
 * First the access that worked, then the others in their order, each for its
 * share of the time.  Who answered, but refuses, is said rather than who kept
 * silent.
 */
static int
visit(struct visit *v, visit_cb work, struct rel_err *err)
{
	const struct driver_at *at = &v->q->at;
	int64_t until = driver_until(v->q);
	unsigned first = v->kept.access < at->nsnmp ? v->kept.access : 0;
	int rc = 0, worst = 0;
	struct rel_err why = { .code = 0 };

	for (unsigned i = 0; i < at->nsnmp; i++) {
		unsigned access = i == 0 ? first : i <= first ? i - 1 : i;
		int64_t now = rel_mono_ms();
		int64_t share = (until - now) / (at->nsnmp - i);

		rc = visit_by(v, access, i == 0 && at->nsnmp > 1 ?
		    now + (until - now) / 2 : i == 0 ? until : now + share,
		    i == 0 ? SNMP_TRIES : 1, work, err);
		if (rc == 0)
			return 0;
		if (worst == 0 || rc == -REL_E_DENIED) {
			worst = rc;
			why = *err;
		}
	}
	if (worst == 0)
		return rel_err_set(err, REL_E_DENIED,
		    "no way in by SNMP is given for this device");
	*err = why;
	return worst;
}

/* ---- info */

static void
remember(struct visit *v, struct snmp_device *d)
{
	size_t n;

	v->kept.h = d->h;
	v->kept.hr = d->hr;
	v->kept.marker = snmp_device_marker(d);
	v->kept.quirk = (uint32_t)(d->quirk - snmp_quirks(&n));
	v->kept.ink = d->ink;
	v->kept.config = snmp_tree_number(d->t, PRT "5.1.1.1", d->h, SNMP_ANY,
	    -1);
	v->kept.critical = snmp_tree_number(d->t, PRT "5.1.1.18", d->h,
	    SNMP_ANY, -1);
	v->kept.all = snmp_tree_number(d->t, PRT "5.1.1.19", d->h, SNMP_ANY,
	    -1);
}

static int
info_visit(struct visit *v, struct snmp_link *link, struct rel_err *err)
{
	struct snmp_device d;
	int rc = snmp_gather_all(link, &v->tree, err);
	char state[16];

	if (rc < 0)
		return rc;
	snmp_device_init(&d, &v->tree, &v->s->items);
	snmp_items_identity(&d);
	snmp_items_network(&d, v->q->at.address);
	snmp_items_ability(&d);
	snmp_items_channels(&d);
	snmp_items_inputs(&d);
	snmp_items_outputs(&d);
	snmp_items_finishers(&d);
	snmp_items_supplies(&d);
	snmp_items_alerts(&d, v->kept.alerts, sizeof v->kept.alerts);
	snmp_items_state(&d, v->kept.alerts, state);
	snmp_items_counters(&d);
	remember(v, &d);
	v->kept.supplies_s = rel_now_ms() / 1000;
	v->s->items.groups = 1u << ITEMS_IDENTITY | 1u << ITEMS_ABILITY |
	    1u << ITEMS_NETWORK | 1u << ITEMS_INPUT | 1u << ITEMS_OUTPUT |
	    1u << ITEMS_FINISHER | 1u << ITEMS_SUPPLY | 1u << ITEMS_ALERT;
	return 0;
}

static int
snmp_lpr_info(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	struct visit v = { .q = q, .s = s };
	int rc;

	snmp_kept_read(&v.kept, q->kept);
	if ((rc = visit(&v, info_visit, err)) == 0)
		snmp_kept_write(s->kept, &v.kept);
	return rc;
}

/* ---- status */

/* Supplies, levels of trays and the vendor's counters, from time to time. */
static int
look_at_supplies(struct visit *v, struct snmp_link *link,
    struct snmp_device *d, struct rel_err *err)
{
	int rc = snmp_gather_supplies(link, &v->tree, err);

	if (rc == 0)
		rc = snmp_gather_quirk(link, &v->tree, d->quirk, err);
	if (rc < 0)
		return rc;
	snmp_items_supplies(d);
	snmp_items_levels(d);
	v->s->items.groups |= 1u << ITEMS_SUPPLY;
	v->kept.supplies_s = rel_now_ms() / 1000;
	return 0;
}

static int
look_at_alerts(struct visit *v, struct snmp_link *link, struct snmp_device *d,
    struct rel_err *err)
{
	int rc = snmp_gather_alerts(link, &v->tree, err);

	if (rc < 0)
		return rc;
	snmp_items_alerts(d, v->kept.alerts, sizeof v->kept.alerts);
	v->s->items.groups |= 1u << ITEMS_ALERT;
	return 0;
}

/* Has a counter moved, or does it not have any and something to say? */
static bool
alerts_moved(struct visit *v, const struct snmp_kept *was)
{
	int64_t device = snmp_tree_number(&v->tree, "1.3.6.1.2.1.25.3.2.1.5",
	    v->kept.hr, SNMP_ANY, 0);
	int64_t printer = snmp_tree_number(&v->tree, "1.3.6.1.2.1.25.3.5.1.1",
	    v->kept.hr, SNMP_ANY, 3);

	return v->kept.all != was->all || v->kept.critical != was->critical ||
	    (v->kept.all < 0 && was->alerts[0] != '\0') || device == 3 ||
	    device == 5 || printer > 3;
}

static int
status_visit(struct visit *v, struct snmp_link *link, struct rel_err *err)
{
	struct snmp_kept was = v->kept;
	struct snmp_device d;
	char state[16];
	size_t n;
	const struct snmp_quirk *all = snmp_quirks(&n);
	bool supplies = rel_now_ms() / 1000 >= was.supplies_s + SUPPLIES_S;
	int rc;

	/* Each that is missing costs version 1 a question of its own. */
	if (supplies || v->version != SNMP_V1)
		v->kept.missing = 0;
	if ((rc = snmp_gather_status(link, &v->tree, &v->kept, err)) < 0)
		return rc;
	snmp_device_init(&d, &v->tree, &v->s->items);
	d.h = v->kept.h;
	d.hr = v->kept.hr;
	d.ink = v->kept.ink;
	d.quirk = &all[v->kept.quirk < n ? v->kept.quirk : n - 1];
	v->kept.config = snmp_tree_number(&v->tree, PRT "5.1.1.1", d.h,
	    SNMP_ANY, -1);
	v->kept.critical = snmp_tree_number(&v->tree, PRT "5.1.1.18", d.h,
	    SNMP_ANY, -1);
	v->kept.all = snmp_tree_number(&v->tree, PRT "5.1.1.19", d.h, SNMP_ANY,
	    -1);
	v->s->changed = v->kept.config != was.config;
	if (alerts_moved(v, &was))
		rc = look_at_alerts(v, link, &d, err);
	if (rc == 0 && supplies)
		rc = look_at_supplies(v, link, &d, err);
	if (rc < 0)
		return rc;
	snmp_items_state(&d, v->kept.alerts, state);
	snmp_items_counters(&d);
	v->s->items.groups |= 1u << ITEMS_STATE;
	return 0;
}

static int
snmp_lpr_status(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	struct visit v = { .q = q, .s = s };
	int rc;

	snmp_kept_read(&v.kept, q->kept);
	if (v.kept.h == SNMP_ANY) {	/* never asked: all of it */
		if ((rc = visit(&v, info_visit, err)) == 0)
			s->items.groups |= 1u << ITEMS_STATE;
	} else
		rc = visit(&v, status_visit, err);
	if (rc == 0)
		snmp_kept_write(s->kept, &v.kept);
	return rc;
}

const struct driver_ops driver_snmp_lpr = {
	.name = "snmp-lpr",
	.words = "Any printer: SNMP and LPR",
	.can = DRIVER_CAN_INFO | DRIVER_CAN_SEND,
	.info = snmp_lpr_info,
	.status = snmp_lpr_status,
	.job_send = send_by_lpr
};
