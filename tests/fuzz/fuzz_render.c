/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What core asks a render ('j') and a render answers core ('r'): a render
 * that was taken over by a document must not get further this way.  What is
 * accepted is within its bounds, and means the same when it is passed on.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "releaserd/ipc.h"

static void
put_again(const struct render_job *m, const struct render_result *r,
    struct rel_buf *b)
{
	rel_buf_init(b);
	if (m != NULL)
		render_job_put(b, m);
	else
		render_result_put(b, r);
	FUZZ_MUST(b->failed == 0);
}

static void
try_job(const uint8_t *p, size_t n)
{
	static struct render_job m, again;
	struct rel_buf one, two;

	if (render_job_get(&m, p, n) < 0)
		return;
	FUZZ_MUST(m.op >= RENDER_COUNT && m.op <= RENDER_PREVIEW);
	FUZZ_MUST(m.preview_px <= RENDER_PX_MAX);
	FUZZ_MUST(memchr(m.driver, '\0', sizeof m.driver) != NULL);
	FUZZ_MUST(memchr(m.ticket.rest, '\0', sizeof m.ticket.rest) != NULL);
	put_again(&m, NULL, &one);
	FUZZ_MUST(render_job_get(&again, one.data, one.len) == 0);
	put_again(&again, NULL, &two);
	FUZZ_MUST(one.len == two.len &&
	    memcmp(one.data, two.data, one.len) == 0);
	rel_buf_fini(&one);
	rel_buf_fini(&two);
}

static void
try_result(const uint8_t *p, size_t n)
{
	static struct render_result r, again;
	struct rel_buf one, two;

	if (render_result_get(&r, p, n) < 0)
		return;
	FUZZ_MUST(r.outcome <= RENDER_LATER && r.png_len <= RENDER_PNG_MAX);
	FUZZ_MUST(r.facts.colour_sides <= r.facts.sides);
	put_again(NULL, &r, &one);
	FUZZ_MUST(render_result_get(&again, one.data, one.len) == 0);
	put_again(NULL, &again, &two);
	FUZZ_MUST(one.len == two.len &&
	    memcmp(one.data, two.data, one.len) == 0);
	rel_buf_fini(&one);
	rel_buf_fini(&two);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n < 1)
		return 0;
	if (p[0] == 'j')
		try_job(p + 1, n - 1);
	if (p[0] == 'r')
		try_result(p + 1, n - 1);
	return 0;
}
