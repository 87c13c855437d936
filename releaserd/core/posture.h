/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef POSTURE_H
#define POSTURE_H

#include "releaserd/core/core.h"
#include "releaserd/items.h"

/*
 * How safe devices are (doc/posture.md): what was seen of them is weighed by
 * the findings of posture.def.  What is not known counts neither for nor
 * against, and is named.
 */
enum posture_finding {
#define FINDING(id, key, severity, points, words, mend, rows) POSTURE_##id,
#include "releaserd/core/posture.def"
#undef FINDING
	POSTURE_FINDINGS
};

struct posture_kind {
	const char *key;		/* "snmp-usual" */
	const char *severity;		/* "high", "medium", "low" */
	int points;
	const char *words, *mend, *rows;
};
extern const struct posture_kind posture_kinds[POSTURE_FINDINGS];

enum posture_verdict {
	POSTURE_UNKNOWN, POSTURE_GOOD, POSTURE_BAD,
	POSTURE_APART			/* has no meaning for this device */
};
const char *posture_verdict_name(enum posture_verdict v);

struct posture_found {
	enum posture_verdict verdict;
	char evidence[240];		/* what was seen, or why it is not known */
};

/* What is known of a device; items are those of doc/posture.md. */
struct posture_facts {
	const struct items *items;
	const json_t *restrictions;	/* it obeys (OPDP level 2), or NULL */
	int64_t now_ms;
};

/* Weigh them; all of found is filled. */
void posture_weigh(const struct posture_facts *f,
    struct posture_found found[POSTURE_FINDINGS]);

/* 0..100, 100 the best; -1 when too little is known. */
int posture_score(const struct posture_found found[POSTURE_FINDINGS]);

/* ---- posture_run.c: devices are looked at, one after the other */
int postures_init(struct core *c);
void postures_fini(struct core *c);
void postures_tick(struct core *c);	/* each second */
/* Soon: 1 it is in the queue, 0 it was looked at just now; or -REL_E_FULL. */
int posture_soon(struct core *c, const char *device);
/* Does it wait, or is it being looked at?  How many do. */
bool posture_queued(const struct core *c, const char *device);
unsigned posture_waiting(const struct core *c);

/* Weigh a device as it is known now; items: what that was. */
int posture_weigh_device(struct core *c, const struct device *d,
    struct posture_found found[POSTURE_FINDINGS], struct items *items);

#endif
