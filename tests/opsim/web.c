/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/web_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>

#include "lib/text.h"


static void
on_client_left(struct evhttp_connection *conn, void *ctx)
{
	struct web_wait *x = ctx;

	(void)conn;
	x->req = NULL;		/* libevent frees it with the connection */
}

struct web_wait *
web_wait_new(struct web *w, struct evhttp_request *req)
{
	struct web_wait *x = calloc(1, sizeof *x);

	if (x == NULL)
		return NULL;
	x->web = w;
	x->req = req;
	x->next = w->waits;
	w->waits = x;
	evhttp_connection_set_closecb(evhttp_request_get_connection(req),
	    on_client_left, x);
	return x;
}

void
web_wait_free(struct web_wait *x)
{
	struct web_wait **at = &x->web->waits;

	while (*at != NULL && *at != x)
		at = &(*at)->next;
	if (*at == x)
		*at = x->next;
	if (x->req != NULL)
		evhttp_connection_set_closecb(
		    evhttp_request_get_connection(x->req), NULL, NULL);
	free(x);
}

void
web_esc(struct rel_buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		switch (*s) {
		case '&':
			rel_put_fmt(b, "&amp;");
			break;
		case '<':
			rel_put_fmt(b, "&lt;");
			break;
		case '>':
			rel_put_fmt(b, "&gt;");
			break;
		case '"':
			rel_put_fmt(b, "&quot;");
			break;
		case '\'':
			rel_put_fmt(b, "&#39;");
			break;
		default:
			rel_put_raw(b, s, 1);
		}
	}
}

void
web_send(struct evhttp_request *req, int status, const char *type,
    struct rel_buf *b)
{
	struct evkeyvalq *h = evhttp_request_get_output_headers(req);
	struct evbuffer *body = evbuffer_new();

	evhttp_add_header(h, "Content-Type", type);
	evhttp_add_header(h, "Cache-Control", "no-store");
	evhttp_add_header(h, "X-Content-Type-Options", "nosniff");
	evhttp_add_header(h, "Content-Security-Policy", "default-src 'none'; "
	    "style-src 'self'; frame-src 'self'; form-action 'self'; "
	    "frame-ancestors 'self'; base-uri 'none'");
	if (b->failed == 0 && b->len > 0)
		evbuffer_add(body, b->data, b->len);
	evhttp_send_reply(req, b->failed != 0 ? 500 : status, NULL, body);
	evbuffer_free(body);
	rel_buf_fini(b);
}

static void
send_text(struct evhttp_request *req, int status, const char *text)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_fmt(&b, "%s\n", text);
	web_send(req, status, "text/plain; charset=utf-8", &b);
}

static void
send_page(struct web *w, struct evhttp_request *req)
{
	struct rel_buf b;

	rel_buf_init(&b);
	web_page(w, &b);
	w->notice[0] = '\0';
	web_send(req, 200, "text/html; charset=utf-8", &b);
}

static void
send_home(struct evhttp_request *req)
{
	struct rel_buf b;

	rel_buf_init(&b);
	evhttp_add_header(evhttp_request_get_output_headers(req), "Location",
	    "/");
	web_send(req, 303, "text/plain; charset=utf-8", &b);
}

/* The menu came (or did not): show the page. */
static void
on_menu(void *ctx)
{
	struct web_wait *x = ctx;
	struct evhttp_request *req = x->req;
	struct web *w = x->web;

	web_wait_free(x);
	if (req != NULL)
		send_page(w, req);
}

static void
on_touched(void *ctx)
{
	struct web_wait *x = ctx;
	struct evhttp_request *req = x->req;

	web_wait_free(x);
	if (req != NULL)
		send_home(req);
}

/* The panel asks the server anew when what it shows is older than this. */
#define FRESH_MS 1000

static void
get_page(struct web *w, struct evhttp_request *req)
{
	struct panel *p = w->sim->panel;
	const char *now = menu_name(&p->menu);
	struct rel_err err = { .code = 0 };
	struct web_wait *x;

	if (w->sim->dev.off || panel_busy(p) ||
	    rel_mono_ms() - p->menu_at_ms < FRESH_MS || w->notice[0] != '\0' ||
	    (p->nanswers > 0 && p->answers[0].status == 0) ||
	    (x = web_wait_new(w, req)) == NULL) {
		send_page(w, req);
		return;
	}
	if (panel_fetch(p, now[0] != '\0' ? now : NULL, NULL, on_menu, x,
	    &err) < 0) {
		web_wait_free(x);
		send_page(w, req);
	}
}

/* A form of our own page, not of one that knows our address. */
static bool
same_origin(struct evhttp_request *req)
{
	struct evkeyvalq *h = evhttp_request_get_input_headers(req);
	const char *origin = evhttp_find_header(h, "Origin");
	const char *host = evhttp_find_header(h, "Host");

	return origin == NULL || (host != NULL &&
	    strncmp(origin, "http://", 7) == 0 &&
	    strcmp(origin + 7, host) == 0);
}

static void
post_touch(struct web *w, struct evhttp_request *req)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	struct evkeyvalq form;
	struct web_wait *x;
	char *text;

	if (!same_origin(req)) {
		send_text(req, 403, "This form came from another page.");
		return;
	}
	evbuffer_add(in, "", 1);
	text = (char *)evbuffer_pullup(in, -1);
	if (text == NULL || evhttp_parse_query_str(text, &form) < 0) {
		send_text(req, 400, "This is no form.");
		return;
	}
	x = web_wait_new(w, req);
	if (x == NULL || !web_touch(w, req, &form, on_touched, x)) {
		if (x != NULL)
			web_wait_free(x);
		send_home(req);
	}
	evhttp_clear_headers(&form);
	evbuffer_drain(in, evbuffer_get_length(in));
}

static void
get_css(struct evhttp_request *req)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_fmt(&b, "%s", web_css);
	web_send(req, 200, "text/css; charset=utf-8", &b);
}

static void
get_paper(struct web *w, struct evhttp_request *req)
{
	struct rel_buf b;

	rel_buf_init(&b);
	web_paper(w, &b);
	web_send(req, 200, "text/html; charset=utf-8", &b);
}

static void
on_request(struct evhttp_request *req, void *ctx)
{
	struct web *w = ctx;
	bool post = evhttp_request_get_command(req) == EVHTTP_REQ_POST;
	const char *path = evhttp_uri_get_path(
	    evhttp_request_get_evhttp_uri(req));

	if (path == NULL)
		path = "";
	if (strncmp(path, "/panel/", 7) == 0 && same_origin(req))
		web_proxy(w, req);
	else if (post && strcmp(path, "/do") == 0)
		post_touch(w, req);
	else if (post)
		send_text(req, 405, "Nothing to send here.");
	else if (path[0] == '\0' || strcmp(path, "/") == 0)
		get_page(w, req);
	else if (strcmp(path, "/style.css") == 0)
		get_css(req);
	else if (strcmp(path, "/paper") == 0)
		get_paper(w, req);
	else if (strncmp(path, "/paper/", 7) == 0)
		web_paper_file(w, req, path + 7);
	else
		send_text(req, 404, "There is no such page.");
}

int
web_new(struct web **out, struct opsim *sim, const struct heartbeat *heart,
    const struct run_args *args, struct rel_err *err)
{
	int sock = listen_bind(args->http, err);
	struct web *w;

	if (sock < 0)
		return sock;
	if ((w = calloc(1, sizeof *w)) == NULL) {
		close(sock);
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	}
	*out = w;
	w->sim = sim;
	w->heart = heart;
	w->args = args;
	listen_self(sock, w->name, &w->port);
	w->http = evhttp_new(sim->base);
	if (w->http == NULL || listen(sock, 64) < 0 ||
	    evhttp_accept_socket(w->http, sock) < 0) {
		close(sock);
		return rel_err_sys(err, REL_E_IO, "cannot serve %s", w->name);
	}
	evhttp_set_allowed_methods(w->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST |
	    EVHTTP_REQ_HEAD);
	evhttp_set_max_headers_size(w->http, 16384);
	evhttp_set_max_body_size(w->http, 256 * 1024);
	evhttp_set_timeout(w->http, 60);
	evhttp_set_gencb(w->http, on_request, w);
	return 0;
}

void
web_free(struct web **wp)
{
	struct web *w = *wp;

	if (w == NULL)
		return;
	if (w->http != NULL)
		evhttp_free(w->http);
	while (w->waits != NULL) {
		w->waits->req = NULL;
		web_wait_free(w->waits);
	}
	free(w);
	*wp = NULL;
}

const char *
web_name(const struct web *w)
{
	return w->name;
}

unsigned
web_port(const struct web *w)
{
	return w->port;
}
