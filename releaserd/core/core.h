/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CORE_H
#define CORE_H

#include <jansson.h>

#include "lib/intake.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/ticket.h"
#include "releaserd/core/store.h"
#include "releaserd/core/template.h"
#include "releaserd/request.h"
#include "releaserd/role.h"

/*
 * core: database, spool folder, host key, every decision.  It never waits for
 * a network, a hash or a device.
 *
 * One turn: whatever the loop has ready is handled; writes share one
 * transaction; the commit ends the turn; only then do answers go out and
 * transfers start.  If the commit fails, everyone who waited is told to try
 * again and nothing has happened.
 */
struct core {
	struct role *role;
	struct store *st;
	int spool_dir;			/* descriptor */
	bool spool_dirty;		/* a new file's name is not yet on disk */
	bool in_doubt;			/* turn.c: a failed commit may count yet */

	uint8_t host_key[32];
	uint8_t card_key[32], pin_key[32], idnum_key[32], answer_key[32];
	uint8_t code_key[32], card_pin_key[32], sync_key[32];
	uint8_t form_key[32];
	uint8_t server_key[32];		/* of what we show to devices */
	struct ca *ca;
	struct ca_client *server_client;

	/* the turn (turn.c) */
	struct event *commit_ev;
	struct deferred *deferred, **deferred_tail;
	bool turn_failed;
	int64_t busy_until_ms;		/* another program writes (monotonic) */

	/* the others (peers.c) */
	struct peer *nets, *agents, *sends, *renders, *drivers;
	uint64_t next_serial;

	/* areas; each belongs to the file of its name */
	struct intake *intake;
	struct releases *releases;
	struct works *works;
	struct making *makings;
	struct sessions *sessions;
	struct lists *lists;
	struct devices *devices;
	struct fleet *fleet;		/* fleet.c */
	struct links *links;		/* link.c */
	struct api_users *who;
	struct logins *logins;
	struct directories *directories;
	struct offline *offline;	/* offline.c */
	struct access_control *access;
	uint64_t device_changes;	/* device.c: counts up */
	struct syncs *syncs;
	struct discovery *discovery;
	struct snmp_sets *snmp;		/* snmp_access.c */
	struct backup *backup;
	struct templates *templates;
	struct cards *cards;
	struct listeners *listeners;	/* listen.c */
	struct admin *admin;
	struct certs *certs;
	struct prices *prices;
	struct policy *policy;
	bool mailing;			/* an agent has a mail (mail.c) */
	char settings_wait[200];	/* names of those that wait for the
					 * next start of releaserd */

	struct slices *slices;
	struct quotas *quotas;
	struct checking *checking;	/* of the ledger */
	struct postures *postures;	/* posture_run.c */

	struct event *tick_ev;		/* each second */
	unsigned ticks;
	bool ending;			/* nobody is answered any more */
	bool more_due;			/* jobs to expire at the next tick */
	int64_t started_ms;
	char dummy_verifier[200];	/* a password nobody has */
};

/* ---- turn.c */

/* Make sure a transaction is open. -REL_E_PEER: try later. */
int core_write(struct core *c, struct rel_err *err);

/* A write failed in a way that spoils the turn; returns rc. */
int core_spoil(struct core *c, int rc);

/* Run fn when the turn's writes are on disk (ok) or undone (!ok); at once
 * when nothing is being written. fn owns arg. */
typedef void (*core_later)(struct core *c, void *arg, bool ok);
void core_defer(struct core *c, core_later fn, void *arg);

int turn_init(struct core *c);
void turn_fini(struct core *c);

/* ---- slices.c */

/*
 * Long reading, a slice of few milliseconds at a time: fn runs at once, and as
 * long as it returns true again after whatever else core has to do. go_on
 * false: core ends; answer nobody, free arg. Negative: nothing has run.
 */
typedef bool (*core_slice)(struct core *c, void *arg, bool go_on);
int core_slices(struct core *c, core_slice fn, void *arg);
void slices_fini(struct core *c);

/* ---- peers.c: channels to the others */

struct peer {
	struct core *core;
	enum ipc_role role;
	uint32_t index;
	uint64_t serial;		/* never used twice */
	struct ipc_chan *chan;
	int64_t journal;		/* send: number of its journal file */
	int64_t job;			/* send: what it works on, 0 idle */
	struct lane *lane;		/* send: of the device that gets it */
	bool used;			/* send, render: its one job has gone */
	unsigned busy;			/* agent, driver: questions it has */
	unsigned slow;			/* of these, those that dial out */
	bool blocked;			/* by one of them */
	unsigned share;			/* others may have died of what it has: no
					 * more than so many together; 0: none did */
	bool hung;			/* does not answer: is ended by super */
	int at_fd;			/* driver: a file with the id of the question
					 * it is at; -1 */
	struct peer *next;
};

void peers_add(struct core *c, enum ipc_role who, uint32_t index, int fd);
struct peer *peers_find(struct core *c, uint64_t serial);
void peers_fini(struct core *c);

/* ---- ask.c: questions to agents and to drivers */

/*
 * Ask one of them; the answer comes to done (or fr NULL when it died over it,
 * or core ends). Body and frame are borrowed. -REL_E_FULL: too many wait.
 */
typedef void (*agent_done)(struct core *c, struct rel_frame *fr, void *ctx);
struct ask_for {
	enum ipc_role role;		/* ROLE_AGENT, ROLE_DRIVER */
	unsigned type;
	uint64_t only;			/* no other will do; 0: any */
	uint32_t place;			/* driver: equal ones go to the same */
	uint32_t deadline_ms;		/* driver: it hangs 5 s behind that */
	bool never;			/* nobody: fr is NULL within a second */
};
int ask_peer(struct core *c, const struct ask_for *a, const struct rel_buf *body,
    agent_done done, void *ctx);
int agent_ask(struct core *c, unsigned type, const struct rel_buf *body,
    agent_done done, void *ctx);
/* The agent that has most room for what waits for others, 0: none has; and a
 * question that only that one can answer: fr is NULL, too, when it is gone. */
uint64_t agent_choose(struct core *c);
int agent_ask_one(struct core *c, uint64_t only, unsigned type,
    const struct rel_buf *body, agent_done done, void *ctx);

/* So many questions to directories agents have at once. */
unsigned agents_wait_for(const struct core *c);

/* How many of them there are, and questions they have or that wait. */
struct ask_tally {
	unsigned peers, asked, waiting;
};
void ask_count(const struct core *c, enum ipc_role role,
    struct ask_tally *out);

/* Each second: who hangs?  And what peers.c hears. */
void ask_tick(struct core *c);
void asked_answered(struct peer *p, struct rel_frame *fr);
void asked_gone(struct core *c, const struct peer *gone);
void asked_ready(struct core *c, enum ipc_role role);
/* A driver shows which question it is at: takes the frame's descriptor. */
void asked_shown(struct peer *p, struct rel_frame *fr);
void asked_fini(struct core *c);

/* ---- reply.c: the way back to net */

/* Who asked, long enough to answer after a wait. */
struct asker {
	uint64_t peer;
	uint32_t frame_id;
	char idem_peer[72], idem_key[80];
	uint8_t body_mac[32];
	bool keep;			/* the answer is kept in the store */
	bool keep_short;		/* ... in memory only (log-in) */
};

/* Answer with JSON (status 200..299); takes the reference of body. */
void reply_json(struct core *c, const struct asker *a, int status,
    json_t *body);
/* Answer with JSON text that is ready. */
void reply_text(struct core *c, const struct asker *a, int status,
    const char *text, size_t len);
/* Answer with a problem of doc/opdp.md; retry_s 0 for none. */
void reply_problem(struct core *c, const struct asker *a, const char *code,
    unsigned retry_s, const char *detail, ...)
    __attribute__((format(printf, 5, 6)));
/* The same for one member or setting at fault, which the answer names. */
void reply_field(struct core *c, const struct asker *a, const char *code,
    const char *field, const char *detail);
/* Answer for a negative REL_E_* of the store: try again. */
void reply_broken(struct core *c, const struct asker *a, int rc);

/* A log-in begins whose answer will be kept in memory. */
void reply_mark(const struct asker *a);
/* 1: a kept answer was sent again (or a conflict named); 0: go on. */
int reply_replay(struct core *c, struct asker *a);
void reply_expire(struct core *c);
void reply_fini(struct core *c);

/* ---- ids.c */
int ids_init(struct core *c);		/* go on behind what is stored */
int64_t ids_next(struct core *c);	/* node, time and a counter, 63 bits */
void ids_job_text(char out[24], int64_t id);	/* "j-0ABC..." */
int64_t ids_of_time(int64_t ms);	/* the least that is made from then on */
const char *ids_text(int64_t id);	/* for logs; good for four calls */
bool ids_job_parse(int64_t *id, const char *text);
void ids_uuid(char out[37]);		/* RFC 9562 version 4 */
void ids_ref(char out[16]);		/* release reference, 10 of base32 */
void ids_token(char *out, unsigned bytes);	/* random, hex */
void ids_secret(char out[44]);		/* 32 random bytes, base64url */

/* ---- keys.c: what is derived from the host key */
int keys_init(struct core *c, struct rel_err *err);
void keys_mac(uint8_t out[32], const uint8_t key[32], const void *p, size_t n);
void keys_sha256(uint8_t out[32], const void *p, size_t n);
void keys_fini(struct core *c);

/* ---- ca.c: certificates of devices */
int ca_init(struct core *c, struct rel_err *err);
void ca_fini(struct core *c);
/* Sign a key (hex DER SPKI) for a device; PEM and hex fingerprint. */
struct ca_cert {
	char pem[4096], fp[65];
	int64_t renew_after_ms, end_ms;
};
int ca_sign(struct core *c, const char *spki_hex, const char *device_id,
    struct ca_cert *out, struct rel_err *err);
const char *ca_pem(const struct core *c);

/* ---- intake.c: backends */
int intake_init(struct core *c, int listener);
void intake_fini(struct core *c);
void intake_sweep(struct core *c);	/* files nobody knows, a few a tick */

/* ---- job.c: what happens to a held job */

/* Names the spool file of a job. */
void job_file(char out[40], int64_t id);
/* After a job's end is on disk: the document goes. */
void job_wipe_later(struct core *c, int64_t id);
void job_event(struct core *c, int64_t id, const char *kind, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));
/* Delete for a person; 0 or -REL_E_NOTHELD or a broken store. */
int job_delete(struct core *c, const struct job *j, const char *by);
/* Its time begins anew; the same returns. */
int job_keep(struct core *c, const struct job *j, const char *by);
bool job_expire_due(struct core *c);	/* true: there may be more */
/* The PIN of a job, as kept; and does this PIN open it? */
int job_pin_set(struct core *c, struct job *j, const char *scheme,
    const char *pin, struct rel_err *err);
bool job_pin_opens(const struct core *c, const struct job *j,
    const char *pin);
json_t *job_json(struct core *c, const struct job *j);	/* local API */

/* ---- release.c: from tap to paper */
int releases_init(struct core *c);
void releases_fini(struct core *c);
/* What was in flight when core ended; at the start, and each tick. */
int releases_recover(struct core *c);
void releases_tick(struct core *c);
void releases_send_ready(struct core *c, struct peer *send);
void releases_send_frame(struct core *c, struct peer *send,
    struct rel_frame *fr);
void releases_send_gone(struct core *c, struct peer *send);
struct caller;
struct release_order {
	const struct device *device;
	const char *by;			/* user key, or "admin:NAME" */
	int copies;			/* 0: as held */
	const char *options;		/* changes for this time, or NULL */
	bool again;			/* an unconfirmed job may go once more */
	bool confirm;			/* what is asked about it is answered: yes */
	bool operator;			/* who is not asked */
	/* Whose functions count: one of these, or neither. */
	const struct session *session;
	const struct caller *caller;
};
struct released {
	char ref[16];			/* taken: the reference */
	const char *code;		/* else the problem (doc/opdp.md) */
	char text[240];			/* and why, plain words */
	char suggest[128];		/* a device that is cheaper, or "" */
	char name[128];			/* whom it hangs on: a group, an account */
	bool priced;			/* taken: it costs so much */
	int64_t cost_micro, impressions;	/* impressions -1: unknown */
	int unit;			/* quota-exceeded: enum money_unit */
	int64_t need, left;
	bool own;			/* of the owner's account, not of `name` */
	int64_t template_id;		/* template-needed: which */
};
/*
 * Take the job (compare-and-set), in the turn's transaction.  0;
 * -REL_E_NOTHELD; -REL_E_DENIED and out says why; or the turn is spoilt.
 */
int release_job(struct core *c, const struct job *j,
    const struct release_order *o, struct released *out);
/* The document of a taken job is made: on to a send. */
void release_made(struct core *c, int64_t job);
/* It could not be made: held again, with the reason. */
void release_settle(struct core *c, const struct send_result *r);
int releases_waiting(const struct core *c);
/* A journal of an earlier run that nobody needs any more? */
bool releases_journal_is_stray(struct core *c, int64_t number);

/* ---- pages.c: what comes out of a job, and what is to be made of it */

/* The options it came with and what was changed since. */
void pages_ticket(const struct job *j, struct rel_ticket *t);
/* A document that render can alter: not in a printer's own language. */
bool pages_can_change(const struct job *j);
/* Must a new document be made for this device, or do the held bytes go? */
bool pages_must_make(struct core *c, const struct job *j,
    const struct rel_ticket *t, const struct device *d);
/* Fill j->count from the facts of the document; applied: they have the
 * options it came with in them already. */
void pages_count(struct job *j, const struct rel_facts *f, bool applied);
void pages_count_of(const struct rel_facts *f, struct job_count *out);
/* The same of what a render has made, with its papers. */
void pages_count_made(const struct rel_facts *f, struct job_count *out);
/* By size of paper, and the one most sides have. */
void pages_papers(struct job_count *n, const struct rel_ticket *t,
    const struct rel_facts *in, const struct rel_facts *counted);
/* Store facts and count (and look) of a job that is in the store. */
int pages_store(struct core *c, struct job *j, const struct rel_facts *f);
/* May it go out though nobody knows its pages? NULL, or the problem code. */
const char *pages_unknown_problem(const struct core *c, const struct job *j);
/* One change, as OPDP words it; nothing is stored. err: plain words. */
int pages_change(struct job *j, const char *options, struct rel_err *err);
/* Charge j to this account: 1, nothing is stored; 0 it is already so. */
int pages_charge(struct job *j, const char *account);
/* Store what pages_change() made of j. 0, -REL_E_NOTHELD or broken. */
int pages_save(struct core *c, const struct job *was, struct job *j,
    const char *by);
/* "3 sides, 1 in colour" for the story of a job. */
void pages_words(char *out, size_t size, const struct job_count *n);
/* "made with Writer (LibreOffice 7.4), as the PDF's own Info says"; "". */
void pages_application_words(char *out, size_t size,
    const struct rel_application *a);	/* size >= 400 */
json_t *pages_application_json(const struct job *j);
json_t *pages_json(struct core *c, const struct job *j);	/* "pages" */
json_t *pages_options_json(const struct job *j);		/* "options" */
const char *pages_colour_word(const struct job *j);	/* NULL unknown */
const char *pages_sides_word(const struct job *j);

/* ---- render.c: the renders and what they are asked */
int works_init(struct core *c);
void works_fini(struct core *c);
void works_tick(struct core *c);
void works_look(struct core *c);	/* the next document, if none is at it */
void works_render_ready(struct core *c, struct peer *render);
void works_render_frame(struct core *c, struct peer *render,
    struct rel_frame *fr);
void works_render_gone(struct core *c, struct peer *render);
struct work_order {
	enum render_op op;
	int64_t job;
	const struct rel_ticket *ticket;	/* NULL: none */
	const char *driver;			/* RENDER_MAKE */
	struct render_how how;			/* the same */
	uint32_t preview_px;
};
/*
 * Comes once: with the result (borrowed; for RENDER_MAKE the key of the made
 * file), or r NULL when nobody could do it. name: see made_file().
 */
typedef void (*work_done)(struct core *c, const struct render_result *r,
    const uint8_t key[32], void *ctx);
int work_ask(struct core *c, const struct work_order *o, work_done done,
    void *ctx);
void made_file(char out[40], int64_t job);

/* ---- make.c: documents that are altered before they go out */
struct making {
	int64_t job;
	bool ready;			/* the file is there; what follows is set */
	uint8_t key[32];
	uint64_t bytes;
	uint32_t wanted;		/* copies that were asked for */
	uint32_t copies;		/* the device must still make */
	char format[64];		/* MIME type of what was made */
	struct job_count out;
	struct making *next;
};
/* The row is taken and on disk: have it made. t gets its stamp. */
int make_start(struct core *c, const struct job *j, struct rel_ticket *t,
    const char *driver, const struct render_how *how);
struct making *make_find(const struct core *c, int64_t job);
void make_drop(struct core *c, int64_t job);
void make_fini(struct core *c);

/* ---- session.c: who stands at which panel */
struct session {
	char id[37];
	char device_id[40];
	char method[16];
	struct user user;
	char locale[8];
	int64_t opened_ms, expires_ms, touched_ms;	/* wall, wall, mono */
	int64_t *unlocked;		/* confidential jobs opened by PIN, */
	size_t nunlocked, room;		/* in order */
	char account[84];		/* who pays from now on; "" each job's */
	struct proof proof[PROOFS_MAX];	/* what this person has proven */
	unsigned nproofs;
	bool half;			/* more must be proven (login_step.c) */
	struct access_set *access;	/* access.c: what the table says */
	struct session *next_touched, *prev_touched;
};
int sessions_init(struct core *c);
void sessions_fini(struct core *c);
struct session *session_open(struct core *c, const char *device_id,
    const struct user *u, const char *method, const char *locale);
/* NULL when unknown, expired or of another device. */
struct session *session_find(struct core *c, const char *id,
    const char *device_id);
/* The same of a log-in that is half done, which session_find() never finds. */
struct session *session_half(struct core *c, const char *id,
    const char *device_id);
/* Once more, or for the first time, this has been proven. */
void session_prove(struct session *s, const struct proof *proof);
/* It is this person's (again, or of a session that was nobody's). */
void session_is_of(struct session *s, const struct user *u);
/* Who has it, kept for records that come when it is over. */
void session_keep(struct core *c, const struct session *s);
struct session *session_at(struct core *c, const char *device_id);
void session_touch(struct core *c, struct session *s);
void session_close(struct core *c, struct session *s);
void sessions_close_user(struct core *c, int64_t user_id);
void sessions_close_device(struct core *c, const char *device_id);
void sessions_expire(struct core *c);
bool session_unlocked(const struct session *s, int64_t job);
int session_unlock(struct session *s, int64_t job);

/* ---- list.c: the jobs of a user as the panel shows them */
int lists_init(struct core *c);
void lists_fini(struct core *c);
void lists_forget(struct core *c, const char *user_key);	/* they changed */
void lists_forget_all(struct core *c);
/* {"result":"ok","jobs":[..],"next":..,"total":n}; borrowed until changed. */
int list_text(struct core *c, struct session *s, int64_t after,
    const char **text, size_t *len);
/* Rows for a menu; total and confidential counts. References are new. */
struct list_rows {
	json_t *rows;
	int64_t total, locked, may_have_printed;
	int64_t next;			/* cursor, 0 for none */
};
int list_rows(struct core *c, const struct session *s, int64_t after,
    struct list_rows *out);

/* ---- api.c: where people open the pages, "https://print.example.com:631" */
void pages_url(const struct core *c, char out[300]);

/* ---- menu.c, words.c */
const char *word(const char *locale, const char *key);	/* UTF-8 */
const char *word_locale(const char *wanted);		/* "de" or "en" */
struct notice {
	const char *level;		/* "info", "warning", "error" */
	char text[400];
};
json_t *menu_pin(struct core *c, const struct session *s,
    const struct notice *n);
/* Options of chosen jobs, as j has them; and "its pages are unknown". */
json_t *menu_options(struct core *c, const struct session *s,
    const struct job *j, const struct req_job *jobs, size_t njobs);
json_t *menu_confirm(struct core *c, const struct session *s,
    const struct req_job *jobs, size_t njobs);
/* A question of a rule about j; rest: jobs that are asked after it. */
struct wait;
json_t *menu_question(struct core *c, const struct session *s,
    const struct job *j, const struct wait *w, const struct req_job *rest,
    size_t nrest);
/* Who pays: shared accounts and billing codes, from a cursor on. */
json_t *menu_accounts(struct core *c, const struct session *s,
    const char *cursor, const struct notice *n);
json_t *menu_jobs(struct core *c, const struct session *s, int64_t after,
    const struct notice *n);

/* ---- login.c */
void login(struct core *c, const struct request *rq, const struct asker *a,
    const struct device *d);
void login_register_card(struct core *c, const struct request *rq,
    const struct asker *a, const struct device *d);
/* The keyed hash of a card or ID number. false: not a card number. */
bool card_mac(const struct core *c, uint8_t mac[32], char tail[8],
    const char *value, const char *encoding);
bool idnum_mac(const struct core *c, uint8_t mac[32], const char *value);
/* The PIN of a card as an import keeps it: a keyed hash, bound to the user. */
void import_pin(const struct core *c, int64_t user, const char *pin,
    char out[200]);
/* A new one-time code, "7K3QX-9M2TA", and its keyed hash; that of one that
 * was typed (case, blanks and the dash do not matter). */
#define CODE_TEXT 12
void code_new(const struct core *c, char text[CODE_TEXT], uint8_t mac[32]);
bool code_mac(const struct core *c, uint8_t mac[32], const char *value);
/* ---- lockout.c: count a failure; > 0: seconds of the lockout that is on */
int lockout_state(struct core *c, const char *subject);
int lockout_failed(struct core *c, const char *subject);
int lockout_cleared(struct core *c, const char *subject);
int lockout_end(struct core *c, const char *subject);	/* by somebody */
/*
 * Changes of one's own in an hour (SelfServicePerHour): seconds until another
 * one may be made, 0 now; one more was made, in the open transaction; none was.
 */
int changes_wait_s(struct core *c, const char *key);
int changes_count(struct core *c, const char *key);
int changes_forgive(struct core *c, const char *key);
/*
 * The subject of log-ins over HTTPS from an address: an IPv6 network is one,
 * and is locked out at ten times as many failures as a user.
 */
void lockout_address(char out[100], const char *addr);

/* ---- panel.c, device.c, api*.c: one function a route */
typedef void (*route_fn)(struct core *c, const struct request *rq,
    struct asker *a);
void panel_menu(struct core *c, const struct request *rq, struct asker *a);
void panel_action(struct core *c, const struct request *rq, struct asker *a);

int devices_init(struct core *c);
void devices_fini(struct core *c);
/* The device that asks, or NULL when an answer has been given. Borrowed
 * until the next change of a device. */
const struct device *device_of(struct core *c, const struct request *rq,
    const struct asker *a);
/* The one with this id, likewise; NULL when there is none. */
const struct device *device_at(struct core *c, const char *id);
void devices_changed(struct core *c, const char *id);
void devices_forget_all(struct core *c);
void devices_flush_seen(struct core *c);
/* Each second, when nobody has borrowed one: many go, and are read anew. */
void devices_tick(struct core *c);
void devices_fresh(struct core *c);	/* the same, at most once a minute */
/* It was heard of now; status: what it says of its state, or NULL. */
void device_heard(struct core *c, const char *id, const char *status);
void device_register(struct core *c, const struct request *rq,
    struct asker *a);
void device_renew(struct core *c, const struct request *rq, struct asker *a);
void device_heartbeat(struct core *c, const struct request *rq,
    struct asker *a);
void device_config(struct core *c, const struct request *rq,
    struct asker *a);
void device_restrictions(struct core *c, const struct request *rq,
    struct asker *a);
void device_inbound(struct core *c, const struct request *rq,
    struct asker *a);
void device_commands(struct core *c, const struct request *rq,
    struct asker *a);
void device_command_result(struct core *c, const struct request *rq,
    struct asker *a);
void device_unregister(struct core *c, const struct request *rq,
    struct asker *a);
/* A new activation key into d (hash, expiry) and its text "7K3QX-...". */
void device_new_key(struct core *c, struct device *d, char text[24]);

void api_status(struct core *c, const struct request *rq, struct asker *a);
void api_me_get(struct core *c, const struct request *rq, struct asker *a);
void api_delegates(struct core *c, const struct request *rq,
    struct asker *a);
void api_delegate_set(struct core *c, const struct request *rq,
    struct asker *a);
void api_delegate_del(struct core *c, const struct request *rq,
    struct asker *a);
void api_role_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_role_set(struct core *c, const struct request *rq, struct asker *a);
void api_user_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_user_add(struct core *c, const struct request *rq, struct asker *a);
void api_user_get(struct core *c, const struct request *rq, struct asker *a);
void api_user_set(struct core *c, const struct request *rq, struct asker *a);
void api_user_del(struct core *c, const struct request *rq, struct asker *a);
void api_guest_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_guest_add(struct core *c, const struct request *rq, struct asker *a);
void api_guest_set(struct core *c, const struct request *rq, struct asker *a);
void api_guest_end(struct core *c, const struct request *rq, struct asker *a);
void api_card_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_card_clashes(struct core *c, const struct request *rq,
    struct asker *a);
void api_card_clash_del(struct core *c, const struct request *rq,
    struct asker *a);
void api_card_move(struct core *c, const struct request *rq,
    struct asker *a);
void api_card_formats(struct core *c, const struct request *rq,
    struct asker *a);
void api_card_format_set(struct core *c, const struct request *rq,
    struct asker *a);
void api_card_format_test(struct core *c, const struct request *rq,
    struct asker *a);
void api_card_add(struct core *c, const struct request *rq, struct asker *a);
void api_card_del(struct core *c, const struct request *rq, struct asker *a);
void api_user_export(struct core *c, const struct request *rq,
    struct asker *a);
void api_user_import(struct core *c, const struct request *rq,
    struct asker *a);
void api_user_undo(struct core *c, const struct request *rq,
    struct asker *a);
void api_user_data(struct core *c, const struct request *rq,
    struct asker *a);
void api_user_erase(struct core *c, const struct request *rq,
    struct asker *a);
void api_lockout_end(struct core *c, const struct request *rq,
    struct asker *a);
void api_backup_get(struct core *c, const struct request *rq,
    struct asker *a);
void api_backup_set(struct core *c, const struct request *rq,
    struct asker *a);
void api_backup_del(struct core *c, const struct request *rq,
    struct asker *a);
void api_backup_seen(struct core *c, const struct request *rq,
    struct asker *a);
void api_backup_open(struct core *c, const struct request *rq,
    struct asker *a);
void api_backup_close(struct core *c, const struct request *rq,
    struct asker *a);
void api_lockout_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_user_unlock(struct core *c, const struct request *rq,
    struct asker *a);
void api_me_set(struct core *c, const struct request *rq, struct asker *a);
void api_me_cards(struct core *c, const struct request *rq, struct asker *a);
void api_me_card_add(struct core *c, const struct request *rq,
    struct asker *a);
void api_me_card_del(struct core *c, const struct request *rq,
    struct asker *a);
void api_me_code(struct core *c, const struct request *rq, struct asker *a);
void api_book_get(struct core *c, const struct request *rq, struct asker *a);
void api_book_set(struct core *c, const struct request *rq, struct asker *a);
void api_rules_try(struct core *c, const struct request *rq, struct asker *a);
void api_waiting(struct core *c, const struct request *rq, struct asker *a);
void api_job_answer(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_attention(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_add(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_get(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_set(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_del(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_posture(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_posture_run(struct core *c, const struct request *rq,
    struct asker *a);
void api_posture(struct core *c, const struct request *rq, struct asker *a);
void api_posture_run(struct core *c, const struct request *rq,
    struct asker *a);
void api_posture_devices(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_command(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_lock(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_unlock(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_items(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_groups(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_group_get(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_group_set(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_group_rename(struct core *c, const struct request *rq,
    struct asker *a);
void api_supplies(struct core *c, const struct request *rq, struct asker *a);
void api_device_restrictions(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_events(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_ask(struct core *c, const struct request *rq,
    struct asker *a);
void api_device_key(struct core *c, const struct request *rq,
    struct asker *a);
void api_job_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_job_get(struct core *c, const struct request *rq, struct asker *a);
void api_job_del(struct core *c, const struct request *rq, struct asker *a);
void api_job_release(struct core *c, const struct request *rq,
    struct asker *a);
void api_job_options(struct core *c, const struct request *rq,
    struct asker *a);
void api_job_preview(struct core *c, const struct request *rq,
    struct asker *a);
void api_job_explain(struct core *c, const struct request *rq,
    struct asker *a);
void api_job_keep(struct core *c, const struct request *rq,
    struct asker *a);
void api_recorded(struct core *c, const struct request *rq, struct asker *a);
void api_cost(struct core *c, const struct request *rq, struct asker *a);
void api_usage(struct core *c, const struct request *rq, struct asker *a);
void api_audit_list(struct core *c, const struct request *rq,
    struct asker *a);

/* ---- api_account.c, api_quota.c, api_group.c */
void api_account_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_account_add(struct core *c, const struct request *rq,
    struct asker *a);
void api_account_get(struct core *c, const struct request *rq,
    struct asker *a);
void api_account_set(struct core *c, const struct request *rq,
    struct asker *a);
void api_account_grant(struct core *c, const struct request *rq,
    struct asker *a);
void api_account_statement(struct core *c, const struct request *rq,
    struct asker *a);
void api_job_refund(struct core *c, const struct request *rq, struct asker *a);
void api_quota_list(struct core *c, const struct request *rq, struct asker *a);
void api_quota_set(struct core *c, const struct request *rq, struct asker *a);
void api_quota_del(struct core *c, const struct request *rq, struct asker *a);
void api_directory_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_directory_add(struct core *c, const struct request *rq,
    struct asker *a);
void api_directory_set(struct core *c, const struct request *rq,
    struct asker *a);
void api_directory_del(struct core *c, const struct request *rq,
    struct asker *a);
void api_directory_test(struct core *c, const struct request *rq,
    struct asker *a);
void api_snmp_list(struct core *c, const struct request *rq, struct asker *a);
void api_snmp_add(struct core *c, const struct request *rq, struct asker *a);
void api_snmp_set(struct core *c, const struct request *rq, struct asker *a);
void api_snmp_del(struct core *c, const struct request *rq, struct asker *a);
void api_snmp_test(struct core *c, const struct request *rq, struct asker *a);
void api_discovery_get(struct core *c, const struct request *rq,
    struct asker *a);
void api_discovery_start(struct core *c, const struct request *rq,
    struct asker *a);
void api_discovery_cancel(struct core *c, const struct request *rq,
    struct asker *a);
void api_found_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_found_add(struct core *c, const struct request *rq, struct asker *a);
void api_template_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_template_add(struct core *c, const struct request *rq,
    struct asker *a);
void api_template_get(struct core *c, const struct request *rq,
    struct asker *a);
void api_template_set(struct core *c, const struct request *rq,
    struct asker *a);
void api_template_del(struct core *c, const struct request *rq,
    struct asker *a);
void api_secret_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_secret_set(struct core *c, const struct request *rq,
    struct asker *a);
void api_functions(struct core *c, const struct request *rq, struct asker *a);
void api_access_list(struct core *c, const struct request *rq,
    struct asker *a);
void api_access_set(struct core *c, const struct request *rq, struct asker *a);
void api_access_del(struct core *c, const struct request *rq, struct asker *a);
void api_access_explain(struct core *c, const struct request *rq,
    struct asker *a);
void api_addresses(struct core *c, const struct request *rq, struct asker *a);
void api_sync_get(struct core *c, const struct request *rq, struct asker *a);
void api_sync_start(struct core *c, const struct request *rq,
    struct asker *a);
void api_sync_cancel(struct core *c, const struct request *rq,
    struct asker *a);
void api_group_list(struct core *c, const struct request *rq, struct asker *a);
void api_group_add(struct core *c, const struct request *rq, struct asker *a);
void api_group_get(struct core *c, const struct request *rq, struct asker *a);
void api_group_set(struct core *c, const struct request *rq, struct asker *a);
void api_group_del(struct core *c, const struct request *rq, struct asker *a);
void api_ledger_check(struct core *c, const struct request *rq,
    struct asker *a);
void api_ledger_fini(struct core *c);

/*
 * Who a caller of the local API is. Runs fn at once or when agent has told the name; who
 * is {"", false} when nobody knows the uid. The request is copied for that.
 */
enum caller_role { WHO_USER, WHO_HELPDESK, WHO_OPERATOR, WHO_ADMIN };
struct caller {
	char key[84], name[84];
	enum caller_role role;
	bool admin;			/* role is WHO_ADMIN */
	int64_t login;			/* over HTTPS: by this log-in; else 0 */
	bool host;			/* root or AdminGroup, says the kernel */
	bool backup;			/* administers by the backup password */
};
const char *who_role_name(enum caller_role role);	/* "operator" */
int who_role_of(const char *name);	/* -1: there is none of that name */
typedef void (*who_fn)(struct core *c, const struct request *rq,
    struct asker *a, const struct caller *who);
void api_who(struct core *c, const struct request *rq, struct asker *a,
    who_fn fn);
/* The same for what everybody may know who may connect to the socket: then
 * who is NULL.  Others must be logged in. */
void api_anyone(struct core *c, const struct request *rq, struct asker *a,
    who_fn fn);
int api_who_init(struct core *c);
void api_who_fini(struct core *c);

/* ---- api_login.c */
void api_login(struct core *c, const struct request *rq, struct asker *a);
void api_me_sessions(struct core *c, const struct request *rq,
    struct asker *a);
void api_me_session_end(struct core *c, const struct request *rq,
    struct asker *a);		/* also of all, and of the one that asks */
void api_user_sessions(struct core *c, const struct request *rq,
    struct asker *a);
void api_user_sessions_end(struct core *c, const struct request *rq,
    struct asker *a);

/* ---- admin.c, api_settings.c, api_ports.c, api_cert.c */
int admin_init(struct core *c);
void admin_fini(struct core *c);
void admin_told(struct role *r, struct rel_frame *fr);	/* by super */
int certs_init(struct core *c);
void certs_fini(struct core *c);
void certs_tick(struct core *c);	/* each second */
void api_settings(struct core *c, const struct request *rq,
    struct asker *a);
void api_settings_set(struct core *c, const struct request *rq,
    struct asker *a);
void api_settings_undo(struct core *c, const struct request *rq,
    struct asker *a);
void api_ports(struct core *c, const struct request *rq, struct asker *a);
void api_cert_get(struct core *c, const struct request *rq,
    struct asker *a);
void api_cert_csr(struct core *c, const struct request *rq,
    struct asker *a);
void api_cert_install(struct core *c, const struct request *rq,
    struct asker *a);
void api_cert_undo(struct core *c, const struct request *rq,
    struct asker *a);
void api_cert_self(struct core *c, const struct request *rq,
    struct asker *a);

/* ---- dispatch.c */
void dispatch(struct core *c, struct peer *net, struct rel_frame *fr);

/* RFC 3339 as a JSON string; null for 0. */
json_t *json_time(int64_t ms);

#endif
