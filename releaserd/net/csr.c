/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/csr.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "lib/text.h"

#define CSR_PEM_MAX 4096

static int
key_taken(const EVP_PKEY *key)
{
	char group[64] = "";
	size_t n;

	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		return EVP_PKEY_get_bits(key) >= 2048 &&
		    EVP_PKEY_get_bits(key) <= 8192;
	case EVP_PKEY_EC:
		return EVP_PKEY_get_group_name(key, group, sizeof group,
		    &n) == 1 && (strcmp(group, "prime256v1") == 0 ||
		    strcmp(group, "P-256") == 0 ||
		    strcmp(group, "secp384r1") == 0 ||
		    strcmp(group, "P-384") == 0);
	case EVP_PKEY_ED25519:
		return 1;
	default:
		return 0;
	}
}

int
csr_no_password(char *out, int size, int writing, void *ctx)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static int
spki_text(char spki[CSR_SPKI_MAX + 1], const EVP_PKEY *key,
    struct rel_err *why)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der), rc = 0;

	if (n <= 0 || n > CSR_SPKI_MAX / 2)
		rc = rel_err_set(why, REL_E_FORMAT, "csr_pem: unusable key");
	else
		rel_hex(spki, der, (size_t)n);
	OPENSSL_free(der);
	return rc;
}

int
csr_key(char spki[CSR_SPKI_MAX + 1], const char *pem, struct rel_err *why)
{
	size_t n = strlen(pem);
	BIO *bio = NULL;
	X509_REQ *req = NULL;
	EVP_PKEY *key = NULL;
	int rc;

	spki[0] = '\0';
	if (n > CSR_PEM_MAX)
		return rel_err_set(why, REL_E_LIMIT, "csr_pem is too long");
	if ((bio = BIO_new_mem_buf(pem, (int)n)) == NULL)
		return rel_err_set(why, REL_E_NOMEM, "no memory");
	if ((req = PEM_read_bio_X509_REQ(bio, NULL, csr_no_password,
	    NULL)) == NULL ||
	    (key = X509_REQ_get0_pubkey(req)) == NULL)
		rc = rel_err_set(why, REL_E_FORMAT,
		    "csr_pem is no certificate request");
	else if (!key_taken(key))
		rc = rel_err_set(why, REL_E_DENIED, "csr_pem: the key must be "
		    "RSA of 2048 bits or more, P-256, P-384 or Ed25519");
	else if (X509_REQ_verify(req, key) != 1)
		rc = rel_err_set(why, REL_E_FORMAT,
		    "csr_pem: its signature is wrong");
	else
		rc = spki_text(spki, key, why);
	ERR_clear_error();
	X509_REQ_free(req);
	BIO_free(bio);
	return rc;
}
