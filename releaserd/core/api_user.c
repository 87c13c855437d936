/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Users and cards in the local API. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/offline.h"
#include "releaserd/core/provision.h"
#include "releaserd/core/quota.h"
#include "releaserd/core/store_sync.h"
#include "releaserd/when.h"

void
api_audit(struct core *c, const struct caller *who, const char *what,
    const char *detail)
{
	if (store_audit(c->st, rel_now_ms(), who->name, what, detail) < 0)
		core_spoil(c, 0);
}

void
api_answer_list(struct core *c, struct asker *a, const char *name,
    json_t *rows, const char *next)
{
	reply_json(c, a, 200, json_pack("{s:o,s:s?}", name, rows, "next",
	    next));
}

void
api_answer_page(struct core *c, struct asker *a, const char *name,
    json_t *rows, int n, const char *next)
{
	if (n >= 0) {
		api_answer_list(c, a, name, rows, next);
		return;
	}
	json_decref(rows);
	reply_broken(c, a, n);
}

/* When the person was there last, and since when not; both 0: no directory's,
 * or nobody knows. Who is not missing was there when the last whole list was. */
static void
directory_times(struct core *c, const struct user *u, int64_t *seen_ms,
    int64_t *gone_ms)
{
	struct sync_info i;
	struct sync_run last;

	*seen_ms = *gone_ms = 0;
	if (u->directory == 0 || store_sync_info(c->st, u->id, &i) < 0)
		return;
	*seen_ms = i.seen_ms;
	*gone_ms = i.gone_ms < 0 ? -i.gone_ms : i.gone_ms;
	if (i.gone_ms == 0 && store_sync_last(c->st, u->directory, true,
	    &last) == 0 && last.began_ms > i.seen_ms)
		*seen_ms = last.began_ms;
}

json_t *
user_json(struct core *c, const struct user *u)
{
	int64_t seen_ms, gone_ms;
	bool writable;
	const char *directory = offline_directory(c, u, &writable);
	char subject[90];
	int wait_s;

	snprintf(subject, sizeof subject, "u:%s", u->key);
	wait_s = lockout_state(c, subject);
	directory_times(c, u, &seen_ms, &gone_ms);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:b,s:b,s:b,s:b,s:I,s:o,s:o,"
	    "s:s?,s:b,s:o,s:o}",
	    "name", u->name, "display", u->display, "mail", u->mail,
	    "department", u->department, "locale", u->locale, "disabled",
	    u->disabled, "has_password", u->password[0] != '\0',
	    "has_id_number", u->has_idnum, "has_card_pin",
	    u->card_pin[0] != '\0', "cards", (json_int_t)u->cards,
	    "locked_until", json_time(wait_s > 0 ? rel_now_ms() +
	    (int64_t)wait_s * 1000 : 0), "created_at",
	    json_time(u->created_ms), "directory", directory, "password_here",
	    writable, "directory_seen_at", json_time(seen_ms),
	    "directory_gone_at", json_time(gone_ms));
}

int
api_password_ours(struct core *c, struct asker *a, const struct user *u,
    bool operator)
{
	bool writable;
	const char *directory = offline_directory(c, u, &writable);

	if (directory == NULL || (operator && writable))
		return 0;
	if (directory[0] == '\0')
		reply_field(c, a, "password-elsewhere", "password", "this "
		    "account came from a directory that is no more: it has no "
		    "password here");
	else
		reply_problem(c, a, "password-elsewhere", 0, "the password of "
		    "%s is kept in the directory \"%s\": change it there, as "
		    "for other computers", operator ? u->name : "this account",
		    directory);
	return -1;
}

/* ---- the values of a user: hashes are made by an agent, one by one */

struct user_change {
	struct asker a;
	struct caller who;
	struct user u, before;		/* as wanted; as it was read */
	bool is_new;
	char password[129], card_pin[16];	/* still to be hashed; "" done */
};

static void change_go_on(struct core *c, struct user_change *ch);

static void
change_free(struct user_change *ch)
{
	rel_wipe(ch, sizeof *ch);
	free(ch);
}

static void
on_hashed(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct user_change *ch = ctx;
	bool password = ch->password[0] != '\0';
	char *to = password ? ch->u.password : ch->u.card_pin;
	struct rel_cur cur;

	if (fr == NULL || fr->type != IPC_HASHED) {
		reply_problem(c, &ch->a, "backend-unavailable", 2,
		    "passwords cannot be hashed now");
		change_free(ch);
		return;
	}
	rel_cur_init(&cur, fr->body, fr->len);
	rel_get_str(&cur, to, sizeof ch->u.password);
	if (password)
		rel_wipe(ch->password, sizeof ch->password);
	else
		rel_wipe(ch->card_pin, sizeof ch->card_pin);
	change_go_on(c, ch);
}

/* Others may have changed the user while hashes were made: what this change
 * does not touch stays as it is now. */
static int
change_set(struct core *c, struct user_change *ch)
{
	struct user *u = &ch->u, *was = &ch->before, now;
	int rc = store_user_by_id(c->st, u->id, &now);

	if (rc < 0)
		return rc;
#define UNTOUCHED(m) \
	if (memcmp(&u->m, &was->m, sizeof u->m) == 0) \
		memcpy(&u->m, &now.m, sizeof u->m)
	UNTOUCHED(display);
	UNTOUCHED(mail);
	UNTOUCHED(department);
	UNTOUCHED(locale);
	UNTOUCHED(password);
	UNTOUCHED(card_pin);
	UNTOUCHED(has_idnum);
	UNTOUCHED(idnum_mac);
	UNTOUCHED(disabled);
	UNTOUCHED(cards);
	UNTOUCHED(wrong_pins);
#undef UNTOUCHED
	return store_user_set(c->st, u);
}

static void
change_write(struct core *c, struct user_change *ch)
{
	struct rel_err err;
	struct user now;
	int rc;

	if (core_write(c, &err) < 0) {
		reply_broken(c, &ch->a, -REL_E_PEER);
		return;
	}
	rc = ch->is_new ? store_user_add(c->st, &ch->u) : change_set(c, ch);
	if (rc == -REL_E_EXISTS) {
		bool name = ch->is_new &&
		    store_user_get(c->st, ch->u.key, &now) == 0;

		reply_problem(c, &ch->a, name ? "user-exists" :
		    "id-number-in-use", 0, name ?
		    "there is a user \"%s\" already" : "the ID number given "
		    "for \"%s\" belongs to someone else", ch->u.name);
		return;
	}
	if (rc == -REL_E_NOTFOUND) {
		reply_problem(c, &ch->a, "user-unknown", 0,
		    "\"%s\" was removed meanwhile", ch->u.name);
		return;
	}
	if (rc < 0) {
		core_spoil(c, rc);
		reply_broken(c, &ch->a, rc);
		return;
	}
	api_audit(c, &ch->who, ch->is_new ? "user-added" : "user-changed",
	    ch->u.name);
	if (!ch->is_new)
		sessions_close_user(c, ch->u.id);
	reply_json(c, &ch->a, ch->is_new ? 201 : 200, user_json(c, &ch->u));
}

static void
change_go_on(struct core *c, struct user_change *ch)
{
	const char *secret = ch->password[0] != '\0' ? ch->password :
	    ch->card_pin;
	struct rel_buf b;
	int rc;

	if (secret[0] == '\0') {
		change_write(c, ch);
		change_free(ch);
		return;
	}
	rel_buf_init(&b);
	rel_put_str(&b, secret);
	rc = agent_ask(c, IPC_HASH, &b, on_hashed, ch);
	rel_buf_fini_secret(&b);
	if (rc == 0)
		return;
	reply_problem(c, &ch->a, "rate-limited", 5,
	    "too many passwords are being hashed");
	change_free(ch);
}

/* Text of a request into a member; one that is absent stays. */
static void
take_text(char *to, size_t size, const struct request *rq, enum req_field f)
{
	const char *s = req_str(rq, f);

	if (s != NULL)
		snprintf(to, size, "%s", s);
}

/* 0, or an answer has been given. */
static int
change_fill(struct core *c, const struct request *rq, struct asker *a,
    struct user_change *ch)
{
	const char *pw = req_str(rq, F_NEW_PASSWORD);
	const char *num = req_str(rq, F_ID_NUMBER);
	const char *pin = req_str(rq, F_CARD_PIN);
	struct user *u = &ch->u;

	if (pw != NULL && api_password_ours(c, a, u, true) < 0)
		return -1;
	if (pw != NULL && directories_settings(c, u->directory) == NULL)
		u->directory = 0;	/* it is gone: the account is ours */
	take_text(u->display, sizeof u->display, rq, F_DISPLAY);
	take_text(u->mail, sizeof u->mail, rq, F_MAIL);
	take_text(u->department, sizeof u->department, rq, F_DEPARTMENT);
	take_text(u->locale, sizeof u->locale, rq, F_LOCALE);
	u->disabled = req_num(rq, F_DISABLED, u->disabled) != 0;
	if (num != NULL) {
		u->has_idnum = num[0] != '\0';
		if (u->has_idnum && !idnum_mac(c, u->idnum_mac, num)) {
			reply_problem(c, a, "bad-request", 0,
			    "id_number must be 4 to 8 digits");
			return -1;
		}
	}
	if (pin != NULL && pin[0] != '\0' && (strlen(pin) < 4 ||
	    strspn(pin, "0123456789") != strlen(pin))) {
		reply_problem(c, a, "bad-request", 0,
		    "card_pin must be 4 to 8 digits");
		return -1;
	}
	if (pw != NULL && pw[0] == '\0')
		u->password[0] = '\0';
	if (pin != NULL && pin[0] == '\0')
		u->card_pin[0] = '\0';
	take_text(ch->password, sizeof ch->password, rq, F_NEW_PASSWORD);
	take_text(ch->card_pin, sizeof ch->card_pin, rq, F_CARD_PIN);
	return 0;
}

static void
user_change(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *name = req_str(rq, rq->route == API_USER_ADD ? F_NAME :
	    F_ID);
	struct user_change *ch;
	char key[84];
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if (!rel_user_key(key, sizeof key, name, false)) {
		reply_problem(c, a, "bad-request", 0,
		    "this is no usable user name");
		return;
	}
	if ((ch = calloc(1, sizeof *ch)) == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	ch->a = *a;
	ch->who = *who;
	rc = store_user_get(c->st, key, &ch->u);
	ch->before = ch->u;
	if (rq->route == API_USER_ADD && rc == -REL_E_NOTFOUND) {
		ch->is_new = true;
		memset(&ch->u, 0, sizeof ch->u);
		ch->u.id = ids_next(c);
		memcpy(ch->u.key, key, sizeof ch->u.key);
		snprintf(ch->u.name, sizeof ch->u.name, "%s", name);
		ch->u.created_ms = rel_now_ms();
		rc = 0;
	} else if (rq->route == API_USER_ADD && rc == 0) {
		reply_problem(c, a, "user-exists", 0,
		    "there is a user \"%s\" already", name);
		rc = -REL_E_EXISTS;
	} else if (rc == -REL_E_NOTFOUND) {
		reply_problem(c, a, "user-unknown", 0,
		    "there is no user \"%s\"", name);
	} else if (rc < 0) {
		reply_broken(c, a, rc);
	}
	if (rc < 0 || change_fill(c, rq, a, ch) < 0)
		change_free(ch);
	else
		change_go_on(c, ch);
}

void
api_user_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_change);
}

void
api_user_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_change);
}

/* ---- reading and removing */

struct user_rows {
	struct core *c;
	json_t *rows;
	char last[84];
};

static bool
user_row(const struct user *u, void *ctx)
{
	struct user_rows *w = ctx;

	json_array_append_new(w->rows, user_json(w->c, u));
	snprintf(w->last, sizeof w->last, "%s", u->key);
	return true;
}

static void
user_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), n;
	const char *after = req_str(rq, F_AFTER);
	struct user_rows w = { .c = c };

	if (api_need(c, a, who, WHO_HELPDESK) < 0 ||
	    api_seek(c, rq, a, SEEK_USERS, 0))
		return;
	w.rows = json_array();
	n = store_user_list(c->st, after != NULL ? after : "", limit,
	    user_row, &w);
	api_answer_page(c, a, "users", w.rows, n,
	    n == limit ? w.last : NULL);
}

void
api_user_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_list);
}

int
api_user_of_path(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct user *u)
{
	char key[84];
	int rc;

	if (!rel_user_key(key, sizeof key, req_str(rq, F_ID), false) ||
	    (who->role < WHO_HELPDESK && strcmp(key, who->key) != 0)) {
		reply_problem(c, a, who->role >= WHO_HELPDESK ? "user-unknown" :
		    "forbidden", 0, "not found, or not yours to see");
		return -1;
	}
	rc = store_user_get(c->st, key, u);
	if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, "user-unknown", 0,
		    "there is no user \"%s\"", key);
	else if (rc < 0)
		reply_broken(c, a, rc);
	return rc;
}

static void
user_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct user u;

	if (api_user_of_path(c, rq, a, who, &u) == 0)
		reply_json(c, a, 200, user_json(c, &u));
}

void
api_user_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_get);
}

static void
user_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct rel_err err;
	struct user u;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    api_user_of_path(c, rq, a, who, &u) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	(void)provision_remove(c, &u);
	api_audit(c, who, "user-removed", u.name);
	quota_changed(c);
	reply_text(c, a, 204, NULL, 0);
}

void
api_user_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_del);
}
