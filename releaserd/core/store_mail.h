/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_MAIL_H
#define STORE_MAIL_H

#include "releaserd/core/store.h"

/*
 * Mails that are to be written (mail.c): at most one for a job; they go with
 * its row.  The rules of store.h hold.
 */
int store_mail_put(struct store *st, int64_t job, int64_t next_ms,
    int64_t tries);
int store_mail_drop(struct store *st, int64_t job);	/* or -REL_E_NOTFOUND */
int store_mail_has(struct store *st, int64_t job);	/* 0, -REL_E_NOTFOUND */
/* The first that is due: 0, -REL_E_NOTFOUND. */
int store_mail_due(struct store *st, int64_t now_ms, int64_t *job,
    int64_t *tries);

#endif
