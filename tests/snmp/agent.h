/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SNMP_AGENT_H
#define SNMP_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A played SNMP agent, v1 and v2c: it says what a profile says, and misbehaves
 * as the profile wants it.  A profile is a recording (snmprec: OID|type|value,
 * or lines of snmpwalk) or one of our own with lines of "@word value" before it:
 *
 *	@versions 1 | 2 | 12	answers only these (12)
 *	@community NAME		answers only this one (any)
 *	@bulk no		genErr for every GETBULK
 *	@most N			tooBig for more than N values in a question
 *	@end OID		walks below OID never end: the last value again
 *				with another name for ever
 *	@loop OID		walks below OID say the same name for ever
 *	@cut N			answers are cut after N bytes
 *	@silent OID		no answer to a question that has it
 *	@wait MS		answers come so much later
 *	@lose N			the first N questions are lost
 *	@long OID N		the octets of OID are N times "x"
 */
struct snmp_agent;

/* NULL when it cannot be read. */
struct snmp_agent *snmp_agent_load(const char *path);
void snmp_agent_free(struct snmp_agent **a);

/*
 * Replace or add a value while it serves: a line "OID|type|value".  False: it
 * is none.
 */
bool snmp_agent_set(struct snmp_agent *a, const char *line);

/* Every value below a name is this one from now on. */
void snmp_agent_fill(struct snmp_agent *a, const char *below, const char *type,
    const char *value);

/* A line "@word value"; false: there is no such word. */
bool snmp_agent_option(struct snmp_agent *a, const char *word,
    const char *value);

/* The answer to a datagram into out; 0: it keeps silent. */
size_t snmp_agent_answer(struct snmp_agent *a, const uint8_t *p, size_t n,
    uint8_t *out, size_t size);

/* Milliseconds before an answer is sent; how many questions there were. */
int snmp_agent_wait(const struct snmp_agent *a);
unsigned long snmp_agent_asked(const struct snmp_agent *a);

/* Answer the next that has come on the socket, false: there is none; all. */
bool snmp_agent_one(struct snmp_agent *a, int fd);
void snmp_agent_turn(struct snmp_agent *a, int fd);

/* A bound socket; port 0: any, and it is written there.  -1 with errno. */
int snmp_agent_bind(const char *address, uint16_t *port);

#endif
