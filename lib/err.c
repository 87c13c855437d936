/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
rel_err_set(struct rel_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (err != NULL) {
		err->code = code;
		va_start(ap, fmt);
		vsnprintf(err->text, sizeof err->text, fmt, ap);
		va_end(ap);
	}
	return -code;
}

int
rel_err_sys(struct rel_err *err, int code, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;
	size_t len;

	if (err != NULL) {
		err->code = code;
		va_start(ap, fmt);
		vsnprintf(err->text, sizeof err->text, fmt, ap);
		va_end(ap);
		len = strlen(err->text);
		snprintf(err->text + len, sizeof err->text - len, ": %s",
		    strerror(saved));
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

	if (code < 0)
		code = -code;
	if ((size_t)code >= sizeof names / sizeof names[0])
		return "unknown";
	return names[code];
}
