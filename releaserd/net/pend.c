/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/net.h"

#include <stdlib.h>
#include <string.h>

#include "lib/text.h"

/*
 * A table of slots.  An id is slot + generation * NET_PENDING_MAX, so that a
 * late answer never meets the slot's next tenant.  Waiting slots form a ring
 * by age through the head, slot NET_PENDING_MAX.
 */
#define HEAD NET_PENDING_MAX
#define NONE UINT32_MAX

int
pend_init(struct net *n, struct rel_err *err)
{
	n->pend = calloc(NET_PENDING_MAX + 1, sizeof *n->pend);
	if (n->pend == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	for (uint32_t i = 0; i < NET_PENDING_MAX; i++) {
		n->pend[i].id = i;
		n->pend[i].next = i + 1 < NET_PENDING_MAX ? i + 1 : NONE;
	}
	n->pend[HEAD].next = n->pend[HEAD].prev = HEAD;
	return 0;
}

struct pend *
pend_add(struct net *n, struct evhttp_request *req)
{
	uint32_t slot = n->pend_free;
	struct pend *p, *head = &n->pend[HEAD];

	if (slot == NONE)
		return NULL;
	p = &n->pend[slot];
	n->pend_free = p->next;
	p->id += NET_PENDING_MAX;	/* wraps: slot stays in the low bits */
	p->req = req;
	p->due_ms = rel_mono_ms() + NET_ANSWER_MS;
	p->request_id[0] = '\0';
	p->page = NULL;
	p->next = HEAD;
	p->prev = head->prev;
	n->pend[head->prev].next = slot;
	head->prev = slot;
	n->npend++;
	return p;
}

struct pend *
pend_get(struct net *n, uint32_t id)
{
	struct pend *p = &n->pend[id % NET_PENDING_MAX];

	return p->req != NULL && p->id == id ? p : NULL;
}

void
page_free(struct page *pg)
{
	if (pg != NULL)
		rel_wipe(pg, sizeof *pg);
	free(pg);
}

void
pend_drop(struct net *n, struct pend *p)
{
	uint32_t slot = p->id % NET_PENDING_MAX;

	n->pend[p->prev].next = p->next;
	n->pend[p->next].prev = p->prev;
	page_free(p->page);
	p->page = NULL;
	p->req = NULL;
	p->next = n->pend_free;
	n->pend_free = slot;
	n->npend--;
}

void
pend_expire(struct net *n, int64_t now)
{
	while (n->pend[HEAD].next != HEAD) {
		struct pend *p = &n->pend[n->pend[HEAD].next];
		struct evhttp_request *req = p->req;
		bool page = p->page != NULL;
		struct response rs = {
			.problem = "backend-unavailable", .retry_after_s = 2,
			.detail = "no answer in time"
		};
		char request_id[sizeof p->request_id];

		if (p->due_ms > now)
			return;
		memcpy(request_id, p->request_id, sizeof request_id);
		pend_drop(n, p);
		if (page)
			panel_problem(n, req, rs.problem);
		else
			answer_problem(n, req, &rs, request_id);
	}
}

void
pend_fini(struct net *n)
{
	while (n->pend != NULL && n->pend[HEAD].next != HEAD) {
		struct pend *p = &n->pend[n->pend[HEAD].next];
		struct evhttp_request *req = p->req;

		pend_drop(n, p);
		/* Others go with their connection. */
		if (evhttp_request_get_connection(req) == NULL)
			evhttp_request_free(req);
	}
	free(n->pend);
	n->pend = NULL;
}
