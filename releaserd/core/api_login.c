/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Log-ins over HTTPS: coming, going, and where one is logged in. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/login_priv.h"
#include "releaserd/core/logins.h"

/* ---- POST /login */

/* Whatever is wrong with a name or its password, the words are the same. */
static void
login_denied(struct core *c, const struct pending_login *p,
    const char *reason)
{
	int wait_s = login_locked_s(c, p);

	if (strcmp(reason, "locked-out") == 0)
		reply_problem(c, &p->a, "locked-out", (unsigned)(wait_s > 0 ?
		    wait_s : 1), "too many failed log-ins; try again later");
	else if (strcmp(reason, "backend-unavailable") == 0)
		reply_problem(c, &p->a, reason, 5,
		    "the directory does not answer; try again later");
	else
		reply_problem(c, &p->a, "bad-credential", 0,
		    "name or password is not right");
}

/* One step is all there is over HTTPS; false, and it has been refused. */
static bool
satisfies(struct core *c, const struct pending_login *p)
{
	const char *name = c->role->set.user_api_template;
	const struct template *t = template_named(c, name);
	struct session s = { .user = p->user, .proof = { p->proof },
	    .nproofs = 1 };
	bool open;

	if (name[0] == '\0')
		return true;
	open = t != NULL && template_answer(c, t->id, &s, NULL) ==
	    TEMPLATE_OPEN;
	rel_wipe(&s, sizeof s);
	if (open)
		return true;
	login_audit(c, p->user.key, "login-not-allowed", p->from);
	reply_problem(c, &p->a, "forbidden", 0, "name and password are not "
	    "enough to log in over HTTPS here");
	return false;
}

static void
login_admit(struct core *c, const struct pending_login *p)
{
	struct user_login l = { .user_id = p->user.id };
	char token[LOGIN_TOKEN_TEXT];
	struct rel_err err;
	int rc;

	if (!satisfies(c, p))
		return;
	snprintf(l.label, sizeof l.label, "%s", p->label);
	snprintf(l.address, sizeof l.address, "%s", p->from);
	if ((rc = core_write(c, &err)) == 0 &&
	    ((rc = logins_new(c, &l, token)) < 0 ||
	    (rc = store_audit(c->st, l.created_ms, p->user.key, "logged-in",
	    p->from)) < 0))
		core_spoil(c, rc);
	if (rc < 0) {
		reply_broken(c, &p->a, rc);
		return;
	}
	rel_log(REL_INFO, "log-in", "user=%s from=%s method=%s", p->user.key,
	    p->from, p->method);
	reply_json(c, &p->a, 201, json_pack("{s:s,s:o,s:I,s:b,s:o}", "token",
	    token, "expires_at", json_time(l.created_ms +
	    c->role->set.user_session_max_ms), "idle_s",
	    (json_int_t)(c->role->set.user_session_idle_ms / 1000), "offline",
	    p->offline, "user",
	    user_json(c, &p->user)));
	rel_wipe(token, sizeof token);
}

void
api_login(struct core *c, const struct request *rq, struct asker *a)
{
	static const struct login_way over_https = { .denied = login_denied,
	    .admit = login_admit, .over = logins_check_ends,
	    .closed_is_wrong = true };
	const char *label = req_str(rq, F_FOR);
	const char *domain = req_str(rq, F_AT_DOMAIN);
	struct pending_login *p;

	/* A token is shown once: a log-in that comes twice makes two. */
	a->idem_key[0] = '\0';
	if (!logins_check_begins(c)) {
		reply_problem(c, a, "rate-limited", 2,
		    "too many people log in now");
		return;
	}
	p = login_new(a, rq, &over_https, "password", rq->addr);
	if (p == NULL) {
		logins_check_ends(c);
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	snprintf(p->label, sizeof p->label, "%s", label != NULL ? label : "");
	lockout_address(p->subjects[1], rq->addr);
	login_by_password(c, req_str(rq, F_NAME), domain != NULL ? domain :
	    "", req_str(rq, F_NEW_PASSWORD), p);
}

/* ---- where somebody is logged in */

struct login_rows {
	struct core *c;
	int64_t current;		/* the log-in that asks, or 0 */
	json_t *rows;
};

static bool
login_row(const struct user_login *l, void *ctx)
{
	struct login_rows *w = ctx;
	const struct settings *s = &w->c->role->set;
	int64_t idle_ms = l->used_ms + s->user_session_idle_ms;
	int64_t end_ms = l->created_ms + s->user_session_max_ms;
	char id[24];

	snprintf(id, sizeof id, "%" PRId64, l->id);
	json_array_append_new(w->rows, json_pack("{s:s,s:s,s:s,s:o,s:o,s:o,"
	    "s:b}", "id", id, "for", l->label, "address", l->address,
	    "created_at", json_time(l->created_ms), "last_used_at",
	    json_time(l->used_ms), "expires_at", json_time(idle_ms < end_ms ?
	    idle_ms : end_ms), "current", l->id == w->current));
	return true;
}

int
api_logins_of(struct core *c, int64_t user_id, int64_t current, json_t *rows)
{
	struct login_ages since = logins_since(c);
	struct login_rows w = { c, current, rows };

	logins_flush(c);
	return store_login_list(c->st, user_id, &since, login_row, &w);
}

static void
answer_logins(struct core *c, struct asker *a, const struct caller *who,
    const struct user *u)
{
	json_t *rows = json_array();
	int rc = api_logins_of(c, u->id, who->login, rows);

	if (rc < 0) {
		json_decref(rows);
		reply_broken(c, a, rc);
		return;
	}
	api_answer_list(c, a, "sessions", rows, NULL);
}

/* The caller's row; one nobody has entered is logged in nowhere (id 0). */
static int
caller_user(struct core *c, struct asker *a, const struct caller *who,
    struct user *u)
{
	int rc = store_user_get(c->st, who->key, u);

	if (rc == -REL_E_NOTFOUND) {
		u->id = 0;
		return 0;
	}
	if (rc < 0)
		reply_broken(c, a, rc);
	return rc;
}

static void
me_logins(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct user u;

	(void)rq;
	if (caller_user(c, a, who, &u) == 0)
		answer_logins(c, a, who, &u);
}

void
api_me_sessions(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, me_logins);
}

static void
user_logins(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct user u;

	if (api_user_of_path(c, rq, a, who, &u) == 0)
		answer_logins(c, a, who, &u);
}

void
api_user_sessions(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_logins);
}

/* ---- ending them */

/* One (id) or all (0) of a user; 0, or answered. */
static void
end_logins(struct core *c, struct asker *a, const struct caller *who,
    const struct user *u, int64_t id)
{
	struct rel_err err;
	int rc = core_write(c, &err);

	if (rc == 0)
		rc = id != 0 ? store_login_end(c->st, u->id, id) :
		    store_login_end_all(c->st, u->id);
	if (rc == -REL_E_NOTFOUND) {
		reply_problem(c, a, "not-found", 0,
		    "there is no such log-in, or it has ended");
	} else if (rc < 0) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
	} else {
		api_audit(c, who, id != 0 ? "logged-out" : "logged-out-all",
		    u->name);
		reply_text(c, a, 204, NULL, 0);
	}
}

static void
me_end(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *text = req_str(rq, F_ID);
	int64_t id = rq->route == API_LOGOUT ? who->login : 0;
	struct user u;

	if (text != NULL && !rel_int(&id, text, 1, INT64_MAX))
		reply_problem(c, a, "not-found", 0, "this is no log-in");
	else if (caller_user(c, a, who, &u) == 0)
		end_logins(c, a, who, &u, id);
}

void
api_me_session_end(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, me_end);
}

static void
user_end(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct user u;

	if (api_need(c, a, who, WHO_OPERATOR) == 0 &&
	    api_user_of_path(c, rq, a, who, &u) == 0)
		end_logins(c, a, who, &u, 0);
}

void
api_user_sessions_end(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, user_end);
}
