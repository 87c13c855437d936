/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DRIVER_H
#define DRIVER_H

#include "lib/err.h"
#include "lib/send.h"
#include "releaserd/driver_wire.h"
#include "releaserd/ipc.h"

/* What came of a document that was sent. */
struct driver_sent {
	struct rel_send_result r;
	int32_t job;		/* the device's number of it; 0: none known */
	char pin[65];		/* SHA-256 of the device's public key, hex; "" */
};

/*
 * A driver: how devices of one kind are spoken to (doc/driver.md).
 *
 * Drivers run in the role `driver`, never in core: behind a filter, without
 * the database, the spool or any key but that of the call.  Each call runs on
 * a stack of its own (releaserd/fiber.h): write it as if it blocked, and wait
 * with rel_wait() only (drivers.h has HTTP and UDP that do).  A driver keeps
 * nothing between calls but what may be lost at any time (open connections);
 * what it must remember it hands back as `kept`.  A call that dies or does not
 * end in its time costs its device at most: doc/driver.md, "When it dies".
 *
 * Every function: q is borrowed for the call; s is filled in (it is empty at
 * first) and stays the caller's; words of a failure go to err, plain, for an
 * administrator.  Times are milliseconds UTC; deadlines of rel_mono_ms().
 * Returns 0; -REL_E_PEER, -REL_E_TIMEOUT: it is away, ask later;
 * -REL_E_DENIED: it refuses (credentials, rights); -REL_E_NOTFOUND: it has no
 * such thing; -REL_E_EXISTS: another session is open; -REL_E_FORMAT: what it
 * said is no answer; -REL_E_LIMIT: more than was agreed.
 */
struct driver_ops {
	const char *name;		/* as `protocol` of a device: "opdp" */
	const char *words;		/* what it is for, one line */
	uint32_t can;			/* DRIVER_CAN_* */

	/* All it is and has: every group of items but STATE and COUNTER. */
	int (*info)(const struct driver_ask *q, struct driver_said *s,
	    struct rel_err *err);
	/* How it is now: STATE, ALERT, COUNTER; cheap, asked often.  q->kept
	 * is what was said at the last call; s->changed: ask info again. */
	int (*status)(const struct driver_ask *q, struct driver_said *s,
	    struct rel_err *err);
	/* Open or replace (q->text: the session object of doc/opdp.md), change
	 * (a merge patch), close (q->id the session). Any may come twice. */
	int (*session_open)(const struct driver_ask *q,
	    struct driver_said *s, struct rel_err *err);
	int (*session_update)(const struct driver_ask *q,
	    struct driver_said *s, struct rel_err *err);
	int (*session_close)(const struct driver_ask *q,
	    struct driver_said *s, struct rel_err *err);
	/* Restrictions and configuration (q->text, q->number the revision it
	 * has now, -1 unknown); get: s->text. */
	int (*restrictions_get)(const struct driver_ask *q,
	    struct driver_said *s, struct rel_err *err);
	int (*restrictions_put)(const struct driver_ask *q,
	    struct driver_said *s, struct rel_err *err);
	int (*config_put)(const struct driver_ask *q,
	    struct driver_said *s, struct rel_err *err);
	/* Records behind q->number of the log q->id, at most q->limit: decoded
	 * here, as net does it, into s->text (releaserd/records.h). */
	int (*usage_fetch)(const struct driver_ask *q,
	    struct driver_said *s, struct rel_err *err);
	/* It may forget those up to q->number of the log q->id. */
	int (*usage_ack)(const struct driver_ask *q,
	    struct driver_said *s, struct rel_err *err);
	/* One of doc/opdp.md's commands (q->text), once. */
	int (*command)(const struct driver_ask *q, struct driver_said *s,
	    struct rel_err *err);
	/*
	 * Send one document: src->bytes of the type m->format, to m->host, or
	 * to m->uri when the device has one.  The one function that is called
	 * elsewhere: in the role `send`, a process of its own for this one
	 * transfer, where it may block, but has no fiber and none of
	 * drivers.h.  Fills out in, always: outcome, reason and stage as
	 * lib/send.h has them (struct rel_send does most of it);
	 * src->point_of_no_return() before the first byte that may print.
	 * Comes again while that is REL_SEND_AWAY, m->tries times at most.
	 */
	void (*job_send)(const struct send_job *m,
	    const struct rel_send_source *src, struct driver_sent *out);
	/* What became of the job q->id of the device: s->job. */
	int (*job_state)(const struct driver_ask *q, struct driver_said *s,
	    struct rel_err *err);
	int (*job_cancel)(const struct driver_ask *q, struct driver_said *s,
	    struct rel_err *err);
	/* A request the device made of its own accord: q->id what it calls,
	 * q->text the JSON; s->text the answer (JSON, or nothing), s->items
	 * what it told of itself. */
	int (*inbound)(const struct driver_ask *q, struct driver_said *s,
	    struct rel_err *err);
	/* Each 15 s, out of any device: close what nobody uses. */
	void (*tick)(int64_t now_ms);
};

extern const struct driver_ops driver_opdp, driver_snmp_lpr, driver_ipp;

/* What is asked of the fleet and of no one device's driver (discover.c,
 * posture.c); as a function of struct driver_ops. */
int driver_discover(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err);
int driver_posture(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err);

/*
 * Carry a question out: s is initialised and gets everything, rc and words of
 * a failure too.  What a driver has no function for is -REL_E_NOTFOUND.
 */
void driver_call(const struct driver_ask *q, struct driver_said *s);

/* By name; NULL. All of them, ended by NULL. */
const struct driver_ops *driver_find(const char *name);
extern const struct driver_ops *const drivers[];

#endif
