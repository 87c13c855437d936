/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/net.h"

#include <string.h>

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/net/csr.h"
#include "releaserd/net/csrf.h"

#define TICKET_LIFE_S 3600
#define URN "urn:uuid:"

/* The reason of the last OpenSSL error, and none left behind. */
static int
tls_failed(struct rel_err *err, const char *what)
{
	const char *why = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return rel_err_set(err, REL_E_FORMAT, "%s: %s", what,
	    why != NULL ? why : "not usable");
}

static int
load_chain(SSL_CTX *ctx, BIO *bio)
{
	X509 *leaf = PEM_read_bio_X509(bio, NULL, csr_no_password, NULL), *more;
	int ok = leaf != NULL && SSL_CTX_use_certificate(ctx, leaf) == 1;

	X509_free(leaf);
	while (ok && (more = PEM_read_bio_X509(bio, NULL, csr_no_password,
	    NULL)) != NULL) {
		ok = SSL_CTX_add0_chain_cert(ctx, more) == 1;
		if (!ok)
			X509_free(more);
	}
	ERR_clear_error();		/* the end of the chain */
	return ok;
}

static int
load_key(SSL_CTX *ctx, BIO *bio)
{
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, csr_no_password, NULL);
	int ok = key != NULL && SSL_CTX_use_PrivateKey(ctx, key) == 1 &&
	    SSL_CTX_check_private_key(ctx) == 1;

	EVP_PKEY_free(key);
	return ok;
}

/* Our own CA is the only one that makes a client known. */
static int
load_ca(SSL_CTX *ctx, BIO *bio)
{
	X509 *ca = PEM_read_bio_X509(bio, NULL, csr_no_password, NULL);
	int ok = ca != NULL &&
	    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), ca) == 1 &&
	    SSL_CTX_add_client_CA(ctx, ca) == 1;

	X509_free(ca);
	return ok;
}

static int
load_pem(SSL_CTX *ctx, const uint8_t *pem, size_t len,
    int (*load)(SSL_CTX *, BIO *))
{
	BIO *bio = BIO_new_mem_buf(pem, (int)len);
	int ok = bio != NULL && load(ctx, bio);

	BIO_free(bio);
	return ok;
}

/*
 * The handshake goes on with a certificate that does not verify (expired, of
 * another CA): the device then gets a 401 that tells it to register again
 * instead of a bare alert.  tls_peer() asks for the result.
 */
static int
tls_verified(int ok, X509_STORE_CTX *store)
{
	(void)ok;
	(void)store;
	return 1;
}

static int
tls_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
    const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen;

	(void)ssl;
	(void)arg;
	if (SSL_select_next_proto(&chosen, out_len, ours, sizeof ours - 1, in,
	    in_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* Tickets that every net process can open: name, HMAC key, AES key. */
static int
tls_tickets(SSL_CTX *ctx, const uint8_t secret[32])
{
	uint8_t keys[96];
	int ok;

	csrf_key(keys, secret, "tls ticket name");
	csrf_key(keys + 32, secret, "tls ticket hmac");
	csrf_key(keys + 64, secret, "tls ticket aes");
	memmove(keys + 16, keys + 32, 64);
	ok = SSL_CTX_set_tlsext_ticket_keys(ctx, keys, 80) == 1;
	rel_wipe(keys, sizeof keys);
	return ok;
}

static int
tls_rules(SSL_CTX *ctx)
{
	static const unsigned char id[] = "cups-release";

	SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION |
	    SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_timeout(ctx, TICKET_LIFE_S);
	SSL_CTX_set_num_tickets(ctx, 1);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, tls_verified);
	SSL_CTX_set_verify_depth(ctx, 3);
	SSL_CTX_set_alpn_select_cb(ctx, tls_alpn, NULL);
	return SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(ctx,
	    "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL") == 1 &&
	    SSL_CTX_set_session_id_context(ctx, id, sizeof id - 1) == 1;
}

int
tls_init(struct net *n, struct rel_err *err)
{
	const struct ipc_start *s = &n->role->start;

	if ((n->tls = SSL_CTX_new(TLS_server_method())) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory for TLS");
	if (!tls_rules(n->tls) || !tls_tickets(n->tls, s->web_secret))
		return tls_failed(err, "cannot set up TLS");
	if (!load_pem(n->tls, s->tls_cert, s->tls_cert_len, load_chain))
		return tls_failed(err, "server certificate");
	if (!load_pem(n->tls, s->tls_key, s->tls_key_len, load_key))
		return tls_failed(err, "key of the server certificate");
	if (!load_pem(n->tls, s->ca_cert, s->ca_cert_len, load_ca))
		return tls_failed(err, "certificate of the CA");
	return 0;
}

/* What all connections share: who is trusted, and the keys of tickets. */
static bool
tls_inherit(SSL_CTX *ctx, SSL_CTX *from)
{
	X509_STORE *store = SSL_CTX_get_cert_store(from);
	uint8_t keys[80];	/* as tls_tickets() sets them */
	bool ok;

	ok = X509_STORE_up_ref(store) == 1;
	if (ok)
		SSL_CTX_set_cert_store(ctx, store);
	SSL_CTX_set_client_CA_list(ctx,
	    SSL_dup_CA_list(SSL_CTX_get_client_CA_list(from)));
	ok = ok && SSL_CTX_get_tlsext_ticket_keys(from, keys,
	    (int)sizeof keys) == 1 &&
	    SSL_CTX_set_tlsext_ticket_keys(ctx, keys, (int)sizeof keys) == 1;
	rel_wipe(keys, sizeof keys);
	return ok;
}

int
tls_change(struct net *n, const uint8_t *cert, size_t cert_len,
    const uint8_t *key, size_t key_len, struct rel_err *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	int rc = 0;

	if (ctx == NULL || !tls_rules(ctx) || !tls_inherit(ctx, n->tls))
		rc = tls_failed(err, "cannot set up TLS");
	else if (!load_pem(ctx, cert, cert_len, load_chain))
		rc = tls_failed(err, "server certificate");
	else if (!load_pem(ctx, key, key_len, load_key))
		rc = tls_failed(err, "key of the server certificate");
	if (rc < 0) {
		SSL_CTX_free(ctx);
		return rc;
	}
	/* Connections hold the old one until they end. */
	SSL_CTX_free(n->tls);
	n->tls = ctx;
	return 0;
}

void
tls_fini(struct net *n)
{
	SSL_CTX_free(n->tls);
	n->tls = NULL;
}

/* "urn:uuid:ID" among the subject's alternative names. */
static bool
san_device(char *out, size_t size, X509 *cert)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name,
	    NULL, NULL);
	bool found = false;

	for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		const char *uri;
		size_t len;

		if (name->type != GEN_URI)
			continue;
		uri = (const char *)ASN1_STRING_get0_data(name->d.uniformResourceIdentifier);
		len = (size_t)ASN1_STRING_length(name->d.uniformResourceIdentifier);
		if (len <= strlen(URN) || len - strlen(URN) >= size ||
		    memchr(uri, 0, len) != NULL ||
		    memcmp(uri, URN, strlen(URN)) != 0)
			continue;
		memcpy(out, uri + strlen(URN), len - strlen(URN));
		out[len - strlen(URN)] = '\0';
		found = rel_utf8_ok(out, strlen(out));
	}
	GENERAL_NAMES_free(names);
	return found;
}

void
tls_peer(struct conn *c)
{
	SSL *ssl = bufferevent_openssl_get_ssl(c->bev);
	X509 *cert = ssl != NULL ? SSL_get0_peer_certificate(ssl) : NULL;
	uint8_t fp[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	c->caller = CALLER_ANYONE;
	c->caller_id[0] = c->cert_fp[0] = '\0';
	if (cert == NULL)
		return;
	if (SSL_get_verify_result(ssl) != X509_V_OK) {
		rel_log(REL_INFO, "client certificate refused", "why=\"%s\"",
		    X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
		return;
	}
	if (!san_device(c->caller_id, sizeof c->caller_id, cert) ||
	    X509_digest(cert, EVP_sha256(), fp, &len) != 1) {
		c->caller_id[0] = '\0';
		rel_log(REL_INFO, "client certificate without a device", "");
		return;
	}
	rel_hex(c->cert_fp, fp, len);
	c->caller = CALLER_DEVICE;
	ERR_clear_error();
}
