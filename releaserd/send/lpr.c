/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/lpr.h"

#include <string.h>

#include "releaserd/send/senders.h"

static int
wait_of(uint32_t ms)
{
	return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

void
send_by_lpr(const struct send_job *m, const struct rel_send_source *src,
    struct driver_sent *out)
{
	struct rel_lpr_job job = {
		.host = m->host, .port = m->port, .queue = m->queue,
		.user = m->user, .client_host = m->client_host,
		.title = m->title, .ref = m->ref, .copies = m->copies,
		.format = 'l', .data_first = m->data_first != 0,
		.number = m->number, .connect_ms = wait_of(m->connect_ms),
		.reply_ms = wait_of(m->reply_ms)
	};

	memset(out, 0, sizeof *out);
	rel_lpr_send(&job, src, &out->r);
}
