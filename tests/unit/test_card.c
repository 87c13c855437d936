/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Which rule a device's card numbers are made by, and what it is told. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/card.h"
#include "tests/unit/core_whole.h"

static struct device device;

static void
rule(const char *group, const struct device *d, const char *format,
    const char *was)
{
	struct card_rule r = { .by = "root" };
	struct rel_err err;

	card_rule_key(r.of, d, group);
	assert_int_equal(0, rel_card_format_read(&r.format, format, &err));
	r.has_was = was != NULL;
	if (was != NULL)
		assert_int_equal(0, rel_card_format_read(&r.was, was, &err));
	if (d != NULL)
		memcpy(r.usb, "09d8:0410", 10);
	whole_write();
	assert_int_equal(0, store_card_rule_set(whole->st, &r));
	whole_turns();
	cards_changed(whole);
}

static enum rel_card_kind
kind(void)
{
	return card_rule_of(whole, &device)->format.kind;
}

static void
set_up(const char *groups)
{
	memset(&device, 0, sizeof device);
	snprintf(device.id, sizeof device.id, "D-1");
	snprintf(device.groups, sizeof device.groups, "%s", groups);
}

static void
device_before_group_before_server(void **state)
{
	struct device *d = &device;

	(void)state;
	set_up("colour, 2nd Floor,ÄRZTE");
	assert_int_equal(REL_CARD_HEX, kind());
	rule(NULL, NULL, "decimal", NULL);
	assert_int_equal(REL_CARD_DECIMAL, kind());
	assert_int_equal(REL_CARD_DECIMAL,
	    card_rule_of(whole, NULL)->format.kind);
	rule("ärzte", NULL, "uid", NULL);
	assert_int_equal(REL_CARD_UID, kind());
	rule("2ND FLOOR", NULL, "card-24", NULL);
	assert_int_equal(REL_CARD_CARD_24, kind());
	rule(NULL, d, "wiegand-26", NULL);
	assert_int_equal(REL_CARD_WIEGAND_26, kind());
	whole_restart();
	assert_int_equal(REL_CARD_WIEGAND_26, kind());
	whole_write();
	assert_int_equal(0, store_card_rule_del(whole->st, "device:D-1"));
	whole_turns();
	cards_changed(whole);
	assert_int_equal(REL_CARD_CARD_24, kind());
	set_up("");
	assert_int_equal(REL_CARD_DECIMAL, kind());
}

static const char *
told(const char *key)
{
	static char out[64];
	json_t *config = card_config(whole, &device);
	const json_t *v = json_object_get(config, key);

	if (json_is_integer(v))
		snprintf(out, sizeof out, "%d", (int)json_integer_value(v));
	else
		snprintf(out, sizeof out, "%s", json_string_value(v));
	json_decref(config);
	return out;
}

static void
a_device_is_told_its_rule(void **state)
{
	(void)state;
	set_up("");
	assert_string_equal("hex", told("format"));
	assert_string_equal("0000", told("usb_vid"));
	assert_string_equal("1", told("start"));
	assert_string_equal("logout", told("second_swipe"));
	rule(NULL, &device, "wiegand-26 reverse=bits start=4 length=5", NULL);
	assert_string_equal("wiegand-26", told("format"));
	assert_string_equal("bits", told("reverse"));
	assert_string_equal("4", told("start"));
	assert_string_equal("5", told("length"));
	assert_string_equal("09d8", told("usb_vid"));
	assert_string_equal("0410", told("usb_pid"));
	/* Cards are known by another number yet: as it is read, please. */
	rule(NULL, &device, "wiegand-26 reverse=bits start=4 length=5", "hex");
	assert_string_equal("hex", told("format"));
	assert_string_equal("none", told("reverse"));
	assert_string_equal("1", told("start"));
	assert_string_equal("0", told("length"));
	assert_string_equal("09d8", told("usb_vid"));
	whole->role->set.second_swipe = 2;
	assert_string_equal("switch", told("second_swipe"));
}

/* Is what is kept of both the same? */
static bool
same(const char *format, const char *a, const char *a_how, const char *b,
    const char *b_how)
{
	const struct card_read one = { a, a_how, false },
	    two = { b, b_how, false };
	struct card_known k, l;
	struct rel_err err;

	rule(NULL, NULL, format, NULL);
	assert_int_equal(0, card_know(whole, card_rule_of(whole, NULL), &one,
	    &k, &err));
	assert_int_equal(0, card_know(whole, card_rule_of(whole, NULL), &two,
	    &l, &err));
	return memcmp(k.mac, l.mac, sizeof k.mac) == 0;
}

static void
what_is_kept_is_of_the_number(void **state)
{
	(void)state;
	assert_true(same("hex", "00d507d0", "hex", "00D507D0", NULL));
	assert_true(same("hex", "00d507d0", "hex", "00D507D0", "number"));
	assert_false(same("hex", "12345678", "hex", "12345678", "ascii"));
	assert_true(same("hex-reversed", "01020304", "hex", "04030201", NULL));
	assert_true(same("hex start=4", "0102a304", "hex", "2A304", NULL));
	assert_true(same("decimal", "00D507D0", "hex", "13961168", NULL));
	assert_true(same("decimal", "00D507D0", "hex", "13961168", "number"));
	assert_false(same("decimal", "00D507D0", "hex", "13961168", "hex"));
	assert_true(same("ascii", ";4711=99?", "ascii", "4711", "number"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WHOLE(device_before_group_before_server),
		WHOLE(a_device_is_told_its_rule),
		WHOLE(what_is_kept_is_of_the_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
