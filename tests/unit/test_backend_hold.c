/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The backend's talk with core: each answer core may give, given by the other
 * end of a socket pair before the talk begins.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/hold.h"
#include "lib/compat.h"
#include "lib/frame.h"
#include "lib/spool.h"
#include "tests/unit/unit.h"

#define JOB_ID 77u

static const uint8_t key[32] = { 1, 2, 3 };

struct talk {
	struct hold_doc doc;
	int ends[2];			/* ours, core's */
	int spool_fd, err_fd, saved_err;
	char err[4096];			/* what cupsd was told */
};

static int
temp_file(const void *p, size_t n)
{
	char name[] = "/tmp/rel-hold-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(write(fd, p, n), (ssize_t)n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void
talk_init(struct talk *t, const char *text)
{
	memset(t, 0, sizeof *t);
	hold_stop = 0;
	assert_int_equal(rel_compat_pair(t->ends), 0);
	t->spool_fd = temp_file("", 0);
	t->doc.in_fd = temp_file(text, strlen(text));
	t->doc.seekable = true;
	t->doc.copies.argv = "2";
	t->doc.copies.options = "";
	t->doc.copies.from_file = true;
	snprintf(t->doc.begin.user, sizeof t->doc.begin.user, "anna");
	snprintf(t->doc.begin.pin, sizeof t->doc.begin.pin, "9753");
}

static void
talk_fini(struct talk *t)
{
	free(t->doc.head);
	close(t->doc.in_fd);
	close(t->spool_fd);
	close(t->ends[1]);
}

/* Core says so, with or without the spool file. */
static void
core_says(struct talk *t, unsigned type, struct rel_buf *body, bool file)
{
	struct rel_frame fr = {
		.type = (uint16_t)type, .id = 1,
		.body = body->data, .len = body->len,
		.nfds = file, .fds = { t->spool_fd }
	};

	assert_int_equal(body->failed, 0);
	assert_int_equal(rel_frame_send(t->ends[1], &fr, 1000, NULL), 0);
	rel_buf_fini(body);
}

static void
core_spool(struct talk *t, uint64_t limit_bytes)
{
	struct rel_in_spool m = {
		.job_id = JOB_ID, .limit_bytes = limit_bytes
	};
	struct rel_buf b;

	memcpy(m.key, key, sizeof m.key);
	rel_buf_init(&b);
	rel_in_spool_put(&b, &m);
	core_says(t, REL_IN_SPOOL, &b, true);
}

static void
core_text(struct talk *t, unsigned type)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_str(&b, "words");
	core_says(t, type, &b, false);
}

static void
core_refuses(struct talk *t, const char *jobstate, const char *reason)
{
	struct rel_in_refused m;
	struct rel_buf b;

	snprintf(m.jobstate, sizeof m.jobstate, "%s", jobstate);
	snprintf(m.reason, sizeof m.reason, "%s", reason);
	rel_buf_init(&b);
	rel_in_refused_put(&b, &m);
	core_says(t, REL_IN_REFUSED, &b, false);
}

/* Hold the document; core says nothing more. What cupsd hears is kept. */
static int
talk_run(struct talk *t)
{
	int rc;
	ssize_t n;

	shutdown(t->ends[1], SHUT_WR);
	fflush(stderr);
	t->saved_err = dup(STDERR_FILENO);
	t->err_fd = temp_file("", 0);
	assert_true(dup2(t->err_fd, STDERR_FILENO) >= 0);
	rc = hold_run(&t->doc, t->ends[0]);
	assert_true(dup2(t->saved_err, STDERR_FILENO) >= 0);
	close(t->saved_err);
	n = pread(t->err_fd, t->err, sizeof t->err - 1, 0);
	assert_true(n >= 0);
	close(t->err_fd);
	return rc;
}

/* The next frame that was said to core. */
static void
core_heard(struct talk *t, struct rel_framer *f, struct rel_frame *fr,
    unsigned type)
{
	assert_int_equal(rel_frame_recv(t->ends[1], f, fr, 1000, NULL), 0);
	assert_int_equal(fr->type, type);
}

static void
core_heard_no_commit(struct talk *t)
{
	struct rel_framer f;
	struct rel_frame fr;

	rel_framer_init(&f);
	core_heard(t, &f, &fr, REL_IN_BEGIN);
	assert_int_equal(rel_frame_recv(t->ends[1], &f, &fr, 1000, NULL),
	    -REL_E_CLOSED);
	rel_framer_fini(&f);
}

static void
spool_holds(struct talk *t, const char *text)
{
	struct rel_spool_reader *r;
	const uint8_t *p;
	size_t n;

	assert_int_equal(rel_spool_reader_new(&r, t->spool_fd, key, JOB_ID,
	    NULL), 0);
	assert_int_equal(rel_spool_read(r, &p, &n, NULL), 1);
	assert_int_equal(n, strlen(text));
	assert_memory_equal(p, text, n);
	assert_int_equal(rel_spool_read(r, &p, &n, NULL), 0);
	rel_spool_reader_free(&r);
}

UNIT(held)
{
	struct rel_in_begin *m = calloc(1, sizeof *m);
	struct rel_framer f;
	struct rel_frame fr;
	struct rel_cur c;
	struct talk t;

	talk_init(&t, "a document");
	core_spool(&t, 0);
	core_text(&t, REL_IN_HELD);
	assert_int_equal(talk_run(&t), HOLD_OK);
	assert_non_null(strstr(t.err, "INFO: Held for anna"));
	assert_null(strstr(t.err, "9753"));
	rel_framer_init(&f);
	core_heard(&t, &f, &fr, REL_IN_BEGIN);
	assert_int_equal(rel_in_begin_get(m, fr.body, fr.len), 0);
	assert_string_equal(m->pin, "9753");
	assert_int_equal(m->copies, 2);
	core_heard(&t, &f, &fr, REL_IN_COMMIT);
	rel_cur_init(&c, fr.body, fr.len);
	assert_int_equal(rel_get_u64(&c), 10);
	spool_holds(&t, "a document");
	assert_string_equal(t.doc.begin.pin, "");	/* wiped */
	rel_framer_fini(&f);
	free(m);
	talk_fini(&t);
}

UNIT(known)
{
	struct talk t;

	talk_init(&t, "x");
	core_text(&t, REL_IN_KNOWN);
	assert_int_equal(talk_run(&t), HOLD_OK);
	core_heard_no_commit(&t);
	talk_fini(&t);
	talk_init(&t, "x");		/* also as the answer to COMMIT */
	core_spool(&t, 0);
	core_text(&t, REL_IN_KNOWN);
	assert_int_equal(talk_run(&t), HOLD_OK);
	talk_fini(&t);
}

UNIT(refused)
{
	struct talk t;

	talk_init(&t, "x");
	core_refuses(&t, "account-limit-reached", "500 are\nenough");
	assert_int_equal(talk_run(&t), HOLD_KEEP);
	assert_non_null(strstr(t.err, "WARNING: 500 are enough\n"));
	assert_non_null(strstr(t.err, "JOBSTATE: account-limit-reached\n"));
	talk_fini(&t);
	talk_init(&t, "x");
	core_refuses(&t, "", "never");
	assert_int_equal(talk_run(&t), HOLD_CANCEL);
	assert_non_null(strstr(t.err, "WARNING: never\n"));
	assert_null(strstr(t.err, "JOBSTATE"));
	talk_fini(&t);
}

/* Away is try again: from the start with a file, by cupsd with a pipe. */
UNIT(away)
{
	struct rel_buf b;
	struct talk t;

	talk_init(&t, "x");
	core_text(&t, REL_IN_AWAY);
	assert_int_equal(talk_run(&t), HOLD_AWAY);
	talk_fini(&t);
	talk_init(&t, "x");		/* gone without a word */
	assert_int_equal(talk_run(&t), HOLD_AWAY);
	talk_fini(&t);
	talk_init(&t, "x");		/* gone after the document */
	core_spool(&t, 0);
	assert_int_equal(talk_run(&t), HOLD_AWAY);
	talk_fini(&t);
	talk_init(&t, "x");		/* says what nobody understands */
	rel_buf_init(&b);
	core_says(&t, 0x199, &b, false);
	assert_int_equal(talk_run(&t), HOLD_AWAY);
	talk_fini(&t);
	talk_init(&t, "x");		/* a spool file that is none */
	core_text(&t, REL_IN_SPOOL);
	assert_int_equal(talk_run(&t), HOLD_AWAY);
	talk_fini(&t);
}

UNIT(too_large)
{
	struct talk t;

	talk_init(&t, "12345");
	core_spool(&t, 4);
	assert_int_equal(talk_run(&t), HOLD_CANCEL);
	assert_non_null(strstr(t.err, "too large: 4 bytes"));
	core_heard_no_commit(&t);
	talk_fini(&t);
}

UNIT(stopped)
{
	struct talk t;

	talk_init(&t, "12345");
	core_spool(&t, 0);
	core_text(&t, REL_IN_HELD);
	hold_stop = 1;
	assert_int_equal(talk_run(&t), HOLD_STOPPED);
	core_heard_no_commit(&t);
	hold_stop = 0;
	talk_fini(&t);
}

/* What filters make: the first bytes were read already, the rest comes. */
static int
run_pipe(struct talk *t, const char *head, const char *rest)
{
	talk_init(t, rest);
	t->doc.seekable = false;
	t->doc.head = malloc(HOLD_HEAD_BYTES);
	assert_non_null(t->doc.head);
	t->doc.head_len = strlen(head);
	memcpy(t->doc.head, head, t->doc.head_len);
	core_spool(t, 0);
	core_text(t, REL_IN_HELD);
	return talk_run(t);
}

UNIT(piped)
{
	struct talk t;

	assert_int_equal(run_pipe(&t, "%PDF-1.7 ", "... %%EOF\n"), HOLD_OK);
	spool_holds(&t, "%PDF-1.7 ... %%EOF\n");
	talk_fini(&t);
	assert_int_equal(run_pipe(&t, "\033E", "anything"), HOLD_OK);
	spool_holds(&t, "\033Eanything");
	talk_fini(&t);
}

/* A filter that died leaves a cut PDF or nothing: never held as if whole. */
UNIT(piped_and_cut)
{
	struct talk t;

	assert_int_equal(run_pipe(&t, "%PDF-1.7 ", "and then no"), HOLD_KEEP);
	assert_non_null(strstr(t.err, "no whole document"));
	core_heard_no_commit(&t);
	talk_fini(&t);
	assert_int_equal(run_pipe(&t, "", ""), HOLD_KEEP);
	core_heard_no_commit(&t);
	talk_fini(&t);
}

/* ---- what pdftorelease says in front of the document */

/* The document comes through a pipe, with these bytes in front of it. */
static void
talk_behind_filter(struct talk *t, const struct rel_buf *front,
    const char *text)
{
	size_t n = strlen(text);

	talk_init(t, "");
	t->doc.seekable = false;
	t->doc.facts_first = true;
	t->doc.head = malloc(HOLD_HEAD_BYTES);
	assert_non_null(t->doc.head);
	memcpy(t->doc.head, front->data, front->len);
	memcpy(t->doc.head + front->len, text, n);
	t->doc.head_len = front->len + n;
	t->doc.copies.head = t->doc.head;
	t->doc.copies.head_len = t->doc.head_len;
}

static void
front_put(struct rel_buf *b, const struct rel_facts *f, bool follows)
{
	struct rel_buf body;

	rel_buf_init(b);
	rel_buf_init(&body);
	rel_facts_put(&body, f);
	rel_put_u8(&body, follows);
	rel_put_raw(b, REL_FACTS_MAGIC, sizeof REL_FACTS_MAGIC - 1);
	rel_put_u32(b, (uint32_t)body.len);
	rel_put_raw(b, body.data, body.len);
	rel_buf_fini(&body);
}

static void
some_facts(struct rel_facts *f)
{
	rel_facts_init(f);
	memcpy(f->language, "pdf", 4);
	f->pages_sure = f->colour_sure = REL_SURE_EXACT;
	f->input_pages = f->sides = f->sheets = f->impressions = 7;
	f->colour_sides = 1;
	rel_facts_add_colour(f, 4, 4);
}

static void
heard_commit(struct talk *t, struct rel_in_commit *m, char format[128])
{
	struct rel_in_begin *begin = calloc(1, sizeof *begin);
	struct rel_framer f;
	struct rel_frame fr;

	rel_framer_init(&f);
	core_heard(t, &f, &fr, REL_IN_BEGIN);
	assert_int_equal(rel_in_begin_get(begin, fr.body, fr.len), 0);
	memcpy(format, begin->format, 128);
	core_heard(t, &f, &fr, REL_IN_COMMIT);
	assert_int_equal(rel_in_commit_get(m, fr.body, fr.len), 0);
	rel_framer_fini(&f);
	free(begin);
}

UNIT(facts_of_the_filter_go_to_core_and_not_into_the_document)
{
	static const char pdf[] = "%PDF-1.7 and so on %%EOF";
	struct rel_in_commit m;
	struct rel_facts facts;
	struct rel_buf front;
	struct talk t;
	char format[128];

	some_facts(&facts);
	front_put(&front, &facts, true);
	talk_behind_filter(&t, &front, pdf);
	core_spool(&t, 0);
	core_text(&t, REL_IN_HELD);
	assert_int_equal(talk_run(&t), HOLD_OK);
	heard_commit(&t, &m, format);
	assert_string_equal(format, "application/pdf");
	assert_int_equal(m.bytes, sizeof pdf - 1);
	assert_true(m.has_facts);
	assert_int_equal(m.facts.sides, 7);
	assert_string_equal(m.facts.colour_pages, "4");
	spool_holds(&t, pdf);
	rel_buf_fini(&front);
	talk_fini(&t);
}

UNIT(a_document_the_filter_refused_is_told_to_core)
{
	struct rel_in_commit m;
	struct rel_facts facts;
	struct rel_buf front;
	struct talk t;
	char format[128];

	rel_facts_init(&facts);
	rel_facts_refuse(&facts, REL_REFUSED_LOCKED, "it needs a password");
	front_put(&front, &facts, false);
	talk_behind_filter(&t, &front, "");
	core_spool(&t, 0);
	core_refuses(&t, "document-password-error", "it needs a password");
	assert_int_equal(talk_run(&t), HOLD_CANCEL);
	heard_commit(&t, &m, format);
	assert_int_equal(m.bytes, 0);
	assert_string_equal(m.facts.refused, REL_REFUSED_LOCKED);
	assert_non_null(strstr(t.err, "JOBSTATE: document-password-error"));
	assert_non_null(strstr(t.err, "needs a password"));
	rel_buf_fini(&front);
	talk_fini(&t);
}

/* Cut anywhere, or saying two things at once: cupsd keeps the job. */
UNIT(a_filter_that_died_in_its_facts_holds_nothing)
{
	struct rel_facts facts;
	struct rel_buf front;

	some_facts(&facts);
	for (int kind = 0; kind < 4; kind++) {
		struct talk t;

		front_put(&front, &facts, kind != 3);
		if (kind == 1)
			front.data[0] ^= 1;
		talk_behind_filter(&t, &front, "%PDF-1.7 %%EOF");
		if (kind == 0)
			t.doc.head_len = front.len - 1;
		if (kind == 2)		/* a length far beyond what is there */
			t.doc.head[sizeof REL_FACTS_MAGIC + 1] = 0xff;
		assert_int_equal(talk_run(&t), HOLD_KEEP);
		assert_non_null(strstr(t.err, "no whole document"));
		rel_buf_fini(&front);
		talk_fini(&t);
	}
}

UNIT(a_document_without_a_filter_is_counted_in_passing)
{
	struct rel_in_commit m;
	struct talk t;
	char format[128];

	talk_init(&t, "\033E\033&l2Xone\fpage\f\033E");
	core_spool(&t, 0);
	core_text(&t, REL_IN_HELD);
	assert_int_equal(talk_run(&t), HOLD_OK);
	heard_commit(&t, &m, format);
	assert_true(m.has_facts);
	assert_string_equal(m.facts.language, "pcl");
	assert_int_equal(m.facts.sides, 2);
	assert_int_equal(m.facts.copies, 2);
	assert_int_equal(m.facts.impressions, 4);
	talk_fini(&t);
}

/* Where no filter ran these bytes are a document like any other. */
UNIT(forged_facts_are_a_document)
{
	struct rel_in_commit m;
	struct rel_facts facts;
	struct rel_buf front;
	struct talk t;
	char format[128];

	some_facts(&facts);
	facts.sides = facts.input_pages = facts.sheets = 1;
	front_put(&front, &facts, true);
	talk_behind_filter(&t, &front, "the rest");
	t.doc.facts_first = false;
	core_spool(&t, 0);
	core_text(&t, REL_IN_HELD);
	assert_int_equal(talk_run(&t), HOLD_OK);
	heard_commit(&t, &m, format);
	assert_int_equal(m.bytes, front.len + 8);
	assert_int_equal(m.facts.sides, 0);
	assert_int_equal(m.facts.pages_sure, REL_SURE_UNKNOWN);
	rel_buf_fini(&front);
	talk_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(held),
		UNIT_RUN(facts_of_the_filter_go_to_core_and_not_into_the_document),
		UNIT_RUN(a_document_the_filter_refused_is_told_to_core),
		UNIT_RUN(a_filter_that_died_in_its_facts_holds_nothing),
		UNIT_RUN(a_document_without_a_filter_is_counted_in_passing),
		UNIT_RUN(forged_facts_are_a_document),
		 UNIT_RUN(known), UNIT_RUN(refused),
		UNIT_RUN(away), UNIT_RUN(too_large), UNIT_RUN(stopped),
		UNIT_RUN(piped), UNIT_RUN(piped_and_cut)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
