/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A password that a directory checks; who is right gets an account here, or
 * the one there is brought up to date (provision.c).
 */
#include <stdlib.h>

#include "releaserd/core/directories.h"
#include "releaserd/core/login_priv.h"
#include "releaserd/core/provision.h"

/* ---- what it said */

struct waiting_login {
	struct pending_login *p;
	int64_t directory;
};

static void
right(struct core *c, struct pending_login *p, const struct dir_said *said,
    int64_t directory)
{
	const struct directory_row *d = NULL;
	int rc = -REL_E_NOTFOUND;

	for (size_t i = 0; (d = directories_at(c, i)) != NULL; i++)
		if (d->id == directory)
			break;
	if (d != NULL && said->n == 1)
		rc = provision_account(c, d, &said->who[0], &p->user);
	if (rc == 0)
		rc = provision_groups(c, d, said, &p->user);
	if (rc == -REL_E_DENIED || rc == -REL_E_NOTFOUND) {
		p->user.id = 0;
		login_decided(c, p, false);
	} else if (rc < 0) {
		login_undecided(c, p, "backend-unavailable");
	} else {
		login_decided(c, p, true);
	}
}

static void
on_said(struct core *c, const struct dir_said *said, void *ctx)
{
	struct waiting_login *w = ctx;
	struct pending_login *p = w->p;
	int64_t directory = w->directory;

	free(w);
	switch (said != NULL ? said->outcome : DIR_AWAY) {
	case DIR_RIGHT:
		right(c, p, said, directory);
		break;
	case DIR_WRONG:
	case DIR_NOBODY:
	case DIR_SEVERAL:
		login_decided(c, p, false);
		break;
	case DIR_CLOSED:
		login_undecided(c, p, "account-closed");
		break;
	case DIR_MUST_CHANGE:
		login_undecided(c, p, "password-expired");
		break;
	default:
		if (said != NULL)
			rel_log(REL_WARN, "a directory cannot be asked",
			    "outcome=%s why=\"%s\"", dir_outcome_word(
			    said->outcome), said->words);
		login_undecided(c, p, "backend-unavailable");
	}
}

void
login_at_directory(struct core *c, int64_t id, const char *name,
    const char *password, struct pending_login *p)
{
	struct waiting_login *w = calloc(1, sizeof *w);

	if (w != NULL) {
		w->p = p;
		w->directory = id;
		if (directory_login(c, id, name, password, on_said, w) == 0)
			return;
		free(w);
	}
	login_undecided(c, p, "backend-unavailable");
}
