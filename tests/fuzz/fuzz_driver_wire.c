/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A question to a driver and its answer. Input: byte which, message. */
#include "tests/fuzz/fuzz.h"

#include "releaserd/driver_wire.h"
#include "releaserd/records.h"

static void
try_ask(struct rel_buf *b, const uint8_t *p, size_t n)
{
	static struct driver_ask q;

	if (driver_ask_get(&q, p, n) < 0)
		return;
	driver_ask_put(b, &q);
	FUZZ_MUST(!b->failed && driver_ask_get(&q, b->data, b->len) == 0);
}

/* What core takes is clean: written again it is the same, and taken again. */
static void
try_said(struct rel_buf *b, const uint8_t *p, size_t n)
{
	struct driver_said s, again;

	driver_said_init(&s);
	driver_said_init(&again);
	if (driver_said_get(&s, p, n) == 0) {
		driver_said_put(b, &s);
		FUZZ_MUST(!b->failed && driver_said_get(&again, b->data,
		    b->len) == 0 && again.items.n == s.items.n);
		for (size_t i = 0; i < s.items.n; i++)
			FUZZ_MUST(item_kind(s.items.v[i].name) != NULL);
	}
	driver_said_fini(&s);
	driver_said_fini(&again);
}

/* A page of a usage log. */
static void
try_page(struct rel_buf *b, const uint8_t *p, size_t n)
{
	struct usage_page page, again;

	if (usage_page_get(&page, p, n) < 0)
		return;
	usage_page_put(b, &page);
	FUZZ_MUST(!b->failed && usage_page_get(&again, b->data, b->len) ==
	    0 && again.n == page.n && page.n <= REQ_RECORDS_MAX);
	usage_page_fini(&page);
	usage_page_fini(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct items l;
	struct rel_buf b;

	if (n == 0)
		return 0;
	rel_buf_init(&b);
	switch (p[0] % 4) {
	case 0:
		try_ask(&b, p + 1, n - 1);
		break;
	case 1:
		try_said(&b, p + 1, n - 1);
		break;
	case 3:
		try_page(&b, p + 1, n - 1);
		break;
	default:		/* any bytes for a value */
		items_init(&l);
		items_text(&l, "name", 0, (const char *)p + 1, n - 1);
		items_text(&l, "supply.N.level", 7, (const char *)p + 1,
		    n - 1);
		FUZZ_MUST(l.n <= 2 && !l.failed);
		items_fini(&l);
	}
	rel_buf_fini(&b);
	return 0;
}
