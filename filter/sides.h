/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SIDES_H
#define SIDES_H

#include "lib/err.h"
#include "lib/ticket.h"

/*
 * What the ticket makes of the document in fd, whose own facts are in f:
 * sides, sheets, colour sides are filled in.  Arithmetic says it at once;
 * where options move pages CUPS's pdftopdf is run once for the number it will
 * really make, and its word counts (doc/pages.md).
 *
 * Returns 0; -REL_E_DENIED when the options leave nothing to print (f is
 * refused).  When pdftopdf cannot be run the arithmetic stays, as a bound.
 */
int sides_count(int fd, const struct rel_ticket *t, struct rel_facts *f,
    unsigned deadline_ms);

#endif
