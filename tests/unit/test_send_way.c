/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Ways of sending (releaserd/send/ways.h): which there are, and the template,
 * tested as every one should be, against a device that is well and others.
 */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "releaserd/send/ways.h"

#define BYTES 300000u

/* What the device does: takes all; reads so little and closes; reads all and
 * says nothing; is not there. */
enum mood { WELL, LEAVES, SILENT, NOBODY };

static uint8_t text[BYTES];
static size_t given;
static int damaged, no_returns;

static int
next(void *ctx, const uint8_t **p, size_t *n, struct rel_err *err)
{
	(void)ctx;
	if (damaged && given > BYTES / 2)
		return rel_err_set(err, REL_E_FORMAT, "damaged");
	*p = text + given;
	*n = BYTES - given < 4096 ? BYTES - given : 4096;
	given += *n;
	return *n > 0;
}

static int
no_return(void *ctx, struct rel_err *err)
{
	(void)ctx;
	(void)err;
	assert_int_equal(0, given);
	no_returns++;
	return 0;
}

static void
be_device(int fd, enum mood mood)
{
	static uint8_t got[BYTES + 1];
	size_t n = 0;
	ssize_t one;
	int sock = accept(fd, NULL, NULL);

	while (n < sizeof got && (mood != LEAVES || n == 0) && (one = read(sock,
	    got + n, mood == LEAVES ? 10 : sizeof got - n)) > 0)
		n += (size_t)one;
	if (mood == SILENT)
		pause();
	_exit(mood == LEAVES || (n == BYTES && memcmp(got, text, n) == 0) ?
	    0 : 1);
}

static struct send_done
sent(enum mood mood)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof in;
	int fd = socket(AF_INET, SOCK_STREAM, 0), status = 0;
	const struct rel_send_source src = { .bytes = BYTES, .next = next,
		.point_of_no_return = no_return };
	struct send_job m = { .connect_ms = 2000, .reply_ms = 400,
		.host = "127.0.0.1" };
	struct send_done out;
	pid_t pid = 0;

	assert_int_equal(0, bind(fd, (struct sockaddr *)&in, sizeof in));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&in, &size));
	m.port = ntohs(in.sin_port);
	if (mood != NOBODY) {
		assert_int_equal(0, listen(fd, 4));
		if ((pid = fork()) == 0)
			be_device(fd, mood);
	}
	given = 0;
	no_returns = 0;
	template_send(&m, &src, &out);
	close(fd);
	if (pid > 0) {
		if (mood == SILENT || damaged)
			kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	if (mood == WELL && !damaged)
		assert_int_equal(0, status);
	return out;
}

UNIT(the_device_has_all_of_it)
{
	struct send_done d;

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (uint8_t)(i * 7 + i / 256);
	d = sent(WELL);
	assert_int_equal(REL_SEND_SENT, d.r.outcome);
	assert_int_equal(BYTES, d.r.bytes);
	assert_int_equal(1, no_returns);
	assert_string_equal("", d.pin);
	assert_int_equal(0, d.job);
}

UNIT(each_failure_has_its_outcome)
{
	struct send_done d = sent(NOBODY);

	assert_int_equal(REL_SEND_AWAY, d.r.outcome);
	assert_int_equal(0, no_returns);
	assert_true(d.r.reason[0] != '\0');
	d = sent(LEAVES);
	assert_int_equal(REL_SEND_UNCONFIRMED, d.r.outcome);
	d = sent(SILENT);
	assert_int_equal(REL_SEND_UNCONFIRMED, d.r.outcome);
	assert_int_equal(BYTES, d.r.bytes);
	damaged = 1;
	d = sent(WELL);
	damaged = 0;
	assert_int_equal(REL_SEND_UNCONFIRMED, d.r.outcome);
}

UNIT(there_are_lpr_and_ipp)
{
	static const char *const names[] = { "lpr", "ipp", "ipps" };

	assert_int_equal(sizeof names / sizeof names[0], SEND_WAYS);
	for (uint8_t i = 0; i < SEND_WAYS; i++) {
		assert_string_equal(names[i], send_way(i)->name);
		assert_true(send_way(i)->send != template_send);
	}
	assert_null(send_way(SEND_WAYS));
	assert_null(send_way(255));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(the_device_has_all_of_it),
		UNIT_RUN(each_failure_has_its_outcome),
		UNIT_RUN(there_are_lpr_and_ipp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
