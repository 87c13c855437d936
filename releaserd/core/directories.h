/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DIRECTORIES_H
#define DIRECTORIES_H

#include "releaserd/core/core.h"
#include "releaserd/core/known.h"
#include "releaserd/core/store_directory.h"
#include "releaserd/directory_wire.h"

/*
 * The directories there are, and the questions for them (doc/identity.md).
 * Their settings stay in memory; servers that did not answer are remembered
 * for all agents at once, and one agent is always left for other work.
 */
#define DIRECTORIES_MAX 32u
#define DIRECTORY_LOCAL "(Local)"	/* the domain of internal accounts */

int directories_init(struct core *c, struct rel_err *err);
void directories_fini(struct core *c);

/* What is stored has changed: it holds when this turn is on disk. */
void directories_changed(struct core *c);

/* The i-th in order, or NULL; borrowed until the turn ends. */
const struct directory_row *directories_at(const struct core *c, size_t i);

/* By its id, or NULL; likewise. */
const struct directory_row *directories_by_id(const struct core *c,
    int64_t id);

/* By name, without case; NULL. */
const struct directory_row *directories_named(const struct core *c,
    const char *name);

/* Its settings, read; and for how many seconds yet a server is thought dead. */
const struct directory *directories_settings(const struct core *c,
    int64_t id);
int directories_dead_s(const struct core *c, int64_t id, unsigned server);

/*
 * Did no server answer when it was last asked?  While that is so, it is asked
 * again by and by.  A server whose certificate was refused is not away.
 */
bool directories_away(struct core *c, int64_t id);

/*
 * A question of another kind: put() writes it into b with where the directory
 * is, which is wiped then.  0, or -REL_E_*: it is gone, or no memory.
 */
typedef void (*directory_put)(struct rel_buf *b, const struct dir_where *at,
    const void *message);
int directories_put(const struct core *c, int64_t id, directory_put put,
    const void *message, struct rel_buf *b);

/*
 * Of which directory a person is who typed this and chose that domain (""
 * none): its id and the name without its domain.
 *
 * known  where the account is that has this name already: an id, 0 for an
 *        internal one with a password, -1 for none
 *
 * Returns 1 and the id; 0: nobody but this server knows such a person.
 */
int directories_route(const struct core *c, const char *typed,
    const char *domain, int64_t known, int64_t *id, char name[256]);

/*
 * Ask. done comes once: with what the agent says (borrowed), or NULL when it
 * could not be asked or the directory is gone; with DIR_AWAY at once while all
 * its servers are thought dead.  Of who is known it says DIR_RIGHT and no
 * person.  -REL_E_FULL, -REL_E_NOMEM: done does not come.
 */
typedef void (*directory_done)(struct core *c, const struct dir_said *said,
    void *ctx);
int directory_login(struct core *c, int64_t id, const char *name,
    const char *password, directory_done done, void *ctx);

/* Whom the directories have told of; forgotten when their settings change. */
struct known *directories_known(const struct core *c);

/* Every server is tried, dead or not; name: looked up with groups, or "". */
int directory_test(struct core *c, int64_t id, const char *name,
    directory_done done, void *ctx);

/* The address book: at most DIR_FOUND_MAX people whom this fits, in
 * DIRECTORY_BOOK_MS; DIR_LIMIT: there are more, or it took too long. */
#define DIRECTORY_BOOK_MS 1000
int directory_book(struct core *c, int64_t id, const char *typed,
    directory_done done, void *ctx);

#endif
