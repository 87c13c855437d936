/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/lpr.h"
#include "lib/text.h"
#include "tests/unit/fakelpd.h"

#define SMALL 30000u
#define LARGE DOC_BYTES
#define PIECE 262144u
#define SILENT_MS 600	/* patience with a silent device, on a busy machine */

/* The document, and what happened to it. */
struct doc {
	size_t at, bytes;
	size_t bad_from;	/* next() fails from here on; 0 never */
	size_t gives;		/* in truth; 0: as announced */
	int points;		/* calls of point_of_no_return() */
	bool no_return_fails;
	unsigned stages;	/* bits of the stages told */
	uint64_t told;		/* the last count told */
};

static int
doc_next(void *ctx, const uint8_t **p, size_t *n, struct rel_err *err)
{
	struct doc *d = ctx;
	size_t all = d->gives > 0 ? d->gives : d->bytes;

	if (d->bad_from > 0 && d->at >= d->bad_from)
		return rel_err_set(err, REL_E_AUTH, "the spool file is altered");
	if (d->at == all)
		return 0;
	*p = doc_text + d->at;
	*n = all - d->at < PIECE ? all - d->at : PIECE;
	d->at += *n;
	return 1;
}

static int
doc_point(void *ctx, struct rel_err *err)
{
	struct doc *d = ctx;

	d->points++;
	if (d->no_return_fails)
		return rel_err_set(err, REL_E_FULL, "cannot write the journal");
	return 0;
}

static void
doc_progress(void *ctx, enum rel_send_stage stage, uint64_t bytes)
{
	struct doc *d = ctx;

	assert_true(bytes >= d->told && bytes <= d->bytes);
	d->stages |= 1u << stage;
	d->told = bytes;
}

static struct rel_lpr_job
a_job(uint16_t port)
{
	return (struct rel_lpr_job){
		.host = "127.0.0.1", .port = port, .queue = "pq",
		.user = "alice", .client_host = "pc7", .title = "Report",
		.ref = "OP7K3QX9M2TA", .copies = 1, .format = 'l',
		.number = 7, .connect_ms = 10000, .reply_ms = 10000
	};
}

static void
send_doc(const struct rel_lpr_job *job, struct doc *doc,
    struct rel_send_result *res)
{
	struct rel_send_source src = {
		.bytes = doc->bytes, .next = doc_next,
		.point_of_no_return = doc_point, .progress = doc_progress,
		.ctx = doc
	};

	memset(res, 0x55, sizeof *res);
	rel_lpr_send(job, &src, res);
}

/* ---- the control file */

UNIT(control_file_as_rfc_1179_has_it)
{
	struct rel_lpr_job job = a_job(515);
	char out[1000], want[1000], name[40];
	const char *at;

	job.copies = 3;
	assert_true(rel_lpr_control(&job, out, sizeof out) > 0);
	at = strstr(out, "ldfA007");
	assert_non_null(at);
	assert_int_equal(1, sscanf(at, "l%39[^\n]", name));
	assert_true(strlen(name) > 6 && strlen(name) <= 6 + 15);
	snprintf(want, sizeof want, "Hpc7\nPalice\nJOP7K3QX9M2TA Report\n"
	    "l%s\nl%s\nl%s\nU%s\nNReport\n", name, name, name, name);
	assert_string_equal(want, out);
}

/* The value of a line of the control file, in a static place. */
static const char *
line_of(const struct rel_lpr_job *job, char letter)
{
	static char out[70000], value[300];
	int n = rel_lpr_control(job, out, sizeof out);

	assert_true(n > 0 && (size_t)n == strlen(out) && out[n - 1] == '\n');
	for (char *line = strtok(out, "\n"); line != NULL;
	    line = strtok(NULL, "\n"))
		if (line[0] == letter) {
			snprintf(value, sizeof value, "%s", line + 1);
			return value;
		}
	fail_msg("no %c line", letter);
	return NULL;
}

#define X10 "1234567890"
#define X30 X10 X10 X10

UNIT(values_are_cut_between_characters)
{
	struct rel_lpr_job job = a_job(515);

	job.user = X30 "\xc3\xbc";	/* the umlaut would be bytes 31, 32 */
	assert_string_equal(X30, line_of(&job, 'P'));
	job.user = X30 "1\xc3\xbc";
	assert_string_equal(X30 "1", line_of(&job, 'P'));
	job.client_host = X30 "\xe2\x82\xac";
	assert_string_equal(X30, line_of(&job, 'H'));
	job.ref = "";
	job.title = X30 X30 X30 "12345678\xf0\x9f\x96\xa8";
	assert_string_equal(X30 X30 X30 "12345678", line_of(&job, 'J'));
	assert_string_equal(job.title, line_of(&job, 'N'));
	job.title = X30 X30 X30 X30 X10 "\xc3\xbc\xc3\xbc";
	assert_string_equal(X30 X30 X30 X30 X10, line_of(&job, 'N'));
	job.ref = "OP7K3QX9M2TA";
	assert_int_equal(99, strlen(line_of(&job, 'J')));
}

UNIT(nothing_from_outside_makes_a_line)
{
	struct rel_lpr_job job = a_job(515);
	char out[2000];
	unsigned lines = 0;

	job.user = "eve\nProot\r";
	job.client_host = "pc\nUdfA000x y";
	job.title = "a\nldfA000other\n\x1b[2J\x7f\xc2\x85" "b\xff\xfe";
	job.ref = "OP\n1";
	job.format = '\n';
	assert_string_equal("eve Proot", line_of(&job, 'P'));
	assert_string_equal("pc_UdfA000x_y", line_of(&job, 'H'));
	assert_string_equal("OP 1 a ldfA000other  [2J  b\?\?",
	    line_of(&job, 'J'));
	assert_true(rel_lpr_control(&job, out, sizeof out) > 0);
	for (const char *p = out; *p != '\0'; p++) {
		lines += *p == '\n';
		assert_true(*p == '\n' || (unsigned char)*p >= ' ');
		assert_true(*p != 0x7f);
	}
	assert_int_equal(6, lines);		/* H P J l U N */
}

UNIT(empty_values_have_a_stand_in)
{
	struct rel_lpr_job job = a_job(515);

	job.user = " \t";
	job.client_host = job.title = job.ref = "";
	assert_string_equal("anonymous", line_of(&job, 'P'));
	assert_true(line_of(&job, 'H')[0] != '\0');
	assert_string_equal("Untitled", line_of(&job, 'J'));
	job.ref = "OP7K3QX9M2TA";
	assert_string_equal("OP7K3QX9M2TA", line_of(&job, 'J'));
	job.ref = "";
	job.title = "  x  ";
	assert_string_equal("x", line_of(&job, 'J'));
}

UNIT(copies_are_print_lines)
{
	static const struct {
		unsigned copies, lines;
	} t[] = { { 0, 1 }, { 1, 1 }, { 2, 2 }, { 999, 999 }, { 5000, 999 } };
	static char out[70000];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct rel_lpr_job job = a_job(515);
		unsigned lines = 0;

		job.copies = t[i].copies;
		assert_true(rel_lpr_control(&job, out, sizeof out) > 0);
		for (char *p = out; (p = strstr(p, "\nldfA007")) != NULL; p++)
			lines++;
		assert_int_equal(t[i].lines, lines);
	}
}

UNIT(a_control_file_that_does_not_fit_is_refused)
{
	struct rel_lpr_job job = a_job(515);
	char out[400];
	int n = rel_lpr_control(&job, out, sizeof out);

	assert_true(n > 0);
	for (size_t size = 0; size <= (size_t)n; size++)
		assert_int_equal(-REL_E_LIMIT,
		    rel_lpr_control(&job, out, size));
	assert_true(rel_lpr_control(&job, out, (size_t)n + 2) == n);
}

/* ---- a transfer that goes well */

static void
check_arrived(const struct fakelpd *d, const struct doc *doc)
{
	assert_string_equal("pq", d->queue);
	assert_int_equal(doc->bytes, d->data_said);
	assert_int_equal(doc->bytes, d->data_len);
	assert_memory_equal(doc_text, d->data, d->data_len);
	assert_true(d->data_ended);
	assert_string_equal(d->control_name + 1, d->data_name + 1);
	assert_non_null(strstr(d->control, d->data_name));
}

UNIT(a_job_arrives_byte_for_byte)
{
	static const struct {
		size_t bytes;
		bool data_first, dribble;
		const char *order;
	} t[] = {
		{ 1, false, false, "QCD" },
		{ SMALL, false, false, "QCD" },
		{ SMALL, true, false, "QDC" },
		{ PIECE, false, false, "QCD" },
		{ PIECE + 1, true, false, "QDC" },
		{ LARGE, false, false, "QCD" },
		{ 3 * PIECE, false, true, "QCD" },	/* a slow reader */
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct fakelpd d = { .dribble = t[i].dribble };
		struct doc doc = { .bytes = t[i].bytes };
		struct rel_send_result res;
		struct rel_lpr_job job;

		fakelpd_start(&d);
		job = a_job(d.port);
		job.data_first = t[i].data_first;
		send_doc(&job, &doc, &res);
		fakelpd_stop(&d);
		assert_int_equal(REL_SEND_SENT, res.outcome);
		assert_int_equal(REL_SEND_DONE, res.stage);
		assert_string_equal("", res.reason);
		assert_int_equal(t[i].bytes, res.bytes);
		assert_int_equal(1, doc.points);
		assert_int_equal(0x3f, doc.stages);	/* each was told */
		assert_int_equal(t[i].bytes, doc.told);
		assert_string_equal(t[i].order, d.order);
		check_arrived(&d, &doc);
		fakelpd_fini(&d);
	}
}

/* ---- a device that goes wrong */

#define SAY(s) s, sizeof s - 1
struct fault {
	enum fakelpd_step at;
	const char *say;
	size_t say_len;
	enum fakelpd_then then;
	enum rel_send_outcome outcome;
	enum rel_send_stage stage;
	const char *words;	/* to be found in the reason */
};

static struct rel_send_result
fault_once(const struct fault *f, struct doc *doc, bool data_first,
    int patience_ms)
{
	struct fakelpd d = {
		.at = f->at, .say = f->say, .say_len = f->say_len,
		.then = f->then
	};
	struct rel_send_result res;
	struct rel_lpr_job job;

	fakelpd_start(&d);
	job = a_job(d.port);
	job.data_first = data_first;
	if (patience_ms > 0)
		job.reply_ms = patience_ms;
	send_doc(&job, doc, &res);
	fakelpd_stop(&d);
	fakelpd_fini(&d);
	return res;
}

static void
one_fault(const struct fault *f, size_t bytes, bool data_first, size_t i)
{
	bool short_patience = f->then == LPD_SILENT &&
	    f->outcome != REL_SEND_REFUSED;
	int patience_ms = short_patience ? SILENT_MS : 0;
	bool data = f->outcome == REL_SEND_UNCONFIRMED;
	struct rel_send_result res;
	struct doc doc;

	/*
	 * On a loaded machine the fake may not even reach the step where it
	 * falls silent within the patience: then once more with more of it.
	 */
	do {
		doc = (struct doc){ .bytes = bytes };
		res = fault_once(f, &doc, data_first, patience_ms);
		patience_ms *= 5;
	} while (short_patience && res.stage != f->stage &&
	    patience_ms <= 25 * SILENT_MS);
	if (res.outcome != f->outcome || res.stage != f->stage ||
	    strstr(res.reason, f->words) == NULL ||
	    strstr(res.reason, "127.0.0.1") == NULL ||
	    !rel_utf8_ok(res.reason, strlen(res.reason)) ||
	    (data && (res.bytes == 0 || doc.points != 1)) ||
	    (f->outcome == REL_SEND_AWAY && res.bytes != 0))
		fail_msg("case %zu: outcome %d stage %d bytes %llu points %d "
		    "\"%s\"", i, (int)res.outcome, (int)res.stage,
		    (unsigned long long)res.bytes, doc.points, res.reason);
}

UNIT(a_no_is_a_no_at_every_step)
{
	static const struct fault t[] = {
		{ LPD_QUEUE, SAY("\1"), LPD_CLOSE, REL_SEND_REFUSED,
		    REL_SEND_QUEUE, "does not accept jobs for this queue" },
		{ LPD_QUEUE, SAY("\3no such queue pq\n"), LPD_CLOSE,
		    REL_SEND_REFUSED, REL_SEND_QUEUE, ": no such queue pq" },
		{ LPD_QUEUE, SAY("vm: lpd: pq: unknown printer\n"), LPD_CLOSE,
		    REL_SEND_REFUSED, REL_SEND_QUEUE,
		    "vm: lpd: pq: unknown printer" },
		{ LPD_QUEUE, SAY("\1"), LPD_SILENT, REL_SEND_REFUSED,
		    REL_SEND_QUEUE, "(answer 1)" },
		{ LPD_QUEUE, SAY("\377"), LPD_CLOSE, REL_SEND_REFUSED,
		    REL_SEND_QUEUE, "(answer 255)" },
		{ LPD_QUEUE, SAY("\1bell\a\33[2J\377 here\nand more\n"),
		    LPD_CLOSE, REL_SEND_REFUSED, REL_SEND_QUEUE,
		    "bell  [2J? here" },
		{ LPD_CONTROL_LINE, SAY("\2"), LPD_CLOSE, REL_SEND_REFUSED,
		    REL_SEND_CONTROL, "(answer 2)" },
		{ LPD_CONTROL, SAY("\3"), LPD_RESET, REL_SEND_REFUSED,
		    REL_SEND_CONTROL, "refused the description" },
		{ LPD_DATA_LINE, SAY("\1"), LPD_CLOSE, REL_SEND_REFUSED,
		    REL_SEND_DATA, "refused the document" },
		{ LPD_DATA_LINE, SAY("\2disk full\n"), LPD_CLOSE,
		    REL_SEND_REFUSED, REL_SEND_DATA, "disk full" },
		{ LPD_DATA, SAY("\1"), LPD_CLOSE, REL_SEND_REFUSED,
		    REL_SEND_FINAL, "after receiving it" },
		{ LPD_DATA, SAY("\2no memory\n"), LPD_SILENT, REL_SEND_REFUSED,
		    REL_SEND_FINAL, "no memory" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		one_fault(&t[i], SMALL, false, i);
}

UNIT(before_the_data_a_break_means_away)
{
	static const enum fakelpd_step steps[] = {
		LPD_ACCEPT, LPD_QUEUE, LPD_CONTROL_LINE, LPD_CONTROL,
		LPD_DATA_LINE
	};
	static const enum rel_send_stage stages[] = {
		REL_SEND_QUEUE, REL_SEND_QUEUE, REL_SEND_CONTROL,
		REL_SEND_CONTROL, REL_SEND_DATA
	};

	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct fault f = {
			.at = steps[i], .outcome = REL_SEND_AWAY,
			.stage = stages[i]
		};

		f.then = LPD_CLOSE;
		f.words = "closed the connection before";
		one_fault(&f, SMALL, false, i);
		f.then = LPD_RESET;
		one_fault(&f, SMALL, false, 100 + i);
		f.then = LPD_SILENT;
		f.words = "does not answer";
		one_fault(&f, SMALL, false, 200 + i);
	}
}

UNIT(from_the_first_data_byte_on_a_break_may_have_printed)
{
	static const struct fault t[] = {
		{ LPD_MID_DATA, NULL, 0, LPD_CLOSE, REL_SEND_UNCONFIRMED,
		    REL_SEND_DATA, "closed the connection after" },
		{ LPD_MID_DATA, NULL, 0, LPD_RESET, REL_SEND_UNCONFIRMED,
		    REL_SEND_DATA, "a part may have printed" },
		{ LPD_MID_DATA, NULL, 0, LPD_SILENT, REL_SEND_UNCONFIRMED,
		    REL_SEND_DATA, "stopped answering after" },
		{ LPD_MID_DATA, SAY("\2out of memory\n"), LPD_SILENT,
		    REL_SEND_REFUSED, REL_SEND_DATA, "out of memory" },
		{ LPD_DATA, NULL, 0, LPD_CLOSE, REL_SEND_UNCONFIRMED,
		    REL_SEND_FINAL, "without confirming it" },
		{ LPD_DATA, NULL, 0, LPD_RESET, REL_SEND_UNCONFIRMED,
		    REL_SEND_FINAL, "it may have printed" },
		{ LPD_DATA, NULL, 0, LPD_SILENT, REL_SEND_UNCONFIRMED,
		    REL_SEND_FINAL, "stopped answering" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		one_fault(&t[i], LARGE, false, i);
}

UNIT(data_first_has_the_same_outcomes)
{
	static const struct fault t[] = {
		{ LPD_QUEUE, SAY("\1"), LPD_CLOSE, REL_SEND_REFUSED,
		    REL_SEND_QUEUE, "does not accept" },
		{ LPD_DATA_LINE, NULL, 0, LPD_CLOSE, REL_SEND_AWAY,
		    REL_SEND_DATA, "closed the connection" },
		{ LPD_MID_DATA, NULL, 0, LPD_CLOSE, REL_SEND_UNCONFIRMED,
		    REL_SEND_DATA, "a part may have printed" },
		{ LPD_DATA, SAY("\1"), LPD_CLOSE, REL_SEND_REFUSED,
		    REL_SEND_FINAL, "after receiving it" },
		{ LPD_CONTROL_LINE, NULL, 0, LPD_CLOSE, REL_SEND_UNCONFIRMED,
		    REL_SEND_CONTROL, "without confirming it" },
		{ LPD_CONTROL_LINE, SAY("\1"), LPD_CLOSE, REL_SEND_REFUSED,
		    REL_SEND_CONTROL, "refused the description" },
		{ LPD_CONTROL, NULL, 0, LPD_SILENT, REL_SEND_UNCONFIRMED,
		    REL_SEND_CONTROL, "it may have printed" },
		{ LPD_CONTROL, SAY("\3"), LPD_CLOSE, REL_SEND_REFUSED,
		    REL_SEND_CONTROL, "(answer 3)" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		one_fault(&t[i], LARGE, true, i);
}

/* A device that says yes to everything before it is asked proves nothing. */
UNIT(acknowledgements_in_advance_confirm_nothing)
{
	struct fakelpd d = { .at = LPD_DATA, .say_it_all = true,
		.then = LPD_SILENT };
	struct doc doc = { .bytes = SMALL };
	struct rel_send_result res;
	struct rel_lpr_job job;

	fakelpd_start(&d);
	job = a_job(d.port);
	job.reply_ms = SILENT_MS;
	send_doc(&job, &doc, &res);
	fakelpd_stop(&d);
	fakelpd_fini(&d);
	assert_int_equal(REL_SEND_UNCONFIRMED, res.outcome);
	assert_int_equal(REL_SEND_FINAL, res.stage);
}

/* ---- our own side goes wrong */

UNIT(a_damaged_document_is_broken_off)
{
	static const struct {
		size_t bytes, bad_from, gives;
		enum rel_send_outcome outcome;
		bool some;
		const char *words;
	} t[] = {
		{ LARGE, 1, 0, REL_SEND_UNCONFIRMED, true, "is altered" },
		{ LARGE, 4 * PIECE, 0, REL_SEND_UNCONFIRMED, true,
		    "a part may have printed" },
		{ LARGE, 0, LARGE - PIECE, REL_SEND_UNCONFIRMED, true,
		    "length" },
		{ SMALL, 0, SMALL + 1, REL_SEND_REFUSED, false,
		    "Nothing was printed" },
		{ PIECE, 0, PIECE + 1, REL_SEND_UNCONFIRMED, true, "length" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct fakelpd d = { 0 };
		struct doc doc = {
			.bytes = t[i].bytes, .bad_from = t[i].bad_from,
			.gives = t[i].gives
		};
		struct rel_send_result res;
		struct rel_lpr_job job;

		fakelpd_start(&d);
		job = a_job(d.port);
		send_doc(&job, &doc, &res);
		fakelpd_stop(&d);
		assert_int_equal(t[i].outcome, res.outcome);
		assert_int_equal(t[i].some, res.bytes > 0);
		assert_non_null(strstr(res.reason, t[i].words));
		/* Whatever came, the device never saw a proper end. */
		assert_false(d.data_ended);
		assert_true(d.data_len <= res.bytes);
		fakelpd_fini(&d);
	}
}

UNIT(without_a_journal_nothing_is_sent)
{
	struct fakelpd d = { 0 };
	struct doc doc = { .bytes = SMALL, .no_return_fails = true };
	struct rel_send_result res;
	struct rel_lpr_job job;

	fakelpd_start(&d);
	job = a_job(d.port);
	send_doc(&job, &doc, &res);
	fakelpd_stop(&d);
	assert_int_equal(REL_SEND_AWAY, res.outcome);
	assert_int_equal(0, res.bytes);
	assert_int_equal(0, d.data_len);
	assert_non_null(strstr(res.reason, "cannot write the journal"));
	fakelpd_fini(&d);
}

UNIT(an_empty_document_is_never_announced)
{
	struct fakelpd d = { 0 };
	struct doc doc = { .bytes = 0 };
	struct rel_send_result res;
	struct rel_lpr_job job;

	fakelpd_start(&d);
	job = a_job(d.port);
	send_doc(&job, &doc, &res);
	fakelpd_stop(&d);
	assert_int_equal(REL_SEND_REFUSED, res.outcome);
	assert_non_null(strstr(res.reason, "empty"));
	assert_int_equal(0, d.sessions);
	fakelpd_fini(&d);
}

UNIT(a_queue_name_cannot_carry_a_command)
{
	static char longest[258];
	const char *const bad[] = { "", "a b", "a\n\002b", "t\xc3\xbcr",
		"a\x7f", longest };
	struct doc doc = { .bytes = SMALL };
	struct rel_send_result res;
	struct rel_lpr_job job = a_job(1);

	memset(longest, 'q', 256);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		job.queue = bad[i];
		send_doc(&job, &doc, &res);
		assert_int_equal(REL_SEND_REFUSED, res.outcome);
		assert_non_null(strstr(res.reason, "queue name"));
	}
	longest[255] = '\0';
	send_doc(&job, &doc, &res);
	assert_int_equal(REL_SEND_AWAY, res.outcome); /* nobody there */
}

/* ---- nobody there */

/* A listener with a full queue: a call to it stays unanswered. */
static int
deaf_listener(uint16_t *port, int *fill, size_t nfill)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof sin;
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(0, bind(sock, (struct sockaddr *)&sin, sizeof sin));
	assert_int_equal(0, listen(sock, 0));
	assert_int_equal(0, getsockname(sock, (struct sockaddr *)&sin, &len));
	*port = ntohs(sin.sin_port);
	for (size_t i = 0; i < nfill; i++) {
		fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(fill[i], (struct sockaddr *)&sin, sizeof sin);
	}
	return sock;
}

UNIT(a_device_that_is_not_there_is_away)
{
	struct doc doc = { .bytes = SMALL };
	struct rel_send_result res;
	struct rel_lpr_job job = a_job(1);
	int64_t began;
	int sock, fill[4];

	send_doc(&job, &doc, &res);
	assert_int_equal(REL_SEND_AWAY, res.outcome);
	assert_int_equal(REL_SEND_CONNECT, res.stage);
	assert_non_null(strstr(res.reason,
	    "The printer at 127.0.0.1 takes no print jobs at port 1"));
	job.host = "[::1]";		/* refused, or no IPv6 here */
	send_doc(&job, &doc, &res);
	assert_int_equal(REL_SEND_AWAY, res.outcome);
	job.host = X30 X30 X10 ".invalid";	/* no name: asks no server */
	send_doc(&job, &doc, &res);
	assert_int_equal(REL_SEND_AWAY, res.outcome);
	assert_non_null(strstr(res.reason, "cannot be found"));
	job.host = "";
	send_doc(&job, &doc, &res);
	assert_int_equal(REL_SEND_AWAY, res.outcome);
	sock = deaf_listener(&job.port, fill, 4);
	job.host = "127.0.0.1";
	job.connect_ms = 200;
	began = rel_mono_ms();
	send_doc(&job, &doc, &res);
	assert_true(rel_mono_ms() - began < 5000);
	assert_int_equal(REL_SEND_AWAY, res.outcome);
	assert_int_equal(REL_SEND_CONNECT, res.stage);
	assert_string_equal("The printer at 127.0.0.1 does not answer.",
	    res.reason);
	assert_int_equal(0, doc.points);
	for (size_t i = 0; i < 4; i++)
		close(fill[i]);
	close(sock);
}

/* "localhost" may be ::1 and 127.0.0.1: the one that listens is found. */
UNIT(addresses_are_tried_in_turn)
{
	struct fakelpd d = { 0 };
	struct doc doc = { .bytes = SMALL };
	struct rel_send_result res;
	struct addrinfo *found = NULL;
	struct rel_lpr_job job;

	fakelpd_start(&d);
	job = a_job(d.port);
	job.host = "localhost";
	if (getaddrinfo(job.host, NULL, NULL, &found) == 0) {
		freeaddrinfo(found);
	} else {		/* a bare chroot has no /etc/hosts */
		print_message("# nothing says what localhost is here\n");
		job.host = "127.0.0.1";
	}
	send_doc(&job, &doc, &res);
	fakelpd_stop(&d);
	assert_int_equal(REL_SEND_SENT, res.outcome);
	fakelpd_fini(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(control_file_as_rfc_1179_has_it),
		UNIT_RUN(values_are_cut_between_characters),
		UNIT_RUN(nothing_from_outside_makes_a_line),
		UNIT_RUN(empty_values_have_a_stand_in),
		UNIT_RUN(copies_are_print_lines),
		UNIT_RUN(a_control_file_that_does_not_fit_is_refused),
		UNIT_RUN(a_job_arrives_byte_for_byte),
		UNIT_RUN(a_no_is_a_no_at_every_step),
		UNIT_RUN(before_the_data_a_break_means_away),
		UNIT_RUN(from_the_first_data_byte_on_a_break_may_have_printed),
		UNIT_RUN(data_first_has_the_same_outcomes),
		UNIT_RUN(acknowledgements_in_advance_confirm_nothing),
		UNIT_RUN(a_damaged_document_is_broken_off),
		UNIT_RUN(without_a_journal_nothing_is_sent),
		UNIT_RUN(an_empty_document_is_never_announced),
		UNIT_RUN(a_queue_name_cannot_carry_a_command),
		UNIT_RUN(a_device_that_is_not_there_is_away),
		UNIT_RUN(addresses_are_tried_in_turn),
	};

	return cmocka_run_group_tests(tests, doc_set_up, doc_tear_down);
}
