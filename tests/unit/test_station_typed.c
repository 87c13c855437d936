/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A card reader that types: event devices, read from a pipe in their place. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/input.h>

#include "lib/text.h"
#include "station/desk.h"

static char path[64], said[8][TYPED_MAX + 1];
static unsigned nsaid;
static int out;
static struct typed t;

static int
open_reader(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "/tmp/rel-typed-%ld", (long)getpid());
	unlink(path);
	if (mkfifo(path, 0600) < 0)
		return -1;
	nsaid = 0;
	typed_init(&t, path, 2000);
	typed_open(&t, 1);
	out = open(path, O_WRONLY);
	return t.fd >= 0 && out >= 0 ? 0 : -1;
}

static int
close_reader(void **state)
{
	(void)state;
	typed_close(&t);
	close(out);
	unlink(path);
	return 0;
}

static void
event(unsigned type, unsigned code, int value)
{
	struct input_event ev;

	memset(&ev, 0, sizeof ev);
	ev.type = (uint16_t)type;
	ev.code = (uint16_t)code;
	ev.value = value;
	assert_int_equal(write(out, &ev, sizeof ev), sizeof ev);
}

static void
key(unsigned code)
{
	event(EV_MSC, MSC_SCAN, 7);
	event(EV_KEY, code, 1);
	event(EV_KEY, code, 2);		/* held too long: it repeats */
	event(EV_KEY, code, 0);
	event(EV_SYN, SYN_REPORT, 0);
}

static void
on_line(void *ctx, const char *text)
{
	assert_ptr_equal(ctx, &t);
	assert_true(nsaid < 8);
	snprintf(said[nsaid++], sizeof said[0], "%s", text);
}

static void
take(int64_t now_ms)
{
	struct stat st;

	for (int i = 0; i < 400 && t.fd >= 0; i++)
		typed_read(&t, now_ms, on_line, &t);
	assert_int_equal(stat(path, &st), 0);
}

static void
test_line(void **state)
{
	(void)state;
	key(KEY_0);
	key(KEY_4);
	event(EV_KEY, KEY_LEFTSHIFT, 1);
	key(KEY_A);
	event(EV_KEY, KEY_LEFTSHIFT, 0);
	key(KEY_F);
	key(KEY_KP7);
	key(KEY_ENTER);
	key(KEY_9);
	key(KEY_KPENTER);
	key(KEY_ENTER);
	take(1000);
	assert_int_equal(nsaid, 3);
	assert_string_equal(said[0], "04Af7");
	assert_string_equal(said[1], "9");
	assert_string_equal(said[2], "");
}

static void
test_mend(void **state)
{
	(void)state;
	key(KEY_1);
	key(KEY_2);
	key(KEY_BACKSPACE);
	key(KEY_3);
	key(KEY_ENTER);
	key(KEY_5);
	key(KEY_ESC);
	key(KEY_BACKSPACE);
	key(KEY_ENTER);
	take(1000);
	assert_int_equal(nsaid, 2);
	assert_string_equal(said[0], "13");
	assert_string_equal(said[1], "");
}

static void
test_too_long(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TYPED_MAX; i++) {
		key(KEY_8);
		take(1000);
	}
	key(KEY_ENTER);
	take(1000);
	assert_int_equal(nsaid, 1);
	assert_int_equal(strlen(said[0]), TYPED_MAX);
	for (unsigned i = 0; i <= TYPED_MAX; i++) {
		key(KEY_8);
		take(1000);
	}
	key(KEY_ENTER);
	key(KEY_1);
	key(KEY_ENTER);
	take(1000);
	assert_int_equal(nsaid, 2);
	assert_string_equal(said[1], "1");
}

/* Half a card, and later another one. */
static void
test_slow(void **state)
{
	(void)state;
	key(KEY_1);
	take(1000);
	key(KEY_2);
	take(2900);
	key(KEY_3);
	take(4901);
	key(KEY_ENTER);
	take(4902);
	assert_int_equal(nsaid, 1);
	assert_string_equal(said[0], "3");
}

/* A PIN takes its time; what is left of one is not the next person's. */
static void
test_keypad(void **state)
{
	(void)state;
	t.gap_ms = 30000;
	key(KEY_1);
	take(1000);
	key(KEY_2);
	take(30900);
	key(KEY_ENTER);
	take(30901);
	key(KEY_3);
	take(31000);
	typed_forget(&t);
	key(KEY_4);
	key(KEY_ENTER);
	take(31001);
	assert_int_equal(nsaid, 2);
	assert_string_equal(said[0], "12");
	assert_string_equal(said[1], "4");
}

static void
test_odd(void **state)
{
	char junk[sizeof(struct input_event) * 3];

	(void)state;
	memset(junk, 0xff, sizeof junk);
	assert_int_equal(write(out, junk, sizeof junk), sizeof junk);
	event(EV_KEY, KEY_MAX, 1);
	event(EV_KEY, 0, 1);
	event(EV_REL, REL_X, 1);
	key(KEY_7);
	key(KEY_ENTER);
	take(1000);
	assert_int_equal(nsaid, 1);
	assert_string_equal(said[0], "7");
}

/* It is pulled out, and put in again. */
static void
test_gone(void **state)
{
	(void)state;
	key(KEY_7);
	close(out);
	take(1000);
	assert_int_equal(t.fd, -1);
	typed_open(&t, 2999);
	assert_int_equal(t.fd, -1);
	typed_open(&t, 3000);
	assert_true(t.fd >= 0);
	out = open(path, O_WRONLY);
	key(KEY_4);
	key(KEY_ENTER);
	take(3001);
	assert_int_equal(nsaid, 1);
	assert_string_equal(said[0], "4");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, open_reader, close_reader)
		T(test_line), T(test_mend), T(test_too_long), T(test_slow),
		T(test_keypad), T(test_odd), T(test_gone)
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
