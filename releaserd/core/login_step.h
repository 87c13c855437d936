/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef LOGIN_STEP_H
#define LOGIN_STEP_H

#include "releaserd/core/core.h"

/*
 * What a log-in at a panel may prove next, and its menus (menu_login.c).  A
 * log-in of several steps is a session that is half done: its id goes in the
 * actions of its menus ("step") and comes back with them.  Somebody who is
 * logged in proves more for the template the actions name ("template").
 */
/* Blocks as bits; those one way of logging in may prove. */
#define BLOCK_BIT(b) (1u << (b))
#define BLOCK_CARDS (BLOCK_BIT(BLOCK_CARD) | BLOCK_BIT(BLOCK_CARD_PIN))
#define BLOCK_CODES (BLOCK_BIT(BLOCK_CODE) | BLOCK_BIT(BLOCK_GUEST))
#define BLOCK_PASSWORDS (BLOCK_BIT(BLOCK_INTERNAL) | BLOCK_BIT(BLOCK_LDAP) | \
	BLOCK_BIT(BLOCK_GSSAPI) | BLOCK_BIT(BLOCK_KERBEROS) | \
	BLOCK_BIT(BLOCK_NTLM) | BLOCK_BIT(BLOCK_PAM))

struct login_ask {
	char locale[16];
	unsigned kinds;			/* bit of each enum block; 0: none */
	bool known;			/* who it is has been proven already */
	bool locked;			/* the panel is (panel_lock.h) */
	char step[37];			/* of a log-in half done, or "" */
	char template[84];		/* of who is logged in, or "" */
	int64_t asked_by;		/* the template, or 0: everything goes */
	unsigned asks;			/* its blocks, see template_weigh() */
};

/* What a request goes on with. */
struct login_place {
	struct session *s;		/* half done, or of who is logged in */
	int64_t template;		/* to be satisfied; 0: none */
	bool up;			/* by somebody who is logged in */
	bool lost;			/* it says a step that is over */
	const struct device *locked;	/* its panel is; or NULL */
};
struct login_place login_place(struct core *c, const struct request *rq,
    const struct device *d);

void login_asked(struct core *c, const struct login_place *at,
    const char *locale, struct login_ask *out);

/* The menu called so, as far as it is asked; else the first that is. */
json_t *menu_asked(struct core *c, const struct login_ask *ask,
    const char *name, const struct notice *n);
/* The first of a log-in at this device. */
json_t *menu_login(struct core *c, const struct device *d,
    const char *locale, const struct notice *n);
/* For the place of this request. */
json_t *menu_login_named(struct core *c, const struct request *rq,
    const struct device *d, const char *name, const struct notice *n);
/* Somebody who is logged in proves more; when there is nothing to prove (any
 * more), the jobs. */
json_t *menu_prove(struct core *c, const struct request *rq,
    const struct device *d, const struct session *s, const char *name);
json_t *menu_register(struct core *c, const struct login_ask *ask,
    const struct notice *n);

/* What a method of credentials may prove: bits of enum block; 0: no method. */
unsigned login_method_kinds(const char *method);

/* Where an item of a menu leads when its function needs this template. */
json_t *menu_action_prove(const struct template *t);

#endif
