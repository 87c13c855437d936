/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Sending by IPP, to a printer that goes wrong. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/log.h"
#include "releaserd/role.h"
#include "releaserd/send/senders.h"
#include "tests/unit/fakeipp.h"
#include "tests/unit/fakelpd.h"

#define SMALL 30000u
#define LARGE DOC_BYTES
#define PIECE 65536u

void
role_drop_start(struct role *r)
{
	(void)r;
}

/* ---- a document */

struct doc {
	size_t at, size, fails_at;	/* 0: never */
	unsigned returns;		/* times the point of no return came */
	bool returned_late;		/* bytes had gone before it */
	size_t told;
};

static int
next(void *ctx, const uint8_t **p, size_t *n, struct rel_err *err)
{
	struct doc *d = ctx;

	if (d->fails_at > 0 && d->at >= d->fails_at)
		return rel_err_set(err, REL_E_AUTH, "it was altered");
	if (d->at == d->size)
		return 0;
	*p = doc_text + d->at;
	*n = d->size - d->at < PIECE ? d->size - d->at : PIECE;
	d->at += *n;
	return 1;
}

static int
no_return(void *ctx, struct rel_err *err)
{
	struct doc *d = ctx;

	(void)err;
	d->returns++;
	d->returned_late = d->told > 0;
	return 0;
}

static void
progress(void *ctx, enum rel_send_stage stage, uint64_t bytes)
{
	struct doc *d = ctx;

	if (stage == REL_SEND_DATA)
		d->told = (size_t)bytes;
}

static struct send_job
a_job(const struct fakeipp *p)
{
	struct send_job m = {
		.job_id = 4711, .driver = "ipp", .user = "alice",
		.title = "Report", .ref = "OP7K3QX9M2TA", .copies = 2,
		.connect_ms = 2000, .reply_ms = 1000, .tries = 1,
		.format = "application/pdf"
	};

	rel_ticket_init(&m.ticket);
	fakeipp_uri(p, m.uri);
	return m;
}

static void
send_it(const struct send_job *m, struct doc *d, struct driver_sent *out)
{
	struct rel_send_source src = { .bytes = d->size, .next = next,
	    .point_of_no_return = no_return, .progress = progress,
	    .ctx = d };

	memset(out, 0x55, sizeof *out);
	send_by_ipp(m, &src, out);
	assert_false(d->returned_late);
	assert_true(d->returns <= 1);
}

static void
send_to(struct fakeipp *p, struct doc *d, struct driver_sent *out)
{
	struct send_job m;

	fakeipp_start(p);
	m = a_job(p);
	send_it(&m, d, out);
	fakeipp_stop(p);
}

/* ---- each outcome */

UNIT(a_fault_at_each_question_has_its_outcome)
{
	static const struct {
		int at;
		enum fakeipp_fault fault;
		int code;
		enum rel_send_outcome outcome;
		const char *words;
		size_t size;
		unsigned canceled;
		int job;		/* known at the end */
	} t[] = {
		{ 0, IPP_WELL, 0, REL_SEND_SENT, "", SMALL, 0, 17 },
		{ 0, IPP_WELL, 0, REL_SEND_SENT, "", LARGE, 0, 17 },
		/* before the document: nothing can have printed */
		{ IPP_OP_CREATE_JOB, IPP_SAYS, IPP_STATUS_ERROR_BUSY,
		    REL_SEND_AWAY, "busy", SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_SAYS,
		    IPP_STATUS_ERROR_NOT_AUTHORIZED, REL_SEND_REFUSED,
		    "does not accept", SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_HTTP, 401, REL_SEND_REFUSED,
		    "log-in", SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_HTTP, 302, REL_SEND_REFUSED,
		    "not followed", SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_HTTP, 404, REL_SEND_REFUSED,
		    "this path", SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_HTTP, 503, REL_SEND_AWAY, "busy",
		    SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_CLOSES, 0, REL_SEND_AWAY,
		    "closed", SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_SILENT, 0, REL_SEND_AWAY,
		    "stopped answering", SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_OTHER_ID, 0, REL_SEND_AWAY,
		    "no IPP", SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_GARBAGE, 0, REL_SEND_AWAY,
		    "no IPP", SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_ENDLESS, 0, REL_SEND_AWAY,
		    "far too much", SMALL, 0, 0 },
		{ IPP_OP_CREATE_JOB, IPP_DEEP, 0, REL_SEND_AWAY, "no IPP",
		    SMALL, 0, 0 },
		/* the document had begun */
		{ IPP_OP_SEND_DOCUMENT, IPP_SAYS,
		    IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED,
		    REL_SEND_REFUSED, "refused the document", SMALL, 1, 0 },
		{ IPP_OP_SEND_DOCUMENT, IPP_SAYS, IPP_STATUS_ERROR_DEVICE,
		    REL_SEND_UNCONFIRMED, "may have printed", SMALL, 0, 17 },
		{ IPP_OP_SEND_DOCUMENT, IPP_SAYS,
		    IPP_STATUS_ERROR_JOB_CANCELED, REL_SEND_UNCONFIRMED,
		    "may have printed", SMALL, 0, 17 },
		{ IPP_OP_SEND_DOCUMENT, IPP_SAYS,
		    IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR,
		    REL_SEND_UNCONFIRMED, "may have printed", SMALL, 0, 17 },
		/* canceled at its panel */
		{ IPP_OP_SEND_DOCUMENT, IPP_SAYS, IPP_STATUS_ERROR_NOT_POSSIBLE,
		    REL_SEND_UNCONFIRMED, "may have printed", SMALL, 0, 17 },
		{ IPP_OP_SEND_DOCUMENT, IPP_CLOSES_MID, 0,
		    REL_SEND_UNCONFIRMED, "a part may have printed", LARGE,
		    0, 17 },
		{ IPP_OP_SEND_DOCUMENT, IPP_CLOSES_AFTER, 0,
		    REL_SEND_UNCONFIRMED, "without confirming", SMALL, 0,
		    17 },
		{ IPP_OP_SEND_DOCUMENT, IPP_SILENT, 0, REL_SEND_UNCONFIRMED,
		    "without confirming", SMALL, 0, 17 },
		{ IPP_OP_SEND_DOCUMENT, IPP_HTTP, 500, REL_SEND_UNCONFIRMED,
		    "without confirming", SMALL, 0, 17 },
		{ IPP_OP_SEND_DOCUMENT, IPP_OTHER_ID, 0,
		    REL_SEND_UNCONFIRMED, "no IPP", SMALL, 0, 17 },
		{ IPP_OP_SEND_DOCUMENT, IPP_ENDLESS, 0, REL_SEND_UNCONFIRMED,
		    "far too much", SMALL, 0, 17 },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct fakeipp p = { .at = t[i].at, .fault = t[i].fault,
		    .code = t[i].code };
		struct doc d = { .size = t[i].size };
		struct driver_sent out;

		send_to(&p, &d, &out);
		if (out.r.outcome != t[i].outcome || strstr(out.r.reason,
		    t[i].words) == NULL || p.canceled != t[i].canceled ||
		    out.job != t[i].job || p.jobs > 1 || p.documents > 1 ||
		    d.returns != (t[i].at != IPP_OP_CREATE_JOB))
			fail_msg("case %zu: outcome %d \"%s\", job %d, "
			    "canceled %u, documents %u, returns %u", i,
			    (int)out.r.outcome, out.r.reason, out.job,
			    p.canceled, p.documents, d.returns);
		if (out.r.outcome == REL_SEND_SENT) {
			assert_int_equal(t[i].size, p.data_len);
			assert_memory_equal(doc_text, p.data, p.data_len);
			assert_int_equal(t[i].size, out.r.bytes);
			assert_int_equal(17, p.of_job);
			assert_true(p.last);
		}
		fakeipp_fini(&p);
	}
}

UNIT(nobody_there_is_away)
{
	struct fakeipp p = { .at = 0 };
	struct doc d = { .size = SMALL };
	struct driver_sent out;
	struct send_job m;

	fakeipp_start(&p);
	fakeipp_stop(&p);
	m = a_job(&p);
	send_it(&m, &d, &out);
	assert_int_equal(REL_SEND_AWAY, out.r.outcome);
	assert_int_equal(0, d.returns);
	snprintf(m.uri, sizeof m.uri, "http://127.0.0.1/");
	send_it(&m, &d, &out);
	assert_int_equal(REL_SEND_REFUSED, out.r.outcome);
	assert_non_null(strstr(out.r.reason, "ipp://HOST"));
	m = a_job(&p);
	memcpy(m.uri, "ipps", 4);
	memmove(m.uri + 4, "://127.0.0.1:1/", 16);
	send_it(&m, &d, &out);
	assert_int_equal(REL_SEND_AWAY, out.r.outcome);
}

UNIT(without_create_job_the_document_goes_at_once)
{
	struct fakeipp p = { .no_create = true };
	struct doc d = { .size = SMALL };
		struct driver_sent out;

	send_to(&p, &d, &out);
	assert_int_equal(REL_SEND_SENT, out.r.outcome);
	assert_int_equal(17, out.job);
	assert_int_equal(1, p.documents);
	assert_memory_equal(doc_text, p.data, SMALL);
	fakeipp_fini(&p);
}

/* ---- our own side */

UNIT(a_document_that_is_damaged_is_taken_back)
{
	static const struct {
		size_t fails_at;
		enum rel_send_outcome outcome;
		int job;
	} t[] = {
		{ 1, REL_SEND_UNCONFIRMED, 17 },
		{ LARGE / 2, REL_SEND_UNCONFIRMED, 17 },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct fakeipp p = { .at = 0 };
		struct doc d = { .size = LARGE, .fails_at = t[i].fails_at };
		struct driver_sent out;

		send_to(&p, &d, &out);
		assert_int_equal(t[i].outcome, out.r.outcome);
		assert_non_null(strstr(out.r.reason, "altered"));
		assert_int_equal(1, p.canceled);
		assert_int_equal(0, p.documents);
		assert_int_equal(t[i].job, out.job);
		fakeipp_fini(&p);
	}
}

/* ---- what the job is told by */

UNIT(a_job_is_told_what_the_device_does)
{
	struct fakeipp p = { .at = 0 };
	struct doc d = { .size = SMALL };
	struct driver_sent out;
	struct send_job m;

	fakeipp_start(&p);
	m = a_job(&p);
	m.ticket.sides = REL_DUPLEX_SHORT;
	snprintf(m.ticket.media, sizeof m.ticket.media, "A4");
	snprintf(m.ticket.finishings, sizeof m.ticket.finishings,
	    "nonsense,staple");
	/* 300 bytes of a letter of two: cut between two of them. */
	for (size_t i = 0; i < 150; i++)
		memcpy(m.title + 2 * i, "\xc3\xa4", 3);
	send_it(&m, &d, &out);
	fakeipp_stop(&p);
	assert_int_equal(REL_SEND_SENT, out.r.outcome);
	assert_string_equal("alice", p.user);
	assert_string_equal("application/pdf", p.format);
	assert_string_equal("two-sided-short-edge", p.sides);
	assert_string_equal("iso_a4_210x297mm", p.media);
	assert_int_equal(4, p.finishings);
	assert_int_equal(2, p.copies);
	assert_memory_equal("OP7K3QX9M2TA \xc3\xa4", p.name, 15);
	assert_true(strlen(p.name) <= 255 && strlen(p.name) >= 254);
	assert_int_equal(0xa4, (uint8_t)p.name[strlen(p.name) - 1]);
	fakeipp_fini(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(a_fault_at_each_question_has_its_outcome),
		UNIT_RUN(nobody_there_is_away),
		UNIT_RUN(without_create_job_the_document_goes_at_once),
		UNIT_RUN(a_document_that_is_damaged_is_taken_back),
		UNIT_RUN(a_job_is_told_what_the_device_does),
	};

	rel_log_init("test", REL_ERROR);
	return cmocka_run_group_tests(tests, doc_set_up, doc_tear_down);
}
