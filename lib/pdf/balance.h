/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PDF_BALANCE_H
#define REL_PDF_BALANCE_H

#include <stdbool.h>
#include <stddef.h>

/* What a content stream leaves open behind itself. */
#define PDF_BALANCE_MAX 64

struct pdf_balance {
	int before;		/* q it must have in front: it has more Q */
	int after;		/* Q it must have behind, with those */
	bool in_text;		/* a BT without ET */
	bool whole;		/* it ends between two operators */
};

void pdf_balance(const void *data, size_t n, struct pdf_balance *b);

#endif
