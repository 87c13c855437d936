/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Certificates (RFC 5280): here they are parsed, behind a filter and without
 * database, files or keys.  core hears typed facts and gets the certificates
 * written anew, so that no byte of outside goes on.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "lib/cursor.h"
#include "lib/text.h"
#include "releaserd/admin.h"
#include "releaserd/agent/agent_priv.h"

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

static void
name_text(char *out, size_t size, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char raw[512] = "";
	int n = 0;

	if (bio != NULL && X509_NAME_print_ex(bio, name, 0, XN_FLAG_ONELINE &
	    ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0)
		n = BIO_read(bio, raw, (int)sizeof raw - 1);
	raw[n > 0 ? n : 0] = '\0';
	raw[rel_utf8_cut(raw, size - 1)] = '\0';
	rel_text_clean(out, size, raw);
	BIO_free(bio);
}

static void
names_add(struct cert_facts *f, const char *name)
{
	size_t n = strlen(f->names);

	if (n + strlen(name) + 2 < sizeof f->names)
		snprintf(f->names + n, sizeof f->names - n, "%s%s",
		    n > 0 ? " " : "", name);
}

static void
names_text(struct cert_facts *f, X509 *x)
{
	GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL,
	    NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(all, i);
		const ASN1_STRING *v = g->d.ia5;
		char text[254] = "";
		int len;

		if (g->type != GEN_DNS && g->type != GEN_IPADD)
			continue;
		len = ASN1_STRING_length(v);
		if (g->type == GEN_IPADD)
			inet_ntop(len == 16 ? AF_INET6 : AF_INET,
			    ASN1_STRING_get0_data(v), text,
			    len == 16 || len == 4 ? sizeof text : 0);
		else if (len < (int)sizeof text)
			memcpy(text, ASN1_STRING_get0_data(v), (size_t)len);
		if (text[0] != '\0' && admin_name_ok(text))
			names_add(f, text);
	}
	GENERAL_NAMES_free(all);
}

static int64_t
time_ms(const ASN1_TIME *t)
{
	struct tm tm;

	return ASN1_TIME_to_tm(t, &tm) == 1 ? (int64_t)timegm(&tm) * 1000 : 0;
}

static void
key_text(struct cert_facts *f, const EVP_PKEY *key)
{
	char group[24] = "";
	size_t n;

	if (key == NULL)
		return;
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		snprintf(f->key_type, sizeof f->key_type, "RSA %d",
		    EVP_PKEY_get_bits(key));
		break;
	case EVP_PKEY_EC:
		if (EVP_PKEY_get_group_name(key, group, sizeof group,
		    &n) != 1)
			group[0] = '\0';
		snprintf(f->key_type, sizeof f->key_type, "%s",
		    strcmp(group, "prime256v1") == 0 ? "P-256" :
		    strcmp(group, "secp384r1") == 0 ? "P-384" :
		    group[0] != '\0' ? group : "EC");
		break;
	default:
		snprintf(f->key_type, sizeof f->key_type, "%s",
		    EVP_PKEY_get0_type_name(key) != NULL ?
		    EVP_PKEY_get0_type_name(key) : "unknown");
	}
}

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
	uint8_t fp[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	f->readable = true;
	f->n = (uint32_t)ch->n;
	name_text(f->subject, sizeof f->subject, X509_get_subject_name(x));
	name_text(f->issuer, sizeof f->issuer, X509_get_issuer_name(x));
	names_text(f, x);
	key_text(f, X509_get0_pubkey(x));
	f->from_ms = time_ms(X509_get0_notBefore(x));
	f->until_ms = time_ms(X509_get0_notAfter(x));
	/* Not issued(): the key usage of a server is not to sign. */
	f->self_signed = X509_NAME_cmp(X509_get_subject_name(x),
	    X509_get_issuer_name(x)) == 0 &&
	    X509_verify(x, X509_get0_pubkey(x)) == 1;
	f->name_ok = X509_check_host(x, host, 0,
	    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1 ||
	    X509_check_ip_asc(x, host, 0) == 1;
	if (X509_digest(x, EVP_sha256(), fp, &n) == 1)
		rel_hex(f->fp, fp, 32);
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
