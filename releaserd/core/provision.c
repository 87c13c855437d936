/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/provision.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/store_money.h"
#include "releaserd/core/store_sync.h"

void
provision_fill(struct user *u, const struct dir_person *who, int64_t directory)
{
	snprintf(u->display, sizeof u->display, "%.*s", (int)rel_utf8_cut(
	    who->display, sizeof u->display - 1), who->display);
	snprintf(u->mail, sizeof u->mail, "%s", who->mail);
	snprintf(u->department, sizeof u->department, "%s", who->department);
	u->directory = directory;
}

static bool
account_same(const struct user *a, const struct user *b)
{
	return a->directory == b->directory && strcmp(a->display,
	    b->display) == 0 && strcmp(a->mail, b->mail) == 0 &&
	    strcmp(a->department, b->department) == 0;
}

static int
account_add(struct core *c, struct user *u, const struct dir_person *who,
    const char *directory)
{
	int rc;

	u->id = ids_next(c);
	u->created_ms = rel_now_ms();
	snprintf(u->name, sizeof u->name, "%.83s", who->login);
	if ((rc = store_user_add(c->st, u)) < 0)
		return rc;
	return store_audit(c->st, u->created_ms, u->key, "user-added",
	    directory);
}

int
provision_account(struct core *c, const struct directory_row *d,
    const struct dir_person *who, struct user *out)
{
	struct rel_err err;
	struct user now;
	char key[84];
	int rc;

	if (!rel_user_key(key, sizeof key, who->login,
	    c->role->set.strip_realm != 0))
		return -REL_E_DENIED;
	rc = store_user_get(c->st, key, out);
	if (rc == -REL_E_NOTFOUND) {
		memset(out, 0, sizeof *out);
		memcpy(out->key, key, sizeof out->key);
	} else if (rc < 0) {
		return rc;
	} else if (out->directory != d->id && out->password[0] != '\0') {
		rel_log(REL_WARN, "an internal account has the name of a "
		    "person of a directory", "directory=\"%s\"", d->name);
		return -REL_E_DENIED;
	}
	now = *out;
	provision_fill(&now, who, d->id);
	if (rc == 0 && account_same(&now, out))
		return 0;
	if (core_write(c, &err) < 0)
		return -REL_E_PEER;
	rc = rc == 0 ? store_user_set(c->st, &now) : account_add(c, &now, who,
	    d->name);
	if (rc == 0)
		rc = store_user_home(c->st, now.id, who->home);
	*out = now;
	return rc < 0 ? core_spoil(c, rc) : 0;
}

/* ---- groups */

struct groups_now {
	const struct dir_said *said;
	int64_t directory;
	unsigned same, others;		/* of what the person is in already */
};

static bool
is_said(const struct dir_said *said, const char *key)
{
	char said_key[84];

	for (uint32_t i = 0; i < said->ngroups; i++)
		if (rel_user_key(said_key, sizeof said_key, said->groups[i],
		    false) && strcmp(said_key, key) == 0)
			return true;
	return false;
}

static bool
group_row(const struct person_group *g, void *ctx)
{
	struct groups_now *n = ctx;

	if (g->directory == n->directory) {
		if (is_said(n->said, g->key))
			n->same++;
		else
			n->others++;
	}
	return true;
}

/* One group of the directory; one of ours with that name stays ours. */
static int
group_join(struct core *c, const struct user *u, int64_t directory,
    const char *name)
{
	struct group_member m = { .is_group = false };
	struct person_group g = { .created_ms = rel_now_ms() };
	int rc;

	if (!rel_user_key(m.group, sizeof m.group, name, false))
		return 0;		/* a name nobody could write here */
	memcpy(m.key, u->key, sizeof m.key);
	memcpy(m.name, u->name, sizeof m.name);
	rc = store_group_get(c->st, m.group, &g);
	if (rc == -REL_E_NOTFOUND) {
		memcpy(g.key, m.group, sizeof g.key);
		snprintf(g.name, sizeof g.name, "%.83s", name);
		g.directory = directory;
		rc = store_group_set(c->st, &g);
	}
	if (rc == 0 && g.directory == directory)
		rc = store_member_add(c->st, &m);
	return rc == -REL_E_EXISTS ? 0 : rc;
}

int
provision_groups(struct core *c, const struct directory_row *d,
    const struct dir_said *said, const struct user *u)
{
	struct groups_now now = { said, d->id, 0, 0 };
	struct rel_err err;
	int rc;

	if (!said->groups_known)
		return 0;
	rc = store_groups_of(c->st, u->key, group_row, &now);
	if (rc >= 0 && now.others == 0 && now.same == said->ngroups)
		return 0;
	if (rc < 0 || (rc = core_write(c, &err)) < 0)
		return rc;
	rc = store_member_leave(c->st, u->key, d->id);
	for (uint32_t i = 0; rc == 0 && i < said->ngroups; i++)
		rc = group_join(c, u, d->id, said->groups[i]);
	return rc < 0 ? core_spoil(c, rc) : 0;
}

/* ---- the end of an account */

int
provision_remove(struct core *c, const struct user *u)
{
	int rc = store_user_del(c->st, u->key);

	/* Who has this name next begins with nothing. */
	if (rc == 0)
		rc = store_person_rights(c->st, u->key);
	if (rc < 0)
		return core_spoil(c, rc);
	sessions_close_user(c, u->id);
	return 0;
}
