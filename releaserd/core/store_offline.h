/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_OFFLINE_H
#define STORE_OFFLINE_H

#include "releaserd/core/store.h"

/* What a directory called right the last time, one a user. */
struct verifier {
	int64_t user_id, directory;
	char name[256];			/* as it was typed, folded */
	char hash[200];
	int64_t right_ms;
};

int store_verifier_set(struct store *st, const struct verifier *v);
/* It was right again. */
int store_verifier_right(struct store *st, int64_t user_id, int64_t at_ms);
/* Of this user; of this name there, or of the account with that key. */
int store_verifier_of(struct store *st, int64_t user_id,
    struct verifier *out);
int store_verifier_find(struct store *st, int64_t directory,
    const char *name, const char *key, struct verifier *out);
/* 0, or -REL_E_NOTFOUND. */
int store_verifier_drop(struct store *st, int64_t user_id);
/* All of a directory that are older; all there are with INT64_MAX. */
int store_verifier_forget(struct store *st, int64_t directory,
    int64_t before_ms);

#endif
