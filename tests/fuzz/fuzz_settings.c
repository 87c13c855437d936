/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releaserd.conf as super reads it, with the real table. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "releaserd/settings.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rel_err err = { 0, "" };
	struct settings old, now;
	const char *what;

	settings_defaults(&old);
	if (settings_parse(&now, p, n, "fuzz", &err) < 0) {
		FUZZ_MUST(err.code != 0 && err.text[0] != '\0');
		return 0;
	}
	FUZZ_MUST(now.https_port >= 0 && now.https_port <= 65535);
	FUZZ_MUST(now.wrong_pin_limit == 0 ||
	    (now.wrong_pin_limit >= 2 && now.wrong_pin_limit <= 10));
	FUZZ_MUST(now.job_expiry_ms >= 3600000);
	FUZZ_MUST(now.run_dir[0] != '\0');
	what = settings_differ(&old, &now, EFFECT_START);
	FUZZ_MUST(what == NULL || what[0] != '\0');
	return 0;
}
