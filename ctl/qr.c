/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A QR code, where somebody looks. */
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgi/qr_code.h"
#include "ctl/ctl.h"

void
ctl_qr(const struct ctl *c, const char *text)
{
	struct rel_err err;
	struct rel_buf b;

	if (c->opt[OPT_JSON] != NULL || !isatty(STDOUT_FILENO) ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return;
	rel_buf_init(&b);
	if (qr_terminal(&b, text, &err) == 0 && !b.failed)
		(void)fwrite(b.data, 1, b.len, stdout);
	rel_buf_fini(&b);
}
