/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SNMP_FIXTURE_H
#define SNMP_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "releaserd/driver/driver.h"

/* An agent of tests/snmp, in a process of its own. */
struct played {
	pid_t pid;
	int to;				/* its end ends it; a line sets a value */
	uint16_t port;
};

/* False: the profile cannot be read. */
bool play(struct played *p, const char *profile);
/* Another value from now on: "OID|type|value". */
void play_set(struct played *p, const char *line);
/* How many questions it has had. */
unsigned long play_asked(struct played *p);
void play_end(struct played *p);

/* A question about it, by v2c and the community "public". */
void ask_init(struct driver_ask *q, const struct played *p);

#endif
