/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The certificates of the first start (RFC 5280), by OpenSSL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

	snprintf(alt, sizeof alt,
	    "DNS:%s,DNS:localhost,IP:127.0.0.1,IP:::1", host);
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
