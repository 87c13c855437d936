/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/csrf.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "lib/text.h"

#define HOUR_MS 3600000

void
csrf_key(uint8_t out[32], const uint8_t secret[32], const char *purpose)
{
	unsigned n = 32;

	HMAC(EVP_sha256(), secret, 32, (const uint8_t *)purpose,
	    strlen(purpose), out, &n);
}

static void
csrf_at(char out[CSRF_TEXT], const uint8_t key[32], const char *device,
    const char *session, int64_t hour)
{
	uint8_t mac[32];
	unsigned n = sizeof mac;
	char text[256];
	int len = snprintf(text, sizeof text, "%s\n%s\n%lld", device, session,
	    (long long)hour);

	HMAC(EVP_sha256(), key, 32, (const uint8_t *)text,
	    len < (int)sizeof text ? (size_t)len : sizeof text - 1, mac, &n);
	rel_hex(out, mac, (CSRF_TEXT - 1) / 2);
}

void
csrf_make(char out[CSRF_TEXT], const uint8_t key[32], const char *device,
    const char *session, int64_t now_ms)
{
	csrf_at(out, key, device, session, now_ms / HOUR_MS);
}

bool
csrf_ok(const char *token, const uint8_t key[32], const char *device,
    const char *session, int64_t now_ms)
{
	char want[CSRF_TEXT];
	bool ok = false;

	if (token == NULL || strlen(token) != CSRF_TEXT - 1)
		return false;
	for (int64_t hour = now_ms / HOUR_MS, i = 0; i < 2; i++) {
		csrf_at(want, key, device, session, hour - i);
		if (CRYPTO_memcmp(want, token, CSRF_TEXT - 1) == 0)
			ok = true;
	}
	return ok;
}
