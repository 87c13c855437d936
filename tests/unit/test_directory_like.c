/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Settings of a directory to begin with. */
#include "tests/unit/unit.h"

#include <string.h>

#include "lib/directory_like.h"
#include "lib/err.h"
#include "releaserd/directory.h"

static struct rel_buf b;

static const char *
like(const char *kind, const char *own)
{
	rel_buf_reset(&b);
	assert_int_equal(0, rel_directory_like(&b, kind, own));
	return (char *)b.data;
}

UNIT(each_kind_is_right_as_it_stands)
{
	static struct directory d;
	struct rel_err err;
	const char *kind;
	unsigned i;

	for (i = 0; (kind = rel_directory_kind(i)) != NULL; i++) {
		const char *text = like(kind, "Servers a.example.com\n"
		    "Domain school.example.com\n");

		assert_int_equal(0, directory_parse(&d, text, strlen(text),
		    kind, NULL, &err));
		assert_non_null(strstr(d.user_base,
		    "dc=school,dc=example,dc=com"));
		assert_non_null(strstr(d.user_filter, "%u"));
		assert_null(strstr(text, "%b"));
		assert_null(strstr(text, "%d"));
	}
	assert_int_equal(3, i);
	assert_int_equal(-REL_E_NOTFOUND, rel_directory_like(&b, "other", ""));
}

UNIT(what_was_written_stays)
{
	const char *text = like("openldap", "  attrlogin\tmail\nTls none");

	assert_non_null(strstr(text, "  attrlogin\tmail\nTls none\nBindName"));
	assert_null(strstr(text, "AttrLogin"));
	assert_null(strstr(text, "Tls required"));
	assert_non_null(strstr(text, "dc=example,dc=com"));
	/* A name that only begins so is another one. */
	text = like("openldap", "TlsCa x\nDomain a\n");
	assert_non_null(strstr(text, "Tls required"));
	assert_non_null(strstr(text, "UserBase ou=people,dc=a\n"));
	assert_non_null(strstr(like("freeipa", ""), "UserScope one\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_right_as_it_stands),
		cmocka_unit_test(what_was_written_stays)
	};
	int failed;

	rel_buf_init(&b);
	failed = cmocka_run_group_tests_name("directory_like", tests, NULL,
	    NULL);
	rel_buf_fini(&b);
	return failed;
}
