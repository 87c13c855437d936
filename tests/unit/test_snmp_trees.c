/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What vendors do otherwise, and what nobody should: small tables of values
 * that are made up, read without a socket.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "releaserd/driver/snmp_priv.h"

#define PRT "1.3.6.1.2.1.43."
#define OID "1.3.6.1.4.1."
#define SYS_ID "1.3.6.1.2.1.1.2.0"

static struct snmp_tree tree;
static struct items said;
static char state[16];

static void
put(const char *oid, enum snmp_kind kind, const void *p, size_t len)
{
	struct snmp_oid o;

	assert_true(snmp_oid_read(&o, oid));
	assert_true(snmp_tree_octets_add(&tree, o.arc, o.n, kind, p, len));
}

static void
text(const char *oid, const char *value)
{
	put(oid, SNMP_OCTET_STRING, value, strlen(value));
}

static void
number(const char *oid, int64_t value)
{
	struct snmp_oid o;

	assert_true(snmp_oid_read(&o, oid));
	assert_true(snmp_tree_number_add(&tree, o.arc, o.n, value));
}

static void
begin(const char *object_id)
{
	snmp_tree_init(&tree);
	items_init(&said);
	put(SYS_ID, SNMP_OBJECT_ID, object_id, strlen(object_id));
}

/* All that info reads. */
static void
look(void)
{
	struct snmp_device d;
	char reasons[120];

	snmp_device_init(&d, &tree, &said);
	snmp_items_identity(&d);
	snmp_items_network(&d, "192.0.2.7");
	snmp_items_ability(&d);
	snmp_items_channels(&d);
	snmp_items_inputs(&d);
	snmp_items_outputs(&d);
	snmp_items_finishers(&d);
	snmp_items_supplies(&d);
	snmp_items_alerts(&d, reasons, sizeof reasons);
	snmp_items_state(&d, reasons, state);
	snmp_items_counters(&d);
}

static const char *
item(const char *name)
{
	const char *v = items_get(&said, name);

	return v != NULL ? v : "-";
}

static void
end(void)
{
	snmp_tree_fini(&tree);
	items_fini(&said);
}

/* ---- paper */

UNIT(what_sizes_are_called)
{
	static const struct {
		const char *name, *pwg;
	} t[] = {
		{ "A4", "iso_a4_210x297mm" }, { "a4r", "iso_a4_210x297mm" },
		{ "A4-R", "iso_a4_210x297mm" }, { "A4 LEF", "iso_a4_210x297mm" },
		{ "A4 (210 x 297 mm)", "iso_a4_210x297mm" },
		{ "A3 Plain", "iso_a3_297x420mm" },
		{ "iso-a4-white", "iso_a4_210x297mm" },
		{ "iso_a5_148x210mm", "iso_a5_148x210mm" },
		{ "na-letter", "na_letter_8.5x11in" },
		{ "LT", "na_letter_8.5x11in" }, { "Letter-R", "na_letter_8.5x11in" },
		{ "Letter (8.5x11)", "na_letter_8.5x11in" },
		{ "Lettre US (8,5 x 11)", "na_letter_8.5x11in" },
		{ "11 x 17", "na_ledger_11x17in" },
		{ "B5", "iso_b5_176x250mm" }, { "B5 (JIS)", "jis_b5_182x257mm" },
		{ "DL Envelope", "iso_dl_110x220mm" },
		{ "Envelope C5", "iso_c5_162x229mm" },
		{ "Envelope #10", "na_number-10_4.125x9.5in" },
		{ "COM-10", "na_number-10_4.125x9.5in" },
		{ "Env. Monarch", "na_monarch_3.875x7.5in" },
		{ "Oficio", "na_oficio_8.5x13.4in" },
		{ "62mm x 29mm", "custom_29x62mm_29x62mm" },
		{ "4.33in x 8.66in", "iso_dl_110x220mm" },
		{ "Manual Paper 8.27in x 11.69in", "iso_a4_210x297mm" },
		{ "21 x 29.7 cm", "iso_a4_210x297mm" },
		{ "Any", "" }, { "", "" }, { "Plain", "" }, { "Plain 2", "" },
		{ "RECYCLED", "" }, { "Letterhead", "" }, { "PF-7100", "" },
		{ "62mm / 2.4\"", "" }, { "99999 x 99999 mm", "" },
		{ "1x1mm", "" }, { "x", "" }, { "8x", "" },
		{ "HP Premium Instant-dry Gloss Photo Paper", "" },
		{ "((((((", "" }, { "Wei\xdf 80 g", "" },
	};
	char name[64], longest[300];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		bool found = snmp_media_of_name(name, sizeof name, t[i].name);

		if (strcmp(name, t[i].pwg) != 0)
			print_error("%s: %s\n", t[i].name, name);
		assert_string_equal(name, t[i].pwg);
		assert_int_equal(found, t[i].pwg[0] != '\0');
	}
	memset(longest, '1', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_false(snmp_media_of_name(name, sizeof name, longest));
}

/* Trays as four vendors tell of them. */
static void
four_trays(void)
{
	number(PRT "8.2.1.3.1.1", 4);
	number(PRT "8.2.1.4.1.1", 210000);
	number(PRT "8.2.1.5.1.1", 297000);
	number(PRT "8.2.1.6.1.1", 420000);
	number(PRT "8.2.1.7.1.1", 297000);
	text(PRT "8.2.1.12.1.1", "Plain 2");
	text(PRT "8.2.1.13.1.1", "Vassoio 1");
	text(PRT "8.2.1.21.1.1", "");
	text(PRT "8.2.1.22.1.1", "Unknown");
	number(PRT "8.2.1.4.1.2", -2);
	number(PRT "8.2.1.5.1.2", -2);
	text(PRT "8.2.1.12.1.2", "Letter");
	text(PRT "8.2.1.18.1.2", "Cassette 2");
	text(PRT "8.2.1.21.1.2", "Recycled, 80 g");
	number(PRT "8.2.1.4.1.3", -1);
	number(PRT "8.2.1.5.1.3", -1);
	text(PRT "8.2.1.12.1.3", "Any");
	text(PRT "8.2.1.13.1.3", "ManualFeed");
	text(PRT "8.2.1.21.1.3", "Undefined");
	number(PRT "8.2.1.3.1.4", 3);
	number(PRT "8.2.1.4.1.4", -2);
	number(PRT "8.2.1.5.1.4", 360000);
	number(PRT "8.2.1.8.1.4", 16);
	number(PRT "8.2.1.9.1.4", 150);
	number(PRT "8.2.1.10.1.4", 75);
	text(PRT "8.2.1.12.1.4", "Plain Paper");
	text(PRT "8.2.1.13.1.4", "Roll1");
}

UNIT(paper_of_each_tray)
{
	begin(OID "32473.1");
	four_trays();
	number(PRT "13.4.1.3.1.1", 4);
	number(PRT "13.4.1.5.1.1", 431800);
	number(PRT "13.4.1.6.1.1", 297000);
	number(PRT "13.4.1.7.1.1", 139700);
	number(PRT "13.4.1.8.1.1", 90500);
	look();
	assert_string_equal(item("input.1.size"), "iso_a4_210x297mm");
	assert_string_equal(item("input.1.sizes"),
	    "iso_a4_210x297mm,iso_a3_297x420mm");
	assert_string_equal(item("input.1.type"), "Plain 2");
	assert_string_equal(item("input.1.color"), "-");
	assert_string_equal(item("input.1.id"), "tray-1");
	assert_string_equal(item("input.2.name"), "Cassette 2");
	assert_string_equal(item("input.2.id"), "tray-2");
	assert_string_equal(item("input.2.size"), "na_letter_8.5x11in");
	assert_string_equal(item("input.2.sizes"), "-");
	assert_string_equal(item("input.2.type"), "Recycled, 80 g");
	assert_string_equal(item("input.3.size"), "-");
	assert_string_equal(item("input.3.type"), "-");
	assert_string_equal(item("input.3.id"), "manual");
	assert_string_equal(item("input.3.sizes"),
	    "custom_min_90.5x139.7mm,custom_max_297x431.8mm");
	assert_string_equal(item("input.4.type"), "Plain Paper");
	assert_string_equal(item("input.4.capacity"), "-");
	assert_string_equal(item("input.4.level"), "-3");
	assert_string_equal(item("media-sizes"), "iso_a4_210x297mm,"
	    "iso_a3_297x420mm,na_letter_8.5x11in,"
	    "custom_min_90.5x139.7mm,custom_max_297x431.8mm");
	assert_string_equal(item("media-types"),
	    "Plain 2,Recycled,Plain Paper");
	end();
}

/* ---- one vendor, one object */

UNIT(what_only_a_vendors_own_objects_say)
{
	static const struct {
		const char *id, *oid, *value, *item, *is;
	} t[] = {
		{ "40093.1.1.3", "40093.1.1.1.5.0", "CX1", "serial", "CX1" },
		{ "40093.1.1.3", "40093.10.1.1.4.0", "CX2", "serial", "CX2" },
		{ "40093.1.1.3", "40093.6.1.2.0", "CX3", "vendor", "Pantum" },
		{ "641.1", "641.2.1.2.1.6.1", "LX1", "serial", "LX1" },
		{ "641.1", "641.6.2.3.1.5.1", "LX2", "serial", "LX2" },
		{ "641.1", "641.2.1.2.1.4.1", "LW20.1", "firmware", "LW20.1" },
		{ "641.1", "641.2.1.2.1.2.1", "Lexmark X", "model", "Lexmark X" },
		{ "253.8.62.1", "253.8.53.3.2.1.3.1", "XR1", "serial", "XR1" },
		{ "1602.4.7", "1602.1.2.1.8.1.3.1.1.0", "CN1", "serial", "CN1" },
		{ "1602.4.7", "1602.1.2.1.4.0", "CN2", "serial", "CN2" },
		{ "18334.1.1.1", "18334.1.1.1.1.6.1.0", "1.9", "firmware", "1.9" },
		{ "18334.1.1.1", "18334.1.1.1.1.6.2.1.0", "KONICA MINOLTA 1",
		    "model", "KONICA MINOLTA 1" },
		{ "2385.3.1", "2385.2.1.1.2.1.2.1", "1.04", "firmware", "1.04" },
		{ "2001.1.1", "2001.1.1.1.1.11.1.10.25.0", "C1", "model", "C1" },
		{ "2001.1.1", "2001.1.1.1.1.11.1.10.45.0", "AK1", "serial",
		    "AK1" },
		{ "1129.1.2.1", "1129.1.2.1.1.1.2.1.0", "B-EX", "model", "B-EX" },
		{ "1129.1.2.1", "1129.1.2.1.1.1.1.1.0", "T1", "serial", "T1" },
		{ "1129.1.2.1", "1129.1.2.1.1.1.1.2.0", "B1", "firmware", "B1" },
		{ "1248.1.1", "1248.1.2.2.2.1.1.2.1.1", "FW1", "firmware",
		    "FW1" },
		{ "11.2.3.9.1", "11.2.3.9.4.2.1.1.3.3.0",
		    "\001\025UC1X\n22", "serial", "UC1X" },
		{ "11.2.3.9.1", "11.2.3.9.4.2.1.1.3.2.0", "HP One", "model",
		    "HP One" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		char id[64], oid[80];

		snprintf(id, sizeof id, OID "%s", t[i].id);
		snprintf(oid, sizeof oid, OID "%s", t[i].oid);
		begin(id);
		text(oid, t[i].value);
		look();
		if (strcmp(item(t[i].item), t[i].is) != 0)
			print_error("%s: %s\n", t[i].oid, item(t[i].item));
		assert_string_equal(item(t[i].item), t[i].is);
		end();
	}
}

/* A row "oid value" each; the life count is the first. */
static void
counts(const char *id, int64_t life, const char *const *oids,
    const int64_t *values, size_t n)
{
	begin(id);
	number(PRT "10.2.1.3.1.1", 7);
	number(PRT "10.2.1.4.1.1", life);
	for (size_t i = 0; i < n; i++)
		number(oids[i], values[i]);
	look();
}

UNIT(colour_and_black_as_vendors_count_them)
{
	static const char *const kyocera[] = { OID "1347.42.3.1.2.1.1.1.1",
		OID "1347.42.3.1.2.1.1.2.1", OID "1347.42.3.1.2.1.1.1.3" };
	static const char *const xerox[] = { OID "253.8.53.13.2.1.6.1.20.33",
		OID "253.8.53.13.2.1.6.1.20.34" };
	static const char *const konica[] = {
		OID "18334.1.1.1.5.7.2.2.1.5.1.1",
		OID "18334.1.1.1.5.7.2.2.1.5.2.1",
		OID "18334.1.1.1.5.7.2.3.1.5.1" };
	static const char *const hp[] = { OID "11.2.3.9.4.2.1.4.1.2.7.0" };

	counts(OID "1347.41", 1000, kyocera,
	    (const int64_t[]){ 600, 100, 290 }, 3);
	assert_string_equal(item("counter.mono"), "700");
	assert_string_equal(item("counter.color"), "290");
	assert_string_equal(item("counter.source"), "vendor-mib");
	end();
	counts(OID "1347.41", 700, kyocera,
	    (const int64_t[]){ 600, 100, 290 }, 3);
	assert_string_equal(item("counter.color"), "-");
	end();
	counts(OID "253.8.62.1", 1000, xerox, (const int64_t[]){ 300, 700 },
	    2);
	assert_string_equal(item("counter.color"), "300");
	assert_string_equal(item("counter.mono"), "700");
	end();
	counts(OID "11.2.3.9.1", 1000, hp, (const int64_t[]){ 400 }, 1);
	assert_string_equal(item("counter.color"), "400");
	assert_string_equal(item("counter.mono"), "600");
	end();
	counts(OID "11.2.3.9.1", 300, hp, (const int64_t[]){ 400 }, 1);
	assert_string_equal(item("counter.color"), "-");
	end();
	/* copies are a part of all, scans need not be */
	counts(OID "18334.1.1.1", 1000, konica,
	    (const int64_t[]){ 100, 30, 5000 }, 3);
	assert_string_equal(item("counter.copies"), "130");
	assert_string_equal(item("counter.scans"), "5000");
	end();
	counts(OID "18334.1.1.1", 100, konica,
	    (const int64_t[]){ 100, 30, 0 }, 3);
	assert_string_equal(item("counter.copies"), "-");
	assert_string_equal(item("counter.scans"), "-");
	assert_string_equal(item("counter.source"), "-");
	end();
	/* nobody counts: no colour of none */
	counts(OID "11.2.3.9.1", 0, hp, (const int64_t[]){ 0 }, 1);
	assert_string_equal(item("counter.color"), "-");
	end();
}

UNIT(numbers_with_tags)
{
	static const char *const state_oid = OID "2435.2.3.9.4.2.1.5.5.8.0";
	static const char *const counters = OID "2435.2.3.9.4.2.1.5.5.10.0";

	begin(OID "2435.2.3.9.1");
	number(PRT "11.1.1.5.1.1", 3);
	text(PRT "11.1.1.6.1.1", "Black Toner Cartridge");
	number(PRT "11.1.1.9.1.1", -3);
	put(state_oid, SNMP_OCTET_STRING,
	    "\x31\1\1\1" "\x41\1\1\1"
	    "\x6f\1\4\0\0\x1d\x4c" "\x41\1\4\0", 19);
	put(counters, SNMP_OCTET_STRING, "\0\1\4\0\0\0\x64"
	    "\1\1\2\0\x32" "\2\1\4\0\0\0\x32", 19);
	look();
	/* of what it calls "some" it knows how much */
	assert_string_equal(item("supply.1.level"), "-3");
	assert_string_equal(item("supply.1.percent"), "75");
	assert_string_equal(item("supply.2.kind"), "-");
	assert_string_equal(item("supply.2.percent"), "-");
	assert_string_equal(item("counter.impressions"), "100");
	assert_string_equal(item("counter.mono"), "50");
	assert_string_equal(item("counter.color"), "50");
	end();
	/* ink, more than there can be, cut, no numbers at all */
	begin(OID "2435.2.3.9.1");
	text(OID "2435.2.3.9.1.1.7.0", "MFG:Brother;MDL:MFC-J1;CLS:PRINTER;");
	put(state_oid, SNMP_OCTET_STRING, "\x70\1\4\0\0\x26\xac"
	    "\x71\1\4\xff\xff\xff\xff" "\x72\1\xff\1", 18);
	put(counters, SNMP_OCTET_STRING, "\0\1\0\1\2", 5);
	look();
	assert_string_equal(item("supply.1.kind"), "ink");
	assert_string_equal(item("supply.1.color"), "cyan");
	assert_string_equal(item("supply.1.percent"), "99");
	assert_string_equal(item("supply.2.kind"), "-");
	assert_string_equal(item("color"), "1");
	assert_string_equal(item("counter.impressions"), "-");
	assert_string_equal(item("functions"), "print,copy,scan,fax");
	end();
	/* another vendor's octets are none of it */
	begin(OID "32473.1");
	put(counters, SNMP_OCTET_STRING, "\0\1\4\0\0\0\x64", 7);
	look();
	assert_string_equal(item("counter.impressions"), "-");
	end();
}

UNIT(two_markers_do_not_mark_a_side_twice)
{
	struct snmp_device d;

	begin(OID "32473.1");
	number(PRT "10.2.1.3.1.1", 7);
	number(PRT "10.2.1.4.1.1", 40);
	number(PRT "10.2.1.3.1.2", 7);
	number(PRT "10.2.1.4.1.2", 100);
	number(PRT "10.2.1.3.1.3", 8);
	number(PRT "10.2.1.4.1.3", 900);
	look();
	assert_string_equal(item("counter.impressions"), "100");
	assert_string_equal(item("counter.sheets"), "-");
	snmp_device_init(&d, &tree, &said);
	assert_int_equal(snmp_device_marker(&d), 2);
	end();
}

/* A printer that is 1 in hrDevice and 0 in the Printer MIB. */
UNIT(an_index_that_differs_between_the_tables)
{
	struct snmp_device d;

	begin(OID "32473.1");
	put("1.3.6.1.2.1.25.3.2.1.2.1", SNMP_OBJECT_ID,
	    "1.3.6.1.2.1.25.3.1.5", 20);
	text("1.3.6.1.2.1.25.3.2.1.3.1", "Example Zero");
	number("1.3.6.1.2.1.25.3.5.1.1.1", 4);
	text(PRT "5.1.1.17.1", "EX0");
	number(PRT "10.2.1.4.0.1", 77);
	number(PRT "11.1.1.5.0.1", 5);
	text(PRT "11.1.1.6.0.1", "black ink");
	number(PRT "11.1.1.8.0.1", 200);
	number(PRT "11.1.1.9.0.1", 50);
	look();
	snmp_device_init(&d, &tree, &said);
	assert_int_equal(d.hr, 1);
	assert_int_equal(d.h, 0);
	assert_string_equal(item("model"), "Example Zero");
	assert_string_equal(item("serial"), "EX0");
	assert_string_equal(item("supply.1.percent"), "25");
	assert_string_equal(item("counter.impressions"), "77");
	assert_string_equal(item("marking"), "inkjet");
	assert_string_equal(state, "processing");
	end();
}

UNIT(networks_of_the_newer_tables)
{
	begin(OID "32473.1");
	put("1.3.6.1.2.1.4.34.1.5.1.4.192.0.2.7", SNMP_OBJECT_ID,
	    "1.3.6.1.2.1.4.32.1.5.2.1.4.192.0.2.0.26", 39);
	number("1.3.6.1.2.1.4.24.7.1.7.1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1", 2);
	number("1.3.6.1.2.1.4.34.1.3.1.4.192.0.2.7", 2);
	put("1.3.6.1.2.1.2.2.1.6.1", SNMP_OCTET_STRING, "\002\0\0\0\0\011", 6);
	put("1.3.6.1.2.1.2.2.1.6.2", SNMP_OCTET_STRING, "\002\0\0\0\0\012", 6);
	look();
	assert_string_equal(item("network.netmask"), "255.255.255.192");
	assert_string_equal(item("network.gateway"), "192.0.2.1");
	assert_string_equal(item("mac"), "02:00:00:00:00:0a,02:00:00:00:00:09");
	end();
	begin(OID "32473.1");
	put("1.3.6.1.2.1.4.24.4.1.4.0.0.0.0.0.0.0.0.0.192.0.2.9",
	    SNMP_OCTET_STRING, "\300\0\002\011", 4);
	put("1.3.6.1.2.1.4.34.1.5.1.4.192.0.2.7", SNMP_OBJECT_ID, "0.0", 3);
	look();
	assert_string_equal(item("network.gateway"), "192.0.2.9");
	assert_string_equal(item("network.netmask"), "-");
	end();
	begin(OID "32473.1");
	number("1.3.6.1.2.1.4.24.7.1.7.1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.999",
	    2);
	look();
	assert_string_equal(item("network.gateway"), "-");
	end();
}

UNIT(how_it_marks_when_no_marker_says_so)
{
	static const struct {
		const char *model, *supply, *marking;
	} t[] = {
		{ "HP LaserJet 1", "Cartridge", "laser" },
		{ "HP OfficeJet 1", "Cartridge", "inkjet" },
		{ "Canon LBP1", "Cartridge", "laser" },
		{ "One", "Black Toner", "laser" }, { "One", "Black Ink", "inkjet" },
		{ "One", "Ribbon", "-" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		begin(OID "32473.1");
		text("1.3.6.1.2.1.25.3.2.1.3.1", t[i].model);
		text(PRT "11.1.1.6.1.1", t[i].supply);
		look();
		assert_string_equal(item("marking"), t[i].marking);
		end();
	}
}

/* ---- what nobody should say */

UNIT(texts_that_are_odd)
{
	static char big[65536];

	memset(big, '\033', sizeof big);
	begin(OID "32473.1");
	text(PRT "5.1.1.16.1", "\033[2J<b>\x01\x7fName\r\n");
	put("1.3.6.1.2.1.1.6.0", SNMP_OCTET_STRING, big, sizeof big);
	put("1.3.6.1.2.1.1.4.0", SNMP_OCTET_STRING, "B\374ro\0\0", 6);
	number(PRT "5.1.1.2.1", 1);
	number(PRT "7.1.1.4.1.1", 1013);	/* UTF-16BE */
	put(PRT "8.2.1.13.1.1", SNMP_OCTET_STRING, "\0F\0a\0c\0h\0 \0001", 12);
	put(PRT "8.2.1.21.1.1", SNMP_OCTET_STRING, "\330\0\0", 3);
	look();
	assert_null(strpbrk(item("name"), "\033\001\177\r\n"));
	assert_string_equal(item("contact"), "B\303\274ro");
	assert_string_equal(item("input.1.name"), "Fach 1");
	for (size_t i = 0; i < said.n; i++) {
		assert_true(rel_utf8_ok(said.v[i].value,
		    strlen(said.v[i].value)));
		assert_true(strlen(said.v[i].value) < ITEM_VALUE_MAX);
	}
	end();
}

UNIT(panels_that_are_cut_within_a_character)
{
	begin(OID "641.1");
	number(PRT "5.1.1.2.1", 1);
	number(PRT "7.1.1.4.1.1", 106);
	text(PRT "16.5.1.2.1.1", "l\303\245g\303");
	text(PRT "16.5.1.2.1.2", "");
	text("1.3.6.1.2.1.1.6.0", "Caf\351");
	text("1.3.6.1.2.1.1.4.0", "\303\205sa \303");
	text(PRT "16.5.1.2.1.3", "\342\202\254 \342\202");
	look();
	assert_string_equal(item("location"), "Caf\303\251");
	assert_string_equal(item("contact"), "\303\205sa");
	assert_string_equal(item("panel-text"), "l\303\245g \342\202\254");
	end();
}

UNIT(what_stands_behind_a_model)
{
	static const struct {
		const char *says, *is;
	} t[] = {
		{ "Lexmark X1 890J8VT LS.ST.P240", "Lexmark X1" },
		{ "Lexmark CX725de 1234 CB.040", "Lexmark CX725de 1234" },
		{ "Lexmark Forms Printer 2580", "Lexmark Forms Printer 2580" },
		{ "Lexmark T640", "Lexmark T640" }, { "X", "X" }, { "", "" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		char model[128];

		snprintf(model, sizeof model, "%s", t[i].says);
		snmp_model_cut(model);
		assert_string_equal(model, t[i].is);
	}
}

UNIT(a_device_id_where_an_identifier_should_be)
{
	begin(OID "40093.1.1.1");
	text("1.3.6.1.2.1.25.3.2.1.3.1", "M1DW All-in-One");
	text("1.3.6.1.2.1.25.3.2.1.4.1",
	    "MFG:Pantum;CMD:PCL,PS3,PDF;MDL:M1DW;CLS:PRINTER;");
	look();
	assert_string_equal(item("formats"), "application/vnd.hp-PCL,"
	    "application/postscript,application/pdf");
	assert_string_equal(item("functions"), "print,copy,scan");
	end();
}

UNIT(numbers_that_are_odd)
{
	static const int64_t odd[] = { -1, -2, -3, -4, INT32_MIN, INT64_MIN,
		INT32_MAX, UINT32_MAX, INT64_MAX, 0 };

	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		static const char *const columns[] = { "8.2.1.2", "8.2.1.3",
			"8.2.1.4", "8.2.1.5", "8.2.1.6", "8.2.1.7", "8.2.1.8",
			"8.2.1.9", "8.2.1.10", "8.2.1.11", "8.2.1.20",
			"9.2.1.2", "9.2.1.5", "10.2.1.2", "10.2.1.3",
			"10.2.1.4", "11.1.1.3", "11.1.1.5", "11.1.1.7",
			"11.1.1.8", "11.1.1.9", "13.4.1.3", "13.4.1.5",
			"13.4.1.6", "13.4.1.7", "13.4.1.8", "14.1.1.2",
			"18.1.1.2", "18.1.1.7", "30.1.1.2" };

		begin(OID "32473.1");
		for (size_t k = 0; k < sizeof columns / sizeof columns[0];
		    k++) {
			char oid[64];

			snprintf(oid, sizeof oid, PRT "%s.1.1", columns[k]);
			number(oid, odd[i]);
		}
		look();
		assert_string_equal(item("input.1.size"), "-");
		assert_string_equal(item("media-sizes"), "-");
		assert_string_equal(item("counter.impressions"), "-");
		if (odd[i] <= 0 && odd[i] != -2 && odd[i] != -3)
			assert_true(items_get(&said, "supply.1.level") ==
			    NULL || odd[i] == 0);
		assert_string_equal(item("supply.1.percent"), odd[i] ==
		    INT32_MAX ? "100" : "-2");
		end();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(what_sizes_are_called),
		UNIT_RUN(paper_of_each_tray),
		UNIT_RUN(what_only_a_vendors_own_objects_say),
		UNIT_RUN(colour_and_black_as_vendors_count_them),
		UNIT_RUN(numbers_with_tags),
		UNIT_RUN(two_markers_do_not_mark_a_side_twice),
		UNIT_RUN(an_index_that_differs_between_the_tables),
		UNIT_RUN(networks_of_the_newer_tables),
		UNIT_RUN(how_it_marks_when_no_marker_says_so),
		UNIT_RUN(texts_that_are_odd),
		UNIT_RUN(panels_that_are_cut_within_a_character),
		UNIT_RUN(what_stands_behind_a_model),
		UNIT_RUN(a_device_id_where_an_identifier_should_be),
		UNIT_RUN(numbers_that_are_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
