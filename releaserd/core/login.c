/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Who are you: the log-in at a panel, and name and password.  Hashing is an
 * agent's work; a name nobody has costs the same hash and gets the same answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/link.h"
#include "releaserd/core/store_guest.h"
#include "releaserd/core/login_priv.h"
#include "releaserd/core/panel_lock.h"
#include "releaserd/core/panel_priv.h"

/* ---- answers */

static json_t *
user_of(const struct session *s)
{
	const struct user *u = &s->user;

	return u->id == 0 ? json_null() : json_pack(
	    "{s:s,s:s,s:s?,s:s?,s:s}", "id", u->name, "display",
	    u->display[0] != '\0' ? u->display : u->name, "department",
	    u->department[0] != '\0' ? u->department : NULL, "email",
	    u->mail[0] != '\0' ? u->mail : NULL, "locale", s->locale);
}

static json_t *
proven_json(const struct core *c, const struct session *s)
{
	json_t *all = json_array();
	char text[100];

	for (unsigned i = 0; i < s->nproofs; i++) {
		template_block_text(c, &s->proof[i], text, sizeof text);
		json_array_append_new(all, json_string(text));
	}
	return all;
}

json_t *
login_session_json(struct core *c, const struct session *s)
{
	const struct device *d = device_at(c, s->device_id);
	json_t *o = json_pack("{s:s,s:o,s:o,s:I,s:s,s:o,s:o,s:o,s:s,s:s,s:o,"
	    "s:o}", "session_id", s->id, "opened_at",
	    json_time(s->opened_ms), "expires_at", json_time(s->expires_ms),
	    "inactivity_s", (json_int_t)(c->role->set.panel_timeout_ms / 1000),
	    "method", s->method, "proven", proven_json(c, s), "user",
	    user_of(s), "quota", quota_list(c, s), "over", "stop",
	    "authorize", d != NULL && d->level >= 3 ? "per-job" : "never",
	    "balance_text", balance_text(c, s),
	    "accounts", panel_accounts(c, s));

	json_object_update_new(o, access_session(c, s));
	return o;
}

void
login_refuse(struct core *c, const struct asker *a, const char *reason,
    json_t *menu)
{
	reply_json(c, a, 200, json_pack("{s:s,s:s,s:o}", "result", "denied",
	    "reason", reason, "menu", menu));
}

/* The same menu again, with the reason on it. */
static void
denied_menu(struct core *c, const struct pending_login *p, const char *reason)
{
	static const char *const menus[][2] = {
		{ "password", "login-password" }, { "qr", "login-code" },
		{ "device-password", "login-device-password" },
		{ "device-pin", "login-device-pin" },
		{ "backup", "login-backup" }
	};
	struct notice n = { "error", "" };
	const char *name = "login";

	for (size_t i = 0; i < sizeof menus / sizeof menus[0]; i++)
		if (strcmp(menus[i][0], p->method) == 0)
			name = menus[i][1];
	snprintf(n.text, sizeof n.text, "%s", word(p->locale, reason));
	login_refuse(c, &p->a, reason, login_menu(c, p, name, &n));
}

void
login_audit(struct core *c, const char *who, const char *what,
    const char *detail)
{
	struct rel_err err;

	if (core_write(c, &err) < 0)
		return;
	if (store_audit(c->st, rel_now_ms(), who, what, detail) < 0)
		core_spoil(c, 0);
}

/* What the first menu says: that it worked, or what is left. */
static void
opened_words(const struct pending_login *p, const struct session *s,
    const json_t *session, struct notice *n)
{
	if (p->registers || p->up)
		snprintf(n->text, sizeof n->text, "%s", word(s->locale,
		    p->up ? "proven" : "registered"));
	else if (p->offline)
		snprintf(n->text, sizeof n->text, "%s",
		    word(s->locale, "offline"));
	else
		balance_words(s->locale, json_object_get(session,
		    "balance_text"), n->text, sizeof n->text);
}

static void
log_opened(const struct pending_login *p, const struct session *s)
{
	rel_log(REL_INFO, p->up ? "more is proven" : "log-in",
	    "user=%s device=%s method=%s%s", s->user.key, p->from, p->method,
	    p->offline ? " offline=yes" : "");
}

/* The device gets the session by a call of ours, not with the answer. */
static bool
opened_there(struct core *c, const struct pending_login *p,
    const struct session *s)
{
	const struct device *d = device_at(c, p->from);

	if (d == NULL || !push_is_for(d))
		return false;
	log_opened(p, s);
	push_open(c, s);
	reply_json(c, &p->a, 200, json_pack("{s:s,s:b}", "result", "ok",
	    "session_pending", 1));
	return true;
}

void
login_opened(struct core *c, const struct pending_login *p,
    struct session *s)
{
	struct notice n = { "info", "" };
	json_t *menu, *session;

	if (!panel_lock_lets(c, p, s))
		return;
	if (!p->up && !p->html && opened_there(c, p, s))
		return;
	session = login_session_json(c, s);
	opened_words(p, s, session, &n);
	menu = menu_jobs(c, s, 0, n.text[0] != '\0' ? &n : NULL);
	if (menu == NULL) {
		json_decref(session);
		reply_broken(c, &p->a, -REL_E_IO);
		return;
	}
	log_opened(p, s);
	reply_json(c, &p->a, 200, json_pack("{s:s,s:o,s:o}", "result", "ok",
	    "session", session, "menu", menu));
}

/* ---- password checks by an agent */

void
login_free(struct core *c, struct pending_login *p)
{
	if (p->way->over != NULL)
		p->way->over(c);
	rel_wipe(p, sizeof *p);
	free(p);
}

int
login_locked_s(struct core *c, const struct pending_login *p)
{
	int most = 0;

	for (size_t i = 0; i < 2; i++) {
		int s = p->subjects[i][0] != '\0' ?
		    lockout_state(c, p->subjects[i]) : 0;

		most = s > most ? s : most;
	}
	return most;
}

void
login_wrong(struct core *c, const struct pending_login *p)
{
	for (size_t i = 0; i < 2; i++)
		if (p->subjects[i][0] != '\0' &&
		    lockout_failed(c, p->subjects[i]) < 0) {
			reply_broken(c, &p->a, -REL_E_PEER);
			return;
		}
	login_audit(c, p->subjects[p->subjects[0][0] == '\0'], "login-denied",
	    p->from);
	p->way->denied(c, p, "bad-credential");
}

void
login_undecided(struct core *c, struct pending_login *p, const char *reason)
{
	p->way->denied(c, p, reason);
	login_free(c, p);
}

void
login_decided(struct core *c, struct pending_login *p, bool right)
{
	struct user now;

	/* The account may have changed meanwhile. */
	now = p->user;
	right = right && (p->nobody || (p->user.id != 0 &&
	    store_user_by_id(c->st, p->user.id, &now) == 0 &&
	    !(now.disabled && p->way->closed_is_wrong)));
	/* Many may be tried at once: those that end after it count not. */
	if (login_locked_s(c, p) > 0) {
		p->way->denied(c, p, "locked-out");
	} else if (!right) {
		login_wrong(c, p);
	} else if (now.disabled) {
		p->way->denied(c, p, "account-closed");
	} else {
		p->user = now;
		if (p->proof.block == BLOCK_INTERNAL && store_guest_is(c->st, now.id))
			p->proof.block = BLOCK_GUEST;
		if (p->offline)
			login_audit(c, p->user.key, "logged-in-offline",
			    p->from);
		if (!login_is_other(p) && p->subjects[0][0] != '\0' &&
		    lockout_cleared(c, p->subjects[0]) < 0)
			reply_broken(c, &p->a, -REL_E_PEER);
		else if (!p->registers || login_tie_card(c, p) == 0)
			p->way->admit(c, p);
	}
	login_free(c, p);
}

static void
on_verified(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct pending_login *p = ctx;
	struct rel_cur cur;
	bool right;

	if (fr == NULL || fr->type != IPC_VERIFIED) {
		reply_problem(c, &p->a, "backend-unavailable", 2,
		    "passwords cannot be checked now");
		login_free(c, p);
		return;
	}
	rel_cur_init(&cur, fr->body, fr->len);
	right = rel_get_u8(&cur) == 1 && rel_cur_end(&cur) == 0;
	login_decided(c, p, right);
}

/* Ask an agent whether secret fits verifier; takes p. */
void
login_verify(struct core *c, struct pending_login *p, const char *secret,
    const char *verifier)
{
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	rel_put_str(&b, secret);
	rel_put_str(&b, verifier[0] != '\0' ? verifier : c->dummy_verifier);
	rc = b.failed ? -b.failed :
	    agent_ask(c, IPC_VERIFY, &b, on_verified, p);
	rel_buf_fini_secret(&b);
	if (rc < 0) {
		reply_problem(c, &p->a, "rate-limited", 5,
		    "too many log-ins are waiting");
		login_free(c, p);
	}
}

struct pending_login *
login_new(const struct asker *a, const struct request *rq,
    const struct login_way *way, const char *method, const char *from)
{
	struct pending_login *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->a = *a;
	p->way = way;
	p->a.keep_short = a->idem_key[0] != '\0';
	if (p->a.keep_short)
		reply_mark(&p->a);
	snprintf(p->method, sizeof p->method, "%s", method);
	snprintf(p->from, sizeof p->from, "%s", from);
	snprintf(p->locale, sizeof p->locale, "%s", rq->locale);
	p->html = rq->html;
	return p;
}

/* Where the account's password is, for directories_route(). */
static int64_t
known_at(int found, const struct user *u)
{
	return found < 0 ? -1 : u->directory != 0 ? u->directory :
	    u->password[0] != '\0' ? 0 : -1;
}

void
login_by_password(struct core *c, const char *name, const char *domain,
    const char *pw, struct pending_login *p)
{
	char key[84], bare[256];
	struct user u;
	int64_t at;
	int rc;

	if (name == NULL || pw == NULL || pw[0] == '\0' ||
	    !rel_user_key(key, sizeof key, name,
	    c->role->set.strip_realm != 0)) {
		p->way->denied(c, p, "bad-credential");
		login_free(c, p);
		return;
	}
	snprintf(p->subjects[0], sizeof p->subjects[0], "u:%s", key);
	if (login_locked_s(c, p) > 0) {
		p->way->denied(c, p, "locked-out");
		login_free(c, p);
		return;
	}
	rc = store_user_get(c->st, key, &u);
	if (rc < 0 && rc != -REL_E_NOTFOUND) {
		reply_broken(c, &p->a, rc);
		login_free(c, p);
		return;
	}
	if (directories_route(c, name, domain, known_at(rc, &u), &at,
	    bare) == 1) {
		login_at_directory(c, at, bare, pw, p);
		return;
	}
	/* That of a directory's person is for when it is away (offline.c). */
	if (rc < 0 || u.directory != 0)
		u.password[0] = '\0';
	if (u.password[0] != '\0')
		p->user = u;
	p->proof = (struct proof){ BLOCK_INTERNAL, 0 };
	login_verify(c, p, pw, u.password);
}

const struct login_way login_at_panel = { .denied = denied_menu,
    .admit = login_open };

/* Whose password is kept here, goes nowhere else without being told. */
static bool
is_internal(const struct core *c, const char *name)
{
	char key[84];
	struct user u;

	return rel_user_key(key, sizeof key, name,
	    c->role->set.strip_realm != 0) &&
	    store_user_get(c->st, key, &u) == 0 &&
	    known_at(0, &u) == 0;
}

/* As it was chosen; else that of the one directory which is asked. */
static const char *
domain_of(const struct core *c, const struct request *rq,
    const struct pending_login *p, const char *name)
{
	const char *chosen = req_str(rq, F_DOMAIN);
	const struct directory *d = directories_settings(c,
	    p->only_directory);

	if (chosen != NULL && chosen[0] != '\0')
		return chosen;
	return d != NULL && name != NULL && strpbrk(name, "@\\") == NULL &&
	    !is_internal(c, name) ? d->domain : "";
}

/* Name and password, for a log-in or to register a card; takes p. */
void
login_by_typed(struct core *c, const struct request *rq,
    struct pending_login *p)
{
	const char *name = req_str(rq, F_USER);
	char known[sizeof p->proven.name];

	/* In a later step it is known whose password it must be. */
	if ((name == NULL || name[0] == '\0') && p->proven.id != 0) {
		memcpy(known, p->proven.name, sizeof known);
		name = known;
	}
	/* Who tries one password with many names is counted at the device. */
	snprintf(p->subjects[1], sizeof p->subjects[1], "p:%s", p->from);
	login_by_password(c, name, domain_of(c, rq, p, name), req_str(rq,
	    F_PASSWORD), p);
}

void
login(struct core *c, const struct request *rq, const struct asker *a,
    const struct device *d)
{
	static const struct {
		const char *method;
		void (*fn)(struct core *, const struct request *,
		    struct pending_login *);
	} methods[] = {
		{ "card", login_by_card }, { "card+pin", login_by_card },
		{ "id-number", login_by_number },
		{ "password", login_by_typed }, { "qr", login_by_code },
		{ "device-password", login_by_device },
		{ "device-pin", login_by_device }, { "backup", login_by_backup }
	};
	const char *method = req_str(rq, F_METHOD), *why;

	for (size_t i = 0; method != NULL &&
	    i < sizeof methods / sizeof methods[0]; i++) {
		struct pending_login *p;

		if (strcmp(methods[i].method, method) != 0)
			continue;
		p = login_new(a, rq, &login_at_panel, method, d->id);
		if (p == NULL)
			reply_problem(c, a, "internal", 0, "no memory");
		else if ((why = login_begin(c, rq, d, p)) != NULL)
			login_undecided(c, p, why);
		else
			methods[i].fn(c, rq, p);
		return;
	}
	reply_problem(c, a, "bad-request", 0, "credential.method must be "
	    "card, card+pin, id-number, password, qr, device-password or "
	    "device-pin");
}
