/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What people change for themselves: password, PIN and number, cards, the
 * one-time code.  Who calls is api_who()'s; no route here takes a name.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/card.h"
#include "releaserd/core/store_guest.h"

#define NUMBER_TRIES 100

/* ---- may they, and who are they */

/* 0 when SelfService has the word; else 403 has been answered. */
static int
me_may(struct core *c, struct asker *a, const char *word, const char *what)
{
	if (settings_word(c->role->set.self_service, word))
		return 0;
	reply_problem(c, a, "forbidden", 0, "%s set by the help desk here "
	    "(setting SelfService)", what);
	return -1;
}

/* 0, or a 429 was answered: one has changed much in this hour. */
static int
me_limit(struct core *c, struct asker *a, const struct caller *who)
{
	int wait_s = changes_wait_s(c, who->key);

	if (wait_s <= 0)
		return 0;
	reply_problem(c, a, "too-many-changes", (unsigned)wait_s, "you have "
	    "changed something %lld times in this hour; try again in %d "
	    "minutes", (long long)c->role->set.self_changes,
	    (wait_s + 59) / 60);
	return -1;
}

/*
 * The user of the caller; one nobody has entered yet is new (id 0 until
 * me_add()). 0, or an answer has been given.
 */
static int
me_user(struct core *c, struct asker *a, const struct caller *who,
    struct user *u)
{
	int rc = who->key[0] != '\0' ? store_user_get(c->st, who->key, u) :
	    -REL_E_NOTFOUND;

	if (rc == 0 && u->disabled) {
		reply_problem(c, a, "account-closed", 0,
		    "this account is closed; ask the help desk");
		return -1;
	}
	if (rc == 0)
		return 0;
	if (rc != -REL_E_NOTFOUND) {
		reply_broken(c, a, rc);
	} else if (who->key[0] == '\0' || c->role->set.unknown_users != 0) {
		reply_problem(c, a, "user-unknown", 0, "the print server does "
		    "not know you yet; ask the help desk");
	} else {
		memset(u, 0, sizeof *u);
		memcpy(u->key, who->key, sizeof u->key);
		snprintf(u->name, sizeof u->name, "%s", who->key);
		return 0;
	}
	return -1;
}

/* Open the transaction, count and enter a new user. 0, or answered. */
static int
me_write(struct core *c, struct asker *a, const struct caller *who,
    struct user *u)
{
	struct rel_err err;
	int rc;

	/* Many may be under way at once: none goes beyond. */
	if (me_limit(c, a, who) < 0)
		return -1;
	if ((rc = core_write(c, &err)) < 0) {
		reply_broken(c, a, rc);
		return -1;
	}
	if ((rc = changes_count(c, who->key)) < 0) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
		return -1;
	}
	if (u->id != 0)
		return 0;
	u->id = ids_next(c);
	u->created_ms = rel_now_ms();
	if ((rc = store_user_add(c->st, u)) < 0) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
		return -1;
	}
	api_audit(c, who, "user-added", u->name);
	return 0;
}

/* Guessing what belongs to others counts as failed log-ins do (I7). */
static int
me_locked(struct core *c, struct asker *a, const struct caller *who)
{
	char subject[90];
	int wait_s;

	snprintf(subject, sizeof subject, "u:%s", who->key);
	if ((wait_s = lockout_state(c, subject)) == 0)
		return 0;
	reply_problem(c, a, "locked-out", (unsigned)wait_s,
	    "too many failures; try again later");
	return -1;
}

static void
me_failed(struct core *c, const struct caller *who)
{
	char subject[90];

	snprintf(subject, sizeof subject, "u:%s", who->key);
	(void)lockout_failed(c, subject);
}

/* ---- PATCH /me: hashes are checked and made by an agent, one by one */

struct me_change {
	struct asker a;
	struct caller who;
	struct user u;			/* as it was when it was asked */
	bool locale, password, pin, number;	/* what is to be changed */
	char new_locale[16];
	char current[129];		/* to be checked; "" done or none */
	char new_password[129], new_pin[16];	/* to be hashed; "" done */
	char password_hash[200], pin_hash[200];
	char new_number[16];
};

static void me_go_on(struct core *c, struct me_change *ch);

static void
me_free(struct me_change *ch)
{
	rel_wipe(ch, sizeof *ch);
	free(ch);
}

static void
on_me_verified(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct me_change *ch = ctx;
	struct rel_cur cur;

	rel_wipe(ch->current, sizeof ch->current);
	if (fr == NULL || fr->type != IPC_VERIFIED) {
		reply_problem(c, &ch->a, "backend-unavailable", 2,
		    "passwords cannot be checked now");
		me_free(ch);
		return;
	}
	rel_cur_init(&cur, fr->body, fr->len);
	/* Many may be tried at once: none counts after the lockout. */
	if (me_locked(c, &ch->a, &ch->who) < 0) {
		me_free(ch);
	} else if (rel_get_u8(&cur) != 1 || rel_cur_end(&cur) != 0) {
		me_failed(c, &ch->who);
		reply_problem(c, &ch->a, "bad-credential", 0,
		    "current_password is not right");
		me_free(ch);
	} else {
		me_go_on(c, ch);
	}
}

static void
on_me_hashed(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct me_change *ch = ctx;
	bool password = ch->new_password[0] != '\0';
	struct rel_cur cur;

	if (fr == NULL || fr->type != IPC_HASHED) {
		reply_problem(c, &ch->a, "backend-unavailable", 2,
		    "passwords cannot be hashed now");
		me_free(ch);
		return;
	}
	rel_cur_init(&cur, fr->body, fr->len);
	if (password) {
		rel_get_str(&cur, ch->password_hash,
		    sizeof ch->password_hash);
		rel_wipe(ch->new_password, sizeof ch->new_password);
	} else {
		rel_get_str(&cur, ch->pin_hash, sizeof ch->pin_hash);
		rel_wipe(ch->new_pin, sizeof ch->new_pin);
	}
	me_go_on(c, ch);
}

/* Ask an agent for the next of them; 0 when all is done. */
static int
me_ask(struct core *c, struct me_change *ch)
{
	bool check = ch->current[0] != '\0';
	const char *secret = check ? ch->current :
	    ch->new_password[0] != '\0' ? ch->new_password : ch->new_pin;
	struct rel_buf b;
	int rc;

	if (secret[0] == '\0')
		return 0;
	rel_buf_init(&b);
	rel_put_str(&b, secret);
	if (check)
		rel_put_str(&b, ch->u.password);
	rc = b.failed ? -b.failed : agent_ask(c, check ? IPC_VERIFY :
	    IPC_HASH, &b, check ? on_me_verified : on_me_hashed, ch);
	rel_buf_fini_secret(&b);
	if (rc < 0) {
		reply_problem(c, &ch->a, "rate-limited", 5,
		    "too many passwords are being checked");
		me_free(ch);
	}
	return 1;
}

/* A number of six digits nobody has. */
static int
number_new(struct core *c, char out[16], uint8_t mac[32])
{
	struct user other;
	char hex[9];

	for (int i = 0; i < NUMBER_TRIES; i++) {
		int rc;

		ids_token(hex, 4);
		snprintf(out, 16, "%lu", 100000 + strtoul(hex, NULL, 16) %
		    900000);
		if (!idnum_mac(c, mac, out))
			return -REL_E_IO;
		rc = store_user_by_idnum(c->st, mac, &other);
		if (rc == -REL_E_NOTFOUND)
			return 0;
		if (rc < 0)
			return rc;
	}
	return -REL_E_FULL;
}

/* The number into u; 0, or answered. shown: one that was chosen for them. */
static int
me_number(struct core *c, struct me_change *ch, struct user *u, char *shown)
{
	struct user other;
	int rc = 0;

	u->has_idnum = ch->new_number[0] != '\0';
	if (strcmp(ch->new_number, "new") == 0)
		rc = number_new(c, shown, u->idnum_mac);
	else if (u->has_idnum)
		(void)idnum_mac(c, u->idnum_mac, ch->new_number);
	if (rc < 0) {
		reply_problem(c, &ch->a, "backend-unavailable", 0,
		    "no free ID number was found; ask the help desk");
		return rc;
	}
	if (u->has_idnum && store_user_by_idnum(c->st, u->idnum_mac,
	    &other) == 0 && other.id != u->id) {
		me_failed(c, &ch->who);
		reply_problem(c, &ch->a, "id-number-in-use", 0, "this ID "
		    "number cannot be had; choose another, or let one be "
		    "chosen");
		return -REL_E_EXISTS;
	}
	return 0;
}

/* Others may have changed the user while hashes were made: only what was
 * asked for is set. 0, or answered. */
static int
me_apply(struct core *c, struct me_change *ch, struct user *u, char *shown)
{
	if (me_user(c, &ch->a, &ch->who, u) < 0)
		return -1;
	if (ch->password && strcmp(u->password, ch->u.password) != 0) {
		reply_problem(c, &ch->a, "bad-credential", 0,
		    "the password was changed meanwhile; try again");
		return -1;
	}
	if (ch->locale)
		memcpy(u->locale, ch->new_locale, sizeof u->locale);
	if (ch->password)
		memcpy(u->password, ch->password_hash, sizeof u->password);
	if (ch->pin)
		memcpy(u->card_pin, ch->pin_hash, sizeof u->card_pin);
	return ch->number ? me_number(c, ch, u, shown) : 0;
}

static void
me_store(struct core *c, struct me_change *ch)
{
	char shown[16] = "";
	struct user u;
	json_t *o;
	int rc;

	if (me_apply(c, ch, &u, shown) < 0 ||
	    me_write(c, &ch->a, &ch->who, &u) < 0)
		return;
	if ((rc = store_user_set(c->st, &u)) < 0) {
		core_spoil(c, rc);
		reply_broken(c, &ch->a, rc);
		return;
	}
	api_audit(c, &ch->who, "user-changed-own", ch->password ? "password" :
	    ch->pin ? "pin" : ch->number ? "number" : "locale");
	if (ch->password || ch->pin || ch->number)
		sessions_close_user(c, u.id);
	o = user_json(c, &u);
	if (o != NULL && shown[0] != '\0')
		json_object_set_new(o, "id_number", json_string(shown));
	reply_json(c, &ch->a, 200, o);
	rel_wipe(shown, sizeof shown);
}

static void
me_go_on(struct core *c, struct me_change *ch)
{
	if (me_ask(c, ch) != 0)
		return;
	me_store(c, ch);
	me_free(ch);
}

static bool
locale_ok(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_") == strlen(s);
}

static const char *
me_bad_value(const struct core *c, const struct me_change *ch)
{
	uint8_t mac[32];

	if (ch->locale && !locale_ok(ch->new_locale))
		return "locale must be a language, as en or de-AT";
	if (ch->pin && ch->new_pin[0] != '\0' && (strlen(ch->new_pin) < 4 ||
	    strspn(ch->new_pin, "0123456789") != strlen(ch->new_pin)))
		return "card_pin must be 4 to 8 digits";
	if (ch->number && ch->new_number[0] != '\0' &&
	    strcmp(ch->new_number, "new") != 0 &&
	    !idnum_mac(c, mac, ch->new_number))
		return "id_number must be 4 to 8 digits, or \"new\"";
	if (ch->password && ch->new_password[0] == '\0')
		return "password must not be empty";
	return NULL;
}

/* A text of the request: was it given? */
static bool
me_take(char *to, size_t size, const struct request *rq, enum req_field f)
{
	const char *s = req_str(rq, f);

	snprintf(to, size, "%s", s != NULL ? s : "");
	return s != NULL;
}

/* 0, or an answer has been given. */
static int
me_fill(struct core *c, const struct request *rq, struct asker *a,
    struct me_change *ch)
{
	const char *bad;

	ch->locale = me_take(ch->new_locale, sizeof ch->new_locale, rq,
	    F_LOCALE);
	ch->password = me_take(ch->new_password, sizeof ch->new_password, rq,
	    F_NEW_PASSWORD);
	ch->pin = me_take(ch->new_pin, sizeof ch->new_pin, rq, F_CARD_PIN);
	ch->number = me_take(ch->new_number, sizeof ch->new_number, rq,
	    F_ID_NUMBER);
	(void)me_take(ch->current, sizeof ch->current, rq,
	    F_CURRENT_PASSWORD);
	if ((bad = me_bad_value(c, ch)) != NULL) {
		reply_problem(c, a, "bad-request", 0, "%s", bad);
		return -1;
	}
	if ((ch->password && me_may(c, a, "password", "passwords are") < 0) ||
	    (ch->pin && me_may(c, a, "pin", "card PINs are") < 0) ||
	    (ch->number && me_may(c, a, "number", "ID numbers are") < 0) ||
	    me_limit(c, a, &ch->who) < 0 ||
	    me_user(c, a, &ch->who, &ch->u) < 0)
		return -1;
	if (ch->password && api_password_ours(c, a, &ch->u, false) < 0)
		return -1;
	if (!ch->password || ch->u.password[0] == '\0') {
		rel_wipe(ch->current, sizeof ch->current);
	} else if (ch->current[0] == '\0') {
		reply_problem(c, a, "bad-credential", 0,
		    "current_password is needed to change the password");
		return -1;
	}
	return ch->password || ch->number ? me_locked(c, a, &ch->who) : 0;
}

static void
me_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct me_change *ch = calloc(1, sizeof *ch);

	if (ch == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	ch->a = *a;
	ch->who = *who;
	if (me_fill(c, rq, a, ch) < 0)
		me_free(ch);
	else
		me_go_on(c, ch);
}

void
api_me_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, me_set);
}

/* ---- cards */

static bool
me_card_row(const struct card *k, void *ctx)
{
	json_array_append_new(ctx, card_json(k));
	return true;
}

static void
me_cards(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	json_t *rows;
	struct user u;
	int rc = 0;

	(void)rq;
	if (me_user(c, a, who, &u) < 0)
		return;
	rows = json_array();
	if (u.id != 0)
		rc = store_card_list(c->st, u.id, 0, INT32_MAX, me_card_row,
		    rows);
	if (rc < 0) {
		json_decref(rows);
		reply_broken(c, a, rc);
		return;
	}
	reply_json(c, a, 200, json_pack("{s:o,s:n,s:I,s:b}", "cards", rows,
	    "next", "limit", (json_int_t)c->role->set.card_limit, "may_change",
	    settings_word(c->role->set.self_service, "card")));
}

void
api_me_cards(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, me_cards);
}

/* A card that is there already: theirs or somebody's. */
static void
me_card_known(struct core *c, struct asker *a, const struct caller *who,
    const struct user *u, const struct card *k)
{
	struct rel_err err;
	struct user owner;

	if (store_user_by_card(c->st, k->mac, &owner) == 0 &&
	    strcmp(owner.key, who->key) == 0) {
		reply_problem(c, a, "card-in-use", 0,
		    "this card is yours already");
		return;
	}
	me_failed(c, who);
	if (u->id != 0 && core_write(c, &err) == 0)
		card_clash(c, k, u, "page");
	reply_problem(c, a, "card-in-use", 0,
	    "this card cannot be had; ask the help desk");
}

static void
me_card_add(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct card k = { .created_ms = rel_now_ms() };
	struct user u, owner;
	int rc;

	if (me_may(c, a, "card", "cards are") < 0 ||
	    me_locked(c, a, who) < 0 || me_user(c, a, who, &u) < 0)
		return;
	if (api_card_number(c, rq, a, &k, true) < 0)
		return;
	/* One that was lent until yesterday is free. */
	if (store_user_by_card(c->st, k.mac, &owner) == 0 &&
	    (owner.card_until_ms == 0 ||
	    owner.card_until_ms > rel_now_ms())) {
		me_card_known(c, a, who, &u, &k);
		return;
	}
	if (u.cards >= c->role->set.card_limit) {
		reply_problem(c, a, "card-limit", 0, "you have %lld cards, "
		    "and %lld are allowed: delete one first",
		    (long long)u.cards, (long long)c->role->set.card_limit);
		return;
	}
	if (me_write(c, a, who, &u) < 0)
		return;
	k.id = ids_next(c);
	k.user_id = u.id;
	memcpy(k.user, u.name, sizeof k.user);
	if ((rc = store_card_add(c->st, &k)) < 0) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
		return;
	}
	api_audit(c, who, "card-added", u.name);
	reply_json(c, a, 201, card_json(&k));
}

void
api_me_card_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, me_card_add);
}

static void
me_card_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct card k;
	struct user u;
	int64_t id;

	if (me_may(c, a, "card", "cards are") < 0 ||
	    me_user(c, a, who, &u) < 0)
		return;
	/* Somebody else's is no other answer than none. */
	if (!rel_int(&id, req_str(rq, F_ID), 1, INT64_MAX) ||
	    store_card_get(c->st, id, &k) < 0 || k.user_id != u.id) {
		reply_problem(c, a, "card-unknown", 0,
		    "you have no such card");
		return;
	}
	if (me_write(c, a, who, &u) < 0)
		return;
	if (store_card_del(c->st, id) < 0)
		core_spoil(c, 0);
	sessions_close_user(c, u.id);
	api_audit(c, who, "card-removed", u.name);
	reply_text(c, a, 204, NULL, 0);
}

void
api_me_card_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, me_card_del);
}

/* ---- the one-time code */

static void
me_code(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int64_t until = rel_now_ms() + c->role->set.code_ms;
	char text[CODE_TEXT], device[40] = "";
	uint8_t mac[32];
	struct user u;
	int rc;

	if (me_may(c, a, "code", "one-time codes are not") < 0 ||
	    me_user(c, a, who, &u) < 0 || api_of_device(c, rq, a, device) < 0)
		return;
	if (store_guest_is(c->st, u.id)) {
		reply_problem(c, a, "forbidden", 0, "guests have the code on "
		    "their slip");
		return;
	}
	if (me_write(c, a, who, &u) < 0)
		return;
	code_new(c, text, mac);
	if ((rc = store_code_set(c->st, u.id, mac, until, device)) < 0) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
		return;
	}
	api_audit(c, who, "code-made", u.name);
	reply_json(c, a, 200, json_pack("{s:s,s:o,s:I}", "code", text,
	    "expires_at", json_time(until), "expires_in_s",
	    (json_int_t)(c->role->set.code_ms / 1000)));
	rel_wipe(text, sizeof text);
}

void
api_me_code(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, me_code);
}
