/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/known.h"

#include <stdlib.h>
#include <string.h>

#define PLACES 8192u		/* a power of two; 3 MB when all are taken */

struct known {
	struct known_person *at[PLACES];
};

/* FNV-1a; who finds two names for one place wins a search. */
static size_t
place(int64_t directory, const char *name)
{
	uint64_t h = 0xcbf29ce484222325u ^ (uint64_t)directory;

	for (; *name != '\0'; name++)
		h = (h ^ (uint8_t)*name) * 0x100000001b3u;
	return (size_t)(h ^ h >> 32) & (PLACES - 1);
}

struct known *
known_new(void)
{
	return calloc(1, sizeof(struct known));
}

void
known_free(struct known **kp)
{
	if (*kp != NULL)
		known_forget_all(*kp);
	free(*kp);
	*kp = NULL;
}

const struct known_person *
known_find(const struct known *k, int64_t directory, const char *name)
{
	const struct known_person *p = k->at[place(directory, name)];

	return p != NULL && p->directory == directory &&
	    strcmp(p->name, name) == 0 ? p : NULL;
}

void
known_put(struct known *k, const struct known_person *p)
{
	struct known_person **at = &k->at[place(p->directory, p->name)];

	if (*at == NULL && (*at = malloc(sizeof **at)) == NULL)
		return;
	**at = *p;
}

void
known_forget(struct known *k, int64_t directory, const char *name)
{
	struct known_person **at = &k->at[place(directory, name)];

	if (known_find(k, directory, name) == NULL)
		return;
	free(*at);
	*at = NULL;
}

void
known_forget_all(struct known *k)
{
	for (size_t i = 0; i < PLACES; i++) {
		free(k->at[i]);
		k->at[i] = NULL;
	}
}
