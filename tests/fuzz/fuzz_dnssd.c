/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What comes back when printers are asked for by DNS-SD. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/ranges.h"
#include "releaserd/driver/discover.h"

static struct dnssd d;
static struct found v[DISCOVER_FOUND_MAX], again[DISCOVER_FOUND_MAX];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint8_t from[16] = { [10] = 0xff, 0xff, 10, 0, 0, 1 };
	struct rel_buf b;
	size_t k;

	if (n < 2 || n > 9000)
		return 0;
	memset(&d, 0, sizeof d);
	d.v = v;
	d.id = (uint16_t)(p[0] << 8 | p[1]);
	dnssd_read(&d, p, n, from);
	rel_buf_init(&b);
	found_list_put(&b, v, d.n);
	FUZZ_MUST(found_list_get(again, &k, b.data, b.len) == 0 && k == d.n);
	rel_buf_fini(&b);
	return 0;
}
