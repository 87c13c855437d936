/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_API_H
#define OPSIM_API_H

#include "tests/opsim/opsim.h"

/*
 * The device's own HTTPS service (doc/opdp.md, "Level 2"), with a key and a
 * certificate of its own, over which device_api.c is called.  Only the server
 * gets in: with a certificate of the CA that registered this device and the
 * key that the registration named, or with the token it gave.
 */
struct api;

int api_new(struct api **out, struct opsim *sim, const char *where,
    struct rel_err *err);
void api_free(struct api **ap);
const char *api_name(const struct api *a);
unsigned api_port(const struct api *a);

#endif
