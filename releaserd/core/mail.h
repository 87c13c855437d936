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

/*
 * listen.c: a program of the user shows questions for the next 90 s, as it has
 * just asked for them.  Is there one?  Then a mail waits (MailAfterListening)
 * until it is clear that nobody answers.
 */
int listen_init(struct core *c);
void listen_fini(struct core *c);
void listen_tick(struct core *c);	/* each second */
void listen_heard(struct core *c, const char *user_key);
bool listen_now(const struct core *c, const char *user_key);

/* Its owner looks at it: no mail. */
void mail_seen(struct core *c, int64_t job);

/* Each second: what is due, one after the other. */
void mails_tick(struct core *c);

#endif
