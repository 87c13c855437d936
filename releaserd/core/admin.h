/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CORE_ADMIN_H
#define CORE_ADMIN_H

#include "releaserd/admin.h"
#include "releaserd/core/api_priv.h"

/* Settings, ports and the certificate: what core and super say to each other. */

/* One call on its way to super and back; freed by admin_call_free(). */
struct admin_call {
	struct asker a;
	struct caller who;
	unsigned type;			/* IPC_CONF_SET ... */
	bool dry_run;
	const char *field;		/* at fault when super refuses, or NULL */
	struct rel_buf body;		/* of the question */
	json_t *changes;		/* what it changes; owned */
	char host[256];			/* our name, as super has it */
};
struct admin_call *admin_call_new(const struct asker *a,
    const struct caller *who, unsigned type);
void admin_call_free(struct admin_call *k);

/*
 * Ask super; done comes once, with the answer (borrowed) or NULL when there
 * will be none.  -REL_E_FULL: done does not come.
 */
typedef void (*super_done)(struct core *c, const struct admin_said *said,
    void *ctx);
int super_ask(struct core *c, unsigned type, const struct rel_buf *body,
    super_done done, void *ctx);

/*
 * Look at what super has (IPC_CONF_GET, IPC_CERT_GET) for an administrator;
 * done gets a new call as its ctx.  Others are answered here.
 */
void admin_look(struct core *c, struct asker *a, const struct caller *who,
    unsigned type, super_done done);

/*
 * Write down who asks for what, and when that is on the disk ask super with
 * k->body.  k is then done's; answered as "try again" when it cannot be.
 */
void admin_order(struct core *c, struct admin_call *k, const char *what,
    const char *detail, super_done done);
/* It did not come to it: that is written down, too, and answered. */
void admin_refused(struct core *c, struct admin_call *k, const char *what,
    const struct admin_said *said, const char *problem);

/* ---- api_settings.c */
/* Which settings of the file wait for the next start? */
void settings_refresh(struct core *c);

/* ---- api_cert.c */
/* Look at the certificates again (a new one, a new day). */
void certs_refresh(struct core *c);
/* What somebody should see to, as a list for GET /status. */
json_t *certs_warnings(const struct core *c);

#endif
