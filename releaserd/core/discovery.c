/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/discovery.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "lib/ranges.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/snmp_access.h"
#include "releaserd/core/sync.h"

#define STEP_MS 50
#define SWEEP_MS 3000			/* deadline of a sweep */
#define PROBE_MS 8000
#define SWEEPS_MOST 12u			/* at work at once */
#define PROBES_MOST 24u

/* Words among the addresses: whoever hears it is asked. */
enum everybody { BROADCAST, DNS_SD, EVERYBODY };
static const struct {
	const char *word, *setting;
	enum discover_kind kind;
} everybody[EVERYBODY] = {
	[BROADCAST] = { "broadcast", "DiscoveryBroadcast",
	    DISCOVER_BROADCAST },
	[DNS_SD] = { "dns-sd", "DiscoveryDnsSd", DISCOVER_DNS_SD }
};

/* One that answered, to a sweep or otherwise: it is asked once what it is. */
struct answered {
	char address[46], host[254];
	enum { WAITS, ASKED, SILENT, TOLD } state;
	struct found *said;		/* owned, or NULL: by DNS-SD */
	struct answered *next;		/* that waits */
};

/* How far the addresses are asked. */
struct plan {
	struct rel_ranges_at at;
	char ahead[REL_HOST_NAME_MAX];	/* taken from them, not asked yet */
	bool over;			/* all have been taken */
	int64_t tokens_milli;		/* thousandths of an address */
};

struct discovery {
	struct discovery_run run;	/* id 0: none is at work */
	struct rel_ranges ranges;
	struct plan plan;
	int64_t filled_ms;		/* its tokens */
	bool all[EVERYBODY];		/* are to be sent yet */
	unsigned sweeps, probes;
	void *answered;			/* all of this search, by address */
	struct answered *first, **tail;	/* those that wait */
	struct event *ev;
	int64_t next_ms;		/* by the clock */
	char next_at[REL_CONF_TEXT_MAX];/* DiscoveryAt it was made of */
	struct found *found;		/* room for an answer */
};

/* A question on its way. */
struct asked {
	int64_t run;			/* 0: somebody looks at one device */
	bool sweep;
	size_t n;			/* addresses of the sweep */
	char about[REL_HOST_NAME_MAX];	/* the first of them */
	int64_t ids[SNMP_ACCESS_MAX];
	struct answered *of;		/* there while run is at work */
	discovery_seen done;
	void *ctx;
};

static void
step_soon(struct discovery *d)
{
	static const struct timeval soon = { 0, STEP_MS * 1000 };

	event_add(d->ev, &soon);
}

static int
by_address(const void *a, const void *b)
{
	return strcmp(((const struct answered *)a)->address,
	    ((const struct answered *)b)->address);
}

static void
answered_free(void *arg)
{
	struct answered *a = arg;

	free(a->said);
	free(a);
}

static void
answered_fini(struct discovery *d)
{
	tdestroy(d->answered, answered_free);
	d->answered = NULL;
	d->first = NULL;
	d->tail = &d->first;
}

static bool
everybody_left(const struct discovery *d)
{
	return d->all[BROADCAST] || d->all[DNS_SD];
}

const struct discovery_run *
discovery_at_work(const struct core *c)
{
	return c->discovery->run.id != 0 ? &c->discovery->run : NULL;
}

/* ---- the end */

static int
run_store(struct core *c)
{
	struct rel_err err;
	int rc = core_write(c, &err);

	if (rc == 0 && (rc = store_discovery_set(c->st,
	    &c->discovery->run)) < 0)
		core_spoil(c, rc);
	return rc;
}

/* Answers that come yet are of a run that is none. */
static int
run_ends(struct core *c, enum discovery_state state)
{
	struct discovery *d = c->discovery;
	int rc;

	d->run.state = state;
	d->run.ended_ms = rel_now_ms();
	if ((rc = run_store(c)) < 0) {
		d->run.state = DISCOVERY_RUNNING;
		d->run.ended_ms = 0;
		step_soon(d);		/* the database is busy: again */
		return rc;
	}
	rel_log(REL_INFO, "search for devices over", "state=%s addresses=%lld "
	    "printers=%lld others=%lld denied=%lld",
	    discovery_state_name(state), (long long)d->run.done,
	    (long long)d->run.printers, (long long)d->run.others,
	    (long long)d->run.denied);
	rel_ranges_fini(&d->ranges);
	answered_fini(d);
	d->run.id = 0;
	d->sweeps = d->probes = 0;
	event_del(d->ev);
	return 0;
}

int
discovery_cancel(struct core *c)
{
	return discovery_at_work(c) == NULL ? -REL_E_NOTFOUND :
	    run_ends(c, DISCOVERY_CANCELLED);
}

/* ---- what answers say */

/* What an answer proves: with v1 and v2c anybody may have sent it. */
static int
proof_of(const struct core *c, int64_t access)
{
	const struct snmp_row *set = snmp_set_by_id(c, access);

	return set == NULL || set->version < 3 ? 0 : 1 + (set->auth != 0) +
	    (set->priv != 0);
}

/* One that is known, at another address? */
static int
known_note(struct core *c, const struct found_row *r)
{
	struct discovery_run *run = &c->discovery->run;
	struct device *d = malloc(sizeof *d);
	bool sure = false;
	int rc = d == NULL ? -REL_E_NOMEM : store_found_device(c->st, &r->f,
	    d, &sure);

	if (rc == 0) {
		run->known++;
		if (d->address[0] != '\0' && strcmp(d->address,
		    r->f.address) != 0 && strcmp(d->address, r->f.host) != 0) {
			run->moved++;
			if (sure && c->role->set.discovery_follow &&
			    proof_of(c, r->access_id) >= proof_of(c, d->snmp))
				rc = discovery_move(c, r, d, "discovery");
		}
	}
	free(d);
	return rc == -REL_E_NOTFOUND || rc > 0 ? 0 : rc;
}

static int
found_store(struct core *c, const struct found_row *r)
{
	struct discovery_run *run = &c->discovery->run;
	struct rel_err err;
	int rc = core_write(c, &err);

	if (rc < 0)
		return rc;
	if (r->f.state == FOUND_OTHER) {
		run->others++;
		return store_found_del(c->st, r->f.address);
	}
	if (r->f.state == FOUND_DENIED)
		run->denied++;
	else
		run->printers++;
	rc = store_found_set(c->st, r);
	if (rc == 0 && r->f.state == FOUND_PRINTER)
		rc = known_note(c, r);
	return rc;
}

static void
probe_said(struct core *c, const struct asked *q, struct found *f)
{
	struct found_row r = { .f = *f, .first_ms = rel_now_ms() };
	int rc;

	r.last_ms = r.first_ms;
	r.access_id = f->access < SNMP_ACCESS_MAX ? q->ids[f->access] : 0;
	if (q->of->host[0] != '\0')
		snprintf(r.f.host, sizeof r.f.host, "%s", q->of->host);
	if ((rc = found_store(c, &r)) < 0) {
		core_spoil(c, rc);
		rel_log(REL_WARN, "a device that was found cannot be written "
		    "down", "address=%s", f->address);
	}
}

/* SNMP says nothing: what DNS-SD says holds, when it has said it. */
static void
silent(struct core *c, struct answered *a)
{
	a->state = SILENT;
	if (a->said == NULL)
		return;
	a->state = TOLD;
	a->said->state = FOUND_PRINTER;
	a->said->access = DISCOVER_DENIED;
	probe_said(c, &(const struct asked){ .of = a }, a->said);
}

/* The one at this address; a new one waits. NULL without memory. */
static struct answered *
answered_at(struct discovery *d, const char *address)
{
	struct answered *a = calloc(1, sizeof *a), **at;

	if (a == NULL)
		return NULL;
	snprintf(a->address, sizeof a->address, "%s", address);
	at = tsearch(a, &d->answered, by_address);
	if (at == NULL || *at != a) {
		free(a);
		return at == NULL ? NULL : *at;
	}
	*d->tail = a;
	d->tail = &a->next;
	return a;
}

/* By a sweep, a broadcast and DNS-SD it is one and the same. */
static void
answered_add(struct core *c, const struct found *f)
{
	struct answered *a = answered_at(c->discovery, f->address);

	if (a == NULL)
		return;
	if (a->host[0] == '\0')
		snprintf(a->host, sizeof a->host, "%s", f->host);
	if (f->source == FOUND_BY_DNS_SD && a->said == NULL &&
	    (a->said = malloc(sizeof *a->said)) != NULL)
		*a->said = *f;
	if (a->state == SILENT)
		silent(c, a);
}

static void
look_said(struct core *c, struct asked *q, const struct found *f)
{
	q->done(c, f, f != NULL && f->access < SNMP_ACCESS_MAX ?
	    snmp_set_by_id(c, q->ids[f->access]) : NULL, q->ctx);
}

static bool
is_name(const char *s)
{
	uint8_t addr[16];

	return !rel_address_read(addr, s);
}

/* A name that has no address is none that was asked: it is told. */
static bool
unknown_note(struct discovery_run *run, const struct asked *q, int rc)
{
	size_t len = strlen(run->unknown), room = sizeof run->unknown - len;
	size_t want = strlen(q->about) + (len > 0 ? 2 : 0);

	if ((rc != -REL_E_NOTFOUND && rc != -REL_E_PEER) || q->n != 1 ||
	    !is_name(q->about))
		return false;
	run->total--;
	if (room > want + sizeof ", ...")
		snprintf(run->unknown + len, room, "%s%s", len > 0 ? ", " : "",
		    q->about);
	else if (len < 4 || strcmp(run->unknown + len - 3, "...") != 0)
		snprintf(run->unknown + len, room, ", ...");
	return true;
}

static void
search_said(struct core *c, const struct asked *q, struct found *v, size_t n,
    int rc)
{
	struct discovery *d = c->discovery;

	if (q->sweep) {
		d->sweeps--;
		if (!unknown_note(&d->run, q, rc))
			d->run.done += (int64_t)q->n;
		for (size_t i = 0; i < n; i++)
			answered_add(c, &v[i]);
	} else {
		d->probes--;
		if (n != 1)
			silent(c, q->of);
		else {
			q->of->state = TOLD;
			probe_said(c, q, &v[0]);
		}
	}
}

static void
on_said(struct core *c, const struct driver_said *s, void *ctx)
{
	struct discovery *d = c->discovery;
	struct asked *q = ctx;
	size_t n = 0;

	if (d == NULL || s == NULL || s->rc < 0 ||
	    found_list_get(d->found, &n, s->text.data, s->text.len) < 0)
		n = 0;
	if (q->run == 0)
		look_said(c, q, n == 1 ? &d->found[0] : NULL);
	else if (s != NULL && d != NULL && q->run == d->run.id)
		search_said(c, q, d->found, n, s->rc);
	free(q);
}

/* ---- questions */

/* q is given away when it is 0. */
static int
ask(struct core *c, struct asked *q, const struct rel_buf *text,
    uint64_t which, uint32_t deadline_ms)
{
	struct driver_ask *a = calloc(1, sizeof *a);
	int rc = -REL_E_NOMEM;

	if (a != NULL && !text->failed) {
		a->op = DRIVER_DISCOVER;
		a->deadline_ms = deadline_ms;
		a->text = (const char *)text->data;
		a->text_len = text->len;
		/* Who dies over it, or takes it, is chosen by that. */
		snprintf(a->at.device, sizeof a->at.device, "search %.32s",
		    q->about);
		a->at.snmp_port = (uint16_t)c->role->set.snmp_port;
		a->at.nsnmp = snmp_sets_open(c, which, a->at.snmp, q->ids);
		rc = fleet_ask(c, NULL, a, on_said, q);
		rel_wipe(&a->at, sizeof a->at);
	}
	free(a);
	return rc;
}

/* The next address that is not asked yet; "" when there is none. */
static const char *
peek(struct discovery *d)
{
	if (d->plan.ahead[0] == '\0' && !d->plan.over && !rel_ranges_next(&d->ranges,
	    &d->plan.at, d->plan.ahead))
		d->plan.over = true;
	return d->plan.ahead;
}

/*
 * A sweep's addresses: as many as may be asked now, for all of which the same
 * credentials are tried.  A name is alone: its resolver takes its time.
 */
static size_t
chunk_take(struct core *c, struct rel_buf *b, uint64_t *which,
    char about[REL_HOST_NAME_MAX])
{
	struct discovery *d = c->discovery;
	size_t n = 0;

	discover_begin(b, DISCOVER_SWEEP);
	while (n < DISCOVER_CHUNK && d->plan.tokens_milli >= 1000 &&
	    peek(d)[0] != '\0') {
		uint64_t one = snmp_sets_for(c, d->plan.ahead);
		bool name = is_name(d->plan.ahead);

		if (n > 0 && (one != *which || name))
			break;
		*which = one;
		discover_add(b, d->plan.ahead);
		if (n == 0)
			memcpy(about, d->plan.ahead, REL_HOST_NAME_MAX);
		d->plan.ahead[0] = '\0';
		d->plan.tokens_milli -= 1000;
		n++;
		if (name)
			break;
	}
	return n;
}

/* False: no more now. */
static bool
sweep_ask(struct core *c)
{
	struct discovery *d = c->discovery;
	const struct plan before = d->plan;
	struct asked *q;
	struct rel_buf b;
	uint64_t which = 0;
	int rc;

	if (d->sweeps >= SWEEPS_MOST || (q = calloc(1, sizeof *q)) == NULL)
		return false;
	rel_buf_init(&b);
	q->run = d->run.id;
	q->sweep = true;
	q->n = chunk_take(c, &b, &which, q->about);
	rc = q->n > 0 ? ask(c, q, &b, which, SWEEP_MS) : -REL_E_NOTFOUND;
	rel_buf_fini(&b);
	if (rc < 0) {
		free(q);
		if (rc != -REL_E_NOTFOUND)	/* all are busy: these again */
			d->plan = before;
		return false;
	}
	d->sweeps++;
	return true;
}

/* Where that goes; "" when it is not allowed. */
static const char *
everybody_at(const struct core *c, enum everybody e)
{
	const struct settings *set = &c->role->set;

	return e == BROADCAST ? set->discovery_broadcast :
	    set->discovery_dns_sd ? set->discovery_dns_sd_at : "";
}

/* The lines of the question; false: none. */
static bool
everybody_lines(const struct core *c, enum everybody e, struct rel_buf *b)
{
	struct rel_ranges *to = calloc(1, sizeof *to);
	struct rel_ranges_at at = { 0 };
	const char *text = everybody_at(c, e);
	char one[REL_HOST_NAME_MAX];
	struct rel_err err;
	unsigned n = 0;

	discover_begin(b, everybody[e].kind);
	if (e == DNS_SD) {
		discover_add(b, text);
		n = text[0] != '\0';
	} else if (to != NULL && rel_ranges_read(to, text, false,
	    &err) == 0) {
		for (; n < DISCOVER_CHUNK && rel_ranges_next(to, &at, one);
		    n++)
			discover_add(b, one);
		rel_ranges_fini(to);
	}
	free(to);
	return n > 0;
}

/* Once; where it is not allowed any more, not at all. */
static void
everybody_ask(struct core *c, enum everybody e)
{
	struct discovery *d = c->discovery;
	struct asked *q = calloc(1, sizeof *q);
	struct rel_buf b;

	rel_buf_init(&b);
	if (q != NULL && !everybody_lines(c, e, &b))
		d->all[e] = false;
	else if (q != NULL) {
		q->run = d->run.id;
		q->sweep = true;
		if (ask(c, q, &b, snmp_sets_for(c, "255.255.255.255"),
		    SWEEP_MS) == 0) {
			d->sweeps++;
			d->all[e] = false;
			q = NULL;
		}
	}
	rel_buf_fini(&b);
	free(q);
}

static bool
probe_ask(struct core *c)
{
	struct discovery *d = c->discovery;
	struct answered *a = d->first;
	struct asked *q;
	struct rel_buf b;
	int rc;

	if (a == NULL || d->probes >= PROBES_MOST ||
	    (q = calloc(1, sizeof *q)) == NULL)
		return false;
	rel_buf_init(&b);
	discover_begin(&b, DISCOVER_PROBE);
	discover_add(&b, a->address);
	q->run = d->run.id;
	q->of = a;
	snprintf(q->about, sizeof q->about, "%s", a->address);
	rc = ask(c, q, &b, snmp_sets_for(c, a->host[0] != '\0' ? a->host :
	    a->address), PROBE_MS);
	rel_buf_fini(&b);
	if (rc < 0) {
		free(q);
		return false;
	}
	a->state = ASKED;
	d->probes++;
	if ((d->first = a->next) == NULL)
		d->tail = &d->first;
	return true;
}

/* ---- step by step */

/* At most so many a second, and no more than a sweep saved up. */
static void
tokens_fill(struct core *c)
{
	struct discovery *d = c->discovery;
	int64_t now = rel_mono_ms(), rate = c->role->set.discovery_rate;

	d->plan.tokens_milli += (now - d->filled_ms) * rate;
	d->filled_ms = now;
	if (d->plan.tokens_milli > 1000 * (int64_t)DISCOVER_CHUNK)
		d->plan.tokens_milli = 1000 * (int64_t)DISCOVER_CHUNK;
}

/* Sweeps of a few addresses are a waste: wait for a chunk, or the rest. */
static bool
tokens_enough(const struct core *c)
{
	const struct discovery *d = c->discovery;
	int64_t rate = c->role->set.discovery_rate;
	int64_t want = rate / 4 < DISCOVER_CHUNK ? rate / 4 + 1 :
	    DISCOVER_CHUNK;

	return d->plan.tokens_milli >= 1000 * want ||
	    d->plan.tokens_milli >= 1000 * (d->run.total - d->run.done);
}

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	struct core *c = arg;
	struct discovery *d = c->discovery;

	(void)fd;
	(void)what;
	if (d->run.id == 0)
		return;
	while (probe_ask(c))
		;
	for (int e = 0; e < EVERYBODY; e++)
		if (d->all[e] && d->sweeps < SWEEPS_MOST)
			everybody_ask(c, (enum everybody)e);
	tokens_fill(c);
	while (tokens_enough(c) && sweep_ask(c))
		;
	if (peek(d)[0] == '\0' && !everybody_left(d) && d->sweeps == 0 &&
	    d->probes == 0 && d->first == NULL)
		(void)run_ends(c, DISCOVERY_DONE);
	else
		step_soon(d);
}

/* ---- the beginning */

/* The word is taken out: true when it was there. */
static bool
word_take(struct rel_ranges *r, const char *word)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].name != NULL && strcasecmp(r->v[i].name,
		    word) == 0) {
			free(r->v[i].name);
			memmove(&r->v[i], &r->v[i + 1], (--r->n - i) *
			    sizeof r->v[0]);
			return true;
		}
	return false;
}

static int
ranges_take(struct core *c, const char *text, struct rel_err *err)
{
	struct discovery *d = c->discovery;
	struct rel_ranges *r = &d->ranges;
	int rc = rel_ranges_read(r, text, true, err);

	if (rc < 0)
		return rc;
	for (int e = 0; e < EVERYBODY; e++) {
		d->all[e] = word_take(r, everybody[e].word);
		if (d->all[e] && everybody_at(c, (enum everybody)e)[0] == '\0')
			rc = rel_err_set(err, REL_E_DENIED, "%s is not "
			    "allowed: see the setting %s", everybody[e].word,
			    everybody[e].setting);
	}
	if (rc == 0 && r->n == 0 && !everybody_left(d))
		rc = rel_err_set(err, REL_E_FORMAT, "say where: addresses, "
		    "ranges or subnets, or set DiscoveryAddresses");
	else if (rc == 0 && rel_ranges_size(r) > DISCOVERY_MOST)
		rc = rel_err_set(err, REL_E_LIMIT, "these are more than %u "
		    "addresses: look in one part after the other",
		    DISCOVERY_MOST);
	for (size_t i = 0; i < r->n && rc == 0; i++)
		if (rel_range_is_v6(&r->v[i]) && rel_range_size(&r->v[i]) >
		    DISCOVERY_V6_MOST)
			rc = rel_err_set(err, REL_E_LIMIT, "a range of IPv6 "
			    "has at most %u addresses", DISCOVERY_V6_MOST);
	if (rc < 0)
		rel_ranges_fini(r);
	return rc;
}

int
discovery_start(struct core *c, const char *ranges, const char *by,
    struct rel_err *err)
{
	struct discovery *d = c->discovery;
	int rc;

	if (d->run.id != 0)
		return rel_err_set(err, REL_E_EXISTS, "a search is at work");
	if (ranges[0] == '\0')
		ranges = c->role->set.discovery_ranges;
	if ((rc = ranges_take(c, ranges, err)) < 0)
		return rc;
	memset(&d->run, 0, sizeof d->run);
	memset(&d->plan, 0, sizeof d->plan);
	d->run.id = ids_next(c);
	d->run.began_ms = rel_now_ms();
	d->run.state = DISCOVERY_RUNNING;
	d->run.total = (int64_t)rel_ranges_size(&d->ranges);
	snprintf(d->run.by, sizeof d->run.by, "%s", by);
	snprintf(d->run.ranges, sizeof d->run.ranges, "%s", ranges);
	if ((rc = run_store(c)) < 0) {
		rel_ranges_fini(&d->ranges);
		d->run.id = 0;
		return rc;
	}
	d->plan.tokens_milli = 1000 * (int64_t)DISCOVER_CHUNK;
	d->filled_ms = rel_mono_ms();
	event_active(d->ev, EV_TIMEOUT, 1);
	return 0;
}

int
discovery_look(struct core *c, const char *address, discovery_seen done,
    void *ctx)
{
	struct asked *q = calloc(1, sizeof *q);
	struct rel_buf b;
	int rc;

	if (q == NULL)
		return -REL_E_NOMEM;
	q->done = done;
	q->ctx = ctx;
	snprintf(q->about, sizeof q->about, "%.45s", address);
	rel_buf_init(&b);
	discover_begin(&b, DISCOVER_PROBE);
	discover_add(&b, address);
	rc = ask(c, q, &b, snmp_sets_for(c, address), PROBE_MS);
	rel_buf_fini(&b);
	if (rc < 0)
		free(q);
	return rc;
}

/* ---- by the clock */

int64_t
discovery_next_ms(const struct core *c)
{
	return c->role->set.discovery_at[0] == '\0' ? 0 :
	    c->discovery->next_ms;
}

void
discovery_tick(struct core *c)
{
	struct discovery *d = c->discovery;
	const char *at = c->role->set.discovery_at;
	int64_t now = rel_now_ms();
	struct rel_err err = { 0 };

	if (strcmp(d->next_at, at) != 0) {
		snprintf(d->next_at, sizeof d->next_at, "%s", at);
		d->next_ms = sync_at_ms(at, now);
	}
	if (d->next_ms == 0 || now < d->next_ms)
		return;
	d->next_ms = sync_at_ms(at, now);
	if (discovery_start(c, "", "", &err) < 0)
		rel_log(REL_WARN, "devices are not looked for", "why=\"%s\"",
		    err.text);
}

int
discovery_init(struct core *c)
{
	struct discovery *d = calloc(1, sizeof *d);

	c->discovery = d;
	if (d == NULL || (d->found = calloc(DISCOVER_FOUND_MAX,
	    sizeof *d->found)) == NULL || (d->ev = event_new(c->role->base,
	    -1, 0, on_step, c)) == NULL)
		return -REL_E_NOMEM;
	d->tail = &d->first;
	return 0;
}

void
discovery_fini(struct core *c)
{
	struct discovery *d = c->discovery;

	if (d == NULL)
		return;
	rel_ranges_fini(&d->ranges);
	answered_fini(d);
	if (d->ev != NULL)
		event_free(d->ev);
	free(d->found);
	free(d);
	c->discovery = NULL;
}
