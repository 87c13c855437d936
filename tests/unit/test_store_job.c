/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Jobs in the database: every change of state is a compare-and-set. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/store_fixture.h"

static struct job got;

static void
hold(int64_t id)
{
	struct job j;

	fixture_job(&j, id);
	assert_int_equal(0, fixture_add_job(&j));
}

static int
take_at(int64_t id, int64_t now_ms, bool again)
{
	struct job_take t = {
		.id = id, .now_ms = now_ms, .journal = 5, .device_id = "D-1",
		.ref = "OP7K3QX9M2", .by = "anna", .again = again
	};
	int rc;

	fixture_begin();
	rc = store_job_take(st, &t);
	fixture_commit();
	return rc;
}

static int
take(int64_t id)
{
	return take_at(id, 1500000, false);
}

static int
settle(int64_t id, enum job_state to, const char *reason)
{
	struct job_settle s = {
		.id = id, .now_ms = 1600000, .sent_bytes = 77, .to = to,
		.reason = reason
	};
	int rc;

	fixture_begin();
	rc = store_job_settle(st, &s);
	fixture_commit();
	return rc;
}

static int
end(int64_t id, enum job_state to)
{
	int rc;

	fixture_begin();
	rc = store_job_end(st, id, to, "because", 1700000);
	fixture_commit();
	return rc;
}

static const struct job *
get(int64_t id)
{
	memset(&got, 0xff, sizeof got);
	assert_int_equal(0, store_job_get(st, id, &got));
	return &got;
}

static void
tally_is(int64_t want_held, int64_t want_bytes)
{
	int64_t held, bytes;

	assert_int_equal(0, store_tally(st, &held, &bytes));
	assert_int_equal(want_held, held);
	assert_int_equal(want_bytes, bytes);
}

/* The document's key is gone from the row. */
static void
key_is_gone(int64_t id)
{
	static const uint8_t zero[SEALED_KEY_BYTES];

	assert_memory_equal(zero, get(id)->sealed_key, SEALED_KEY_BYTES);
	assert_memory_equal(zero, got.pin_mac, PIN_MAC_BYTES);
	assert_false(got.has_doc);
}

UNIT(a_job_comes_back_as_it_went)
{
	struct job j;

	fixture_job(&j, INT64_MAX);
	j.node = 3;
	memset(j.title, 't', sizeof j.title - 1);
	memset(j.options, 'o', sizeof j.options - 1);
	memcpy(j.pin_scheme, "sha2-512", 9);
	memset(j.pin_mac, 0x77, sizeof j.pin_mac);
	assert_int_equal(0, fixture_add_job(&j));
	fixture_reopen();
	get(INT64_MAX);
	assert_int_equal(3, got.node);
	assert_string_equal("FollowMe", got.queue);
	assert_string_equal(j.uuid, got.uuid);
	assert_int_equal(1, got.document);
	assert_int_equal(17, got.cups_job);
	assert_string_equal("anna", got.user_key);
	assert_string_equal("Anna", got.user);
	assert_string_equal("pc7", got.host);
	assert_string_equal(j.title, got.title);
	assert_string_equal("application/pdf", got.format);
	assert_string_equal(j.options, got.options);
	assert_true(got.bytes == j.bytes);
	assert_int_equal(2, got.copies);
	assert_string_equal("sha2-512", got.pin_scheme);
	assert_memory_equal(j.pin_mac, got.pin_mac, sizeof j.pin_mac);
	assert_memory_equal(j.sealed_key, got.sealed_key, SEALED_KEY_BYTES);
	assert_true(got.has_doc);
	assert_int_equal(JOB_HELD, got.state);
	assert_int_equal(1000000, got.created_ms);
	assert_int_equal(2000000, got.expires_ms);
	assert_int_equal(-REL_E_NOTFOUND, store_job_get(st, 1, &j));
}

UNIT(words_of_a_job_are_no_sql)
{
	struct job j;

	fixture_job(&j, 1);
	snprintf(j.title, sizeof j.title, "'); DROP TABLE job; --");
	snprintf(j.user_key, sizeof j.user_key, "o'hara\" OR 1=1");
	assert_int_equal(0, fixture_add_job(&j));
	assert_string_equal(j.title, get(1)->title);
	assert_string_equal(j.user_key, got.user_key);
}

UNIT(a_document_is_held_once)
{
	struct job j;
	int64_t id;

	hold(1);
	fixture_job(&j, 1);
	j.id = 2;
	assert_int_equal(-REL_E_EXISTS, fixture_add_job(&j));
	j.document = 2;
	assert_int_equal(0, fixture_add_job(&j));
	j.id = 3;
	j.document = 1;
	memcpy(j.queue, "Other", 6);
	assert_int_equal(0, fixture_add_job(&j));
	assert_int_equal(1, store_job_known(st, "FollowMe", j.uuid, 2, &id));
	assert_int_equal(2, id);
	assert_int_equal(0, store_job_known(st, "FollowMe", j.uuid, 3, &id));
	assert_int_equal(3, store_job_next_document(st, "FollowMe", j.uuid));
	assert_int_equal(1, store_job_next_document(st, "FollowMe", "none"));
}

UNIT(it_stays_known_after_it_was_printed_or_deleted)
{
	struct job j;
	int64_t id;

	hold(1);
	fixture_job(&j, 1);
	assert_int_equal(0, take(1));
	assert_int_equal(0, settle(1, JOB_SENT, ""));
	assert_int_equal(1, store_job_known(st, j.queue, j.uuid, 1, &id));
	j.id = 2;
	assert_int_equal(-REL_E_EXISTS, fixture_add_job(&j));
}

UNIT(without_a_uuid_nothing_is_known)
{
	struct job j;
	int64_t id;

	for (int64_t i = 1; i <= 2; i++) {
		fixture_job(&j, i);
		j.uuid[0] = '\0';
		assert_int_equal(0, fixture_add_job(&j));
	}
	assert_int_equal(0, store_job_known(st, j.queue, "", 1, &id));
}

UNIT(only_the_first_badge_gets_the_job)
{
	hold(1);
	assert_int_equal(0, take(1));
	assert_int_equal(-REL_E_NOTHELD, take(1));
	assert_int_equal(-REL_E_NOTHELD, take_at(1, 1500000, true));
	assert_int_equal(-REL_E_NOTHELD, take(4711));
	get(1);
	assert_int_equal(JOB_RELEASING, got.state);
	assert_string_equal("D-1", got.device_id);
	assert_string_equal("OP7K3QX9M2", got.release_ref);
	assert_string_equal("anna", got.released_by);
	assert_int_equal(1500000, got.released_ms);
	assert_int_equal(5, got.journal);
	assert_true(got.has_doc);
}

UNIT(an_expired_job_cannot_be_taken)
{
	hold(1);
	assert_int_equal(-REL_E_NOTHELD, take_at(1, 2000000, false));
	assert_int_equal(0, take_at(1, 1999999, false));
}

/* What may follow what; everything else is NOTHELD and changes nothing. */
static void
to_state(int64_t id, enum job_state state)
{
	hold(id);
	switch (state) {
	case JOB_HELD:
		return;
	case JOB_EXPIRED:
	case JOB_DELETED:
		assert_int_equal(0, end(id, state));
		return;
	default:
		assert_int_equal(0, take(id));
		if (state != JOB_RELEASING)
			assert_int_equal(0, settle(id, state, "r"));
		return;
	}
}

UNIT(every_state_allows_what_it_should)
{
	static const struct {
		enum job_state state;
		int take, again, settle, end;
	} t[] = {
		{ JOB_HELD, 1, 1, 0, 1 }, { JOB_RELEASING, 0, 0, 1, 0 },
		{ JOB_SENT, 0, 0, 0, 0 }, { JOB_UNCONFIRMED, 0, 1, 0, 1 },
		{ JOB_EXPIRED, 0, 0, 0, 0 }, { JOB_DELETED, 0, 0, 0, 0 },
	};
	int64_t id = 1;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++, id += 4) {
		for (int64_t k = 0; k < 4; k++)
			to_state(id + k, t[i].state);
		assert_int_equal(t[i].take ? 0 : -REL_E_NOTHELD, take(id));
		assert_int_equal(t[i].again ? 0 : -REL_E_NOTHELD,
		    take_at(id + 1, 1500000, true));
		assert_int_equal(t[i].settle ? 0 : -REL_E_NOTHELD,
		    settle(id + 2, JOB_SENT, ""));
		assert_int_equal(t[i].end ? 0 : -REL_E_NOTHELD,
		    end(id + 3, JOB_DELETED));
		if (!t[i].settle)
			assert_int_equal(t[i].state, get(id + 2)->state);
		if (!t[i].end)
			assert_int_equal(t[i].state, get(id + 3)->state);
	}
}

UNIT(sent_erases_the_key)
{
	hold(1);
	hold(2);
	tally_is(2, 2003);
	assert_int_equal(0, take(1));
	tally_is(2, 2003);
	assert_int_equal(0, settle(1, JOB_SENT, "x"));
	key_is_gone(1);
	assert_int_equal(JOB_SENT, got.state);
	assert_int_equal(1600000, got.ended_ms);
	assert_int_equal(77, got.sent_bytes);
	assert_string_equal("", got.reason);
	assert_int_equal(0, got.journal);
	tally_is(1, 1002);
}

UNIT(refused_by_the_device_is_held_again)
{
	hold(1);
	assert_int_equal(0, take(1));
	assert_int_equal(0, settle(1, JOB_HELD, "out of paper"));
	get(1);
	assert_int_equal(JOB_HELD, got.state);
	assert_string_equal("out of paper", got.reason);
	assert_true(got.has_doc);
	assert_int_equal(0, got.ended_ms);
	tally_is(1, 1001);
	assert_int_equal(0, take(1));
	assert_string_equal("", get(1)->reason);
}

UNIT(unconfirmed_keeps_the_document)
{
	hold(1);
	assert_int_equal(0, take(1));
	assert_int_equal(0, settle(1, JOB_UNCONFIRMED, "no answer"));
	get(1);
	assert_true(got.has_doc);
	assert_int_equal(0x5a, got.sealed_key[0]);
	tally_is(1, 1001);
}

UNIT(ends_erase_the_key_and_keep_the_reason)
{
	hold(1);
	hold(2);
	assert_int_equal(0, end(1, JOB_EXPIRED));
	assert_int_equal(0, end(2, JOB_DELETED));
	key_is_gone(1);
	assert_int_equal(JOB_EXPIRED, got.state);
	assert_string_equal("because", got.reason);
	assert_int_equal(1700000, got.ended_ms);
	key_is_gone(2);
	assert_int_equal(JOB_DELETED, got.state);
	tally_is(0, 0);
}

UNIT(due_are_those_that_wait)
{
	int64_t ids[10];

	for (int64_t id = 1; id <= 5; id++)
		hold(id);
	assert_int_equal(0, take(3));
	assert_int_equal(0, end(4, JOB_DELETED));
	assert_int_equal(0, store_job_due(st, 1999999, ids, 10));
	assert_int_equal(3, store_job_due(st, 2000000, ids, 10));
	assert_int_equal(1, ids[0]);
	assert_int_equal(2, ids[1]);
	assert_int_equal(5, ids[2]);
	assert_int_equal(2, store_job_due(st, 2000000, ids, 2));
}

UNIT(records_are_forgotten_documents_never)
{
	hold(1);
	hold(2);
	assert_int_equal(0, end(1, JOB_EXPIRED));
	fixture_begin();
	assert_int_equal(0, store_event_add(st, 1, 5, "expired", "x"));
	assert_int_equal(0, store_job_forget(st, 1700000, 10));
	assert_int_equal(1, store_job_forget(st, 1700001, 10));
	assert_int_equal(0, store_job_forget(st, INT64_MAX, 10));
	fixture_commit();
	assert_int_equal(-REL_E_NOTFOUND, store_job_get(st, 1, &got));
	assert_int_equal(JOB_HELD, get(2)->state);
	tally_is(1, 1002);
}

UNIT(copies_and_journal_of_a_job_that_waits)
{
	hold(1);
	fixture_begin();
	assert_int_equal(0, store_job_set_copies(st, 1, 999));
	assert_int_equal(-REL_E_NOTHELD, store_job_set_copies(st, 9, 1));
	assert_int_equal(-REL_E_NOTHELD, store_job_set_journal(st, 1, 8));
	fixture_commit();
	fixture_begin();
	assert_int_equal(0, store_job_take(st, &(struct job_take){ .id = 1,
	    .now_ms = 1500000, .device_id = "d", .ref = "R", .by = "anna" }));
	assert_int_equal(0, store_job_set_journal(st, 1, 8));
	assert_int_equal(-REL_E_NOTHELD, store_job_set_journal(st, 1, 9));
	fixture_commit();
	assert_int_equal(8, get(1)->journal);
	assert_int_equal(999, got.copies);
	assert_int_equal(0, settle(1, JOB_SENT, ""));
	fixture_begin();
	assert_int_equal(-REL_E_NOTHELD, store_job_set_copies(st, 1, 1));
	fixture_commit();
}

struct seen {
	int64_t ids[20];
	int n, stop_at;
};

static bool
see(const struct job *j, void *ctx)
{
	struct seen *s = ctx;

	s->ids[s->n++] = j->id;
	return s->n != s->stop_at;
}

UNIT(lists_are_in_order_and_in_pages)
{
	struct job_filter f = {
		.user_key = "anna", .states = 1u << JOB_HELD, .limit = 3
	};
	struct seen s = { .n = 0 };
	struct job j;
	int64_t n;

	for (int64_t id = 1; id <= 6; id++)
		hold(id);
	fixture_job(&j, 7);
	memcpy(j.user_key, "bert", 5);
	assert_int_equal(0, fixture_add_job(&j));
	assert_int_equal(0, take(2));
	assert_int_equal(3, store_job_list(st, &f, see, &s));
	assert_int_equal(3, s.n);
	assert_int_equal(1, s.ids[0]);
	assert_int_equal(3, s.ids[1]);
	f.after = s.ids[2];
	assert_int_equal(2, store_job_list(st, &f, see, &s));
	assert_int_equal(6, s.ids[4]);
	f.after = 0;
	f.user_key = NULL;
	f.limit = 10;
	f.states |= 1u << JOB_RELEASING;
	s.n = 0;
	assert_int_equal(7, store_job_list(st, &f, see, &s));
	assert_int_equal(7, s.ids[6]);
	s.n = 0;
	s.stop_at = 2;
	store_job_list(st, &f, see, &s);
	assert_int_equal(2, s.n);
	assert_int_equal(0, store_job_count(st, "anna", &n));
	assert_int_equal(6, n);
	assert_int_equal(0, store_count_state(st, JOB_RELEASING, &n));
	assert_int_equal(1, n);
}

static bool
see_event(int64_t at_ms, const char *kind, const char *text, void *ctx)
{
	struct seen *s = ctx;

	assert_int_equal(s->n == 0 ? 5 : 6, at_ms);
	assert_string_equal(s->n == 0 ? "held" : "sent", kind);
	assert_string_equal(s->n == 0 ? "from pc7" : "", text);
	s->n++;
	return true;
}

UNIT(the_story_of_a_job)
{
	struct seen s = { .n = 0 };

	hold(1);
	fixture_begin();
	assert_int_equal(0, store_event_add(st, 1, 5, "held", "from pc7"));
	assert_int_equal(0, store_event_add(st, 1, 6, "sent", ""));
	fixture_commit();
	assert_int_equal(0, store_event_list(st, 1, see_event, &s));
	assert_int_equal(2, s.n);
	assert_int_equal(0, store_event_list(st, 2, see_event, &s));
	assert_int_equal(2, s.n);
}

UNIT(states_have_names)
{
	for (int i = JOB_HELD; i <= JOB_REFUSED; i++)
		assert_int_equal(i,
		    job_state_of(job_state_name((enum job_state)i)));
	assert_int_equal(0, job_state_of("lost"));
	assert_int_equal(0, job_state_of(""));
	assert_string_equal("unknown", job_state_name((enum job_state)0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORED(a_job_comes_back_as_it_went),
		STORED(words_of_a_job_are_no_sql),
		STORED(a_document_is_held_once),
		STORED(it_stays_known_after_it_was_printed_or_deleted),
		STORED(without_a_uuid_nothing_is_known),
		STORED(only_the_first_badge_gets_the_job),
		STORED(an_expired_job_cannot_be_taken),
		STORED(every_state_allows_what_it_should),
		STORED(sent_erases_the_key),
		STORED(refused_by_the_device_is_held_again),
		STORED(unconfirmed_keeps_the_document),
		STORED(ends_erase_the_key_and_keep_the_reason),
		STORED(due_are_those_that_wait),
		STORED(records_are_forgotten_documents_never),
		STORED(copies_and_journal_of_a_job_that_waits),
		STORED(lists_are_in_order_and_in_pages),
		STORED(the_story_of_a_job),
		UNIT_RUN(states_have_names),
	};

	return cmocka_run_group_tests_name("store_job", tests, NULL, NULL);
}
