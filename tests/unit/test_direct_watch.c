/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What is done beside a direct queue; cupsd and the print server are played
 * here. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cups/cups.h>

#include "direct/direct.h"

#define UUID "urn:uuid:3f0c2a9e-6f3b-4f0a-9a55-0d3d0e1f7b21"

static char dir[64], done[100];
static int here;			/* the state at cupsd */
static const char *there;		/* at the server, or NULL */
static const char *list_ends;		/* "submit": meanwhile a job comes */
static struct direct_server server = { .dir = dir };
static struct rel_err err;

/* ---- cupsd */

ipp_t *
cupsDoRequest(http_t *http, ipp_t *rq, const char *resource)
{
	ipp_op_t op = ippGetOperation(rq);
	ipp_t *answer = ippNewResponse(rq);

	(void)http;
	(void)resource;
	if (op == IPP_OP_GET_JOB_ATTRIBUTES)
		ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state",
		    here);
	else
		snprintf(done + strlen(done), sizeof done - strlen(done),
		    "%s ", ippOpString(op));
	ippDelete(rq);
	return answer;
}

ipp_status_t
cupsLastError(void)
{
	return IPP_STATUS_OK;
}

/* ---- the print server */

int
server_open(struct direct_server *s, const char *at, struct rel_err *e)
{
	(void)s;
	(void)at;
	return rel_err_set(e, REL_E_NOTFOUND, "none");
}

void
server_close(struct direct_server *s)
{
	(void)s;
}

int
server_list(struct direct_server *s, json_t **out, struct rel_err *e)
{
	*out = json_object();
	if (there != NULL)
		json_object_set_new(*out, UUID, json_string(there));
	if (list_ends != NULL) {	/* held by then, as its backend ended */
		assert_int_equal(0, jobs_add(s->dir, 8, UUID, e));
		here = IPP_JSTATE_HELD;
	}
	return 0;
}

int
server_delete(struct direct_server *s, const char *uuid, struct rel_err *e)
{
	(void)s;
	(void)e;
	assert_string_equal(UUID, uuid);
	snprintf(done + strlen(done), sizeof done - strlen(done), "delete ");
	return 0;
}

int
server_end(struct direct_server *s, const char *uuid, const char *result,
    struct rel_err *e)
{
	(void)s;
	(void)e;
	assert_string_equal(UUID, uuid);
	snprintf(done + strlen(done), sizeof done - strlen(done), "%s",
	    result);
	return 0;
}

/* ---- its certificate */

static bool due;
static int renewed;

bool
station_due(const json_t *station)
{
	(void)station;
	return due;
}

int
station_renewed(const char *at, json_t *station, const char *password,
    struct rel_err *e)
{
	(void)station;
	(void)e;
	assert_string_equal(dir, at);
	assert_null(password);
	return renewed++ == 0 ? -REL_E_PEER : 0;
}

void
station_hang_up(void **line)
{
	*line = NULL;
}

/* ---- */

static int
begin(void **state)
{
	(void)state;
	list_ends = there = NULL;
	done[0] = '\0';
	snprintf(dir, sizeof dir, "/tmp/rel-watch-XXXXXX");
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
end(void **state)
{
	char path[100];

	(void)state;
	jobs_drop(dir, 7);
	jobs_drop(dir, 8);
	snprintf(path, sizeof path, "%s/jobs", dir);
	rmdir(path);
	return rmdir(dir);
}

UNIT(what_is_done_with_a_job)
{
	static const struct {
		int here;
		const char *there, *done;
		bool kept;
	} t[] = {
		{ IPP_JSTATE_HELD, "held", "", true },
		{ IPP_JSTATE_HELD, "unconfirmed", "", true },
		{ IPP_JSTATE_HELD, "released", "Release-Job ", true },
		{ IPP_JSTATE_PENDING, "released", "", true },
		{ IPP_JSTATE_PROCESSING, NULL, "", true },
		{ IPP_JSTATE_PROCESSING, "started", "", true },
		{ IPP_JSTATE_PENDING, "started", "", true },
		{ IPP_JSTATE_HELD, "started", "aborted", true },
		{ IPP_JSTATE_HELD, NULL, "Cancel-Job ", false },
		{ IPP_JSTATE_CANCELED, NULL, "", false },
		{ IPP_JSTATE_CANCELED, "held", "delete ", false },
		/* Its backend says how it ends. */
		{ IPP_JSTATE_CANCELED, "started", "", true },
		{ 0, NULL, "", true }
	};
	char uuid[64];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		here = t[i].here;
		there = t[i].there;
		done[0] = '\0';
		assert_int_equal(0, jobs_add(dir, 7, UUID, &err));
		assert_int_equal(0, watch_once(&server, &err));
		if (strcmp(done, t[i].done) != 0 || jobs_get(dir, 7, uuid) !=
		    t[i].kept)
			fail_msg("%zu: \"%s\", kept %d", i, done,
			    jobs_get(dir, 7, uuid));
	}
}

/* The list is older than the job: it is not gone, but new. */
UNIT(a_job_that_comes_meanwhile_is_left)
{
	char uuid[64];

	list_ends = "submit";
	assert_int_equal(0, watch_once(&server, &err));
	assert_string_equal("", done);
	assert_true(jobs_get(dir, 8, uuid));
}

UNIT(its_certificate_is_renewed_in_time)
{
	static int line;

	watch_renew(&server);
	assert_int_equal(0, renewed);
	due = true;
	server.line = &line;
	watch_renew(&server);		/* the server is away: the next time */
	watch_renew(&server);
	assert_int_equal(2, renewed);
	assert_null(server.line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
		T(what_is_done_with_a_job),
		T(a_job_that_comes_meanwhile_is_left),
		T(its_certificate_is_renewed_in_time)
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
