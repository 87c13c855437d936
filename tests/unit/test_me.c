/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What people change for themselves: what it needs, what an agent's death or
 * another's change in between does to it, and who finds out what by guessing.
 * Root calls here; to these routes it is a person like any other.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/core_whole.h"

static const char *
said(const char *key)
{
	return json_string_value(json_object_get(call.body, key));
}

/* Somebody in the table. */
static void
enter(int64_t id, const char *name, const char *password, const char *number)
{
	struct user u;

	whole_user(&u, id, name);
	snprintf(u.password, sizeof u.password, "%s", password);
	u.has_idnum = idnum_mac(whole, u.idnum_mac, number);
	whole_user_add(&u);
}

static struct user
root(void)
{
	struct user u;

	assert_int_equal(0, store_user_get(whole->st, "root", &u));
	return u;
}

/* The agent answers its one question of this type: 0 it was no such. */
static int
agent_says(int agent, unsigned wanted, unsigned type, const char *text,
    int right)
{
	struct rel_frame fr, out = { .type = (uint16_t)type };
	struct rel_err err;
	struct rel_buf b;
	int n = 0;

	while (whole_heard(agent, &fr) == 1) {
		n += fr.type == wanted;
		out.id = fr.id;
	}
	if (n != 1)
		return 0;
	rel_buf_init(&b);
	if (text != NULL)
		rel_put_str(&b, text);
	else
		rel_put_u8(&b, (uint8_t)right);
	out.body = b.data;
	out.len = b.len;
	assert_int_equal(0, rel_frame_send(agent, &out, 1000, &err));
	rel_buf_fini(&b);
	whole_turns();
	return 1;
}

static int
answered(void)
{
	struct rel_frame fr;
	struct response rs;

	if (whole_heard(call.net, &fr) != 1 ||
	    response_get(&rs, fr.body, fr.len) != 0)
		return -1;
	memcpy(call.problem, rs.problem, sizeof call.problem);
	return rs.status != 0 ? rs.status : problem_status(rs.problem);
}

UNIT(the_first_change_enters_a_person)
{
	whole_call_set(F_LOCALE, "de");
	assert_int_equal(200, whole_call(API_ME_SET));
	assert_string_equal("root", said("name"));
	assert_string_equal("de", root().locale);
	whole_call_set(F_LOCALE, "en");
	assert_int_equal(200, whole_call(API_ME_SET));
	assert_string_equal("en", root().locale);
}

UNIT(unless_only_known_people_print)
{
	whole->role->set.unknown_users = 1;
	whole_call_set(F_LOCALE, "de");
	assert_int_equal(404, whole_call(API_ME_SET));
	assert_string_equal("user-unknown", call.problem);
	assert_int_equal(404, whole_call(API_ME_CODE));
	assert_int_equal(404, whole_call(API_ME_CARDS));
	enter(7, "root", "", "");
	assert_int_equal(200, whole_call(API_ME_SET));
}

UNIT(a_setting_says_what_may_be_changed)
{
	enum { N = 5 };
	static const struct {
		const char *word;
		enum req_route route;
		enum req_field field;
		const char *value;
	} each[N] = {
		{ "pin", API_ME_SET, F_CARD_PIN, "" },
		{ "number", API_ME_SET, F_ID_NUMBER, "4711" },
		{ "password", API_ME_SET, F_NEW_PASSWORD, "x" },
		{ "card", API_ME_CARD_ADD, F_CARD, "0102" },
		{ "code", API_ME_CODE, F_LOCALE, NULL }
	};

	for (int allowed = -1; allowed < N; allowed++) {
		snprintf(whole->role->set.self_service,
		    sizeof whole->role->set.self_service, "%s", allowed < 0 ?
		    "none" : each[allowed].word);
		for (int i = 0; i < N; i++) {
			whole_call_set(each[i].field, each[i].value);
			if (i == allowed)
				assert_int_not_equal(403, whole_call(each[i].route));
			else
				assert_int_equal(403, whole_call(each[i].route));
			whole_call_set(each[i].field, NULL);
		}
	}
	/* The language is always one's own. */
	whole_call_set(F_LOCALE, "de");
	assert_int_equal(200, whole_call(API_ME_SET));
}

UNIT(a_new_password_needs_the_one_there_is)
{
	int agent = whole_peer(ROLE_AGENT);

	enter(7, "root", "old-hash", "");
	whole_call_set(F_NEW_PASSWORD, "new");
	assert_int_equal(401, whole_call(API_ME_SET));
	whole_call_set(F_CURRENT_PASSWORD, "guess");
	assert_int_equal(-1, whole_call(API_ME_SET));
	assert_int_equal(1, agent_says(agent, IPC_VERIFY, IPC_VERIFIED, NULL,
	    0));
	assert_int_equal(401, answered());
	assert_string_equal("bad-credential", call.problem);
	assert_string_equal("old-hash", root().password);
	assert_int_equal(-1, whole_call(API_ME_SET));
	assert_int_equal(1, agent_says(agent, IPC_VERIFY, IPC_VERIFIED, NULL,
	    1));
	assert_int_equal(1, agent_says(agent, IPC_HASH, IPC_HASHED,
	    "new-hash", 0));
	assert_int_equal(200, answered());
	assert_string_equal("new-hash", root().password);
	close(agent);
}

UNIT(guessing_the_password_locks_out)
{
	int agent = whole_peer(ROLE_AGENT);

	enter(7, "root", "old-hash", "");
	whole_call_set(F_NEW_PASSWORD, "new");
	whole_call_set(F_CURRENT_PASSWORD, "guess");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(-1, whole_call(API_ME_SET));
		assert_int_equal(1, agent_says(agent, IPC_VERIFY,
		    IPC_VERIFIED, NULL, 0));
		assert_int_equal(401, answered());
	}
	assert_int_equal(429, whole_call(API_ME_SET));
	assert_string_equal("locked-out", call.problem);
	/* The help desk lets in again. */
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_ID, "ROOT");
	assert_int_equal(200, whole_call(API_USER_UNLOCK));
	assert_true(json_is_null(json_object_get(call.body, "locked_until")));
	assert_int_equal(0, lockout_state(whole, "u:root"));
	whole_call_set(F_ID, "nobody-here");
	assert_int_equal(404, whole_call(API_USER_UNLOCK));
	close(agent);
}

UNIT(so_many_changes_an_hour)
{
	int agent = whole_peer(ROLE_AGENT);
	struct lockout l;
	struct rel_err err;

	enter(7, "root", "", "");
	enter(8, "anna", "", "4711");
	whole->role->set.self_changes = 3;
	assert_int_equal(200, whole_call(API_ME_CODE));
	whole_call_set(F_ID_NUMBER, "new");
	assert_int_equal(200, whole_call(API_ME_SET));
	/* What is refused does not count. */
	whole_call_set(F_ID_NUMBER, "12");
	assert_int_equal(400, whole_call(API_ME_SET));
	whole_call_set(F_ID_NUMBER, NULL);
	/* Two are under way: one is the last. */
	whole_call_set(F_CARD_PIN, "2468");
	assert_int_equal(-1, whole_call(API_ME_SET));
	whole_call_set(F_CARD_PIN, NULL);
	whole_call_set(F_CARD, "0102");
	whole_call_set(F_CARD_ENC, "hex");
	assert_int_equal(201, whole_call(API_ME_CARD_ADD));
	assert_int_equal(1, agent_says(agent, IPC_HASH, IPC_HASHED, "x", 0));
	assert_int_equal(429, answered());
	assert_string_equal("too-many-changes", call.problem);
	assert_string_equal("", root().card_pin);
	/* Nor is anything hashed any more. */
	whole_call_set(F_CARD_PIN, "2468");
	assert_int_equal(429, whole_call(API_ME_SET));
	assert_int_equal(0, agent_says(agent, IPC_HASH, IPC_HASHED, "x", 0));
	assert_int_equal(429, whole_call(API_ME_CODE));
	whole_call_set(F_CARD, "0103");
	assert_int_equal(429, whole_call(API_ME_CARD_ADD));
	assert_int_equal(1, root().cards);
	assert_int_equal(200, whole_call(API_ME_CARDS));
	/* It is no lockout: one logs in as before. */
	assert_int_equal(0, lockout_state(whole, "u:root"));
	assert_int_equal(0, changes_wait_s(whole, "anna"));
	assert_in_range(changes_wait_s(whole, "root"), 3590, 3600);
	/* An hour later. */
	assert_int_equal(0, store_lockout_get(whole->st, "s:root", &l));
	assert_int_equal(3, l.fails);
	l.first_ms -= 3600000;
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_lockout_set(whole->st, "s:root", &l));
	assert_int_equal(0, store_commit(whole->st, &err));
	for (int i = 0; i < 3; i++)
		assert_int_equal(200, whole_call(API_ME_CODE));
	assert_int_equal(429, whole_call(API_ME_CODE));
	/* The help desk forgives, a setting may let everything pass. */
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_ID, "root");
	assert_int_equal(200, whole_call(API_USER_UNLOCK));
	assert_int_equal(200, whole_call(API_ME_CODE));
	whole->role->set.self_changes = 0;
	for (int i = 0; i < 9; i++)
		assert_int_equal(200, whole_call(API_ME_CODE));
	close(agent);
}

UNIT(guesses_under_way_do_not_outlive_the_lockout)
{
	struct lockout l = { .until_ms = rel_now_ms() + 60000 };
	int agent = whole_peer(ROLE_AGENT);
	struct rel_err err;

	enter(7, "root", "old-hash", "");
	whole_call_set(F_NEW_PASSWORD, "new");
	whole_call_set(F_CURRENT_PASSWORD, "right");
	assert_int_equal(-1, whole_call(API_ME_SET));
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_lockout_set(whole->st, "u:root", &l));
	assert_int_equal(0, store_commit(whole->st, &err));
	assert_int_equal(1, agent_says(agent, IPC_VERIFY, IPC_VERIFIED, NULL,
	    1));
	assert_int_equal(429, answered());
	assert_string_equal("old-hash", root().password);
	close(agent);
}

UNIT(what_others_changed_meanwhile_stays)
{
	int agent = whole_peer(ROLE_AGENT);
	struct rel_err err;
	struct user u;

	enter(7, "root", "old-hash", "4711");
	whole_call_set(F_CARD_PIN, "2468");
	assert_int_equal(-1, whole_call(API_ME_SET));
	u = root();
	snprintf(u.display, sizeof u.display, "Changed");
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_user_set(whole->st, &u));
	assert_int_equal(0, store_commit(whole->st, &err));
	assert_int_equal(1, agent_says(agent, IPC_HASH, IPC_HASHED,
	    "pin-hash", 0));
	assert_int_equal(200, answered());
	u = root();
	assert_string_equal("Changed", u.display);
	assert_string_equal("pin-hash", u.card_pin);
	/* A password that was set in between is not overwritten. */
	whole_call_set(F_CARD_PIN, NULL);
	whole_call_set(F_NEW_PASSWORD, "new");
	whole_call_set(F_CURRENT_PASSWORD, "old");
	assert_int_equal(-1, whole_call(API_ME_SET));
	assert_int_equal(1, agent_says(agent, IPC_VERIFY, IPC_VERIFIED, NULL,
	    1));
	snprintf(u.password, sizeof u.password, "set-by-help-desk");
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_user_set(whole->st, &u));
	assert_int_equal(0, store_commit(whole->st, &err));
	assert_int_equal(1, agent_says(agent, IPC_HASH, IPC_HASHED,
	    "new-hash", 0));
	assert_int_equal(401, answered());
	assert_string_equal("set-by-help-desk", root().password);
	/* Closed in between: nothing. */
	whole_call_set(F_NEW_PASSWORD, NULL);
	whole_call_set(F_CARD_PIN, "1357");
	assert_int_equal(-1, whole_call(API_ME_SET));
	u.disabled = true;
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_user_set(whole->st, &u));
	assert_int_equal(0, store_commit(whole->st, &err));
	assert_int_equal(1, agent_says(agent, IPC_HASH, IPC_HASHED, "x", 0));
	assert_int_equal(403, answered());
	assert_string_equal("account-closed", call.problem);
	close(agent);
}

UNIT(numbers)
{
	static const char *const bad[] = { "123", "1234567x", "12a4", "News" };
	struct user u;
	uint8_t mac[32];

	enter(8, "anna", "", "4711");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		whole_call_set(F_ID_NUMBER, bad[i]);
		assert_int_equal(400, whole_call(API_ME_SET));
	}
	whole_call_set(F_ID_NUMBER, "new");
	assert_int_equal(200, whole_call(API_ME_SET));
	assert_int_equal(6, strlen(said("id_number")));
	assert_true(idnum_mac(whole, mac, said("id_number")));
	assert_int_equal(0, store_user_by_idnum(whole->st, mac, &u));
	assert_string_equal("root", u.key);
	whole_call_set(F_ID_NUMBER, "0815");
	assert_int_equal(200, whole_call(API_ME_SET));
	assert_null(said("id_number"));
	assert_int_equal(200, whole_call(API_ME_SET));	/* it is one's own already */
	for (int i = 0; i < 3; i++) {
		whole_call_set(F_ID_NUMBER, "4711");
		assert_int_equal(409, whole_call(API_ME_SET));
		assert_string_equal("id-number-in-use", call.problem);
	}
	assert_int_equal(429, whole_call(API_ME_SET));
	assert_true(root().has_idnum);
}

UNIT(cards)
{
	struct rel_err err;
	struct card k = { .id = 99, .user_id = 8 };
	char id[24];

	enter(8, "anna", "", "4711");
	assert_true(card_mac(whole, k.mac, k.tail, "AABB", "hex"));
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_card_add(whole->st, &k));
	assert_int_equal(0, store_commit(whole->st, &err));
	whole_call_set(F_CARD, "0102");
	whole_call_set(F_CARD_ENC, "hex");
	assert_int_equal(201, whole_call(API_ME_CARD_ADD));
	snprintf(id, sizeof id, "%s", said("id"));
	assert_int_equal(409, whole_call(API_ME_CARD_ADD));	/* yours already */
	assert_int_equal(0, lockout_state(whole, "u:root"));
	whole_call_set(F_CARD, "AABB");
	for (int i = 0; i < 3; i++)
		assert_int_equal(409, whole_call(API_ME_CARD_ADD));
	assert_int_equal(429, whole_call(API_ME_CARD_ADD));
	assert_int_equal(200, whole_call(API_ME_CARDS));
	assert_int_equal(1, json_array_size(json_object_get(call.body, "cards")));
	whole_call_set(F_ID, "99");
	assert_int_equal(404, whole_call(API_ME_CARD_DEL));	/* anna's */
	whole_call_set(F_ID, "x");
	assert_int_equal(404, whole_call(API_ME_CARD_DEL));
	whole_call_set(F_ID, id);
	assert_int_equal(204, whole_call(API_ME_CARD_DEL));
	assert_int_equal(0, root().cards);
}

UNIT(a_code_is_kept_as_a_hash_only)
{
	struct user u;
	uint8_t mac[32];
	char first[12];

	assert_int_equal(200, whole_call(API_ME_CODE));
	assert_int_equal(11, strlen(said("code")));
	memcpy(first, said("code"), 12);
	assert_int_equal(200, whole_call(API_ME_CODE));
	assert_string_not_equal(first, said("code"));
	assert_true(code_mac(whole, mac, first));
	assert_int_equal(-REL_E_NOTFOUND, store_code_user(whole->st, mac,
	    rel_now_ms(), "", &u));
	assert_true(code_mac(whole, mac, said("code")));
	assert_int_equal(0, store_code_user(whole->st, mac,
	    rel_now_ms(), "",
	    &u));
	assert_string_equal("root", u.key);
	assert_int_equal(-REL_E_NOTFOUND, store_code_user(whole->st, mac,
	    rel_now_ms() + whole->role->set.code_ms + 1000, "", &u));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WHOLE_CALL(the_first_change_enters_a_person),
		WHOLE_CALL(unless_only_known_people_print),
		WHOLE_CALL(a_setting_says_what_may_be_changed),
		WHOLE_CALL(a_new_password_needs_the_one_there_is),
		WHOLE_CALL(guessing_the_password_locks_out),
		WHOLE_CALL(so_many_changes_an_hour),
		WHOLE_CALL(guesses_under_way_do_not_outlive_the_lockout),
		WHOLE_CALL(what_others_changed_meanwhile_stays),
		WHOLE_CALL(numbers),
		WHOLE_CALL(cards),
		WHOLE_CALL(a_code_is_kept_as_a_hash_only),
	};

	return cmocka_run_group_tests_name("me", tests, NULL, NULL);
}
