/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What releaserd shows to devices when it calls them: a key that follows from
 * the host key, so that the pin devices got at their registration stays, and
 * a certificate of it by the CA of devices, made anew when it grows old.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "lib/bio.h"
#include "releaserd/core/link.h"

#define POINT_BYTES 65		/* of P-256, uncompressed */
#define SPKI_TEXT 512

/* A number below the order of the curve, of the key for it. */
static BIGNUM *
secret_number(const struct core *c, const EC_GROUP *group)
{
	BIGNUM *d = BN_secure_new();
	uint8_t md[32];

	for (uint8_t i = 0; d != NULL; i++) {
		keys_mac(md, c->server_key, &i, 1);
		if (BN_bin2bn(md, sizeof md, d) == NULL || (!BN_is_zero(d) &&
		    BN_cmp(d, EC_GROUP_get0_order(group)) < 0))
			break;
	}
	rel_wipe(md, sizeof md);
	return d;
}

static size_t
public_point(const EC_GROUP *group, const BIGNUM *d,
    unsigned char out[POINT_BYTES])
{
	EC_POINT *p = EC_POINT_new(group);
	size_t n = 0;

	if (p != NULL && EC_POINT_mul(group, p, d, NULL, NULL, NULL) == 1)
		n = EC_POINT_point2oct(group, p,
		    POINT_CONVERSION_UNCOMPRESSED, out, POINT_BYTES, NULL);
	EC_POINT_free(p);
	return n;
}

static EVP_PKEY *
key_of(BIGNUM *d, const unsigned char *point, size_t n)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (b != NULL && ctx != NULL && OSSL_PARAM_BLD_push_utf8_string(b,
	    OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY,
	    point, n) == 1 && (params = OSSL_PARAM_BLD_to_param(b)) != NULL &&
	    EVP_PKEY_fromdata_init(ctx) == 1)
		(void)EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *
key_make(const struct core *c)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	BIGNUM *d = group != NULL ? secret_number(c, group) : NULL;
	unsigned char point[POINT_BYTES];
	size_t n = d != NULL ? public_point(group, d, point) : 0;
	EVP_PKEY *key = n > 0 ? key_of(d, point, n) : NULL;

	BN_clear_free(d);
	EC_GROUP_free(group);
	return key;
}

static bool
key_pem(EVP_PKEY *key, struct ca_client *out)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	struct rel_buf b;
	bool ok;

	rel_buf_init(&b);
	ok = bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL,
	    NULL, 0, NULL, NULL) == 1;
	if (ok)
		rel_put_bio(&b, bio);
	ok = ok && !b.failed && b.len < sizeof out->key;
	if (ok)
		memcpy(out->key, b.data, b.len);
	rel_buf_fini_secret(&b);
	BIO_free(bio);
	return ok;
}

/* The key as ca_sign() wants it; its pin; and an id like a device's. */
static bool
key_names(EVP_PKEY *key, char hex[SPKI_TEXT], struct ca_client *out)
{
	unsigned char *der = NULL, md[32], b64[64];
	int n = i2d_PUBKEY(key, &der);
	char digits[33];

	if (n <= 0 || n >= SPKI_TEXT / 2) {
		OPENSSL_free(der);
		return false;
	}
	rel_hex(hex, der, (size_t)n);
	keys_sha256(md, der, (size_t)n);
	OPENSSL_free(der);
	EVP_EncodeBlock(b64, md, sizeof md);
	snprintf(out->pin, sizeof out->pin, "sha256/%.44s", (const char *)b64);
	md[6] = (unsigned char)((md[6] & 0x0f) | 0x80);	/* RFC 9562 v8 */
	md[8] = (unsigned char)((md[8] & 0x3f) | 0x80);
	rel_hex(digits, md, 16);
	snprintf(out->id, sizeof out->id, "%.8s-%.4s-%.4s-%.4s-%.12s", digits,
	    digits + 8, digits + 12, digits + 16, digits + 20);
	return true;
}

const struct ca_client *
ca_client(struct core *c)
{
	struct ca_client *now = c->server_client;
	struct rel_err err = { 0 };
	char hex[SPKI_TEXT];
	struct ca_cert *cert;
	EVP_PKEY *key;

	if (now != NULL && rel_now_ms() < now->renew_after_ms)
		return now;
	if (now == NULL)
		now = c->server_client = calloc(1, sizeof *now);
	cert = calloc(1, sizeof *cert);
	key = now != NULL && cert != NULL ? key_make(c) : NULL;
	if (key != NULL && key_pem(key, now) && key_names(key, hex, now) &&
	    ca_sign(c, hex, now->id, cert, &err) == 0) {
		memcpy(now->cert, cert->pem, sizeof now->cert);
		now->renew_after_ms = cert->renew_after_ms;
		rel_log(REL_INFO, "certificate made with which devices are "
		    "called", "pin=%s", now->pin);
	} else {
		rel_log(REL_ERROR, "no certificate to call devices with",
		    "why=\"%s\"", err.text);
	}
	EVP_PKEY_free(key);
	free(cert);
	return now != NULL && now->cert[0] != '\0' ? now : NULL;
}

void
ca_client_fini(struct core *c)
{
	if (c->server_client != NULL)
		rel_wipe(c->server_client, sizeof *c->server_client);
	free(c->server_client);
	c->server_client = NULL;
}

void
device_server_token(const struct core *c, const struct device *d,
    char out[65])
{
	uint8_t md[32];
	char of[80];

	snprintf(of, sizeof of, "token %s %lld", d->id,
	    (long long)d->registered_ms);
	keys_mac(md, c->server_key, of, strlen(of));
	rel_hex(out, md, sizeof md);
	rel_wipe(md, sizeof md);
}

void
link_show(struct core *c, struct driver_at *at, const struct device *d)
{
	const struct ca_client *ours;

	if (d->token[0] != '\0') {
		device_server_token(c, d, at->token);
	} else if ((ours = ca_client(c)) != NULL) {
		at->cert = (const uint8_t *)ours->cert;
		at->cert_len = strlen(ours->cert);
		at->key = (const uint8_t *)ours->key;
		at->key_len = strlen(ours->key);
	}
}
