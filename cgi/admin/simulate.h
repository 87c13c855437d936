/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_ADMIN_SIMULATE_H
#define CGI_ADMIN_SIMULATE_H

#include "cgi/cgi.h"

/*
 * What a proposed text would have done to recorded jobs, on the pages of rules
 * and prices: replayed in this process, SIMULATE_JOBS jobs or SIMULATE_MS at
 * most; the page says up to when it came.
 */
#define SIMULATE_JOBS 200000
#define SIMULATE_MS 20000

/*
 * The form into the view: filter.from and filter.to, as typed or the last 30
 * days, may_simulate and, for who may, how many jobs were printed in these days
 * (printed_jobs, too_many, takes_long).  Errors as cgi_get(); a day that is
 * none is no error here.
 */
int simulate_form(struct cgi *c);

/*
 * Replay the span of the form with text as the rules (rules true) or prices;
 * the other ones are those in force.  Puts `simulated` into the view, plots and
 * a CSV.  0; -REL_E_FORMAT with c->problem "text-invalid" when the text is
 * wrong, or with the field of the span named; else as cgi_get().
 */
int simulate_text(struct cgi *c, const char *text, bool rules);

#endif
