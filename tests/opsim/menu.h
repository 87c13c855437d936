/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_MENU_H
#define OPSIM_MENU_H

#include <stdbool.h>

#include <jansson.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * What a panel does with a menu document (opdp.md B3): find things on it,
 * keep what the person typed and ticked, draw it, and make the request an
 * action asks for.  Pure: no network.
 */
struct menu {
	json_t *doc;		/* the menu; owned; NULL before the first one */
	json_t *typed;		/* {"field id": "text"}; owned */
	json_t *picked;		/* {"row id": true}; owned */
	char card[236], card_enc[8];	/* last card at the reader; "" none */
};

void menu_init(struct menu *m);
void menu_fini(struct menu *m);		/* wipes what was typed */

/* A new menu (borrowed); what was typed and ticked is forgotten. */
void menu_set(struct menu *m, json_t *doc);

/* The same menu asked for anew: what was typed and ticked stays. */
void menu_refresh(struct menu *m, json_t *doc);

const char *menu_name(const struct menu *m);	/* "jobs"; "" */
const char *menu_rev(const struct menu *m);

/*
 * A thing to press by its id, its label (without case) or, as a key of the
 * panel, "back", "submit", "logout".  Returns its action (borrowed) or NULL;
 * a link gives an action made of it in *made, which the caller frees.
 */
const json_t *menu_press(const struct menu *m, const char *name,
    json_t **made);

const json_t *menu_item(const struct menu *m, const char *type,
    const char *name);		/* type NULL: any; name NULL: the first */
const json_t *menu_rows(const struct menu *m);	/* array or NULL */

/* A row by id, by label, or "#N" from 1; NULL. */
const json_t *menu_row(const struct menu *m, const char *name);
bool menu_is_picked(const struct menu *m, const char *row_id);

/* Tick or untick a row; name "all" and "none" for every one. False: no row. */
bool menu_pick(struct menu *m, const char *name, bool on);

/* Type into a field; field NULL: the first.  False when there is none. */
bool menu_type(struct menu *m, const char *field, const char *text);
const char *menu_typed(const struct menu *m, const char *field);

/*
 * The body of POST /panel/action for an action of the menu: credentials from
 * what was typed or swiped, "selected" replaced by the ticked rows, the menu
 * and rev.  request_id and session_id are the caller's to add.  NULL with
 * words when something is missing.
 */
json_t *menu_request(const struct menu *m, const json_t *action,
    struct rel_err *err);

/* {"method":"card","value":..,"encoding":..} of the last card; caller's. */
/* What a card does that is held now: the reader's own action, else a log-in. */
json_t *menu_card_action(const struct menu *m);
/* Does this menu wait for one, of somebody who is logged in? */
bool menu_asks_card(const struct menu *m);
json_t *menu_card(const struct menu *m);

/*
 * Remember a card; "ascii:" before it, else hex when it can be.  config: the
 * "card" of the server's configuration or NULL: as it says, the number is made
 * here.
 */
void menu_swipe(struct menu *m, const char *value, const json_t *config);

/* The panel as text, a line an item; for people and for "expect". */
void menu_draw(const struct menu *m, struct rel_buf *out);

#endif
