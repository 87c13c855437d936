/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/fakeipp.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/buf.h"
#include "releaserd/ippmsg.h"

#define HEAD_MAX 4096u
#define BODY_MAX (64u << 20)

/* In a thread of its own a failed assert would end nothing but that. */
static void
need(bool ok)
{
	if (!ok)
		abort();
}

static void
say(int sock, const void *p, size_t n)
{
	(void)!send(sock, p, n, MSG_NOSIGNAL);
}

/* ---- what comes */

struct came {
	char head[HEAD_MAX];
	size_t length;			/* of the body, as the head says */
	uint8_t *body;
	ipp_t *m;
	size_t rest;			/* bytes behind the message */
};

static bool
read_head(int sock, struct came *r)
{
	const char *p;
	size_t n = 0;

	while (n + 1 < sizeof r->head) {
		if (recv(sock, r->head + n, 1, 0) != 1)
			return false;
		r->head[++n] = '\0';
		if (n >= 4 && memcmp(r->head + n - 4, "\r\n\r\n", 4) == 0)
			break;
	}
	p = strcasestr(r->head, "content-length:");
	r->length = p != NULL ? strtoul(p + 15, NULL, 10) : 0;
	return r->length <= BODY_MAX;
}

static size_t
read_body(int sock, struct came *r, size_t want)
{
	size_t n = 0;

	need((r->body = malloc(r->length + 1)) != NULL);
	while (n < want) {
		ssize_t got = recv(sock, r->body + n, want - n, 0);

		if (got <= 0)
			break;
		n += (size_t)got;
	}
	return n;
}

static void
parse(struct came *r, size_t n)
{
	size_t used = 0;

	need(ippmsg_read(&r->m, r->body, n, &used) == 0);
	r->rest = n - used;
}

static void
keep(char *out, size_t size, ipp_t *m, const char *name)
{
	ipp_attribute_t *a = ippFindAttribute(m, name, IPP_TAG_ZERO);
	const char *s = a != NULL ? ippGetString(a, 0, NULL) : NULL;

	if (s != NULL)
		snprintf(out, size, "%s", s);
}

static int
number(ipp_t *m, const char *name)
{
	ipp_attribute_t *a = ippFindAttribute(m, name, IPP_TAG_ZERO);

	return a != NULL ? ippGetInteger(a, 0) : 0;
}

static void
keep_all(struct fakeipp *d, const struct came *r, int op)
{
	if (op == IPP_OP_CREATE_JOB || op == IPP_OP_PRINT_JOB) {
		d->jobs++;
		keep(d->name, sizeof d->name, r->m, "job-name");
		keep(d->user, sizeof d->user, r->m, "requesting-user-name");
		keep(d->sides, sizeof d->sides, r->m, "sides");
		keep(d->media, sizeof d->media, r->m, "media");
		d->copies = number(r->m, "copies");
		d->finishings = number(r->m, "finishings");
	}
	if (op == IPP_OP_CANCEL_JOB)
		d->canceled++;
	if (op != IPP_OP_SEND_DOCUMENT && op != IPP_OP_PRINT_JOB)
		return;
	d->documents++;
	d->of_job = number(r->m, "job-id");
	d->last = number(r->m, "last-document") != 0 || ippGetBoolean(
	    ippFindAttribute(r->m, "last-document", IPP_TAG_ZERO), 0);
	keep(d->format, sizeof d->format, r->m, "document-format");
	free(d->data);
	d->data_len = r->rest;
	need((d->data = malloc(r->rest + 1)) != NULL);
	memcpy(d->data, r->body + r->length - r->rest, r->rest);
}

/* ---- what is answered */

static void
say_http(int sock, int status, const void *p, size_t n)
{
	char head[200];
	int len = snprintf(head, sizeof head, "HTTP/1.1 %d Word\r\n"
	    "Content-Type: application/ipp\r\nLocation: http://127.0.0.1:1/\r\n"
	    "Content-Length: %zu\r\nConnection: close\r\n\r\n", status, n);

	say(sock, head, (size_t)len);
	say(sock, p, n);
}

static void
say_endless(int sock)
{
	static const char head[] = "HTTP/1.1 200 OK\r\n"
	    "Content-Type: application/ipp\r\nConnection: close\r\n\r\n"
	    "\002\000\000\000\000\000\000\001\001";
	static const char one[] = "\x47\0\2aa\0\5utf-8";

	say(sock, head, sizeof head - 1);
	while (send(sock, one, sizeof one - 1, MSG_NOSIGNAL) > 0)
		;
}

/* Collections inside each other, more than anybody needs. */
static void
say_deep(int sock, const struct rel_buf *b)
{
	static const char begin[] = "\x34\0\1a\0\0", member[] =
	    "\x4a\0\0\0\1b";
	struct rel_buf all;

	rel_buf_init(&all);
	rel_put_raw(&all, b->data, 8);
	rel_put_u8(&all, IPP_TAG_PRINTER);
	for (int i = 0; i < 5000; i++) {
		rel_put_raw(&all, begin, sizeof begin - 1);
		rel_put_raw(&all, member, sizeof member - 1);
	}
	rel_put_u8(&all, IPP_TAG_END);
	say_http(sock, 200, all.data, all.len);
	rel_buf_fini(&all);
}

static void
say_ipp(struct fakeipp *d, int sock, int op, int id, bool bad)
{
	ipp_status_t status = bad && d->fault == IPP_SAYS ?
	    (ipp_status_t)d->code : op == IPP_OP_CREATE_JOB && d->no_create ?
	    IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED : IPP_STATUS_OK;
	ipp_t *m = ippNew();
	struct rel_buf b;

	need(m != NULL);
	ippSetVersion(m, 2, 0);
	ippSetStatusCode(m, status);
	ippSetRequestId(m, bad && d->fault == IPP_OTHER_ID ? id + 1 : id);
	ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_CHARSET,
	    "attributes-charset", NULL, "utf-8");
	ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_LANGUAGE,
	    "attributes-natural-language", NULL, "en");
	if (d->fill != NULL)
		d->fill(m, op);
	else if (status == IPP_STATUS_OK)
		ippAddInteger(m, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", 17);
	rel_buf_init(&b);
	need(ippmsg_put(&b, m) == 0);
	if (bad && d->fault == IPP_DEEP)
		say_deep(sock, &b);
	else
		say_http(sock, 200, b.data, b.len);
	rel_buf_fini(&b);
	ippDelete(m);
}

static void
answer(struct fakeipp *d, int sock, struct came *r, bool bad)
{
	int op = (int)ippGetOperation(r->m);

	keep_all(d, r, op);
	if (!bad || d->fault == IPP_SAYS || d->fault == IPP_OTHER_ID ||
	    d->fault == IPP_DEEP)
		say_ipp(d, sock, op, ippGetRequestId(r->m), bad);
	else if (d->fault == IPP_HTTP)
		say_http(sock, d->code, "", 0);
	else if (d->fault == IPP_GARBAGE)
		say_http(sock, 200, "no IPP at all", 13);
	else if (d->fault == IPP_ENDLESS)
		say_endless(sock);
	else if (d->fault == IPP_SILENT)
		(void)!recv(sock, r->head, 1, 0);
}

static void
one(struct fakeipp *d, int sock)
{
	struct came r = { .length = 0 };
	size_t n;
	bool bad;

	if (!read_head(sock, &r))
		return;
	d->asked++;
	/* Operation: bytes 2 and 3. */
	n = read_body(sock, &r, r.length < 8 ? r.length : 8);
	bad = n == 8 && (r.body[2] << 8 | r.body[3]) == d->at &&
	    (d->times == 0 || d->wrong < d->times);
	d->wrong += bad;
	if (n == 8 && !(bad && d->fault == IPP_CLOSES)) {
		size_t want = bad && d->fault == IPP_CLOSES_MID ?
		    r.length / 2 : r.length;
		struct came more = { .length = r.length };

		n += read_body(sock, &more, want - 8);
		memcpy(r.body + 8, more.body, n - 8);
		free(more.body);
		if (n == r.length && r.length >= 8) {
			parse(&r, n);
			answer(d, sock, &r, bad);
			ippDelete(r.m);
		}
	}
	free(r.body);
}

static void *
run(void *arg)
{
	struct fakeipp *d = arg;
	int sock;

	while ((sock = accept(d->listener, NULL, NULL)) >= 0) {
		one(d, sock);
		close(sock);
	}
	return NULL;
}

void
fakeipp_start(struct fakeipp *d)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sin;

	d->listener = socket(AF_INET, SOCK_STREAM, 0);
	need(d->listener >= 0 && bind(d->listener, (struct sockaddr *)&sin,
	    sizeof sin) == 0 && listen(d->listener, 8) == 0 &&
	    getsockname(d->listener, (struct sockaddr *)&sin, &len) == 0);
	d->port = ntohs(sin.sin_port);
	need(pthread_create(&d->thread, NULL, run, d) == 0);
}

void
fakeipp_stop(struct fakeipp *d)
{
	shutdown(d->listener, SHUT_RDWR);
	pthread_join(d->thread, NULL);
	close(d->listener);
}

void
fakeipp_fini(struct fakeipp *d)
{
	free(d->data);
	d->data = NULL;
}

void
fakeipp_uri(const struct fakeipp *d, char out[80])
{
	snprintf(out, 80, "ipp://127.0.0.1:%u/ipp/print", d->port);
}
