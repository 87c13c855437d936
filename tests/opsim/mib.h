/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_MIB_H
#define OPSIM_MIB_H

#include "tests/opsim/opsim.h"

/*
 * The device's SNMP agent, v1 and v2c.  What it is and has is in a profile
 * (tests/snmp/agent.h), whose printer has the index 1; serial number, state,
 * errors and life count are those of the device, and faults.def's "snmp-..."
 * faults hold as long as they are armed.
 */
struct mib;

/* Answer at "ADDR:PORT" (IPv4; port 0: any). */
int mib_new(struct mib **out, struct opsim *sim, const char *where,
    const char *profile, struct rel_err *err);
unsigned mib_port(const struct mib *s);
void mib_free(struct mib **s);

#endif
