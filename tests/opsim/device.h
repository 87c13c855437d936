/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_DEVICE_H
#define OPSIM_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "tests/opsim/state.h"

/* What the machine itself is like at the moment. */
struct device {
	bool jam, door, off;
	int64_t printed;		/* documents, for the life counter */
	char boot[37];			/* another one after each start */
	int64_t skew_ms;		/* its clock is ahead */
	unsigned identified, commands;	/* that the server sent */
	char message[256];		/* of the server, for the panel */
	char loaded[64];		/* size in tray-1; "" A4 */
	unsigned loads;			/* how often that was changed */
};

/* What is wrong, as OPDP and the Printer MIB say it. */
struct device_alert {
	const char *reason, *group, *text;
	int group_n, code;		/* prtAlertGroup, prtAlertCode */
};

/* The nth thing that is wrong; NULL behind the last. */
const struct device_alert *device_alert(const struct device *d, unsigned n);

/* Paper of that size ("iso_a5_148x210mm") into the tray; false: no size. */
bool device_load(struct device *d, const char *size);

/* The size in the tray, and its micrometres. */
const char *device_loaded(const struct device *d, int64_t *width,
    int64_t *height);

/* Paper can come out. */
bool device_ready(const struct device *d);

/* It starts: a new boot id.  What its clock says, milliseconds UTC. */
void device_boot(struct device *d);
int64_t device_now_ms(const struct device *d);

/* One of "jam", "clear", "door-open", "door-close", "power-off", "power-on". */
bool device_do(struct device *d, const char *what);

/* {"state":"idle","reasons":[]} as opdp.md B3/B4 has it; caller's. */
json_t *device_status(const struct device *d);

/* The answers of GET /info and GET /status; caller's. */
json_t *device_info(const struct device *d, const struct state *st);
json_t *device_status_full(const struct device *d, const char *session);

#endif
