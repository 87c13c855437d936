/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Messages between core, super and agent about settings and certificates.
 * Input: byte which, the message. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/buf.h"
#include "releaserd/admin.h"

/* What was read says the same when it is written. */
#define AGAIN(type, get, put) do { \
	static struct type m; \
	if (get(&m, p, n) == 0) { \
		put(&b, &m); \
		FUZZ_MUST(!b.failed && get(&m, b.data, b.len) == 0); \
	} \
} while (0)

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rel_buf b;
	char name[300];

	if (n == 0)
		return 0;
	rel_buf_init(&b);
	p++;
	n--;
	switch (p[-1] % 6) {
	case 0:
		AGAIN(admin_conf, admin_conf_get, admin_conf_put);
		break;
	case 1:
		AGAIN(admin_csr, admin_csr_get, admin_csr_put);
		break;
	case 2:
		AGAIN(admin_said, admin_said_get, admin_said_put);
		break;
	case 3:
		AGAIN(ipc_listen, listen_get, listen_put);
		break;
	case 4:
		AGAIN(cert_facts, cert_facts_get, cert_facts_put);
		break;
	default:
		if (n >= sizeof name)
			break;
		memcpy(name, p, n);
		name[n] = '\0';
		FUZZ_MUST(!admin_name_ok(name) ||
		    strspn(name, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:*") ==
		    strlen(name));
		break;
	}
	rel_buf_fini(&b);
	return 0;
}
