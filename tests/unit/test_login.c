/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who may in: the answers, and what they cost whoever guesses. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/card.h"
#include "releaserd/core/store_guest.h"
#include "tests/unit/core_stubs.h"
#include "tests/unit/store_fixture.h"

static struct request rq;
static struct asker asker;
static struct device device;

static int
open_login(void **state)
{
	memset(&rq, 0, sizeof rq);
	memset(&asker, 0, sizeof asker);
	memset(&device, 0, sizeof device);
	memcpy(device.id, "D-1", 4);
	return stub_open(state);
}
#define LOGIN(name) \
	cmocka_unit_test_setup_teardown(name, open_login, stub_close)

static void
set(enum req_field id, const char *value)
{
	rq.f[id].set = value != NULL;
	rq.f[id].str = value;
}

/* A user; password and PIN of the card are verifiers, "" for none. */
static void
add_user(int64_t id, const char *name, const char *card_pin, bool disabled)
{
	struct user u;

	memset(&u, 0, sizeof u);
	u.id = id;
	snprintf(u.key, sizeof u.key, "%s", name);
	snprintf(u.name, sizeof u.name, "%s", name);
	snprintf(u.password, sizeof u.password, "pw-of-%s", name);
	snprintf(u.card_pin, sizeof u.card_pin, "%s", card_pin);
	u.disabled = disabled;
	u.has_idnum = true;
	assert_true(idnum_mac(stub_core, u.idnum_mac, "4711"));
	u.idnum_mac[0] ^= (uint8_t)(id - 1);
	fixture_begin();
	assert_int_equal(0, store_user_add(st, &u));
	fixture_commit();
}

static void
add_card(int64_t id, int64_t user, const char *number)
{
	struct card c = { .id = id, .user_id = user };

	assert_true(card_mac(stub_core, c.mac, c.tail, number, "hex"));
	fixture_begin();
	assert_int_equal(0, store_card_add(st, &c));
	fixture_commit();
}

/* One log-in; the agent, if it is asked, says this. */
static const char *
try(const char *method, int right)
{
	int asked = stub_asked, answers = stub_answers;

	set(F_METHOD, method);
	login(stub_core, &rq, &asker, &device);
	if (stub_asked > asked)
		stub_agent(right);
	stub_commit();
	assert_int_equal(answers + 1, stub_answers);
	return stub_said;
}

static const char *
by_password(const char *name, int right)
{
	set(F_USER, name);
	set(F_PASSWORD, "secret");
	return try("password", right);
}

static const char *
by_card(const char *number, const char *pin, int right)
{
	set(F_VALUE, number);
	set(F_ENCODING, "hex");
	set(F_PIN, pin);
	return try("card", right);
}

UNIT(the_right_password)
{
	add_user(1, "anna", "", false);
	assert_string_equal("ok", by_password("anna", 1));
	assert_string_equal("pw-of-anna", stub_verifier);
	assert_string_equal("ok", by_password("EXAMPLE\\ANNA", 1));
	assert_string_equal("ok", by_password("Anna@example.org", 1));
}

UNIT(nobody_can_tell_a_wrong_name_from_a_wrong_password)
{
	add_user(1, "anna", "", false);
	assert_string_equal("denied:bad-credential", by_password("anna", 0));
	assert_int_equal(1, stub_asked);
	assert_string_equal("denied:bad-credential", by_password("ivan", 0));
	assert_int_equal(2, stub_asked);	/* the same hash is made */
	assert_string_equal("nobody", stub_verifier);
	/* Even if the agent says yes to a name that nobody has. */
	assert_string_equal("denied:bad-credential", by_password("ivan", 1));
}

UNIT(three_failures_lock_out_names_that_are_and_that_are_not)
{
	static const char *const names[] = { "anna", "ivan" };

	add_user(1, "anna", "", false);
	for (size_t i = 0; i < 2; i++) {
		for (int k = 0; k < 3; k++)
			assert_string_equal("denied:bad-credential",
			    by_password(names[i], 0));
		assert_string_equal("denied:locked-out",
		    by_password(names[i], 1));
	}
	/* Without asking the agent: guessing is cheap to refuse. */
	assert_int_equal(6, stub_asked);
	fixture_reopen();
	stub_core->st = st;
	assert_string_equal("denied:locked-out", by_password("anna", 1));
}

UNIT(a_lockout_ends_and_a_success_clears)
{
	struct lockout l = { .fails = 2 };

	add_user(1, "anna", "", false);
	l.until_ms = rel_now_ms() - 1;
	l.first_ms = rel_now_ms() - 1000;
	fixture_begin();
	assert_int_equal(0, store_lockout_set(st, "u:anna", &l));
	fixture_commit();
	assert_string_equal("ok", by_password("anna", 1));
	assert_int_equal(0, store_lockout_get(st, "u:anna", &l));
	assert_int_equal(0, l.fails);
	assert_string_equal("denied:bad-credential", by_password("anna", 0));
	assert_string_equal("denied:bad-credential", by_password("anna", 0));
	assert_string_equal("ok", by_password("anna", 1));
}

UNIT(guesses_that_began_before_the_lockout_do_not_get_in)
{
	struct lockout l = { .until_ms = rel_now_ms() + 60000 }, now;

	add_user(1, "anna", "", false);
	for (int right = 0; right < 2; right++) {
		set(F_USER, "anna");
		set(F_PASSWORD, "secret");
		set(F_METHOD, "password");
		login(stub_core, &rq, &asker, &device);
		fixture_begin();
		assert_int_equal(0, store_lockout_set(st, "u:anna", &l));
		fixture_commit();
		stub_agent(right);
		stub_commit();
		assert_string_equal("denied:locked-out", stub_said);
		assert_int_equal(0, store_lockout_get(st, "u:anna", &now));
		assert_int_equal(0, now.fails);
		fixture_begin();
		assert_int_equal(0, store_lockout_set(st, "u:anna",
		    &(struct lockout){ 0 }));
		fixture_commit();
	}
}

UNIT(old_failures_do_not_count)
{
	struct lockout l = { .fails = 2 };

	add_user(1, "anna", "", false);
	l.first_ms = rel_now_ms() - stub_core->role->set.login_window_ms -
	    1000;
	fixture_begin();
	assert_int_equal(0, store_lockout_set(st, "u:anna", &l));
	fixture_commit();
	assert_string_equal("denied:bad-credential", by_password("anna", 0));
	assert_int_equal(0, lockout_state(stub_core, "u:anna"));
}

UNIT(what_is_no_name_or_no_password)
{
	add_user(1, "anna", "", false);
	assert_string_equal("denied:bad-credential", by_password(NULL, 1));
	assert_string_equal("denied:bad-credential", by_password("", 1));
	assert_string_equal("denied:bad-credential", by_password("\xff", 1));
	set(F_USER, "anna");
	set(F_PASSWORD, "");
	assert_string_equal("denied:bad-credential", try("password", 1));
	assert_int_equal(0, stub_asked);
	assert_string_equal("problem:bad-request", try("retina", 1));
	assert_string_equal("problem:bad-request", try(NULL, 1));
}

UNIT(a_closed_account)
{
	add_user(1, "anna", "", true);
	add_card(10, 1, "04a1b2c3");
	/* Only who knows the password is told that the account is closed. */
	assert_string_equal("denied:account-closed", by_password("anna", 1));
	assert_string_equal("denied:bad-credential", by_password("anna", 0));
	assert_string_equal("denied:account-closed",
	    by_card("04a1b2c3", NULL, 1));
}

UNIT(an_agent_that_dies_is_nobodys_fault)
{
	add_user(1, "anna", "", false);
	for (int i = 0; i < 5; i++)
		assert_string_equal("problem:backend-unavailable",
		    by_password("anna", -1));
	assert_string_equal("ok", by_password("anna", 1));
}

UNIT(a_card_is_enough_where_it_has_no_pin)
{
	add_user(1, "anna", "", false);
	add_card(10, 1, "04a1b2c3");
	assert_string_equal("ok", by_card("04A1B2C3", NULL, 1));
	assert_int_equal(0, stub_asked);
	assert_string_equal("denied:card-unknown",
	    by_card("04a1b2c4", NULL, 1));
	assert_string_equal("denied:bad-credential", by_card("xyz", NULL, 1));
	assert_string_equal("denied:bad-credential", by_card(NULL, NULL, 1));
}

/* A keyboard does not say whether digits are hex or text. */
UNIT(a_card_that_is_typed)
{
	struct card c = { .id = 10, .user_id = 1 };

	add_user(1, "anna", "", false);
	assert_true(card_mac(stub_core, c.mac, c.tail, "12345678", "ascii"));
	fixture_begin();
	assert_int_equal(0, store_card_add(st, &c));
	fixture_commit();
	add_card(11, 1, "04a1b2c3");
	assert_string_equal("denied:card-unknown",
	    by_card("12345678", NULL, 1));
	rq.html = true;
	assert_string_equal("ok", by_card("12345678", NULL, 1));
	assert_string_equal("ok", by_card("04A1B2C3", NULL, 1));
	assert_string_equal("denied:card-unknown",
	    by_card("12345679", NULL, 1));
}

UNIT(a_card_with_a_pin)
{
	add_user(1, "anna", "pin-of-anna", false);
	add_card(10, 1, "04a1b2c3");
	assert_string_equal("denied:pin-needed", by_card("04a1b2c3", NULL, 1));
	assert_string_equal("denied:pin-needed", by_card("04a1b2c3", "", 1));
	assert_string_equal("ok", by_card("04a1b2c3", "12345", 1));
	assert_string_equal("pin-of-anna", stub_verifier);
	for (int i = 0; i < 3; i++)
		assert_string_equal("denied:bad-credential",
		    by_card("04a1b2c3", "99999", 0));
	assert_string_equal("denied:locked-out",
	    by_card("04a1b2c3", "12345", 1));
	/* And by no other way either. */
	assert_string_equal("denied:locked-out", by_password("anna", 1));
}

UNIT(id_numbers_lock_the_device_that_guesses)
{
	add_user(1, "anna", "", false);
	set(F_VALUE, "4711");
	assert_string_equal("ok", try("id-number", 1));
	set(F_VALUE, "4712");
	for (int i = 0; i < 3; i++)
		assert_string_equal("denied:bad-credential",
		    try("id-number", 1));
	set(F_VALUE, "4711");
	assert_string_equal("denied:locked-out", try("id-number", 1));
	memcpy(device.id, "D-2", 4);
	assert_string_equal("ok", try("id-number", 1));
}

/* A code of anna's, good for so long. */
static void
add_code(char text[CODE_TEXT], int64_t ms)
{
	uint8_t mac[32];

	code_new(stub_core, text, mac);
	fixture_begin();
	assert_int_equal(0, store_code_set(st, 1, mac, rel_now_ms() + ms, ""));
	fixture_commit();
}

UNIT(a_one_time_code_opens_once)
{
	char first[CODE_TEXT], text[CODE_TEXT], typed[20];

	add_user(1, "anna", "", false);
	add_code(first, 60000);
	add_code(text, 60000);
	assert_int_equal(11, strlen(text));
	assert_int_equal('-', text[5]);
	/* One live code a person: the newer one. */
	set(F_VALUE, first);
	assert_string_equal("denied:bad-credential", try("qr", 1));
	/* As people type it. */
	snprintf(typed, sizeof typed, " %.5s %.5s", text, text + 6);
	for (char *s = typed; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
	set(F_VALUE, typed);
	assert_string_equal("ok", try("qr", 1));
	assert_string_equal("denied:bad-credential", try("qr", 1));
	assert_int_equal(0, stub_asked);
}

UNIT(codes_that_are_none)
{
	static const char *const wrong[] = { NULL, "", "AAAAA-AAAAA",
	    "AAAAA-AAAA", "AAAAA-AAAAAA", "AAAAA-AAAAU", "\xc3\xa4" };
	char text[CODE_TEXT];

	add_user(1, "anna", "", false);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		memcpy(device.id, "D-1", 4);
		device.id[2] = (char)('1' + i);
		set(F_VALUE, wrong[i]);
		assert_string_equal("denied:bad-credential", try("qr", 1));
	}
	add_code(text, -1);		/* its time is over */
	set(F_VALUE, text);
	assert_string_equal("denied:bad-credential", try("qr", 1));
}

UNIT(wrong_codes_lock_the_device_that_guesses)
{
	char text[CODE_TEXT];

	add_user(1, "anna", "", false);
	add_code(text, 60000);
	set(F_VALUE, "ZZZZZ-ZZZZZ");
	for (int i = 0; i < 3; i++)
		assert_string_equal("denied:bad-credential", try("qr", 1));
	set(F_VALUE, text);
	assert_string_equal("denied:locked-out", try("qr", 1));
	memcpy(device.id, "D-2", 4);
	assert_string_equal("ok", try("qr", 1));
}

UNIT(a_code_opens_no_closed_or_locked_account)
{
	struct lockout l = { .until_ms = rel_now_ms() + 60000 };
	char text[CODE_TEXT];

	add_user(1, "anna", "", true);
	add_code(text, 60000);
	set(F_VALUE, text);
	assert_string_equal("denied:account-closed", try("qr", 1));
	fixture_begin();
	assert_int_equal(0, store_lockout_set(st, "u:anna", &l));
	fixture_commit();
	assert_string_equal("denied:locked-out", try("qr", 1));
}

UNIT(a_pin_that_was_imported)
{
	char pin[200];

	import_pin(stub_core, 1, "12345", pin);
	add_user(1, "anna", pin, false);
	add_card(10, 1, "04a1b2c3");
	assert_string_equal("denied:pin-needed", by_card("04a1b2c3", NULL, 1));
	assert_string_equal("ok", by_card("04a1b2c3", "12345", 0));
	for (int i = 0; i < 3; i++)
		assert_string_equal("denied:bad-credential",
		    by_card("04a1b2c3", "12346", 1));
	assert_string_equal("denied:locked-out",
	    by_card("04a1b2c3", "12345", 1));
	assert_int_equal(0, stub_asked);
}

static bool
count_clash(const struct card_clash *k, void *ctx)
{
	assert_string_equal("anna", k->card.user);
	assert_string_equal("otto", k->wants);
	++*(int *)ctx;
	return true;
}

static int
clashes(void)
{
	int n = 0;

	assert_true(store_card_clashes(st, 10, count_clash, &n) >= 0);
	return n;
}

UNIT(a_card_is_registered_by_its_owner)
{
	add_user(1, "anna", "", false);
	set(F_USER, "anna");
	set(F_PASSWORD, "secret");
	set(F_CARD_VALUE, "04a1b2c3");
	login_register_card(stub_core, &rq, &asker, &device);
	stub_agent(0);
	stub_commit();
	assert_string_equal("denied:bad-credential", stub_said);
	assert_string_equal("denied:card-unknown",
	    by_card("04a1b2c3", NULL, 1));
	login_register_card(stub_core, &rq, &asker, &device);
	stub_agent(1);
	stub_commit();
	assert_string_equal("ok", stub_said);
	assert_string_equal("ok", by_card("04a1b2c3", NULL, 1));
	/* Once more: it is theirs. */
	login_register_card(stub_core, &rq, &asker, &device);
	stub_agent(1);
	stub_commit();
	assert_string_equal("ok", stub_said);
	assert_int_equal(0, clashes());
	/* Somebody else: told so, and kept for the help desk, once. */
	add_user(2, "otto", "", false);
	set(F_USER, "otto");
	for (int i = 0; i < 2; i++) {
		login_register_card(stub_core, &rq, &asker, &device);
		stub_agent(1);
		stub_commit();
		assert_string_equal("denied:card-in-use", stub_said);
		assert_int_equal(1, clashes());
	}
}

static void
set_rule(const struct card_rule *r)
{
	fixture_begin();
	assert_int_equal(0, store_card_rule_set(st, r));
	fixture_commit();
	cards_changed(stub_core);
}

UNIT(a_card_is_known_by_its_former_number_until_it_is_held_up)
{
	struct card_rule r = { .of = "server", .by = "root" };

	add_user(1, "anna", "", false);
	add_card(10, 1, "00d507d0");
	r.format.kind = REL_CARD_DECIMAL;
	set_rule(&r);
	assert_string_equal("denied:card-unknown",
	    by_card("00d507d0", NULL, 1));
	r.has_was = true;
	set_rule(&r);
	assert_string_equal("ok", by_card("00d507d0", NULL, 1));
	r.has_was = false;
	set_rule(&r);
	assert_string_equal("ok", by_card("00d507d0", NULL, 1));
}

UNIT(two_cards_with_one_new_number_open_nothing)
{
	struct card_rule r = { .of = "server", .by = "root", .has_was = true,
	    .format = { .kind = REL_CARD_HEX, .start = 5 } };

	add_user(1, "anna", "", false);
	add_user(2, "otto", "", false);
	add_card(10, 1, "0102AAAA");
	add_card(11, 2, "0304AAAA");
	set_rule(&r);
	assert_string_equal("ok", by_card("0102AAAA", NULL, 1));
	assert_string_equal("denied:card-in-use", by_card("0304AAAA", NULL, 1));
	assert_string_equal("ok", by_card("0102AAAA", NULL, 1));
	/* Another one that nobody has would be anna's: that is what they get. */
	r.has_was = false;
	set_rule(&r);
	assert_string_equal("ok", by_card("0506AAAA", NULL, 1));
}

UNIT(people_register_cards_of_a_range)
{
	snprintf(stub_core->role->set.card_ranges,
	    sizeof stub_core->role->set.card_ranges, "05000000-05FFFFFF");
	add_user(1, "anna", "", false);
	set(F_USER, "anna");
	set(F_PASSWORD, "secret");
	set(F_CARD_VALUE, "04a1b2c3");
	login_register_card(stub_core, &rq, &asker, &device);
	assert_string_equal("denied:card-range", stub_said);
	set(F_CARD_VALUE, "05a1b2c3");
	login_register_card(stub_core, &rq, &asker, &device);
	stub_agent(1);
	stub_commit();
	assert_string_equal("ok", stub_said);
}

UNIT(a_guests_code_is_good_many_times_and_proves_a_guest)
{
	struct guest g = { .user_id = 1, .host = "root", .from_ms = 1,
	    .until_ms = rel_now_ms() + 60000, .state = GUEST_OPEN };
	char text[CODE_TEXT];

	add_user(1, "guest-7kq4m", "", false);
	code_new(stub_core, text, g.code_mac);
	fixture_begin();
	assert_int_equal(0, store_guest_set(st, &g));
	fixture_commit();
	set(F_VALUE, text);
	for (int i = 0; i < 2; i++)
		assert_string_equal("ok", try("qr", 1));
	g.until_ms = rel_now_ms();
	fixture_begin();
	assert_int_equal(0, store_guest_set(st, &g));
	fixture_commit();
	assert_string_equal("denied:bad-credential", try("qr", 1));
}

UNIT(cards_are_limited_and_may_be_left_to_the_help_desk)
{
	add_user(1, "anna", "", false);
	add_card(10, 1, "0401");
	add_card(11, 1, "0402");
	set(F_USER, "anna");
	set(F_PASSWORD, "secret");
	set(F_CARD_VALUE, "0403");
	login_register_card(stub_core, &rq, &asker, &device);
	stub_agent(1);
	stub_commit();
	assert_string_equal("denied:card-limit", stub_said);
	stub_core->role->set.register_unknown_cards = 0;
	login_register_card(stub_core, &rq, &asker, &device);
	assert_string_equal("problem:forbidden", stub_said);
}

/* ---- what a template asks for */

/* A template of the panel: "card\ninternal\n". */
static void
panel_asks(bool all, const char *blocks, const char *groups)
{
	struct template_row r = { .id = 90, .key = "t", .name = "T",
	    .all = all };

	snprintf(r.blocks, sizeof r.blocks, "%s", blocks);
	snprintf(r.groups, sizeof r.groups, "%s", groups);
	fixture_begin();
	assert_int_equal(0, store_template_set(st, &r));
	templates_changed(stub_core);
	stub_commit();
	stub_template = 90;
}

static void
step(void)
{
	static char id[37];

	memcpy(id, stub_ask.step, sizeof id);
	set(F_STEP, id);
}

static void
one_more(const struct audit *a, void *ctx)
{
	(void)a;
	(void)ctx;
}

static unsigned
count_audited(const char *what)
{
	struct audit_filter f = { .what = what, .limit = 100 };

	return (unsigned)store_audit_list(st, &f, one_more, NULL);
}

UNIT(any_of_a_template_offers_and_takes_only_its_blocks)
{
	panel_asks(false, "card\nid-number\n", "");
	add_user(1, "anna", "", false);
	add_card(10, 1, "04a1b2c3");
	assert_string_equal("denied:not-allowed-here", by_password("anna", 1));
	assert_int_equal(0, stub_asked);
	assert_int_equal(BLOCK_BIT(BLOCK_CARD) | BLOCK_BIT(BLOCK_ID_NUMBER),
	    stub_ask.kinds);
	assert_string_equal("ok", by_card("04a1b2c3", NULL, 1));
	set(F_VALUE, "4711");
	assert_string_equal("ok", try("id-number", 1));
}

UNIT(all_of_a_template_is_asked_in_order)
{
	panel_asks(true, "card\ninternal\n", "");
	add_user(1, "anna", "", false);
	add_card(10, 1, "04a1b2c3");
	assert_string_equal("denied:not-allowed-here", by_password("anna", 1));
	assert_string_equal("denied:more-needed",
	    by_card("04a1b2c3", NULL, 1));
	assert_int_equal(BLOCK_BIT(BLOCK_INTERNAL), stub_ask.kinds);
	assert_true(stub_ask.known);
	assert_null(session_find(stub_core, stub_ask.step, "D-1"));
	step();
	/* Without the step it is a log-in of its own, and begins anew. */
	stub_ask.step[0] = '\0';
	rq.f[F_STEP].set = false;
	assert_string_equal("denied:not-allowed-here", by_password("anna", 1));
	rq.f[F_STEP].set = true;
	assert_string_equal("denied:not-allowed-here",
	    by_card("04a1b2c3", NULL, 1));
	assert_string_equal("ok", by_password(NULL, 1));
	assert_string_equal("pw-of-anna", stub_verifier);
	/* The step is over, and cannot be gone on with. */
	assert_string_equal("denied:step-over", by_password(NULL, 1));
}

UNIT(a_wrong_second_step_counts_and_the_step_stays)
{
	panel_asks(true, "card\ninternal\n", "");
	add_user(1, "anna", "", false);
	add_card(10, 1, "04a1b2c3");
	(void)by_card("04a1b2c3", NULL, 1);
	step();
	for (int i = 0; i < 2; i++)
		assert_string_equal("denied:bad-credential",
		    by_password(NULL, 0));
	assert_int_equal(BLOCK_BIT(BLOCK_INTERNAL), stub_ask.kinds);
	assert_string_equal("ok", by_password(NULL, 1));
	set(F_STEP, NULL);
	(void)by_card("04a1b2c3", NULL, 1);
	step();
	for (int i = 0; i < 3; i++)
		assert_string_equal("denied:bad-credential",
		    by_password(NULL, 0));
	assert_string_equal("denied:locked-out", by_password(NULL, 1));
}

UNIT(another_persons_second_step_is_a_wrong_one)
{
	panel_asks(true, "card\ninternal\n", "");
	add_user(1, "anna", "", false);
	add_user(2, "ivan", "", false);
	add_card(10, 1, "04a1b2c3");
	add_card(11, 2, "04a1b2c4");
	(void)by_card("04a1b2c3", NULL, 1);
	step();
	assert_string_equal("denied:bad-credential", by_password("ivan", 1));
	assert_int_equal(1, count_audited("login-other-person"));
	assert_string_equal("denied:bad-credential", by_password("ivan", 1));
	/* It counted, though the password was right. */
	assert_string_equal("denied:bad-credential", by_password("ivan", 1));
	assert_true(lockout_state(stub_core, "u:ivan") > 0);
	assert_string_equal("ok", by_password("anna", 1));
	panel_asks(true, "internal\ncard\n", "");
	set(F_STEP, NULL);
	assert_string_equal("denied:more-needed", by_password("anna", 1));
	step();
	assert_string_equal("denied:locked-out",
	    by_card("04a1b2c4", NULL, 1));
	assert_string_equal("ok", by_card("04a1b2c3", NULL, 1));
}

UNIT(a_step_belongs_to_its_device_and_ends)
{
	panel_asks(true, "card\ninternal\n", "");
	add_user(1, "anna", "", false);
	add_card(10, 1, "04a1b2c3");
	(void)by_card("04a1b2c3", NULL, 1);
	step();
	memcpy(device.id, "D-2", 4);
	assert_string_equal("denied:step-over", by_password(NULL, 1));
	memcpy(device.id, "D-1", 4);
	stub_core->role->set.panel_timeout_ms = -100000;
	assert_string_equal("denied:step-over", by_password(NULL, 1));
}

/* Two panels at once, one after the other at each of them. */
UNIT(two_panels_do_not_mix_their_steps)
{
	char first[37];

	panel_asks(true, "card\ninternal\n", "");
	add_user(1, "anna", "", false);
	add_user(2, "ivan", "", false);
	add_card(10, 1, "04a1b2c3");
	add_card(11, 2, "04a1b2c4");
	(void)by_card("04a1b2c3", NULL, 1);
	memcpy(first, stub_ask.step, sizeof first);
	memcpy(device.id, "D-2", 4);
	(void)by_card("04a1b2c4", NULL, 1);
	step();
	assert_string_equal("ok", by_password(NULL, 1));
	assert_string_equal("pw-of-ivan", stub_verifier);
	memcpy(device.id, "D-1", 4);
	set(F_STEP, first);
	assert_string_equal("ok", by_password(NULL, 1));
	assert_string_equal("pw-of-anna", stub_verifier);
}

UNIT(who_is_in_no_group_of_the_template_does_not_pass)
{
	panel_asks(false, "internal\n", "staff\n");
	add_user(1, "anna", "", false);
	assert_string_equal("denied:not-allowed-here", by_password("anna", 1));
	assert_string_equal("denied:bad-credential", by_password("anna", 0));
	assert_int_equal(1, count_audited("login-not-allowed"));
}

static void
device_secret(const char *device_id, int kind, const char *verifier)
{
	struct device_secret s = { .kind = kind };

	snprintf(s.device, sizeof s.device, "%s", device_id);
	snprintf(s.verifier, sizeof s.verifier, "%s", verifier);
	fixture_begin();
	assert_int_equal(0, store_secret_set(st, &s));
	fixture_commit();
}

UNIT(the_pin_of_a_device_says_nothing_of_anybody)
{
	set(F_VALUE, "271828");
	assert_string_equal("denied:not-allowed-here", try("device-pin", 1));
	panel_asks(false, "device-pin\n", "");
	/* None is set: the same hash, and never right. */
	assert_string_equal("denied:bad-credential", try("device-pin", 1));
	assert_string_equal("nobody", stub_verifier);
	device_secret("", BLOCK_DEVICE_PIN, "pin-of-all");
	assert_string_equal("ok", try("device-pin", 1));
	assert_string_equal("pin-of-all", stub_verifier);
	device_secret("D-1", BLOCK_DEVICE_PIN, "pin-of-D-1");
	assert_string_equal("ok", try("device-pin", 1));
	assert_string_equal("pin-of-D-1", stub_verifier);
	for (int i = 0; i < 2; i++)
		assert_string_equal("denied:bad-credential",
		    try("device-pin", 0));
	assert_string_equal("denied:locked-out", try("device-pin", 1));
	memcpy(device.id, "D-2", 4);
	assert_string_equal("ok", try("device-pin", 1));
}

UNIT(a_device_and_then_a_person)
{
	panel_asks(true, "device-password\ninternal\n", "");
	device_secret("", BLOCK_DEVICE_PASSWORD, "of-all");
	add_user(1, "anna", "", false);
	set(F_VALUE, "hall");
	assert_string_equal("denied:more-needed", try("device-password", 1));
	assert_false(stub_ask.known);
	step();
	assert_string_equal("denied:bad-credential", by_password(NULL, 1));
	assert_string_equal("ok", by_password("anna", 1));
}

UNIT(more_is_proven_by_who_is_logged_in)
{
	struct session *s;
	char id[37];

	add_user(1, "anna", "", false);
	add_user(2, "ivan", "", false);
	add_card(10, 1, "04a1b2c3");
	panel_asks(false, "internal\n", "");
	stub_template = 0;
	s = session_open(stub_core, "D-1", &(struct user){ .id = 1,
	    .name = "anna" }, "card", "en");
	memcpy(id, s->id, sizeof id);
	set(F_SESSION_ID, id);
	set(F_TEMPLATE, "T");
	assert_string_equal("denied:not-allowed-here",
	    by_card("04a1b2c3", NULL, 1));
	assert_string_equal("T", stub_ask.template);
	assert_string_equal("denied:bad-credential", by_password("ivan", 1));
	assert_string_equal("denied:bad-credential", by_password(NULL, 0));
	assert_non_null(session_find(stub_core, id, "D-1"));
	assert_int_equal(TEMPLATE_MORE, template_answer(stub_core, 90, s,
	    NULL));
	assert_string_equal("ok", by_password(NULL, 1));
	assert_ptr_equal(s, session_find(stub_core, id, "D-1"));
	assert_int_equal(TEMPLATE_OPEN, template_answer(stub_core, 90, s,
	    NULL));
	set(F_SESSION_ID, "nobody");
	assert_string_equal("denied:step-over", by_password(NULL, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LOGIN(the_right_password),
		LOGIN(nobody_can_tell_a_wrong_name_from_a_wrong_password),
		LOGIN(three_failures_lock_out_names_that_are_and_that_are_not),
		LOGIN(a_lockout_ends_and_a_success_clears),
		LOGIN(guesses_that_began_before_the_lockout_do_not_get_in),
		LOGIN(old_failures_do_not_count),
		LOGIN(what_is_no_name_or_no_password),
		LOGIN(a_closed_account),
		LOGIN(an_agent_that_dies_is_nobodys_fault),
		LOGIN(a_card_is_enough_where_it_has_no_pin),
		LOGIN(a_card_that_is_typed),
		LOGIN(a_card_with_a_pin),
		LOGIN(id_numbers_lock_the_device_that_guesses),
		LOGIN(a_one_time_code_opens_once),
		LOGIN(codes_that_are_none),
		LOGIN(wrong_codes_lock_the_device_that_guesses),
		LOGIN(a_code_opens_no_closed_or_locked_account),
		LOGIN(a_pin_that_was_imported),
		LOGIN(a_card_is_registered_by_its_owner),
		LOGIN(a_card_is_known_by_its_former_number_until_it_is_held_up),
		LOGIN(two_cards_with_one_new_number_open_nothing),
		LOGIN(people_register_cards_of_a_range),
		LOGIN(a_guests_code_is_good_many_times_and_proves_a_guest),
		LOGIN(cards_are_limited_and_may_be_left_to_the_help_desk),
		LOGIN(any_of_a_template_offers_and_takes_only_its_blocks),
		LOGIN(all_of_a_template_is_asked_in_order),
		LOGIN(a_wrong_second_step_counts_and_the_step_stays),
		LOGIN(another_persons_second_step_is_a_wrong_one),
		LOGIN(a_step_belongs_to_its_device_and_ends),
		LOGIN(two_panels_do_not_mix_their_steps),
		LOGIN(who_is_in_no_group_of_the_template_does_not_pass),
		LOGIN(the_pin_of_a_device_says_nothing_of_anybody),
		LOGIN(a_device_and_then_a_person),
		LOGIN(more_is_proven_by_who_is_logged_in)
	};

	return cmocka_run_group_tests_name("login", tests, NULL, NULL);
}
