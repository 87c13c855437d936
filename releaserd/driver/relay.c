/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Calls to devices that cannot be reached: core keeps them until the device
 * fetches them (core/poll.c), and hands its answer back.  The fiber waits as
 * it does for HTTP.
 */
#include <stdlib.h>
#include <string.h>

#include "releaserd/driver/relay.h"
#include "releaserd/fiber.h"
#include "releaserd/ipc.h"

#define HEAD_ETAG "ETag: %s\r\n"

struct relayed {
	uint32_t number;
	struct fiber *waits;
	struct driver_reply *reply;	/* the caller's */
	int rc;				/* 1 not yet */
	struct relayed *next;
};

static struct {
	struct ipc_chan **core;		/* *core NULL: it is away */
	struct relayed *all;
	uint32_t last;
} us;

void
relay_begin(struct ipc_chan **core)
{
	us.core = core;
}

static void
relayed_end(struct relayed *w, int rc)
{
	w->rc = rc;
	if (w->waits != NULL)
		fiber_wake(w->waits);
}

void
relay_lost(void)
{
	for (struct relayed *w = us.all; w != NULL; w = w->next)
		if (w->rc == 1)
			relayed_end(w, -REL_E_PEER);
}

static void
leave(struct relayed *w)
{
	struct relayed **at = &us.all;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
}

static int
send_call(const struct relay_call *call, uint32_t number)
{
	int64_t left = call->until_ms - rel_mono_ms();
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	rel_put_str(&b, call->device);
	rel_put_u32(&b, left > 0 ? (uint32_t)left : 0);
	rel_put_str(&b, call->method);
	rel_put_str(&b, call->path);
	rel_put_str(&b, call->if_match);
	rel_put_str(&b, call->key);
	rel_put_bytes(&b, call->text, call->text_len);
	rc = b.failed ? -b.failed : us.core == NULL || *us.core == NULL ?
	    -REL_E_PEER : ipc_send(*us.core, IPC_DRIVER_CALL, number, b.data,
	    b.len);
	rel_buf_fini_secret(&b);
	return rc;
}

int
driver_relay(const struct relay_call *call, struct driver_reply *r,
    struct rel_err *err)
{
	struct relayed w = { .number = ++us.last, .waits = fiber_now(),
	    .reply = r, .rc = 1 };
	int rc;

	driver_reply_fini(r);
	driver_reply_init(r);
	if (w.waits == NULL || send_call(call, w.number) < 0)
		return rel_err_set(err, REL_E_PEER,
		    "the device cannot be called now");
	w.next = us.all;
	us.all = &w;
	while (w.rc == 1 && rel_wait(-1, 0, call->until_ms))
		;
	rc = w.rc;
	leave(&w);
	if (rc == 1)
		return rel_err_set(err, REL_E_TIMEOUT,
		    "the device has not fetched it, or not answered");
	return rc == 0 ? 0 : rel_err_set(err, -rc, "the device cannot be "
	    "called now: %s", rel_err_name(-rc));
}

void
relay_said(const struct rel_frame *fr)
{
	struct relayed *w = us.all;
	struct rel_cur c;
	const uint8_t *body;
	char etag[40];
	uint16_t status;
	size_t len;
	int rc;

	while (w != NULL && (w->number != fr->id || w->rc != 1))
		w = w->next;
	if (w == NULL)
		return;			/* its time was over */
	rel_cur_init(&c, fr->body, fr->len);
	rc = -(int)rel_get_u8(&c);
	status = rel_get_u16(&c);
	rel_get_str(&c, etag, sizeof etag);
	body = rel_get_bytes(&c, &len);
	if (rel_cur_end(&c) < 0) {
		relayed_end(w, -REL_E_FORMAT);
		return;
	}
	w->reply->status = status;
	rel_put_raw(&w->reply->body, body, len);
	if (etag[0] != '\0')
		rel_put_fmt(&w->reply->head, HEAD_ETAG, etag);
	relayed_end(w, w->reply->body.failed ? -REL_E_NOMEM : rc);
}
