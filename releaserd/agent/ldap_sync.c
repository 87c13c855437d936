/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * All people of a directory, for core, which asks for one part after the
 * other.  Groups that name their members are read once before; of memberOf,
 * each group once when it is met first.  Nobody is asked a person.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "lib/dial.h"
#include "lib/text.h"
#include "releaserd/agent/agent_priv.h"
#include "releaserd/agent/ldap_members.h"
#include "releaserd/agent/ldap_priv.h"
#include "releaserd/sync_wire.h"

#define PART_MS 50		/* an agent has other things to do, too */
#define PAGE_MS 30000		/* a page may take so long, if AnswerTime is
				 * not longer */
#define GIVE_UP_MS 5000
#define REST_MS 120000		/* a listing that nobody goes on with */
#define MESSAGE_MAX (128u << 20)	/* one group with all its members */
#define EMPTY_MAX 1000u		/* pages without anything, one after another */

/* The listing at hand: between two parts nothing else is kept. */
struct listing {
	uint64_t run;
	uint32_t part;
	bool reads_groups;		/* before people */
	bool paged;			/* the server knows pages */
	struct ldap_link *l;
	int msgid;			/* of the search, -1: none is out */
	uint8_t server;
	uint32_t got, empty, nameless, told;	/* told: groups core knows */
	struct members *members;
	int64_t person;			/* a node for the one at hand */
	int64_t used_ms;
	bool busy;			/* a part is being made, and may wait */
};

static struct listing *listing;

static void
listing_end(void)
{
	if (listing == NULL)
		return;
	link_free(&listing->l);
	members_free(&listing->members);
	free(listing);
	listing = NULL;
}

void
sync_rest(void)
{
	if (listing != NULL && !listing->busy && rel_mono_ms() - listing->used_ms > REST_MS)
		listing_end();
}

void
sync_end(void)
{
	listing_end();
}

/* ---- pages (RFC 2696) */

#define ATTRS_MAX 16

static void
add_attr(const char *attrs[ATTRS_MAX], size_t *n, const char *attr)
{
	if (attr[0] != '\0' && *n + 1 < ATTRS_MAX)
		attrs[(*n)++] = attr;
	attrs[*n] = NULL;
}

static void
people_attrs(const struct directory *d, const char *attrs[ATTRS_MAX])
{
	const char *const all[] = { d->attr_login, d->attr_display,
	    d->attr_mail, d->attr_department, d->attr_home, d->attr_card,
	    d->attr_pin, d->attr_id_number, "userAccountControl",
	    "nsAccountLock", "pwdAccountLockedTime" };
	size_t n = 0;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		add_attr(attrs, &n, all[i]);
	if (d->group_scheme == GROUPS_MEMBER_OF ||
	    d->group_scheme == GROUPS_AD_CHAIN)
		add_attr(attrs, &n, "memberOf");
	if (d->group_scheme == GROUPS_POSIX)
		add_attr(attrs, &n, "gidNumber");
}

static void
group_attrs(const struct directory *d, const char *attrs[ATTRS_MAX])
{
	size_t n = 0;

	add_attr(attrs, &n, d->attr_group);
	add_attr(attrs, &n, d->group_scheme == GROUPS_POSIX ? "memberUid" :
	    d->attr_member);
	if (d->group_scheme == GROUPS_POSIX)
		add_attr(attrs, &n, "gidNumber");
}

/* What is read now; filter has room for all of it. */
static bool
query_now(const struct ldap_ask *a, struct find_query *q, char *filter,
    size_t size)
{
	const struct directory *d = &a->d;

	if (!listing->reads_groups) {
		q->base = d->user_base;
		q->scope = find_people_scope(d);
		q->doing = "list people";
		return directory_fill_plain(filter, size, d->user_filter, "*");
	}
	q->base = d->group_base[0] != '\0' ? d->group_base : d->user_base;
	q->scope = LDAP_SCOPE_SUBTREE;
	q->doing = "list groups";
	return directory_fill_plain(filter, size, d->group_scheme ==
	    GROUPS_POSIX ? "(&(objectClass=posixGroup)%u)" : "%u",
	    d->group_filter);
}

/* Ask for the next page; cookie NULL: the first. */
static int
page_ask(struct ldap_ask *a, struct berval *cookie)
{
	struct ldap_link *l = listing->l;
	char filter[REL_CONF_TEXT_MAX * 2];
	const char *attrs[ATTRS_MAX];
	struct find_query q;
	LDAPControl *page = NULL, *controls[] = { NULL, NULL };
	int rc;

	if (!query_now(a, &q, filter, sizeof filter))
		return DIR_SETTINGS;
	if (listing->reads_groups)
		group_attrs(&a->d, attrs);
	else
		people_attrs(&a->d, attrs);
	rc = ldap_create_page_control(l->ld, (ber_int_t)a->d.sync_page, cookie,
	    0, &page);
	controls[0] = page;
	if (rc == LDAP_SUCCESS)
		rc = ldap_search_ext(l->ld, q.base, q.scope, filter,
		    (char **)(uintptr_t)attrs, 0, controls, NULL, NULL,
		    LDAP_NO_LIMIT, &listing->msgid);
	ldap_control_free(page);
	return rc == LDAP_SUCCESS ? 0 : link_failed(a, l, rc, q.doing);
}

/* A search that ended with this code is no whole list: in plain words. */
static int
page_failed(struct ldap_ask *a, int code)
{
	const char *doing = listing->reads_groups ? "list groups" :
	    "list people";

	if (code == LDAP_SIZELIMIT_EXCEEDED && !listing->paged)
		ask_say(a, "%s: the server ended the list after %u entries, "
		    "and gives no pages (RFC 2696): raise its size limit for "
		    "the service account", doing, listing->got);
	else if (code == LDAP_SIZELIMIT_EXCEEDED ||
	    code == LDAP_ADMINLIMIT_EXCEEDED)
		ask_say(a, "%s: the server ended the list after %u entries: "
		    "raise its limits for the service account (size and pages), "
		    "or set a smaller SyncPage", doing, listing->got);
	else if (code == LDAP_TIMELIMIT_EXCEEDED)
		ask_say(a, "%s: the server's own time limit ended the list "
		    "after %u entries: raise it for the service account",
		    doing, listing->got);
	else
		return link_failed(a, listing->l, code, doing);
	return DIR_LIMIT;
}

/* A page ended: 0, and msgid is -1 when it was the last. */
static int
page_done(struct ldap_ask *a, LDAPMessage *res)
{
	LDAPControl **controls = NULL, *page;
	struct berval cookie = { 0, NULL };
	ber_int_t about;
	int code, rc;

	listing->msgid = -1;
	rc = ldap_parse_result(listing->l->ld, res, &code, NULL, NULL, NULL,
	    &controls, 0);
	if (rc == LDAP_SUCCESS)
		rc = code;
	page = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
	if (page != NULL)
		listing->paged = true;
	if (rc != LDAP_SUCCESS && rc != LDAP_PARTIAL_RESULTS)
		rc = page_failed(a, rc);
	else if (page == NULL)
		rc = 0;
	else if (ldap_parse_pageresponse_control(listing->l->ld, page, &about,
	    &cookie) != LDAP_SUCCESS || ++listing->empty > EMPTY_MAX)
		rc = page_failed(a, LDAP_DECODING_ERROR);
	else
		rc = cookie.bv_len > 0 ? page_ask(a, &cookie) : 0;
	ber_memfree(cookie.bv_val);
	ldap_controls_free(controls);
	return rc;
}

/* The next entry (*e is freed by who gets it), NULL behind the last. */
static int
entry_next(struct ldap_ask *a, LDAPMessage **e)
{
	struct ldap_link *l = listing->l;

	*e = NULL;
	while (listing->msgid >= 0) {
		int rc = link_next(l, listing->msgid, e), type;

		if (rc != LDAP_SUCCESS)
			return page_failed(a, rc);
		if ((type = ldap_msgtype(*e)) == LDAP_RES_SEARCH_ENTRY) {
			listing->got++;
			listing->empty = 0;
			return 0;
		}
		/* What lies elsewhere is not asked for (referrals). */
		rc = type == LDAP_RES_SEARCH_RESULT ? page_done(a, *e) : 0;
		ldap_msgfree(*e);
		*e = NULL;
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* ---- entries, attribute by attribute, without a copy */

struct entry {
	BerElement *ber;
	struct berval dn, attr, *values;
};

static bool
entry_open(struct entry *e, LDAPMessage *m)
{
	memset(e, 0, sizeof *e);
	return ldap_get_dn_ber(listing->l->ld, m, &e->ber, &e->dn) ==
	    LDAP_SUCCESS;
}

static bool
entry_attr(struct entry *e, LDAPMessage *m)
{
	ber_memfree(e->values);
	e->values = NULL;
	return ldap_get_attribute_ber(listing->l->ld, m, e->ber, &e->attr,
	    &e->values) == LDAP_SUCCESS && e->attr.bv_val != NULL;
}

static void
entry_close(struct entry *e)
{
	ber_memfree(e->values);
	if (e->ber != NULL)
		ber_free(e->ber, 0);
}

static bool
attr_is(const struct entry *e, const char *name)
{
	return strcasecmp(e->attr.bv_val, name) == 0;
}

/* ---- groups that name their members */

static int
no_memory(struct ldap_ask *a)
{
	ask_say(a, "no memory for all the groups, or there are too many");
	return DIR_SETTINGS;
}

/* Every value is a node that is in this group. */
static bool
members_take(const struct entry *e, int64_t group, const char *kind)
{
	char name[REL_CONF_TEXT_MAX];

	for (size_t i = 0; e->values != NULL && e->values[i].bv_val != NULL;
	    i++) {
		const struct berval *v = &e->values[i];
		int64_t node;

		if (kind == NULL) {
			node = members_node(listing->members, v->bv_val,
			    v->bv_len);
		} else {
			if (v->bv_len > sizeof name - 8)
				continue;
			snprintf(name, sizeof name, "%s%.*s", kind,
			    (int)v->bv_len, v->bv_val);
			node = members_node(listing->members, name,
			    strlen(name));
		}
		if (node >= 0 &&
		    !members_link(listing->members, node, group))
			return false;
	}
	return true;
}

static int
group_take(struct ldap_ask *a, LDAPMessage *m)
{
	bool posix = a->d.group_scheme == GROUPS_POSIX, good = true;
	char name[DIR_GROUP_MAX] = "";
	struct entry e;
	int64_t group;

	if (!entry_open(&e, m) || (group = members_node(listing->members,
	    e.dn.bv_val, e.dn.bv_len)) < 0) {
		entry_close(&e);
		return no_memory(a);
	}
	while (good && entry_attr(&e, m)) {
		if (attr_is(&e, a->d.attr_group) && name[0] == '\0' &&
		    e.values != NULL && e.values[0].bv_val != NULL)
			(void)find_value(name, sizeof name, &e.values[0]);
		if (posix && attr_is(&e, "memberUid"))
			good = members_take(&e, group, "uid ");
		else if (posix && attr_is(&e, "gidNumber"))
			good = members_take(&e, group, "gid ");
		else if (!posix && attr_is(&e, a->d.attr_member))
			good = members_take(&e, group, NULL);
	}
	entry_close(&e);
	if (good && members_group(listing->members, group) == MEMBER_UNKNOWN)
		good = members_is(listing->members, group, name[0] != '\0' ?
		    name : NULL);
	return good && members_groups(listing->members) <= SYNC_GROUPS_MAX ?
	    0 : no_memory(a);
}

/* ---- memberOf: each group is read when it is met first */

/* AD's chain only knows groups below the base. */
static bool
below_base(const struct directory *d, const char *dn)
{
	const char *base = d->group_base[0] != '\0' ? d->group_base :
	    d->user_base;
	size_t n = strlen(dn), nbase = strlen(base);

	return d->group_scheme != GROUPS_AD_CHAIN || (n >= nbase &&
	    strcasecmp(dn + n - nbase, base) == 0);
}

static bool
group_read_entry(struct ldap_ask *a, LDAPMessage *m, int64_t node)
{
	char name[DIR_GROUP_MAX] = "";
	struct entry e;
	bool good = entry_open(&e, m);

	while (good && entry_attr(&e, m)) {
		if (attr_is(&e, a->d.attr_group) && e.values != NULL &&
		    e.values[0].bv_val != NULL)
			(void)find_value(name, sizeof name, &e.values[0]);
		for (size_t i = 0; good && attr_is(&e, "memberOf") &&
		    e.values != NULL && e.values[i].bv_val != NULL; i++) {
			int64_t in = members_node(listing->members,
			    e.values[i].bv_val, e.values[i].bv_len);

			good = in < 0 || members_link(listing->members, node,
			    in);
		}
	}
	entry_close(&e);
	return good && members_is(listing->members, node, name[0] != '\0' ?
	    name : NULL);
}

/* What is this DN? 0, or why that cannot be said. */
static int
group_read(struct ldap_ask *a, int64_t node, const char *dn)
{
	const char *attrs[] = { a->d.attr_group, "memberOf", NULL };
	const struct find_query q = { .base = dn,
		.filter = a->d.group_filter, .scope = LDAP_SCOPE_BASE,
		.attrs = attrs, .limit = 1, .doing = "read a group" };
	struct find_found f;
	bool good;
	int rc;

	if (!below_base(&a->d, dn))
		return members_is(listing->members, node, NULL) ? 0 :
		    no_memory(a);
	rc = find_search(a, listing->l, &q, &f);
	if (rc == 0) {
		good = f.n == 1 ? group_read_entry(a, ldap_first_entry(
		    listing->l->ld, f.res), node) :
		    members_is(listing->members, node, NULL);
		rc = good && members_groups(listing->members) <=
		    SYNC_GROUPS_MAX ? 0 : no_memory(a);
	}
	ldap_msgfree(f.res);
	return rc;
}

/* ---- a person */

struct reading {
	struct ldap_ask *a;
	struct sync_record *r;
};

static int
met_group(struct members *m, int64_t node, void *ctx)
{
	struct reading *rd = ctx;
	struct sync_record *r = rd->r;
	int rc = 0, group;

	if (members_group(m, node) == MEMBER_UNKNOWN &&
	    (rd->a->d.group_scheme == GROUPS_MEMBER_OF ||
	    rd->a->d.group_scheme == GROUPS_AD_CHAIN))
		rc = group_read(rd->a, node, members_node_name(m, node));
	group = members_group(m, node);
	if (rc == 0 && group >= 0 && r->ngroups < DIR_GROUPS_MAX)
		r->groups[r->ngroups++] = (uint32_t)group;
	return rc;
}

/* Whom the person at hand is in, by what its entry says. */
static void
person_in(const char *name, size_t n, bool made)
{
	struct members *m = listing->members;
	int64_t node = made ? members_node(m, name, n) :
	    members_find(m, name, n);

	if (node >= 0)
		(void)members_link(m, listing->person, node);
}

static int
person_groups(struct ldap_ask *a, const struct entry *e,
    struct sync_record *r)
{
	struct reading rd = { a, r };
	struct members *m = listing->members;
	int64_t from = listing->person, uid;
	char name[REL_CONF_TEXT_MAX + 8];
	int rc;

	if (a->d.group_scheme == GROUPS_NONE)
		return 0;
	if (a->d.group_scheme == GROUPS_MEMBER &&
	    (from = members_find(m, e->dn.bv_val, e->dn.bv_len)) < 0)
		return 0;
	rc = members_walk(m, from, a->d.group_scheme == GROUPS_POSIX ? 1 :
	    a->d.group_depth, met_group, &rd);
	if (rc == 0 && a->d.group_scheme == GROUPS_POSIX) {
		snprintf(name, sizeof name, "uid %s", r->who.login);
		uid = members_find(m, name, strlen(name));
		if (uid >= 0)
			rc = members_walk(m, uid, 1, met_group, &rd);
	}
	members_clear(m, listing->person);
	return rc < 0 ? no_memory(a) : rc;
}

/* Which attribute goes where. */
struct mapped {
	const char *attr;
	char *out;
	size_t size;
	unsigned most;
};

static void
mapped_take(const struct mapped *to, const struct entry *e)
{
	unsigned most = to->most;
	char *out = to->out;

	if (to->attr[0] == '\0' || !attr_is(e, to->attr) || out[0] != '\0')
		return;
	for (size_t i = 0; most > 0 && e->values != NULL &&
	    e->values[i].bv_val != NULL; i++)
		if (find_value(out, to->size, &e->values[i])) {
			out += to->size;
			most--;
		}
}

/* Disabled there: Active Directory, 389 and FreeIPA, OpenLDAP's ppolicy. */
static bool
says_closed(const struct entry *e)
{
	const char *v = e->values != NULL ? e->values[0].bv_val : NULL;

	if (v == NULL)
		return false;
	if (attr_is(e, "userAccountControl"))
		return (strtol(v, NULL, 10) & 2) != 0;
	if (attr_is(e, "nsAccountLock"))
		return strcasecmp(v, "TRUE") == 0;
	return attr_is(e, "pwdAccountLockedTime") &&
	    strcmp(v, "000001010000Z") == 0;
}

static void
person_attr(const struct directory *d, const struct entry *e,
    struct sync_record *r)
{
	struct dir_person *w = &r->who;
#define TO(name, member) { d->name, w->member, sizeof w->member, 1 }
	const struct mapped map[] = {
		TO(attr_login, login), TO(attr_display, display),
		TO(attr_mail, mail), TO(attr_department, department),
		TO(attr_home, home), TO(attr_pin, pin),
		TO(attr_id_number, id_number),
		{ d->attr_card, w->card[0], sizeof w->card[0], 2 }
	};
#undef TO

	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
		mapped_take(&map[i], e);
	r->closed = r->closed || says_closed(e);
	if (attr_is(e, "memberOf"))
		for (size_t i = 0; e->values != NULL &&
		    e->values[i].bv_val != NULL; i++)
			person_in(e->values[i].bv_val, e->values[i].bv_len,
			    true);
	if (d->group_scheme == GROUPS_POSIX && attr_is(e, "gidNumber") &&
	    e->values != NULL && e->values[0].bv_val != NULL) {
		char gid[32];

		snprintf(gid, sizeof gid, "gid %.20s", e->values[0].bv_val);
		person_in(gid, strlen(gid), false);
	}
}

/* Nothing of what the one before had stays in it. */
static void
person_clear(struct sync_record *r)
{
	struct dir_person *w = &r->who;

	w->login[0] = w->display[0] = w->mail[0] = w->department[0] =
	    w->home[0] = w->card[0][0] = w->card[1][0] = w->pin[0] =
	    w->id_number[0] = '\0';
	r->closed = false;
	r->ngroups = 0;
}

static int
person_take(struct ldap_ask *a, LDAPMessage *m, struct rel_buf *records)
{
	static struct sync_record r;
	struct entry e;
	int rc = 0;

	person_clear(&r);
	if (!entry_open(&e, m)) {
		entry_close(&e);
		return page_failed(a, LDAP_DECODING_ERROR);
	}
	while (entry_attr(&e, m))
		person_attr(&a->d, &e, &r);
	if (directory_name_ok(r.who.login, strlen(r.who.login))) {
		rc = person_groups(a, &e, &r);
		while (listing->told < members_groups(listing->members))
			sync_group_put(records, members_name(
			    listing->members, listing->told++));
		if (rc == 0)
			sync_person_put(records, &r);
	} else {
		members_clear(listing->members, listing->person);
		listing->nameless++;
	}
	entry_close(&e);
	return rc;
}

/* ---- parts */

/* A server takes it up. The connection is nobody else's. */
static int
listing_begin(struct ldap_ask *a, const void *message)
{
	struct ldap_link *l;
	Sockbuf *sb = NULL;
	ber_len_t most = MESSAGE_MAX;
	int rc;

	(void)message;
	a->fresh = true;
	if ((rc = link_get(a, LDAP_SERVICE, &l)) != 0)
		return rc;
	a->link[LDAP_SERVICE] = NULL;
	link_free(&listing->l);
	listing->l = l;
	listing->server = a->server;
	if (ldap_get_option(l->ld, LDAP_OPT_SOCKBUF, &sb) == 0 && sb != NULL)
		(void)ber_sockbuf_ctrl(sb, LBER_SB_OPT_SET_MAX_INCOMING,
		    &most);
	return page_ask(a, NULL);
}

static bool
listing_new(const struct ldap_ask *a, const struct sync_next *m)
{
	listing_end();
	if ((listing = calloc(1, sizeof *listing)) == NULL)
		return false;
	listing->run = m->run;
	listing->msgid = -1;
	listing->reads_groups = a->d.group_scheme == GROUPS_MEMBER ||
	    a->d.group_scheme == GROUPS_POSIX;
	listing->members = members_new();
	/* No DN and no name of ours is so. */
	listing->person = listing->members != NULL ?
	    members_node(listing->members, "=", 1) : -1;
	return listing->person >= 0;
}

/* Behind the groups come the people. 1: that was all. */
static int
listing_turn(struct ldap_ask *a)
{
	if (!listing->reads_groups)
		return 1;
	listing->reads_groups = false;
	listing->empty = listing->got = 0;
	return page_ask(a, NULL);
}

/* The groups that are known and core is not told of; false: no more room. */
static bool
groups_tell(struct rel_buf *records)
{
	const struct members *m = listing->members;

	while (listing->told < members_groups(m) &&
	    records->len < SYNC_PART_BYTES)
		sync_group_put(records, members_name(m, listing->told++));
	return records->len < SYNC_PART_BYTES;
}

/* Records until the part is full or it takes long; 1: nothing is left. */
static int
part_fill(struct ldap_ask *a, struct rel_buf *records)
{
	int64_t until = rel_mono_ms() + PART_MS;
	LDAPMessage *e;
	int rc = 0;

	if (!groups_tell(records))
		return 0;
	while (rc == 0 && records->len < SYNC_PART_BYTES) {
		listing->l->until_ms = rel_mono_ms() + (a->d.answer_ms >
		    PAGE_MS ? a->d.answer_ms : PAGE_MS);
		if ((rc = entry_next(a, &e)) != 0)
			break;
		if (e == NULL)
			rc = listing_turn(a);
		else
			rc = listing->reads_groups ? group_take(a, e) :
			    person_take(a, e, records);
		ldap_msgfree(e);
		if (rel_mono_ms() >= until)
			break;
	}
	return rc;
}

/* Nobody waits for it any more (core was started anew): it ends now. */
static void
listing_give_up(void)
{
	int64_t until = rel_mono_ms() + GIVE_UP_MS;

	if (listing != NULL && listing->busy && listing->l != NULL)
		(void)shutdown(listing->l->fd, SHUT_RDWR);
	while (listing != NULL && listing->busy && rel_mono_ms() < until)
		(void)rel_wait(-1, 0, rel_mono_ms() + 10);
}

static int
part_begin(struct ldap_ask *a, const struct sync_next *m)
{
	listing_give_up();
	if (listing != NULL && listing->busy) {
		ask_say(a, "another listing is being made");
		return DIR_AWAY;
	}
	if (m->part == 0)
		return listing_new(a, m) ? 0 : DIR_AWAY;
	if (listing != NULL && listing->run == m->run &&
	    listing->part == m->part)
		return 0;
	ask_say(a, "the listing was lost with the process that had it");
	return DIR_AWAY;
}

static int
part_make(struct ldap_ask *a, const struct sync_next *m,
    struct sync_part *part, struct rel_buf *records)
{
	int rc = part_begin(a, m);

	if (rc != 0)
		return rc;
	listing->busy = true;
	if (m->part == 0)
		rc = ask_servers(a, listing_begin, m);
	if (rc == 0) {
		a->server = listing->server;
		a->link[LDAP_SERVICE] = listing->l;
		rc = part_fill(a, records);
		/* NULL when it is broken: it has been closed then. */
		listing->l = a->link[LDAP_SERVICE];
		a->link[LDAP_SERVICE] = NULL;
	}
	part->last = rc == 1;
	part->nameless = listing->nameless;
	part->server = listing->server;
	listing->part = m->part + 1;
	listing->used_ms = rel_mono_ms();
	listing->busy = false;
	if (rc != 0)
		listing_end();
	return rc == 1 ? 0 : rc;
}

void
sync_answer(const struct rel_frame *fr, struct rel_buf *out)
{
	struct sync_part part = { .server = DIR_NO_SERVER };
	struct dir_said *said = calloc(1, sizeof *said);
	struct rel_buf records;
	struct sync_next m;
	struct ldap_ask a;

	rel_buf_init(&records);
	if (said == NULL)
		part.outcome = DIR_AWAY;
	else if (sync_next_get(&m, fr->body, fr->len) < 0)
		part.outcome = DIR_SETTINGS;
	else if (ask_init(&a, &m.at, said))
		part.outcome = (uint8_t)part_make(&a, &m, &part, &records);
	else
		part.outcome = said->outcome;
	if (part.outcome != DIR_RIGHT) {
		rel_buf_reset(&records);
		if (said != NULL)
			memcpy(part.words, said->words, sizeof part.words);
	}
	sync_part_put(out, &part, &records);
	rel_buf_fini_secret(&records);
	free(said);
}
