/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_RANGES_H
#define REL_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * Addresses as administrators write them, separated by blanks, commas or line
 * ends:
 *
 *	10.0.0.7  10.0.0.1-10.0.0.99  10.0.0.1-99  10.0.0.0/24
 *	2001:db8::7  2001:db8::1-2001:db8::ff  2001:db8::/120  printer.example.com
 */
#define REL_RANGES_MAX 256u		/* parts of a list */
#define REL_ADDRESS_MAX 46u		/* one in text, with the end */
#define REL_HOST_NAME_MAX 254u

struct rel_range {
	uint8_t lo[16], hi[16];		/* IPv4 as ::ffff:a.b.c.d */
	char *name;			/* instead: a host name, owned; or NULL */
};

/* IPv4, IPv6, then names as written; addresses in order, without overlap. */
struct rel_ranges {
	struct rel_range v[REL_RANGES_MAX];
	size_t n;
};

/*
 * Read a list; names: host names may be in it.  Nothing but blanks is an empty
 * one.  0; -REL_E_FORMAT and err says which word and why; -REL_E_LIMIT: too
 * many parts; -REL_E_NOMEM.  On failure there is nothing to free.
 */
int rel_ranges_read(struct rel_ranges *r, const char *text, bool names,
    struct rel_err *err);
void rel_ranges_fini(struct rel_ranges *r);

/* How many addresses; a name is one.  UINT64_MAX: that or more. */
uint64_t rel_range_size(const struct rel_range *one);
uint64_t rel_ranges_size(const struct rel_ranges *r);
bool rel_range_is_v6(const struct rel_range *one);

/* Is this address (text, IPv4 or IPv6) in it, or this name written there? */
bool rel_ranges_have(const struct rel_ranges *r, const char *address);

/* One after the other; at begins with zeros.  False: that was the last. */
struct rel_ranges_at {
	size_t i;
	bool inside;
	uint8_t addr[16];
};
bool rel_ranges_next(const struct rel_ranges *r, struct rel_ranges_at *at,
    char out[REL_HOST_NAME_MAX]);

/* 16 bytes from text and back; IPv4 as ::ffff:a.b.c.d.  False: it is none. */
bool rel_address_read(uint8_t out[16], const char *text);
void rel_address_text(char out[REL_ADDRESS_MAX], const uint8_t addr[16]);

#endif
