/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/fakelpd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

uint8_t *doc_text;

int
doc_set_up(void **state)
{
	(void)state;
	if ((doc_text = malloc(DOC_BYTES)) == NULL)
		return -1;
	for (size_t i = 0; i < DOC_BYTES; i++)
		doc_text[i] = (uint8_t)(i * 2654435761u >> 17);
	return 0;
}

int
doc_tear_down(void **state)
{
	(void)state;
	free(doc_text);
	return 0;
}

static void
must(bool ok, const char *what)
{
	if (!ok) {
		perror(what);
		abort();
	}
}

static void
say(int sock, const void *p, size_t n)
{
	(void)!send(sock, p, n, MSG_NOSIGNAL);
}

static bool
read_all(int sock, void *p, size_t n)
{
	uint8_t *b = p;

	while (n > 0) {
		ssize_t got = read(sock, b, n);

		if (got <= 0)
			return false;
		b += got;
		n -= (size_t)got;
	}
	return true;
}

/* Wait until the client hangs up, reading nothing. */
static void
silent(int sock)
{
	struct pollfd pfd = { sock, POLLRDHUP, 0 };

	(void)poll(&pfd, 1, 20000);
}

/*
 * The turn of a step: true when the session goes on.  Says the zero octet
 * when this is not the step that goes wrong.
 */
static bool
turn(struct fakelpd *d, int sock, enum fakelpd_step step)
{
	struct linger reset = { 1, 0 };

	if (d->at != step || (d->times > 0 && d->sessions > d->times)) {
		if (step != LPD_ACCEPT && step != LPD_MID_DATA &&
		    !d->say_it_all)
			say(sock, "", 1);
		return true;
	}
	if (d->say_len > 0)
		say(sock, d->say, d->say_len);
	if (d->then == LPD_RESET)
		(void)setsockopt(sock, SOL_SOCKET, SO_LINGER, &reset,
		    sizeof reset);
	if (d->then == LPD_SILENT)
		silent(sock);
	return d->then == LPD_GO_ON;
}

static bool
read_line(int sock, char *line, size_t size)
{
	for (size_t n = 0; n + 1 < size; n++) {
		if (read(sock, line + n, 1) != 1)
			return false;
		if (line[n] == '\n') {
			line[n] = '\0';
			return true;
		}
	}
	return false;
}

static void
note(struct fakelpd *d, char what)
{
	size_t n = strlen(d->order);

	if (n + 1 < sizeof d->order)
		d->order[n] = what;
}

static bool
take_control(struct fakelpd *d, int sock, const char *line)
{
	char nul;

	note(d, 'C');
	if (sscanf(line, "%zu %139s", &d->control_len, d->control_name) != 2 ||
	    d->control_len >= sizeof d->control ||
	    !turn(d, sock, LPD_CONTROL_LINE) ||
	    !read_all(sock, d->control, d->control_len) ||
	    !read_all(sock, &nul, 1) || nul != '\0')
		return false;
	d->control[d->control_len] = '\0';
	return turn(d, sock, LPD_CONTROL);
}

static bool
take_bytes(struct fakelpd *d, int sock)
{
	size_t half = d->data_said / 2 + 1;

	while (d->data_len < d->data_said) {
		size_t want = d->data_said - d->data_len;
		ssize_t got;

		if (d->dribble) {
			want = want < 7001 ? want : 7001;
			usleep(200);
		} else if (d->data_len < half && want > half - d->data_len) {
			want = half - d->data_len;
		}
		got = read(sock, d->data + d->data_len, want);
		if (got <= 0)
			return false;
		d->data_len += (size_t)got;
		if (d->data_len >= half && d->data_len - (size_t)got < half &&
		    !turn(d, sock, LPD_MID_DATA))
			return false;
	}
	return true;
}

static bool
take_data(struct fakelpd *d, int sock, const char *line)
{
	char nul;

	note(d, 'D');
	if (sscanf(line, "%zu %139s", &d->data_said, d->data_name) != 2)
		return false;
	free(d->data);
	must((d->data = malloc(d->data_said + 1)) != NULL, "malloc");
	d->data_len = 0;
	if (!turn(d, sock, LPD_DATA_LINE) || !take_bytes(d, sock) ||
	    !read_all(sock, &nul, 1))
		return false;
	d->data_ended = nul == '\0';
	return turn(d, sock, LPD_DATA);
}

static void
session(struct fakelpd *d, int sock)
{
	char line[400];

	memset(d->order, 0, sizeof d->order);
	d->data_ended = false;
	d->data_len = 0;
	if (d->say_it_all)
		say(sock, "\0\0\0\0\0\0", 6);
	if (!turn(d, sock, LPD_ACCEPT) ||
	    !read_line(sock, line, sizeof line) || line[0] != '\002')
		return;
	note(d, 'Q');
	snprintf(d->queue, sizeof d->queue, "%.299s", line + 1);
	if (!turn(d, sock, LPD_QUEUE))
		return;
	while (read_line(sock, line, sizeof line)) {
		if (line[0] == '\002' ? !take_control(d, sock, line + 1) :
		    line[0] != '\003' || !take_data(d, sock, line + 1))
			return;
	}
}

static void *
run(void *arg)
{
	struct fakelpd *d = arg;
	int sock;

	while ((sock = accept(d->listener, NULL, NULL)) >= 0) {
		d->sessions++;
		session(d, sock);
		close(sock);
	}
	return NULL;
}

void
fakelpd_start(struct fakelpd *d)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof sin;
	int small = 65536;	/* so that the kernel swallows no half a job */

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	d->listener = socket(AF_INET, SOCK_STREAM, 0);
	must(d->listener >= 0 &&
	    setsockopt(d->listener, SOL_SOCKET, SO_RCVBUF, &small,
	    sizeof small) == 0 &&
	    bind(d->listener, (struct sockaddr *)&sin, sizeof sin) == 0 &&
	    listen(d->listener, 8) == 0 &&
	    getsockname(d->listener, (struct sockaddr *)&sin, &len) == 0,
	    "listen");
	d->port = ntohs(sin.sin_port);
	must(pthread_create(&d->thread, NULL, run, d) == 0, "thread");
}

void
fakelpd_stop(struct fakelpd *d)
{
	shutdown(d->listener, SHUT_RDWR);	/* ends accept() */
	pthread_join(d->thread, NULL);
	close(d->listener);
}

void
fakelpd_fini(struct fakelpd *d)
{
	free(d->data);
	d->data = NULL;
}
