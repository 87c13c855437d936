/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_API_H
#define OPSIM_API_H

#include "tests/opsim/opsim.h"

/*
 * The device's own HTTPS service (opdp.md B4), level 1: GET /opdp/v1/info and
 * /opdp/v1/status.  Only who has a certificate of the CA that registered this
 * device gets in, and, when the registration named one, only that key.
 */
struct api;

int api_new(struct api **out, struct opsim *sim, const char *where,
    struct rel_err *err);
void api_free(struct api **ap);
const char *api_name(const struct api *a);
unsigned api_port(const struct api *a);

#endif
