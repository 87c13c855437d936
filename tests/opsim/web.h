/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_WEB_H
#define OPSIM_WEB_H

#include "tests/opsim/heartbeat.h"
#include "tests/opsim/opsim.h"
#include "tests/opsim/run.h"

/*
 * The page for the person who tries the product without hardware: the
 * device's panel, its card reader, its paper and what can go wrong with it.
 * Plain HTTP without scripts, meant for loopback; /panel/ is the server's own
 * HTML panel, fetched with the device's certificate.
 */
struct web;

int web_new(struct web **out, struct opsim *sim,
    const struct heartbeat *heart, const struct run_args *args,
    struct rel_err *err);
void web_free(struct web **wp);
const char *web_name(const struct web *w);
unsigned web_port(const struct web *w);

#endif
