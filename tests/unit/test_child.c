/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Programs of others, and how little they are left: lib/child.c. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/compat.h"
#include "lib/text.h"

static struct rel_child_end end;

/* A script of the shell; what it wrote is in out. */
static void
run(struct rel_child *c, const char *script, char *out, size_t size)
{
	const char *argv[] = { "/bin/sh", "-c", script, NULL };
	ssize_t n;

	c->argv = argv;
	c->out_fd = rel_compat_memfile();
	assert_true(c->out_fd >= 0);
	assert_int_equal(rel_child_run(c, &end, NULL), 0);
	n = pread(c->out_fd, out, size - 1, 0);
	out[n > 0 ? n : 0] = '\0';
	close(c->out_fd);
}

static struct rel_child
plain(void)
{
	return (struct rel_child){ .in_fd = -1, .out_fd = -1, .keep_fd = -1 };
}

UNIT(status)
{
	struct rel_child c = plain();
	char out[64];

	run(&c, "echo said >&2; exit 3", out, sizeof out);
	assert_int_equal(end.status, 3);
	assert_non_null(strstr(end.said, "said"));
	assert_false(end.late || end.stopped);
	run(&c, "kill -TERM $$", out, sizeof out);
	assert_int_equal(end.status, 128 + 15);
}

UNIT(missing)
{
	const char *argv[] = { "/nowhere/at/all", NULL };
	struct rel_child c = plain();

	c.argv = argv;
	assert_int_equal(rel_child_run(&c, &end, NULL), 0);
	assert_int_equal(end.status, 127);
	argv[0] = "/etc/passwd";
	assert_int_equal(rel_child_run(&c, &end, NULL), 0);
	assert_int_equal(end.status, 126);
}

/* One that has ended and waits for its parent does not. */
static bool
runs(int pid)
{
	char path[64], text[512] = "";
	const char *state;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	if ((f = fopen(path, "r")) == NULL)
		return false;
	if (fgets(text, sizeof text, f) == NULL)
		text[0] = '\0';
	fclose(f);
	state = strrchr(text, ')');
	return state != NULL && state[2] != 'Z' && state[2] != 'X';
}

/* It and what it started is ended. */
UNIT(deadline)
{
	struct rel_child c = plain();
	int64_t t = rel_mono_ms();
	char out[64];

	c.deadline_ms = 200;
	run(&c, "sleep 30 & echo $!; sleep 30", out, sizeof out);
	assert_true(end.late);
	assert_int_equal(end.status, 128 + 9);
	assert_true(rel_mono_ms() - t < 5000);
	assert_true(atoi(out) > 1);
	for (int i = 0; i < 100 && runs(atoi(out)); i++)
		usleep(20000);
	assert_false(runs(atoi(out)));
}

/* A stderr that is closed early is no end, and no busy loop. */
UNIT(closed_stderr)
{
	struct rel_child c = plain();
	char out[64];

	run(&c, "exec 2>&-; sleep 0.2; echo done; exit 4", out, sizeof out);
	assert_string_equal(out, "done\n");
	assert_int_equal(end.status, 4);
}

UNIT(stop_flag)
{
	volatile int stop = 1;
	struct rel_child c = plain();
	int64_t t = rel_mono_ms();
	char out[64];

	c.stop = &stop;
	run(&c, "sleep 30", out, sizeof out);
	assert_true(end.stopped && !end.late);
	assert_true(rel_mono_ms() - t < 5000);
}

UNIT(flood)
{
	struct rel_child c = plain();
	char out[64];

	run(&c, "i=0; while [ $i -lt 40000 ]; do echo \"line $i of a flood "
	    "of words\"; i=$((i+1)); done >&2; printf 'last\\033[1m\\377' >&2",
	    out, sizeof out);
	assert_int_equal(end.status, 0);
	assert_true(strlen(end.said) < sizeof end.said);
	assert_non_null(strstr(end.said, "last"));
	assert_null(strchr(end.said, '\033'));
	assert_null(strstr(end.said, "line 1 of"));
}

UNIT(page_lines)
{
	struct rel_child c = plain();
	char out[64];

	run(&c, "printf 'PAGE: 1 1\\nDEBUG: x\\nPAGE: 2 3\\nPAGE: total 9\\n"
	    "xPAGE: 4 4\\n' >&2", out, sizeof out);
	assert_int_equal(end.page_lines, 2);
	assert_int_equal(end.page_copies, 4);
}

/* Nothing of ours but what is named: descriptors, environment, folder. */
UNIT(clean)
{
	struct rel_child c = plain();
	char out[4096];
	int fd = open("/dev/null", O_RDONLY), keep = rel_compat_memfile();

	assert_true(fd >= 0 && keep >= 0);
	setenv("REL_TEST_SECRET", "secret", 1);
	unsetenv("TMPDIR");
	run(&c, "ls /proc/self/fd | tr '\\n' ' '", out, sizeof out);
	/* 3 is the folder that ls reads. */
	assert_string_equal(out, "0 1 2 3 ");
	c.keep_fd = keep;
	run(&c, "ls /proc/self/fd | tr '\\n' ' '", out, sizeof out);
	assert_string_equal(out, "0 1 2 3 4 ");
	c.keep_fd = -1;
	run(&c, "tr '\\0' '\\n' </proc/$$/environ | sed 's/=.*//' | sort |"
	    " tr '\\n' ' '; pwd", out, sizeof out);
	assert_string_equal(out, "LANG PATH /\n");
	c.dir = "/usr";
	run(&c, "pwd; ulimit -c", out, sizeof out);
	assert_string_equal(out, "/usr\n0\n");
	unsetenv("REL_TEST_SECRET");
	close(fd);
	close(keep);
}

/* What is given as 0 and 3 is what it reads, whatever numbers we had. */
UNIT(descriptors)
{
	struct rel_child c = plain();
	char out[64];
	int in = rel_compat_memfile(), keep = rel_compat_memfile();

	assert_int_equal(write(in, "in\n", 3), 3);
	assert_int_equal(write(keep, "keep\n", 5), 5);
	lseek(in, 0, SEEK_SET);
	lseek(keep, 0, SEEK_SET);
	c.in_fd = in;
	c.keep_fd = keep;
	run(&c, "cat; cat <&3", out, sizeof out);
	assert_string_equal(out, "in\nkeep\n");
	close(in);
	close(keep);
}

/* We do not lose descriptors, however a child ends. */
UNIT(no_leak)
{
	struct rel_child c = plain();
	char out[64];
	int before = dup(0), after;

	close(before);
	for (int i = 0; i < 10; i++)
		run(&c, i % 2 == 0 ? "exit 1" : "kill -9 $$", out, sizeof out);
	after = dup(0);
	close(after);
	assert_int_equal(before, after);
}

/* The same without lib/child.c. */
static void
free_run(const char *script)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)!freopen("/dev/null", "w", stdout);
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

/*
 * The same socket that we can connect to, a child cannot even make.  Bash
 * opens one for /dev/tcp; so does nothing else that is always there.
 */
UNIT(no_network)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof a;
	struct rel_child c = plain();
	char script[200], out[200];
	int s = socket(AF_INET, SOCK_STREAM, 0);

#if !defined(HAVE_SECCOMP) || defined(REL_SANITIZERS)
	print_message("# SKIP a build without the system call filter\n");
	skip();
#endif
	if (access("/bin/bash", X_OK) != 0) {
		print_message("# SKIP /bin/bash is missing\n");
		skip();
	}
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(s, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(s, 5), 0);
	assert_int_equal(getsockname(s, (struct sockaddr *)&a, &len), 0);
	snprintf(script, sizeof script, "/bin/bash -c 'exec 5<>/dev/tcp/"
	    "127.0.0.1/%u' 2>/dev/null && echo connected || echo refused",
	    ntohs(a.sin_port));
	/* So that the test can fail: outside it does connect. */
	assert_int_equal(fcntl(s, F_SETFL, O_NONBLOCK), 0);
	run(&c, script, out, sizeof out);
	assert_string_equal(out, "refused\n");
	assert_true(accept(s, NULL, NULL) < 0);
	assert_true(errno == EAGAIN || errno == EWOULDBLOCK);
	free_run(script);
	assert_true(accept(s, NULL, NULL) >= 0);
	close(s);
}

UNIT(limits)
{
	struct rel_child c = plain();
	char out[200];

	c.file_bytes = 4096;
	run(&c, "head -c 100000 /dev/zero", out, sizeof out);
	assert_true(end.status != 0);
#ifndef REL_SANITIZERS
	c = plain();
	c.memory_bytes = 64u << 20;
	run(&c, "ulimit -v; x=$(head -c 200000000 /dev/zero | tr '\\0' x); "
	    "echo ${#x}", out, sizeof out);
	assert_int_equal(atoi(out), 65536);
	assert_null(strstr(out, "200000000"));
#endif
	assert_true(end.rss_kb > 0 && end.cpu_ms >= 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(status), UNIT_RUN(missing), UNIT_RUN(deadline),
		UNIT_RUN(closed_stderr), UNIT_RUN(stop_flag), UNIT_RUN(flood),
		UNIT_RUN(page_lines), UNIT_RUN(clean), UNIT_RUN(descriptors),
		UNIT_RUN(no_leak), UNIT_RUN(no_network), UNIT_RUN(limits)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
