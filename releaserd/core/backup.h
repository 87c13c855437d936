/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef BACKUP_H
#define BACKUP_H

#include "releaserd/core/core.h"

/*
 * The backup password (doc/identity.md): of no account, for the days on which
 * nobody who may administer can log in.  It opens the routes that are BY_BACKUP
 * to one caller for a while: at a panel, on the pages, with releasectl; never
 * over the network.
 */
#define BACKUP_MAX 128u			/* characters */
#define BACKUP_BYTES 512u

int backup_init(struct core *c);
void backup_fini(struct core *c);
void backup_tick(struct core *c);

bool backup_enabled(struct core *c);

/* What is wrong with a new one, in plain words; NULL: nothing. */
const char *backup_password_bad(const char *password);

/* Is it open to this caller?  Touches it: BACKUP_WEB_MS begin anew. */
bool backup_is_open(struct core *c, const struct request *rq,
    const struct caller *who);
/* When it closes by itself, wall clock; 0: it is not open. */
int64_t backup_until_ms(struct core *c, const struct request *rq,
    const struct caller *who);
void backup_close(struct core *c, const struct request *rq,
    const struct caller *who);
void backup_close_all(struct core *c);

/*
 * Ask for it.  Who tries is locked out by failures under `place`: "w:anna" on
 * the pages, "l:anna" on this machine, "p:DEVICE".  done comes once, with NULL
 * when it was right - then the use is written down - or the problem's code; but
 * not at once.  0, or negative: nobody could be asked.
 */
struct backup_try {
	char place[96];
	char who[84];			/* for the records */
	const char *door;		/* "panel", "page", "releasectl" */
};
typedef void (*backup_done)(struct core *c, const char *problem, int wait_s,
    void *ctx);
int backup_ask(struct core *c, const struct backup_try *t,
    const char *password, backup_done done, void *ctx);

/*
 * A mail each to whom MailAdministrators names, or those who are it by name:
 * about a use of it, or a sync (store_sync.h).  In the open turn; 0 or broken.
 */
int administrators_tell(struct core *c, int64_t about);

/* Seconds for which nothing is tried from there; 0: it may be. */
int backup_locked_s(struct core *c, const char *place);

/* Open to the caller from now on; backup_ask() said that it may be. */
int backup_open(struct core *c, const char *place);
/* The place of a caller of the local API; "" for one who may not try. */
void backup_place(char out[96], const struct request *rq,
    const struct caller *who);

/* Its uses that no administrator has looked at, as a warning; returns list. */
json_t *backup_warning(struct core *c, json_t *list);

/* May it see and change this setting (its number in the table)? */
bool backup_setting(size_t item);

#endif
