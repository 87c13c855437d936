/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A form as a browser sends it to a page.  The first line is the
 * Content-Type, what follows the body.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "cgi/priv.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *end = n > 0 ? memchr(p, '\n', n) : NULL;
	struct cgi_request r = { .post = true };
	struct rel_err err = { 0 };
	char type[200] = "application/x-www-form-urlencoded";
	int rc;

	if (end != NULL && (size_t)(end - p) < sizeof type) {
		memcpy(type, p, (size_t)(end - p));
		type[end - p] = '\0';
		n -= (size_t)(end - p) + 1;
		p = end + 1;
	}
	if ((r.field = calloc(CGI_FIELDS_MAX, sizeof *r.field)) == NULL)
		return 0;
	rc = form_read(&r, type, (const char *)p, n);
	FUZZ_MUST(rc <= 0 && r.nfields <= CGI_FIELDS_MAX);
	for (size_t i = 0; i < r.nfields; i++) {
		FUZZ_MUST(r.field[i].len <= n);
		FUZZ_MUST(r.field[i].value[r.field[i].len] == '\0');
		FUZZ_MUST(strlen(r.field[i].name) <= n);
	}
	if (rc == 0 && fields_check(&r, &err) == 0)
		for (size_t i = 0; i < r.nfields; i++)
			FUZZ_MUST(strlen(r.field[i].value) == r.field[i].len);
	request_fini(&r);
	return 0;
}
