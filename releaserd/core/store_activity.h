/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_ACTIVITY_H
#define STORE_ACTIVITY_H

#include "releaserd/core/store_money.h"

/*
 * What people do at a device that is no job of ours: copies, scans, faxes
 * (doc/opdp.md, level 3).  To the ledger, reservations and usage records an
 * activity is the negative of its number: ACTIVITY_JOB().
 */
#define ACTIVITY_JOB(id) (-(int64_t)(id))
#define ACTIVITY_ID(job) (-(int64_t)(job))

enum activity_state {		/* stored: never renumber */
	ACTIVITY_GRANTED = 1,	/* it may go on; nothing has been said yet */
	ACTIVITY_DONE = 2,	/* a record said what came out */
	ACTIVITY_EXPIRED = 3	/* its grant ended without a record */
};
const char *activity_state_name(enum activity_state state);	/* "done" */

struct activity {
	int64_t id;			/* as of a job (ids.h) */
	char device_id[40], session_id[40];
	char device_job[40];		/* the device's number of it; "" */
	char user_key[84];		/* "" nobody we know */
	char function[16];		/* "copy", "fax-send" ... */
	enum activity_state state;
	bool color;			/* the grant is for colour */
	enum account_kind kind;		/* who pays */
	char key[84];
	int64_t at_ms, expires_ms, ended_ms;	/* expires: of the grant */
	int64_t granted;		/* sides or pages, in all */
	int64_t sides, colour, sheets;	/* what came out, or was read */
	char media[48], result[16], cause[16];
};
int store_activity_add(struct store *st, const struct activity *a);
int store_activity_get(struct store *st, int64_t id, struct activity *out);
/* The open grant of a device's job in a session. -REL_E_NOTFOUND. */
int store_activity_open(struct store *st, const char *session_id,
    const char *device_job, struct activity *out);
/* All but what it is: state, payer, grant, and what came out. */
int store_activity_set(struct store *st, const struct activity *a);
/*
 * The activity of a record of this device that says it is rid, or that it
 * corrects rid (usage_record).  0, or -REL_E_NOTFOUND.
 */
int store_activity_by_rid(struct store *st, const char *device_id,
    int64_t rid, int64_t corrects, int64_t *id);

/* Newest first, before an id (0: all); each NULL for any. */
struct activity_filter {
	const char *user_key, *device_id, *function;
	int64_t before, from_ms, to_ms;
	int limit;
};
typedef bool (*store_activity_row)(const struct activity *a, void *ctx);
int store_activity_list(struct store *st, const struct activity_filter *f,
    store_activity_row row, void *ctx);
/* Those made before an id go, at most limit, but none with an open grant. */
int store_activity_forget(struct store *st, int64_t before_id, int limit);

/* Who was logged in at a device, after the session is over. */
struct device_session {
	char id[40], device_id[40], user_key[84], account[84];
	int64_t at_ms;
};
int store_device_session_set(struct store *st,
    const struct device_session *s);
int store_device_session_get(struct store *st, const char *id,
    struct device_session *out);
int store_device_session_forget(struct store *st, int64_t before_ms,
    int limit);

#endif
