/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* All cards: whose is the one that ends in D4E5? */
#include "cgi/admin/admin.h"

static int
cards_delete(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/cards/*",
	    cgi_text(c, "id"));
}

static int
cards_get(struct cgi *c)
{
	return admin_list(c, "/cards", "cards");
}

static const struct action cards_actions[] = {
	{ "card-delete", cards_delete, "The card is removed." },
	{ NULL, NULL, NULL }
};

const struct page admin_cards = {
	.path = "admin/cards.cgi",
	.title = "Cards",
	.need = FOR_OPERATOR,
	.menu = "People",
	.get = cards_get,
	.actions = cards_actions
};
