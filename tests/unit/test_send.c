/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/log.h"
#include "lib/spool.h"
#include "releaserd/journal.h"
#include "releaserd/role.h"
#include "releaserd/send/senders.h"
#include "releaserd/send/transfer.h"
#include "tests/unit/fakelpd.h"

#define SMALL 30000u
#define LARGE DOC_BYTES
#define JOB 4711u

static const uint8_t key[32] = { 5, 4, 3, 2, 1 };

/* role.c brings the whole daemon with it; there is no start blob here. */
void
role_drop_start(struct role *r)
{
	(void)r;
}

static int
new_file(char *path, size_t size)
{
	int fd;

	snprintf(path, size, "test_send.XXXXXX");
	assert_true((fd = mkstemp(path)) >= 0);
	return fd;
}

static int
a_spool(size_t n)
{
	struct rel_spool_writer *w;
	struct rel_err err;
	char path[40];
	int fd = new_file(path, sizeof path);

	unlink(path);
	assert_int_equal(0, rel_spool_writer_new(&w, fd, key, JOB, &err));
	assert_int_equal(0, rel_spool_write(w, doc_text, n, &err));
	assert_int_equal(0, rel_spool_finish(w, NULL, &err));
	rel_spool_writer_free(&w);
	return fd;
}

/* In the place of releaserd/driver/list.c: sending only. */
const struct driver_ops *
driver_find(const char *name)
{
	static const struct driver_ops all[] = {
		{ .name = "snmp-lpr", .job_send = send_by_lpr },
		{ .name = "ipp", .job_send = send_by_ipp },
		{ .name = "mute" }
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	return NULL;
}

static struct send_job
a_job(uint16_t port, size_t bytes)
{
	struct send_job m = {
		.job_id = JOB, .plain_bytes = bytes, .port = port,
		.host = "127.0.0.1", .queue = "pq", .user = "alice",
		.client_host = "pc7", .title = "Report", .ref = "OP7K3QX9M2TA",
		.copies = 2, .number = 7, .connect_ms = 2000,
		.reply_ms = 10000, .tries = 1, .driver = "snmp-lpr"
	};

	memcpy(m.key, key, sizeof m.key);
	rel_ticket_init(&m.ticket);
	return m;
}

static void
must_read(int fd, struct journal *j)
{
	struct rel_err err;

	assert_int_equal(0, journal_read(fd, j, &err));
}

static void
put_raw(int fd, const char *s)
{
	assert_int_equal(0, ftruncate(fd, 0));
	assert_int_equal(strlen(s), pwrite(fd, s, strlen(s), 0));
}

/* ---- the journal */

UNIT(a_journal_says_what_was_written)
{
	static const enum rel_send_outcome all[] = {
		REL_SEND_SENT, REL_SEND_REFUSED, REL_SEND_AWAY,
		REL_SEND_UNCONFIRMED
	};
	char path[40];
	int fd = new_file(path, sizeof path);
	struct rel_err err;
	struct journal j;

	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(0, ftruncate(fd, 0));
		must_read(fd, &j);
		assert_int_equal(JOURNAL_NOTHING, j.state);
		assert_int_equal(0, journal_put_data(fd, &err));
		must_read(fd, &j);
		assert_int_equal(JOURNAL_STARTED, j.state);
		assert_int_equal(0, journal_put_end(fd, all[i],
		    "paper\nsent jam \xff", &err));
		must_read(fd, &j);
		assert_int_equal(JOURNAL_ENDED, j.state);
		assert_int_equal(all[i], j.outcome);
		assert_string_equal("paper sent jam ?", j.reason);
	}
	assert_int_equal(0, ftruncate(fd, 0));
	assert_int_equal(0, journal_put_end(fd, REL_SEND_SENT, "", &err));
	must_read(fd, &j);
	assert_int_equal(REL_SEND_SENT, j.outcome);
	assert_string_equal("", j.reason);
	close(fd);
	unlink(path);
}

UNIT(a_torn_or_strange_journal_is_read_with_care)
{
	static const struct {
		const char *text;
		enum journal_state state;
		enum rel_send_outcome outcome;
	} t[] = {
		{ "", JOURNAL_NOTHING, 0 },
		{ "dat", JOURNAL_NOTHING, 0 },	/* never acted upon */
		{ "data", JOURNAL_NOTHING, 0 },
		{ "data\n", JOURNAL_STARTED, REL_SEND_UNCONFIRMED },
		{ "data\nsent", JOURNAL_STARTED, REL_SEND_UNCONFIRMED },
		{ "data\nsent\n", JOURNAL_ENDED, REL_SEND_SENT },
		{ "refused no paper\n", JOURNAL_ENDED, REL_SEND_REFUSED },
		{ "sentence\n", JOURNAL_STARTED, REL_SEND_UNCONFIRMED },
		{ "\n", JOURNAL_STARTED, REL_SEND_UNCONFIRMED },
		{ "away x\ndata\n", JOURNAL_STARTED, REL_SEND_UNCONFIRMED },
		{ "data\naway x\n", JOURNAL_ENDED, REL_SEND_AWAY },
	};
	char path[40];
	int fd = new_file(path, sizeof path);
	struct journal j;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		put_raw(fd, t[i].text);
		must_read(fd, &j);
		if (j.state != t[i].state ||
		    (j.state != JOURNAL_NOTHING && j.outcome != t[i].outcome))
			fail_msg("case %zu: state %d outcome %d", i,
			    (int)j.state, (int)j.outcome);
	}
	close(fd);
	unlink(path);
}

UNIT(a_journal_has_one_holder)
{
	char path[40];
	int a = new_file(path, sizeof path), b = open(path, O_RDWR);
	struct rel_err err;

	assert_int_equal(0, journal_lock(a, &err));
	assert_int_equal(0, journal_lock(a, &err));
	assert_int_equal(-REL_E_EXISTS, journal_lock(b, &err));
	close(a);
	assert_int_equal(0, journal_lock(b, &err));
	close(b);
	unlink(path);
}

/* ---- a transfer */

static void
run(struct send_job *m, int spool, int journal, struct send_result *res)
{
	struct transfer t = { .job = m, .spool_fd = spool,
		.journal_fd = journal };
	static const uint8_t zero[32];

	memset(res, 0x55, sizeof *res);
	transfer_run(&t, res);
	assert_int_equal(JOB, res->job_id);
	assert_memory_equal(zero, m->key, 32);
}

UNIT(each_outcome_is_in_the_journal_too)
{
	static const struct {
		enum fakelpd_step at;
		const char *say;
		size_t say_len, bytes;
		unsigned times, tries;
		enum rel_send_outcome outcome;
		unsigned sessions;
		bool noted;	/* "data" came first */
	} t[] = {
		{ LPD_NEVER, NULL, 0, SMALL, 0, 3, REL_SEND_SENT, 1, true },
		{ LPD_NEVER, NULL, 0, LARGE, 0, 3, REL_SEND_SENT, 1, true },
		{ LPD_QUEUE, "\1", 1, SMALL, 0, 3, REL_SEND_REFUSED, 1, false },
		{ LPD_DATA, "\2", 1, SMALL, 0, 3, REL_SEND_REFUSED, 1, true },
		{ LPD_QUEUE, NULL, 0, SMALL, 0, 2, REL_SEND_AWAY, 2, false },
		{ LPD_QUEUE, NULL, 0, SMALL, 1, 2, REL_SEND_SENT, 2, true },
		{ LPD_CONTROL, NULL, 0, SMALL, 1, 2, REL_SEND_SENT, 2, true },
		{ LPD_MID_DATA, NULL, 0, LARGE, 1, 3, REL_SEND_UNCONFIRMED, 1,
		    true },
		{ LPD_DATA, NULL, 0, SMALL, 1, 3, REL_SEND_UNCONFIRMED, 1,
		    true },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct fakelpd d = {
			.at = t[i].at, .say = t[i].say,
			.say_len = t[i].say_len, .then = LPD_CLOSE,
			.times = t[i].times
		};
		int spool = a_spool(t[i].bytes), fd;
		char path[40], first[5] = "";
		struct send_result res;
		struct send_job m;
		struct journal j;

		fd = new_file(path, sizeof path);
		fakelpd_start(&d);
		m = a_job(d.port, t[i].bytes);
		m.tries = t[i].tries;
		run(&m, spool, fd, &res);
		fakelpd_stop(&d);
		must_read(fd, &j);
		assert_true(pread(fd, first, 4, 0) == 4);
		if (res.outcome != t[i].outcome ||
		    j.state != JOURNAL_ENDED || j.outcome != t[i].outcome ||
		    strcmp(j.reason, res.reason) != 0 ||
		    d.sessions != t[i].sessions ||
		    (strcmp(first, "data") == 0) != t[i].noted)
			fail_msg("case %zu: outcome %u, journal %d %d \"%s\", "
			    "%u sessions, \"%s\"", i, res.outcome,
			    (int)j.state, (int)j.outcome, j.reason,
			    d.sessions, res.reason);
		if (res.outcome == REL_SEND_SENT) {
			assert_int_equal(t[i].bytes, d.data_len);
			assert_memory_equal(doc_text, d.data, d.data_len);
		}
		fakelpd_fini(&d);
		close(spool);
		close(fd);
		unlink(path);
	}
}

/* Else the key that an administrator has let go meanwhile were back. */
UNIT(a_key_that_was_known_is_not_told_anew)
{
	int spool = a_spool(SMALL), fd;
	struct send_job m = a_job(1, SMALL);
	struct send_result res;
	char path[40];

	fd = new_file(path, sizeof path);
	snprintf(m.driver, sizeof m.driver, "ipp");
	snprintf(m.uri, sizeof m.uri, "ipp://127.0.0.1:1/ipp/print");
	memset(m.pin, 'a', 64);
	run(&m, spool, fd, &res);
	assert_int_equal(REL_SEND_AWAY, res.outcome);
	assert_string_equal("", res.pin);
	close(spool);
	close(fd);
	unlink(path);
}

/* Somebody's own driver that went, or one that has no way to send. */
UNIT(a_driver_that_sends_nothing_is_said_to)
{
	static const char *const names[] = { "mute", "gone", "" };

	for (size_t i = 0; i < 3; i++) {
		int spool = a_spool(SMALL), fd;
		struct send_job m = a_job(1, SMALL);
		struct send_result res;
		char path[40];

		fd = new_file(path, sizeof path);
		snprintf(m.driver, sizeof m.driver, "%s", names[i]);
		run(&m, spool, fd, &res);
		assert_int_equal(REL_SEND_REFUSED, res.outcome);
		assert_non_null(strstr(res.reason, "driver"));
		close(spool);
		close(fd);
		unlink(path);
	}
}

UNIT(a_damaged_spool_file_is_sent_nowhere)
{
	struct fakelpd d = { 0 };
	struct send_result res;
	struct send_job m;
	struct journal j;
	char path[40];
	int spool = a_spool(SMALL), fd = new_file(path, sizeof path);

	fakelpd_start(&d);
	assert_int_equal(1, pwrite(spool, "x", 1, 1000));
	m = a_job(d.port, SMALL);
	m.tries = 3;
	run(&m, spool, fd, &res);
	assert_int_equal(REL_SEND_REFUSED, res.outcome);
	assert_non_null(strstr(res.reason, "altered"));
	must_read(fd, &j);
	assert_int_equal(REL_SEND_REFUSED, j.outcome);
	close(spool);
	/* A whole file, but not the one core knows. */
	spool = a_spool(SMALL - 1);
	assert_int_equal(0, ftruncate(fd, 0));
	m = a_job(d.port, SMALL);
	run(&m, spool, fd, &res);
	assert_int_equal(REL_SEND_REFUSED, res.outcome);
	assert_non_null(strstr(res.reason, "length"));
	fakelpd_stop(&d);
	assert_int_equal(0, d.sessions);
	close(spool);
	close(fd);
	unlink(path);
}

UNIT(damage_in_the_middle_stops_the_transfer)
{
	struct fakelpd d = { 0 };
	struct send_result res;
	struct send_job m;
	char path[40];
	int spool = a_spool(LARGE), fd = new_file(path, sizeof path);

	fakelpd_start(&d);
	assert_int_equal(1, pwrite(spool, "x", 1, 5 << 20));
	m = a_job(d.port, LARGE);
	m.tries = 3;
	run(&m, spool, fd, &res);
	fakelpd_stop(&d);
	assert_int_equal(REL_SEND_UNCONFIRMED, res.outcome);
	assert_int_equal(1, d.sessions);
	assert_int_equal(4u * REL_SPOOL_CHUNK, res.bytes);
	assert_true(d.data_len <= res.bytes && !d.data_ended);
	fakelpd_fini(&d);
	close(spool);
	close(fd);
	unlink(path);
}

UNIT(a_used_journal_is_not_sent_again)
{
	static const struct {
		const char *text;
		enum rel_send_outcome outcome;
		const char *words;
	} t[] = {
		{ "data\n", REL_SEND_UNCONFIRMED, "may have printed" },
		{ "data\nsent\n", REL_SEND_SENT, "" },
		{ "refused no paper\n", REL_SEND_REFUSED, "no paper" },
	};
	struct fakelpd d = { 0 };
	char path[40];
	int spool = a_spool(SMALL), fd = new_file(path, sizeof path), held;

	fakelpd_start(&d);
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct send_job m = a_job(d.port, SMALL);
		struct send_result res;
		char now[40] = "";

		put_raw(fd, t[i].text);
		run(&m, spool, fd, &res);
		assert_int_equal(t[i].outcome, res.outcome);
		assert_non_null(strstr(res.reason, t[i].words));
		assert_true(pread(fd, now, sizeof now - 1, 0) > 0);
		assert_string_equal(t[i].text, now);
	}
	/* Another process is at it. */
	put_raw(fd, "");
	assert_true((held = open(path, O_RDWR)) >= 0);
	assert_int_equal(0, flock(fd, LOCK_UN));
	assert_int_equal(0, flock(held, LOCK_EX));
	struct send_job m = a_job(d.port, SMALL);
	struct send_result res;

	run(&m, spool, fd, &res);
	assert_int_equal(REL_SEND_UNCONFIRMED, res.outcome);
	fakelpd_stop(&d);
	assert_int_equal(0, d.sessions);
	close(held);
	close(spool);
	close(fd);
	unlink(path);
}

/* ---- the role */

/* The send role in a child; *core is our end of its channel. */
static pid_t
start_role(int *core)
{
	int pair[2];
	pid_t child;

	assert_int_equal(0, rel_compat_pair(pair));
	fflush(NULL);
	if ((child = fork()) == 0) {
		struct role r = { .ops = &send_role };
		struct rel_err err;

		close(pair[0]);
		signal(SIGPIPE, SIG_IGN);
		r.base = event_base_new();
		if (r.base == NULL || send_role.init(&r, &err) < 0 ||
		    send_role.begin(&r, &err) < 0)
			_exit(9);
		send_role.peer(&r, ROLE_CORE, 0, pair[1]);
		event_base_dispatch(r.base);
		send_role.fini(&r);
		event_base_free(r.base);
		_exit(0);
	}
	close(pair[1]);
	*core = pair[0];
	return child;
}

/* How the child ended: its exit status, or 1000 + signal. */
static int
end_of(pid_t child)
{
	int status;

	assert_int_equal(child, waitpid(child, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    1000 + WTERMSIG(status);
}

static void
send_frame(int core, unsigned type, const void *body, size_t len,
    const int *fds, unsigned nfds)
{
	struct rel_frame fr = { .type = (uint16_t)type, .id = 77,
		.body = body, .len = len, .nfds = nfds };
	struct rel_err err;

	for (unsigned i = 0; i < nfds; i++)
		fr.fds[i] = fds[i];
	assert_int_equal(0, rel_frame_send(core, &fr, 2000, &err));
}

static void
give_job(int core, const struct send_job *m, int spool, int journal)
{
	int fds[2] = { spool, journal };
	struct rel_buf b;

	rel_buf_init(&b);
	send_job_put(&b, m);
	send_frame(core, IPC_SEND_JOB, b.data, b.len, fds, 2);
	rel_buf_fini(&b);
}

/* The one thing it says is the result. 0 or error. */
static int
await_result(int core, struct send_result *res)
{
	struct rel_framer in;
	struct rel_frame fr;
	struct rel_err err;
	int rc;

	rel_framer_init(&in);
	if ((rc = rel_frame_recv(core, &in, &fr, 60000, &err)) == 0) {
		assert_int_equal(IPC_SEND_RESULT, fr.type);
		assert_int_equal(77, fr.id);
		assert_int_equal(0, send_result_get(res, fr.body, fr.len));
	}
	rel_framer_fini(&in);
	return rc;
}

UNIT(the_role_sends_one_job_and_ends)
{
	struct fakelpd d = { .dribble = true };
	int spool = a_spool(2u << 20), fd, core;
	struct send_result res;
	struct send_job m;
	char path[40];
	pid_t child;

	fd = new_file(path, sizeof path);
	fakelpd_start(&d);
	m = a_job(d.port, 2u << 20);
	child = start_role(&core);
	give_job(core, &m, spool, fd);
	assert_int_equal(0, await_result(core, &res));
	assert_int_equal(0, end_of(child));
	fakelpd_stop(&d);
	assert_int_equal(REL_SEND_SENT, res.outcome);
	assert_int_equal(2u << 20, res.bytes);
	assert_memory_equal(doc_text, d.data, 2u << 20);
	assert_non_null(strstr(d.control, "\nJOP7K3QX9M2TA Report\n"));
	fakelpd_fini(&d);
	close(core);
	close(spool);
	close(fd);
	unlink(path);
}

UNIT(an_idle_role_ends_with_core)
{
	int core;
	pid_t child = start_role(&core);

	close(core);
	assert_int_equal(0, end_of(child));
}

UNIT(a_bad_message_ends_the_role)
{
	static const struct {
		unsigned type;
		size_t len;
		unsigned nfds;
	} t[] = {
		{ IPC_SEND_JOB, 0, 2 }, { IPC_SEND_JOB, 20, 0 },
		{ IPC_REQUEST, 4, 1 }, { IPC_SEND_RESULT, 0, 0 },
	};
	int null = open("/dev/null", O_RDWR), fds[2] = { null, null };

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int core;
		pid_t child = start_role(&core);

		send_frame(core, t[i].type, doc_text, t[i].len, fds, t[i].nfds);
		assert_int_equal(0, end_of(child));
		close(core);
	}
	close(null);
}

/* core dies while the device is slow: the job goes on, the journal knows. */
UNIT(without_core_the_transfer_goes_on)
{
	struct fakelpd d = { .dribble = true };
	int spool = a_spool(2u << 20), fd, core;
	struct send_job m;
	struct journal j;
	char path[40], head[9];
	pid_t child;

	fd = new_file(path, sizeof path);
	fakelpd_start(&d);
	m = a_job(d.port, 2u << 20);
	child = start_role(&core);
	give_job(core, &m, spool, fd);
	assert_int_equal(9, read(core, head, 9));	/* it is at work */
	close(core);
	assert_int_equal(0, end_of(child));
	fakelpd_stop(&d);
	must_read(fd, &j);
	assert_int_equal(JOURNAL_ENDED, j.state);
	assert_int_equal(REL_SEND_SENT, j.outcome);
	assert_int_equal(2u << 20, d.data_len);
	fakelpd_fini(&d);
	close(spool);
	close(fd);
	unlink(path);
}

/*
 * core dies before the job is begun: the next core finds an empty journal and
 * gives the job to another send, so this one must leave it.
 */
UNIT(a_job_of_a_core_that_is_gone_is_not_begun)
{
	struct fakelpd d = { 0 };
	int spool = a_spool(SMALL), fd, core;
	struct send_job m;
	struct journal j;
	char path[40];
	pid_t child;

	fd = new_file(path, sizeof path);
	fakelpd_start(&d);
	m = a_job(d.port, SMALL);
	child = start_role(&core);
	assert_int_equal(0, kill(child, SIGSTOP));
	give_job(core, &m, spool, fd);
	close(core);
	assert_int_equal(0, kill(child, SIGCONT));
	assert_int_equal(0, end_of(child));
	fakelpd_stop(&d);
	must_read(fd, &j);
	assert_int_equal(JOURNAL_NOTHING, j.state);
	assert_int_equal(0, d.sessions);
	close(spool);
	close(fd);
	unlink(path);
}

/* kill -9 between any two steps: the journal never says too little. */
UNIT(killed_at_any_step_the_journal_is_right)
{
	static const struct {
		const char *point;
		enum journal_state state;
		bool arrived;
	} t[] = {
		{ "send:before-data", JOURNAL_NOTHING, false },
		{ "send:mid-data", JOURNAL_STARTED, false },
		{ "send:before-journal-sent", JOURNAL_STARTED, true },
		{ "send:before-result", JOURNAL_ENDED, true },
	};

#ifndef REL_FAULT_POINTS
	skip();			/* built without --enable-fault-points */
#endif
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct fakelpd d = { 0 };
		char path[40], fault[40], line[80];
		int spool = a_spool(LARGE), fd, ffd, core;
		struct send_result res;
		struct send_job m;
		struct journal j;
		pid_t child;

		fd = new_file(path, sizeof path);
		ffd = new_file(fault, sizeof fault);
		snprintf(line, sizeof line, "%s kill\n", t[i].point);
		put_raw(ffd, line);
		close(ffd);
		assert_int_equal(0, setenv("REL_FAULT_FILE", fault, 1));
		fakelpd_start(&d);
		m = a_job(d.port, LARGE);
		child = start_role(&core);
		give_job(core, &m, spool, fd);
		assert_true(await_result(core, &res) < 0);
		assert_int_equal(1000 + SIGKILL, end_of(child));
		fakelpd_stop(&d);
		must_read(fd, &j);
		if (j.state != t[i].state || d.data_ended != t[i].arrived)
			fail_msg("%s: journal %d, arrived %d", t[i].point,
			    (int)j.state, d.data_ended);
		if (t[i].state == JOURNAL_NOTHING)
			assert_int_equal(0, d.data_len);
		unsetenv("REL_FAULT_FILE");
		fakelpd_fini(&d);
		close(core);
		close(spool);
		close(fd);
		unlink(path);
		unlink(fault);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(a_journal_says_what_was_written),
		UNIT_RUN(a_torn_or_strange_journal_is_read_with_care),
		UNIT_RUN(a_journal_has_one_holder),
		UNIT_RUN(each_outcome_is_in_the_journal_too),
		UNIT_RUN(a_key_that_was_known_is_not_told_anew),
		UNIT_RUN(a_driver_that_sends_nothing_is_said_to),
		UNIT_RUN(a_damaged_spool_file_is_sent_nowhere),
		UNIT_RUN(damage_in_the_middle_stops_the_transfer),
		UNIT_RUN(a_used_journal_is_not_sent_again),
		UNIT_RUN(the_role_sends_one_job_and_ends),
		UNIT_RUN(an_idle_role_ends_with_core),
		UNIT_RUN(a_bad_message_ends_the_role),
		UNIT_RUN(without_core_the_transfer_goes_on),
		UNIT_RUN(a_job_of_a_core_that_is_gone_is_not_begun),
		UNIT_RUN(killed_at_any_step_the_journal_is_right),
	};

	rel_log_init("test", REL_ERROR);
	return cmocka_run_group_tests(tests, doc_set_up, doc_tear_down);
}
