/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What devices say is kept, and decides whether they get jobs. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "lib/reason.h"
#include "releaserd/core/card.h"
#include "releaserd/core/fleet_priv.h"
#include "releaserd/core/policy.h"
#include "releaserd/core/prices.h"
#include "releaserd/core/store_access.h"
#include "releaserd/core/store_card.h"
#include "releaserd/core/store_item.h"
#include "releaserd/core/store_priv.h"
#include "tests/unit/core_whole.h"

static struct device dev;

static int
begin(void **state)
{
	if (whole_open(state) < 0)
		return -1;
	whole_device(&dev);
	whole->fleet->stale = true;
	return 0;
}
#define FLEET(name) cmocka_unit_test_setup_teardown(name, begin, whole_close)

/* ---- helpers */

/* "state=stopped reasons=media-jam input.1.level=0", of these groups. */
static void
said(const char *source, uint32_t groups, const char *text)
{
	struct items l;
	char all[1024], *save = NULL;

	items_init(&l);
	l.groups = groups;
	snprintf(all, sizeof all, "%s", text);
	for (char *s = strtok_r(all, " ", &save); s != NULL;
	    s = strtok_r(NULL, " ", &save)) {
		char name[ITEM_NAME_MAX], *eq = strchr(s, '=');
		unsigned n = 0;
		char *dot;

		assert_non_null(eq);
		*eq = '\0';
		snprintf(name, sizeof name, "%s", s);
		if ((dot = strpbrk(name, "123456789")) != NULL) {
			n = (unsigned)(*dot - '0');
			*dot = 'N';
		}
		items_str(&l, name, n, eq + 1);
	}
	assert_int_equal(0, l.failed);
	whole_write();
	assert_int_equal(0, fleet_take(whole, dev.id, source, &l));
	whole_turns();
	items_fini(&l);
}

static const char *
item(const char *name)
{
	static char out[ITEM_VALUE_MAX];

	return fleet_item(whole, dev.id, name, out, sizeof out) ? out : "?";
}

static int64_t
number(const char *sql)
{
	int64_t n;

	assert_int_equal(0, store_number(whole->st, sql, &n, ""));
	return n;
}

static const char *
problem(void)
{
	static char words[240];
	const char *code = fleet_problem(whole, &dev, words);

	return code != NULL ? words : "";
}

#define STATUS (1u << ITEMS_STATE | 1u << ITEMS_ALERT | 1u << ITEMS_COUNTER)

/* ---- items */

UNIT(what_differs_is_written)
{
	int64_t before;

	said("snmp", STATUS, "state=idle counter.impressions=10");
	assert_string_equal("idle", item("state"));
	assert_string_equal("10", item("counter.impressions"));
	before = number("SELECT total_changes()");
	said("snmp", STATUS, "state=idle counter.impressions=10");
	assert_int_equal(before, number("SELECT total_changes()"));
	said("snmp", STATUS, "state=idle counter.impressions=11");
	assert_int_equal(before + 1, number("SELECT total_changes()"));
	assert_string_equal("11", item("counter.impressions"));
}

UNIT(what_a_complete_group_lacks_is_gone)
{
	said("snmp", 1u << ITEMS_INPUT | 1u << ITEMS_IDENTITY,
	    "input.1.name=A input.2.name=B model=M");
	said("snmp", 1u << ITEMS_INPUT, "input.1.name=A");
	assert_string_equal("A", item("input.1.name"));
	assert_string_equal("?", item("input.2.name"));
	assert_string_equal("M", item("model"));
	/* Nothing was said to be complete. */
	said("opdp", 0, "state=idle");
	assert_string_equal("A", item("input.1.name"));
}

UNIT(it_is_told_when_it_was_heard_last)
{
	said("snmp", 1u << ITEMS_INPUT, "input.1.name=A");
	assert_true(fleet_heard_ms(whole, dev.id, "snmp", "input.1.name") >
	    rel_now_ms() - 5000);
	assert_int_equal(0, fleet_heard_ms(whole, dev.id, "ipp",
	    "input.1.name"));
	assert_int_equal(0, fleet_heard_ms(whole, dev.id, "snmp", "state"));
}

UNIT(what_it_is_fills_the_device_and_leaves_words_of_people)
{
	struct device d;

	said("snmp", 1u << ITEMS_IDENTITY, "vendor=Maker model=M1 "
	    "serial=S1 location=Hall");
	assert_int_equal(0, store_device_get(whole->st, dev.id, &d));
	assert_string_equal("M1", d.model);
	said("snmp", 1u << ITEMS_IDENTITY, "vendor=Maker model=M2 "
	    "serial=S2 location=Roof");
	assert_int_equal(0, store_device_get(whole->st, dev.id, &d));
	assert_string_equal("M2", d.model);
	assert_string_equal("Hall", d.location);
}

UNIT(a_turn_that_is_undone_is_written_later)
{
	struct items l;

	items_init(&l);
	items_str(&l, "state", 0, "idle");
	whole_write();
	assert_int_equal(0, fleet_take(whole, dev.id, "snmp", &l));
	core_spoil(whole, 0);
	whole_turns();
	assert_string_equal("?", item("state"));
	whole_write();
	assert_int_equal(0, fleet_take(whole, dev.id, "snmp", &l));
	whole_turns();
	assert_string_equal("idle", item("state"));
	items_fini(&l);
}

UNIT(a_heartbeat_is_heard)
{
	struct device d;

	whole_write();
	fleet_heartbeat(whole, dev.id, "{\"state\":\"stopped\",\"reasons\":"
	    "[\"media-jam\",\"a,b\",7],\"life\":{\"impressions\":5}}");
	whole_turns();
	assert_string_equal("stopped", item("state"));
	assert_string_equal("media-jam", item("reasons"));
	assert_int_equal(0, store_device_get(whole->st, dev.id, &d));
	assert_non_null(strstr(d.status, "impressions"));
	/* What is none changes nothing. */
	fleet_heartbeat(whole, dev.id, "[1]");
	fleet_heartbeat(whole, dev.id, "{\"state\":7}");
	fleet_heartbeat(whole, dev.id, "{");
	fleet_heartbeat(whole, dev.id, NULL);
	whole_turns();
	assert_string_equal("stopped", item("state"));
}

/* ---- may it print? */

/* However long it is: nothing is written. */
UNIT(a_state_that_stays_is_no_event)
{
	static const char *const beat = "{\"state\":\"warming up its fuser\","
	    "\"reasons\":[\"media-low\"],\"life\":{}}";
	int64_t before;

	whole_write();
	fleet_heartbeat(whole, dev.id, beat);
	whole_turns();
	before = number("SELECT total_changes()");
	for (int i = 0; i < 3; i++) {
		whole_write();
		fleet_heartbeat(whole, dev.id, beat);
		whole_turns();
	}
	assert_int_equal(before, number("SELECT total_changes()"));
}

UNIT(status_decides)
{
	static const struct {
		const char *say;
		bool stops;
		const char *words;
	} cases[] = {
		{ "state=idle", false, "" },
		{ "state=processing reasons=toner-low", false, "" },
		{ "state=stopped", true, "cannot print" },
		{ "state=offline", true, "is offline" },
		{ "state=idle reasons=media-jam", true, "paper jam" },
		{ "state=idle reasons=media-jam-warning", false, "" },
		{ "state=idle reasons=door-open-report", false, "" },
		{ "state=idle reasons=door-open-error,toner-low", true,
		    "a door is open, little toner left" },
		{ "state=idle reasons=toner-empty-error", true,
		    "out of toner" },
		{ "state=idle reasons=output-area-full", true,
		    "output tray is full" },
		{ "state=idle reasons=vendor-thing-error", false, "" },
		{ "state=stopped reasons=vendor-thing-error", true,
		    "vendor thing" },
		{ "state=sleep reasons=none", false, "" }
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		said("snmp", STATUS, cases[i].say);
		if ((problem()[0] != '\0') != cases[i].stops)
			fail_msg("%s: \"%s\"", cases[i].say, problem());
		assert_non_null(strstr(problem(), cases[i].words));
	}
}

UNIT(no_paper_stops_when_no_tray_has_any)
{
	static const struct {
		const char *trays;
		bool stops;
	} cases[] = {
		{ "", true },
		{ "input.1.level=0", true },
		{ "input.1.level=-2", true },
		{ "input.1.level=0 input.2.level=0", true },
		{ "input.1.level=0 input.2.level=120", false },
		{ "input.1.level=0 input.2.level=-3", false },
		{ "input.1.level=0 input.2.level=-2", false },
		{ "input.1.level=0 input.2.level=10 input.2.kind=manual",
		    true }
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		said("snmp", 1u << ITEMS_INPUT, cases[i].trays);
		said("snmp", STATUS, "state=idle reasons=media-empty-error");
		if ((problem()[0] != '\0') != cases[i].stops)
			fail_msg("%s", cases[i].trays);
		/* A printer may call it stopped, too. */
		said("snmp", STATUS, "state=stopped reasons=media-empty-error,"
		    "toner-low-warning");
		if ((problem()[0] != '\0') != cases[i].stops)
			fail_msg("stopped: %s", cases[i].trays);
		said("snmp", STATUS, "state=stopped reasons=media-empty-error,"
		    "media-jam-error");
		assert_string_not_equal("", problem());
	}
}

UNIT(an_old_status_stops_nothing)
{
	struct fleet_one *f;

	said("snmp", STATUS, "state=stopped reasons=media-jam");
	assert_string_not_equal("", problem());
	f = fleet_find(whole, dev.id);
	f->state_ms -= 2 * 60000 + 1000;
	assert_string_equal("", problem());
	f->state_ms = rel_now_ms();
	whole->role->set.status_fresh_ms = 0;
	f->state_ms -= 1;
	assert_string_equal("", problem());
}

/* The story of the job has these words. */
struct sought {
	const char *words;
	bool found;
};

static bool
event_row(int64_t at_ms, const char *kind, const char *text, void *ctx)
{
	struct sought *s = ctx;

	(void)at_ms;
	s->found = s->found || (strcmp(kind, "device") == 0 &&
	    strstr(text, s->words) != NULL);
	return true;
}

static bool
told(int64_t id, const char *words)
{
	struct sought s = { words, false };

	assert_true(store_event_list(whole->st, id, event_row, &s) >= 0);
	return s.found;
}

UNIT(a_job_stays_held_and_says_why)
{
	int64_t id = whole_counted(1);
	struct release_order o = { .device = &dev, .by = "anna",
	    .confirm = true };
	struct released out;
	struct job j = whole_row(id);

	said("snmp", STATUS, "state=stopped reasons=media-jam-error");
	whole_write();
	assert_int_equal(-REL_E_DENIED, release_job(whole, &j, &o, &out));
	whole_turns();
	assert_string_equal("device-stopped", out.code);
	assert_non_null(strstr(out.text, "paper jam"));
	assert_string_equal("media-jam-error", out.name);
	assert_int_equal(JOB_HELD, whole_state(id));
	assert_true(told(id, "paper jam"));
	/* An operator who says so may. */
	o.operator = true;
	whole_write();
	assert_int_equal(0, release_job(whole, &j, &o, &out));
	whole_turns();
	assert_true(told(id, "all the same"));
}

UNIT(it_has_a_story_of_its_own)
{
	said("snmp", STATUS, "state=idle");
	assert_int_equal(0, number("SELECT count(*) FROM device_event"));
	said("snmp", STATUS, "state=stopped reasons=media-jam");
	said("snmp", STATUS, "state=stopped reasons=door-open");
	said("snmp", STATUS, "state=idle");
	assert_int_equal(2, number("SELECT count(*) FROM device_event"));
	for (int i = 0; i < 150; i++) {
		said("snmp", STATUS, "state=stopped reasons=media-jam");
		said("snmp", STATUS, "state=idle");
	}
	assert_int_equal(DEVICE_EVENTS_MAX,
	    number("SELECT count(*) FROM device_event"));
}

UNIT(words_of_reasons)
{
	char out[100];

	fleet_reason_words("toner-low,media-jam,none,", "de", out,
	    sizeof out);
	assert_string_equal("Papierstau, wenig Toner", out);
	fleet_reason_words("media-jam,media-jam-error", "en", out,
	    sizeof out);
	assert_string_equal("paper jam", out);
	/* None that does not fit whole. */
	fleet_reason_words("media-jam,door-open", "en", out, 14);
	assert_string_equal("paper jam", out);
}

/* Of so many devices one that is borrowed stays where it is until it changes. */
UNIT(many_devices_are_kept_until_nobody_reads_one)
{
	const struct device *first = device_at(whole, dev.id);
	static char ids[4200][40];
	struct rel_err err;

	assert_int_equal(0, store_begin(whole->st, &err));
	for (size_t i = 0; i < 4200; i++) {
		struct device d = dev;

		ids_uuid(d.id);
		memcpy(ids[i], d.id, sizeof ids[i]);
		snprintf(d.name, sizeof d.name, "d-%zu", i);
		assert_int_equal(0, store_device_add(whole->st, &d));
	}
	whole_commit();
	for (size_t i = 0; i < 4200; i++)
		assert_non_null(device_at(whole, ids[i]));
	assert_ptr_equal(first, device_at(whole, dev.id));
	devices_tick(whole);
	assert_non_null(first = device_at(whole, dev.id));
	devices_tick(whole);
	assert_ptr_equal(first, device_at(whole, dev.id));
}

/* ---- the API */

static int
begin_api(void **state)
{
	if (whole_call_open(state) < 0)
		return -1;
	whole_device(&dev);
	whole->fleet->stale = true;
	return 0;
}
#define FLEET_API(name) \
	cmocka_unit_test_setup_teardown(name, begin_api, whole_call_close)

#define device_now() whole_device_now(&dev)
#define of(o, key) json_string_value(json_object_get((o), (key)))

UNIT(a_device_tells_how_it_is)
{
	json_t *o = device_now(), *supply;

	assert_string_equal("ok", of(o, "condition"));
	said("snmp", 1u << ITEMS_SUPPLY, "supply.1.name=Black "
	    "supply.1.percent=7 supply.2.name=Cyan");
	said("snmp", STATUS, "state=stopped reasons=media-jam,toner-low");
	o = device_now();
	assert_string_equal("stopped", of(o, "condition"));
	assert_string_equal("device-stopped", of(o, "problem"));
	assert_string_equal("paper jam, little toner left", of(o, "trouble"));
	assert_string_equal("stopped", of(json_object_get(o, "status"),
	    "state"));
	assert_int_equal(2, json_array_size(json_object_get(o, "supplies")));
	supply = json_array_get(json_object_get(o, "supplies"), 0);
	assert_string_equal("Black", of(supply, "name"));
	assert_int_equal(7, json_integer_value(json_object_get(supply,
	    "percent")));
	said("snmp", STATUS, "state=idle reasons=toner-low");
	assert_string_equal("warning", of(device_now(), "condition"));
	fleet_find(whole, dev.id)->down_ms = rel_now_ms();
	assert_string_equal("away", of(device_now(), "condition"));
}

UNIT(its_items_and_its_story)
{
	json_t *one;

	said("snmp", 1u << ITEMS_INPUT | STATUS, "state=stopped input.1.name=A"
	    " input.1.level=20");
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_ID, dev.name);
	whole_call_set(F_GROUP, "input");
	assert_int_equal(200, whole_call(API_DEVICE_ITEMS));
	assert_int_equal(2, json_array_size(json_object_get(call.body,
	    "items")));
	one = json_array_get(json_object_get(call.body, "items"), 0);
	assert_string_equal("input.1.level", of(one, "name"));
	assert_string_equal("number", of(one, "type"));
	assert_string_equal("snmp", of(one, "source"));
	assert_string_not_equal("", of(one, "heard_at"));
	said("opdp", 1u << ITEMS_IDENTITY, "activated-at=86400000");
	whole_call_set(F_GROUP, "identity");
	assert_int_equal(200, whole_call(API_DEVICE_ITEMS));
	one = json_array_get(json_object_get(call.body, "items"), 0);
	assert_string_equal("1970-01-02T00:00:00.000Z", of(one, "value"));
	whole_call_set(F_GROUP, "nothing");
	(void)whole_call(API_DEVICE_ITEMS);
	assert_string_equal("bad-request", call.problem);
	whole_call_set(F_GROUP, NULL);
	assert_int_equal(200, whole_call(API_DEVICE_EVENTS));
	one = json_array_get(json_object_get(call.body, "events"), 0);
	assert_string_equal("stopped", of(one, "kind"));
}

static size_t
listed(const char *group, const char *condition)
{
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_DEVICE_GROUP, group);
	whole_call_set(F_CONDITION, condition);
	assert_int_equal(200, whole_call(API_DEVICE_LIST));
	return json_array_size(json_object_get(call.body, "devices"));
}

UNIT(a_list_by_group_and_condition)
{
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_ID, dev.id);
	whole_call_set(F_GROUPS, "2nd floor,Colour");
	assert_int_equal(200, whole_call(API_DEVICE_SET));
	assert_int_equal(1, listed(NULL, NULL));
	assert_int_equal(1, listed("colour", NULL));
	assert_int_equal(0, listed("floor", NULL));
	assert_int_equal(1, listed(NULL, "ok"));
	assert_int_equal(0, listed(NULL, "trouble"));
	said("snmp", STATUS, "state=stopped");
	assert_int_equal(1, listed("2nd FLOOR", "trouble"));
	assert_int_equal(1, listed(NULL, "stopped"));
}

/* ---- groups of devices */

static int
group_change(enum req_route route, const char *group, const char *op,
    const char *devices)
{
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_ID, group);
	whole_call_set(F_OP, op);
	whole_call_set(route == API_DEVICE_GROUP_RENAME ? F_NAME : F_DEVICES,
	    devices);
	return whole_call(route);
}

static json_int_t
group_has(const char *member)
{
	json_t *v = json_object_get(call.body, member);

	return json_is_array(v) ? (json_int_t)json_array_size(v) :
	    json_integer_value(v);
}

UNIT(devices_are_put_in_a_group_and_taken_out)
{
	struct device second;
	char both[160];

	whole_device(&second);
	snprintf(both, sizeof both, "%s, %s", dev.id, second.name);
	assert_int_equal(200, group_change(API_DEVICE_GROUP_SET, "2nd floor",
	    "add", dev.id));
	assert_int_equal(200, group_change(API_DEVICE_GROUP_SET, "2ND Floor",
	    "add", both));
	assert_string_equal("2nd floor", of(call.body, "name"));
	assert_int_equal(2, group_has("devices"));
	assert_string_equal("2nd floor", of(device_now(), "groups"));
	assert_int_equal(200, group_change(API_DEVICE_GROUP_SET, "colour",
	    "add", dev.id));
	/* Nothing of it when one of them is unknown. */
	snprintf(both, sizeof both, "%s,nobody", dev.id);
	assert_int_equal(404, group_change(API_DEVICE_GROUP_SET, "colour",
	    "remove", both));
	assert_string_equal("2nd floor,colour", of(device_now(), "groups"));
	assert_int_equal(200, group_change(API_DEVICE_GROUP_SET, "2nd FLOOR",
	    "remove", dev.id));
	assert_int_equal(1, group_has("devices"));
	assert_string_equal("colour", of(device_now(), "groups"));
	assert_int_equal(400, group_change(API_DEVICE_GROUP_SET, "a,b", "add",
	    dev.id));
	assert_int_equal(400, group_change(API_DEVICE_GROUP_SET, "colour",
	    "empty", dev.id));
}

UNIT(nobody_is_in_more_groups_than_there_is_room_for)
{
	char name[8];

	for (int i = 0; i < 32; i++) {
		snprintf(name, sizeof name, "g%d", i);
		assert_int_equal(200, group_change(API_DEVICE_GROUP_SET, name,
		    "add", dev.id));
	}
	assert_int_equal(400, group_change(API_DEVICE_GROUP_SET, "g32", "add",
	    dev.id));
	assert_int_equal(200, group_change(API_DEVICE_GROUP_RENAME, "g31",
	    NULL, "G 31"));
	assert_int_equal(1, listed("g 31", NULL));
}

/* A function and a format of card numbers that are for it. */
static void
group_is_named(const char *key)
{
	struct access_row r = { .function = "copy", .place =
	    PLACE_DEVICE_GROUP, .who = ACCESS_EVERYBODY, .say = SAY_DISABLED };
	struct card_rule k = { .changed_ms = 1 };

	snprintf(r.at, sizeof r.at, "%s", key);
	card_rule_key(k.of, NULL, key);
	whole_write();
	assert_int_equal(0, store_access_set(whole->st, &r));
	assert_int_equal(0, store_card_rule_set(whole->st, &k));
	cards_changed(whole);
	whole_turns();
}

UNIT(a_group_gets_another_name_and_what_is_for_it_follows)
{
	json_t *left;

	whole_book(prices_book(whole), "mono 0.10\ngroup \"2nd Floor\"\n"
	    "    mono 0.05\n");
	whole_book(policy_book(whole), "rule \"a\"\n    when device-group "
	    "\"2nd floor\"\n    suggest \"x\"\n");
	assert_int_equal(200, group_change(API_DEVICE_GROUP_SET, "2nd floor",
	    "add", dev.id));
	group_is_named("2nd floor");
	assert_int_equal(200, group_change(API_DEVICE_GROUP_SET, "third",
	    "add", dev.id));
	assert_int_equal(409, group_change(API_DEVICE_GROUP_RENAME, "third",
	    NULL, "2ND floor"));
	assert_string_equal("in-use", call.problem);
	assert_int_equal(404, group_change(API_DEVICE_GROUP_RENAME, "fifth",
	    NULL, "sixth"));
	assert_int_equal(200, group_change(API_DEVICE_GROUP_RENAME,
	    "2nd floor", NULL, "Upstairs"));
	assert_string_equal("Upstairs", of(call.body, "name"));
	assert_int_equal(1, group_has("devices"));
	assert_int_equal(1, group_has("functions"));
	assert_int_equal(1, group_has("card_formats"));
	assert_int_equal(0, group_has("prices"));
	left = json_object_get(call.body, "left");
	assert_int_equal(2, json_integer_value(json_array_get(json_object_get(
	    left, "prices"), 0)));
	assert_int_equal(2, json_integer_value(json_array_get(json_object_get(
	    left, "rules"), 0)));
	assert_string_equal("Upstairs,third", of(device_now(), "groups"));
	assert_int_equal(1, number("SELECT count(*) FROM access WHERE"
	    " at='upstairs'"));
	/* Only how it is written: nothing else is another's. */
	assert_int_equal(200, group_change(API_DEVICE_GROUP_RENAME,
	    "upstairs", NULL, "UPSTAIRS"));
	assert_int_equal(1, group_has("functions"));
	assert_string_equal("UPSTAIRS,third", of(device_now(), "groups"));
	/* A group that is only named is one, too. */
	assert_int_equal(200, group_change(API_DEVICE_GROUP_SET, "upstairs",
	    "remove", dev.id));
	assert_int_equal(409, group_change(API_DEVICE_GROUP_RENAME, "third",
	    NULL, "upstairs"));
}

static json_int_t
attention(const char *kind)
{
	memset(call.rq.f, 0, sizeof call.rq.f);
	assert_int_equal(200, whole_call(API_DEVICE_ATTENTION));
	return json_integer_value(json_object_get(call.body, kind));
}

/* A device that is asked, and does not call by itself, heard of so long ago. */
static void
asked_device(int64_t ago_ms)
{
	whole_write();
	assert_true(store_exec(whole->st, "UPDATE device SET state=0,"
	    "protocol='snmp-lpr',seen_ms=?,created_ms=1", "i",
	    rel_now_ms() - ago_ms) >= 0);
	whole_turns();
	devices_forget_all(whole);
	fleet_changed(whole, dev.id);
}

UNIT(who_needs_somebody)
{
	assert_int_equal(0, attention("trouble"));
	said("snmp", STATUS, "state=stopped reasons=media-jam");
	assert_int_equal(1, attention("trouble"));
	asked_device(1000);
	assert_int_equal(0, attention("without_panel"));
	assert_int_equal(1, attention("trouble"));
	asked_device(7 * 60000);
	assert_int_equal(1, attention("silent"));
	assert_int_equal(0, attention("trouble"));
	assert_string_equal("away", of(device_now(), "condition"));
	/* Seldom asked: seldom heard of. */
	whole->role->set.poll_ms = 600000;
	assert_int_equal(0, attention("silent"));
	assert_string_equal("stopped", of(device_now(), "condition"));
	whole->role->set.poll_ms = 0;
	asked_device(1000000000);
	assert_int_equal(0, attention("silent"));
}

UNIT(how_it_is_asked_is_checked)
{
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_ID, dev.id);
	whole_call_set(F_PROTOCOL, "snmp-lpr");
	whole_call_set(F_ADDRESS, "192.0.2.7");
	assert_int_equal(200, whole_call(API_DEVICE_SET));
	assert_string_equal("snmp-lpr", of(call.body, "protocol"));
	whole_call_set(F_PROTOCOL, "Snmp!");
	(void)whole_call(API_DEVICE_SET);
	assert_string_equal("bad-request", call.problem);
	whole_call_set(F_PROTOCOL, NULL);
	whole_call_set(F_ADDRESS, "a b");
	(void)whole_call(API_DEVICE_SET);
	assert_string_equal("bad-request", call.problem);
}

UNIT(what_is_removed_is_forgotten)
{
	said("snmp", STATUS, "state=stopped");
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_ID, dev.id);
	assert_int_equal(204, whole_call(API_DEVICE_DEL));
	assert_int_equal(0, number("SELECT count(*) FROM device_item"));
	assert_int_equal(0, number("SELECT count(*) FROM device_event"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLEET(what_differs_is_written),
		FLEET(what_a_complete_group_lacks_is_gone),
		FLEET(it_is_told_when_it_was_heard_last),
		FLEET(what_it_is_fills_the_device_and_leaves_words_of_people),
		FLEET(a_turn_that_is_undone_is_written_later),
		FLEET(a_heartbeat_is_heard),
		FLEET(a_state_that_stays_is_no_event),
		FLEET(status_decides),
		FLEET(no_paper_stops_when_no_tray_has_any),
		FLEET(an_old_status_stops_nothing),
		FLEET(a_job_stays_held_and_says_why),
		FLEET(it_has_a_story_of_its_own),
		FLEET(words_of_reasons),
		FLEET(many_devices_are_kept_until_nobody_reads_one),
		FLEET_API(a_device_tells_how_it_is),
		FLEET_API(its_items_and_its_story),
		FLEET_API(a_list_by_group_and_condition),
		FLEET_API(devices_are_put_in_a_group_and_taken_out),
		FLEET_API(nobody_is_in_more_groups_than_there_is_room_for),
		FLEET_API(a_group_gets_another_name_and_what_is_for_it_follows),
		FLEET_API(who_needs_somebody),
		FLEET_API(how_it_is_asked_is_checked),
		FLEET_API(what_is_removed_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
