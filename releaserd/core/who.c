/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Who calls the local API: the kernel says the uid, or cupsd says who visits
 * the page that calls (doc/web.md).  agent asks; what it learns is kept for a
 * minute.  Over HTTPS it is whose token it is.  Then the role, and whether
 * this call was answered before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/store_guest.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/backup.h"
#include "releaserd/core/logins.h"

#define KNOWN_MAX 128u
#define KNOWN_MS 60000
#define ASKING_MAX 100u		/* as many pages as cupsd shows at once */

struct api_users {
	struct known {
		uint32_t uid;		/* when there is no certificate */
		uint8_t cert[32];	/* SHA-256; all zero for a uid */
		int64_t until_ms;
		struct caller who;
	} known[KNOWN_MAX];
	unsigned next;
	unsigned asking;		/* certificates that agents have */
};

/* A call that waits until its caller is known. */
struct who_question {
	struct request rq;
	struct asker a;
	who_fn fn;
	struct known k;
};

const char *
who_role_name(enum caller_role role)
{
	static const char *const names[] = { "user", "helpdesk", "operator",
	    "administrator" };

	return names[role];
}

int
who_role_of(const char *name)
{
	for (int i = WHO_USER; i <= WHO_ADMIN; i++)
		if (strcmp(name, who_role_name((enum caller_role)i)) == 0)
			return i;
	return -1;
}

int
api_who_init(struct core *c)
{
	c->who = calloc(1, sizeof *c->who);
	return c->who != NULL ? 0 : -REL_E_NOMEM;
}

void
api_who_fini(struct core *c)
{
	free(c->who);
	c->who = NULL;
}

/* ---- the caller is known */

/* Over HTTPS a role counts up to UserApiRoles. */
static void
role_look_up(struct core *c, struct caller *who)
{
	int most = who->login != 0 ? (int)c->role->set.user_api_role :
	    WHO_ADMIN, role = WHO_USER;

	if (who->role == WHO_ADMIN || who->key[0] == '\0' ||
	    most == WHO_USER)
		return;
	if (store_role_get(c->st, who->key, &role) == 0 && role > WHO_USER &&
	    !store_guest_named(c->st, who->key) &&
	    role <= WHO_ADMIN)
		who->role = (enum caller_role)(role < most ? role : most);
}

/*
 * Is the account closed?  Then the panel lets nobody in, nor do the pages:
 * all they say is who one is.  Administrators are not made here, but by cupsd
 * or the group of the system.
 */
static bool
account_closed(struct core *c, const struct request *rq,
    const struct caller *who)
{
	struct user u;

	return who->role != WHO_ADMIN && who->key[0] != '\0' &&
	    rq->route != API_ME_GET && rq->route != API_BACKUP_OPEN &&
	    rq->route != API_BACKUP_CLOSE &&
	    store_user_get(c->st, who->key, &u) == 0 && u.disabled;
}

/* Whose answer it is.  A name may be longer than there is room for. */
static void
peer_of(struct asker *a, const struct caller *who)
{
	uint8_t hash[32];
	char hex[65];

	keys_sha256(hash, who->key, strlen(who->key));
	rel_hex(hex, hash, sizeof hash);
	snprintf(a->idem_peer, sizeof a->idem_peer, "%s:%s", who->login != 0 ?
	    "web" : "who", hex);
}

/* A change that was sent with a key is made once (reply.c). */
static bool
answered_before(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	if (a->idem_key[0] == '\0' || routes[rq->route].method == HTTP_GET)
		return false;
	peer_of(a, who);
	if (reply_replay(c, a))
		return true;
	reply_mark(a);
	a->keep_short = true;
	return false;
}

/* Who has given the backup password administers, by the routes it opens. */
static bool
backup_opens(struct core *c, const struct request *rq, struct caller *who)
{
	char name[84];

	if (who->host ||
	    (routes[rq->route].callers & BY_BACKUP) == 0 ||
	    !backup_is_open(c, rq, who))
		return false;
	snprintf(name, sizeof name, "backup:%.76s", who->name);
	memcpy(who->name, name, sizeof who->name);
	who->role = WHO_ADMIN;
	who->admin = who->backup = true;
	return true;
}

static void
who_go(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *known, who_fn fn)
{
	struct caller who = *known;

	/* It belongs to no account, so that it opens to a closed one, too. */
	if (backup_opens(c, rq, &who)) {
		if (!answered_before(c, rq, a, &who))
			fn(c, rq, a, &who);
		return;
	}
	/* A closed account has no log-ins over HTTPS. */
	if (who.login == 0 && account_closed(c, rq, &who)) {
		reply_problem(c, a, "account-closed", 0,
		    "this account is closed; ask the help desk");
		return;
	}
	role_look_up(c, &who);
	who.admin = who.role == WHO_ADMIN;
	if (access_call(c, rq, a, &who) == 0 &&
	    !answered_before(c, rq, a, &who))
		fn(c, rq, a, &who);
}

static const struct caller *
known_find(struct core *c, const struct known *want)
{
	for (size_t i = 0; i < KNOWN_MAX; i++) {
		struct known *k = &c->who->known[i];

		if (k->until_ms > rel_mono_ms() && k->uid == want->uid &&
		    memcmp(k->cert, want->cert, sizeof k->cert) == 0)
			return &k->who;
	}
	return NULL;
}

/* ---- agent's answers */

static void
known_keep(struct core *c, struct known *k)
{
	k->until_ms = rel_mono_ms() + KNOWN_MS;
	c->who->known[c->who->next++ % KNOWN_MAX] = *k;
}

/* "": nobody. */
static bool
caller_named(struct core *c, struct caller *who)
{
	if (rel_user_key(who->key, sizeof who->key, who->name,
	    c->role->set.strip_realm != 0))
		return true;
	who->key[0] = '\0';
	return false;
}

static bool
take_who(struct core *c, struct who_question *q, struct rel_frame *fr)
{
	struct caller *who = &q->k.who;
	struct rel_cur cur;

	rel_cur_init(&cur, fr->body, fr->len);
	rel_get_str(&cur, who->name, sizeof who->name);
	who->role = rel_get_u8(&cur) == 1 ? WHO_ADMIN : WHO_USER;
	who->host = who->role == WHO_ADMIN;
	if (rel_cur_end(&cur) == 0 && caller_named(c, who))
		known_keep(c, &q->k);
	return true;
}

static bool
take_visitor(struct core *c, struct who_question *q, struct rel_frame *fr)
{
	struct caller *who = &q->k.who;
	enum ipc_visitor v;
	struct rel_cur cur;

	rel_cur_init(&cur, fr->body, fr->len);
	v = (enum ipc_visitor)rel_get_u8(&cur);
	rel_get_str(&cur, who->name, sizeof who->name);
	who->role = v == VISITOR_SYSTEM ? WHO_ADMIN : WHO_USER;
	if (rel_cur_end(&cur) < 0 || v == VISITOR_UNASKED) {
		reply_problem(c, &q->a, "backend-unavailable", 2,
		    "cupsd cannot be asked who you are now");
		return false;
	}
	if ((v != VISITOR_USER && v != VISITOR_SYSTEM) ||
	    !caller_named(c, who)) {
		reply_problem(c, &q->a, "not-logged-in", 0,
		    "cupsd does not know who asks: log in");
		return false;
	}
	known_keep(c, &q->k);
	return true;
}

static void
on_who(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct who_question *q = ctx;
	bool go = false;

	if (q->rq.cups_cert[0] != '\0')
		c->who->asking--;
	if (fr != NULL && fr->type == IPC_WHO && q->rq.cups_cert[0] == '\0')
		go = take_who(c, q, fr);
	else if (fr != NULL && fr->type == IPC_VISITED)
		go = take_visitor(c, q, fr);
	else
		reply_problem(c, &q->a, "backend-unavailable", 2,
		    "user names cannot be looked up now");
	if (go)
		who_go(c, &q->rq, &q->a, &q->k.who, q->fn);
	request_fini(&q->rq);
	free(q);
}

/* ---- the question */

/* A request that outlives its message: written and read again. */
static int
request_copy(struct request *to, const struct request *rq)
{
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	request_put(&b, rq);
	rc = b.failed ? -b.failed : request_get(to, b.data, b.len);
	rel_buf_fini_secret(&b);
	return rc;
}

static int
question_send(struct core *c, struct who_question *q)
{
	bool visitor = q->rq.cups_cert[0] != '\0';
	struct rel_buf b;
	int rc;

	/* Whoever makes up certificates keeps no panel from its agent. */
	if (visitor && c->who->asking >= ASKING_MAX)
		return -REL_E_FULL;
	rel_buf_init(&b);
	if (visitor)
		rel_put_str(&b, q->rq.cups_cert);
	else
		rel_put_u32(&b, q->rq.uid);
	rc = agent_ask(c, visitor ? IPC_VISITOR : IPC_WHOIS, &b, on_who, q);
	if (rc == 0 && visitor)
		c->who->asking++;
	rel_buf_fini_secret(&b);
	return rc;
}

static void
who_ask(struct core *c, const struct request *rq, struct asker *a,
    const struct known *k, who_fn fn)
{
	struct who_question *q = calloc(1, sizeof *q);

	if (q == NULL || request_copy(&q->rq, rq) < 0) {
		free(q);
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	q->a = *a;
	q->fn = fn;
	q->k = *k;
	if (question_send(c, q) == 0)
		return;
	reply_problem(c, a, "rate-limited", 5, "too many requests wait");
	request_fini(&q->rq);
	free(q);
}

/* Over HTTPS: the token says it, and no other proof counts. */
static void
who_logged_in(struct core *c, const struct request *rq, struct asker *a,
    who_fn fn)
{
	struct caller who = { .role = WHO_USER };
	struct user_login l;
	int rc = logins_find(c, rq, &l);

	if (rc == -REL_E_NOTFOUND) {
		reply_problem(c, a, "not-logged-in", 0,
		    "this needs a valid log-in");
		return;
	}
	if (rc < 0) {
		reply_broken(c, a, rc);
		return;
	}
	who.login = l.id;
	memcpy(who.key, l.key, sizeof who.key);
	memcpy(who.name, l.name, sizeof who.name);
	who_go(c, rq, a, &who, fn);
}

void
api_who(struct core *c, const struct request *rq, struct asker *a, who_fn fn)
{
	static const struct caller root = { .key = "root", .name = "root",
	    .role = WHO_ADMIN, .host = true };
	struct known k = { .uid = rq->uid };
	const struct caller *known;

	if (rq->caller == CALLER_USER) {
		who_logged_in(c, rq, a, fn);
		return;
	}
	if (rq->cups_cert[0] != '\0')
		keys_sha256(k.cert, rq->cups_cert, strlen(rq->cups_cert));
	else if (rq->uid == 0) {
		who_go(c, rq, a, &root, fn);
		return;
	}
	if ((known = known_find(c, &k)) != NULL)
		who_go(c, rq, a, known, fn);
	else
		who_ask(c, rq, a, &k, fn);
}

void
api_anyone(struct core *c, const struct request *rq, struct asker *a,
    who_fn fn)
{
	if (rq->caller == CALLER_LOCAL)
		fn(c, rq, a, NULL);
	else
		api_who(c, rq, a, fn);
}

/* ---- what a role may do */

int
api_need(struct core *c, struct asker *a, const struct caller *who,
    enum caller_role role)
{
	static const char *const words[] = { "", "the help desk, operators "
	    "and administrators", "operators and administrators",
	    "administrators" };

	if (who->role >= role)
		return 0;
	reply_problem(c, a, "forbidden", 0, "only %s may do this",
	    words[role]);
	return -1;
}

int
api_admin(struct core *c, struct asker *a, const struct caller *who)
{
	return api_need(c, a, who, WHO_ADMIN);
}

bool
api_sees_title(const struct caller *who, const struct job *j)
{
	/* A user is given no other jobs than those that are his or her own,
	 * or of one whose delegate he or she is. */
	return who->role != WHO_HELPDESK || strcmp(who->key, j->user_key) == 0;
}
