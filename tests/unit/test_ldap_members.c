/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who is in which group, in groups of groups and in circles. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/agent/ldap_members.h"

static int64_t
node(struct members *m, const char *name)
{
	return members_node(m, name, strlen(name));
}

static void
in(struct members *m, const char *inner, const char *outer)
{
	assert_true(members_link(m, node(m, inner), node(m, outer)));
}

static int
met(struct members *m, int64_t at, void *ctx)
{
	char *out = ctx;

	snprintf(out + strlen(out), 200 - strlen(out), "%s ",
	    members_node_name(m, at));
	return strstr(out, "stop") != NULL ? 7 : 0;
}

UNIT(names_are_compared_without_case_and_blanks)
{
	struct members *m = members_new();

	assert_non_null(m);
	assert_int_equal(node(m, "cn=A,dc=x"), node(m, "CN=a, dc=x"));
	assert_int_not_equal(node(m, "cn=a\\, b,dc=x"),
	    node(m, "cn=a\\,b,dc=x"));
	assert_int_equal(-1, members_find(m, "cn=b,dc=x", 9));
	assert_int_equal(-1, members_node(m, "a\0b", 3));
	members_free(&m);
	assert_null(m);
}

UNIT(walks_go_so_deep_and_circles_end)
{
	struct members *m = members_new();
	char out[200];

	in(m, "anna", "a");
	in(m, "a", "b");
	in(m, "b", "c");
	in(m, "c", "a");
	in(m, "anna", "c");
	for (int depth = 1; depth < 4; depth++) {
		static const char *const want[] = { "", "a c ", "a c b ",
		    "a c b " };

		out[0] = '\0';
		assert_int_equal(0, members_walk(m, node(m, "anna"), depth,
		    met, out));
		assert_string_equal(want[depth], out);
	}
	in(m, "c", "stop");
	out[0] = '\0';
	assert_int_equal(7, members_walk(m, node(m, "anna"), 9, met, out));
	members_clear(m, node(m, "anna"));
	out[0] = '\0';
	assert_int_equal(0, members_walk(m, node(m, "anna"), 9, met, out));
	assert_string_equal("", out);
	members_free(&m);
}

UNIT(many_names_are_found_again)
{
	struct members *m = members_new();
	char name[40];

	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof name, "uid=user%d,dc=x", i);
		assert_int_equal(i, node(m, name));
	}
	for (int i = 0; i < 20000; i += 37) {
		snprintf(name, sizeof name, "uid=user%d,dc=x", i);
		assert_int_equal(i, members_find(m, name, strlen(name)));
	}
	assert_int_equal(MEMBER_UNKNOWN, members_group(m, 5));
	assert_true(members_is(m, 5, "five"));
	assert_true(members_is(m, 6, NULL));
	assert_int_equal(0, members_group(m, 5));
	assert_int_equal(MEMBER_NO_GROUP, members_group(m, 6));
	assert_string_equal("five", members_name(m, 0));
	members_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(names_are_compared_without_case_and_blanks),
		UNIT_RUN(walks_go_so_deep_and_circles_end),
		UNIT_RUN(many_names_are_found_again)
	};

	return cmocka_run_group_tests_name("ldap_members", tests, NULL, NULL);
}
