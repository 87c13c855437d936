/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The backup password in the local API: set, asked for, closed, looked at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/backup.h"
#include "releaserd/core/store_backup.h"

#define USES_SHOWN 50


/* ---- GET /backup-password */

static bool
use_row(const struct backup_use *u, void *ctx)
{
	json_array_append_new(ctx, json_pack("{s:o,s:s,s:s,s:o,s:s?}", "at",
	    json_time(u->at_ms), "who", u->who, "door", u->door, "seen_at",
	    json_time(u->seen_ms), "seen_by", u->seen_by[0] != '\0' ?
	    u->seen_by : NULL));
	return true;
}

static void
backup_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct backup_row r;
	json_t *uses;
	int64_t unseen = 0;
	int rc;

	(void)rq;
	if (api_admin(c, a, who) < 0)
		return;
	rc = store_backup_get(c->st, &r);
	rel_wipe(r.verifier, sizeof r.verifier);
	uses = json_array();
	if ((rc < 0 && rc != -REL_E_NOTFOUND) ||
	    (rc = store_backup_uses(c->st, USES_SHOWN, use_row, uses)) < 0 ||
	    (rc = store_backup_unseen(c->st, &unseen)) < 0) {
		json_decref(uses);
		reply_broken(c, a, rc);
		return;
	}
	reply_json(c, a, 200, json_pack("{s:b,s:o,s:s?,s:I,s:o}", "enabled",
	    r.set_ms > 0, "set_at", json_time(r.set_ms), "set_by",
	    r.by[0] != '\0' ? r.by : NULL, "unseen", (json_int_t)unseen,
	    "uses", uses));
}

void
api_backup_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, backup_get);
}

/* ---- set and taken away */

struct setting {
	struct asker a;
	struct caller who;
};

static void
on_hashed(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct setting *s = ctx;
	struct backup_row r = { .set_ms = rel_now_ms() };
	struct rel_cur cur;
	struct rel_err err;
	int rc = fr != NULL && fr->type == IPC_HASHED ? 0 : -REL_E_PEER;

	rel_cur_init(&cur, fr != NULL ? fr->body : NULL, fr != NULL ?
	    fr->len : 0);
	rel_get_str(&cur, r.verifier, sizeof r.verifier);
	snprintf(r.by, sizeof r.by, "%s", s->who.name);
	if (rc == 0 && (rel_cur_end(&cur) < 0 || r.verifier[0] == '\0'))
		rc = -REL_E_PEER;
	if (rc == 0)
		rc = core_write(c, &err);
	if (rc == 0 && (rc = store_backup_set(c->st, &r)) < 0)
		core_spoil(c, rc);
	if (rc == 0) {
		backup_close_all(c);
		api_audit(c, &s->who, "backup-set", "");
		reply_text(c, &s->a, 204, NULL, 0);
	} else {
		reply_broken(c, &s->a, rc);
	}
	rel_wipe(&r, sizeof r);
	free(s);
}

static void
backup_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *bad, *password = req_str(rq, F_NEW_PASSWORD);
	struct setting *s;
	struct rel_buf b;
	int rc;

	if (api_admin(c, a, who) < 0)
		return;
	if ((bad = backup_password_bad(password)) != NULL) {
		reply_field(c, a, "bad-request", "password", bad);
		return;
	}
	if ((s = calloc(1, sizeof *s)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	s->a = *a;
	s->who = *who;
	rel_buf_init(&b);
	rel_put_str(&b, password);
	rc = b.failed ? -b.failed : agent_ask(c, IPC_HASH, &b, on_hashed, s);
	rel_buf_fini_secret(&b);
	if (rc == 0)
		return;
	reply_problem(c, a, "rate-limited", 5,
	    "too many passwords are being hashed");
	free(s);
}

void
api_backup_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, backup_set);
}

static void
backup_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct rel_err err;
	int rc;

	(void)rq;
	if (api_admin(c, a, who) < 0)
		return;
	if ((rc = core_write(c, &err)) == 0)
		rc = store_backup_del(c->st);
	if (rc == -REL_E_NOTFOUND) {
		reply_problem(c, a, "not-found", 0,
		    "there is no backup password");
	} else if (rc < 0) {
		reply_broken(c, a, core_spoil(c, rc));
	} else {
		backup_close_all(c);
		api_audit(c, who, "backup-removed", "");
		reply_text(c, a, 204, NULL, 0);
	}
}

void
api_backup_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, backup_del);
}

static void
backup_seen(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct rel_err err;
	int rc;

	(void)rq;
	if (api_admin(c, a, who) < 0)
		return;
	if ((rc = core_write(c, &err)) == 0)
		rc = store_backup_seen(c->st, rel_now_ms(), who->name);
	if (rc < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, "backup-seen", "");
	reply_text(c, a, 204, NULL, 0);
}

void
api_backup_seen(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, backup_seen);
}

/* ---- POST /backup-password/open */

struct opening {
	struct asker a;
	char place[96];
};

static void
on_tried(struct core *c, const char *problem, int wait_s, void *ctx)
{
	struct opening *o = ctx;

	if (problem == NULL && backup_open(c, o->place) < 0)
		problem = "rate-limited";
	if (problem == NULL)
		reply_json(c, &o->a, 200, json_pack("{s:I}", "idle_s",
		    (json_int_t)(c->role->set.web_timeout_ms / 1000)));
	else if (strcmp(problem, "locked-out") == 0)
		reply_problem(c, &o->a, problem, (unsigned)wait_s,
		    "too many wrong tries; try again later");
	else if (strcmp(problem, "bad-credential") == 0)
		reply_problem(c, &o->a, problem, 0,
		    "this is not the backup password");
	else
		reply_problem(c, &o->a, problem, 5,
		    "the backup password cannot be checked now");
	free(o);
}

static void
backup_try(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct backup_try t = { .door = rq->cups_cert[0] != '\0' ? "page" :
	    "releasectl" };
	struct opening *o;
	int rc;

	backup_place(t.place, rq, who);
	snprintf(t.who, sizeof t.who, "%s", who->name);
	if (t.place[0] == '\0' || !backup_enabled(c)) {
		reply_problem(c, a, "forbidden", 0, t.place[0] == '\0' ?
		    "nobody knows who you are" : "there is no backup "
		    "password; an administrator can set one");
		return;
	}
	if ((rc = backup_locked_s(c, t.place)) > 0) {
		reply_problem(c, a, "locked-out", (unsigned)rc,
		    "too many wrong tries; try again later");
		return;
	}
	if ((o = calloc(1, sizeof *o)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	o->a = *a;
	memcpy(o->place, t.place, sizeof o->place);
	rc = backup_ask(c, &t, req_str(rq, F_NEW_PASSWORD), on_tried, o);
	if (rc == 0)
		return;
	reply_problem(c, a, "rate-limited", 5,
	    "too many passwords are being checked");
	free(o);
}

void
api_backup_open(struct core *c, const struct request *rq, struct asker *a)
{
	a->idem_key[0] = '\0';		/* each try is one */
	api_who(c, rq, a, backup_try);
}

static void
backup_end(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	backup_close(c, rq, who);
	reply_text(c, a, 204, NULL, 0);
}

void
api_backup_close(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, backup_end);
}
