/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/facts.h"
#include "lib/papers.h"

/*
 * All that is kept. Nothing outside store_*.c knows that it is SQLite. Every
 * write of one turn of the loop shares one transaction (core.h): a function
 * here that writes may only be called between store_begin() and
 * store_commit(). Times are milliseconds UTC. Returned texts are copies.
 *
 * A function returns 0 or a count; -REL_E_NOTFOUND, -REL_E_EXISTS and
 * -REL_E_NOTHELD are answers; any other negative value means that the
 * transaction cannot be trusted and must be rolled back.
 */
struct store;

int store_open(struct store **out, const char *path, struct rel_err *err);
void store_close(struct store **stp);

/* One write transaction. begin: -REL_E_PEER when another program holds it. */
int store_begin(struct store *st, struct rel_err *err);
int store_commit(struct store *st, struct rel_err *err);
void store_rollback(struct store *st);
bool store_is_open(const struct store *st);

/* The number of the newest schema step; what the file has now. */
int store_schema(const struct store *st);
#define STORE_SCHEMA 7

/* ---- jobs */

enum job_state {		/* stored: never renumber */
	JOB_HELD = 1, JOB_RELEASING = 2, JOB_SENT = 3, JOB_UNCONFIRMED = 4,
	JOB_EXPIRED = 5, JOB_DELETED = 6, JOB_REFUSED = 7
};
const char *job_state_name(enum job_state state);	/* "held" */
int job_state_of(const char *name);			/* 0 when none */

#define PIN_MAC_BYTES 32
#define SEALED_KEY_BYTES 60	/* rel_seal() of 32 bytes */

/* What comes out of a job, one copy, as it stands now (doc/pages.md). */
struct job_count {
	char language[24];
	char media[48];		/* PWG 5101.1 name of most sides; "" */
	int64_t pages;		/* of the document */
	int64_t sides, sheets, colour;
	int pages_sure, colour_sure;	/* enum rel_sure */
	int duplex;		/* enum rel_duplex */
	struct rel_papers papers;	/* of one copy; n 0: only media */
};

enum job_look {			/* stored: never renumber */
	LOOK_NONE = 0, LOOK_WANTED = 1, LOOK_IN_VAIN = 2
};

struct job {
	int64_t id;		/* unique across servers (ids.h) */
	int64_t node;
	char queue[128], uuid[64];
	int64_t document, cups_job;
	char user_key[84];	/* who may release it; rel_user_key() */
	char user[256];		/* as CUPS said it */
	char host[256], title[1024], format[128], options[2048];
	int64_t bytes;		/* of the document */
	int64_t copies;		/* 1..999 */
	char pin_scheme[16];	/* "" when not confidential */
	uint8_t pin_mac[PIN_MAC_BYTES];
	uint8_t sealed_key[SEALED_KEY_BYTES];
	bool has_doc;		/* the document is in the spool */
	enum job_state state;
	char reason[240];	/* why it is where it is, plain words; or "" */
	int64_t created_ms, expires_ms;
	char device_id[40], release_ref[16], released_by[84];
	int64_t released_ms, ended_ms, sent_bytes;
	int64_t journal;	/* number of the transfer journal, 0 for none */
	char changes[2048];	/* what its owner changed; as options */
	struct job_count count;	/* with options and changes */
	struct rel_application app;	/* what it was made with */
	enum job_look look;	/* must a render look at it? */
	bool confirmed;		/* its owner wants it though uncounted */
	struct job_count out;	/* what went to the device; sides 0: unknown */
	int64_t out_copies;
};

/* A new held job. -REL_E_EXISTS when (queue, uuid, document) is there. */
int store_job_add(struct store *st, const struct job *j);

int store_job_get(struct store *st, int64_t id, struct job *out);

/* The job that was last released with a reference. -REL_E_NOTFOUND. */
int store_job_by_ref(struct store *st, const char *ref, struct job *out);

/* The largest id there is; 0 for none. */
int store_job_last(struct store *st, int64_t *id);

/* Is there a job for this document? 1 and its id, or 0. */
int store_job_known(struct store *st, const char *queue, const char *uuid,
    int64_t document, int64_t *id);

/* The next free document number of a CUPS job, from 1. */
int store_job_next_document(struct store *st, const char *queue,
    const char *uuid);

/*
 * Jobs in order of arrival. user_key NULL for all; states: bits 1 << state;
 * after, before: the ids between which they are (before 0: no end); newest:
 * the last come first. Calls row for each; stops when it returns false.
 */
typedef bool (*store_job_row)(const struct job *j, void *ctx);
struct job_filter {
	const char *user_key;
	unsigned states;
	int64_t after, before;
	bool newest;
	int limit;
};
int store_job_list(struct store *st, const struct job_filter *f,
    store_job_row row, void *ctx);

/*
 * Search: what f says (but limit), on this device, from this queue, with these
 * words (folded, lib/fold.h) in user, host, id or title; each NULL for any.
 * titles_of: only titles of this user are looked into; NULL: all. Looks for
 * slice_ms at most and at most until ids has room no more; then f stands
 * where to go on, or ended is set. Returns how many ids.
 */
struct job_seek {
	struct job_filter f;
	const char *device_id, *queue, *words, *titles_of;
	int slice_ms;
	bool ended;
};
int store_job_seek(struct store *st, struct job_seek *s, int64_t *ids,
    int room);

/* What a user has at the panel (held, unconfirmed) behind an id. */
struct job_sum {
	int64_t jobs, confidential;
	int64_t unconfirmed;		/* that are not confidential */
	int64_t first_expiry_ms;
};
int store_job_sum(struct store *st, const char *user_key, int64_t after,
    int64_t now_ms, struct job_sum *out);

/* Held documents of one user; of all, and their bytes. */
int store_job_count(struct store *st, const char *user_key, int64_t *n);
int store_tally(struct store *st, int64_t *held, int64_t *bytes);
int store_count_state(struct store *st, enum job_state state, int64_t *n);

/*
 * Compare-and-set to JOB_RELEASING: from JOB_HELD, or from JOB_UNCONFIRMED
 * when `again`. -REL_E_NOTHELD when someone was first or it has expired.
 */
struct job_take {
	int64_t id, now_ms, journal;
	const char *device_id, *ref, *by;
	bool again;
};
int store_job_take(struct store *st, const struct job_take *t);

/*
 * A send was found for a job that waits in JOB_RELEASING, without a journal.
 * -REL_E_NOTHELD when it does not.
 */
int store_job_set_journal(struct store *st, int64_t id, int64_t journal);

/*
 * JOB_RELEASING to what became of it: JOB_SENT (the document goes, its key is
 * erased), JOB_UNCONFIRMED, or JOB_HELD again. -REL_E_NOTHELD if it is not
 * releasing.
 */
struct job_settle {
	int64_t id, now_ms, sent_bytes;
	enum job_state to;
	const char *reason;
};
int store_job_settle(struct store *st, const struct job_settle *s);

/* JOB_UNCONFIRMED to JOB_SENT: it is known that it came out. */
int store_job_confirm(struct store *st, int64_t id, int64_t now_ms);

/*
 * JOB_HELD or JOB_UNCONFIRMED to JOB_DELETED or JOB_EXPIRED: the document goes
 * and its key is erased. -REL_E_NOTHELD.
 */
int store_job_end(struct store *st, int64_t id, enum job_state to,
    const char *reason, int64_t now_ms);

int store_job_set_copies(struct store *st, int64_t id, int64_t copies);

/* A job that waits does so until then. -REL_E_NOTHELD, also when it is over. */
int store_job_keep(struct store *st, int64_t id, int64_t expires_ms,
    int64_t now_ms);

/* ---- its pages (store_pages.c) */

/* The facts of the document itself. -REL_E_NOTFOUND when there are none. */
int store_job_facts(struct store *st, int64_t id, struct rel_facts *out);
int store_job_set_facts(struct store *st, int64_t id,
    const struct rel_facts *f);
int store_job_set_application(struct store *st, int64_t id,
    const struct rel_application *a);
/* -REL_E_NOTHELD when the document is gone. */
int store_job_set_changes(struct store *st, int64_t id, const char *changes);
int store_job_set_count(struct store *st, int64_t id,
    const struct job_count *n);
int store_job_set_out(struct store *st, int64_t id, const struct job_count *n,
    int64_t copies);
int store_job_set_look(struct store *st, int64_t id, enum job_look look);
int store_job_set_confirmed(struct store *st, int64_t id);
/* The oldest held jobs a render must look at, behind an id. How many. */
int store_job_looks(struct store *st, int64_t after, int64_t *ids, int limit);

int store_job_set_reason(struct store *st, int64_t id, const char *reason);

/* Ids of held jobs past their time; at most limit. Returns how many. */
int store_job_due(struct store *st, int64_t now_ms, int64_t *ids, int limit);

/* Remove records that ended before a time; at most limit. Returns how many. */
int store_job_forget(struct store *st, int64_t before_ms, int limit);

/* The story of a job, for `explain`. */
int store_event_add(struct store *st, int64_t job, int64_t at_ms,
    const char *kind, const char *text);
typedef bool (*store_event_row)(int64_t at_ms, const char *kind,
    const char *text, void *ctx);
int store_event_list(struct store *st, int64_t job, store_event_row row,
    void *ctx);

/* ---- users and cards */

struct user {
	int64_t id;
	char key[84], name[84];
	char display[129], mail[255], department[65], locale[16];
	char password[200], card_pin[200];	/* verifiers, "" for none */
	bool has_idnum;
	uint8_t idnum_mac[32];
	bool disabled;
	int64_t cards;				/* how many */
	int64_t wrong_pins;			/* in a row, confidential jobs */
	int64_t directory;			/* where the password is; 0 here */
	int64_t card_until_ms;			/* store_user_by_card(): of that card,
						 * 0 for ever */
	int64_t card_from_ms;			/* likewise; 0 since ever */
	int64_t created_ms;
};

int store_user_add(struct store *st, const struct user *u);
int store_user_get(struct store *st, const char *key, struct user *out);
int store_user_by_id(struct store *st, int64_t id, struct user *out);
int store_user_by_idnum(struct store *st, const uint8_t mac[32],
    struct user *out);
int store_user_by_card(struct store *st, const uint8_t mac[32],
    struct user *out);
int store_user_set(struct store *st, const struct user *u);
int store_user_del(struct store *st, const char *key);
typedef bool (*store_user_row)(const struct user *u, void *ctx);
int store_user_list(struct store *st, const char *after_key, int limit,
    store_user_row row, void *ctx);
int store_user_total(struct store *st, int64_t *n);
int store_user_wrong_pins(struct store *st, int64_t id, int64_t n);

struct card {
	int64_t id, user_id;
	char user[84];
	uint8_t mac[32];
	char tail[8];		/* last characters, for people */
	int64_t created_ms;
	int64_t valid_until_ms;	/* a card that is lent; 0 for ever */
	int64_t valid_from_ms;
};
/* Takes the place of a card of the same number that is no longer valid. */
int store_card_add(struct store *st, const struct card *c);
int store_card_get(struct store *st, int64_t id, struct card *out);
int store_card_del(struct store *st, int64_t id);
typedef bool (*store_card_row)(const struct card *c, void *ctx);
int store_card_list(struct store *st, int64_t user_id, int64_t after,
    int limit, store_card_row row, void *ctx);	/* user_id 0: all */

/* ---- users in bulk (store_import.c) */

/* A point inside the transaction: keep what came after it, or undo that. */
int store_point(struct store *st);
int store_point_keep(struct store *st);
int store_point_back(struct store *st);

/* A user and the cards as bytes, hashes included, and back. cards has room
 * for STORE_IMAGE_CARDS. -REL_E_FORMAT for what is no image. */
#define STORE_IMAGE_CARDS 100u
struct rel_buf;
void store_image_put(struct rel_buf *b, const struct user *u,
    const struct card *cards, size_t ncards);
int store_image_get(const void *p, size_t n, struct user *u,
    struct card *cards, size_t *ncards);

/* What the last import did to a user. */
enum undo_what {		/* stored: never renumber */
	UNDO_NEW = 1, UNDO_CHANGED = 2, UNDO_DELETED = 3
};
struct undo_row {
	int64_t user_id;
	char key[84];
	enum undo_what what;
	const void *before;	/* image; NULL for UNDO_NEW. Borrowed */
	size_t before_len;
	uint8_t after[32];	/* SHA-256 of the image; not UNDO_DELETED */
};
int store_undo_clear(struct store *st);
int store_undo_add(struct store *st, const struct undo_row *r);
typedef bool (*store_undo_fn)(const struct undo_row *r, void *ctx);
int store_undo_list(struct store *st, store_undo_fn row, void *ctx);

/* The keys of all users, in order. */
typedef bool (*store_key_fn)(int64_t id, const char *key, void *ctx);
int store_user_keys(struct store *st, store_key_fn row, void *ctx);

/* ---- one person (store_person.c) */

/*
 * Each text in which a name may stand (events and reasons of jobs, who
 * released them, the audit log): fn gives true and out when it must change.
 * Returns how many did.
 */
typedef bool (*store_text_fn)(const char *text, char *out, size_t size,
    void *ctx);
int store_texts(struct store *st, store_text_fn fn, void *ctx);

/* Kept answers for which fn says true go. */
typedef bool (*store_body_fn)(const void *body, size_t n, void *ctx);
int store_answers_forget(struct store *st, store_body_fn fn, void *ctx);

/*
 * The role, the delegates in both directions, the groups and the quota of its
 * own go: for good, or so that store_rights_back() brings them back; what
 * others were given since stays.
 */
int store_person_rights(struct store *st, const char *key);
int store_rights_aside(struct store *st, const char *key);
int store_rights_back(struct store *st);
/* Role and delegates given since then go. */
int store_rights_since(struct store *st, const char *key, int64_t since_ms);

/* The user, cards and code go; in jobs and figures stands the pseudonym. */
int store_person_erase(struct store *st, const char *key,
    const char *pseudonym);

/* ---- one-time codes (store_code.c) */

/* The code of a user from now on; an older one is good no more. */
int store_code_set(struct store *st, int64_t user_id, const uint8_t mac[32],
    int64_t expires_ms, const char *device);
/* Whose code is it at this device?  -REL_E_NOTFOUND when there is none, it has
 * expired, or is good at another device ("" when it was set: at each). */
int store_code_user(struct store *st, const uint8_t mac[32], int64_t now_ms,
    const char *device, struct user *out);
/* It is used: 0 for the first, -REL_E_NOTFOUND for everybody after. */
int store_code_take(struct store *st, const uint8_t mac[32], int64_t now_ms);
int store_code_forget(struct store *st, int64_t now_ms);

/* Failed log-ins of a subject ("u:anna", "d:DEVICE", "a:ADDRESS" with
 * wrong activation keys, "h:ADDRESS" over HTTPS). */
struct lockout {
	int64_t fails, first_ms, until_ms;
};
int store_lockout_get(struct store *st, const char *subject,
    struct lockout *out);
int store_lockout_set(struct store *st, const char *subject,
    const struct lockout *l);
int store_lockout_forget(struct store *st, int64_t before_ms);
typedef bool (*store_lockout_row)(const char *subject,
    const struct lockout *l, void *ctx);
/* Those that are locked out at now_ms, the longest first. */
int store_lockout_list(struct store *st, int64_t now_ms, int limit,
    store_lockout_row row, void *ctx);

/* ---- devices */

struct device {
	char id[40];			/* UUID */
	char name[65], serial[65], vendor[65], model[129], firmware[65];
	char location[129], features[1024], status[4096];
	int64_t state;			/* 0 waiting, 1 registered, 2 removed */
	char cert_fp[65], prev_fp[65];	/* hex SHA-256 of certificates */
	char token[65], server_token[65];/* hex SHA-256, for auth "token" */
	char lpr_host[254], lpr_queue[256];
	int64_t lpr_port, data_first;
	char driver[256];		/* device_driver_ok() */
	int64_t level;			/* of OPDP: 1 panel, 2 control, 3 usage */
	char groups[512];		/* it belongs to: "2nd floor,colour" */
	/* the fleet: how it is asked ("" not at all), where, and as whom */
	char address[254], protocol[24];/* name of a driver */
	char api_url[300], api_pin[80];	/* of OPDP or IPP; SHA-256, hex */
	int64_t snmp, snmp_port;	/* a set of credentials, 0 as it comes */
	char transport[8];		/* of documents: lpr ipp ipps driver */
	int64_t locked_ms;		/* its panel is locked since; 0 not */
	char ipp_uri[300], ipp_pin[80];	/* "" as usual; SHA-256, hex */
	int64_t session_push;		/* OPDP: the server opens sessions */
	int64_t renew_ms;		/* its certificate grows old then; 0 */
	char want_serial[65];		/* the serial its key is for; "" any */
	uint8_t key_hash[32];		/* activation key */
	bool has_key;
	int64_t key_expires_ms, key_wrong;
	int64_t created_ms, registered_ms, seen_ms, last_number;
};
int store_device_add(struct store *st, const struct device *d);
int store_device_get(struct store *st, const char *id, struct device *out);
int store_device_by_name(struct store *st, const char *name,
    struct device *out);
int store_device_name(struct store *st, const char *id, char name[65]);
int store_device_by_key(struct store *st, const uint8_t hash[32],
    struct device *out);
int store_device_by_serial(struct store *st, const char *serial,
    struct device *out);
int store_device_by_token(struct store *st, const char *token,
    struct device *out);
int store_device_set(struct store *st, const struct device *d);
int store_device_seen(struct store *st, const char *id, int64_t seen_ms);
/* The key it showed; one that is known already stays. */
int store_device_ipp_pin(struct store *st, const char *id, const char *pin);
/* What it said of its state, as JSON. */
int store_device_status(struct store *st, const char *id, const char *status,
    int64_t seen_ms);
typedef bool (*store_device_row)(const struct device *d, void *ctx);
int store_device_list(struct store *st, const char *after_name, int limit,
    store_device_row row, void *ctx);	/* by name; without removed ones */
int store_device_total(struct store *st, int64_t *n);
/* Each list of groups that devices have, and how many have it. */
typedef void (*store_device_groups_row)(const char *groups, int64_t n,
    void *ctx);
int store_device_groups(struct store *st, store_device_groups_row row,
    void *ctx);
/* Devices that had exactly these groups have those. */
int store_device_groups_moved(struct store *st, const char *from,
    const char *to);
int store_device_groups_set(struct store *st, const char *id,
    const char *groups);
/*
 * How devices are: silent were not heard of since then, trouble said that they
 * stopped or why they are about to.  row is called for those, by name.
 */
struct device_since {
	int64_t called_ms;		/* of those that call by themselves */
	int64_t asked_ms;		/* of those that are asked */
};
struct device_tally {
	int64_t all, without_panel, silent, trouble;
};
int store_device_tally(struct store *st, const struct device_since *since,
    struct device_tally *out);
int store_device_attention(struct store *st, const struct device_since *since,
    int limit, store_device_row row, void *ctx);

/* ---- answers kept for 24 h, so that a repeated request changes nothing */

struct kept_answer {
	uint8_t body_mac[32];
	int64_t at_ms;
	int status;
	char problem[40];
	char *body;			/* owned; free() */
	size_t body_len;
};
int store_answer_get(struct store *st, const char *peer, const char *key,
    struct kept_answer *out);
int store_answer_add(struct store *st, const char *peer, const char *key,
    const struct kept_answer *a);
int store_answer_forget(struct store *st, int64_t before_ms);

/* ---- delegates (store_delegate.c) */
struct delegate {
	char owner_key[84], owner_name[84];
	char key[84], name[84];		/* who may fetch the owner's jobs */
	int64_t until_ms;		/* 0 for ever */
	int64_t created_ms;
};
int store_delegate_set(struct store *st, const struct delegate *d);
int store_delegate_del(struct store *st, const char *owner_key,
    const char *key);
/* 1 yes, 0 no, negative REL_E_*. */
int store_delegate_is(struct store *st, const char *owner_key,
    const char *key, int64_t now_ms);
typedef bool (*store_delegate_row)(const struct delegate *d, void *ctx);
/* Those of owner_key, or (owner_key NULL) those who made key theirs. */
int store_delegate_list(struct store *st, const char *owner_key,
    const char *key, store_delegate_row row, void *ctx);

/* ---- roles (store_role.c) */
struct role_row {
	char key[84], name[84];
	int role;			/* enum caller_role */
	char given_by[84];
	int64_t given_ms;
};
int store_role_get(struct store *st, const char *key, int *role);
int store_role_set(struct store *st, const struct role_row *r);
int store_role_del(struct store *st, const char *key);
typedef bool (*store_role_row)(const struct role_row *r, void *ctx);
int store_role_list(struct store *st, store_role_row row, void *ctx);

/* ---- what came out, by the hour (store_usage.c) */

struct usage_sum {
	int64_t jobs, sheets, sides, colour;
	int64_t uncounted;		/* jobs whose pages nobody knows */
};
struct usage {
	int64_t hour_ms;		/* the hour's first moment */
	char user_key[84], device_id[40];
	char queue[128];		/* or "/copy", "/scan": no job of ours */
	bool no_paper;			/* store_usage_add(): not in the sums of all */
	struct usage_sum sum;
};
int store_usage_add(struct store *st, const struct usage *u);

/*
 * Goes on behind `seen` (at first an hour before the first that is wanted,
 * and empty texts), in order of time, before to_ms; calls row for each and
 * returns how many were looked at: less than limit at the end. sums: texts do
 * not matter, so each hour may come as one row without them.
 */
struct usage_filter {
	const char *user_key, *device_id;	/* NULL: all */
	int64_t to_ms;
	bool sums;
	struct usage seen;
};
typedef void (*store_usage_row)(const struct usage *u, void *ctx);
int store_usage_list(struct store *st, struct usage_filter *f, int limit,
    store_usage_row row, void *ctx);
int store_usage_forget(struct store *st, int64_t before_ms, int limit);

/* ---- audit */
int store_audit(struct store *st, int64_t at_ms, const char *who,
    const char *what, const char *detail);

struct audit {
	int64_t id, at_ms;
	char who[128], what[64], detail[512];
};
struct audit_filter {
	const char *who, *what;		/* NULL: any */
	int64_t from_ms, to_ms;		/* 0: any */
	int64_t after_ms, after;	/* last of the page before; or 0 */
	int limit;
};
typedef void (*store_audit_row)(const struct audit *a, void *ctx);
/* Newest first. Returns how many. */
int store_audit_list(struct store *st, const struct audit_filter *f,
    store_audit_row row, void *ctx);
int store_audit_forget(struct store *st, int64_t before_ms, int limit);

#endif
