/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/snmp_fixture.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/snmp/agent.h"

static void
serve(struct snmp_agent *a, int sock, int from)
{
	struct pollfd fds[2] = { { sock, POLLIN, 0 }, { from, POLLIN, 0 } };
	unsigned long asked;
	char line[2048];

	while (poll(fds, 2, -1) >= 0) {
		ssize_t n = 0;

		if (fds[0].revents != 0)
			snmp_agent_turn(a, sock);
		if (fds[1].revents == 0)
			continue;
		if ((n = read(from, line, sizeof line - 1)) <= 0)
			break;
		line[n] = '\0';
		asked = snmp_agent_asked(a);
		(void)snmp_agent_set(a, line);
		(void)!write(from, &asked, sizeof asked);
	}
	snmp_agent_free(&a);
	_exit(0);
}

bool
play(struct played *p, const char *profile)
{
	struct snmp_agent *a = snmp_agent_load(profile);
	int pair[2], sock;

	memset(p, 0, sizeof *p);
	if (a == NULL || (sock = snmp_agent_bind("127.0.0.1", &p->port)) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return false;
	if ((p->pid = fork()) == 0) {
		close(pair[0]);
		serve(a, sock, pair[1]);
	}
	close(pair[1]);
	close(sock);
	p->to = pair[0];
	snmp_agent_free(&a);
	return p->pid > 0;
}

void
play_set(struct played *p, const char *line)
{
	unsigned long asked;

	if (write(p->to, line, strlen(line)) > 0)
		(void)!read(p->to, &asked, sizeof asked);
}

unsigned long
play_asked(struct played *p)
{
	unsigned long asked = 0;

	if (write(p->to, "?", 1) > 0)
		(void)!read(p->to, &asked, sizeof asked);
	return asked;
}

void
play_end(struct played *p)
{
	close(p->to);
	while (waitpid(p->pid, NULL, 0) < 0)
		;
}

void
ask_init(struct driver_ask *q, const struct played *p)
{
	memset(q, 0, sizeof *q);
	snprintf(q->at.address, sizeof q->at.address, "127.0.0.1");
	q->at.snmp_port = p->port;
	q->at.nsnmp = 1;
	q->at.snmp[0].version = SNMP_V2C;
	snprintf(q->at.snmp[0].name, sizeof q->at.snmp[0].name, "public");
	q->deadline_ms = 15000;
	q->text = "";
}
