/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/https.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <curl/curl.h>

#include "lib/buf.h"
#include "tests/opsim/trace.h"

#define ANSWER_MAX (4u << 20)

struct https {
	struct event_base *base;
	struct event *timer;
	CURLM *multi;
	CURLSH *cookies;
	struct call *calls;		/* on their way */
	struct trace *trace;
	char server[300], pin[96], locale[16], token[80];
	char ca[STATE_PATH], cert[STATE_PATH], key[STATE_PATH];
};

struct call {
	struct call *next;
	struct https *h;
	CURL *easy;
	struct curl_slist *headers;
	struct rel_buf body;
	char *sent;			/* the request's body */
	char method[8], path[300];
	char type[80], location[300], csp[300];
	bool replayed;
	char trouble[CURL_ERROR_SIZE];
	https_cb cb;
	void *ctx;
};

static void
call_free(struct call *c)
{
	struct call **at = &c->h->calls;

	while (*at != NULL && *at != c)
		at = &(*at)->next;
	if (*at == c)
		*at = c->next;
	if (c->easy != NULL) {
		curl_multi_remove_handle(c->h->multi, c->easy);
		curl_easy_cleanup(c->easy);
	}
	curl_slist_free_all(c->headers);
	if (c->sent != NULL)
		rel_wipe(c->sent, strlen(c->sent));
	free(c->sent);
	rel_buf_fini_secret(&c->body);
	free(c);
}

static size_t
on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct call *c = ctx;

	if (c->body.len + size * n > ANSWER_MAX)
		return 0;
	rel_put_raw(&c->body, p, size * n);
	return c->body.failed != 0 ? 0 : size * n;
}

/* "Name: value" into out when the line has that name. */
static void
header_take(const char *line, size_t n, const char *name, char *out,
    size_t size)
{
	size_t len = strlen(name);

	if (n <= len || strncasecmp(line, name, len) != 0 || line[len] != ':')
		return;
	line += len + 1;
	n -= len + 1;
	while (n > 0 && (*line == ' ' || *line == '\t'))
		line++, n--;
	while (n > 0 && (line[n - 1] == '\r' || line[n - 1] == '\n'))
		n--;
	snprintf(out, size, "%.*s", (int)n, line);
}

static size_t
on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct call *c = ctx;
	char replay[8] = "";

	header_take(p, n, "Content-Type", c->type, sizeof c->type);
	header_take(p, n, "Location", c->location, sizeof c->location);
	header_take(p, n, "Content-Security-Policy", c->csp, sizeof c->csp);
	header_take(p, n, "Idempotent-Replay", replay, sizeof replay);
	if (strcmp(replay, "true") == 0)
		c->replayed = true;
	return size * n;
}

static void
call_done(struct call *c, CURLcode rc)
{
	struct https_answer a = {
		.replayed = c->replayed, .type = c->type,
		.location = c->location, .csp = c->csp, .trouble = ""
	};

	if (rc == CURLE_OK) {
		curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &a.status);
	} else {
		a.trouble = c->trouble[0] != '\0' ? c->trouble :
		    curl_easy_strerror(rc);
		rel_buf_reset(&c->body);
	}
	a.body_len = c->body.len;
	rel_put_u8(&c->body, 0);
	a.body = c->body.data != NULL ? (const char *)c->body.data : "";
	trace_put(c->h->trace, c->method, c->path, c->sent, &a);
	c->cb(&a, c->ctx);
	call_free(c);
}

static void
check_done(struct https *h)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		struct call *c = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &c);
		call_done(c, m->data.result);
	}
}

static void
on_socket_event(evutil_socket_t fd, short what, void *ctx)
{
	struct https *h = ctx;
	int running, flags = 0;

	if (what & EV_READ)
		flags |= CURL_CSELECT_IN;
	if (what & EV_WRITE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(h->multi, fd, flags, &running);
	check_done(h);
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct https *h = ctx;
	int running;

	(void)fd;
	(void)what;
	curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	check_done(h);
}

static int
want_socket(CURL *easy, curl_socket_t s, int what, void *ctx, void *mine)
{
	struct https *h = ctx;
	struct event *ev = mine;
	short on = EV_PERSIST;

	(void)easy;
	if (ev != NULL)
		event_free(ev);
	if (what == CURL_POLL_REMOVE) {
		curl_multi_assign(h->multi, s, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		on |= EV_READ;
	if (what & CURL_POLL_OUT)
		on |= EV_WRITE;
	ev = event_new(h->base, s, on, on_socket_event, h);
	if (ev != NULL)
		event_add(ev, NULL);
	curl_multi_assign(h->multi, s, ev);
	return 0;
}

static int
want_timer(CURLM *multi, long ms, void *ctx)
{
	struct https *h = ctx;
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	(void)multi;
	if (ms < 0)
		evtimer_del(h->timer);
	else
		evtimer_add(h->timer, &tv);
	return 0;
}

static void
copy(char *out, size_t size, const char *s)
{
	snprintf(out, size, "%s", s != NULL ? s : "");
}

int
https_new(struct https **out, struct event_base *base,
    const struct https_setup *how, struct rel_err *err)
{
	struct https *h;
	size_t n;

	if (strncmp(how->server, "https://", 8) != 0 ||
	    strlen(how->server) >= sizeof h->server)
		return rel_err_set(err, REL_E_FORMAT,
		    "the server must be given as https://HOST:PORT");
	if ((h = calloc(1, sizeof *h)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	copy(h->server, sizeof h->server, how->server);
	for (n = strlen(h->server); n > 8 && h->server[n - 1] == '/'; n--)
		h->server[n - 1] = '\0';
	copy(h->ca, sizeof h->ca, how->ca_file);
	copy(h->cert, sizeof h->cert, how->cert_file);
	copy(h->key, sizeof h->key, how->key_file);
	copy(h->token, sizeof h->token, how->token);
	copy(h->locale, sizeof h->locale,
	    how->locale != NULL ? how->locale : "en");
	if (how->pin != NULL && strncmp(how->pin, "sha256/", 7) == 0)
		snprintf(h->pin, sizeof h->pin, "sha256//%s", how->pin + 7);
	h->base = base;
	h->timer = evtimer_new(base, on_timer, h);
	h->multi = curl_multi_init();
	h->cookies = curl_share_init();
	curl_share_setopt(h->cookies, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	*out = h;
	return trace_open(&h->trace, how->trace, err);
}

void
https_free(struct https **hp)
{
	struct https *h = *hp;

	if (h == NULL)
		return;
	while (h->calls != NULL)
		call_free(h->calls);
	curl_multi_cleanup(h->multi);
	curl_share_cleanup(h->cookies);
	event_free(h->timer);
	trace_close(&h->trace);
	free(h);
	*hp = NULL;
}

static void
call_header(struct call *c, const char *name, const char *value)
{
	char line[400];

	snprintf(line, sizeof line, "%s: %s", name, value);
	c->headers = curl_slist_append(c->headers, line);
}

static void
call_headers(struct call *c, const struct https_request *rq)
{
	char bearer[100];

	call_header(c, "Accept",
	    rq->accept != NULL ? rq->accept : "application/json");
	call_header(c, "Accept-Language", c->h->locale);
	call_header(c, "Expect", "");
	if (!rq->browser)
		call_header(c, "OPDP-Version", "1.0");
	if (c->h->token[0] != '\0') {
		snprintf(bearer, sizeof bearer, "Bearer %s", c->h->token);
		call_header(c, "Authorization", bearer);
	}
	if (rq->body != NULL)
		call_header(c, "Content-Type",
		    rq->type != NULL ? rq->type : "application/json");
	if (rq->idem_key != NULL)
		call_header(c, "Idempotency-Key", rq->idem_key);
	if (rq->browser && rq->body != NULL)
		call_header(c, "Origin", c->h->server);
}

static void
call_tls(CURL *e, const struct https *h)
{
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (h->ca[0] != '\0') {
		curl_easy_setopt(e, CURLOPT_CAINFO, h->ca);
		curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	} else {
		curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (h->pin[0] != '\0')
		curl_easy_setopt(e, CURLOPT_PINNEDPUBLICKEY, h->pin);
	if (h->cert[0] != '\0') {
		curl_easy_setopt(e, CURLOPT_SSLCERT, h->cert);
		curl_easy_setopt(e, CURLOPT_SSLKEY, h->key);
	}
}

static void
call_setup(struct call *c, const struct https_request *rq)
{
	CURL *e = c->easy;
	char url[620];

	snprintf(url, sizeof url, "%s%s", c->h->server, rq->path);
	curl_easy_setopt(e, CURLOPT_URL, url);
	curl_easy_setopt(e, CURLOPT_PRIVATE, c);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, 3000L);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, 10000L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->trouble);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, c->headers);
	if (rq->body != NULL) {
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE, (long)rq->body_len);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, c->sent);
	}
	if (rq->body == NULL || strcmp(rq->method, "POST") != 0)
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, rq->method);
	if (rq->own_connection) {
		curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
	}
	if (rq->browser) {
		curl_easy_setopt(e, CURLOPT_COOKIEFILE, "");
		curl_easy_setopt(e, CURLOPT_SHARE, c->h->cookies);
	}
	call_tls(e, c->h);
}

int
https_send(struct https *h, const struct https_request *rq, https_cb cb,
    void *ctx, struct rel_err *err)
{
	struct call *c = calloc(1, sizeof *c);

	if (c == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	c->h = h;
	c->cb = cb;
	c->ctx = ctx;
	rel_buf_init(&c->body);
	copy(c->method, sizeof c->method, rq->method);
	copy(c->path, sizeof c->path, rq->path);
	c->next = h->calls;
	h->calls = c;
	if (rq->body != NULL && (c->sent = malloc(rq->body_len + 1)) != NULL) {
		memcpy(c->sent, rq->body, rq->body_len);
		c->sent[rq->body_len] = '\0';
	}
	c->easy = curl_easy_init();
	if (c->easy == NULL || (rq->body != NULL && c->sent == NULL)) {
		call_free(c);
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	}
	call_headers(c, rq);
	call_setup(c, rq);
	if (curl_multi_add_handle(h->multi, c->easy) != CURLM_OK) {
		call_free(c);
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	}
	return 0;
}

int
https_of_device(struct https **out, struct event_base *base,
    const struct state *st, const char *trace, const char *locale,
    struct rel_err *err)
{
	char ca[STATE_PATH], cert[STATE_PATH], key[STATE_PATH];
	struct https_setup how = {
		.server = state_str(st, "server", ""),
		.pin = state_str(st, "server_pin", NULL),
		.cert_file = cert, .key_file = key, .trace = trace,
		.locale = locale, .token = state_str(st, "token", NULL)
	};

	state_path(st, "server.pem", ca);
	state_path(st, "device.crt", cert);
	state_path(st, "device.key", key);
	if (how.token != NULL)
		how.cert_file = how.key_file = NULL;
	how.ca_file = access(ca, R_OK) == 0 ? ca : NULL;
	if (how.ca_file == NULL && how.pin == NULL)
		return rel_err_set(err, REL_E_DENIED,
		    "the device does not know who its server is: "
		    "register again with --ca or --pin");
	return https_new(out, base, &how, err);
}

struct trace *
https_trace(const struct https *h)
{
	return h->trace;
}

const char *
https_server(const struct https *h)
{
	return h->server;
}
