/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef IPPMSG_H
#define IPPMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cups/cups.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * IPP messages (RFC 8010) in memory, by libcups; whoever asks a device by IPP
 * uses these.  Nothing here knows of a connection.
 */
#define IPPMSG_ANSWER_MAX 262144u	/* bytes of an answer */
#define IPPMSG_URI_MAX 300u

/*
 * "ipp://host[:port]/path", ipps, into the URL libcurl calls; device (for
 * people): "printer at HOST".  size >= IPPMSG_URI_MAX + 8.  0, or
 * -REL_E_FORMAT: it is no such URI.
 */
int ippmsg_url(const char *uri, char *url, size_t size, char device[160],
    struct rel_err *err);

/*
 * A request with what each must have; id 1..INT32_MAX, job 0 for none; user
 * "" for ours.  NULL without memory; the caller's, freed with ippDelete().
 */
ipp_t *ippmsg_new(ipp_op_t op, int32_t id, const char *uri, int32_t job,
    const char *user);

/* As bytes behind those in b; m is not freed.  0 or -REL_E_NOMEM. */
int ippmsg_put(struct rel_buf *b, ipp_t *m);

/*
 * The message at the beginning of p, when its shape is right: lengths, no
 * collection deeper than 8, no more than 4000 values.  used: its bytes.  0
 * with *out, the caller's; -REL_E_FORMAT; -REL_E_NOMEM.
 */
int ippmsg_read(ipp_t **out, const void *p, size_t n, size_t *used);

/*
 * The answer to the request with this id.  0 with *out, the caller's;
 * -REL_E_FORMAT it is none; -REL_E_NOMEM.
 */
int ippmsg_get(ipp_t **out, const void *p, size_t n, int32_t id,
    struct rel_err *err);

/* Did it say yes? 0x0000 to 0x00ff. */
bool ippmsg_ok(ipp_status_t status);
/* It may do it a little later: busy, temporary-error, service-unavailable. */
bool ippmsg_later(ipp_status_t status);
/* What it says, for people: its own status-message, else the keyword. */
void ippmsg_words(ipp_t *m, char *out, size_t size);

#endif
