/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_FAULT_H
#define REL_FAULT_H

/*
 * A named point between two steps at which a test may kill or stop this
 * process: tests/fault/ writes "NAME kill" or "NAME sleep MS" into the file
 * that the environment's REL_FAULT_FILE names; the point takes the line away
 * and does it.  Compiled in only with --enable-fault-points.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#ifdef REL_FAULT_POINTS
void rel_fault(const char *name);
#else
#define rel_fault(name) ((void)0)
#endif

#endif
