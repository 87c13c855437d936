/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef NET_CSRF_H
#define NET_CSRF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSRF_TEXT 33		/* 32 hex digits and the end */

/*
 * A key for one purpose from the secret all net processes share:
 * HMAC-SHA-256(secret, purpose).
 */
void csrf_key(uint8_t out[32], const uint8_t secret[32], const char *purpose);

/* The token of a page: bound to device, session ("" for none) and hour. */
void csrf_make(char out[CSRF_TEXT], const uint8_t key[32], const char *device,
    const char *session, int64_t now_ms);

/* True for a token of this hour or the one before; in constant time. */
bool csrf_ok(const char *token, const uint8_t key[32], const char *device,
    const char *session, int64_t now_ms);

#endif
