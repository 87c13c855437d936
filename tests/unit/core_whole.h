/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CORE_WHOLE_H
#define CORE_WHOLE_H

#include "lib/frame.h"
#include "lib/send.h"
#include "releaserd/core/core.h"
#include "releaserd/core/store_money.h"

/*
 * The whole of core in this process, over a folder of its own; the test plays
 * super, net, send and agent at the other ends of its channels.
 */
extern struct core *whole;
extern char whole_dir[64];

int whole_open(void **state);
int whole_close(void **state);
#define WHOLE(name) \
	cmocka_unit_test_setup_teardown(name, whole_open, whole_close)

/* The same for a test that has asked by way of net. */
int whole_close_asked(void **state, int net, json_t **got);

/* End without a commit, as killed, and start on the same folder. */
void whole_restart(void);

/* A new process of a role comes; the test's end of its channel. */
int whole_peer(enum ipc_role role);
int whole_peer_at(enum ipc_role role, uint32_t index);
int whole_super(void);

/* The text of a book (prices, rules) that holds from now on. */
struct book;
void whole_book(struct book *book, const char *text);

/* Somebody with an account: to be filled further, and then written down. */
void whole_user(struct user *u, int64_t id, const char *name);
void whole_user_add(const struct user *u);

/* The account as it stands. */
struct user whole_account(const char *key);

/* A directory with these settings is there from now on. */
void whole_directory(int64_t id, const char *name, const char *text);

/* Let core do all it has to do now. */
void whole_turns(void);

/* What core has said to a peer: 1 and the frame, or 0. */
int whole_heard(int sock, struct rel_frame *fr);

/* Say something to core, without letting it work. */
void whole_say(int sock, unsigned type, const struct rel_buf *b);

/* What the driver of whole_peer() says to a question, by the frame's id; s is
 * finished. */
struct driver_said;
void whole_said(int driver, uint32_t question, struct driver_said *s);

/* A device whose queue is nowhere; a held job of anna with its document. */
void whole_device(struct device *d);
int64_t whole_job(void);

/* The job as it is written; what an account of money has, 0 when there is
 * none. */
struct job whole_row(int64_t id);
int64_t whole_balance(enum account_kind kind, const char *key);

/* The job as it stands; core releases it (0 or the error). */
enum job_state whole_state(int64_t id);
int whole_release(int64_t id, const struct device *d);

/* The turn is open for writing; whole_turns() ends it. */
void whole_write(void);

/* A held job of anna whose pages are known: so many sides, one of them in
 * colour, on half the sheets; two copies. */
int64_t whole_counted(int64_t sides);

/* Release it at d; and this is what a send says of it. */
void whole_print(int64_t id, const struct device *d,
    enum rel_send_outcome what);

/* By steps: the journal a send was given (close it); what it says. */
int whole_given(int send);
void whole_outcome(int send, int64_t job, enum rel_send_outcome what);

/*
 * A request by way of net, and what came back: a status or a problem, and the
 * JSON (the caller's). Agents are not played here: -1 when no answer came.
 */
int whole_ask(int net, const struct request *rq, char problem[40],
    json_t **body);

/* The same as root calls the local API; what came back is in call. */
extern struct whole_call {
	struct request rq;
	char problem[40];
	json_t *body;			/* of the last answer; freed by the next */
	int net;
} call;
int whole_call_open(void **state);
int whole_call_close(void **state);
#define WHOLE_CALL(name) \
	cmocka_unit_test_setup_teardown(name, whole_call_open, whole_call_close)
void whole_call_set(enum req_field id, const char *value);
int whole_call(enum req_route route);
/* DEVICE of the API, as it is now. */
json_t *whole_device_now(const struct device *d);

/* What store_begin() began is on disk. */
void whole_commit(void);

/* Another program takes the lock of the database, and gives it back. */
void whole_busy(bool on);

#endif
