/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
/*
 * ledger DIR USERS RECORDS JOBS: how many settlements a second on one core,
 * beside plain SQLite that writes the same rows with the same durability; and
 * how much a database grows.
 *
 * The database is filled by SQL: so many users with accounts, and so many
 * usage records, each with the transfers and entries of its job.  Then JOBS
 * jobs that have reserved are settled by a new usage record each, A_TURN in a
 * transaction, as many as come in while a commit is on its way.  The peer does
 * what is left when one knows all rows before: prepared statements that insert
 * record, transfer and entries, set the balances and delete the reservation.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/core/ledger.h"
#include "releaserd/core/store_priv.h"

#define A_TURN 500
#define DEVICES 100
#define DAY_MS 86400000
#define EPOCH "0f9c1c1e-2a44-4a4e-8f3e-1d1f6f0a9d55"
#define SOON_MS INT64_C(1780000000000)

static struct store *st;
static char path[300];
static long users, records, jobs;
static struct rel_err err;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "ledger: %s: %s\n", what, err.text[0] != '\0' ?
	    err.text : sqlite3_errmsg(st->db));
	exit(1);
}

static void
sql(const char *text)
{
	if (sqlite3_exec(st->db, text, NULL, NULL, NULL) != SQLITE_OK)
		die(text);
}

/* Job ids as core makes them: 63 bits that grow with the time. */
static int64_t
job_id(long i)
{
	return INT64_C(0x0190000000000000) + (int64_t)i * 5557;
}

/* ---- a database as after years */

#define INTO_ACCOUNT "INSERT INTO account(id,kind,key,unit,name,balance,last," \
	"refilled_ms,created_ms,closed)"
#define COUNT(n) \
	"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n" \
	" WHERE i+1<" n ") "

/* "@u": users; "@R": records; "@d": devices; "@j": the first job. */
static void
sql_with(const char *text)
{
	static const char names[] = "uRdj";
	long long value[4] = { users, records, DEVICES,
		(long long)job_id(0) };
	char out[2000];
	size_t n = 0;

	for (; *text != '\0' && n < sizeof out - 24; text++) {
		const char *at = *text == '@' ? strchr(names, text[1]) : NULL;

		if (at == NULL) {
			out[n++] = *text;
			continue;
		}
		n += (size_t)snprintf(out + n, 24, "%lld",
		    value[at - names]);
		text++;
	}
	out[n] = '\0';
	sql(out);
}

/*
 * Record i is of user i % users and device i % DEVICES: its job reserved 1.00
 * with transfer 2i+1, and 0.80 of it was settled with 2i+2.
 */
static void
fill(void)
{
	sql("PRAGMA synchronous=OFF;BEGIN");
	sql_with(COUNT("@u") INTO_ACCOUNT " SELECT 7+i,1,"
	    "printf('user%07d',i),1,'',iif(i<@R,-800000*((@R-1-i)/@u+1),0),"
	    "iif(i<@R,2*(i+(@R-1-i)/@u*@u)+2,0),0,0,0 FROM n");
	sql_with(COUNT("@d") INTO_ACCOUNT " SELECT 7+@u+i,4,"
	    "printf('5d0c0000-0000-4000-8000-%012d',i),1,'',"
	    "iif(i<@R,800000*((@R-1-i)/@d+1),0),"
	    "iif(i<@R,2*(i+(@R-1-i)/@d*@d)+2,0),0,0,0 FROM n");
	sql_with("UPDATE account SET last=2*@R WHERE id=1");
	sql_with(COUNT("@d") "INSERT INTO usage_epoch(id,device_id,epoch) SELECT i+1,"
	    "printf('5d0c0000-0000-4000-8000-%012d',i),'" EPOCH "' FROM n");
	/* In the order of its key, epoch by epoch. */
	sql_with("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT"
	    " iif(i+@d<@R,i+@d,i%@d+1) FROM n WHERE i+1<min(@d,@R) OR"
	    " i+@d<@R OR i%@d+1<min(@d,@R)) INSERT INTO"
	    " usage_record(epoch,seq,at_ms,job_id,sheets,mono,colour) SELECT"
	    " i%@d+1,i/@d,1700000000000+i*3000,@j+i*5557,2,4,0 FROM n");
	sql_with(COUNT("2*@R") "INSERT INTO transfer SELECT i+1,3+i%2,"
	    "1700000000000+i*1500,@j+i/2*5557,i%2,0,1,NULL,NULL FROM n");
	sql_with(COUNT("5*@R") "INSERT INTO entry SELECT 2*(i/5)+1+(i%5>1),"
	    "CASE i%5 WHEN 0 THEN 1 WHEN 2 THEN 1 WHEN 4 THEN 7+@u+i/5%@d"
	    " ELSE 7+i/5%@u END, CASE i%5 WHEN 0 THEN 1000000 WHEN 1 THEN"
	    " -1000000 WHEN 2 THEN -1000000 WHEN 3 THEN 200000 ELSE 800000"
	    " END, CASE i%5 WHEN 0 THEN 2*(i/5) WHEN 1 THEN"
	    " iif(i/5<@u,0,2*(i/5-@u)+2) WHEN 4 THEN"
	    " iif(i/5<@d,0,2*(i/5-@d)+2) ELSE 2*(i/5)+1 END FROM n");
	sql("COMMIT;PRAGMA wal_checkpoint(TRUNCATE);PRAGMA synchronous=FULL");
}

static void
begin(void)
{
	if (store_begin(st, &err) < 0)
		die("begin");
}

static void
commit(void)
{
	if (store_commit(st, &err) < 0)
		die("commit");
}

/* ---- jobs */

static void
user_of(char key[32], long i)
{
	snprintf(key, 32, "user%07ld", (i * 104729L) % users);
}

static void
device_of(char id[40], long i)
{
	snprintf(id, 40, "5d0c0000-0000-4000-8000-%012ld", i % DEVICES);
}

static void
reserve(long i)
{
	struct ledger_hold h = { .job = job_id(records + i),
	    .now_ms = SOON_MS + i, .due_ms = SOON_MS + i + DAY_MS,
	    .price_version = 1 };
	char key[32];

	user_of(key, i);
	h.part[0] = (struct ledger_part){ ACCOUNT_USER, key, 1000000 };
	if (ledger_reserve(st, &h, &err) < 0)
		die("reserve");
}

static void
settle(long i)
{
	struct ledger_result r = { .job = job_id(records + i),
	    .now_ms = SOON_MS + i, .source = SOURCE_DEVICE,
	    .amount = { 800000, 0, 0 } };
	struct usage_record u = { .job = r.job, .at_ms = r.now_ms,
	    .seq = records + i, .sheets = 2, .mono = 4,
	    .epoch = EPOCH };

	device_of(u.device_id, i);
	r.device_id = u.device_id;
	if (ledger_record(st, &u, &err) < 0 || ledger_settle(st, &r,
	    &err) < 0)
		die("settle");
}

static void
reserve_some(long from, long to)
{
	for (long i = from; i < to; i++) {
		if (i == from || i % A_TURN == 0)
			begin();
		reserve(i);
		if (i + 1 == to || (i + 1) % A_TURN == 0)
			commit();
	}
}

/* Jobs a second, of the clock and of the processor. */
struct rate {
	double clock, cpu;
};

static int64_t
cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct rate
rate_of(long n, int64_t begun_ms, int64_t begun_us)
{
	int64_t ms = rel_mono_ms() - begun_ms, us = cpu_us() - begun_us;

	return (struct rate){ (double)n * 1000 / (double)(ms > 0 ? ms : 1),
	    (double)n * 1e6 / (double)(us > 0 ? us : 1) };
}

static struct rate
settle_some(long from, long to)
{
	int64_t begun = rel_mono_ms(), cpu = cpu_us();

	for (long i = from; i < to; i++) {
		if (i == from || i % A_TURN == 0)
			begin();
		settle(i);
		if (i + 1 == to || (i + 1) % A_TURN == 0)
			commit();
	}
	return rate_of(to - from, begun, cpu);
}

/* ---- the peer: the same rows, known before */

enum { RECORD, TRANSFER, ENTRY, ACCOUNT, RESERVATION, KINDS };

static sqlite3_stmt *plain[KINDS];

static void
plain_prepare(void)
{
	static const char *const text[KINDS] = {
		"INSERT INTO usage_record(epoch,seq,at_ms,job_id,sheets,mono,"
		"colour) VALUES(?,?,?,?,2,4,0)",
		"INSERT INTO transfer VALUES(?,4,?,?,1,0,1,NULL,NULL)",
		"INSERT INTO entry VALUES(?,?,?,?)",
		"UPDATE account SET balance=?,last=? WHERE id=?",
		"DELETE FROM reservation WHERE job_id=?"
	};

	for (int k = 0; k < KINDS; k++)
		if (sqlite3_prepare_v3(st->db, text[k], -1,
		    SQLITE_PREPARE_PERSISTENT, &plain[k], NULL) != SQLITE_OK)
			die(text[k]);
}

static void
run(int kind, const int64_t *v, int n)
{
	sqlite3_stmt *q = plain[kind];

	for (int i = 0; i < n; i++)
		sqlite3_bind_int64(q, i + 1, v[i]);
	if (sqlite3_step(q) != SQLITE_DONE)
		die("plain");
	sqlite3_reset(q);
}

/* A settlement's rows, for the peer to write them again elsewhere. */
struct rows {
	int64_t record[4], transfer[3], entry[3][4], account[3][3], job[1];
};

static struct rows *
rows_of(long from, long to)
{
	struct rows *all = calloc((size_t)(to - from), sizeof *all);
	int64_t *last = calloc((size_t)(users + DEVICES + 8), sizeof *last);
	int64_t *has = calloc((size_t)(users + DEVICES + 8), sizeof *has);
	int64_t transfer;

	if (all == NULL || last == NULL || has == NULL ||
	    store_number(st, "SELECT max(id) FROM transfer", &transfer,
	    "") < 0)
		die("rows");
	for (long i = from; i < to; i++) {
		struct rows *r = &all[i - from];
		const int64_t who[3] = { 1, 7 + (i * 104729L) % users,
			7 + users + i % DEVICES };
		static const int64_t amount[3] = { -1000000, 200000, 800000 };

		r->job[0] = job_id(records + i);
		transfer++;
		memcpy(r->record, (const int64_t[]){ 1 + i % DEVICES,
		    records + i, SOON_MS + i, r->job[0] }, sizeof r->record);
		memcpy(r->transfer, (const int64_t[]){ transfer, SOON_MS + i,
		    r->job[0] }, sizeof r->transfer);
		for (int k = 0; k < 3; k++) {
			has[who[k]] += amount[k];
			memcpy(r->entry[k], (const int64_t[]){ transfer,
			    who[k], amount[k], last[who[k]] },
			    sizeof r->entry[k]);
			memcpy(r->account[k], (const int64_t[]){ has[who[k]],
			    transfer, who[k] }, sizeof r->account[k]);
			last[who[k]] = transfer;
		}
	}
	free(last);
	free(has);
	return all;
}

static struct rate
plain_some(long from, long to)
{
	struct rows *all = rows_of(from, to);
	int64_t begun = rel_mono_ms(), cpu = cpu_us();
	struct rate r;

	for (long i = from; i < to; i++) {
		const struct rows *w = &all[i - from];

		if (i == from || i % A_TURN == 0)
			sql("BEGIN IMMEDIATE");
		run(RECORD, w->record, 4);
		run(TRANSFER, w->transfer, 3);
		for (int k = 0; k < 3; k++) {
			run(ENTRY, w->entry[k], 4);
			run(ACCOUNT, w->account[k], 3);
		}
		run(RESERVATION, w->job, 1);
		if (i + 1 == to || (i + 1) % A_TURN == 0)
			sql("COMMIT");
	}
	r = rate_of(to - from, begun, cpu);
	free(all);
	return r;
}

/* ---- what is told */

static int64_t
size_of(void)
{
	struct stat sb;

	sql("PRAGMA wal_checkpoint(TRUNCATE)");
	return stat(path, &sb) == 0 ? (int64_t)sb.st_size : 0;
}

/* Megabytes for 10 000 jobs, each reserved and settled by a record. */
static double
growth(long from, long to)
{
	int64_t before = size_of();

	reserve_some(from, to);
	(void)settle_some(from, to);
	return (double)(size_of() - before) / 1e6 * 10000 /
	    (double)(to - from);
}

static void
check(void)
{
	struct ledger_check *lc = ledger_check_new();
	int64_t begun = rel_mono_ms();
	const struct ledger_checked *t;
	int rc;

	while ((rc = ledger_check_step(lc, st, 3)) > 0)
		;
	t = ledger_check_told(lc);
	if (rc < 0 || t->wrong != 0)
		die(rc < 0 ? "check" : t->text[0]);
	printf("check %lld %lld\n", (long long)(rel_mono_ms() - begun),
	    (long long)t->entries);
	ledger_check_free(&lc);
}

static struct rate
plain_run(long from, long to)
{
	struct rate rate;

	plain_prepare();
	rate = plain_some(from, to);
	for (int k = 0; k < KINDS; k++)
		sqlite3_finalize(plain[k]);
	return rate;
}

int
main(int argc, char **argv)
{
	struct rate ours, peer;
	double mb;

	if (argc != 5) {
		fprintf(stderr, "usage: ledger DIR USERS RECORDS JOBS\n");
		return 2;
	}
	rel_log_init("ledger", REL_ERROR);
	users = strtol(argv[2], NULL, 10);
	records = strtol(argv[3], NULL, 10);
	jobs = strtol(argv[4], NULL, 10);
	snprintf(path, sizeof path, "%s/ledger.db", argv[1]);
	unlink(path);
	if (users < 1 || records < 1 || jobs < 1 ||
	    store_open(&st, path, &err) < 0)
		die(path);
	fill();
	check();
	reserve_some(0, 2 * jobs);
	ours = settle_some(0, jobs);
	mb = growth(2 * jobs, 3 * jobs);
	/* Last, as its balances are made up. */
	peer = plain_run(jobs, 2 * jobs);
	printf("settle %.0f %.0f\ncpu %.0f %.0f\n", ours.clock, peer.clock,
	    ours.cpu, peer.cpu);
	printf("growth %.2f of %lld\n", mb, (long long)(size_of() /
	    1000000));
	store_close(&st);
	unlink(path);
	return 0;
}
