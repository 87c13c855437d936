/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/ipc.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cursor.h"
#include "lib/log.h"

#define UNSENT_MAX (4u << 20)
#define FDS_QUEUED 32u
#define FRAMES_A_TURN 64	/* so that one peer cannot starve the others */

/* Descriptors wait for the byte of out they have to go with. */
struct queued_fds {
	size_t at;			/* offset in out */
	int fds[REL_FRAME_FDS_MAX];
	unsigned nfds;
};

struct ipc_chan {
	int fd;
	const char *name;
	struct event *readable, *writable;
	struct rel_framer in;
	struct rel_buf out;
	size_t out_at;			/* first byte not yet taken */
	struct queued_fds q[FDS_QUEUED];
	unsigned nq;
	bool paused, dead, in_callback, freed, failed;
	ipc_frame_cb on_frame;
	ipc_closed_cb on_closed;
	void *ctx;
};

const char *
ipc_role_name(enum ipc_role role)
{
	static const char *const names[] = {
		"super", "net", "core", "agent", "send", "render", "driver"
	};

	return (size_t)role < sizeof names / sizeof names[0] ?
	    names[role] : "nobody";
}

const char *
ipc_type_name(unsigned type)
{
	static const struct {
		unsigned type;
		const char *name;
	} names[] = {
		{ IPC_START, "start" }, { IPC_PEER, "peer" },
		{ IPC_RELOAD, "reload" }, { IPC_STOP, "stop" },
		{ IPC_SEND_TAKEN, "send-taken" }, { IPC_READY, "ready" },
		{ IPC_REQUEST, "request" }, { IPC_RESPONSE, "response" },
		{ IPC_HASH, "hash" }, { IPC_HASHED, "hashed" },
		{ IPC_VERIFY, "verify" }, { IPC_VERIFIED, "verified" },
		{ IPC_WHOIS, "whois" }, { IPC_WHO, "who" },
		{ IPC_VISITOR, "visitor" }, { IPC_VISITED, "visited" },
		{ IPC_SEND_JOB, "send-job" },
		{ IPC_SEND_RESULT, "send-result" },
		{ IPC_RENDER_JOB, "render-job" },
		{ IPC_RENDER_RESULT, "render-result" },
		{ IPC_RENDER_TAKEN, "render-taken" },
		{ IPC_LISTEN, "listen" }, { IPC_TLS, "tls" },
		{ IPC_MAIL, "mail" }, { IPC_MAILED, "mailed" },
		{ IPC_CERT, "cert" }, { IPC_CERT_FACTS, "cert-facts" },
		{ IPC_DIR_LOGIN, "dir-login" }, { IPC_DIR_FIND, "dir-find" },
		{ IPC_DIR_TEST, "dir-test" }, { IPC_DIR_SAID, "dir-said" },
		{ IPC_SYNC_NEXT, "sync-next" },
		{ IPC_SYNC_PART, "sync-part" },
		{ IPC_DRIVER_ASK, "driver-ask" },
		{ IPC_DRIVER_SAID, "driver-said" },
		{ IPC_ROLE_HUNG, "role-hung" },
		{ IPC_DRIVER_LIST, "driver-list" },
		{ IPC_DRIVER_CALL, "driver-call" },
		{ IPC_CONF_GET, "conf-get" }, { IPC_CONF_SET, "conf-set" },
		{ IPC_CONF_UNDO, "conf-undo" }, { IPC_CERT_GET, "cert-get" },
		{ IPC_CERT_CSR, "cert-csr" },
		{ IPC_CERT_INSTALL, "cert-install" },
		{ IPC_CERT_UNDO, "cert-undo" }, { IPC_CERT_SELF, "cert-self" },
		{ IPC_ADMIN_SAID, "admin-said" }
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].type == type)
			return names[i].name;
	return "unknown";
}

static void
chan_close_queued(struct ipc_chan *ch)
{
	for (unsigned i = 0; i < ch->nq; i++)
		for (unsigned k = 0; k < ch->q[i].nfds; k++)
			close(ch->q[i].fds[k]);
	ch->nq = 0;
}

static void
chan_destroy(struct ipc_chan *ch)
{
	event_free(ch->readable);
	event_free(ch->writable);
	chan_close_queued(ch);
	rel_framer_fini(&ch->in);
	rel_buf_fini_secret(&ch->out);
	close(ch->fd);
	free(ch);
}

/* The channel is over: say so once. */
static void
chan_die(struct ipc_chan *ch)
{
	if (ch->dead)
		return;
	ch->dead = true;
	event_del(ch->readable);
	event_del(ch->writable);
	ch->on_closed(ch, ch->ctx);
}

/* Write what the socket takes; 0, or negative when the channel is broken. */
static int
chan_flush(struct ipc_chan *ch)
{
	struct rel_err err;

	while (ch->out_at < ch->out.len) {
		size_t n = ch->out.len - ch->out_at;
		bool with_fds = ch->nq > 0 && ch->q[0].at == ch->out_at;
		long put;

		if (!with_fds && ch->nq > 0)
			n = ch->q[0].at - ch->out_at;
		else if (ch->nq > 1)
			n = ch->q[1].at - ch->out_at;
		put = rel_frame_write(ch->fd, ch->out.data + ch->out_at, n,
		    with_fds ? ch->q[0].fds : NULL,
		    with_fds ? ch->q[0].nfds : 0, &err);
		if (put < 0)
			return (int)put;
		if (put == 0)
			break;
		if (with_fds) {
			for (unsigned k = 0; k < ch->q[0].nfds; k++)
				close(ch->q[0].fds[k]);
			memmove(ch->q, ch->q + 1, --ch->nq * sizeof ch->q[0]);
		}
		ch->out_at += (size_t)put;
	}
	if (ch->out_at == ch->out.len) {
		if (ch->out.len > 0)
			rel_wipe(ch->out.data, ch->out.len);
		rel_buf_reset(&ch->out);
		ch->out_at = 0;
		event_del(ch->writable);
	} else {
		event_add(ch->writable, NULL);
	}
	return 0;
}

static void
chan_on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct ipc_chan *ch = arg;

	(void)fd;
	(void)what;
	if (!ch->dead && chan_flush(ch) < 0) {
		/* What came before the end may still be read. */
		event_del(ch->writable);
		event_active(ch->readable, EV_READ, 1);
	}
}

/* Hand over the frames that are whole; negative ends the channel. */
static int
chan_deliver(struct ipc_chan *ch, int *count)
{
	struct rel_frame fr;
	struct rel_err err = { 0 };
	int rc = 0;

	while (*count < FRAMES_A_TURN && !ch->paused && !ch->freed &&
	    !ch->failed && (rc = rel_framer_next(&ch->in, &fr, &err)) == 1) {
		(*count)++;
		ch->on_frame(ch, &fr, ch->ctx);
	}
	if (rc < 0)
		rel_log(REL_WARN, "channel closed", "peer=%s why=\"%s\"",
		    ch->name, err.text);
	return rc;
}

static void
chan_on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct ipc_chan *ch = arg;
	struct rel_err err = { 0 };
	int rc = 0, count = 0;

	(void)fd;
	(void)what;
	if (ch->dead)
		return;
	ch->in_callback = true;
	/* What is here is used up first: a flood stays in the socket. */
	if ((rc = chan_deliver(ch, &count)) >= 0 && !ch->paused &&
	    !ch->freed && !ch->failed && count < FRAMES_A_TURN)
		rc = rel_framer_fill(&ch->in, ch->fd, &err);
	if (rc > 0)
		rc = chan_deliver(ch, &count);
	if (rc == -REL_E_CLOSED && !ch->freed) {
		int last;

		do {
			count = 0;
			last = chan_deliver(ch, &count);
		} while (last >= 0 && count > 0 && !ch->paused && !ch->freed);
	}
	ch->in_callback = false;
	if (ch->freed) {
		chan_destroy(ch);
		return;
	}
	if (rc < 0 || ch->failed)
		chan_die(ch);
	else if (count >= FRAMES_A_TURN)
		event_active(ch->readable, EV_READ, 1);
}

struct ipc_chan *
ipc_chan_new(struct event_base *base, int fd, const char *name,
    ipc_frame_cb on_frame, ipc_closed_cb on_closed, void *ctx)
{
	struct ipc_chan *ch = calloc(1, sizeof *ch);

	if (ch == NULL)
		return NULL;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	ch->fd = fd;
	ch->name = name;
	ch->on_frame = on_frame;
	ch->on_closed = on_closed;
	ch->ctx = ctx;
	rel_framer_init(&ch->in);
	rel_buf_init(&ch->out);
	ch->readable = event_new(base, fd, EV_READ | EV_PERSIST,
	    chan_on_readable, ch);
	ch->writable = event_new(base, fd, EV_WRITE | EV_PERSIST,
	    chan_on_writable, ch);
	if (ch->readable == NULL || ch->writable == NULL ||
	    event_add(ch->readable, NULL) < 0) {
		if (ch->readable != NULL)
			event_free(ch->readable);
		if (ch->writable != NULL)
			event_free(ch->writable);
		free(ch);
		return NULL;
	}
	return ch;
}

void
ipc_chan_free(struct ipc_chan **chp)
{
	struct ipc_chan *ch = *chp;

	*chp = NULL;
	if (ch == NULL)
		return;
	if (!ch->dead)
		(void)chan_flush(ch);
	ch->dead = true;
	event_del(ch->readable);
	event_del(ch->writable);
	if (ch->in_callback)
		ch->freed = true;	/* its own callback destroys it */
	else
		chan_destroy(ch);
}

void
ipc_chan_large(struct ipc_chan *ch)
{
	ch->in.max = REL_FRAME_LARGE_MAX;
}

void
ipc_chan_fail(struct ipc_chan *ch)
{
	ch->failed = true;
	if (!ch->in_callback && !ch->dead)
		event_active(ch->readable, EV_READ, 1);
}

int
ipc_send(struct ipc_chan *ch, unsigned type, uint32_t id, const void *body,
    size_t len)
{
	struct rel_frame fr = {
		.type = (uint16_t)type, .id = id, .body = body, .len = len
	};

	return ipc_send_frame(ch, &fr);
}

int
ipc_send_frame(struct ipc_chan *ch, const struct rel_frame *fr)
{
	size_t at = ch->out.len, max = UNSENT_MAX;
	bool large = fr->len > (ch->in.max > 0 ? ch->in.max :
	    REL_FRAME_BODY_MAX);

	/* A large frame may wait beside the others: it does not close the
	 * channel to them, and a second one has to wait for it. */
	if (ch->in.max > 0 && fr->len <= REL_FRAME_BODY_MAX)
		max += ch->in.max;
	if (!large && !ch->dead && !ch->freed && ipc_unsent(ch) <= max &&
	    (fr->nfds == 0 || ch->nq < FDS_QUEUED))
		rel_frame_put(&ch->out, fr);
	if (ipc_unsent(ch) > max && ch->out.len == at &&
	    fr->len <= REL_FRAME_BODY_MAX)
		ipc_chan_fail(ch);	/* it has stopped reading */
	if (ch->out.len == at) {
		for (unsigned i = 0; i < fr->nfds; i++)
			close(fr->fds[i]);
		return large ? -REL_E_LIMIT : -REL_E_FULL;
	}
	if (fr->nfds > 0) {
		ch->q[ch->nq].at = at;
		ch->q[ch->nq].nfds = fr->nfds;
		memcpy(ch->q[ch->nq].fds, fr->fds,
		    fr->nfds * sizeof fr->fds[0]);
		ch->nq++;
	}
	/* Written later in this turn, with whatever else comes until then. */
	event_active(ch->writable, EV_WRITE, 1);
	return 0;
}

size_t
ipc_unsent(const struct ipc_chan *ch)
{
	return ch->out.len - ch->out_at;
}

void
ipc_pause(struct ipc_chan *ch)
{
	ch->paused = true;
	event_del(ch->readable);
}

void
ipc_resume(struct ipc_chan *ch)
{
	if (!ch->paused || ch->dead)
		return;
	ch->paused = false;
	event_add(ch->readable, NULL);
	event_active(ch->readable, EV_READ, 1);
}

void
send_job_put(struct rel_buf *b, const struct send_job *m)
{
	rel_put_u64(b, m->job_id);
	rel_put_bytes(b, m->key, sizeof m->key);
	rel_put_u64(b, m->plain_bytes);
	rel_put_str(b, m->host);
	rel_put_u16(b, m->port);
	rel_put_str(b, m->queue);
	rel_put_str(b, m->user);
	rel_put_str(b, m->client_host);
	rel_put_str(b, m->title);
	rel_put_str(b, m->ref);
	rel_put_u32(b, m->copies);
	rel_put_u8(b, m->data_first);
	rel_put_u32(b, m->number);
	rel_put_u32(b, m->connect_ms);
	rel_put_u32(b, m->reply_ms);
	rel_put_u32(b, m->tries);
	rel_put_str(b, m->driver);
	rel_put_str(b, m->uri);
	rel_put_str(b, m->pin);
	rel_put_str(b, m->format);
	rel_ticket_put(b, &m->ticket);
}

int
send_job_get(struct send_job *m, const void *p, size_t n)
{
	struct rel_cur c;

	rel_cur_init(&c, p, n);
	m->job_id = rel_get_u64(&c);
	rel_get_fixed(&c, m->key, sizeof m->key);
	m->plain_bytes = rel_get_u64(&c);
	rel_get_str(&c, m->host, sizeof m->host);
	m->port = rel_get_u16(&c);
	rel_get_str(&c, m->queue, sizeof m->queue);
	rel_get_str(&c, m->user, sizeof m->user);
	rel_get_str(&c, m->client_host, sizeof m->client_host);
	rel_get_str(&c, m->title, sizeof m->title);
	rel_get_str(&c, m->ref, sizeof m->ref);
	m->copies = rel_get_u32(&c);
	m->data_first = rel_get_u8(&c);
	m->number = rel_get_u32(&c);
	m->connect_ms = rel_get_u32(&c);
	m->reply_ms = rel_get_u32(&c);
	m->tries = rel_get_u32(&c);
	rel_get_str(&c, m->driver, sizeof m->driver);
	rel_get_str(&c, m->uri, sizeof m->uri);
	rel_get_str(&c, m->pin, sizeof m->pin);
	rel_get_str(&c, m->format, sizeof m->format);
	rel_ticket_get(&m->ticket, &c);
	return rel_cur_end(&c);
}

void
send_result_put(struct rel_buf *b, const struct send_result *m)
{
	rel_put_u64(b, m->job_id);
	rel_put_u8(b, m->outcome);
	rel_put_u8(b, m->stage);
	rel_put_u64(b, m->bytes);
	rel_put_str(b, m->reason);
	rel_put_u32(b, m->device_job);
	rel_put_str(b, m->pin);
	rel_put_str(b, m->uri);
}

int
send_result_get(struct send_result *m, const void *p, size_t n)
{
	struct rel_cur c;

	rel_cur_init(&c, p, n);
	m->job_id = rel_get_u64(&c);
	m->outcome = rel_get_u8(&c);
	m->stage = rel_get_u8(&c);
	m->bytes = rel_get_u64(&c);
	rel_get_str(&c, m->reason, sizeof m->reason);
	m->device_job = rel_get_u32(&c);
	rel_get_str(&c, m->pin, sizeof m->pin);
	rel_get_str(&c, m->uri, sizeof m->uri);
	return rel_cur_end(&c);
}

/* Facts are a blob of their own: what they hold is their own affair. */
static void
facts_put(struct rel_buf *b, const struct rel_facts *f)
{
	struct rel_buf own;

	rel_buf_init(&own);
	rel_facts_put(&own, f);
	if (own.failed && !b->failed)
		b->failed = own.failed;
	rel_put_bytes(b, own.data, own.len);
	rel_buf_fini(&own);
}

static int
facts_get(struct rel_facts *f, struct rel_cur *c)
{
	size_t n;
	const uint8_t *p = rel_get_bytes(c, &n);

	if (p == NULL || n > REL_FACTS_WIRE_MAX) {
		rel_facts_init(f);
		return -REL_E_FORMAT;
	}
	return rel_facts_get(f, p, n);
}

void
render_job_put(struct rel_buf *b, const struct render_job *m)
{
	rel_put_u64(b, m->job_id);
	rel_put_u8(b, m->op);
	rel_put_bytes(b, m->key, sizeof m->key);
	rel_put_u64(b, m->plain_bytes);
	rel_put_bytes(b, m->out_key, sizeof m->out_key);
	rel_put_str(b, m->format);
	rel_put_str(b, m->driver);
	rel_put_u8(b, m->how.told);
	rel_put_u8(b, m->how.gray);
	rel_put_u16(b, m->how.dpi);
	rel_put_str(b, m->how.back);
	rel_ticket_put(b, &m->ticket);
	facts_put(b, &m->facts);
	rel_put_u32(b, m->deadline_ms);
	rel_put_u64(b, m->max_bytes);
	rel_put_u32(b, m->preview_px);
}

int
render_job_get(struct render_job *m, const void *p, size_t n)
{
	struct rel_cur c;
	int rc, facts;

	rel_cur_init(&c, p, n);
	m->job_id = rel_get_u64(&c);
	m->op = rel_get_u8(&c);
	rel_get_fixed(&c, m->key, sizeof m->key);
	m->plain_bytes = rel_get_u64(&c);
	rel_get_fixed(&c, m->out_key, sizeof m->out_key);
	rel_get_str(&c, m->format, sizeof m->format);
	rel_get_str(&c, m->driver, sizeof m->driver);
	m->how.told = rel_get_u8(&c);
	m->how.gray = rel_get_u8(&c);
	m->how.dpi = rel_get_u16(&c);
	rel_get_str(&c, m->how.back, sizeof m->how.back);
	rel_ticket_get(&m->ticket, &c);
	facts = facts_get(&m->facts, &c);
	m->deadline_ms = rel_get_u32(&c);
	m->max_bytes = rel_get_u64(&c);
	m->preview_px = rel_get_u32(&c);
	if ((rc = rel_cur_end(&c)) < 0)
		return rc;
	if (m->op < RENDER_COUNT || m->op > RENDER_PREVIEW ||
	    m->preview_px > RENDER_PX_MAX)
		return -REL_E_FORMAT;
	return facts;
}

void
render_result_put(struct rel_buf *b, const struct render_result *m)
{
	rel_put_u64(b, m->job_id);
	rel_put_u8(b, m->op);
	rel_put_u8(b, m->outcome);
	rel_put_u64(b, m->out_bytes);
	facts_put(b, &m->facts);
	rel_put_str(b, m->reason);
	rel_put_bytes(b, m->png, m->png_len);
}

int
render_result_get(struct render_result *m, const void *p, size_t n)
{
	struct rel_cur c;
	int rc, facts;

	rel_cur_init(&c, p, n);
	m->job_id = rel_get_u64(&c);
	m->op = rel_get_u8(&c);
	m->outcome = rel_get_u8(&c);
	m->out_bytes = rel_get_u64(&c);
	facts = facts_get(&m->facts, &c);
	rel_get_str(&c, m->reason, sizeof m->reason);
	m->png = rel_get_bytes(&c, &m->png_len);
	if ((rc = rel_cur_end(&c)) < 0)
		return rc;
	if (m->op < RENDER_COUNT || m->op > RENDER_PREVIEW ||
	    m->outcome > RENDER_LATER || m->png_len > RENDER_PNG_MAX)
		return -REL_E_FORMAT;
	return facts;
}
