/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/directory_like.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "lib/err.h"

/* %b is the domain as a DN, %d the domain. */
static const char openldap[] =
"Tls required\n"
"BindName cn=release,ou=services,%b\n"
"UserBase ou=people,%b\n"
"UserFilter (&(objectClass=inetOrgPerson)(uid=%u))\n"
"AttrLogin uid\n"
"AttrDisplay cn\n"
"AttrMail mail\n"
"AttrDepartment departmentNumber\n"
"AttrIdNumber employeeNumber\n"
"GroupScheme member\n"
"GroupBase ou=groups,%b\n"
"GroupFilter (objectClass=groupOfNames)\n"
"AttrGroup cn\n";

static const char active_directory[] =
"Tls ldaps\n"
"BindName release@%d\n"
"UserBase %b\n"
"UserFilter (&(objectCategory=person)(objectClass=user)(sAMAccountName=%u))\n"
"AttrLogin sAMAccountName\n"
"AttrDisplay displayName\n"
"AttrMail mail\n"
"AttrDepartment department\n"
"AttrHome homeDirectory\n"
"AttrIdNumber employeeID\n"
"GroupScheme ad-chain\n"
"GroupBase %b\n"
"GroupFilter (objectClass=group)\n"
"AttrGroup cn\n";

/* memberOf has what comes of nested groups, too: none are followed. */
static const char freeipa[] =
"Tls required\n"
"BindName uid=release,cn=sysaccounts,cn=etc,%b\n"
"UserBase cn=users,cn=accounts,%b\n"
"UserScope one\n"
"UserFilter (&(objectClass=posixAccount)(uid=%u))\n"
"AttrLogin uid\n"
"AttrDisplay displayName\n"
"AttrMail mail\n"
"AttrDepartment departmentNumber\n"
"AttrIdNumber employeeNumber\n"
"GroupScheme member-of\n"
"GroupBase cn=groups,cn=accounts,%b\n"
"GroupFilter (objectClass=ipausergroup)\n"
"AttrGroup cn\n"
"GroupDepth 1\n";

static const struct {
	const char *kind, *text;
} kinds[] = {
	{ "openldap", openldap },
	{ "active-directory", active_directory },
	{ "freeipa", freeipa }
};

const char *
rel_directory_kind(unsigned i)
{
	return i < sizeof kinds / sizeof kinds[0] ? kinds[i].kind : NULL;
}

/* Where the value of a directive begins in text; NULL when it is not there. */
static const char *
value_of(const char *text, const char *name, size_t n)
{
	while (text != NULL && *text != '\0') {
		while (*text == ' ' || *text == '\t')
			text++;
		if (strncasecmp(text, name, n) == 0 &&
		    (text[n] == ' ' || text[n] == '\t'))
			return text + n + strspn(text + n, " \t");
		text = strchr(text, '\n');
		if (text != NULL)
			text++;
	}
	return NULL;
}

/* "dc=example,dc=com" */
static void
put_base(struct rel_buf *b, const char *domain, size_t n)
{
	rel_put_raw(b, "dc=", 3);
	for (size_t i = 0; i < n; i++) {
		if (domain[i] == '.')
			rel_put_raw(b, ",dc=", 4);
		else
			rel_put_u8(b, (uint8_t)domain[i]);
	}
}

/* One line, its end included. */
static void
put_line(struct rel_buf *b, const char *line, size_t n, const char *domain)
{
	size_t len = strcspn(domain, " \t\r\n");

	for (size_t i = 0; i < n; i++) {
		bool mark = line[i] == '%' && i + 1 < n;

		if (mark && line[i + 1] == 'b')
			put_base(b, domain, len);
		else if (mark && line[i + 1] == 'd')
			rel_put_raw(b, domain, len);
		else
			rel_put_u8(b, (uint8_t)line[i]);
		i += mark && (line[i + 1] == 'b' || line[i + 1] == 'd');
	}
}

int
rel_directory_like(struct rel_buf *out, const char *kind, const char *own)
{
	const char *domain = value_of(own, "Domain", 6), *line = NULL;
	size_t n = strlen(own);

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			line = kinds[i].text;
	if (line == NULL)
		return -REL_E_NOTFOUND;
	rel_put_raw(out, own, n);
	if (n > 0 && own[n - 1] != '\n')
		rel_put_u8(out, '\n');
	for (; *line != '\0'; line += n) {
		n = strcspn(line, "\n") + 1;
		if (value_of(own, line, strcspn(line, " ")) == NULL)
			put_line(out, line, n, domain != NULL ? domain :
			    "example.com");
	}
	rel_put_u8(out, 0);
	return out->failed ? -out->failed : 0;
}
