/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What cupsd hands the backend: the options up to the first NUL, behind it
 * the first bytes of the document.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "backend/args.h"
#include "lib/text.h"

static void
check_text(const char *s, size_t size)
{
	FUZZ_MUST(strlen(s) < size);
	FUZZ_MUST(rel_utf8_ok(s, strlen(s)));
}

static void
check_options(char *text, size_t len)
{
	char pin[256], scheme[32], value[64], small[40], all[8192];

	args_take_secret(text, pin, sizeof pin, scheme, sizeof scheme);
	check_text(pin, sizeof pin);
	check_text(scheme, sizeof scheme);
	FUZZ_MUST(strlen(text) <= len);
	for (size_t i = strlen(text); i < len; i++)
		FUZZ_MUST(text[i] == '\0');
	FUZZ_MUST(!args_option(text, "job-password", value, sizeof value));
	args_option(text, "job-uuid", value, sizeof value);
	check_text(value, sizeof value);
	args_copy_options(all, sizeof all, text);
	check_text(all, sizeof all);
	args_copy_options(small, sizeof small, text);
	check_text(small, sizeof small);
}

static void
check_data(const char *options, const uint8_t *head, size_t n)
{
	struct args_copies c = {
		.argv = "3", .options = options, .final_type = true,
		.head = head, .head_len = n
	};
	char format[32] = "application/pdf";
	struct args_ppd ppd;
	uint32_t copies = args_copies(&c);

	FUZZ_MUST(copies >= 1 && copies <= 999);
	args_check_format(format, sizeof format, head, n);
	check_text(format, sizeof format);
	args_format(format, sizeof format, NULL, options);
	check_text(format, sizeof format);
	args_scan_ppd(&ppd, (const char *)head, n);
	FUZZ_MUST(args_document(options) <= 999999);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = malloc(n + 1);
	size_t len;

	FUZZ_MUST(text != NULL);
	memcpy(text, p, n);
	text[n] = '\0';
	len = strlen(text);
	check_options(text, len);
	check_data(text, p + len, n - len);
	free(text);
	return 0;
}
