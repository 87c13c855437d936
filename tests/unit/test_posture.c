/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How safe a device is, by what was seen; and when it is looked at. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "releaserd/core/fleet.h"
#include "releaserd/core/posture.h"
#include "releaserd/core/store_posture.h"
#include "releaserd/driver_wire.h"
#include "tests/unit/core_whole.h"

static struct device dev;
static struct posture_found found[POSTURE_FINDINGS];

/* ---- weighing: items as "name=value;name=value" */

static void
weigh(const char *text, const char *restrictions)
{
	struct posture_facts f = { .now_ms = 1800000000000LL };
	char all[1000], *save = NULL, *value;
	struct items items;
	json_t *r = restrictions != NULL ? json_loads(restrictions, 0, NULL) :
	    NULL;

	items_init(&items);
	snprintf(all, sizeof all, "%s", text);
	for (char *w = strtok_r(all, ";", &save); w != NULL;
	    w = strtok_r(NULL, ";", &save)) {
		value = strchr(w, '=');
		*value++ = '\0';
		items_str(&items, w, 0, value);
		assert_string_equal(value, items_get(&items, w));
	}
	f.items = &items;
	f.restrictions = r;
	posture_weigh(&f, found);
	items_fini(&items);
	json_decref(r);
}

#define SEEN "posture.at=1799999999000;posture.open=none;" \
	"posture.silent=none;posture.snmp=v3;posture.snmp-usual=none;" \
	"posture.tls=1.2,1.3;posture.tls-ports=443;posture.plain-pages=0;" \
	"posture.plain-ipp=0;posture.certificate=CN = x;" \
	"posture.certificate-issuer=CN = CA;posture.certificate-key=RSA 3072;" \
	"posture.certificate-bits=3072;posture.certificate-hash=SHA256;" \
	"posture.certificate-end=1890000000000;posture.certificate-name=1;" \
	"posture.self-signed=0"
#define CLOSED "{\"unauthenticated\":{\"copy\":\"deny\",\"scan\":\"deny\"," \
	"\"fax\":\"deny\",\"usb_print_from\":\"deny\",\"usb_scan_to\":\"deny\"}}"

static int
count(enum posture_verdict v)
{
	int n = 0;

	for (int i = 0; i < POSTURE_FINDINGS; i++)
		n += found[i].verdict == v;
	return n;
}

UNIT(what_is_not_known_counts_neither_for_nor_against)
{
	weigh("", NULL);
	assert_int_equal(-1, posture_score(found));
	assert_int_equal(1, count(POSTURE_BAD));
	assert_int_equal(POSTURE_BAD, found[POSTURE_NO_CONTROL].verdict);
	for (int i = 0; i < POSTURE_FINDINGS; i++)
		assert_true(found[i].evidence[0] != '\0');
	weigh(SEEN, CLOSED);
	assert_int_equal(100, posture_score(found));
	assert_int_equal(0, count(POSTURE_BAD));
	assert_int_equal(3, count(POSTURE_UNKNOWN));
	assert_int_equal(POSTURE_UNKNOWN, found[POSTURE_FILTER].verdict);
	weigh(SEEN ";network.filter=10.0.0.2;network.8021x=EAP-TLS;"
	    "network.ipsec=on", CLOSED);
	assert_int_equal(0, count(POSTURE_UNKNOWN));
	assert_int_equal(100, posture_score(found));
}

UNIT(each_finding_can_be_had_and_costs_its_points)
{
	static const struct {
		enum posture_finding which;
		const char *more, *restrictions;
	} cases[] = {
		{ POSTURE_SNMP_USUAL, "posture.snmp-usual=public", CLOSED },
		{ POSTURE_TELNET, "posture.open=tcp/10000,tcp/443", CLOSED },
		{ POSTURE_TELNET, "posture.open=tcp/443,tcp/23", CLOSED },
		{ POSTURE_NO_TLS, "posture.tls=none", CLOSED },
		{ POSTURE_SNMP_OLD, "posture.snmp=v2c,v3", CLOSED },
		{ POSTURE_SNMP_OLD, "posture.snmp=v1", CLOSED },
		{ POSTURE_TLS_OLD, "posture.tls=1.0,1.2", CLOSED },
		{ POSTURE_TLS_OLD, "posture.tls=1.1,1.2", CLOSED },
		{ POSTURE_PLAIN_PAGES, "posture.plain-pages=1", CLOSED },
		{ POSTURE_RAW_PRINT, "posture.open=tcp/9100", CLOSED },
		{ POSTURE_PLAIN_IPP, "posture.plain-ipp=1", CLOSED },
		{ POSTURE_CERT_END, "posture.certificate-end=1802000000000",
		    CLOSED },
		{ POSTURE_CERT_WEAK, "posture.certificate-bits=1024", CLOSED },
		{ POSTURE_CERT_WEAK, "posture.certificate-hash=SHA1", CLOSED },
		{ POSTURE_FTP, "posture.open=tcp/21", CLOSED },
		{ POSTURE_TFTP, "posture.open=udp/69", CLOSED },
		{ POSTURE_UNGUARDED, "posture.open=none",
		    "{\"unauthenticated\":{\"copy\":\"allow\"}}" },
		{ POSTURE_USB_PRINT, "posture.open=none",
		    "{\"unauthenticated\":{\"usb_print_from\":\"allow\"}}" },
		{ POSTURE_USB_SCAN, "posture.open=none",
		    "{\"unauthenticated\":{\"usb_scan_to\":\"allow\"}}" },
		{ POSTURE_FILTER, "network.filter=none", CLOSED },
		{ POSTURE_MANAGED, "posture.open=udp/9300", CLOSED },
		{ POSTURE_CERT_SELF, "posture.self-signed=1", CLOSED },
		{ POSTURE_SMB, "posture.open=tcp/445", CLOSED },
		{ POSTURE_NO_CONTROL, "posture.open=none", NULL },
		{ POSTURE_CERT_NAME, "posture.certificate-name=0", CLOSED },
		{ POSTURE_FINGER, "posture.open=tcp/79", CLOSED },
		{ POSTURE_FOUND, "posture.open=udp/5353", CLOSED },
		{ POSTURE_DOT1X, "network.8021x=off", CLOSED },
		{ POSTURE_IPSEC, "network.ipsec=off", CLOSED }
	};
	bool had[POSTURE_FINDINGS] = { false };
	char text[1000];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(text, sizeof text, SEEN ";%s", cases[i].more);
		weigh(text, cases[i].restrictions);
		assert_int_equal(POSTURE_BAD, found[cases[i].which].verdict);
		assert_int_equal(1, count(POSTURE_BAD));
		assert_in_range(posture_score(found), 80, 99);
		had[cases[i].which] = true;
	}
	for (int i = 0; i < POSTURE_FINDINGS; i++)
		assert_true(had[i]);
}

UNIT(a_datagram_without_an_answer_is_not_known_a_connection_is_closed)
{
	weigh(SEEN ";posture.silent=tcp/21,udp/69,tcp/9100", CLOSED);
	assert_int_equal(POSTURE_GOOD, found[POSTURE_FTP].verdict);
	assert_int_equal(POSTURE_UNKNOWN, found[POSTURE_TFTP].verdict);
	assert_int_equal(POSTURE_GOOD, found[POSTURE_RAW_PRINT].verdict);
	/* "tcp/2" is not "tcp/21". */
	weigh(SEEN ";posture.open=tcp/2,tcp/210,tcp/4430", CLOSED);
	assert_int_equal(0, count(POSTURE_BAD));
}

UNIT(old_tls_and_its_certificate_say_nothing_where_there_is_none)
{
	weigh("posture.at=1;posture.open=none;posture.silent=none;"
	    "posture.tls=none", CLOSED);
	assert_int_equal(POSTURE_BAD, found[POSTURE_NO_TLS].verdict);
	assert_int_equal(POSTURE_APART, found[POSTURE_TLS_OLD].verdict);
	assert_int_equal(POSTURE_APART, found[POSTURE_CERT_END].verdict);
}

/* ---- looking: the test plays a driver process */

static int driver;

static void
begin_driver(void)
{
	fleet_changed(whole, dev.id);
	driver = whole_peer(ROLE_DRIVER);
	whole_turns();
}

/* The driver is asked, and says that. */
static bool
asked_and_said(int rc, const char *open)
{
	struct driver_said s;
	struct driver_ask q;
	struct rel_frame fr;

	postures_tick(whole);
	whole_turns();
	if (whole_heard(driver, &fr) != 1)
		return false;
	assert_int_equal(IPC_DRIVER_ASK, fr.type);
	assert_int_equal(0, driver_ask_get(&q, fr.body, fr.len));
	assert_int_equal(DRIVER_POSTURE, q.op);
	assert_string_equal("127.0.0.1", q.at.address);
	driver_said_init(&s);
	s.rc = (int8_t)rc;
	if (rc == 0) {
		items_number(&s.items, "posture.at", 0, rel_now_ms());
		items_str(&s.items, "posture.open", 0, open);
		items_str(&s.items, "posture.silent", 0, "none");
		items_str(&s.items, "posture.tls", 0, "1.2");
		items_str(&s.items, "posture.snmp", 0, "none");
		items_str(&s.items, "posture.snmp-usual", 0, "none");
		s.items.groups = 1u << ITEMS_POSTURE;
	}
	whole_said(driver, fr.id, &s);
	whole_turns();
	return true;
}

static struct posture_row
row(void)
{
	struct posture_row p = { .score = -1 };

	(void)store_posture_get(whole->st, dev.id, &p);
	return p;
}

UNIT(a_look_is_asked_for_once_and_its_sums_are_kept)
{
	whole_device(&dev);
	begin_driver();
	assert_int_equal(1, posture_soon(whole, dev.id));
	assert_int_equal(1, posture_soon(whole, dev.id));
	assert_int_equal(1, posture_waiting(whole));
	assert_true(asked_and_said(0, "tcp/23,tcp/443"));
	assert_int_equal(0, posture_waiting(whole));
	assert_string_equal("", row().words);
	assert_true(row().bad >> POSTURE_TELNET & 1);
	assert_true(row().unknown >> POSTURE_DOT1X & 1);
	assert_in_range(row().score, 1, 99);
	assert_true(row().looked_ms > 0);
	/* Not again within a minute. */
	assert_int_equal(0, posture_soon(whole, dev.id));
	assert_false(asked_and_said(0, "none"));
	close(driver);
}

/* The last of a great fleet costs what the first did. */
UNIT(a_whole_fleet_is_queued_at_once)
{
	enum { EACH = 1000, TIMES = 12 };
	clock_t took[TIMES];
	char id[40];

	for (int i = 0; i < TIMES; i++) {
		clock_t from = clock();

		for (int k = 0; k < EACH; k++) {
			snprintf(id, sizeof id, "a-device-with-a-long-name-"
			    "%08d", i * EACH + k);
			assert_int_equal(1, posture_soon(whole, id));
		}
		took[i] = clock() - from;
	}
	assert_int_equal(EACH * TIMES, posture_waiting(whole));
	assert_true(posture_queued(whole, id));
	assert_true(took[TIMES - 1] < 3 * took[0] + CLOCKS_PER_SEC / 100);
}

UNIT(a_device_that_does_not_answer_keeps_what_was_seen_and_says_so)
{
	whole_device(&dev);
	begin_driver();
	assert_int_equal(1, posture_soon(whole, dev.id));
	assert_true(asked_and_said(-REL_E_PEER, ""));
	assert_int_equal(-1, row().score);
	assert_int_equal(0, row().looked_ms);
	assert_true(row().tried_ms > 0);
	assert_true(row().words[0] != '\0');
	close(driver);
}

UNIT(the_schedule_takes_the_oldest_and_off_is_off)
{
	char device[40];

	whole_device(&dev);
	begin_driver();
	assert_int_equal(0, store_posture_due(whole->st, rel_now_ms(),
	    device));
	assert_string_equal(dev.id, device);
	assert_false(asked_and_said(0, "none"));
	whole->role->set.posture_every_ms = 86400000;
	assert_true(asked_and_said(0, "none"));
	assert_false(asked_and_said(0, "none"));
	assert_int_equal(-REL_E_NOTFOUND, store_posture_due(whole->st,
	    rel_now_ms() - 86400000, device));
	close(driver);
}

UNIT(the_local_api_shows_devices_and_the_fleet)
{
	json_t *o;
	size_t i;
	bool telnet = false;

	whole_device(&dev);
	begin_driver();
	whole_call_set(F_ID, dev.name);
	assert_int_equal(202, whole_call(API_DEVICE_POSTURE_RUN));
	assert_true(json_is_true(json_object_get(call.body, "waits")));
	assert_true(asked_and_said(0, "tcp/23"));
	assert_int_equal(200, whole_call(API_DEVICE_POSTURE));
	json_array_foreach(json_object_get(call.body, "findings"), i, o) {
		const char *v = json_string_value(json_object_get(o,
		    "verdict"));

		if (strcmp(json_string_value(json_object_get(o, "key")),
		    "telnet") != 0)
			continue;
		telnet = strcmp(v, "bad") == 0;
		assert_string_equal("open: tcp/23", json_string_value(
		    json_object_get(o, "evidence")));
	}
	assert_true(telnet);
	assert_int_equal(POSTURE_FINDINGS, i);
	whole_call_set(F_ID, NULL);
	assert_int_equal(200, whole_call(API_POSTURE));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "worst")));
	assert_int_equal(1, json_integer_value(json_object_get(call.body,
	    "looked")));
	assert_int_equal(200, whole_call(API_POSTURE_DEVICES));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "devices")));
	assert_int_equal(202, whole_call(API_POSTURE_RUN));
	close(driver);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(what_is_not_known_counts_neither_for_nor_against),
		UNIT_RUN(each_finding_can_be_had_and_costs_its_points),
		UNIT_RUN(a_datagram_without_an_answer_is_not_known_a_connection_is_closed),
		UNIT_RUN(old_tls_and_its_certificate_say_nothing_where_there_is_none),
		WHOLE(a_look_is_asked_for_once_and_its_sums_are_kept),
		WHOLE(a_whole_fleet_is_queued_at_once),
		WHOLE(a_device_that_does_not_answer_keeps_what_was_seen_and_says_so),
		WHOLE(the_schedule_takes_the_oldest_and_off_is_off),
		WHOLE_CALL(the_local_api_shows_devices_and_the_fleet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
