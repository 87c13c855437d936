/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/pdf_priv.h"

#include <stdlib.h>

/* Keys are never 0. */
static size_t
slot_of(const uint64_t *keys, size_t cap, uint64_t key)
{
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & (cap - 1);

	while (keys[i] != 0 && keys[i] != key)
		i = (i + 1) & (cap - 1);
	return i;
}

bool
pdf_map_get(const struct pdf_map *m, uint64_t key, uint64_t *value)
{
	size_t i;

	if (m->cap == 0 || key == 0)
		return false;
	i = slot_of(m->keys, m->cap, key);
	if (m->keys[i] == 0)
		return false;
	*value = m->values[i];
	return true;
}

static bool
grow(struct pdf_map *m)
{
	size_t cap = m->cap > 0 ? m->cap * 2 : 256;
	uint64_t *keys = calloc(cap, sizeof *keys);
	uint64_t *values = calloc(cap, sizeof *values);

	if (keys == NULL || values == NULL) {
		free(keys);
		free(values);
		return false;
	}
	for (size_t i = 0; i < m->cap; i++) {
		if (m->keys[i] == 0)
			continue;
		size_t to = slot_of(keys, cap, m->keys[i]);

		keys[to] = m->keys[i];
		values[to] = m->values[i];
	}
	free(m->keys);
	free(m->values);
	m->keys = keys;
	m->values = values;
	m->cap = cap;
	return true;
}

void
pdf_map_put(struct pdf_map *m, uint64_t key, uint64_t value)
{
	size_t i;

	if (key == 0 || m->used >= PDF_MAP_MAX ||
	    (m->used * 2 >= m->cap && !grow(m)))
		return;
	i = slot_of(m->keys, m->cap, key);
	m->used += m->keys[i] == 0;
	m->keys[i] = key;
	m->values[i] = value;
}

void
pdf_map_fini(struct pdf_map *m)
{
	free(m->keys);
	free(m->values);
	*m = (struct pdf_map){ 0 };
}
