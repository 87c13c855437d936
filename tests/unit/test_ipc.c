/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Channels between roles: floods, broken rules, ends inside callbacks. */
#include "tests/unit/unit.h"

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/log.h"
#include "releaserd/ipc.h"

static struct event_base *base;
static struct ipc_chan *ch;
static int other, said, frames, closes, fail_at, free_at;
static bool flood;

/* Say one empty message; false when the socket is full. */
static bool
say(void)
{
	struct rel_frame fr = { .type = IPC_READY };
	struct rel_err err;

	if (rel_frame_send(other, &fr, 0, &err) < 0)
		return false;
	said++;
	return true;
}

static void
on_frame(struct ipc_chan *at, struct rel_frame *fr, void *ctx)
{
	assert_ptr_equal(&frames, ctx);
	rel_frame_drop_fds(fr);
	frames++;
	for (int i = 0; flood && i < 4 && say(); i++)
		;
	if (frames == fail_at)
		ipc_chan_fail(at);
	if (frames == free_at)
		ipc_chan_free(&ch);
}

static void
on_closed(struct ipc_chan *at, void *ctx)
{
	(void)ctx;
	assert_ptr_equal(ch, at);
	closes++;
	ipc_chan_free(&ch);
}

static int
open_chan(void **state)
{
	int pair[2];

	(void)state;
	rel_log_init("test", REL_ERROR + 1);
	said = frames = closes = fail_at = free_at = 0;
	flood = false;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return -1;
	other = pair[1];
	base = event_base_new();
	ch = ipc_chan_new(base, pair[0], "other", on_frame, on_closed,
	    &frames);
	return ch != NULL ? 0 : -1;
}

static int
close_chan(void **state)
{
	(void)state;
	ipc_chan_free(&ch);
	event_base_free(base);
	close(other);
	return 0;
}
#define CHAN(name) \
	cmocka_unit_test_setup_teardown(name, open_chan, close_chan)

static void
turn(void)
{
	event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

UNIT(a_flood_stays_in_the_socket)
{
	/* Each message heard brings four more, as fast as the socket takes
	 * them: what waits is never more than socket and one read hold. */
	flood = true;
	free_at = 100000;
	assert_true(say());
	while (ch != NULL)
		turn();
	assert_true(said > frames);
	assert_true(said - frames < 4000);
}

UNIT(after_a_broken_rule_nothing_comes_any_more)
{
	fail_at = 3;
	for (int i = 0; i < 10; i++)
		assert_true(say());
	turn();
	assert_int_equal(3, frames);
	assert_int_equal(1, closes);
	assert_null(ch);
}

UNIT(a_channel_may_be_failed_at_any_time)
{
	ipc_chan_fail(ch);
	assert_int_equal(0, closes);
	turn();
	assert_int_equal(1, closes);
}

UNIT(a_callback_may_free_its_channel)
{
	free_at = 2;
	for (int i = 0; i < 10; i++)
		assert_true(say());
	turn();
	turn();
	assert_int_equal(2, frames);
	assert_int_equal(0, closes);
	assert_null(ch);
}

UNIT(who_stops_reading_is_closed)
{
	static uint8_t much[100000];
	int rc = 0;

	for (int i = 0; i < 1000 && rc == 0; i++) {
		rc = ipc_send(ch, IPC_READY, 0, much, sizeof much);
		turn();
	}
	assert_int_equal(-REL_E_FULL, rc);
	turn();
	assert_int_equal(1, closes);
}

UNIT(what_was_said_before_the_end_comes)
{
	while (said < 200 && say())
		;
	assert_true(said > 65);		/* more than one turn gives out */
	shutdown(other, SHUT_WR);
	for (int i = 0; i < 10; i++)
		turn();
	assert_int_equal(said, frames);
	assert_int_equal(1, closes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CHAN(a_flood_stays_in_the_socket),
		CHAN(after_a_broken_rule_nothing_comes_any_more),
		CHAN(a_channel_may_be_failed_at_any_time),
		CHAN(a_callback_may_free_its_channel),
		CHAN(who_stops_reading_is_closed),
		CHAN(what_was_said_before_the_end_comes)
	};

	return cmocka_run_group_tests_name("ipc", tests, NULL, NULL);
}
