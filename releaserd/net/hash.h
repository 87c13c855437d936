/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef NET_HASH_H
#define NET_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * SHA-256 of n bytes.  OpenSSL looks the algorithm up at each one-shot call,
 * which takes longer than the hash of a small body: here it is looked up once.
 */
void net_sha256(uint8_t out[32], const void *p, size_t n);

/* Look it up now (before the jail), and give it back at the end. */
int hash_init(void);
void hash_fini(void);

#endif
