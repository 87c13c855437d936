/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/directories.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/fold.h"
#include "lib/spool.h"
#include "releaserd/core/addresses.h"

struct entry {
	struct directory_row row;
	struct directory set;
	int64_t dead_ms[DIRECTORY_ALL_MAX];	/* until then (monotonic), 0 for
					 * one that answered */
	bool away;			/* the last answer was: none answers */
	bool refused;			/* ... a certificate was not taken */
	int64_t probe_ms;		/* not asked again before (monotonic) */
};

/* A question that waits for an agent, or is with one. */
struct ask {
	unsigned type;			/* IPC_DIR_LOGIN, _FIND or _TEST */
	int64_t id;
	char name[256];
	struct rel_buf password;
	directory_done done;
	void *ctx;
	struct ask *next;
};

struct directories {
	struct entry *all;
	size_t n;
	struct ask *waiting, **tail;
	unsigned nwaiting, asked;	/* asked: agents have them */
	struct dir_said said;		/* of the answer at hand */
	struct known *known;
};

/* ---- what there is */

static struct entry *
entry_of(const struct core *c, int64_t id)
{
	struct directories *ds = c->directories;

	for (size_t i = 0; i < ds->n; i++)
		if (ds->all[i].row.id == id)
			return &ds->all[i];
	return NULL;
}

const struct directory_row *
directories_at(const struct core *c, size_t i)
{
	return i < c->directories->n ? &c->directories->all[i].row : NULL;
}

const struct directory_row *
directories_by_id(const struct core *c, int64_t id)
{
	const struct entry *e = entry_of(c, id);

	return e != NULL ? &e->row : NULL;
}

const struct directory_row *
directories_named(const struct core *c, const char *name)
{
	char key[84];

	if (strlen(name) >= sizeof key)
		return NULL;
	rel_fold(key, name, strlen(name) + 1);
	for (size_t i = 0; i < c->directories->n; i++)
		if (strcmp(c->directories->all[i].row.key, key) == 0)
			return &c->directories->all[i].row;
	return NULL;
}

const struct directory *
directories_settings(const struct core *c, int64_t id)
{
	const struct entry *e = entry_of(c, id);

	return e != NULL ? &e->set : NULL;
}

/* The last that is known of all its servers together. */
static void
away_note(struct entry *e, const struct dir_said *said)
{
	bool away = said->outcome == DIR_AWAY;

	e->refused = said->outcome == DIR_TLS;
	if (away != e->away)
		rel_log(REL_NOTICE, away ? "a directory is away" :
		    "a directory answers again", "directory=\"%s\"",
		    e->row.name);
	e->away = away;
}

static void
on_probed(struct core *c, const struct dir_said *said, void *ctx)
{
	(void)c;
	(void)said;
	(void)ctx;
}

bool
directories_away(struct core *c, int64_t id)
{
	struct entry *e = entry_of(c, id);

	if (e == NULL || !e->away)
		return false;
	if (e->probe_ms <= rel_mono_ms()) {
		e->probe_ms = rel_mono_ms() + e->set.dead_ms;
		(void)directory_test(c, id, "", on_probed, NULL);
	}
	return true;
}

int
directories_dead_s(const struct core *c, int64_t id, unsigned server)
{
	const struct entry *e = entry_of(c, id);
	int64_t now = rel_mono_ms();

	if (e == NULL || server >= DIRECTORY_ALL_MAX ||
	    e->dead_ms[server] <= now)
		return 0;
	return (int)((e->dead_ms[server] - now + 999) / 1000);
}

static void
entries_free(struct entry *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		store_directory_free(&all[i].row);
	free(all);
}

struct loading {
	struct entry *all;
	size_t n;
	int rc;
};

static bool
load_row(const struct directory_row *r, void *ctx)
{
	struct loading *l = ctx;
	struct entry *e = &l->all[l->n];
	struct rel_err err = { 0 };

	if (l->n == DIRECTORIES_MAX)
		return false;
	if (directory_parse(&e->set, r->text, strlen(r->text), r->name, NULL,
	    &err) < 0) {
		rel_log(REL_ERROR, "a directory's settings cannot be read",
		    "directory=\"%s\" why=\"%s\"", r->name, err.text);
		return true;
	}
	e->row = *r;
	e->row.text = strdup(r->text);
	e->row.ca = strdup(r->ca);
	e->row.crl = strdup(r->crl);
	e->row.keytab = malloc(r->keytab_len + 1);
	l->n++;
	if (e->row.keytab != NULL && r->keytab_len > 0)
		memcpy(e->row.keytab, r->keytab, r->keytab_len);
	if (e->row.text != NULL && e->row.ca != NULL && e->row.crl != NULL &&
	    e->row.keytab != NULL)
		return true;
	l->rc = -REL_E_NOMEM;
	return false;
}

/* From the store; what is known of dead servers goes when settings change. */
static int
load(struct core *c)
{
	struct directories *ds = c->directories;
	struct loading l = { calloc(DIRECTORIES_MAX, sizeof *l.all), 0, 0 };
	int rc;

	if (l.all == NULL)
		return -REL_E_NOMEM;
	rc = store_directory_list(c->st, load_row, &l);
	if (rc == 0)
		rc = l.rc;
	if (rc < 0) {
		entries_free(l.all, l.n);
		return rc;
	}
	entries_free(ds->all, ds->n);
	known_forget_all(ds->known);
	ds->all = l.all;
	ds->n = l.n;
	return 0;
}

int
directories_init(struct core *c, struct rel_err *err)
{
	if ((c->directories = calloc(1, sizeof *c->directories)) == NULL ||
	    (c->directories->known = known_new()) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	c->directories->tail = &c->directories->waiting;
	return load(c) < 0 ? rel_err_set(err, REL_E_IO,
	    "the directories cannot be read from the database") : 0;
}

static void
ask_free(struct ask *q)
{
	rel_buf_fini_secret(&q->password);
	free(q);
}

static void
ask_done(struct core *c, struct ask *q, const struct dir_said *said)
{
	q->done(c, said, q->ctx);
	ask_free(q);
}

void
directories_fini(struct core *c)
{
	struct directories *ds = c->directories;
	struct ask *q;

	if (ds == NULL)
		return;
	while ((q = ds->waiting) != NULL) {
		ds->waiting = q->next;
		ask_done(c, q, NULL);
	}
	entries_free(ds->all, ds->n);
	known_free(&ds->known);
	free(ds);
	c->directories = NULL;
}

static void
changed(struct core *c, void *arg, bool ok)
{
	(void)arg;
	addresses_forget();
	if (ok && load(c) < 0)
		rel_log(REL_ERROR, "the directories cannot be read", "what="
		    "\"those of before hold until releaserd is started again\"");
}

void
directories_changed(struct core *c)
{
	core_defer(c, changed, NULL);
}

/* ---- which one */

/* "example.com" is also known by its first label: EXAMPLE\anna. */
static bool
domain_is(const struct entry *e, const char *domain, size_t n)
{
	const char *own = e->set.domain;

	return n > 0 && (strlen(own) == n || own[n] == '.') &&
	    strncasecmp(own, domain, n) == 0;
}

static const struct entry *
by_domain(const struct core *c, const char *domain, size_t n)
{
	const struct directories *ds = c->directories;

	for (size_t i = 0; i < ds->n; i++)
		if (strlen(ds->all[i].set.domain) >= n &&
		    domain_is(&ds->all[i], domain, n))
			return &ds->all[i];
	return NULL;
}

/* EXAMPLE\anna or anna@example.com, when there is such a domain. */
static const struct entry *
by_typed(const struct core *c, const char *typed, const char **name,
    size_t *n)
{
	const char *p = strchr(typed, '\\');
	const struct entry *e;

	if (p != NULL && (e = by_domain(c, typed, (size_t)(p - typed))) !=
	    NULL) {
		*name = p + 1;
		*n = strlen(p + 1);
		return e;
	}
	p = strrchr(typed, '@');
	if (p == NULL || (e = by_domain(c, p + 1, strlen(p + 1))) == NULL)
		return NULL;
	*n = (size_t)(p - typed);
	return e;
}

static const struct entry *
first_bare(const struct core *c)
{
	const struct directories *ds = c->directories;

	for (size_t i = 0; i < ds->n; i++)
		if (ds->all[i].set.bare_names)
			return &ds->all[i];
	return NULL;
}

int
directories_route(const struct core *c, const char *typed,
    const char *domain, int64_t known, int64_t *id, char name[256])
{
	const char *start = typed;
	size_t n = strlen(typed);
	const struct entry *e;

	if (strcasecmp(domain, DIRECTORY_LOCAL) == 0)
		return 0;
	if (domain[0] != '\0')
		e = by_domain(c, domain, strlen(domain));
	else if ((e = by_typed(c, typed, &start, &n)) == NULL && known != 0)
		e = known > 0 ? entry_of(c, known) : first_bare(c);
	if (e == NULL || n == 0 || n >= 256)
		return 0;
	memcpy(name, start, n);
	name[n] = '\0';
	*id = e->row.id;
	return 1;
}

/* ---- questions */

/*
 * The first of n servers from `from` on that is not thought dead; false: all
 * are.  Whether a dead one has come back one question finds out: the others do
 * not wait with it.
 */
static bool
first_of(struct entry *e, unsigned from, uint32_t n, uint8_t *first)
{
	int64_t now = rel_mono_ms();

	for (unsigned i = 0; i < n; i++)
		if (e->dead_ms[from + i] <= now) {
			if (e->dead_ms[from + i] > 0)
				e->dead_ms[from + i] = now +
				    e->set.connect_ms + e->set.answer_ms;
			*first = (uint8_t)i;
			return true;
		}
	return n == 0;
}

/* The same for KDCs, where a log-in needs one. */
static bool
kdc_first(struct entry *e, unsigned type, uint8_t *kdc)
{
	int64_t now = rel_mono_ms();
	unsigned i = 0;

	if (type == IPC_DIR_LOGIN && directory_needs_kdc(&e->set))
		return first_of(e, DIRECTORY_KDC_0, e->set.nkdcs, kdc);
	/* A ticket of the service account may be there, or may be wanted. */
	while (i < e->set.nkdcs && e->dead_ms[DIRECTORY_KDC_0 + i] > now)
		i++;
	*kdc = (uint8_t)(i < e->set.nkdcs ? i : 0);
	return true;
}

/* With whom a question begins; false: all of those it needs are dead. */
static bool
server_first(struct entry *e, unsigned type, uint8_t *server, uint8_t *kdc)
{
	return first_of(e, 0, e->set.nservers, server) &&
	    kdc_first(e, type, kdc);
}

static void
dead_note(struct entry *e, const struct dir_said *said)
{
	int64_t now = rel_mono_ms();

	for (unsigned i = 0; i < DIRECTORY_ALL_MAX; i++) {
		bool dead = (said->dead >> i & 1) != 0;

		if (!directory_server_there(&e->set, i))
			continue;
		if (dead && e->dead_ms[i] <= now)
			rel_log(REL_WARN, "a directory's server does not "
			    "answer", "directory=\"%s\" server=%s port=%u",
			    e->row.name, e->set.server[i].host,
			    e->set.server[i].port);
		if (dead)
			e->dead_ms[i] = now + e->set.dead_ms;
		else if (said->server == i ||
		    (said->kdc != DIR_NO_SERVER &&
		    said->kdc + DIRECTORY_KDC_0 == i))
			e->dead_ms[i] = 0;
	}
}

static void hand_out(struct core *c);

static void
on_said(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct directories *ds = c->directories;
	const struct dir_said *said = NULL;
	struct ask *q = ctx;
	struct entry *e = entry_of(c, q->id);

	ds->asked--;
	if (fr != NULL && fr->type == IPC_DIR_SAID &&
	    dir_said_get(&ds->said, fr->body, fr->len) == 0)
		said = &ds->said;
	if (said != NULL && e != NULL) {
		dead_note(e, said);
		away_note(e, said);
	}
	ask_done(c, q, e != NULL ? said : NULL);
	if (!c->ending)
		hand_out(c);
}

/* What is sealed, in the clear while an agent is asked. */
struct secrets {
	uint8_t password[DIRECTORY_SECRET_MAX], *keytab;
	size_t password_len, keytab_len;
};

static void
where_put(struct dir_where *w, const struct entry *e, const struct secrets *s,
    uint8_t first, uint8_t first_kdc)
{
	*w = (struct dir_where){
		.conf = (const uint8_t *)e->row.text,
		.conf_len = strlen(e->row.text),
		.ca = (const uint8_t *)e->row.ca,
		.ca_len = strlen(e->row.ca),
		.crl = (const uint8_t *)e->row.crl,
		.crl_len = strlen(e->row.crl),
		.secret = s->password, .secret_len = s->password_len,
		.keytab = s->keytab, .keytab_len = s->keytab_len,
		.first = first, .first_kdc = first_kdc
	};
}

/* Of n sealed bytes those in the clear into out; 0 or negative. */
static int
one_open(const struct core *c, uint64_t place, const uint8_t *sealed, size_t n,
    uint8_t *out, size_t *len)
{
	struct rel_err err;
	int rc;

	*len = 0;
	if (n <= REL_SEAL_OVERHEAD)
		return 0;
	rc = rel_unseal(c->host_key, place, sealed, n, out, &err);
	if (rc == 0)
		*len = n - REL_SEAL_OVERHEAD;
	return rc;
}

static void
secrets_wipe(struct secrets *s)
{
	if (s->keytab != NULL)
		rel_wipe(s->keytab, DIR_KEYTAB_MAX);
	free(s->keytab);
	rel_wipe(s, sizeof *s);
}

/* 0 with what secrets_wipe() ends, or negative and nothing. */
static int
secrets_open(const struct core *c, const struct entry *e, struct secrets *s)
{
	const struct directory_row *r = &e->row;
	uint64_t id = (uint64_t)r->id;
	int rc;

	memset(s, 0, sizeof *s);
	if ((s->keytab = malloc(DIR_KEYTAB_MAX)) == NULL)
		return -REL_E_NOMEM;
	rc = one_open(c, id, r->secret, r->secret_len, s->password,
	    &s->password_len);
	if (rc == 0 && r->keytab_len <= DIR_KEYTAB_MAX + REL_SEAL_OVERHEAD)
		rc = one_open(c, id | DIRECTORY_KEYTAB_PLACE, r->keytab,
		    r->keytab_len, s->keytab, &s->keytab_len);
	if (rc < 0)
		secrets_wipe(s);
	return rc;
}

struct known *
directories_known(const struct core *c)
{
	return c->directories->known;
}

/* The DN of who need not be looked up, or "". */
static const char *
known_dn(const struct core *c, const struct ask *q)
{
	const struct known_person *p = known_find(c->directories->known, q->id,
	    q->name);

	return p != NULL && rel_mono_ms() < p->until_ms ? p->dn : "";
}

/* As the agent is asked, into b. */
static void
question_put(const struct core *c, struct rel_buf *b, const struct ask *q,
    const struct dir_where *at)
{
	struct dir_login login = { .at = *at, .password = q->password.data,
	    .password_len = q->password.len };
	struct dir_test test = { .at = *at };
	struct dir_find find = { .at = *at, .by = DIR_IN_BOOK,
	    .limit = DIR_FOUND_MAX, .time_ms = DIRECTORY_BOOK_MS };

	if (q->type == IPC_DIR_FIND) {
		memcpy(find.value, q->name, sizeof find.value);
		dir_find_put(b, &find);
	} else if (q->type == IPC_DIR_LOGIN) {
		memcpy(login.name, q->name, sizeof login.name);
		snprintf(login.dn, sizeof login.dn, "%s", known_dn(c, q));
		dir_login_put(b, &login);
	} else {
		memcpy(test.name, q->name, sizeof test.name);
		dir_test_put(b, &test);
	}
}

int
directories_put(const struct core *c, int64_t id, directory_put put,
    const void *message, struct rel_buf *b)
{
	struct entry *e = entry_of(c, id);
	uint8_t first = 0, first_kdc = 0;
	struct dir_where at;
	struct secrets s;
	int rc = e != NULL ? secrets_open(c, e, &s) : -REL_E_NOTFOUND;

	if (rc < 0)
		return rc;
	(void)server_first(e, IPC_DIR_FIND, &first, &first_kdc);
	where_put(&at, e, &s, first, first_kdc);
	put(b, &at, message);
	secrets_wipe(&s);
	return b->failed ? -b->failed : 0;
}

static int
ask_agent(struct core *c, struct ask *q, const struct entry *e, uint8_t first,
    uint8_t first_kdc)
{
	struct dir_where at;
	struct secrets s;
	struct rel_buf b;
	int rc = secrets_open(c, e, &s);

	if (rc < 0)
		return rc;
	where_put(&at, e, &s, first, first_kdc);
	rel_buf_init(&b);
	question_put(c, &b, q, &at);
	rc = b.failed ? -b.failed : agent_ask(c, q->type, &b, on_said, q);
	rel_buf_fini_secret(&b);
	secrets_wipe(&s);
	return rc;
}

static void
ask_now(struct core *c, struct ask *q)
{
	struct directories *ds = c->directories;
	struct entry *e = entry_of(c, q->id);
	uint8_t first = 0, first_kdc = 0;

	if (e == NULL) {
		ask_done(c, q, NULL);
	} else if (!server_first(e, q->type, &first, &first_kdc) &&
	    q->type != IPC_DIR_TEST) {
		dir_said_wipe(&ds->said);
		ds->said.outcome = e->refused ? DIR_TLS : DIR_AWAY;
		ds->said.server = ds->said.kdc = DIR_NO_SERVER;
		ask_done(c, q, &ds->said);
	} else if (ds->asked++, ask_agent(c, q, e, first, first_kdc) < 0) {
		ds->asked--;
		ask_done(c, q, NULL);
	}
}

/* What cannot be asked at once waits here: servers may be dead by then. */
static void
hand_out(struct core *c)
{
	struct directories *ds = c->directories;
	struct ask *q;

	while ((q = ds->waiting) != NULL && ds->asked <
	    agents_wait_for(c)) {
		if ((ds->waiting = q->next) == NULL)
			ds->tail = &ds->waiting;
		ds->nwaiting--;
		ask_now(c, q);
	}
}

/* Takes what is in *like. */
static int
ask_later(struct core *c, const struct ask *like, const char *name,
    const char *password)
{
	struct directories *ds = c->directories;
	struct ask *q;

	if (ds->nwaiting >= (unsigned)c->role->set.max_login_wait)
		return -REL_E_FULL;
	if ((q = calloc(1, sizeof *q)) == NULL)
		return -REL_E_NOMEM;
	*q = *like;
	snprintf(q->name, sizeof q->name, "%s", name);
	rel_buf_init(&q->password);
	rel_put_raw(&q->password, password, strlen(password));
	if (q->password.failed) {
		ask_free(q);
		return -REL_E_NOMEM;
	}
	*ds->tail = q;
	ds->tail = &q->next;
	ds->nwaiting++;
	hand_out(c);
	return 0;
}

int
directory_login(struct core *c, int64_t id, const char *name,
    const char *password, directory_done done, void *ctx)
{
	const struct ask q = { .type = IPC_DIR_LOGIN, .id = id, .done = done,
	    .ctx = ctx };

	return ask_later(c, &q, name, password);
}

int
directory_test(struct core *c, int64_t id, const char *name,
    directory_done done, void *ctx)
{
	const struct ask q = { .type = IPC_DIR_TEST, .id = id, .done = done,
	    .ctx = ctx };

	return ask_later(c, &q, name, "");
}

int
directory_book(struct core *c, int64_t id, const char *typed,
    directory_done done, void *ctx)
{
	const struct ask q = { .type = IPC_DIR_FIND, .id = id, .done = done,
	    .ctx = ctx };

	return ask_later(c, &q, typed, "");
}
