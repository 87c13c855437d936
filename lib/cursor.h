/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_CURSOR_H
#define REL_CURSOR_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads the binary messages that buf.h writes.  The first error sticks: later
 * reads give 0, "" or NULL.  A parser reads everything, then asks rel_cur_end()
 * once, which also demands that nothing is left over.  Borrows the bytes.
 */
struct rel_cur {
	const uint8_t *p, *end;
	int bad;		/* 0, or a REL_E_* that stuck */
};

void rel_cur_init(struct rel_cur *c, const void *p, size_t n);
size_t rel_cur_left(const struct rel_cur *c);

uint8_t rel_get_u8(struct rel_cur *c);
uint16_t rel_get_u16(struct rel_cur *c);
uint32_t rel_get_u32(struct rel_cur *c);
uint64_t rel_get_u64(struct rel_cur *c);
int64_t rel_get_i64(struct rel_cur *c);

/* n raw bytes without a length; borrowed; NULL when too few are left. */
const uint8_t *rel_get_raw(struct rel_cur *c, size_t n);

/* A u32 length and its bytes; borrowed; *n is 0 and NULL returned on error. */
const uint8_t *rel_get_bytes(struct rel_cur *c, size_t *n);

/* Exactly n bytes that carry a length; copied to out; zeros on error. */
void rel_get_fixed(struct rel_cur *c, void *out, size_t n);

/*
 * A string into out, always terminated.  Fails (REL_E_LIMIT) when it has more
 * than size - 1 bytes and (REL_E_FORMAT) when it holds NUL or is not UTF-8.
 */
void rel_get_str(struct rel_cur *c, char *out, size_t size);

/* 0 when all was read without error; else the negative REL_E_*. */
int rel_cur_end(struct rel_cur *c);

#endif
