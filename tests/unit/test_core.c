/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The small parts of core: identifiers, words, sessions, PINs, cards. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "tests/unit/core_stubs.h"
#include "tests/unit/store_fixture.h"

UNIT(identifiers_grow_and_name_their_node)
{
	int64_t last = 0;

	stub_core->role->set.node_id = 1023;
	for (int i = 0; i < 20000; i++) {
		int64_t id = ids_next(stub_core);

		assert_true(id > last);
		assert_int_equal(1023, id >> 12 & 1023);
		last = id;
	}
}

UNIT(job_identifiers_there_and_back)
{
	static const char *const bad[] = {
		"", "j", "j-", "J-0", "k-0000000000001", "j-000000000000U",
		"j-00000000000000", "j-FZZZZZZZZZZZZ", "0000000000001",
		"j-1'; DROP"
	};
	static const int64_t good[] = { 0, 1, 4096, INT64_MAX };
	char text[24];
	int64_t id;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		ids_job_text(text, good[i]);
		assert_int_equal(15, strlen(text));
		assert_true(ids_job_parse(&id, text));
		assert_true(id == good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (ids_job_parse(&id, bad[i]))
			fail_msg("\"%s\" is taken for a job", bad[i]);
}

UNIT(random_identifiers_have_their_form)
{
	char a[37], b[37], ref[16], token[65];

	ids_uuid(a);
	ids_uuid(b);
	assert_int_equal(36, strlen(a));
	assert_int_equal('4', a[14]);
	assert_non_null(strchr("89ab", a[19]));
	assert_int_equal('-', a[8]);
	assert_string_not_equal(a, b);
	ids_ref(ref);
	assert_int_equal(10, strlen(ref));
	ids_token(token, 32);
	assert_int_equal(64, strlen(token));
	assert_int_equal(64, strspn(token, "0123456789abcdef"));
}

UNIT(words_in_two_languages)
{
	assert_string_equal("de", word_locale("de-CH"));
	assert_string_equal("en", word_locale("fr"));
	assert_string_equal("en", word_locale(""));
	assert_string_equal("en", word_locale(NULL));
	assert_string_equal("Log in", word("en", "login-title"));
	assert_string_equal("Anmelden", word("de", "login-title"));
	assert_string_equal("no-such-word", word("de", "no-such-word"));
}

UNIT(keys_are_for_one_purpose_each)
{
	const struct core *c = stub_core;
	uint8_t a[32], b[32];

	assert_memory_not_equal(c->card_key, c->pin_key, 32);
	assert_memory_not_equal(c->card_key, c->idnum_key, 32);
	assert_memory_not_equal(c->pin_key, c->host_key, 32);
	keys_mac(a, c->card_key, "12", 2);
	keys_mac(b, c->card_key, "12", 2);
	assert_memory_equal(a, b, 32);
	keys_mac(b, c->pin_key, "12", 2);
	assert_memory_not_equal(a, b, 32);
	/* RFC 6234: SHA-256 of "abc". */
	keys_sha256(a, "abc", 3);
	assert_int_equal(0xba, a[0]);
	assert_int_equal(0xad, a[31]);
}

/* RFC 4231, test case 2 is shorter than our keys; case 1's key is 20 bytes:
 * so the key is filled up with zeros, which HMAC does too. */
UNIT(keys_mac_is_hmac_sha256)
{
	static const uint8_t key[32] = "Jefe";
	uint8_t out[32];
	char hex[65];

	keys_mac(out, key, "what do ya want for nothing?", 28);
	rel_hex(hex, out, 32);
	assert_string_equal("5bdcc146bf60754e6a042426089575c75a003f089d273983"
	    "9dec58b964ec3843", hex);
}

UNIT(a_card_is_one_card_in_either_spelling)
{
	uint8_t a[32], b[32];
	char tail[8];

	assert_true(card_mac(stub_core, a, tail, "04A1B2C3", "hex"));
	assert_string_equal("B2C3", tail);
	assert_true(card_mac(stub_core, b, NULL, "04a1b2c3", ""));
	assert_memory_equal(a, b, 32);
	assert_true(card_mac(stub_core, b, NULL, "04a1b2c3", NULL));
	assert_memory_equal(a, b, 32);
	assert_true(card_mac(stub_core, b, NULL, "04a1b2c3", "text"));
	assert_memory_not_equal(a, b, 32);
}

UNIT(what_is_no_card)
{
	uint8_t mac[32];
	char big[240];

	memset(big, 'a', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	assert_false(card_mac(stub_core, mac, NULL, "", NULL));
	assert_false(card_mac(stub_core, mac, NULL, "04a", "hex"));
	assert_false(card_mac(stub_core, mac, NULL, "xyz!", "hex"));
	assert_false(card_mac(stub_core, mac, NULL, "a\x01", "text"));
	assert_false(card_mac(stub_core, mac, NULL, "\xc3\xbc", "text"));
	assert_false(card_mac(stub_core, mac, NULL, big, "hex"));
	big[232] = '\0';		/* 116 bytes in hex */
	assert_true(card_mac(stub_core, mac, NULL, big, "hex"));
	assert_false(card_mac(stub_core, mac, NULL, big, "text"));
}

UNIT(id_numbers)
{
	uint8_t a[32], b[32];

	assert_true(idnum_mac(stub_core, a, "1234"));
	assert_true(idnum_mac(stub_core, b, "12345678"));
	assert_memory_not_equal(a, b, 32);
	assert_true(idnum_mac(stub_core, b, "01234"));
	assert_memory_not_equal(a, b, 32);
	assert_false(idnum_mac(stub_core, a, "123"));
	assert_false(idnum_mac(stub_core, a, "123456789"));
	assert_false(idnum_mac(stub_core, a, "12a4"));
	assert_false(idnum_mac(stub_core, a, ""));
}

/* The hex digest of a PIN as a driver sends it. */
static void
digest_of(const char *name, const char *pin, char *hex)
{
	uint8_t md[64];
	unsigned n = 0;

	assert_int_equal(1, EVP_Digest(pin, 4, md, &n,
	    EVP_get_digestbyname(name), NULL));
	rel_hex(hex, md, n);
}

UNIT(pins_in_every_form_a_driver_may_send)
{
	static const char *const forms[][2] = {
		{ "md5", "MD5" }, { "sha", "SHA1" }, { "sha2-224", "SHA224" },
		{ "sha2-256", "SHA256" }, { "sha2-384", "SHA384" },
		{ "sha2-512", "SHA512" }, { "sha3-256", "SHA3-256" },
		{ "SHA2-256", "SHA256" },
	};
	struct rel_err err;
	struct job j;
	char hex[129];

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		fixture_job(&j, 7);
		digest_of(forms[i][1], "0471", hex);
		assert_int_equal(0, job_pin_set(stub_core, &j, forms[i][0],
		    hex, &err));
		assert_true(job_pin_opens(stub_core, &j, "0471"));
		assert_false(job_pin_opens(stub_core, &j, "0472"));
		assert_false(job_pin_opens(stub_core, &j, hex));
		/* The PIN is nowhere in what is kept. */
		assert_null(strstr(j.pin_scheme, "0471"));
	}
}

UNIT(plain_pins)
{
	static const char *const bad[] = {
		"", "123", "12345", "12a4", "1 34", "\xd9\xa1\xd9\xa2"
	};
	struct rel_err err;
	struct job a, b;

	fixture_job(&a, 7);
	fixture_job(&b, 8);
	assert_int_equal(0, job_pin_set(stub_core, &a, "none", "0000", &err));
	assert_int_equal(0, job_pin_set(stub_core, &b, "", "0000", &err));
	assert_true(job_pin_opens(stub_core, &a, "0000"));
	assert_true(job_pin_opens(stub_core, &b, "0000"));
	assert_false(job_pin_opens(stub_core, &a, "0001"));
	assert_false(job_pin_opens(stub_core, &a, ""));
	assert_false(job_pin_opens(stub_core, &a, "00000"));
	/* Equal PINs of two jobs do not look equal in the database. */
	assert_memory_not_equal(a.pin_mac, b.pin_mac, PIN_MAC_BYTES);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		err.text[0] = '\0';
		assert_int_equal(-REL_E_DENIED,
		    job_pin_set(stub_core, &a, "none", bad[i], &err));
		assert_string_not_equal("", err.text);
	}
}

UNIT(pins_nobody_could_ever_open_are_refused)
{
	struct rel_err err;
	struct job j;

	fixture_job(&j, 7);
	assert_int_equal(-REL_E_DENIED,
	    job_pin_set(stub_core, &j, "rot13", "0471", &err));
	assert_int_equal(-REL_E_DENIED,
	    job_pin_set(stub_core, &j, "sha2-256", "0471", &err));
	assert_int_equal(-REL_E_DENIED, job_pin_set(stub_core, &j, "md5",
	    "zz112233445566778899aabbccddeeff", &err));
}

static struct session *
log_in(const char *device, int64_t user)
{
	struct user u;
	struct session *s;

	memset(&u, 0, sizeof u);
	u.id = user;
	memcpy(u.password, "verifier", 9);
	s = session_open(stub_core, device, &u, "card", "de");
	assert_non_null(s);
	return s;
}

UNIT(a_session_belongs_to_its_device)
{
	struct session *s = log_in("D-1", 1);
	char id[37];

	memcpy(id, s->id, sizeof id);
	assert_string_equal("de", s->locale);
	assert_string_equal("", s->user.password);	/* not kept */
	assert_ptr_equal(s, session_find(stub_core, id, "D-1"));
	assert_null(session_find(stub_core, id, "D-2"));
	assert_null(session_find(stub_core, "", "D-1"));
	assert_null(session_find(stub_core, NULL, "D-1"));
	assert_null(session_find(stub_core, "0123456789012345678901234567890"
	    "12345678901234567890123456789", "D-1"));
	session_close(stub_core, s);
	assert_null(session_find(stub_core, id, "D-1"));
}

UNIT(one_person_at_a_panel)
{
	char first[37];

	memcpy(first, log_in("D-1", 1)->id, sizeof first);
	log_in("D-1", 2);
	assert_null(session_find(stub_core, first, "D-1"));
	sessions_close_device(stub_core, "D-1");
	sessions_close_device(stub_core, "D-9");
}

UNIT(who_is_removed_is_logged_out_everywhere)
{
	char a[37], b[37], other[37];

	memcpy(a, log_in("D-1", 1)->id, sizeof a);
	memcpy(other, log_in("D-2", 2)->id, sizeof other);
	memcpy(b, log_in("D-3", 1)->id, sizeof b);
	sessions_close_user(stub_core, 1);
	assert_null(session_find(stub_core, a, "D-1"));
	assert_null(session_find(stub_core, b, "D-3"));
	assert_non_null(session_find(stub_core, other, "D-2"));
}

UNIT(sessions_end_by_themselves)
{
	struct session *idle = log_in("D-1", 1), *old = log_in("D-2", 2);
	char idle_id[37], old_id[37], busy_id[37];
	struct session *busy = log_in("D-3", 3);

	memcpy(idle_id, idle->id, sizeof idle_id);
	memcpy(old_id, old->id, sizeof old_id);
	memcpy(busy_id, busy->id, sizeof busy_id);
	idle->touched_ms -= stub_core->role->set.panel_timeout_ms + 31000;
	old->expires_ms = rel_now_ms() - 1;
	session_touch(stub_core, busy);
	sessions_expire(stub_core);
	assert_null(session_find(stub_core, idle_id, "D-1"));
	assert_null(session_find(stub_core, old_id, "D-2"));
	assert_non_null(session_find(stub_core, busy_id, "D-3"));
}

UNIT(opened_confidential_jobs_are_those_of_the_session)
{
	struct session *s = log_in("D-1", 1);

	assert_false(session_unlocked(s, 5));
	assert_int_equal(0, session_unlock(s, 7));
	for (int64_t id = 1000; id > 100; id--)
		assert_int_equal(0, session_unlock(s, id));
	assert_int_equal(0, session_unlock(s, 5));
	assert_int_equal(0, session_unlock(s, 5));
	assert_int_equal(902, s->nunlocked);
	assert_true(session_unlocked(s, 101));
	assert_true(session_unlocked(s, 1000));
	assert_true(session_unlocked(s, 5));
	assert_false(session_unlocked(s, 6));
	assert_false(session_unlocked(log_in("D-2", 1), 5));
}

UNIT(deleting_and_expiring)
{
	struct job j;

	fixture_job(&j, 1);
	j.expires_ms = rel_now_ms() + 100000;
	assert_int_equal(0, fixture_add_job(&j));
	j.id = 2;
	j.document = 2;
	j.expires_ms = 5;
	assert_int_equal(0, fixture_add_job(&j));
	job_expire_due(stub_core);
	stub_commit();
	assert_int_equal(0, store_job_get(st, 2, &j));
	assert_int_equal(JOB_EXPIRED, j.state);
	assert_non_null(strstr(j.reason, "nobody released it"));
	assert_int_equal(0, store_job_get(st, 1, &j));
	assert_int_equal(JOB_HELD, j.state);
	fixture_begin();
	assert_int_equal(0, job_delete(stub_core, &j, "anna"));
	assert_int_equal(-REL_E_NOTHELD, job_delete(stub_core, &j, "bert"));
	stub_commit();
	assert_int_equal(0, store_job_get(st, 1, &j));
	assert_string_equal("deleted by anna", j.reason);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CORED(identifiers_grow_and_name_their_node),
		CORED(job_identifiers_there_and_back),
		UNIT_RUN(random_identifiers_have_their_form),
		UNIT_RUN(words_in_two_languages),
		CORED(keys_are_for_one_purpose_each),
		UNIT_RUN(keys_mac_is_hmac_sha256),
		CORED(a_card_is_one_card_in_either_spelling),
		CORED(what_is_no_card),
		CORED(id_numbers),
		CORED(pins_in_every_form_a_driver_may_send),
		CORED(plain_pins),
		CORED(pins_nobody_could_ever_open_are_refused),
		CORED(a_session_belongs_to_its_device),
		CORED(one_person_at_a_panel),
		CORED(who_is_removed_is_logged_out_everywhere),
		CORED(sessions_end_by_themselves),
		CORED(opened_confidential_jobs_are_those_of_the_session),
		CORED(deleting_and_expiring),
	};

	return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
