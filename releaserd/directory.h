/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/conf.h"

/*
 * A directory: where accounts and groups come from (doc/identity.md).  Its
 * settings are a text as releaserd.conf; one member a line of directory.def.
 */
#define DIRECTORY_SERVERS_MAX 8u	/* of LDAP; and as many KDCs */
#define DIRECTORY_KDC_0 DIRECTORY_SERVERS_MAX	/* in server[] */
#define DIRECTORY_ALL_MAX (2 * DIRECTORY_SERVERS_MAX)

enum directory_tls { TLS_NONE, TLS_OFFERED, TLS_REQUIRED, TLS_LDAPS };
enum directory_bind { BIND_ANONYMOUS, BIND_SIMPLE, BIND_DIGEST_MD5,
	BIND_GSSAPI };
enum directory_user_bind { USER_BIND_SIMPLE, USER_BIND_DIGEST_MD5,
	USER_BIND_GSSAPI, USER_BIND_KERBEROS, USER_BIND_NTLM, USER_BIND_PAM };
enum directory_offline { OFFLINE_DENY, OFFLINE_CACHED, OFFLINE_LOCAL };
enum directory_scope { SCOPE_ONE, SCOPE_SUB };
enum directory_groups {
	GROUPS_NONE, GROUPS_MEMBER_OF, GROUPS_MEMBER, GROUPS_POSIX,
	GROUPS_AD_CHAIN
};

struct directory {
#define NUM(member) int64_t member;
#define TEXT(member) char member[REL_CONF_TEXT_MAX];
#define SETTING(member, ctype, name, type, min, max, off, choices, def, help) \
	ctype(member)
#include "releaserd/directory.def"
#undef SETTING
#undef NUM
#undef TEXT
	uint32_t nservers;		/* Servers, taken apart; may be none */
	uint32_t nkdcs;			/* from server[DIRECTORY_KDC_0] on */
	struct directory_server {
		char host[REL_CONF_TEXT_MAX];	/* IPv6 without brackets */
		uint16_t port;
	} server[DIRECTORY_ALL_MAX];
};

/* The one table; its items in the order of directory.def. */
extern const struct rel_conf_table directory_table;

/*
 * Defaults, then the text; then what one line cannot show: that all of it
 * makes sense together.
 *
 * name       stands for the text in messages
 * directive  may be NULL; else the name of the item at fault when it is not
 *            the line that is wrong but what it says, else NULL
 *
 * Returns 0, or -REL_E_FORMAT with plain words; d is whole on success.
 */
int directory_parse(struct directory *d, const void *text, size_t len,
    const char *name, const char **directive, struct rel_err *err);

/* Is a password checked by somebody else than its LDAP servers? */
bool directory_proves_elsewhere(const struct directory *d);

/* Is there a server, or a KDC, at place i of server[]? */
bool directory_server_there(const struct directory *d, unsigned i);

/* Does a log-in need a KDC? */
bool directory_needs_kdc(const struct directory *d);

/* The list of directives in mdoc, for directory.conf(5). */
void directory_manual(FILE *out);

/* ---- directory_text.c: names, filters, DNs */

/* What was typed as a name: UTF-8 of 1 to 255 bytes, no control character. */
bool directory_name_ok(const void *s, size_t n);

/* An attribute description (RFC 4512 section 2.5): "uid", "cn;lang-de". */
bool directory_attr_ok(const char *s);

/* A filter (RFC 4515), as deep as people write them; %u only in values. */
bool directory_filter_ok(const char *s);

/* A DN (RFC 4514), not empty; %u only in values. */
bool directory_dn_ok(const char *s);

/*
 * Append value to out (text of size bytes) as it may stand in a filter's and
 * in a DN's value: every ASCII byte but letters, digits and "-._@" becomes
 * \XX (RFC 4515 section 3, RFC 4514 section 2.4).  False when it does not
 * fit; out is then of no use.
 */
bool directory_escape(char *out, size_t size, const char *value);

/* pattern with every %u and %q replaced by value, escaped; false as above. */
bool directory_fill(char *out, size_t size, const char *pattern,
    const char *value);

/* The same with the value as it is: user@domain, SASL names. */
bool directory_fill_plain(char *out, size_t size, const char *pattern,
    const char *value);

/* SyncAt: "03:30", "sunday 03:30"; weekday 0..6 from Sunday, or -1: daily. */
bool directory_sync_at(const char *s, int *weekday, int *minute);

#endif
