/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/addresses.h"
#include "releaserd/core/card.h"
#include "releaserd/core/backup.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/follow.h"
#include "releaserd/core/offline.h"
#include "releaserd/core/link.h"
#include "releaserd/core/panel_lock.h"
#include "releaserd/core/transport.h"
#include "tests/unit/core_stubs.h"
#include "tests/unit/store_fixture.h"

struct core *stub_core;
char stub_said[100], stub_verifier[200];
int stub_answers, stub_asked;
int64_t stub_template;
struct login_ask stub_ask;

static struct core the_core;
static struct role the_role;
static uint8_t host_key[32] = { 3, 1, 4, 1, 5 };
static agent_done waiting;
static void *waiting_ctx;
static struct later {
	core_later fn;
	void *arg;
} later[50];
static unsigned nlater;

int
stub_open(void **state)
{
	struct rel_err err;

	if (fixture_open(state) != 0)
		return -1;
	memset(&the_core, 0, sizeof the_core);
	memset(&the_role, 0, sizeof the_role);
	stub_core = &the_core;
	settings_defaults(&the_role.set);
	the_role.start.host_key = host_key;
	the_role.start.host_key_len = sizeof host_key;
	the_core.role = &the_role;
	the_core.st = st;
	the_core.spool_dir = -1;
	memcpy(the_core.dummy_verifier, "nobody", 7);
	stub_said[0] = stub_verifier[0] = '\0';
	stub_answers = stub_asked = 0;
	stub_template = 0;
	memset(&stub_ask, 0, sizeof stub_ask);
	nlater = 0;
	waiting = NULL;
	if (sessions_init(stub_core) < 0 ||
	    directories_init(stub_core, &err) < 0 ||
	    offline_init(stub_core) < 0 || backup_init(stub_core) < 0 ||
	    cards_init(stub_core, &err) < 0 ||
	    templates_init(stub_core, &err) < 0)
		return -1;
	return keys_init(stub_core, &err);
}

int
stub_close(void **state)
{
	if (store_is_open(st))
		stub_commit();
	sessions_fini(stub_core);
	templates_fini(stub_core);
	cards_fini(stub_core);
	directories_fini(stub_core);
	offline_fini(stub_core);
	backup_fini(stub_core);
	keys_fini(stub_core);
	return fixture_close(state);
}

void
stub_commit(void)
{
	unsigned n = nlater;

	if (store_is_open(st))
		fixture_commit();
	nlater = 0;
	for (unsigned i = 0; i < n; i++)
		later[i].fn(stub_core, later[i].arg, true);
}

void
stub_agent(int right)
{
	uint8_t body = right == 1;
	struct rel_frame fr = {
		.type = IPC_VERIFIED, .body = &body, .len = 1
	};
	agent_done done = waiting;

	assert_non_null(done);
	waiting = NULL;
	done(stub_core, right < 0 ? NULL : &fr, waiting_ctx);
}

/* ---- turn.c, peers.c, list.c, reply.c and menu.c, as the tests see them */

int
core_write(struct core *c, struct rel_err *err)
{
	return store_is_open(c->st) ? 0 : store_begin(c->st, err);
}

int
core_spoil(struct core *c, int rc)
{
	(void)c;
	fail_msg("a write failed: %d", rc);
	return rc;
}

void
core_defer(struct core *c, core_later fn, void *arg)
{
	if (!store_is_open(c->st)) {
		fn(c, arg, true);
		return;
	}
	assert_true(nlater < sizeof later / sizeof later[0]);
	later[nlater].fn = fn;
	later[nlater++].arg = arg;
}

int
agent_ask(struct core *c, unsigned type, const struct rel_buf *body,
    agent_done done, void *ctx)
{
	struct rel_cur cur;
	char secret[200];

	(void)c;
	assert_int_equal(IPC_VERIFY, type);
	rel_cur_init(&cur, body->data, body->len);
	rel_get_str(&cur, secret, sizeof secret);
	rel_get_str(&cur, stub_verifier, sizeof stub_verifier);
	assert_int_equal(0, rel_cur_end(&cur));
	stub_asked++;
	waiting = done;
	waiting_ctx = ctx;
	return 0;
}

unsigned
agents_wait_for(const struct core *c)
{
	(void)c;
	return 1;
}

void
lists_forget(struct core *c, const char *user_key)
{
	(void)c;
	assert_non_null(user_key);
}

void
reply_json(struct core *c, const struct asker *a, int status, json_t *body)
{
	const char *reason;

	(void)c;
	(void)a;
	assert_int_equal(200, status);
	assert_non_null(body);
	reason = json_string_value(json_object_get(body, "reason"));
	snprintf(stub_said, sizeof stub_said, "%s%s%s",
	    json_string_value(json_object_get(body, "result")),
	    reason != NULL ? ":" : "", reason != NULL ? reason : "");
	stub_answers++;
	json_decref(body);
}

void
reply_problem(struct core *c, const struct asker *a, const char *code,
    unsigned retry_s, const char *detail, ...)
{
	(void)c;
	(void)a;
	(void)retry_s;
	assert_non_null(detail);
	snprintf(stub_said, sizeof stub_said, "problem:%s", code);
	stub_answers++;
}

void
reply_broken(struct core *c, const struct asker *a, int rc)
{
	reply_problem(c, a, rel_err_name(rc), 0, "%d", rc);
}

void
reply_mark(const struct asker *a)
{
	assert_string_not_equal("", a->idem_key);
}

/* Nobody looks into the address book. */
void
addresses_forget(void)
{
}

/* Every device is one without a rule of its own. */
/* No panel is locked. */
const struct device *
panel_lock_of(struct core *c, const char *device)
{
	(void)c;
	(void)device;
	return NULL;
}

unsigned
panel_lock_kinds(struct core *c, const struct device *d)
{
	(void)c;
	(void)d;
	return 0;
}

bool
panel_lock_opens(struct core *c, const struct pending_login *p)
{
	(void)c;
	(void)p;
	return false;
}

bool
panel_lock_lets(struct core *c, const struct pending_login *p,
    struct session *s)
{
	(void)c;
	(void)p;
	return s != NULL;
}

void
devices_changed(struct core *c, const char *id)
{
	(void)c;
	(void)id;
}

struct making *
make_find(const struct core *c, int64_t job)
{
	(void)c;
	(void)job;
	return NULL;
}

void
delta_begin(struct core *c, const struct job *j)
{
	(void)c;
	(void)j;
}

bool
follow_is(const struct job *j)
{
	(void)j;
	return false;
}

int
follow_cancel(struct core *c, const struct job *j, const char *by)
{
	(void)c;
	(void)j;
	(void)by;
	return -REL_E_NOTHELD;
}

int
follow_job(struct core *c, const struct job *j, int64_t number)
{
	(void)c;
	(void)j;
	(void)number;
	return 0;
}

/* Nothing is known of devices. */
bool
fleet_item(struct core *c, const char *device, const char *name, char *out,
    size_t size)
{
	(void)c;
	(void)device;
	(void)name;
	snprintf(out, size, "%s", "");
	return false;
}

bool
push_is_for(const struct device *d)
{
	(void)d;
	return false;
}

void
push_open(struct core *c, const struct session *s)
{
	(void)c;
	(void)s;
}

void
push_closed(struct core *c, const struct session *s)
{
	(void)c;
	(void)s;
}

const struct device *
device_at(struct core *c, const char *id)
{
	(void)c;
	(void)id;
	return NULL;
}

static json_t *
menu(const char *name)
{
	return json_pack("{s:s}", "menu", name);
}

json_t *
menu_asked(struct core *c, const struct login_ask *ask, const char *name,
    const struct notice *n)
{
	(void)c;
	(void)n;
	stub_ask = *ask;
	return menu(name);
}

json_t *
menu_register(struct core *c, const struct login_ask *ask,
    const struct notice *n)
{
	(void)c;
	(void)n;
	stub_ask = *ask;
	return menu("register-card");
}

/* ---- access.c: the template of the panel is what the test says */

int64_t
access_panel_template(struct core *c, const struct device *d)
{
	(void)c;
	assert_non_null(d);
	return stub_template;
}

json_t *
access_session(struct core *c, const struct session *s)
{
	(void)c;
	return json_pack("{s:{s:{s:b}}}", "functions", "print", "allow",
	    s->user.id != 0);
}

struct access_set *
access_set_new(void)
{
	return NULL;
}

bool
access_registers(struct core *c, const char *device_id)
{
	assert_non_null(device_id);
	return c->role->set.register_unknown_cards;
}

int64_t
access_panel_of(struct core *c, const struct session *s)
{
	(void)c;
	(void)s;
	return stub_template;
}

json_t *
menu_jobs(struct core *c, const struct session *s, int64_t after,
    const struct notice *n)
{
	(void)c;
	(void)s;
	(void)after;
	(void)n;
	return menu("jobs");
}

json_t *
json_time(int64_t ms)
{
	char out[32];

	if (ms == 0)
		return json_null();
	rel_time_text(out, ms);
	return json_string(out);
}

/* ---- nothing costs anything here, and nothing is asked */

json_t *
charge_json(struct core *c, const struct job *j, const struct device *d)
{
	(void)c;
	(void)j;
	(void)d;
	return json_null();
}

json_t *
question_json(struct core *c, const struct job *j)
{
	(void)c;
	(void)j;
	return json_null();
}

json_t *
balance_text(struct core *c, const struct session *s)
{
	(void)c;
	(void)s;
	return json_null();
}

json_t *
quota_list(struct core *c, const struct session *s)
{
	(void)c;
	(void)s;
	return json_array();
}

json_t *
panel_accounts(struct core *c, const struct session *s)
{
	(void)c;
	(void)s;
	return json_array();
}

void
balance_words(const char *locale, const json_t *left, char *out,
    size_t size)
{
	(void)locale;
	(void)left;
	snprintf(out, size, "%s", "");
}
