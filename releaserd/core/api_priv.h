/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef API_PRIV_H
#define API_PRIV_H

#include "releaserd/core/core.h"

/* What the api_*.c have in common. */
#define API_LIMIT 50

/* 0 when the caller has this role or a higher one; else 403 has been
 * answered. */
int api_need(struct core *c, struct asker *a, const struct caller *who,
    enum caller_role role);

/* The same for administrators. */
int api_admin(struct core *c, struct asker *a, const struct caller *who);

/* May the caller read the title of this job? The help desk may not. */
bool api_sees_title(const struct caller *who, const struct job *j);

/* A job as this caller may see it: the help desk sees no titles. */
json_t *api_job_json(struct core *c, const struct job *j,
    const struct caller *who);

/*
 * The job of the path, when the caller may do this with it: one's own; the
 * help desk may look, operators may do everything; a delegate looks and
 * prints; who may approve it looks and approves.  0, or answered.
 */
int api_job_of_path(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct job *j);

/* The user of the path, when the caller may see it; 0 or answered. */
int api_user_of_path(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct user *u);

/*
 * Is the password of u kept here?  An operator may write that of a directory's
 * person when it is for the time it is away.  0, or 403 has been answered.
 */
int api_password_ours(struct core *c, struct asker *a, const struct user *u,
    bool operator);

/* Where a user is logged in over HTTPS, into rows (api_login.c). */
int api_logins_of(struct core *c, int64_t user_id, int64_t current,
    json_t *rows);

/* Can there be jobs whose approval this caller gives: an operator, or in a group
 * that the rules name? (api_wait.c) */
bool api_may_approve(struct core *c, const struct caller *who);

/* Does the job wait for an approval this caller can give (api_wait.c)? */
bool api_approves(struct core *c, const struct caller *who,
    const struct job *j);

/* from and to of a query, where they are given; -1 when answered: no time. */
int api_span(struct core *c, const struct request *rq, struct asker *a,
    int64_t *from_ms, int64_t *to_ms);

/* "1795166100120-17": where a page ended, in order of time and number. */
bool api_cursor(int64_t *at_ms, int64_t *id, const char *text);

/*
 * Of which user a query is: 1 and the key; 0: of all, for those who may see
 * `all`; -1: 403 has been answered.
 */
int api_of_user(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, bool all, char key[84]);

/* On which device: 1 and its id; 0: not said; -1: answered. */
int api_of_device(struct core *c, const struct request *rq, struct asker *a,
    char id[40]);

/* May the caller see and print the jobs of this owner (api_delegate.c)? */
bool api_is_delegate(struct core *c, const struct caller *who,
    const char *owner_key);

/* Audit and commit with the turn; spoils the turn on failure. */
void api_audit(struct core *c, const struct caller *who, const char *what,
    const char *detail);

/* The directory of the path, for administrators; NULL: answered. */
struct directory_row;
const struct directory_row *api_directory_of(struct core *c,
    const struct request *rq, struct asker *a, const struct caller *who);

/* Erase all that is known of a person, as POST /users/NAME/erase does: 0,
 * -REL_E_NOTFOUND, -REL_E_NOTHELD a job is on its way, or the turn is spoilt. */
int person_forget(struct core *c, const char *key);

/* In the group GuestHosts, and no guest: 1, 0, or broken. */
int api_is_host(struct core *c, const struct caller *who);

json_t *user_json(struct core *c, const struct user *u);

/*
 * Of one person: {accounts:[{unit, balance, entries}], groups:[name]} into o,
 * at most so many entries of a unit, the newest. 0 or a broken store.
 */
int api_person_money(struct core *c, const char *key, int entries, json_t *o);

/* {"NAME":rows,"next":next}; takes rows; next may be NULL. */
void api_answer_list(struct core *c, struct asker *a, const char *name,
    json_t *rows, const char *next);

/* The same of what a store_*_list() gave: n rows, or negative and then it is
 * said that the database is broken. */
void api_answer_page(struct core *c, struct asker *a, const char *name,
    json_t *rows, int n, const char *next);

json_t *card_json(const struct card *k);
/* The number of a request into k, in the server's format; own: only one that
 * people may register themselves.  0, or answered. */
int api_card_number(struct core *c, const struct request *rq, struct asker *a,
    struct card *k, bool own);
json_t *device_json(struct core *c, const struct device *d);
/* All of it from the help desk up; others get what choosing a device needs. */
json_t *device_json_for(struct core *c, const struct device *d,
    enum caller_role role);
/* api_fleet.c: how it is, into o; what a request says of how it is asked
 * (NULL, or what is wrong); in one word: "ok", "warning", "stopped",
 * "offline", "away", "unknown"; and does it fit (each may be ""; condition
 * "trouble": any but ok and unknown). */
void device_fleet_json(struct core *c, const struct device *d, json_t *o);
const char *device_fleet_fill(const struct request *rq, struct device *d);
const char *device_condition(struct core *c, const struct device *d);
bool device_fits(struct core *c, const struct device *d, const char *group,
    const char *condition);
/* Is the name, in either case, one of "NAME,NAME"? */
bool device_in_group(const char *groups, const char *name);
json_t *device_supplies(struct core *c, const char *device);
/* Who was not heard of since then is away: five minutes; who is asked, three
 * questions of one that sleeps. */
struct device_since device_since(const struct core *c);
/* A device by id or by name; 0, or it has been answered (404). */
int device_find(struct core *c, struct asker *a, const char *id,
    struct device *d);

/*
 * api_seek.c: when the query has "q", answer with the rows that hold it and
 * say true.  of: cards of this user, accounts of this kind, supplies below so
 * many percent; 0: of all.
 */
enum api_seek_kind { SEEK_USERS, SEEK_CARDS, SEEK_DEVICES, SEEK_ACCOUNTS,
	SEEK_SUPPLIES };
bool api_seek(struct core *c, const struct request *rq, struct asker *a,
    enum api_seek_kind kind, int64_t of);

#endif
