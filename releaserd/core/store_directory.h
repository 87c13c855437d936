/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_DIRECTORY_H
#define STORE_DIRECTORY_H

#include "releaserd/core/store.h"

/* A directory as it is kept (doc/identity.md). */
#define DIRECTORY_SECRET_MAX 512u	/* sealed */
#define DIRECTORY_KEYTAB_PLACE (1ull << 63)

struct directory_row {
	int64_t id;
	char key[84], name[84];		/* key: folded */
	int64_t pos;			/* the lowest is asked first */
	char *text, *ca, *crl;		/* owned; "" for none */
	uint8_t secret[DIRECTORY_SECRET_MAX];	/* rel_seal(), place: id */
	size_t secret_len;
	uint8_t *keytab;		/* owned; sealed as well, place: id and
					 * DIRECTORY_KEYTAB_PLACE */
	size_t keytab_len;
	int64_t changed_ms;
	char by[84];
};

void store_directory_free(struct directory_row *r);

/* New or changed, by id. 0; -REL_E_EXISTS: another has this name. */
int store_directory_set(struct store *st, const struct directory_row *r);
int store_directory_del(struct store *st, int64_t id);
/* In their order; row borrows. */
typedef bool (*store_directory_row)(const struct directory_row *r, void *ctx);
int store_directory_list(struct store *st, store_directory_row row,
    void *ctx);

#endif
