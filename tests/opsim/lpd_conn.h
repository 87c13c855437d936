/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_LPD_CONN_H
#define OPSIM_LPD_CONN_H

#include <event2/event.h>

#include "tests/opsim/faults.h"
#include "tests/opsim/state.h"
#include "tests/opsim/tray.h"

/* One connection of the LPR port; see lpd.h. */
struct lpd_conn;

struct lpd_shared {
	struct event_base *base;
	struct tray *tray;		/* borrowed */
	struct faults *faults;		/* borrowed */
	const struct state *st;		/* borrowed */
	struct lpd_conn *conns;
};

/* fd becomes the connection's. */
void lpd_conn_new(struct lpd_shared *sh, int fd, const char *from);
void lpd_conn_free_all(struct lpd_shared *sh);

#endif
