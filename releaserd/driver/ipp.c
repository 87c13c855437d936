/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* ipp: printers by IPP and IPPS (RFC 8010, RFC 8011). */
#include "releaserd/driver/drivers.h"

const struct driver_ops driver_ipp = {
	.name = "ipp",
	.words = "Printers with IPP Everywhere"
};
