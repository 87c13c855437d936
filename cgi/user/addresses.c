/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The address book of the directories: names, mail addresses, fax numbers. */
#include <stdio.h>
#include <string.h>

#include "cgi/user/user.h"

/* One character finds everybody: the form says so, no call does. */
static bool
is_short(const char *typed)
{
	size_t n = 0;

	for (; *typed != '\0'; typed++)
		n += ((unsigned char)*typed & 0xc0) != 0x80;
	return n < 2;
}

static int
addresses_get(struct cgi *c)
{
	const char *typed = cgi_text(c, "q");
	struct rel_buf path;
	int rc;

	cgi_put_text(c, "q", typed);
	cgi_put(c, "short", json_boolean(is_short(typed)));
	if (is_short(typed))
		return 0;
	rel_buf_init(&path);
	rel_put_fmt(&path, "/address-book?");
	rel_api_query(&path, "q", typed);
	rel_put_u8(&path, 0);
	rc = path.failed ? rel_err_set(&c->err, REL_E_NOMEM, "no memory") :
	    cgi_view(c, "found", NULL, (const char *)path.data);
	rel_buf_fini(&path);
	return rc;
}

const struct page user_addresses = {
	.path = "address-book.cgi",
	.title = "Address book",
	.get = addresses_get
};
