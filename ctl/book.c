/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl price and rule: the texts releaserd goes by, and older ones. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/price.h"
#include "lib/rule.h"

static const struct ctl_column version_columns[] = {
	{ "VERSION", "version", COL_INT }, { "SINCE", "at", COL_TIME },
	{ "BY", "by", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

/* A text of releaserd; version 0 is the one that holds. */
static int
book_get(struct ctl *c, const char *path, json_t **out)
{
	int64_t version = 0;
	char url[64];
	int rc = ctl_number(c, OPT_VERSION, 1, INT64_MAX, &version);

	if (rc < 0)
		return rc;
	snprintf(url, sizeof url, version > 0 ? "%s?version=%" PRId64 : "%s",
	    path, version);
	return ctl_call(c, "GET", url, NULL, NULL, out);
}

static int
book_show(struct ctl *c, const char *path, const char *none)
{
	const char *text;
	json_t *book;
	int rc = book_get(c, path, &book);

	if (rc < 0)
		return rc;
	text = json_string_value(json_object_get(book, "text"));
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(book);
	else if (json_integer_value(json_object_get(book, "version")) == 0)
		fprintf(stderr, "releasectl: %s\n", none);
	else if (text != NULL)
		fputs(text, stdout);
	json_decref(book);
	return 0;
}

static int
book_versions(struct ctl *c, const char *path)
{
	json_t *book;
	int rc = book_get(c, path, &book);

	if (rc == 0)
		ctl_print_list(c, book, "versions", version_columns);
	return rc;
}

static int
book_send(struct ctl *c, const char *path, const char *text, size_t n)
{
	json_t *body = json_pack("{s:s%,s:b}", "text", text, n, "dry_run",
	    c->opt[OPT_DRY_RUN] != NULL);
	json_t *answer;
	int rc;

	if (body == NULL)
		return rel_err_set(&c->err, REL_E_FORMAT,
		    "the file is no UTF-8 text");
	rc = ctl_call(c, "POST", path, NULL, body, &answer);
	json_decref(body);
	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(answer);
	else if (c->opt[OPT_DRY_RUN] != NULL)
		printf("Nothing is wrong with it; nothing was changed.\n");
	else
		printf("Version %lld holds from now on.\n",
		    (long long)json_integer_value(json_object_get(answer,
		    "version")));
	json_decref(answer);
	return 0;
}

static int
book_set(struct ctl *c, const char *path, size_t max)
{
	const char *file = c->nargs > 0 ? c->arg[0] :
	    c->opt[OPT_STDIN] != NULL ? "-" : NULL;
	size_t n = 0;
	char *text;
	int rc;

	if (file == NULL)
		return ctl_misuse(c, "which file? - is standard input");
	if ((text = ctl_read_file(c, file, max, &n)) == NULL)
		return -c->err.code;
	rc = book_send(c, path, text, n);
	free(text);
	return rc;
}

static int
price_show(struct ctl *c)
{
	return book_show(c, "/prices", "there is no price list: nothing has "
	    "a price");
}

static int
price_set(struct ctl *c)
{
	return book_set(c, "/prices", REL_PRICE_FILE_MAX);
}

static int
price_versions(struct ctl *c)
{
	return book_versions(c, "/prices");
}

static int
rule_show(struct ctl *c)
{
	return book_show(c, "/rules", "there are no rules");
}

static int
rule_set(struct ctl *c)
{
	return book_set(c, "/rules", REL_RULE_FILE_MAX);
}

static int
rule_versions(struct ctl *c)
{
	return book_versions(c, "/rules");
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt show_opts[] = { OPT_VERSION, OPT_COUNT };
static const enum ctl_opt set_opts[] = { OPT_DRY_RUN, OPT_STDIN, OPT_COUNT };

const struct ctl_verb ctl_book_verbs[] = {
	{ "price", "show", 0, 0, "", show_opts,
	    "The price list that holds, or an older one, as a file.",
	    price_show },
	{ "price", "set", 0, 1, "FILE", set_opts,
	    "Let a price list hold from now on; - is standard input. What "
	    "was reserved keeps its price.", price_set },
	{ "price", "versions", 0, 0, "", none,
	    "The last 50 price lists, and who set them.", price_versions },
	{ "rule", "show", 0, 0, "", show_opts,
	    "The rules that hold, or older ones, as a file.", rule_show },
	{ "rule", "set", 0, 1, "FILE", set_opts,
	    "Let rules hold from now on; - is standard input.", rule_set },
	{ "rule", "versions", 0, 0, "", none,
	    "The last 50 sets of rules, and who set them.", rule_versions },
	{ 0 }
};
