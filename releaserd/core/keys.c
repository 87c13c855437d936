/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Keys for one purpose each, derived from the host key by HKDF (RFC 5869). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "releaserd/core/core.h"

static int
derive(uint8_t out[32], const uint8_t host_key[32], const char *purpose)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	OSSL_PARAM p[4];
	int ok;

	p[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
	    (char *)(uintptr_t)"SHA256", 0);
	p[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
	    (void *)(uintptr_t)host_key, 32);
	p[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO,
	    (void *)(uintptr_t)purpose, strlen(purpose));
	p[3] = OSSL_PARAM_construct_end();
	ok = ctx != NULL && EVP_KDF_derive(ctx, out, 32, p) == 1;
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok ? 0 : -1;
}

int
keys_init(struct core *c, struct rel_err *err)
{
	const struct ipc_start *s = &c->role->start;

	if (s->host_key_len != sizeof c->host_key)
		return rel_err_set(err, REL_E_FORMAT, "no host key");
	memcpy(c->host_key, s->host_key, sizeof c->host_key);
	if (derive(c->card_key, c->host_key, "cups-release card") < 0 ||
	    derive(c->pin_key, c->host_key, "cups-release job pin") < 0 ||
	    derive(c->idnum_key, c->host_key, "cups-release id number") < 0 ||
	    derive(c->code_key, c->host_key, "cups-release one-time code") < 0 ||
	    derive(c->card_pin_key, c->host_key, "cups-release card pin") < 0 ||
	    derive(c->sync_key, c->host_key, "cups-release directory sync") < 0 ||
	    derive(c->answer_key, c->host_key, "cups-release answer") < 0 ||
	    derive(c->form_key, c->host_key, "cups-release form") < 0 ||
	    derive(c->server_key, c->host_key, "cups-release to devices") < 0)
		return rel_err_set(err, REL_E_NOMEM, "cannot derive keys");
	return 0;
}

void
keys_mac(uint8_t out[32], const uint8_t key[32], const void *p, size_t n)
{
	unsigned len = 32;

	/* A hash that is no hash would make all cards and PINs equal. */
	if (HMAC(EVP_sha256(), key, 32, p, n, out, &len) == NULL)
		abort();
}

void
keys_sha256(uint8_t out[32], const void *p, size_t n)
{
	unsigned len = 32;

	if (EVP_Digest(p, n, out, &len, EVP_sha256(), NULL) != 1)
		abort();
}

void
keys_fini(struct core *c)
{
	rel_wipe(c->host_key, sizeof c->host_key);
	rel_wipe(c->card_key, sizeof c->card_key);
	rel_wipe(c->pin_key, sizeof c->pin_key);
	rel_wipe(c->idnum_key, sizeof c->idnum_key);
	rel_wipe(c->code_key, sizeof c->code_key);
	rel_wipe(c->card_pin_key, sizeof c->card_pin_key);
	rel_wipe(c->sync_key, sizeof c->sync_key);
	rel_wipe(c->answer_key, sizeof c->answer_key);
	rel_wipe(c->form_key, sizeof c->form_key);
	rel_wipe(c->server_key, sizeof c->server_key);
}
