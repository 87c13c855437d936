/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A document that is altered between the tap and the transfer. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/store_priv.h"
#include "releaserd/journal.h"
#include "tests/unit/core_whole.h"

#define MADE_BYTES 4711u

static struct device dev;
static struct render_job asked;		/* what the render was given last */

/* A held PDF of seven pages, two of them in colour, with these options. */
static int64_t
pdf_job(const char *options)
{
	struct rel_facts f;
	struct rel_err err;
	struct job j;
	int64_t id = whole_job();

	rel_facts_init(&f);
	memcpy(f.language, "pdf", 4);
	f.input_pages = f.sides = f.sheets = f.impressions = 7;
	f.colour_sides = 2;
	f.pages_sure = f.colour_sure = REL_SURE_EXACT;
	rel_facts_add_colour(&f, 2, 3);
	rel_facts_add_media(&f, 21000, 29700);
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_true(store_exec(whole->st, "UPDATE job SET options=?,"
	    "format='application/pdf' WHERE id=?", "ti", options, id) == 1);
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	pages_count(&j, &f, false);
	assert_int_equal(0, pages_store(whole, &j, &f));
	assert_int_equal(0, store_commit(whole->st, &err));
	return id;
}

/* The render has been given a document: how many descriptors came. */
static int
given(int render)
{
	struct rel_frame fr;
	int n;

	if (whole_heard(render, &fr) != 1)
		return -1;
	assert_int_equal(IPC_RENDER_JOB, fr.type);
	assert_int_equal(0, render_job_get(&asked, fr.body, fr.len));
	n = (int)fr.nfds;
	rel_frame_drop_fds(&fr);
	return n;
}

static void
say_made(int render, enum render_outcome outcome, const char *reason)
{
	struct render_result r = { .job_id = asked.job_id, .op = asked.op,
	    .outcome = (uint8_t)outcome, .out_bytes = MADE_BYTES };
	struct rel_buf b;

	rel_facts_init(&r.facts);
	memcpy(r.facts.language, "pdf", 4);
	r.facts.pages_sure = r.facts.colour_sure = REL_SURE_EXACT;
	r.facts.input_pages = r.facts.sides = r.facts.impressions = 7;
	r.facts.sheets = 4;
	snprintf(r.reason, sizeof r.reason, "%s", reason);
	rel_buf_init(&b);
	render_result_put(&b, &r);
	whole_say(render, IPC_RENDER_RESULT, &b);
	rel_buf_fini(&b);
	whole_turns();
}

static bool
made_is_there(int64_t id)
{
	char name[40];

	made_file(name, id);
	return faccessat(whole->spool_dir, name, F_OK, 0) == 0;
}

static void
reason_of(int64_t id, char out[240])
{
	struct job j;

	assert_int_equal(0, store_job_get(whole->st, id, &j));
	memcpy(out, j.reason, 240);
}

/* A two-sided job that a render works on. */
static int64_t
making(int *render)
{
	int64_t id = pdf_job("sides=two-sided-long-edge");

	whole_device(&dev);
	*render = whole_peer(ROLE_RENDER);
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	assert_int_equal(2, given(*render));
	assert_int_equal(RENDER_MAKE, asked.op);
	assert_int_equal(REL_DUPLEX_LONG, asked.ticket.sides);
	assert_int_equal(JOB_RELEASING, whole_state(id));
	assert_true(made_is_there(id));
	return id;
}

UNIT(what_asks_for_nothing_goes_as_it_is_held)
{
	int render = whole_peer(ROLE_RENDER), send = whole_peer(ROLE_SEND);
	int64_t id = pdf_job("media=A4 job-uuid=urn:uuid:1 print-quality=4");
	struct rel_frame fr;

	whole_device(&dev);
	assert_int_equal(0, whole_release(id, &dev));
	whole_turns();
	assert_int_equal(-1, given(render));
	assert_int_equal(1, whole_heard(send, &fr));
	rel_frame_drop_fds(&fr);
	assert_false(made_is_there(id));
	close(render);
	close(send);
}

UNIT(what_was_made_goes_out_under_its_own_key)
{
	struct send_result sent = { .outcome = REL_SEND_SENT, .bytes = 1 };
	int render, send;
	int64_t id = making(&render);
	struct rel_frame fr;
	struct send_job m;
	struct rel_buf b;
	struct job j;

	say_made(render, RENDER_DONE, "");
	send = whole_peer(ROLE_SEND);
	whole_turns();
	assert_int_equal(1, whole_heard(send, &fr));
	assert_int_equal(0, send_job_get(&m, fr.body, fr.len));
	assert_int_equal(2, fr.nfds);
	rel_frame_drop_fds(&fr);
	assert_int_equal(MADE_BYTES, m.plain_bytes);
	assert_memory_equal(asked.out_key, m.key, 32);
	assert_memory_not_equal(asked.key, m.key, 32);
	sent.job_id = (uint64_t)id;
	rel_buf_init(&b);
	send_result_put(&b, &sent);
	whole_say(send, IPC_SEND_RESULT, &b);
	rel_buf_fini(&b);
	whole_turns();
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	assert_int_equal(JOB_SENT, j.state);
	assert_int_equal(7, j.out.sides);
	assert_int_equal(4, j.out.sheets);
	assert_int_equal(0, j.out.colour);
	assert_int_equal(1, j.out_copies);
	assert_false(made_is_there(id));
	close(render);
	close(send);
}

UNIT(what_cannot_be_made_is_held_with_the_reason)
{
	char why[240];
	int render;
	int64_t id = making(&render);

	say_made(render, RENDER_REFUSED, "8 sides came out and 7 should have");
	assert_int_equal(JOB_HELD, whole_state(id));
	reason_of(id, why);
	assert_string_equal("8 sides came out and 7 should have", why);
	assert_false(made_is_there(id));
	close(render);
}

UNIT(a_render_that_dies_is_replaced_once)
{
	int first, second;
	int64_t id = making(&first);
	uint8_t key[32];

	memcpy(key, asked.out_key, sizeof key);
	close(first);
	whole_turns();
	assert_int_equal(JOB_RELEASING, whole_state(id));
	second = whole_peer(ROLE_RENDER);
	whole_turns();
	assert_int_equal(2, given(second));
	assert_memory_not_equal(key, asked.out_key, 32);
	close(second);
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
	assert_false(made_is_there(id));
}

UNIT(a_core_that_dies_meanwhile_has_printed_nothing)
{
	char why[240];
	int render;
	int64_t id = making(&render);

	whole_restart();
	whole_turns();
	assert_int_equal(JOB_HELD, whole_state(id));
	reason_of(id, why);
	assert_non_null(strstr(why, "before anything was printed"));
	close(render);
}

UNIT(a_render_cannot_answer_for_another_job)
{
	int render;
	int64_t id = making(&render);

	asked.job_id++;
	say_made(render, RENDER_DONE, "");
	assert_int_equal(JOB_RELEASING, whole_state(id));
	/* Its channel is closed; the job waits for another. */
	close(render);
	render = whole_peer(ROLE_RENDER);
	whole_turns();
	assert_int_equal(2, given(render));
	assert_int_equal(id, (int64_t)asked.job_id);
	close(render);
}

UNIT(changes_follow_the_job_and_its_count)
{
	int64_t id = pdf_job("");
	struct rel_err err = { 0 };
	struct job was, now;

	assert_int_equal(0, store_job_get(whole->st, id, &was));
	assert_int_equal(7, was.count.sides);
	assert_int_equal(2, was.count.colour);
	now = was;
	assert_int_equal(0, pages_change(&now, "copies=3 sides="
	    "two-sided-short-edge number_up=2 color=mono", &err));
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, pages_save(whole, &was, &now, "anna"));
	assert_int_equal(0, store_commit(whole->st, &err));
	assert_int_equal(0, store_job_get(whole->st, id, &now));
	assert_int_equal(3, now.copies);
	assert_int_equal(4, now.count.sides);
	assert_int_equal(2, now.count.sheets);
	assert_int_equal(0, now.count.colour);
	assert_int_equal(REL_DUPLEX_SHORT, now.count.duplex);
	/* And back: what is stored is the whole of it. */
	was = now;
	assert_int_equal(0, pages_change(&now, "number_up=1 color=color "
	    "sides=one-sided", &err));
	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, pages_save(whole, &was, &now, "anna"));
	assert_int_equal(0, store_commit(whole->st, &err));
	assert_int_equal(0, store_job_get(whole->st, id, &now));
	assert_int_equal(7, now.count.sides);
	assert_int_equal(7, now.count.sheets);
	assert_int_equal(2, now.count.colour);
	assert_true(pages_change(&now, "number_up=5", &err) < 0);
	assert_true(pages_change(&now, "nonsense=1", &err) < 0);
}

UNIT(a_printers_own_language_is_never_altered)
{
	struct rel_err err = { 0 };
	struct rel_ticket t;
	struct job j = { .copies = 2 };

	memcpy(j.format, "application/octet-stream", 25);
	memcpy(j.options, "sides=two-sided-long-edge", 26);
	memset(&dev, 0, sizeof dev);
	memcpy(dev.driver, "pjl", 4);
	pages_ticket(&j, &t);
	assert_int_equal(2, t.copies);
	assert_false(pages_must_make(whole, &j, &t, &dev));
	assert_int_equal(0, pages_change(&j, "copies=5", &err));
	assert_int_equal(5, j.copies);
	assert_int_equal(-REL_E_DENIED, pages_change(&j, "color=mono", &err));
	assert_non_null(strstr(err.text, "own language"));
}

/* ---- looks */

static void
say_looked(int render, const struct rel_facts *f, enum render_outcome outcome)
{
	struct render_result r = { .job_id = asked.job_id, .op = asked.op,
	    .outcome = (uint8_t)outcome, .facts = *f };
	struct rel_buf b;

	rel_buf_init(&b);
	render_result_put(&b, &r);
	whole_say(render, IPC_RENDER_RESULT, &b);
	rel_buf_fini(&b);
	whole_turns();
}

static void
want_look(int64_t id)
{
	struct rel_err err;

	assert_int_equal(0, store_begin(whole->st, &err));
	assert_int_equal(0, store_job_set_look(whole->st, id, LOOK_WANTED));
	assert_int_equal(0, store_commit(whole->st, &err));
}

UNIT(what_nobody_counted_is_looked_at)
{
	int render = whole_peer(ROLE_RENDER);
	int64_t id = whole_job();
	struct rel_facts f;
	struct job j;

	want_look(id);
	works_tick(whole);
	whole_turns();
	assert_int_equal(1, given(render));
	assert_int_equal(RENDER_COUNT, asked.op);
	rel_facts_init(&f);
	memcpy(f.language, "postscript", 11);
	f.pages_sure = REL_SURE_EXACT;
	f.input_pages = f.sides = f.sheets = f.impressions = 12;
	say_looked(render, &f, RENDER_DONE);
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	assert_int_equal(12, j.count.sides);
	assert_int_equal(LOOK_NONE, j.look);
	assert_int_equal(JOB_HELD, j.state);
	close(render);
}

UNIT(a_look_in_vain_is_not_tried_for_ever)
{
	int render = whole_peer(ROLE_RENDER), next;
	int64_t id = whole_job();
	struct rel_facts f;
	struct job j;

	want_look(id);
	works_tick(whole);
	whole_turns();
	assert_int_equal(1, given(render));
	rel_facts_init(&f);
	say_looked(render, &f, RENDER_REFUSED);
	assert_int_equal(0, store_job_get(whole->st, id, &j));
	assert_int_equal(LOOK_IN_VAIN, j.look);
	assert_int_equal(REL_SURE_UNKNOWN, j.count.pages_sure);
	next = whole_peer(ROLE_RENDER);
	works_tick(whole);
	works_tick(whole);
	whole_turns();
	assert_int_equal(-1, given(next));
	close(render);
	close(next);
}

/* What this machine cannot do now (no memory, no program) is tried again. */
UNIT(a_look_that_could_not_be_is_tried_again)
{
	int render = whole_peer(ROLE_RENDER), next;
	int64_t id = whole_job();
	struct rel_facts f;

	want_look(id);
	works_tick(whole);
	whole_turns();
	assert_int_equal(1, given(render));
	rel_facts_init(&f);
	say_looked(render, &f, RENDER_LATER);
	next = whole_peer(ROLE_RENDER);
	works_tick(whole);
	works_tick(whole);
	whole_turns();
	assert_int_equal(1, given(next));
	assert_int_equal(id, (int64_t)asked.job_id);
	close(render);
	close(next);
}

UNIT(unknown_pages_are_a_policy)
{
	struct job j = { .state = JOB_HELD };
	struct settings *s = &whole->role->set;

	assert_null(pages_unknown_problem(whole, &j));	/* accept */
	s->unknown_pages = 1;
	assert_string_equal("confirmation-needed",
	    pages_unknown_problem(whole, &j));
	j.confirmed = true;
	assert_null(pages_unknown_problem(whole, &j));
	s->unknown_pages = 2;
	assert_string_equal("pages-unknown",
	    pages_unknown_problem(whole, &j));
	j.look = LOOK_WANTED;
	assert_string_equal("pages-not-counted-yet",
	    pages_unknown_problem(whole, &j));
	j.count.pages_sure = REL_SURE_BOUND;
	assert_null(pages_unknown_problem(whole, &j));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WHOLE(what_asks_for_nothing_goes_as_it_is_held),
		WHOLE(what_was_made_goes_out_under_its_own_key),
		WHOLE(what_cannot_be_made_is_held_with_the_reason),
		WHOLE(a_render_that_dies_is_replaced_once),
		WHOLE(a_core_that_dies_meanwhile_has_printed_nothing),
		WHOLE(a_render_cannot_answer_for_another_job),
		WHOLE(changes_follow_the_job_and_its_count),
		WHOLE(a_printers_own_language_is_never_altered),
		WHOLE(what_nobody_counted_is_looked_at),
		WHOLE(a_look_in_vain_is_not_tried_for_ever),
		WHOLE(a_look_that_could_not_be_is_tried_again),
		WHOLE(unknown_pages_are_a_policy)
	};

	return cmocka_run_group_tests_name("release_made", tests, NULL, NULL);
}
