/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Channels between roles: floods, broken rules, ends inside callbacks. */
#include "tests/unit/unit.h"

#include <stdbool.h>
#include <stdio.h>
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

/* ---- what a render is asked and answers */

static void
a_job(struct render_job *m)
{
	memset(m, 0, sizeof *m);
	m->job_id = 0x123456789abcdefull;
	m->op = RENDER_MAKE;
	memset(m->key, 7, sizeof m->key);
	memset(m->out_key, 9, sizeof m->out_key);
	m->plain_bytes = 5ull << 32;
	snprintf(m->format, sizeof m->format, "application/pdf");
	snprintf(m->driver, sizeof m->driver, "/etc/cups/ppd/x.ppd");
	rel_ticket_init(&m->ticket);
	m->ticket.copies = 3;
	m->ticket.number_up = 4;
	snprintf(m->ticket.pages, sizeof m->ticket.pages, "1-3,7");
	rel_facts_init(&m->facts);
	m->facts.input_pages = 70;
	m->facts.pages_sure = REL_SURE_EXACT;
	m->deadline_ms = 60000;
	m->max_bytes = 1u << 30;
	m->preview_px = 300;
}

UNIT(a_render_job_comes_through)
{
	struct render_job m, now;
	struct rel_buf b;

	a_job(&m);
	rel_buf_init(&b);
	render_job_put(&b, &m);
	assert_int_equal(0, b.failed);
	assert_int_equal(0, render_job_get(&now, b.data, b.len));
	assert_int_equal(m.job_id, now.job_id);
	assert_int_equal(RENDER_MAKE, now.op);
	assert_memory_equal(m.key, now.key, 32);
	assert_memory_equal(m.out_key, now.out_key, 32);
	assert_int_equal(m.plain_bytes, now.plain_bytes);
	assert_string_equal(m.format, now.format);
	assert_string_equal(m.driver, now.driver);
	assert_int_equal(3, now.ticket.copies);
	assert_int_equal(4, now.ticket.number_up);
	assert_string_equal("1-3,7", now.ticket.pages);
	assert_int_equal(70, now.facts.input_pages);
	assert_int_equal(60000, now.deadline_ms);
	assert_int_equal(1u << 30, now.max_bytes);
	assert_int_equal(300, now.preview_px);
	/* Not a byte less, and not a byte more. */
	for (size_t n = 0; n < b.len; n++)
		assert_true(render_job_get(&now, b.data, n) < 0);
	rel_put_u8(&b, 0);
	assert_true(render_job_get(&now, b.data, b.len) < 0);
	rel_buf_fini(&b);
}

UNIT(a_render_job_that_cannot_be_is_refused)
{
	struct render_job m, now;

	for (int i = 0; i < 3; i++) {
		struct rel_buf b;

		a_job(&m);
		if (i == 0)
			m.op = 0;
		else if (i == 1)
			m.op = RENDER_PREVIEW + 1;
		else
			m.preview_px = RENDER_PX_MAX + 1;
		rel_buf_init(&b);
		render_job_put(&b, &m);
		assert_true(render_job_get(&now, b.data, b.len) < 0);
		rel_buf_fini(&b);
	}
}

UNIT(a_render_result_comes_through)
{
	static uint8_t png[RENDER_PNG_MAX + 1];
	struct render_result m = {
		.job_id = 4711, .op = RENDER_PREVIEW,
		.outcome = RENDER_REFUSED, .out_bytes = 99,
		.reason = "no such page", .png = png, .png_len = 1000
	}, now;
	struct rel_buf b;

	png[999] = 5;
	rel_facts_init(&m.facts);
	m.facts.sides = m.facts.sheets = 12;
	rel_buf_init(&b);
	render_result_put(&b, &m);
	assert_int_equal(0, render_result_get(&now, b.data, b.len));
	assert_int_equal(4711, now.job_id);
	assert_int_equal(RENDER_PREVIEW, now.op);
	assert_int_equal(RENDER_REFUSED, now.outcome);
	assert_int_equal(99, now.out_bytes);
	assert_int_equal(12, now.facts.sides);
	assert_string_equal("no such page", now.reason);
	assert_int_equal(1000, now.png_len);
	assert_memory_equal(png, now.png, 1000);
	for (size_t n = 0; n < b.len; n++)
		assert_true(render_result_get(&now, b.data, n) < 0);
	rel_buf_reset(&b);
	m.png_len = sizeof png;
	render_result_put(&b, &m);
	assert_true(render_result_get(&now, b.data, b.len) < 0);
	rel_buf_reset(&b);
	m.png_len = 0;
	m.outcome = RENDER_LATER + 1;
	render_result_put(&b, &m);
	assert_true(render_result_get(&now, b.data, b.len) < 0);
	rel_buf_fini(&b);
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
		CHAN(what_was_said_before_the_end_comes),
		UNIT_RUN(a_render_job_comes_through),
		UNIT_RUN(a_render_job_that_cannot_be_is_refused),
		UNIT_RUN(a_render_result_comes_through)
	};

	return cmocka_run_group_tests_name("ipc", tests, NULL, NULL);
}
