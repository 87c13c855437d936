/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
/*
 * tap sessions PORT		log in at every panel of the standard input
 *				(lines "TOKEN CARD"); prints "TOKEN SESSION
 *				CARD" for each
 * tap list PORT		the first of such lines: how long the list of
 *				jobs is, in bytes, and how many jobs it has
 * tap login PORT		the same line: how long the answer to a log-in is
 * tap release PORT LPD-PORT	for each line "TOKEN CARD CUPS-JOB" release a
 *				job of that person and then the held CUPS job;
 *				this program is the LPD too. Prints a line a
 *				pair: microseconds from the tap to the first
 *				byte of the transfer, ours and CUPS's
 */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define WAIT_MS 10000
#define REST_NS 30000000	/* so that nothing of the last one still runs */

extern char **environ;

struct place {
	char token[80], card[64], session[40];
};

static void
fail(const char *what, const char *got)
{
	fprintf(stderr, "tap: %s: %.300s\n", what, got);
	exit(1);
}

/* The text behind key, up to the next quote. */
static bool
text_of(char *out, size_t size, const char *in, const char *key)
{
	const char *p = strstr(in, key);
	size_t n;

	if (p == NULL)
		return false;
	p += strlen(key);
	n = strcspn(p, "\"");
	if (n >= size)
		return false;
	memcpy(out, p, n);
	out[n] = '\0';
	return true;
}

static const char *
ask(struct panel *p, const struct place *at, const char *json)
{
	const char *body;
	int status;

	panel_send(p, at->token, json);
	body = panel_answer(p, &status);
	if (status != 200 || strstr(body, "\"result\":\"ok\"") == NULL)
		fail(json, body);
	return body;
}

static const char *
log_in(struct panel *p, struct place *at)
{
	char json[300];
	const char *body;

	snprintf(json, sizeof json, "{\"op\":\"login\",\"credential\":{"
	    "\"method\":\"card\",\"value\":\"%s\",\"encoding\":\"hex\"}}",
	    at->card);
	body = ask(p, at, json);
	if (!text_of(at->session, sizeof at->session, body,
	    "\"session_id\":\""))
		fail("no session", body);
	return body;
}

static const char *
list(struct panel *p, const struct place *at)
{
	char json[200];

	snprintf(json, sizeof json,
	    "{\"op\":\"list\",\"session_id\":\"%s\"}", at->session);
	return ask(p, at, json);
}

static void
sessions(struct panel *p)
{
	struct place at;

	while (scanf("%79s %63s", at.token, at.card) == 2) {
		(void)log_in(p, &at);
		printf("%s %s %s\n", at.token, at.session, at.card);
	}
}

static void
one_answer(struct panel *p, bool login)
{
	struct place at;
	const char *body;
	int rows = 0;

	if (scanf("%79s %39s %63s", at.token, at.session, at.card) != 3)
		fail("no session on standard input", "");
	body = login ? log_in(p, &at) : list(p, &at);
	for (const char *s = body; (s = strstr(s, "\"id\":\"j-")) != NULL;
	    s++)
		rows++;
	printf("%zu %d\n", strlen(body), rows);
}

/* ---- release */

/* The transfer that begins now: when its first byte came. */
static int64_t
first_byte(int listener)
{
	struct pollfd pfd = { .fd = listener, .events = POLLIN };
	struct bench_lpd lpd;
	int sock;

	if (poll(&pfd, 1, WAIT_MS) != 1 ||
	    (sock = accept(listener, NULL, NULL)) < 0)
		fail("no transfer came", "");
	bench_lpd_serve(sock, &lpd);
	close(sock);
	return lpd.first_ns;
}

static int64_t
release_ours(struct panel *p, const struct place *at, int listener)
{
	char json[200], id[24];
	const char *body = list(p, at);
	int64_t began, first;
	int status;

	if (!text_of(id, sizeof id, body, "\"id\":\""))
		fail("no job left", body);
	snprintf(json, sizeof json, "{\"op\":\"release\",\"session_id\":\"%s\","
	    "\"jobs\":[{\"id\":\"%s\"}]}", at->session, id);
	began = bench_ns();
	panel_send(p, at->token, json);
	first = first_byte(listener);
	body = panel_answer(p, &status);
	if (status != 200 || strstr(body, "\"accepted\"") == NULL)
		fail("release", body);
	return first - began;
}

static int64_t
release_cups(const char *id, int listener)
{
	char lp[] = "lp", i[] = "-i", h[] = "-H", resume[] = "resume", n[64];
	char *argv[] = { lp, i, n, h, resume, NULL };
	int64_t began = bench_ns(), first;
	pid_t pid;

	snprintf(n, sizeof n, "%s", id);
	if (posix_spawnp(&pid, "lp", NULL, NULL, argv, environ) != 0)
		bench_die("lp");
	first = first_byte(listener);
	waitpid(pid, NULL, 0);
	return first - began;
}

static void
releases(struct panel *p, const char *lpd_port)
{
	const struct timespec rest = { 0, REST_NS };
	int listener = bench_listen(lpd_port);
	struct place at = { .card = "" };
	char card[64], id[64];

	while (scanf("%79s %63s %63s", at.token, card, id) == 3) {
		int64_t ours, cups;

		if (strcmp(card, at.card) != 0) {
			memcpy(at.card, card, sizeof at.card);
			(void)log_in(p, &at);
		}
		nanosleep(&rest, NULL);
		ours = release_ours(p, &at, listener);
		nanosleep(&rest, NULL);
		cups = release_cups(id, listener);
		printf("%" PRId64 " %" PRId64 "\n", ours / 1000, cups / 1000);
		fflush(stdout);
	}
	close(listener);
}

int
main(int argc, char **argv)
{
	struct panel *p;

	signal(SIGPIPE, SIG_IGN);
	if (argc < 3) {
		fprintf(stderr, "usage: tap sessions|list|login PORT\n"
		    "       tap release PORT LPD-PORT\n");
		return 2;
	}
	p = panel_open(argv[2]);
	if (strcmp(argv[1], "sessions") == 0)
		sessions(p);
	else if (strcmp(argv[1], "release") == 0 && argc == 4)
		releases(p, argv[3]);
	else
		one_answer(p, strcmp(argv[1], "login") == 0);
	panel_free(&p);
	return 0;
}
