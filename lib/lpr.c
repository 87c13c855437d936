/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/lpr.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/dial.h"
#include "lib/lpr_priv.h"
#include "lib/text.h"

#ifndef MSG_MORE
#define MSG_MORE 0
#endif

#define DEVICE_TEXT_MS 400	/* for the words behind a refusal */
#define FAILED REL_SEND_FAILED

/* One transfer. */
struct lpr {
	struct rel_send t;
	const struct rel_lpr_job *job;
	int sock;
	char own[REL_LPR_HOST_MAX + 1];	/* end of the file names */
};

/* ---- what a device says */

/* recv() of what is there now: bytes, 0 at the end, -1 with errno. */
static ssize_t
lpr_recv(struct lpr *l, void *p, size_t n)
{
	ssize_t got;

	do
		got = recv(l->sock, p, n, 0);
	while (got < 0 && errno == EINTR);
	return got;
}

/* The rest of a line of text that follows a refusal; "" when none does. */
static void
lpr_device_text(struct lpr *l, char *out, size_t size)
{
	int64_t until = rel_mono_ms() + (l->job->reply_ms < DEVICE_TEXT_MS ?
	    l->job->reply_ms : DEVICE_TEXT_MS);
	size_t len = strlen(out), i;

	while (len + 1 < size && rel_wait(l->sock, POLLIN, until)) {
		ssize_t got = lpr_recv(l, out + len, size - 1 - len);

		if (got <= 0)
			break;
		len += (size_t)got;
	}
	/* One line, and nothing behind a NUL: the rest is not for people. */
	for (i = 0; i < len && out[i] != '\0'; i++)
		if ((out[i] == '\n' || out[i] == '\r') && i > 0)
			break;
	out[i] = '\0';
	while (i > 0 && (unsigned char)out[i - 1] <= ' ')
		out[--i] = '\0';
}

/* The device said no with this byte: nothing has printed. */
static int
lpr_refused(struct lpr *l, uint8_t answer)
{
	static const char *const what[] = {
		[REL_SEND_CONNECT] = "does not want to talk to us",
		[REL_SEND_QUEUE] = "does not accept jobs for this queue",
		[REL_SEND_CONTROL] = "refused the description of the job",
		[REL_SEND_DATA] = "refused the document",
		[REL_SEND_FINAL] = "refused the document after receiving it",
		[REL_SEND_DONE] = "refused the job"
	};
	char text[160] = "";

	if (answer >= ' ')
		text[0] = (char)answer;
	lpr_device_text(l, text, sizeof text);
	if (text[0] != '\0' && (answer <= 3 || text[1] != '\0'))
		return rel_send_end(&l->t, REL_SEND_REFUSED, "The %s %s: %s",
		    l->t.device, what[l->t.res->stage], text);
	return rel_send_end(&l->t, REL_SEND_REFUSED, "The %s %s (answer %u).",
	    l->t.device, what[l->t.res->stage], answer);
}

/* It stayed silent, or took nothing, for reply_ms. */
static int
lpr_silent(struct lpr *l)
{
	if (l->t.res->bytes == 0)
		return rel_send_end(&l->t, REL_SEND_AWAY, "The %s took the call "
		    "but does not answer; it may be busy.", l->t.device);
	return rel_send_broke(&l->t, "stopped answering");
}

/* A send failed: the device may have said why before it closed. */
static int
lpr_hung_up(struct lpr *l)
{
	uint8_t answer;

	while (lpr_recv(l, &answer, 1) == 1)
		if (answer != 0)
			return lpr_refused(l, answer);
	return rel_send_broke(&l->t, "closed the connection");
}

/* Read the acknowledgement of a step: one zero octet. */
static int
lpr_ack(struct lpr *l)
{
	int64_t until = rel_mono_ms() + l->job->reply_ms;
	uint8_t answer;
	ssize_t got;

	do {
		if (!rel_wait(l->sock, POLLIN, until))
			return lpr_silent(l);
		got = lpr_recv(l, &answer, 1);
	} while (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
	if (got <= 0)
		return rel_send_broke(&l->t, "closed the connection");
	return answer == 0 ? 0 : lpr_refused(l, answer);
}

/*
 * Look, without waiting, if the device has something to say while it is our
 * turn.  A stray zero octet is dropped: it acknowledges nothing.
 */
static int
lpr_listen(struct lpr *l)
{
	uint8_t answer;
	ssize_t got;

	while ((got = lpr_recv(l, &answer, 1)) == 1)
		if (answer != 0)
			return lpr_refused(l, answer);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	return rel_send_broke(&l->t, "closed the connection");
}

/* ---- what we say */

/* Send all of p. *count (may be NULL) grows with what the network took. */
static int
lpr_put(struct lpr *l, const void *p, size_t n, int more, uint64_t *count)
{
	int64_t until = rel_mono_ms() + l->job->reply_ms;
	const uint8_t *b = p;

	while (n > 0) {
		ssize_t put = send(l->sock, b, n, MSG_NOSIGNAL | more);

		if (put >= 0) {
			until = rel_mono_ms() + l->job->reply_ms;
			b += put;
			n -= (size_t)put;
			if (count != NULL)
				*count += (uint64_t)put;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return lpr_hung_up(l);
		if (!rel_wait(l->sock, POLLOUT | POLLIN, until))
			return lpr_silent(l);
		if (lpr_listen(l) < 0)
			return FAILED;
	}
	return 0;
}

/* "\002length name\n" and its acknowledgement. */
static int
lpr_announce(struct lpr *l, int code, const char *kind, uint64_t bytes)
{
	char line[80];
	int n = snprintf(line, sizeof line, "%c%llu %sA%03u%s\n", code,
	    (unsigned long long)bytes, kind, l->job->number % 1000, l->own);

	if (lpr_put(l, line, (size_t)n, 0, NULL) < 0)
		return FAILED;
	return lpr_ack(l);
}

static int
lpr_queue(struct lpr *l)
{
	char line[260];
	int n = snprintf(line, sizeof line, "\002%s\n", l->job->queue);

	rel_send_stage(&l->t, REL_SEND_QUEUE);
	if (lpr_put(l, line, (size_t)n, 0, NULL) < 0)
		return FAILED;
	return lpr_ack(l);
}

static int
lpr_control(struct lpr *l)
{
	char body[REL_LPR_CONTROL_MAX];
	int n = rel_lpr_control(l->job, body, sizeof body);

	if (n < 0)
		return rel_send_end(&l->t, REL_SEND_REFUSED,
		    "The description of the job is too long.");
	rel_send_stage(&l->t, REL_SEND_CONTROL);
	if (lpr_announce(l, '\002', "cf", (uint64_t)n) < 0 ||
	    lpr_put(l, body, (size_t)n + 1, 0, NULL) < 0)	/* with its NUL */
		return FAILED;
	return lpr_ack(l);
}

/* ---- the document */

static int
lpr_pieces(struct lpr *l, const uint8_t *p, size_t n)
{
	int rc = 1;

	while (rc > 0) {
		/* The end of the document and its zero octet go together. */
		bool last = l->t.res->bytes + n == l->t.src->bytes;

		if (lpr_listen(l) < 0 ||
		    lpr_put(l, p, n, last ? MSG_MORE : 0,
		    &l->t.res->bytes) < 0)
			return FAILED;
		rel_send_stage(&l->t, REL_SEND_DATA);
		rc = rel_send_next(&l->t, &p, &n);
	}
	return rc;
}

static int
lpr_data(struct lpr *l)
{
	const uint8_t *p = NULL;
	size_t n = 0;

	rel_send_stage(&l->t, REL_SEND_DATA);
	if (lpr_announce(l, '\003', "df", l->t.src->bytes) < 0 ||
	    rel_send_next(&l->t, &p, &n) < 0 ||
	    rel_send_no_return(&l->t) < 0 || lpr_pieces(l, p, n) < 0)
		return FAILED;
	rel_send_stage(&l->t, REL_SEND_FINAL);
	if (lpr_put(l, "", 1, 0, NULL) < 0)
		return FAILED;
	return lpr_ack(l);
}

/* ---- the connection */

static int
lpr_connect(struct lpr *l)
{
	const char *unknown;

	rel_send_stage(&l->t, REL_SEND_CONNECT);
	l->sock = rel_dial(l->job->host, l->job->port, l->job->connect_ms,
	    &unknown);
	if (l->sock >= 0)
		return 0;
	if (unknown != NULL)
		return rel_send_end(&l->t, REL_SEND_AWAY,
		    "The address of the %s cannot be found (%s).", l->t.device,
		    unknown);
	if (errno == ETIMEDOUT)
		return rel_send_end(&l->t, REL_SEND_AWAY,
		    "The %s does not answer.", l->t.device);
	if (errno == ECONNREFUSED)
		return rel_send_end(&l->t, REL_SEND_AWAY,
		    "The %s takes no print jobs at port %u now.", l->t.device,
		    l->job->port);
	return rel_send_end(&l->t, REL_SEND_AWAY,
	    "The %s cannot be reached (%s).", l->t.device, strerror(errno));
}

/* What can be said before anyone is called. */
static int
lpr_check(struct lpr *l)
{
	if (l->t.src->bytes == 0)
		return rel_send_end(&l->t, REL_SEND_REFUSED,
		    "The document is empty: there is nothing to print.");
	if (!rel_lpr_queue_ok(l->job->queue))
		return rel_send_end(&l->t, REL_SEND_REFUSED,
		    "The queue name of the %s cannot be used: 1 to 255 "
		    "letters, digits or signs, no blanks.", l->t.device);
	return 0;
}

/* Everything after the connection. */
static int
lpr_talk(struct lpr *l)
{
	if (lpr_queue(l) < 0)
		return FAILED;
	if (l->job->data_first)
		return lpr_data(l) < 0 ? FAILED : lpr_control(l);
	return lpr_control(l) < 0 ? FAILED : lpr_data(l);
}

/*
 * Inside the document the connection is reset: what the kernel still has is
 * thrown away, and the device sees a break and no proper end.
 */
static void
lpr_close(struct lpr *l)
{
	struct linger reset = { 1, 0 };

	if (l->t.res->stage == REL_SEND_DATA && l->t.res->bytes > 0)
		(void)setsockopt(l->sock, SOL_SOCKET, SO_LINGER, &reset,
		    sizeof reset);
	close(l->sock);
}

/* One job; sock is -1, or connected already. */
static void
lpr_run(const struct rel_lpr_job *job, const struct rel_send_source *src,
    struct rel_send_result *res, int sock)
{
	struct lpr l = { .t = { .src = src, .res = res }, .job = job,
	    .sock = sock };

	memset(res, 0, sizeof *res);
	rel_lpr_short_host(l.own);
	snprintf(l.t.device, sizeof l.t.device, "printer at %.100s", job->host);
	if (lpr_check(&l) == 0 && (sock >= 0 || lpr_connect(&l) == 0) &&
	    lpr_talk(&l) == 0) {
		res->outcome = REL_SEND_SENT;
		rel_send_stage(&l.t, REL_SEND_DONE);
	}
	if (l.sock >= 0)
		lpr_close(&l);
}

void
rel_lpr_send(const struct rel_lpr_job *job, const struct rel_send_source *src,
    struct rel_send_result *res)
{
	lpr_run(job, src, res, -1);
}

void
rel_lpr_send_on(int sock, const struct rel_lpr_job *job,
    const struct rel_send_source *src, struct rel_send_result *res)
{
	lpr_run(job, src, res, sock);
}
