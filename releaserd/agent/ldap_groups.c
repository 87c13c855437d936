/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The groups of a person, and the groups those are in. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/buf.h"
#include "releaserd/agent/ldap_priv.h"

#define DN_MAX 1000u		/* bytes of a DN that is followed */
#define AT_ONCE 16u		/* DNs in one filter */

/* DNs that were met, each once, so that circles end. */
struct walk {
	struct ldap_ask *a;
	struct ldap_link *l;
	char *dn[DIR_GROUPS_MAX + 1];
	size_t n;
	int rc;				/* of the last search */
};

static bool
walk_add(struct walk *w, const char *dn)
{
	if (strlen(dn) > DN_MAX || w->n == DIR_GROUPS_MAX + 1)
		return false;
	for (size_t i = 0; i < w->n; i++)
		if (strcasecmp(w->dn[i], dn) == 0)
			return false;
	if ((w->dn[w->n] = strdup(dn)) == NULL)
		return false;
	w->n++;
	return true;
}

static void
walk_fini(struct walk *w)
{
	while (w->n > 0)
		free(w->dn[--w->n]);
}

static void
group_add(struct dir_said *said, const struct berval *v)
{
	char name[DIR_GROUP_MAX];

	if (said->ngroups == DIR_GROUPS_MAX ||
	    !find_value(name, sizeof name, v))
		return;
	for (uint32_t i = 0; i < said->ngroups; i++)
		if (strcmp(said->groups[i], name) == 0)
			return;
	memcpy(said->groups[said->ngroups++], name, sizeof name);
}

/* The first AttrGroup of a group's entry. */
static void
group_named(struct walk *w, LDAPMessage *e)
{
	struct berval **v = ldap_get_values_len(w->l->ld, e,
	    w->a->d.attr_group);

	if (v != NULL && v[0] != NULL)
		group_add(w->a->said, v[0]);
	ldap_value_free_len(v);
}

/* ---- groups that name their members */

static void
put_escaped(struct rel_buf *b, const char *value)
{
	char text[3 * DN_MAX + 4] = "";

	if (directory_escape(text, sizeof text, value))
		rel_put_raw(b, text, strlen(text));
}

static void
put_text(struct rel_buf *b, const char *text)
{
	rel_put_raw(b, text, strlen(text));
}

/* The filter is complete: search; entries that are new are names and DNs. */
static void
walk_search(struct walk *w, struct rel_buf *filter)
{
	const struct directory *d = &w->a->d;
	const char *attrs[] = { d->attr_group, NULL };
	const struct find_query q = {
		.base = d->group_base[0] != '\0' ? d->group_base :
		    d->user_base,
		.filter = (const char *)filter->data,
		.scope = LDAP_SCOPE_SUBTREE, .attrs = attrs,
		.limit = (int)DIR_GROUPS_MAX, .doing = "search for groups"
	};
	struct find_found f;

	rel_put_u8(filter, 0);
	w->rc = filter->failed ? DIR_AWAY : find_search(w->a, w->l, &q, &f);
	if (filter->failed)
		return;
	for (LDAPMessage *e = w->rc == 0 ? ldap_first_entry(w->l->ld, f.res) :
	    NULL; e != NULL; e = ldap_next_entry(w->l->ld, e)) {
		char *dn = ldap_get_dn(w->l->ld, e);

		if (dn != NULL && walk_add(w, dn))
			group_named(w, e);
		ldap_memfree(dn);
	}
	ldap_msgfree(f.res);
}

/* Groups with one of the DNs from..to as a member. */
static void
walk_members(struct walk *w, size_t from, size_t to, const char *rule)
{
	struct rel_buf b;

	rel_buf_init(&b);
	put_text(&b, "(&");
	put_text(&b, w->a->d.group_filter);
	put_text(&b, "(|");
	for (size_t i = from; i < to; i++) {
		put_text(&b, "(");
		put_text(&b, w->a->d.attr_member);
		put_text(&b, rule);
		put_text(&b, "=");
		put_escaped(&b, w->dn[i]);
		put_text(&b, ")");
	}
	put_text(&b, "))");
	walk_search(w, &b);
	rel_buf_fini(&b);
}

static void
by_member(struct walk *w)
{
	size_t from = 0;

	for (int64_t depth = w->a->d.group_depth; depth > 0 && from < w->n;
	    depth--) {
		size_t to = w->n;

		for (; from < to && w->rc == 0; from += AT_ONCE)
			walk_members(w, from, from + AT_ONCE < to ?
			    from + AT_ONCE : to, "");
		from = to;
	}
}

/* LDAP_MATCHING_RULE_IN_CHAIN of Active Directory */
static void
by_chain(struct walk *w)
{
	walk_members(w, 0, 1, ":1.2.840.113556.1.4.1941:");
}

static void
by_posix(struct walk *w, LDAPMessage *entry)
{
	struct berval **v = ldap_get_values_len(w->l->ld, entry, "gidNumber");
	char number[24];
	struct rel_buf b;

	rel_buf_init(&b);
	put_text(&b, "(&(objectClass=posixGroup)");
	put_text(&b, w->a->d.group_filter);
	put_text(&b, "(|(memberUid=");
	put_escaped(&b, w->a->said->who[0].login);
	if (v != NULL && v[0] != NULL &&
	    find_value(number, sizeof number, v[0])) {
		put_text(&b, ")(gidNumber=");
		put_escaped(&b, number);
	}
	put_text(&b, ")))");
	ldap_value_free_len(v);
	walk_search(w, &b);
	rel_buf_fini(&b);
}

/* ---- memberOf */

static void
walk_member_of(struct walk *w, LDAPMessage *e)
{
	struct berval **v = ldap_get_values_len(w->l->ld, e, "memberOf");

	for (int i = 0; v != NULL && v[i] != NULL; i++)
		if (memchr(v[i]->bv_val, '\0', v[i]->bv_len) == NULL)
			(void)walk_add(w, v[i]->bv_val);
	ldap_value_free_len(v);
}

/* The DN alone tells the name: nobody is asked. */
static bool
named_by_dn(struct walk *w, const char *dn)
{
	LDAPDN parts = NULL;
	bool named = false;

	if (strcmp(w->a->d.group_filter, "(objectClass=*)") != 0 ||
	    ldap_str2dn(dn, &parts, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
		return false;
	if (parts != NULL && parts[0] != NULL && parts[0][0] != NULL) {
		const LDAPAVA *ava = parts[0][0];
		const char *want = w->a->d.attr_group;

		named = ava->la_attr.bv_len == strlen(want) &&
		    strncasecmp(ava->la_attr.bv_val, want, strlen(want)) == 0;
		if (named)
			group_add(w->a->said, &ava->la_value);
	}
	ldap_dnfree(parts);
	return named;
}

/* One group: its name, and those it is in itself. */
static void
member_of_one(struct walk *w, const char *dn, bool last)
{
	const char *attrs[] = { w->a->d.attr_group, "memberOf", NULL };
	const struct find_query q = { .base = dn,
		.filter = w->a->d.group_filter, .scope = LDAP_SCOPE_BASE,
		.attrs = attrs, .limit = 1, .doing = "read a group" };
	struct find_found f;

	if (last && named_by_dn(w, dn))
		return;
	w->rc = find_search(w->a, w->l, &q, &f);
	if (w->rc == 0 && f.n == 1) {
		LDAPMessage *e = ldap_first_entry(w->l->ld, f.res);

		group_named(w, e);
		if (!last)
			walk_member_of(w, e);
	}
	ldap_msgfree(f.res);
}

static void
by_member_of(struct walk *w, LDAPMessage *entry)
{
	size_t at = 1;

	walk_member_of(w, entry);
	for (int64_t depth = w->a->d.group_depth; depth > 0; depth--) {
		size_t to = w->n;

		for (; at < to && w->rc == 0; at++)
			member_of_one(w, w->dn[at], depth == 1);
	}
}

/* Late groups do not make a right password wrong: they are not known now. */
int
groups_read(struct ldap_ask *a, struct ldap_link *l, LDAPMessage *entry)
{
	struct walk w = { .a = a, .l = l };
	char *dn;
	bool known;

	if (a->d.group_scheme == GROUPS_NONE)
		return DIR_RIGHT;
	dn = ldap_get_dn(l->ld, entry);
	known = dn != NULL && walk_add(&w, dn);
	ldap_memfree(dn);
	if (known && a->d.group_scheme == GROUPS_MEMBER_OF)
		by_member_of(&w, entry);
	else if (known && a->d.group_scheme == GROUPS_MEMBER)
		by_member(&w);
	else if (known && a->d.group_scheme == GROUPS_AD_CHAIN)
		by_chain(&w);
	else if (known && a->d.group_scheme == GROUPS_POSIX)
		by_posix(&w, entry);
	walk_fini(&w);
	a->said->groups_known = known && w.rc == 0;
	if (!a->said->groups_known)
		a->said->ngroups = 0;
	return w.rc == DIR_AWAY && a->late ? DIR_RIGHT : w.rc;
}
