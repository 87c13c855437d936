/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What the backend says to core and core to the backend.  The first byte
 * chooses the message.  What was read must survive being written and read.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/intake.h"
#include "lib/text.h"

static void
fuzz_begin(const uint8_t *p, size_t n)
{
	struct rel_in_begin m;
	struct rel_buf b;

	memset(&m, 0, sizeof m);
	if (rel_in_begin_get(&m, p, n) < 0)
		return;
	FUZZ_MUST(strlen(m.options) < sizeof m.options);
	FUZZ_MUST(rel_utf8_ok(m.user, strlen(m.user)));
	rel_buf_init(&b);
	rel_in_begin_put(&b, &m);
	FUZZ_MUST(!b.failed && b.len == n && memcmp(b.data, p, n) == 0);
	rel_buf_fini_secret(&b);
}

static void
fuzz_spool(const uint8_t *p, size_t n)
{
	struct rel_in_spool m;
	struct rel_buf b;

	memset(&m, 0, sizeof m);
	if (rel_in_spool_get(&m, p, n) < 0)
		return;
	rel_buf_init(&b);
	rel_in_spool_put(&b, &m);
	FUZZ_MUST(!b.failed && b.len == n && memcmp(b.data, p, n) == 0);
	rel_buf_fini_secret(&b);
}

static void
fuzz_refused(const uint8_t *p, size_t n)
{
	struct rel_in_refused m;
	struct rel_buf b;

	memset(&m, 0, sizeof m);
	if (rel_in_refused_get(&m, p, n) < 0)
		return;
	rel_buf_init(&b);
	rel_in_refused_put(&b, &m);
	FUZZ_MUST(!b.failed && b.len == n && memcmp(b.data, p, n) == 0);
	rel_buf_fini(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n < 1)
		return 0;
	switch (p[0]) {
	case 'S':
		fuzz_spool(p + 1, n - 1);
		break;
	case 'R':
		fuzz_refused(p + 1, n - 1);
		break;
	default:
		fuzz_begin(p + 1, n - 1);
		break;
	}
	return 0;
}
