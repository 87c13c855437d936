/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a device answers in the clear: pages, and IPP. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "releaserd/driver/posture.h"

#define ANSWER_MAX 65536u

static void
url_of(const struct posture *p, uint16_t port, const char *path, char *out,
    size_t size)
{
	const char *a = p->q->at.address;
	bool bare6 = strchr(a, ':') != NULL && a[0] != '[';

	snprintf(out, size, "http://%s%s%s:%u%s", bare6 ? "[" : "", a, bare6 ?
	    "]" : "", port, path);
}

/* A page, or the question for a password: not the way to https. */
static bool
serves_page(const struct driver_reply *r)
{
	return r->status / 100 == 2 || r->status == 401;
}

static int
page_status(const struct posture *p, uint16_t port, struct driver_reply *r)
{
	char url[300];
	struct driver_http h = { .method = "GET", .url = url,
	    .limit = ANSWER_MAX, .until_ms = rel_mono_ms() + 3 * p->step_ms };
	struct rel_err err;
	int rc;

	url_of(p, port, "/", url, sizeof url);
	rc = driver_http(&h, r, &err);
	/* A page that is longer than that is a page. */
	return rc == -REL_E_LIMIT ? 200 : rc < 0 ? 0 : serves_page(r) ?
	    r->status : 0;
}

/* The least of RFC 8010: version, operation, number, end; an error will do. */
static bool
speaks_ipp(const struct posture *p, uint16_t port, struct driver_reply *r)
{
	static const uint8_t ask[] = { 2, 0, 0, 0x0b, 0, 0, 0, 1, 3 };
	static const char *const type[] = { "Content-Type: application/ipp",
	    NULL };
	char url[300];
	struct driver_http h = { .method = "POST", .url = url, .headers = type,
	    .body = ask, .body_len = sizeof ask, .limit = ANSWER_MAX,
	    .until_ms = rel_mono_ms() + 3 * p->step_ms };
	struct rel_err err;

	url_of(p, port, "/ipp/print", url, sizeof url);
	return driver_http(&h, r, &err) == 0 && r->status == 200 &&
	    strcasecmp(r->type, "application/ipp") == 0;
}

void
posture_plain(struct posture *p)
{
	struct driver_reply r;
	bool ipp = false;
	int pages = 0, at = 0;

	driver_reply_init(&r);
	for (size_t i = 0; i < p->n; i++) {
		if (p->state[i] != POSTURE_OPEN || rel_mono_ms() >=
		    p->until_ms)
			continue;
		if (p->ports[i].kind == POSTURE_HTTP && pages == 0 &&
		    (pages = page_status(p, p->ports[i].port, &r)) != 0)
			at = p->ports[i].port;
		if (p->ports[i].kind == POSTURE_IPP)
			ipp |= speaks_ipp(p, p->ports[i].port, &r);
	}
	driver_reply_fini(&r);
	items_number(p->items, "posture.plain-pages", 0, pages != 0);
	if (at != 0)
		items_number(p->items, "posture.plain-pages-port", 0, at);
	items_number(p->items, "posture.plain-ipp", 0, ipp);
}
