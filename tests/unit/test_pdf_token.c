/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <string.h>

#include "lib/pdf/balance.h"
#include "lib/pdf/token.h"

static struct pdf_lexer lex;
static struct pdf_token tok;

static void
begin(const char *text)
{
	pdf_lexer_init(&lex, text, strlen(text));
}

static enum pdf_token_type
next(void)
{
	return pdf_lexer_next(&lex, &tok);
}

static void
expect_word(const char *word)
{
	assert_int_equal(next(), PDF_TOK_WORD);
	assert_int_equal(tok.n, strlen(word));
	assert_memory_equal(tok.s, word, tok.n);
}

UNIT(numbers)
{
	static const struct {
		const char *text;
		double value;
	} t[] = {
		{ "0", 0 }, { "12", 12 }, { "-7", -7 }, { "+3", 3 },
		{ ".5", 0.5 }, { "-.25", -0.25 }, { "4.", 4 }, { ".", 0 },
		{ "--5", -5 }, { "12-3", 12 }, { "0.125", 0.125 }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		begin(t[i].text);
		assert_int_equal(next(), PDF_TOK_NUMBER);
		assert_true(tok.number > t[i].value - 1e-9 &&
		    tok.number < t[i].value + 1e-9);
		assert_int_equal(next(), PDF_TOK_END);
	}
	begin("1e5 0x10 1.2.3");
	expect_word("1e5");
	expect_word("0x10");
	expect_word("1.2.3");
	begin("999999999999999999999999999999999999999999");
	assert_int_equal(next(), PDF_TOK_NUMBER);
	assert_true(tok.number <= 1e15);
}

UNIT(strings)
{
	begin("(a(b)c)Tj( )(\\)x)<4142><20 20><2>(open");
	assert_int_equal(next(), PDF_TOK_STRING);
	assert_int_equal(tok.n, 5);
	assert_true(tok.visible);
	expect_word("Tj");
	assert_int_equal(next(), PDF_TOK_STRING);
	assert_false(tok.visible);
	assert_int_equal(next(), PDF_TOK_STRING);
	assert_int_equal(tok.n, 3);
	assert_true(tok.visible);
	assert_int_equal(next(), PDF_TOK_STRING);
	assert_true(tok.visible && tok.hex);
	assert_int_equal(next(), PDF_TOK_STRING);
	assert_false(tok.visible);
	assert_int_equal(next(), PDF_TOK_STRING);
	assert_true(tok.visible);
	assert_false(lex.odd);
	assert_int_equal(next(), PDF_TOK_STRING);
	assert_true(lex.odd);
	assert_int_equal(next(), PDF_TOK_END);
}

UNIT(names)
{
	char out[16];

	begin("/A#42c/ /#zz/VeryMuchTooLongForThis/N#00");
	assert_int_equal(next(), PDF_TOK_NAME);
	assert_true(pdf_name_text(out, sizeof out, &tok));
	assert_string_equal(out, "/ABc");
	assert_int_equal(next(), PDF_TOK_NAME);
	assert_true(pdf_name_text(out, sizeof out, &tok));
	assert_string_equal(out, "/");
	assert_int_equal(next(), PDF_TOK_NAME);
	assert_true(pdf_name_text(out, sizeof out, &tok));
	assert_string_equal(out, "/#zz");
	assert_int_equal(next(), PDF_TOK_NAME);
	assert_false(pdf_name_text(out, sizeof out, &tok));
	assert_int_equal(next(), PDF_TOK_NAME);
	assert_false(pdf_name_text(out, sizeof out, &tok));
}

UNIT(delimiters_and_comments)
{
	begin("[1]<</A 1>>%x y\nq}Q");
	assert_int_equal(next(), PDF_TOK_ARRAY);
	assert_int_equal(next(), PDF_TOK_NUMBER);
	assert_int_equal(next(), PDF_TOK_ARRAY_END);
	assert_int_equal(next(), PDF_TOK_DICT);
	assert_int_equal(next(), PDF_TOK_NAME);
	assert_int_equal(next(), PDF_TOK_NUMBER);
	assert_int_equal(next(), PDF_TOK_DICT_END);
	assert_false(lex.odd);
	expect_word("q");
	expect_word("Q");
	assert_true(lex.odd);
	pdf_lexer_init(&lex, NULL, 0);
	assert_int_equal(next(), PDF_TOK_END);
}

UNIT(inline_images)
{
	const uint8_t *data;
	size_t n;

	begin(" abcEI def EI Q");
	assert_true(pdf_lexer_image(&lex, 0, &data, &n));
	assert_int_equal(n, 10);
	expect_word("Q");
	begin(" ab EI cd EI Q");		/* the length is known */
	assert_true(pdf_lexer_image(&lex, 8, &data, &n));
	assert_int_equal(n, 8);
	expect_word("Q");
	begin(" ab EI \x80\x01\x02 EI Q");	/* the first is a pixel */
	assert_true(pdf_lexer_image(&lex, 0, &data, &n));
	expect_word("Q");
	begin(" abc");
	assert_false(pdf_lexer_image(&lex, 0, &data, &n));
	assert_int_equal(next(), PDF_TOK_END);
	begin(" ab");
	assert_false(pdf_lexer_image(&lex, (size_t)-1, &data, &n));
}

UNIT(balance)
{
	static const struct {
		const char *text;
		int before, after;
		bool in_text, whole;
	} t[] = {
		{ "q Q", 0, 0, false, true },
		{ "q q Q", 0, 1, false, true },
		{ "Q Q q", 2, 1, false, true },
		{ "BT (q Q) Tj", 0, 0, true, true },
		{ "BT ET (a", 0, 0, false, false },
		{ "[ 1 2", 0, 0, false, false },
		{ "BI /W 1 ID Q Q EI q", 0, 1, false, true },
		{ "BI /W 1 ID Q Q", 0, 0, false, false },
		{ "", 0, 0, false, true }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct pdf_balance b;

		pdf_balance(t[i].text, strlen(t[i].text), &b);
		assert_int_equal(b.before, t[i].before);
		assert_int_equal(b.after, t[i].after);
		assert_int_equal(b.in_text, t[i].in_text);
		assert_int_equal(b.whole, t[i].whole);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(numbers), UNIT_RUN(strings), UNIT_RUN(names),
		UNIT_RUN(delimiters_and_comments), UNIT_RUN(inline_images),
		UNIT_RUN(balance)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
