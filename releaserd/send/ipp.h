/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SEND_IPP_H
#define SEND_IPP_H

#include "lib/send.h"
#include "releaserd/ipc.h"

/*
 * The client side of IPP (RFC 8011) for one document: Create-Job and
 * Send-Document, or Print-Job where a device has no Create-Job.  Outcomes are
 * those of lib/send.h; the point of no return is the first
 * byte of the document.  No redirects; the connection of the document is a new
 * one, so that nothing is ever said twice.
 */
struct ipp_sent {
	struct rel_send_result r;
	int32_t job;		/* the device's number of it; 0: none known */
	char pin[65];		/* SHA-256 of the device's public key (ipps) */
};

/* m->uri: where; m->pin: the key it must have ("": whichever it has). */
void ipp_send(const struct send_job *m, const struct rel_send_source *src,
    struct ipp_sent *out);

#endif
