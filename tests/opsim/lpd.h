/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_LPD_H
#define OPSIM_LPD_H

#include <event2/event.h>

#include "lib/err.h"
#include "tests/opsim/faults.h"
#include "tests/opsim/tray.h"

/*
 * The device's LPR port: the server side of RFC 1179.  Any queue name is
 * good, any source port too.  A job is printed once its control file and the
 * whole of its data (declared length and the zero octet) are here, whichever
 * came first.
 */
struct lpd;

/* where is "ADDR:PORT"; what is in `with` is borrowed. */
struct lpd_shared;
int lpd_new(struct lpd **out, const struct lpd_shared *with,
    const char *where, struct rel_err *err);
void lpd_free(struct lpd **lp);

/* Off: connections are cut, new ones refused; the port stays ours. */
void lpd_power(struct lpd *l, bool on);

/* Faults changed: begin or end being busy. */
void lpd_faults_changed(struct lpd *l);

/* "127.0.0.1:20515", and the port. */
const char *lpd_name(const struct lpd *l);
unsigned lpd_port(const struct lpd *l);

#endif
