/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "lib/err.h"

void
rel_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

void
rel_buf_init(struct rel_buf *b)
{
	memset(b, 0, sizeof *b);
}

void
rel_buf_fini(struct rel_buf *b)
{
	free(b->data);
	rel_buf_init(b);
}

void
rel_buf_fini_secret(struct rel_buf *b)
{
	if (b->data != NULL)
		rel_wipe(b->data, b->cap);
	rel_buf_fini(b);
}

void
rel_buf_reset(struct rel_buf *b)
{
	b->len = 0;
	b->failed = 0;
}

static int
buf_room(struct rel_buf *b, size_t n)
{
	size_t cap = b->cap > 0 ? b->cap : 256;
	uint8_t *p;

	if (b->failed)
		return -1;
	if (n > SIZE_MAX / 4 - b->len) {
		b->failed = REL_E_LIMIT;
		return -1;
	}
	if (b->len + n <= b->cap)
		return 0;
	while (cap < b->len + n)
		cap *= 2;
	/* Not realloc: it could leave a secret behind in the old block. */
	if ((p = malloc(cap)) == NULL) {
		b->failed = REL_E_NOMEM;
		return -1;
	}
	if (b->data != NULL) {
		memcpy(p, b->data, b->len);
		rel_wipe(b->data, b->cap);	/* also what a reset left */
		free(b->data);
	}
	b->data = p;
	b->cap = cap;
	return 0;
}

void
rel_put_raw(struct rel_buf *b, const void *p, size_t n)
{
	if (n == 0 || buf_room(b, n) < 0)
		return;
	memcpy(b->data + b->len, p, n);
	b->len += n;
}

static void
put_le(struct rel_buf *b, uint64_t v, unsigned bytes)
{
	uint8_t raw[8];

	for (unsigned i = 0; i < bytes; i++)
		raw[i] = (uint8_t)(v >> (8 * i));
	rel_put_raw(b, raw, bytes);
}

void rel_put_u8(struct rel_buf *b, uint8_t v) { put_le(b, v, 1); }
void rel_put_u16(struct rel_buf *b, uint16_t v) { put_le(b, v, 2); }
void rel_put_u32(struct rel_buf *b, uint32_t v) { put_le(b, v, 4); }
void rel_put_u64(struct rel_buf *b, uint64_t v) { put_le(b, v, 8); }
void rel_put_i64(struct rel_buf *b, int64_t v) { put_le(b, (uint64_t)v, 8); }

void
rel_put_bytes(struct rel_buf *b, const void *p, size_t n)
{
	if (n > UINT32_MAX) {
		b->failed = REL_E_LIMIT;
		return;
	}
	rel_put_u32(b, (uint32_t)n);
	rel_put_raw(b, p, n);
}

void
rel_put_str(struct rel_buf *b, const char *s)
{
	rel_put_bytes(b, s, s != NULL ? strlen(s) : 0);
}

void
rel_put_fmt(struct rel_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || buf_room(b, (size_t)n + 1) < 0)
		return;
	va_start(ap, fmt);
	vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}
