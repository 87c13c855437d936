/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef UNIT_H
#define UNIT_H

/* cmocka, and what it wants before it.  TAP comes from the environment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A test function without state: UNIT(name) { ... } and UNIT_RUN(name). */
#define UNIT(name) static void name(void **unit_state __attribute__((unused)))
#define UNIT_RUN(name) cmocka_unit_test(name)

#endif
