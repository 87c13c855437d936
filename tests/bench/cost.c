/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
/*
 * cost FILE COMMAND...: run a command and append "seconds peak_kB" to FILE.
 * peak_kB is the most memory it, or its largest child, had.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

int
main(int argc, char **argv)
{
	int64_t began = bench_ns();
	struct rusage use;
	int status, out;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: cost FILE COMMAND...\n");
		return 2;
	}
	if ((pid = fork()) == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid)
		bench_die(argv[2]);
	began = bench_ns() - began;
	out = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (out < 0)
		bench_die(argv[1]);
	dprintf(out, "%.6f %ld\n", (double)began / 1e9, use.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
