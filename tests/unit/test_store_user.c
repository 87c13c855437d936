/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Users, cards, lockouts, devices and kept answers in the database. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/store_fixture.h"

static void
make_user(struct user *u, int64_t id, const char *key)
{
	memset(u, 0, sizeof *u);
	u->id = id;
	snprintf(u->key, sizeof u->key, "%s", key);
	snprintf(u->name, sizeof u->name, "%s", key);
	memcpy(u->display, "Anna \xc3\x9cnal", 11);
	memcpy(u->mail, "anna@example.org", 17);
	memcpy(u->password, "scrypt$1", 9);
	u->has_idnum = true;
	memset(u->idnum_mac, (int)id, sizeof u->idnum_mac);
	u->created_ms = 5;
}

static int
add_user(const struct user *u)
{
	int rc;

	fixture_begin();
	rc = store_user_add(st, u);
	fixture_commit();
	return rc;
}

static int
add_card(int64_t id, int64_t user, int fill)
{
	struct card c = { .id = id, .user_id = user, .created_ms = 9 };
	int rc;

	memset(c.mac, fill, sizeof c.mac);
	memcpy(c.tail, "3f2a", 5);
	fixture_begin();
	rc = store_card_add(st, &c);
	fixture_commit();
	return rc;
}

UNIT(a_user_comes_back_as_he_went)
{
	struct user u, got;

	make_user(&u, 7, "anna");
	assert_int_equal(0, add_user(&u));
	fixture_reopen();
	assert_int_equal(0, store_user_get(st, "anna", &got));
	assert_int_equal(7, got.id);
	assert_string_equal(u.display, got.display);
	assert_string_equal(u.mail, got.mail);
	assert_string_equal(u.password, got.password);
	assert_true(got.has_idnum);
	assert_memory_equal(u.idnum_mac, got.idnum_mac, 32);
	assert_false(got.disabled);
	assert_int_equal(0, got.cards);
	assert_int_equal(0, store_user_by_id(st, 7, &got));
	assert_int_equal(0, store_user_by_idnum(st, u.idnum_mac, &got));
	assert_string_equal("anna", got.key);
	u.idnum_mac[31] ^= 1;
	assert_int_equal(-REL_E_NOTFOUND,
	    store_user_by_idnum(st, u.idnum_mac, &got));
	assert_int_equal(-REL_E_NOTFOUND, store_user_get(st, "Anna", &got));
	assert_int_equal(-REL_E_NOTFOUND, store_user_get(st, "", &got));
}

UNIT(names_and_numbers_belong_to_one)
{
	struct user u;

	make_user(&u, 1, "anna");
	assert_int_equal(0, add_user(&u));
	make_user(&u, 2, "anna");
	assert_int_equal(-REL_E_EXISTS, add_user(&u));
	make_user(&u, 2, "bert");
	memset(u.idnum_mac, 1, sizeof u.idnum_mac);
	assert_int_equal(-REL_E_EXISTS, add_user(&u));
	u.has_idnum = false;
	assert_int_equal(0, add_user(&u));
	make_user(&u, 3, "carl");
	u.has_idnum = false;			/* many may have none */
	assert_int_equal(0, add_user(&u));
}

UNIT(changes_of_a_user)
{
	struct user u, got;

	make_user(&u, 1, "anna");
	assert_int_equal(0, add_user(&u));
	u.disabled = true;
	u.has_idnum = false;
	memcpy(u.mail, "", 1);
	fixture_begin();
	assert_int_equal(0, store_user_set(st, &u));
	assert_int_equal(0, store_user_wrong_pins(st, 1, 4));
	u.id = 99;
	assert_int_equal(-REL_E_NOTFOUND, store_user_set(st, &u));
	fixture_commit();
	assert_int_equal(0, store_user_get(st, "anna", &got));
	assert_true(got.disabled);
	assert_false(got.has_idnum);
	assert_string_equal("", got.mail);
	assert_int_equal(4, got.wrong_pins);
}

UNIT(cards)
{
	struct user u, got;
	struct card c;
	uint8_t mac[32];

	make_user(&u, 1, "anna");
	assert_int_equal(0, add_user(&u));
	assert_int_equal(0, add_card(10, 1, 0xaa));
	assert_int_equal(0, add_card(11, 1, 0xbb));
	assert_int_equal(-REL_E_EXISTS, add_card(12, 1, 0xbb));
	assert_int_equal(-REL_E_EXISTS, add_card(13, 99, 0xcc)); /* of nobody */
	memset(mac, 0xbb, sizeof mac);
	assert_int_equal(0, store_user_by_card(st, mac, &got));
	assert_string_equal("anna", got.key);
	assert_int_equal(2, got.cards);
	assert_int_equal(0, store_card_get(st, 11, &c));
	assert_string_equal("3f2a", c.tail);
	assert_string_equal("anna", c.user);
	fixture_begin();
	assert_int_equal(0, store_card_del(st, 11));
	assert_int_equal(-REL_E_NOTFOUND, store_card_del(st, 11));
	fixture_commit();
	assert_int_equal(-REL_E_NOTFOUND, store_user_by_card(st, mac, &got));
}

UNIT(who_goes_takes_his_cards_along)
{
	struct user u;
	struct card c;

	make_user(&u, 1, "anna");
	assert_int_equal(0, add_user(&u));
	assert_int_equal(0, add_card(10, 1, 0xaa));
	fixture_begin();
	assert_int_equal(0, store_user_del(st, "anna"));
	assert_int_equal(-REL_E_NOTFOUND, store_user_del(st, "anna"));
	fixture_commit();
	assert_int_equal(-REL_E_NOTFOUND, store_card_get(st, 10, &c));
	make_user(&u, 2, "bert");
	assert_int_equal(0, add_user(&u));
	assert_int_equal(0, add_card(10, 2, 0xaa));
}

static bool
count_user(const struct user *u, void *ctx)
{
	char *all = ctx;

	assert_true(strlen(all) + 2 < 40);
	all[strlen(all) + 1] = '\0';
	all[strlen(all)] = u->key[0];
	return true;
}

static bool
count_card(const struct card *c, void *ctx)
{
	(void)c;
	++*(int *)ctx;
	return true;
}

UNIT(lists_in_pages)
{
	static const char *const keys[] = { "dora", "anna", "carl", "bert" };
	char all[40] = "";
	struct user u;
	int64_t n;
	int cards_seen = 0;

	for (int64_t i = 0; i < 4; i++) {
		make_user(&u, i + 1, keys[i]);
		assert_int_equal(0, add_user(&u));
		assert_int_equal(0, add_card(20 + i, i + 1, (int)i));
	}
	assert_int_equal(3, store_user_list(st, "", 3, count_user, all));
	assert_int_equal(1, store_user_list(st, "carl", 3, count_user, all));
	assert_string_equal("abcd", all);
	assert_int_equal(0, store_user_total(st, &n));
	assert_int_equal(4, n);
	assert_int_equal(4, store_card_list(st, 0, 0, 10, count_card,
	    &cards_seen));
	assert_int_equal(1, store_card_list(st, 2, 0, 10, count_card,
	    &cards_seen));
	assert_int_equal(1, store_card_list(st, 0, 22, 10, count_card,
	    &cards_seen));
	assert_int_equal(6, cards_seen);
}

UNIT(lockouts)
{
	struct lockout l = { 2, 100, 0 }, got;

	assert_int_equal(0, store_lockout_get(st, "u:anna", &got));
	assert_int_equal(0, got.fails);
	fixture_begin();
	assert_int_equal(0, store_lockout_set(st, "u:anna", &l));
	l.fails = 0;
	l.until_ms = 500;
	assert_int_equal(0, store_lockout_set(st, "u:bert", &l));
	fixture_commit();
	fixture_reopen();		/* a restart does not unlock */
	assert_int_equal(0, store_lockout_get(st, "u:bert", &got));
	assert_int_equal(500, got.until_ms);
	fixture_begin();
	assert_int_equal(1, store_lockout_forget(st, 200));
	fixture_commit();
	assert_int_equal(0, store_lockout_get(st, "u:anna", &got));
	assert_int_equal(0, got.fails);
	assert_int_equal(0, store_lockout_get(st, "u:bert", &got));
	assert_int_equal(500, got.until_ms);
}

static void
make_device(struct device *d, const char *id, const char *name)
{
	memset(d, 0, sizeof *d);
	snprintf(d->id, sizeof d->id, "%s", id);
	snprintf(d->name, sizeof d->name, "%s", name);
	memcpy(d->lpr_host, "192.0.2.7", 10);
	memcpy(d->lpr_queue, "raw", 4);
	d->lpr_port = 515;
	d->data_first = 1;
	d->has_key = true;
	memset(d->key_hash, id[0], sizeof d->key_hash);
	d->key_expires_ms = 1000;
	d->last_number = 999;
	memset(d->status, 's', sizeof d->status - 1);
}

static int
add_device(const struct device *d)
{
	int rc;

	fixture_begin();
	rc = store_device_add(st, d);
	fixture_commit();
	return rc;
}

UNIT(devices)
{
	struct device d, got;

	make_device(&d, "A", "Floor 1");
	assert_int_equal(0, add_device(&d));
	make_device(&d, "B", "Floor 1");
	assert_int_equal(-REL_E_EXISTS, add_device(&d));
	make_device(&d, "B", "Floor 2");
	assert_int_equal(0, add_device(&d));
	assert_int_equal(0, store_device_get(st, "B", &got));
	assert_string_equal(d.status, got.status);
	assert_string_equal("192.0.2.7", got.lpr_host);
	assert_int_equal(515, got.lpr_port);
	assert_int_equal(1, got.data_first);
	assert_int_equal(999, got.last_number);
	assert_int_equal(0, store_device_by_key(st, d.key_hash, &got));
	assert_string_equal("B", got.id);
	assert_int_equal(0, store_device_by_name(st, "Floor 2", &got));
	assert_int_equal(-REL_E_NOTFOUND,
	    store_device_by_token(st, "", &got));
}

UNIT(a_key_that_was_used_is_gone)
{
	struct device d, got;

	make_device(&d, "A", "Floor 1");
	assert_int_equal(0, add_device(&d));
	d.has_key = false;
	d.state = 1;
	memcpy(d.serial, "S1", 3);
	memcpy(d.token, "t0", 3);
	fixture_begin();
	assert_int_equal(0, store_device_set(st, &d));
	fixture_commit();
	assert_int_equal(-REL_E_NOTFOUND,
	    store_device_by_key(st, d.key_hash, &got));
	assert_int_equal(0, store_device_by_serial(st, "S1", &got));
	assert_false(got.has_key);
	assert_int_equal(0, store_device_by_token(st, "t0", &got));
}

UNIT(a_removed_device_is_nobody)
{
	struct device d, got;
	int64_t n;

	make_device(&d, "A", "Floor 1");
	d.state = 2;
	memcpy(d.serial, "S1", 3);
	assert_int_equal(0, add_device(&d));
	assert_int_equal(-REL_E_NOTFOUND,
	    store_device_by_key(st, d.key_hash, &got));
	assert_int_equal(-REL_E_NOTFOUND,
	    store_device_by_serial(st, "S1", &got));
	assert_int_equal(-REL_E_NOTFOUND,
	    store_device_by_name(st, "Floor 1", &got));
	assert_int_equal(0, store_device_total(st, &n));
	assert_int_equal(0, n);
	/* Its name may be given to another. */
	make_device(&d, "B", "Floor 1");
	assert_int_equal(0, add_device(&d));
}

UNIT(answers_are_kept_for_who_asks_again)
{
	char text[] = "{\"x\":\"\0\"}";
	struct kept_answer a = {
		.body_mac = { 1, 2 }, .at_ms = 50, .status = 202,
		.problem = "", .body = text, .body_len = 9
	}, got;

	fixture_begin();
	assert_int_equal(0, store_answer_add(st, "D-1", "k", &a));
	a.body = NULL;
	a.body_len = 0;
	memcpy(a.problem, "job-unknown", 12);
	assert_int_equal(0, store_answer_add(st, "D-2", "k", &a));
	fixture_commit();
	assert_int_equal(0, store_answer_get(st, "D-1", "k", &got));
	assert_int_equal(202, got.status);
	assert_int_equal(9, got.body_len);
	assert_memory_equal(text, got.body, 9);
	assert_memory_equal(a.body_mac, got.body_mac, 32);
	free(got.body);
	assert_int_equal(0, store_answer_get(st, "D-2", "k", &got));
	assert_string_equal("job-unknown", got.problem);
	assert_int_equal(0, got.body_len);
	free(got.body);
	assert_int_equal(-REL_E_NOTFOUND,
	    store_answer_get(st, "D-1", "other", &got));
	fixture_begin();
	assert_int_equal(0, store_answer_forget(st, 50));
	assert_int_equal(2, store_answer_forget(st, 51));
	fixture_commit();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORED(a_user_comes_back_as_he_went),
		STORED(names_and_numbers_belong_to_one),
		STORED(changes_of_a_user),
		STORED(cards),
		STORED(who_goes_takes_his_cards_along),
		STORED(lists_in_pages),
		STORED(lockouts),
		STORED(devices),
		STORED(a_key_that_was_used_is_gone),
		STORED(a_removed_device_is_nobody),
		STORED(answers_are_kept_for_who_asks_again),
	};

	return cmocka_run_group_tests_name("store_user", tests, NULL, NULL);
}
