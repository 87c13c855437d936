/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/web_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>

/*
 * /panel/: the server's own HTML panel, as the browser of the device shows
 * it: fetched with the device's certificate; cookies stay in the device.
 */

/* A redirect of the server to itself, as one of this page to itself. */
static const char *
local_part(const struct web *w, const char *location)
{
	const char *server = https_server(w->sim->net);
	size_t n = strlen(server);

	return strncmp(location, server, n) == 0 && location[n] == '/' ?
	    location + n : location;
}

static void
copy_headers(struct web *w, struct evhttp_request *req,
    const struct https_answer *a)
{
	struct evkeyvalq *h = evhttp_request_get_output_headers(req);

	if (a->type[0] != '\0')
		evhttp_add_header(h, "Content-Type", a->type);
	if (a->location[0] != '\0')
		evhttp_add_header(h, "Location", local_part(w, a->location));
	if (a->csp[0] != '\0')
		evhttp_add_header(h, "Content-Security-Policy", a->csp);
	evhttp_add_header(h, "Cache-Control", "no-store");
	evhttp_add_header(h, "X-Content-Type-Options", "nosniff");
}

static void
on_answer(const struct https_answer *a, void *ctx)
{
	struct web_wait *x = ctx;
	struct evhttp_request *req = x->req;
	struct web *w = x->web;
	struct evbuffer *b;

	web_wait_free(x);
	if (req == NULL)
		return;
	if ((b = evbuffer_new()) == NULL) {
		evhttp_send_error(req, 500, NULL);
		return;
	}
	if (a->status == 0) {
		evhttp_add_header(evhttp_request_get_output_headers(req),
		    "Content-Type", "text/plain; charset=utf-8");
		evbuffer_add_printf(b, "No answer from %s: %s\n",
		    https_server(w->sim->net), a->trouble);
	} else {
		copy_headers(w, req, a);
		evbuffer_add(b, a->body, a->body_len);
	}
	evhttp_send_reply(req, a->status != 0 ? (int)a->status : 502, NULL,
	    b);
	evbuffer_free(b);
}

/* The body of the browser's request, or NULL for none. */
static const char *
body_of(struct evhttp_request *req, size_t *n)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);

	*n = evbuffer_get_length(in);
	if (evhttp_request_get_command(req) != EVHTTP_REQ_POST)
		return NULL;
	return *n > 0 ? (const char *)evbuffer_pullup(in, -1) : "";
}

void
web_proxy(struct web *w, struct evhttp_request *req)
{
	struct evkeyvalq *h = evhttp_request_get_input_headers(req);
	struct https_request rq = {
		.path = evhttp_request_get_uri(req),
		.type = evhttp_find_header(h, "Content-Type"),
		.accept = "text/html,text/css,*/*", .browser = true
	};
	struct web_wait *x = NULL;
	struct rel_err err;

	rq.body = body_of(req, &rq.body_len);
	rq.method = rq.body != NULL ? "POST" : "GET";
	if (w->sim->dev.off || strlen(rq.path) > 280 ||
	    (x = web_wait_new(w, req)) == NULL ||
	    https_send(w->sim->net, &rq, on_answer, x, &err) < 0) {
		if (x != NULL)
			web_wait_free(x);
		evhttp_send_error(req, 503, "The device cannot ask");
	}
}
