/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include "releaserd/driver/driver.h"

/* In no list: releaserd has it not; its test has. */
extern const struct driver_ops driver_template;

#endif
