/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DIRECT_H
#define DIRECT_H

#include "releaserd/core/core.h"
#include "releaserd/core/store_direct.h"

/*
 * Direct queues: a large-format printer gets its data straight from
 * the queue of a client, and only what is known of the job comes here.  It is
 * held, released, priced and paid as any other; instead of a transfer the
 * client is told that it may print (doc/opdp.md, "Direct queues").
 *
 * Such a client is a device whose protocol is "queue" and whose address is the
 * name of the device it prints at.
 */
#define DIRECT_PROTOCOL "queue"
#define DIRECT_JOURNAL (-1)	/* in the row of a job that was released */

/* Is this the device its client prints at?  By its rights and prices it goes
 * out, not by those of the client. */
bool direct_prints_at(struct core *c, const struct job *j,
    const struct device *d);

/* May it go out there? 0; -REL_E_DENIED and out says where it may. */
int direct_gate(struct core *c, const struct job *j,
    const struct release_order *o, struct released *out);

/* In the transaction that takes the job: its client may print it now. */
int direct_take(struct core *c, const struct job *j);

/* Each second: clients that do not come, or never say how it ended. */
void direct_tick(struct core *c);

/* The device it will print at, for people: "" when nobody knows. */
void direct_device_name(struct core *c, const struct job *j, char out[65]);

void direct_submit(struct core *c, const struct request *rq,
    struct asker *a);
void direct_list(struct core *c, const struct request *rq, struct asker *a);
void direct_start(struct core *c, const struct request *rq, struct asker *a);
void direct_end(struct core *c, const struct request *rq, struct asker *a);
void direct_delete(struct core *c, const struct request *rq,
    struct asker *a);

#endif
