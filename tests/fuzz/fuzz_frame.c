/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A channel between two processes.  The first byte says in which pieces the
 * rest arrives; whatever the pieces, the frames must be the same.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/frame.h"

/* Take all whole frames; adds up what they were. 0, or the error. */
static int
drain(struct rel_framer *f, uint64_t *sum)
{
	struct rel_frame fr;
	struct rel_err err;
	int rc;

	while ((rc = rel_framer_next(f, &fr, &err)) > 0) {
		FUZZ_MUST(fr.len <= REL_FRAME_BODY_MAX);
		FUZZ_MUST(fr.nfds == 0);	/* none can have come */
		*sum = *sum * 31 + fr.type;
		*sum = *sum * 31 + fr.id;
		for (size_t i = 0; i < fr.len; i++)
			*sum = *sum * 31 + fr.body[i];
	}
	return rc;
}

static int
take(const uint8_t *p, size_t n, size_t piece, uint64_t *sum)
{
	struct rel_framer f;
	int rc = 0;

	rel_framer_init(&f);
	for (size_t at = 0; at < n && rc == 0; at += piece) {
		rel_framer_feed(&f, p + at, n - at < piece ? n - at : piece);
		rc = drain(&f, sum);
	}
	rel_framer_fini(&f);
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint64_t whole = 0, pieces = 0;

	if (n < 1)
		return 0;
	FUZZ_MUST(take(p + 1, n - 1, n, &whole) ==
	    take(p + 1, n - 1, (size_t)p[0] + 1, &pieces));
	FUZZ_MUST(whole == pieces);
	return 0;
}
