/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_GUEST_H
#define STORE_GUEST_H

#include "releaserd/core/store.h"

/* Guests: accounts that are good from a time, until a time. */
enum guest_state {		/* stored: never renumber */
	GUEST_WAITING = 0, GUEST_OPEN = 1, GUEST_ENDED = 2
};
struct guest {
	int64_t user_id;
	char key[84], name[84], display[129], mail[255];	/* only read */
	int64_t created_ms;
	char host[84];			/* the key of who invited */
	int64_t from_ms, until_ms;
	enum guest_state state;
	uint8_t code_mac[32];		/* of the code on the slip */
};

int store_guest_set(struct store *st, const struct guest *g);
/* -REL_E_NOTFOUND: no such user, or no guest. */
int store_guest_get(struct store *st, const char *key, struct guest *out);
int store_guest_of(struct store *st, int64_t user_id, struct guest *out);

/* Is this user a guest?  Such a one has no role, whoever gave one. */
bool store_guest_is(struct store *st, int64_t user_id);
bool store_guest_named(struct store *st, const char *key);

/* By id; host "": of all. Returns how many. */
typedef bool (*store_guest_row)(const struct guest *g, void *ctx);
int store_guest_list(struct store *st, const char *host, int64_t after,
    int limit, store_guest_row row, void *ctx);

/* The next whose state is another at now_ms; -REL_E_NOTFOUND: none. */
int store_guest_due(struct store *st, int64_t now_ms, struct guest *out);
/* The next that ended before then. */
int store_guest_over(struct store *st, int64_t before_ms, struct guest *out);
/* Its state, and whether its account is closed. */
int store_guest_state(struct store *st, const struct guest *g);
/* What it has held expires now. */
int store_guest_jobs_end(struct store *st, const struct guest *g,
    int64_t now_ms);

#endif
