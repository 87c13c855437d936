/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef NET_FORM_H
#define NET_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "lib/err.h"

/* An application/x-www-form-urlencoded body, decoded. */
#define FORM_PAIRS_MAX 400u
#define FORM_NAME_MAX 96u
#define FORM_VALUE_MAX 4096u

struct form_pair {
	const char *name, *value;	/* into the form's text */
};

struct form {
	struct form_pair *pairs;	/* owned */
	size_t npairs;
	char *text;			/* owned, wiped */
	size_t text_len;
};

/* 0, -REL_E_LIMIT, -REL_E_FORMAT, -REL_E_NOMEM; form_fini() either way. */
int form_read(struct form *f, const char *body, size_t len,
    struct rel_err *why);
void form_fini(struct form *f);

/* The first value of a name, or NULL. */
const char *form_get(const struct form *f, const char *name);

/*
 * The OPDP action a pressed button means (doc/opdp.md, "From an item to a
 * request"): what the page put into the form for the button `act`, with what
 * the person typed and ticked.
 *
 * session_id, request_id  may be NULL or ""
 *
 * Returns a new JSON object as a device would have sent it, or NULL with
 * words.  Nothing in it is to be trusted more than a device's own words.
 */
json_t *form_action(const struct form *f, const char *session_id,
    const char *request_id, struct rel_err *why);

/*
 * Names in the page's forms: what a person types goes by the field's id, and
 * ids do not begin with "_".
 */
#define FORM_ACTION "_action."		/* + id: JSON of a button's action */
#define FORM_ROW "_row"			/* id of a ticked row */
#define FORM_PRESSED "_press"		/* id of the pressed button */
#define FORM_CSRF "_csrf"
#define FORM_REQUEST "_request"
#define FORM_CARD "card"		/* the reader; or the card held last */

#endif
