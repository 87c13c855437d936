/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <stdbool.h>

#include "releaserd/core/core.h"

/*
 * By what a device is sent its documents: LPR, or IPP and IPPS at its own URI,
 * which is "ipp://LPR_HOST:631/ipp/print" where the administrator names none; or
 * "driver", the job_send of the driver by which it is asked.
 */
bool device_by_ipp(const struct device *d);

/* Where it takes documents, and is asked, by IPP. */
void device_ipp_uri(const struct device *d, char out[300]);

/* Its driver as a setting: "", "auto", "pdf", "pjl", "ps", "pwg",
 * "urf", "pclxl", "pcl" or the path of a PPD file. */
bool device_driver_ok(const char *s);

/* The fields transport, ipp_uri, ipp_pin of a request; 0, or -REL_E_FORMAT
 * with plain words that begin with the field's name. */
int device_transport_fill(const struct request *rq, struct device *d,
    struct rel_err *err);

/* The same in JSON, into o. */
void device_transport_json(const struct device *d, json_t *o);

/* The MIME type of a language of struct rel_facts; what has none, or is an
 * inner one, is "application/octet-stream": the device finds out. */
const char *transport_format(const char *language);

/* Is what its documents ask for told to d beside them, and not in them? */
bool device_is_told(const struct device *d);

/*
 * What becomes of a document for d (device_format.c).  driver: the word of
 * struct render_job: what an administrator set, or for "auto", and where
 * nothing is set and d said by IPP what it takes, what suits that.  how: what
 * rendering hangs on besides.  convert: it takes nothing like format.
 */
struct device_format {
	char driver[256];
	struct render_how how;
	bool convert;
};
void device_format(struct core *c, const struct device *d,
    const char *format, struct device_format *out);

/* What d cannot do goes out of t: it would ignore it, or refuse the job. */
void device_limit(struct core *c, const struct device *d,
    struct rel_ticket *t);

/* The story of a job that is released at d says what d cannot do of t; in
 * the open transaction. */
void device_limit_tell(struct core *c, const struct device *d, int64_t job,
    const struct rel_ticket *t);

/* How one job goes out to d: transport, URI, pin, format, what the device is
 * to do of the ticket. */
void device_transport_put(struct core *c, const struct device *d,
    const struct job *j, struct send_job *m);

/* In the transaction that settles j: what was learned on the way. */
void transport_settled(struct core *c, const struct job *j,
    const struct send_result *r);

#endif
