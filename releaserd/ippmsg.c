/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/ippmsg.h"

#include <stdio.h>
#include <string.h>

#include "lib/cursor.h"
#include "lib/text.h"

#define DEEP_MAX 8u
#define VALUES_MAX 4000u

/* ---- where */

int
ippmsg_url(const char *uri, char *url, size_t size, char device[160],
    struct rel_err *err)
{
	char scheme[16], user[64], host[256], path[IPPMSG_URI_MAX];
	int port = 0, n;

	if (strlen(uri) >= IPPMSG_URI_MAX || httpSeparateURI(
	    HTTP_URI_CODING_MOST, uri, scheme, sizeof scheme, user,
	    sizeof user, host, sizeof host, &port, path, sizeof path) <
	    HTTP_URI_STATUS_OK || host[0] == '\0' || user[0] != '\0' ||
	    (strcmp(scheme, "ipp") != 0 && strcmp(scheme, "ipps") != 0))
		return rel_err_set(err, REL_E_FORMAT, "the IPP address is "
		    "ipp://HOST/PATH or ipps://HOST/PATH");
	for (const char *p = path; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			return rel_err_set(err, REL_E_FORMAT,
			    "the IPP address has a strange path");
	n = snprintf(url, size, strchr(host, ':') != NULL ?
	    "%s://[%s]:%d%s" : "%s://%s:%d%s", strcmp(scheme, "ipps") == 0 ?
	    "https" : "http", host, port > 0 ? port : 631,
	    path[0] != '\0' ? path : "/");
	if (n < 0 || (size_t)n >= size)
		return rel_err_set(err, REL_E_FORMAT,
		    "the IPP address is too long");
	snprintf(device, 160, "printer at %.100s", host);
	return 0;
}

/* ---- asking */

ipp_t *
ippmsg_new(ipp_op_t op, int32_t id, const char *uri, int32_t job,
    const char *user)
{
	ipp_t *m = ippNewRequest(op);

	if (m == NULL)
		return NULL;
	ippSetRequestId(m, id);
	ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL,
	    uri);
	if (job > 0)
		ippAddInteger(m, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id",
		    job);
	ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_NAME,
	    "requesting-user-name", NULL, user[0] != '\0' ? user :
	    "cups-release");
	return m;
}

static ssize_t
put_bytes(void *ctx, ipp_uchar_t *p, size_t n)
{
	struct rel_buf *b = ctx;

	rel_put_raw(b, p, n);
	return b->failed ? -1 : (ssize_t)n;
}

int
ippmsg_put(struct rel_buf *b, ipp_t *m)
{
	ipp_state_t s;

	ippSetState(m, IPP_STATE_IDLE);
	do
		s = ippWriteIO(b, put_bytes, 1, NULL, m);
	while (s != IPP_STATE_DATA && s != IPP_STATE_ERROR);
	return s == IPP_STATE_DATA && !b->failed ? 0 : -REL_E_NOMEM;
}

/* ---- what is answered */

/* Two bytes, as on the wire; past the end: n + 1, which fits nowhere. */
static size_t
two_bytes(const uint8_t *p, size_t n, size_t at)
{
	return at + 2 <= n ? (size_t)p[at] << 8 | p[at + 1] : n + 1;
}

/* RFC 8010 section 3.1: tags, and two lengths behind each that has a value. */
static bool
shape_ok(const uint8_t *p, size_t n)
{
	size_t at = 8, deep = 0, values = 0;

	while (at < n && p[at] != IPP_TAG_END) {
		uint8_t tag = p[at++];

		if (tag < IPP_TAG_UNSUPPORTED_VALUE)
			continue;	/* a group begins */
		deep += tag == IPP_TAG_BEGIN_COLLECTION;
		if (tag == IPP_TAG_END_COLLECTION && deep-- == 0)
			return false;
		if (deep > DEEP_MAX || ++values > VALUES_MAX)
			return false;
		for (unsigned i = 0; i < 2; i++) {
			size_t len = two_bytes(p, n, at);

			if (len > n || at + 2 > n - len)
				return false;
			at += 2 + len;
		}
	}
	return at < n && deep == 0;
}

struct source {
	const uint8_t *p;
	size_t n;
};

static ssize_t
get_bytes(void *ctx, ipp_uchar_t *out, size_t n)
{
	struct source *s = ctx;

	if (n > s->n)
		n = s->n;
	memcpy(out, s->p, n);
	s->p += n;
	s->n -= n;
	return (ssize_t)n;
}

int
ippmsg_read(ipp_t **out, const void *p, size_t n, size_t *used)
{
	struct source src = { p, n };
	ipp_t *m;
	ipp_state_t s;

	*out = NULL;
	if (n < 9 || src.p[0] < 1 || src.p[0] > 2 || !shape_ok(p, n))
		return -REL_E_FORMAT;
	if ((m = ippNew()) == NULL)
		return -REL_E_NOMEM;
	do
		s = ippReadIO(&src, get_bytes, 1, NULL, m);
	while (s != IPP_STATE_DATA && s != IPP_STATE_ERROR);
	if (s == IPP_STATE_ERROR) {
		ippDelete(m);
		return -REL_E_FORMAT;
	}
	*used = n - src.n;
	*out = m;
	return 0;
}

int
ippmsg_get(ipp_t **out, const void *p, size_t n, int32_t id,
    struct rel_err *err)
{
	size_t used;
	int rc = n > IPPMSG_ANSWER_MAX ? -REL_E_FORMAT :
	    ippmsg_read(out, p, n, &used);

	if (rc < 0) {
		*out = NULL;
		return rel_err_set(err, -rc, rc == -REL_E_NOMEM ?
		    "no memory" : "what it answers is no IPP");
	}
	if (ippGetRequestId(*out) == id)
		return 0;
	ippDelete(*out);
	*out = NULL;
	return rel_err_set(err, REL_E_FORMAT,
	    "it answers another question than it was asked");
}

bool
ippmsg_ok(ipp_status_t status)
{
	return (int)status >= 0 && (int)status < 0x0100;
}

bool
ippmsg_later(ipp_status_t status)
{
	return status == IPP_STATUS_ERROR_BUSY ||
	    status == IPP_STATUS_ERROR_TEMPORARY ||
	    status == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE;
}

void
ippmsg_words(ipp_t *m, char *out, size_t size)
{
	ipp_attribute_t *a = ippFindAttribute(m, "status-message",
	    IPP_TAG_TEXT);
	const char *text = a != NULL ? ippGetString(a, 0, NULL) : NULL;
	char both[400];

	if (text != NULL && text[0] != '\0')
		snprintf(both, sizeof both, "%.250s (%s)", text,
		    ippErrorString(ippGetStatusCode(m)));
	else
		snprintf(both, sizeof both, "%s",
		    ippErrorString(ippGetStatusCode(m)));
	rel_text_clean(out, size, both);
}
