/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef LOGINS_H
#define LOGINS_H

#include "releaserd/core/core.h"
#include "releaserd/core/store_login.h"

/*
 * People who are logged in over HTTPS.  The store has them; kept in memory is
 * only what would else be a write for each request: when a token was used
 * last (written within a minute, and at most every five), and who listens.
 */
#define LOGIN_TOKEN_TEXT 44		/* 32 bytes of base64url, and NUL */

int logins_init(struct core *c);
void logins_fini(struct core *c);
void logins_tick(struct core *c);	/* each second */

/* A new token of a user, for l; the ones too many end. Inside a transaction. */
int logins_new(struct core *c, struct user_login *l,
    char token[LOGIN_TOKEN_TEXT]);

/* Whose token asks (rq->caller_id is its hash): 0, -REL_E_NOTFOUND, broken. */
int logins_find(struct core *c, const struct request *rq,
    struct user_login *out);

/* Write down what was used. */
void logins_flush(struct core *c);

/* Older ones have ended. */
struct login_ages logins_since(const struct core *c);

/* Passwords that agents check for HTTPS now: false when there are too many. */
bool logins_check_begins(struct core *c);
void logins_check_ends(struct core *c);

#endif
