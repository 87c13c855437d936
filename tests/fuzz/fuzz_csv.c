/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A table of users as somebody uploads it; and what we write of it again. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/csv.h"

/* The rows again: as many fields, and the same texts. */
static void
again(const struct rel_buf *b, const struct rel_buf *plain)
{
	char *text = malloc(b->len + 1);
	struct rel_csv_row row;
	struct rel_err err;
	struct rel_csv c;
	size_t at = 0;

	FUZZ_MUST(text != NULL);
	if (b->len > 0)
		memcpy(text, b->data, b->len);
	rel_csv_init(&c, text, b->len);
	c.sep = ',';
	while (rel_csv_next(&c, &row, &err) > 0)
		for (size_t i = 0; i < row.n; i++) {
			const char *s = rel_csv_plain(row.field[i]);

			FUZZ_MUST(at + strlen(s) < plain->len);
			FUZZ_MUST(strcmp((const char *)plain->data + at, s) ==
			    0);
			at += strlen(s) + 1;
		}
	FUZZ_MUST(at == plain->len);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = malloc(n + 1);
	struct rel_buf b, plain;
	struct rel_csv_row row;
	struct rel_err err;
	struct rel_csv c;
	unsigned line = 0;
	int rc;

	if (text == NULL)
		return 0;
	memcpy(text, p, n);
	rel_buf_init(&b);
	rel_buf_init(&plain);
	rel_csv_init(&c, text, n);
	while ((rc = rel_csv_next(&c, &row, &err)) > 0) {
		FUZZ_MUST(row.n >= 1 && row.n <= REL_CSV_FIELDS);
		FUZZ_MUST(row.line > line);
		line = row.line;
		/* A row of one empty field is an empty line when written. */
		if (row.n == 1 && row.field[0][0] == '\0')
			continue;
		for (size_t i = 0; i < row.n; i++) {
			FUZZ_MUST(row.field[i] >= text &&
			    row.field[i] <= text + n);
			rel_csv_put(&b, row.field[i], i == 0);
			rel_put_raw(&plain, row.field[i],
			    strlen(row.field[i]) + 1);
		}
		rel_csv_end(&b);
	}
	FUZZ_MUST(rc == 0 || rc == -REL_E_FORMAT);
	FUZZ_MUST(!b.failed && !plain.failed);
	again(&b, &plain);
	rel_buf_fini(&b);
	rel_buf_fini(&plain);
	free(text);
	return 0;
}
