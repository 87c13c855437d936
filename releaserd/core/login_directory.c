/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A password that a directory checks; who is right gets an account here, or
 * the one there is brought up to date (provision.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/directories.h"
#include "releaserd/core/login_priv.h"
#include "releaserd/core/offline.h"
#include "releaserd/core/provision.h"

/* ---- what it said */

struct waiting_login {
	struct pending_login *p;
	int64_t directory;
	char name[256];
	struct rel_buf password;	/* with its NUL; for offline.c */
};

static void
waiting_free(struct waiting_login *w)
{
	rel_buf_fini_secret(&w->password);
	free(w);
}

/* Whom it has told of: again is true when that is forgotten meanwhile. */
static int
right_known(struct core *c, const struct waiting_login *w, bool *again)
{
	const struct known_person *k = known_find(directories_known(c),
	    w->directory, w->name);
	int rc = k != NULL ? store_user_by_id(c->st, k->user_id,
	    &w->p->user) : -REL_E_NOTFOUND;

	*again = rc == -REL_E_NOTFOUND;
	return rc;
}

/* What was written of the person is on disk. */
static void
on_kept(struct core *c, void *arg, bool ok)
{
	struct known_person *k = arg;

	if (ok)
		known_put(directories_known(c), k);
	free(k);
}

/* Who logs in again soon is not looked up. */
static void
known_keep(struct core *c, const struct waiting_login *w,
    const struct dir_person *who, int64_t user_id)
{
	const struct directory *d = directories_settings(c, w->directory);
	struct known_person *k;

	if (d == NULL || d->lookup_keep_ms == 0 || who->dn[0] == '\0' ||
	    strlen(who->dn) >= sizeof k->dn ||
	    strlen(w->name) >= sizeof k->name ||
	    (k = calloc(1, sizeof *k)) == NULL)
		return;
	k->directory = w->directory;
	k->user_id = user_id;
	snprintf(k->name, sizeof k->name, "%s", w->name);
	snprintf(k->dn, sizeof k->dn, "%s", who->dn);
	k->until_ms = rel_mono_ms() + d->lookup_keep_ms;
	core_defer(c, on_kept, k);
}

static int
right_told(struct core *c, const struct waiting_login *w,
    const struct directory_row *d, const struct dir_said *said)
{
	struct user *u = &w->p->user;
	int rc = provision_account(c, d, &said->who[0], u);

	if (rc == 0)
		rc = provision_groups(c, d, said, u);
	if (rc == 0 && (said->groups_known ||
	    directories_settings(c, d->id)->group_scheme == GROUPS_NONE))
		known_keep(c, w, &said->who[0], u->id);
	return rc;
}

/* A directory may take several spellings for one: that person's count holds. */
static void
count_for(struct pending_login *p, const char *key)
{
	snprintf(p->subjects[0], sizeof p->subjects[0], "u:%s", key);
}

static bool
ask_again(struct core *c, struct waiting_login *w);

/* True: it is asked again, and w is still wanted. */
static bool
right(struct core *c, struct waiting_login *w, const struct dir_said *said)
{
	struct pending_login *p = w->p;
	const struct directory_row *d = NULL;
	int rc = -REL_E_NOTFOUND;
	bool again = false;

	for (size_t i = 0; (d = directories_at(c, i)) != NULL; i++)
		if (d->id == w->directory)
			break;
	if (d != NULL)
		rc = said->n == 1 ? right_told(c, w, d, said) :
		    right_known(c, w, &again);
	if (again && ask_again(c, w))
		return true;
	if (rc == -REL_E_DENIED || rc == -REL_E_NOTFOUND) {
		p->user.id = 0;
		login_decided(c, p, false);
	} else if (rc < 0) {
		login_undecided(c, p, "backend-unavailable");
	} else {
		count_for(p, p->user.key);
		offline_right(c, w->directory, w->name,
		    (const char *)w->password.data, p->user.id);
		login_decided(c, p, true);
	}
	return false;
}

/* What was right once may be good no more. */
static void
not_right(struct core *c, const struct waiting_login *w,
    const struct dir_said *said, const char *reason)
{
	char key[84];

	if (said->n == 1 && rel_user_key(key, sizeof key, said->who[0].login,
	    c->role->set.strip_realm != 0))
		count_for(w->p, key);
	offline_wrong(c, w->directory, w->name, said->outcome == DIR_WRONG ?
	    (const char *)w->password.data : NULL);
	known_forget(directories_known(c), w->directory, w->name);
	if (reason == NULL)
		login_decided(c, w->p, false);
	else
		login_undecided(c, w->p, reason);
}

static void
on_said(struct core *c, const struct dir_said *said, void *ctx)
{
	struct waiting_login *w = ctx;

	switch (said != NULL ? said->outcome : DIR_SETTINGS) {
	case DIR_RIGHT:
		if (right(c, w, said))
			return;
		break;
	case DIR_WRONG:
	case DIR_NOBODY:
	case DIR_SEVERAL:
		not_right(c, w, said, NULL);
		break;
	case DIR_CLOSED:
		not_right(c, w, said, "account-closed");
		break;
	case DIR_MUST_CHANGE:
		not_right(c, w, said, "password-expired");
		break;
	case DIR_AWAY:
		offline_login(c, w->directory, w->name,
		    (const char *)w->password.data, w->p);
		break;
	default:
		if (said != NULL)
			rel_log(REL_WARN, "a directory cannot be asked",
			    "outcome=%s why=\"%s\"", dir_outcome_word(
			    said->outcome), said->words);
		login_undecided(c, w->p, "backend-unavailable");
	}
	waiting_free(w);
}

static bool
ask_again(struct core *c, struct waiting_login *w)
{
	known_forget(directories_known(c), w->directory, w->name);
	return directory_login(c, w->directory, w->name,
	    (const char *)w->password.data, on_said, w) == 0;
}

void
login_at_directory(struct core *c, int64_t id, const char *name,
    const char *password, struct pending_login *p)
{
	struct waiting_login *w = calloc(1, sizeof *w);

	p->proof = (struct proof){ block_of_directory(c, id), id };
	if (w != NULL) {
		w->p = p;
		w->directory = id;
		snprintf(w->name, sizeof w->name, "%s", name);
		rel_buf_init(&w->password);
		rel_put_raw(&w->password, password, strlen(password) + 1);
		if (!w->password.failed && directory_login(c, id, name,
		    password, on_said, w) == 0)
			return;
		waiting_free(w);
	}
	login_undecided(c, p, "backend-unavailable");
}
