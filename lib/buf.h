/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_BUF_H
#define REL_BUF_H

#include <stddef.h>
#include <stdint.h>

/*
 * A growing byte buffer and the writer of our own binary messages.  The first
 * failure (memory, a limit) sticks; check `failed` once at the end.  All
 * integers are little endian; strings and blobs are a u32 length and bytes.
 */
struct rel_buf {
	uint8_t *data;		/* owned */
	size_t len;		/* bytes used */
	size_t cap;		/* bytes owned */
	int failed;		/* 0, or a REL_E_* that stuck */
};

void rel_buf_init(struct rel_buf *b);
void rel_buf_fini(struct rel_buf *b);		/* frees; wipes nothing */
void rel_buf_fini_secret(struct rel_buf *b);	/* wipes, then frees */
void rel_buf_reset(struct rel_buf *b);		/* keeps the memory */

void rel_put_raw(struct rel_buf *b, const void *p, size_t n);
void rel_put_u8(struct rel_buf *b, uint8_t v);
void rel_put_u16(struct rel_buf *b, uint16_t v);
void rel_put_u32(struct rel_buf *b, uint32_t v);
void rel_put_u64(struct rel_buf *b, uint64_t v);
void rel_put_i64(struct rel_buf *b, int64_t v);
void rel_put_bytes(struct rel_buf *b, const void *p, size_t n);
void rel_put_str(struct rel_buf *b, const char *s);	/* NULL as "" */
void rel_put_fmt(struct rel_buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));	/* raw text, no length */

/* Overwrite memory so that the compiler cannot leave it out. */
void rel_wipe(void *p, size_t n);

#endif
