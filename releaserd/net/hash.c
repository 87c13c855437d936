/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/hash.h"

#include <string.h>

#include <openssl/evp.h>

#include "lib/err.h"

static EVP_MD *hash_md;
static EVP_MD_CTX *hash_ctx;

int
hash_init(void)
{
	hash_md = EVP_MD_fetch(NULL, "SHA256", NULL);
	hash_ctx = EVP_MD_CTX_new();
	return hash_md != NULL && hash_ctx != NULL ? 0 : -REL_E_NOMEM;
}

void
hash_fini(void)
{
	EVP_MD_CTX_free(hash_ctx);
	EVP_MD_free(hash_md);
	hash_ctx = NULL;
	hash_md = NULL;
}

void
net_sha256(uint8_t out[32], const void *p, size_t n)
{
	if (EVP_DigestInit_ex2(hash_ctx, hash_md, NULL) != 1 ||
	    EVP_DigestUpdate(hash_ctx, p, n) != 1 ||
	    EVP_DigestFinal_ex(hash_ctx, out, NULL) != 1)
		memset(out, 0, 32);
}
