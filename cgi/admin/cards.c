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
card_give(struct cgi *c)
{
	return cgi_call(c, "POST", json_pack("{s:s}", "user", cgi_text(c,
	    "user")), NULL, "/cards/*/owner", cgi_text(c, "id"));
}

static int
card_keep(struct cgi *c)
{
	return cgi_call(c, "DELETE", NULL, NULL, "/card-clashes/*",
	    cgi_text(c, "id"));
}

static int
cards_get(struct cgi *c)
{
	int rc = cgi_view(c, "clashes", "clashes", "/card-clashes");

	return rc < 0 ? rc : admin_list(c, "/cards", "cards");
}

static const struct action cards_actions[] = {
	{ "card-delete", cards_delete, "The card is removed." },
	{ "card-give", card_give, "The card has another owner now." },
	{ "card-keep", card_keep, "The card stays whose it is." },
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
