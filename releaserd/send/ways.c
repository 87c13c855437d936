/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/send/ways.h"

#include <string.h>

#include "lib/lpr.h"
#include "releaserd/send/ipp.h"

static void
lpr_way(const struct send_job *m, const struct rel_send_source *src,
    struct send_done *out)
{
	const struct rel_lpr_job job = {
		.host = m->host, .port = m->port, .queue = m->queue,
		.user = m->user, .client_host = m->client_host,
		.title = m->title, .ref = m->ref, .copies = m->copies,
		.format = 'l', .data_first = m->data_first != 0,
		.number = m->number,
		.connect_ms = m->connect_ms > INT32_MAX ? INT32_MAX :
		    (int)m->connect_ms,
		.reply_ms = m->reply_ms > INT32_MAX ? INT32_MAX :
		    (int)m->reply_ms
	};

	memset(out, 0, sizeof *out);
	rel_lpr_send(&job, src, &out->r);
}

static const struct send_way ways[] = {
#define WAY(id, name, send, words) [id] = { name, send },
#include "releaserd/send/ways.def"
#undef WAY
};

const struct send_way *
send_way(uint8_t transport)
{
	return transport < sizeof ways / sizeof ways[0] ? &ways[transport] :
	    NULL;
}
