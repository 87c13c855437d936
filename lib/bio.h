/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_BIO_H
#define REL_BIO_H

#include <openssl/bio.h>

#include "lib/buf.h"

/*
 * All that a memory BIO holds, behind what out holds; nothing when it is
 * empty.  Inline, so that only who links libcrypto needs it.
 */
static inline void
rel_put_bio(struct rel_buf *out, BIO *bio)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	if (n > 0)
		rel_put_raw(out, p, (size_t)n);
}

#endif
