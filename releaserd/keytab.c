/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/keytab.h"

#include <stdio.h>
#include <string.h>

#include "lib/err.h"
#include "lib/text.h"

/* Big endian, unlike what rel_get_*() reads. */
static uint32_t
get_be(struct rel_cur *c, unsigned bytes)
{
	const uint8_t *p = rel_get_raw(c, bytes);
	uint32_t v = 0;

	for (unsigned i = 0; p != NULL && i < bytes; i++)
		v = v << 8 | p[i];
	return v;
}

static void
get_counted(struct rel_cur *c, struct keytab_bytes *b)
{
	b->n = get_be(c, 2);
	b->p = rel_get_raw(c, b->n);
	if (b->p == NULL)
		b->n = 0;
}

int
keytab_begin(struct rel_cur *c, const void *p, size_t n)
{
	rel_cur_init(c, p, n);
	return get_be(c, 2) == 0x0502 && c->bad == 0 ? 0 : -REL_E_FORMAT;
}

static int
entry_read(struct rel_cur *c, struct keytab_entry *e)
{
	memset(e, 0, sizeof *e);
	e->nparts = get_be(c, 2);
	if (e->nparts == 0 || e->nparts > KEYTAB_PARTS_MAX)
		return -REL_E_FORMAT;
	get_counted(c, &e->realm);
	for (unsigned i = 0; i < e->nparts; i++)
		get_counted(c, &e->part[i]);
	e->name_type = get_be(c, 4);
	(void)get_be(c, 4);		/* when it was written */
	e->kvno = get_be(c, 1);
	e->enctype = (uint16_t)get_be(c, 2);
	get_counted(c, &e->key);
	/* A longer number may follow, and what is not known yet. */
	if (rel_cur_left(c) >= 4) {
		uint32_t kvno = get_be(c, 4);

		if (kvno != 0)
			e->kvno = kvno;
	}
	return c->bad == 0 && e->key.n > 0 && e->realm.n > 0 ? 1 :
	    -REL_E_FORMAT;
}

int
keytab_next(struct rel_cur *c, struct keytab_entry *e)
{
	while (rel_cur_left(c) >= 4) {
		int64_t n = (int32_t)get_be(c, 4);
		const uint8_t *p;
		struct rel_cur one;

		if (n == 0)
			return 0;
		p = rel_get_raw(c, (size_t)(n < 0 ? -n : n));
		if (p == NULL)
			return -REL_E_FORMAT;
		if (n < 0)
			continue;	/* a hole, where one was removed */
		rel_cur_init(&one, p, (size_t)n);
		return entry_read(&one, e);
	}
	return c->bad == 0 ? 0 : -REL_E_FORMAT;
}

int
keytab_count(const void *p, size_t n)
{
	struct keytab_entry e;
	struct rel_cur c;
	int rc = keytab_begin(&c, p, n), count = 0;

	while (rc >= 0 && (rc = keytab_next(&c, &e)) == 1)
		count++;
	return rc < 0 || count == 0 ? -REL_E_FORMAT : count;
}

static void
name_add(char *out, size_t size, const char *before,
    const struct keytab_bytes *b)
{
	size_t n = strlen(out);

	snprintf(out + n, size - n, "%s%.*s", before, (int)b->n,
	    (const char *)b->p);
}

void
keytab_name(const struct keytab_entry *e, char *out, size_t size)
{
	out[0] = '\0';
	for (unsigned i = 0; i < e->nparts; i++)
		name_add(out, size, i > 0 ? "/" : "", &e->part[i]);
	name_add(out, size, "@", &e->realm);
	rel_text_clean(out, size, out);
}
