/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* All drivers there are; a new one is added here (doc/driver.md). */
#include "releaserd/driver/driver.h"

const struct driver_ops *const drivers[] = {
	&driver_opdp, &driver_ipp, &driver_snmp_lpr, NULL
};
