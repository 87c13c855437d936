/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/net.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>

#include "lib/log.h"
#include "lib/text.h"

#define HEAD_ROOM 768u		/* what evhttp writes before the body */

void
answer_header(struct evhttp_request *req, const char *name, const char *value)
{
	evhttp_add_header(evhttp_request_get_output_headers(req), name,
	    value);
}

static const char *
answer_date(struct net *n)
{
	time_t now = time(NULL);
	struct tm tm;

	if (now != n->date_s) {
		n->date_s = now;
		gmtime_r(&now, &tm);
		strftime(n->date, sizeof n->date, "%a, %d %b %Y %H:%M:%S GMT",
		    &tm);
	}
	return n->date;
}

/*
 * Send what stands in the request's output buffer.  Head and body go out as
 * one TLS record and one packet, not two.
 */
static void
answer_send(struct net *n, struct evhttp_request *req, int status,
    const char *type)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(req);
	struct conn *c = conn_of(n, req);
	struct evbuffer *out = NULL;

	if (evhttp_request_get_command(req) == EVHTTP_REQ_HEAD)
		evbuffer_drain(evhttp_request_get_output_buffer(req),
		    SIZE_MAX);
	if (type != NULL)
		answer_header(req, "Content-Type", type);
	answer_header(req, "Date", answer_date(n));
	if (n->stopping)
		answer_header(req, "Connection", "close");
	if (evcon != NULL) {
		out = bufferevent_get_output(
		    evhttp_connection_get_bufferevent(evcon));
		evbuffer_expand(out, HEAD_ROOM + evbuffer_get_length(
		    evhttp_request_get_output_buffer(req)));
	}
	if (c != NULL)
		conn_state_set(c, CONN_IDLE);
	evhttp_send_reply(req, status, NULL, NULL);
	if (out != NULL)
		evbuffer_pullup(out, -1);
}

static void
answer_api_headers(struct evhttp_request *req)
{
	answer_header(req, "OPDP-Version", "1.0");
	answer_header(req, "Cache-Control", "no-store");
}

void
answer_json(struct net *n, struct evhttp_request *req,
    const struct response *rs)
{
	answer_api_headers(req);
	if (rs->replayed)
		answer_header(req, "Idempotent-Replay", "true");
	if (rs->body_len > 0)
		evbuffer_add(evhttp_request_get_output_buffer(req), rs->body,
		    rs->body_len);
	answer_send(n, req, rs->status,
	    rs->body_len > 0 ? "application/json" : NULL);
}

static char *
problem_text(const struct response *rs, int status, const char *request_id)
{
	char type[80];
	json_t *o = json_object();
	char *text;

	snprintf(type, sizeof type, "urn:opdp:error:%s", rs->problem);
	json_object_set_new(o, "type", json_string(type));
	json_object_set_new(o, "status", json_integer(status));
	json_object_set_new(o, "code", json_string(rs->problem));
	json_object_set_new(o, "detail", json_string(rs->detail));
	if (rs->field[0] != '\0')
		json_object_set_new(o, "field", json_string(rs->field));
	if (rs->retry_after_s > 0)
		json_object_set_new(o, "retry_after_s",
		    json_integer(rs->retry_after_s));
	if (request_id[0] != '\0')
		json_object_set_new(o, "request_id",
		    json_string(request_id));
	if (strcmp(rs->problem, "version-not-supported") == 0)
		json_object_set_new(o, "supported", json_pack("[s]", "1.0"));
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

void
answer_problem(struct net *n, struct evhttp_request *req,
    const struct response *rs, const char *request_id)
{
	int status = rs->status >= 400 ? rs->status :
	    problem_status(rs->problem);
	char *text = problem_text(rs, status, request_id);
	json_malloc_t get;
	json_free_t drop;
	char number[16];

	json_get_alloc_funcs(&get, &drop);
	answer_api_headers(req);
	/* RFC 6750 section 3: an error only where a token was shown. */
	if (status == 401)
		answer_header(req, "WWW-Authenticate", http_header(req,
		    "Authorization")[0] == '\0' || strcmp(rs->problem,
		    "bad-credential") == 0 ? "Bearer" :
		    "Bearer error=\"invalid_token\"");
	if (rs->retry_after_s > 0) {
		snprintf(number, sizeof number, "%u",
		    (unsigned)rs->retry_after_s);
		answer_header(req, "Retry-After", number);
	}
	if (rs->replayed)
		answer_header(req, "Idempotent-Replay", "true");
	if (text != NULL)
		evbuffer_add(evhttp_request_get_output_buffer(req), text,
		    strlen(text));
	drop(text);
	rel_log(REL_DEBUG, "problem answered", "code=%s why=\"%s\"",
	    rs->problem, rs->detail);
	answer_send(n, req, status, "application/problem+json");
}

void
answer_code(struct net *n, struct evhttp_request *req, const char *code,
    const char *detail)
{
	struct response rs = { .status = 0 };

	snprintf(rs.problem, sizeof rs.problem, "%s", code);
	snprintf(rs.detail, sizeof rs.detail, "%s", detail);
	if (problem_status(code) == 503)
		rs.retry_after_s = 2;
	answer_problem(n, req, &rs, "");
}

static void
answer_html_headers(struct evhttp_request *req)
{
	answer_header(req, "Content-Security-Policy", "default-src 'none'; "
	    "style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
	    "base-uri 'none'");
	answer_header(req, "X-Content-Type-Options", "nosniff");
	answer_header(req, "Referrer-Policy", "no-referrer");
}

void
answer_page(struct net *n, struct evhttp_request *req, int status,
    const struct rel_buf *body, unsigned refresh_s)
{
	char refresh[48];

	answer_html_headers(req);
	answer_header(req, "Cache-Control", "no-store");
	if (refresh_s > 0) {
		snprintf(refresh, sizeof refresh, "%u; url=" PANEL_PATH,
		    refresh_s);
		answer_header(req, "Refresh", refresh);
	}
	if (!body->failed)
		evbuffer_add(evhttp_request_get_output_buffer(req),
		    body->data, body->len);
	answer_send(n, req, body->failed ? 500 : status,
	    "text/html; charset=utf-8");
}

void
answer_css(struct net *n, struct evhttp_request *req)
{
	answer_html_headers(req);
	answer_header(req, "Cache-Control", "max-age=3600");
	evbuffer_add(evhttp_request_get_output_buffer(req), html_css,
	    strlen(html_css));
	answer_send(n, req, 200, "text/css; charset=utf-8");
}

void
answer_see_panel(struct net *n, struct evhttp_request *req)
{
	answer_html_headers(req);
	answer_header(req, "Cache-Control", "no-store");
	answer_header(req, "Location", PANEL_PATH);
	answer_send(n, req, 303, NULL);
}
