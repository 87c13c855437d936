/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Who calls the local API, and what that one must not get by it: another's
 * jobs as a delegate, another's answer by a key, rights that are gone.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/core_whole.h"

static struct device dev;
static int agent;

static int
begin(void **state)
{
	if (whole_call_open(state) < 0)
		return -1;
	whole_device(&dev);
	agent = whole_peer(ROLE_AGENT);
	return 0;
}

static int
end(void **state)
{
	close(agent);
	return whole_call_close(state);
}
#define CALLED(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* ---- somebody calls */

/* The agent's answer to the only question that waits. */
static void
agent_says(unsigned type, const struct rel_buf *b)
{
	struct rel_frame fr, out = { .type = (uint16_t)type, .body = b->data,
	    .len = b->len };
	struct rel_err err;
	int n = 0;

	for (; whole_heard(agent, &fr) == 1; n++)
		out.id = fr.id;
	assert_int_equal(1, n);
	assert_int_equal(0, rel_frame_send(agent, &out, 1000, &err));
	whole_turns();
}

static int
answered(void)
{
	struct rel_frame fr;
	struct response rs;

	assert_int_equal(1, whole_heard(call.net, &fr));
	assert_int_equal(0, response_get(&rs, fr.body, fr.len));
	memcpy(call.problem, rs.problem, sizeof call.problem);
	json_decref(call.body);
	call.body = rs.body_len > 0 ? json_loadb(rs.body, rs.body_len, 0,
	    NULL) : NULL;
	return rs.status != 0 ? rs.status : problem_status(rs.problem);
}

/* The route as the user of this number, whom the system calls name. */
static int
as(uint32_t uid, const char *name, enum req_route route)
{
	struct rel_buf b;
	int status;

	call.rq.uid = uid;
	if ((status = whole_call(route)) != -1)
		return status;
	rel_buf_init(&b);
	rel_put_str(&b, name);
	rel_put_u8(&b, 0);
	agent_says(IPC_WHO, &b);
	rel_buf_fini(&b);
	return answered();
}

static int
as_bert(enum req_route route)
{
	return as(1000, "bert", route);
}

static const char *
said(const char *key)
{
	return json_string_value(json_object_get(call.body, key));
}

/* ---- what there is */

static void
enter(int64_t id, const char *name, bool disabled)
{
	struct user u;

	whole_user(&u, id, name);
	u.disabled = disabled;
	whole_user_add(&u);
}

static void
give(const char *name, enum caller_role role)
{
	struct role_row r = { .role = role, .given_by = "root" };
	struct rel_err err;

	snprintf(r.key, sizeof r.key, "%s", name);
	snprintf(r.name, sizeof r.name, "%s", name);
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_role_set(whole->st, &r));
	whole_commit();
}

static void
let_print(const char *owner, const char *name, int64_t until_ms)
{
	struct delegate d = { .until_ms = until_ms };
	struct rel_err err;

	snprintf(d.owner_key, sizeof d.owner_key, "%s", owner);
	snprintf(d.owner_name, sizeof d.owner_name, "%s", owner);
	snprintf(d.key, sizeof d.key, "%s", name);
	snprintf(d.name, sizeof d.name, "%s", name);
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_delegate_set(whole->st, &d));
	whole_commit();
}

/* anna lets bert, for so long from now; 0: for ever. */
static void
let(int64_t for_ms)
{
	let_print("anna", "bert", for_ms == 0 ? 0 : rel_now_ms() + for_ms);
}

/* A job of anna's, its id in the request. */
static int64_t
job(void)
{
	static char id[24];
	int64_t n = whole_job();

	ids_job_text(id, n);
	whole_call_set(F_ID, id);
	return n;
}

static void
key(const char *text)
{
	snprintf(call.rq.idem_key, sizeof call.rq.idem_key, "%s", text);
}

/* ---- keys of changes (Idempotency-Key) */

UNIT(a_key_is_good_for_one_path)
{
	int64_t a = job(), b;

	key("k1");
	assert_int_equal(204, whole_call(API_JOB_DEL));
	assert_int_equal(JOB_DELETED, whole_state(a));
	b = job();
	/* Not the answer to the other: this one is still there. */
	assert_int_equal(409, whole_call(API_JOB_DEL));
	assert_string_equal("idempotency-conflict", call.problem);
	assert_int_equal(JOB_HELD, whole_state(b));
	key("k2");
	assert_int_equal(204, whole_call(API_JOB_DEL));
	assert_int_equal(JOB_DELETED, whole_state(b));
}

UNIT(nobody_gets_anothers_answer_by_a_key)
{
	char one[80], two[80], first[32];

	memset(one, 'a', sizeof one);
	one[79] = '\0';
	memcpy(two, one, sizeof two);
	two[78] = 'b';
	key("k1");
	assert_int_equal(200, as(1001, one, API_ME_CODE));
	snprintf(first, sizeof first, "%s", said("code"));
	assert_int_equal(200, as(1001, one, API_ME_CODE));
	assert_string_equal(first, said("code"));
	assert_int_equal(200, as(1002, two, API_ME_CODE));
	assert_string_not_equal(first, said("code"));
}

/* ---- rights that are gone */

UNIT(a_closed_account_does_nothing)
{
	enter(7, "bert", true);
	give("bert", WHO_OPERATOR);
	(void)job();
	assert_int_equal(403, as_bert(API_JOB_GET));
	assert_string_equal("account-closed", call.problem);
	assert_int_equal(403, as_bert(API_JOB_DEL));
	assert_int_equal(403, as_bert(API_JOB_LIST));
	assert_int_equal(403, as_bert(API_USER_LIST));
	assert_int_equal(403, as_bert(API_DELEGATES));
	/* Who one is, is told: the page has to say why. */
	assert_int_equal(200, as_bert(API_ME_GET));
	assert_true(json_is_true(json_object_get(call.body, "disabled")));
}

UNIT(a_role_that_is_taken_is_gone_at_once)
{
	give("bert", WHO_ADMIN);
	(void)job();
	assert_int_equal(200, as_bert(API_JOB_GET));
	assert_int_equal(200, as_bert(API_ROLE_LIST));
	give("bert", WHO_USER);
	assert_int_equal(404, as_bert(API_JOB_GET));
	assert_int_equal(403, as_bert(API_ROLE_LIST));
}

/* ---- how much of a device */

/* The members of the only device of the list, "a b c". */
static const char *
device_members(void)
{
	static char all[1024];
	json_t *o = json_array_get(json_object_get(call.body, "devices"), 0),
	    *v;
	const char *name;
	size_t n = 0;

	assert_non_null(o);
	all[0] = '\0';
	json_object_foreach(o, name, v)
		n += (size_t)snprintf(all + n, sizeof all - n, "%s ", name);
	assert_true(n < sizeof all);
	return all;
}

UNIT(who_only_prints_learns_of_a_device_what_choosing_needs)
{
	assert_int_equal(200, as_bert(API_DEVICE_LIST));
	assert_string_equal("id name location state condition problem trouble "
	    "status color duplex ", device_members());
	whole_call_set(F_Q, dev.name);
	assert_int_equal(200, as_bert(API_DEVICE_LIST));
	assert_null(strstr(device_members(), "address"));
	/* Nor does searching tell the address, digit by digit. */
	whole_call_set(F_Q, dev.lpr_host);
	assert_int_equal(200, as_bert(API_DEVICE_LIST));
	assert_int_equal(0, json_array_size(json_object_get(call.body,
	    "devices")));
	whole_call_set(F_Q, NULL);
	whole_call_set(F_DEVICE_GROUP, "2nd floor");
	assert_int_equal(403, as_bert(API_DEVICE_LIST));
	assert_int_equal(403, as_bert(API_DEVICE_GROUPS));
	whole_call_set(F_ID, "2nd floor");
	assert_int_equal(403, as_bert(API_DEVICE_GROUP_GET));
	whole_call_set(F_DEVICE_GROUP, NULL);
	whole_call_set(F_STATION, "yes");
	assert_int_equal(403, as_bert(API_DEVICE_LIST));
	whole_call_set(F_STATION, NULL);
	whole_call_set(F_ID, dev.id);
	assert_int_equal(403, as_bert(API_DEVICE_GET));
}

UNIT(from_the_help_desk_up_all_of_a_device_is_told)
{
	static const enum caller_role roles[] = { WHO_HELPDESK, WHO_OPERATOR,
		WHO_ADMIN };

	for (size_t i = 0; i < 3; i++) {
		give("bert", roles[i]);
		memset(call.rq.f, 0, sizeof call.rq.f);
		assert_int_equal(200, as_bert(API_DEVICE_LIST));
		assert_non_null(strstr(device_members(), "lpr_host "));
		assert_non_null(strstr(device_members(), "address "));
		assert_non_null(strstr(device_members(), "color "));
		whole_call_set(F_Q, dev.lpr_host);
		assert_int_equal(200, as_bert(API_DEVICE_LIST));
		assert_non_null(strstr(device_members(), "supplies "));
		whole_call_set(F_ID, dev.id);
		assert_int_equal(200, as_bert(API_DEVICE_GET));
	}
	give("bert", WHO_USER);
	memset(call.rq.f, 0, sizeof call.rq.f);
	assert_int_equal(200, as_bert(API_DEVICE_LIST));
	assert_null(strstr(device_members(), "lpr_host"));
}

UNIT(operators_change_groups_of_devices)
{
	whole_call_set(F_ID, "2nd floor");
	whole_call_set(F_OP, "add");
	whole_call_set(F_DEVICES, dev.id);
	whole_call_set(F_NAME, "3rd floor");
	give("bert", WHO_HELPDESK);
	assert_int_equal(200, as_bert(API_DEVICE_GROUP_GET));
	assert_int_equal(403, as_bert(API_DEVICE_GROUP_SET));
	assert_int_equal(403, as_bert(API_DEVICE_GROUP_RENAME));
	give("bert", WHO_OPERATOR);
	assert_int_equal(200, as_bert(API_DEVICE_GROUP_SET));
	assert_int_equal(200, as_bert(API_DEVICE_GROUP_RENAME));
	assert_string_equal("3rd floor", said("name"));
}

UNIT(who_gets_a_name_begins_with_nothing)
{
	const struct person_group g = { .key = "staff", .name = "Staff" };
	const struct group_member m = { .group = "staff", .key = "bert",
	    .name = "bert" };
	const struct quota q = { .owner = QUOTA_USER, .key = "bert",
	    .unit = UNIT_MONEY, .amount = 1000000, .by = "root" };
	struct quota left;
	int role = WHO_USER;

	enter(7, "bert", false);
	enter(8, "anna", false);
	give("bert", WHO_OPERATOR);
	let(0);
	whole_write();
	assert_int_equal(0, store_group_set(whole->st, &g));
	assert_int_equal(0, store_member_add(whole->st, &m));
	assert_int_equal(0, store_quota_set(whole->st, &q));
	whole_turns();
	whole_call_set(F_ID, "bert");
	assert_int_equal(204, whole_call(API_USER_DEL));
	assert_int_equal(0, store_group_has(whole->st, "staff", "bert"));
	assert_int_equal(-REL_E_NOTFOUND, store_quota_get(whole->st,
	    QUOTA_USER, "bert", UNIT_MONEY, &left));
	assert_int_equal(-REL_E_NOTFOUND, store_role_get(whole->st, "bert",
	    &role));
	assert_int_equal(0, store_delegate_is(whole->st, "anna", "bert", 0));
	let(0);
	whole_call_set(F_ID, "anna");
	assert_int_equal(204, whole_call(API_USER_DEL));
	assert_int_equal(0, store_delegate_is(whole->st, "anna", "bert", 0));
}

UNIT(who_is_erased_prints_for_nobody)
{
	enter(7, "bert", false);
	let(0);
	let_print("bert", "otto", 0);
	let_print("anna", "otto", 0);
	whole_call_set(F_ID, "bert");
	assert_int_equal(200, whole_call(API_USER_ERASE));
	assert_int_equal(0, store_delegate_is(whole->st, "anna", "bert", 0));
	assert_int_equal(0, store_delegate_is(whole->st, "bert", "otto", 0));
	assert_int_equal(1, store_delegate_is(whole->st, "anna", "otto", 0));
}

/* ---- delegates */

UNIT(a_delegate_sees_and_prints)
{
	(void)job();
	assert_int_equal(404, as_bert(API_JOB_GET));
	let(3600000);
	assert_int_equal(200, as_bert(API_JOB_GET));
	assert_string_equal("Title", said("title"));
	assert_int_equal(200, as_bert(API_JOB_EXPLAIN));
	whole_call_set(F_OF_USER, "anna");
	assert_int_equal(200, as_bert(API_JOB_LIST));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "jobs")));
	whole_call_set(F_DEVICE, dev.id);
	assert_int_equal(202, as_bert(API_JOB_RELEASE));
}

UNIT(and_nothing_else)
{
	static const enum req_route more[] = { API_JOB_DEL, API_JOB_KEEP,
	    API_JOB_OPTIONS, API_JOB_PREVIEW };
	int64_t id = job();

	let(0);
	for (int helpdesk = 0; helpdesk < 2; helpdesk++) {
		for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
			assert_int_equal(403, as_bert(more[i]));
		whole_call_set(F_DEVICE, dev.id);
		call.rq.f[F_COPIES].set = true;
		call.rq.f[F_COPIES].num = 99;
		assert_int_equal(403, as_bert(API_JOB_RELEASE));
		call.rq.f[F_COPIES].set = false;
		whole_call_set(F_DEVICE, NULL);
		give("bert", WHO_HELPDESK);
	}
	assert_int_equal(JOB_HELD, whole_state(id));
	/* The help desk sees no titles, whoever lets them. */
	assert_int_equal(200, as_bert(API_JOB_GET));
	assert_true(json_is_null(json_object_get(call.body, "title")));
	give("bert", WHO_USER);
	/* What one may print for anna does not make one anna. */
	whole_call_set(F_OF_USER, "anna");
	assert_int_equal(403, as_bert(API_USAGE));
	whole_call_set(F_ID, "anna");
	assert_int_equal(403, as_bert(API_USER_GET));
	assert_int_equal(403, as_bert(API_USER_DATA));
}

UNIT(nor_what_was_printed_before)
{
	struct job_settle done = { .to = JOB_SENT, .reason = "" };
	struct rel_err err;

	(void)job();
	let(0);
	assert_int_equal(204, whole_call(API_JOB_DEL));
	assert_int_equal(404, as_bert(API_JOB_GET));
	assert_int_equal(404, as_bert(API_JOB_EXPLAIN));
	whole_call_set(F_OF_USER, "anna");
	whole_call_set(F_JOB_STATE, "all");
	assert_int_equal(403, as_bert(API_JOB_LIST));
	whole_call_set(F_JOB_STATE, "held,deleted");
	assert_int_equal(403, as_bert(API_JOB_LIST));
	whole_call_set(F_JOB_STATE, "held,unconfirmed");
	assert_int_equal(200, as_bert(API_JOB_LIST));
	/* But what became of that which the delegate printed. */
	whole_call_set(F_OF_USER, NULL);
	whole_call_set(F_JOB_STATE, NULL);
	done.id = job();
	whole_call_set(F_DEVICE, dev.id);
	assert_int_equal(202, as_bert(API_JOB_RELEASE));
	done.now_ms = rel_now_ms();
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_job_settle(whole->st, &done));
	whole_commit();
	assert_int_equal(200, as_bert(API_JOB_GET));
	assert_string_equal("sent", said("state"));
}

UNIT(nor_longer_than_it_was_said)
{
	(void)job();
	let(-1);
	assert_int_equal(404, as_bert(API_JOB_GET));
	whole_call_set(F_DEVICE, dev.id);
	assert_int_equal(404, as_bert(API_JOB_RELEASE));
	whole_call_set(F_DEVICE, NULL);
	whole_call_set(F_OF_USER, "anna");
	assert_int_equal(403, as_bert(API_JOB_LIST));
	give("bert", WHO_HELPDESK);
	whole_call_set(F_DEVICE, dev.id);
	assert_int_equal(403, as_bert(API_JOB_RELEASE));
}

UNIT(the_last_delegate_can_get_another_time)
{
	char name[16];

	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof name, "user%d", i);
		whole_call_set(F_NAME, name);
		assert_int_equal(201, as_bert(API_DELEGATE_SET));
	}
	whole_call_set(F_VALID_UNTIL, "2089-01-01");
	assert_int_equal(201, as_bert(API_DELEGATE_SET));
	whole_call_set(F_NAME, "one-more");
	assert_int_equal(400, as_bert(API_DELEGATE_SET));
}

/* ---- certificates that somebody makes up */

UNIT(made_up_certificates_keep_no_panel_waiting)
{
	struct rel_frame fr;

	enter(7, "root", false);
	for (int i = 0; i < 1200; i++) {
		snprintf(call.rq.cups_cert, sizeof call.rq.cups_cert, "%032d",
		    i);
		if (whole_call(API_ME_GET) != -1)
			assert_string_equal("rate-limited", call.problem);
	}
	call.rq.cups_cert[0] = '\0';
	whole_call_set(F_NEW_PASSWORD, "new");
	/* The agent is asked: there is room for a password. */
	assert_int_equal(-1, whole_call(API_ME_SET));
	while (whole_heard(agent, &fr) == 1)
		;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CALLED(a_key_is_good_for_one_path),
		CALLED(nobody_gets_anothers_answer_by_a_key),
		CALLED(a_closed_account_does_nothing),
		CALLED(a_role_that_is_taken_is_gone_at_once),
		CALLED(who_only_prints_learns_of_a_device_what_choosing_needs),
		CALLED(from_the_help_desk_up_all_of_a_device_is_told),
		CALLED(operators_change_groups_of_devices),
		CALLED(who_gets_a_name_begins_with_nothing),
		CALLED(who_is_erased_prints_for_nobody),
		CALLED(a_delegate_sees_and_prints),
		CALLED(and_nothing_else),
		CALLED(nor_what_was_printed_before),
		CALLED(nor_longer_than_it_was_said),
		CALLED(the_last_delegate_can_get_another_time),
		CALLED(made_up_certificates_keep_no_panel_waiting)
	};

	return cmocka_run_group_tests_name("who", tests, NULL, NULL);
}
