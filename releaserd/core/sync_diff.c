/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a sync remembers while it runs: accounts by key, and what differed. */
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/sync_priv.h"

const char *
sync_kind_name(unsigned kind)
{
	static const char *const names[SYNC_KINDS] = { "clash", "deleted",
	    "disabled", "changed", "added" };

	return kind < SYNC_KINDS ? names[kind] : "unknown";
}

int
sync_kind_of(const char *name)
{
	for (int i = 0; i < SYNC_KINDS; i++)
		if (strcmp(sync_kind_name((unsigned)i), name) == 0)
			return i;
	return -1;
}

bool
sync_loss_ok(int64_t lost, int64_t of, int64_t max_percent)
{
	return lost == 0 || lost * 100 <= of * max_percent;
}

/* ---- accounts by key */

static uint32_t
key_hash(const char *s)
{
	uint32_t h = 2166136261u;	/* FNV-1a */

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

static const char *
key_of(const struct sync *s, const struct sync_account *a)
{
	return (const char *)s->keys.data + a->key;
}

static uint32_t *
slot_of(const struct sync *s, const char *key, uint32_t hash)
{
	uint32_t i = hash & (s->slots - 1);

	while (s->slot[i] != 0) {
		const struct sync_account *a = &s->account[s->slot[i] - 1];

		if (a->hash == hash && strcmp(key_of(s, a), key) == 0)
			break;
		i = (i + 1) & (s->slots - 1);
	}
	return &s->slot[i];
}

struct sync_account *
sync_account(struct sync *s, const char *key)
{
	uint32_t at;

	if (s->slots == 0)
		return NULL;
	at = *slot_of(s, key, key_hash(key));
	return at != 0 ? &s->account[at - 1] : NULL;
}

static bool
slots_grow(struct sync *s)
{
	uint32_t slots = s->slots > 0 ? s->slots * 2 : 4096;
	uint32_t *p = calloc(slots, sizeof *p);

	if (p == NULL)
		return false;
	free(s->slot);
	s->slot = p;
	s->slots = slots;
	for (size_t i = 0; i < s->naccounts; i++)
		*slot_of(s, key_of(s, &s->account[i]), s->account[i].hash) =
		    (uint32_t)i + 1;
	return true;
}

struct sync_account *
sync_account_add(struct sync *s, const char *key, int64_t id)
{
	struct sync_account *a;

	if (s->naccounts == s->accounts_room) {
		size_t room = s->accounts_room > 0 ? s->accounts_room * 2 :
		    1024;
		void *p = realloc(s->account, room * sizeof *s->account);

		if (p == NULL)
			return NULL;
		s->account = p;
		s->accounts_room = room;
	}
	if (s->naccounts * 2 >= s->slots && !slots_grow(s))
		return NULL;
	a = &s->account[s->naccounts];
	memset(a, 0, sizeof *a);
	a->id = id;
	a->hash = key_hash(key);
	a->key = (uint32_t)s->keys.len;
	rel_put_raw(&s->keys, key, strlen(key) + 1);
	if (s->keys.failed)
		return NULL;
	*slot_of(s, key, a->hash) = (uint32_t)++s->naccounts;
	return a;
}

/* ---- what differed: lines of name, tab, words */

static int
page_end(struct sync *s, unsigned kind)
{
	struct rel_buf *b = &s->out[kind].text;
	int rc = -REL_E_NOMEM;

	rel_put_u8(b, 0);
	if (!b->failed)
		rc = store_sync_page_put(s->c->st, s->run.id, (int)kind,
		    s->out[kind].page++, (const char *)b->data);
	rel_buf_reset(b);
	s->out[kind].rows = 0;
	return rc;
}

int
sync_line(struct sync *s, enum sync_kind kind, const char *name,
    const char *words)
{
	rel_put_fmt(&s->out[kind].text, "%s\t%s\n", name, words);
	return ++s->out[kind].rows < SYNC_PAGE_ROWS ? 0 : page_end(s, kind);
}

int
sync_lines_end(struct sync *s)
{
	int rc = 0;

	for (unsigned i = 0; i < SYNC_KINDS && rc == 0; i++)
		if (s->out[i].rows > 0)
			rc = page_end(s, i);
	return rc;
}

void
sync_diff_free(struct sync *s)
{
	free(s->account);
	free(s->slot);
	free(s->group);
	free(s->late);
	rel_buf_fini(&s->keys);
	for (unsigned i = 0; i < SYNC_AHEAD; i++)
		rel_buf_fini_secret(&s->body[i]);
	for (int i = 0; i < SYNC_KINDS; i++)
		rel_buf_fini(&s->out[i].text);
}
