/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include "releaserd/core/store_template.h"

/*
 * Security templates: building blocks of authentication in an order, what
 * counts as success, and whose groups may pass (doc/identity.md).
 */
struct core;
struct session;
struct rel_err;

enum block {
	BLOCK_INTERNAL, BLOCK_DEVICE_PASSWORD, BLOCK_DEVICE_PIN, BLOCK_LDAP,
	BLOCK_GSSAPI, BLOCK_KERBEROS, BLOCK_NTLM, BLOCK_PAM, BLOCK_CARD,
	BLOCK_CARD_PIN, BLOCK_ID_NUMBER, BLOCK_CODE, BLOCK_GUEST,
	BLOCK_BACKUP			/* E's; no template can ask for it */
};
#define BLOCKS ((size_t)BLOCK_BACKUP + 1)

/* What a person has proven in a session. */
struct proof {
	enum block block;
	int64_t directory;		/* that checked it, or 0 */
};
#define PROOFS_MAX 8

/* "ldap+gssapi"; the number of that name, or -1. */
const char *block_name(enum block b);
int block_named(const char *name, size_t n);
/* A device's secret: it says that somebody may use it, and not who. */
bool block_is_of_nobody(enum block b);
/* By name and password at a directory, or by an internal password. */
bool block_is_password(enum block b);

/* What a password proves that this directory has checked. */
enum block block_of_directory(const struct core *c, int64_t directory);

#define TEMPLATES_MAX 140u
#define TEMPLATE_BLOCKS_MAX 13u
#define TEMPLATE_ALL_MAX 4u		/* who would take more steps? */
#define TEMPLATE_GROUPS_MAX 16u

struct template {
	int64_t id;
	char key[84], name[84];		/* key: folded */
	bool all;			/* each, in order; else any */
	unsigned nblocks;
	struct proof block[TEMPLATE_BLOCKS_MAX];	/* directory 0: any */
	unsigned ngroups;		/* 0: everybody may pass */
	char group[TEMPLATE_GROUPS_MAX][84];		/* keys */
};

enum template_answer {
	TEMPLATE_OPEN, TEMPLATE_MORE, TEMPLATE_CLOSED, TEMPLATE_UNKNOWN
};

/* Who has proven it, as far as the groups of a template go. */
enum template_who { TEMPLATE_NOBODY, TEMPLATE_STRANGER, TEMPLATE_MEMBER };

/*
 * Do these proofs satisfy t?  Looks at nothing else.
 *
 * asks  for MORE: bit i is set when t->block[i] may be proven next; may be
 *       NULL
 */
enum template_answer template_weigh(const struct template *t,
    const struct proof *proofs, size_t n, enum template_who who,
    unsigned *asks);

/* Is this proof one of the blocks that are asked? */
bool template_takes(const struct template *t, unsigned asks,
    const struct proof *proof);

/*
 * The same of a session (NULL: nobody is logged in) and the template of this
 * id.  asks: as above; may be NULL.  A store that cannot be read closes.
 */
enum template_answer template_answer(struct core *c, int64_t id,
    const struct session *s, unsigned *asks);

/* Why it is so, in English, plain words: "asks for a card next". */
void template_explain(struct core *c, int64_t id, const struct session *s,
    char *out, size_t size);

/* ---- those there are; borrowed until the turn ends */
int templates_init(struct core *c, struct rel_err *err);
void templates_fini(struct core *c);
const struct template *templates_at(const struct core *c, size_t i);
const struct template *template_of(const struct core *c, int64_t id);
const struct template *template_named(const struct core *c,
    const char *name);
/* What is stored has changed: it holds when this turn is on disk. */
void templates_changed(struct core *c);

/*
 * A row of the store as it holds.  0; -REL_E_FORMAT and err says in plain
 * words what is wrong, *field which member of the API it is.
 */
int template_parse(struct core *c, const struct template_row *r,
    struct template *out, const char **field, struct rel_err *err);

/* The first template that names this directory, or NULL. */
const struct template *template_with_directory(const struct core *c,
    int64_t directory);

/* "card", "ldap:school" */
void template_block_text(const struct core *c, const struct proof *b,
    char *out, size_t size);

#endif
