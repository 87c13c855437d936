/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A sweep over loopback addresses; who answers is played. */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/dial.h"
#include "lib/text.h"
#include "releaserd/discovery_wire.h"
#include "releaserd/driver/discover.h"
#include "releaserd/driver/snmp.h"
#include "tests/unit/too_late.h"

static struct found found[DISCOVER_FOUND_MAX];
static struct snmp_found probed;
static int probe_rc;

/* In the place of the SNMP library's. */
int
snmp_probe(const struct snmp_peer *peer, const struct snmp_access *accesses,
    size_t n, struct snmp_found *out, struct rel_err *err)
{
	(void)err;
	assert_string_equal("127.0.0.1", peer->address);
	assert_true(peer->until_ms > rel_mono_ms());
	assert_int_equal(1, n);
	assert_int_equal(SNMP_V2C, accesses[0].version);
	*out = probed;
	return probe_rc;
}

/* ---- packets */

UNIT(packets_are_as_the_standard_says)
{
	static const uint8_t want[] = {	/* RFC 1157, BER by hand */
		0x30, 0x29, 0x02, 0x01, 0x01, 0x04, 0x06, 'p', 'u', 'b', 'l',
		'i', 'c', 0xa0, 0x1c, 0x02, 0x04, 0x12, 0x34, 0x56, 0x78, 0x02,
		0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x0e, 0x30, 0x0c, 0x06,
		0x08, 0x2b, 0x06, 0x01, 0x02, 0x01, 0x01, 0x02, 0x00, 0x05,
		0x00
	};
	struct snmp_access a = { .version = SNMP_V2C, .name = "public" };
	uint8_t p[SWEEP_PACKET_MAX];

	assert_int_equal(sizeof want, sweep_packet(p, &a, 0x12345678));
	assert_memory_equal(want, p, sizeof want);
	a.version = SNMP_V1;
	assert_int_equal(sizeof want, sweep_packet(p, &a, 0x12345678));
	assert_int_equal(0, p[4]);
	memset(a.name, 'x', sizeof a.name - 1);
	assert_int_equal(sizeof want - 6 + 64, sweep_packet(p, &a, 1));
	a.version = SNMP_V3;
	assert_int_equal(64, sweep_packet(p, &a, 0x12345678));
	assert_int_equal(62, p[1]);
	assert_true(sweep_is_answer(p, 64, 0x12345678));
	assert_false(sweep_is_answer(p, 64, 0x12345679));
	for (size_t n = 0; n < 13; n++)
		assert_false(sweep_is_answer(p, n, 0x12345678));
	p[0] = 0x31;
	assert_false(sweep_is_answer(p, 64, 0x12345678));
}

/* ---- sweeps */

static pid_t agents[4];
static unsigned nagents;
static uint16_t port;

enum manner { ECHOES, TALKS_NONSENSE, FLOODS };

static void
agent_run(int fd, enum manner how)
{
	struct sockaddr_in from;
	uint8_t p[1500];

	for (;;) {
		socklen_t len = sizeof from;
		ssize_t n = recvfrom(fd, p, sizeof p, 0,
		    (struct sockaddr *)&from, &len);

		if (n < 2)
			continue;
		if (how == TALKS_NONSENSE)
			p[0] = 'x';
		for (int i = 0; i < (how == FLOODS ? 5000 : 1); i++)
			(void)sendto(fd, p, (size_t)n, 0,
			    (struct sockaddr *)&from, len);
	}
}

/* A process that answers at this address; the first chooses the port. */
static void
agent(const char *address, enum manner how)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
	    .sin_port = htons(port) };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(1, inet_pton(AF_INET, address, &at.sin_addr));
	assert_int_equal(0, bind(fd, (struct sockaddr *)&at, len));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&at, &len));
	port = ntohs(at.sin_port);
	if ((agents[nagents++] = fork()) == 0)
		agent_run(fd, how);
	close(fd);
}

static int
no_agents(void **state)
{
	(void)state;
	while (nagents > 0) {
		kill(agents[--nagents], SIGKILL);
		waitpid(agents[nagents], NULL, 0);
	}
	port = 0;
	return 0;
}

/* "127.0.0.2 127.0.0.3": who was found by the question. */
static const char *
swept(const char *text)
{
	static char out[400];
	struct driver_ask q = { .text = text, .text_len = strlen(text),
	    .deadline_ms = 3000 };
	struct driver_said s;
	struct rel_err err;
	size_t n, len = 0;

	q.at.snmp_port = port;
	q.at.nsnmp = 1;
	q.at.snmp[0] = (struct snmp_access){ .version = SNMP_V2C,
	    .name = "public" };
	driver_said_init(&s);
	assert_int_equal(0, driver_discover(&q, &s, &err));
	assert_int_equal(0, found_list_get(found, &n, s.text.data,
	    s.text.len));
	driver_said_fini(&s);
	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, sizeof out - len, "%s%s",
		    i > 0 ? " " : "", found[i].address);
	return out;
}

UNIT(who_answers_is_found_and_nobody_waits_for_more)
{
	int64_t began = rel_mono_ms();

	agent("127.0.0.2", ECHOES);
	agent("127.0.0.3", ECHOES);
	swept("sweep\n127.0.0.2\n127.0.0.3\n");
	assert_int_equal(FOUND_ANSWERS, found[0].state);
	assert_true(rel_mono_ms() - began < 700);
}

UNIT(the_dead_are_waited_for_until_the_end)
{
	int64_t began = rel_mono_ms();

	agent("127.0.0.2", ECHOES);
	assert_string_equal("127.0.0.2",
	    swept("sweep\n127.0.0.2\n127.0.0.9\n"));
	assert_true(rel_mono_ms() - began >= 2000);
	assert_true(rel_mono_ms() - began < 3000);
}

UNIT(told_that_it_is_too_late_it_does_not_wait_on)
{
	int64_t began = rel_mono_ms();

	agent("127.0.0.2", ECHOES);
	too_late_waits = 0;
	rel_wait_by(too_late);
	(void)swept("sweep\n127.0.0.9\n");
	rel_wait_by(NULL);
	assert_in_range(too_late_waits, 1, 10);
	assert_true(rel_mono_ms() - began < 700);
}

/* Nonsense is no answer, and a flood is over in time. */
UNIT(those_that_misbehave)
{
	int64_t began = rel_mono_ms();

	agent("127.0.0.2", TALKS_NONSENSE);
	agent("127.0.0.3", FLOODS);
	assert_string_equal("127.0.0.3",
	    swept("sweep\n127.0.0.2\n127.0.0.3\n"));
	assert_true(rel_mono_ms() - began < 3500);
}

UNIT(whoever_answers_a_broadcast)
{
	agent("0.0.0.0", ECHOES);
	assert_string_equal("127.0.0.1",
	    swept("broadcast\n127.255.255.255\n"));
}

UNIT(questions_that_are_none)
{
	static const char *const t[] = { "", "sweep", "dance\n127.0.0.1\n",
	    "probe\n", "sweep\n\n\n" };
	struct driver_said s;
	struct rel_err err;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct driver_ask q = { .text = t[i], .text_len = strlen(t[i]),
		    .deadline_ms = 1000 };
		int rc;

		driver_said_init(&s);
		rc = driver_discover(&q, &s, &err);
		if (i < 4 ? rc != -REL_E_FORMAT : rc != 0)
			fail_msg("row %zu: %d", i, rc);
		driver_said_fini(&s);
	}
}

/* A name is asked for alone. */
UNIT(a_name_without_an_address_is_said)
{
	static const char text[] = "sweep\nno.such.host.invalid\n";
	struct driver_ask q = { .text = text, .text_len = strlen(text),
	    .deadline_ms = 2000 };
	struct driver_said s;
	struct rel_err err;
	int rc;

	driver_said_init(&s);
	rc = driver_discover(&q, &s, &err);
	if (rc != -REL_E_NOTFOUND && rc != -REL_E_PEER)
		fail_msg("%d", rc);
	driver_said_fini(&s);
	/* it keeps nobody from being asked */
	agent("127.0.0.2", ECHOES);
	assert_string_equal("127.0.0.2",
	    swept("sweep\nno.such.host.invalid\n127.0.0.2\n"));
}

/* ---- one device */

UNIT(what_it_says_is_clean)
{
	probed = (struct snmp_found){ .printer = true, .model = "A\x1b[1m B",
	    .serial = "S\n1", .queue = "lp" };
	probe_rc = 0;
	assert_string_equal("127.0.0.1", swept("probe\nlocalhost\n"));
	assert_int_equal(FOUND_PRINTER, found[0].state);
	assert_null(strpbrk(found[0].model, "\x1b"));
	assert_null(strchr(found[0].serial, '\n'));
	probe_rc = -REL_E_DENIED;
	assert_string_equal("127.0.0.1", swept("probe\n127.0.0.1\n"));
	assert_int_equal(FOUND_DENIED, found[0].state);
	probe_rc = -REL_E_TIMEOUT;
	assert_string_equal("", swept("probe\n127.0.0.1\n"));
	assert_string_equal("", swept("probe\nno.such.host.invalid\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_as_the_standard_says),
		cmocka_unit_test_teardown(
		    who_answers_is_found_and_nobody_waits_for_more, no_agents),
		cmocka_unit_test_teardown(
		    the_dead_are_waited_for_until_the_end, no_agents),
		cmocka_unit_test_teardown(
		    told_that_it_is_too_late_it_does_not_wait_on, no_agents),
		cmocka_unit_test_teardown(those_that_misbehave, no_agents),
		cmocka_unit_test_teardown(whoever_answers_a_broadcast,
		    no_agents),
		cmocka_unit_test(questions_that_are_none),
		cmocka_unit_test_teardown(a_name_without_an_address_is_said,
		    no_agents),
		cmocka_unit_test(what_it_says_is_clean),
	};

	return cmocka_run_group_tests_name("discover", tests, NULL, NULL);
}
