/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Copies, scans and faxes: whose they are, and what they cost. */
#include "releaserd/core/activity.h"

#include <stdio.h>
#include <string.h>

#include "lib/fold.h"
#include "releaserd/core/charge.h"
#include "releaserd/core/panel_priv.h"
#include "releaserd/when.h"

enum { MONEY = UNIT_MONEY - 1, COLOUR = UNIT_COLOUR - 1, MONO = UNIT_MONO - 1 };

#define SOON_MS 300000		/* a clock that is so far ahead is right */

const struct walk_up *
walk_up_of(const char *name)
{
	static const struct walk_up all[] = {
		{ "copy", true, true, FN_COPY, FN_COPY_COLOR,
		    REL_PRICE_COPY },
		{ "scan", true, false, FN_SCAN, FN_SCAN_COLOR,
		    REL_PRICE_SCAN },
		{ "fax-send", true, false, FN_FAX, FN_FAX, REL_PRICE_FAX },
		{ "fax-receive", true, true, FN_FAX_IN, FN_FAX_IN,
		    REL_PRICE_PRINT },
		{ "usb-print", true, true, FN_USB_PRINT, FN_PRINT_COLOR,
		    REL_PRICE_PRINT },
		{ "storage-print", true, true, FN_STORAGE, FN_PRINT_COLOR,
		    REL_PRICE_PRINT },
		{ "report", true, true, FN_SET_REPORTS, FN_SET_REPORTS,
		    REL_PRICE_PRINT },
		{ "other", false, true, FN_PRINT, FN_PRINT, REL_PRICE_PRINT }
	};
	const struct walk_up *w = all;

	while (strcmp(w->name, "other") != 0 && strcmp(w->name, name) != 0)
		w++;
	return w;
}

/* ---- names */

static void
numbered(char out[24], char letter, int64_t id)
{
	out[0] = letter;
	out[1] = '-';
	rel_b32(out + 2, (uint64_t)id, 13);
}

static int64_t
number_of(const char *text, char letter)
{
	uint64_t v;

	return text[0] == letter && text[1] == '-' && rel_unb32(&v, text + 2,
	    strlen(text + 2)) && v <= INT64_MAX ? (int64_t)v : 0;
}

void
activity_grant_text(char out[24], int64_t id)
{
	numbered(out, 'g', id);
}

int64_t
activity_grant_parse(const char *text)
{
	return number_of(text, 'g');
}

void
activity_text(char out[24], int64_t id)
{
	numbered(out, 'a', id);
}

int64_t
activity_parse(const char *text)
{
	return number_of(text, 'a');
}

/* ---- what it costs */

static uint32_t
whole(int64_t n)
{
	return n < 0 ? 0 : n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

int
activity_cost(struct core *c, const struct activity *a, int64_t version,
    const struct extent *e, struct rel_cost *cost,
    int64_t amount[MONEY_UNITS])
{
	const struct walk_up *w = walk_up_of(a->function);
	struct rel_print p = { .what_for = w->what_for, .media = e->media,
	    .finishings = "", .papers = e->papers, .copies = 1,
	    .sides = whole(e->sides), .colour_sides = whole(e->colour),
	    .sheets = w->paper ? whole(e->sheets) : 0 };
	int rc;

	p.two_sided = w->paper ? whole(e->sides - e->sheets) : 0;
	rc = prices_print(c, device_at(c, a->device_id), version, &p, cost);
	amount[MONEY] = rc == 0 ? cost->micro : 0;
	amount[COLOUR] = w->paper ? e->colour : 0;
	amount[MONO] = w->paper ? e->sides - e->colour : 0;
	return rc == -REL_E_NOTFOUND ? 0 : rc;
}

/* ---- who pays */

static void
payer_is_person(struct activity *a)
{
	a->kind = a->user_key[0] != '\0' ? ACCOUNT_USER : ACCOUNT_UNASSIGNED;
	snprintf(a->key, sizeof a->key, "%s", a->user_key[0] != '\0' ?
	    a->user_key : UNASSIGNED_KEY);
}

const char *
activity_payer(struct core *c, struct activity *a, const char *account)
{
	struct account found = { .key = "" };
	const char *code;

	payer_is_person(a);
	if (account[0] == '\0')
		return NULL;
	code = charge_account(c, account, a->user_key, &found);
	if (code == NULL) {
		a->kind = found.kind;
		memcpy(a->key, found.key, sizeof a->key);
	}
	return code;
}

int
activity_counts(struct core *c, const struct activity *a,
    bool counts[MONEY_UNITS])
{
	int rc = 0;

	for (int u = 0; rc == 0 && u < MONEY_UNITS; u++) {
		struct quota_room r;

		rc = quota_room(c->st, a->kind, a->key,
		    (enum money_unit)(u + 1), rel_now_ms(), &r);
		counts[u] = rc == 0 && (r.limited || (u == MONEY &&
		    prices_version(c) > 0));
	}
	return rc;
}

int
activity_reserve(struct core *c, const struct activity *a,
    const int64_t amount[MONEY_UNITS], int64_t due_ms)
{
	int64_t now_ms = rel_now_ms();
	struct ledger_hold h = { .job = ACTIVITY_JOB(a->id),
	    .now_ms = now_ms, .due_ms = due_ms, .price_version =
	    prices_version(c) };
	bool counts[MONEY_UNITS];
	struct rel_err err = { 0 };
	int rc = activity_counts(c, a, counts);

	for (int u = 0; rc == 0 && u < MONEY_UNITS; u++) {
		if (!counts[u])
			continue;
		rc = quota_refill(c->st, a->kind, a->key,
		    (enum money_unit)(u + 1), now_ms);
		h.part[u] = (struct ledger_part){ a->kind, a->key,
		    amount[u] };
	}
	return rc < 0 ? rc : ledger_reserve(c->st, &h, &err);
}

/* ---- a record: whose is it? */

/* When it ended, as far as that can be: not before the session began here, and
 * not after now, whatever the device's clock says. */
static int64_t
ended_ms(const struct req_record *r, int64_t began_ms)
{
	int64_t now_ms = rel_now_ms(), at;

	if (began_ms == 0 || r->ended_at[0] == '\0' ||
	    !when_parse(&at, r->ended_at, false) || at < began_ms ||
	    at > now_ms + SOON_MS)
		return now_ms;
	return at > now_ms ? now_ms : at;
}

/* Who was logged in; nobody when the session is not this device's. */
static int
session_of(struct core *c, const char *device_id, const struct req_record *r,
    struct device_session *s)
{
	int rc = -REL_E_NOTFOUND;

	if (r->session_id[0] != '\0')
		rc = store_device_session_get(c->st, r->session_id, s);
	if (rc == 0 && strcmp(s->device_id, device_id) == 0)
		return 0;
	if (rc == 0)
		rel_log(REL_WARN, "a usage record names a session of another "
		    "device: nobody's", "device=%s seq=%lld", device_id,
		    (long long)r->seq);
	memset(s, 0, sizeof *s);
	return rc == -REL_E_NOTFOUND ? 0 : rc;
}

int
activity_new(struct core *c, const char *device_id,
    const struct req_record *r, struct activity *a)
{
	struct device_session s = { .id = "" };
	int rc = session_of(c, device_id, r, &s);

	if (rc < 0)
		return rc;
	memset(a, 0, sizeof *a);
	a->id = ids_next(c);
	a->state = ACTIVITY_DONE;
	snprintf(a->device_id, sizeof a->device_id, "%s", device_id);
	memcpy(a->session_id, s.id, sizeof a->session_id);
	memcpy(a->device_job, r->device_job, sizeof a->device_job);
	memcpy(a->user_key, s.user_key, sizeof a->user_key);
	snprintf(a->function, sizeof a->function, "%s",
	    walk_up_of(r->function)->name);
	a->at_ms = a->ended_ms = ended_ms(r, s.at_ms);
	if (activity_payer(c, a, r->account[0] != '\0' ? r->account :
	    s.account) != NULL)
		rel_log(REL_NOTICE, "an account of a usage record cannot pay: "
		    "the person does", "device=%s seq=%lld", device_id,
		    (long long)r->seq);
	return store_activity_add(c->st, a);
}

int
activity_of_record(struct core *c, const char *device_id,
    const struct req_record *r, const struct usage_record *u,
    struct activity *out)
{
	int64_t id = activity_grant_parse(r->grant_id);
	int rc = -REL_E_NOTFOUND;

	if (id == 0)
		rc = store_activity_by_rid(c->st, device_id, u->rid,
		    u->corrects, &id);
	if (id != 0)
		rc = store_activity_get(c->st, id, out);
	if (rc == 0 && strcmp(out->device_id, device_id) == 0)
		return 0;
	if (rc == 0)
		rel_log(REL_WARN, "a usage record names a grant of another "
		    "device", "device=%s seq=%lld", device_id,
		    (long long)r->seq);
	return rc < 0 && rc != -REL_E_NOTFOUND ? rc : activity_new(c,
	    device_id, r, out);
}

/* ---- a record: what does it change? */

/* The figures of the hour: what is different. */
static int
figures(struct core *c, const struct activity *a, const struct activity *was,
    bool first)
{
	struct usage u = { .hour_ms = when_start(a->ended_ms, WHEN_HOUR),
	    .no_paper = !walk_up_of(a->function)->paper };

	u.sum.jobs = first;
	u.sum.sheets = a->sheets - was->sheets;
	u.sum.sides = a->sides - was->sides;
	u.sum.colour = a->colour - was->colour;
	if (u.no_paper)
		u.sum.sheets = u.sum.sides;	/* that were read */
	memcpy(u.user_key, a->user_key, sizeof u.user_key);
	memcpy(u.device_id, a->device_id, sizeof u.device_id);
	snprintf(u.queue, sizeof u.queue, "/%s", a->function);
	return store_usage_add(c->st, &u);
}

/* What nobody was named for is not paid. */
static int
named_only(struct core *c, const struct activity *a,
    const struct ledger_job *lj, int64_t amount[MONEY_UNITS])
{
	bool counts[MONEY_UNITS], any = false;
	int rc = activity_counts(c, a, counts);

	for (int u = 0; u < MONEY_UNITS; u++)
		any = any || lj->payer[u] != 0;
	for (int u = 0; u < MONEY_UNITS; u++)
		if (lj->payer[u] == 0 && (lj->reserved || !any || !counts[u]))
			amount[u] = 0;
	return rc;
}

/* Nothing is set aside: it begins now, with nothing. */
static int
begin_paying(struct core *c, const struct activity *a, struct ledger_job *lj)
{
	static const int64_t nothing[MONEY_UNITS];
	int rc = activity_reserve(c, a, nothing, rel_now_ms());

	return rc < 0 ? rc : ledger_job(c->st, ACTIVITY_JOB(a->id), lj);
}

static int
pay(struct core *c, const struct activity *a, const struct record_sum *now)
{
	struct extent e = { now->mono + now->colour, now->colour, now->sheets,
	    now->media, now->papers.n > 1 ? &now->papers : NULL };
	struct ledger_result r = { .job = ACTIVITY_JOB(a->id),
	    .now_ms = rel_now_ms(), .device_id = a->device_id,
	    .source = now->source };
	struct rel_err err = { 0 };
	struct rel_cost cost;
	struct ledger_job lj;
	int rc = ledger_job(c->st, r.job, &lj);

	if (rc == 0 && !lj.reserved && !lj.settled)
		rc = begin_paying(c, a, &lj);
	if (rc == 0)
		rc = activity_cost(c, a, lj.price_version, &e, &cost,
		    r.amount);
	if (rc == 0)
		rc = named_only(c, a, &lj, r.amount);
	if (rc < 0)
		return rc;
	rc = lj.reserved ? ledger_settle(c->st, &r, &err) : lj.settled ?
	    ledger_correct(c->st, &r, &err) : 0;
	if (rc != -REL_E_LIMIT && rc != -REL_E_DENIED && rc != -REL_E_NOTFOUND)
		return rc;
	rel_log(REL_WARN, "a usage record is not charged", "activity=%lld "
	    "why=%d", (long long)a->id, rc);
	return 0;
}

int
activity_counted(struct core *c, struct activity *a,
    const struct req_record *r, const struct record_sum *now)
{
	struct activity was = *a;
	int rc;

	a->state = ACTIVITY_DONE;
	a->sides = now->mono + now->colour;
	a->colour = now->colour;
	a->sheets = now->sheets;
	if (was.ended_ms == 0)
		a->ended_ms = ended_ms(r, a->at_ms);
	memcpy(a->media, now->media, sizeof a->media);
	memcpy(a->result, r->result, sizeof a->result);
	memcpy(a->cause, r->cause, sizeof a->cause);
	rc = store_activity_set(c->st, a);
	if (rc == 0)
		rc = figures(c, a, &was, now->n == 1);
	return rc < 0 ? rc : pay(c, a, now);
}

int
activity_due(struct core *c, int64_t id)
{
	struct rel_err err = { 0 };
	struct activity a = { .id = 0 };
	int rc = ledger_cancel(c->st, ACTIVITY_JOB(id), rel_now_ms(), &err);

	if (rc == -REL_E_NOTHELD)
		return 0;
	if (rc == 0)
		rc = store_activity_get(c->st, id, &a);
	if (rc < 0 || a.state != ACTIVITY_GRANTED)
		return rc == -REL_E_NOTFOUND ? 0 : rc;
	a.state = ACTIVITY_EXPIRED;
	a.ended_ms = rel_now_ms();
	return store_activity_set(c->st, &a);
}
