/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_FAULTS_H
#define OPSIM_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * What goes wrong on purpose.  A fault is asked for as "NAME", "NAME=ARG",
 * "NAME ARG" or "always:NAME..."; without "always:" it happens once.
 */
enum fault_kind {
	FAULT_DROP_REPLY, FAULT_DUPLICATE, FAULT_DELAY,
	FAULT_NAK, FAULT_TEXT, FAULT_SILENT, FAULT_DROP, FAULT_DROP_AFTER,
	FAULT_MID_DATA, FAULT_BUSY, FAULT_SLOW,
	FAULT_USAGE_HOLD, FAULT_USAGE_TWICE, FAULT_USAGE_REVERSE,
	FAULT_USAGE_LOST, FAULT_USAGE_RESET, FAULT_USAGE_STOP, FAULT_USAGE_OVER,
	FAULT_USAGE_FULL, FAULT_USAGE_FORGET, FAULT_USAGE_PUSHLESS,
	FAULT_USAGE_NONE, FAULT_POWER_CUT, FAULT_GRANT_LOST,
	FAULT_API_DROP, FAULT_API_TWICE, FAULT_API_DELAY, FAULT_API_HANG,
	FAULT_API_LIE, FAULT_API_REFUSE,
	FAULT_SNMP_V1, FAULT_SNMP_HEX, FAULT_SNMP_LEVEL, FAULT_SNMP_OCTET,
	FAULT_SNMP_WRAP
};

/* Where in RFC 1179 the device is about to answer. */
enum lpd_stage {
	AT_NONE, AT_QUEUE, AT_CONTROL, AT_CONTROL_FILE, AT_DATA, AT_FINAL
};

struct fault {
	const char *name;		/* static */
	enum fault_kind kind;
	enum lpd_stage stage;
	int64_t arg;
	bool always;
};

#define FAULTS_MAX 16
struct faults {
	struct fault set[FAULTS_MAX];
	unsigned n;
};

/*
 * Arm a fault; "none" takes all away.  -REL_E_NOTFOUND no such fault,
 * -REL_E_FORMAT bad ARG, -REL_E_LIMIT too many.
 */
int faults_add(struct faults *f, const char *text, struct rel_err *err);

/*
 * Does a fault of this kind and stage happen now?  arg (may be NULL) gets its
 * ARG.  A fault that is not "always:" is spent by the question.
 */
bool faults_take(struct faults *f, enum fault_kind kind, enum lpd_stage stage,
    int64_t *arg);

/* The same, but it is not spent. */
bool faults_armed(const struct faults *f, enum fault_kind kind);

/* The ARG of one that is armed, which is not spent; false: it is not. */
bool faults_arg(const struct faults *f, enum fault_kind kind, int64_t *arg);

/* The armed faults, "always:slow=100 nak-queue=1"; "none" when there are none. */
void faults_list(const struct faults *f, struct rel_buf *out);

/* The nth known fault: its name and what it does; false behind the last. */
bool faults_known(unsigned nth, const char **name, const char **help);

#endif
