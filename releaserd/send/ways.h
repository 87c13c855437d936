/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SEND_WAYS_H
#define SEND_WAYS_H

#include "lib/send.h"
#include "releaserd/ipc.h"

/*
 * What became of one try.  r: the outcome, and how far it came; lib/send.h has
 * what helps to say that in the same words for all.
 */
struct send_done {
	struct rel_send_result r;
	int32_t job;		/* the device's number of it; 0: none known */
	char pin[65];		/* SHA-256 of the device's public key; "" none */
};

/*
 * Send one document: m says where and how, src has the bytes.  A process of
 * its own, which may block; m->connect_ms and m->reply_ms bound every wait.
 * rel_send_no_return() is asked before the first byte of the document goes
 * out; who dies after that is UNCONFIRMED.  It is called again, with the bytes
 * from the beginning, when it says AWAY.
 */
struct send_way {
	const char *name;	/* `transport` of a device */
	void (*send)(const struct send_job *m,
	    const struct rel_send_source *src, struct send_done *out);
};

/* By its number; NULL. */
const struct send_way *send_way(uint8_t transport);

/* To begin from, and in no list: bytes to a TCP port and nothing else. */
void template_send(const struct send_job *m, const struct rel_send_source *src,
    struct send_done *out);

#endif
