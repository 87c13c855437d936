/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CORE_MAIL_H
#define CORE_MAIL_H

#include "releaserd/core/core.h"

/*
 * A job waits for an answer: after MailAfter its owner is told, when there is
 * a MailServer and an address.  0, or an error of the store.
 */
int mail_later(struct core *c, int64_t job);

/* Its owner looks at it: no mail. */
void mail_seen(struct core *c, int64_t job);

/* Each second: what is due, one after the other. */
void mails_tick(struct core *c);

#endif
