/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/http.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "tests/opsim/listen.h"

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
allowed(struct api *a, struct evhttp_request *rq)
{
	const char *want = state_str(&a->sim->st, "server_client_spki_pin",
	    "");
	struct bufferevent *bev = evhttp_connection_get_bufferevent(
	    evhttp_request_get_connection(rq));
	X509 *cert = SSL_get1_peer_certificate(bufferevent_openssl_get_ssl(
	    bev));
	char pin[96] = "";
	bool ok = cert != NULL && peer_pin(cert, pin, sizeof pin) &&
	    (want[0] == '\0' || strcmp(pin, want) == 0);

	X509_free(cert);
	return ok;
}

static void
reply(struct evhttp_request *rq, int status, json_t *v)
{
	struct evbuffer *b = evbuffer_new();
	struct evkeyvalq *out = evhttp_request_get_output_headers(rq);
	char *text = json_dumps(v, JSON_COMPACT);

	if (text != NULL)
		evbuffer_add_printf(b, "%s", text);
	evhttp_add_header(out, "OPDP-Version", "1.0");
	evhttp_add_header(out, "Content-Type", status < 400 ?
	    "application/json" : "application/problem+json");
	evhttp_send_reply(rq, status, NULL, b);
	evbuffer_free(b);
	free(text);
	json_decref(v);
}

static void
reply_problem(struct evhttp_request *rq, int status, const char *code)
{
	char urn[80];

	snprintf(urn, sizeof urn, "urn:opdp:error:%s", code);
	reply(rq, status, json_pack("{s:s, s:i, s:s}", "type", urn, "status",
	    status, "code", code));
}

static void
on_request(struct evhttp_request *rq, void *ctx)
{
	struct api *a = ctx;
	struct opsim *sim = a->sim;
	const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(
	    rq));

	if (path == NULL)
		path = "";
	if (!allowed(a, rq))
		reply_problem(rq, 403, "forbidden");
	else if (sim->dev.off)
		reply_problem(rq, 503, "device-offline");
	else if (strcmp(path, "/opdp/v1/info") == 0)
		reply(rq, 200, device_info(&sim->dev, &sim->st));
	else if (strcmp(path, "/opdp/v1/status") == 0)
		reply(rq, 200, device_status_full(&sim->dev,
		    sim->panel->session));
	else if (strncmp(path, "/opdp/v1/", 9) == 0)
		reply_problem(rq, 501, "level-not-supported");
	else
		reply_problem(rq, 404, "bad-request");
}

static SSL_CTX *
tls_new(const struct state *st)
{
	char crt[STATE_PATH], key[STATE_PATH], ca[STATE_PATH];
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	state_path(st, "device.crt", crt);
	state_path(st, "device.key", key);
	state_path(st, "ca.pem", ca);
	if (tls != NULL &&
	    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_use_certificate_chain_file(tls, crt) == 1 &&
	    SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) == 1 &&
	    SSL_CTX_load_verify_file(tls, ca) == 1) {
		SSL_CTX_set_verify(tls, SSL_VERIFY_PEER |
		    SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
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
