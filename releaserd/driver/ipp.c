/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* ipp: printers by IPP and IPPS (RFC 8010, RFC 8011). */
#include <stdio.h>
#include <string.h>

#include "releaserd/driver/ipp_priv.h"
#include "releaserd/ippmsg.h"
#include "releaserd/send/senders.h"

#define COUNT(table) ((int)(sizeof (table) / sizeof (table)[0]))

static const char *const info_wants[] = {
	"color-supported", "document-format-supported",
	"finishings-supported", "marker-colors", "marker-levels",
	"marker-names", "marker-types", "media-col-ready", "media-supported",
	"media-type-supported", "pages-per-minute", "printer-contact",
	"printer-device-id", "printer-dns-sd-name",
	"printer-firmware-string-version", "printer-info",
	"printer-input-tray", "printer-location", "printer-make-and-model",
	"printer-name", "printer-output-tray",
	"printer-resolution-supported", "printer-serial-number",
	"printer-supply", "printer-supply-description",
	"printer-uri-supported", "printer-uuid",
	"pwg-raster-document-resolution-supported",
	"pwg-raster-document-sheet-back",
	"pwg-raster-document-type-supported", "sides-supported",
	"urf-supported"
};
static const char *const status_wants[] = {
	"marker-levels", "printer-alert", "printer-alert-description",
	"printer-config-change-time", "printer-impressions-completed",
	"printer-media-sheets-completed", "printer-state",
	"printer-state-message", "printer-state-reasons", "printer-supply"
};
static const char *const job_wants[] = {
	"job-id", "job-impressions-completed",
	"job-impressions-completed-col", "job-media-sheets-completed",
	"job-pages-completed", "job-state", "job-state-reasons"
};

/* ---- one question */

/* One that is no yes: what kind of no? */
static int
no(ipp_t *m, struct rel_err *err)
{
	ipp_status_t status = ippGetStatusCode(m);
	char words[200];

	ippmsg_words(m, words, sizeof words);
	if (status == IPP_STATUS_ERROR_NOT_FOUND ||
	    status == IPP_STATUS_ERROR_GONE)
		return rel_err_set(err, REL_E_NOTFOUND, "%s", words);
	if (ippmsg_later(status))
		return rel_err_set(err, REL_E_PEER, "%s", words);
	return rel_err_set(err, REL_E_DENIED, "%s", words);
}

static int
http_said(const struct driver_reply *r, struct rel_err *err)
{
	if (r->status == 200)
		return 0;
	if (r->status >= 500)
		return rel_err_set(err, REL_E_PEER,
		    "it failed inside (HTTP %d)", r->status);
	return rel_err_set(err, REL_E_DENIED, r->status == 401 ||
	    r->status == 403 ? "it wants a log-in (HTTP %d)" :
	    r->status == 404 ? "it has nothing at this path (HTTP %d)" :
	    "it points elsewhere or refuses (HTTP %d)", r->status);
}

static int
call(const struct driver_ask *q, ipp_t *m, struct driver_reply *r,
    struct rel_err *err)
{
	static const char *const headers[] = {
		"Content-Type: application/ipp", NULL
	};
	char url[IPPMSG_URI_MAX + 8], device[160];
	struct rel_buf b;
	struct driver_http h = {
		.method = "POST", .url = url, .headers = headers,
		.pin = q->at.pin, .any_server = q->at.pin[0] == '\0',
		.limit = IPPMSG_ANSWER_MAX, .until_ms = driver_until(q)
	};
	int rc = ippmsg_url(q->at.url, url, sizeof url, device, err);

	rel_buf_init(&b);
	if (rc == 0 && ippmsg_put(&b, m) < 0)
		rc = rel_err_set(err, REL_E_NOMEM, "no memory");
	h.body = b.data;
	h.body_len = b.len;
	if (rc == 0)
		rc = driver_http(&h, r, err);
	if (rc == 0)
		rc = http_said(r, err);
	rel_buf_fini(&b);
	return rc;
}

/* Ask m (freed here). 0 with *out, the caller's; pin: of its key. */
static int
ask(const struct driver_ask *q, ipp_t *m, ipp_t **out, char pin[65],
    struct rel_err *err)
{
	int32_t id = m != NULL ? ippGetRequestId(m) : 0;
	struct driver_reply r;
	int rc;

	*out = NULL;
	if (m == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	driver_reply_init(&r);
	rc = call(q, m, &r, err);
	ippDelete(m);
	if (rc == 0)
		rc = ippmsg_get(out, r.body.data, r.body.len, id, err);
	if (rc == 0 && !ippmsg_ok(ippGetStatusCode(*out))) {
		rc = no(*out, err);
		ippDelete(*out);
		*out = NULL;
	}
	if (pin != NULL)
		memcpy(pin, r.pin, 65);
	driver_reply_fini(&r);
	return rc;
}

static ipp_t *
request(const struct driver_ask *q, ipp_op_t op, int32_t job)
{
	static int32_t id;

	id = id < INT32_MAX - 1 ? id + 1 : 1;
	return ippmsg_new(op, id, q->at.url, job, "");
}

static int
ask_printer(const struct driver_ask *q, const char *const *wants, int n,
    ipp_t **out, char pin[65], struct rel_err *err)
{
	ipp_t *m = request(q, IPP_OP_GET_PRINTER_ATTRIBUTES, 0);

	if (m != NULL)
		ippAddStrings(m, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
		    "requested-attributes", n, NULL, wants);
	return ask(q, m, out, pin, err);
}

/* ---- the driver */

static int
ipp_info(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	char pin[65] = "";
	ipp_t *m;
	int rc = ask_printer(q, info_wants, COUNT(info_wants), &m, pin, err);

	if (rc < 0)
		return rc;
	ipp_items_info(&s->items, m);
	items_str(&s->items, "network.key", 0, pin);
	ippDelete(m);
	return 0;
}

/* FNV-1a of what tells that trays, supplies or settings are others now. */
static uint32_t
mark_of(uint32_t h, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)p[i]) * 16777619u;
	return h;
}

static void
put_kept(struct driver_said *s, ipp_t *m)
{
	ipp_attribute_t *a = ippFindAttribute(m, "printer-supply",
	    IPP_TAG_STRING);
	const char *reasons = items_get(&s->items, "reasons");
	uint32_t h = 2166136261u;
	int n = a != NULL ? ippGetCount(a) : 0, len = 0;

	if (reasons != NULL)
		h = mark_of(h, reasons, strlen(reasons));
	for (int i = 0; i < n; i++) {
		const char *p = ippGetOctetString(a, i, &len);

		if (p != NULL && len > 0)
			h = mark_of(h, p, (size_t)len);
	}
	if ((a = ippFindAttribute(m, "marker-levels", IPP_TAG_INTEGER)) !=
	    NULL)
		for (int i = 0; i < ippGetCount(a); i++)
			h = (h ^ (uint32_t)ippGetInteger(a, i)) * 16777619u;
	snprintf(s->kept, sizeof s->kept, "%lld %08x", (long long)ipp_number(
	    m, "printer-config-change-time", 0), h);
}

static int
ipp_status(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	ipp_t *m;
	int rc = ask_printer(q, status_wants, COUNT(status_wants), &m, NULL,
	    err);

	if (rc < 0)
		return rc;
	ipp_items_status(&s->items, m);
	put_kept(s, m);
	s->changed = strcmp(s->kept, q->kept) != 0;
	ippDelete(m);
	return 0;
}

static int
job_number(const struct driver_ask *q, int32_t *n, struct rel_err *err)
{
	int64_t v;

	if (!rel_int(&v, q->id, 1, INT32_MAX))
		return rel_err_set(err, REL_E_NOTFOUND,
		    "that is no job of this device");
	*n = (int32_t)v;
	return 0;
}

static int
ipp_job_state(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	int32_t n = 0;
	ipp_t *m;
	int rc = job_number(q, &n, err);

	if (rc < 0)
		return rc;
	if ((m = request(q, IPP_OP_GET_JOB_ATTRIBUTES, n)) != NULL)
		ippAddStrings(m, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
		    "requested-attributes", COUNT(job_wants), NULL,
		    job_wants);
	if ((rc = ask(q, m, &m, NULL, err)) < 0)
		return rc;
	/* One that answers for another job knows nothing of ours. */
	if (ipp_number(m, "job-id", n) != n)
		rc = rel_err_set(err, REL_E_FORMAT,
		    "it speaks of another job than it was asked for");
	else
		ipp_job(&s->job, m);
	ippDelete(m);
	return rc;
}

static int
ipp_job_cancel(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	int32_t n = 0;
	ipp_t *m;
	int rc = job_number(q, &n, err);

	(void)s;
	if (rc == 0)
		rc = ask(q, request(q, IPP_OP_CANCEL_JOB, n), &m, NULL, err);
	if (rc == 0)
		ippDelete(m);
	return rc;
}

const struct driver_ops driver_ipp = {
	.name = "ipp",
	.words = "Printers with IPP Everywhere",
	.can = DRIVER_CAN_INFO | DRIVER_CAN_JOB | DRIVER_CAN_SEND,
	.info = ipp_info,
	.status = ipp_status,
	.job_send = send_by_ipp,
	.job_state = ipp_job_state,
	.job_cancel = ipp_job_cancel
};
