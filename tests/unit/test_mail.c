/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Mails: what may stand in one, and what becomes of one that fails. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mail.h"
#include "releaserd/core/mail.h"
#include "releaserd/core/policy.h"
#include "releaserd/core/store_mail.h"
#include "tests/unit/core_whole.h"

/* ---- what may stand in one */

UNIT(an_address_is_one_word)
{
	static const char *const good[] = { "anna@example.com", "a@b",
	    "a.b+c@sub.example.com", "O'Brien@example.com" };
	static const char *const bad[] = { "", "anna", "@example.com",
	    "anna@", "anna@example.com\r\nBcc: eve@example.com",
	    "anna@example.com\n", "an na@example.com", "<anna@example.com>",
	    "anna@example.com,eve@example.com", "anna@a@b", "-anna@b",
	    "\"anna\"@b", "\xc3\xa4@b", "anna@.b", "anna@-b" };
	char large[400];

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(rel_mail_address_ok(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(rel_mail_address_ok(bad[i]));
	memset(large, 'a', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	memcpy(large, "a@", 2);
	assert_false(rel_mail_address_ok(large));
}

UNIT(a_server_has_a_port)
{
	static const char *const good[] = { "localhost:25", "127.0.0.1:1025",
	    "[::1]:25", "mail.example.com:587" };
	static const char *const bad[] = { "", "localhost", "localhost:",
	    ":25", "a b:25", "a/b:25", "user@a:25", "[::1]", "[]:25",
	    "[::1:25", "a:25/x", "a:123456", "-a:25" };

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(rel_mail_server_ok(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(rel_mail_server_ok(bad[i]));
}

static char *
written(struct rel_buf *b, const char *subject, const char *text)
{
	struct rel_mail m = { .from = "p@example.com",
	    .to = "anna@example.com", .subject = subject, .text = text,
	    .id = "j-1.2", .at_ms = 1795255200000 };

	rel_buf_init(b);
	assert_int_equal(0, rel_mail_write(b, &m));
	rel_put_u8(b, 0);
	return (char *)b->data;
}

UNIT(headers_are_ours_alone)
{
	static const char evil[] = "Hello\r\nBcc: eve@example.com\r\n\r\nx";
	struct rel_buf b;
	const char *mail = written(&b, evil, "Hello.\r\n.\r\nQUIT\n");
	const char *end = strstr(mail, "\r\n\r\n");

	assert_non_null(end);
	assert_null(strstr(mail, "Bcc"));
	assert_null(strstr(mail, "QUIT"));
	assert_non_null(strstr(mail, "From: <p@example.com>\r\n"));
	assert_non_null(strstr(mail, "Message-ID: <j-1.2@example.com>\r\n"));
	assert_non_null(strstr(mail, "Date: Sat, 21 Nov 2026 "));
	/* "Hello.\r\n.\r\nQUIT\n" as RFC 4648 has it */
	assert_non_null(strstr(end, "\r\n\r\nSGVsbG8uDQouDQpRVUlUCg==\r\n"));
	for (const char *p = mail; (p = strchr(p, '\n')) != NULL; p++)
		assert_int_equal('\r', p[-1]);
	rel_buf_fini(&b);
}

UNIT(lines_are_short_whatever_the_text)
{
	char text[4000];
	struct rel_buf b;
	size_t line = 0;

	for (size_t i = 0; i + 1 < sizeof text; i++)
		text[i] = (char)(i % 2 == 0 ? '\xc3' : '\xa4');
	text[sizeof text - 2] = '\0';
	for (const char *p = written(&b, text, text); *p != '\0'; p++) {
		line = *p == '\n' ? 0 : line + 1;
		assert_true(line <= 77);	/* with CR */
	}
	rel_buf_fini(&b);
}

UNIT(nothing_is_written_to_a_wrong_address)
{
	struct rel_mail m = { .from = "p@example.com", .to = "a\nb@c",
	    .subject = "", .text = "", .id = "x" };
	struct rel_buf b;

	rel_buf_init(&b);
	assert_int_equal(-REL_E_FORMAT, rel_mail_write(&b, &m));
	m.to = "a@b";
	m.id = "x>\r\nBcc: e@f";
	assert_int_equal(-REL_E_FORMAT, rel_mail_write(&b, &m));
	assert_int_equal(0, b.len);
	rel_buf_fini(&b);
}

/* ---- what becomes of one */

static int agent;
static int64_t job;

/* anna's job waits with a question; its mail is due. */
static void
waits(void)
{
	struct settings *s = &whole->role->set;
	struct wait w = { .kind = WAIT_QUESTION, .asked_ms = 1 };
	struct rel_err err;
	struct user u;

	memset(&u, 0, sizeof u);
	u.id = 7;
	memcpy(u.key, "anna", 5);
	memcpy(u.name, "anna", 5);
	memcpy(u.mail, "anna@example.com", 17);
	snprintf(s->mail_server, sizeof s->mail_server, "localhost:25");
	snprintf(s->mail_from, sizeof s->mail_from, "p@example.com");
	s->mail_after_ms = 0;
	agent = whole_peer(ROLE_AGENT);
	w.job = job = whole_counted(3);
	snprintf(w.rule, sizeof w.rule, "Much");
	snprintf(w.text, sizeof w.text, "Really?");
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_user_add(whole->st, &u));
	assert_int_equal(0, store_wait_add(whole->st, &w));
	assert_int_equal(0, mail_later(whole, job));
	whole_commit();
}

/* The clock of core; what an agent is then asked to send: its id, or 0. */
static uint32_t
handed_over(void)
{
	struct rel_frame fr;
	uint32_t id = 0;

	mails_tick(whole);
	whole_turns();
	while (whole_heard(agent, &fr)) {
		if (fr.type == IPC_MAIL)
			id = fr.id;
		rel_frame_drop_fds(&fr);
	}
	return id;
}

/* What the agent says of it; this many tries were made, or -1: it is gone. */
static int64_t
told(uint32_t id, uint8_t what)
{
	struct rel_frame fr = { .type = IPC_MAILED, .id = id, .body = &what,
	    .len = 1 };
	int64_t found = 0, tries = -1;
	struct rel_err err;

	assert_int_not_equal(0, id);
	assert_int_equal(0, rel_frame_send(agent, &fr, 1000, &err));
	whole_turns();
	if (store_mail_due(whole->st, INT64_MAX, &found, &tries) != 0)
		return -1;
	assert_int_equal(job, found);
	return tries;
}

/* As if its time had come. */
static void
due_now(int64_t tries)
{
	struct rel_err err;

	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_mail_put(whole->st, job, 0, tries));
	whole_commit();
}

UNIT(one_that_was_taken_is_not_sent_twice)
{
	waits();
	assert_int_equal(-1, told(handed_over(), MAIL_SENT));
	assert_int_equal(0, handed_over());
	close(agent);
}

UNIT(one_that_failed_is_tried_again_later)
{
	uint32_t id;

	waits();
	id = handed_over();
	/* One at a time, however long it takes. */
	assert_int_equal(0, handed_over());
	assert_int_equal(1, told(id, MAIL_LATER));
	/* Not at once. */
	assert_int_equal(0, handed_over());
	for (int64_t i = 1; i < 12; i++) {
		due_now(i);
		assert_int_equal(i + 1, told(handed_over(), MAIL_LATER));
	}
	due_now(12);
	/* In the end it is given up. */
	assert_int_equal(-1, told(handed_over(), MAIL_LATER));
	close(agent);
}

UNIT(one_that_is_refused_is_given_up)
{
	waits();
	assert_int_equal(-1, told(handed_over(), MAIL_NEVER));
	close(agent);
}

UNIT(what_its_owner_has_seen_needs_none)
{
	waits();
	mail_seen(whole, job);
	whole_turns();
	assert_int_equal(0, handed_over());
	close(agent);
}

/* ---- somebody who has a program that shows questions */

static void
asked_at(int64_t asked_ms, int64_t due_ms)
{
	static char last[40] = "Much";
	struct wait w = { .kind = WAIT_QUESTION, .job = job,
	    .state = WAIT_YES, .asked_ms = asked_ms, .due_ms = due_ms };
	struct rel_err err;

	snprintf(w.rule, sizeof w.rule, "%s", last);
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_wait_answer(whole->st, &w));
	w.state = WAIT_OPEN;
	snprintf(last, sizeof last, "At %lld", (long long)asked_ms);
	snprintf(w.rule, sizeof w.rule, "%s", last);
	snprintf(w.text, sizeof w.text, "Really?");
	assert_int_equal(0, store_wait_add(whole->st, &w));
	assert_int_equal(0, store_mail_put(whole->st, job, 0, 0));
	whole_commit();
}

/* Does the mail wait until then, to the millisecond? */
static bool
goes_at(int64_t ms)
{
	int64_t id, tries;

	whole_turns();
	return store_mail_due(whole->st, ms - 1, &id, &tries) != 0 &&
	    store_mail_due(whole->st, ms, &id, &tries) == 0;
}

UNIT(who_listens_has_more_time)
{
	int64_t now = rel_now_ms();

	waits();
	whole->role->set.mail_after_ms = 1000;
	whole->role->set.mail_listen_ms = 60000;
	listen_heard(whole, "bert");
	assert_false(listen_now(whole, "anna"));
	listen_heard(whole, "anna");
	listen_heard(whole, "anna");
	assert_true(listen_now(whole, "anna"));
	asked_at(now - 2000, 0);
	assert_int_equal(0, handed_over());
	assert_true(goes_at(now - 2000 + 61000));
	/* When nobody has answered by then it goes. */
	asked_at(now - 62000, 0);
	assert_int_equal(-1, told(handed_over(), MAIL_SENT));
	/* A question that ends soon is waited for half of its time. */
	asked_at(now - 1500, now + 20500);
	assert_int_equal(0, handed_over());
	assert_true(goes_at(now + 9500));
	close(agent);
}

/* What waits for somebody else's approval needs no answer there. */
UNIT(who_listens_is_told_of_approvals)
{
	struct wait w = { .kind = WAIT_APPROVAL, .rule = "Boss",
	    .group = "bosses", .asked_ms = rel_now_ms() };
	struct rel_err err;

	waits();
	listen_heard(whole, "anna");
	w.job = job;
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_wait_answer(whole->st, &(struct wait){
	    .kind = WAIT_QUESTION, .job = job, .rule = "Much",
	    .state = WAIT_YES }));
	assert_int_equal(0, store_wait_add(whole->st, &w));
	assert_int_equal(0, store_mail_put(whole->st, job, 0, 0));
	whole_commit();
	assert_int_equal(-1, told(handed_over(), MAIL_SENT));
	close(agent);
}

UNIT(who_has_no_address_gets_none)
{
	struct rel_err err;
	struct user u;
	int64_t found, tries;

	waits();
	assert_int_equal(0, store_user_get(whole->st, "anna", &u));
	u.mail[0] = '\0';
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_user_set(whole->st, &u));
	whole_commit();
	assert_int_equal(0, handed_over());
	whole_turns();
	assert_int_equal(-REL_E_NOTFOUND, store_mail_due(whole->st,
	    INT64_MAX, &found, &tries));
	close(agent);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_one_word),
		cmocka_unit_test(a_server_has_a_port),
		cmocka_unit_test(headers_are_ours_alone),
		cmocka_unit_test(lines_are_short_whatever_the_text),
		cmocka_unit_test(nothing_is_written_to_a_wrong_address),
		WHOLE(one_that_was_taken_is_not_sent_twice),
		WHOLE(one_that_failed_is_tried_again_later),
		WHOLE(one_that_is_refused_is_given_up),
		WHOLE(what_its_owner_has_seen_needs_none),
		WHOLE(who_listens_has_more_time),
		WHOLE(who_listens_is_told_of_approvals),
		WHOLE(who_has_no_address_gets_none)
	};

	return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
