/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The address book: somebody types, and waits.  Entries are taken as they
 * come, so that what came in time counts though there is more.
 */
#include <string.h>

#include "releaserd/agent/ldap_priv.h"

#define FILTER_MAX 4096

static void
entry_take(struct ldap_ask *a, struct ldap_link *l, LDAPMessage *e)
{
	struct dir_person *p = &a->said->who[a->said->n];
	const struct directory *d = &a->d;

	memset(p, 0, sizeof *p);
	find_attr(l, e, d->attr_book_name, p->display, sizeof p->display, 1);
	find_attr(l, e, d->attr_book_mail, p->mail, sizeof p->mail, 1);
	find_attr(l, e, d->attr_book_fax, p->fax, sizeof p->fax, 1);
	/* Nobody can be written to without one of them. */
	a->said->n += p->display[0] != '\0' && (p->mail[0] != '\0' ||
	    p->fax[0] != '\0');
}

static int
search_end(struct ldap_ask *a, struct ldap_link *l, LDAPMessage *res)
{
	int code, rc = ldap_parse_result(l->ld, res, &code, NULL, NULL, NULL,
	    NULL, 0);

	if (rc != LDAP_SUCCESS)
		return link_failed(a, l, rc, "look up an address");
	if (code == LDAP_SIZELIMIT_EXCEEDED ||
	    code == LDAP_TIMELIMIT_EXCEEDED ||
	    code == LDAP_ADMINLIMIT_EXCEEDED)
		return DIR_LIMIT;
	if (code != LDAP_SUCCESS && code != LDAP_PARTIAL_RESULTS)
		return link_failed(a, l, code, "look up an address");
	return a->said->n > 0 ? DIR_RIGHT : DIR_NOBODY;
}

/* Entry by entry; DIR_LIMIT when there are more than are wanted. */
static int
entries(struct ldap_ask *a, struct ldap_link *l, int msgid, uint32_t most)
{
	LDAPMessage *res;
	int rc;

	while ((rc = link_next(l, msgid, &res)) == LDAP_SUCCESS) {
		int type = ldap_msgtype(res);

		if (type == LDAP_RES_SEARCH_RESULT)
			rc = search_end(a, l, res);
		else if (type == LDAP_RES_SEARCH_ENTRY && a->said->n == most)
			rc = DIR_LIMIT;
		else if (type == LDAP_RES_SEARCH_ENTRY)
			entry_take(a, l, res);
		ldap_msgfree(res);
		if (type == LDAP_RES_SEARCH_RESULT)
			return rc;
		if (rc == DIR_LIMIT) {
			ldap_abandon_ext(l->ld, msgid, NULL, NULL);
			return rc;
		}
	}
	return link_failed(a, l, rc, "look up an address");
}

int
book_find(struct ldap_ask *a, const struct dir_find *m)
{
	const struct directory *d = &a->d;
	const char *attrs[] = { d->attr_book_name, d->attr_book_mail,
	    d->attr_book_fax, NULL };
	char filter[FILTER_MAX];
	struct ldap_link *l;
	size_t n = 1;
	int rc, msgid;

	/* The second and the third may be none. */
	for (size_t i = 1; i < 3; i++)
		if (attrs[i][0] != '\0')
			attrs[n++] = attrs[i];
	attrs[n] = NULL;
	if (!directory_name_ok(m->value, strlen(m->value)) ||
	    !directory_fill(filter, sizeof filter, d->book_filter, m->value))
		return DIR_NOBODY;
	if ((rc = link_get(a, LDAP_SERVICE, &l)) != 0)
		return rc;
	rc = ldap_search_ext(l->ld, d->book_base[0] != '\0' ? d->book_base :
	    d->user_base, LDAP_SCOPE_SUBTREE, filter, (char **)(uintptr_t)
	    attrs, 0, NULL, NULL, NULL, (int)m->limit + 1, &msgid);
	return rc == LDAP_SUCCESS ? entries(a, l, msgid, m->limit) :
	    link_failed(a, l, rc, "look up an address");
}
