/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* All users: found by a part of name, mail or department. */
#include "cgi/admin/admin.h"

static int
users_get(struct cgi *c)
{
	admin_may_change(c, FOR_OPERATOR);
	return admin_list(c, "/users", "users");
}

const struct page admin_users = {
	.path = "admin/users.cgi",
	.title = "Users",
	.need = FOR_HELPDESK,
	.menu = "People",
	.get = users_get
};
