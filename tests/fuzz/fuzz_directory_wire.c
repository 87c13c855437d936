/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Questions about a directory and their answer. Input: byte which, message. */
#include "tests/fuzz/fuzz.h"

#include "releaserd/directory_wire.h"

/* What was read is read the same when it is written. */
#define AGAIN(type) do { \
	static struct type m; \
	if (type##_get(&m, p, n) == 0) { \
		type##_put(&b, &m); \
		FUZZ_MUST(!b.failed && type##_get(&m, b.data, b.len) == 0); \
	} \
} while (0)

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rel_buf b;

	if (n == 0)
		return 0;
	rel_buf_init(&b);
	p++;
	n--;
	switch (p[-1] % 4) {
	case 0:
		AGAIN(dir_login);
		break;
	case 1:
		AGAIN(dir_find);
		break;
	case 2:
		AGAIN(dir_test);
		break;
	default:
		AGAIN(dir_said);
		break;
	}
	rel_buf_fini(&b);
	return 0;
}
