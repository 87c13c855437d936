/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef KEYTAB_H
#define KEYTAB_H

#include <stddef.h>
#include <stdint.h>

#include "lib/cursor.h"

/*
 * A keytab as MIT Kerberos, Heimdal, ktpass and Samba write it (format 0x502),
 * read without any of them.  Everything is borrowed.
 */
#define KEYTAB_PARTS_MAX 4u

struct keytab_bytes {
	const uint8_t *p;
	size_t n;
};

struct keytab_entry {
	struct keytab_bytes realm, part[KEYTAB_PARTS_MAX], key;
	unsigned nparts;		/* 1..KEYTAB_PARTS_MAX */
	uint32_t name_type, kvno;
	uint16_t enctype;
};

/* 0, or -REL_E_FORMAT: this is no keytab. */
int keytab_begin(struct rel_cur *c, const void *p, size_t n);

/* 1 with the next entry; 0 at the end; -REL_E_FORMAT. */
int keytab_next(struct rel_cur *c, struct keytab_entry *e);

/* How many keys are in it; -REL_E_FORMAT also when there is none. */
int keytab_count(const void *p, size_t n);

/* "host/print.example.com@EXAMPLE.COM"; cut where it does not fit. */
void keytab_name(const struct keytab_entry *e, char *out, size_t size);

#endif
