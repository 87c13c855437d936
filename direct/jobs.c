/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Which jobs of the queue the print server knows of. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "direct/direct.h"
#include "lib/text.h"

#define PATH_MAX_DIRECT 512

static void
job_path(char out[PATH_MAX_DIRECT], const char *dir, int cups_job)
{
	snprintf(out, PATH_MAX_DIRECT, "%s/jobs/%d", dir, cups_job);
}

int
jobs_add(const char *dir, int cups_job, const char *uuid,
    struct rel_err *err)
{
	char path[PATH_MAX_DIRECT];
	size_t n = strlen(uuid);
	int fd;

	snprintf(path, sizeof path, "%s/jobs", dir);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return rel_err_sys(err, REL_E_IO, "cannot make %.200s", path);
	job_path(path, dir, cups_job);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (fd < 0 || write(fd, uuid, n) != (ssize_t)n || fsync(fd) < 0) {
		rel_err_sys(err, REL_E_IO, "cannot write %.200s", path);
		if (fd >= 0)
			close(fd);
		return -REL_E_IO;
	}
	close(fd);
	return 0;
}

bool
jobs_get(const char *dir, int cups_job, char uuid[64])
{
	char path[PATH_MAX_DIRECT];
	ssize_t n;
	int fd;

	job_path(path, dir, cups_job);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) < 0)
		return false;
	n = read(fd, uuid, 63);
	close(fd);
	uuid[n > 0 ? n : 0] = '\0';
	return n > 0;
}

void
jobs_drop(const char *dir, int cups_job)
{
	char path[PATH_MAX_DIRECT];

	job_path(path, dir, cups_job);
	unlink(path);
}

int
jobs_each(const char *dir, jobs_row row, void *ctx, struct rel_err *err)
{
	char path[PATH_MAX_DIRECT], uuid[64];
	struct dirent *e;
	int64_t id;
	DIR *d;

	snprintf(path, sizeof path, "%s/jobs", dir);
	if ((d = opendir(path)) == NULL)
		return errno == ENOENT ? 0 : rel_err_sys(err, REL_E_IO,
		    "cannot read %.200s", path);
	while ((e = readdir(d)) != NULL)
		if (rel_int(&id, e->d_name, 1, INT32_MAX) &&
		    jobs_get(dir, (int)id, uuid))
			row((int)id, uuid, ctx);
	closedir(d);
	return 0;
}
