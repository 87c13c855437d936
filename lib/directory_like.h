/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_DIRECTORY_LIKE_H
#define REL_DIRECTORY_LIKE_H

#include "lib/buf.h"

/*
 * Settings of a directory (directory.conf(5)) to begin with, as servers of a
 * kind are usually set up.  doc/identity-setup.md shows what they come to.
 */

/* The kinds: "openldap", ...; NULL behind the last. */
const char *rel_directory_kind(unsigned i);

/*
 * own, and behind it what a server of this kind needs and own does not say.
 * DNs are made of own's Domain ("example.com": dc=example,dc=com).
 *
 * Returns 0 and the text, with its NUL; -REL_E_NOTFOUND: no such kind;
 * -REL_E_NOMEM.
 */
int rel_directory_like(struct rel_buf *out, const char *kind,
    const char *own);

#endif
