/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a direct queue remembers at its client. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "direct/direct.h"

#define UUID "urn:uuid:3f0c2a9e-6f3b-4f0a-9a55-0d3d0e1f7b21"

static char dir[64];
static struct rel_err err;
static int seen[8];
static unsigned nseen;

static int
open_dir(void **state)
{
	(void)state;
	nseen = 0;
	snprintf(dir, sizeof dir, "/tmp/rel-direct-XXXXXX");
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
close_dir(void **state)
{
	char path[128];

	(void)state;
	for (int i = 0; i < 20; i++)
		jobs_drop(dir, i);
	snprintf(path, sizeof path, "%s/jobs/x7", dir);
	unlink(path);
	snprintf(path, sizeof path, "%s/jobs", dir);
	rmdir(path);
	return rmdir(dir);
}

static void
on_job(int cups_job, const char *uuid, void *ctx)
{
	assert_ptr_equal(ctx, &nseen);
	assert_string_equal(uuid, UUID);
	assert_true(nseen < 8);
	seen[nseen++] = cups_job;
}

static void
test_jobs(void **state)
{
	char uuid[64], path[128];
	int fd;

	(void)state;
	assert_int_equal(jobs_each(dir, on_job, &nseen, &err), 0);
	assert_int_equal(nseen, 0);
	assert_false(jobs_get(dir, 7, uuid));
	assert_int_equal(jobs_add(dir, 7, UUID, &err), 0);
	assert_int_equal(jobs_add(dir, 12, UUID, &err), 0);
	assert_true(jobs_get(dir, 7, uuid));
	assert_string_equal(uuid, UUID);
	/* Names that are no number do not count, nor does an empty file. */
	snprintf(path, sizeof path, "%s/jobs/x7", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, UUID, strlen(UUID)), strlen(UUID));
	close(fd);
	snprintf(path, sizeof path, "%s/jobs/9", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(jobs_each(dir, on_job, &nseen, &err), 0);
	assert_int_equal(nseen, 2);
	assert_int_equal(seen[0] + seen[1], 19);
	jobs_drop(dir, 7);
	assert_false(jobs_get(dir, 7, uuid));
}

/* Somebody put a link there: it is not followed. */
static void
test_link(void **state)
{
	char path[128], uuid[64];

	(void)state;
	assert_int_equal(jobs_add(dir, 1, UUID, &err), 0);
	snprintf(path, sizeof path, "%s/jobs/2", dir);
	assert_int_equal(symlink("/etc/hostname", path), 0);
	assert_false(jobs_get(dir, 2, uuid));
	assert_true(jobs_add(dir, 2, UUID, &err) < 0);
}

static void
test_no_room(void **state)
{
	(void)state;
	assert_int_equal(jobs_add("/dev/null", 1, UUID, &err), -REL_E_IO);
	assert_true(err.text[0] != '\0');
}

static void
test_uri(void **state)
{
	static const char *const bad[] = {
		"", "release-direct:", "release-direct:///etc/x",
		"release:///etc/x?to=socket://p", "release-direct:///etc/x?to=",
		"release-direct:///etc/x?to=nothing", "release-direct://?to=a:b",
		"release-direct:///etc/x?from=socket://p"
	};
	struct direct_uri u;
	char text[2000];

	(void)state;
	assert_int_equal(direct_uri_read(&u, "release-direct:///etc/a%20b?to="
	    "socket%3A//plotter%3A9100", &err), 0);
	assert_string_equal(u.dir, "/etc/a b");
	assert_string_equal(u.to, "socket://plotter:9100");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_true(direct_uri_read(&u, bad[i], &err) < 0);
	memset(text, 'x', sizeof text);
	memcpy(text, "release-direct:///", 18);
	memcpy(text + 1000, "?to=a:b", 8);
	assert_true(direct_uri_read(&u, text, &err) < 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, open_dir, close_dir)
		T(test_jobs), T(test_link), cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_uri)
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
