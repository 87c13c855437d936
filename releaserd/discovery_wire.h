/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DISCOVERY_WIRE_H
#define DISCOVERY_WIRE_H

#include <stdbool.h>

#include "lib/buf.h"
#include "lib/cursor.h"

/*
 * DRIVER_DISCOVER (driver_wire.h).  The question is text, a line each: what is
 * to be done, then addresses or host names.  q->at.snmp are the ways in to
 * try, q->at.snmp_port the port.
 *
 * sweep      which of these answer at all, by a packet or two each: a list of
 *            addresses, with the name one was found by
 * broadcast  the same for who answers at these broadcast addresses
 * dns-sd     which hosts say that they print, asked at ADDRESS:PORT by mDNS:
 *            their addresses, and what they say of themselves
 * probe      one address: what it is
 */
enum discover_kind { DISCOVER_SWEEP = 1, DISCOVER_BROADCAST, DISCOVER_PROBE,
	DISCOVER_DNS_SD };
#define DISCOVER_CHUNK 64u		/* addresses of a sweep at most */
#define DISCOVER_FOUND_MAX 1024u	/* of an answer */
#define DISCOVER_LINE_MAX 254u		/* an address or a name, with the end */

/* Begin a question; then an address at a time. */
void discover_begin(struct rel_buf *b, enum discover_kind kind);
void discover_add(struct rel_buf *b, const char *address);

/* Read it: 0 and the kind, p behind it; then line by line until false. */
int discover_kind_get(const char **p, size_t *n, enum discover_kind *kind);
bool discover_next(const char **p, size_t *n, char out[DISCOVER_LINE_MAX]);

enum found_state {			/* stored: never renumber */
	FOUND_ANSWERS = 0,		/* that is all that is known */
	FOUND_PRINTER = 1,
	FOUND_OTHER = 2,		/* it answers, and is no printer */
	FOUND_DENIED = 3		/* no credentials fit */
};

enum found_source {			/* stored: never renumber */
	FOUND_BY_SNMP = 0,
	FOUND_BY_DNS_SD = 1		/* SNMP says nothing */
};

/* One that answered; texts are UTF-8 without control characters. */
struct found {
	uint8_t state;			/* enum found_state */
	uint8_t source;			/* enum found_source */
	uint8_t access;			/* the one of q->at.snmp it answered */
	char address[46], host[254];	/* host: the name that was asked for */
	char vendor[64], model[128], serial[65], mac[24], name[128],
	    location[129], queue[64], description[256], object_id[128];
	/* By DNS-SD: MIME types with commas between. */
	char ipp_uri[300], formats[256], uuid[46];
};
#define DISCOVER_DENIED 255u		/* as access: none */

/* u32 n, then each; and back: -REL_E_FORMAT.  v: DISCOVER_FOUND_MAX of them. */
void found_list_put(struct rel_buf *b, const struct found *v, size_t n);
int found_list_get(struct found *v, size_t *n, const void *p, size_t len);

#endif
