/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* People in a directory: looked up, and their attributes read. */
#include <stdio.h>
#include <string.h>

#include "lib/text.h"
#include "releaserd/agent/ldap_priv.h"

#define FILTER_MAX 4096

/* ---- any search */

static int
find_done(struct ldap_ask *a, struct ldap_link *l,
    const struct find_query *q, struct find_found *f)
{
	int code, rc;

	rc = ldap_parse_result(l->ld, f->res, &code, NULL, NULL, NULL, NULL,
	    0);
	if (rc != LDAP_SUCCESS)
		return link_failed(a, l, rc, q->doing);
	f->n = ldap_count_entries(l->ld, f->res);
	f->more = code == LDAP_SIZELIMIT_EXCEEDED ||
	    code == LDAP_TIMELIMIT_EXCEEDED ||
	    code == LDAP_ADMINLIMIT_EXCEEDED;
	/* What lies elsewhere is not asked for: referrals stay unfollowed. */
	if (code == LDAP_SUCCESS || f->more || code == LDAP_PARTIAL_RESULTS ||
	    (code == LDAP_NO_SUCH_OBJECT && q->scope == LDAP_SCOPE_BASE))
		return 0;
	return link_failed(a, l, code, q->doing);
}

int
find_search(struct ldap_ask *a, struct ldap_link *l,
    const struct find_query *q, struct find_found *f)
{
	int64_t left = l->until_ms - rel_mono_ms();
	struct timeval most = { left > 0 ? (left + 999) / 1000 : 1, 0 };
	int rc, msgid;

	memset(f, 0, sizeof *f);
	rc = ldap_search_ext(l->ld, q->base, q->scope, q->filter,
	    (char **)(uintptr_t)q->attrs, 0, NULL, NULL, &most, q->limit,
	    &msgid);
	if (rc == LDAP_SUCCESS)
		rc = link_result(l, msgid, &f->res);
	if (rc != LDAP_SUCCESS)
		return link_failed(a, l, rc, q->doing);
	return find_done(a, l, q, f);
}

/* ---- values */

bool
find_value(char *out, size_t size, const struct berval *v)
{
	if (v->bv_len == 0 || v->bv_len >= size ||
	    memchr(v->bv_val, '\0', v->bv_len) != NULL ||
	    !rel_utf8_ok(v->bv_val, v->bv_len))
		return false;
	memcpy(out, v->bv_val, v->bv_len);
	out[v->bv_len] = '\0';
	rel_text_clean(out, size, out);
	return true;
}

void
find_attr(struct ldap_link *l, LDAPMessage *e, const char *attr, char *out,
    size_t size, int most)
{
	struct berval **v = attr[0] != '\0' ?
	    ldap_get_values_len(l->ld, e, attr) : NULL;

	for (int i = 0; v != NULL && v[i] != NULL && most > 0; i++) {
		if (!find_value(out, size, v[i]))
			continue;
		out += size;
		most--;
	}
	ldap_value_free_len(v);
}

static void
person_read(struct ldap_ask *a, struct ldap_link *l, LDAPMessage *e,
    struct dir_person *p)
{
	const struct directory *d = &a->d;
	char *dn = ldap_get_dn(l->ld, e);

	memset(p, 0, sizeof *p);
	if (dn != NULL && strlen(dn) < sizeof p->dn)
		rel_text_clean(p->dn, sizeof p->dn, dn);
	ldap_memfree(dn);
#define READ(attr, field) \
	find_attr(l, e, d->attr, p->field, sizeof p->field, 1)
	READ(attr_login, login);
	READ(attr_display, display);
	READ(attr_mail, mail);
	READ(attr_department, department);
	READ(attr_home, home);
	READ(attr_pin, pin);
	READ(attr_id_number, id_number);
#undef READ
	find_attr(l, e, d->attr_card, p->card[0], sizeof p->card[0], 2);
}

/* All that is mapped, and what groups_read() looks at. */
static void
person_attrs(const struct directory *d, const char *attrs[12])
{
	const char *const all[] = {
		d->attr_login, d->attr_display, d->attr_mail,
		d->attr_department, d->attr_home, d->attr_card, d->attr_pin,
		d->attr_id_number,
		d->group_scheme == GROUPS_MEMBER_OF ? "memberOf" : "",
		d->group_scheme == GROUPS_POSIX ? "gidNumber" : ""
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i][0] != '\0')
			attrs[n++] = all[i];
	attrs[n] = NULL;
}

int
find_people_scope(const struct directory *d)
{
	return d->user_scope == SCOPE_ONE ? LDAP_SCOPE_ONELEVEL :
	    LDAP_SCOPE_SUBTREE;
}

/* Exactly one, with a name for the account. */
static int
person_one(struct ldap_ask *a, struct ldap_link *l, struct find_found *f)
{
	struct dir_person *p = &a->said->who[0];

	if (f->n > 1)
		return DIR_SEVERAL;
	if (f->n == 0)
		return DIR_NOBODY;
	person_read(a, l, ldap_first_entry(l->ld, f->res), p);
	if (!directory_name_ok(p->login, strlen(p->login))) {
		ask_say(a, "the entry has no %s that could be a name",
		    a->d.attr_login);
		return DIR_SETTINGS;
	}
	a->said->n = 1;
	return DIR_RIGHT;
}

/* The one person that fits q, which wants base, filter and scope only. */
static int
person_search(struct ldap_ask *a, struct ldap_link *l, struct find_query *q,
    LDAPMessage **res)
{
	const char *attrs[12];
	struct find_found f;
	int rc;

	person_attrs(&a->d, attrs);
	q->attrs = attrs;
	q->limit = 2;
	q->doing = "search for people";
	rc = find_search(a, l, q, &f);
	if (rc == 0)
		rc = person_one(a, l, &f);
	*res = f.res;
	return rc;
}

int
find_person(struct ldap_ask *a, struct ldap_link *l, const char *name,
    const char *dn, LDAPMessage **res)
{
	char filter[FILTER_MAX];
	struct find_query q = { .base = dn, .filter = "(objectClass=*)",
		.scope = LDAP_SCOPE_BASE };

	*res = NULL;
	if (dn == NULL) {
		if (!directory_fill(filter, sizeof filter, a->d.user_filter,
		    name))
			return DIR_NOBODY;
		q.base = a->d.user_base;
		q.filter = filter;
		q.scope = find_people_scope(&a->d);
	}
	return person_search(a, l, &q, res);
}

/* ---- by what one has or is */

static bool
filter_put(char *out, size_t size, const char *text)
{
	size_t n = strlen(out);

	return n + strlen(text) < size &&
	    snprintf(out + n, size - n, "%s", text) > 0;
}

/* "(attr=BEFORE value AFTER)" */
static bool
filter_item(char *out, size_t size, const char *attr, const char *value,
    bool part)
{
	return filter_put(out, size, "(") && filter_put(out, size, attr) &&
	    filter_put(out, size, part ? "=*" : "=") &&
	    directory_escape(out, size, value) &&
	    filter_put(out, size, part ? "*)" : ")");
}

static bool
filter_part(char *out, size_t size, const struct directory *d,
    const char *value)
{
	const char *const attrs[] = { d->attr_login, d->attr_display,
	    d->attr_mail };

	if (!filter_put(out, size, "(|"))
		return false;
	for (size_t i = 0; i < 3; i++)
		if (attrs[i][0] != '\0' &&
		    !filter_item(out, size, attrs[i], value, true))
			return false;
	return filter_put(out, size, ")");
}

bool
find_filter(char *out, size_t size, const struct directory *d,
    const struct dir_find *m)
{
	const char *const attrs[] = {
		[DIR_BY_CARD] = d->attr_card,
		[DIR_BY_ID_NUMBER] = d->attr_id_number,
		[DIR_BY_MAIL] = d->attr_mail
	};
	char people[REL_CONF_TEXT_MAX];

	if (m->by == DIR_BY_LOGIN)
		return directory_fill(out, size, d->user_filter, m->value);
	out[0] = '\0';
	if (!directory_fill_plain(people, sizeof people, d->user_filter,
	    "*") || !filter_put(out, size, "(&") ||
	    !filter_put(out, size, people))
		return false;
	if (m->by == DIR_BY_PART)
		return filter_part(out, size, d, m->value) &&
		    filter_put(out, size, ")");
	return attrs[m->by][0] != '\0' &&
	    filter_item(out, size, attrs[m->by], m->value, false) &&
	    filter_put(out, size, ")");
}

/* Several people, without their groups. */
static int
people_list(struct ldap_ask *a, struct ldap_link *l, struct find_query *q,
    uint32_t limit)
{
	struct dir_said *said = a->said;
	const char *attrs[12];
	struct find_found f;
	int rc;

	person_attrs(&a->d, attrs);
	q->attrs = attrs;
	q->limit = (int)limit + 1;
	q->doing = "search for people";
	rc = find_search(a, l, q, &f);
	for (LDAPMessage *e = rc == 0 ? ldap_first_entry(l->ld, f.res) : NULL;
	    e != NULL && said->n < limit; e = ldap_next_entry(l->ld, e)) {
		person_read(a, l, e, &said->who[said->n]);
		said->n += said->who[said->n].login[0] != '\0';
	}
	ldap_msgfree(f.res);
	if (rc != 0)
		return rc;
	return f.more || f.n > (int)limit ? DIR_LIMIT :
	    f.n == 0 ? DIR_NOBODY : DIR_RIGHT;
}

/* As a card or a number is good for: one person, with groups if wanted. */
static int
people_one(struct ldap_ask *a, struct ldap_link *l, struct find_query *q,
    bool groups)
{
	LDAPMessage *res;
	int rc = person_search(a, l, q, &res);

	if (rc == DIR_RIGHT && groups)
		rc = groups_read(a, l, ldap_first_entry(l->ld, res));
	ldap_msgfree(res);
	return rc;
}

int
find_people(struct ldap_ask *a, const struct dir_find *m)
{
	char filter[FILTER_MAX];
	struct find_query q = { .base = a->d.user_base, .filter = filter,
		.scope = find_people_scope(&a->d) };
	struct ldap_link *l;
	int rc;

	if (!directory_name_ok(m->value, strlen(m->value)))
		return DIR_NOBODY;
	if (!find_filter(filter, sizeof filter, &a->d, m)) {
		ask_say(a, "this directory has no attribute for it");
		return DIR_SETTINGS;
	}
	if ((rc = link_get(a, LDAP_SERVICE, &l)) != 0)
		return rc;
	return m->by == DIR_BY_PART || m->limit > 1 ?
	    people_list(a, l, &q, m->limit) : people_one(a, l, &q, m->groups);
}
