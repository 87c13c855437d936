/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SENDERS_H
#define SENDERS_H

#include "releaserd/driver/driver.h"

/*
 * The job_send of the drivers snmp-lpr and ipp; both block.  Outcomes are those
 * of lib/send.h.
 */

/* LPR (RFC 1179, lib/lpr.h) to m->host, m->port, m->queue. */
void send_by_lpr(const struct send_job *m, const struct rel_send_source *src,
    struct driver_sent *out);

/*
 * The client side of IPP (RFC 8011) for one document: Create-Job and
 * Send-Document, or Print-Job where a device has no Create-Job.  The point of no
 * return is the first byte of the document.  No redirects; the connection of
 * the document is a new one, so that nothing is ever said twice.  m->uri: where;
 * m->pin: the key it must have ("": whichever it has).
 */
void send_by_ipp(const struct send_job *m, const struct rel_send_source *src,
    struct driver_sent *out);

#endif
