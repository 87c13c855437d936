/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef LDAP_MEMBERS_H
#define LDAP_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Who is in which group, for a whole directory: a graph of names (DNs, user
 * names, numbers), compared without case.  A node may be a group, and is in
 * other nodes; groups are numbered in the order they became known.
 */
struct members;

#define MEMBER_UNKNOWN (-2)		/* nobody has looked whether it is one */
#define MEMBER_NO_GROUP (-1)

struct members *members_new(void);
void members_free(struct members **mp);

/* The node of a name, made when there is none; -1: no memory, or too many. */
int64_t members_node(struct members *m, const char *name, size_t n);

/* The one there is, or -1. */
int64_t members_find(const struct members *m, const char *name, size_t n);

/* Its name, folded. */
const char *members_node_name(const struct members *m, int64_t node);

/* Node `inner` is in node `outer`. False: no memory. */
bool members_link(struct members *m, int64_t inner, int64_t outer);

/* What is known of a node; and that it is the group `name`, or (NULL) none. */
int members_group(const struct members *m, int64_t node);
bool members_is(struct members *m, int64_t node, const char *name);

/* The groups by number. */
uint32_t members_groups(const struct members *m);
const char *members_name(const struct members *m, uint32_t group);

/*
 * All that node is in, itself not, so many levels up: each calls `met` once,
 * which may still say what the node is and what that is in.  It returns 0 to
 * go on, else the walk ends and returns that.
 */
typedef int (*members_met)(struct members *m, int64_t node, void *ctx);
int members_walk(struct members *m, int64_t node, int64_t depth,
    members_met met, void *ctx);

/* What a node is in is forgotten: one that stands for the person at hand. */
void members_clear(struct members *m, int64_t node);

#endif
