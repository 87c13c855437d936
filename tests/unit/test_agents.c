/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What takes time in an agent: deaths and changes in the meantime. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/core_whole.h"

static struct device dev;
static struct request rq;
static char problem[40];
static int net;

static void
set(enum req_field id, const char *value)
{
	rq.f[id].set = value != NULL;
	rq.f[id].str = value;
}

static int
open_agents(void **state)
{
	struct rel_err err;
	struct user u;

	if (whole_open(state) != 0)
		return -1;
	memset(&rq, 0, sizeof rq);
	memset(&u, 0, sizeof u);
	whole_device(&dev);
	net = whole_peer(ROLE_NET);
	u.id = 7;
	memcpy(u.key, "anna", 5);
	memcpy(u.name, "anna", 5);
	memcpy(u.password, "old", 4);
	if (store_begin(whole->st, &err) < 0 ||
	    store_user_add(whole->st, &u) < 0 ||
	    store_commit(whole->st, &err) < 0)
		return -1;
	return 0;
}

static int
close_agents(void **state)
{
	close(net);
	return whole_close(state);
}
#define AGENTS(name) \
	cmocka_unit_test_setup_teardown(name, open_agents, close_agents)

static int
ask(void)
{
	json_t *body;
	int status = whole_ask(net, &rq, problem, &body);

	json_decref(body);
	return status;
}

static int
log_in(void)
{
	rq.route = PANEL_ACTION;
	rq.caller = CALLER_DEVICE;
	memcpy(rq.caller_id, dev.id, sizeof dev.id);
	memcpy(rq.cert_fp, dev.cert_fp, sizeof rq.cert_fp);
	set(F_OP, "login");
	set(F_METHOD, "password");
	set(F_USER, "anna");
	set(F_PASSWORD, "secret");
	return ask();
}

/* The number of questions an agent has; the last one's id. */
static int
questions(int agent, uint32_t *id)
{
	struct rel_frame fr;
	int n = 0;

	for (; whole_heard(agent, &fr) == 1; n++)
		*id = fr.id;
	return n;
}

static void
answer(int agent, unsigned type, uint32_t id, const struct rel_buf *b)
{
	struct rel_frame fr = { .type = (uint16_t)type, .id = id,
	    .body = b->data, .len = b->len };
	struct rel_err err;

	assert_int_equal(0, rel_frame_send(agent, &fr, 1000, &err));
	whole_turns();
}

static bool
answered(struct response *rs)
{
	struct rel_frame fr;

	return whole_heard(net, &fr) == 1 &&
	    response_get(rs, fr.body, fr.len) == 0;
}

UNIT(a_question_that_kills_agents_is_given_up)
{
	struct response rs;
	uint32_t id = 0;

	assert_int_equal(-1, log_in());
	for (int i = 0; i < 3; i++) {
		int agent = whole_peer(ROLE_AGENT);

		whole_turns();
		assert_false(answered(&rs));
		assert_int_equal(1, questions(agent, &id));
		close(agent);
		whole_turns();
	}
	assert_true(answered(&rs));
	assert_string_equal("backend-unavailable", rs.problem);
	assert_int_equal(0, questions(whole_peer(ROLE_AGENT), &id));
}

/* An agent may still have a question of the core that died. */
UNIT(answers_to_the_core_before_are_nobodys)
{
	struct response rs;
	uint32_t before = 0, id = 0;
	struct rel_buf b;
	int agent = whole_peer(ROLE_AGENT);

	assert_int_equal(-1, log_in());
	assert_int_equal(1, questions(agent, &before));
	close(agent);
	close(net);
	whole_restart();
	net = whole_peer(ROLE_NET);
	agent = whole_peer(ROLE_AGENT);
	assert_int_equal(-1, log_in());
	assert_int_equal(1, questions(agent, &id));
	assert_int_not_equal(before, id);
	rel_buf_init(&b);
	rel_put_u8(&b, 1);
	answer(agent, IPC_VERIFIED, before, &b);
	assert_false(answered(&rs));
	answer(agent, IPC_VERIFIED, id, &b);
	assert_true(answered(&rs));
	rel_buf_fini(&b);
	close(agent);
}

/* What was beside it is not given up: who dies again is known then. */
UNIT(who_was_beside_a_deadly_question_is_answered)
{
	int agent = whole_peer(ROLE_AGENT);
	struct response rs;
	struct rel_buf b;
	uint32_t id = 0, last;

	assert_int_equal(-1, log_in());
	assert_int_equal(-1, log_in());
	assert_int_equal(2, questions(agent, &id));
	close(agent);
	whole_turns();
	for (int i = 0; i < 2; i++) {
		agent = whole_peer(ROLE_AGENT);
		whole_turns();
		assert_int_equal(1, questions(agent, &id));
		close(agent);
		whole_turns();
		assert_int_equal(i == 1, answered(&rs));
	}
	assert_string_equal("backend-unavailable", rs.problem);
	agent = whole_peer(ROLE_AGENT);
	whole_turns();
	last = id;
	assert_int_equal(1, questions(agent, &id));
	assert_true(id > last);
	rel_buf_init(&b);
	rel_put_u8(&b, 0);
	answer(agent, IPC_VERIFIED, id, &b);
	rel_buf_fini(&b);
	assert_true(answered(&rs));
	assert_int_equal(200, rs.status);
	close(agent);
}

UNIT(a_change_keeps_what_others_changed_meanwhile)
{
	int agent = whole_peer(ROLE_AGENT);
	struct response rs;
	struct rel_buf b;
	struct user u;
	uint32_t id = 0;

	rq.route = API_USER_SET;
	rq.caller = CALLER_LOCAL;
	set(F_ID, "anna");
	set(F_NEW_PASSWORD, "new");
	assert_int_equal(-1, ask());
	assert_int_equal(1, questions(agent, &id));
	set(F_NEW_PASSWORD, NULL);
	rq.f[F_DISABLED].set = true;
	rq.f[F_DISABLED].num = 1;
	set(F_DISPLAY, "Anna M.");
	assert_int_equal(200, ask());
	rel_buf_init(&b);
	rel_put_str(&b, "hash-of-new");
	answer(agent, IPC_HASHED, id, &b);
	rel_buf_fini(&b);
	assert_true(answered(&rs));
	assert_int_equal(200, rs.status);
	assert_int_equal(0, store_user_get(whole->st, "anna", &u));
	assert_string_equal("hash-of-new", u.password);
	assert_string_equal("Anna M.", u.display);
	assert_true(u.disabled);
	close(agent);
}

UNIT(a_log_in_that_was_undone_is_tried_again)
{
	int agent = whole_peer(ROLE_AGENT), dir = whole->spool_dir;
	struct response rs;
	struct rel_buf b;
	uint32_t id = 0;

	snprintf(rq.idem_key, sizeof rq.idem_key, "r-1");
	rel_buf_init(&b);
	rel_put_u8(&b, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(-1, log_in());
		/* Not an answer that was kept: the agent is asked again. */
		assert_int_equal(1, questions(agent, &id));
		/* A commit that fails. */
		whole->spool_dirty = i == 0;
		whole->spool_dir = i == 0 ? -1 : dir;
		answer(agent, IPC_VERIFIED, id, &b);
		assert_true(answered(&rs));
		assert_int_equal(i == 0 ? 0 : 200, rs.status);
	}
	assert_int_equal(200, log_in());
	assert_int_equal(0, questions(agent, &id));
	rel_buf_fini(&b);
	close(agent);
}

/* ---- drivers, which have hundreds */

#define MANY 200u
#define DEADLY 77u

static int ended[MANY];		/* 1 answered, -1 given up */

static void
on_ended(struct core *c, struct rel_frame *fr, void *ctx)
{
	(void)c;
	*(int *)ctx = fr != NULL ? 1 : -1;
}

static unsigned
ended_count(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < MANY; i++)
		n += ended[i] != 0;
	return n;
}

/* It answers all that it has; or dies of the deadly one: false. */
static bool
driver_works(int driver)
{
	struct rel_frame fr;
	struct rel_buf none;
	uint32_t ids[MANY], n = 0;
	bool dies = false;

	rel_buf_init(&none);
	while (whole_heard(driver, &fr) == 1 && n < MANY) {
		dies |= fr.body[0] == DEADLY;
		ids[n++] = fr.id;
	}
	while (!dies && n > 0)
		answer(driver, IPC_DRIVER_SAID, ids[--n], &none);
	return !dies;
}

/* It dies at no question that it shows: which one it is is found by halves. */
UNIT(a_death_outside_of_any_question_is_found_soon)
{
	const struct ask_for a = { .role = ROLE_DRIVER,
		.type = IPC_DRIVER_ASK };
	unsigned deaths = 0, rounds = 0;
	struct rel_buf b;
	int driver = whole_peer(ROLE_DRIVER);

	memset(ended, 0, sizeof ended);
	for (unsigned i = 0; i < MANY; i++) {
		rel_buf_init(&b);
		rel_put_u8(&b, (uint8_t)i);
		assert_int_equal(0, ask_peer(whole, &a, &b, on_ended,
		    &ended[i]));
		rel_buf_fini(&b);
	}
	for (; ended_count() < MANY && rounds < 2 * MANY; rounds++) {
		whole_turns();
		if (driver_works(driver))
			continue;
		deaths++;
		close(driver);
		whole_turns();
		driver = whole_peer(ROLE_DRIVER);
	}
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(i == DEADLY ? -1 : 1, ended[i]);
	assert_in_range(deaths, 3, 12);
	assert_in_range(rounds, 3, 80);
	close(driver);
}

/* Without memory nobody is asked nothing. */
UNIT(a_question_that_is_not_whole_is_not_asked)
{
	struct rel_buf b;
	uint32_t id;
	int agent = whole_peer(ROLE_AGENT), is = 0;

	rel_buf_init(&b);
	b.failed = REL_E_NOMEM;
	assert_true(agent_ask(whole, IPC_WHOIS, &b, on_ended, &is) < 0);
	whole_turns();
	assert_int_equal(0, questions(agent, &id));
	assert_int_equal(0, is);
	close(agent);
}

/* What is quick beside a mail does not make the mail quick. */
UNIT(a_mail_blocks_until_it_is_answered)
{
	struct rel_buf b;
	uint32_t mail = 0, quick = 0;
	int first = whole_peer(ROLE_AGENT), second = whole_peer(ROLE_AGENT);
	int is[4] = { 0 }, *busy;

	rel_buf_init(&b);
	rel_put_u8(&b, 1);
	assert_int_equal(0, agent_ask(whole, IPC_MAIL, &b, on_ended, &is[0]));
	whole_turns();
	busy = questions(first, &mail) == 1 ? &first : &second;
	if (busy == &second)
		assert_int_equal(1, questions(second, &mail));
	assert_int_equal(0, agent_ask_one(whole, whole->agents->busy > 0 ?
	    whole->agents->serial : whole->agents->next->serial, IPC_WHOIS,
	    &b, on_ended, &is[1]));
	whole_turns();
	assert_int_equal(1, questions(*busy, &quick));
	answer(*busy, IPC_WHO, quick, &b);
	assert_int_equal(1, is[1]);
	assert_true(whole->agents->blocked || whole->agents->next->blocked);
	answer(*busy, IPC_MAILED, mail, &b);
	assert_int_equal(1, is[0]);
	assert_false(whole->agents->blocked || whole->agents->next->blocked);
	rel_buf_fini(&b);
	close(first);
	close(second);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		AGENTS(a_question_that_kills_agents_is_given_up),
		AGENTS(answers_to_the_core_before_are_nobodys),
		AGENTS(who_was_beside_a_deadly_question_is_answered),
		AGENTS(a_change_keeps_what_others_changed_meanwhile),
		AGENTS(a_log_in_that_was_undone_is_tried_again),
		AGENTS(a_death_outside_of_any_question_is_found_soon),
		AGENTS(a_question_that_is_not_whole_is_not_asked),
		AGENTS(a_mail_blocks_until_it_is_answered)
	};

	return cmocka_run_group_tests_name("agents", tests, NULL, NULL);
}
