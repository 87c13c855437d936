/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Users from a table, and back: what is changed, named, refused, undone. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/import.h"
#include "tests/unit/core_whole.h"

#define HEAD "name,display,mail,department,locale,disabled,card,id_number," \
	"card_pin\r\n"

static struct import im;

static int
run(const char *text, bool dry, bool delete_missing)
{
	char *csv = malloc(strlen(text) + 1);
	struct rel_err err;
	int rc;

	import_fini(&im);
	im.c = whole;
	im.delete_missing = delete_missing;
	assert_non_null(csv);
	memcpy(csv, text, strlen(text) + 1);
	assert_int_equal(0, core_write(whole, &err));
	rc = import_run(&im, csv, strlen(text), dry);
	whole_commit();
	free(csv);
	return rc;
}

static int
undo(void)
{
	struct rel_err err;
	int rc;

	import_fini(&im);
	im.c = whole;
	assert_int_equal(0, core_write(whole, &err));
	rc = import_undo(&im);
	whole_commit();
	return rc;
}

static int
close_import(void **state)
{
	import_fini(&im);
	return whole_close(state);
}
#define IMPORT(name) \
	cmocka_unit_test_setup_teardown(name, whole_open, close_import)

/* new, changed, unchanged, deleted, problems */
static void
counts(unsigned fresh, unsigned changed, unsigned unchanged, unsigned deleted,
    unsigned problems)
{
	if (problems == 0 && im.nproblems > 0) {
		char *s = json_dumps(im.problems, 0);

		fail_msg("problems: %s", s);
	}
	assert_int_equal(fresh, im.fresh);
	assert_int_equal(changed, im.changed);
	assert_int_equal(unchanged, im.unchanged);
	assert_int_equal(deleted, im.deleted);
	assert_int_equal(problems, im.nproblems);
}

/* The nth problem is on this line, in this field. */
static void
problem(size_t n, int line, const char *field)
{
	const json_t *p = json_array_get(im.problems, n);

	assert_int_equal(line, json_integer_value(json_object_get(p,
	    "line")));
	assert_string_equal(field, json_string_value(json_object_get(p,
	    "field")));
	assert_true(strlen(json_string_value(json_object_get(p, "text"))) >
	    5);
}

static bool
there(const char *key)
{
	struct user u;

	return store_user_get(whole->st, key, &u) == 0;
}

/* Whose card, whose number is it? "" nobody's. */
static const char *
card_of(const char *number)
{
	static struct user u;
	uint8_t mac[32];

	assert_true(card_mac(whole, mac, NULL, number, NULL));
	return store_user_by_card(whole->st, mac, &u) == 0 ? u.key : "";
}

static const char *
number_of(const char *number)
{
	static struct user u;
	uint8_t mac[32];

	assert_true(idnum_mac(whole, mac, number));
	return store_user_by_idnum(whole->st, mac, &u) == 0 ? u.key : "";
}

static const char two[] = HEAD
    "anna,Anna Ä,anna@example.org,Sales,de,no,04A1B2C3,4711,1234\r\n"
    "\"Otto\",\"Otto, \"\"the\"\" one\",,,,,,,\n";

UNIT(new_users_come_with_all_they_have)
{
	struct user u;
	char pin[200];

	assert_int_equal(0, run(two, false, false));
	counts(2, 0, 0, 0, 0);
	u = whole_account("anna");
	assert_string_equal("Anna Ä", u.display);
	assert_string_equal("anna@example.org", u.mail);
	assert_string_equal("Sales", u.department);
	assert_string_equal("de", u.locale);
	assert_int_equal(1, u.cards);
	assert_string_equal("anna", card_of("04a1b2c3"));
	assert_string_equal("anna", number_of("4711"));
	import_pin(whole, u.id, "1234", pin);
	assert_string_equal(pin, u.card_pin);
	assert_null(strstr(u.card_pin, "1234"));
	u = whole_account("otto");
	assert_string_equal("Otto", u.name);
	assert_string_equal("Otto, \"the\" one", u.display);
	assert_false(u.has_idnum);
	assert_string_equal("", u.card_pin);
	/* The same once more changes nothing. */
	assert_int_equal(0, run(two, false, false));
	counts(0, 0, 2, 0, 0);
}

UNIT(a_trial_changes_nothing_and_says_all)
{
	const json_t *p, *f;

	assert_int_equal(0, run(two, true, false));
	counts(2, 0, 0, 0, 0);
	assert_false(there("anna"));
	p = json_array_get(im.preview, 0);
	assert_string_equal("new", json_string_value(json_object_get(p,
	    "what")));
	assert_int_equal(2, json_integer_value(json_object_get(p, "line")));
	assert_int_equal(7, json_array_size(json_object_get(p, "fields")));
	/* A secret is never shown; of a card the last characters. */
	for (size_t i = 0; i < 7; i++) {
		f = json_array_get(json_object_get(p, "fields"), i);
		assert_null(strstr(json_string_value(json_object_get(f,
		    "to")), "4711"));
		assert_null(strstr(json_string_value(json_object_get(f,
		    "to")), "04A1"));
	}
	assert_int_equal(-REL_E_NOTFOUND, undo());
}

UNIT(columns_that_are_not_there_stay)
{
	struct user u;

	assert_int_equal(0, run(two, false, false));
	assert_int_equal(0, run("Department;NAME\nBuying;ANNA\n", false,
	    false));
	counts(0, 1, 0, 0, 0);
	u = whole_account("anna");
	assert_string_equal("Buying", u.department);
	assert_string_equal("Anna Ä", u.display);
	assert_int_equal(1, u.cards);
	assert_true(u.has_idnum);
	/* An empty cell empties a text, and leaves a secret. */
	assert_int_equal(0, run("name,department,id_number,card_pin,card\n"
	    "anna,,,,\n", false, false));
	u = whole_account("anna");
	assert_string_equal("", u.department);
	assert_true(u.has_idnum);
	assert_int_equal(1, u.cards);
	/* "-" takes it away; a tail as exported does nothing. */
	assert_int_equal(0, run("name,id_number,card_pin,card\n"
	    "anna,-,-,*B2C3\n", false, false));
	counts(0, 1, 0, 0, 0);
	u = whole_account("anna");
	assert_false(u.has_idnum);
	assert_string_equal("", u.card_pin);
	assert_int_equal(1, u.cards);
	assert_int_equal(0, run("name,card\nanna,- 0102\n", false, false));
	assert_string_equal("", card_of("04a1b2c3"));
	assert_string_equal("anna", card_of("0102"));
}

UNIT(one_problem_and_nothing_is_changed)
{
	assert_int_equal(0, run(two, false, false));
	assert_int_equal(0, run(HEAD
	    "berta,B,,,,,,,\n"
	    "anna,Other,,,,maybe,,12,x\n"
	    ",nobody,,,,,,,\n"
	    "carl,C,,,,,0102 0304 0506,,\n"
	    "dora,D\n"
	    "berta,again,,,,,,,\n", false, false));
	assert_int_equal(7, im.nproblems);
	problem(0, 3, "disabled");
	problem(1, 3, "id_number");
	problem(2, 3, "card_pin");
	problem(3, 4, "name");
	problem(4, 5, "card");
	problem(5, 6, "mail");
	problem(6, 7, "name");
	assert_false(there("berta"));
	assert_string_equal("Anna Ä", whole_account("anna").display);
	/* The undo of the import before is still there. */
	assert_int_equal(0, undo());
	assert_false(there("anna"));
}

UNIT(what_is_no_table)
{
	assert_int_equal(0, run("", false, false));
	problem(0, 1, "");
	assert_int_equal(0, run("name\n", false, true));
	problem(0, 1, "");
	assert_int_equal(0, run("display\nx\n", false, false));
	problem(0, 1, "name");
	assert_int_equal(0, run("name,colour,name\nx,y,z\n", false, false));
	assert_int_equal(2, im.nproblems);
	problem(0, 1, "colour");
	assert_int_equal(0, run("name\nanna\n\"otto\n", false, false));
	problem(0, 3, "");
	assert_false(there("anna"));
	assert_int_equal(0, run("name\nan\x01na\n", false, false));
	problem(0, 2, "name");
	assert_int_equal(0, run("name,display\nanna,a\tb\n", false, false));
	problem(0, 2, "display");
}

UNIT(numbers_and_cards_may_change_hands_in_one_table)
{
	assert_int_equal(0, run("name,id_number,card\nanna,1111,0101\n"
	    "otto,2222,0202\n", false, false));
	assert_int_equal(0, run("name,id_number,card\nanna,2222,0202\n"
	    "otto,1111,- 0303\n", false, false));
	counts(0, 2, 0, 0, 0);
	assert_string_equal("otto", number_of("1111"));
	assert_string_equal("anna", number_of("2222"));
	assert_string_equal("anna", card_of("0202"));
	assert_string_equal("otto", card_of("0303"));
	assert_int_equal(0, undo());
	assert_string_equal("anna", number_of("1111"));
	assert_string_equal("otto", number_of("2222"));
	assert_string_equal("otto", card_of("0202"));
	assert_string_equal("anna", card_of("0101"));
	assert_string_equal("", card_of("0303"));
}

UNIT(what_belongs_to_others_is_refused)
{
	assert_int_equal(0, run("name,id_number,card\nanna,1111,0101\n",
	    false, false));
	assert_int_equal(0, run("name,id_number,card\nberta,1111,\n"
	    "carl,,0101\ndora,3333,0707\n", false, false));
	assert_int_equal(2, im.nproblems);
	assert_false(there("dora"));
	assert_string_equal("", number_of("3333"));
	assert_int_equal(0, run("name,id_number\nx,5555\ny,5555\n", false,
	    false));
	assert_int_equal(1, im.nproblems);
	problem(0, 3, "id_number");
}

UNIT(those_that_are_missing_may_go_and_come_back)
{
	struct user before, u;

	assert_int_equal(0, run(two, false, false));
	before = whole_account("anna");
	assert_int_equal(0, run("name,id_number\nberta,4711\notto,\n", true,
	    true));
	counts(1, 0, 1, 1, 0);
	assert_true(there("anna"));
	assert_int_equal(0, run("name,id_number\nberta,4711\notto,\n", false,
	    true));
	assert_false(there("anna"));
	assert_string_equal("berta", number_of("4711"));
	assert_int_equal(0, undo());
	counts(1, 0, 0, 1, 0);
	assert_false(there("berta"));
	u = whole_account("anna");
	assert_int_equal(before.id, u.id);
	assert_string_equal(before.card_pin, u.card_pin);
	assert_int_equal(before.created_ms, u.created_ms);
	assert_string_equal("anna", number_of("4711"));
	assert_string_equal("anna", card_of("04a1b2c3"));
	/* Only once. */
	assert_int_equal(-REL_E_NOTFOUND, undo());
}

/* ---- roles and delegates go with their users */

static void
give_role(const char *key, int role)
{
	struct role_row r = { .role = role, .given_by = "root",
	    .given_ms = rel_now_ms() };
	struct rel_err err;

	snprintf(r.key, sizeof r.key, "%s", key);
	snprintf(r.name, sizeof r.name, "%s", key);
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_role_set(whole->st, &r));
	whole_commit();
}

static void
delegate(const char *owner, const char *key)
{
	struct delegate d = { .created_ms = rel_now_ms() };
	struct rel_err err;

	snprintf(d.owner_key, sizeof d.owner_key, "%s", owner);
	snprintf(d.owner_name, sizeof d.owner_name, "%s", owner);
	snprintf(d.key, sizeof d.key, "%s", key);
	snprintf(d.name, sizeof d.name, "%s", key);
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_delegate_set(whole->st, &d));
	whole_commit();
}

/* anna is in a group, and has a quota of her own */
static void
group_and_quota(void)
{
	const struct person_group g = { .key = "staff", .name = "Staff" };
	const struct group_member m = { .group = "staff", .key = "anna",
	    .name = "anna" };
	const struct quota q = { .owner = QUOTA_USER, .key = "anna",
	    .unit = UNIT_MONEY, .amount = 1000000, .by = "root" };
	struct rel_err err;

	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_group_set(whole->st, &g));
	assert_int_equal(0, store_member_add(whole->st, &m));
	assert_int_equal(0, store_quota_set(whole->st, &q));
	whole_commit();
}

/* "R" a role, "o" otto prints for anna, "a" anna for otto, "e" eva for otto,
 * "g" anna is in the group, "q" has a quota */
static const char *
rights(void)
{
	static char all[7];
	struct quota q;
	int role = 0;

	(void)store_role_get(whole->st, "anna", &role);
	snprintf(all, sizeof all, "%s%s%s%s%s%s", role == WHO_OPERATOR ? "R" : "",
	    store_delegate_is(whole->st, "anna", "otto", 2) ? "o" : "",
	    store_delegate_is(whole->st, "otto", "anna", 2) ? "a" : "",
	    store_delegate_is(whole->st, "otto", "eva", 2) ? "e" : "",
	    store_group_has(whole->st, "staff", "anna") == 1 ? "g" : "",
	    store_quota_get(whole->st, QUOTA_USER, "anna", UNIT_MONEY,
	    &q) == 0 ? "q" : "");
	return all;
}

static void
all_rights(void)
{
	assert_int_equal(0, run(two, false, false));
	give_role("anna", WHO_OPERATOR);
	delegate("anna", "otto");
	delegate("otto", "anna");
	delegate("otto", "eva");
	group_and_quota();
	assert_string_equal("Roaegq", rights());
}

UNIT(who_is_missing_loses_roles_and_delegates)
{
	all_rights();
	assert_int_equal(0, run("name\notto\n", true, true));
	assert_string_equal("Roaegq", rights());
	assert_int_equal(0, run("name\notto\n", false, true));
	assert_false(there("anna"));
	assert_string_equal("e", rights());
	/* They come back with their user, and not twice. */
	assert_int_equal(0, undo());
	assert_int_equal(0, im.nproblems);
	assert_string_equal("Roaegq", rights());
	assert_int_equal(0, run("name\neva\n", false, true));
	assert_string_equal("", rights());
	assert_int_equal(0, undo());
	assert_string_equal("Roaegq", rights());
}

UNIT(rights_that_are_gone_for_good_stay_away)
{
	struct rel_err err;

	all_rights();
	assert_int_equal(0, run("name\notto\n", false, true));
	/* Somebody else of this name begins with nothing. */
	assert_int_equal(0, run("name\notto\nanna\n", false, false));
	assert_int_equal(0, undo());
	assert_false(there("anna"));
	assert_string_equal("e", rights());
	/* One side is deleted in between. */
	assert_int_equal(0, run(two, false, false));
	delegate("anna", "otto");
	give_role("anna", WHO_OPERATOR);
	assert_int_equal(0, run("name\notto\n", false, true));
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_person_rights(whole->st, "otto"));
	whole_commit();
	assert_int_equal(0, undo());
	assert_string_equal("R", rights());
}

UNIT(an_import_taken_back_leaves_no_rights)
{
	assert_int_equal(0, run("name\notto\n", false, false));
	delegate("anna", "otto");		/* nobody has entered her yet */
	usleep(2000);
	assert_int_equal(0, run(two, false, false));
	give_role("anna", WHO_OPERATOR);
	delegate("otto", "anna");
	assert_string_equal("Roa", rights());
	assert_int_equal(0, undo());
	assert_false(there("anna"));
	assert_string_equal("o", rights());
}

UNIT(an_undo_keeps_what_came_after)
{
	struct rel_err err;
	struct user u;

	assert_int_equal(0, run(two, false, false));
	assert_int_equal(0, run("name,department\nanna,X\notto,Y\n", false,
	    false));
	u = whole_account("otto");
	snprintf(u.display, sizeof u.display, "Newer");
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_commit();
	assert_int_equal(0, undo());
	assert_int_equal(1, im.nproblems);
	problem(0, 0, "otto");
	assert_string_equal("X", whole_account("anna").department);
	assert_string_equal("Newer", whole_account("otto").display);
	/* Changed back: then it can be. */
	u.display[0] = '\0';
	snprintf(u.display, sizeof u.display, "Otto, \"the\" one");
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_commit();
	assert_int_equal(0, undo());
	assert_int_equal(0, im.nproblems);
	assert_string_equal("Sales", whole_account("anna").department);
	assert_string_equal("", whole_account("otto").department);
}

UNIT(a_wrong_pin_in_between_is_no_change)
{
	struct rel_err err;

	assert_int_equal(0, run(two, false, false));
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_user_wrong_pins(whole->st, whole_account("anna").id,
	    2));
	whole_commit();
	assert_int_equal(0, undo());
	counts(0, 0, 0, 2, 0);
}

/* Ten thousand: a bound that a machine ten times slower keeps. */
UNIT(ten_thousand_in_one_turn)
{
	enum { N = 10000 };
	struct rel_buf b;
	int64_t from;

	rel_buf_init(&b);
	rel_put_fmt(&b, HEAD);
	for (int i = 0; i < N; i++)
		rel_put_fmt(&b, "user%05d,\"User, No %d\",u%d@example.org,"
		    "Department %d,de,no,04%08X,%d,\r\n", i, i, i, i % 40, i,
		    100000 + i);
	rel_put_u8(&b, 0);
	assert_false(b.failed);
	from = rel_mono_ms();
	assert_int_equal(0, run((const char *)b.data, false, false));
	print_message("# %d new users: %lld ms\n", N,
	    (long long)(rel_mono_ms() - from));
	counts(N, 0, 0, 0, 0);
	assert_int_equal(IMPORT_SHOWN_MAX, json_array_size(im.preview));
	from = rel_mono_ms();
	assert_int_equal(0, run((const char *)b.data, false, false));
	print_message("# the same again: %lld ms\n",
	    (long long)(rel_mono_ms() - from));
	counts(0, 0, N, 0, 0);
	from = rel_mono_ms();
	assert_int_equal(0, run("name\nanna\n", false, true));
	print_message("# all of them deleted: %lld ms\n",
	    (long long)(rel_mono_ms() - from));
	counts(1, 0, 0, N, 0);
	from = rel_mono_ms();
	assert_int_equal(0, undo());
	print_message("# undone: %lld ms\n",
	    (long long)(rel_mono_ms() - from));
	assert_true(rel_mono_ms() - from < 20000);
	assert_string_equal("user00007", card_of("0400000007"));
	rel_buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IMPORT(new_users_come_with_all_they_have),
		IMPORT(a_trial_changes_nothing_and_says_all),
		IMPORT(columns_that_are_not_there_stay),
		IMPORT(one_problem_and_nothing_is_changed),
		IMPORT(what_is_no_table),
		IMPORT(numbers_and_cards_may_change_hands_in_one_table),
		IMPORT(what_belongs_to_others_is_refused),
		IMPORT(those_that_are_missing_may_go_and_come_back),
		IMPORT(who_is_missing_loses_roles_and_delegates),
		IMPORT(rights_that_are_gone_for_good_stay_away),
		IMPORT(an_import_taken_back_leaves_no_rights),
		IMPORT(an_undo_keeps_what_came_after),
		IMPORT(a_wrong_pin_in_between_is_no_change),
		IMPORT(ten_thousand_in_one_turn),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
