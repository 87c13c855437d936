/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/backup.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mail.h"
#include "releaserd/core/store_backup.h"

#define OPEN_MAX 16u
#define DAY_MS INT64_C(86400000)
#define KEEP_USES_MS (400 * DAY_MS)
#define EVERYWHERE "b:*"		/* all places together */

struct backup {
	struct opened {
		char place[96];		/* "" free */
		int64_t touched_ms, opened_ms;	/* monotonic */
	} open[OPEN_MAX];
};

int
backup_init(struct core *c)
{
	c->backup = calloc(1, sizeof *c->backup);
	return c->backup != NULL ? 0 : -REL_E_NOMEM;
}

void
backup_fini(struct core *c)
{
	free(c->backup);
	c->backup = NULL;
}

bool
backup_enabled(struct core *c)
{
	struct backup_row r;
	bool is = store_backup_get(c->st, &r) == 0;

	rel_wipe(&r, sizeof r);
	return is;
}

const char *
backup_password_bad(const char *password)
{
	bool letter = false, digit = false, other = false;
	size_t n = 0;

	for (const char *s = password; *s != '\0'; s++) {
		unsigned char b = (unsigned char)*s;

		n += (b & 0xc0) != 0x80;
		letter |= isalpha(b) != 0 || b >= 0x80;
		digit |= isdigit(b) != 0;
		other |= b < 0x80 && isalnum(b) == 0;
	}
	if (n < 8 || n > BACKUP_MAX)
		return "the backup password must have 8 to 128 characters";
	if (!letter || !digit || !other)
		return "the backup password needs at least one letter, one "
		    "digit and one other character";
	return NULL;
}

/* ---- to whom it is open */

void
backup_place(char out[96], const struct request *rq,
    const struct caller *who)
{
	out[0] = '\0';
	if (rq->caller == CALLER_LOCAL && who->login == 0 &&
	    who->key[0] != '\0')
		snprintf(out, 96, "%c:%s", rq->cups_cert[0] != '\0' ? 'w' :
		    'l', who->key);
}

static struct opened *
opened_at(struct core *c, const char *place)
{
	int64_t now = rel_mono_ms();

	for (size_t i = 0; place[0] != '\0' && i < OPEN_MAX; i++) {
		struct opened *o = &c->backup->open[i];

		if (strcmp(o->place, place) != 0)
			continue;
		if (now - o->touched_ms < c->role->set.web_timeout_ms &&
		    now - o->opened_ms < c->role->set.session_max_ms)
			return o;
		memset(o, 0, sizeof *o);
	}
	return NULL;
}

static struct opened *
opened_of(struct core *c, const struct request *rq, const struct caller *who)
{
	char place[96];

	backup_place(place, rq, who);
	return opened_at(c, place);
}

bool
backup_is_open(struct core *c, const struct request *rq,
    const struct caller *who)
{
	struct opened *o = opened_of(c, rq, who);

	if (o != NULL)
		o->touched_ms = rel_mono_ms();
	return o != NULL;
}

int64_t
backup_until_ms(struct core *c, const struct request *rq,
    const struct caller *who)
{
	const struct opened *o = opened_of(c, rq, who);
	int64_t idle, most;

	if (o == NULL)
		return 0;
	idle = o->touched_ms + c->role->set.web_timeout_ms;
	most = o->opened_ms + c->role->set.session_max_ms;
	return rel_now_ms() + (idle < most ? idle : most) - rel_mono_ms();
}

int
backup_open(struct core *c, const char *place)
{
	struct opened *o = opened_at(c, place);

	for (size_t i = 0; o == NULL && i < OPEN_MAX; i++)
		if (c->backup->open[i].place[0] == '\0' ||
		    opened_at(c, c->backup->open[i].place) == NULL)
			o = &c->backup->open[i];
	if (o == NULL)
		return -REL_E_FULL;
	snprintf(o->place, sizeof o->place, "%s", place);
	o->touched_ms = o->opened_ms = rel_mono_ms();
	return 0;
}

void
backup_close(struct core *c, const struct request *rq,
    const struct caller *who)
{
	struct opened *o = opened_of(c, rq, who);

	if (o != NULL)
		memset(o, 0, sizeof *o);
}

void
backup_close_all(struct core *c)
{
	memset(c->backup, 0, sizeof *c->backup);
}

bool
backup_setting(size_t item)
{
	static const char *const names[] = { "UserApi", "UserApiRoles",
	    "UserSessionIdle", "UserSessionMax", "UserSessionsPerUser",
	    "StripRealm", "LoginFailures", "LoginWindow", "LockoutTime",
	    "PanelTimeout", "WebTimeout", "SessionMax",
	    "RegisterUnknownCards", "OneTimeCodeTime", "MaxPasswordChecks" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(settings_table.items[item].name, names[i]) == 0)
			return true;
	return false;
}

/* ---- it was used: that is written down, and told */

struct telling {
	struct core *c;
	struct notice_mail m;
	int rc;
};

static bool
tell_one(const char *address, void *ctx)
{
	struct telling *t = ctx;

	snprintf(t->m.address, sizeof t->m.address, "%s", address);
	if (rel_mail_address_ok(address))
		t->rc = store_notice_put(t->c->st, &t->m, rel_now_ms());
	return t->rc == 0;
}

int
administrators_tell(struct core *c, int64_t use)
{
	struct telling t = { .c = c, .m = { .use = use } };
	const char *s = c->role->set.mail_admins;
	char one[REL_MAIL_ADDRESS_MAX + 1];
	int rc = 0;

	if (c->role->set.mail_server[0] == '\0')
		return 0;
	if (*s == '\0')
		rc = store_admin_addresses(c->st, WHO_ADMIN, tell_one, &t);
	while (*(s += strspn(s, " \t")) != '\0') {
		size_t n = strcspn(s, " \t");

		snprintf(one, sizeof one, "%.*s", (int)n, s);
		if (!tell_one(one, &t))
			break;
		s += n;
	}
	return rc < 0 ? rc : t.rc;
}

/* 0, or the turn is spoilt. */
static int
used(struct core *c, const struct backup_try *t)
{
	struct backup_use u = { .id = ids_next(c), .at_ms = rel_now_ms() };
	char who[100];
	struct rel_err err;
	int rc;

	snprintf(u.who, sizeof u.who, "%s", t->who);
	snprintf(u.door, sizeof u.door, "%s", t->door);
	snprintf(who, sizeof who, "backup:%.83s", t->who);
	rel_log(REL_WARN, "the backup password was used", "door=%s",
	    t->door);
	if ((rc = core_write(c, &err)) < 0)
		return rc;
	if ((rc = store_backup_used(c->st, &u)) < 0 ||
	    (rc = store_audit(c->st, u.at_ms, who, "backup-opened",
	    t->door)) < 0 || (rc = administrators_tell(c, u.id)) < 0)
		return core_spoil(c, rc);
	return 0;
}

/* ---- asking for it */

struct asking {
	struct backup_try t;
	char subject[100];
	backup_done done;
	void *ctx;
};

int
backup_locked_s(struct core *c, const char *place)
{
	char subject[100];
	int here, all = lockout_state(c, EVERYWHERE);

	snprintf(subject, sizeof subject, "b:%.90s", place);
	here = lockout_state(c, subject);
	return here > all ? here : all;
}

static const char *
wrong(struct core *c, const struct asking *k)
{
	struct rel_err err;

	if (lockout_failed(c, k->subject) < 0 ||
	    lockout_failed(c, EVERYWHERE) < 0 || core_write(c, &err) < 0)
		return "backend-unavailable";
	if (store_audit(c->st, rel_now_ms(), k->t.who, "backup-denied",
	    k->t.door) < 0)
		core_spoil(c, 0);
	return "bad-credential";
}

static void
on_verified(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct asking *k = ctx;
	const char *problem = NULL;
	struct rel_cur cur;
	int wait_s = backup_locked_s(c, k->t.place);

	rel_cur_init(&cur, fr != NULL ? fr->body : NULL, fr != NULL ?
	    fr->len : 0);
	if (fr == NULL || fr->type != IPC_VERIFIED)
		problem = "backend-unavailable";
	else if (wait_s > 0)
		problem = "locked-out";
	else if (rel_get_u8(&cur) != 1 || rel_cur_end(&cur) < 0)
		problem = wrong(c, k);
	else if (lockout_cleared(c, k->subject) < 0 || used(c, &k->t) < 0)
		problem = "backend-unavailable";
	k->done(c, problem, wait_s, k->ctx);
	rel_wipe(k, sizeof *k);
	free(k);
}

int
backup_ask(struct core *c, const struct backup_try *t, const char *password,
    backup_done done, void *ctx)
{
	struct asking *k = calloc(1, sizeof *k);
	struct backup_row r;
	struct rel_buf b;
	int rc;

	if (k == NULL)
		return -REL_E_NOMEM;
	k->t = *t;
	k->done = done;
	k->ctx = ctx;
	snprintf(k->subject, sizeof k->subject, "b:%.90s", t->place);
	rc = store_backup_get(c->st, &r);
	rel_buf_init(&b);
	rel_put_str(&b, password);
	rel_put_str(&b, rc == 0 ? r.verifier : c->dummy_verifier);
	if (rc == 0 || rc == -REL_E_NOTFOUND)
		rc = b.failed ? -b.failed :
		    agent_ask(c, IPC_VERIFY, &b, on_verified, k);
	rel_buf_fini_secret(&b);
	rel_wipe(&r, sizeof r);
	if (rc < 0)
		free(k);
	return rc;
}

json_t *
backup_warning(struct core *c, json_t *list)
{
	int64_t n = 0;
	char text[120];

	if (store_backup_unseen(c->st, &n) < 0 || n == 0)
		return list;
	snprintf(text, sizeof text, n == 1 ? "The backup password was used, "
	    "and no administrator has looked at it" : "The backup password "
	    "was used %lld times, and no administrator has looked at it",
	    (long long)n);
	json_array_append_new(list, json_pack("{s:s,s:s}", "code",
	    "backup-used", "text", text));
	return list;
}

void
backup_tick(struct core *c)
{
	struct rel_err err;

	if (c->ticks % 3600 == 11 && core_write(c, &err) == 0 &&
	    store_backup_forget(c->st, rel_now_ms() - KEEP_USES_MS) < 0)
		core_spoil(c, 0);
}
