/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What an OPDP device answers to GET /info and /status, as items. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "releaserd/driver/opdp_priv.h"
#include "releaserd/json_in.h"

/* They cross to core, which takes what the driver makes. */
static void
crosses(const struct items *l)
{
	struct items back;
	struct rel_cur c;
	struct rel_buf b;

	rel_buf_init(&b);
	items_put(&b, l);
	items_init(&back);
	rel_cur_init(&c, b.data, b.len);
	FUZZ_MUST(b.failed || l->failed || (items_read(&back, &c) == 0 &&
	    back.n == l->n));
	items_fini(&back);
	rel_buf_fini(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct opdp_answer a = { .status = 200 };
	struct rel_err why;
	struct items l;
	json_t *v;

	json_in_init();
	if ((v = json_in((const char *)p, n, &why)) == NULL)
		return 0;
	items_init(&l);
	opdp_info_items(&l, v);
	crosses(&l);
	items_fini(&l);
	items_init(&l);
	opdp_status_items(&l, v, &a, 1763757195000);
	FUZZ_MUST(items_get(&l, "state") != NULL);
	crosses(&l);
	items_fini(&l);
	json_decref(v);
	return 0;
}
