/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "releaserd/core/store.h"

/* The backup password (one or none), its uses, and the mails about them. */
struct backup_row {
	char verifier[200];
	int64_t set_ms;
	char by[84];
};
int store_backup_get(struct store *st, struct backup_row *out);
int store_backup_set(struct store *st, const struct backup_row *r);
int store_backup_del(struct store *st);		/* or -REL_E_NOTFOUND */

struct backup_use {
	int64_t id, at_ms;
	char who[84];			/* a name, or a device's */
	char door[16];			/* "panel", "page", "releasectl" */
	int64_t seen_ms;		/* 0: no administrator has seen it */
	char seen_by[84];
};
int store_backup_used(struct store *st, const struct backup_use *u);
int store_backup_use(struct store *st, int64_t id, struct backup_use *out);
/* The newest first. */
typedef bool (*store_backup_row)(const struct backup_use *u, void *ctx);
int store_backup_uses(struct store *st, int limit, store_backup_row row,
    void *ctx);
int store_backup_unseen(struct store *st, int64_t *n);
int store_backup_seen(struct store *st, int64_t at_ms, const char *by);
/* Those that were seen go after a time. */
int store_backup_forget(struct store *st, int64_t before_ms);

struct notice_mail {
	int64_t use, tries;		/* of the backup password, or a sync */
	char address[256];
};
int store_notice_put(struct store *st, const struct notice_mail *m,
    int64_t next_ms);
int store_notice_drop(struct store *st, const struct notice_mail *m);
int store_notice_due(struct store *st, int64_t now_ms,
    struct notice_mail *out);
/* Addresses of those who are administrators by name. */
typedef bool (*store_address_row)(const char *address, void *ctx);
int store_admin_addresses(struct store *st, int role, store_address_row row,
    void *ctx);

#endif
