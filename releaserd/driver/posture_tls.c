/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Which versions of TLS a device takes, each asked for alone, and what its
 * certificate says.  Nothing is sent behind the handshake; nobody is trusted.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "releaserd/driver/posture.h"
#include "releaserd/x509.h"

static const struct {
	int number;
	const char *name;
} versions[] = {		/* the certificate is that of the last */
	{ TLS1_VERSION, "1.0" }, { TLS1_1_VERSION, "1.1" },
	{ TLS1_2_VERSION, "1.2" }, { TLS1_3_VERSION, "1.3" }
};
#define VERSIONS (sizeof versions / sizeof versions[0])

struct seen {
	bool took[VERSIONS];
	X509 *x;			/* owned */
	char ports[128];
};

/* Everything we could speak, also what is no good any more. */
static SSL_CTX *
context(int version)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (ctx == NULL)
		return NULL;
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	if (SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0") == 1 &&
	    SSL_CTX_set_min_proto_version(ctx, version) == 1 &&
	    SSL_CTX_set_max_proto_version(ctx, version) == 1)
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}

static bool
handshake(SSL *ssl, int sock, int64_t until_ms)
{
	int rc, why;

	/* While this waits others may leave errors behind. */
	while (ERR_clear_error(), (rc = SSL_connect(ssl)) != 1) {
		why = SSL_get_error(ssl, rc);
		if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
			return false;
		if (!rel_wait(sock, why == SSL_ERROR_WANT_READ ? POLLIN :
		    POLLOUT, until_ms))
			return false;
	}
	return true;
}

/* Does this port take this version? Its certificate goes to *x then. */
static bool
takes(const struct posture *p, uint16_t port, int version, X509 **x)
{
	SSL_CTX *ctx = context(version);
	SSL *ssl = ctx != NULL ? SSL_new(ctx) : NULL;
	int sock = ssl != NULL ? posture_connect(p, port) : -1;
	bool ok = sock >= 0 && SSL_set_fd(ssl, sock) == 1 &&
	    handshake(ssl, sock, rel_mono_ms() + 2 * p->step_ms);

	if (ok) {
		X509_free(*x);
		*x = SSL_get1_peer_certificate(ssl);
		(void)SSL_shutdown(ssl);
	}
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	if (sock >= 0)
		close(sock);
	ERR_clear_error();
	return ok;
}

static void
look(const struct posture *p, uint16_t port, struct seen *s)
{
	size_t n = strlen(s->ports);
	bool any = false;

	for (size_t i = 0; i < VERSIONS && rel_mono_ms() < p->until_ms; i++)
		if (takes(p, port, versions[i].number, &s->x))
			any = s->took[i] = true;
	if (any)
		snprintf(s->ports + n, sizeof s->ports - n, "%s%u", n > 0 ?
		    "," : "", port);
}

static void
put_versions(struct posture *p, const struct seen *s)
{
	char all[32] = "";

	for (size_t i = 0; i < VERSIONS; i++)
		if (s->took[i])
			snprintf(all + strlen(all), sizeof all - strlen(all),
			    "%s%s", all[0] != '\0' ? "," : "",
			    versions[i].name);
	items_str(p->items, "posture.tls", 0, all[0] != '\0' ? all : "none");
	items_str(p->items, "posture.tls-ports", 0, s->ports);
}

static void
put_certificate(struct posture *p, X509 *x)
{
	struct items *l = p->items;
	struct cert_facts f;
	int md = NID_undef;

	memset(&f, 0, sizeof f);
	x509_facts(&f, x, p->q->at.address);
	items_str(l, "posture.certificate", 0, f.subject[0] != '\0' ?
	    f.subject : "without a name");
	items_str(l, "posture.certificate-issuer", 0, f.issuer);
	items_str(l, "posture.certificate-key", 0, f.key_type);
	items_number(l, "posture.certificate-bits", 0,
	    EVP_PKEY_get_bits(X509_get0_pubkey(x)));
	items_number(l, "posture.certificate-end", 0, f.until_ms);
	items_number(l, "posture.certificate-name", 0, f.name_ok);
	items_number(l, "posture.self-signed", 0, f.self_signed);
	if (X509_get_signature_info(x, &md, NULL, NULL, NULL) == 1 &&
	    md != NID_undef)
		items_str(l, "posture.certificate-hash", 0, OBJ_nid2sn(md));
	ERR_clear_error();
}

void
posture_tls(struct posture *p)
{
	struct seen s = { .x = NULL };

	for (size_t i = 0; i < p->n; i++)
		if (p->state[i] == POSTURE_OPEN &&
		    (p->ports[i].kind == POSTURE_TLS ||
		    p->ports[i].kind == POSTURE_IPP))
			look(p, p->ports[i].port, &s);
	put_versions(p, &s);
	if (s.x != NULL)
		put_certificate(p, s.x);
	X509_free(s.x);
}
