/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DISCOVER_H
#define DISCOVER_H

#include "releaserd/driver/driver.h"

/*
 * DRIVER_DISCOVER, driver_discover(): releaserd/discovery_wire.h has the
 * question and the answer (s->text).  A sweep is one socket and a few small
 * packets for each address, so that the dead ones cost nothing; who answers is
 * probed by itself.
 */

/* ---- sweep.c: the packets of a sweep */

/* A message that asks for sysObjectID.0 (v1, v2c), or for the engine ID of a
 * v3 agent; id in it, which an answer repeats.  Bytes, 0: out is too small. */
#define SWEEP_PACKET_MAX 160u
size_t sweep_packet(uint8_t out[SWEEP_PACKET_MAX],
    const struct snmp_access *access, uint32_t id);

/* Is this an SNMP message with the id in it? */
bool sweep_is_answer(const uint8_t *p, size_t n, uint32_t id);

#endif
