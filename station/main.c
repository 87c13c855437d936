/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * release-station DIR...: card readers beside printers, each a process of its
 * own, so that one that waits for its server holds up no other.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/log.h"
#include "station/desk.h"

#define AGAIN_S 5u			/* between two starts of one */

static volatile int stop;

static void
on_stop(int sig)
{
	(void)sig;
	stop = 1;
}

static void
on_alarm(int sig)
{
	(void)sig;
}

static void
signals(void)
{
	struct sigaction sa = { .sa_handler = on_stop };

	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sa.sa_handler = on_alarm;
	sigaction(SIGALRM, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
}

static int
serve(const char *dir)
{
	struct desk_conf set;
	struct rel_err err = { 0 };
	int rc = desk_conf_read(&set, dir, &err);

	if (rc == 0)
		rc = desk_run(dir, &set, &stop, &err);
	if (rc < 0)
		rel_log(REL_ERROR, "station stopped", "dir=\"%s\" why=\"%s\"",
		    dir, err.text);
	return rc < 0;
}

static pid_t
start(const char *dir)
{
	pid_t pid = fork();

	if (pid == 0) {
		rel_compat_die_with_parent();
		_exit(serve(dir));
	}
	return pid;
}

/* Is each of them a station whose settings can be read? */
static int
check(char **dirs, int n)
{
	int bad = 0;

	for (int i = 0; i < n; i++) {
		struct desk_conf set;
		struct rel_err err = { 0 };
		json_t *station = NULL;

		if (station_load(dirs[i], &station, &err) < 0 ||
		    desk_conf_read(&set, dirs[i], &err) < 0) {
			fprintf(stderr, "release-station: %s\n", err.text);
			bad = 1;
		} else {
			printf("%s: card reader %s, %s\n", dirs[i],
			    set.reader, access(set.reader, R_OK) == 0 ?
			    "there" : "not there now");
		}
		json_decref(station);
	}
	return bad;
}

static int
usage(FILE *out)
{
	fputs("usage: release-station [-t | -S] DIR...\n"
	    "DIR: what \"releasectl station enroll --out DIR\" has made, with\n"
	    "a station.conf. -t checks, -S lists the settings.\n", out);
	return out == stderr ? 2 : 0;
}

int
main(int argc, char **argv)
{
	bool test = false;
	int opt, n;

	while ((opt = getopt(argc, argv, "htS")) != -1)
		switch (opt) {
		case 't':
			test = true;
			break;
		case 'S':
			rel_conf_manual(&desk_conf_table, stdout);
			return 0;
		default:
			return usage(opt == 'h' ? stdout : stderr);
		}
	n = argc - optind;
	if (n < 1 || n > DESKS_MAX)
		return usage(stderr);
	if (test)
		return check(argv + optind, n);
	rel_log_init("station", REL_INFO);
	(void)rel_compat_no_dump();
	signals();
	if (n == 1)
		return serve(argv[optind]);
	desks_watch(&(struct desks){ .dirs = argv + optind, .n = n,
	    .start = start, .again_s = AGAIN_S, .stop = &stop });
	return 0;
}
