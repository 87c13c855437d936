/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A keytab that an administrator has sent. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/text.h"
#include "releaserd/keytab.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	int count = keytab_count(p, n), seen = 0, rc = 0;
	struct keytab_entry e;
	struct rel_cur c;
	char name[64];

	if (keytab_begin(&c, p, n) < 0) {
		FUZZ_MUST(count < 0);
		return 0;
	}
	while ((rc = keytab_next(&c, &e)) == 1) {
		seen++;
		FUZZ_MUST(e.nparts > 0 && e.nparts <= KEYTAB_PARTS_MAX);
		FUZZ_MUST(e.key.p >= p && e.key.p + e.key.n <= p + n);
		keytab_name(&e, name, sizeof name);
		FUZZ_MUST(strlen(name) < sizeof name);
		FUZZ_MUST(rel_utf8_ok(name, strlen(name)));
	}
	FUZZ_MUST(rc < 0 || seen == 0 ? count < 0 : count == seen);
	return 0;
}
