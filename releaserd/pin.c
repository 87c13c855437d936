/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/pin.h"

#include <stdint.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "lib/text.h"

bool
pin_for_curl(const char *pin, char *out)
{
	static const char head[] = "sha256//";
	uint8_t md[32];

	if (strlen(pin) != 64 || !rel_unhex(md, sizeof md, pin, 64))
		return false;
	memcpy(out, head, sizeof head);
	return EVP_EncodeBlock((unsigned char *)out + sizeof head - 1, md,
	    sizeof md) == 44;
}

bool
pin_of_pem(const char *pem, char out[65])
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *x = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) :
	    NULL;
	unsigned char *der = NULL;
	uint8_t md[32];
	int n = x != NULL ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der) :
	    -1;
	bool ok = n > 0 && EVP_Digest(der, (size_t)n, md, NULL, EVP_sha256(),
	    NULL) == 1;

	if (ok)
		rel_hex(out, md, sizeof md);
	OPENSSL_free(der);
	X509_free(x);
	BIO_free(bio);
	return ok;
}
