/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef ROLE_H
#define ROLE_H

#include "lib/compat.h"
#include "releaserd/admin.h"
#include "releaserd/ipc.h"
#include "releaserd/settings.h"

/*
 * What every role but super has in common: it is the same program started
 * again, gets all it needs over descriptor 3, enters its jail, says that it is
 * ready and runs one event loop until it is told to stop or super is gone.
 */
struct role {
	const struct role_ops *ops;
	struct event_base *base;
	struct ipc_chan *super;
	struct settings set;
	struct ipc_start start;		/* points into start_blob */
	uint8_t *start_blob;		/* secrets: role_drop_start() wipes it */
	size_t start_blob_len;
	int fds[REL_FRAME_FDS_MAX];	/* listeners: nhttps, nlocal, nintake */
	unsigned nfds;
	struct event *lost;		/* waits for a new core */
	void *own;			/* the role's own struct */
};

struct role_ops {
	enum ipc_role role;
	enum rel_jail_kind jail;
	int chroot;			/* 1: into an empty folder */
	/* Before the jail: take what is in start and fds; 0 or -REL_E_*. */
	int (*init)(struct role *r, struct rel_err *err);
	/* In the jail, before the loop; may be NULL. */
	int (*begin)(struct role *r, struct rel_err *err);
	/* A new channel to `who`; the descriptor is the role's. */
	void (*peer)(struct role *r, enum ipc_role who, uint32_t index, int fd);
	/* r->set is new; may be NULL. */
	void (*reload)(struct role *r);
	/*
	 * What else super says (IPC_LISTEN, IPC_TLS, IPC_ADMIN_SAID); may be
	 * NULL. The frame's descriptors become the callee's, which sets
	 * fr->nfds to 0 when it keeps them.
	 */
	void (*told)(struct role *r, struct rel_frame *fr);
	/* End in good order: call event_base_loopexit(); NULL does just that. */
	void (*stop)(struct role *r);
	void (*fini)(struct role *r);	/* free everything (leak checks) */
};

extern const struct role_ops core_role, net_role, agent_role, send_role,
    render_role, driver_role;

/*
 * The channel to core has closed.  A new core is tied in by super within
 * moments; if that does not happen the channel alone was broken, and the role
 * ends so that super starts it again.
 */
void role_core_lost(struct role *r);

/* Take IPC_LISTEN into r->start; 0, or -REL_E_FORMAT and logged. */
int role_listen(struct role *r, const struct rel_frame *fr,
    struct ipc_listen *said);

/* Wipe the keys that came with the start, once the role has them. */
void role_drop_start(struct role *r);

/* The whole life of a role; returns the exit status. */
int role_main(const struct role_ops *ops);

/* The whole life of super (releaserd/super/). */
int super_main(const char *conf_path);

/*
 * What one line at a time cannot show: addresses, users and folders that would
 * not do.  Returns 0; else directive names what is wrong, err why.
 */
int super_check(const struct settings *set, const char **directive,
    struct rel_err *err);

#endif
