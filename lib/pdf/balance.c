/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/balance.h"

#include <string.h>

#include "lib/pdf/token.h"

static bool
is(const struct pdf_token *t, const char *word)
{
	return t->n == strlen(word) && memcmp(t->s, word, t->n) == 0;
}

void
pdf_balance(const void *data, size_t n, struct pdf_balance *b)
{
	struct pdf_lexer l;
	struct pdf_token t;
	const uint8_t *image;
	long depth = 0, low = 0, open = 0;
	bool text = false;
	size_t len;

	pdf_lexer_init(&l, data, n);
	while (pdf_lexer_next(&l, &t) != PDF_TOK_END) {
		open += t.type == PDF_TOK_ARRAY || t.type == PDF_TOK_DICT;
		open -= t.type == PDF_TOK_ARRAY_END ||
		    t.type == PDF_TOK_DICT_END;
		if (t.type != PDF_TOK_WORD)
			continue;
		if (is(&t, "q"))
			depth++;
		else if (is(&t, "Q") && --depth < low)
			low = depth;
		else if (is(&t, "BT") || is(&t, "ET"))
			text = t.s[0] == 'B';
		else if (is(&t, "ID"))
			(void)pdf_lexer_image(&l, 0, &image, &len);
	}
	b->before = low < -PDF_BALANCE_MAX ? PDF_BALANCE_MAX : (int)-low;
	depth -= low;
	b->after = depth > PDF_BALANCE_MAX ? PDF_BALANCE_MAX : (int)depth;
	b->in_text = text;
	b->whole = !l.odd && open == 0 && depth <= PDF_BALANCE_MAX &&
	    low >= -PDF_BALANCE_MAX;
}
