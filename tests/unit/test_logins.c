/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * People who log in over HTTPS: what a token is good for, how long, and what
 * somebody without one learns.
 */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/cursor.h"
#include "releaserd/core/logins.h"
#include "tests/unit/core_whole.h"

#define ANNA 7
#define WAITING_MAX 64

static int agent;
static struct settings *set;

/* ---- what an agent is asked, and what it says */

static uint32_t waiting[WAITING_MAX];
static char verifiers[WAITING_MAX][200];
static int nwaiting;

static void
agent_listens(void)
{
	struct rel_frame fr;
	struct rel_cur cur;
	size_t n;

	while (whole_heard(agent, &fr) == 1) {
		assert_int_equal(IPC_VERIFY, fr.type);
		assert_true(nwaiting < WAITING_MAX);
		waiting[nwaiting] = fr.id;
		rel_cur_init(&cur, fr.body, fr.len);
		(void)rel_get_bytes(&cur, &n);
		rel_get_str(&cur, verifiers[nwaiting], sizeof verifiers[0]);
		assert_int_equal(0, rel_cur_end(&cur));
		nwaiting++;
	}
}

static void
agent_says(uint8_t right)
{
	struct rel_frame out = { .type = IPC_VERIFIED, .body = &right,
	    .len = 1 };
	struct rel_err err;

	agent_listens();
	assert_true(nwaiting > 0);
	out.id = waiting[0];
	memmove(waiting, waiting + 1, sizeof waiting - sizeof waiting[0]);
	memmove(verifiers[0], verifiers[1], sizeof verifiers -
	    sizeof verifiers[0]);
	nwaiting--;
	assert_int_equal(0, rel_frame_send(agent, &out, 1000, &err));
	whole_turns();
}

/* ---- asking */

static char detail[240];
static unsigned retry_s;
static bool replayed;

/* The answer that waits: its status, or -1. */
static int
answered(void)
{
	struct rel_frame fr;
	struct response rs;

	if (whole_heard(call.net, &fr) != 1)
		return -1;
	assert_int_equal(0, response_get(&rs, fr.body, fr.len));
	memcpy(call.problem, rs.problem, sizeof call.problem);
	memcpy(detail, rs.detail, sizeof detail);
	retry_s = rs.retry_after_s;
	replayed = rs.replayed;
	json_decref(call.body);
	call.body = rs.body_len > 0 ? json_loadb(rs.body, rs.body_len, 0,
	    NULL) : NULL;
	return rs.status != 0 ? rs.status : problem_status(rs.problem);
}

static void
ask(enum req_route route)
{
	struct rel_buf b;

	call.rq.route = route;
	rel_buf_init(&b);
	request_put(&b, &call.rq);
	whole_say(call.net, IPC_REQUEST, &b);
	rel_buf_fini(&b);
	whole_turns();
}

static void
from(const char *addr)
{
	snprintf(call.rq.addr, sizeof call.rq.addr, "%s", addr);
}

static void
try_login(const char *name)
{
	call.rq.caller = CALLER_ANYONE;
	whole_call_set(F_NAME, name);
	whole_call_set(F_NEW_PASSWORD, "secret");
	ask(API_LOGIN);
	whole_call_set(F_NAME, NULL);
	whole_call_set(F_NEW_PASSWORD, NULL);
}

/* Log in as the name; the status. The agent says whether it is right. */
static int
login_as(const char *name, uint8_t right)
{
	int status;

	try_login(name);
	if ((status = answered()) != -1)
		return status;
	agent_says(right);
	return answered();
}

static void
token_use(const char *token)
{
	uint8_t hash[32];

	call.rq.caller = CALLER_USER;
	keys_sha256(hash, token, strlen(token));
	rel_hex(call.rq.caller_id, hash, sizeof hash);
}

/* A token of anna's. */
static const char *
token_new(void)
{
	static char token[LOGIN_TOKEN_TEXT + 1];

	assert_int_equal(201, login_as("anna", 1));
	snprintf(token, sizeof token, "%s", json_string_value(
	    json_object_get(call.body, "token")));
	assert_int_equal(43, strlen(token));
	return token;
}

static int
get(enum req_route route)
{
	ask(route);
	return answered();
}

static int
with(const char *token, enum req_route route)
{
	token_use(token);
	return get(route);
}

static void
enter(int64_t id, const char *name, bool disabled)
{
	struct user u;

	whole_user(&u, id, name);
	snprintf(u.password, sizeof u.password, "scrypt$15$8$1$%s", name);
	u.disabled = disabled;
	whole_user_add(&u);
}

static int
begin(void **state)
{
	if (whole_call_open(state) < 0)
		return -1;
	agent = whole_peer(ROLE_AGENT);
	nwaiting = 0;
	set = &whole->role->set;
	snprintf(whole->dummy_verifier, sizeof whole->dummy_verifier,
	    "scrypt$15$8$1$nobody");
	from("192.0.2.7");
	enter(ANNA, "anna", false);
	return 0;
}

static int
end(void **state)
{
	close(agent);
	return whole_call_close(state);
}
#define LOGIN(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* ---- tokens */

/* Is the text in the file? */
static bool
file_has(const char *name, const char *text)
{
	char path[128];
	struct stat sb;
	bool has = false;
	char *all;
	int fd;

	snprintf(path, sizeof path, "%s/%s", whole_dir, name);
	if ((fd = open(path, O_RDONLY)) < 0)
		return false;
	assert_int_equal(0, fstat(fd, &sb));
	all = malloc((size_t)sb.st_size + 1);
	assert_non_null(all);
	assert_int_equal(sb.st_size, read(fd, all, (size_t)sb.st_size));
	for (off_t i = 0; !has && i + (off_t)strlen(text) <= sb.st_size; i++)
		has = memcmp(all + i, text, strlen(text)) == 0;
	free(all);
	close(fd);
	return has;
}

UNIT(a_token_is_good_and_stands_nowhere)
{
	char token[LOGIN_TOKEN_TEXT];

	call.rq.caller = CALLER_ANYONE;
	whole_call_set(F_FOR, "phone");
	memcpy(token, token_new(), sizeof token);
	whole_call_set(F_FOR, NULL);
	assert_true(file_has("release.db", "phone") ||
	    file_has("release.db-wal", "phone"));
	assert_false(file_has("release.db", token) ||
	    file_has("release.db-wal", token));
	assert_int_equal(200, with(token, API_JOB_LIST));
	assert_int_equal(200, with(token, API_ME_GET));
	assert_string_equal("anna", json_string_value(json_object_get(
	    call.body, "name")));
	token[3] ^= 1;
	assert_int_equal(401, with(token, API_ME_GET));
	assert_string_equal("not-logged-in", call.problem);
	/* It is there after a crash. */
	token[3] ^= 1;
	close(agent);
	close(call.net);
	whole_restart();
	call.net = whole_peer(ROLE_NET);
	agent = whole_peer(ROLE_AGENT);
	assert_int_equal(200, with(token, API_ME_GET));
}

UNIT(no_route_answers_without_one)
{
	char hash[65];

	call.rq.caller = CALLER_USER;
	memset(hash, 'a', 64);
	hash[64] = '\0';
	memcpy(call.rq.caller_id, hash, sizeof hash);
	for (int i = 0; i < ROUTE_COUNT; i++) {
		const struct route_field *f = routes[i].fields;

		if ((routes[i].callers & BY_USER) == 0 || i == API_LOGIN)
			continue;
		for (; f->id != F_COUNT; f++) {
			call.rq.f[f->id].set = true;
			call.rq.f[f->id].str = f->type == FT_STR ? "1" :
			    f->type == FT_JSON ? "{}" : NULL;
			call.rq.f[f->id].num = f->min;
		}
		if (get((enum req_route)i) != 401)
			fail_msg("%s answered", routes[i].name);
		assert_string_equal("not-logged-in", call.problem);
		memset(call.rq.f, 0, sizeof call.rq.f);
	}
}

/* As if a log-in had been made and used at these times. */
static void
times(int64_t created_ms, int64_t used_ms)
{
	struct login_ages all = { 0, 0 };
	struct user_login l = { .user_id = ANNA, .created_ms = created_ms,
	    .used_ms = used_ms };
	struct rel_err err;

	l.id = ids_next(whole);
	memcpy(l.label, "old", 4);
	memcpy(l.address, "192.0.2.7", 10);
	keys_sha256(l.hash, "old", 3);
	assert_int_equal(0, store_begin(whole->st, &err));
	(void)store_login_end_all(whole->st, ANNA);
	assert_int_equal(0, store_login_add(whole->st, &l));
	assert_int_equal(0, store_login_by_hash(whole->st, l.hash, &all, &l));
	whole_commit();
}

UNIT(it_ends_unused_and_in_the_end)
{
	int64_t now = rel_now_ms(), s = 1000;

	set->user_session_idle_ms = 1000 * s;
	set->user_session_max_ms = 5000 * s;
	times(now - 4000 * s, now - 990 * s);
	assert_int_equal(200, with("old", API_ME_GET));
	times(now - 4000 * s, now - 1001 * s);
	assert_int_equal(401, with("old", API_ME_GET));
	times(now - 5001 * s, now);
	assert_int_equal(401, with("old", API_ME_GET));
	times(now - 4990 * s, now);
	assert_int_equal(200, with("old", API_ME_GET));
	/* What has ended is not listed, and goes. */
	assert_int_equal(200, get(API_ME_SESSIONS));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "sessions")));
	times(now - 5001 * s, now);
	whole->ticks = 602;
	logins_tick(whole);
	whole_turns();
	whole_write();
	assert_int_equal(0, store_login_end_all(whole->st, ANNA));
}

UNIT(use_is_written_down_later)
{
	struct login_ages all = { 0, 0 };
	int64_t now = rel_now_ms();
	struct user_login l;
	uint8_t hash[32];

	keys_sha256(hash, "old", 3);
	times(now - 400000, now - 310000);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(200, with("old", API_JOB_LIST));
		assert_int_equal(0, store_login_by_hash(whole->st, hash, &all,
		    &l));
		assert_int_equal(now - 310000, l.used_ms);
	}
	from("192.0.2.8");
	assert_int_equal(200, with("old", API_JOB_LIST));
	whole->ticks = 60;
	logins_tick(whole);
	whole_turns();
	assert_int_equal(0, store_login_by_hash(whole->st, hash, &all, &l));
	assert_true(l.used_ms >= now);
	assert_string_equal("192.0.2.8", l.address);
	/* One that was used a moment ago writes nothing. */
	assert_int_equal(200, with("old", API_JOB_LIST));
	logins_flush(whole);
	assert_false(store_is_open(whole->st));
	/* One that has gone meanwhile stays gone. */
	times(now - 400000, now - 310000);
	assert_int_equal(200, with("old", API_JOB_LIST));
	assert_int_equal(204, get(API_LOGOUT));
	logins_flush(whole);
	whole_turns();
	assert_int_equal(401, get(API_JOB_LIST));
}

UNIT(one_too_many_ends_the_least_used)
{
	char token[3][LOGIN_TOKEN_TEXT];

	set->user_session_limit = 2;
	for (int i = 0; i < 3; i++) {
		/* Clocks count milliseconds; so do we. */
		int64_t then = rel_now_ms();

		memcpy(token[i], token_new(), sizeof token[i]);
		while (rel_now_ms() == then)
			continue;
	}
	assert_int_equal(401, with(token[0], API_ME_GET));
	assert_int_equal(200, with(token[1], API_ME_GET));
	assert_int_equal(200, with(token[2], API_ME_GET));
	assert_int_equal(200, get(API_ME_SESSIONS));
	assert_int_equal(2, json_array_size(json_object_get(call.body,
	    "sessions")));
	assert_true(json_is_true(json_object_get(json_array_get(
	    json_object_get(call.body, "sessions"), 0), "current")));
}

/* ---- the end of all of them */

static void
anna_as(void (*change)(struct user *u))
{
	struct rel_err err;
	struct user u;

	assert_int_equal(0, store_user_get(whole->st, "anna", &u));
	change(&u);
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_commit();
}

static void
new_mail(struct user *u)
{
	snprintf(u->mail, sizeof u->mail, "a@example.com");
}

static void
new_password(struct user *u)
{
	snprintf(u->password, sizeof u->password, "scrypt$15$8$1$other");
}

static void
closed(struct user *u)
{
	u->disabled = true;
}

UNIT(a_new_password_or_none_ends_them)
{
	char token[LOGIN_TOKEN_TEXT];
	struct rel_err err;

	memcpy(token, token_new(), sizeof token);
	anna_as(new_mail);
	assert_int_equal(200, with(token, API_ME_GET));
	anna_as(new_password);
	assert_int_equal(401, with(token, API_ME_GET));
	memcpy(token, token_new(), sizeof token);
	anna_as(closed);
	assert_int_equal(401, with(token, API_ME_GET));
	/* Opened again: an old token stays dead. */
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_user_del(whole->st, "anna"));
	whole_commit();
	enter(ANNA, "anna", false);
	assert_int_equal(401, with(token, API_ME_GET));
	memcpy(token, token_new(), sizeof token);
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_person_erase(whole->st, "anna", "user-1"));
	whole_commit();
	assert_int_equal(401, with(token, API_ME_GET));
	enter(ANNA, "anna", false);
	assert_int_equal(401, with(token, API_ME_GET));
}

/* The addresses somebody came from go with the person. */
UNIT(nothing_is_left_of_who_is_erased)
{
	struct rel_err err;

	from("192.0.2.77");
	assert_int_equal(401, login_as("anna", 0));
	(void)token_new();
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_person_erase(whole->st, "anna", "user-1"));
	whole_commit();
	call.rq.caller = CALLER_LOCAL;
	assert_int_equal(200, get(API_AUDIT_LIST));
	{
		char *all = json_dumps(call.body, 0);

		assert_non_null(strstr(all, "login-denied"));
		assert_null(strstr(all, "192.0.2.77"));
		free(all);
	}
}

UNIT(one_ends_ones_own_only)
{
	char token[LOGIN_TOKEN_TEXT], id[24];

	memcpy(token, token_new(), sizeof token);
	assert_int_equal(200, with(token, API_ME_SESSIONS));
	snprintf(id, sizeof id, "%s", json_string_value(json_object_get(
	    json_array_get(json_object_get(call.body, "sessions"), 0),
	    "id")));
	enter(8, "bert", false);
	assert_int_equal(201, login_as("bert", 1));
	token_use(json_string_value(json_object_get(call.body, "token")));
	whole_call_set(F_ID, id);
	assert_int_equal(404, get(API_ME_SESSION_END));
	whole_call_set(F_ID, "x");
	assert_int_equal(404, get(API_ME_SESSION_END));
	whole_call_set(F_ID, "anna");
	assert_int_equal(403, get(API_USER_SESSIONS));
	assert_int_equal(403, get(API_USER_SESSIONS_END));
	assert_int_equal(200, with(token, API_USER_SESSIONS));
	whole_call_set(F_ID, id);
	assert_int_equal(204, get(API_ME_SESSION_END));
	whole_call_set(F_ID, NULL);
	assert_int_equal(401, get(API_ME_GET));
}

UNIT(an_operator_ends_all_of_a_user)
{
	char token[LOGIN_TOKEN_TEXT];

	memcpy(token, token_new(), sizeof token);
	call.rq.caller = CALLER_LOCAL;		/* uid 0 */
	whole_call_set(F_ID, "anna");
	assert_int_equal(200, get(API_USER_SESSIONS));
	assert_int_equal(1, json_array_size(json_object_get(call.body,
	    "sessions")));
	assert_int_equal(204, get(API_USER_SESSIONS_END));
	whole_call_set(F_ID, "nobody");
	assert_int_equal(404, get(API_USER_SESSIONS_END));
	whole_call_set(F_ID, NULL);
	assert_int_equal(401, with(token, API_ME_GET));
}

/* ---- roles */

static const char *
role_now(const char *token)
{
	assert_int_equal(200, with(token, API_ME_GET));
	return json_string_value(json_object_get(call.body, "role"));
}

UNIT(a_role_counts_as_far_as_it_may)
{
	struct role_row r = { .key = "anna", .name = "anna",
	    .role = WHO_ADMIN };
	char token[LOGIN_TOKEN_TEXT];
	struct rel_err err;

	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_role_set(whole->st, &r));
	whole_commit();
	memcpy(token, token_new(), sizeof token);
	assert_string_equal("user", role_now(token));
	assert_int_equal(403, with(token, API_USER_LIST));
	assert_int_equal(403, with(token, API_SETTINGS));
	set->user_api_role = WHO_HELPDESK;
	assert_string_equal("helpdesk", role_now(token));
	assert_int_equal(200, with(token, API_USER_LIST));
	assert_int_equal(403, with(token, API_ROLE_LIST));
	set->user_api_role = WHO_ADMIN;
	assert_string_equal("administrator", role_now(token));
	assert_int_equal(200, with(token, API_ROLE_LIST));
	/* None by name: none at all. */
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_role_del(whole->st, "anna"));
	whole_commit();
	assert_string_equal("user", role_now(token));
	/* What the unix socket would have believed means nothing here. */
	call.rq.uid = 0;
	memset(call.rq.cups_cert, 'a', 32);
	assert_string_equal("user", role_now(token));
}

/* ---- what is wrong is not said */

UNIT(unknown_closed_and_wrong_are_one_answer)
{
	static const struct {
		const char *name;
		uint8_t right;
		size_t verifier;	/* of so many characters */
	} tries[] = {
		{ "anna", 0, 18 }, { "nobody", 0, 20 }, { "nobody", 1, 20 },
		{ "carl", 0, 18 }, { "carl", 1, 18 }
	};
	char said[sizeof detail] = "";

	enter(9, "carl", true);
	for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
		try_login(tries[i].name);
		assert_int_equal(-1, answered());
		agent_listens();
		assert_int_equal(1, nwaiting);
		assert_int_equal(tries[i].verifier, strlen(verifiers[0]));
		assert_int_equal(0, strncmp(verifiers[0], "scrypt$15$", 10));
		agent_says(tries[i].right);
		assert_int_equal(401, answered());
		assert_string_equal("bad-credential", call.problem);
		if (i > 0)
			assert_string_equal(said, detail);
		memcpy(said, detail, sizeof said);
	}
	/* They lock out alike, too: the third of each. */
	for (int i = 1; i < 3; i++)
		assert_int_equal(401, login_as("anna", 0));
	assert_int_equal(401, login_as("nobody", 1));
	assert_int_equal(401, login_as("carl", 1));
	assert_int_equal(429, login_as("anna", 1));
	assert_string_equal("locked-out", call.problem);
	memcpy(said, detail, sizeof said);
	assert_true(retry_s > 0 && retry_s <= 300);
	assert_int_equal(429, login_as("nobody", 1));
	assert_string_equal(said, detail);
	assert_int_equal(429, login_as("carl", 1));
	assert_string_equal(said, detail);
	agent_listens();
	assert_int_equal(0, nwaiting);
}

/* Tries that were begun before a lockout open nothing after it. */
UNIT(many_at_once_do_not_get_round_a_lockout)
{
	for (int i = 0; i < 5; i++)
		try_login("anna");
	assert_int_equal(-1, answered());
	for (int i = 0; i < 3; i++) {
		agent_says(0);
		assert_int_equal(401, answered());
	}
	for (int i = 0; i < 2; i++) {
		agent_says(1);
		assert_int_equal(429, answered());
	}
}

UNIT(an_address_is_locked_out_too)
{
	char name[16];

	set->login_failures = 2;		/* 20 of an address */
	from("2001:db8:1:2::9");
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof name, "n%d", i);
		assert_int_equal(401, login_as(name, 0));
	}
	assert_int_equal(429, login_as("anna", 1));
	assert_true(retry_s > 0);
	from("2001:db8:1:2:ffff::1");		/* the same network */
	assert_int_equal(429, login_as("anna", 1));
	from("2001:db8:1:3::9");
	assert_int_equal(201, login_as("anna", 1));
	from("::ffff:192.0.2.9");
	assert_int_equal(201, login_as("anna", 1));
	call.rq.caller = CALLER_LOCAL;
	assert_int_equal(200, get(API_LOCKOUT_LIST));
	{
		json_t *l = json_array_get(json_object_get(call.body,
		    "lockouts"), 0);

		assert_string_equal("address", json_string_value(
		    json_object_get(l, "kind")));
		assert_string_equal("2001:db8:1:2::", json_string_value(
		    json_object_get(l, "name")));
	}
}

UNIT(names_of_addresses)
{
	char out[100];

	lockout_address(out, "192.0.2.9");
	assert_string_equal("h:192.0.2.9", out);
	lockout_address(out, "::ffff:192.0.2.9");
	assert_string_equal("h:192.0.2.9", out);
	lockout_address(out, "2001:db8::ffff:1:2:3:4");
	assert_string_equal("h:2001:db8:0:ffff::", out);
	lockout_address(out, "");
	assert_string_equal("h:", out);
}

UNIT(panels_do_not_wait_for_those)
{
	for (int i = 0; i < 8; i++)
		try_login("anna");
	assert_int_equal(-1, answered());
	try_login("anna");
	assert_int_equal(429, answered());
	assert_string_equal("rate-limited", call.problem);
	agent_says(1);
	assert_int_equal(201, answered());
	try_login("anna");
	assert_int_equal(-1, answered());
	/* Names that are none, and lockouts, give their place back. */
	for (int i = 0; i < 8; i++) {
		agent_says(1);
		assert_int_equal(201, answered());
	}
	for (int i = 0; i < 40; i++)
		assert_int_equal(401, login_as("x\\", 0));
	assert_int_equal(201, login_as("anna", 1));
}

/* A key with a log-in keeps no token in memory. */
UNIT(a_log_in_is_not_repeated)
{
	char first[64];

	memcpy(call.rq.idem_key, "k1", 3);
	assert_int_equal(201, login_as("anna", 1));
	snprintf(first, sizeof first, "%s", json_string_value(
	    json_object_get(call.body, "token")));
	assert_int_equal(201, login_as("anna", 1));
	assert_string_not_equal(first, json_string_value(json_object_get(
	    call.body, "token")));
}

UNIT(a_change_with_a_key_is_made_once)
{
	char token[LOGIN_TOKEN_TEXT];

	memcpy(token, token_new(), sizeof token);
	memcpy(call.rq.idem_key, "k1", 3);
	whole_call_set(F_LOCALE, "de");
	assert_int_equal(200, with(token, API_ME_SET));
	assert_false(replayed);
	assert_int_equal(200, with(token, API_ME_SET));
	assert_true(replayed);
	/* Another person's is another request. */
	enter(8, "bert", false);
	assert_int_equal(201, login_as("bert", 1));
	assert_int_equal(200, with(json_string_value(json_object_get(
	    call.body, "token")), API_ME_SET));
	assert_false(replayed);
	call.rq.idem_key[0] = '\0';
	assert_int_equal(200, with(token, API_ME_GET));
	assert_string_equal("de", json_string_value(json_object_get(
	    call.body, "locale")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LOGIN(a_token_is_good_and_stands_nowhere),
		LOGIN(no_route_answers_without_one),
		LOGIN(it_ends_unused_and_in_the_end),
		LOGIN(use_is_written_down_later),
		LOGIN(one_too_many_ends_the_least_used),
		LOGIN(a_new_password_or_none_ends_them),
		LOGIN(nothing_is_left_of_who_is_erased),
		LOGIN(one_ends_ones_own_only),
		LOGIN(an_operator_ends_all_of_a_user),
		LOGIN(a_role_counts_as_far_as_it_may),
		LOGIN(unknown_closed_and_wrong_are_one_answer),
		LOGIN(many_at_once_do_not_get_round_a_lockout),
		LOGIN(an_address_is_locked_out_too),
		UNIT_RUN(names_of_addresses),
		LOGIN(panels_do_not_wait_for_those),
		LOGIN(a_log_in_is_not_repeated),
		LOGIN(a_change_with_a_key_is_made_once)
	};

	return cmocka_run_group_tests_name("logins", tests, NULL, NULL);
}
