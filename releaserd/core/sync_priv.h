/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SYNC_PRIV_H
#define SYNC_PRIV_H

#include "releaserd/core/directories.h"
#include "releaserd/core/sync.h"
#include "releaserd/sync_wire.h"

#define SYNC_AHEAD 4u			/* parts that are held here */
#define SYNC_PAGE_ROWS 250u		/* lines of the differences in a row */

/* What is known of the directory's accounts, and of people that were met. */
struct sync_account {
	int64_t id, gone_ms;
	uint32_t key;			/* where it stands in keys */
	uint32_t hash;
	uint8_t mac[SYNC_MAC_BYTES];
	bool has_mac, disabled, seen, closed;
};

/* A group of the directory, as this run has met it. */
struct sync_group {
	char key[84], name[DIR_GROUP_MAX];
	uint8_t mac[SYNC_MAC_BYTES];
	enum { GROUP_NEW, GROUP_GOOD, GROUP_FOREIGN } state;
};

/* Cards and numbers that somebody else had when the person was met. */
struct sync_late {
	int64_t user;
	char name[84], id_number[64], card[2][128];
};

struct sync {
	struct core *c;
	uint32_t serial;		/* of this process */
	struct sync_run run;
	char name[84];			/* of the directory */
	enum { SYNC_LOADS, SYNC_LISTS, SYNC_LATE, SYNC_LOSES, SYNC_OVER }
	    phase;
	bool slicing, cancelled;
	int64_t last_seen_ms;		/* when the last whole one began */

	struct sync_account *account;
	size_t naccounts, accounts_room;
	uint32_t *slot, slots;		/* account + 1; 0 is free */
	struct rel_buf keys;
	size_t nold;			/* those that were there before */
	int64_t enabled;		/* of them */
	int64_t loaded;			/* the last id */

	struct sync_group *group;
	size_t ngroups, groups_room;

	uint64_t agent;
	uint32_t part;			/* to be asked for next */
	bool asked;
	struct rel_buf body[SYNC_AHEAD];	/* parts, round and round */
	unsigned first, nbody;		/* the one at work; how many there are */
	bool came_last;			/* there is nothing more to ask for */
	struct sync_part at;		/* of body[first] */
	struct sync_record record;

	struct sync_late *late;
	size_t nlate, late_room, at_late, at_account;

	struct {
		struct rel_buf text;
		uint32_t rows;
		int64_t page;
	} out[SYNC_KINDS];
};

/* ---- sync_diff.c */

/* The account of this key, or NULL. */
struct sync_account *sync_account(struct sync *s, const char *key);

/* It is there from now on; NULL: no memory. */
struct sync_account *sync_account_add(struct sync *s, const char *key,
    int64_t id);

/* One line of what differs; words may be "". 0, or a broken store. */
int sync_line(struct sync *s, enum sync_kind kind, const char *name,
    const char *words);
int sync_lines_end(struct sync *s);
void sync_diff_free(struct sync *s);

/* May so many of so many go, without --force? */
bool sync_loss_ok(int64_t lost, int64_t of, int64_t max_percent);

/* ---- sync_person.c: 0, or the turn is spoilt */

int sync_group_met(struct sync *s, const char *name);
int sync_person_met(struct sync *s, const struct sync_record *r);
int sync_late_take(struct sync *s, const struct sync_late *l);

/* Missing or closed there: disabled, or deleted when it is time. */
bool sync_is_lost(const struct sync *s, const struct sync_account *a);
bool sync_is_due(const struct sync *s, const struct sync_account *a);
int sync_lose(struct sync *s, struct sync_account *a);

#endif
