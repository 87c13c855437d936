/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * template: a driver to begin from (doc/driver.md, "A driver of your own").
 * It is built and tested and in no list.  Its devices are imaginary: they
 * answer GET /device.json with
 *
 *	{"model": "W7", "serial": "A1", "colour": true, "state": "idle",
 *	 "sides": 1234, "changes": 5,
 *	 "trays": [{"name": "Tray 1", "sheets": 120, "holds": 500}]}
 *
 * and take documents at a port of their own: "PRINT 1234 2\n" for 1234 bytes
 * and two copies, the document, then their answer "OK\n" or "NO why\n", which
 * means that nothing of it prints.
 */
#include "releaserd/driver/template.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/dial.h"
#include "lib/text.h"
#include "releaserd/driver/drivers.h"
#include "releaserd/json_in.h"

#define ANSWER_MAX 65536u	/* of a device: bound everything it says */
#define TRAYS_MAX 20u

/* ---- what it says */

static void
take_text(struct items *l, const char *name, unsigned n, const json_t *from,
    const char *member)
{
	items_str(l, name, n, json_string_value(json_object_get(from,
	    member)));
}

/* A number it does not tell is not 0: it is no item at all. */
static void
take_number(struct items *l, const char *name, unsigned n,
    const json_t *from, const char *member)
{
	const json_t *value = json_object_get(from, member);

	if (json_is_integer(value) && json_integer_value(value) >= 0)
		items_number(l, name, n, json_integer_value(value));
}

static void
take_trays(struct items *l, const json_t *trays)
{
	size_t n = json_array_size(trays);

	for (size_t i = 0; i < n && i < TRAYS_MAX; i++) {
		const json_t *tray = json_array_get(trays, i);
		unsigned number = (unsigned)i + 1;

		take_text(l, "input.N.name", number, tray, "name");
		take_number(l, "input.N.level", number, tray, "sheets");
		take_number(l, "input.N.capacity", number, tray, "holds");
	}
	l->groups |= 1u << ITEMS_INPUT;		/* these are all it has */
}

/* Its words for states, in those of RFC 8011; what is new is "unknown". */
static const char *
state_of(const char *said)
{
	static const char *const words[][2] = {
		{ "idle", "idle" }, { "busy", "processing" },
		{ "error", "stopped" }, { "asleep", "sleep" }
	};

	for (size_t i = 0; said != NULL && i < sizeof words /
	    sizeof words[0]; i++)
		if (strcmp(said, words[i][0]) == 0)
			return words[i][1];
	return "unknown";
}

/* ---- asking */

static int
rc_of(const struct driver_reply *r, struct rel_err *err)
{
	switch (r->status) {
	case 200:
		return 0;
	case 401:
	case 403:
		return rel_err_set(err, REL_E_DENIED, "it refuses to tell");
	case 404:
		return rel_err_set(err, REL_E_NOTFOUND,
		    "it has no /device.json");
	default:
		return rel_err_set(err, REL_E_PEER, "it answers %d",
		    r->status);
	}
}

/* The whole object, the caller's; it waits, others go on meanwhile. */
static int
fetch(const struct driver_ask *q, json_t **out, struct rel_err *err)
{
	char url[320];
	struct driver_http h = { .method = "GET", .url = url,
	    .limit = ANSWER_MAX, .until_ms = driver_until(q) };
	struct driver_reply r;
	int rc;

	*out = NULL;
	if (q->at.url[0] != '\0')	/* somebody told it; else the usual one */
		h.url = q->at.url;
	else if (!driver_url(url, sizeof url, "http", q->at.address, 0,
	    "/device.json"))
		return rel_err_set(err, REL_E_FORMAT, "it has no address");
	driver_reply_init(&r);
	if ((rc = driver_http(&h, &r, err)) == 0)
		rc = rc_of(&r, err);
	if (rc == 0 && (*out = json_in((const char *)r.body.data, r.body.len,
	    err)) == NULL)
		rc = -REL_E_FORMAT;
	driver_reply_fini(&r);
	return rc;
}

/* ---- the functions */

static int
template_info(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	json_t *all;
	int rc = fetch(q, &all, err);

	if (rc < 0)
		return rc;
	take_text(&s->items, "model", 0, all, "model");
	take_text(&s->items, "serial", 0, all, "serial");
	items_number(&s->items, "color", 0,
	    json_is_true(json_object_get(all, "colour")));
	take_trays(&s->items, json_object_get(all, "trays"));
	json_decref(all);
	return 0;
}

static int
template_status(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	json_t *all;
	int rc = fetch(q, &all, err);

	if (rc < 0)
		return rc;
	items_str(&s->items, "state", 0, state_of(json_string_value(
	    json_object_get(all, "state"))));
	take_number(&s->items, "counter.impressions", 0, all, "sides");
	s->items.groups |= 1u << ITEMS_STATE;
	/* Its count of changes is what we remember: another one, ask info. */
	snprintf(s->kept, sizeof s->kept, "%lld", (long long)
	    json_integer_value(json_object_get(all, "changes")));
	s->changed = strcmp(s->kept, q->kept) != 0;
	json_decref(all);
	return 0;
}

/* It calls POST /opdp/v1/driver/state {"body":{"state":"error"}}. */
static int
template_inbound(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	json_t *all;

	if (strcmp(q->id, "state") != 0)
		return rel_err_set(err, REL_E_NOTFOUND, "it calls what this "
		    "driver does not know");
	if ((all = json_in(q->text, q->text_len, err)) == NULL)
		return -REL_E_FORMAT;
	items_str(&s->items, "state", 0, state_of(json_string_value(
	    json_object_get(all, "state"))));
	rel_put_fmt(&s->text, "{\"heard\":true}");
	json_decref(all);
	return 0;
}

/* ---- sending a document: in the role `send`, where it may block */

static bool
put(int sock, const void *p, size_t n, int64_t until_ms)
{
	const char *at = p;

	while (n > 0) {
		ssize_t sent = -1;

		if (rel_wait(sock, POLLOUT, until_ms))
			sent = send(sock, at, n, MSG_NOSIGNAL);
		else
			errno = ETIMEDOUT;
		if (sent < 0 && errno != EINTR && errno != EAGAIN)
			return false;
		if (sent > 0) {
			at += sent;
			n -= (size_t)sent;
		}
	}
	return true;
}

/* Its line, "" when there is none in time. */
static void
answer_read(int sock, char *out, size_t size, int64_t until_ms)
{
	size_t n = 0;
	ssize_t got;

	while (n + 1 < size && memchr(out, '\n', n) == NULL &&
	    rel_wait(sock, POLLIN, until_ms)) {
		got = recv(sock, out + n, size - 1 - n, 0);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	out[n] = '\0';
	if (n == 0 || out[n - 1] != '\n')
		out[0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

static void
document(struct rel_send *s, const struct send_job *m, int sock)
{
	char line[160];
	const uint8_t *p;
	size_t n;
	int rc;

	snprintf(line, sizeof line, "PRINT %llu %u\n",
	    (unsigned long long)s->src->bytes, m->copies);
	rel_send_stage(s, REL_SEND_DATA);
	if (!put(sock, line, strlen(line), rel_mono_ms() + m->reply_ms)) {
		rel_send_broke(s, "closed the connection");
		return;
	}
	if (rel_send_no_return(s) < 0)
		return;
	while ((rc = rel_send_next(s, &p, &n)) > 0) {
		s->res->bytes += n;	/* what is on its way may print */
		if (!put(sock, p, n, rel_mono_ms() + m->reply_ms)) {
			rel_send_broke(s, "closed the connection");
			return;
		}
		rel_send_stage(s, REL_SEND_DATA);
	}
	if (rc < 0)
		return;
	rel_send_stage(s, REL_SEND_FINAL);
	answer_read(sock, line, sizeof line, rel_mono_ms() + m->reply_ms);
	if (strcmp(line, "OK") == 0) {
		s->res->outcome = REL_SEND_SENT;
		rel_send_stage(s, REL_SEND_DONE);
	} else if (strncmp(line, "NO ", 3) == 0) {
		rel_send_end(s, REL_SEND_REFUSED, "The %s refused the "
		    "document: %s", s->device, line + 3);
	} else {
		rel_send_broke(s, "stopped answering");
	}
}

static void
template_job_send(const struct send_job *m, const struct rel_send_source *src,
    struct driver_sent *out)
{
	struct rel_send s = { .src = src, .res = &out->r };
	const char *unknown;
	int sock;

	memset(out, 0, sizeof *out);
	snprintf(s.device, sizeof s.device, "printer at %.100s", m->host);
	rel_send_stage(&s, REL_SEND_CONNECT);
	sock = rel_dial(m->host, m->port, m->connect_ms, &unknown);
	if (sock < 0) {
		rel_send_end(&s, REL_SEND_AWAY, "The %s does not answer: %s.",
		    s.device, unknown != NULL ? unknown : strerror(errno));
		return;
	}
	document(&s, m, sock);
	close(sock);
}

const struct driver_ops driver_template = {
	.name = "template",
	.words = "A driver to begin from",
	.can = DRIVER_CAN_INFO | DRIVER_CAN_SEND | DRIVER_CAN_INBOUND,
	.info = template_info,
	.status = template_status,
	.job_send = template_job_send,
	.inbound = template_inbound
};
