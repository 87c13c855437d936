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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(held), UNIT_RUN(known), UNIT_RUN(refused),
		UNIT_RUN(away), UNIT_RUN(too_large), UNIT_RUN(stopped),
		UNIT_RUN(piped), UNIT_RUN(piped_and_cut)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
