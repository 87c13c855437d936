/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "releaserd/directory.h"

#include <stddef.h>
#include <string.h>

#include "lib/text.h"
#include "releaserd/admin.h"

static const struct rel_conf_item items[] = {
#define SETTING(member, ctype, name, type, min, max, off, choices, def, help) \
	{ name, type, offsetof(struct directory, member), min, max, off, \
	    choices, def, help },
#include "releaserd/directory.def"
#undef SETTING
};
const struct rel_conf_table directory_table = {
	items, sizeof items / sizeof items[0]
};

/* What is wrong with what a directive says. */
struct fault {
	const char *directive;
	struct rel_err *err;
};

static int
wrong(struct fault *f, const char *directive, const char *words)
{
	f->directive = directive;
	return rel_err_set(f->err, REL_E_FORMAT, "%s: %s", directive, words);
}

/* ---- Servers */

/* "host", "host:port", "[v6]", "[v6]:port", an address of IPv6. */
static bool
server_one(struct directory_server *s, const char *word, uint16_t port)
{
	const char *end = strchr(word, ']'), *colon;
	int64_t n = port;
	size_t len;

	if (word[0] == '[' && end != NULL) {
		word++;
		colon = end + 1;
		len = (size_t)(end - word);
	} else {
		colon = strchr(word, ':');
		if (colon == NULL || strchr(colon + 1, ':') != NULL)
			colon = word + strlen(word);
		len = (size_t)(colon - word);
	}
	if (*colon == ':' ? !rel_int(&n, colon + 1, 1, 65535) : *colon != '\0')
		return false;
	memcpy(s->host, word, len);
	s->host[len] = '\0';
	s->port = (uint16_t)n;
	return s->host[0] != '*' && admin_name_ok(s->host);
}

/* What stands in a list of servers, of Servers or Kdc. */
struct servers {
	const char *directive, *list;
	struct directory_server *at;
	uint32_t *n;
	uint16_t port;			/* where none is written */
};

static int
servers_read(const struct servers *s, struct fault *f)
{
	char all[REL_CONF_TEXT_MAX], *save = NULL;

	*s->n = 0;
	memcpy(all, s->list, sizeof all);
	for (char *w = strtok_r(all, " ", &save); w != NULL;
	    w = strtok_r(NULL, " ", &save)) {
		if (*s->n == DIRECTORY_SERVERS_MAX)
			return wrong(f, s->directive, "at most eight");
		if (!server_one(&s->at[(*s->n)++], w, s->port))
			return wrong(f, s->directive, "write host or "
			    "host:port, parted by blanks, without ldap:// in "
			    "front");
	}
	return 0;
}

bool
directory_proves_elsewhere(const struct directory *d)
{
	return d->user_bind == USER_BIND_KERBEROS ||
	    d->user_bind == USER_BIND_NTLM || d->user_bind == USER_BIND_PAM;
}

bool
directory_server_there(const struct directory *d, unsigned i)
{
	return i < DIRECTORY_KDC_0 ? i < d->nservers :
	    i - DIRECTORY_KDC_0 < d->nkdcs;
}

bool
directory_needs_kdc(const struct directory *d)
{
	return d->user_bind == USER_BIND_KERBEROS ||
	    d->user_bind == USER_BIND_GSSAPI;
}

static int
check_servers(struct directory *d, struct fault *f)
{
	const struct servers s = { "Servers", d->servers, d->server,
	    &d->nservers, d->tls == TLS_LDAPS ? 636 : 389 };
	int rc = servers_read(&s, f);

	if (rc < 0 || d->nservers > 0 || directory_proves_elsewhere(d))
		return rc;
	return wrong(f, "Servers",
	    "at least one server is needed: host or host:port");
}

/* ---- Kerberos, NTLM, PAM */

/* What this releaserd was built without is no choice. */
static int
check_built(const struct directory *d, struct fault *f)
{
#ifndef HAVE_KRB5
	if (d->bind == BIND_GSSAPI)
		return wrong(f, "Bind", "this releaserd was built without "
		    "MIT Kerberos, which gssapi needs");
	if (directory_needs_kdc(d))
		return wrong(f, "UserBind", "this releaserd was built without "
		    "MIT Kerberos, which gssapi and kerberos need");
#endif
#ifndef HAVE_PAM
	if (d->user_bind == USER_BIND_PAM)
		return wrong(f, "UserBind",
		    "this releaserd was built without PAM");
#endif
	(void)d;
	(void)f;
	return 0;
}

/* The first n bytes of Domain in capital letters, where nothing is written. */
static void
from_domain(char out[REL_CONF_TEXT_MAX], const char *domain, size_t n)
{
	if (out[0] != '\0')
		return;
	for (size_t i = 0; i < n; i++)
		out[i] = domain[i] >= 'a' && domain[i] <= 'z' ?
		    (char)(domain[i] - 'a' + 'A') : domain[i];
	out[n] = '\0';
}

/* The hosts of Servers, where Kdc is empty. */
static void
kdcs_from_servers(struct directory *d)
{
	for (d->nkdcs = 0; d->nkdcs < d->nservers; d->nkdcs++) {
		d->server[DIRECTORY_KDC_0 + d->nkdcs] = d->server[d->nkdcs];
		d->server[DIRECTORY_KDC_0 + d->nkdcs].port = 88;
	}
}

static int
check_kdc(struct directory *d, struct fault *f)
{
	const struct servers s = { "Kdc", d->kdc,
	    &d->server[DIRECTORY_KDC_0], &d->nkdcs, 88 };
	int rc = servers_read(&s, f);

	if (rc < 0)
		return rc;
	if (d->bind != BIND_GSSAPI && !directory_needs_kdc(d)) {
		d->nkdcs = 0;
		return d->kdc[0] == '\0' ? 0 : wrong(f, "Kdc", "nobody asks "
		    "a KDC: leave it empty, or choose gssapi or kerberos");
	}
	from_domain(d->realm, d->domain, strlen(d->domain));
	if (d->realm[0] == '\0')
		return wrong(f, "Realm", "the Kerberos realm is missing, such "
		    "as EXAMPLE.COM");
	if (strpbrk(d->realm, "@/\\ :") != NULL)
		return wrong(f, "Realm", "this is no realm, such as "
		    "EXAMPLE.COM");
	if (d->nkdcs == 0)
		kdcs_from_servers(d);
	return d->nkdcs > 0 ? 0 : wrong(f, "Kdc",
	    "at least one KDC is needed: host or host:port");
}

/* A ticket is for a host by its name: an address has none. */
static int
check_gssapi(const struct directory *d, struct fault *f)
{
	if (d->bind != BIND_GSSAPI && d->user_bind != USER_BIND_GSSAPI)
		return 0;
	for (uint32_t i = 0; i < d->nservers; i++) {
		const char *host = d->server[i].host;

		if (strchr(host, ':') != NULL ||
		    strspn(host, "0123456789.") == strlen(host))
			return wrong(f, "Servers", "with gssapi a server must "
			    "be written by its name, not by an address");
	}
	return 0;
}

static int
check_ntlm_pam(struct directory *d, struct fault *f)
{
	const char *p = d->pam_service;

	if (d->user_bind == USER_BIND_NTLM)
		from_domain(d->nt_domain, d->domain, strcspn(d->domain, "."));
	if (d->user_bind == USER_BIND_NTLM && d->nt_domain[0] == '\0')
		return wrong(f, "NtDomain", "the domain is missing that "
		    "winbind is to be asked for, such as EXAMPLE");
	if (strpbrk(d->nt_domain, "\\@/ ") != NULL)
		return wrong(f, "NtDomain", "this is no domain, such as "
		    "EXAMPLE");
	if (d->user_bind == USER_BIND_PAM && p[0] == '\0')
		return wrong(f, "PamService", "the name of the PAM service is "
		    "missing");
	if (strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_") != strlen(p))
		return wrong(f, "PamService", "a PAM service is written with "
		    "letters, digits, - and _");
	return 0;
}

/* ---- TLS */

static int
check_ports(const struct directory *d, struct fault *f)
{
	for (uint32_t i = 0; i < d->nservers; i++) {
		uint16_t port = d->server[i].port;

		if (d->tls != TLS_LDAPS && (port == 636 || port == 3269))
			return wrong(f, "Tls", "ports 636 and 3269 speak TLS "
			    "from the first byte: Tls must be ldaps");
		if (d->tls == TLS_LDAPS && (port == 389 || port == 3268))
			return wrong(f, "Tls", "ports 389 and 3268 do not "
			    "begin with TLS: Tls must be required");
	}
	return 0;
}

static int
check_tls(const struct directory *d, struct fault *f)
{
	if (d->tls == TLS_NONE && d->tls_ca[0] != '\0')
		return wrong(f, "TlsCa", "without TLS no certificate is "
		    "looked at: leave it empty, or choose another Tls");
	if (d->tls == TLS_NONE && d->tls_crl[0] != '\0')
		return wrong(f, "TlsCrl", "without TLS no certificate is "
		    "looked at: leave it empty, or choose another Tls");
	return check_ports(d, f);
}

/* ---- who logs in, and how */

static int
check_bind(const struct directory *d, struct fault *f)
{
	if (d->nservers == 0 && d->bind_name[0] == '\0')
		return 0;		/* nobody to log in at */
	if (d->bind == BIND_ANONYMOUS && d->bind_name[0] != '\0')
		return wrong(f, "BindName", "nobody logs in with Bind "
		    "anonymous: leave it empty, or choose another Bind");
	if (d->bind != BIND_ANONYMOUS && d->bind_name[0] == '\0')
		return wrong(f, "BindName", "the name of the service account "
		    "is missing (or Bind must be anonymous)");
	if (d->bind == BIND_DIGEST_MD5 && directory_dn_ok(d->bind_name))
		return wrong(f, "BindName", "digest-md5 takes a name such as "
		    "release, not a DN");
	if (d->bind == BIND_GSSAPI && directory_dn_ok(d->bind_name))
		return wrong(f, "BindName", "gssapi takes a principal such as "
		    "release@EXAMPLE.COM, not a DN");
	return 0;
}

static int
check_user_name(const struct directory *d, struct fault *f)
{
	const char *s = d->user_name;

	if (s[0] == '\0')
		return 0;
	if (strstr(s, "%u") == NULL)
		return wrong(f, "UserName",
		    "%u must stand where the name is to be");
	if (directory_proves_elsewhere(d))
		return wrong(f, "UserName", "it is for log-ins at the LDAP "
		    "server: leave it empty, or choose another UserBind");
	if (strchr(s, '=') == NULL)
		return 0;
	if (d->user_bind == USER_BIND_GSSAPI)
		return wrong(f, "UserName", "gssapi takes a name such as "
		    "%u, not a DN");
	if (d->user_bind == USER_BIND_DIGEST_MD5)
		return wrong(f, "UserName", "digest-md5 takes a name such as "
		    "%u, not a DN");
	return directory_dn_ok(s) ? 0 : wrong(f, "UserName", "this is no DN "
	    "(RFC 4514), such as uid=%u,ou=people,dc=example,dc=com");
}

static int
check_base(const char *name, const char *dn, struct fault *f)
{
	if (dn[0] == '\0' || (directory_dn_ok(dn) && strstr(dn, "%u") == NULL))
		return 0;
	return wrong(f, name,
	    "this is no DN (RFC 4514), such as ou=people,dc=example,dc=com");
}

static int
check_filters(const struct directory *d, struct fault *f)
{
	if (!directory_filter_ok(d->user_filter))
		return wrong(f, "UserFilter", "this is no filter (RFC 4515), "
		    "such as (&(objectClass=person)(uid=%u))");
	if (strstr(d->user_filter, "%u") == NULL)
		return wrong(f, "UserFilter",
		    "%u must stand where the name is to be");
	if (!directory_filter_ok(d->group_filter))
		return wrong(f, "GroupFilter", "this is no filter (RFC 4515), "
		    "such as (objectClass=groupOfNames)");
	if (strstr(d->group_filter, "%u") != NULL)
		return wrong(f, "GroupFilter",
		    "it has no %u: who is a member GroupScheme says");
	return 0;
}

static int
check_attrs(const struct directory *d, struct fault *f)
{
	for (size_t i = 0; i < directory_table.n; i++) {
		const char *value = (const char *)d + items[i].offset;

		if (strncmp(items[i].name, "Attr", 4) == 0 &&
		    value[0] != '\0' && !directory_attr_ok(value))
			return wrong(f, items[i].name, "this is no name of an "
			    "attribute, such as cn");
	}
	return 0;
}

static int
check_domain(const struct directory *d, struct fault *f)
{
	if (strpbrk(d->domain, "@\\ ") != NULL)
		return wrong(f, "Domain",
		    "write it without blanks, @ and \\, such as example.com");
	return d->domain[0] != '\0' || d->bare_names ? 0 : wrong(f,
	    "BareNames", "without Domain nobody could log in");
}

/* A timed sync, and the address book. */
static int
check_sync(const struct directory *d, struct fault *f)
{
	int weekday, minute;

	if (d->sync_at[0] != '\0' &&
	    !directory_sync_at(d->sync_at, &weekday, &minute))
		return wrong(f, "SyncAt", "write HH:MM, or a day of the week "
		    "and HH:MM, such as sunday 03:30");
	if (!directory_filter_ok(d->book_filter))
		return wrong(f, "AddressBookFilter", "this is no filter (RFC "
		    "4515), such as (|(cn=%q*)(mail=%q*))");
	return strstr(d->book_filter, "%q") != NULL ? check_base(
	    "AddressBookBase", d->book_base, f) : wrong(f,
	    "AddressBookFilter", "%q must stand where the text is to be");
}

static int
check(struct directory *d, struct fault *f)
{
	int rc;

	if ((rc = check_built(d, f)) < 0 ||
	    (rc = check_servers(d, f)) < 0 || (rc = check_kdc(d, f)) < 0 ||
	    (rc = check_gssapi(d, f)) < 0 ||
	    (rc = check_ntlm_pam(d, f)) < 0 || (rc = check_tls(d, f)) < 0 ||
	    (rc = check_bind(d, f)) < 0 ||
	    (rc = check_user_name(d, f)) < 0 ||
	    (rc = check_base("UserBase", d->user_base, f)) < 0 ||
	    (rc = check_base("GroupBase", d->group_base, f)) < 0 ||
	    (rc = check_filters(d, f)) < 0 || (rc = check_sync(d, f)) < 0 ||
	    (rc = check_attrs(d, f)) < 0)
		return rc;
	return check_domain(d, f);
}

int
directory_parse(struct directory *d, const void *text, size_t len,
    const char *name, const char **directive, struct rel_err *err)
{
	struct fault f = { NULL, err };
	int rc;

	memset(d, 0, sizeof *d);
	rel_conf_defaults(&directory_table, d);
	rc = rel_conf_parse(&directory_table, d, text, len, name, err);
	if (rc == 0)
		rc = check(d, &f);
	if (directive != NULL)
		*directive = f.directive;
	return rc;
}

void
directory_manual(FILE *out)
{
	rel_conf_manual(&directory_table, out);
}
