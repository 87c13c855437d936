/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/render/tmpdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/log.h"

#define DEPTH_MAX 20

void
tmpdir_init(struct tmpdir *t, const char *run_dir, uint64_t bytes,
    uid_t uid, gid_t gid)
{
	memset(t, 0, sizeof *t);
	t->lock = -1;
	snprintf(t->base, sizeof t->base, "%s/render", run_dir);
	if (bytes == 0)
		return;
	if (rel_compat_private_tmp(t->base, uid, gid, bytes) == 0)
		t->private = true;
	else
		rel_log(REL_DEBUG, "no private folder in memory",
		    "instead=%s why=\"%s\"", t->base, strerror(errno));
}

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Everything in the folder goes; dir is used up. Links are not followed. */
static void
clear(int dir, int depth)
{
	DIR *d = fdopendir(dir);
	struct dirent *e;

	if (d == NULL) {
		close(dir);
		return;
	}
	while ((e = readdir(d)) != NULL) {
		int sub;

		if (is_dots(e->d_name) ||
		    unlinkat(dir, e->d_name, 0) == 0 || depth >= DEPTH_MAX)
			continue;
		sub = openat(dir, e->d_name, O_RDONLY | O_DIRECTORY |
		    O_NOFOLLOW | O_CLOEXEC);
		if (sub < 0)
			continue;
		clear(sub, depth + 1);
		unlinkat(dir, e->d_name, AT_REMOVEDIR);
	}
	closedir(d);
}

/* Take the lock of a folder, if nobody holds it. The descriptor, or -1. */
static int
lock(int base, const char *name)
{
	int fd = openat(base, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* A render that was killed could not clear up. */
static void
sweep(const char *base)
{
	DIR *d = opendir(base);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		int fd, in;

		if (is_dots(e->d_name) ||
		    (fd = lock(dirfd(d), e->d_name)) < 0)
			continue;
		if ((in = openat(fd, ".", O_RDONLY | O_DIRECTORY |
		    O_CLOEXEC)) >= 0)
			clear(in, 0);
		unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
		close(fd);
	}
	if (d != NULL)
		closedir(d);
}

int
tmpdir_open(struct tmpdir *t, struct rel_err *err)
{
	if (t->private) {
		snprintf(t->path, sizeof t->path, "%s", t->base);
		return 0;
	}
	sweep(t->base);
	/* Swept by another just now, before the lock: once more. */
	for (int i = 0; i < 100 && t->lock < 0; i++) {
		snprintf(t->path, sizeof t->path, "%s/%ld.XXXXXX", t->base,
		    (long)getpid());
		if (mkdtemp(t->path) == NULL)
			break;
		t->lock = lock(AT_FDCWD, t->path);
	}
	return t->lock >= 0 ? 0 : rel_err_sys(err, REL_E_IO,
	    "cannot make a folder in %s", t->base);
}

void
tmpdir_fini(struct tmpdir *t)
{
	int in;

	if (t->lock < 0)
		return;
	if ((in = openat(t->lock, ".", O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC)) >= 0)
		clear(in, 0);
	rmdir(t->path);
	close(t->lock);
	t->lock = -1;
}
