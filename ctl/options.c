/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Options as members of a body, and their values as numbers. */
#include <inttypes.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/text.h"

static const struct {
	const char *name, *value, *help;
} options[OPT_COUNT] = {
#define OPTION(id, name, value, help) [id] = { name, value, help },
#include "ctl/options.def"
#undef OPTION
};

const char *
ctl_opt_name(enum ctl_opt opt)
{
	return options[opt].name;
}

const char *
ctl_opt_value(enum ctl_opt opt)
{
	return options[opt].value;
}

const char *
ctl_opt_help(enum ctl_opt opt)
{
	return options[opt].help;
}

int
ctl_number(struct ctl *c, enum ctl_opt opt, int64_t low, int64_t high,
    int64_t *n)
{
	if (c->opt[opt] == NULL || rel_int(n, c->opt[opt], low, high))
		return 0;
	if (high == INT64_MAX)
		return ctl_misuse(c, "--%s takes a whole number, %" PRId64
		    " or more", options[opt].name, low);
	return ctl_misuse(c, "--%s takes a whole number, %" PRId64 " to %"
	    PRId64, options[opt].name, low, high);
}

int
ctl_put_number(struct ctl *c, json_t *body, const char *key,
    enum ctl_opt opt, const int64_t range[2])
{
	int64_t n;
	int rc = ctl_number(c, opt, range[0], range[1], &n);

	if (rc == 0 && c->opt[opt] != NULL)
		json_object_set_new(body, key, json_integer(n));
	return rc;
}

int
ctl_put_texts(struct ctl *c, json_t *body, const struct ctl_member *m,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c->opt[m[i].opt] != NULL && json_object_set_new(body,
		    m[i].key, json_string(c->opt[m[i].opt])) < 0)
			return ctl_misuse(c, "the %s is no UTF-8 text",
			    m[i].key);
	return 0;
}

int
ctl_yes(struct ctl *c, enum ctl_opt opt, bool *yes)
{
	const char *said = c->opt[opt];

	if (said == NULL)
		return 0;
	*yes = strcmp(said, "yes") == 0;
	if (*yes || strcmp(said, "no") == 0)
		return 1;
	return ctl_misuse(c, "--%s takes yes or no", options[opt].name);
}
