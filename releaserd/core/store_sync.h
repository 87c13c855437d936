/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_SYNC_H
#define STORE_SYNC_H

#include "releaserd/core/store.h"
#include "releaserd/core/store_money.h"

/* What a sync of a directory reads and writes; the rules of store.h. */
#define SYNC_MAC_BYTES 16u

/* What is kept of an account that came from a directory. */
struct sync_info {
	char home[256];
	bool has_mac;
	uint8_t mac[SYNC_MAC_BYTES];	/* of all that the directory said */
	int64_t seen_ms;		/* there, last; 0 never */
	int64_t gone_ms;		/* since when it is not, or closed there;
					 * negative: was disabled here before */
};
int store_sync_info(struct store *st, int64_t user, struct sync_info *out);

/* Accounts of a directory, in order of their ids; how many rows. */
struct sync_row {
	int64_t id, gone_ms;
	char key[84];
	bool disabled, has_mac;
	uint8_t mac[SYNC_MAC_BYTES];
};
typedef bool (*store_sync_row)(const struct sync_row *r, void *ctx);
int store_sync_list(struct store *st, int64_t directory, int64_t after,
    int limit, store_sync_row row, void *ctx);

/* A new account with what is kept beside it; -REL_E_EXISTS as
 * store_user_add(). */
int store_sync_add(struct store *st, const struct user *u,
    const struct sync_info *i);
/* What is kept beside it, behind store_user_set(). */
int store_sync_set(struct store *st, int64_t user, const struct sync_info *i);
/* What the directory said is as if never heard. */
int store_sync_again(struct store *st, int64_t user);
/* The home folder alone, after a log-in. */
int store_user_home(struct store *st, int64_t user, const char *home);
/* Disabled since gone_ms, and seen until seen_ms. */
int store_sync_close(struct store *st, int64_t user, int64_t gone_ms,
    int64_t seen_ms);

/* A person's own groups of a directory, not those they are in. */
typedef bool (*store_sync_group)(const char *key, void *ctx);
int store_sync_groups(struct store *st, const char *user_key,
    int64_t directory, store_sync_group row, void *ctx);

/* Cards of a person, and whether each came from a directory (its id, or 0). */
typedef bool (*store_sync_card)(int64_t id, const uint8_t mac[32],
    int64_t directory, void *ctx);
int store_sync_cards(struct store *st, int64_t user, store_sync_card row,
    void *ctx);
/* Behind store_card_add(). */
int store_sync_card_from(struct store *st, int64_t card, int64_t directory);

/* ---- runs */

enum sync_state {			/* stored: never renumber */
	SYNC_RUNNING = 1, SYNC_DONE = 2, SYNC_STOPPED = 3, SYNC_FAILED = 4,
	SYNC_CANCELLED = 5
};
const char *sync_state_name(enum sync_state state);

struct sync_counts {
	int64_t listed, added, changed, unchanged, disabled, deleted, clashes,
	    groups, nameless, unusable;
};

struct sync_run {
	int64_t id, directory, began_ms, ended_ms;
	enum sync_state state;
	bool dry, forced;
	char by[84];			/* "" by the clock */
	char words[1100];
	struct sync_counts n;
};
int store_sync_run_set(struct store *st, const struct sync_run *r);
typedef bool (*store_sync_run)(const struct sync_run *r, void *ctx);
/* The newest first. */
int store_sync_runs(struct store *st, int64_t directory, int limit,
    store_sync_run row, void *ctx);
int store_sync_run_get(struct store *st, int64_t id, struct sync_run *out);
/* The last one that was no trial and (done) came to its end. */
int store_sync_last(struct store *st, int64_t directory, bool done,
    struct sync_run *out);
/* Those that releaserd's end cut off. */
int store_sync_cut_off(struct store *st, int64_t now_ms);
/* Runs but the last so many go; pages of all but the last of each kind. */
int store_sync_forget(struct store *st, int64_t directory, int keep);

int store_sync_page_put(struct store *st, int64_t run, int kind, int64_t page,
    const char *text);
/* The page, or the next there is of this run and kind; text is the caller's
 * to free. -REL_E_NOTFOUND: none. */
int store_sync_page_get(struct store *st, int64_t run, int kind,
    int64_t page, char **text);

#endif
