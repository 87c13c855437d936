/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_FRAME_H
#define REL_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * Framed messages with descriptors over a unix stream socket: between the
 * roles of releaserd, and between the backend and core (doc/ipc.md).
 *
 * On the wire: u32 body length, u16 type, u8 number of descriptors,
 * u8 version (1), u32 id, body.  Little endian.
 */
#define REL_FRAME_HEAD 12u
#define REL_FRAME_BODY_MAX (1u << 20)
#define REL_FRAME_LARGE_MAX (8u << 20)	/* where both sides agreed to it */
#define REL_FRAME_FDS_MAX 4u

struct rel_frame {
	uint16_t type;
	uint32_t id;			/* pairs an answer with its question */
	const uint8_t *body;		/* borrowed */
	size_t len;			/* 0..REL_FRAME_BODY_MAX, or _LARGE_MAX */
	int fds[REL_FRAME_FDS_MAX];	/* received: owned by who takes it */
	unsigned nfds;
};

/* The receiving side of one channel: bytes and descriptors not yet used. */
struct rel_framer {
	struct rel_buf in;
	size_t at;			/* start of the next frame in in */
	size_t max;			/* of a body; 0: REL_FRAME_BODY_MAX */
	int fds[16];
	unsigned nfds;
};

void rel_framer_init(struct rel_framer *f);
void rel_framer_fini(struct rel_framer *f);	/* closes what is left */

/*
 * Read what the socket has (one recvmsg that never waits).  Returns bytes read (> 0), 0 when
 * nothing is there now, -REL_E_CLOSED at end of file, -REL_E_FORMAT when more
 * descriptors came than any message may carry, -REL_E_IO.
 */
int rel_framer_fill(struct rel_framer *f, int sock, struct rel_err *err);

/*
 * The next whole frame.  Returns 1 and fills out (the body is valid until the
 * next call with f; the descriptors belong to the caller from now on), 0 when
 * none is complete, -REL_E_FORMAT / -REL_E_LIMIT for a frame that must close
 * the channel.
 */
int rel_framer_next(struct rel_framer *f, struct rel_frame *out,
    struct rel_err *err);

/* Put bytes in as if they had been read (tests and fuzzing). */
void rel_framer_feed(struct rel_framer *f, const void *p, size_t n);

/* Close every descriptor of a frame that nobody took; marks them -1. */
void rel_frame_drop_fds(struct rel_frame *fr);

/* Append the head and body of fr to b (its descriptors go beside it). */
void rel_frame_put(struct rel_buf *b, const struct rel_frame *fr);

/*
 * Send n bytes of p with descriptors (nfds may be 0) without waiting, also on
 * a blocking socket.  Returns the bytes taken (descriptors went with the first one), 0
 * when the socket is full, -REL_E_CLOSED, -REL_E_IO.
 */
long rel_frame_write(int sock, const uint8_t *p, size_t n, const int *fds,
    unsigned nfds, struct rel_err *err);

/*
 * The waiting forms, for programs without an event loop.  wait_ms is for the
 * whole message, -1 for ever.  rel_frame_recv returns 0 with a frame as
 * rel_framer_next(), else -REL_E_TIMEOUT and the errors above.
 */
int rel_frame_send(int sock, const struct rel_frame *fr, int wait_ms,
    struct rel_err *err);
int rel_frame_recv(int sock, struct rel_framer *f, struct rel_frame *out,
    int wait_ms, struct rel_err *err);

/* Connect to a unix stream socket; returns it (close-on-exec) or -REL_E_PEER. */
int rel_unix_connect(const char *path, struct rel_err *err);

#endif
