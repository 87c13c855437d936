/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PDF_TOKEN_H
#define REL_PDF_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The words of a content stream (ISO 32000-1 section 7.8.2) in memory.  Any
 * bytes are taken; what is no token is skipped and marked odd.
 */
enum pdf_token_type {
	PDF_TOK_END, PDF_TOK_NUMBER, PDF_TOK_NAME, PDF_TOK_STRING,
	PDF_TOK_ARRAY, PDF_TOK_ARRAY_END, PDF_TOK_DICT, PDF_TOK_DICT_END,
	PDF_TOK_WORD			/* an operator, true, false, null */
};

struct pdf_token {
	enum pdf_token_type type;
	double number;
	const uint8_t *s;		/* borrowed: name without '/', word,
					 * raw inside of a string */
	size_t n;
	bool hex;			/* a string in <> */
	bool visible;			/* a string with a byte > ' ' */
};

struct pdf_lexer {
	const uint8_t *p, *end;
	bool odd;			/* something that is no token, or
					 * was not ended */
};

void pdf_lexer_init(struct pdf_lexer *l, const void *data, size_t n);

/* The next token; its type, PDF_TOK_END at the end. */
enum pdf_token_type pdf_lexer_next(struct pdf_lexer *l, struct pdf_token *t);

/* "#41" decoded, '/' in front, terminated; false when it does not fit. */
bool pdf_name_text(char *out, size_t size, const struct pdf_token *t);

/*
 * After the operator ID: the data of an inline image up to its EI, which is
 * taken too.  known: bytes the data has for certain, 0 when unknown.  False
 * when there is no end; then all is taken.
 */
bool pdf_lexer_image(struct pdf_lexer *l, size_t known, const uint8_t **data,
    size_t *n);

#endif
