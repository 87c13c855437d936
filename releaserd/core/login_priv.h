/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef LOGIN_PRIV_H
#define LOGIN_PRIV_H

#include "releaserd/core/core.h"

/*
 * A log-in that waits for an agent: at a panel (login.c) or over HTTPS
 * (api_session.c).  Both fail and lock out alike; what is said differs.
 */
struct pending_login {
	struct asker a;
	const struct login_way *way;
	char method[16], locale[16];
	char from[64];			/* the device's id, or the address */
	char label[65];			/* HTTPS: what the client is called */
	char subjects[2][100];		/* who is locked out by a failure */
	struct user user;		/* id 0: nobody has this name */
	struct proof proof;		/* what is proven if it is right */
	bool nobody;			/* by a secret of the device */
	/* a log-in of several steps (login_step.c) */
	int64_t template;		/* to be satisfied; 0 none */
	char step[37];			/* the session it goes on with, or "" */
	bool up;			/* ... of who is logged in */
	bool html;			/* the panel is a browser */
	int64_t only_directory;		/* that alone is asked; 0: not so */
	struct user proven;		/* whose session that is; id 0 nobody's */
	bool offline;			/* checked here: its directory is away */
	bool registers;			/* ... a card, whose number is: */
	uint8_t card[32];
	char card_tail[8];
};

struct login_way {
	/* Say why not: "bad-credential", "locked-out", ... */
	void (*denied)(struct core *c, const struct pending_login *p,
	    const char *reason);
	/* p->user has proven who it is: answer. */
	void (*admit)(struct core *c, const struct pending_login *p);
	/* Before p is freed; may be NULL. */
	void (*over)(struct core *c);
	/* A closed account is told from a wrong password by nobody. */
	bool closed_is_wrong;
};

/* NULL: no memory. method: see panel_action(); from: see above. */
struct pending_login *login_new(const struct asker *a,
    const struct request *rq, const struct login_way *way, const char *method,
    const char *from);

/*
 * Check name and password, either of which may be NULL, where the account's
 * password is: here (an agent makes the hash, also for a name nobody has), or
 * in a directory.  domain: chosen beside the name, or "".  Takes p, answers.
 */
void login_by_password(struct core *c, const char *name, const char *domain,
    const char *password, struct pending_login *p);

/*
 * It has come out whether p->user (id 0: nobody) is who he or she says.
 * Counts, and answers; frees p.
 */
void login_decided(struct core *c, struct pending_login *p, bool right);

/* Not decided, for this reason ("backend-unavailable" ...); frees p. */
void login_undecided(struct core *c, struct pending_login *p,
    const char *reason);

/* login_directory.c: ask directory id; takes p and answers. */
void login_at_directory(struct core *c, int64_t id, const char *name,
    const char *password, struct pending_login *p);

/* Ask an agent whether secret fits verifier, or a dummy for ""; takes p. */
void login_verify(struct core *c, struct pending_login *p,
    const char *secret, const char *verifier);

/* The session object of doc/opdp.md, as it is now. */
json_t *login_session_json(struct core *c, const struct session *s);

/* The panel's way: menus. */
extern const struct login_way login_at_panel;

/* Name and password as the request has them; takes p. */
void login_by_typed(struct core *c, const struct request *rq,
    struct pending_login *p);

/*
 * login_step.c: p->proof is right.  The panel opens, more is asked, or it
 * is not enough here.
 */
void login_open(struct core *c, const struct pending_login *p);
/* Is p->user somebody else than in the steps before? */
bool login_is_other(const struct pending_login *p);
/* Where this request goes on; NULL, or the reason why it cannot. */
const char *login_begin(struct core *c, const struct request *rq,
    const struct device *d, struct pending_login *p);
/* The menu of that name for the step p is at. */
json_t *login_menu(struct core *c, const struct pending_login *p,
    const char *name, const struct notice *n);
/* login.c: everything is proven. */
void login_opened(struct core *c, const struct pending_login *p,
    struct session *s);

/* "denied", with this menu (taken). */
void login_refuse(struct core *c, const struct asker *a, const char *reason,
    json_t *menu);

/* A credential nobody has: count it for whoever is locked out by it, say so. */
void login_wrong(struct core *c, const struct pending_login *p);

void login_audit(struct core *c, const char *who, const char *what,
    const char *detail);

void login_free(struct core *c, struct pending_login *p);

/* panel_backup.c: takes p and answers. */
void login_by_backup(struct core *c, const struct request *rq,
    struct pending_login *p);

/* login_number.c: each takes p and answers. */
void login_by_card(struct core *c, const struct request *rq,
    struct pending_login *p);
void login_by_number(struct core *c, const struct request *rq,
    struct pending_login *p);
void login_by_code(struct core *c, const struct request *rq,
    struct pending_login *p);
/* login_device.c: likewise */
void login_by_device(struct core *c, const struct request *rq,
    struct pending_login *p);

/* The card p->card becomes p->user's: 0; else an answer has been given. */
int login_tie_card(struct core *c, struct pending_login *p);

/* Seconds one of the subjects is locked out yet; 0: none is. */
int login_locked_s(struct core *c, const struct pending_login *p);

#endif
