/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What needs somebody, in the local API: who is locked out after failed
 * log-ins, which devices are silent or in trouble, what runs out. */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/api_supply.h"

#define LOCKOUTS_MAX 200
#define DEVICES_MAX 20
#define SUPPLIES_FIRST 5

/*
 * "u:anna", "d:DEVICE" (numbers and codes typed there), "p:DEVICE" (names and
 * passwords), "a:192.0.2.7" (whoever registers with wrong keys), "h:192.0.2.7"
 * (whoever logs in over HTTPS), "b:w:anna" (who tries the backup password).
 */
static const struct lock_kind {
	char letter;
	const char *name;
	enum caller_role role;		/* that may end it */
} kinds[] = {
	{ 'u', "user", WHO_HELPDESK }, { 'd', "device", WHO_OPERATOR },
	{ 'p', "device", WHO_OPERATOR }, { 'h', "address", WHO_OPERATOR },
	{ 'a', "address", WHO_OPERATOR }, { 'b', "backup", WHO_ADMIN }
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static const char *
kind_of(char letter)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].letter == letter)
			return kinds[i].name;
	return "address";
}

/* "w:anna", "l:anna", "p:DEVICE"; NULL: all of them. */
static const char *
backup_whom(struct core *c, const char *place, struct device *d)
{
	if (strlen(place) < 3)
		return NULL;
	return place[0] == 'p' && store_device_get(c->st, place + 2, d) == 0 ?
	    d->name : place + 2;
}

struct rows {
	struct core *c;
	json_t *rows;
};

static bool
lockout_row(const char *subject, const struct lockout *l, void *ctx)
{
	const char *kind = kind_of(subject[0]);

	const char *name = strlen(subject) > 2 ? subject + 2 : "";
	struct rows *w = ctx;
	struct device d = { .name = "" };
	const char *display = NULL;

	if (strcmp(kind, "device") == 0 && store_device_get(w->c->st, name,
	    &d) == 0)
		display = d.name;
	else if (subject[0] == 'b')
		display = backup_whom(w->c, name, &d);
	json_array_append_new(w->rows, json_pack("{s:s,s:s,s:s?,s:o}", "kind",
	    kind, "name", name, "display", display, "until",
	    json_time(l->until_ms)));
	return true;
}

static void
lockout_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct rows w = { .c = c };
	int rc;

	(void)rq;
	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	w.rows = json_array();
	rc = store_lockout_list(c->st, rel_now_ms(), LOCKOUTS_MAX,
	    lockout_row, &w);
	if (rc < 0) {
		json_decref(w.rows);
		reply_broken(c, a, rc);
		return;
	}
	api_answer_list(c, a, "lockouts", w.rows, NULL);
}

void
api_lockout_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, lockout_list);
}

/* ---- POST /lockouts/unlock */

/* How many of this name were ended, or the store is broken. */
static int
end_all(struct core *c, const char *kind, const char *name)
{
	char subject[110];
	int n = 0;

	for (size_t i = 0; i < KINDS; i++) {
		int rc;

		if (strcmp(kinds[i].name, kind) != 0)
			continue;
		snprintf(subject, sizeof subject, "%c:%s", kinds[i].letter,
		    name);
		if (lockout_state(c, subject) > 0)
			n++;
		if ((rc = lockout_end(c, subject)) < 0)
			return rc;
	}
	return n;
}

/* As people write it: Anna, or a device's name. */
static void
subject_name(struct core *c, const struct lock_kind *k, const char *said,
    char out[101])
{
	struct device d;
	char key[84];

	if (k->letter == 'u' && rel_user_key(key, sizeof key, said, false))
		said = key;
	else if (k->letter == 'd' && store_device_by_name(c->st, said,
	    &d) == 0)
		said = d.id;
	snprintf(out, 101, "%s", said);
}

static void
lockout_unlock(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *kind = req_str(rq, F_KIND);
	char detail[130], name[101];
	size_t i = 0;
	int n;

	while (i < KINDS && strcmp(kinds[i].name, kind) != 0)
		i++;
	if (i == KINDS) {
		reply_field(c, a, "bad-request", "kind", "kind must be user, "
		    "device, address or backup");
		return;
	}
	/* Who has guessed too often does not end that with what it opens. */
	if (who->backup && kinds[i].letter == 'b') {
		reply_problem(c, a, "forbidden", 0, "an administrator ends "
		    "this lock-out");
		return;
	}
	if (api_need(c, a, who, kinds[i].role) < 0)
		return;
	subject_name(c, &kinds[i], req_str(rq, F_NAME), name);
	if ((n = end_all(c, kind, name)) < 0) {
		reply_broken(c, a, n);
		return;
	}
	if (n == 0) {
		reply_problem(c, a, "not-found", 0,
		    "there is no such lock-out, or it has ended");
		return;
	}
	snprintf(detail, sizeof detail, "%s %.100s", kind, name);
	api_audit(c, who, "unlocked", detail);
	reply_text(c, a, 204, NULL, 0);
}

void
api_lockout_end(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, lockout_unlock);
}

struct attention {
	struct core *c;
	json_t *rows, *supplies;
};

static bool
device_row(const struct device *d, void *ctx)
{
	struct attention *w = ctx;

	json_array_append_new(w->rows, device_json(w->c, d));
	return true;
}

static bool
attention_supply(const struct supply *s, void *ctx)
{
	struct attention *w = ctx;

	json_array_append_new(w->supplies, supply_json(w->c, s));
	return true;
}

/* What runs out soon: how many, and the first of them. */
static int
supplies_low(struct core *c, struct attention *w, int64_t *n)
{
	int rc, below = (int)c->role->set.supplies_low;

	*n = 0;
	w->supplies = json_array();
	if (below == 0)
		return 0;
	if ((rc = store_supply_low(c->st, below, n)) < 0)
		return rc;
	return store_supply_list(c->st, &(struct supply_after){ .left = -1 },
	    below, SUPPLIES_FIRST, attention_supply, w);
}

static void
attention(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct device_since since = device_since(c);
	struct device_tally t;
	struct attention w = { c, NULL, NULL };
	int64_t low;
	int rc;

	(void)rq;
	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	devices_fresh(c);
	w.rows = json_array();
	if ((rc = store_device_tally(c->st, &since, &t)) < 0 ||
	    (rc = supplies_low(c, &w, &low)) < 0 ||
	    (rc = store_device_attention(c->st, &since, DEVICES_MAX,
	    device_row, &w)) < 0) {
		json_decref(w.rows);
		json_decref(w.supplies);
		reply_broken(c, a, rc);
		return;
	}
	reply_json(c, a, 200, json_pack("{s:I,s:I,s:I,s:I,s:o,s:o,s:I,s:I}",
	    "all",
	    (json_int_t)t.all, "without_panel", (json_int_t)t.without_panel,
	    "silent", (json_int_t)t.silent, "trouble", (json_int_t)t.trouble,
	    "devices", w.rows, "supplies", w.supplies, "supplies_low",
	    (json_int_t)low, "supplies_below",
	    (json_int_t)c->role->set.supplies_low));
}

void
api_device_attention(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, attention);
}
