/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/offline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "lib/fold.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/store_offline.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define KNOWN_MAX 4096u

/*
 * Of which password the verifier of a user is, under a key of this run only:
 * the same one is not hashed at each log-in.
 */
struct offline {
	uint8_t key[32];
	struct known {
		int64_t user_id;
		uint8_t mac[32];
	} known[KNOWN_MAX];
};

int
offline_init(struct core *c)
{
	char hex[65];

	if ((c->offline = calloc(1, sizeof *c->offline)) == NULL)
		return -REL_E_NOMEM;
	ids_token(hex, 32);
	(void)rel_unhex(c->offline->key, 32, hex, 64);
	rel_wipe(hex, sizeof hex);
	return 0;
}

void
offline_fini(struct core *c)
{
	if (c->offline == NULL)
		return;
	rel_wipe(c->offline, sizeof *c->offline);
	free(c->offline);
	c->offline = NULL;
}

static struct known *
known_of(struct core *c, int64_t user_id)
{
	return &c->offline->known[(uint64_t)user_id % KNOWN_MAX];
}

static void
password_mac(const struct core *c, const char *password, uint8_t mac[32])
{
	keys_mac(mac, c->offline->key, password, strlen(password));
}

static bool
known_is(struct core *c, int64_t user_id, const char *password)
{
	const struct known *k = known_of(c, user_id);
	uint8_t mac[32];

	password_mac(c, password, mac);
	return k->user_id == user_id &&
	    CRYPTO_memcmp(mac, k->mac, sizeof mac) == 0;
}

/* ---- what is kept */

static void
forget(struct core *c, int64_t user_id)
{
	struct rel_err err;
	int rc;

	known_of(c, user_id)->user_id = 0;
	if (core_write(c, &err) == 0 && (rc = store_verifier_drop(c->st,
	    user_id)) < 0 && rc != -REL_E_NOTFOUND)
		core_spoil(c, rc);
}

struct keeping {
	struct verifier v;
	uint8_t mac[32];
};

static void
on_hashed(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct keeping *k = ctx;
	const struct directory *d = directories_settings(c, k->v.directory);
	struct rel_cur cur;
	struct rel_err err;
	struct user u;
	int rc;

	rel_cur_init(&cur, fr != NULL ? fr->body : NULL, fr != NULL ?
	    fr->len : 0);
	rel_get_str(&cur, k->v.hash, sizeof k->v.hash);
	/* Much may have happened meanwhile. */
	if (fr != NULL && fr->type == IPC_HASHED && rel_cur_end(&cur) == 0 &&
	    d != NULL && d->offline == OFFLINE_CACHED &&
	    store_user_by_id(c->st, k->v.user_id, &u) == 0 && !u.disabled &&
	    u.directory == k->v.directory && core_write(c, &err) == 0) {
		if ((rc = store_verifier_set(c->st, &k->v)) < 0)
			core_spoil(c, rc);
		known_of(c, k->v.user_id)->user_id = k->v.user_id;
		memcpy(known_of(c, k->v.user_id)->mac, k->mac, 32);
	}
	rel_wipe(k, sizeof *k);
	free(k);
}

static void
keep(struct core *c, const struct verifier *like, const char *password)
{
	struct keeping *k = calloc(1, sizeof *k);
	struct rel_buf b;
	int rc;

	if (k == NULL)
		return;
	k->v = *like;
	password_mac(c, password, k->mac);
	rel_buf_init(&b);
	rel_put_str(&b, password);
	rc = b.failed ? -b.failed : agent_ask(c, IPC_HASH, &b, on_hashed, k);
	rel_buf_fini_secret(&b);
	if (rc < 0)
		free(k);
}

void
offline_right(struct core *c, int64_t directory, const char *name,
    const char *password, int64_t user_id)
{
	const struct directory *d = directories_settings(c, directory);
	struct verifier now, v = { .user_id = user_id,
	    .directory = directory, .right_ms = rel_now_ms() };
	struct rel_err err;

	if (d == NULL || d->offline != OFFLINE_CACHED ||
	    strlen(name) >= sizeof v.name)
		return;
	rel_fold(v.name, name, strlen(name) + 1);
	if (store_verifier_of(c->st, user_id, &now) < 0 ||
	    strcmp(now.name, v.name) != 0 ||
	    !known_is(c, user_id, password)) {
		/* Should it not be kept, the one of before is none. */
		if (now.user_id != 0 && !known_is(c, user_id, password))
			forget(c, user_id);
		keep(c, &v, password);
	} else if (now.right_ms < v.right_ms - HOUR_MS &&
	    core_write(c, &err) == 0 &&
	    store_verifier_right(c->st, user_id, v.right_ms) < 0) {
		core_spoil(c, 0);
	}
}

/* Of whom one is kept who typed this. */
static int
find(struct core *c, int64_t directory, const char *name,
    struct verifier *out)
{
	char folded[256], key[84];

	if (strlen(name) >= sizeof folded)
		return -REL_E_NOTFOUND;
	rel_fold(folded, name, strlen(name) + 1);
	if (!rel_user_key(key, sizeof key, name,
	    c->role->set.strip_realm != 0))
		key[0] = '\0';
	return store_verifier_find(c->st, directory, folded, key, out);
}

/* It has come out whether what the directory refused is what is kept. */
static void
on_compared(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct verifier *then = ctx, now;
	struct rel_cur cur;

	rel_cur_init(&cur, fr != NULL ? fr->body : NULL, fr != NULL ?
	    fr->len : 0);
	/* Nobody could tell: the safe side. A newer one is another one. */
	if (!c->ending && (fr == NULL || fr->type != IPC_VERIFIED ||
	    rel_get_u8(&cur) != 0) &&
	    store_verifier_of(c->st, then->user_id, &now) == 0 &&
	    strcmp(now.hash, then->hash) == 0)
		forget(c, then->user_id);
	rel_wipe(then, sizeof *then);
	free(then);
}

static void
compare(struct core *c, const struct verifier *v, const char *password)
{
	struct verifier *copy = malloc(sizeof *copy);
	struct rel_buf b;
	int rc = -REL_E_NOMEM;

	rel_buf_init(&b);
	rel_put_str(&b, password);
	rel_put_str(&b, v->hash);
	if (copy != NULL && !b.failed) {
		*copy = *v;
		rc = agent_ask(c, IPC_VERIFY, &b, on_compared, copy);
	}
	rel_buf_fini_secret(&b);
	if (rc < 0) {
		free(copy);
		forget(c, v->user_id);
	}
}

void
offline_wrong(struct core *c, int64_t directory, const char *name,
    const char *password)
{
	struct verifier v;

	if (find(c, directory, name, &v) != 0)
		return;
	if (password == NULL || known_is(c, v.user_id, password))
		forget(c, v.user_id);
	else
		compare(c, &v, password);
	rel_wipe(&v, sizeof v);
}

int
offline_policy(struct core *c, int64_t directory, const struct directory *d)
{
	return store_verifier_forget(c->st, directory, d->offline !=
	    OFFLINE_CACHED ? INT64_MAX : rel_now_ms() -
	    d->offline_days * DAY_MS);
}

/* The text with another line "Offline ..."; NULL: no memory. */
static char *
policy_text(const char *text, const char *policy)
{
	struct rel_buf b;

	rel_buf_init(&b);
	for (const char *end; *text != '\0'; text = end) {
		size_t blank = strspn(text, " \t");

		end = text + strcspn(text, "\n");
		end += *end == '\n';
		if (strncasecmp(text + blank, "Offline", 7) != 0 ||
		    strchr(" \t", text[blank + 7]) == NULL)
			rel_put_raw(&b, text, (size_t)(end - text));
	}
	if (b.len > 0 && b.data[b.len - 1] != '\n')
		rel_put_raw(&b, "\n", 1);
	rel_put_fmt(&b, "Offline %s\n", policy);
	rel_put_u8(&b, 0);
	if (!b.failed)
		return (char *)b.data;
	rel_buf_fini(&b);
	return NULL;
}

int
offline_choose(struct core *c, const struct directory_row *r,
    const char *policy, const char *by)
{
	struct directory *d = malloc(sizeof *d);
	struct directory_row now = *r;
	struct rel_err err;
	int rc = -REL_E_NOMEM;

	now.text = policy_text(r->text, policy);
	now.changed_ms = rel_now_ms();
	snprintf(now.by, sizeof now.by, "%.83s", by);
	if (d != NULL && now.text != NULL)
		rc = directory_parse(d, now.text, strlen(now.text), r->name,
		    NULL, &err);
	if (rc == 0 && (rc = core_write(c, &err)) == 0) {
		if ((rc = store_directory_set(c->st, &now)) < 0 ||
		    (rc = offline_policy(c, r->id, d)) < 0 ||
		    (rc = store_audit(c->st, now.changed_ms, by,
		    "directory-changed", r->name)) < 0)
			core_spoil(c, rc);
		else
			directories_changed(c);
	}
	free(now.text);
	free(d);
	return rc;
}

void
offline_tick(struct core *c)
{
	const struct directory_row *r;
	struct rel_err err;

	if (c->ticks % 3600 != 7 || directories_at(c, 0) == NULL ||
	    core_write(c, &err) < 0)
		return;
	for (size_t i = 0; (r = directories_at(c, i)) != NULL; i++)
		if (offline_policy(c, r->id, directories_settings(c,
		    r->id)) < 0) {
			core_spoil(c, 0);
			return;
		}
}

/* ---- while it is away */

/* The verifier that counts now, and whose: 0, or there is none. */
static int
cached(struct core *c, int64_t directory, const struct directory *d,
    const char *name, struct verifier *v, struct user *u)
{
	int64_t now = rel_now_ms();
	int rc = find(c, directory, name, v);

	/* One of the future: the clock was wrong, then or now. */
	if (rc == 0 && (v->right_ms < now - d->offline_days * DAY_MS ||
	    v->right_ms > now + HOUR_MS))
		rc = -REL_E_NOTFOUND;
	if (rc == 0)
		rc = store_user_by_id(c->st, v->user_id, u);
	return rc == 0 && u->directory != directory ? -REL_E_NOTFOUND : rc;
}

/* The password an operator has set here. */
static int
local(struct core *c, int64_t directory, const char *name,
    struct verifier *v, struct user *u)
{
	char key[84];

	if (!rel_user_key(key, sizeof key, name,
	    c->role->set.strip_realm != 0) ||
	    store_user_get(c->st, key, u) < 0 || u->directory != directory ||
	    u->password[0] == '\0')
		return -REL_E_NOTFOUND;
	memcpy(v->hash, u->password, sizeof v->hash);
	return 0;
}

void
offline_login(struct core *c, int64_t directory, const char *name,
    const char *password, struct pending_login *p)
{
	const struct directory *d = directories_settings(c, directory);
	struct verifier v;
	struct user u;
	int rc = -REL_E_NOTFOUND;

	if (d != NULL && d->offline == OFFLINE_CACHED)
		rc = cached(c, directory, d, name, &v, &u);
	else if (d != NULL && d->offline == OFFLINE_LOCAL)
		rc = local(c, directory, name, &v, &u);
	if (rc < 0) {
		login_undecided(c, p, "backend-unavailable");
		return;
	}
	p->user = u;
	p->offline = true;
	/* A password that is kept here proves no more than that. */
	if (d != NULL && d->offline == OFFLINE_LOCAL)
		p->proof = (struct proof){ BLOCK_INTERNAL, 0 };
	login_verify(c, p, password, v.hash);
	rel_wipe(&v, sizeof v);
}

bool
offline_card_ok(struct core *c, const struct user *u)
{
	const struct directory *d = u->directory != 0 ?
	    directories_settings(c, u->directory) : NULL;

	return d == NULL || d->offline_cards != 0 ||
	    !directories_away(c, u->directory);
}

const char *
offline_directory(struct core *c, const struct user *u, bool *writable)
{
	const struct directory_row *r;

	*writable = u->directory == 0;
	if (u->directory == 0)
		return NULL;
	for (size_t i = 0; (r = directories_at(c, i)) != NULL; i++)
		if (r->id == u->directory) {
			*writable = directories_settings(c, r->id)->offline ==
			    OFFLINE_LOCAL;
			return r->name;
		}
	*writable = true;		/* it is gone: the account is ours */
	return "";
}
