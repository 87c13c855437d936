/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/cursor.h"

#include <string.h>

#include "lib/err.h"
#include "lib/text.h"

void
rel_cur_init(struct rel_cur *c, const void *p, size_t n)
{
	c->p = p;
	c->end = n > 0 ? c->p + n : c->p;
	c->bad = 0;
}

size_t
rel_cur_left(const struct rel_cur *c)
{
	return c->bad ? 0 : (size_t)(c->end - c->p);
}

const uint8_t *
rel_get_raw(struct rel_cur *c, size_t n)
{
	const uint8_t *p = c->p;

	if (c->bad)
		return NULL;
	if (n > (size_t)(c->end - c->p)) {
		c->bad = REL_E_FORMAT;
		return NULL;
	}
	if (n > 0)
		c->p += n;
	return p;
}

static uint64_t
get_le(struct rel_cur *c, unsigned bytes)
{
	const uint8_t *p = rel_get_raw(c, bytes);
	uint64_t v = 0;

	if (p == NULL)
		return 0;
	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

uint8_t rel_get_u8(struct rel_cur *c) { return (uint8_t)get_le(c, 1); }
uint16_t rel_get_u16(struct rel_cur *c) { return (uint16_t)get_le(c, 2); }
uint32_t rel_get_u32(struct rel_cur *c) { return (uint32_t)get_le(c, 4); }
uint64_t rel_get_u64(struct rel_cur *c) { return get_le(c, 8); }
int64_t rel_get_i64(struct rel_cur *c) { return (int64_t)get_le(c, 8); }

const uint8_t *
rel_get_bytes(struct rel_cur *c, size_t *n)
{
	const uint8_t *p;

	*n = rel_get_u32(c);
	p = rel_get_raw(c, *n);
	if (p == NULL)
		*n = 0;
	return p;
}

void
rel_get_fixed(struct rel_cur *c, void *out, size_t n)
{
	size_t len;
	const uint8_t *p = rel_get_bytes(c, &len);

	memset(out, 0, n);
	if (p == NULL)
		return;
	if (len != n)
		c->bad = REL_E_FORMAT;
	else
		memcpy(out, p, n);
}

void
rel_get_str(struct rel_cur *c, char *out, size_t size)
{
	size_t n;
	const uint8_t *p = rel_get_bytes(c, &n);

	out[0] = '\0';
	if (p == NULL)
		return;
	if (n >= size) {
		c->bad = REL_E_LIMIT;
		return;
	}
	if (memchr(p, 0, n) != NULL || !rel_utf8_ok((const char *)p, n)) {
		c->bad = REL_E_FORMAT;
		return;
	}
	memcpy(out, p, n);
	out[n] = '\0';
}

int
rel_cur_end(struct rel_cur *c)
{
	if (!c->bad && c->p != c->end)
		c->bad = REL_E_FORMAT;
	return -c->bad;
}
