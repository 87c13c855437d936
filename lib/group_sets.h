/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_GROUP_SETS_H
#define REL_GROUP_SETS_H

#include <jansson.h>

#include "lib/api.h"

/* The members of one group, {"member_list":[...]}; as rel_api_list(). */
int rel_group_members(struct rel_api *a, const char *group, json_t **out,
    struct rel_err *err);

/* Groups and their members, nested ones resolved. */
struct rel_group_sets;

/*
 * Ask releaserd for all of them.  0 with a new *out, freed with
 * rel_group_sets_free(); else *out is NULL, errors as rel_api_call().
 */
int rel_group_sets_get(struct rel_api *a, struct rel_group_sets **out,
    struct rel_err *err);
void rel_group_sets_free(struct rel_group_sets **gp);

/* From {"GROUP":[{"name","kind"}]}, borrowed for the call; NULL without
 * memory. */
struct rel_group_sets *rel_group_sets_new(const json_t *members);

/*
 * Of a user (the key of one, as records have it): how many, max at most, and
 * their names, in no order; they live as long as the sets.
 */
size_t rel_group_sets_of(const struct rel_group_sets *g, const char *user,
    const char **names, size_t max);

#endif
