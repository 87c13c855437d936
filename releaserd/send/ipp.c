/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/send/ipp_priv.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "lib/buf.h"
#include "lib/text.h"
#include "releaserd/ippmsg.h"
#include "releaserd/pin.h"
#include "releaserd/send/senders.h"

#define FAILED REL_SEND_FAILED
#define CANCEL_MS 3000		/* for taking a broken job back */

/* One transfer. */
struct sender {
	struct rel_send t;
	const struct send_job *m;
	struct driver_sent *out;
	CURL *curl;
	struct curl_slist *headers;
	char url[IPPMSG_URI_MAX + 8];
	int32_t id;			/* of the last request */

	struct rel_buf head;		/* the request, as bytes */
	size_t head_at;
	bool document;			/* the document follows */
	const uint8_t *piece;		/* of it, what is not taken yet */
	size_t piece_n;
	bool broke_off;			/* by us: the result says why */
	struct rel_buf answer;
	curl_off_t moved;		/* bytes, either way */
	int64_t moved_ms, connect_until;
	int wait_ms;			/* so long nothing may move */
};

/* ---- the document */

/* The next piece into s->piece: 1, 0 at the end, FAILED. */
static int
next_piece(struct sender *s)
{
	int rc = rel_send_next(&s->t, &s->piece, &s->piece_n);

	if (rc > 0 && s->t.res->bytes == 0 && rel_send_no_return(&s->t) < 0)
		rc = FAILED;
	if (rc < 0)
		s->broke_off = true;
	return rc;
}

static size_t
take(void *to, size_t room, const void *p, size_t n)
{
	size_t now = n < room ? n : room;

	memcpy(to, p, now);
	return now;
}

/* libcurl asks for what goes out: the request, then the document. */
static size_t
on_read(char *to, size_t size, size_t n, void *ctx)
{
	struct sender *s = ctx;
	size_t room = size * n, now;

	if (s->head_at < s->head.len) {
		now = take(to, room, s->head.data + s->head_at,
		    s->head.len - s->head_at);
		s->head_at += now;
		return now;
	}
	if (!s->document)
		return 0;
	if (s->piece_n == 0) {
		int rc = next_piece(s);

		if (rc <= 0)
			return rc < 0 ? CURL_READFUNC_ABORT : 0;
	}
	now = take(to, room, s->piece, s->piece_n);
	s->piece += now;
	s->piece_n -= now;
	s->t.res->bytes += now;
	rel_send_stage(&s->t, REL_SEND_DATA);
	return now;
}

static size_t
on_write(char *p, size_t size, size_t n, void *ctx)
{
	struct sender *s = ctx;

	(void)size;
	if (s->answer.len + n > IPPMSG_ANSWER_MAX)
		return 0;
	rel_put_raw(&s->answer, p, n);
	return s->answer.failed ? 0 : n;
}

/* Nothing moves for too long: an end. */
static int
on_turn(void *ctx, curl_off_t dl_all, curl_off_t dl, curl_off_t ul_all,
    curl_off_t ul)
{
	struct sender *s = ctx;
	int64_t now = rel_mono_ms();

	(void)dl_all;
	(void)ul_all;
	if (dl + ul != s->moved) {
		s->moved = dl + ul;
		s->moved_ms = now;
	}
	return now - s->moved_ms > s->wait_ms;
}

/* ---- one request */

static bool
set_secure(struct sender *s)
{
	CURL *c = s->curl;
	char pin[80];

	/* Its key is known, or becomes known now: names prove nothing here. */
	if (curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L) != CURLE_OK ||
	    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L) != CURLE_OK ||
	    curl_easy_setopt(c, CURLOPT_CERTINFO, 1L) != CURLE_OK ||
	    curl_easy_setopt(c, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2) != CURLE_OK)
		return false;
	if (s->out->pin[0] == '\0')
		return true;
	return pin_for_curl(s->out->pin, pin) &&
	    curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY, pin) == CURLE_OK;
}

#define SET(option, value) \
	(curl_easy_setopt(s->curl, option, value) == CURLE_OK)

static bool
set_up(struct sender *s)
{
	struct curl_slist *more;

	s->curl = curl_easy_init();
	s->headers = curl_slist_append(NULL, "Content-Type: application/ipp");
	if (s->curl == NULL || s->headers == NULL ||
	    (more = curl_slist_append(s->headers, "Expect:")) == NULL)
		return false;
	return SET(CURLOPT_URL, s->url) && SET(CURLOPT_PROXY, "") &&
	    SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_POST, 1L) &&
	    SET(CURLOPT_HTTPHEADER, more) &&
	    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	    SET(CURLOPT_USERAGENT, "cups-release") &&
	    SET(CURLOPT_FOLLOWLOCATION, 0L) &&
	    /* What is said again by libcurl itself might print twice. */
	    SET(CURLOPT_FRESH_CONNECT, 1L) && SET(CURLOPT_FORBID_REUSE, 1L) &&
	    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)s->m->connect_ms) &&
	    SET(CURLOPT_NOPROGRESS, 0L) &&
	    SET(CURLOPT_XFERINFOFUNCTION, on_turn) &&
	    SET(CURLOPT_XFERINFODATA, s) &&
	    SET(CURLOPT_READFUNCTION, on_read) && SET(CURLOPT_READDATA, s) &&
	    SET(CURLOPT_WRITEFUNCTION, on_write) &&
	    SET(CURLOPT_WRITEDATA, s) && set_secure(s);
}

/* Whose key it was: the first certificate of the chain. */
static void
keep_pin(struct sender *s)
{
	struct curl_certinfo *info = NULL;

	if (s->out->pin[0] != '\0' || curl_easy_getinfo(s->curl,
	    CURLINFO_CERTINFO, &info) != CURLE_OK || info == NULL ||
	    info->num_of_certs < 1)
		return;
	for (struct curl_slist *l = info->certinfo[0]; l != NULL; l = l->next)
		if (strncmp(l->data, "Cert:", 5) == 0 &&
		    pin_of_pem(l->data + 5, s->out->pin))
			(void)set_secure(s);
}

/* Why there is no answer. */
static int
no_answer(struct sender *s, CURLcode rc)
{
	if (s->broke_off)
		return FAILED;
	switch (rc) {
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return rel_send_end(&s->t, REL_SEND_REFUSED,
		    "The %s shows another certificate than before. Nothing "
		    "was sent. If it was given a new one, forget the old one "
		    "at its page.", s->t.device);
	case CURLE_COULDNT_RESOLVE_HOST:
		return rel_send_end(&s->t, REL_SEND_AWAY,
		    "The address of the %s cannot be found.", s->t.device);
	case CURLE_COULDNT_CONNECT:
		return rel_send_end(&s->t, REL_SEND_AWAY,
		    "The %s takes no print jobs by IPP now.", s->t.device);
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CIPHER:
		return rel_send_end(&s->t, REL_SEND_AWAY,
		    "The %s and this server find no way to encrypt (TLS 1.2 "
		    "or 1.3).", s->t.device);
	case CURLE_OPERATION_TIMEDOUT:
		return rel_send_broke(&s->t, "did not answer");
	case CURLE_ABORTED_BY_CALLBACK:
		return rel_send_broke(&s->t, "stopped answering");
	case CURLE_WRITE_ERROR:
		return rel_send_broke(&s->t, "answered with far too much");
	default:
		return rel_send_broke(&s->t, "closed the connection");
	}
}

/* An HTTP status that is no answer of IPP. */
static int
no_ipp(struct sender *s, long status)
{
	/* A redirect or an error of ours: it did nothing with the request. */
	if (status >= 300 && status < 500)
		return rel_send_end(&s->t, REL_SEND_REFUSED,
		    "The %s refused (HTTP %ld%s).", s->t.device, status,
		    status == 401 || status == 403 ? ": it wants a log-in" :
		    status == 404 ? ": it has nothing at this path" :
		    status < 400 ? ": it points elsewhere, which is not "
		    "followed" : "");
	return rel_send_broke(&s->t, status == 503 ? "was too busy" :
	    "failed inside (HTTP 5xx)");
}

/* Ask m (freed here), the document behind it or not. 0 with *out, FAILED. */
static int
ask(struct sender *s, ipp_t *m, ipp_t **out)
{
	curl_off_t bytes;
	struct rel_err err = { 0 };
	long status = 0;
	CURLcode rc;

	*out = NULL;
	rel_buf_reset(&s->head);
	rel_buf_reset(&s->answer);
	if (m == NULL || ippmsg_put(&s->head, m) < 0) {
		ippDelete(m);
		return rel_send_end(&s->t, REL_SEND_AWAY,
		    "The print server has no memory.");
	}
	ippDelete(m);
	s->head_at = 0;
	s->moved = 0;
	s->moved_ms = rel_mono_ms();
	bytes = (curl_off_t)(s->head.len + (s->document ? s->t.src->bytes : 0));
	if (curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE_LARGE, bytes) !=
	    CURLE_OK)
		return rel_send_end(&s->t, REL_SEND_AWAY,
		    "The print server has no memory.");
	rc = curl_easy_perform(s->curl);
	keep_pin(s);
	if (rc != CURLE_OK)
		return no_answer(s, rc);
	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		return no_ipp(s, status);
	if (s->document && s->t.res->bytes < s->t.src->bytes)
		return rel_send_broke(&s->t,
		    "answered before it had all of the document");
	if (ippmsg_get(out, s->answer.data, s->answer.len, s->id, &err) < 0)
		return rel_send_broke(&s->t, "answered what is no IPP");
	return 0;
}

/* ---- what is asked */

static ipp_t *
request(struct sender *s, ipp_op_t op, int32_t job)
{
	return ippmsg_new(op, ++s->id, s->m->uri, job, s->m->user);
}

/* It said no to what came before the document: nothing has printed. */
static int
refused(struct sender *s, ipp_t *answer, const char *what)
{
	enum rel_send_outcome outcome =
	    ippmsg_later(ippGetStatusCode(answer)) ? REL_SEND_AWAY :
	    REL_SEND_REFUSED;
	char words[300];

	ippmsg_words(answer, words, sizeof words);
	return rel_send_end(&s->t, outcome, "The %s %s: %s", s->t.device, what,
	    words);
}

static int32_t
job_of(ipp_t *answer)
{
	ipp_attribute_t *a = ippFindAttribute(answer, "job-id",
	    IPP_TAG_INTEGER);

	return a != NULL && ippGetInteger(a, 0) > 0 ? ippGetInteger(a, 0) : 0;
}

/* 1: there is one; 0: the device has no Create-Job; FAILED. */
static int
create(struct sender *s)
{
	ipp_t *m = request(s, IPP_OP_CREATE_JOB, 0), *answer;
	int rc = 1;

	rel_send_stage(&s->t, REL_SEND_CONTROL);
	if (m != NULL)
		ipp_put_job(m, s->m, false);
	if (ask(s, m, &answer) < 0)
		return FAILED;
	if (ippGetStatusCode(answer) ==
	    IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED)
		rc = 0;
	else if (!ippmsg_ok(ippGetStatusCode(answer)))
		rc = refused(s, answer, "does not accept the job");
	else if ((s->out->job = job_of(answer)) == 0)
		rc = rel_send_end(&s->t, REL_SEND_REFUSED,
		    "The %s made a job without a number.", s->t.device);
	ippDelete(answer);
	return rc;
}

/* Said behind a document: is nothing of it on paper?  Not when it found out
 * at its third page, or somebody canceled it at the panel. */
static bool
is_sure(ipp_status_t status)
{
	switch (status) {
	case IPP_STATUS_ERROR_NOT_POSSIBLE:
	case IPP_STATUS_ERROR_TIMEOUT:
	case IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR:
	case IPP_STATUS_ERROR_DOCUMENT_UNPRINTABLE:
		return false;
	case IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED:
	case IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS:
	case IPP_STATUS_ERROR_VERSION_NOT_SUPPORTED:
		return true;
	default:
		return (int)status < 0x0500 || ippmsg_later(status);
	}
}

/* After the document a no counts only when it is sure. */
static int
said(struct sender *s, ipp_t *answer)
{
	ipp_status_t status = ippGetStatusCode(answer);
	char words[200];

	if (s->out->job == 0)
		s->out->job = job_of(answer);
	if (ippmsg_ok(status))
		return 0;
	ippmsg_words(answer, words, sizeof words);
	if (is_sure(status))
		return rel_send_end(&s->t, REL_SEND_REFUSED,
		    "The %s refused the document: %s", s->t.device, words);
	return rel_send_end(&s->t, REL_SEND_UNCONFIRMED,
	    "The %s took the whole document and then said: %s. It may have "
	    "printed.", s->t.device, words);
}

static int
document(struct sender *s)
{
	bool made = s->out->job > 0;
	ipp_t *m = request(s, made ? IPP_OP_SEND_DOCUMENT : IPP_OP_PRINT_JOB,
	    s->out->job), *answer;
	int rc;

	rel_send_stage(&s->t, REL_SEND_DATA);
	if (m != NULL && made)
		ipp_put_document(m, s->m);
	else if (m != NULL)
		ipp_put_job(m, s->m, true);
	s->document = true;
	rc = ask(s, m, &answer);
	s->document = false;
	if (rc < 0)
		return FAILED;
	rel_send_stage(&s->t, REL_SEND_FINAL);
	rc = said(s, answer);
	ippDelete(answer);
	return rc;
}

/* A job that is no use: the device need not wait for its document. */
static void
take_back(struct sender *s)
{
	struct driver_sent kept = *s->out;
	ipp_t *answer;

	if (kept.job == 0 || kept.r.outcome == REL_SEND_SENT)
		return;
	s->wait_ms = CANCEL_MS;
	if (ask(s, request(s, IPP_OP_CANCEL_JOB, kept.job), &answer) == 0)
		ippDelete(answer);
	*s->out = kept;
	if (kept.r.outcome != REL_SEND_UNCONFIRMED)
		s->out->job = 0;	/* nothing of it came out */
}

static void
run(struct sender *s)
{
	int rc;

	rel_send_stage(&s->t, REL_SEND_CONNECT);
	if (!set_up(s)) {
		rel_send_end(&s->t, REL_SEND_AWAY,
		    "The print server has no memory.");
		return;
	}
	if ((rc = create(s)) >= 0)
		rc = document(s);
	if (rc == 0) {
		s->t.res->outcome = REL_SEND_SENT;
		rel_send_stage(&s->t, REL_SEND_DONE);
	} else if (s->broke_off || s->t.res->outcome != REL_SEND_UNCONFIRMED) {
		take_back(s);
	}
}

void
send_by_ipp(const struct send_job *m, const struct rel_send_source *src,
    struct driver_sent *out)
{
	struct sender s = { .t = { .src = src, .res = &out->r }, .m = m,
	    .out = out, .wait_ms = (int)m->reply_ms };
	struct rel_err err = { 0 };

	memset(out, 0, sizeof *out);
	memcpy(out->pin, m->pin, sizeof out->pin);
	snprintf(s.t.device, sizeof s.t.device, "printer");
	rel_buf_init(&s.head);
	rel_buf_init(&s.answer);
	if (src->bytes == 0)
		rel_send_end(&s.t, REL_SEND_REFUSED,
		    "The document is empty: there is nothing to print.");
	else if (ippmsg_url(m->uri, s.url, sizeof s.url, s.t.device, &err) < 0)
		rel_send_end(&s.t, REL_SEND_REFUSED, "Nothing was sent: %s.",
		    err.text);
	else
		run(&s);
	if (s.curl != NULL)
		curl_easy_cleanup(s.curl);
	curl_slist_free_all(s.headers);
	rel_buf_fini(&s.head);
	rel_buf_fini(&s.answer);
}
