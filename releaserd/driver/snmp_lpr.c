/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* snmp-lpr: any printer, by what SNMP tells of it; jobs go by LPR. */
#include "releaserd/driver/drivers.h"

const struct driver_ops driver_snmp_lpr = {
	.name = "snmp-lpr",
	.words = "Any printer: SNMP and LPR"
};
