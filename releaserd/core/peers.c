/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The channels to all the others; questions go by ask.c. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/fleet.h"
#include "releaserd/core/link.h"

static struct peer **
peers_list(struct core *c, enum ipc_role role)
{
	switch (role) {
	case ROLE_NET:
		return &c->nets;
	case ROLE_AGENT:
		return &c->agents;
	case ROLE_SEND:
		return &c->sends;
	case ROLE_RENDER:
		return &c->renders;
	case ROLE_DRIVER:
		return &c->drivers;
	default:
		return NULL;
	}
}

struct peer *
peers_find(struct core *c, uint64_t serial)
{
	struct peer *lists[] = { c->nets, c->sends, c->agents, c->renders,
		c->drivers };

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		for (struct peer *p = lists[i]; p != NULL; p = p->next)
			if (p->serial == serial)
				return p;
	return NULL;
}

/* ---- all peers */

static void
peer_remove(struct peer *gone)
{
	struct peer **at = peers_list(gone->core, gone->role);

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	ipc_chan_free(&gone->chan);
}

static void
peer_free(struct peer *p)
{
	if (p->at_fd >= 0)
		close(p->at_fd);
	free(p);
}

static void
driver_comes(struct peer *p, struct rel_frame *fr)
{
	fleet_drivers_take(fr);
	asked_shown(p, fr);
}

static void
on_frame(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	struct peer *p = ctx;

	if (p->role == ROLE_NET && fr->type == IPC_REQUEST)
		dispatch(p->core, p, fr);
	else if (p->role == ROLE_DRIVER && fr->type == IPC_DRIVER_LIST)
		driver_comes(p, fr);
	else if (p->role == ROLE_DRIVER && fr->type == IPC_DRIVER_CALL)
		poll_call(p->core, p, fr);
	else if (p->role == ROLE_AGENT || p->role == ROLE_DRIVER)
		asked_answered(p, fr);
	else if (p->role == ROLE_SEND)
		releases_send_frame(p->core, p, fr);
	else if (p->role == ROLE_RENDER)
		works_render_frame(p->core, p, fr);
	else
		ipc_chan_fail(ch);
	rel_frame_drop_fds(fr);
}

static void
on_closed(struct ipc_chan *ch, void *ctx)
{
	struct peer *p = ctx;
	struct core *c = p->core;

	(void)ch;
	peer_remove(p);
	if (p->role == ROLE_SEND)
		releases_send_gone(c, p);
	if (p->role == ROLE_RENDER)
		works_render_gone(c, p);
	if (p->role == ROLE_AGENT || p->role == ROLE_DRIVER)
		asked_gone(c, p);
	peer_free(p);
}

void
peers_add(struct core *c, enum ipc_role who, uint32_t index, int fd)
{
	struct peer **list = peers_list(c, who);
	struct peer *p = list != NULL ? calloc(1, sizeof *p) : NULL;

	if (p != NULL)
		p->chan = ipc_chan_new(c->role->base, fd, ipc_role_name(who),
		    on_frame, on_closed, p);
	if (p == NULL || p->chan == NULL) {
		close(fd);
		free(p);
		return;
	}
	if (who == ROLE_NET || who == ROLE_DRIVER)
		ipc_chan_large(p->chan);
	p->core = c;
	p->at_fd = -1;
	p->role = who;
	p->index = index;
	p->serial = ++c->next_serial;
	p->next = *list;
	*list = p;
	if (who == ROLE_SEND)
		releases_send_ready(c, p);
	if (who == ROLE_RENDER)
		works_render_ready(c, p);
	if (who == ROLE_AGENT || who == ROLE_DRIVER)
		asked_ready(c, who);
}

void
peers_fini(struct core *c)
{
	struct peer **lists[] = { &c->nets, &c->agents, &c->sends,
	    &c->renders, &c->drivers };

	asked_fini(c);
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		while (*lists[i] != NULL) {
			struct peer *p = *lists[i];

			peer_remove(p);
			peer_free(p);
		}
}
