/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "releaserd/net/csr.h"

/* A request for key, signed by signer; as PEM, to be freed. */
static char *
csr_pem(EVP_PKEY *key, EVP_PKEY *signer)
{
	X509_REQ *req = X509_REQ_new();
	BIO *bio = BIO_new(BIO_s_mem());
	char *mem, *out;
	long n;

	assert_non_null(req);
	assert_int_equal(X509_REQ_set_pubkey(req, key), 1);
	assert_true(X509_REQ_sign(req, signer,
	    EVP_PKEY_get_base_id(signer) == EVP_PKEY_ED25519 ? NULL :
	    EVP_sha256()) > 0);
	assert_int_equal(PEM_write_bio_X509_REQ(bio, req), 1);
	n = BIO_get_mem_data(bio, &mem);
	out = calloc(1, (size_t)n + 1);
	assert_non_null(out);
	memcpy(out, mem, (size_t)n);
	BIO_free(bio);
	X509_REQ_free(req);
	return out;
}

static int
try(EVP_PKEY *key, EVP_PKEY *signer, char *spki)
{
	struct rel_err why = { 0 };
	char *pem = csr_pem(key, signer);
	int rc = csr_key(spki, pem, &why);

	free(pem);
	EVP_PKEY_free(key);
	if (signer != key)
		EVP_PKEY_free(signer);
	if (rc < 0)
		assert_true(why.text[0] != '\0');
	return rc;
}

static int
alone(EVP_PKEY *key, char *spki)
{
	return try(key, key, spki);
}

UNIT(keys_taken)
{
	char spki[CSR_SPKI_MAX + 1];

	assert_int_equal(alone(EVP_EC_gen("P-256"), spki), 0);
	assert_int_equal(strlen(spki), 2 * 91);
	assert_int_equal(alone(EVP_EC_gen("P-384"), spki), 0);
	assert_int_equal(alone(EVP_RSA_gen(2048), spki), 0);
	assert_int_equal(alone(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"),
	    spki), 0);
	assert_int_equal(strlen(spki), 2 * 44);
}

UNIT(keys_refused)
{
	char spki[CSR_SPKI_MAX + 1];

	assert_int_equal(alone(EVP_EC_gen("P-224"), spki), -REL_E_DENIED);
	assert_string_equal(spki, "");
	assert_int_equal(alone(EVP_EC_gen("secp256k1"), spki),
	    -REL_E_DENIED);
	assert_int_equal(alone(EVP_RSA_gen(1024), spki), -REL_E_DENIED);
	/* Someone else's key: who asks must have the private half. */
	assert_int_equal(try(EVP_EC_gen("P-256"), EVP_EC_gen("P-256"), spki),
	    -REL_E_FORMAT);
}

UNIT(no_request)
{
	static const char *const bad[] = {
		"", "x", "-----BEGIN CERTIFICATE REQUEST-----\n",
		"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"
		"-----END CERTIFICATE REQUEST-----\n",
		"-----BEGIN CERTIFICATE REQUEST-----\n"
		"Proc-Type: 4,ENCRYPTED\n"
		"DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
		"AAAAAAAAAAAAAAAAAAAAAA==\n"
		"-----END CERTIFICATE REQUEST-----\n"
	};
	char spki[CSR_SPKI_MAX + 1], long_pem[4098];
	struct rel_err why;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(csr_key(spki, bad[i], &why), -REL_E_FORMAT);
	memset(long_pem, 'a', sizeof long_pem - 1);
	long_pem[sizeof long_pem - 1] = '\0';
	assert_int_equal(csr_key(spki, long_pem, &why), -REL_E_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(keys_taken), UNIT_RUN(keys_refused),
		UNIT_RUN(no_request)
	};

	return cmocka_run_group_tests_name("net_csr", tests, NULL, NULL);
}
