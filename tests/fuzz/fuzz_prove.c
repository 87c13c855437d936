/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What an agent and the process beside it say, and what ntlm_auth says. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "releaserd/agent/prove.h"

static void
question(const uint8_t *p, size_t n)
{
	struct prove_question q, again;
	struct rel_buf b;

	if (prove_question_get(&q, p, n) < 0)
		return;
	FUZZ_MUST(q.password_len > 0 && q.password_len <= PROVE_PASSWORD_MAX);
	rel_buf_init(&b);
	prove_question_put(&b, &q);
	FUZZ_MUST(prove_question_get(&again, b.data, b.len) == 0);
	rel_buf_reset(&b);
	/* Three lines and a point, whatever is in them. */
	if (ntlm_request(&b, &q)) {
		size_t lines = 0;

		for (size_t i = 0; i < b.len; i++)
			lines += b.data[i] == '\n';
		FUZZ_MUST(lines == 4);
	}
	rel_buf_fini(&b);
}

static void
helper(const uint8_t *p, size_t n)
{
	char out[600], log[600];
	struct prove_answer a;
	size_t half = n / 2;

	if (half >= sizeof out)
		return;
	memcpy(out, p, half);
	out[half] = '\0';
	memcpy(log, p + half, half);
	log[half] = '\0';
	memset(&a, 0, sizeof a);
	ntlm_said(out, log, &a);
	FUZZ_MUST(a.outcome != DIR_RIGHT ||
	    strncmp(out, "Authenticated: Yes\n", 19) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct prove_answer a;

	if (n == 0)
		return 0;
	if (p[0] % 3 == 0)
		question(p + 1, n - 1);
	else if (p[0] % 3 == 1)
		(void)prove_answer_get(&a, p + 1, n - 1);
	else
		helper(p + 1, n - 1);
	return 0;
}
