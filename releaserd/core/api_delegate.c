/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Delegates: who may see my held jobs and print them for me.  Not more: they
 * change and delete nothing, and confidential jobs stay confidential.
 */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/when.h"

#define DELEGATES_MAX 20

bool
api_is_delegate(struct core *c, const struct caller *who,
    const char *owner_key)
{
	return who->key[0] != '\0' && store_delegate_is(c->st, owner_key,
	    who->key, rel_now_ms()) == 1;
}

/* ---- lists */

struct delegate_rows {
	json_t *rows;
	bool owners;			/* of whom, not who */
	int n;
};

static bool
delegate_row(const struct delegate *d, void *ctx)
{
	struct delegate_rows *w = ctx;

	json_array_append_new(w->rows, json_pack("{s:s,s:o,s:o}", "name",
	    w->owners ? d->owner_name : d->name, "valid_until",
	    json_time(d->until_ms), "created_at", json_time(d->created_ms)));
	w->n++;
	return true;
}

static void
delegates_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct delegate_rows mine = { .rows = json_array() };
	struct delegate_rows of = { .rows = json_array(), .owners = true };
	int rc = store_delegate_list(c->st, who->key, NULL, delegate_row,
	    &mine);

	(void)rq;
	if (rc == 0)
		rc = store_delegate_list(c->st, NULL, who->key, delegate_row,
		    &of);
	if (rc < 0) {
		json_decref(mine.rows);
		json_decref(of.rows);
		reply_broken(c, a, rc);
		return;
	}
	reply_json(c, a, 200, json_pack("{s:o,s:o}", "delegates", mine.rows,
	    "of", of.rows));
}

void
api_delegates(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, delegates_get);
}

/* ---- changes */

/* 0, or answered. */
static int
delegate_read(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct delegate *d)
{
	const char *name = req_str(rq, rq->route == API_DELEGATE_SET ?
	    F_NAME : F_ID), *until = req_str(rq, F_VALID_UNTIL);

	memcpy(d->owner_key, who->key, sizeof d->owner_key);
	memcpy(d->owner_name, who->name, sizeof d->owner_name);
	snprintf(d->name, sizeof d->name, "%s", name);
	d->created_ms = rel_now_ms();
	if (who->key[0] == '\0' || !rel_user_key(d->key, sizeof d->key, name,
	    c->role->set.strip_realm != 0) ||
	    strcmp(d->key, d->owner_key) == 0)
		reply_field(c, a, "bad-request", "name",
		    "name must be the name of somebody else");
	else if (until != NULL && (!when_parse(&d->until_ms, until, true) ||
	    d->until_ms <= d->created_ms))
		reply_field(c, a, "bad-request", "valid_until",
		    "valid_until must be a day or a time to come "
		    "(2026-11-30)");
	else
		return 0;
	return -1;
}

static void
delegate_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct delegate_rows mine = { .rows = NULL };
	struct delegate d = { .until_ms = 0 };
	struct rel_err err;
	int rc;

	if (delegate_read(c, rq, a, who, &d) < 0)
		return;
	mine.rows = json_array();
	rc = store_delegate_list(c->st, who->key, NULL, delegate_row, &mine);
	json_decref(mine.rows);
	/* One that is there already gets another time. */
	if (rc == 0 && mine.n >= DELEGATES_MAX &&
	    store_delegate_is(c->st, d.owner_key, d.key, 0) != 1) {
		reply_problem(c, a, "bad-request", 0, "you have %d delegates, "
		    "more cannot be: remove one first", mine.n);
		return;
	}
	if (rc < 0 || core_write(c, &err) < 0 ||
	    (rc = store_delegate_set(c->st, &d)) < 0) {
		reply_broken(c, a, core_spoil(c, rc < 0 ? rc : -REL_E_PEER));
		return;
	}
	api_audit(c, who, "delegate-added", d.name);
	reply_json(c, a, 201, json_pack("{s:s,s:o}", "name", d.name,
	    "valid_until", json_time(d.until_ms)));
}

void
api_delegate_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, delegate_set);
}

static void
delegate_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct delegate d = { .until_ms = 0 };
	struct rel_err err;
	int rc;

	if (delegate_read(c, rq, a, who, &d) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	rc = store_delegate_del(c->st, d.owner_key, d.key);
	if (rc == -REL_E_NOTFOUND) {
		reply_problem(c, a, "user-unknown", 0,
		    "%s is no delegate of yours", d.name);
		return;
	}
	if (rc < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, "delegate-removed", d.name);
	reply_text(c, a, 204, NULL, 0);
}

void
api_delegate_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, delegate_del);
}
