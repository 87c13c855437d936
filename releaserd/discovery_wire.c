/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/discovery_wire.h"

#include <stdio.h>
#include <string.h>

#include "lib/err.h"
#include "lib/ranges.h"
#include "lib/text.h"

static const char *const words[] = {
	[DISCOVER_SWEEP] = "sweep", [DISCOVER_BROADCAST] = "broadcast",
	[DISCOVER_PROBE] = "probe", [DISCOVER_DNS_SD] = "dns-sd"
};

void
discover_begin(struct rel_buf *b, enum discover_kind kind)
{
	rel_put_fmt(b, "%s\n", words[kind]);
}

void
discover_add(struct rel_buf *b, const char *address)
{
	rel_put_fmt(b, "%s\n", address);
}

bool
discover_next(const char **p, size_t *n, char out[DISCOVER_LINE_MAX])
{
	const char *end = memchr(*p, '\n', *n);
	size_t len = end != NULL ? (size_t)(end - *p) : 0;

	if (len == 0 || len >= DISCOVER_LINE_MAX ||
	    memchr(*p, '\0', len) != NULL)
		return false;
	memcpy(out, *p, len);
	out[len] = '\0';
	*p += len + 1;
	*n -= len + 1;
	return true;
}

int
discover_kind_get(const char **p, size_t *n, enum discover_kind *kind)
{
	char word[DISCOVER_LINE_MAX];

	if (!discover_next(p, n, word))
		return -REL_E_FORMAT;
	for (int i = DISCOVER_SWEEP; i <= DISCOVER_DNS_SD; i++)
		if (strcmp(words[i], word) == 0) {
			*kind = (enum discover_kind)i;
			return 0;
		}
	return -REL_E_FORMAT;
}

/* ---- what was found */

static void
found_put(struct rel_buf *b, const struct found *f)
{
	rel_put_u8(b, f->state);
	rel_put_u8(b, f->source);
	rel_put_u8(b, f->access);
	rel_put_str(b, f->address);
	rel_put_str(b, f->host);
	rel_put_str(b, f->vendor);
	rel_put_str(b, f->model);
	rel_put_str(b, f->serial);
	rel_put_str(b, f->mac);
	rel_put_str(b, f->name);
	rel_put_str(b, f->location);
	rel_put_str(b, f->queue);
	rel_put_str(b, f->description);
	rel_put_str(b, f->object_id);
	rel_put_str(b, f->ipp_uri);
	rel_put_str(b, f->formats);
	rel_put_str(b, f->uuid);
}

void
found_list_put(struct rel_buf *b, const struct found *v, size_t n)
{
	rel_put_u32(b, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		found_put(b, &v[i]);
}

/*
 * A text of a device: no control characters, whatever a driver says, and
 * nothing that turns the text beside it.
 */
static void
text_get(struct rel_cur *c, char *out, size_t size)
{
	rel_get_str(c, out, size);
	for (const char *p = out; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			c->bad = REL_E_FORMAT;
	(void)rel_text_squeeze(out, strlen(out));
}

static void
found_get(struct rel_cur *c, struct found *f)
{
	uint8_t addr[16];

	f->state = rel_get_u8(c);
	f->source = rel_get_u8(c);
	f->access = rel_get_u8(c);
	text_get(c, f->address, sizeof f->address);
	text_get(c, f->host, sizeof f->host);
	text_get(c, f->vendor, sizeof f->vendor);
	text_get(c, f->model, sizeof f->model);
	text_get(c, f->serial, sizeof f->serial);
	text_get(c, f->mac, sizeof f->mac);
	text_get(c, f->name, sizeof f->name);
	text_get(c, f->location, sizeof f->location);
	text_get(c, f->queue, sizeof f->queue);
	text_get(c, f->description, sizeof f->description);
	text_get(c, f->object_id, sizeof f->object_id);
	text_get(c, f->ipp_uri, sizeof f->ipp_uri);
	text_get(c, f->formats, sizeof f->formats);
	text_get(c, f->uuid, sizeof f->uuid);
	if (f->state > FOUND_DENIED || f->source > FOUND_BY_DNS_SD ||
	    !rel_address_read(addr, f->address))
		c->bad = REL_E_FORMAT;
}

int
found_list_get(struct found *v, size_t *n, const void *p, size_t len)
{
	struct rel_cur c;
	uint32_t all;

	rel_cur_init(&c, p, len);
	all = rel_get_u32(&c);
	*n = 0;
	if (all > DISCOVER_FOUND_MAX)
		return -REL_E_FORMAT;
	while (*n < all && c.bad == 0)
		found_get(&c, &v[(*n)++]);
	return rel_cur_end(&c) < 0 ? -REL_E_FORMAT : 0;
}
