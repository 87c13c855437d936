/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/admin.h"
#include "releaserd/core/store_activity.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/spool.h"
#include "releaserd/core/card.h"
#include "releaserd/core/access.h"
#include "releaserd/core/addresses.h"
#include "releaserd/core/backup.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/discovery.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/follow.h"
#include "releaserd/core/guest.h"
#include "releaserd/core/link.h"
#include "releaserd/core/offline.h"
#include "releaserd/core/logins.h"
#include "releaserd/core/mail.h"
#include "releaserd/core/panel_lock.h"
#include "releaserd/core/posture.h"
#include "releaserd/core/policy.h"
#include "releaserd/core/quota.h"
#include "releaserd/core/record.h"
#include "releaserd/core/snmp_access.h"
#include "releaserd/core/sync.h"

#define ALONE_WAIT_MS 5000
#define LOCKOUT_FORGET_MS 7200000LL	/* longer than any window of it */

/* Things that happen by the clock. */
static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct core *c = arg;
	struct rel_err err;

	(void)fd;
	(void)what;
	c->ticks++;
	devices_tick(c);
	releases_tick(c);
	works_tick(c);
	charge_tick(c);
	usage_pull_tick(c);
	direct_tick(c);
	questions_tick(c);
	ask_tick(c);
	mails_tick(c);
	sessions_expire(c);
	links_tick(c);
	logins_tick(c);
	listen_tick(c);
	offline_tick(c);
	backup_tick(c);
	intake_sweep(c);
	certs_tick(c);
	quota_tick(c);
	syncs_tick(c);
	discovery_tick(c);
	guests_tick(c);
	panel_lock_tick(c);
	postures_tick(c);
	fleet_tick(c);
	follow_tick(c);
	delta_tick(c);
	if (c->ticks % 5 == 1 || c->more_due)
		c->more_due = job_expire_due(c);
	if (c->ticks % 600 == 0)
		devices_flush_seen(c);
	if (c->ticks % 600 != 2)
		return;
	reply_expire(c);
	if (core_write(c, &err) < 0)
		return;
	if (store_lockout_forget(c->st, rel_now_ms() - LOCKOUT_FORGET_MS) < 0
	    || store_code_forget(c->st, rel_now_ms()) < 0
	    || store_job_forget(c->st, rel_now_ms() -
	    c->role->set.keep_records_ms, 1000) < 0 ||
	    store_activity_forget(c->st, ids_of_time(rel_now_ms() -
	    c->role->set.keep_records_ms), 1000) < 0 ||
	    store_device_session_forget(c->st, rel_now_ms() -
	    c->role->set.keep_records_ms, 1000) < 0 ||
	    store_usage_forget(c->st, rel_now_ms() -
	    c->role->set.keep_usage_ms, 1000) < 0 ||
	    store_audit_forget(c->st, rel_now_ms() -
	    c->role->set.keep_audit_ms, 1000) < 0)
		core_spoil(c, 0);
}

/* A verifier nobody has the password of: costs what a real one costs. */
static void
dummy_verifier(struct core *c)
{
	char salt[33], hash[65];

	ids_token(salt, 16);
	ids_token(hash, 32);
	snprintf(c->dummy_verifier, sizeof c->dummy_verifier,
	    "scrypt$%lld$8$1$%s$%s", (long long)c->role->set.scrypt_log_n,
	    salt, hash);
}

static int
core_init(struct role *r, struct rel_err *err)
{
	struct core *c = calloc(1, sizeof *c);
	int rc;

	if (c == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	r->own = c;
	c->role = r;
	c->spool_dir = -1;
	c->started_ms = rel_now_ms();
	if ((rc = keys_init(c, err)) < 0 || (rc = ca_init(c, err)) < 0)
		return rc;
	/* What stays of the start: names and URL; the keys are taken. */
	rel_wipe((void *)(uintptr_t)r->start.host_key, r->start.host_key_len);
	rel_wipe((void *)(uintptr_t)r->start.ca_key, r->start.ca_key_len);
	dummy_verifier(c);
	return 0;
}

/*
 * One core at a time: one whose super was killed may still end its turn, and
 * what it starts then must be there to be seen.
 */
static int
core_alone(struct core *c, struct rel_err *err)
{
	int64_t until = rel_mono_ms() + ALONE_WAIT_MS;

	while (flock(c->spool_dir, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return rel_err_sys(err, REL_E_IO, "cannot lock %s",
			    c->role->set.spool_dir);
		if (rel_mono_ms() > until)
			return rel_err_set(err, REL_E_EXISTS,
			    "another releaserd is at work in %s",
			    c->role->set.spool_dir);
		poll(NULL, 0, 20);
	}
	return 0;
}

/* Jobs that this host key cannot open are named at once, not at a panel. */
static bool
key_row(const struct job *j, void *ctx)
{
	struct core *c = ctx;
	struct rel_err err;
	uint8_t key[32];

	if (rel_unseal(c->host_key, (uint64_t)j->id, j->sealed_key,
	    sizeof j->sealed_key, key, &err) < 0)
		rel_log(REL_ERROR, "the host key is not the one held jobs were "
		    "made with: they cannot be printed", "job=%s",
		    ids_text(j->id));
	rel_wipe(key, sizeof key);
	return false;
}

static void
core_try_key(struct core *c)
{
	struct job_filter f = { .states = 1u << JOB_HELD, .limit = 1 };

	(void)store_job_list(c->st, &f, key_row, c);
}

/* As the user who owns them: database and spool. */
static int
core_begin(struct role *r, struct rel_err *err)
{
	struct core *c = r->own;
	struct timeval second = { 1, 0 };
	char path[REL_CONF_TEXT_MAX + 16];
	int rc;

	umask(077);
	c->spool_dir = open(r->set.spool_dir, O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	if (c->spool_dir < 0)
		return rel_err_sys(err, REL_E_IO, "cannot open %s",
		    r->set.spool_dir);
	if ((rc = core_alone(c, err)) < 0)
		return rc;
	snprintf(path, sizeof path, "%s/release.db", r->set.state_dir);
	if ((rc = store_open(&c->st, path, err)) < 0)
		return rc;
	if ((rc = ids_init(c)) < 0)
		return rel_err_set(err, -rc, "cannot read the jobs");
	if ((rc = prices_init(c, err)) < 0 ||
	    (rc = policy_init(c, err)) < 0 ||
	    (rc = directories_init(c, err)) < 0 ||
	    (rc = offline_init(c)) < 0 || (rc = backup_init(c)) < 0 ||
	    (rc = cards_init(c, err)) < 0 ||
	    (rc = templates_init(c, err)) < 0 ||
	    (rc = snmp_sets_init(c, err)) < 0 ||
	    (rc = access_init(c, err)) < 0)
		return rc;
	if (turn_init(c) < 0 || releases_init(c) < 0 ||
	    works_init(c) < 0 ||
	    sessions_init(c) < 0 || lists_init(c) < 0 ||
	    devices_init(c) < 0 || fleet_init(c) < 0 ||
	    usage_pull_init(c) < 0 || follow_init(c) < 0 ||
	    postures_init(c) < 0 || syncs_init(c) < 0 ||
	    api_who_init(c) < 0 ||
	    logins_init(c) < 0 || listen_init(c) < 0 ||
	    discovery_init(c) < 0 || admin_init(c) < 0 || certs_init(c) < 0 ||
	    intake_init(c, r->fds[0]) < 0 ||
	    (c->tick_ev = event_new(r->base, -1, EV_PERSIST, on_tick,
	    c)) == NULL || event_add(c->tick_ev, &second) < 0)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	bring_init(c);
	if ((rc = releases_recover(c)) < 0)
		return rel_err_set(err, -rc, "cannot read the jobs");
	core_try_key(c);
	return 0;
}

/* ScryptCost may be another: a name nobody has must cost the same. */
static void
core_reload(struct role *r)
{
	dummy_verifier(r->own);
	settings_refresh(r->own);
	links_look(r->own, NULL);
}

static void
core_peer(struct role *r, enum ipc_role who, uint32_t index, int fd)
{
	peers_add(r->own, who, index, fd);
}

static void
core_fini(struct role *r)
{
	struct core *c = r->own;

	if (c == NULL)
		return;
	if (c->devices != NULL && c->st != NULL && c->commit_ev != NULL) {
		devices_flush_seen(c);
		fleet_flush(c);
		if (c->logins != NULL)
			logins_flush(c);
	}
	turn_fini(c);
	slices_fini(c);
	intake_fini(c);
	works_fini(c);
	peers_fini(c);
	fleet_ask_fini();
	make_fini(c);
	releases_fini(c);
	sessions_fini(c);
	logins_fini(c);
	access_fini(c);
	templates_fini(c);
	cards_fini(c);
	syncs_fini(c);
	discovery_fini(c);
	snmp_sets_fini(c);
	directories_fini(c);
	addresses_fini(c);
	offline_fini(c);
	backup_fini(c);
	listen_fini(c);
	lists_fini(c);
	follow_fini();
	delta_fini();
	postures_fini(c);
	fleet_fini(c);
	devices_fini(c);
	links_fini(c);
	ca_client_fini(c);
	api_who_fini(c);
	certs_fini(c);
	quota_fini(c);
	api_ledger_fini(c);
	policy_fini(c);
	prices_fini(c);
	admin_fini(c);
	reply_fini(c);
	if (c->tick_ev != NULL)
		event_free(c->tick_ev);
	store_close(&c->st);
	if (c->spool_dir >= 0)
		close(c->spool_dir);
	ca_fini(c);
	keys_fini(c);
	free(c);
	r->own = NULL;
}

const struct role_ops core_role = {
	.role = ROLE_CORE,
	.jail = REL_JAIL_CORE,
	.init = core_init,
	.begin = core_begin,
	.peer = core_peer,
	.reload = core_reload,
	.told = admin_told,
	.fini = core_fini
};
