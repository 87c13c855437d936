/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/sync_wire.h"

#include <string.h>

/* ---- the question */

void
sync_next_put(struct rel_buf *b, const struct sync_next *m)
{
	dir_where_put(b, &m->at);
	rel_put_u64(b, m->run);
	rel_put_u32(b, m->part);
}

int
sync_next_get(struct sync_next *m, const void *p, size_t n)
{
	struct rel_cur c;

	memset(m, 0, sizeof *m);
	rel_cur_init(&c, p, n);
	dir_where_get(&c, &m->at);
	m->run = rel_get_u64(&c);
	m->part = rel_get_u32(&c);
	return dir_where_end(&c, &m->at);
}

/* ---- records */

void
sync_group_put(struct rel_buf *b, const char *name)
{
	rel_put_u8(b, SYNC_GROUP);
	rel_put_str(b, name);
}

/* The attributes stand together: they are compared as bytes. */
static void
attributes_put(struct rel_buf *b, const struct dir_person *w)
{
	rel_put_str(b, w->login);
	rel_put_str(b, w->display);
	rel_put_str(b, w->mail);
	rel_put_str(b, w->department);
	rel_put_str(b, w->home);
	rel_put_str(b, w->card[0]);
	rel_put_str(b, w->card[1]);
	rel_put_str(b, w->pin);
	rel_put_str(b, w->id_number);
}

static void
attributes_get(struct rel_cur *c, struct dir_person *w)
{
	w->dn[0] = '\0';
	rel_get_str(c, w->login, sizeof w->login);
	rel_get_str(c, w->display, sizeof w->display);
	rel_get_str(c, w->mail, sizeof w->mail);
	rel_get_str(c, w->department, sizeof w->department);
	rel_get_str(c, w->home, sizeof w->home);
	rel_get_str(c, w->card[0], sizeof w->card[0]);
	rel_get_str(c, w->card[1], sizeof w->card[1]);
	rel_get_str(c, w->pin, sizeof w->pin);
	rel_get_str(c, w->id_number, sizeof w->id_number);
}

void
sync_person_put(struct rel_buf *b, const struct sync_record *m)
{
	rel_put_u8(b, SYNC_PERSON);
	rel_put_u8(b, m->closed);
	attributes_put(b, &m->who);
	rel_put_u32(b, m->ngroups);
	for (uint32_t i = 0; i < m->ngroups; i++)
		rel_put_u32(b, m->groups[i]);
}

static enum sync_what
person_get(struct rel_cur *c, struct sync_record *r)
{
	r->closed = rel_get_u8(c) != 0;
	r->raw = c->p;
	attributes_get(c, &r->who);
	r->raw_len = (size_t)(c->p - r->raw);
	if ((r->ngroups = rel_get_u32(c)) > DIR_GROUPS_MAX)
		return SYNC_BAD;
	for (uint32_t i = 0; i < r->ngroups; i++)
		r->groups[i] = rel_get_u32(c);
	return c->bad ? SYNC_BAD : SYNC_PERSON;
}

/* ---- the answer */

void
sync_part_put(struct rel_buf *b, const struct sync_part *m,
    const struct rel_buf *records)
{
	rel_put_u8(b, m->outcome);
	rel_put_u8(b, m->server);
	rel_put_u8(b, m->last);
	rel_put_u32(b, m->nameless);
	rel_put_str(b, m->words);
	rel_put_raw(b, records->data, records->len);
	if (records->failed && !b->failed)
		b->failed = records->failed;
}

int
sync_part_get(struct sync_part *m, const void *p, size_t n)
{
	struct rel_cur *c = &m->records;

	memset(m, 0, sizeof *m);
	rel_cur_init(c, p, n);
	m->outcome = rel_get_u8(c);
	m->server = rel_get_u8(c);
	m->last = rel_get_u8(c) != 0;
	m->nameless = rel_get_u32(c);
	rel_get_str(c, m->words, sizeof m->words);
	if (m->outcome >= DIR_OUTCOMES || (m->server != DIR_NO_SERVER &&
	    m->server >= DIRECTORY_SERVERS_MAX))
		return -REL_E_FORMAT;
	return c->bad ? -c->bad : 0;
}

enum sync_what
sync_part_next(struct sync_part *m, struct sync_record *r)
{
	struct rel_cur *c = &m->records;
	uint8_t what;

	if (c->bad || rel_cur_left(c) == 0)
		return c->bad ? SYNC_BAD : SYNC_END;
	what = rel_get_u8(c);
	if (what == SYNC_PERSON)
		return person_get(c, r);
	if (what != SYNC_GROUP)
		return SYNC_BAD;
	rel_get_str(c, r->group, sizeof r->group);
	return c->bad ? SYNC_BAD : SYNC_GROUP;
}
