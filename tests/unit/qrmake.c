/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* qrmake svg|pdf TEXT...: what cgi/qr.c draws, for qr.sh to read back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/qr.h"

#define LABELS 32

int
main(int argc, char **argv)
{
	struct qr_label label[LABELS];
	struct rel_buf b;
	struct rel_err err = { 0 };
	size_t n = argc > 2 ? (size_t)argc - 2 : 0;
	int rc;

	if (n == 0 || n > LABELS) {
		fprintf(stderr, "usage: qrmake svg|pdf TEXT...\n");
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < n; i++)
		label[i] = (struct qr_label){ argv[i + 2],
		    i % 2 == 0 ? "Kyocera 3rd floor" : "HP-LaserJet-M507-Marketing",
		    "B\xc3\xbcrogeb\xc3\xa4ude 2, next to the kitchen",
		    "Scan the code, log in, print." };
	rel_buf_init(&b);
	rc = strcmp(argv[1], "svg") == 0 ?
	    qr_svg(&b, argv[2], "QR code", &err) : qr_sheet(&b, label, n, &err);
	if (rc < 0)
		fprintf(stderr, "qrmake: %s\n", err.text);
	else if (b.failed != 0 || fwrite(b.data, 1, b.len, stdout) != b.len ||
	    fflush(stdout) != 0)
		rc = -1;
	rel_buf_fini(&b);
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
