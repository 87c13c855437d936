/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DRIVER_SNMP_NET_H
#define DRIVER_SNMP_NET_H

/* net-snmp, for snmp_link.c and snmp_usm.c only. */
#include "releaserd/driver/snmp_priv.h"

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>

/*
 * Give a session whose agent's engine ID is known the user of an access;
 * false: no memory, or the library takes no such keys.
 */
bool snmp_usm_begin(netsnmp_session *s, const struct snmp_access *a);
/* Its user goes, and the keys of the session. */
void snmp_usm_end(netsnmp_session *s);

#endif
