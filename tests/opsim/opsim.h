/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_OPSIM_H
#define OPSIM_OPSIM_H

#include <event2/event.h>

#include "tests/opsim/device.h"
#include "tests/opsim/faults.h"
#include "tests/opsim/https.h"
#include "tests/opsim/lpd.h"
#include "tests/opsim/panel.h"
#include "tests/opsim/state.h"
#include "tests/opsim/tray.h"
#include "tests/opsim/usage.h"
#include "tests/opsim/walkup.h"

/* Exit codes, and the codes of panel commands. */
enum { OPSIM_OK, OPSIM_UNEXPECTED, OPSIM_USAGE, OPSIM_TROUBLE };

/* One simulated device in this process; all members owned. */
struct opsim {
	struct event_base *base;
	struct state st;
	struct faults faults;
	struct device dev;
	struct https *net;
	struct panel *panel;
	struct tray *tray;	/* NULL in "opsim panel" */
	struct lpd *lpd;	/* NULL without --lpd */
	struct usage *usage;	/* NULL below level 3 */
	struct walkup *walkup;	/* NULL in "opsim panel" */
	struct heartbeat *heart;	/* NULL in "opsim panel" */
	struct device_kept *kept;	/* device_api.c; NULL none */
	unsigned api_port;		/* 0: no HTTPS service */
	char out[400];		/* where printed jobs are; "" unknown */
};

/* The parts every use has: state, client, panel. */
int opsim_open(struct opsim *o, const char *dir, const char *trace,
    const char *locale, struct rel_err *err);
void opsim_close(struct opsim *o);

/* device_do() and what follows from it; false: no such thing to do. */
bool opsim_do(struct opsim *o, const char *what);

/* faults_add() and what follows from it. */
int opsim_fault(struct opsim *o, const char *text, struct rel_err *err);

#endif
