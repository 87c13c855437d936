/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The CUPS backend "release-direct": the first run tells the print server of a
 * job and leaves it held in this queue; when it was released there, the next
 * run hands the data to the backend of the printer.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/args.h"
#include "direct/direct.h"
#include "lib/compat.h"
#include "lib/pdl/pdl.h"
#include "lib/text.h"

static const char discovery[] =
    "network release-direct \"Unknown\" \"Print Release (data stays in this "
    "queue until released)\"\n";
static volatile pid_t printing;

static void
say(const char *level, const char *fmt, ...)
{
	char text[600], clean[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	rel_text_clean(clean, sizeof clean, text);
	fprintf(stderr, "%s: %s\n", level, clean);
}

/* ---- first run: the data is counted and stays where it is */

static int64_t
count(int fd, struct rel_facts *out)
{
	struct rel_pdl *p = rel_pdl_new();
	static char piece[65536];
	int64_t bytes = 0;
	ssize_t n;

	rel_facts_init(out);
	while ((n = read(fd, piece, sizeof piece)) > 0 ||
	    (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		bytes += n;
		if (p != NULL)
			rel_pdl_feed(p, piece, (size_t)n);
	}
	if (p != NULL)
		rel_pdl_end(p, out);
	rel_pdl_free(&p);
	return n < 0 ? -1 : bytes;
}

static void
uuid_of(char *const argv[], char uuid[64])
{
	int64_t id = 0;

	(void)rel_int(&id, argv[1], 1, INT32_MAX);
	if (!args_option(argv[5], "job-uuid", uuid, 64))
		snprintf(uuid, 64, "urn:uuid:%032llx",
		    (unsigned long long)id);
}

static int
submit(struct direct_server *s, char *const argv[], const char *uuid, int fd)
{
	char user[256], title[1024], host[256];
	struct rel_facts facts;
	const char *queue = getenv("PRINTER");
	int64_t id = 0, copies = 1;
	struct direct_info info = { .uuid = uuid, .user = user,
	    .title = title, .host = host, .facts = &facts };
	struct rel_err err;
	int rc;

	rel_text_clean(user, sizeof user, argv[2]);
	rel_text_clean(title, sizeof title, argv[3]);
	(void)rel_int(&id, argv[1], 1, INT32_MAX);
	(void)rel_int(&copies, argv[4], 1, 999);
	if (!args_option(argv[5], "job-originating-host-name", host,
	    sizeof host))
		host[0] = '\0';
	info.queue = queue != NULL ? queue : "unknown";
	info.cups_job = (int)id;
	/* Behind filters they are in the data. */
	info.copies = getenv("FINAL_CONTENT_TYPE") != NULL ? 1 : (int)copies;
	/* Asked first: it is read only when somebody is there to hear of it. */
	if (server_ready(s, &err) == -REL_E_PEER) {
		say("WARNING", "%s", err.text);
		return DIRECT_AGAIN;
	}
	if ((info.bytes = count(fd, &facts)) < 0) {
		say("WARNING", "The document cannot be read.");
		return DIRECT_HOLD;
	}
	/* Known here before it is known there: who asks first, waits. */
	if (jobs_add(s->dir, info.cups_job, uuid, &err) < 0) {
		say("WARNING", "%s", err.text);
		return DIRECT_HOLD;
	}
	if ((rc = server_submit(s, &info, &err)) == 0) {
		say("INFO", "The job waits to be released at the printer.");
		return DIRECT_HOLD;
	}
	jobs_drop(s->dir, info.cups_job);
	say("WARNING", "%s", err.text);
	return rc == -REL_E_PEER ? DIRECT_AGAIN : rc == -REL_E_DENIED ?
	    DIRECT_CANCEL : DIRECT_HOLD;
}

/* ---- the next run: to the printer */

static void
on_term(int sig)
{
	(void)sig;
	if (printing > 0)
		kill(printing, SIGTERM);
}

/* Returns only when it cannot. */
static void
become(const char *to, char *const argv[])
{
	const char *bin = getenv("CUPS_SERVERBIN");
	char path[600];
	size_t n = strcspn(to, ":");

	if (bin == NULL || n == 0 || n > 60 || strspn(to,
	    "abcdefghijklmnopqrstuvwxyz0123456789+-.") < n)
		return;
	snprintf(path, sizeof path, "%s/backend/%.*s", bin, (int)n, to);
	if (setenv("DEVICE_URI", to, 1) == 0)
		execv(path, argv);
}

/*
 * The backend's process; *none ends with a byte in it when it never became
 * that, with nothing when it did: any status is the backend's own then.
 */
static pid_t
begin(const char *to, char *argv[], int *none)
{
	int fds[2];
	pid_t pid;

	if (pipe(fds) < 0)
		return -1;
	(void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	fflush(stderr);
	if ((pid = fork()) == 0) {
		argv[0] = (char *)(uintptr_t)to;
		become(to, argv);
		(void)!write(fds[1], "", 1);
		_exit(127);
	}
	close(fds[1]);
	*none = fds[0];
	if (pid < 0)
		close(fds[0]);
	return pid;
}

static bool
never_was(int none)
{
	char byte;
	ssize_t n;

	while ((n = read(none, &byte, 1)) < 0 && errno == EINTR)
		;
	close(none);
	return n == 1;
}

/* "completed", "refused" or "aborted"; *status for cupsd. */
static const char *
print(const char *to, char *argv[], int *status)
{
	struct sigaction sa = { .sa_handler = on_term };
	int how, none;
	bool refused;

	if ((printing = begin(to, argv, &none)) < 0)
		return "refused";
	sigaction(SIGTERM, &sa, NULL);
	refused = never_was(none);
	while (waitpid(printing, &how, 0) < 0)
		if (errno != EINTR)
			return "aborted";
	if (WIFEXITED(how) && WEXITSTATUS(how) == 0) {
		*status = DIRECT_OK;
		return "completed";
	}
	*status = DIRECT_HOLD;
	return refused ? "refused" : "aborted";
}

static int
go(struct direct_server *s, const char *to, const char *uuid, char *argv[])
{
	int status = DIRECT_HOLD;
	const char *result;
	struct rel_err err;
	int64_t id = 0;

	(void)rel_int(&id, argv[1], 1, INT32_MAX);
	/* The watch lets it go again as long as it is released there. */
	if (server_start(s, uuid, &err) < 0) {
		say("INFO", "The job waits to be released at the printer: %s",
		    err.text);
		return DIRECT_HOLD;
	}
	result = print(to, argv, &status);
	if (server_end(s, uuid, result, &err) < 0)
		say("WARNING", "The print server was not told how it ended: "
		    "%s", err.text);
	if (status == DIRECT_OK)
		jobs_drop(s->dir, (int)id);
	return status;
}

/* ---- */

static int
run(int argc, char *argv[], const struct direct_uri *u)
{
	struct direct_server s;
	struct rel_err err;
	char uuid[64], known[64];
	int64_t id = 0;
	int fd = STDIN_FILENO, rc;

	if (server_open(&s, u->dir, &err) < 0) {
		say("WARNING", "%s", err.text);
		return DIRECT_HOLD;
	}
	(void)rel_int(&id, argv[1], 1, INT32_MAX);
	uuid_of(argv, uuid);
	/* Its number may have been that of a job of an earlier spool. */
	if (jobs_get(u->dir, (int)id, known) && strcmp(known, uuid) == 0) {
		rc = go(&s, u->to, uuid, argv);
	} else if (argc == 7 && (fd = open(argv[6], O_RDONLY |
	    O_CLOEXEC)) < 0) {
		say("WARNING", "The document cannot be opened.");
		rc = DIRECT_HOLD;
	} else {
		rc = submit(&s, argv, uuid, fd);
	}
	server_close(&s);
	return rc;
}

int
main(int argc, char *argv[])
{
	const char *uri = getenv("DEVICE_URI");
	char pin[256], scheme[32];
	struct direct_uri u;
	struct rel_err err;

	if (argc == 1) {
		fputs(discovery, stdout);
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "--watch") == 0)
		return watch_main(argv[2]);
	if (argc != 6 && argc != 7) {
		fprintf(stderr, "usage: release-direct --watch DIR, or as a "
		    "backend of CUPS\n");
		return DIRECT_FAILED;
	}
	args_take_secret(argv[5], pin, sizeof pin, scheme, sizeof scheme);
	rel_wipe(pin, sizeof pin);
	(void)rel_compat_no_dump();
	if (direct_uri_read(&u, uri != NULL ? uri : argv[0], &err) < 0) {
		say("WARNING", "%s", err.text);
		return DIRECT_HOLD;
	}
	return run(argc, argv, &u);
}
