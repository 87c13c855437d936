/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The certificates of the first start (RFC 5280), by OpenSSL. */
#ifdef HAVE_CONFIG_H
#include "config.h"		/* _GNU_SOURCE: memmem() */
#endif
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "releaserd/super/super.h"
#include "releaserd/x509.h"

#define SERVER_DAYS 825
#define CA_DAYS 7300

static int
cert_extension(X509 *x, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	int ok;

	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	if ((ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value)) == NULL)
		return 0;
	ok = X509_add_ext(x, ext, -1);
	X509_EXTENSION_free(ext);
	return ok;
}

/* A self-signed certificate of key; NULL on failure. */
static X509 *
cert_make(EVP_PKEY *key, const char *name, int days, const char *(*exts)[2])
{
	X509 *x = X509_new();
	X509_NAME *subject;

	if (x == NULL || !X509_set_version(x, 2) || !x509_random_serial(x) ||
	    X509_gmtime_adj(X509_getm_notBefore(x), -300) == NULL ||
	    X509_time_adj_ex(X509_getm_notAfter(x), days, 0, NULL) == NULL ||
	    !X509_set_pubkey(x, key))
		goto bad;
	subject = X509_get_subject_name(x);
	if (!X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8,
	    (const unsigned char *)"cups-release", -1, -1, 0) ||
	    !X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
	    (const unsigned char *)name, -1, -1, 0) ||
	    !X509_set_issuer_name(x, subject))
		goto bad;
	for (; exts != NULL && (*exts)[0] != NULL; exts++)
		if (!cert_extension(x, OBJ_sn2nid((*exts)[0]), (*exts)[1]))
			goto bad;
	if (X509_sign(x, key, EVP_sha256()) == 0)
		goto bad;
	return x;
bad:
	X509_free(x);
	return NULL;
}

static int
blob_from_bio(struct blob *b, BIO *bio)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	if (n <= 0 || (b->data = malloc((size_t)n)) == NULL)
		return -1;
	memcpy(b->data, p, (size_t)n);
	b->len = (size_t)n;
	return 0;
}

static int
cert_pem(X509 *x, EVP_PKEY *key, struct blob *cert_out, struct blob *key_out)
{
	BIO *c = BIO_new(BIO_s_mem());
	BIO *k = BIO_new(BIO_s_secmem());
	int ok = c != NULL && k != NULL && PEM_write_bio_X509(c, x) &&
	    PEM_write_bio_PrivateKey(k, key, NULL, NULL, 0, NULL, NULL) &&
	    blob_from_bio(cert_out, c) == 0 && blob_from_bio(key_out, k) == 0;

	BIO_free(c);
	BIO_free(k);
	return ok ? 0 : -1;
}

static int
cert_pair(const char *name, int days, const char *(*exts)[2],
    struct blob *cert, struct blob *key, struct rel_err *err)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	X509 *x = pkey != NULL ? cert_make(pkey, name, days, exts) : NULL;
	int rc = 0;

	if (x == NULL || cert_pem(x, pkey, cert, key) < 0)
		rc = rel_err_set(err, REL_E_NOMEM,
		    "cannot make a certificate for %s", name);
	X509_free(x);
	EVP_PKEY_free(pkey);
	return rc;
}

int
certs_self_signed(const char *host, struct blob *cert, struct blob *key,
    struct rel_err *err)
{
	char alt[600];
	const char *exts[][2] = {
		{ "basicConstraints", "critical,CA:FALSE" },
		{ "keyUsage", "critical,digitalSignature" },
		{ "extendedKeyUsage", "serverAuth" },
		{ "subjectAltName", alt },
		{ NULL, NULL }
	};

	snprintf(alt, sizeof alt, "DNS:%s%s,IP:127.0.0.1,IP:::1", host,
	    strcasecmp(host, "localhost") == 0 ? "" : ",DNS:localhost");
	return cert_pair(host, SERVER_DAYS, exts, cert, key, err);
}

int
certs_authority(struct blob *cert, struct blob *key, struct rel_err *err)
{
	const char *exts[][2] = {
		{ "basicConstraints", "critical,CA:TRUE,pathlen:0" },
		{ "keyUsage", "critical,keyCertSign,cRLSign" },
		{ "subjectKeyIdentifier", "hash" },
		{ NULL, NULL }
	};

	return cert_pair("cups-release devices", CA_DAYS, exts, cert, key,
	    err);
}

/* ---- a request for a certificate */

static GENERAL_NAME *
name_make(const char *text)
{
	GENERAL_NAME *g = GENERAL_NAME_new();
	unsigned char addr[16];
	int len = inet_pton(AF_INET, text, addr) == 1 ? 4 :
	    inet_pton(AF_INET6, text, addr) == 1 ? 16 : 0;
	ASN1_STRING *v = len > 0 ? ASN1_OCTET_STRING_new() :
	    ASN1_IA5STRING_new();

	if (g == NULL || v == NULL || !ASN1_STRING_set(v, len > 0 ?
	    (const void *)addr : text, len > 0 ? len : -1)) {
		GENERAL_NAME_free(g);
		ASN1_STRING_free(v);
		return NULL;
	}
	GENERAL_NAME_set0_value(g, len > 0 ? GEN_IPADD : GEN_DNS, v);
	return g;
}

/* The names as an extension; they are not read by any parser. */
static X509_EXTENSION *
names_make(const struct admin_csr *m)
{
	GENERAL_NAMES *all = GENERAL_NAMES_new();
	X509_EXTENSION *ext = NULL;
	uint32_t i;

	for (i = 0; all != NULL && i < m->n; i++) {
		GENERAL_NAME *g = name_make(m->names[i]);

		if (g == NULL || sk_GENERAL_NAME_push(all, g) <= 0) {
			GENERAL_NAME_free(g);
			break;
		}
	}
	if (all != NULL && i == m->n)
		ext = X509V3_EXT_i2d(NID_subject_alt_name, 0, all);
	GENERAL_NAMES_free(all);
	return ext;
}

static bool
request_extensions(X509_REQ *req, const struct admin_csr *m)
{
	STACK_OF(X509_EXTENSION) *exts = sk_X509_EXTENSION_new_null();
	X509_EXTENSION *all[] = {
		names_make(m),
		X509V3_EXT_conf_nid(NULL, NULL, NID_key_usage, m->rsa ?
		    "critical,digitalSignature,keyEncipherment" :
		    "critical,digitalSignature"),
		X509V3_EXT_conf_nid(NULL, NULL, NID_ext_key_usage,
		    "serverAuth")
	};
	bool ok = exts != NULL;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (!ok || all[i] == NULL ||
		    sk_X509_EXTENSION_push(exts, all[i]) <= 0) {
			X509_EXTENSION_free(all[i]);
			ok = false;
		}
	ok = ok && X509_REQ_add_extensions(req, exts) == 1;
	sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
	return ok;
}

static bool
subject_add(X509_NAME *to, const char *what, const char *text)
{
	return text[0] == '\0' || X509_NAME_add_entry_by_txt(to, what,
	    MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) == 1;
}

static bool
request_fill(X509_REQ *req, EVP_PKEY *key, const struct admin_csr *m)
{
	X509_NAME *to = X509_REQ_get_subject_name(req);

	return X509_REQ_set_version(req, 0) == 1 &&
	    subject_add(to, "C", m->country) &&
	    subject_add(to, "O", m->organization) &&
	    subject_add(to, "CN", m->common_name) &&
	    X509_REQ_set_pubkey(req, key) == 1 &&
	    request_extensions(req, m) &&
	    X509_REQ_sign(req, key, EVP_sha256()) > 0;
}

int
certs_request(const struct admin_csr *m, struct blob *csr, struct blob *key,
    struct rel_err *err)
{
	EVP_PKEY *pkey = m->rsa ? EVP_RSA_gen(3072) : EVP_EC_gen("P-256");
	X509_REQ *req = X509_REQ_new();
	BIO *c = BIO_new(BIO_s_mem()), *k = BIO_new(BIO_s_secmem());
	int rc = 0;

	if (pkey == NULL || req == NULL || c == NULL || k == NULL ||
	    !request_fill(req, pkey, m) || !PEM_write_bio_X509_REQ(c, req) ||
	    !PEM_write_bio_PrivateKey(k, pkey, NULL, NULL, 0, NULL, NULL) ||
	    blob_from_bio(csr, c) < 0 || blob_from_bio(key, k) < 0)
		rc = rel_err_set(err, REL_E_NOMEM,
		    "the request cannot be made with these names");
	BIO_free(c);
	BIO_free(k);
	X509_REQ_free(req);
	EVP_PKEY_free(pkey);
	return rc;
}

/* The public half of a private key as it stands in certificates (SPKI). */
static int
key_public(const struct blob *pem, unsigned char **der)
{
	BIO *bio = BIO_new_mem_buf(pem->data, (int)pem->len);
	EVP_PKEY *key = bio != NULL ?
	    PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
	int n = key != NULL ? i2d_PUBKEY(key, der) : -1;

	EVP_PKEY_free(key);
	BIO_free(bio);
	return n;
}

/* Bytes are compared, so that a certificate of others is not parsed here. */
bool
certs_fit(const struct blob *cert, const struct blob *key)
{
	BIO *bio = BIO_new_mem_buf(cert->data, (int)cert->len);
	unsigned char *data = NULL, *spki = NULL;
	char *name = NULL, *head = NULL;
	long len = 0;
	int n = key_public(key, &spki);
	bool fit = bio != NULL && n > 0 &&
	    PEM_read_bio(bio, &name, &head, &data, &len) == 1 &&
	    memmem(data, (size_t)len, spki, (size_t)n) != NULL;

	OPENSSL_free(name);
	OPENSSL_free(head);
	OPENSSL_free(data);
	OPENSSL_free(spki);
	BIO_free(bio);
	return fit;
}
