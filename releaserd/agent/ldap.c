/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Questions about a directory: a log-in, a look-up, a test.  The servers are
 * tried in their order, from the one core says on.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/agent/agent_priv.h"
#include "releaserd/agent/ldap_priv.h"

static void
say(struct ldap_ask *a, int place, const char *fmt, va_list ap)
{
	const struct directory_server *s = place >= 0 ? &a->d.server[place] :
	    NULL;
	struct dir_said *said = a->said;
	size_t n = strlen(said->words);
	const char *and = n > 0 ? "; " : "";
	char words[400];

	vsnprintf(words, sizeof words, fmt, ap);
	if (s != NULL && s->host[0] != '\0')
		snprintf(said->words + n, sizeof said->words - n,
		    "%s%s:%u: %s", and, s->host, s->port, words);
	else
		snprintf(said->words + n, sizeof said->words - n, "%s%s", and,
		    words);
	rel_text_clean(said->words, sizeof said->words, said->words);
}

void
ask_say(struct ldap_ask *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(a, a->server, fmt, ap);
	va_end(ap);
}

void
ask_say_of(struct ldap_ask *a, int place, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(a, place, fmt, ap);
	va_end(ap);
}

int64_t
ask_until(const struct ldap_ask *a, int64_t ms)
{
	int64_t until = rel_mono_ms() + ms;

	return a->end_ms > 0 && a->end_ms < until ? a->end_ms : until;
}

void
ask_waited(struct ldap_ask *a, int64_t begin_ms)
{
	a->until_ms = ask_until(a, a->until_ms - begin_ms);
	for (size_t i = 0; i < LDAP_KINDS; i++)
		if (a->link[i] != NULL)
			a->link[i]->until_ms = a->until_ms;
}

/* ---- one server after the other */

static int
one_try(struct ldap_ask *a, ask_work work, const void *message)
{
	int rc;

	a->kept = a->up = a->late = a->elsewhere_away = false;
	dir_said_wipe_people(a->said);
	a->until_ms = ask_until(a, a->d.answer_ms);
	rc = work(a, message);
	link_keep(a);
	return rc;
}

/* A connection that was kept may have died unseen: once more on a new one. */
static int
one_server(struct ldap_ask *a, ask_work work, const void *message)
{
	size_t words = strlen(a->said->words);
	int rc;

	a->fresh = false;
	rc = one_try(a, work, message);
	if (rc == DIR_AWAY && a->kept && !a->late && !a->elsewhere_away) {
		a->said->words[words] = '\0';
		a->fresh = true;
		rc = one_try(a, work, message);
	}
	if ((rc != DIR_AWAY && rc != DIR_TLS) || a->elsewhere_away)
		a->said->server = a->server;
	else
		a->said->dead |= (uint16_t)(1u << a->server);
	return rc;
}

int
ask_servers(struct ldap_ask *a, ask_work work, const void *message)
{
	int rc = DIR_AWAY, said = DIR_AWAY;

	if (a->d.nservers == 0) {
		ask_say_of(a, -1, "there is no LDAP server to look anything "
		    "up (Servers)");
		return DIR_SETTINGS;
	}
	for (uint32_t i = 0; i < a->d.nservers; i++) {
		if (i > 0 && a->end_ms > 0 && rel_mono_ms() >= a->end_ms)
			break;
		a->server = (uint8_t)((a->at->first + i) % a->d.nservers);
		rc = one_server(a, work, message);
		if ((rc != DIR_AWAY && rc != DIR_TLS) || a->elsewhere_away)
			return rc;
		if (rc == DIR_TLS)
			said = rc;
	}
	return said;
}

/* ---- log-in */

/*
 * Not looked up before: what was typed is the name.  With one of these a KDC
 * or a module may take it for somebody of another name, and let that one in.
 */
static bool
name_is_plain(const char *name)
{
	return strpbrk(name, "@/\\") == NULL;
}

/* Where the person's name is the way in: no search before it. */
static int
login_by_name(struct ldap_ask *a, const struct dir_login *m)
{
	bool is_dn = strchr(a->d.user_name, '=') != NULL;
	char who[REL_CONF_TEXT_MAX * 4];
	struct ldap_link *l;
	LDAPMessage *res;
	int rc;

	if (a->d.user_bind == USER_BIND_GSSAPI && !name_is_plain(m->name))
		return DIR_WRONG;
	if (!(is_dn ? directory_fill : directory_fill_plain)(who, sizeof who,
	    a->d.user_name, m->name))
		return DIR_WRONG;
	if ((rc = link_get(a, LDAP_PERSON, &l)) != 0 ||
	    (rc = bind_person(a, l, who, m)) != DIR_RIGHT || m->dn[0] != '\0')
		return rc;
	/* Without a service account people read their own entry. */
	if (a->d.bind != BIND_ANONYMOUS &&
	    (rc = link_get(a, LDAP_SERVICE, &l)) != 0)
		return rc;
	rc = find_person(a, l, m->name, is_dn ? who : NULL, &res);
	if (rc == DIR_RIGHT)
		rc = groups_read(a, l, ldap_first_entry(l->ld, res));
	ldap_msgfree(res);
	return rc;
}

/* Under whose name the password of the entry that was found is tried. */
static int
login_found(struct ldap_ask *a, const struct dir_login *m,
    struct ldap_link *service, LDAPMessage *e)
{
	bool by_login = a->d.user_bind != USER_BIND_SIMPLE;
	const char *login = a->said->who[0].login;
	struct ldap_link *l;
	char *dn;
	int rc;

	if (directory_proves_elsewhere(&a->d)) {
		rc = prove_person(a, login, m);
		return rc == DIR_RIGHT ? groups_read(a, service, e) : rc;
	}
	dn = ldap_get_dn(service->ld, e);
	/* Tried already: a wrong one would count twice there. */
	if (dn != NULL && strcmp(dn, m->dn) == 0)
		rc = DIR_WRONG;
	else if ((rc = link_get(a, LDAP_PERSON, &l)) == 0)
		rc = bind_person(a, l, by_login ? login : dn != NULL ? dn :
		    "", m);
	ldap_memfree(dn);
	return rc == DIR_RIGHT ? groups_read(a, service, e) : rc;
}

static int
login_by_search(struct ldap_ask *a, const struct dir_login *m)
{
	struct ldap_link *l;
	LDAPMessage *res;
	int rc = link_get(a, LDAP_SERVICE, &l);

	if (rc != 0)
		return rc;
	rc = find_person(a, l, m->name, NULL, &res);
	if (rc == DIR_RIGHT)
		rc = login_found(a, m, l, ldap_first_entry(l->ld, res));
	ldap_msgfree(res);
	return rc;
}

/* Who is known; when it is wrong the entry may have moved. */
static int
login_known(struct ldap_ask *a, const struct dir_login *m)
{
	struct ldap_link *l;
	int rc = link_get(a, LDAP_PERSON, &l);

	if (rc == 0)
		rc = bind_person(a, l, m->dn, m);
	return rc == DIR_WRONG ? login_by_search(a, m) : rc;
}

static int
login_work(struct ldap_ask *a, const void *message)
{
	const struct dir_login *m = message;

	if (a->d.user_name[0] != '\0')
		return login_by_name(a, m);
	return m->dn[0] != '\0' && a->d.user_bind == USER_BIND_SIMPLE ?
	    login_known(a, m) : login_by_search(a, m);
}

/* Without LDAP servers a person is a name. */
static int
login_bare(struct ldap_ask *a, const struct dir_login *m)
{
	struct dir_person *p = &a->said->who[0];
	int rc = name_is_plain(m->name) ? prove_person(a, m->name, m) :
	    DIR_WRONG;

	memset(p, 0, sizeof *p);
	snprintf(p->login, sizeof p->login, "%s", m->name);
	a->said->n = 1;
	return rc;
}

static int
login(struct ldap_ask *a, const struct dir_login *m)
{
	int rc;

	if (m->password_len == 0 ||
	    !directory_name_ok(m->name, strlen(m->name)))
		return DIR_WRONG;
	rc = a->d.nservers > 0 ? ask_servers(a, login_work, m) :
	    login_bare(a, m);
	if (rc == DIR_RIGHT)
		a->said->proof = (uint8_t)dir_proof_of(&a->d);
	/* Of a wrong one too: it counts for who was meant. */
	if (rc != DIR_RIGHT && rc != DIR_MUST_CHANGE && rc != DIR_CLOSED &&
	    rc != DIR_WRONG)
		a->said->n = 0;
	return rc;
}

/* ---- look-up */

static int
find_work(struct ldap_ask *a, const void *message)
{
	const struct dir_find *m = message;
	int rc = m->by == DIR_IN_BOOK ? book_find(a, m) : find_people(a, m);

	/* Somebody types and waits: a slow search is no server that is dead. */
	return rc == DIR_AWAY && a->up && a->late && a->end_ms > 0 &&
	    (m->by == DIR_BY_PART || m->by == DIR_IN_BOOK) ? DIR_LIMIT : rc;
}

static int
find(struct ldap_ask *a, const struct dir_find *m)
{
	if (m->time_ms > 0)
		a->end_ms = rel_mono_ms() + m->time_ms;
	return ask_servers(a, find_work, m);
}

/* ---- test */

/* Connect anew, log in, see that UserBase is there. */
static int
test_work(struct ldap_ask *a, const void *message)
{
	static const char *const attrs[] = { "1.1", NULL };
	const struct find_query q = { .base = a->d.user_base,
		.filter = "(objectClass=*)", .scope = LDAP_SCOPE_BASE,
		.attrs = attrs, .limit = 1, .doing = "look at UserBase" };
	int64_t begin = rel_mono_ms();
	struct ldap_link *l;
	struct find_found f;
	int rc;

	(void)message;
	a->fresh = true;
	if ((rc = link_get(a, LDAP_SERVICE, &l)) != 0)
		return rc;
	rc = find_search(a, l, &q, &f);
	if (rc == 0)
		ask_say(a, f.n == 1 ? "good, %s, %lld ms" :
		    "UserBase is not there, or may not be read (%s, %lld ms)",
		    l->ssl != NULL ? SSL_get_version(l->ssl) : "clear text",
		    (long long)(rel_mono_ms() - begin));
	ldap_msgfree(f.res);
	return rc != 0 ? rc : f.n == 1 ? DIR_RIGHT : DIR_SETTINGS;
}

static int
test_name(struct ldap_ask *a, const void *message)
{
	const struct dir_test *m = message;
	struct ldap_link *l;
	LDAPMessage *res;
	int rc = link_get(a, LDAP_SERVICE, &l);

	if (rc != 0)
		return rc;
	rc = find_person(a, l, m->name, NULL, &res);
	if (rc == DIR_RIGHT)
		rc = groups_read(a, l, ldap_first_entry(l->ld, res));
	ldap_msgfree(res);
	return rc;
}

/* The first thing that was not right. */
static int
first_bad(int before, int now)
{
	return before != DIR_RIGHT ? before : now;
}

static int
test(struct ldap_ask *a, const struct dir_test *m)
{
	int worst = DIR_RIGHT;

	for (uint32_t i = 0; i < a->d.nservers; i++) {
		a->server = (uint8_t)i;
		worst = first_bad(worst, one_server(a, test_work, m));
	}
	if (a->d.nkdcs > 0)
		worst = first_bad(worst, krb_test(a));
	worst = first_bad(worst, prove_test(a));
	if (worst != DIR_RIGHT || m->name[0] == '\0' || a->d.nservers == 0)
		return worst;
	return directory_name_ok(m->name, strlen(m->name)) ?
	    ask_servers(a, test_name, m) : DIR_NOBODY;
}

/* ---- questions */

/* Connections are shared by questions with the same directory only. */
static bool
ask_key(struct ldap_ask *a)
{
	const struct dir_where *at = a->at;
	const struct {
		const uint8_t *p;
		size_t n;
	} part[] = {
		{ at->conf, at->conf_len }, { at->ca, at->ca_len },
		{ at->crl, at->crl_len }, { at->secret, at->secret_len },
		{ at->keytab, at->keytab_len }
	};
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok = md != NULL &&
	    EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;

	for (size_t i = 0; ok && i < sizeof part / sizeof part[0]; i++)
		ok = EVP_DigestUpdate(md, &part[i].n, sizeof part[i].n) ==
		    1 && EVP_DigestUpdate(md, part[i].p, part[i].n) == 1;
	ok = ok && EVP_DigestFinal_ex(md, a->key, NULL) == 1;
	EVP_MD_CTX_free(md);
	return ok;
}

/* Directories that were asked lately: their settings are read once. */
static struct asked {
	bool known;
	uint8_t key[32];
	struct directory d;
} asked[8];

static bool
asked_find(struct ldap_ask *a)
{
	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
		if (asked[i].known &&
		    memcmp(asked[i].key, a->key, sizeof a->key) == 0) {
			a->d = asked[i].d;
			return true;
		}
	return false;
}

static void
asked_keep(const struct ldap_ask *a)
{
	static size_t next;
	struct asked *k = &asked[next++ % (sizeof asked / sizeof asked[0])];

	k->known = true;
	memcpy(k->key, a->key, sizeof k->key);
	k->d = a->d;
}

bool
ask_init(struct ldap_ask *a, const struct dir_where *at,
    struct dir_said *said)
{
	struct rel_err err;

	memset(a, 0, sizeof *a);
	a->at = at;
	a->said = said;
	if (!ask_key(a)) {
		said->outcome = DIR_AWAY;
		return false;
	}
	if (asked_find(a))
		return true;
	if (directory_parse(&a->d, at->conf, at->conf_len, "directory", NULL,
	    &err) < 0) {
		snprintf(said->words, sizeof said->words, "%s", err.text);
		said->outcome = DIR_SETTINGS;
		return false;
	}
	asked_keep(a);
	return true;
}

/* A question that is none is a fault of ours. */
static void
not_read(struct dir_said *said)
{
	snprintf(said->words, sizeof said->words,
	    "the question cannot be read");
	said->outcome = DIR_SETTINGS;
}

static void
do_login(const struct rel_frame *fr, struct dir_said *said)
{
	struct ldap_ask a;
	struct dir_login m;

	if (dir_login_get(&m, fr->body, fr->len) < 0)
		not_read(said);
	else if (ask_init(&a, &m.at, said))
		said->outcome = (uint8_t)login(&a, &m);
}

static void
do_find(const struct rel_frame *fr, struct dir_said *said)
{
	struct ldap_ask a;
	struct dir_find m;

	if (dir_find_get(&m, fr->body, fr->len) < 0)
		not_read(said);
	else if (ask_init(&a, &m.at, said))
		said->outcome = (uint8_t)find(&a, &m);
}

static void
do_test(const struct rel_frame *fr, struct dir_said *said)
{
	struct ldap_ask a;
	struct dir_test m;

	if (dir_test_get(&m, fr->body, fr->len) < 0)
		not_read(said);
	else if (ask_init(&a, &m.at, said))
		said->outcome = (uint8_t)test(&a, &m);
}

static void
ask_log(const struct dir_said *said)
{
	bool bad = said->outcome == DIR_AWAY || said->outcome == DIR_TLS ||
	    said->outcome == DIR_SETTINGS;

	if (said->words[0] != '\0' && (bad || said->dead != 0))
		rel_log(REL_WARN, "a directory does not answer as it should",
		    "outcome=%s took_ms=%u why=\"%s\"",
		    dir_outcome_word(said->outcome), said->took_ms,
		    said->words);
}

/* Answers are large: those that are filled no more wait for the next. */
struct room {
	struct dir_said said;
	struct room *next;
};
static struct room *rooms;

static void
answer(const struct rel_frame *fr, struct dir_said *said)
{
	int64_t begin = rel_mono_ms();

	said->server = said->kdc = DIR_NO_SERVER;
	if (fr->type == IPC_DIR_LOGIN)
		do_login(fr, said);
	else if (fr->type == IPC_DIR_FIND)
		do_find(fr, said);
	else
		do_test(fr, said);
	said->took_ms = (uint32_t)(rel_mono_ms() - begin);
	if (said->outcome != DIR_TLS)
		said->tls = DIR_TLS_GOOD;
	ask_log(said);
}

void
ldap_answer(const struct rel_frame *fr, struct rel_buf *out)
{
	struct room *r = rooms;

	if (r == NULL && (r = calloc(1, sizeof *r)) == NULL) {
		out->failed = -REL_E_NOMEM;
		return;
	}
	if (r == rooms)
		rooms = r->next;
	answer(fr, &r->said);
	dir_said_put(out, &r->said);
	dir_said_wipe(&r->said);
	r->next = rooms;
	rooms = r;
}

void
ldap_begin(void)
{
	/* Nothing of ldap.conf(5), .ldaprc or the environment counts. */
	(void)setenv("LDAPNOINIT", "1", 1);
	krb_begin();
}

void
ldap_rest(void)
{
	sync_rest();
	link_idle();
}

void
ldap_end(void)
{
	struct room *r;

	sync_end();
	link_fini();
	while ((r = rooms) != NULL) {
		rooms = r->next;
		free(r);
	}
	krb_end();
}
