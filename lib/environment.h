/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_ENVIRONMENT_H
#define REL_ENVIRONMENT_H

#include <jansson.h>

/* What a sheet of paper stands for; both above 0. */
struct rel_environment {
	double sheets_per_tree, co2_grams;	/* co2_grams: of one sheet */
};

/* Rules of thumb for A4 paper of 80 g/m2. */
#define REL_ENVIRONMENT_DEFAULT { .sheets_per_tree = 8333, .co2_grams = 4.64 }

/*
 * To a row with `sheets` and `sides` as printed (GET /api/v1/usage) add
 * `saved`, the sheets that printing on both sides saved, and as texts with one
 * decimal (a point) `trees`, `co2_kg`, `saved_trees` and `saved_co2_kg`, what
 * both stand for.  What is missing or below 0 is 0.
 */
void rel_environment_row(json_t *row, const struct rel_environment *e);

#endif
