/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* SNMP credentials, and the search for devices with them; drivers are played. */
#include "tests/unit/core_whole.h"
#include "tests/unit/unit.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/discovery.h"
#include "releaserd/core/snmp_access.h"
#include "releaserd/core/store_priv.h"

static int driver;

static int
begin(void **state)
{
	if (whole_call_open(state) < 0)
		return -1;
	driver = whole_peer(ROLE_DRIVER);
	whole->role->set.poll_ms = 0;	/* nobody else asks */
	return 0;
}

static int
end(void **state)
{
	close(driver);
	return whole_call_close(state);
}
#define DISCOVERY(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* ---- credentials */

/* "field=value" each, until NULL; a status. */
static int
call_with(enum req_route route, const char *const *fields)
{
	static const struct {
		const char *name;
		enum req_field id;
	} all[] = {
		{ "id", F_ID }, { "name", F_NAME }, { "version", F_VERSION },
		{ "kind", F_KIND }, { "user", F_OF_USER }, { "auth", F_AUTH },
		{ "priv", F_PRIV }, { "addresses", F_ADDRESSES },
		{ "community", F_COMMUNITY },
		{ "auth_password", F_AUTH_PASSWORD },
		{ "priv_password", F_PRIV_PASSWORD }, { "what", F_WHAT }
	};
	static char copy[8][300];

	memset(call.rq.f, 0, sizeof call.rq.f);
	for (size_t i = 0; fields != NULL && fields[i] != NULL; i++) {
		char *eq;

		snprintf(copy[i], sizeof copy[i], "%s", fields[i]);
		eq = strchr(copy[i], '=');
		*eq = '\0';
		for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
			if (strcmp(all[k].name, copy[i]) == 0)
				whole_call_set(all[k].id, eq + 1);
	}
	return whole_call(route);
}
#define CALL(route, ...) \
	call_with(route, (const char *const[]){ __VA_ARGS__, NULL })

/* "name:secret name:secret" of an address. */
static const char *
access_of(const char *address, int64_t first)
{
	static char out[400];
	struct snmp_access v[SNMP_ACCESS_MAX];
	uint8_t n;
	size_t len = 0;

	out[0] = '\0';
	snmp_access_for(whole, address, first, v, &n);
	for (uint8_t i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, sizeof out - len,
		    "%s%d:%s:%s:%s", i > 0 ? " " : "", v[i].version,
		    v[i].name, v[i].auth_secret, v[i].priv_secret);
	return out;
}

UNIT(without_any_the_usual_one_is_tried)
{
	assert_string_equal("2:public:: 1:public::", access_of("10.0.0.1", 0));
	whole->role->set.snmp_v1v2c = 0;
	assert_string_equal("", access_of("10.0.0.1", 0));
}

static void
two_sets(void)
{
	assert_int_equal(201, CALL(API_SNMP_ADD, "name=Hall", "version=2c",
	    "community=sesame", "addresses=10.0.0.0/24, hall.example"));
	assert_int_equal(201, CALL(API_SNMP_ADD, "name=All", "user=anna",
	    "auth=sha256", "priv=aes128", "auth_password=open the door",
	    "priv_password=close the door"));
}

UNIT(sets_are_for_their_addresses_and_in_order)
{
	two_sets();
	assert_string_equal("3:anna:open the door:close the door "
	    "2:sesame::", access_of("10.0.0.7", 0));
	assert_string_equal("3:anna:open the door:close the door",
	    access_of("10.0.1.7", 0));
	assert_string_equal("3:anna:open the door:close the door "
	    "2:sesame::", access_of("Hall.example", 0));
	/* The one that a device answered is tried first. */
	assert_string_equal("2:sesame:: 3:anna:open the door:close the door",
	    access_of("10.0.0.7", snmp_set_named(whole, "HALL")->id));
	whole->role->set.snmp_v3 = 0;
	assert_string_equal("2:sesame::", access_of("10.0.0.7", 0));
	assert_string_equal("", access_of("10.0.1.7", 0));
}

UNIT(accounts_that_write_are_not_for_asking)
{
	two_sets();
	assert_int_equal(200, CALL(API_SNMP_SET, "id=All", "kind=read-write"));
	assert_string_equal("2:sesame::", access_of("10.0.0.7", 0));
}

/* Not in what is answered, and not in the clear in the file. */
UNIT(secrets_are_sealed_and_never_shown)
{
	char *text;
	int64_t n;

	two_sets();
	assert_int_equal(200, CALL(API_SNMP_LIST, "name="));
	text = json_dumps(call.body, 0);
	assert_null(strstr(text, "sesame"));
	assert_null(strstr(text, "the door"));
	assert_non_null(strstr(text, "anna"));
	free(text);
	assert_int_equal(0, store_number(whole->st, "SELECT count(*) FROM "
	    "snmp_access WHERE instr(secret,CAST('sesame' AS BLOB))>0 OR "
	    "instr(secret,CAST('door' AS BLOB))>0", &n, ""));
	assert_int_equal(0, n);
	/* What is not said stays; another version forgets. */
	assert_int_equal(200, CALL(API_SNMP_SET, "id=hall", "addresses="));
	assert_string_equal("3:anna:open the door:close the door "
	    "2:sesame::", access_of("192.0.2.1", 0));
	whole_restart();
	assert_string_equal("3:anna:open the door:close the door "
	    "2:sesame::", access_of("192.0.2.1", 0));
}

UNIT(what_cannot_be_is_refused)
{
	static const char *const t[][8] = {
		{ "name=a", "version=2c" },
		{ "name=a", "version=4", "community=x" },
		{ "name=a", "version=3" },
		{ "name=a", "user=u", "auth=sha1", "auth_password=short" },
		{ "name=a", "user=u", "auth=crc32" },
		{ "name=a", "user=u", "priv=aes128",
		    "priv_password=long enough" },
		{ "name=a", "user=u", "auth=md5", "auth_password=long enough",
		    "priv=des", "priv_password=short" },
		{ "name=a", "version=2c", "community=x", "kind=write" },
		{ "name=a", "version=2c", "community=x",
		    "addresses=10.0.0.300" },
		{ "name=hall", "version=2c", "community=x" }
	};

	two_sets();
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		if (call_with(API_SNMP_ADD, t[i]) < 400 &&
		    call.problem[0] == '\0')
			fail_msg("row %zu was taken", i);
	assert_null(snmp_set_named(whole, "a"));
	assert_non_null(snmp_set_named(whole, "all"));
}

/* ---- the search */

static struct rel_frame heard;

/* The next question of the kind: its lines into text. */
static struct driver_ask
asked(enum discover_kind want, char *text, size_t size)
{
	struct driver_ask q;
	enum discover_kind kind;
	const char *p;
	size_t n, len = 0;
	char line[DISCOVER_LINE_MAX];

	for (int i = 0; !whole_heard(driver, &heard) && i < 200; i++) {
		poll(NULL, 0, 10);
		whole_turns();
	}
	assert_int_equal(IPC_DRIVER_ASK, heard.type);
	assert_int_equal(0, driver_ask_get(&q, heard.body, heard.len));
	assert_int_equal(DRIVER_DISCOVER, q.op);
	p = q.text;
	n = q.text_len;
	assert_int_equal(0, discover_kind_get(&p, &n, &kind));
	assert_int_equal(want, kind);
	text[0] = '\0';
	while (discover_next(&p, &n, line))
		len += (size_t)snprintf(text + len, size - len, "%s%s",
		    len > 0 ? " " : "", line);
	return q;
}

static void
said(const struct found *v, size_t n)
{
	struct driver_said s;

	driver_said_init(&s);
	found_list_put(&s.text, v, n);
	whole_said(driver, heard.id, &s);
	whole_turns();
}

static struct found
printer(const char *address, const char *serial)
{
	struct found f = { .state = FOUND_PRINTER, .vendor = "Maker",
	    .model = "M 1", .mac = "00:11:22:33:44:55", .name = "floor2",
	    .location = "Hall", .queue = "PASSTHRU" };

	snprintf(f.address, sizeof f.address, "%s", address);
	snprintf(f.serial, sizeof f.serial, "%s", serial);
	return f;
}

/* Let it come to its end. */
static void
over(void)
{
	for (int i = 0; discovery_at_work(whole) != NULL && i < 200; i++) {
		poll(NULL, 0, 10);
		whole_turns();
	}
	assert_null(discovery_at_work(whole));
}

/* One printer of that serial number answers at that address, to that of the
 * credentials. */
static void
found_by_set(const char *address, const char *serial, uint8_t access)
{
	struct found f = printer(address, serial);
	char text[400];

	f.access = access;
	assert_int_equal(202, CALL(API_DISCOVERY_START, "addresses=10.0.0.1-4"
	    ));
	(void)asked(DISCOVER_SWEEP, text, sizeof text);
	assert_string_equal("10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4", text);
	said(&f, 1);
	(void)asked(DISCOVER_PROBE, text, sizeof text);
	assert_string_equal(address, text);
	said(&f, 1);
	over();
}

static void
found_one(const char *address, const char *serial)
{
	found_by_set(address, serial, 0);
}

static const char *
found_is(const char *member)
{
	const json_t *row;

	assert_int_equal(200, CALL(API_FOUND_LIST, "name="));
	row = json_array_get(json_object_get(call.body, "found"), 0);
	return row == NULL ? "none" : json_string_value(json_object_get(row,
	    member));
}

UNIT(what_answers_is_asked_and_becomes_a_device)
{
	struct device d;

	found_one("10.0.0.3", "PHA101");
	assert_string_equal("new", found_is("state"));
	assert_int_equal(200, CALL(API_FOUND_ADD, "addresses=10.0.0.3",
	    "name={model}-{location}"));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "added")));
	assert_int_equal(0, store_device_by_name(whole->st, "M-1-Hall", &d));
	assert_string_equal("10.0.0.3", d.address);
	assert_string_equal("10.0.0.3", d.lpr_host);
	assert_string_equal("PASSTHRU", d.lpr_queue);
	assert_string_equal("snmp-lpr", d.protocol);
	assert_string_equal("auto", d.driver);
	assert_string_equal("PHA101", d.serial);
	assert_string_equal("known", found_is("state"));
	assert_int_equal(200, CALL(API_FOUND_LIST, "what=new"));
	assert_int_equal(0, json_array_size(json_object_get(call.body,
	    "found")));
	assert_int_equal(200, CALL(API_FOUND_LIST, "what=known"));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "found")));
	assert_int_not_equal(200, CALL(API_FOUND_LIST, "what=knownlimit=9"));
	/* Twice is no other device. */
	assert_int_equal(200, CALL(API_FOUND_ADD, "addresses=10.0.0.3"));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "refused")));
}

/* The driver's answer is a failure. */
static void
said_failed(int rc)
{
	struct driver_said s;

	driver_said_init(&s);
	s.rc = (int8_t)rc;
	whole_said(driver, heard.id, &s);
	whole_turns();
}

UNIT(a_name_nobody_knows_is_named_and_not_counted)
{
	const json_t *run;
	char text[400];

	assert_int_equal(202, CALL(API_DISCOVERY_START,
	    "addresses=10.0.0.1 mispelled.example otherr.example"));
	(void)asked(DISCOVER_SWEEP, text, sizeof text);
	assert_string_equal("10.0.0.1", text);
	said(NULL, 0);
	(void)asked(DISCOVER_SWEEP, text, sizeof text);
	assert_string_equal("mispelled.example", text);
	said_failed(-REL_E_NOTFOUND);
	(void)asked(DISCOVER_SWEEP, text, sizeof text);
	said_failed(-REL_E_PEER);
	over();
	assert_int_equal(200, CALL(API_DISCOVERY_GET, "name="));
	run = json_array_get(json_object_get(call.body, "runs"), 0);
	assert_string_equal("mispelled.example, otherr.example",
	    json_string_value(json_object_get(run, "unknown")));
	assert_int_equal(1, json_integer_value(json_object_get(run, "done")));
	assert_int_equal(1, json_integer_value(json_object_get(run,
	    "total")));
}

/* What DNS-SD says holds where SNMP says nothing. */
static void
found_by_dns_sd(const char *uri, bool answers)
{
	struct found f = { .state = FOUND_ANSWERS, .source = FOUND_BY_DNS_SD,
	    .address = "10.0.0.3", .model = "M 2", .location = "Attic",
	    .name = "NPI12", .formats = "application/pdf", .uuid = "u-1" };
	struct found snmp = printer("10.0.0.3", "PHA101");
	char text[400];

	snprintf(f.ipp_uri, sizeof f.ipp_uri, "%s", uri);
	whole->role->set.discovery_dns_sd = 1;
	snprintf(whole->role->set.discovery_dns_sd_at,
	    sizeof whole->role->set.discovery_dns_sd_at, "127.0.0.1:5353");
	assert_int_equal(202, CALL(API_DISCOVERY_START, "addresses=dns-sd"));
	(void)asked(DISCOVER_DNS_SD, text, sizeof text);
	assert_string_equal("127.0.0.1:5353", text);
	said(&f, 1);
	(void)asked(DISCOVER_PROBE, text, sizeof text);
	assert_string_equal("10.0.0.3", text);
	said(&snmp, answers);
	over();
}

UNIT(what_dns_sd_says_of_the_silent)
{
	struct device d;

	found_by_dns_sd("ipps://10.0.0.3:631/ipp/print", true);
	assert_string_equal("snmp", found_is("source"));
	assert_string_equal("M 1", found_is("model"));
	found_by_dns_sd("ipps://10.0.0.3:631/ipp/print", false);
	assert_string_equal("dnssd", found_is("source"));
	assert_string_equal("new", found_is("state"));
	assert_string_equal("M 2", found_is("model"));
	assert_string_equal("Attic", found_is("location"));
	assert_string_equal("application/pdf", found_is("formats"));
	assert_string_equal("u-1", found_is("uuid"));
	assert_string_equal("", found_is("credentials"));
	assert_int_equal(200, CALL(API_FOUND_ADD, "addresses=10.0.0.3"));
	assert_int_equal(0, store_device_by_name(whole->st, "NPI12", &d));
	assert_string_equal("ipp", d.protocol);
	assert_string_equal("ipps", d.transport);
	assert_string_equal("", d.ipp_uri);	/* as usual: goes with it */
	assert_string_equal("known", found_is("state"));
}

static int64_t
printers_of_last(void)
{
	assert_int_equal(200, CALL(API_DISCOVERY_GET, "name="));
	return json_integer_value(json_object_get(json_array_get(
	    json_object_get(call.body, "runs"), 0), "printers"));
}

/* It answers a sweep, SNMP (or not), and at last DNS-SD. */
static void
found_both_ways(bool answers)
{
	struct found f = { .state = FOUND_ANSWERS, .source = FOUND_BY_DNS_SD,
	    .address = "10.0.0.3", .model = "M 2" };
	struct found snmp = printer("10.0.0.3", "PHA101");
	struct rel_frame dns_sd;
	char text[400];

	whole->role->set.discovery_dns_sd = 1;
	snprintf(whole->role->set.discovery_dns_sd_at,
	    sizeof whole->role->set.discovery_dns_sd_at, "127.0.0.1:5353");
	assert_int_equal(202, CALL(API_DISCOVERY_START,
	    "addresses=dns-sd 10.0.0.3"));
	(void)asked(DISCOVER_DNS_SD, text, sizeof text);
	dns_sd = heard;
	(void)asked(DISCOVER_SWEEP, text, sizeof text);
	said(&snmp, 1);
	(void)asked(DISCOVER_PROBE, text, sizeof text);
	said(&snmp, answers);
	heard = dns_sd;
	said(&f, 1);
	over();
	assert_int_equal(1, printers_of_last());
}

UNIT(one_that_answers_twice_is_asked_and_counted_once)
{
	found_both_ways(true);
	assert_string_equal("M 1", found_is("model"));
	assert_string_equal("snmp", found_is("source"));
	found_both_ways(false);
	assert_string_equal("M 2", found_is("model"));
	assert_string_equal("dnssd", found_is("source"));
}

UNIT(ways_that_dns_sd_names)
{
	struct device d;

	found_by_dns_sd("ipp://10.0.0.3:8631/ipp/x", false);
	assert_int_equal(200, CALL(API_FOUND_ADD, "addresses=10.0.0.3"));
	assert_int_equal(0, store_device_by_name(whole->st, "NPI12", &d));
	assert_string_equal("ipp://10.0.0.3:8631/ipp/x", d.ipp_uri);
	assert_string_equal("ipp", d.transport);
	/* While it is not allowed nobody is asked. */
	whole->role->set.discovery_dns_sd = 0;
	assert_int_not_equal(202, CALL(API_DISCOVERY_START,
	    "addresses=dns-sd 10.0.0.1"));
	assert_null(discovery_at_work(whole));
}

/* The device Hall, found and taken at 10.0.0.3, with serial number and MAC. */
static void
hall_taken(void)
{
	struct device d;

	found_one("10.0.0.3", "PHA101");
	assert_int_equal(200, CALL(API_FOUND_ADD, "addresses=10.0.0.3",
	    "name=Hall"));
	whole_write();
	assert_true(store_found_del(whole->st, "10.0.0.3") == 0);
	assert_int_equal(0, store_device_by_name(whole->st, "Hall", &d));
	assert_int_equal(1, store_exec(whole->st, "INSERT INTO device_item("
	    "device_id,name,value,source,at_ms) VALUES(?,'mac',"
	    "'00:11:22:33:44:55','snmp',1)", "t", d.id));
	whole_turns();
}

/* Anybody may answer as it does without a password. */
UNIT(what_took_a_password_is_not_followed_without)
{
	struct device d;

	two_sets();
	whole->role->set.discovery_follow = 1;
	hall_taken();
	found_by_set("10.0.0.4", "PHA101", 1);
	assert_int_equal(0, store_device_by_name(whole->st, "Hall", &d));
	assert_string_equal("10.0.0.3", d.address);
	assert_string_equal("moved", found_is("state"));
	found_by_set("10.0.0.2", "PHA101", 0);
	assert_int_equal(0, store_device_by_name(whole->st, "Hall", &d));
	assert_string_equal("10.0.0.2", d.address);
}

UNIT(one_that_moved_is_offered_or_followed)
{
	struct device d;

	hall_taken();
	found_one("10.0.0.4", "PHA101");
	assert_string_equal("moved", found_is("state"));
	assert_int_equal(200, CALL(API_FOUND_ADD, "addresses=10.0.0.4"));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "moved")));
	assert_int_equal(0, store_device_by_name(whole->st, "Hall", &d));
	assert_string_equal("10.0.0.4", d.address);
	assert_string_equal("10.0.0.4", d.lpr_host);
	/* By itself, when it is the same by serial number and MAC. */
	whole->role->set.discovery_follow = 1;
	found_one("10.0.0.2", "PHA101");
	assert_int_equal(0, store_device_by_name(whole->st, "Hall", &d));
	assert_string_equal("10.0.0.2", d.address);
	/* The same MAC with another serial number is not followed. */
	found_one("10.0.0.1", "PHA202");
	assert_int_equal(0, store_device_by_name(whole->st, "Hall", &d));
	assert_string_equal("10.0.0.2", d.address);
}

UNIT(what_the_factory_gave_all_of_them_tells_none)
{
	static const char *const none[] = { "", "0", "XXXXXXXXXX", "123456789",
	    "1234567890", "0123456789", "987654321", "00000000", "7777777",
	    "N/A", "unknown", "SN", "12", "----", "00:00:00:00:00:00",
	    "FF:FF:FF:FF:FF:FF", "xxxx-xxxx" };
	static const char *const ones[] = { "PHA101", "VNB3K01234", "1121",
	    "00:11:22:33:44:55", "75290A1" };

	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		if (identity_tells(none[i]))
			fail_msg("%s is taken", none[i]);
	for (size_t i = 0; i < sizeof ones / sizeof ones[0]; i++)
		if (!identity_tells(ones[i]))
			fail_msg("%s is not taken", ones[i]);
}

/* A device with this serial number of Maker's is known at 10.0.0.9. */
static void
one_known(const char *name, const char *serial)
{
	struct device d = { .vendor = "MAKER", .address = "10.0.0.9" };

	snprintf(d.id, sizeof d.id, "id-%s", name);
	snprintf(d.name, sizeof d.name, "%s", name);
	snprintf(d.serial, sizeof d.serial, "%s", serial);
	whole_write();
	assert_int_equal(0, store_device_add(whole->st, &d));
	whole_turns();
}

/* Its jobs would go elsewhere. */
UNIT(a_serial_number_alone_is_not_the_same_device)
{
	struct found f = printer("10.0.0.3", "XXXXXXXXXX");
	struct device d;
	bool sure;

	one_known("factory", "XXXXXXXXXX");
	assert_int_equal(-REL_E_NOTFOUND, store_found_device(whole->st, &f,
	    &d, &sure));
	one_known("real", "PHA101");
	f = printer("10.0.0.3", "PHA101");
	assert_int_equal(0, store_found_device(whole->st, &f, &d, &sure));
	assert_string_equal("real", d.name);
	assert_false(sure);
	snprintf(f.vendor, sizeof f.vendor, "Another");
	assert_int_equal(-REL_E_NOTFOUND, store_found_device(whole->st, &f,
	    &d, &sure));
	f = printer("10.0.0.3", "PHA101");
	one_known("twin", "PHA101");
	assert_int_equal(-REL_E_NOTFOUND, store_found_device(whole->st, &f,
	    &d, &sure));
}

UNIT(a_search_that_cannot_be_ended_now_is_not_said_to_be)
{
	assert_int_equal(202, CALL(API_DISCOVERY_START, "addresses=10.0.0.1"));
	whole_busy(true);
	assert_int_not_equal(204, CALL(API_DISCOVERY_CANCEL, "name="));
	whole_busy(false);
	assert_non_null(discovery_at_work(whole));
	assert_int_equal(204, CALL(API_DISCOVERY_CANCEL, "name="));
	assert_null(discovery_at_work(whole));
}

/* However it is written, the driver is asked for the address alone. */
UNIT(one_device_is_tried_however_it_is_written)
{
	static const char *const t[] = { "10.0.0.3", " 10.0.0.3", "10.0.0.3,",
	    "10.0.0.3/32", "10.0.0.3-3", "10.0.0.3\n10.0.0.3" };
	struct rel_frame fr;
	char text[400];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		memset(call.rq.f, 0, sizeof call.rq.f);
		whole_call_set(F_ADDRESS, t[i]);
		assert_int_equal(-1, whole_call(API_SNMP_TEST));
		(void)asked(DISCOVER_PROBE, text, sizeof text);
		assert_string_equal("10.0.0.3", text);
		said(NULL, 0);
		assert_int_equal(1, whole_heard(call.net, &fr));
	}
	whole_call_set(F_ADDRESS, "10.0.0.3-4");
	assert_int_equal(400, whole_call(API_SNMP_TEST));
}

static int
count(void *ctx)
{
	++*(unsigned *)ctx;
	return 0;
}

/* Whose MAC it is costs a look at each device, not at all that is known. */
UNIT(a_known_mac_is_found_without_reading_all_items)
{
	struct found f = printer("10.0.0.3", "");
	struct device d = { .name = "a" };
	unsigned steps = 0;
	char item[24];
	bool sure;

	whole_write();
	for (unsigned i = 0; i < 20; i++) {
		snprintf(d.id, sizeof d.id, "device-%02u", i);
		snprintf(d.name, sizeof d.name, "device %02u", i);
		assert_int_equal(0, store_device_add(whole->st, &d));
		for (unsigned k = 0; k < 200; k++) {
			snprintf(item, sizeof item, "item.%03u", k);
			assert_int_equal(1, store_exec(whole->st, "INSERT INTO"
			    " device_item VALUES(?,?,'x','snmp',1)", "tt",
			    d.id, item));
		}
	}
	assert_int_equal(1, store_exec(whole->st, "INSERT INTO device_item"
	    " VALUES(?,'mac','00:11:22:33:44:55','snmp',1)", "t", d.id));
	sqlite3_progress_handler(whole->st->db, 100, count, &steps);
	assert_int_equal(0, store_found_device(whole->st, &f, &d, &sure));
	sqlite3_progress_handler(whole->st->db, 0, NULL, NULL);
	assert_string_equal("device 19", d.name);
	assert_in_range(steps, 0, 30);
	whole_turns();
}

UNIT(they_are_listed_in_the_order_of_addresses)
{
	static const char *const all[] = { "10.0.0.10", "2001:db8::1",
	    "10.0.0.9", "9.0.0.1" };
	struct found_row r = { .first_ms = 1 };

	whole_write();
	for (size_t i = 0; i < 4; i++) {
		r.f = printer(all[i], "");
		assert_int_equal(0, store_found_set(whole->st, &r));
	}
	whole_turns();
	assert_string_equal("9.0.0.1", found_is("address"));
	whole_call_set(F_AFTER, "9.0.0.1");
	assert_int_equal(200, whole_call(API_FOUND_LIST));
	assert_string_equal("10.0.0.9", json_string_value(json_object_get(
	    json_array_get(json_object_get(call.body, "found"), 0),
	    "address")));
	assert_int_equal(3, json_array_size(json_object_get(call.body,
	    "found")));
}

UNIT(no_printer_is_counted_and_not_listed)
{
	struct found f = { .state = FOUND_OTHER, .address = "10.0.0.2" };
	char text[400];

	found_one("10.0.0.2", "PHA101");
	assert_int_equal(202, CALL(API_DISCOVERY_START, "addresses=10.0.0.2"));
	(void)asked(DISCOVER_SWEEP, text, sizeof text);
	said(&f, 1);
	(void)asked(DISCOVER_PROBE, text, sizeof text);
	said(&f, 1);
	over();
	assert_string_equal("none", found_is("state"));
	assert_int_equal(200, CALL(API_DISCOVERY_GET, "name="));
	assert_int_equal(1, json_integer_value(json_object_get(json_array_get(
	    json_object_get(call.body, "runs"), 0), "others")));
}

/* Sweeps have one set of credentials each, and not too many addresses; with a
 * rate of 5000 a second they come at once. */
UNIT(the_plan_of_sweeps)
{
	char text[4000];
	struct driver_ask q;

	two_sets();
	whole->role->set.discovery_rate = 5000;
	assert_int_equal(202, CALL(API_DISCOVERY_START,
	    "addresses=10.0.0.250-10.0.1.70 somewhere.example"));
	q = asked(DISCOVER_SWEEP, text, sizeof text);
	assert_string_equal("10.0.0.250 10.0.0.251 10.0.0.252 10.0.0.253 "
	    "10.0.0.254 10.0.0.255", text);
	assert_int_equal(2, q.at.nsnmp);
	assert_int_equal(161, q.at.snmp_port);
	q = asked(DISCOVER_SWEEP, text, sizeof text);
	assert_int_equal(0, strncmp(text, "10.0.1.0 10.0.1.1 ", 18));
	assert_non_null(strstr(text, " 10.0.1.57"));
	assert_int_equal(1, q.at.nsnmp);
	(void)asked(DISCOVER_SWEEP, text, sizeof text);
	assert_non_null(strstr(text, "10.0.1.70"));
	(void)asked(DISCOVER_SWEEP, text, sizeof text);
	assert_string_equal("somewhere.example", text);
	/* It is at work: no other, but it can be ended. */
	assert_int_not_equal(202, CALL(API_DISCOVERY_START,
	    "addresses=10.0.0.1"));
	assert_string_equal("discovery-running", call.problem);
	assert_int_equal(204, CALL(API_DISCOVERY_CANCEL, "name="));
	assert_null(discovery_at_work(whole));
	said(NULL, 0);				/* too late: nothing */
	assert_int_equal(200, CALL(API_DISCOVERY_GET, "name="));
	assert_string_equal("cancelled", json_string_value(json_object_get(
	    json_array_get(json_object_get(call.body, "runs"), 0), "state")));
}

UNIT(too_much_or_nothing_is_refused)
{
	static const char *const t[] = {
		"addresses=", "addresses=10.0.0.0/15", "addresses=10.0.0",
		"addresses=2001:db8::/64", "addresses=2001:db8::/117",
		"addresses=broadcast", "addresses=10.0.0.1;reboot"
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		if (CALL(API_DISCOVERY_START, t[i]) == 202)
			fail_msg("%s was taken", t[i]);
	snprintf(whole->role->set.discovery_broadcast,
	    sizeof whole->role->set.discovery_broadcast, "10.0.0.255");
	assert_int_equal(202, CALL(API_DISCOVERY_START,
	    "addresses=broadcast"));
}

UNIT(names_of_new_devices)
{
	static const struct {
		const char *pattern, *name;
	} t[] = {
		{ "{model}-{location}", "M-1-Hall" },
		{ "{hostname}", "floor2" }, { "{serial}", "" },
		{ "{serial}-{model}", "M-1" }, { "x {serial} {model}",
		    "x-M-1" },
		{ "{vendor}/{serial}/{address}", "Maker/10.0.0.1" },
		{ "{none}", "{none}" }, { "{model", "{model" },
		{ "{mac}", "00:11:22:33:44:55" }, { "", "" }
	};
	struct found f = printer("10.0.0.1", "");
	char name[65];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		discovery_name(name, t[i].pattern, &f);
		assert_string_equal(t[i].name, name);
	}
	memset(f.location, 'x', sizeof f.location - 1);
	discovery_name(name, "{location}{location}{location}", &f);
	assert_int_equal(60, strlen(name));
}

/* ---- on the wire */

UNIT(lists_of_found_that_lie)
{
	static struct found v[DISCOVER_FOUND_MAX];
	struct found f = printer("10.0.0.1", "PHA101");
	struct rel_buf b;
	size_t n;

	rel_buf_init(&b);
	found_list_put(&b, &f, 1);
	assert_int_equal(0, found_list_get(v, &n, b.data, b.len));
	assert_int_equal(1, n);
	assert_memory_equal(&f, &v[0], sizeof f);
	for (size_t i = 0; i < b.len; i++)
		assert_true(found_list_get(v, &n, b.data, i) < 0);
	b.data[0] = 2;
	assert_true(found_list_get(v, &n, b.data, b.len) < 0);
	b.data[0] = 1;
	b.data[3] = 0xff;
	assert_true(found_list_get(v, &n, b.data, b.len) < 0);
	rel_buf_reset(&b);
	snprintf(f.address, sizeof f.address, "no address");
	found_list_put(&b, &f, 1);
	assert_true(found_list_get(v, &n, b.data, b.len) < 0);
	rel_buf_reset(&b);
	f = printer("10.0.0.1", "a\x1b[31m");
	found_list_put(&b, &f, 1);
	assert_true(found_list_get(v, &n, b.data, b.len) < 0);
	rel_buf_reset(&b);
	f = printer("10.0.0.1", "a\xe2\x80\xae" "b\xe2\x80\x8f");
	snprintf(f.name, sizeof f.name, "\xd8\x9c" "npi\xe2\x80\x8e 7");
	found_list_put(&b, &f, 1);
	assert_int_equal(0, found_list_get(v, &n, b.data, b.len));
	assert_string_equal("a b", v[0].serial);
	assert_string_equal("npi 7", v[0].name);
	rel_buf_reset(&b);
	f = printer("10.0.0.1", "");
	f.source = FOUND_BY_DNS_SD + 1;
	found_list_put(&b, &f, 1);
	assert_true(found_list_get(v, &n, b.data, b.len) < 0);
	rel_buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DISCOVERY(without_any_the_usual_one_is_tried),
		DISCOVERY(sets_are_for_their_addresses_and_in_order),
		DISCOVERY(accounts_that_write_are_not_for_asking),
		DISCOVERY(secrets_are_sealed_and_never_shown),
		DISCOVERY(what_cannot_be_is_refused),
		DISCOVERY(what_answers_is_asked_and_becomes_a_device),
		DISCOVERY(a_name_nobody_knows_is_named_and_not_counted),
		DISCOVERY(what_dns_sd_says_of_the_silent),
		DISCOVERY(one_that_answers_twice_is_asked_and_counted_once),
		DISCOVERY(ways_that_dns_sd_names),
		DISCOVERY(what_took_a_password_is_not_followed_without),
		DISCOVERY(one_that_moved_is_offered_or_followed),
		cmocka_unit_test(
		    what_the_factory_gave_all_of_them_tells_none),
		DISCOVERY(a_serial_number_alone_is_not_the_same_device),
		DISCOVERY(a_search_that_cannot_be_ended_now_is_not_said_to_be),
		DISCOVERY(one_device_is_tried_however_it_is_written),
		DISCOVERY(a_known_mac_is_found_without_reading_all_items),
		DISCOVERY(they_are_listed_in_the_order_of_addresses),
		DISCOVERY(no_printer_is_counted_and_not_listed),
		DISCOVERY(the_plan_of_sweeps),
		DISCOVERY(too_much_or_nothing_is_refused),
		DISCOVERY(names_of_new_devices),
		cmocka_unit_test(lists_of_found_that_lie),
	};

	return cmocka_run_group_tests_name("discovery", tests, NULL, NULL);
}
