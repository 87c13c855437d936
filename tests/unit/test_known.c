/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Whom directories have told of. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/known.h"

static struct known_person
person(int64_t directory, unsigned n)
{
	struct known_person p = { .directory = directory, .user_id = n + 1 };

	snprintf(p.name, sizeof p.name, "user%u", n);
	snprintf(p.dn, sizeof p.dn, "uid=user%u", n);
	return p;
}

UNIT(each_is_found_by_its_own_name)
{
	struct known *k = known_new();
	struct known_person p = person(1, 7);

	assert_non_null(k);
	assert_null(known_find(k, 1, "user7"));
	known_put(k, &p);
	assert_int_equal(8, known_find(k, 1, "user7")->user_id);
	assert_null(known_find(k, 2, "user7"));
	assert_null(known_find(k, 1, "user70"));
	p.user_id = 9;
	known_put(k, &p);
	assert_int_equal(9, known_find(k, 1, "user7")->user_id);
	known_forget(k, 2, "user7");
	assert_non_null(known_find(k, 1, "user7"));
	known_forget(k, 1, "user7");
	assert_null(known_find(k, 1, "user7"));
	known_forget(k, 1, "user7");
	known_free(&k);
	assert_null(k);
}

/* However many there are: each is itself, or is looked up again. */
UNIT(it_does_not_grow_without_end)
{
	struct known *k = known_new();
	unsigned there = 0;

	assert_non_null(k);
	for (unsigned i = 0; i < 50000; i++) {
		struct known_person p = person(1 + i % 3, i);

		known_put(k, &p);
	}
	for (unsigned i = 0; i < 50000; i++) {
		struct known_person p = person(1 + i % 3, i);
		const struct known_person *got = known_find(k, p.directory,
		    p.name);

		if (got == NULL)
			continue;
		there++;
		assert_string_equal(p.dn, got->dn);
		assert_int_equal(p.user_id, got->user_id);
	}
	assert_in_range(there, 7000, 8192);
	known_forget_all(k);
	assert_null(known_find(k, 1 + 49999 % 3, "user49999"));
	known_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found_by_its_own_name),
		cmocka_unit_test(it_does_not_grow_without_end)
	};

	return cmocka_run_group_tests_name("known", tests, NULL, NULL);
}
