/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_LOGIN_H
#define STORE_LOGIN_H

#include "releaserd/core/store.h"

/*
 * Who is logged in over HTTPS (store_login.c).  A token is only kept as its
 * SHA-256.  The database itself ends them all when the password of a user
 * changes or the account is closed or deleted, whoever does it.
 */
struct user_login {
	int64_t id, user_id;
	char key[84], name[84];		/* of the user; only read */
	uint8_t hash[32];
	char label[65];			/* what the client calls itself */
	char address[64];		/* the last one that was written */
	int64_t created_ms, used_ms;
};

int store_login_add(struct store *st, const struct user_login *l);

/* -REL_E_NOTFOUND, also for one before these times. */
struct login_ages {
	int64_t created_ms, used_ms;	/* older ones have ended */
};
int store_login_by_hash(struct store *st, const uint8_t hash[32],
    const struct login_ages *since, struct user_login *out);

/* Those of a user, the last used first. Returns how many. */
typedef bool (*store_login_row)(const struct user_login *l, void *ctx);
int store_login_list(struct store *st, int64_t user_id,
    const struct login_ages *since, store_login_row row, void *ctx);

/* It was used then, from there; one that has gone stays gone. */
int store_login_used(struct store *st, int64_t id, int64_t used_ms,
    const char *address);

/* One of a user ends: 0 or -REL_E_NOTFOUND; all of them: how many. */
int store_login_end(struct store *st, int64_t user_id, int64_t id);
int store_login_end_all(struct store *st, int64_t user_id);

/* So many of a user stay, the last used. Returns how many ended. */
int store_login_keep(struct store *st, int64_t user_id, int64_t n);

int store_login_forget(struct store *st, const struct login_ages *since);

#endif
