/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Memory of liblber and libldap: passwords are in the requests they build, so
 * all of it is wiped before it is freed.  A head in front holds the length.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "releaserd/agent/ldap_priv.h"

union head {
	size_t n;
	max_align_t align;
};

static void *
mem_alloc(ber_len_t n, void *ctx)
{
	union head *h = n < SIZE_MAX - sizeof *h ?
	    malloc(sizeof *h + n) : NULL;

	(void)ctx;
	if (h == NULL)
		return NULL;
	h->n = n;
	return h + 1;
}

static void
mem_free(void *p, void *ctx)
{
	union head *h = p;

	(void)ctx;
	if (p == NULL)
		return;
	h--;
	rel_wipe(h, sizeof *h + h->n);
	free(h);
}

static void *
mem_zeroed(ber_len_t count, ber_len_t n, void *ctx)
{
	void *p = n == 0 || count <= SIZE_MAX / n ?
	    mem_alloc(count * n, ctx) : NULL;

	if (p != NULL)
		memset(p, 0, count * n);
	return p;
}

static void *
mem_resize(void *p, ber_len_t n, void *ctx)
{
	void *to = mem_alloc(n, ctx);

	if (to != NULL && p != NULL) {
		size_t had = ((union head *)p)[-1].n;

		memcpy(to, p, had < n ? had : n);
		mem_free(p, ctx);
	}
	return to;
}

void
mem_wiped(void)
{
	BerMemoryFunctions fns = { mem_alloc, mem_zeroed, mem_resize,
	    mem_free };

	(void)ber_set_option(NULL, LBER_OPT_MEMORY_FNS, &fns);
}
