/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What is between libldap and the socket: TLS by OpenSSL as in the rest of
 * releaserd, whatever libldap was built with; certificates and lists from the
 * question, not from files; and no call that waits.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "lib/dial.h"
#include "lib/text.h"
#include "releaserd/agent/ldap_priv.h"

/* ---- whom we trust */

static int
tls_settings(struct ldap_ask *a, const char *words)
{
	ask_say(a, "%s", words);
	ERR_clear_error();
	return DIR_SETTINGS;
}

/* Authorities of the question; without TlsCa those of the system. */
static int
tls_authorities(struct ldap_ask *a, SSL_CTX *ctx)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509 *x;
	BIO *bio;
	int n = 0;

	if (a->d.tls_ca[0] == '\0')
		return SSL_CTX_set_default_verify_paths(ctx) == 1 ? 0 :
		    tls_settings(a, "this system has no authorities");
	bio = BIO_new_mem_buf(a->at->ca, (int)a->at->ca_len);
	while (bio != NULL && (x = PEM_read_bio_X509(bio, NULL, NULL,
	    NULL)) != NULL) {
		n += X509_STORE_add_cert(store, x) == 1;
		X509_free(x);
	}
	BIO_free(bio);
	ERR_clear_error();
	return n > 0 ? 0 :
	    tls_settings(a, "TlsCa: there is no certificate in this list");
}

static int
tls_revoked(struct ldap_ask *a, SSL_CTX *ctx)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509_CRL *crl;
	BIO *bio;
	int n = 0;

	if (a->d.tls_crl[0] == '\0')
		return 0;
	bio = BIO_new_mem_buf(a->at->crl, (int)a->at->crl_len);
	while (bio != NULL && (crl = PEM_read_bio_X509_CRL(bio, NULL, NULL,
	    NULL)) != NULL) {
		n += X509_STORE_add_crl(store, crl) == 1;
		X509_CRL_free(crl);
	}
	BIO_free(bio);
	ERR_clear_error();
	X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
	return n > 0 ? 0 : tls_settings(a,
	    "TlsCrl: there is no list of revoked certificates in it");
}

static int
tls_context(struct ldap_ask *a, SSL_CTX **out)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	int rc;

	*out = ctx;
	if (ctx == NULL)
		return DIR_AWAY;
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1)
		return DIR_AWAY;
	X509_STORE_set_flags(SSL_CTX_get_cert_store(ctx),
	    X509_V_FLAG_PARTIAL_CHAIN);
	if ((rc = tls_authorities(a, ctx)) != 0)
		return rc;
	return tls_revoked(a, ctx);
}

/* The host that was asked for: its name is told, and wanted. */
static bool
tls_host(const struct ldap_ask *a, SSL *ssl)
{
	const char *host = a->d.server[a->server].host;
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	bool address = strchr(host, ':') != NULL ||
	    strspn(host, "0123456789.") == strlen(host);

	if (!address && SSL_set_tlsext_host_name(ssl, host) != 1)
		return false;
	if (!a->d.tls_check_name)
		return true;
	X509_VERIFY_PARAM_set_hostflags(param,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return (address ? X509_VERIFY_PARAM_set1_ip_asc(param, host) :
	    X509_VERIFY_PARAM_set1_host(param, host, 0)) == 1;
}

/* ---- the handshake */

static enum dir_tls
tls_reason(long verified)
{
	switch (verified) {
	case X509_V_OK:
		return DIR_TLS_OTHER;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return DIR_TLS_HOST;
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return DIR_TLS_TIME;
	case X509_V_ERR_CERT_REVOKED:
		return DIR_TLS_REVOKED;
	case X509_V_ERR_UNABLE_TO_GET_CRL:
	case X509_V_ERR_CRL_HAS_EXPIRED:
	case X509_V_ERR_CRL_NOT_YET_VALID:
	case X509_V_ERR_CRL_SIGNATURE_FAILURE:
		return DIR_TLS_CRL;
	default:
		return DIR_TLS_AUTHORITY;
	}
}

static int
tls_refused(struct ldap_ask *a, SSL *ssl)
{
	long verified = SSL_get_verify_result(ssl);
	const char *why = verified != X509_V_OK ?
	    X509_verify_cert_error_string(verified) :
	    ERR_reason_error_string(ERR_peek_error());

	a->said->tls = (uint8_t)tls_reason(verified);
	ask_say(a, "TLS: %s", why != NULL ? why :
	    "the server ended the connection");
	ERR_clear_error();
	return DIR_TLS;
}

static int
tls_handshake(struct ldap_ask *a, struct ldap_link *l)
{
	for (;;) {
		int rc, why;

		ERR_clear_error();
		rc = SSL_connect(l->ssl);
		why = SSL_get_error(l->ssl, rc);
		if (rc == 1)
			return 0;
		if (why == SSL_ERROR_SYSCALL) {
			ask_say(a, "TLS: %s", strerror(errno));
			return DIR_AWAY;
		}
		if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
			return tls_refused(a, l->ssl);
		if (!rel_wait(l->fd, why == SSL_ERROR_WANT_READ ? POLLIN :
		    POLLOUT, l->until_ms)) {
			l->late = true;
			ask_say(a, "TLS: no answer in time");
			return DIR_AWAY;
		}
	}
}

int
tls_up(struct ldap_ask *a, struct ldap_link *l)
{
	SSL_CTX *ctx;
	int rc = tls_context(a, &ctx);

	if (rc == 0) {
		l->ssl = SSL_new(ctx);
		rc = l->ssl != NULL && SSL_set_fd(l->ssl, l->fd) == 1 &&
		    tls_host(a, l->ssl) ? tls_handshake(a, l) : DIR_AWAY;
	}
	SSL_CTX_free(ctx);
	return rc;
}

/* ---- the layer */

static int
layer_setup(Sockbuf_IO_Desc *io, void *arg)
{
	io->sbiod_pvt = arg;
	return 0;
}

static int
layer_remove(Sockbuf_IO_Desc *io)
{
	io->sbiod_pvt = NULL;
	return 0;
}

static int
layer_close(Sockbuf_IO_Desc *io)
{
	struct ldap_link *l = io->sbiod_pvt;

	if (l->ssl != NULL)
		(void)SSL_shutdown(l->ssl);
	ERR_clear_error();
	return 0;
}

static int
layer_ctrl(Sockbuf_IO_Desc *io, int opt, void *arg)
{
	struct ldap_link *l = io->sbiod_pvt;

	if (opt == LBER_SB_OPT_DATA_READY && (l->come ||
	    l->in_at < l->in_len ||
	    (l->ssl != NULL && SSL_pending(l->ssl) > 0)))
		return 1;
	return LBER_SBIOD_CTRL_NEXT(io, opt, arg);
}

static bool
layer_late(struct ldap_link *l)
{
	if (rel_mono_ms() < l->until_ms)
		return false;
	l->late = true;
	errno = ETIMEDOUT;
	return true;
}

/* What a call of OpenSSL came to, as recv() and send() would say it. */
static ber_slen_t
layer_ssl(struct ldap_link *l, int n)
{
	int why = SSL_get_error(l->ssl, n);

	ERR_clear_error();
	if (n > 0)
		return n;
	if (why == SSL_ERROR_ZERO_RETURN)
		return 0;
	errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ?
	    EAGAIN : ECONNRESET;
	return -1;
}

/* libldap takes a message in small pieces: they come in large ones. */
static ber_slen_t
layer_fill(struct ldap_link *l)
{
	ber_slen_t n = l->ssl != NULL ? layer_ssl(l, SSL_read(l->ssl, l->in,
	    (int)sizeof l->in)) : recv(l->fd, l->in, sizeof l->in, 0);

	l->in_at = 0;
	l->in_len = n > 0 ? (size_t)n : 0;
	l->come = l->in_len == sizeof l->in;
	return n;
}

static ber_slen_t
layer_read(Sockbuf_IO_Desc *io, void *p, ber_len_t n)
{
	struct ldap_link *l = io->sbiod_pvt;
	ber_slen_t got;

	if (layer_late(l))
		return -1;
	if (l->in_at == l->in_len && (got = layer_fill(l)) <= 0)
		return got;
	if (n > l->in_len - l->in_at)
		n = l->in_len - l->in_at;
	memcpy(p, l->in + l->in_at, n);
	l->in_at += n;
	return (ber_slen_t)n;
}

static ber_slen_t
layer_write(Sockbuf_IO_Desc *io, void *p, ber_len_t n)
{
	struct ldap_link *l = io->sbiod_pvt;
	ber_slen_t done;

	if (layer_late(l))
		return -1;
	if (n > INT32_MAX)
		n = INT32_MAX;
	done = l->ssl != NULL ? layer_ssl(l, SSL_write(l->ssl, p, (int)n)) :
	    send(l->fd, p, n, MSG_NOSIGNAL);
	l->full = done < 0 && errno == EAGAIN;
	return done;
}

int
tls_layer(struct ldap_link *l)
{
	static Sockbuf_IO layer = {
		layer_setup, layer_remove, layer_ctrl, layer_read,
		layer_write, layer_close
	};
	ber_len_t most = 4u << 20;	/* of one message */
	Sockbuf *sb = NULL;

	if (ldap_get_option(l->ld, LDAP_OPT_SOCKBUF, &sb) != 0 ||
	    sb == NULL || ber_sockbuf_ctrl(sb, LBER_SB_OPT_SET_MAX_INCOMING,
	    &most) < 0)
		return -1;
	return ber_sockbuf_add_io(sb, &layer, LBER_SBIOD_LEVEL_TRANSPORT, l);
}
