/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* opdp: devices that speak OPDP (doc/opdp.md). */
#include "releaserd/driver/drivers.h"

const struct driver_ops driver_opdp = {
	.name = "opdp",
	.words = "Devices with OPDP of their own"
};
