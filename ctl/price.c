/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl price: price lists; check needs no releaserd. */
#include <stdlib.h>

#include "ctl/ctl.h"
#include "lib/price.h"

static void
say_right(struct ctl *c, const char *path, const struct rel_prices *p)
{
	size_t n = rel_prices_count(p), part[2] = { 0, 0 };
	bool group;
	unsigned line;

	for (size_t i = 0; rel_prices_section(p, i, &group, &line); i++)
		part[group]++;
	if (c->opt[OPT_JSON] != NULL) {
		json_t *o = json_pack("{s:I,s:I,s:I,s:s}", "prices",
		    (json_int_t)n, "devices", (json_int_t)part[0], "groups",
		    (json_int_t)part[1], "currency", rel_prices_currency(p));

		ctl_print_json(o);
		json_decref(o);
	}
	ctl_say(c, "%s: %zu %s, %zu %s and %zu %s with prices of their own.\n",
	    path, n, n == 1 ? "price" : "prices", part[0], part[0] == 1 ?
	    "device" : "devices", part[1], part[1] == 1 ? "group" : "groups");
}

static int
price_check(struct ctl *c)
{
	const char *path = c->nargs > 0 ? c->arg[0] :
	    c->opt[OPT_STDIN] != NULL ? "-" : NULL;
	struct rel_prices *p;
	struct rel_place at;
	char *text;
	size_t len;
	int rc = 0;

	if (path == NULL)
		return ctl_misuse(c, "which file? - is standard input");
	if ((text = ctl_read_file(c, path, REL_PRICE_FILE_MAX + 3, &len)) ==
	    NULL)
		return -c->err.code;
	p = rel_prices_read(text, len, &at);
	if (p == NULL)
		rc = ctl_wrong_file(c, path, &at);
	else
		say_right(c, path, p);
	rel_prices_free(&p);
	free(text);
	return rc;
}

static const enum ctl_opt check_opts[] = { OPT_STDIN, OPT_COUNT };

const struct ctl_verb ctl_price_verbs[] = {
	{ "price", "check", 0, 1, "FILE", check_opts,
	    "Is this a price list? Else its first wrong line and word are "
	    "named. Nothing is changed, and releaserd is not asked. - is "
	    "standard input.",
	    price_check },
	{ 0 }
};
