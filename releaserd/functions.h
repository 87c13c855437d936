/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "releaserd/request.h"

/*
 * The functions that may be open, disabled or restricted: what a device, a
 * panel of ours or this server lets people do (functions.def).
 */
enum function_group {
#define GROUP(id, name, words) FG_##id,
#define FUNCTION(id, group, key, where, drives, words)
#define USES(route, id)
#include "releaserd/functions.def"
#undef GROUP
#undef FUNCTION
#undef USES
	FG_COUNT
};

enum function {
#define GROUP(id, name, words)
#define FUNCTION(id, group, key, where, drives, words) FN_##id,
#define USES(route, id)
#include "releaserd/functions.def"
#undef GROUP
#undef FUNCTION
#undef USES
	FN_COUNT
};

enum function_where { AT_DEVICE, AT_PANEL, AT_SERVER };

struct function_row {
	const char *key;		/* "print-color" */
	enum function_group group;
	enum function_where where;
	const char *drives;		/* "print.color"; see functions.def */
	const char *words;		/* for people */
};
extern const struct function_row functions_table[FN_COUNT];

struct function_group_row {
	const char *name, *words;	/* "printing" */
};
extern const struct function_group_row function_groups[FG_COUNT];

const char *function_where_word(enum function_where where);	/* "panel" */

/*
 * What a text names: a function ("print-color"), or a group of them with an @
 * in front ("@printing").  false: nothing of that name.
 */
struct function_ref {
	bool is_group;
	int which;			/* enum function or function_group */
};
bool function_parse(struct function_ref *out, const char *text);
/* Back again; out has at least 40 bytes. */
void function_text(char out[40], const struct function_ref *ref);

/* All of them as a list in mdoc, for release-functions(7). */
void functions_manual(FILE *out);

/* The function a call of the local API needs, or -1. */
int function_of_route(enum req_route route);

#endif
