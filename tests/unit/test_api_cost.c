/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What was paid, by whatever is asked for, of more people than one slice. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/policy.h"
#include "releaserd/core/store_priv.h"
#include "tests/unit/core_whole.h"

#define PEOPLE 250			/* more than are looked up at once */
#define PRICE 1100000			/* of each job */

static struct device dev;

/*
 * A job that was paid, and the same of p1, p2 ... by hand: all but every fifth
 * are in the group "Staff", which is in "School"; every other is of Physics.
 */
static int
begin(void **state)
{
	int64_t id;

	if (whole_call_open(state) < 0)
		return -1;
	whole_device(&dev);
	whole_book(prices_book(whole), "mono 0.10\ncolour 0.15\n");
	id = whole_counted(5);
	whole_print(id, &dev, REL_SEND_SENT);
	whole_write();
	assert_true(store_exec(whole->st, "CREATE TEMP TABLE n AS WITH"
	    " RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM i"
	    " WHERE n<?) SELECT n FROM i", "i", (int64_t)PEOPLE - 1) >= 0);
	assert_true(store_exec(whole->st, "INSERT INTO job(id,node,queue,uuid,"
	    "document,cups_job,user_key,user,host,title,format,options,bytes,"
	    "copies,pin_scheme,has_doc,state,reason,created_ms,expires_ms)"
	    " SELECT j.id+n,node,queue,'',0,0,'p'||n,'p'||n,host,title,format,"
	    "options,bytes,copies,'',0,state,reason,created_ms,expires_ms"
	    " FROM n, job j WHERE j.id=?", "i", id) >= 0);
	assert_true(store_exec(whole->st, "INSERT INTO transfer(id,at_ms,kind,"
	    "job_id,source,unconfirmed,price_version) SELECT t.id+n,at_ms,"
	    "kind,job_id+n,source,0,1 FROM n, transfer t WHERE job_id=? AND kind=4", "i", id) >= 0);
	assert_true(store_exec(whole->st, "INSERT INTO entry(transfer,account,"
	    "amount,prev) SELECT t.id+n,account,amount,0 FROM n, transfer t"
	    " JOIN entry e ON e.transfer=t.id WHERE t.job_id=? AND t.kind=4",
	    "i", id) >= 0);
	assert_true(store_exec(whole->st, "INSERT INTO person_group(key,name,"
	    "created_ms) VALUES('staff','Staff',1),('school','School',1)",
	    "") >= 0);
	assert_true(store_exec(whole->st, "INSERT INTO group_member(group_key,"
	    "member_key,is_group,name) SELECT 'staff','p'||n,0,'p'||n FROM n"
	    " WHERE n%5 UNION SELECT 'school','staff',1,'Staff'", "") >= 0);
	assert_true(store_exec(whole->st, "INSERT INTO user(node,key,name,"
	    "display,mail,department,locale,password,card_pin,disabled,"
	    "created_ms) SELECT 1,'p'||n,'p'||n,'','','Physics','','','',0,1"
	    " FROM n WHERE n%2", "") >= 0);
	whole_turns();
	return 0;
}
#define COST(name) cmocka_unit_test_setup_teardown(name, begin, whole_call_close)

/* "NAME jobs paid" of a row; "" when there is none. */
static const char *
row(size_t i, const char *by)
{
	static char text[160];
	const json_t *r = json_array_get(json_object_get(call.body, "rows"), i);
	const char *name = json_string_value(json_object_get(r, by));

	snprintf(text, sizeof text, "%s %lld %lld", name != NULL ? name : "?",
	    (long long)json_integer_value(json_object_get(r, "jobs")),
	    (long long)json_integer_value(json_object_get(r, "paid")));
	return r != NULL ? text : "";
}

/* How many rows, and the sum is that of all jobs, each once. */
static size_t
ask(const char *by)
{
	const json_t *totals;

	whole_call_set(F_BY, by);
	assert_int_equal(200, whole_call(API_COST));
	totals = json_object_get(call.body, "totals");
	assert_int_equal(PEOPLE, json_integer_value(json_object_get(totals,
	    "jobs")));
	assert_int_equal((int64_t)PEOPLE * PRICE, json_integer_value(
	    json_object_get(totals, "paid")));
	return json_array_size(json_object_get(call.body, "rows"));
}

UNIT(groups_of_all_people_nested_ones_too)
{
	assert_int_equal(3, ask("group"));
	assert_string_equal("School 200 220000000", row(0, "group"));
	assert_string_equal("Staff 200 220000000", row(1, "group"));
	assert_string_equal(" 50 55000000", row(2, "group"));
}

UNIT(departments_of_all_people)
{
	assert_int_equal(2, ask("department"));
	assert_string_equal(" 125 137500000", row(0, "department"));
	assert_string_equal("Physics 125 137500000", row(1, "department"));
}

UNIT(others_are_as_they_were)
{
	assert_int_equal(PEOPLE, ask("user"));
	assert_string_equal("anna 1 1100000", row(0, "user"));
	assert_string_equal("p1 1 1100000", row(1, "user"));
	assert_int_equal(1, ask("device"));
	assert_int_equal(1, ask("queue"));
	assert_int_equal(1, ask("all"));
	assert_int_equal(1, ask("day"));
	assert_int_equal(1, ask("month"));
	whole_call_set(F_BY, "shoe");
	assert_int_equal(400, whole_call(API_COST));
	assert_string_equal("bad-request", call.problem);
}

/* The records of the jobs are gone: nobody knows who they were. */
UNIT(of_whom_nobody_knows_any_more)
{
	whole_write();
	assert_true(store_exec(whole->st, "DELETE FROM job", "") >= 0);
	whole_turns();
	assert_int_equal(1, ask("group"));
	assert_string_equal(" 250 275000000", row(0, "group"));
	assert_int_equal(1, ask("department"));
	assert_string_equal(" 250 275000000", row(0, "department"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		COST(groups_of_all_people_nested_ones_too),
		COST(departments_of_all_people),
		COST(others_are_as_they_were),
		COST(of_whom_nobody_knows_any_more),
	};

	return cmocka_run_group_tests_name("api_cost", tests, NULL, NULL);
}
