/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What core asks a driver, and the answer. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "lib/text.h"
#include "releaserd/driver_wire.h"

#define SET(to, text) snprintf(to, sizeof to, "%s", text)

static void
question(struct driver_ask *q)
{
	memset(q, 0, sizeof *q);
	q->op = DRIVER_SESSION_OPEN;
	q->deadline_ms = 4000;
	SET(q->at.device, "d-1");
	SET(q->at.protocol, "opdp");
	SET(q->at.address, "2001:db8::7");
	q->at.snmp_port = 1161;
	q->at.nsnmp = 2;
	q->at.snmp[0].version = SNMP_V2C;
	SET(q->at.snmp[0].name, "public");
	q->at.snmp[1].version = SNMP_V3;
	q->at.snmp[1].auth = SNMP_SHA512;
	q->at.snmp[1].priv = SNMP_AES256;
	SET(q->at.snmp[1].name, "reader");
	SET(q->at.snmp[1].auth_secret, "one secret");
	SET(q->at.snmp[1].priv_secret, "another one");
	SET(q->at.snmp[1].context, "ctx");
	SET(q->at.url, "https://[2001:db8::7]:8443/opdp/v1");
	SET(q->at.pin, "00ff");
	SET(q->at.token, "t0ken");
	q->at.cert = (const uint8_t *)"CERT";
	q->at.cert_len = 4;
	q->at.key = (const uint8_t *)"KEY";
	q->at.key_len = 3;
	SET(q->id, "session-7");
	q->number = -1;
	q->limit = 500;
	SET(q->kept, "what was kept");
	q->text = "{\"a\":1}";
	q->text_len = 7;
}

UNIT(a_question_travels)
{
	struct driver_ask q, got;
	struct rel_buf b;

	rel_buf_init(&b);
	question(&q);
	driver_ask_put(&b, &q);
	assert_int_equal(0, driver_ask_get(&got, b.data, b.len));
	assert_memory_equal(got.at.cert, "CERT", 4);
	assert_memory_equal(got.at.key, "KEY", 3);
	assert_memory_equal(got.text, q.text, q.text_len);
	assert_true(got.until_ms > rel_mono_ms() + 3000);
	assert_true(got.until_ms <= rel_mono_ms() + 4000);
	assert_memory_equal(got.at.snmp, q.at.snmp, sizeof q.at.snmp);
	assert_string_equal(q.at.url, got.at.url);
	assert_string_equal(q.at.pin, got.at.pin);
	assert_string_equal(q.at.token, got.at.token);
	assert_string_equal(q.id, got.id);
	assert_string_equal(q.kept, got.kept);
	assert_true(got.number == -1 && got.limit == 500 && got.op == q.op &&
	    got.at.nsnmp == 2 && got.at.snmp_port == 1161);
	for (size_t n = 0; n < b.len; n++)
		assert_true(driver_ask_get(&got, b.data, n) < 0);
	rel_put_u8(&b, 0);
	assert_true(driver_ask_get(&got, b.data, b.len) < 0);
	rel_buf_fini(&b);
}

static int
got_of(const struct driver_ask *q)
{
	struct driver_ask got;
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	driver_ask_put(&b, q);
	rc = driver_ask_get(&got, b.data, b.len);
	rel_buf_fini(&b);
	return rc;
}

UNIT(questions_core_would_not_ask_are_refused)
{
	static char much[DRIVER_TEXT_MAX + 1];
	struct driver_ask q;

	question(&q);
	assert_int_equal(0, got_of(&q));
	q.op = 0;
	assert_true(got_of(&q) < 0);
	q.op = DRIVER_POSTURE + 1;
	assert_true(got_of(&q) < 0);
	question(&q);
	q.at.snmp[0].version = SNMP_V3 + 1;
	assert_true(got_of(&q) < 0);
	question(&q);
	q.at.snmp[1].auth = SNMP_SHA512 + 1;
	assert_true(got_of(&q) < 0);
	question(&q);
	q.at.snmp[1].priv = SNMP_AES256 + 1;
	assert_true(got_of(&q) < 0);
	question(&q);
	q.text = much;
	q.text_len = DRIVER_TEXT_MAX;
	assert_int_equal(0, got_of(&q));
	q.text_len++;
	assert_true(got_of(&q) < 0);
}

static void
answer(struct driver_said *s)
{
	driver_said_init(s);
	s->rc = -REL_E_PEER;
	SET(s->words, "it is away");
	items_str(&s->items, "model", 0, "Wonder 7");
	s->items.groups = 1u << ITEMS_IDENTITY;
	s->changed = true;
	SET(s->kept, "7/42");
	s->job = (struct driver_job){ .state = 9, .impressions = 12,
		.color = 0, .sheets = -1, .reasons = "job-completed" };
	s->number = 77;
	rel_put_raw(&s->text, "{}", 2);
}

UNIT(an_answer_travels)
{
	struct driver_said s, got;
	struct rel_buf b;

	rel_buf_init(&b);
	answer(&s);
	driver_said_put(&b, &s);
	driver_said_init(&got);
	assert_int_equal(0, driver_said_get(&got, b.data, b.len));
	assert_int_equal(-REL_E_PEER, got.rc);
	assert_string_equal("it is away", got.words);
	assert_string_equal("Wonder 7", items_get(&got.items, "model"));
	assert_int_equal(1u << ITEMS_IDENTITY, got.items.groups);
	assert_true(got.changed);
	assert_string_equal("7/42", got.kept);
	assert_int_equal(9, got.job.state);
	assert_int_equal(12, got.job.impressions);
	assert_int_equal(0, got.job.color);
	assert_int_equal(-1, got.job.sheets);
	assert_string_equal("job-completed", got.job.reasons);
	assert_int_equal(77, got.number);
	assert_int_equal(2, got.text.len);
	driver_said_fini(&got);
	for (size_t n = 0; n < b.len; n++) {
		driver_said_init(&got);
		assert_true(driver_said_get(&got, b.data, n) < 0);
		driver_said_fini(&got);
	}
	driver_said_fini(&s);
	rel_buf_fini(&b);
}

static int
said_of(struct driver_said *s)
{
	struct driver_said got;
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	driver_said_put(&b, s);
	driver_said_init(&got);
	rc = driver_said_get(&got, b.data, b.len);
	driver_said_fini(&got);
	driver_said_fini(s);
	rel_buf_fini(&b);
	return rc;
}

UNIT(answers_that_cannot_be_are_refused)
{
	struct driver_said s;

	answer(&s);
	s.rc = -REL_E_CLOSED - 1;
	assert_true(said_of(&s) < 0);
	answer(&s);
	s.rc = 1;
	assert_true(said_of(&s) < 0);
	answer(&s);
	s.job.state = 2;
	assert_true(said_of(&s) < 0);
	answer(&s);
	s.job.impressions = -2;
	assert_true(said_of(&s) < 0);
	answer(&s);
	for (size_t i = s.text.len; i < DRIVER_TEXT_MAX + 1; i++)
		rel_put_u8(&s.text, ' ');
	assert_true(said_of(&s) < 0);
}

/* What a device said may stand in every text. */
UNIT(texts_are_clean)
{
	struct driver_said s, got;
	struct rel_buf b;

	rel_buf_init(&b);
	answer(&s);
	SET(s.words, "a\nb\xff");
	SET(s.kept, "a\tb");
	SET(s.job.reasons, "\x1b[2J");
	driver_said_put(&b, &s);
	driver_said_init(&got);
	assert_int_equal(0, driver_said_get(&got, b.data, b.len));
	assert_string_equal("a b?", got.words);
	assert_string_equal("a b", got.kept);
	assert_string_equal(" [2J", got.job.reasons);
	driver_said_fini(&got);
	driver_said_fini(&s);
	rel_buf_fini(&b);
}

UNIT(noise_is_survived)
{
	struct driver_said s, got;
	struct driver_ask q;
	struct rel_buf ask, said;
	unsigned seed = 3;

	rel_buf_init(&ask);
	rel_buf_init(&said);
	for (int i = 0; i < 10000; i++) {
		rel_buf_reset(&ask);
		rel_buf_reset(&said);
		question(&q);
		driver_ask_put(&ask, &q);
		answer(&s);
		driver_said_put(&said, &s);
		driver_said_fini(&s);
		for (int k = 0; k < 3; k++) {
			seed = seed * 1103515245u + 12345u;
			ask.data[(seed >> 8) % ask.len] =
			    said.data[(seed >> 8) % said.len] =
			    (uint8_t)(seed >> 24);
		}
		(void)driver_ask_get(&q, ask.data, ask.len);
		driver_said_init(&got);
		(void)driver_said_get(&got, said.data, said.len);
		driver_said_fini(&got);
	}
	rel_buf_fini(&ask);
	rel_buf_fini(&said);
}

UNIT(every_question_has_a_name)
{
	for (unsigned op = DRIVER_INFO; op <= DRIVER_POSTURE; op++)
		assert_string_not_equal("unknown", driver_op_name(op));
	assert_string_equal("posture", driver_op_name(DRIVER_POSTURE));
	assert_string_equal("unknown", driver_op_name(DRIVER_POSTURE + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(a_question_travels),
		UNIT_RUN(questions_core_would_not_ask_are_refused),
		UNIT_RUN(an_answer_travels),
		UNIT_RUN(answers_that_cannot_be_are_refused),
		UNIT_RUN(texts_are_clean),
		UNIT_RUN(noise_is_survived),
		UNIT_RUN(every_question_has_a_name)
	};

	return cmocka_run_group_tests_name("driver_wire", tests, NULL, NULL);
}
