/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef KNOWN_H
#define KNOWN_H

#include <stdint.h>

/*
 * Whom directories have told of lately (LookupKeep): who logs in again is not
 * looked up, only the password is tried.  In memory; of two that want the same
 * place the later one has it.
 */
struct known_person {
	int64_t directory;		/* 0: nobody */
	char name[84];			/* as typed, without domain */
	char dn[256];
	int64_t user_id;
	int64_t until_ms;		/* rel_mono_ms() */
};

struct known;
struct known *known_new(void);		/* NULL: no memory */
void known_free(struct known **kp);

/* Borrowed until the next call; NULL.  It may be past its time. */
const struct known_person *known_find(const struct known *k,
    int64_t directory, const char *name);

/* What is too long for it is not kept. */
void known_put(struct known *k, const struct known_person *p);
void known_forget(struct known *k, int64_t directory, const char *name);
void known_forget_all(struct known *k);

#endif
