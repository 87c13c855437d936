/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a device says of itself: names, values, and their way to core. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "lib/text.h"
#include "releaserd/items.h"

static struct items l;

static int
begin(void **state)
{
	(void)state;
	items_init(&l);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	items_fini(&l);
	return 0;
}
#define ITEMS(name) cmocka_unit_test_setup_teardown(name, begin, end)

UNIT(every_kind_is_found_by_its_name)
{
	size_t n;
	const struct item_kind *all = item_kinds(&n);

	assert_true(n > 80);
	for (size_t i = 0; i < n; i++) {
		char name[ITEM_NAME_MAX];
		const char *at = strchr(all[i].name, 'N');

		snprintf(name, sizeof name, "%.*s%s%s", at == NULL ?
		    (int)strlen(all[i].name) : (int)(at - all[i].name),
		    all[i].name, at == NULL ? "" : "99",
		    at == NULL ? "" : at + 1);
		assert_ptr_equal(&all[i], item_kind(name));
		assert_true(all[i].words[0] != '\0');
	}
}

UNIT(what_is_no_name)
{
	static const char *const bad[] = {
		"", ".", "N", "input.N.level", "input..level", "input.0.level",
		"input.00.level", "input.01.level", "input.100.level",
		"input.-1.level", "input.1.2.level", "input.1", "input",
		"input.1.level.", "Vendor", "vendor ", "1.vendor",
		"alert.1.text.", "alert.1.2.text",
		"a.name.that.is.much.longer.than.any.name.there.is.of.an.item"
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (item_kind(bad[i]) != NULL)
			fail_msg("\"%s\" is taken for a name", bad[i]);
		items_str(&l, bad[i], 0, "1");
	}
	items_number(&l, "input.N.level", 0, 1);
	items_number(&l, "input.N.level", 100, 1);
	items_number(&l, "state", 3, 1);
	assert_int_equal(0, l.n);
	items_number(&l, "input.7.level", 0, 1);
	assert_int_equal(1, items_get_number(&l, "input.7.level", -1));
}

UNIT(groups_have_names)
{
	for (int i = 0; i < ITEMS_GROUPS; i++)
		assert_int_equal(i, item_group_of(item_group_name(
		    (enum item_group)i)));
	assert_int_equal(-1, item_group_of("unknown"));
	assert_string_equal("unknown", item_group_name(ITEMS_GROUPS));
}

static void
becomes(const char *want, const char *bytes, size_t n)
{
	items_text(&l, "name", 0, bytes, n);
	assert_string_equal(want, items_get(&l, "name"));
}
#define BECOMES(want, bytes) becomes(want, bytes, sizeof bytes - 1)

UNIT(any_bytes_become_text)
{
	char long_one[3 * ITEM_VALUE_MAX];

	BECOMES("Floor 2", "  Floor 2\0\0\0");
	BECOMES("a b", "a\r\n\tb\x7f");
	BECOMES("K\xc3\xbc" "che", "K\xfc" "che");	/* Latin-1 */
	BECOMES("K\xc3\xbc" "che", "K\xc3\xbc" "che");
	BECOMES("\xc3\xbf\xc3\xbe", "\xff\xfe\x80\x9f");
	BECOMES("a b", "a\xc2\x85" "b");		/* C1 */
	BECOMES("a b", "a\xe2\x80\xae\xe2\x81\xa6\xef\xbb\xbf" "b");
	BECOMES("a b", "a\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c\xe2\x81\xaf"
	    "b\xe2\x80\x8f");
	BECOMES("\xd8\x9d\xe2\x80\x8d", "\xd8\x9d\xe2\x80\x8d");
	BECOMES("<b>", "<b>");
	memset(long_one, 'x', sizeof long_one);
	items_text(&l, "name", 0, long_one, sizeof long_one);
	assert_int_equal(ITEM_VALUE_MAX - 1, strlen(items_get(&l, "name")));
	/* Cut between characters, also where it was longer by far. */
	for (size_t i = 0; i + 1 < sizeof long_one; i += 2)
		memcpy(long_one + i, "\xc3\xa4", 2);
	items_text(&l, "name", 0, long_one, sizeof long_one);
	assert_int_equal(ITEM_VALUE_MAX - 2, strlen(items_get(&l, "name")));
	memset(long_one, 0xe4, sizeof long_one);
	items_text(&l, "name", 0, long_one, sizeof long_one);
	assert_int_equal(ITEM_VALUE_MAX - 2, strlen(items_get(&l, "name")));
	assert_int_equal(1, l.n);
}

UNIT(values_are_of_their_type)
{
	items_str(&l, "color", 0, "yes");
	items_str(&l, "color", 0, "2");
	items_number(&l, "color", 0, -1);
	items_str(&l, "speed", 0, "fast");
	items_str(&l, "speed", 0, "1e3");
	items_str(&l, "speed", 0, "99999999999999999999");
	items_str(&l, "activated-at", 0, "now");
	items_str(&l, "name", 0, "\r\n ");
	items_str(&l, "name", 0, NULL);
	assert_int_equal(0, l.n);
	items_number(&l, "color", 0, 1);
	items_str(&l, "speed", 0, "30");
	items_number(&l, "supply.N.level", 3, INT64_MIN);
	assert_string_equal("1", items_get(&l, "color"));
	assert_int_equal(30, items_get_number(&l, "speed", 0));
	assert_true(items_get_number(&l, "supply.3.level", 0) == INT64_MIN);
	assert_int_equal(7, items_get_number(&l, "supply.4.level", 7));
	assert_null(items_get(&l, "model"));
}

UNIT(they_are_sorted_and_replaced)
{
	for (unsigned i = 40; i > 0; i--) {
		items_number(&l, "input.N.level", i, i);
		items_number(&l, "input.N.level", i, 2 * i);
	}
	assert_int_equal(40, l.n);
	for (size_t i = 1; i < l.n; i++)
		assert_true(strcmp(l.v[i - 1].name, l.v[i].name) < 0);
	assert_int_equal(34, items_get_number(&l, "input.17.level", 0));
}

/* Not more than there is room for, whatever a device sends. */
UNIT(there_is_an_end)
{
	char value[ITEM_VALUE_MAX];
	const struct item_kind *all;
	size_t kinds, bytes = 0;

	all = item_kinds(&kinds);
	for (unsigned n = 1; n <= ITEM_N_MAX; n++)
		for (size_t i = 0; i < kinds; i++)
			items_str(&l, all[i].name, n, "1");
	assert_int_equal(ITEM_LIST_MAX, l.n);
	memset(value, 'x', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	for (size_t i = 0; i < l.n; i++)
		items_str(&l, l.v[i].name, 0, value);
	for (size_t i = 0; i < l.n; i++)
		bytes += strlen(l.v[i].value);
	assert_int_equal(bytes, l.bytes);
	assert_true(bytes <= ITEMS_BYTES_MAX);
	assert_true(bytes > ITEMS_BYTES_MAX - ITEM_VALUE_MAX);
	assert_int_equal(0, l.failed);
}

static int
read_back(struct items *to, const struct rel_buf *b, size_t n)
{
	struct rel_cur c;
	int rc;

	items_init(to);
	rel_cur_init(&c, b->data, n);
	rc = items_read(to, &c);
	return rc < 0 ? rc : rel_cur_end(&c);
}

UNIT(they_travel)
{
	struct items got;
	struct rel_buf b;

	rel_buf_init(&b);
	l.groups = 1u << ITEMS_SUPPLY | 1u << ITEMS_POSTURE;
	items_str(&l, "supply.N.name", 2, "T\xc3\xb6ner");
	items_number(&l, "supply.N.percent", 2, 40);
	items_number(&l, "counter.sheets", 0, 9100);
	items_put(&b, &l);
	assert_int_equal(0, read_back(&got, &b, b.len));
	assert_int_equal(l.groups, got.groups);
	assert_int_equal(3, got.n);
	assert_string_equal("T\xc3\xb6ner", items_get(&got, "supply.2.name"));
	assert_int_equal(9100, items_get_number(&got, "counter.sheets", 0));
	items_fini(&got);
	for (size_t n = 0; n < b.len; n++) {
		assert_true(read_back(&got, &b, n) < 0);
		items_fini(&got);
	}
	rel_buf_fini(&b);
}

UNIT(what_no_driver_would_say_is_refused)
{
	static const char *const bad[][2] = {
		{ "nothing", "1" }, { "input.N.level", "1" },
		{ "input.1.level", "much" }, { "input.1.level", "" },
		{ "color", "yes" }, { "name", " x" }, { "name", "a\nb" },
		{ "name", "" }, { "name", "a\xe2\x80\xae" "b" }
	};
	struct items got;
	struct rel_buf b;

	rel_buf_init(&b);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		rel_buf_reset(&b);
		rel_put_u32(&b, 0);
		rel_put_u32(&b, 1);
		rel_put_str(&b, bad[i][0]);
		rel_put_str(&b, bad[i][1]);
		if (read_back(&got, &b, b.len) == 0)
			fail_msg("%s=\"%s\" is taken", bad[i][0], bad[i][1]);
		items_fini(&got);
	}
	/* The same twice; more than there may be; groups there are none of. */
	for (uint32_t i = 0; i < 3; i++) {
		rel_buf_reset(&b);
		rel_put_u32(&b, i == 2 ? 1u << ITEMS_GROUPS : 0);
		rel_put_u32(&b, i == 0 ? 2 : i == 1 ? ITEM_LIST_MAX + 1 : 0);
		for (int k = 0; i == 0 && k < 2; k++) {
			rel_put_str(&b, "name");
			rel_put_str(&b, "x");
		}
		assert_int_equal(-REL_E_FORMAT, read_back(&got, &b, b.len));
		items_fini(&got);
	}
	rel_buf_fini(&b);
}

/* Any bytes instead of a message: refused or read, never worse. */
UNIT(noise_is_survived)
{
	struct rel_buf good, b;
	struct items got;
	unsigned seed = 1;

	rel_buf_init(&good);
	rel_buf_init(&b);
	items_str(&l, "supply.N.name", 2, "Black");
	items_number(&l, "input.N.level", 2, 40);
	items_put(&good, &l);
	for (int i = 0; i < 20000; i++) {
		rel_buf_reset(&b);
		rel_put_raw(&b, good.data, good.len);
		for (int k = 0; k < 3; k++) {
			seed = seed * 1103515245u + 12345u;
			b.data[(seed >> 8) % b.len] = (uint8_t)(seed >> 24);
		}
		if (read_back(&got, &b, b.len) == 0)
			for (size_t k = 0; k < got.n; k++)
				assert_non_null(item_kind(got.v[k].name));
		items_fini(&got);
	}
	rel_buf_fini(&good);
	rel_buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ITEMS(every_kind_is_found_by_its_name),
		ITEMS(what_is_no_name),
		ITEMS(groups_have_names),
		ITEMS(any_bytes_become_text),
		ITEMS(values_are_of_their_type),
		ITEMS(they_are_sorted_and_replaced),
		ITEMS(there_is_an_end),
		ITEMS(they_travel),
		ITEMS(what_no_driver_would_say_is_refused),
		ITEMS(noise_is_survived)
	};

	return cmocka_run_group_tests_name("items", tests, NULL, NULL);
}
