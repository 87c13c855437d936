/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Stations among the devices: what they tell, and who is one. */
#include "tests/unit/unit.h"

#include <string.h>

#include "releaserd/core/direct.h"
#include "releaserd/core/fleet_priv.h"
#include "releaserd/core/station.h"
#include "releaserd/core/store_priv.h"
#include "tests/unit/core_whole.h"

static struct device dev;

#define TOLD "{\"version\":\"1.2\",\"host\":\"pi-hall\",\"readers\":[" \
	"{\"kind\":\"card\",\"name\":\"rfid\",\"usb\":\"09d8:0410\"," \
	"\"present\":true},{\"kind\":\"keypad\",\"name\":\"keys\"," \
	"\"present\":false}]}"

static void
begin(void)
{
	whole_device(&dev);
	whole->fleet->stale = true;
}

#define of(o, key) json_string_value(json_object_get((o), (key)))

/* One request of the device itself. */
static int
beat(const char *told)
{
	struct request rq = { .route = OPDP_HEARTBEAT,
		.caller = CALLER_DEVICE, .addr = "192.0.2.9" };
	json_t *got = NULL;
	char problem[40];
	int status;

	memcpy(rq.caller_id, dev.id, sizeof dev.id);
	memcpy(rq.cert_fp, dev.cert_fp, sizeof rq.cert_fp);
	rq.f[F_STATION].set = told != NULL;
	rq.f[F_STATION].str = told;
	status = whole_ask(call.net, &rq, problem, &got);
	json_decref(got);
	return status;
}

#define device_now() whole_device_now(&dev)

static size_t
listed(const char *station, const char *q)
{
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_STATION, station);
	whole_call_set(F_Q, q);
	assert_int_equal(200, whole_call(API_DEVICE_LIST));
	return json_array_size(json_object_get(call.body, "devices"));
}

static void
become(const char *sql, const char *text)
{
	whole_write();
	assert_true(store_exec(whole->st, sql, "t", text) >= 0);
	whole_turns();
	devices_forget_all(whole);
}

UNIT(who_says_so_is_a_station)
{
	json_t *s, *reader;

	begin();
	assert_true(json_is_null(json_object_get(device_now(), "station")));
	assert_int_equal(0, listed("yes", NULL));
	assert_int_equal(1, listed("no", NULL));
	assert_int_equal(200, beat(TOLD));
	s = json_object_get(device_now(), "station");
	assert_string_equal("1.2", of(s, "version"));
	assert_string_equal("pi-hall", of(s, "host"));
	assert_string_equal("192.0.2.9", of(s, "address"));
	assert_int_equal(2, json_array_size(json_object_get(s, "readers")));
	reader = json_array_get(json_object_get(s, "readers"), 0);
	assert_string_equal("card", of(reader, "kind"));
	assert_string_equal("09d8:0410", of(reader, "usb"));
	assert_true(json_is_true(json_object_get(reader, "present")));
	reader = json_array_get(json_object_get(s, "readers"), 1);
	assert_string_equal("keys", of(reader, "name"));
	assert_string_equal("", of(reader, "usb"));
	assert_true(json_is_false(json_object_get(reader, "present")));
}

UNIT(they_are_listed_apart)
{
	struct device other;

	begin();
	whole_device(&other);
	assert_int_equal(200, beat(TOLD));
	assert_int_equal(1, listed("yes", NULL));
	assert_int_equal(1, listed("no", NULL));
	assert_int_equal(2, listed(NULL, NULL));
	assert_int_equal(1, listed("yes", "PI-Hall"));
	assert_int_equal(1, listed("yes", "192.0.2.9"));
	assert_int_equal(0, listed("yes", "attic"));
	assert_int_equal(0, listed("no", "pi-hall"));
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_STATION, "may");
	(void)whole_call(API_DEVICE_LIST);
	assert_string_equal("bad-request", call.problem);
}

UNIT(readers_that_are_gone_are_gone)
{
	begin();
	assert_int_equal(200, beat(TOLD));
	/* Who looks after it says nothing of them. */
	assert_int_equal(200, beat("{\"version\":\"1.3\"}"));
	assert_int_equal(2, json_array_size(json_object_get(json_object_get(
	    device_now(), "station"), "readers")));
	assert_string_equal("1.3", of(json_object_get(call.body, "station"),
	    "version"));
	assert_int_equal(200, beat("{\"readers\":[]}"));
	assert_int_equal(0, json_array_size(json_object_get(json_object_get(
	    device_now(), "station"), "readers")));
	assert_int_equal(200, beat(NULL));
	assert_int_equal(1, listed("yes", NULL));
}

UNIT(what_cannot_be_is_left_out)
{
	static const char *const odd[] = {
		"7", "null", "[]", "\"x\"", "{\"readers\":7}",
		"{\"readers\":[7,null,\"x\",{\"kind\":7,\"present\":1}]}",
		"{\"host\":[],\"version\":{}}",
		"{\"readers\":[{},{},{},{},{},{},{},{},{},{},{},"
		"{\"kind\":\"card\"}]}"
	};

	begin();
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		json_t *s;

		assert_int_equal(200, beat(odd[i]));
		s = json_object_get(device_now(), "station");
		assert_int_equal(0, json_array_size(json_object_get(s,
		    "readers")));
	}
	assert_int_equal(200, beat("{\"host\":\"a\\u0007 \\u202eb\"}"));
	assert_null(strchr(of(json_object_get(device_now(), "station"),
	    "host"), '\a'));
}

UNIT(those_of_before_and_direct_queues)
{
	begin();
	become("UPDATE device SET model=?", "Kiosk station");
	assert_int_equal(1, listed("yes", NULL));
	become("UPDATE device SET protocol=?", DIRECT_PROTOCOL);
	assert_int_equal(0, listed("yes", NULL));
	assert_int_equal(200, beat(TOLD));
	assert_int_equal(0, listed("yes", NULL));
	become("UPDATE device SET protocol=?", "");
	become("UPDATE device SET state=?", "0");
	assert_int_equal(0, listed("yes", NULL));
}

/* A driver that tells all of what a device is knows nothing of it. */
UNIT(when_its_certificate_ends)
{
	struct items l;
	char text[40];

	begin();
	assert_true(json_is_null(json_object_get(device_now(),
	    "certificate_ends_at")));
	whole_write();
	assert_true(store_exec(whole->st, "UPDATE device SET renew_ms=?", "i",
	    (int64_t)86400000) >= 0);
	whole_turns();
	devices_forget_all(whole);
	whole->role->set.cert_days = 3;
	assert_string_equal("1970-01-03T00:00:00.000Z", of(device_now(),
	    "certificate_ends_at"));
	whole_write();
	device_certified(whole, dev.id, 4102444800000);
	whole_turns();
	assert_string_equal("2100-01-01T00:00:00.000Z", of(device_now(),
	    "certificate_ends_at"));
	items_init(&l);
	items_str(&l, "model", 0, "M");
	l.groups = 1u << ITEMS_IDENTITY;
	whole_write();
	assert_int_equal(0, fleet_take(whole, dev.id, "snmp", &l));
	whole_turns();
	items_fini(&l);
	assert_true(fleet_item(whole, dev.id, "certificate-end", text,
	    sizeof text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WHOLE_CALL(who_says_so_is_a_station),
		WHOLE_CALL(they_are_listed_apart),
		WHOLE_CALL(readers_that_are_gone_are_gone),
		WHOLE_CALL(what_cannot_be_is_left_out),
		WHOLE_CALL(those_of_before_and_direct_queues),
		WHOLE_CALL(when_its_certificate_ends)
	};

	return cmocka_run_group_tests_name("station", tests, NULL, NULL);
}
