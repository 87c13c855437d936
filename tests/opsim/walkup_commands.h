/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_WALKUP_COMMANDS_H
#define OPSIM_WALKUP_COMMANDS_H

#include "tests/opsim/runner.h"

/* For the table of commands. */
enum run cmd_copy(struct runner *r);
enum run cmd_scan(struct runner *r);
enum run cmd_fax(struct runner *r);
enum run cmd_fax_in(struct runner *r);
enum run cmd_usb_print(struct runner *r);
enum run cmd_wait_done(struct runner *r);
enum run cmd_pace(struct runner *r);

#endif
