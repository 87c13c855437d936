/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/net.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>

#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/net/csr.h"
#include "releaserd/net/decode.h"
#include "releaserd/net/hash.h"

const char *
http_header(struct evhttp_request *req, const char *name)
{
	const char *v = evhttp_find_header(
	    evhttp_request_get_input_headers(req), name);

	return v != NULL ? v : "";
}

char *
http_body(struct evhttp_request *req, size_t *len)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	char *p;

	*len = evbuffer_get_length(in);
	p = *len > 0 ? (char *)evbuffer_pullup(in, -1) : NULL;
	if (p == NULL)
		*len = 0;
	return p;
}

/* Bodies hold PINs and passwords. */
static void
body_wipe(struct evhttp_request *req)
{
	size_t len;
	char *body = http_body(req, &len);

	if (len > 0)
		rel_wipe(body, len);
}

static int
http_method(struct evhttp_request *req)
{
	switch (evhttp_request_get_command(req)) {
	case EVHTTP_REQ_GET: return HTTP_GET;
	case EVHTTP_REQ_POST: return HTTP_POST;
	case EVHTTP_REQ_PUT: return HTTP_PUT;
	case EVHTTP_REQ_PATCH: return HTTP_PATCH;
	case EVHTTP_REQ_DELETE: return HTTP_DELETE;
	default: return -1;
	}
}

/* ---- who asks */

/*
 * "Bearer TOKEN": core knows the SHA-256 of the token.  A device sends the
 * same one again and again on its connection: it is hashed once.
 */
static void
caller_token(struct evhttp_request *req, struct conn *c, struct request *rq)
{
	uint8_t hash[32];
	size_t n;
	const char *auth = decode_bearer(http_header(req, "Authorization"),
	    &n);

	if (auth == NULL)
		return;
	if (strcmp(auth, c->token) != 0) {
		memcpy(c->token, auth, n + 1);
		net_sha256(hash, auth, n);
		rel_hex(c->token_hash, hash, sizeof hash);
	}
	memcpy(rq->caller_id, c->token_hash, sizeof rq->caller_id);
	/* A person's opens nothing for devices, a device's nothing for people:
	 * core looks for each among its own kind only. */
	rq->caller = (routes[rq->route].callers & BY_USER) != 0 ?
	    CALLER_USER : CALLER_TOKEN;
}

/*
 * "Local CERTIFICATE": a page of the CUPS web interface shows what cupsd gave
 * it for its visitor (32 hex digits).  What it is worth, cupsd tells agent.
 */
static bool
caller_page(struct evhttp_request *req, struct request *rq)
{
	const char *auth = evhttp_find_header(
	    evhttp_request_get_input_headers(req), "Authorization");

	if (auth == NULL)
		return true;
	if (strncasecmp(auth, "Local ", 6) != 0)
		return false;
	auth += 6;
	if (strlen(auth) != 32 || strspn(auth, "0123456789abcdefABCDEF") != 32)
		return false;
	memcpy(rq->cups_cert, auth, 33);
	return true;
}

/* The first language a person asked for: "de-CH, en;q=0.5" is "de-CH". */
static void
locale_from_header(char out[16], const char *s)
{
	size_t n = 0;

	while (n < 15 && (isalnum((unsigned char)s[n]) || s[n] == '-')) {
		out[n] = s[n];
		n++;
	}
	out[n] = '\0';
}

const char *
http_caller(struct net *n, struct evhttp_request *req, struct request *rq)
{
	struct conn *c = conn_of(n, req);
	unsigned callers = routes[rq->route].callers;

	if (c == NULL)
		return "internal";
	rq->caller = c->caller;
	memcpy(rq->caller_id, c->caller_id, sizeof rq->caller_id);
	memcpy(rq->cert_fp, c->cert_fp, sizeof rq->cert_fp);
	rq->uid = c->uid;
	rq->gid = c->gid;
	memcpy(rq->addr, c->addr, sizeof rq->addr);
	locale_from_header(rq->locale, http_header(req, "Accept-Language"));
	if (rq->caller == CALLER_ANYONE)
		caller_token(req, c, rq);
	if (rq->caller == CALLER_LOCAL && !caller_page(req, rq))
		return "not-logged-in";
	if (callers & 1u << rq->caller)
		return NULL;
	if (rq->caller != CALLER_ANYONE)
		return "forbidden";
	return (callers & BY_DEVICE) != 0 ? "not-registered" :
	    (callers & BY_USER) != 0 ? "not-logged-in" : "forbidden";
}

/* ---- what is asked */

static void
answer_no_route(struct net *n, struct evhttp_request *req, unsigned allowed)
{
	static const char *const names[] = {
		"GET", "POST", "PUT", "PATCH", "DELETE"
	};
	char allow[64] = "";
	size_t at = 0;

	if (allowed == 0) {
		answer_code(n, req, "not-found", "there is no such path");
		return;
	}
	for (unsigned i = 0; i < 5; i++)
		if (allowed & 1u << i)
			at += (size_t)snprintf(allow + at, sizeof allow - at,
			    "%s%s", at > 0 ? ", " : "", names[i]);
	answer_header(req, "Allow", allow);
	answer_code(n, req, "method-not-allowed", allow);
}

/* The major version we speak, in the path and (when given) the header. */
static bool
version_ok(struct evhttp_request *req, const char *path)
{
	const char *v = http_header(req, "OPDP-Version");
	size_t n = strlen("/opdp/v");

	if (strncmp(path, "/opdp/v", n) == 0 && path[n] >= '0' &&
	    path[n] <= '9' && strncmp(path + n, "1/", 2) != 0)
		return false;
	return v[0] == '\0' || (v[0] == '1' && (v[1] == '.' || v[1] == '\0'));
}

static bool
type_is(struct evhttp_request *req, const char *want)
{
	const char *v = http_header(req, "Content-Type");
	size_t n = strlen(want);

	return strncasecmp(v, want, n) == 0 &&
	    (v[n] == '\0' || v[n] == ';' || v[n] == ' ');
}

static void
problem_set(struct response *rs, const char *code, const char *detail)
{
	snprintf(rs->problem, sizeof rs->problem, "%s", code);
	snprintf(rs->detail, sizeof rs->detail, "%s", detail);
}

/* The body as JSON; NULL when there is none, or (problem set) a bad one. */
static json_t *
body_read(struct evhttp_request *req, const struct request *rq,
    struct response *rs)
{
	bool local = rq->caller == CALLER_LOCAL;
	size_t len, large = local ? route_body_large(rq->route) : 0;
	size_t max = large > 0 ? large : NET_BODY_MAX;
	char *body = http_body(req, &len);
	struct rel_err why = { 0 };
	json_t *root;

	if (len > max) {
		problem_set(rs, "too-large", max > NET_BODY_MAX ?
		    "the body is over 4 MiB" : "the body is over 256 KiB");
		return NULL;
	}
	if (len == 0)
		return NULL;
	if (!type_is(req, "application/json")) {
		problem_set(rs, "bad-request",
		    "Content-Type must be application/json");
		rs->status = 415;
		return NULL;
	}
	root = json_in_max(body, len, large > 0 ? large :
	    (routes[rq->route].callers & BY_LOCAL) != 0 ? NET_STRING_LOCAL :
	    JSON_IN_TEXT_MAX, &why);
	if (root == NULL)
		problem_set(rs, why.code == REL_E_NOMEM ? "internal" :
		    "bad-request", why.text);
	return root;
}

/* The device's new key: core gets only the key, checked here. */
static int
csr_read(struct request *rq, char spki[CSR_SPKI_MAX + 1], struct rel_err *why)
{
	const char *csr = req_str(rq, F_CSR), *auth = req_str(rq, F_AUTH);
	int rc;

	if (rq->route != OPDP_REGISTER && rq->route != OPDP_RENEW)
		return 0;
	if (auth != NULL && strcmp(auth, "mtls") != 0 &&
	    strcmp(auth, "token") != 0)
		return rel_err_set(why, REL_E_FORMAT,
		    "auth must be mtls or token");
	if (auth != NULL && strcmp(auth, "token") == 0)
		return 0;
	if (csr == NULL || csr[0] == '\0')
		return rel_err_set(why, REL_E_FORMAT, "csr_pem is missing");
	if ((rc = csr_key(spki, csr, why)) < 0)
		return rc;
	rq->f[F_SPKI].set = true;
	rq->f[F_SPKI].str = spki;
	return 0;
}

static void
idem_read(struct evhttp_request *req, struct request *rq)
{
	const char *key = req_str(rq, F_REQUEST_ID), *locale;

	if (key == NULL)
		key = http_header(req, "Idempotency-Key");
	if (key[0] != '\0' && strlen(key) < sizeof rq->idem_key &&
	    rel_utf8_ok(key, strlen(key))) {
		size_t len;
		const char *body = http_body(req, &len);

		snprintf(rq->idem_key, sizeof rq->idem_key, "%s", key);
		net_sha256(rq->body_hash, len > 0 ? body : "", len);
	}
	locale = req_str(rq, F_LOCALE);
	if (locale != NULL && locale[0] != '\0' &&
	    (rq->route == PANEL_MENU || rq->route == PANEL_ACTION))
		snprintf(rq->locale, sizeof rq->locale, "%s", locale);
}

static void
route_serve(struct net *n, struct evhttp_request *req, struct request *rq,
    const char *arg, size_t arg_len)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
	char spki[CSR_SPKI_MAX + 1];
	struct response rs = { .status = 0 };
	struct rel_err why = { 0 };
	json_t *body = body_read(req, rq, &rs);

	if (rs.problem[0] == '\0' &&
	    (decode_fields(rq, arg, arg_len, evhttp_uri_get_query(uri), body,
	    &why) < 0 || csr_read(rq, spki, &why) < 0))
		problem_set(&rs, why.code == REL_E_NOMEM ? "internal" :
		    "bad-request", why.text);
	json_decref(body);
	if (rs.problem[0] != '\0') {
		body_wipe(req);
		answer_problem(n, req, &rs, rq->f[F_REQUEST_ID].set ?
		    req_str(rq, F_REQUEST_ID) : "");
		return;
	}
	idem_read(req, rq);
	body_wipe(req);
	http_ask_core(n, req, rq, NULL);
}

void
http_on_request(struct evhttp_request *req, void *net)
{
	struct net *n = net;
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
	const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL;
	struct conn *c = conn_of(n, req);
	struct request rq;
	const char *arg = NULL, *problem;
	size_t arg_len = 0;
	unsigned allowed = 0;
	int method = http_method(req), route = -1;

	if (c != NULL)
		conn_state_set(c, CONN_BUSY);
	if (path == NULL)
		path = "";
	if (c != NULL && !c->local &&
	    strncmp(path, PANEL_PATH, strlen(PANEL_PATH)) == 0) {
		panel_request(n, req, path);
		return;
	}
	if (c != NULL)
		route = route_find(path, method >= 0 ?
		    (enum req_method)method : HTTP_DELETE + 1, c->local ?
		    DOOR_LOCAL : n->role->set.user_api ? DOOR_HTTPS :
		    DOOR_DEVICES, &arg, &arg_len, &allowed);
	if (!version_ok(req, path)) {
		answer_code(n, req, "version-not-supported",
		    "this server speaks OPDP 1.0");
		return;
	}
	if (route < 0) {
		answer_no_route(n, req, allowed);
		return;
	}
	memset(&rq, 0, sizeof rq);
	rq.route = (enum req_route)route;
	if ((problem = http_caller(n, req, &rq)) != NULL)
		answer_code(n, req, problem, problem_status(problem) == 401 ?
		    "this needs a valid log-in" :
		    "this caller may not ask that");
	else
		route_serve(n, req, &rq, arg, arg_len);
	request_fini(&rq);
}

/* ---- core */

static void
answer_away(struct net *n, struct evhttp_request *req, bool page,
    const char *why)
{
	if (page)
		panel_problem(n, req, "backend-unavailable");
	else
		answer_code(n, req, "backend-unavailable", why);
}

void
http_ask_core(struct net *n, struct evhttp_request *req,
    const struct request *rq, struct page *page)
{
	struct pend *p = n->core != NULL ? pend_add(n, req) : NULL;
	const char *request_id = req_str(rq, F_REQUEST_ID);
	bool is_page = page != NULL;
	int rc;

	if (p == NULL) {
		page_free(page);
		answer_away(n, req, is_page, n->core == NULL ?
		    "the core process is starting" : "too many requests wait");
		return;
	}
	p->page = page;
	if (request_id != NULL)
		snprintf(p->request_id, sizeof p->request_id, "%s",
		    request_id);
	rel_buf_reset(&n->out);
	request_put(&n->out, rq);
	rc = n->out.failed ? -n->out.failed : ipc_send(n->core, IPC_REQUEST,
	    p->id, n->out.data, n->out.len);
	rel_wipe(n->out.data, n->out.len);
	if (rc < 0) {
		pend_drop(n, p);
		answer_away(n, req, is_page, "the core process is too busy");
	}
}

void
http_on_core(struct net *n, const struct rel_frame *fr)
{
	struct pend *p = pend_get(n, fr->id), was;
	struct response rs;

	if (p == NULL)
		return;			/* we gave up on it already */
	was = *p;
	p->page = NULL;
	pend_drop(n, p);
	if (response_get(&rs, fr->body, fr->len) < 0) {
		memset(&rs, 0, sizeof rs);
		problem_set(&rs, "internal", "core answered nonsense");
		rel_log(REL_ERROR, "bad answer from core", "id=%u", fr->id);
	}
	if (was.page != NULL)
		panel_answer(n, was.req, was.page, &rs);
	else if (rs.problem[0] != '\0' || rs.status < 200)
		answer_problem(n, was.req, &rs, was.request_id);
	else
		answer_json(n, was.req, &rs);
	page_free(was.page);
}
