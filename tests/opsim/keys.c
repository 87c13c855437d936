/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/keys.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "lib/bio.h"

static int
key_pem(EVP_PKEY *key, struct rel_buf *out)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	int ok = bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL,
	    NULL, 0, NULL, NULL) == 1;

	if (ok)
		rel_put_bio(out, bio);
	BIO_free(bio);
	return ok;
}

static int
csr_pem(EVP_PKEY *key, const char *serial, struct rel_buf *out)
{
	X509_REQ *req = X509_REQ_new();
	BIO *bio = BIO_new(BIO_s_mem());
	int ok = req != NULL && bio != NULL &&
	    X509_REQ_set_version(req, 0) == 1 &&
	    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(req), "CN",
	    MBSTRING_UTF8, (const unsigned char *)serial, -1, -1, 0) == 1 &&
	    X509_REQ_set_pubkey(req, key) == 1 &&
	    X509_REQ_sign(req, key, EVP_sha256()) > 0 &&
	    PEM_write_bio_X509_REQ(bio, req) == 1;

	if (ok)
		rel_put_bio(out, bio);
	BIO_free(bio);
	X509_REQ_free(req);
	return ok;
}

static int
key_pin(EVP_PKEY *key, char *out)
{
	unsigned char *der = NULL, md[EVP_MAX_MD_SIZE], b64[64];
	int n = i2d_PUBKEY(key, &der), ok;
	unsigned mdn = 0;

	ok = n > 0 && EVP_Digest(der, (size_t)n, md, &mdn, EVP_sha256(),
	    NULL) == 1 && EVP_EncodeBlock(b64, md, (int)mdn) > 0;
	if (ok)
		snprintf(out, KEYS_PIN, "sha256/%s", (const char *)b64);
	OPENSSL_free(der);
	return ok;
}

int
keys_make(const char *serial, struct rel_buf *key, struct rel_buf *csr,
    char *pin, struct rel_err *err)
{
	EVP_PKEY *pk = EVP_EC_gen("P-256");
	int ok = pk != NULL && key_pem(pk, key) && csr_pem(pk, serial, csr) &&
	    key_pin(pk, pin) && key->failed == 0 && csr->failed == 0;

	EVP_PKEY_free(pk);
	return ok ? 0 : rel_err_set(err, REL_E_FORMAT,
	    "cannot make a key pair and a certificate request");
}

static int
self_pem(EVP_PKEY *key, const char *name, struct rel_buf *out)
{
	X509 *x = X509_new();
	BIO *bio = BIO_new(BIO_s_mem());
	int ok = x != NULL && bio != NULL && X509_set_version(x, 2) == 1 &&
	    ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1 &&
	    X509_gmtime_adj(X509_getm_notBefore(x), -86400) != NULL &&
	    X509_time_adj_ex(X509_getm_notAfter(x), 3650, 0, NULL) != NULL &&
	    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN",
	    MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1 &&
	    X509_set_issuer_name(x, X509_get_subject_name(x)) == 1 &&
	    X509_set_pubkey(x, key) == 1 && X509_sign(x, key, EVP_sha256()) >
	    0 && PEM_write_bio_X509(bio, x) == 1;

	if (ok)
		rel_put_bio(out, bio);
	BIO_free(bio);
	X509_free(x);
	return ok;
}

int
keys_self(const char *name, struct rel_buf *key, struct rel_buf *cert,
    char *pin, struct rel_err *err)
{
	EVP_PKEY *pk = EVP_EC_gen("P-256");
	int ok = pk != NULL && key_pem(pk, key) && self_pem(pk, name, cert) &&
	    key_pin(pk, pin) && key->failed == 0 && cert->failed == 0;

	EVP_PKEY_free(pk);
	return ok ? 0 : rel_err_set(err, REL_E_FORMAT,
	    "cannot make a certificate");
}

void
keys_uuid(char *out)
{
	unsigned char b[16] = { 0 };

	RAND_bytes(b, sizeof b);
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5],
	    b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}
