/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Certificates (RFC 5280): here they are parsed, behind a filter and without
 * database, files or keys.  core hears typed facts and gets the certificates
 * written anew, so that no byte of outside goes on.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "lib/cursor.h"
#include "lib/text.h"
#include "releaserd/admin.h"
#include "releaserd/agent/agent_priv.h"
#include "releaserd/x509.h"

#define CHAIN_MAX 10

struct chain {
	X509 *x[CHAIN_MAX];
	int n;
};

static int
no_password(char *out, int size, int writing, void *ctx)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static void
chain_fini(struct chain *ch)
{
	for (int i = 0; i < ch->n; i++)
		X509_free(ch->x[i]);
	ch->n = 0;
}

static bool
wrong(struct cert_facts *f, const char *words)
{
	snprintf(f->why, sizeof f->why, "%s", words);
	return false;
}

static bool
chain_read(struct chain *ch, const uint8_t *pem, size_t n,
    struct cert_facts *f)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)n);
	X509 *x;

	while (bio != NULL && ch->n < CHAIN_MAX &&
	    (x = PEM_read_bio_X509(bio, NULL, no_password, NULL)) != NULL)
		ch->x[ch->n++] = x;
	BIO_free(bio);
	ERR_clear_error();
	if (ch->n == 0)
		return wrong(f, "there is no certificate in this text: it "
		    "must have the form PEM (-----BEGIN CERTIFICATE-----)");
	return ch->n < CHAIN_MAX ? true :
	    wrong(f, "too many certificates: only the server's and those "
	    "between it and its root are needed");
}

static bool
issued(X509 *issuer, X509 *subject)
{
	return X509_check_issued(issuer, subject) == X509_V_OK &&
	    X509_verify(subject, X509_get0_pubkey(issuer)) == 1;
}

/* The server's own first: it has issued none of the others. */
static void
chain_first(struct chain *ch)
{
	for (int i = 0; i < ch->n; i++) {
		bool parent = false;

		for (int k = 0; k < ch->n && !parent; k++)
			parent = k != i && issued(ch->x[i], ch->x[k]);
		if (!parent) {
			X509 *x = ch->x[i];

			ch->x[i] = ch->x[0];
			ch->x[0] = x;
			return;
		}
	}
}

/* Each followed by the one that has issued it. */
static bool
chain_order(struct chain *ch, struct cert_facts *f)
{
	chain_first(ch);
	for (int at = 0; at + 1 < ch->n; at++) {
		int k = at + 1;
		X509 *x;

		while (k < ch->n && !issued(ch->x[k], ch->x[at]))
			k++;
		if (k == ch->n)
			return wrong(f, "the certificates do not belong "
			    "together: each one must be issued by another "
			    "one of them, up to the last");
		x = ch->x[k];
		ch->x[k] = ch->x[at + 1];
		ch->x[at + 1] = x;
	}
	ERR_clear_error();
	return true;
}

/* ---- facts */

/* Would net be able to serve it?  Tried as net does it. */
static bool
usable(struct cert_facts *f, const struct chain *ch)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	bool ok = ctx != NULL && SSL_CTX_use_certificate(ctx, ch->x[0]) == 1;

	for (int i = 1; ok && i < ch->n; i++)
		ok = SSL_CTX_add1_chain_cert(ctx, ch->x[i]) == 1;
	SSL_CTX_free(ctx);
	ERR_clear_error();
	if (!ok)
		return wrong(f, "its key or its signature is too weak for "
		    "TLS: RSA of 2048 bits or an elliptic curve, and SHA-256, "
		    "are the least");
	if (X509_check_ca(ch->x[0]) == 1 && !f->self_signed)
		return wrong(f, "it is the certificate of an authority, not "
		    "of a server");
	return X509_check_purpose(ch->x[0], X509_PURPOSE_SSL_SERVER, 0) == 1 ?
	    true : wrong(f, "it was not issued for a server (extended key "
	    "usage serverAuth)");
}

static void
facts_fill(struct cert_facts *f, const struct chain *ch, const char *host)
{
	X509 *x = ch->x[0];

	f->readable = true;
	f->n = (uint32_t)ch->n;
	x509_facts(f, x, host);
	f->usable = usable(f, ch);
	ERR_clear_error();
}

/* The chain written anew into bio; its memory is the facts' pem. */
static void
facts_pem(struct cert_facts *f, const struct chain *ch, BIO *bio)
{
	char *p = NULL;
	long n;

	for (int i = 0; bio != NULL && i < ch->n; i++)
		if (PEM_write_bio_X509(bio, ch->x[i]) != 1)
			return;
	n = bio != NULL ? BIO_get_mem_data(bio, &p) : 0;
	if (n > 0 && n <= (long)ADMIN_PEM_MAX) {
		f->pem = (const uint8_t *)p;
		f->pem_len = (size_t)n;
	}
}

void
cert_read(const struct rel_frame *fr, struct rel_buf *out)
{
	struct cert_facts f;
	struct chain ch = { .n = 0 };
	BIO *bio = BIO_new(BIO_s_mem());
	char host[256];
	const uint8_t *pem;
	struct rel_cur c;
	size_t n;

	memset(&f, 0, sizeof f);
	rel_cur_init(&c, fr->body, fr->len);
	pem = rel_get_bytes(&c, &n);
	rel_get_str(&c, host, sizeof host);
	if (rel_cur_end(&c) < 0 || n > ADMIN_PEM_MAX)
		wrong(&f, "the text is too long for a certificate");
	else if (chain_read(&ch, pem, n, &f) && chain_order(&ch, &f)) {
		facts_fill(&f, &ch, host);
		facts_pem(&f, &ch, bio);
	}
	cert_facts_put(out, &f);
	chain_fini(&ch);
	BIO_free(bio);
}
