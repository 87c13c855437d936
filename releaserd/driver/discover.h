/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DISCOVER_H
#define DISCOVER_H

#include "lib/dns_read.h"
#include "releaserd/discovery_wire.h"
#include "releaserd/driver/driver.h"

struct sockaddr_storage;

/*
 * DRIVER_DISCOVER, driver_discover(): releaserd/discovery_wire.h has the
 * question and the answer (s->text).  A sweep is one socket and a few small
 * packets for each address, so that the dead ones cost nothing; who answers is
 * probed by itself.
 */

/* An address of a socket in 16 bytes, IPv4 as ::ffff:a.b.c.d; false: none. */
bool discover_address(const struct sockaddr_storage *sa, uint8_t out[16]);

/* ---- dnssd.c: mDNS */

struct dnssd {
	struct rel_dns m;		/* the one that is read */
	uint16_t id;			/* of the questions */
	struct found *v;		/* DISCOVER_FOUND_MAX */
	size_t n;
};

/*
 * Ask at "224.0.0.251:5353" and listen for two seconds: who says that it
 * prints, into v (DISCOVER_FOUND_MAX) and n.  source is FOUND_BY_DNS_SD where
 * it says what it is.  0; -REL_E_FORMAT: nobody can be asked there.
 */
int dnssd_ask(const char *text, struct found *v, size_t *n, int64_t until_ms);

/* One message that came from there: adds to d->v. */
void dnssd_read(struct dnssd *d, const uint8_t *p, size_t len,
    const uint8_t from[16]);

/* So many that their texts are too much for one answer: the last ones keep
 * their addresses only. */
void dnssd_fit(struct found *v, size_t n);

/* ---- sweep.c: the packets of a sweep */

/* A message that asks for sysObjectID.0 (v1, v2c), or for the engine ID of a
 * v3 agent; id in it, which an answer repeats.  Bytes, 0: out is too small. */
#define SWEEP_PACKET_MAX 160u
size_t sweep_packet(uint8_t out[SWEEP_PACKET_MAX],
    const struct snmp_access *access, uint32_t id);

/* Is this an SNMP message with the id in it? */
bool sweep_is_answer(const uint8_t *p, size_t n, uint32_t id);

#endif
