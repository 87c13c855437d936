/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/*
 * What a target defines: take n bytes from outside, never crash, never leak.
 * Borrowed bytes; returns 0.  Called very often in one process.
 */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* For what must hold whatever came in; also without NDEBUG's leave. */
#define FUZZ_MUST(cond) do { if (!(cond)) abort(); } while (0)

#endif
