/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * template_send: a way of sending to begin from (doc/driver.md, "Sending").
 * It is built and tested and in no list.  Its devices take a TCP connection,
 * all bytes until its end as the document, and close it when they have them.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/dial.h"
#include "lib/text.h"
#include "releaserd/send/ways.h"

struct sending {
	struct rel_send t;		/* what lib/send.h needs of it */
	const struct send_job *m;
	int sock;
};

static int
call(struct sending *s)
{
	const char *unknown;

	rel_send_stage(&s->t, REL_SEND_CONNECT);
	s->sock = rel_dial(s->m->host, s->m->port, s->m->connect_ms, &unknown);
	if (s->sock >= 0)
		return 0;
	return rel_send_end(&s->t, REL_SEND_AWAY,
	    "The %s cannot be reached (%s).", s->t.device,
	    unknown != NULL ? unknown : strerror(errno));
}

/* All of it, each step within the time for an answer. */
static int
put(struct sending *s, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(s->sock, p, n, MSG_NOSIGNAL);

		if (sent > 0) {
			p += sent;
			n -= (size_t)sent;
			s->t.res->bytes += (uint64_t)sent;
		} else if (errno != EAGAIN && errno != EINTR) {
			return rel_send_broke(&s->t, "closed the connection");
		} else if (!rel_wait(s->sock, POLLOUT, rel_mono_ms() +
		    s->m->reply_ms)) {
			return rel_send_broke(&s->t, "takes no more");
		}
	}
	return 0;
}

static int
document(struct sending *s)
{
	const uint8_t *p;
	size_t n;
	int rc;

	rel_send_stage(&s->t, REL_SEND_DATA);
	if (rel_send_no_return(&s->t) < 0)
		return REL_SEND_FAILED;
	while ((rc = rel_send_next(&s->t, &p, &n)) == 1)
		if (put(s, p, n) < 0)
			return REL_SEND_FAILED;
	return rc;
}

/* It has all of it when it closes its end, too. */
static int
end(struct sending *s)
{
	char c;

	rel_send_stage(&s->t, REL_SEND_FINAL);
	shutdown(s->sock, SHUT_WR);
	if (!rel_wait(s->sock, POLLIN, rel_mono_ms() + s->m->reply_ms) ||
	    recv(s->sock, &c, 1, 0) != 0)
		return rel_send_broke(&s->t, "did not say that it has all");
	return 0;
}

void
template_send(const struct send_job *m, const struct rel_send_source *src,
    struct send_done *out)
{
	struct sending s = { .t = { .src = src, .res = &out->r }, .m = m,
	    .sock = -1 };

	memset(out, 0, sizeof *out);
	snprintf(s.t.device, sizeof s.t.device, "printer at %.120s", m->host);
	if (call(&s) == 0 && document(&s) == 0 && end(&s) == 0) {
		out->r.outcome = REL_SEND_SENT;
		rel_send_stage(&s.t, REL_SEND_DONE);
	}
	if (s.sock >= 0)
		close(s.sock);
}
