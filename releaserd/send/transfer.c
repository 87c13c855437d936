/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/send/transfer.h"

#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/fault.h"
#include "lib/log.h"
#include "lib/spool.h"
#include "lib/text.h"
#include "releaserd/driver/driver.h"
#include "releaserd/journal.h"
#include "releaserd/send/ahead.h"

#define PAUSE_FIRST_MS 300	/* before the second try; doubles, to the most */
#define PAUSE_MOST_MS 3000

struct run {
	const struct transfer *t;
	struct ahead *spool;
	bool data_noted;	/* "data" stands in the journal */
	bool journal_broken;
	bool mid_passed;
	uint32_t device_job;	/* what the device calls it; 0: nothing */
	char pin[65];		/* of the device's key, once it is known */
};

static int
run_next(void *ctx, const uint8_t **p, size_t *n, struct rel_err *err)
{
	struct run *run = ctx;

	return ahead_next(run->spool, p, n, err);
}

static int
run_no_return(void *ctx, struct rel_err *err)
{
	struct run *run = ctx;
	int rc = 0;

	rel_fault("send:before-data");
	if (!run->data_noted)
		rc = journal_put_data(run->t->journal_fd, err);
	if (rc < 0)
		run->journal_broken = true;
	else
		run->data_noted = true;
	return rc;
}

static void
run_progress(void *ctx, enum rel_send_stage stage, uint64_t bytes)
{
	struct run *run = ctx;

	(void)stage;
	if (bytes == 0 || run->mid_passed)
		return;
	run->mid_passed = true;
	rel_fault("send:mid-data");
}

static void
pause_ms(int ms)
{
	struct timespec ts = { ms / 1000, (long)(ms % 1000) * 1000000L };

	while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
		;
}

/* A result that no device had a part in. */
static void
own_result(struct rel_send_result *res, enum rel_send_outcome outcome,
    const char *words, const char *detail)
{
	char text[400];

	memset(res, 0, sizeof *res);
	res->outcome = outcome;
	snprintf(text, sizeof text, "%s%s%s", words,
	    detail[0] != '\0' ? ": " : ".", detail);
	rel_text_clean(res->reason, sizeof res->reason, text);
}

static void
run_once(struct run *run, const struct rel_send_source *src,
    struct rel_send_result *res)
{
	struct send_job *m = run->t->job;
	const struct driver_ops *driver = driver_find(m->driver);
	struct driver_sent sent;

	if (driver == NULL || driver->job_send == NULL) {
		own_result(res, REL_SEND_REFUSED, "The document was not sent",
		    "the device's driver sends none");
		return;
	}
	driver->job_send(m, src, &sent);
	*res = sent.r;
	run->device_job = (uint32_t)sent.job;
	if (m->pin[0] == '\0')
		memcpy(run->pin, sent.pin, sizeof run->pin);
	/* The one that was called first is the one to go on with. */
	memcpy(m->pin, sent.pin, sizeof m->pin);
}

/* Again and again, as long as the device is away and nothing has printed. */
static void
run_tries(struct run *run, struct rel_send_result *res)
{
	const struct send_job *m = run->t->job;
	struct rel_send_source src = {
		.bytes = m->plain_bytes, .next = run_next,
		.point_of_no_return = run_no_return,
		.progress = run_progress, .ctx = run
	};
	int wait_ms = PAUSE_FIRST_MS;

	for (uint32_t i = 1;; i++) {
		run_once(run, &src, res);
		if (res->outcome != REL_SEND_AWAY || i >= m->tries ||
		    run->journal_broken)
			return;
		rel_log(REL_INFO, "device away", "job=%llu try=%u of=%u "
		    "why=\"%s\"", (unsigned long long)m->job_id, i, m->tries,
		    res->reason);
		pause_ms(wait_ms);
		wait_ms = wait_ms * 2 < PAUSE_MOST_MS ? wait_ms * 2 :
		    PAUSE_MOST_MS;
		ahead_rewind(run->spool);
	}
}

/* Open the spool file and send it. */
static void
run_spool(struct run *run, struct rel_send_result *res)
{
	struct send_job *m = run->t->job;
	struct rel_spool_reader *reader = NULL;
	struct rel_err err = { 0 };
	int rc = rel_spool_reader_new(&reader, run->t->spool_fd, m->key,
	    m->job_id, &err);

	rel_wipe(m->key, sizeof m->key);
	if (rc == 0)
		rc = ahead_new(&run->spool, reader, &err);
	if (rc < 0)
		own_result(res, REL_SEND_REFUSED,
		    "The stored document was not sent", err.text);
	else if (rel_spool_plain_bytes(reader) != m->plain_bytes)
		own_result(res, REL_SEND_REFUSED,
		    "The stored document was not sent",
		    "it has not the length it should have");
	else
		run_tries(run, res);
	ahead_free(&run->spool);
	rel_spool_reader_free(&reader);
}

/* A journal that was used before: say what it says. */
static void
run_used(const struct journal *j, struct rel_send_result *res)
{
	if (j->state == JOURNAL_ENDED) {
		own_result(res, j->outcome, j->reason, "");
		snprintf(res->reason, sizeof res->reason, "%s", j->reason);
	} else {
		own_result(res, REL_SEND_UNCONFIRMED, "An earlier transfer of "
		    "this release broke off; it may have printed", "");
	}
}

/* 1 when the journal is ours and empty; else res is filled. */
static int
run_journal(const struct transfer *t, struct rel_send_result *res)
{
	struct rel_err err = { 0 };
	struct journal j;
	int rc;

	if ((rc = journal_lock(t->journal_fd, &err)) < 0 ||
	    (rc = journal_read(t->journal_fd, &j, &err)) < 0) {
		/* Who holds the lock may be printing it this moment. */
		own_result(res, rc == -REL_E_EXISTS ? REL_SEND_UNCONFIRMED :
		    REL_SEND_AWAY, "The transfer was not begun", err.text);
		return 0;
	}
	if (j.state != JOURNAL_NOTHING) {
		run_used(&j, res);
		return 0;
	}
	if (t->wanted != NULL && !t->wanted(t->ctx)) {
		own_result(res, REL_SEND_AWAY, "The transfer was not begun",
		    "core is gone");
		return 0;
	}
	return 1;
}

/*
 * The device's number of the job stands in front of the reason, and so in the
 * journal: what came of it can be asked whoever reads that.
 */
static void
number_it(const struct run *run, struct rel_send_result *res)
{
	char why[sizeof res->reason];

	if (run->device_job == 0)
		return;
	memcpy(why, res->reason, sizeof why);
	snprintf(res->reason, sizeof res->reason, JOURNAL_JOB "%s%.180s",
	    run->device_job, why[0] != '\0' ? "; " : "", why);
	rel_text_clean(res->reason, sizeof res->reason, res->reason);
}

void
transfer_run(const struct transfer *t, struct send_result *out)
{
	struct run run = { .t = t };
	struct rel_send_result res;
	struct rel_err err = { 0 };

	if (run_journal(t, &res)) {
		run_spool(&run, &res);
		number_it(&run, &res);
		rel_fault("send:before-journal-sent");
		if (journal_put_end(t->journal_fd, res.outcome, res.reason,
		    &err) < 0)
			rel_log(REL_ERROR, "journal not written",
			    "job=%llu outcome=%s why=\"%s\"",
			    (unsigned long long)t->job->job_id,
			    journal_word(res.outcome), err.text);
	}
	rel_wipe(t->job->key, sizeof t->job->key);
	*out = (struct send_result){
		.job_id = t->job->job_id, .outcome = (uint8_t)res.outcome,
		.stage = (uint8_t)res.stage, .bytes = res.bytes,
		.device_job = run.device_job
	};
	memcpy(out->pin, run.pin, sizeof out->pin);
	memcpy(out->uri, t->job->uri, sizeof out->uri);
	memcpy(out->reason, res.reason, sizeof out->reason);
}

void
transfer_warm_up(void)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	const uint8_t key[32] = { 0 };
	uint8_t sealed[1 + REL_SEAL_OVERHEAD];

	/* A name server that is down must not cost a person 40 seconds. */
	(void)setenv("RES_OPTIONS", "timeout:2 attempts:2", 0);
	(void)rel_seal(key, 0, "", 1, sealed, NULL);
	if (getaddrinfo("localhost", "515", &hints, &list) == 0)
		freeaddrinfo(list);
}
