/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/cursor.h"
#include "lib/text.h"

#define FILL_BYTES 65536u

void
rel_framer_init(struct rel_framer *f)
{
	memset(f, 0, sizeof *f);
	rel_buf_init(&f->in);
}

void
rel_framer_fini(struct rel_framer *f)
{
	for (unsigned i = 0; i < f->nfds; i++)
		close(f->fds[i]);
	rel_buf_fini_secret(&f->in);
	memset(f, 0, sizeof *f);
}

void
rel_frame_drop_fds(struct rel_frame *fr)
{
	for (unsigned i = 0; i < fr->nfds; i++) {
		if (fr->fds[i] >= 0)
			close(fr->fds[i]);
		fr->fds[i] = -1;
	}
}

/* Move what is not yet used to the front, wiping what it leaves. */
static void
framer_compact(struct rel_framer *f)
{
	size_t left = f->in.len - f->at;

	if (f->at == 0)
		return;
	if (left > 0)
		memmove(f->in.data, f->in.data + f->at, left);
	rel_wipe(f->in.data + left, f->in.len - left);
	f->in.len = left;
	f->at = 0;
}

void
rel_framer_feed(struct rel_framer *f, const void *p, size_t n)
{
	framer_compact(f);
	rel_put_raw(&f->in, p, n);
}

/* Keep the descriptors of one recvmsg; too many is an attack. */
static int
framer_keep_fds(struct rel_framer *f, struct msghdr *msg, struct rel_err *err)
{
	int over = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL;
	    c = CMSG_NXTHDR(msg, c)) {
		size_t n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
			if (f->nfds < sizeof f->fds / sizeof f->fds[0]) {
				fcntl(fd, F_SETFD, FD_CLOEXEC);
				f->fds[f->nfds++] = fd;
			} else {
				close(fd);
				over = 1;
			}
		}
	}
	if (over || (msg->msg_flags & MSG_CTRUNC))
		return rel_err_set(err, REL_E_FORMAT,
		    "more descriptors than a message may carry");
	return 0;
}

int
rel_framer_fill(struct rel_framer *f, int sock, struct rel_err *err)
{
	uint8_t chunk[FILL_BYTES];
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int) * REL_FRAME_FDS_MAX)];
	} ctl;
	struct iovec iov = { chunk, sizeof chunk };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = ctl.room, .msg_controllen = sizeof ctl.room
	};
	ssize_t n;
	int rc;

	do
		n = recvmsg(sock, &msg, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (n < 0 && errno != ECONNRESET)
		return rel_err_sys(err, REL_E_IO, "cannot read a channel");
	/* After an error there is nothing in msg to look at. */
	if (n > 0 && (rc = framer_keep_fds(f, &msg, err)) < 0)
		return rc;
	if (n <= 0)
		return rel_err_set(err, REL_E_CLOSED,
		    "the other side closed the channel");
	rel_framer_feed(f, chunk, (size_t)n);
	rel_wipe(chunk, (size_t)n);
	if (f->in.failed)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	return (int)n;
}

int
rel_framer_next(struct rel_framer *f, struct rel_frame *out,
    struct rel_err *err)
{
	struct rel_cur c;
	uint32_t len;
	unsigned nfds, version;

	if (f->in.len - f->at < REL_FRAME_HEAD)
		return 0;
	rel_cur_init(&c, f->in.data + f->at, REL_FRAME_HEAD);
	len = rel_get_u32(&c);
	out->type = rel_get_u16(&c);
	nfds = rel_get_u8(&c);
	version = rel_get_u8(&c);
	out->id = rel_get_u32(&c);
	if (version != 1 || nfds > REL_FRAME_FDS_MAX)
		return rel_err_set(err, REL_E_FORMAT, "malformed message head");
	if (len > (f->max > 0 ? f->max : REL_FRAME_BODY_MAX))
		return rel_err_set(err, REL_E_LIMIT,
		    "message of %u bytes is too large", len);
	if (f->in.len - f->at - REL_FRAME_HEAD < len)
		return 0;
	if (nfds > f->nfds)
		return rel_err_set(err, REL_E_FORMAT,
		    "message without its descriptors");
	out->body = f->in.data + f->at + REL_FRAME_HEAD;
	out->len = len;
	out->nfds = nfds;
	memcpy(out->fds, f->fds, nfds * sizeof(int));
	f->nfds -= nfds;
	memmove(f->fds, f->fds + nfds, f->nfds * sizeof(int));
	f->at += REL_FRAME_HEAD + len;
	return 1;
}

void
rel_frame_put(struct rel_buf *b, const struct rel_frame *fr)
{
	if (fr->len > REL_FRAME_LARGE_MAX || fr->nfds > REL_FRAME_FDS_MAX) {
		b->failed = REL_E_LIMIT;
		return;
	}
	rel_put_u32(b, (uint32_t)fr->len);
	rel_put_u16(b, fr->type);
	rel_put_u8(b, (uint8_t)fr->nfds);
	rel_put_u8(b, 1);
	rel_put_u32(b, fr->id);
	rel_put_raw(b, fr->body, fr->len);
}

long
rel_frame_write(int sock, const uint8_t *p, size_t n, const int *fds,
    unsigned nfds, struct rel_err *err)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int) * REL_FRAME_FDS_MAX)];
	} ctl;
	struct iovec iov = { (void *)(uintptr_t)p, n };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t put;

	if (nfds > 0) {
		struct cmsghdr *c;

		memset(&ctl, 0, sizeof ctl);
		msg.msg_control = ctl.room;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * nfds);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * nfds);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * nfds);
	}
	do
		put = sendmsg(sock, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (put < 0 && errno == EINTR);
	if (put >= 0)
		return (long)put;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return 0;
	if (errno == EPIPE || errno == ECONNRESET)
		return rel_err_set(err, REL_E_CLOSED,
		    "the other side closed the channel");
	return rel_err_sys(err, REL_E_IO, "cannot write a channel");
}

/*
 * Wait for events on sock until the deadline, looking at least once; 0 or
 * -REL_E_TIMEOUT.
 */
static int
frame_wait(int sock, short events, int64_t until_ms, struct rel_err *err)
{
	struct pollfd pfd = { sock, events, 0 };

	for (;;) {
		int64_t left = until_ms < 0 ? -1 : until_ms - rel_mono_ms();
		int n;

		if (until_ms >= 0 && left < 0)
			left = 0;
		n = poll(&pfd, 1, (int)left);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return rel_err_sys(err, REL_E_IO, "cannot wait");
		if (n == 0 && left == 0)
			return rel_err_set(err, REL_E_TIMEOUT,
			    "no answer in time");
	}
}

int
rel_frame_send(int sock, const struct rel_frame *fr, int wait_ms,
    struct rel_err *err)
{
	int64_t until = wait_ms < 0 ? -1 : rel_mono_ms() + wait_ms;
	unsigned nfds = fr->nfds;
	struct rel_buf b;
	size_t at = 0;
	int rc = 0;

	rel_buf_init(&b);
	if (fr->len > REL_FRAME_BODY_MAX)
		b.failed = REL_E_LIMIT;
	else
		rel_frame_put(&b, fr);
	if (b.failed)
		rc = rel_err_set(err, b.failed, "message too large");
	while (rc == 0 && at < b.len) {
		long put;

		if ((rc = frame_wait(sock, POLLOUT, until, err)) < 0)
			break;
		put = rel_frame_write(sock, b.data + at, b.len - at, fr->fds,
		    nfds, err);
		if (put < 0)
			rc = (int)put;
		else if (put > 0)
			nfds = 0;
		at += put > 0 ? (size_t)put : 0;
	}
	rel_buf_fini_secret(&b);
	return rc;
}

int
rel_frame_recv(int sock, struct rel_framer *f, struct rel_frame *out,
    int wait_ms, struct rel_err *err)
{
	int64_t until = wait_ms < 0 ? -1 : rel_mono_ms() + wait_ms;
	int rc;

	while ((rc = rel_framer_next(f, out, err)) == 0) {
		if ((rc = frame_wait(sock, POLLIN, until, err)) < 0 ||
		    (rc = rel_framer_fill(f, sock, err)) < 0)
			return rc;
	}
	return rc < 0 ? rc : 0;
}

int
rel_unix_connect(const char *path, struct rel_err *err)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int sock;

	if (strlen(path) >= sizeof sun.sun_path)
		return rel_err_set(err, REL_E_LIMIT,
		    "socket path is too long: %s", path);
	memcpy(sun.sun_path, path, strlen(path) + 1);
	if ((sock = rel_compat_socket(AF_UNIX, SOCK_STREAM)) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot make a socket");
	if (connect(sock, (struct sockaddr *)&sun, sizeof sun) < 0) {
		int rc = rel_err_sys(err, REL_E_PEER, "nobody answers at %s",
		    path);

		close(sock);
		return rc;
	}
	return sock;
}
