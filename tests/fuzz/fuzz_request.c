/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A request as core reads it from net; net is the less trusted of the two. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "releaserd/request.h"

/* Touch every text, so that a bad pointer or a missing end is found. */
static size_t
touch(const struct request *rq)
{
	size_t n = 0;

	for (int i = 0; i < F_COUNT; i++)
		if (rq->f[i].set && rq->f[i].str != NULL)
			n += strlen(rq->f[i].str);
	for (size_t i = 0; i < rq->njobs; i++)
		n += strnlen(rq->jobs[i].id, sizeof rq->jobs[i].id);
	return n + strlen(rq->caller_id) + strlen(rq->idem_key);
}

static void
fuzz_response(const uint8_t *p, size_t n)
{
	struct response rs;

	memset(&rs, 0, sizeof rs);
	if (response_get(&rs, p, n) < 0)
		return;
	FUZZ_MUST(rs.body_len <= n);
	FUZZ_MUST(strlen(rs.problem) < sizeof rs.problem);
	FUZZ_MUST(problem_status(rs.problem) >= 400);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct request rq;

	if (n < 1)
		return 0;
	if (p[0] == 'R') {
		fuzz_response(p + 1, n - 1);
		return 0;
	}
	memset(&rq, 0, sizeof rq);
	if (request_get(&rq, p + 1, n - 1) == 0) {
		FUZZ_MUST(rq.route < ROUTE_COUNT);
		FUZZ_MUST(rq.caller <= CALLER_LOCAL);
		FUZZ_MUST(touch(&rq) <= 2 * n + 1024);
	}
	request_fini(&rq);
	return 0;
}
