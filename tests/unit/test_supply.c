/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The supplies of all devices: in which order, which, and at what cost. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/fleet_priv.h"
#include "releaserd/core/store_item.h"
#include "releaserd/core/store_priv.h"
#include "tests/unit/core_whole.h"

#define SUPPLY(name) WHOLE_CALL(name)
#define of(o, key) json_string_value(json_object_get((o), (key)))
#define number_of(o, key) json_integer_value(json_object_get((o), (key)))

/* ---- helpers */

/* "device-07", in these groups. */
static void
device_made(unsigned i, const char *groups)
{
	struct device d = { .lpr_port = 515, .lpr_queue = "lp", .state = 1 };

	whole_write();
	snprintf(d.id, sizeof d.id, "device-%02u", i);
	snprintf(d.name, sizeof d.name, "Device %02u", i);
	snprintf(d.location, sizeof d.location, "Room %u", i);
	snprintf(d.groups, sizeof d.groups, "%s", groups);
	assert_int_equal(0, store_device_add(whole->st, &d));
}

static void
item_made(unsigned device, const char *name, const char *value, int64_t at)
{
	char id[24];

	snprintf(id, sizeof id, "device-%02u", device);
	assert_int_equal(0, store_item_set(whole->st, id,
	    &(struct device_item){ name, value, "snmp", at }));
}

/* Its supply n: "toner", so many percent. */
static void
supply_made(unsigned device, unsigned n, const char *kind, int percent)
{
	char name[40], value[24];

	snprintf(name, sizeof name, "supply.%u.kind", n);
	item_made(device, name, kind, 1000);
	snprintf(name, sizeof name, "supply.%u.name", n);
	snprintf(value, sizeof value, "%s %u/%u", kind, device, n);
	item_made(device, name, value, 1000);
	snprintf(name, sizeof name, "supply.%u.percent", n);
	snprintf(value, sizeof value, "%d", percent);
	item_made(device, name, value, 2000);
	if (percent < 0) {
		snprintf(name, sizeof name, "supply.%u.level", n);
		item_made(device, name, "-3", 1000);
	}
}

/* Three devices: toner and drum and a box of waste. */
static void
fleet_made(void)
{
	device_made(1, "2nd floor,Colour");
	supply_made(1, 1, "toner", 50);
	supply_made(1, 2, "drum", 9);
	device_made(2, "2nd floor");
	supply_made(2, 1, "toner", 0);
	supply_made(2, 12, "waste-toner", -2);
	device_made(3, "");
	supply_made(3, 3, "toner", 9);
	supply_made(3, 4, "ink", 100);
	whole_turns();
	whole->fleet->stale = true;
}

static void
number_set(enum req_field id, int64_t n)
{
	call.rq.f[id].set = true;
	call.rq.f[id].num = n;
}

/* What the list says, as "2.1 1.2 ": device and number. */
static const char *
asked(const char *key, const char *value, int below)
{
	static char out[400];
	size_t i, n = 0;
	json_t *s;

	memset(call.rq.f, 0, sizeof call.rq.f);
	if (key != NULL)
		whole_call_set(strcmp(key, "q") == 0 ? F_Q : strcmp(key,
		    "kind") == 0 ? F_KIND : F_DEVICE_GROUP, value);
	if (below != 0)
		number_set(F_BELOW, below);
	out[0] = '\0';
	if (whole_call(API_SUPPLIES) != 200)
		return call.problem;
	json_array_foreach(json_object_get(call.body, "supplies"), i, s)
		n += (size_t)snprintf(out + n, sizeof out - n, "%c.%d ",
		    of(s, "device_id")[8], (int)number_of(s, "n"));
	return out;
}

/* ---- the list */

UNIT(what_runs_out_first_is_first)
{
	json_t *s;

	fleet_made();
	assert_string_equal("2.1 1.2 3.3 1.1 3.4 2.12 ", asked(NULL, NULL, 0));
	s = json_array_get(json_object_get(call.body, "supplies"), 1);
	assert_string_equal("Device 01", of(s, "device"));
	assert_string_equal("Room 1", of(s, "location"));
	assert_string_equal("2nd floor,Colour", of(s, "groups"));
	assert_string_equal("drum 1/2", of(s, "name"));
	assert_string_equal("drum", of(s, "kind"));
	assert_int_equal(9, number_of(s, "percent"));
	assert_true(json_is_true(json_object_get(s, "low")));
	assert_string_equal("1970-01-01T00:00:02.000Z", of(s, "since"));
	assert_null(json_object_get(s, "level"));
	s = json_array_get(json_object_get(call.body, "supplies"), 3);
	assert_true(json_is_false(json_object_get(s, "low")));
	s = json_array_get(json_object_get(call.body, "supplies"), 5);
	assert_int_equal(-2, number_of(s, "percent"));
	assert_int_equal(-3, number_of(s, "level"));
	assert_true(json_is_false(json_object_get(s, "low")));
}

UNIT(some_of_them_only)
{
	fleet_made();
	assert_string_equal("2.1 1.2 3.3 ", asked(NULL, NULL, 10));
	assert_string_equal("2.1 ", asked(NULL, NULL, 9));
	assert_string_equal("2.1 3.3 1.1 ", asked("kind", "toner", 0));
	assert_string_equal("2.1 3.3 ", asked("kind", "toner", 50));
	assert_string_equal("2.1 1.2 1.1 2.12 ", asked("group", "2ND FLOOR", 0));
	assert_string_equal("", asked("group", "floor", 0));
	assert_string_equal("3.3 3.4 ", asked("q", "room 3", 0));
	assert_string_equal("2.12 ", asked("q", "waste", 0));
}

UNIT(what_changes_moves_and_what_is_removed_is_gone)
{
	fleet_made();
	whole_write();
	supply_made(2, 1, "toner", 80);
	assert_int_equal(0, store_item_del(whole->st, "device-03",
	    "supply.3.percent"));
	whole_turns();
	assert_string_equal("1.2 1.1 2.1 3.4 2.12 ", asked(NULL, NULL, 0));
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_ID, "device-01");
	assert_int_equal(204, whole_call(API_DEVICE_DEL));
	assert_string_equal("2.1 3.4 2.12 ", asked(NULL, NULL, 0));
}

UNIT(who_says_it_and_when)
{
	struct items l;
	json_t *s;

	fleet_made();
	items_init(&l);
	l.groups = 1u << ITEMS_SUPPLY;
	items_str(&l, "supply.N.kind", 1, "ink");
	items_number(&l, "supply.N.percent", 1, 3);
	whole_write();
	assert_int_equal(0, fleet_take(whole, "device-01", "ipp", &l));
	items_fini(&l);
	whole_turns();
	assert_string_equal("2.1 1.1 3.3 3.4 2.12 ", asked(NULL, NULL, 0));
	s = json_array_get(json_object_get(call.body, "supplies"), 1);
	assert_string_equal("ink", of(s, "kind"));
	assert_null(json_object_get(s, "name"));
	/* The others were not heard of since the start. */
	s = json_array_get(json_object_get(call.body, "supplies"), 0);
	assert_string_equal(of(s, "since"), of(s, "heard_at"));
}

/* ---- pages */

/* All of it in pages of so many; as asked() says it. */
static const char *
paged(int limit, enum req_field key, const char *value)
{
	static char out[400];
	char after[64] = "";
	size_t i, n = 0;
	const char *next;
	json_t *s;

	do {
		memset(call.rq.f, 0, sizeof call.rq.f);
		number_set(F_LIMIT, limit);
		if (value != NULL)
			whole_call_set(key, value);
		if (after[0] != '\0')
			whole_call_set(F_AFTER, after);
		assert_int_equal(200, whole_call(API_SUPPLIES));
		json_array_foreach(json_object_get(call.body, "supplies"), i,
		    s)
			n += (size_t)snprintf(out + n, sizeof out - n,
			    "%c.%d ", of(s, "device_id")[8],
			    (int)number_of(s, "n"));
		next = of(call.body, "next");
		snprintf(after, sizeof after, "%s", next != NULL ? next : "");
		assert_true(n < 100);
	} while (after[0] != '\0');
	return out;
}

UNIT(pages_have_each_once)
{
	fleet_made();
	assert_string_equal("2.1 1.2 3.3 1.1 3.4 2.12 ", paged(1, F_Q,
	    NULL));
	assert_string_equal("2.1 1.2 3.3 1.1 3.4 2.12 ", paged(4, F_Q,
	    NULL));
	assert_string_equal("2.1 3.3 1.1 ", paged(1, F_KIND, "toner"));
	assert_string_equal("2.1 1.2 1.1 2.12 ", paged(2, F_DEVICE_GROUP,
	    "2nd floor"));
}

UNIT(a_page_that_is_none)
{
	static const char *const wrong[] = { "x", "7", "7.2", "-1.2.d", "7.x.d",
	    "7.2.0123456789012345678901234567890123456789" };

	fleet_made();
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		memset(call.rq.f, 0, sizeof call.rq.f);
		whole_call_set(F_AFTER, wrong[i]);
		assert_int_equal(400, whole_call(API_SUPPLIES));
	}
}

static int
count(void *ctx)
{
	++*(unsigned *)ctx;
	return 0;
}

static bool
any_row(const struct supply *s, void *ctx)
{
	(void)s;
	++*(int *)ctx;
	return true;
}

/* A page costs what it shows, however many devices and items there are. */
UNIT(a_page_reads_no_more_than_it_shows)
{
	struct supply_after from = { 60, 2, "device-20" };
	unsigned steps = 0;
	int64_t low;
	int rows = 0;
	char name[24];

	for (unsigned i = 0; i < 50; i++) {
		device_made(i, "");
		for (unsigned k = 1; k <= 8; k++)
			supply_made(i, k, "toner", (int)((i * 8 + k) % 101));
		for (unsigned k = 0; k < 100; k++) {
			snprintf(name, sizeof name, "item.%03u", k);
			item_made(i, name, "x", 1);
		}
	}
	sqlite3_progress_handler(whole->st->db, 100, count, &steps);
	assert_int_equal(10, store_supply_list(whole->st, &from, 0, 10,
	    any_row, &rows));
	assert_in_range(steps, 1, 30);
	steps = 0;
	assert_int_equal(0, store_supply_low(whole->st, 3, &low));
	sqlite3_progress_handler(whole->st->db, 0, NULL, NULL);
	assert_int_equal(10, rows);
	assert_int_equal(11, low);
	assert_in_range(steps, 0, 5);
	whole_turns();
}

/* ---- what needs somebody */

UNIT(the_overview_counts_what_is_low)
{
	json_t *first;

	fleet_made();
	memset(call.rq.f, 0, sizeof call.rq.f);
	assert_int_equal(200, whole_call(API_DEVICE_ATTENTION));
	assert_int_equal(3, number_of(call.body, "supplies_low"));
	assert_int_equal(15, number_of(call.body, "supplies_below"));
	first = json_array_get(json_object_get(call.body, "supplies"), 0);
	assert_string_equal("toner 2/1", of(first, "name"));
	whole->role->set.supplies_low = 9;
	assert_int_equal(200, whole_call(API_DEVICE_ATTENTION));
	assert_int_equal(1, number_of(call.body, "supplies_low"));
	whole->role->set.supplies_low = 0;
	assert_int_equal(200, whole_call(API_DEVICE_ATTENTION));
	assert_int_equal(0, number_of(call.body, "supplies_low"));
	assert_int_equal(0, json_array_size(json_object_get(call.body,
	    "supplies")));
	assert_string_equal("2.1 ", asked(NULL, NULL, 1));
	assert_true(json_is_false(json_object_get(json_array_get(
	    json_object_get(call.body, "supplies"), 0), "low")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPLY(what_runs_out_first_is_first),
		SUPPLY(some_of_them_only),
		SUPPLY(what_changes_moves_and_what_is_removed_is_gone),
		SUPPLY(who_says_it_and_when),
		SUPPLY(pages_have_each_once),
		SUPPLY(a_page_that_is_none),
		SUPPLY(a_page_reads_no_more_than_it_shows),
		SUPPLY(the_overview_counts_what_is_low),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
