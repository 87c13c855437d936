/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * whoami.cgi: says who cupsd takes the visitor for, and nothing else.  It is
 * what releaserd asks when a page shows it a certificate (doc/web.md); cupsd
 * itself sets REMOTE_USER here, so nobody else can have.
 */
#include <stdio.h>
#include <stdlib.h>

int
main(void)
{
	const char *user = getenv("REMOTE_USER");

	printf("Content-Type: text/plain; charset=utf-8\n"
	    "Cache-Control: no-store\n\n%s\n", user != NULL ? user : "");
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
