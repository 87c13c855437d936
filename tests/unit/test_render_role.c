/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The role render: its one job, its jail, its end. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "tests/unit/render_fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/render/tmpdir.h"
#include "releaserd/role.h"
#include "releaserd/start.h"

#define NOBODY 65534u

/* role.c brings the whole daemon with it. */
void
role_drop_start(struct role *r)
{
	(void)r;
}

int
jail_ids(const char *user, uid_t *uid, gid_t *gid, struct rel_err *err)
{
	(void)user;
	(void)err;
	*uid = *gid = NOBODY;
	return 0;
}

/* As role.c does it. */
static bool
enter(void)
{
	struct rel_err err;

	return chdir("/") == 0 && rel_compat_become(NOBODY, NOBODY) == 0 &&
	    rel_compat_no_new_privs() == 0 && rel_compat_no_dump() == 0 &&
	    rel_compat_syscall_filter(REL_JAIL_RENDER, &err) == 0;
}

static void
play_role(int fd, bool jail)
{
	struct role r = { .ops = &render_role };
	struct rel_err err;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	r.set.jail = jail;
	snprintf(r.set.run_dir, sizeof r.set.run_dir, "%s", render_base());
	r.base = event_base_new();
	if (r.base == NULL || render_role.init(&r, &err) < 0 ||
	    (jail && !enter()) || render_role.begin(&r, &err) < 0)
		_exit(9);
	render_role.peer(&r, ROLE_CORE, 0, fd);
	event_base_dispatch(r.base);
	render_role.fini(&r);
	event_base_free(r.base);
	_exit(0);
}

/* The role in a child; *core is our end of its channel. */
static pid_t
start_role(int *core, bool jail)
{
	int pair[2];
	pid_t child;

	assert_int_equal(0, rel_compat_pair(pair));
	fflush(NULL);
	if ((child = fork()) == 0) {
		close(pair[0]);
		play_role(pair[1], jail);
	}
	close(pair[1]);
	*core = pair[0];
	return child;
}

/* How the role ended: its exit status, or minus the signal. */
static int
end_of_role(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(EINTR, errno);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void
tell(int core, unsigned type, const struct rel_buf *body, const int fds[2],
    unsigned nfds)
{
	struct rel_frame fr = { .type = (uint16_t)type, .id = 77,
		.body = body->data, .len = body->len,
		.fds = { fds[0], fds[1] }, .nfds = nfds };

	assert_int_equal(0, rel_frame_send(core, &fr, 2000, NULL));
}

/* Seven pages, two on a side: a job that needs one program. */
static void
give_job(int core)
{
	struct run r;
	struct rel_buf b;
	int fds[2] = { -1, rel_compat_memfile() };

	run_init(&r, RENDER_MAKE);
	doc_pdf(&r.in, 7, 0);
	r.m.plain_bytes = r.in.n;
	r.m.ticket.number_up = 2;
	fds[0] = doc_spool(&r.in);
	rel_buf_init(&b);
	render_job_put(&b, &r.m);
	assert_int_equal(0, b.failed);
	tell(core, IPC_RENDER_JOB, &b, fds, 2);
	rel_buf_fini(&b);
	close(fds[0]);
	close(fds[1]);
	run_fini(&r);
}

static int
await_result(int core, struct render_result *res)
{
	struct rel_framer in;
	struct rel_frame fr;
	struct rel_err err;
	int rc;

	rel_framer_init(&in);
	rc = rel_frame_recv(core, &in, &fr, 30000, &err);
	if (rc == 0) {
		assert_int_equal(IPC_RENDER_RESULT, fr.type);
		assert_int_equal(77, fr.id);
		assert_int_equal(0, render_result_get(res, fr.body, fr.len));
	}
	rel_framer_fini(&in);
	return rc;
}

static void
nothing_is_left(void)
{
	struct tmpdir t;
	struct stat st;
	struct rel_err err;
	char path[300];

	/* The next one sweeps what a killed one left. */
	tmpdir_init(&t, render_base(), 0, 0, 0);
	assert_int_equal(0, tmpdir_open(&t, &err));
	tmpdir_fini(&t);
	snprintf(path, sizeof path, "%s/render", render_base());
	assert_int_equal(0, stat(path, &st));
	assert_int_equal(2, st.st_nlink);
}

/* Runs, and is no corpse nobody has fetched. */
static bool
is_alive(long pid)
{
	char path[40], state = 'X';
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	if ((f = fopen(path, "r")) == NULL)
		return false;
	if (fscanf(f, "%*d %*s %c", &state) != 1)
		state = 'X';
	fclose(f);
	return state != 'Z' && state != 'X';
}

/* ---- life */

UNIT(the_role_does_one_job_and_ends)
{
	struct render_result res;
	int core;
	pid_t child = start_role(&core, false);

	give_job(core);
	assert_int_equal(0, await_result(core, &res));
	if (res.outcome != RENDER_DONE)
		fail_msg("%s", res.reason);
	assert_int_equal(4, res.facts.sides);
	assert_int_equal(0, end_of_role(child));
	close(core);
	nothing_is_left();
}

UNIT(an_idle_role_ends_with_core)
{
	int core;
	pid_t child = start_role(&core, false);

	close(core);
	assert_int_equal(0, end_of_role(child));
	nothing_is_left();
}

UNIT(a_bad_message_ends_the_role)
{
	static const struct {
		unsigned type;
		size_t len;
		unsigned nfds;
	} t[] = {
		{ IPC_RENDER_JOB, 0, 2 }, { IPC_RENDER_JOB, 20, 0 },
		{ IPC_REQUEST, 4, 1 }, { IPC_RENDER_RESULT, 0, 0 },
	};
	uint8_t junk[20] = { 0 };
	int null = open("/dev/null", O_RDWR), fds[2] = { null, null };

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int core;
		pid_t child = start_role(&core, false);

		tell(core, t[i].type, &(struct rel_buf){ .data = junk,
		    .len = t[i].len }, fds, t[i].nfds);
		assert_int_equal(0, end_of_role(child));
		close(core);
	}
	close(null);
}

UNIT(killed_at_any_step_nothing_is_told_and_nothing_left)
{
	static const char *const points[] = {
		"render:before-make", "render:mid-make",
		"render:before-result"
	};
	char path[300];

#ifndef REL_FAULT_POINTS
	skip();			/* built without --enable-fault-points */
#endif
	snprintf(path, sizeof path, "%s/fault", render_base());
	for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
		struct render_result res;
		FILE *f = fopen(path, "w");
		pid_t child;
		int core;

		assert_non_null(f);
		fprintf(f, "%s kill\n", points[i]);
		fclose(f);
		assert_int_equal(0, setenv("REL_FAULT_FILE", path, 1));
		child = start_role(&core, false);
		give_job(core);
		assert_true(await_result(core, &res) < 0);
		assert_int_equal(-SIGKILL, end_of_role(child));
		unsetenv("REL_FAULT_FILE");
		close(core);
		nothing_is_left();
	}
	unlink(path);
}

UNIT(told_to_stop_it_leaves_its_work)
{
	struct render_result res;
	int64_t began;
	int core;
	pid_t child;

	fake_program("pdftopdf", "sleep 60 & wait");
	child = start_role(&core, false);
	give_job(core);
	usleep(300000);
	began = rel_mono_ms();
	kill(child, SIGTERM);
	assert_int_equal(0, await_result(core, &res));
	no_fake_programs();
	assert_int_equal(RENDER_LATER, res.outcome);
	assert_int_equal(0, end_of_role(child));
	assert_true(rel_mono_ms() - began < 5000);
	close(core);
	nothing_is_left();
}

UNIT(what_a_killed_role_started_ends_with_it)
{
	char path[300], script[400];
	int core, n = 0;
	long pid = 0;
	pid_t child;
	FILE *f;

	snprintf(path, sizeof path, "%s/pid", render_base());
	snprintf(script, sizeof script, "echo $$ >%s\nexec sleep 60", path);
	fake_program("pdftopdf", script);
	child = start_role(&core, false);
	give_job(core);
	while (pid == 0 && n++ < 500) {
		usleep(10000);
		if ((f = fopen(path, "r")) != NULL) {
			(void)!fscanf(f, "%ld", &pid);
			fclose(f);
		}
	}
	assert_true(pid > 0);
	assert_int_equal(0, kill((pid_t)pid, 0));
	kill(child, SIGKILL);
	assert_int_equal(-SIGKILL, end_of_role(child));
	/* Nobody of ours waits for it: it stays a moment, dead. */
	for (n = 0; n < 500 && is_alive(pid); n++)
		usleep(10000);
	assert_false(is_alive(pid));
	no_fake_programs();
	unlink(path);
	close(core);
	nothing_is_left();
}

/* ---- jail */

/* Can the jail be tried: root, and a user without rights gets here? */
static bool
can_jail(void)
{
	pid_t child;

	if (geteuid() != 0) {
		print_message("# SKIP: only root can enter the jail\n");
		return false;
	}
	assert_int_equal(0, chmod(render_base(), 0755));
	fflush(NULL);
	if ((child = fork()) == 0)
		_exit(rel_compat_become(NOBODY, NOBODY) == 0 &&
		    access(render_base(), X_OK) == 0 ? 0 : 1);
	if (end_of_role(child) == 0)
		return true;
	print_message("# SKIP: user %u cannot get into %s\n", NOBODY,
	    render_base());
	return false;
}

static int
listener(unsigned *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof sin;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(0, bind(fd, (struct sockaddr *)&sin, sizeof sin));
	assert_int_equal(0, listen(fd, 8));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&sin, &len));
	*port = ntohs(sin.sin_port);
	return fd;
}

/* The same script without any jail. */
static int
run_plain(const char *name)
{
	char path[300];
	pid_t child;

	snprintf(path, sizeof path, "%s/fakes/%s", render_base(), name);
	if ((child = fork()) == 0) {
		execl(path, path, (char *)NULL);
		_exit(127);
	}
	return end_of_role(child);
}

static void
owner_of_render(uid_t uid)
{
	char path[300];

	snprintf(path, sizeof path, "%s/render", render_base());
	assert_int_equal(0, chown(path, uid, uid));
}

UNIT(no_program_of_it_reaches_the_network)
{
	struct render_result res;
	char script[1000];
	unsigned port;
	int fd, core;
	pid_t child;

#if !defined(HAVE_SECCOMP) || defined(REL_SANITIZERS)
	print_message("# SKIP: built without a system call filter\n");
	skip();
#endif
	if (!can_jail())
		skip();
	owner_of_render(NOBODY);
	fd = listener(&port);
	snprintf(script, sizeof script,
	    "bash -c 'exec 3<>/dev/tcp/127.0.0.1/%u' 2>/dev/null && exit 42\n"
	    "perl -e 'exit(socket(S, 1, 1, 0) ? 0 : 1)' && exit 43\n"
	    "unshare -U true 2>/dev/null && exit 44\n"
	    "exec " REL_CUPS_SERVERBIN "/filter/pdftopdf \"$@\"", port);
	fake_program("pdftopdf", script);
	assert_int_equal(42, run_plain("pdftopdf"));	/* it can be done */
	assert_true(accept(fd, NULL, NULL) >= 0);
	child = start_role(&core, true);
	give_job(core);
	assert_int_equal(0, await_result(core, &res));
	no_fake_programs();
	if (res.outcome != RENDER_DONE)
		fail_msg("%s", res.reason);
	assert_int_equal(4, res.facts.sides);
	assert_int_equal(0, end_of_role(child));
	assert_true(accept(fd, NULL, NULL) < 0);
	close(fd);
	close(core);
	owner_of_render(0);
	nothing_is_left();
}

/* 0 when all that must not be is refused, and all that must be works. */
static int
try_calls(void)
{
	struct rel_err err;
	int status;
	pid_t child;

	if (rel_compat_no_new_privs() < 0 ||
	    rel_compat_syscall_filter(REL_JAIL_RENDER, &err) < 0)
		return 1;
	for (size_t i = 0; i < 3; i++) {
		static const int families[] = { AF_INET, AF_INET6, AF_UNIX };
		int sock = socket(families[i], SOCK_STREAM, 0);

		if (sock >= 0) {
			close(sock);
			return 2;
		}
	}
	if (unshare(CLONE_NEWUSER) == 0 || unshare(CLONE_NEWNS) == 0 ||
	    unshare(0) == 0)
		return 3;
	if (chroot("/") == 0)
		return 4;
	if ((child = fork()) == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(9);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		return 5;
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);	/* ends the process */
	return 6;
}

UNIT(the_filter_lets_programs_run_and_no_socket_be_made)
{
	pid_t child;

#if !defined(HAVE_SECCOMP) || defined(REL_SANITIZERS)
	print_message("# SKIP: built without a system call filter\n");
	skip();
#endif
	fflush(NULL);
	if ((child = fork()) == 0)
		_exit(try_calls());
	assert_int_equal(-SIGSYS, end_of_role(child));
}

/* In a process of its own: does a private folder hide what is in it? */
static int
try_private(void)
{
	struct tmpdir t;
	struct rel_err err;
	char path[400];
	int fd, rc;

	tmpdir_init(&t, render_base(), 1u << 20, 0, 0);
	if (tmpdir_open(&t, &err) < 0)
		return 1;
	snprintf(path, sizeof path, "%s/seen", t.path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return 2;
	rc = write(fd, "x", 1) == 1 ? 0 : 2;
	close(fd);
	if (rc != 0)
		return rc;
	snprintf(path, sizeof path, "%s/render/seen", render_base());
	/* Left there on purpose. */
	return t.private ? 50 : (tmpdir_fini(&t), 60);
}

UNIT(temporary_files_are_seen_by_nobody_else)
{
	char path[400];
	pid_t child;
	int end;

	fflush(NULL);
	if ((child = fork()) == 0)
		_exit(try_private());
	end = end_of_role(child);
	if (end == 60) {
		print_message("# SKIP: no name spaces are to be had here\n");
		skip();
	}
	assert_int_equal(50, end);
	snprintf(path, sizeof path, "%s/render/seen", render_base());
	assert_int_equal(-1, access(path, F_OK));
	nothing_is_left();
}

UNIT(a_memory_file_stays_as_it_is_once_sealed)
{
	int fd = rel_compat_memfile();

	assert_true(fd >= 0);
	assert_int_equal(3, write(fd, "abc", 3));
	rel_compat_memfile_seal(fd);
	assert_int_equal(-1, pwrite(fd, "x", 1, 0));
	assert_int_equal(-1, pwrite(fd, "x", 1, 3));
	assert_int_equal(-1, ftruncate(fd, 0));
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(the_role_does_one_job_and_ends),
		UNIT_RUN(an_idle_role_ends_with_core),
		UNIT_RUN(a_bad_message_ends_the_role),
		UNIT_RUN(killed_at_any_step_nothing_is_told_and_nothing_left),
		UNIT_RUN(told_to_stop_it_leaves_its_work),
		UNIT_RUN(what_a_killed_role_started_ends_with_it),
		UNIT_RUN(no_program_of_it_reaches_the_network),
		UNIT_RUN(the_filter_lets_programs_run_and_no_socket_be_made),
		UNIT_RUN(temporary_files_are_seen_by_nobody_else),
		UNIT_RUN(a_memory_file_stays_as_it_is_once_sealed),
	};

	rel_log_init("test", REL_ERROR + 1);
	if (!have_program(REL_CUPS_SERVERBIN "/filter/pdftopdf")) {
		printf("1..0 # SKIP pdftopdf of cups-filters is missing\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, render_set_up, render_tear_down);
}
