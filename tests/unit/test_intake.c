/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <string.h>

#include "lib/err.h"
#include "lib/intake.h"

static void
fill_begin(struct rel_in_begin *m)
{
	memset(m, 0, sizeof *m);
	memcpy(m->queue, "FollowMe", 9);
	memcpy(m->uuid, "urn:uuid:1", 11);
	m->document = 3;
	m->cups_job = 4711;
	memcpy(m->user, "\xc3\x9cnal", 6);
	memcpy(m->host, "pc7", 4);
	memset(m->title, 't', sizeof m->title - 1);	/* as long as may be */
	memcpy(m->format, "image/pwg-raster", 17);
	m->copies = 999;
	memset(m->options, 'o', sizeof m->options - 1);
	memcpy(m->pin, "1234", 5);
	memcpy(m->pin_scheme, "none", 5);
	memcpy(m->server, "localhost", 10);
}

UNIT(begin_there_and_back)
{
	struct rel_in_begin a, b;
	struct rel_buf buf;

	fill_begin(&a);
	rel_buf_init(&buf);
	rel_in_begin_put(&buf, &a);
	assert_int_equal(0, buf.failed);
	memset(&b, 0, sizeof b);
	assert_int_equal(0, rel_in_begin_get(&b, buf.data, buf.len));
	assert_string_equal(a.queue, b.queue);
	assert_string_equal(a.uuid, b.uuid);
	assert_int_equal(a.document, b.document);
	assert_int_equal(a.cups_job, b.cups_job);
	assert_string_equal(a.user, b.user);
	assert_string_equal(a.host, b.host);
	assert_string_equal(a.title, b.title);
	assert_string_equal(a.format, b.format);
	assert_int_equal(a.copies, b.copies);
	assert_string_equal(a.options, b.options);
	assert_string_equal(a.pin, b.pin);
	assert_string_equal(a.pin_scheme, b.pin_scheme);
	assert_string_equal(a.server, b.server);
	rel_buf_fini_secret(&buf);
}

UNIT(begin_cut_anywhere_or_too_long_is_refused)
{
	struct rel_in_begin m;
	struct rel_buf buf;

	fill_begin(&m);
	m.title[20] = '\0';
	m.options[20] = '\0';
	rel_buf_init(&buf);
	rel_in_begin_put(&buf, &m);
	for (size_t n = 0; n < buf.len; n++)
		assert_int_equal(-REL_E_FORMAT,
		    rel_in_begin_get(&m, buf.data, n));
	rel_put_u8(&buf, 0);
	assert_int_equal(-REL_E_FORMAT,
	    rel_in_begin_get(&m, buf.data, buf.len));
	rel_buf_fini_secret(&buf);
}

UNIT(begin_with_a_text_that_does_not_fit)
{
	struct rel_in_begin m;
	struct rel_buf buf;
	char queue[sizeof m.queue + 1];

	memset(queue, 'q', sizeof m.queue);
	queue[sizeof m.queue] = '\0';
	rel_buf_init(&buf);
	rel_put_str(&buf, queue);
	assert_int_equal(-REL_E_LIMIT,
	    rel_in_begin_get(&m, buf.data, buf.len));
	rel_buf_fini(&buf);
}

UNIT(spool_there_and_back)
{
	struct rel_in_spool a = { UINT64_MAX - 5, { 0 }, 1u << 30 }, b;
	struct rel_buf buf;

	for (unsigned i = 0; i < sizeof a.key; i++)
		a.key[i] = (uint8_t)(200 + i);
	rel_buf_init(&buf);
	rel_in_spool_put(&buf, &a);
	assert_int_equal(0, rel_in_spool_get(&b, buf.data, buf.len));
	assert_true(a.job_id == b.job_id);
	assert_memory_equal(a.key, b.key, sizeof a.key);
	assert_true(a.limit_bytes == b.limit_bytes);
	for (size_t n = 0; n < buf.len; n++)
		assert_int_equal(-REL_E_FORMAT,
		    rel_in_spool_get(&b, buf.data, n));
	buf.data[8] = 31;			/* a key of another length */
	assert_int_equal(-REL_E_FORMAT,
	    rel_in_spool_get(&b, buf.data, buf.len));
	rel_buf_fini_secret(&buf);
}

UNIT(refused_there_and_back)
{
	struct rel_in_refused a = {
		"account-limit-reached", "You have 500 jobs waiting."
	}, b;
	struct rel_buf buf;

	rel_buf_init(&buf);
	rel_in_refused_put(&buf, &a);
	assert_int_equal(0, rel_in_refused_get(&b, buf.data, buf.len));
	assert_string_equal(a.jobstate, b.jobstate);
	assert_string_equal(a.reason, b.reason);
	assert_int_equal(-REL_E_FORMAT,
	    rel_in_refused_get(&b, buf.data, buf.len - 1));
	rel_buf_fini(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(begin_there_and_back),
		UNIT_RUN(begin_cut_anywhere_or_too_long_is_refused),
		UNIT_RUN(begin_with_a_text_that_does_not_fit),
		UNIT_RUN(spool_there_and_back),
		UNIT_RUN(refused_there_and_back),
	};

	return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
