/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Random sequences of grants, releases, partial prints, refunds, crashes and
 * records that come again, beside a plain model of what each account must
 * have.  Sums stay zero, and no balance changes twice for one usage record.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tests/unit/ledger_fixture.h"

#define USERS 4
#define DEVICES 3
#define JOBS 60
#define RECORDS 200
#define TURNS 150			/* a sequence */
#define TIME_MS 6000			/* then no further sequence begins */

static uint64_t seed, state_of;

static uint32_t
any(uint32_t below)
{
	/* Numerical Recipes' linear generator: any sequence can be had again. */
	state_of = state_of * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(state_of >> 33) % below;
}

enum stage { FRESH, RESERVED, SETTLED };

static struct model {
	struct model_job {
		enum stage stage;
		uint32_t user, device;
		int64_t held[MONEY_UNITS], paid[MONEY_UNITS];
		int64_t refunded[MONEY_UNITS];
	} job[JOBS];
	int64_t user[USERS][MONEY_UNITS], device[DEVICES][MONEY_UNITS];
	int64_t reserved[MONEY_UNITS], bank[MONEY_UNITS];
	struct model_record {
		struct usage_record u;
		uint32_t job;
		int64_t amount[MONEY_UNITS];
	} record[RECORDS];
	uint32_t records;
} now, before;

static struct rel_err err;
static int64_t calls, refused, replayed, crashes;

static const char *
user_key(uint32_t i)
{
	static const char *const keys[USERS] = { "anna", "berta", "carl",
		"dora" };

	return keys[i];
}

static const char *
device_key(uint32_t i)
{
	static const char *const keys[DEVICES] = { "d1", "d2", "d3" };

	return keys[i];
}

static int64_t
any_amount(int u)
{
	return u == 0 ? any(5000000) : any(40);
}

/* ---- each call, and what it must do to the model */

static void
do_grant(void)
{
	uint32_t i = any(USERS);
	int u = (int)any(MONEY_UNITS);
	struct ledger_grant g = { .kind = ACCOUNT_USER, .key = user_key(i),
	    .unit = (enum money_unit)(u + 1), .now_ms = 1, .by = "root" };

	g.amount = any_amount(u) - (any(4) == 0 ? 100 : 0);
	if (any(30) == 0)
		g.amount = LEDGER_MAX + 1;
	if (ledger_grant(st, &g, &err) == 0) {
		now.user[i][u] += g.amount;
		now.bank[u] -= g.amount;
	} else {
		assert_true(g.amount == 0 || g.amount > LEDGER_MAX);
		refused++;
	}
}

static void
do_reserve(uint32_t n)
{
	struct model_job *j = &now.job[n];
	uint32_t user = any(USERS);
	struct ledger_hold h = { .job = n + 1, .now_ms = 2, .due_ms = any(99),
	    .price_version = 1 };
	int rc;

	for (int u = 0; u < MONEY_UNITS; u++) {
		h.part[u].kind = ACCOUNT_USER;
		h.part[u].key = user_key(user);
		h.part[u].amount = any(3) == 0 ? 0 : any_amount(u);
	}
	rc = ledger_reserve(st, &h, &err);
	if (j->stage == RESERVED) {
		assert_int_equal(-REL_E_EXISTS, rc);
		refused++;
		return;
	}
	if (j->stage == SETTLED) {
		/* charge.c takes no job twice; here it is another round. */
		assert_int_equal(0, rc);
		assert_int_equal(0, ledger_cancel(st, n + 1, 3, &err));
		return;
	}
	assert_int_equal(0, rc);
	j->stage = RESERVED;
	j->user = user;
	for (int u = 0; u < MONEY_UNITS; u++) {
		j->held[u] = h.part[u].amount;
		now.user[user][u] -= j->held[u];
		now.reserved[u] += j->held[u];
	}
}

/* What was paid becomes amount; refunds stay. */
static void
model_pay(struct model_job *j, const int64_t amount[MONEY_UNITS])
{
	for (int u = 0; u < MONEY_UNITS; u++) {
		int64_t want = amount[u] - j->refunded[u];
		int64_t more = (want > 0 ? want : 0) -
		    (j->paid[u] - j->refunded[u]);

		j->paid[u] += more;
		now.device[j->device][u] += more;
		now.user[j->user][u] -= more;
	}
}

static void
model_settle(struct model_job *j, uint32_t device,
    const int64_t amount[MONEY_UNITS])
{
	j->stage = SETTLED;
	j->device = device;
	for (int u = 0; u < MONEY_UNITS; u++) {
		now.reserved[u] -= j->held[u];
		now.user[j->user][u] += j->held[u];
		j->held[u] = 0;
	}
	model_pay(j, amount);
}

static struct ledger_result
any_result(uint32_t n, uint32_t device)
{
	struct ledger_result r = { .job = n + 1, .now_ms = 4, .device_id =
	    device_key(device), .source = (enum settle_source)(1 + any(4)) };

	for (int u = 0; u < MONEY_UNITS; u++)
		r.amount[u] = any(4) == 0 ? 0 : any_amount(u);
	r.unconfirmed = any(5) == 0;
	return r;
}

/* The device that has it stays the device that has it. */
static int
settle_or_correct(uint32_t n, struct ledger_result *r, uint32_t device)
{
	struct model_job *j = &now.job[n];
	int rc;

	if (j->stage == SETTLED) {
		r->device_id = device_key(j->device);
		rc = ledger_correct(st, r, &err);
		if (rc == 0)
			model_pay(j, r->amount);
		return rc;
	}
	rc = ledger_settle(st, r, &err);
	if (rc == 0)
		model_settle(j, device, r->amount);
	return rc;
}

static void
do_settle(uint32_t n)
{
	uint32_t device = any(DEVICES);
	struct ledger_result r = any_result(n, device);
	struct model_job *j = &now.job[n];

	if (any(20) == 0)
		r.amount[any(MONEY_UNITS)] = -1;
	if (j->stage == SETTLED && any(2) == 0) {
		assert_int_equal(-REL_E_NOTHELD, ledger_settle(st, &r, &err));
		refused++;
		return;
	}
	if (settle_or_correct(n, &r, device) == 0)
		return;
	refused++;
	assert_true(j->stage == FRESH || r.amount[0] < 0 ||
	    r.amount[1] < 0 || r.amount[2] < 0);
}

static void
do_cancel(uint32_t n)
{
	struct model_job *j = &now.job[n];
	int rc = ledger_cancel(st, n + 1, 5, &err);

	if (j->stage != RESERVED) {
		assert_int_equal(-REL_E_NOTHELD, rc);
		refused++;
		return;
	}
	assert_int_equal(0, rc);
	j->stage = FRESH;
	for (int u = 0; u < MONEY_UNITS; u++) {
		now.reserved[u] -= j->held[u];
		now.user[j->user][u] += j->held[u];
		j->held[u] = 0;
	}
}

static void
do_refund(uint32_t n)
{
	struct model_job *j = &now.job[n];
	struct ledger_refund r = { .job = n + 1, .now_ms = 6, .by = "root",
	    .text = "torn" };
	int64_t give[MONEY_UNITS], all = 0;
	bool fits = j->stage == SETTLED;

	for (int u = 0; u < MONEY_UNITS; u++) {
		int64_t has = j->paid[u] - j->refunded[u];

		r.amount[u] = any(2) == 0 ? -1 : any_amount(u);
		give[u] = r.amount[u] < 0 ? has : r.amount[u];
		fits = fits && give[u] <= has;
		all += give[u];
	}
	if (ledger_refund(st, &r, &err) < 0) {
		assert_true(!fits || all == 0);
		refused++;
		return;
	}
	assert_true(fits);
	for (int u = 0; u < MONEY_UNITS; u++) {
		j->refunded[u] += give[u];
		now.device[j->device][u] -= give[u];
		now.user[j->user][u] += give[u];
	}
}

/* A record of a device: a new one, or one that was here before. */
static void
do_record(uint32_t n)
{
	struct model_record *m = &now.record[now.records];
	uint32_t device = any(DEVICES);
	struct ledger_result r = any_result(n, device);

	if (now.records > 0 && (any(2) == 0 || now.records == RECORDS)) {
		m = &now.record[any(now.records)];
		assert_int_equal(-REL_E_EXISTS, ledger_record(st, &m->u,
		    &err));
		replayed++;
		return;
	}
	memset(m, 0, sizeof *m);
	snprintf(m->u.device_id, sizeof m->u.device_id, "%s",
	    device_key(device));
	snprintf(m->u.epoch, sizeof m->u.epoch, "epoch-%u", any(2));
	m->u.seq = now.records;
	m->u.job = n + 1;
	m->u.mono = r.amount[2];
	assert_int_equal(0, ledger_record(st, &m->u, &err));
	now.records++;
	if (now.job[n].stage != FRESH)
		assert_int_equal(0, settle_or_correct(n, &r, device));
}

static void
do_any(void)
{
	uint32_t n = any(JOBS);

	calls++;
	switch (any(10)) {
	case 0:
		do_grant();
		break;
	case 1: case 2: case 3:
		do_reserve(n);
		break;
	case 4: case 5:
		do_settle(n);
		break;
	case 6:
		do_cancel(n);
		break;
	case 7:
		do_refund(n);
		break;
	default:
		do_record(n);
		break;
	}
}

/* ---- what must hold */

static void
same(const char *what, int64_t is, int64_t must)
{
	if (is != must)
		fail_msg("seed %llu: %s has %lld, not %lld",
		    (unsigned long long)seed, what, (long long)is,
		    (long long)must);
}

static void
compare(void)
{
	for (int u = 0; u < MONEY_UNITS; u++) {
		enum money_unit unit = (enum money_unit)(u + 1);
		int64_t sum = 0;

		for (uint32_t i = 0; i < USERS; i++) {
			same(user_key(i), balance_of(ACCOUNT_USER,
			    user_key(i), unit), now.user[i][u]);
			sum += now.user[i][u];
		}
		for (uint32_t i = 0; i < DEVICES; i++) {
			same(device_key(i), balance_of(ACCOUNT_DEVICE,
			    device_key(i), unit), now.device[i][u]);
			sum += now.device[i][u];
		}
		same("reserved", balance_of(ACCOUNT_RESERVED, "", unit),
		    now.reserved[u]);
		same("bank", balance_of(ACCOUNT_BANK, "", unit), now.bank[u]);
		same("all", sum + now.reserved[u] + now.bank[u], 0);
	}
}

static void
check(void)
{
	struct ledger_checked told;

	if (ledger_wrong(&told) != 0)
		fail_msg("seed %llu: %s", (unsigned long long)seed,
		    told.text[0]);
}

/* One turn of core: some calls, then a commit, an undoing or a death. */
static void
turn(void)
{
	before = now;
	fixture_begin();
	for (uint32_t i = 1 + any(8); i > 0; i--)
		do_any();
	switch (any(6)) {
	case 0:
		store_rollback(st);
		now = before;
		break;
	case 1:
		store_close(&st);	/* without a commit */
		assert_int_equal(0, store_open(&st, store_path, &err));
		now = before;
		crashes++;
		break;
	default:
		fixture_commit();
		break;
	}
	compare();
}

static void
sequence(uint64_t with)
{
	memset(&now, 0, sizeof now);
	seed = state_of = with;
	for (int i = 0; i < TURNS; i++) {
		turn();
		if (i % 30 == 29)
			check();
	}
	fixture_reopen();
	compare();
	check();
}

UNIT(random_sequences)
{
	int64_t until = rel_mono_ms() + TIME_MS;
	uint64_t first = (uint64_t)rel_now_ms();
	int n = 0;

	/* The same ones each time, then others. */
	for (uint64_t s = 1; n == 0 || (rel_mono_ms() < until && n < 12);
	    s++, n++) {
		sequence(s <= 6 ? s : first + s);
		assert_int_equal(0, fixture_close(NULL));
		assert_int_equal(0, fixture_open(NULL));
	}
	print_message("%d sequences, seeds 1 to 6 and from %llu: %lld calls, "
	    "%lld refused, %lld records again, %lld crashes\n", n,
	    (unsigned long long)first, (long long)calls, (long long)refused,
	    (long long)replayed, (long long)crashes);
	assert_true(calls > 100 && refused > 10 && replayed > 5 &&
	    crashes > 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORED(random_sequences),
	};

	return cmocka_run_group_tests_name("ledger_random", tests, NULL,
	    NULL);
}
