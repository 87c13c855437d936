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

static void
right(struct core *c, const struct waiting_login *w,
    const struct dir_said *said)
{
	struct pending_login *p = w->p;
	const struct directory_row *d = NULL;
	int rc = -REL_E_NOTFOUND;

	for (size_t i = 0; (d = directories_at(c, i)) != NULL; i++)
		if (d->id == w->directory)
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
		offline_right(c, w->directory, w->name,
		    (const char *)w->password.data, p->user.id);
		login_decided(c, p, true);
	}
}

/* What was right once is good no more. */
static void
not_right(struct core *c, const struct waiting_login *w, const char *reason)
{
	offline_wrong(c, w->directory, w->name);
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
		right(c, w, said);
		break;
	case DIR_WRONG:
	case DIR_NOBODY:
	case DIR_SEVERAL:
		not_right(c, w, NULL);
		break;
	case DIR_CLOSED:
		not_right(c, w, "account-closed");
		break;
	case DIR_MUST_CHANGE:
		not_right(c, w, "password-expired");
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
