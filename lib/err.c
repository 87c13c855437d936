/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/text.h"

/* Outside text may be among the words: keep the promise of err.h. */
static void __attribute__((format(printf, 4, 0)))
err_words(struct rel_err *err, int code, const char *why, const char *fmt,
    va_list ap)
{
	char raw[sizeof err->text * 2];
	int n = vsnprintf(raw, sizeof raw, fmt, ap);

	if (why != NULL && n >= 0 && (size_t)n < sizeof raw)
		snprintf(raw + n, sizeof raw - (size_t)n, ": %s", why);
	err->code = code;
	rel_text_clean(err->text, sizeof err->text, raw);
}

int
rel_err_set(struct rel_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (err != NULL) {
		va_start(ap, fmt);
		err_words(err, code, NULL, fmt, ap);
		va_end(ap);
	}
	return -code;
}

int
rel_err_sys(struct rel_err *err, int code, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	if (err != NULL) {
		va_start(ap, fmt);
		err_words(err, code, strerror(saved), fmt, ap);
		va_end(ap);
	}
	errno = saved;
	return -code;
}

const char *
rel_err_name(int code)
{
	static const char *const names[] = {
		"none", "no-memory", "io", "format", "limit", "denied",
		"not-found", "not-held", "exists", "peer", "timeout", "full",
		"seal", "closed"
	};

	unsigned at = code < 0 ? 0u - (unsigned)code : (unsigned)code;

	if (at >= sizeof names / sizeof names[0])
		return "unknown";
	return names[at];
}
