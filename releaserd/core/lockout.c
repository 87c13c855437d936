/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who has failed too often: users, devices, addresses (I7). */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "releaserd/core/core.h"

#define HOUR_MS 3600000
#define REGISTER_TRIES 5	/* wrong activation keys an hour */
#define BACKUP_TRIES 3
#define ADDRESS_TIMES 10	/* many people may have one address */

int
lockout_state(struct core *c, const char *subject)
{
	struct lockout l;
	int64_t now = rel_now_ms();

	if (store_lockout_get(c->st, subject, &l) < 0 || l.until_ms <= now)
		return 0;
	return (int)((l.until_ms - now + 999) / 1000);
}

/* So many failures within the window lock out for so long. */
struct rule {
	int64_t limit, window_ms, lock_ms;
};

static struct rule
rule_of(const struct settings *s, const char *subject)
{
	struct rule r = { s->login_failures, s->login_window_ms,
	    s->lockout_ms };

	if (subject[0] == 'a')
		r = (struct rule){ REGISTER_TRIES, HOUR_MS, HOUR_MS };
	else if (subject[0] == 'b')	/* the backup password */
		r = (struct rule){ BACKUP_TRIES, HOUR_MS, HOUR_MS };
	if (subject[0] == 'h' || subject[0] == 'p' ||
	    strcmp(subject, "b:*") == 0)
		r.limit *= ADDRESS_TIMES;
	return r;
}

void
lockout_address(char out[100], const char *addr)
{
	struct in6_addr in6;
	char net[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET6, addr, &in6) == 1 &&
	    IN6_IS_ADDR_V4MAPPED(&in6)) {
		addr = strrchr(addr, ':') + 1;
	} else if (inet_pton(AF_INET6, addr, &in6) == 1) {
		memset(in6.s6_addr + 8, 0, 8);
		addr = inet_ntop(AF_INET6, &in6, net, sizeof net);
	}
	snprintf(out, 100, "h:%.64s", addr != NULL ? addr : "");
}

int
lockout_failed(struct core *c, const char *subject)
{
	struct rule rule = rule_of(&c->role->set, subject);
	int64_t now = rel_now_ms();
	struct rel_err err;
	struct lockout l;

	if (core_write(c, &err) < 0 ||
	    store_lockout_get(c->st, subject, &l) < 0)
		return -REL_E_PEER;
	if (l.first_ms + rule.window_ms < now || l.first_ms > now) {
		l.fails = 0;
		l.first_ms = now;
	}
	l.fails++;
	if (l.fails >= rule.limit) {
		l.until_ms = now + rule.lock_ms;
		l.fails = 0;
		l.first_ms = now;
		rel_log(REL_WARN, "locked out", "subject=%.60s", subject);
		if (store_audit(c->st, now, subject, "locked-out", "") < 0)
			core_spoil(c, 0);
	}
	if (store_lockout_set(c->st, subject, &l) < 0)
		return core_spoil(c, -REL_E_IO);
	return 0;
}

int
lockout_cleared(struct core *c, const char *subject)
{
	struct lockout l, none = { 0 };
	struct rel_err err;

	if (store_lockout_get(c->st, subject, &l) < 0 || l.fails == 0)
		return 0;
	if (core_write(c, &err) < 0 ||
	    store_lockout_set(c->st, subject, &none) < 0)
		return -REL_E_PEER;
	return 0;
}

int
lockout_end(struct core *c, const char *subject)
{
	struct lockout none = { 0 };
	struct rel_err err;
	int rc = core_write(c, &err);

	if (rc == 0 && (rc = store_lockout_set(c->st, subject, &none)) < 0)
		core_spoil(c, rc);
	return rc;
}

/* ---- changes that people make for themselves: subject "s:KEY" */

/* How many there were in the hour that is on. */
static int
changes_get(struct core *c, const char *key, char subject[90],
    struct lockout *l)
{
	int64_t now = rel_now_ms();
	int rc;

	snprintf(subject, 90, "s:%s", key);
	if ((rc = store_lockout_get(c->st, subject, l)) < 0)
		return rc;
	if (l->first_ms > now || l->first_ms + HOUR_MS <= now) {
		l->fails = 0;
		l->first_ms = now;
	}
	return 0;
}

int
changes_wait_s(struct core *c, const char *key)
{
	int64_t most = c->role->set.self_changes;
	char subject[90];
	struct lockout l;

	if (most == 0 || changes_get(c, key, subject, &l) < 0 ||
	    l.fails < most)
		return 0;
	return (int)((l.first_ms + HOUR_MS - rel_now_ms() + 999) / 1000);
}

int
changes_count(struct core *c, const char *key)
{
	char subject[90];
	struct lockout l;
	int rc = changes_get(c, key, subject, &l);

	l.fails++;
	return rc < 0 ? rc : store_lockout_set(c->st, subject, &l);
}

int
changes_forgive(struct core *c, const char *key)
{
	struct lockout none = { 0 };
	char subject[90];

	snprintf(subject, sizeof subject, "s:%s", key);
	return store_lockout_set(c->st, subject, &none);
}
