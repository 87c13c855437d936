/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/agent/ldap_members.h"

#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"

#define NODES_MAX (8u << 20)
#define NAME_MAX_BYTES 2000u

struct node {
	char *name;			/* folded */
	uint32_t hash;
	int32_t group;
	uint32_t n, room;
	uint32_t *in;			/* nodes it is in */
	uint32_t seen;			/* by the walk of this number */
};

struct members {
	struct node *node;
	uint32_t n, room;
	uint32_t *slot;			/* node + 1; 0 is free */
	uint32_t slots;			/* a power of two */
	char **group;			/* names */
	uint32_t groups, groups_room;
	uint32_t walk;
	uint32_t *queue;
	uint32_t queue_room;
};

/* The list with room for one more, moved perhaps; NULL: no memory. */
static void *
grown(void *list, uint32_t n, uint32_t *room, size_t size)
{
	uint32_t want = *room > 0 ? *room * 2 : 4;
	void *p;

	if (n < *room)
		return list;
	if ((p = realloc(list, want * size)) != NULL)
		*room = want;
	return p;
}

struct members *
members_new(void)
{
	struct members *m = calloc(1, sizeof *m);

	if (m != NULL) {
		m->slots = 1024;
		m->slot = calloc(m->slots, sizeof *m->slot);
	}
	if (m != NULL && m->slot == NULL)
		members_free(&m);
	return m;
}

void
members_free(struct members **mp)
{
	struct members *m = *mp;

	*mp = NULL;
	if (m == NULL)
		return;
	for (uint32_t i = 0; i < m->n; i++) {
		free(m->node[i].name);
		free(m->node[i].in);
	}
	for (uint32_t i = 0; i < m->groups; i++)
		free(m->group[i]);
	free(m->node);
	free(m->group);
	free(m->slot);
	free(m->queue);
	free(m);
}

/* ---- nodes */

static uint32_t
hash_of(const char *s, size_t n)
{
	uint32_t h = 2166136261u;	/* FNV-1a */

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

/* Where this name is, or would be. */
static uint32_t *
slot_of(const struct members *m, const char *name, uint32_t hash)
{
	uint32_t i = hash & (m->slots - 1);

	while (m->slot[i] != 0 && (m->node[m->slot[i] - 1].hash != hash ||
	    strcmp(m->node[m->slot[i] - 1].name, name) != 0))
		i = (i + 1) & (m->slots - 1);
	return &m->slot[i];
}

static bool
slots_double(struct members *m)
{
	uint32_t *old = m->slot, slots = m->slots;

	if ((m->slot = calloc((size_t)slots * 2, sizeof *m->slot)) == NULL) {
		m->slot = old;
		return false;
	}
	m->slots = slots * 2;
	for (uint32_t i = 0; i < m->n; i++)
		*slot_of(m, m->node[i].name, m->node[i].hash) = i + 1;
	free(old);
	return true;
}

/* In lower case and without blanks behind the commas of a DN. */
static bool
name_fold(char out[NAME_MAX_BYTES], const char *name, size_t *n)
{
	size_t o = 0;

	if (*n >= NAME_MAX_BYTES || memchr(name, '\0', *n) != NULL)
		return false;
	for (size_t i = 0; i < *n; i++)
		if (name[i] != ' ' || o == 0 || out[o - 1] != ',' ||
		    (o > 1 && out[o - 2] == '\\'))
			out[o++] = name[i];
	rel_fold(out, out, o);
	out[o] = '\0';
	*n = o;
	return true;
}

int64_t
members_find(const struct members *m, const char *name, size_t n)
{
	char key[NAME_MAX_BYTES];

	if (!name_fold(key, name, &n))
		return -1;
	return (int64_t)*slot_of(m, key, hash_of(key, n)) - 1;
}

int64_t
members_node(struct members *m, const char *name, size_t n)
{
	char key[NAME_MAX_BYTES];
	struct node *node;
	uint32_t hash, *slot;
	void *p;

	if (!name_fold(key, name, &n))
		return -1;
	hash = hash_of(key, n);
	slot = slot_of(m, key, hash);
	if (*slot != 0)
		return (int64_t)*slot - 1;
	if (m->n >= NODES_MAX ||
	    (p = grown(m->node, m->n, &m->room, sizeof *m->node)) == NULL)
		return -1;
	m->node = p;
	node = &m->node[m->n];
	*node = (struct node){ .hash = hash, .group = MEMBER_UNKNOWN };
	if ((node->name = strdup(key)) == NULL)
		return -1;
	*slot = ++m->n;
	/* A name that is there twice would be worse than slow. */
	return m->n * 2 < m->slots || slots_double(m) || m->n < m->slots - 1 ?
	    (int64_t)m->n - 1 : -1;
}

const char *
members_node_name(const struct members *m, int64_t node)
{
	return m->node[node].name;
}

bool
members_link(struct members *m, int64_t inner, int64_t outer)
{
	struct node *node = &m->node[inner];
	void *p = grown(node->in, node->n, &node->room, sizeof *node->in);

	if (p == NULL)
		return false;
	node->in = p;
	node->in[node->n++] = (uint32_t)outer;
	return true;
}

void
members_clear(struct members *m, int64_t node)
{
	m->node[node].n = 0;
}

/* ---- groups */

int
members_group(const struct members *m, int64_t node)
{
	return m->node[node].group;
}

bool
members_is(struct members *m, int64_t node, const char *name)
{
	void *p;

	if (name == NULL) {
		m->node[node].group = MEMBER_NO_GROUP;
		return true;
	}
	p = grown(m->group, m->groups, &m->groups_room, sizeof *m->group);
	if (p == NULL)
		return false;
	m->group = p;
	if ((m->group[m->groups] = strdup(name)) == NULL)
		return false;
	m->node[node].group = (int32_t)m->groups++;
	return true;
}

uint32_t
members_groups(const struct members *m)
{
	return m->groups;
}

const char *
members_name(const struct members *m, uint32_t group)
{
	return m->group[group];
}

/* ---- the walk, level by level; circles end */

static bool
walk_add(struct members *m, uint32_t node, uint32_t *n)
{
	void *p;

	if (m->node[node].seen == m->walk)
		return true;
	m->node[node].seen = m->walk;
	p = grown(m->queue, *n, &m->queue_room, sizeof *m->queue);
	if (p == NULL)
		return false;
	m->queue = p;
	m->queue[(*n)++] = node;
	return true;
}

static bool
walk_around(struct members *m, uint32_t node, uint32_t *n)
{
	for (uint32_t i = 0; i < m->node[node].n; i++)
		if (!walk_add(m, m->node[node].in[i], n))
			return false;
	return true;
}

int
members_walk(struct members *m, int64_t node, int64_t depth,
    members_met met, void *ctx)
{
	uint32_t at = 0, n = 0, level;
	int rc = 0;

	m->walk++;
	m->node[node].seen = m->walk;
	if (!walk_around(m, (uint32_t)node, &n))
		return -1;
	for (; depth > 0 && at < n; depth--) {
		for (level = n; at < level; at++) {
			uint32_t is = m->queue[at];

			if ((rc = met(m, is, ctx)) != 0)
				return rc;
			if (!walk_around(m, is, &n))
				return -1;
		}
	}
	return 0;
}
