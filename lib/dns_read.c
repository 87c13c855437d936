/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/dns_read.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <netinet/in.h>
#include <arpa/nameser.h>
#include <resolv.h>

#include "lib/cursor.h"
#include "lib/err.h"
#include "lib/text.h"

#define FLAGS_MASK 0xf80fu		/* QR, opcode, rcode */
#define FLAGS_ANSWER 0x8000u
#define CLASS_MASK 0x7fffu		/* the bit above: flush the cache */
#define CLASS_IN 1u

size_t
rel_dns_query(uint8_t out[REL_DNS_QUERY_MAX], uint16_t id, const char *name)
{
	const uint8_t head[12] = { (uint8_t)(id >> 8), (uint8_t)id, [5] = 1 };
	const uint8_t tail[4] = { 0, REL_DNS_PTR, 0, CLASS_IN };
	int n;

	memcpy(out, head, sizeof head);
	n = dn_comp(name, out + sizeof head, (int)(REL_DNS_QUERY_MAX -
	    sizeof head - sizeof tail), NULL, NULL);
	if (n < 0)
		return 0;
	memcpy(out + sizeof head + n, tail, sizeof tail);
	return sizeof head + (size_t)n + sizeof tail;
}

/* Two bytes as the network has them; our own messages have them otherwise. */
static uint16_t
get_u16(struct rel_cur *c)
{
	const uint8_t *p = rel_get_raw(c, 2);

	if (p == NULL)
		return 0;
	return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static void
get_name(const struct rel_dns *m, struct rel_cur *c,
    char out[REL_DNS_NAME_MAX])
{
	int n = c->bad != 0 || c->p >= m->end ? -1 : dn_expand(m->p, m->end,
	    c->p, out, REL_DNS_NAME_MAX);

	if (n < 0 || rel_get_raw(c, (size_t)n) == NULL) {
		out[0] = '\0';
		c->bad = REL_E_FORMAT;
	}
}

static void
get_record(struct rel_dns *m, struct rel_cur *c)
{
	struct rel_dns_record *r = &m->v[m->n];
	unsigned class;

	get_name(m, c, r->name);
	r->type = get_u16(c);
	class = get_u16(c) & CLASS_MASK;
	(void)rel_get_raw(c, 4);		/* how long it is good */
	r->len = get_u16(c);
	r->data = rel_get_raw(c, r->len);
	if (c->bad == 0 && class == CLASS_IN)
		m->n++;
}

int
rel_dns_read(struct rel_dns *m, const void *p, size_t n)
{
	char name[REL_DNS_NAME_MAX];
	unsigned flags, asked, records = 0;
	struct rel_cur c;

	rel_cur_init(&c, p, n);
	m->p = p;
	m->end = m->p + n;
	m->n = 0;
	m->id = get_u16(&c);
	flags = get_u16(&c);
	asked = get_u16(&c);
	for (int i = 0; i < 3; i++)
		records += get_u16(&c);
	if (c.bad != 0 || (flags & FLAGS_MASK) != FLAGS_ANSWER)
		return -REL_E_FORMAT;
	for (; asked > 0 && c.bad == 0; asked--) {
		get_name(m, &c, name);
		(void)rel_get_raw(&c, 4);
	}
	for (; records > 0 && m->n < REL_DNS_RECORDS_MAX && c.bad == 0;
	    records--)
		get_record(m, &c);
	return c.bad != 0 ? -REL_E_FORMAT : 0;
}

/* ---- what records have */

bool
rel_dns_srv(const struct rel_dns *m, const struct rel_dns_record *r,
    char target[REL_DNS_NAME_MAX], uint16_t *port)
{
	struct rel_cur c;

	if (r->type != REL_DNS_SRV)
		return false;
	rel_cur_init(&c, r->data, r->len);
	(void)rel_get_raw(&c, 4);		/* priority, weight */
	*port = get_u16(&c);
	get_name(m, &c, target);
	return rel_cur_end(&c) == 0;
}

bool
rel_dns_address(const struct rel_dns_record *r, uint8_t out[16])
{
	static const uint8_t v4_mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (r->type == REL_DNS_AAAA && r->len == 16) {
		memcpy(out, r->data, 16);
		return true;
	}
	if (r->type != REL_DNS_A || r->len != 4)
		return false;
	memcpy(out, v4_mapped, sizeof v4_mapped);
	memcpy(out + 12, r->data, 4);
	return true;
}

bool
rel_dns_txt(const struct rel_dns_record *r, const char *key, char *out,
    size_t size)
{
	size_t klen = strlen(key);
	struct rel_cur c;

	out[0] = '\0';
	if (r->type != REL_DNS_TXT)
		return false;
	rel_cur_init(&c, r->data, r->len);
	while (rel_cur_left(&c) > 0 && c.bad == 0) {
		size_t n = rel_get_u8(&c);
		const char *s = (const char *)rel_get_raw(&c, n);
		char value[256];

		if (s == NULL || n <= klen || s[klen] != '=' ||
		    strncasecmp(s, key, klen) != 0)
			continue;
		snprintf(value, sizeof value, "%.*s", (int)(n - klen - 1),
		    s + klen + 1);
		rel_text_clean(out, size, value);
		return out[0] != '\0';
	}
	return false;
}
