/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_DNS_READ_H
#define REL_DNS_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Messages of DNS (RFC 1035) as mDNS and DNS-SD use them (RFC 6762, 6763), from
 * whoever sends them.  Names are the C library's to expand (dn_expand(3), which
 * bounds their pointers); a record's data is never read beyond its length.
 */
#define REL_DNS_NAME_MAX 1025u		/* in text, escaped, with the end */
#define REL_DNS_RECORDS_MAX 128u	/* of a message; more are not read */
#define REL_DNS_QUERY_MAX 300u

enum rel_dns_type {
	REL_DNS_A = 1, REL_DNS_PTR = 12, REL_DNS_TXT = 16, REL_DNS_AAAA = 28,
	REL_DNS_SRV = 33
};

struct rel_dns_record {
	char name[REL_DNS_NAME_MAX];
	uint16_t type;			/* enum rel_dns_type, or another */
	const uint8_t *data;
	size_t len;
};

struct rel_dns {
	const uint8_t *p, *end;		/* borrowed */
	uint16_t id;
	size_t n;			/* answers and additional ones */
	struct rel_dns_record v[REL_DNS_RECORDS_MAX];
};

/* A question for PTR records of a name; bytes of it, 0: no name. */
size_t rel_dns_query(uint8_t out[REL_DNS_QUERY_MAX], uint16_t id,
    const char *name);

/* 0; -REL_E_FORMAT: no answer without error, or one that is cut or lies. */
int rel_dns_read(struct rel_dns *m, const void *p, size_t n);

/* Data of a record; false: it is none of that type, or is broken. */
bool rel_dns_srv(const struct rel_dns *m, const struct rel_dns_record *r,
    char target[REL_DNS_NAME_MAX], uint16_t *port);
bool rel_dns_address(const struct rel_dns_record *r, uint8_t out[16]);

/* The value of a key (RFC 6763 section 6), clean text; false: it has none. */
bool rel_dns_txt(const struct rel_dns_record *r, const char *key, char *out,
    size_t size);

#endif
