/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_WEB_PRIV_H
#define OPSIM_WEB_PRIV_H

#include <event2/http.h>

#include "tests/opsim/listen.h"
#include "tests/opsim/web.h"

/* Shared by web.c (requests), web_page.c, web_paper.c and web_proxy.c. */
struct web {
	struct opsim *sim;		/* borrowed */
	const struct heartbeat *heart;	/* borrowed */
	const struct run_args *args;	/* borrowed: the demo cards */
	struct evhttp *http;
	struct web_wait *waits;		/* answers that wait for the server */
	char name[LISTEN_NAME];
	unsigned port;
	char notice[240];		/* shown once on the panel */
};

/* A request whose answer comes later; req is NULL once the client left. */
struct web_wait {
	struct web_wait *next;
	struct web *web;
	struct evhttp_request *req;
};

struct web_wait *web_wait_new(struct web *w, struct evhttp_request *req);
void web_wait_free(struct web_wait *x);

/* Send a page; b is emptied. */
void web_send(struct evhttp_request *req, int status, const char *type,
    struct rel_buf *b);

/* Text escaped for HTML, in text and attributes. */
void web_esc(struct rel_buf *b, const char *s);

/* An icon of OPDP's fixed set as inline SVG; a dot for an unknown name. */
void web_icon(struct rel_buf *b, const char *name);

extern const char web_css[];

void web_page(struct web *w, struct rel_buf *b);	/* GET / */
void web_screen(const struct web *w, struct rel_buf *b);/* the touch screen */
void web_paper(struct web *w, struct rel_buf *b);	/* GET /paper */
void web_paper_file(struct web *w, struct evhttp_request *req,
    const char *name);
void web_proxy(struct web *w, struct evhttp_request *req);

/* What a person did on the page: true when the answer comes later. */
bool web_touch(struct web *w, struct evhttp_request *req,
    const struct evkeyvalq *form, panel_cb done, void *ctx);

#endif
