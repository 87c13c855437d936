/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DRIVER_SNMP_H
#define DRIVER_SNMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "releaserd/driver_wire.h"

/*
 * SNMP for who looks for devices (discovery, posture); what the driver
 * `snmp-lpr` reads of one that is known is snmp_priv.h.  Nothing is ever
 * written to a device.  All of it waits with rel_wait() only.
 */

/* Whom to ask, and until when. */
struct snmp_peer {
	const char *address;		/* numeric (a name asks a resolver) */
	uint16_t port;			/* 0: 161 */
	int64_t until_ms;		/* rel_mono_ms(): all is over then */
};

/* What one address says of itself. */
struct snmp_found {
	uint8_t access;			/* the one that it answered, 0.. */
	bool printer;
	char vendor[64], model[128];	/* UTF-8, "" unknown */
	char serial[64], name[128], location[128];
	char description[256];		/* sysDescr */
	char object_id[128];		/* sysObjectID: "1.3.6.1.4.1.11.2.3.9.1" */
	char mac[24];			/* "00:11:22:33:44:55" */
	char queue[64];			/* of its LPD channel */
};

/*
 * Who is there?  The accesses are tried in their order, each for its share of
 * the time left; the first one that is answered counts.
 *
 * Returns 0: it answers, and out says what it is; -REL_E_TIMEOUT nobody
 * answers; -REL_E_DENIED it speaks SNMPv3, but takes none of the accesses;
 * -REL_E_FORMAT no address, or no access that this build can do.
 */
int snmp_probe(const struct snmp_peer *peer,
    const struct snmp_access *accesses, size_t n, struct snmp_found *out,
    struct rel_err *err);

/*
 * Does it answer this access?  For v3 with the name "" any agent of version 3
 * does (it tells its engine ID to everybody, RFC 3414 section 4).
 */
bool snmp_answers(const struct snmp_peer *peer,
    const struct snmp_access *access);

/* NULL, or the words why this build cannot do such an access. */
const char *snmp_cannot(const struct snmp_access *access);

#endif
