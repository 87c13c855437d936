/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/lpr.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
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
#define FAILED (-1)		/* the result says how */

/* One transfer. */
struct lpr {
	const struct rel_lpr_job *job;
	const struct rel_lpr_source *src;
	struct rel_lpr_result *res;
	int sock;
	char own[REL_LPR_HOST_MAX + 1];	/* end of the file names */
	char device[160];		/* "printer at 10.0.0.5" */
};

static void
lpr_stage(struct lpr *l, enum rel_lpr_stage stage)
{
	l->res->stage = stage;
	if (l->src->progress != NULL)
		l->src->progress(l->src->ctx, stage, l->res->bytes);
}

/* Set the result; what a device or an error said is made harmless here. */
static int __attribute__((format(printf, 3, 4)))
lpr_end(struct lpr *l, enum rel_lpr_outcome outcome, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	l->res->outcome = outcome;
	rel_text_clean(l->res->reason, sizeof l->res->reason, text);
	return FAILED;
}

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
		[REL_LPR_CONNECT] = "does not want to talk to us",
		[REL_LPR_QUEUE] = "does not accept jobs for this queue",
		[REL_LPR_CONTROL] = "refused the description of the job",
		[REL_LPR_DATA] = "refused the document",
		[REL_LPR_FINAL] = "refused the document after receiving it",
		[REL_LPR_DONE] = "refused the job"
	};
	char text[160] = "";

	if (answer >= ' ')
		text[0] = (char)answer;
	lpr_device_text(l, text, sizeof text);
	if (text[0] != '\0' && (answer <= 3 || text[1] != '\0'))
		return lpr_end(l, REL_LPR_REFUSED, "The %s %s: %s", l->device,
		    what[l->res->stage], text);
	return lpr_end(l, REL_LPR_REFUSED, "The %s %s (answer %u).",
	    l->device, what[l->res->stage], answer);
}

/*
 * The connection is of no use any more and the device did not say no.  From
 * the first data byte on it may have printed: many print while receiving.
 */
static int
lpr_broke(struct lpr *l, const char *how)
{
	unsigned long long sent = l->res->bytes, all = l->src->bytes;

	if (sent == 0)
		return lpr_end(l, REL_LPR_AWAY,
		    "The %s %s before it took the document.", l->device, how);
	if (sent < all)
		return lpr_end(l, REL_LPR_UNCONFIRMED, "The %s %s after %llu "
		    "of %llu bytes; a part may have printed.", l->device, how,
		    sent, all);
	return lpr_end(l, REL_LPR_UNCONFIRMED, "The %s was sent the whole "
	    "document but %s without confirming it; it may have printed.",
	    l->device, how);
}

/* It stayed silent, or took nothing, for reply_ms. */
static int
lpr_silent(struct lpr *l)
{
	if (l->res->bytes == 0)
		return lpr_end(l, REL_LPR_AWAY, "The %s took the call but "
		    "does not answer; it may be busy.", l->device);
	return lpr_broke(l, "stopped answering");
}

/* A send failed: the device may have said why before it closed. */
static int
lpr_hung_up(struct lpr *l)
{
	uint8_t answer;

	while (lpr_recv(l, &answer, 1) == 1)
		if (answer != 0)
			return lpr_refused(l, answer);
	return lpr_broke(l, "closed the connection");
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
		return lpr_broke(l, "closed the connection");
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
	return lpr_broke(l, "closed the connection");
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

	lpr_stage(l, REL_LPR_QUEUE);
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
		return lpr_end(l, REL_LPR_REFUSED,
		    "The description of the job is too long.");
	lpr_stage(l, REL_LPR_CONTROL);
	if (lpr_announce(l, '\002', "cf", (uint64_t)n) < 0 ||
	    lpr_put(l, body, (size_t)n + 1, 0, NULL) < 0)	/* with its NUL */
		return FAILED;
	return lpr_ack(l);
}

/* ---- the document */

/* Our own side cannot go on. */
static int
lpr_abandon(struct lpr *l, enum rel_lpr_outcome unsent, const char *why)
{
	if (l->res->bytes == 0)
		return lpr_end(l, unsent, "Nothing was printed: %s.", why);
	return lpr_end(l, REL_LPR_UNCONFIRMED, "Sending to the %s was broken "
	    "off after %llu of %llu bytes (%s); a part may have printed.",
	    l->device, (unsigned long long)l->res->bytes,
	    (unsigned long long)l->src->bytes, why);
}

/* The next piece, never more than was announced. 1, 0 at the end, FAILED. */
static int
lpr_next(struct lpr *l, const uint8_t **p, size_t *n)
{
	uint64_t left = l->src->bytes - l->res->bytes;
	struct rel_err err = { 0 };
	int rc = l->src->next(l->src->ctx, p, n, &err);

	if (rc < 0)
		return lpr_abandon(l, REL_LPR_REFUSED, err.text[0] != '\0' ?
		    err.text : "the stored document cannot be read");
	if ((rc == 0) != (left == 0) || (rc > 0 && *n > left))
		return lpr_abandon(l, REL_LPR_REFUSED,
		    "the stored document has not the length it should have");
	return rc;
}

static int
lpr_pieces(struct lpr *l, const uint8_t *p, size_t n)
{
	int rc = 1;

	while (rc > 0) {
		/* The end of the document and its zero octet go together. */
		int more = l->res->bytes + n == l->src->bytes ? MSG_MORE : 0;

		if (lpr_listen(l) < 0 ||
		    lpr_put(l, p, n, more, &l->res->bytes) < 0)
			return FAILED;
		if (l->src->progress != NULL)
			l->src->progress(l->src->ctx, REL_LPR_DATA,
			    l->res->bytes);
		rc = lpr_next(l, &p, &n);
	}
	return rc;
}

static int
lpr_data(struct lpr *l)
{
	struct rel_err err = { 0 };
	const uint8_t *p = NULL;
	size_t n = 0;

	lpr_stage(l, REL_LPR_DATA);
	if (lpr_announce(l, '\003', "df", l->src->bytes) < 0 ||
	    lpr_next(l, &p, &n) < 0)
		return FAILED;
	if (l->src->point_of_no_return != NULL &&
	    l->src->point_of_no_return(l->src->ctx, &err) < 0)
		return lpr_abandon(l, REL_LPR_AWAY, err.text);
	if (lpr_pieces(l, p, n) < 0)
		return FAILED;
	lpr_stage(l, REL_LPR_FINAL);
	if (lpr_put(l, "", 1, 0, NULL) < 0)
		return FAILED;
	return lpr_ack(l);
}

/* ---- the connection */

static int
lpr_connect(struct lpr *l)
{
	const char *unknown;

	lpr_stage(l, REL_LPR_CONNECT);
	l->sock = rel_dial(l->job->host, l->job->port, l->job->connect_ms,
	    &unknown);
	if (l->sock >= 0)
		return 0;
	if (unknown != NULL)
		return lpr_end(l, REL_LPR_AWAY,
		    "The address of the %s cannot be found (%s).", l->device,
		    unknown);
	if (errno == ETIMEDOUT)
		return lpr_end(l, REL_LPR_AWAY, "The %s does not answer.",
		    l->device);
	if (errno == ECONNREFUSED)
		return lpr_end(l, REL_LPR_AWAY,
		    "The %s takes no print jobs at port %u now.", l->device,
		    l->job->port);
	return lpr_end(l, REL_LPR_AWAY, "The %s cannot be reached (%s).",
	    l->device, strerror(errno));
}

/* What can be said before anyone is called. */
static int
lpr_check(struct lpr *l)
{
	if (l->src->bytes == 0)
		return lpr_end(l, REL_LPR_REFUSED,
		    "The document is empty: there is nothing to print.");
	if (!rel_lpr_queue_ok(l->job->queue))
		return lpr_end(l, REL_LPR_REFUSED, "The queue name of the %s "
		    "cannot be used: 1 to 255 letters, digits or signs, no "
		    "blanks.", l->device);
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

	if (l->res->stage == REL_LPR_DATA && l->res->bytes > 0)
		(void)setsockopt(l->sock, SOL_SOCKET, SO_LINGER, &reset,
		    sizeof reset);
	close(l->sock);
}

/* One job; sock is -1, or connected already. */
static void
lpr_run(const struct rel_lpr_job *job, const struct rel_lpr_source *src,
    struct rel_lpr_result *res, int sock)
{
	struct lpr l = { .job = job, .src = src, .res = res, .sock = sock };

	memset(res, 0, sizeof *res);
	rel_lpr_short_host(l.own);
	snprintf(l.device, sizeof l.device, "printer at %.100s", job->host);
	if (lpr_check(&l) == 0 && (sock >= 0 || lpr_connect(&l) == 0) &&
	    lpr_talk(&l) == 0) {
		res->outcome = REL_LPR_SENT;
		lpr_stage(&l, REL_LPR_DONE);
	}
	if (l.sock >= 0)
		lpr_close(&l);
}

void
rel_lpr_send(const struct rel_lpr_job *job, const struct rel_lpr_source *src,
    struct rel_lpr_result *res)
{
	lpr_run(job, src, res, -1);
}

void
rel_lpr_send_on(int sock, const struct rel_lpr_job *job,
    const struct rel_lpr_source *src, struct rel_lpr_result *res)
{
	lpr_run(job, src, res, sock);
}
