/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_MONEY_H
#define STORE_MONEY_H

#include "releaserd/core/store.h"

/*
 * What of money, quotas and groups is kept (doc/money.md).  The rules of
 * store.h hold.  Only ledger.c calls what moves money.
 */

enum money_unit {		/* stored: never renumber */
	UNIT_MONEY = 1,		/* millionths */
	UNIT_COLOUR = 2,	/* sides in colour */
	UNIT_MONO = 3		/* sides without */
};
#define MONEY_UNITS 3
const char *money_unit_name(enum money_unit unit);	/* "colour" */
int money_unit_of(const char *name);			/* 0 when none */

/* ---- accounts, transfers, entries (store_ledger.c) */

enum account_kind {		/* stored: never renumber */
	ACCOUNT_USER = 1, ACCOUNT_SHARED = 2, ACCOUNT_CODE = 3,
	ACCOUNT_DEVICE = 4, ACCOUNT_RESERVED = 5, ACCOUNT_BANK = 6,
	ACCOUNT_UNASSIGNED = 7	/* pays for what nobody we know did */
};
#define UNASSIGNED_KEY "unassigned"
const char *account_kind_name(enum account_kind kind);	/* "shared" */
int account_kind_of(const char *name);			/* 0 when none */

/* There from the start: the account of a unit that holds what jobs have set
 * aside, and the one where grants come from. */
#define RESERVED_ID(unit) ((int64_t)(unit))
#define BANK_ID(unit) ((int64_t)MONEY_UNITS + (unit))

struct account {
	int64_t id;
	enum account_kind kind;
	enum money_unit unit;
	char key[84];		/* user key, folded name, device id; "" */
	char name[128];		/* as it was written; "" for its key */
	int64_t balance;
	int64_t last;		/* the newest transfer that touched it, or 0 */
	int64_t refilled_ms;	/* start of the period of its last refill, 0 never */
	int64_t created_ms;
	bool closed;		/* no job may be charged to it */
	char members[84];	/* only this group may charge it; "": all may */
};
int store_account_get(struct store *st, enum account_kind kind,
    const char *key, enum money_unit unit, struct account *out);
int store_account_by_id(struct store *st, int64_t id, struct account *out);
/* Sets a->id. */
int store_account_add(struct store *st, struct account *a);
/* Name, closed and members, of all units. -REL_E_NOTFOUND. */
int store_account_set(struct store *st, const struct account *a);
/* Balance and last, as a transfer left them. */
int store_account_move(struct store *st, const struct account *a);
/* A later period began: 1; -REL_E_NOTHELD when it is known already. */
int store_account_refilled(struct store *st, int64_t id, int64_t period_ms);

/*
 * In order of kind, key and unit, behind `after` (its kind, key, unit; kind 0
 * to begin).  kind 0: all of them.  Stops when row says
 * false.  Returns how many.
 */
struct account_filter {
	enum account_kind kind;		/* 0: all */
	enum money_unit unit;		/* 0: all */
	struct account after;
	int limit;
	const char *payer;		/* only open ones that this user may
					 * charge; NULL: all */
};
typedef bool (*store_account_row)(const struct account *a, void *ctx);
int store_account_list(struct store *st, const struct account_filter *f,
    store_account_row row, void *ctx);
/* In order of their ids, for those that look at all of them. */
int store_account_scan(struct store *st, int64_t after_id, int limit,
    store_account_row row, void *ctx);

enum transfer_kind {		/* stored: never renumber */
	TRANSFER_GRANT = 1, TRANSFER_REFILL = 2, TRANSFER_RESERVE = 3,
	TRANSFER_SETTLE = 4, TRANSFER_CANCEL = 5, TRANSFER_REFUND = 6,
	TRANSFER_CORRECT = 7
};
const char *transfer_kind_name(enum transfer_kind kind);
enum settle_source {		/* stored: never renumber; best first */
	SOURCE_NONE = 0, SOURCE_DEVICE = 1, SOURCE_IPP = 2,
	SOURCE_SNMP_DELTA = 3, SOURCE_ESTIMATE = 4
};
const char *settle_source_name(enum settle_source source);	/* "snmp-delta" */

struct transfer {
	int64_t id, at_ms;
	enum transfer_kind kind;
	int64_t job;			/* 0: none */
	enum settle_source source;
	bool unconfirmed;		/* nobody said what came out: estimate */
	int64_t price_version;		/* 0: none */
	char by[84];			/* who asked for it; "" */
	char text[240];			/* why; "" */
};
struct ledger_entry {
	int64_t transfer, account, amount;
	int64_t prev;			/* transfer before it of this account */
};
int store_transfer_add(struct store *st, struct transfer *t);	/* sets id */
int store_transfer_get(struct store *st, int64_t id, struct transfer *out);
int store_entry_add(struct store *st, const struct ledger_entry *e);
typedef bool (*store_entry_row)(const struct ledger_entry *e, void *ctx);
/* Entries of the transfers first..last, in their order. */
int store_entry_list(struct store *st, int64_t first, int64_t last,
    store_entry_row row, void *ctx);

/* What happened to an account, newest first, from a transfer of it on. */
struct statement {
	struct transfer t;
	int64_t amount;
	int64_t prev;			/* where to go on, 0 at the end */
};
typedef bool (*store_statement_row)(const struct statement *s, void *ctx);
int store_statement(struct store *st, int64_t account, int64_t from_transfer,
    int limit, store_statement_row row, void *ctx);

/* The transfers of a job, oldest first; with what they did. */
struct job_entry {
	struct transfer t;
	enum account_kind kind;
	enum money_unit unit;
	int64_t account, amount;
};
typedef bool (*store_job_entry_row)(const struct job_entry *e, void *ctx);
int store_job_entries(struct store *st, int64_t job, store_job_entry_row row,
    void *ctx);

/* The smallest id of a transfer, of an entry's transfer, behind one; 0. */
int store_ledger_next(struct store *st, int64_t after, int64_t *id);
typedef bool (*store_id_row)(int64_t id, void *ctx);
int store_transfer_ids(struct store *st, int64_t first, int64_t last,
    store_id_row row, void *ctx);

/* ---- reservations (store_charge.c) */

struct reservation {
	int64_t job, at_ms;
	int64_t due_ms;			/* then it is settled by estimate */
	int64_t price_version;
	int64_t account[MONEY_UNITS];	/* who pays, by unit - 1; 0 nobody */
	int64_t amount[MONEY_UNITS];
};
int store_reservation_add(struct store *st, const struct reservation *r);
int store_reservation_get(struct store *st, int64_t job,
    struct reservation *out);
/* It goes: 0 for the first, -REL_E_NOTHELD for everybody after. */
int store_reservation_take(struct store *st, int64_t job);
int store_reservation_due(struct store *st, int64_t now_ms, int64_t *jobs,
    int limit);			/* how many */
int store_reservation_later(struct store *st, int64_t job, int64_t due_ms);
int store_reservation_sum(struct store *st, int64_t amount[MONEY_UNITS],
    int64_t *n);

/* ---- usage records of devices */

struct usage_record {
	char device_id[40], epoch[64];
	int64_t seq;
	int64_t at_ms, job;		/* 0: of no job of ours */
	int64_t sheets, mono, colour;	/* sides; what came out */
	int64_t ref;			/* which release of the job; 0 */
	int64_t rid, corrects;		/* itself, and what it replaces; 0 */
	bool completed;
	enum settle_source source;	/* SOURCE_NONE: the device */
	char media[48];			/* of most sides; "" as the job's */
	struct rel_papers papers;	/* of several sizes; else n 0 */
	bool counted;			/* the device's counter of sides was */
	int64_t life_from, life_to;	/* so high before and after it */
};
/* Is it here? 1, 0. */
int store_record_known(struct store *st, const struct usage_record *r);
/* -REL_E_EXISTS: it was here before. */
int store_record_add(struct store *st, const struct usage_record *r);
/* The largest number of an epoch; 0 for none. */
int store_record_last(struct store *st, const char *device_id,
    const char *epoch, int64_t *seq);
/*
 * A device that was removed and registered anew, with this serial number, goes
 * on with its log: that is its own from now on. 0 or an error.
 */
int store_record_adopt(struct store *st, const char *device_id,
    const char *serial, const char *epoch);
/* Of all epochs of a device the newest; -REL_E_NOTFOUND. size >= 64. */
int store_record_epoch(struct store *st, const char *device_id, char *epoch,
    size_t size);
/*
 * Up to where all records of an epoch are here, from oldest on; move: it is
 * kept for the next time (in a transaction).
 */
int store_record_acked(struct store *st, const struct usage_record *oldest,
    bool move, int64_t *acked);
/*
 * The first numbers of an epoch behind one and before another that are not
 * here (none: first > last), and how much further the device's counter went
 * over them than any record says (-1: it does not tell).
 */
struct record_hole {
	int64_t first, last, sides;
};
int store_record_hole(struct store *st, const struct usage_record *epoch,
    int64_t behind, int64_t before, struct record_hole *out);
/*
 * The same between the last record of the log before this one and the first of
 * this one. -REL_E_NOTFOUND: there was none before.
 */
int store_record_logs(struct store *st, const struct usage_record *epoch,
    int64_t *sides);
/* All of an epoch up to there is here, or will never be. */
int store_record_skip(struct store *st, const struct usage_record *epoch,
    int64_t upto);
/* All records of one release of a job (ref 0: of all of them) that no other one has replaced. */
struct record_sum {
	int64_t n;			/* records, also replaced ones */
	int64_t sheets, mono, colour;
	bool completed;			/* one of them says so */
	enum settle_source source;	/* the weakest */
	char media[48];			/* of the largest, or "" */
	struct rel_papers papers;	/* when one has several; else n 0 */
};
int store_record_sum(struct store *st, int64_t job, int64_t ref,
    struct record_sum *out);
/* The last one of a job. -REL_E_NOTFOUND. */
int store_record_of_job(struct store *st, int64_t job,
    struct usage_record *out);

/* ---- quotas (store_quota.c) */

enum quota_owner {		/* stored: never renumber */
	QUOTA_USER = 1, QUOTA_GROUP = 2, QUOTA_SHARED = 3, QUOTA_EVERYBODY = 4
};
const char *quota_owner_name(enum quota_owner owner);	/* "everybody" */
int quota_owner_of(const char *name);			/* 0 when none */

struct quota {
	enum quota_owner owner;
	char key[84];			/* "" for everybody */
	enum money_unit unit;
	int64_t amount;			/* of each period */
	int period;			/* enum rel_period (lib/period.h) */
	int at_min;			/* minutes after midnight, local */
	bool carry;			/* what is left stays */
	bool exceed;			/* the last job may go beyond it */
	int64_t set_ms;
	char by[84];
};
int store_quota_get(struct store *st, enum quota_owner owner, const char *key,
    enum money_unit unit, struct quota *out);
int store_quota_set(struct store *st, const struct quota *q);
int store_quota_del(struct store *st, enum quota_owner owner,
    const char *key, enum money_unit unit);
/* The largest of the groups a user is in, however deep. -REL_E_NOTFOUND. */
int store_quota_of_groups(struct store *st, const char *user_key,
    enum money_unit unit, struct quota *out);
typedef bool (*store_quota_row)(const struct quota *q, void *ctx);
int store_quota_list(struct store *st, const struct quota *after, int limit,
    store_quota_row row, void *ctx);
int store_quota_total(struct store *st, int64_t *n);

/* ---- groups (store_group.c) */

struct person_group {
	char key[84], name[84];
	int64_t members;
	int64_t created_ms;
	int64_t directory;	/* it comes from (store_directory.h), or 0 */
};
struct group_member {
	char group[84], key[84], name[84];
	bool is_group;
};
int store_group_get(struct store *st, const char *key, struct person_group *out);
int store_group_set(struct store *st, const struct person_group *g);
/* With its members, and it is nobody's member any more. */
int store_group_del(struct store *st, const char *key);
typedef bool (*store_group_row)(const struct person_group *g, void *ctx);
int store_group_list(struct store *st, const char *after_key, int limit,
    store_group_row row, void *ctx);
/* -REL_E_EXISTS it is one; -REL_E_DENIED the group would be in itself. */
/* This person is in no group of that directory any more. */
int store_member_leave(struct store *st, const char *user_key,
    int64_t directory);
int store_member_add(struct store *st, const struct group_member *m);
int store_member_del(struct store *st, const struct group_member *m);
typedef bool (*store_member_row)(const struct group_member *m, void *ctx);
int store_member_list(struct store *st, const char *group_key,
    const struct group_member *after, int limit, store_member_row row, void *ctx);
/* All groups a user is in, however deep, in order of their keys. */
int store_groups_of(struct store *st, const char *user_key,
    store_group_row row, void *ctx);
/* 1 yes, 0 no. */
int store_group_has(struct store *st, const char *group_key,
    const char *user_key);

/* ---- price lists and rules, each version for ever (store_charge.c) */

enum policy_kind { POLICY_PRICES = 1, POLICY_RULES = 2 };
struct policy_text {
	int64_t version, at_ms;
	char by[84];
	char *text;			/* owned; free() */
};
/* Sets version: the next one. */
int store_policy_add(struct store *st, enum policy_kind kind,
    struct policy_text *p);
/* version 0: the newest. -REL_E_NOTFOUND. */
int store_policy_get(struct store *st, enum policy_kind kind,
    int64_t version, struct policy_text *out);
typedef bool (*store_policy_row)(const struct policy_text *p, void *ctx);
/* Newest first, before a version (0: all); without their texts. */
int store_policy_list(struct store *st, enum policy_kind kind,
    int64_t before, int limit, store_policy_row row, void *ctx);

#endif
