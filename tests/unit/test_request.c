/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/cursor.h"
#include "releaserd/request.h"

static struct req_job some_jobs[2];

static void
fill(struct request *rq)
{
	memset(rq, 0, sizeof *rq);
	rq->route = PANEL_ACTION;
	rq->caller = CALLER_DEVICE;
	memcpy(rq->caller_id, "D-17", 5);
	memset(rq->cert_fp, 'a', sizeof rq->cert_fp - 1);
	rq->uid = 1000;
	rq->gid = 4294967294u;
	memcpy(rq->addr, "2001:db8::7", 12);
	memcpy(rq->idem_key, "k-1", 4);
	memset(rq->body_hash, 0xa5, sizeof rq->body_hash);
	memcpy(rq->locale, "de", 3);
	rq->html = true;
	memcpy(rq->options.changes, "copies=3", 9);
	memcpy(rq->options.unsupported, "fold", 5);
	memset(some_jobs, 0, sizeof some_jobs);
	memcpy(some_jobs[0].id, "0ABC", 5);
	memcpy(some_jobs[1].id, "0ABD", 5);
	memcpy(some_jobs[1].options.changes, "copies=999", 11);
	rq->jobs = some_jobs;
	rq->njobs = 2;
	rq->f[F_OP].set = true;
	rq->f[F_OP].str = "release";
	rq->f[F_USER].set = true;
	rq->f[F_USER].str = "\xc3\x9cnal";
	rq->f[F_LIMIT].set = true;
	rq->f[F_LIMIT].num = INT64_MIN;
	rq->f[F_PASSWORD].set = true;
	rq->f[F_PASSWORD].str = "";
}

static void
put(struct rel_buf *b, const struct request *rq)
{
	rel_buf_init(b);
	request_put(b, rq);
	assert_int_equal(0, b->failed);
}

static int
get(struct request *rq, const void *p, size_t n)
{
	int rc = request_get(rq, p, n);

	if (rc < 0)
		request_fini(rq);
	return rc;
}

UNIT(there_and_back)
{
	struct request a, b;
	struct rel_buf buf;

	fill(&a);
	put(&buf, &a);
	assert_int_equal(0, request_get(&b, buf.data, buf.len));
	rel_buf_fini_secret(&buf);	/* b owns what it needs */
	assert_int_equal(PANEL_ACTION, b.route);
	assert_int_equal(CALLER_DEVICE, b.caller);
	assert_string_equal("D-17", b.caller_id);
	assert_string_equal(a.cert_fp, b.cert_fp);
	assert_int_equal(1000, b.uid);
	assert_int_equal(4294967294u, b.gid);
	assert_string_equal("2001:db8::7", b.addr);
	assert_string_equal("k-1", b.idem_key);
	assert_memory_equal(a.body_hash, b.body_hash, sizeof a.body_hash);
	assert_string_equal("de", b.locale);
	assert_true(b.html);
	assert_false(b.all_jobs);
	assert_string_equal("copies=3", b.options.changes);
	assert_string_equal("fold", b.options.unsupported);
	assert_int_equal(2, b.njobs);
	assert_string_equal("0ABD", b.jobs[1].id);
	assert_string_equal("", b.jobs[0].options.changes);
	assert_string_equal("copies=999", b.jobs[1].options.changes);
	assert_string_equal("release", req_str(&b, F_OP));
	assert_string_equal("\xc3\x9cnal", req_str(&b, F_USER));
	assert_string_equal("", req_str(&b, F_PASSWORD));
	assert_null(req_str(&b, F_PIN));
	assert_null(req_str(&b, F_LIMIT));
	assert_true(req_num(&b, F_LIMIT, 5) == INT64_MIN);
	assert_int_equal(5, req_num(&b, F_COPIES, 5));
	request_fini(&b);
	assert_null(b.blob);
	request_fini(&b);		/* twice is fine */
}

UNIT(every_field_at_once)
{
	struct request a, b;
	struct rel_buf buf;

	memset(&a, 0, sizeof a);
	for (int i = 0; i < F_COUNT; i++) {
		a.f[i].set = true;
		a.f[i].str = field_paths[i];
	}
	put(&buf, &a);
	assert_int_equal(0, request_get(&b, buf.data, buf.len));
	for (int i = 0; i < F_COUNT; i++)
		assert_string_equal(field_paths[i],
		    req_str(&b, (enum req_field)i));
	request_fini(&b);
	rel_buf_fini(&buf);
}

UNIT(cut_anywhere_or_too_long_is_refused)
{
	struct request a, b;
	struct rel_buf buf;

	fill(&a);
	put(&buf, &a);
	for (size_t n = 0; n < buf.len; n++)
		assert_true(get(&b, buf.data, n) < 0);
	rel_put_u8(&buf, 0);
	assert_int_equal(-REL_E_FORMAT, get(&b, buf.data, buf.len));
	rel_buf_fini(&buf);
}

UNIT(any_bit_wrong_is_survived)
{
	struct request a, b;
	struct rel_buf buf;

	fill(&a);
	put(&buf, &a);
	for (size_t i = 0; i < buf.len * 8; i++) {
		buf.data[i / 8] ^= (uint8_t)(1u << i % 8);
		if (request_get(&b, buf.data, buf.len) == 0) {
			assert_true(b.route < ROUTE_COUNT);
			assert_true(b.caller <= CALLER_LOCAL);
		}
		request_fini(&b);
		buf.data[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	rel_buf_fini(&buf);
}

/* What stands before the jobs of a request that has nothing in it. */
static void
put_head(struct rel_buf *b)
{
	struct request rq;

	memset(&rq, 0, sizeof rq);
	put(b, &rq);
	b->len -= 8;		/* without the two counts */
}

UNIT(counts_that_lie)
{
	struct request rq;
	struct rel_buf b;

	put_head(&b);
	rel_put_u32(&b, 201);			/* jobs */
	assert_int_equal(-REL_E_LIMIT, get(&rq, b.data, b.len));
	rel_buf_fini(&b);
	put_head(&b);
	rel_put_u32(&b, UINT32_MAX);
	assert_int_equal(-REL_E_LIMIT, get(&rq, b.data, b.len));
	rel_buf_fini(&b);
	put_head(&b);
	rel_put_u32(&b, 0);
	rel_put_u32(&b, UINT32_MAX);		/* fields */
	assert_int_equal(-REL_E_FORMAT, get(&rq, b.data, b.len));
	rel_buf_fini(&b);
}

/* One field with these bytes after a good head: what is the answer? */
static int
with_field(uint16_t id, uint8_t kind, const char *text, size_t n, int twice)
{
	struct request rq;
	struct rel_buf b;
	int rc;

	put_head(&b);
	rel_put_u32(&b, 0);
	rel_put_u32(&b, twice ? 2 : 1);
	for (int i = 0; i <= twice; i++) {
		rel_put_u16(&b, id);
		rel_put_u8(&b, kind);
		rel_put_bytes(&b, text, n);
	}
	if ((rc = request_get(&rq, b.data, b.len)) == 0)
		assert_string_equal(text, req_str(&rq, (enum req_field)id));
	request_fini(&rq);
	rel_buf_fini(&b);
	return rc;
}

UNIT(fields_that_are_none)
{
	assert_int_equal(0, with_field(F_OP, 1, "list", 4, 0));
	assert_int_equal(-REL_E_FORMAT, with_field(F_OP, 1, "list", 4, 1));
	assert_int_equal(-REL_E_FORMAT, with_field(F_OP, 2, "list", 4, 0));
	assert_int_equal(-REL_E_FORMAT, with_field(F_COUNT, 1, "x", 1, 0));
	assert_int_equal(-REL_E_FORMAT, with_field(65535, 1, "x", 1, 0));
	assert_int_equal(-REL_E_FORMAT, with_field(F_OP, 1, "a\0b", 3, 0));
	assert_int_equal(-REL_E_FORMAT, with_field(F_OP, 1, "\xff", 1, 0));
}

UNIT(responses)
{
	struct response a = {
		.status = 201, .replayed = true, .problem = "quota-exceeded",
		.detail = "no", .retry_after_s = 7, .body = "{\"a\":1}",
		.body_len = 7
	}, b;
	struct rel_buf buf;

	rel_buf_init(&buf);
	response_put(&buf, &a);
	assert_int_equal(0, response_get(&b, buf.data, buf.len));
	assert_int_equal(201, b.status);
	assert_true(b.replayed);
	assert_string_equal("quota-exceeded", b.problem);
	assert_string_equal("no", b.detail);
	assert_int_equal(7, b.retry_after_s);
	assert_int_equal(7, b.body_len);
	assert_memory_equal("{\"a\":1}", b.body, 7);
	for (size_t n = 0; n < buf.len; n++)
		assert_true(response_get(&b, buf.data, n) < 0);
	rel_buf_fini(&buf);
}

UNIT(problems_have_a_status)
{
	assert_int_equal(402, problem_status("quota-exceeded"));
	assert_int_equal(429, problem_status("locked-out"));
	assert_int_equal(500, problem_status("no such code"));
	assert_int_equal(500, problem_status(""));
}

UNIT(the_table_of_routes_is_whole)
{
	for (int i = 0; i < ROUTE_COUNT; i++) {
		const struct route *r = &routes[i];
		unsigned holes = 0, in_path = 0;

		assert_non_null(r->path);
		assert_int_equal('/', r->path[0]);
		assert_int_not_equal(0, r->callers);
		for (const char *p = r->path; *p != '\0'; p++)
			holes += *p == '{';
		for (const struct route_field *f = r->fields; f->id != F_COUNT;
		    f++) {
			assert_true(f->min <= f->max);
			in_path += (f->flags & FIELD_PATH) != 0;
		}
		assert_int_equal(holes, in_path);
		for (int k = 0; k < i; k++)
			assert_false(r->method == routes[k].method &&
			    strcmp(r->path, routes[k].path) == 0);
	}
}

UNIT(only_its_own_kind_may_call_a_route)
{
	for (int i = 0; i < ROUTE_COUNT; i++) {
		int opdp = strncmp(routes[i].path, "/opdp/", 6) == 0;

		/* No token of a person for devices, no device for people. */
		assert_int_equal(0, routes[i].callers & (opdp ? BY_PERSON :
		    BY_DEVICE));
		if (i == API_BACKUP_OPEN || i == API_BACKUP_CLOSE)
			assert_int_equal(BY_LOCAL, routes[i].callers);
		else if (!opdp && i != API_LOGIN && i != API_LOGOUT)
			assert_int_equal(BY_PERSON, routes[i].callers &
			    ~BY_BACKUP);
		/* Without a certificate or a token one may only come in. */
		assert_int_equal(i == OPDP_REGISTER || i == API_LOGIN,
		    (routes[i].callers & BY_ANYONE) != 0);
	}
}

/* No jobs, people, money, roles, logs; and not itself. */
UNIT(the_backup_password_opens_security_only)
{
	static const char *const may[] = { "/api/v1/directories",
	    "/api/v1/templates", "/api/v1/device-secrets",
	    "/api/v1/functions", "/api/v1/access", "/api/v1/settings",
	    "/api/v1/certificate", "/api/v1/lockouts" };
	unsigned n = 0;

	for (int i = 0; i < ROUTE_COUNT; i++) {
		bool fits = i == API_GROUP_LIST;	/* to choose one */

		if ((routes[i].callers & BY_BACKUP) == 0)
			continue;
		for (size_t k = 0; k < sizeof may / sizeof may[0]; k++)
			fits |= strncmp(routes[i].path, may[k],
			    strlen(may[k])) == 0;
		if (!fits || i == API_SETTINGS_UNDO)
			fail_msg("%s", routes[i].name);
		n++;
	}
	assert_true(n >= 14);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(there_and_back),
		UNIT_RUN(every_field_at_once),
		UNIT_RUN(cut_anywhere_or_too_long_is_refused),
		UNIT_RUN(any_bit_wrong_is_survived),
		UNIT_RUN(counts_that_lie),
		UNIT_RUN(fields_that_are_none),
		UNIT_RUN(responses),
		UNIT_RUN(problems_have_a_status),
		UNIT_RUN(the_table_of_routes_is_whole),
		UNIT_RUN(only_its_own_kind_may_call_a_route),
		UNIT_RUN(the_backup_password_opens_security_only),
	};

	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
