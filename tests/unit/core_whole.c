/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/send.h"
#include "lib/spool.h"
#include "releaserd/core/access.h"
#include "releaserd/core/backup.h"
#include "releaserd/core/card.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/discovery.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/follow.h"
#include "releaserd/core/link.h"
#include "releaserd/core/logins.h"
#include "releaserd/core/mail.h"
#include "releaserd/core/offline.h"
#include "releaserd/core/policy.h"
#include "releaserd/core/posture.h"
#include "releaserd/core/record.h"
#include "releaserd/core/snmp_access.h"
#include "tests/unit/core_whole.h"

#define FRAMERS 64

struct core *whole;
char whole_dir[64];

static struct core the_core;
static struct role the_role;
static uint8_t host_key[32] = { 2, 7, 1, 8, 2, 8 };
static int super_end = -1;
static sqlite3 *other;
/* By descriptor: what came and was not asked for yet. */
static struct rel_framer heard[FRAMERS];

static void
no_frame(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	(void)ch;
	(void)ctx;
	rel_frame_drop_fds(fr);
}

static void
no_close(struct ipc_chan *ch, void *ctx)
{
	(void)ch;
	(void)ctx;
}

/* role.c is not here: no test changes the ports. */
int
role_listen(struct role *r, const struct rel_frame *fr,
    struct ipc_listen *said)
{
	(void)r;
	(void)fr;
	(void)said;
	return -REL_E_FORMAT;
}

static int
pair_end(int pair[2])
{
	assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	assert_true(pair[1] < FRAMERS);
	fcntl(pair[1], F_SETFL, O_NONBLOCK);
	rel_framer_fini(&heard[pair[1]]);
	rel_framer_init(&heard[pair[1]]);
	heard[pair[1]].max = REL_FRAME_LARGE_MAX;
	return pair[1];
}

static int
begin(void)
{
	char path[128];
	struct rel_err err = { 0, "" };
	int pair[2];

	memset(&the_core, 0, sizeof the_core);
	memset(&the_role, 0, sizeof the_role);
	whole = &the_core;
	settings_defaults(&the_role.set);
	the_role.start.host_key = host_key;
	the_role.start.host_key_len = sizeof host_key;
	the_role.base = event_base_new();
	super_end = pair_end(pair);
	the_role.super = ipc_chan_new(the_role.base, pair[0], "super",
	    no_frame, no_close, NULL);
	snprintf(the_role.set.spool_dir, sizeof the_role.set.spool_dir, "%s",
	    whole_dir);
	snprintf(the_role.set.state_dir, sizeof the_role.set.state_dir, "%s",
	    whole_dir);
	whole->role = &the_role;
	whole->spool_dir = open(whole_dir, O_RDONLY | O_DIRECTORY);
	snprintf(path, sizeof path, "%s/release.db", whole_dir);
	if (store_open(&whole->st, path, &err) < 0 ||
	    keys_init(whole, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	if (prices_init(whole, &err) < 0 || policy_init(whole, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	return ids_init(whole) < 0 || turn_init(whole) < 0 || releases_init(whole) < 0 ||
	    works_init(whole) < 0 ||
	    sessions_init(whole) < 0 || lists_init(whole) < 0 ||
	    devices_init(whole) < 0 || fleet_init(whole) < 0 ||
	    postures_init(whole) < 0 ||
	    usage_pull_init(whole) < 0 || follow_init(whole) < 0 ||
	    api_who_init(whole) < 0 ||
	    logins_init(whole) < 0 || directories_init(whole, &err) < 0 ||
	    offline_init(whole) < 0 || backup_init(whole) < 0 ||
	    templates_init(whole, &err) < 0 || cards_init(whole, &err) < 0 ||
	    snmp_sets_init(whole, &err) < 0 || discovery_init(whole) < 0 ||
	    access_init(whole, &err) < 0 ||
	    listen_init(whole) < 0 ||
	    releases_recover(whole) < 0 ? -1 : 0;
}

static void
end(void)
{
	turn_fini(whole);
	slices_fini(whole);
	works_fini(whole);
	peers_fini(whole);
	fleet_ask_fini();
	make_fini(whole);
	releases_fini(whole);
	sessions_fini(whole);
	logins_fini(whole);
	access_fini(whole);
	templates_fini(whole);
	cards_fini(whole);
	discovery_fini(whole);
	snmp_sets_fini(whole);
	directories_fini(whole);
	offline_fini(whole);
	backup_fini(whole);
	listen_fini(whole);
	lists_fini(whole);
	follow_fini();
	delta_fini();
	postures_fini(whole);
	fleet_fini(whole);
	devices_fini(whole);
	links_fini(whole);
	ca_client_fini(whole);
	api_who_fini(whole);
	quota_fini(whole);
	api_ledger_fini(whole);
	policy_fini(whole);
	prices_fini(whole);
	reply_fini(whole);
	store_close(&whole->st);
	close(whole->spool_dir);
	ipc_chan_free(&the_role.super);
	event_base_free(the_role.base);
	for (int i = 0; i < FRAMERS; i++)
		rel_framer_fini(&heard[i]);
	close(super_end);
}

int
whole_open(void **state)
{
	(void)state;
	rel_log_init("test", REL_ERROR + 1);
	snprintf(whole_dir, sizeof whole_dir, "/tmp/test_whole.XXXXXX");
	return mkdtemp(whole_dir) != NULL ? begin() : -1;
}

int
whole_close(void **state)
{
	DIR *dir;
	struct dirent *de;

	(void)state;
	if (other != NULL)
		whole_busy(false);
	end();
	if ((dir = opendir(whole_dir)) == NULL)
		return -1;
	while ((de = readdir(dir)) != NULL)
		if (de->d_name[0] != '.')
			unlinkat(dirfd(dir), de->d_name, 0);
	closedir(dir);
	return rmdir(whole_dir);
}

int
whole_close_asked(void **state, int net, json_t **got)
{
	json_decref(*got);
	*got = NULL;
	close(net);
	return whole_close(state);
}

void
whole_restart(void)
{
	store_rollback(whole->st);
	end();
	assert_int_equal(0, begin());
}

int
whole_peer_at(enum ipc_role role, uint32_t index)
{
	int pair[2], mine = pair_end(pair);

	peers_add(whole, role, index, pair[0]);
	return mine;
}

int
whole_peer(enum ipc_role role)
{
	static uint32_t index;

	return whole_peer_at(role, index++);
}

int
whole_super(void)
{
	return super_end;
}

void
whole_book(struct book *book, const char *text)
{
	struct book_text t = { text, strlen(text), "root" };
	struct rel_place at;
	int64_t version;

	whole_write();
	assert_int_equal(0, book_set(whole, book, &t, &version, &at));
	whole_turns();
}

void
whole_user(struct user *u, int64_t id, const char *name)
{
	memset(u, 0, sizeof *u);
	u->id = id;
	snprintf(u->key, sizeof u->key, "%s", name);
	snprintf(u->name, sizeof u->name, "%s", name);
}

void
whole_user_add(const struct user *u)
{
	struct rel_err err;

	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_user_add(whole->st, u));
	assert_int_equal(0, store_commit(whole->st, &err));
}

struct user
whole_account(const char *key)
{
	struct user u;

	assert_int_equal(0, store_user_get(whole->st, key, &u));
	return u;
}

void
whole_directory(int64_t id, const char *name, const char *text)
{
	struct directory_row r = { .id = id, .pos = id };
	char own[1000], none[] = "";

	snprintf(r.key, sizeof r.key, "%s", name);
	snprintf(r.name, sizeof r.name, "%s", name);
	snprintf(own, sizeof own, "%s", text);
	r.text = own;
	r.ca = r.crl = none;
	whole_write();
	assert_int_equal(0, store_directory_set(whole->st, &r));
	directories_changed(whole);
	whole_turns();
}

void
whole_turns(void)
{
	for (int i = 0; i < 8; i++)
		event_base_loop(the_role.base, EVLOOP_NONBLOCK);
}

int
whole_heard(int sock, struct rel_frame *fr)
{
	struct rel_err err;

	while (rel_framer_fill(&heard[sock], sock, &err) > 0)
		;
	return rel_framer_next(&heard[sock], fr, &err);
}

void
whole_say(int sock, unsigned type, const struct rel_buf *b)
{
	struct rel_frame fr = {
		.type = (uint16_t)type, .body = b->data, .len = b->len
	};
	struct rel_err err;

	assert_int_equal(0, rel_frame_send(sock, &fr, 1000, &err));
}

void
whole_said(int driver, uint32_t question, struct driver_said *s)
{
	struct rel_frame fr = { .type = IPC_DRIVER_SAID, .id = question };
	struct rel_err err;
	struct rel_buf b;

	rel_buf_init(&b);
	driver_said_put(&b, s);
	driver_said_fini(s);
	fr.body = b.data;
	fr.len = b.len;
	assert_int_equal(0, rel_frame_send(driver, &fr, 1000, &err));
	rel_buf_fini(&b);
}

void
whole_commit(void)
{
	struct rel_err err;

	assert_int_equal(0, store_commit(whole->st, &err));
}

void
whole_device(struct device *d)
{
	struct rel_err err;

	memset(d, 0, sizeof *d);
	ids_uuid(d->id);
	snprintf(d->name, sizeof d->name, "d-%.8s", d->id);
	memcpy(d->lpr_host, "127.0.0.1", 10);
	memcpy(d->lpr_queue, "lp", 3);
	memcpy(d->cert_fp, "c0ffee", 7);
	d->lpr_port = 1;
	d->state = 1;
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_device_add(whole->st, d));
	whole_commit();
}

int64_t
whole_job(void)
{
	struct job j = { .document = 1, .bytes = 3, .copies = 1,
	    .has_doc = true, .state = JOB_HELD };
	uint8_t key[32] = { 1 };
	struct rel_err err;
	char name[40];

	j.id = ids_next(whole);
	memcpy(j.queue, "q", 2);
	snprintf(j.uuid, sizeof j.uuid, "urn:uuid:%lld", (long long)j.id);
	memcpy(j.user_key, "anna", 5);
	memcpy(j.user, "Anna", 5);
	memcpy(j.title, "Title", 6);
	j.created_ms = rel_now_ms();
	j.expires_ms = j.created_ms + 3600000;
	assert_int_equal(0, rel_seal(whole->host_key, (uint64_t)j.id, key,
	    sizeof key, j.sealed_key, &err));
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_job_add(whole->st, &j));
	whole_commit();
	job_file(name, j.id);
	close(openat(whole->spool_dir, name, O_WRONLY | O_CREAT, 0600));
	return j.id;
}

/* ---- a local caller */

struct whole_call call;

int
whole_call_open(void **state)
{
	if (whole_open(state) != 0)
		return -1;
	memset(&call, 0, sizeof call);
	call.rq.caller = CALLER_LOCAL;
	call.net = whole_peer(ROLE_NET);
	return 0;
}

int
whole_call_close(void **state)
{
	json_decref(call.body);
	close(call.net);
	return whole_close(state);
}

void
whole_call_set(enum req_field id, const char *value)
{
	call.rq.f[id].set = value != NULL;
	call.rq.f[id].str = value;
}

int
whole_call(enum req_route route)
{
	json_decref(call.body);
	call.rq.route = route;
	return whole_ask(call.net, &call.rq, call.problem, &call.body);
}

json_t *
whole_device_now(const struct device *d)
{
	memset(call.rq.f, 0, sizeof call.rq.f);
	whole_call_set(F_ID, d->id);
	assert_int_equal(200, whole_call(API_DEVICE_GET));
	return call.body;
}

struct job
whole_row(int64_t id)
{
	struct job j;

	assert_int_equal(0, store_job_get(whole->st, id, &j));
	return j;
}

int64_t
whole_balance(enum account_kind kind, const char *key)
{
	struct account a;

	return store_account_get(whole->st, kind, key, UNIT_MONEY, &a) == 0 ?
	    a.balance : 0;
}

enum job_state
whole_state(int64_t id)
{
	struct job j;

	assert_int_equal(0, store_job_get(whole->st, id, &j));
	return j.state;
}

int
whole_release(int64_t id, const struct device *d)
{
	struct release_order o = { .device = d, .by = "anna" };
	struct rel_err err;
	struct job j;
	struct released got;
	int rc;

	assert_int_equal(0, store_job_get(whole->st, id, &j));
	if ((rc = core_write(whole, &err)) < 0)
		return rc;
	return release_job(whole, &j, &o, &got);
}

void
whole_write(void)
{
	struct rel_err err;

	assert_int_equal(0, core_write(whole, &err));
}

int64_t
whole_counted(int64_t sides)
{
	struct job_count n = { .sides = sides, .sheets = (sides + 1) / 2,
	    .colour = 1, .pages = sides };
	int64_t id = whole_job();
	struct rel_err err;

	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_job_set_count(whole->st, id, &n));
	assert_int_equal(0, store_job_set_copies(whole->st, id, 2));
	whole_turns();
	return id;
}

int
whole_given(int send)
{
	struct rel_frame fr;

	assert_int_equal(1, whole_heard(send, &fr));
	assert_int_equal(IPC_SEND_JOB, fr.type);
	close(fr.fds[0]);
	return fr.fds[1];
}

void
whole_outcome(int send, int64_t job, enum rel_send_outcome what)
{
	struct send_result r = { .job_id = (uint64_t)job,
	    .outcome = (uint8_t)what, .bytes = 3 };
	struct rel_buf b;

	rel_buf_init(&b);
	send_result_put(&b, &r);
	whole_say(send, IPC_SEND_RESULT, &b);
	rel_buf_fini(&b);
	whole_turns();
}

void
whole_print(int64_t id, const struct device *d, enum rel_send_outcome what)
{
	int send = whole_peer(ROLE_SEND);

	assert_int_equal(0, whole_release(id, d));
	whole_turns();
	close(whole_given(send));
	whole_outcome(send, id, what);
	close(send);
	whole_turns();
}

int
whole_ask(int net, const struct request *rq, char problem[40], json_t **body)
{
	struct response rs;
	struct rel_frame fr;
	struct rel_buf b;

	*body = NULL;
	problem[0] = '\0';
	rel_buf_init(&b);
	request_put(&b, rq);
	whole_say(net, IPC_REQUEST, &b);
	rel_buf_fini(&b);
	whole_turns();
	if (whole_heard(net, &fr) != 1)
		return -1;
	assert_int_equal(IPC_RESPONSE, fr.type);
	assert_int_equal(0, response_get(&rs, fr.body, fr.len));
	memcpy(problem, rs.problem, 40);
	if (rs.body_len > 0)
		*body = json_loadb(rs.body, rs.body_len, 0, NULL);
	return rs.status != 0 ? rs.status : problem_status(rs.problem);
}

void
whole_busy(bool on)
{
	char path[128];

	if (on) {
		snprintf(path, sizeof path, "%s/release.db", whole_dir);
		assert_int_equal(SQLITE_OK, sqlite3_open(path, &other));
		assert_int_equal(SQLITE_OK, sqlite3_exec(other,
		    "BEGIN IMMEDIATE", NULL, NULL, NULL));
	} else {
		sqlite3_close(other);
		other = NULL;
		whole->busy_until_ms = 0;
	}
}
