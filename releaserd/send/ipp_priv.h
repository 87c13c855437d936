/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SEND_IPP_PRIV_H
#define SEND_IPP_PRIV_H

#include <stdbool.h>

#include <cups/cups.h>

#include "releaserd/ipc.h"

/*
 * What a job is told by (ipp_job.c): name, copies, and what the device is to
 * do of the ticket.  with_document: of Print-Job, which has both.
 */
void ipp_put_job(ipp_t *m, const struct send_job *job, bool with_document);
/* What Send-Document says besides. */
void ipp_put_document(ipp_t *m, const struct send_job *job);

#endif
