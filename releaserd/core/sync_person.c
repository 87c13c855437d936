/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * One person of a listing: what the directory says against what is here.  Who
 * is as last time is known by a keyed hash and costs nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/provision.h"
#include "releaserd/core/quota.h"
#include "releaserd/core/sync_priv.h"

#define LATE_MAX 20000u
#define CARDS_LOOKED_AT 32u

static int
clash(struct sync *s, const char *name, const char *words)
{
	s->run.n.clashes++;
	return sync_line(s, SYNC_CLASH, name, words);
}

/* ---- groups */

int
sync_group_met(struct sync *s, const char *name)
{
	struct sync_group *g;
	uint8_t mac[32];

	if (s->ngroups == s->groups_room) {
		size_t room = s->groups_room > 0 ? s->groups_room * 2 : 64;
		void *p = realloc(s->group, room * sizeof *s->group);

		if (p == NULL)
			return -REL_E_NOMEM;
		s->group = p;
		s->groups_room = room;
	}
	g = &s->group[s->ngroups++];
	memset(g, 0, sizeof *g);
	snprintf(g->name, sizeof g->name, "%s", name);
	/* A name nobody could write here is no group of ours. */
	if (!rel_user_key(g->key, sizeof g->key, name, false))
		g->state = GROUP_FOREIGN;
	keys_sha256(mac, g->key, strlen(g->key));
	memcpy(g->mac, mac, sizeof g->mac);
	return 0;
}

/* It is here; one of ours with that name stays ours. */
static int
group_ready(struct sync *s, struct sync_group *g)
{
	struct person_group row = { .created_ms = rel_now_ms(),
	    .directory = s->run.directory };
	int rc;

	if (g->state != GROUP_NEW)
		return 0;
	rc = store_group_get(s->c->st, g->key, &row);
	if (rc == 0 && row.directory != s->run.directory) {
		g->state = GROUP_FOREIGN;
		return clash(s, g->name, "a group of another kind has the "
		    "name of a group of the directory");
	}
	if (rc == -REL_E_NOTFOUND) {
		s->run.n.groups++;
		memcpy(row.key, g->key, sizeof row.key);
		snprintf(row.name, sizeof row.name, "%.*s", (int)rel_utf8_cut(
		    g->name, sizeof row.name - 1), g->name);
		rc = s->run.dry ? 0 : store_group_set(s->c->st, &row);
	}
	g->state = GROUP_GOOD;
	return rc;
}

static int
groups_join(struct sync *s, const struct user *u, const struct sync_record *r)
{
	struct group_member m = { .is_group = false };
	int rc = 0;

	memcpy(m.key, u->key, sizeof m.key);
	memcpy(m.name, u->name, sizeof m.name);
	for (uint32_t i = 0; rc == 0 && i < r->ngroups; i++) {
		struct sync_group *g = &s->group[r->groups[i]];

		rc = group_ready(s, g);
		if (rc < 0 || g->state != GROUP_GOOD || s->run.dry)
			continue;
		memcpy(m.group, g->key, sizeof m.group);
		rc = store_member_add(s->c->st, &m);
		if (rc == -REL_E_EXISTS)
			rc = 0;
	}
	return rc;
}

struct groups_now {
	const struct sync *s;
	const struct sync_record *r;
	unsigned same, others;
};

static bool
group_now(const char *key, void *ctx)
{
	struct groups_now *n = ctx;

	for (uint32_t i = 0; i < n->r->ngroups; i++)
		if (strcmp(n->s->group[n->r->groups[i]].key, key) == 0) {
			n->same++;
			return true;
		}
	n->others++;
	return true;
}

/* How many different groups of the directory the person is to be in. */
static int
groups_wanted(struct sync *s, const struct sync_record *r, unsigned *n)
{
	*n = 0;
	for (uint32_t i = 0; i < r->ngroups; i++) {
		struct sync_group *g = &s->group[r->groups[i]];
		int rc = group_ready(s, g);
		bool twice = false;

		if (rc < 0)
			return rc;
		for (uint32_t k = 0; k < i && !twice; k++)
			twice = strcmp(s->group[r->groups[k]].key, g->key) ==
			    0;
		*n += g->state == GROUP_GOOD && !twice;
	}
	return 0;
}

/* 1 they differed, 0 they did not. */
static int
groups_change(struct sync *s, const struct user *u,
    const struct sync_record *r)
{
	struct groups_now now = { s, r, 0, 0 };
	unsigned wanted;
	int rc = groups_wanted(s, r, &wanted);

	if (rc == 0)
		rc = store_sync_groups(s->c->st, u->key, s->run.directory,
		    group_now, &now);
	if (rc < 0 || (now.others == 0 && now.same == wanted))
		return rc < 0 ? rc : 0;
	if (s->run.dry)
		return 1;
	rc = store_member_leave(s->c->st, u->key, s->run.directory);
	if (rc == 0)
		rc = groups_join(s, u, r);
	return rc < 0 ? rc : 1;
}

/* ---- cards and numbers */

/* What somebody else has waits until everybody has been met. */
static struct sync_late *
late_of(struct sync *s, const struct user *u)
{
	struct sync_late *l = s->nlate > 0 ? &s->late[s->nlate - 1] : NULL;

	if (l != NULL && l->user == u->id)
		return l;
	if (s->nlate == s->late_room) {
		size_t room = s->late_room > 0 ? s->late_room * 2 : 16;
		void *p = room <= LATE_MAX ? realloc(s->late, room *
		    sizeof *s->late) : NULL;

		if (p == NULL)
			return NULL;
		s->late = p;
		s->late_room = room;
	}
	l = &s->late[s->nlate++];
	memset(l, 0, sizeof *l);
	l->user = u->id;
	memcpy(l->name, u->name, sizeof l->name);
	return l;
}

static int
late_number(struct sync *s, const struct user *u, const char *number)
{
	struct sync_late *l = late_of(s, u);

	if (l == NULL)
		return clash(s, u->name, "its ID number belongs to somebody "
		    "else");
	snprintf(l->id_number, sizeof l->id_number, "%s", number);
	return 0;
}

static int
late_card(struct sync *s, const struct user *u, const char *number)
{
	struct sync_late *l = late_of(s, u);

	if (l == NULL)
		return clash(s, u->name, "its card belongs to somebody else");
	snprintf(l->card[l->card[0][0] != '\0'], sizeof l->card[0], "%s",
	    number);
	return 0;
}

struct cards {
	int64_t directory;
	size_t n;			/* wanted */
	struct card want[2];
	const char *number[2];
	bool has[2];
	size_t ngone;
	int64_t gone[CARDS_LOOKED_AT];
};

static bool
card_now(int64_t id, const uint8_t mac[32], int64_t directory, void *ctx)
{
	struct cards *k = ctx;

	for (size_t i = 0; i < k->n; i++)
		if (memcmp(k->want[i].mac, mac, 32) == 0) {
			k->has[i] = true;
			return true;
		}
	if (directory == k->directory)
		k->gone[k->ngone++] = id;
	return k->ngone < CARDS_LOOKED_AT;
}

static void
cards_wanted(struct sync *s, const struct user *u,
    const struct sync_record *r, struct cards *k)
{
	memset(k, 0, sizeof *k);
	k->directory = s->run.directory;
	for (size_t i = 0; i < 2; i++) {
		struct card *card = &k->want[k->n];

		if (r->who.card[i][0] == '\0')
			continue;
		if (!card_mac(s->c, card->mac, card->tail, r->who.card[i],
		    NULL)) {
			s->run.n.unusable++;
			continue;
		}
		card->user_id = u->id;
		card->created_ms = rel_now_ms();
		k->number[k->n++] = r->who.card[i];
	}
}

/* 1 it is the person's now, 0 it waits. */
static int
card_take(struct sync *s, const struct user *u, struct card *card,
    const char *number)
{
	struct user owner;
	int rc;

	if (s->run.dry) {
		rc = store_user_by_card(s->c->st, card->mac, &owner);
		return rc == 0 ? late_card(s, u, number) :
		    rc == -REL_E_NOTFOUND ? 1 : rc;
	}
	card->id = ids_next(s->c);
	rc = store_card_add(s->c->st, card);
	if (rc == 0)
		rc = store_sync_card_from(s->c->st, card->id,
		    s->run.directory);
	if (rc == -REL_E_EXISTS)
		return late_card(s, u, number);
	return rc < 0 ? rc : 1;
}

/* 1 they differed, 0 they did not. */
static int
cards_change(struct sync *s, const struct user *u,
    const struct sync_record *r, bool fresh)
{
	struct cards k;
	int rc = 0, differed = 0;

	cards_wanted(s, u, r, &k);
	if (!fresh)
		rc = store_sync_cards(s->c->st, u->id, card_now, &k);
	for (size_t i = 0; rc >= 0 && i < k.ngone; i++, differed = 1)
		if (!s->run.dry)
			rc = store_card_del(s->c->st, k.gone[i]);
	for (size_t i = 0; rc >= 0 && i < k.n; i++)
		if (!k.has[i]) {
			rc = card_take(s, u, &k.want[i], k.number[i]);
			differed |= rc > 0;
		}
	return rc < 0 ? rc : differed;
}

/* ---- accounts */

/* As the directory says; what is no number and no PIN here is counted. */
static void
person_fill(struct sync *s, struct user *u, const struct sync_record *r)
{
	const char *pin = r->who.pin;
	size_t n = strlen(pin);

	provision_fill(u, &r->who, s->run.directory);
	if (r->who.id_number[0] != '\0') {
		if (idnum_mac(s->c, u->idnum_mac, r->who.id_number))
			u->has_idnum = true;
		else
			s->run.n.unusable++;
	}
	if (n >= 4 && n <= 8 && strspn(pin, "0123456789") == n)
		import_pin(s->c, u->id, pin, u->card_pin);
	else if (n > 0)
		s->run.n.unusable++;
}

/* Keyed, as PINs are in it. Half of a SHA-256 behind its key cannot be taken
 * further (and an HMAC of each of so many would cost what the rest does). */
static void
person_mac(const struct sync *s, const struct sync_record *r,
    uint8_t out[SYNC_MAC_BYTES])
{
	uint8_t all[32 + sizeof(struct dir_person) + SYNC_MAC_BYTES], mac[32];
	uint8_t *groups = all + 32 + r->raw_len;

	/* Attributes fit: each is shorter than its member. */
	if (r->raw_len > sizeof(struct dir_person)) {
		memset(out, 0, SYNC_MAC_BYTES);
		return;
	}
	memcpy(all, s->c->sync_key, 32);
	memcpy(all + 32, r->raw, r->raw_len);
	memset(groups, 0, SYNC_MAC_BYTES);
	for (uint32_t i = 0; i < r->ngroups; i++)
		for (size_t k = 0; k < SYNC_MAC_BYTES; k++)
			groups[k] ^= s->group[r->groups[i]].mac[k];
	keys_sha256(mac, all, 32 + r->raw_len + SYNC_MAC_BYTES);
	memcpy(out, mac, SYNC_MAC_BYTES);
	rel_wipe(all, 32 + r->raw_len);
}

static void
info_of(const struct sync *s, const struct sync_record *r,
    struct sync_info *i)
{
	memset(i, 0, sizeof *i);
	snprintf(i->home, sizeof i->home, "%s", r->who.home);
	i->has_mac = true;
	person_mac(s, r, i->mac);
	i->seen_ms = s->run.began_ms;
}

static int
fresh_write(struct sync *s, struct user *u, const struct sync_record *r,
    const struct sync_info *i)
{
	bool number = u->has_idnum;
	int rc = store_sync_add(s->c->st, u, i);

	if (rc == -REL_E_EXISTS && number) {
		u->has_idnum = false;
		rc = store_sync_add(s->c->st, u, i);
		if (rc == 0)
			rc = late_number(s, u, r->who.id_number);
	}
	return rc;
}

/* Nobody of that key came from this directory. -REL_E_EXISTS: somebody is
 * there yet. */
static int
person_fresh(struct sync *s, const char *key, const struct sync_record *r)
{
	struct sync_account *a;
	struct sync_info info;
	struct user u;
	int rc;

	memset(&u, 0, sizeof u);
	u.id = ids_next(s->c);
	u.created_ms = rel_now_ms();
	snprintf(u.key, sizeof u.key, "%s", key);
	snprintf(u.name, sizeof u.name, "%.83s", r->who.login);
	person_fill(s, &u, r);
	info_of(s, r, &info);
	if (s->run.dry)
		rc = store_user_get(s->c->st, key, &(struct user){ 0 }) == 0 ?
		    -REL_E_EXISTS : 0;
	else
		rc = fresh_write(s, &u, r, &info);
	if (rc < 0)
		return rc;
	if ((a = sync_account_add(s, key, u.id)) == NULL)
		return -REL_E_NOMEM;
	a->seen = true;
	s->run.n.added++;
	if ((rc = cards_change(s, &u, r, true)) >= 0)
		rc = groups_join(s, &u, r);
	return rc < 0 ? rc : sync_line(s, SYNC_ADDED, u.name, u.display);
}

/* What differs of it, in words; the numbers are behind the rest. */
static void
fields_of(const struct user *was, const struct user *u,
    const struct sync_info *old, const struct sync_info *now,
    struct rel_buf *b)
{
	const struct {
		const char *name;
		bool differs;
	} field[] = {
		{ "directory", was->directory != u->directory },
		{ "display", strcmp(was->display, u->display) != 0 },
		{ "mail", strcmp(was->mail, u->mail) != 0 },
		{ "department", strcmp(was->department, u->department) != 0 },
		{ "home", strcmp(old->home, now->home) != 0 },
		{ "id_number", was->has_idnum != u->has_idnum ||
		    memcmp(was->idnum_mac, u->idnum_mac, 32) != 0 },
		{ "card_pin", strcmp(was->card_pin, u->card_pin) != 0 },
		{ "enabled", was->disabled && !u->disabled }
	};

	for (size_t i = 0; i < sizeof field / sizeof field[0]; i++)
		if (field[i].differs)
			rel_put_fmt(b, "%s%s", b->len > 0 ? " " : "",
			    field[i].name);
}

/* Another ID number that somebody has waits. */
static int
number_free(struct sync *s, const struct user *was, struct user *u,
    const char *number)
{
	struct user owner;
	int rc;

	if (!u->has_idnum || (was->has_idnum && memcmp(was->idnum_mac,
	    u->idnum_mac, sizeof u->idnum_mac) == 0))
		return 0;
	rc = store_user_by_idnum(s->c->st, u->idnum_mac, &owner);
	if (rc == -REL_E_NOTFOUND || (rc == 0 && owner.id == u->id))
		return 0;
	u->has_idnum = was->has_idnum;
	memcpy(u->idnum_mac, was->idnum_mac, sizeof u->idnum_mac);
	return rc < 0 ? rc : late_number(s, u, number);
}

/* Cards and groups, which are rows of their own. */
static int
changed_rows(struct sync *s, const struct user *u,
    const struct sync_record *r, struct rel_buf *fields)
{
	int rc = cards_change(s, u, r, false);

	if (rc > 0)
		rel_put_fmt(fields, "%scard", fields->len > 0 ? " " : "");
	if (rc >= 0 && (rc = groups_change(s, u, r)) > 0)
		rel_put_fmt(fields, "%sgroups", fields->len > 0 ? " " : "");
	return rc < 0 ? rc : 0;
}

/* All of it is compared, and what differs is written. */
static int
changed_all(struct sync *s, const struct user *was, const struct sync_record *r,
    struct rel_buf *fields)
{
	struct sync_info old, now;
	struct user u = *was;
	int rc = store_sync_info(s->c->st, u.id, &old);

	if (rc < 0)
		return rc;
	person_fill(s, &u, r);
	info_of(s, r, &now);
	if (old.gone_ms > 0)
		u.disabled = false;
	if ((rc = number_free(s, was, &u, r->who.id_number)) < 0)
		return rc;
	fields_of(was, &u, &old, &now, fields);
	rc = changed_rows(s, &u, r, fields);
	if (rc < 0 || s->run.dry)
		return rc;
	/* Only the hash, when it is all as it was. */
	if (fields->len > 0)
		rc = store_user_set(s->c->st, &u);
	if (rc == 0)
		rc = store_sync_set(s->c->st, u.id, &now);
	/* Who knows the old number or PIN is at no panel any more. */
	if (rc == 0 && (memcmp(was->idnum_mac, u.idnum_mac, 32) != 0 ||
	    strcmp(was->card_pin, u.card_pin) != 0))
		sessions_close_user(s->c, u.id);
	return rc;
}

static int
person_changed(struct sync *s, const struct user *was,
    const struct sync_record *r)
{
	struct rel_buf fields;
	int rc;

	rel_buf_init(&fields);
	rc = changed_all(s, was, r, &fields);
	if (rc == 0 && fields.len > 0) {
		s->run.n.changed++;
		rel_put_u8(&fields, 0);
		rc = fields.failed ? -REL_E_NOMEM : sync_line(s, SYNC_CHANGED,
		    was->name, (const char *)fields.data);
	} else if (rc == 0) {
		s->run.n.unchanged++;
	}
	rel_buf_fini(&fields);
	return rc;
}

static bool
directory_is(const struct core *c, int64_t id)
{
	return directories_settings(c, id) != NULL;
}

/* An account that did not come from here has the name. */
static int
person_taken(struct sync *s, const char *key, const struct sync_record *r)
{
	struct sync_account *a;
	struct user was;
	int rc = store_user_get(s->c->st, key, &was);

	if (rc < 0)
		return rc;
	if (was.directory == 0 && was.password[0] != '\0')
		return clash(s, was.name, "an internal account has this name");
	if (was.directory != 0 && was.directory != s->run.directory &&
	    directory_is(s->c, was.directory))
		return clash(s, was.name, "a person of another directory has "
		    "this name");
	if ((a = sync_account_add(s, key, was.id)) == NULL)
		return -REL_E_NOMEM;
	a->seen = true;
	return person_changed(s, &was, r);
}

static int
person_known(struct sync *s, struct sync_account *a,
    const struct sync_record *r)
{
	uint8_t mac[SYNC_MAC_BYTES];
	struct user was;
	int rc;

	if (a->seen)
		return clash(s, r->who.login, "two entries have this name; the "
		    "first counts");
	a->seen = true;
	a->closed = r->closed;
	if (r->closed)
		return 0;
	person_mac(s, r, mac);
	if (a->has_mac && a->gone_ms == 0 && memcmp(a->mac, mac,
	    sizeof mac) == 0) {
		s->run.n.unchanged++;
		return 0;
	}
	rc = store_user_by_id(s->c->st, a->id, &was);
	/* Deleted by somebody in the meantime: next time. */
	if (rc == -REL_E_NOTFOUND)
		return 0;
	return rc < 0 ? rc : person_changed(s, &was, r);
}

int
sync_person_met(struct sync *s, const struct sync_record *r)
{
	struct sync_account *a;
	char key[84];
	int rc;

	s->run.n.listed++;
	for (uint32_t i = 0; i < r->ngroups; i++)
		if (r->groups[i] >= s->ngroups)
			return -REL_E_FORMAT;
	if (!rel_user_key(key, sizeof key, r->who.login,
	    s->c->role->set.strip_realm != 0)) {
		s->run.n.nameless++;
		return 0;
	}
	if ((a = sync_account(s, key)) != NULL)
		return person_known(s, a, r);
	if (r->closed)
		return 0;
	rc = person_fresh(s, key, r);
	return rc == -REL_E_EXISTS ? person_taken(s, key, r) : rc;
}

/* ---- what others had when it was wanted */

/* May it be taken away? Its owner is lost there, or is not here any more. */
static bool
owner_lost(struct sync *s, const struct user *owner)
{
	const struct sync_account *a;

	if (owner->directory != s->run.directory)
		return false;
	a = sync_account(s, owner->key);
	return a != NULL && sync_is_lost(s, a);
}

/* All of the person is looked at again next time. */
static int
late_clash(struct sync *s, const struct sync_late *l, const char *words)
{
	int rc = s->run.dry ? 0 : store_sync_again(s->c->st, l->user);

	return rc < 0 ? rc : clash(s, l->name, words);
}

static int
late_number_take(struct sync *s, const struct sync_late *l)
{
	struct user u, owner;
	uint8_t mac[32];
	int rc;

	if (l->id_number[0] == '\0' || !idnum_mac(s->c, mac, l->id_number))
		return 0;
	rc = store_user_by_idnum(s->c->st, mac, &owner);
	if (rc == 0 && !owner_lost(s, &owner))
		return late_clash(s, l, "its ID number belongs to somebody "
		    "else");
	if ((rc < 0 && rc != -REL_E_NOTFOUND) || s->run.dry)
		return s->run.dry ? 0 : rc;
	owner.has_idnum = false;
	if (rc == 0 && (rc = store_user_set(s->c->st, &owner)) < 0)
		return rc;
	if ((rc = store_user_by_id(s->c->st, l->user, &u)) < 0)
		return rc == -REL_E_NOTFOUND ? 0 : rc;
	u.has_idnum = true;
	memcpy(u.idnum_mac, mac, sizeof u.idnum_mac);
	return store_user_set(s->c->st, &u);
}

struct card_id {
	const uint8_t *mac;
	int64_t id;
};

static bool
card_is(int64_t id, const uint8_t mac[32], int64_t directory, void *ctx)
{
	struct card_id *k = ctx;

	(void)directory;
	if (memcmp(mac, k->mac, 32) == 0)
		k->id = id;
	return k->id == 0;
}

static int
late_card_take(struct sync *s, const struct sync_late *l, const char *number)
{
	struct card k = { .user_id = l->user, .created_ms = rel_now_ms() };
	struct card_id old = { k.mac, 0 };
	struct user owner;
	int rc;

	if (number[0] == '\0' || !card_mac(s->c, k.mac, k.tail, number, NULL))
		return 0;
	rc = store_user_by_card(s->c->st, k.mac, &owner);
	if (rc == 0 && owner.id == l->user)
		return 0;
	if (rc == 0 && !owner_lost(s, &owner))
		return late_clash(s, l, "its card belongs to somebody else");
	if ((rc < 0 && rc != -REL_E_NOTFOUND) || s->run.dry)
		return s->run.dry ? 0 : rc;
	if (rc == 0)
		rc = store_sync_cards(s->c->st, owner.id, card_is, &old);
	if (rc >= 0 && old.id != 0)
		rc = store_card_del(s->c->st, old.id);
	if (rc < 0 && rc != -REL_E_NOTFOUND)
		return rc;
	k.id = ids_next(s->c);
	rc = store_card_add(s->c->st, &k);
	return rc == 0 ? store_sync_card_from(s->c->st, k.id,
	    s->run.directory) : rc;
}

int
sync_late_take(struct sync *s, const struct sync_late *l)
{
	int rc = late_number_take(s, l);

	for (size_t i = 0; i < 2 && rc == 0; i++)
		rc = late_card_take(s, l, l->card[i]);
	return rc;
}

/* ---- who is not there any more */

bool
sync_is_lost(const struct sync *s, const struct sync_account *a)
{
	(void)s;
	return !a->seen || a->closed;
}

bool
sync_is_due(const struct sync *s, const struct sync_account *a)
{
	const struct directory *d = directories_settings(s->c,
	    s->run.directory);
	int64_t gone = a->gone_ms < 0 ? -a->gone_ms : a->gone_ms;

	return !a->seen && gone > 0 && d != NULL && d->sync_delete_ms > 0 &&
	    gone + d->sync_delete_ms <= s->run.began_ms;
}

static int
lose_delete(struct sync *s, const struct user *u)
{
	s->run.n.deleted++;
	return s->run.dry ? 0 : provision_remove(s->c, u);
}

static int
lose_disable(struct sync *s, const struct sync_account *a,
    const struct user *u)
{
	int64_t now = s->run.began_ms;

	if (!u->disabled)
		s->run.n.disabled++;
	if (s->run.dry)
		return 0;
	if (!u->disabled)
		sessions_close_user(s->c, u->id);
	/* Who was disabled before is not enabled by coming back. */
	return store_sync_close(s->c->st, u->id, a->gone_ms != 0 ?
	    a->gone_ms : u->disabled ? -now : now, s->last_seen_ms);
}

int
sync_lose(struct sync *s, struct sync_account *a)
{
	bool due = sync_is_due(s, a);
	struct user u;
	int rc;

	if (!due && a->disabled && a->gone_ms != 0)
		return 0;
	rc = store_user_by_id(s->c->st, a->id, &u);
	if (rc < 0)
		return rc == -REL_E_NOTFOUND ? 0 : rc;
	if (due)
		rc = lose_delete(s, &u);
	else
		rc = lose_disable(s, a, &u);
	if (rc < 0 || (!due && u.disabled))
		return rc;
	return sync_line(s, due ? SYNC_DELETED : SYNC_DISABLED, u.name,
	    a->closed ? "disabled in the directory" :
	    "not in the directory");
}
