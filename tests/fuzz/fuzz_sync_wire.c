/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A part of a directory's listing, and its question. Input: byte which,
 * message. */
#include "tests/fuzz/fuzz.h"

#include "releaserd/sync_wire.h"

/* Records that were read are read the same when they are written. */
static void
part_read(const uint8_t *p, size_t n)
{
	static struct sync_record r, again;
	static struct sync_part m, written;
	struct rel_buf records, b;
	enum sync_what what;

	if (sync_part_get(&m, p, n) < 0)
		return;
	rel_buf_init(&records);
	rel_buf_init(&b);
	while ((what = sync_part_next(&m, &r)) == SYNC_GROUP ||
	    what == SYNC_PERSON) {
		rel_buf_reset(&records);
		rel_buf_reset(&b);
		if (what == SYNC_GROUP)
			sync_group_put(&records, r.group);
		else
			sync_person_put(&records, &r);
		sync_part_put(&b, &m, &records);
		FUZZ_MUST(!b.failed &&
		    sync_part_get(&written, b.data, b.len) == 0);
		FUZZ_MUST(sync_part_next(&written, &again) == what);
		FUZZ_MUST(sync_part_next(&written, &again) == SYNC_END);
	}
	rel_buf_fini(&records);
	rel_buf_fini(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct sync_next m;
	struct rel_buf b;

	if (n == 0)
		return 0;
	if (p[0] % 2 == 0) {
		part_read(p + 1, n - 1);
		return 0;
	}
	rel_buf_init(&b);
	if (sync_next_get(&m, p + 1, n - 1) == 0) {
		sync_next_put(&b, &m);
		FUZZ_MUST(!b.failed && sync_next_get(&m, b.data, b.len) == 0);
	}
	rel_buf_fini(&b);
	return 0;
}
