/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Identifiers that no other print server of the pool makes: 41 bits of
 * milliseconds since 2024, 10 bits of NodeId, 12 bits of a counter.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "releaserd/core/core.h"

#define EPOCH_MS 1704067200000	/* 2024-01-01 */

static void
random_bytes(void *p, size_t n)
{
	if (RAND_bytes(p, (int)n) != 1)
		abort();	/* a process without random numbers is unsafe */
}

static int64_t last_ms, counter;

int
ids_init(struct core *c)
{
	int64_t id;
	int rc = store_job_last(c->st, &id);

	if (rc == 0 && id >> 22 >= last_ms) {
		last_ms = id >> 22;
		counter = 4095;
	}
	return rc;
}

int64_t
ids_next(struct core *c)
{
	int64_t now = rel_now_ms() - EPOCH_MS;

	/* A clock that goes back, or 4096 in one millisecond: go on from
	 * where we were, so that identifiers only grow. */
	if (now > last_ms) {
		last_ms = now;
		counter = 0;
	} else if (++counter == 4096) {
		last_ms++;
		counter = 0;
	}
	return (last_ms & 0x1ffffffffff) << 22 | c->role->set.node_id << 12 |
	    counter;
}

void
ids_job_text(char out[24], int64_t id)
{
	memcpy(out, "j-", 2);
	rel_b32(out + 2, (uint64_t)id, 13);
}

int64_t
ids_of_time(int64_t ms)
{
	int64_t t = ms - EPOCH_MS;

	/* Not 0: that is no id, and no bound either. */
	return t <= 0 ? 1 : t > 0x1ffffffffff ? INT64_MAX : t << 22;
}

const char *
ids_text(int64_t id)
{
	static char ring[4][24];
	static unsigned at;

	ids_job_text(ring[++at % 4], id);
	return ring[at % 4];
}

bool
ids_job_parse(int64_t *id, const char *text)
{
	uint64_t v;

	if (strncmp(text, "j-", 2) != 0 ||
	    !rel_unb32(&v, text + 2, strlen(text + 2)) || v > INT64_MAX)
		return false;
	*id = (int64_t)v;
	return true;
}

void
ids_uuid(char out[37])
{
	uint8_t r[16];
	char hex[33];

	random_bytes(r, sizeof r);
	r[6] = (uint8_t)((r[6] & 0x0f) | 0x40);
	r[8] = (uint8_t)((r[8] & 0x3f) | 0x80);
	rel_hex(hex, r, sizeof r);
	snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
	    hex + 16, hex + 20);
}

void
ids_ref(char out[16])
{
	uint64_t v;

	random_bytes(&v, sizeof v);
	rel_b32(out, v, 10);
}

void
ids_secret(char out[44])
{
	unsigned char text[45];
	uint8_t r[32];

	random_bytes(r, sizeof r);
	EVP_EncodeBlock(text, r, sizeof r);	/* 43 characters and one = */
	for (size_t i = 0; i < 43; i++)
		out[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' :
		    (char)text[i];
	out[43] = '\0';
	rel_wipe(r, sizeof r);
	rel_wipe(text, sizeof text);
}

void
ids_token(char *out, unsigned bytes)
{
	uint8_t r[64];

	if (bytes > sizeof r)
		bytes = sizeof r;
	random_bytes(r, bytes);
	rel_hex(out, r, bytes);
	rel_wipe(r, sizeof r);
}
