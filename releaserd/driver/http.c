/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * HTTP for drivers: libcurl's multi interface in the event loop, while the
 * fiber that asked waits.  Without a loop it is worked by hand.
 */
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "releaserd/driver/drivers.h"
#include "releaserd/fiber.h"

#define CONNECT_MS 5000
#define HEAD_MAX 16384u
#define OPEN_MAX 256L		/* connections that are kept */
#define POLL_MS 100

struct asked {
	const struct driver_http *h;
	struct driver_reply *r;
	CURL *c;
	struct curl_slist *headers;
	struct fiber *waits;
	uint32_t tag;			/* of the question it is for */
	bool done, too_much;
	CURLcode rc;
};

static struct {
	CURLM *multi;
	struct event_base *base;
	struct event *timer;
} us;

/* ---- the loop */

static void
collect(void)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(us.multi, &left)) != NULL) {
		struct asked *a = NULL;

		if (m->msg != CURLMSG_DONE || curl_easy_getinfo(m->easy_handle,
		    CURLINFO_PRIVATE, (char **)&a) != CURLE_OK || a == NULL)
			continue;
		a->rc = m->data.result;
		a->done = true;
		if (a->waits != NULL)
			fiber_wake(a->waits);
	}
}

/* A socket, and whom it is for: what kills us here is that one's. */
struct watched {
	struct event *ev;
	uint32_t tag;
};

static void
on_ready(evutil_socket_t fd, short what, void *ctx)
{
	const struct watched *w = ctx;
	int running;

	fiber_loop_for(w->tag);
	(void)curl_multi_socket_action(us.multi, fd,
	    ((what & EV_READ) != 0 ? CURL_CSELECT_IN : 0) |
	    ((what & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0), &running);
	fiber_loop_for(0);
	collect();
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	int running;

	(void)fd;
	(void)what;
	(void)ctx;
	(void)curl_multi_socket_action(us.multi, CURL_SOCKET_TIMEOUT, 0,
	    &running);
	collect();
}

static void
watch_end(struct watched *w)
{
	if (w != NULL && w->ev != NULL)
		event_free(w->ev);
	free(w);
}

static struct watched *
watch(CURL *c, curl_socket_t fd, int what)
{
	struct watched *w = calloc(1, sizeof *w);
	struct asked *a = NULL;

	if (w == NULL)
		return NULL;
	if (curl_easy_getinfo(c, CURLINFO_PRIVATE, (char **)&a) == CURLE_OK &&
	    a != NULL)
		w->tag = a->tag;
	w->ev = event_new(us.base, fd, (short)(EV_PERSIST |
	    ((what & CURL_POLL_IN) != 0 ? EV_READ : 0) |
	    ((what & CURL_POLL_OUT) != 0 ? EV_WRITE : 0)), on_ready, w);
	if (w->ev != NULL && event_add(w->ev, NULL) == 0)
		return w;
	watch_end(w);
	return NULL;
}

static int
on_socket(CURL *c, curl_socket_t fd, int what, void *ctx, void *had)
{
	struct watched *w = NULL;

	(void)ctx;
	watch_end(had);
	if (what != CURL_POLL_REMOVE && (w = watch(c, fd, what)) == NULL)
		return -1;
	(void)curl_multi_assign(us.multi, fd, w);
	return 0;
}

static int
on_wants_time(CURLM *multi, long ms, void *ctx)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	(void)multi;
	(void)ctx;
	if (ms < 0)
		return event_del(us.timer);
	return event_add(us.timer, &tv);
}

int
driver_http_begin(struct event_base *base)
{
	bool ok;

	us.base = base;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (us.multi = curl_multi_init()) == NULL)
		return -REL_E_NOMEM;
	ok = curl_multi_setopt(us.multi, CURLMOPT_MAXCONNECTS, OPEN_MAX) ==
	    CURLM_OK && curl_multi_setopt(us.multi, CURLMOPT_PIPELINING,
	    (long)CURLPIPE_NOTHING) == CURLM_OK;
	if (ok && base != NULL)
		ok = (us.timer = evtimer_new(base, on_timer, NULL)) != NULL &&
		    curl_multi_setopt(us.multi, CURLMOPT_SOCKETFUNCTION,
		    on_socket) == CURLM_OK &&
		    curl_multi_setopt(us.multi, CURLMOPT_TIMERFUNCTION,
		    on_wants_time) == CURLM_OK;
	return ok ? 0 : -REL_E_NOMEM;
}

void
driver_http_end(void)
{
	(void)curl_multi_cleanup(us.multi);
	if (us.timer != NULL)
		event_free(us.timer);
	memset(&us, 0, sizeof us);
}

/* ---- the answer comes */

void
driver_reply_init(struct driver_reply *r)
{
	memset(r, 0, sizeof *r);
	rel_buf_init(&r->body);
	rel_buf_init(&r->head);
}

void
driver_reply_fini(struct driver_reply *r)
{
	rel_buf_fini_secret(&r->body);
	rel_buf_fini_secret(&r->head);
	memset(r, 0, sizeof *r);
}

/* Who is at the other end, while there is one. */
static void
look_at_key(struct asked *a)
{
	struct curl_tlssessioninfo *tls = NULL;
	uint8_t *spki = NULL, hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	X509 *cert;
	int len;

	if (a->r->pin[0] != '\0' || curl_easy_getinfo(a->c,
	    CURLINFO_TLS_SSL_PTR, &tls) != CURLE_OK || tls == NULL ||
	    tls->backend != CURLSSLBACKEND_OPENSSL || tls->internals == NULL ||
	    (cert = SSL_get1_peer_certificate(tls->internals)) == NULL)
		return;
	len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &spki);
	if (len > 0 && EVP_Digest(spki, (size_t)len, hash, &n, EVP_sha256(),
	    NULL) == 1)
		rel_hex(a->r->pin, hash, n);
	OPENSSL_free(spki);
	X509_free(cert);
}

static size_t
on_head(char *p, size_t size, size_t n, void *ctx)
{
	struct asked *a = ctx;
	struct rel_buf *head = &a->r->head;

	n *= size;
	look_at_key(a);
	/* Another begins behind a "100 Continue". */
	if (n >= 5 && memcmp(p, "HTTP/", 5) == 0)
		rel_buf_reset(head);
	a->too_much = head->len + n > HEAD_MAX;
	if (!a->too_much)
		rel_put_raw(head, p, n);
	return a->too_much || head->failed ? 0 : n;
}

static size_t
on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct asked *a = ctx;
	struct rel_buf *body = &a->r->body;

	n *= size;
	a->too_much = body->len + n > a->h->limit;
	if (!a->too_much)
		rel_put_raw(body, p, n);
	return a->too_much || body->failed ? 0 : n;
}

/* One line, without its end; false: there is none any more. */
static bool
next_line(const char **at, const char *end, size_t *len)
{
	const char *nl = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) :
	    NULL;

	if (nl == NULL)
		return false;
	*len = (size_t)(nl - *at);
	if (*len > 0 && nl[-1] == '\r')
		(*len)--;
	return true;
}

bool
driver_header(const struct driver_reply *r, const char *name, char *out,
    size_t size)
{
	const char *at = (const char *)r->head.data, *end = at + r->head.len;
	size_t n = strlen(name), len;

	out[0] = '\0';
	for (; at != NULL && next_line(&at, end, &len);
	    at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1) {
		if (len <= n || at[n] != ':' || strncasecmp(at, name, n) != 0)
			continue;
		for (at += n + 1, len -= n + 1; len > 0 && (*at == ' ' ||
		    *at == '\t'); at++)
			len--;
		while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t'))
			len--;
		if (len >= size || memchr(at, 0, len) != NULL)
			return false;
		memcpy(out, at, len);
		out[len] = '\0';
		rel_text_clean(out, size, out);
		return true;
	}
	return false;
}

static void
take_type(struct driver_reply *r)
{
	char text[256];

	(void)driver_header(r, "Content-Type", text, sizeof text);
	text[strcspn(text, "; \t")] = '\0';
	for (char *p = text; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (strlen(text) < sizeof r->type)
		memcpy(r->type, text, strlen(text) + 1);
}

/* ---- the question */

#define SET(a, option, value) \
	(curl_easy_setopt((a)->c, CURLOPT_##option, value) == CURLE_OK)

static bool
set_blob(CURL *c, CURLoption option, const uint8_t *p, size_t n)
{
	struct curl_blob blob = {
		(void *)(uintptr_t)p, n, CURL_BLOB_COPY
	};

	return curl_easy_setopt(c, option, &blob) == CURLE_OK;
}

/* Who we are, and who the server must be. */
static bool
set_tls(const struct asked *a)
{
	const struct driver_http *h = a->h;
	bool pinned = h->pin != NULL && h->pin[0] != '\0';
	char text[sizeof "sha256//" + 48] = "sha256//";
	uint8_t hash[32];

	if (!SET(a, SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ||
	    !SET(a, SSL_VERIFYPEER, pinned || h->any_server ? 0L : 1L) ||
	    !SET(a, SSL_VERIFYHOST, pinned || h->any_server ? 0L : 2L))
		return false;
	if (pinned && (!rel_unhex(hash, sizeof hash, h->pin,
	    strlen(h->pin)) || EVP_EncodeBlock((uint8_t *)text + 8, hash,
	    sizeof hash) != 44 || !SET(a, PINNEDPUBLICKEY, text)))
		return false;
	return h->cert_len == 0 || (SET(a, SSLCERTTYPE, "PEM") &&
	    SET(a, SSLKEYTYPE, "PEM") &&
	    set_blob(a->c, CURLOPT_SSLCERT_BLOB, h->cert, h->cert_len) &&
	    set_blob(a->c, CURLOPT_SSLKEY_BLOB, h->key, h->key_len));
}

static bool
add_header(struct asked *a, const char *line)
{
	struct curl_slist *l = NULL;

	if (line[strcspn(line, "\r\n")] == '\0')
		l = curl_slist_append(a->headers, line);
	if (l != NULL)
		a->headers = l;
	return l != NULL;
}

static bool
set_headers(struct asked *a)
{
	const char *const *line = a->h->headers;
	bool typed = false, ok = add_header(a, "Expect:");

	for (; ok && line != NULL && *line != NULL; line++) {
		typed = typed || strncasecmp(*line, "Content-Type:", 13) == 0;
		ok = add_header(a, *line);
	}
	return ok && (typed || add_header(a, "Content-Type:")) &&
	    SET(a, HTTPHEADER, a->headers);
}

static bool
set_body(const struct asked *a)
{
	const struct driver_http *h = a->h;
	bool none = h->body_len == 0 && (strcmp(h->method, "GET") == 0 ||
	    strcmp(h->method, "HEAD") == 0 ||
	    strcmp(h->method, "DELETE") == 0);

	if (strcmp(h->method, "HEAD") == 0 && !SET(a, NOBODY, 1L))
		return false;
	return (none || (SET(a, POSTFIELDS, h->body_len > 0 ? h->body : "") &&
	    SET(a, POSTFIELDSIZE_LARGE, (curl_off_t)h->body_len))) &&
	    SET(a, CUSTOMREQUEST, h->method);
}

static bool
set_times(const struct asked *a)
{
	int64_t left = a->h->until_ms - rel_mono_ms();

	left = left < 1 ? 1 : left;
	return SET(a, TIMEOUT_MS, (long)left) && SET(a, CONNECTTIMEOUT_MS,
	    (long)(left < CONNECT_MS ? left : CONNECT_MS));
}

static bool
set_up(struct asked *a)
{
	return SET(a, URL, a->h->url) && SET(a, PRIVATE, (char *)a) &&
	    SET(a, PROTOCOLS_STR, "http,https") &&
	    SET(a, HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	    SET(a, FOLLOWLOCATION, 0L) && SET(a, PROXY, "") &&
	    SET(a, NOPROXY, "*") && SET(a, NOSIGNAL, 1L) &&
	    /* Or all would wait for a name server that is away. */
	    SET(a, QUICK_EXIT, 1L) &&
	    SET(a, USERAGENT, "cups-release") &&
	    SET(a, HEADERFUNCTION, on_head) && SET(a, HEADERDATA, a) &&
	    SET(a, WRITEFUNCTION, on_body) && SET(a, WRITEDATA, a) &&
	    SET(a, MAXFILESIZE_LARGE, (curl_off_t)a->h->limit) &&
	    set_times(a) && set_tls(a) && set_headers(a) && set_body(a);
}

/* ---- asking */

static void
work_by_hand(struct asked *a)
{
	int running;

	do {
		(void)curl_multi_perform(us.multi, &running);
		collect();
		if (!a->done)
			(void)curl_multi_poll(us.multi, NULL, 0, POLL_MS,
			    NULL);
	} while (!a->done && rel_mono_ms() < a->h->until_ms + POLL_MS);
}

/* curl says itself when the time is over; a little later we do. */
static void
wait_for(struct asked *a)
{
	if (us.base == NULL) {
		work_by_hand(a);
		return;
	}
	a->waits = fiber_now();
	while (!a->done && rel_wait(-1, 0, a->h->until_ms + POLL_MS))
		;
	a->waits = NULL;
}

static int
failure_of(const struct asked *a, struct rel_err *err)
{
	int code;

	switch (a->rc) {
	case CURLE_OPERATION_TIMEDOUT:
		code = REL_E_TIMEOUT;
		break;
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return rel_err_set(err, REL_E_DENIED,
		    "its public key is not the one that is known");
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
		code = REL_E_DENIED;
		break;
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_WRITE_ERROR:
		return rel_err_set(err, REL_E_LIMIT,
		    "its answer is larger than %zu bytes", a->h->limit);
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
		code = REL_E_FORMAT;
		break;
	case CURLE_OUT_OF_MEMORY:
		code = REL_E_NOMEM;
		break;
	default:
		code = REL_E_PEER;
	}
	return rel_err_set(err, code, "%s", curl_easy_strerror(a->rc));
}

static int
ask(struct asked *a, struct rel_err *err)
{
	long status = 0;

	if (curl_multi_add_handle(us.multi, a->c) != CURLM_OK)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	wait_for(a);
	(void)curl_multi_remove_handle(us.multi, a->c);
	if (!a->done)
		return rel_err_set(err, REL_E_TIMEOUT, "no answer in time");
	if (a->rc != CURLE_OK)
		return failure_of(a, err);
	if (curl_easy_getinfo(a->c, CURLINFO_RESPONSE_CODE, &status) !=
	    CURLE_OK || status < 200 || status > 599)
		return rel_err_set(err, REL_E_FORMAT,
		    "its answer has no status");
	a->r->status = (int)status;
	take_type(a->r);
	return 0;
}

int
driver_http(const struct driver_http *h, struct driver_reply *r,
    struct rel_err *err)
{
	struct asked a = { .h = h, .r = r, .tag = fiber_tag_now() };
	int rc;

	driver_reply_fini(r);
	driver_reply_init(r);
	if (us.multi == NULL && driver_http_begin(NULL) < 0)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	if (us.base != NULL && fiber_now() == NULL)
		return rel_err_set(err, REL_E_IO, "nobody can wait here");
	if (rel_mono_ms() >= h->until_ms)
		return rel_err_set(err, REL_E_TIMEOUT, "no time is left");
	if ((a.c = curl_easy_init()) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	rc = set_up(&a) ? ask(&a, err) : rel_err_set(err, REL_E_FORMAT,
	    "its address, certificate or key cannot be used");
	curl_easy_cleanup(a.c);
	curl_slist_free_all(a.headers);
	if (rc < 0)
		rel_buf_reset(&r->body);
	return rc;
}
