/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/http.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "tests/opsim/device_api.h"
#include "tests/opsim/listen.h"
#include "tests/opsim/trace.h"

struct api {
	struct opsim *sim;
	SSL_CTX *tls;
	struct evhttp *http;
	char name[LISTEN_NAME];
	unsigned port;
};

static struct bufferevent *
on_connection(struct event_base *base, void *ctx)
{
	struct api *a = ctx;

	return bufferevent_openssl_socket_new(base, -1, SSL_new(a->tls),
	    BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
}

/* "sha256/BASE64" of the caller's public key. */
static bool
peer_pin(X509 *cert, char *out, size_t size)
{
	unsigned char *der = NULL, md[EVP_MAX_MD_SIZE], b64[64] = "";
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	unsigned mdn = 0;
	bool ok = n > 0 && EVP_Digest(der, (size_t)n, md, &mdn, EVP_sha256(),
	    NULL) == 1;

	if (ok)
		EVP_EncodeBlock(b64, md, (int)mdn);
	snprintf(out, size, "sha256/%s", (const char *)b64);
	OPENSSL_free(der);
	return ok;
}

/* The handshake proved the CA; the pin, if there is one, is checked here. */
static bool
by_certificate(struct api *a, struct evhttp_request *rq)
{
	const char *want = state_str(&a->sim->st, "server_client_spki_pin",
	    "");
	struct bufferevent *bev = evhttp_connection_get_bufferevent(
	    evhttp_request_get_connection(rq));
	X509 *cert = SSL_get1_peer_certificate(bufferevent_openssl_get_ssl(
	    bev));
	char pin[96] = "";
	bool ok = cert != NULL && peer_pin(cert, pin, sizeof pin) &&
	    want[0] != '\0' && strcmp(pin, want) == 0;

	X509_free(cert);
	return ok;
}

static bool
allowed(struct api *a, struct evhttp_request *rq)
{
	const char *token = state_str(&a->sim->st, "server_token", "");
	const char *said = evhttp_find_header(
	    evhttp_request_get_input_headers(rq), "Authorization");

	if (token[0] == '\0')
		return by_certificate(a, rq);
	return said != NULL && strncmp(said, "Bearer ", 7) == 0 &&
	    strcmp(said + 7, token) == 0;
}

/* ---- answers, and what goes wrong with them */

/* What no server may take for an answer; NULL: a sound one. */
static char *
lie_text(int64_t how)
{
	char *text = how == 4 ? malloc(600001) : NULL;

	if (how == 1)
		return strdup("<html>no JSON</html>");
	if (how == 2)
		return strdup("{\"state\":\"idle\",\"state\":\"stopped\"}");
	if (how == 3)
		return strdup("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
		    "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}"
		    "}}}}}}");
	if (how == 5)
		return strdup("{\"state\":7,\"reasons\":\"none\",\"life\":[],"
		    "\"session\":{},\"rev\":\"x\",\"opdp\":1,\"time\":5}");
	if (text == NULL)
		return NULL;
	memset(text, ' ', 600000);
	text[0] = '{';
	text[599999] = '}';
	text[600000] = '\0';
	return text;
}

static void
put_date(const struct api *a, struct evkeyvalq *out)
{
	time_t now = (time_t)(device_now_ms(&a->sim->dev) / 1000);
	struct tm tm;
	char text[48];

	gmtime_r(&now, &tm);
	strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	evhttp_add_header(out, "Date", text);
}

static void
send_answer(struct api *a, struct evhttp_request *rq,
    const struct device_answer *w)
{
	struct evbuffer *b = evbuffer_new();
	struct evkeyvalq *out = evhttp_request_get_output_headers(rq);
	json_t *v = device_answer_body(w);
	char *text = NULL;
	int64_t how = 0;
	int status = w->status;

	if (faults_take(&a->sim->faults, FAULT_API_LIE, AT_NONE, &how))
		text = lie_text(how);
	if (how == 6) {
		status = 302;
		evhttp_add_header(out, "Location", "https://127.0.0.1/");
	}
	if (text == NULL && v != NULL)
		text = json_dumps(v, JSON_COMPACT);
	if (text != NULL)
		evbuffer_add(b, text, strlen(text));
	put_date(a, out);
	evhttp_add_header(out, "OPDP-Version", "1.0");
	if (text != NULL)
		evhttp_add_header(out, "Content-Type", w->code == NULL ?
		    "application/json" : "application/problem+json");
	if (w->etag[0] != '\0')
		evhttp_add_header(out, "ETag", w->etag);
	if (w->replayed)
		evhttp_add_header(out, "Idempotent-Replay", "true");
	evhttp_send_reply(rq, status, NULL, b);
	evbuffer_free(b);
	free(text);
	json_decref(v);
}

/* An answer that is sent late; the caller may have gone meanwhile. */
struct late {
	struct api *api;
	struct evhttp_request *rq;
	struct device_answer w;
	struct event *timer;
};

static void
on_late(evutil_socket_t fd, short what, void *ctx)
{
	struct late *l = ctx;

	(void)fd;
	(void)what;
	evhttp_connection_set_closecb(evhttp_request_get_connection(l->rq),
	    NULL, NULL);
	send_answer(l->api, l->rq, &l->w);
	json_decref(l->w.body);
	event_free(l->timer);
	free(l);
}

static void
on_gone(struct evhttp_connection *con, void *ctx)
{
	struct late *l = ctx;

	(void)con;
	json_decref(l->w.body);
	event_free(l->timer);
	free(l);
}

static bool
answer_late(struct api *a, struct evhttp_request *rq,
    const struct device_answer *w, int64_t ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };
	struct late *l = calloc(1, sizeof *l);

	if (l == NULL)
		return false;
	*l = (struct late){ .api = a, .rq = rq, .w = *w };
	l->timer = evtimer_new(a->sim->base, on_late, l);
	evtimer_add(l->timer, &tv);
	evhttp_connection_set_closecb(evhttp_request_get_connection(rq),
	    on_gone, l);
	return true;
}

static void
answer(struct api *a, struct evhttp_request *rq, struct device_answer *w)
{
	struct faults *f = &a->sim->faults;
	int64_t ms;

	if (faults_take(f, FAULT_API_DROP, AT_NONE, NULL))
		evhttp_connection_free(evhttp_request_get_connection(rq));
	else if (faults_take(f, FAULT_API_DELAY, AT_NONE, &ms) &&
	    answer_late(a, rq, w, ms))
		return;
	else
		send_answer(a, rq, w);
	json_decref(w->body);
}

/* ---- requests */

static const char *
method_of(struct evhttp_request *rq)
{
	switch (evhttp_request_get_command(rq)) {
	case EVHTTP_REQ_GET:
		return "GET";
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_PUT:
		return "PUT";
	case EVHTTP_REQ_PATCH:
		return "PATCH";
	case EVHTTP_REQ_DELETE:
		return "DELETE";
	default:
		return "";
	}
}

static const char *
header(struct evhttp_request *rq, const char *name)
{
	const char *v = evhttp_find_header(
	    evhttp_request_get_input_headers(rq), name);

	return v != NULL ? v : "";
}

/* For the check against doc/opdp.openapi.json. */
static void
keep_trace(struct api *a, struct evhttp_request *rq,
    const struct device_call *q, const struct device_answer *w)
{
	json_t *v = device_answer_body(w);
	char *text = q->body != NULL ? json_dumps(q->body, JSON_COMPACT) :
	    NULL, *said = v != NULL ? json_dumps(v, JSON_COMPACT) : NULL;
	struct https_answer is = { .status = w->status,
	    .replayed = w->replayed, .body = said != NULL ? said : "",
	    .type = w->code == NULL ? "application/json" :
	    "application/problem+json", .location = "", .csp = "",
	    .trouble = "" };

	is.body_len = strlen(is.body);
	trace_put(https_trace(a->sim->net), q->method,
	    evhttp_request_get_uri(rq), text, &is);
	free(text);
	free(said);
	json_decref(v);
}

static void
call(struct api *a, struct evhttp_request *rq, const char *path)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(rq);
	const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(
	    rq));
	size_t n = evbuffer_get_length(in);
	struct device_call q = {
		.method = method_of(rq), .path = path,
		.query = query != NULL ? query : "",
		.if_match = header(rq, "If-Match"),
		.key = header(rq, "Idempotency-Key")
	};
	struct device_answer w = { .status = 400, .code = "bad-request" };

	if (n > 0)
		q.body = json_read(evbuffer_pullup(in, -1), n, NULL);
	if (n == 0 || q.body != NULL)
		device_api_call(a->sim, &q, &w);
	if (faults_take(&a->sim->faults, FAULT_API_TWICE, AT_NONE, NULL)) {
		json_decref(w.body);
		device_api_call(a->sim, &q, &w);
	}
	keep_trace(a, rq, &q, &w);
	json_decref(q.body);
	answer(a, rq, &w);
}

static void
on_request(struct evhttp_request *rq, void *ctx)
{
	static const char prefix[] = "/opdp/v1/";
	struct api *a = ctx;
	const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(
	    rq));
	struct device_answer w = { .status = 404, .code = "not-found" };

	if (path == NULL)
		path = "";
	/* until the other side has had enough */
	if (faults_take(&a->sim->faults, FAULT_API_HANG, AT_NONE, NULL))
		return;
	if (!allowed(a, rq)) {
		w = (struct device_answer){ .status = 403,
		    .code = "forbidden" };
		answer(a, rq, &w);
	} else if (strncmp(path, prefix, sizeof prefix - 1) == 0) {
		call(a, rq, path + sizeof prefix - 2);
	} else {
		answer(a, rq, &w);
	}
}

static SSL_CTX *
tls_new(const struct state *st)
{
	char crt[STATE_PATH], key[STATE_PATH], ca[STATE_PATH];
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	state_path(st, "api.crt", crt);
	state_path(st, "api.key", key);
	state_path(st, "ca.pem", ca);
	if (tls != NULL &&
	    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_use_certificate_chain_file(tls, crt) == 1 &&
	    SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) == 1) {
		if (state_str(st, "server_token", NULL) != NULL)
			return tls;
		SSL_CTX_set_verify(tls, SSL_VERIFY_PEER |
		    SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
		if (SSL_CTX_load_verify_file(tls, ca) == 1)
			return tls;
	}
	SSL_CTX_free(tls);
	return NULL;
}

int
api_new(struct api **out, struct opsim *sim, const char *where,
    struct rel_err *err)
{
	int sock = listen_bind(where, err);
	struct api *a;

	if (sock < 0)
		return sock;
	if ((a = calloc(1, sizeof *a)) == NULL) {
		close(sock);
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	}
	*out = a;
	a->sim = sim;
	listen_self(sock, a->name, &a->port);
	a->tls = tls_new(&sim->st);
	a->http = evhttp_new(sim->base);
	if (a->tls == NULL || a->http == NULL || listen(sock, 64) < 0 ||
	    evhttp_accept_socket(a->http, sock) < 0) {
		close(sock);
		return rel_err_set(err, REL_E_IO,
		    "cannot serve the device's HTTPS on %s", a->name);
	}
	evhttp_set_allowed_methods(a->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST |
	    EVHTTP_REQ_PUT | EVHTTP_REQ_PATCH | EVHTTP_REQ_DELETE);
	sim->api_port = a->port;
	evhttp_set_bevcb(a->http, on_connection, a);
	evhttp_set_max_headers_size(a->http, 16384);
	evhttp_set_max_body_size(a->http, 256 * 1024);
	evhttp_set_timeout(a->http, 30);
	evhttp_set_gencb(a->http, on_request, a);
	return 0;
}

void
api_free(struct api **ap)
{
	struct api *a = *ap;

	if (a == NULL)
		return;
	if (a->http != NULL)
		evhttp_free(a->http);
	SSL_CTX_free(a->tls);
	free(a);
	*ap = NULL;
}

const char *
api_name(const struct api *a)
{
	return a->name;
}

unsigned
api_port(const struct api *a)
{
	return a->port;
}
