/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a printer answers to a question by IPP: items, and how a job is. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/text.h"
#include "releaserd/driver/ipp_priv.h"
#include "releaserd/ippmsg.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct driver_job job = { .state = 0 };
	struct rel_err err;
	struct items l;
	char words[200];
	ipp_t *m;
	size_t used;

	if (ippmsg_read(&m, p, n, &used) == 0) {
		FUZZ_MUST(used <= n);
		items_init(&l);
		ipp_items_info(&l, m);
		ipp_items_status(&l, m);
		ipp_job(&job, m);
		ippmsg_words(m, words, sizeof words);
		FUZZ_MUST(job.state <= 9 && l.n <= ITEM_LIST_MAX);
		FUZZ_MUST(rel_utf8_ok(words, strlen(words)));
		for (size_t i = 0; i < l.n; i++)
			FUZZ_MUST(item_kind(l.v[i].name) != NULL &&
			    rel_utf8_ok(l.v[i].value, strlen(l.v[i].value)));
		items_fini(&l);
		ippDelete(m);
	}
	if (ippmsg_get(&m, p, n, 5, &err) == 0)
		ippDelete(m);
	return 0;
}
