/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "backend/count.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT_TEXT 256

/* Is there a document number n of the job in cupsd's spool? */
static bool
job_has(const struct count_job *job, uint32_t n)
{
	char path[1024];
	struct stat st;

	if (job->request_root == NULL)
		return false;
	snprintf(path, sizeof path, "%s/d%05u-%03u", job->request_root,
	    job->cups_job, n);
	return stat(path, &st) == 0;
}

/* The state folder, when nobody but us can put files into it; else -1. */
static int
count_folder(const struct count_job *job)
{
	struct stat st;
	int dir;

	if (job->state_dir == NULL)
		return -1;
	dir = open(job->state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0 && (fstat(dir, &st) < 0 || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)) {
		close(dir);
		return -1;
	}
	return dir;
}

/* The number of the last run of this attempt; 0 when this is the first. */
static uint32_t
count_last(int fd, const char *key)
{
	char text[COUNT_TEXT + 16] = "";
	size_t n = strlen(key);
	unsigned last;

	if (pread(fd, text, sizeof text - 1, 0) <= 0 ||
	    strncmp(text, key, n) != 0 ||
	    sscanf(text + n, " %u", &last) != 1 || last > 999999)
		return 0;
	return last;
}

static bool
count_write(int fd, const char *key, uint32_t n)
{
	char text[COUNT_TEXT + 16];
	int len = snprintf(text, sizeof text, "%s %u\n", key, n);

	return ftruncate(fd, 0) == 0 &&
	    pwrite(fd, text, (size_t)len, 0) == (ssize_t)len;
}

/* Count this run in the file; 0 when that cannot be done. */
static uint32_t
count_run(const struct count_job *job, int dir)
{
	char name[40], key[COUNT_TEXT];
	uint32_t n;
	int fd;

	snprintf(name, sizeof name, "release-%u.count", job->cups_job);
	snprintf(key, sizeof key, "%s %s", job->uuid, job->attempt);
	fd = openat(dir, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return 0;
	n = job->file_document > 0 ? job->file_document :
	    count_last(fd, key) + 1;
	if (n > 1 && !job_has(job, n))
		n = 1;			/* a second attempt within a second */
	if (!count_write(fd, key, n))
		n = 0;
	close(fd);
	if (n == 0 || !job_has(job, n + 1))
		unlinkat(dir, name, 0);
	return n;
}

uint32_t
count_document(const struct count_job *job)
{
	uint32_t n;
	int dir;

	/* The common case: one document, or all of them in one run. */
	if (!job_has(job, 2) || !job->single_file)
		return job->file_document > 0 ? job->file_document : 1;
	if ((dir = count_folder(job)) < 0)
		return job->file_document;
	n = count_run(job, dir);
	close(dir);
	return n > 0 ? n : job->file_document;
}
