/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The configuration file: a change is written beside it and takes its name
 * when it is on the disk; what was there stays as FILE.undo.  An undo belongs
 * to the file with the same time: after an edit by hand it is offered no more.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/fault.h"
#include "releaserd/super/super.h"

void
conf_file_fini(struct conf_file *f)
{
	blob_fini(&f->text);
	blob_fini(&f->undo);
}

static int
conf_beside(char out[CONF_PATH_MAX + 8], const struct conf_file *f,
    const char *end)
{
	return snprintf(out, CONF_PATH_MAX + 8, "%s%s", f->path, end);
}

/* FILE.undo, when it belongs to the file as it is now. */
static void
conf_load_undo(struct conf_file *f)
{
	char path[CONF_PATH_MAX + 8];
	struct stat st;
	struct rel_err err;

	conf_beside(path, f, ".undo");
	if (stat(path, &st) < 0 || st.st_mtime != f->st.st_mtime ||
	    blob_read(&f->undo, path, ADMIN_TEXT_MAX, &err) < 0)
		return;
	f->undo_ms = (int64_t)st.st_mtime * 1000;
}

int
conf_file_load(const struct super *s, struct conf_file *f,
    struct rel_err *err)
{
	char *real = realpath(s->conf_path, NULL);
	int rc;

	memset(f, 0, sizeof *f);
	if (real == NULL || strlen(real) >= sizeof f->path) {
		free(real);
		return rel_err_sys(err, REL_E_IO, "cannot find %s",
		    s->conf_path);
	}
	memcpy(f->path, real, strlen(real) + 1);
	free(real);
	if (stat(f->path, &f->st) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot read %s", f->path);
	if (f->st.st_size > (off_t)ADMIN_TEXT_MAX)
		return rel_err_set(err, REL_E_LIMIT, "%s is larger than %u "
		    "bytes: change it by hand", f->path, ADMIN_TEXT_MAX);
	if ((rc = blob_read(&f->text, f->path, ADMIN_TEXT_MAX, err)) < 0)
		return rc;
	conf_load_undo(f);
	return 0;
}

/* The new text beside the file, on the disk; *at is its time. */
static int
conf_put_new(const struct conf_file *f, const char *tmp,
    const struct rel_buf *text, time_t *at, struct rel_err *err)
{
	mode_t mode = f->st.st_mode & 0777;
	struct stat st;
	int fd, rc = 0;

	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return rel_err_sys(err, REL_E_IO, "cannot write %s", tmp);
	if (write(fd, text->data, text->len) != (ssize_t)text->len ||
	    (geteuid() == 0 && fchown(fd, f->st.st_uid, f->st.st_gid) < 0) ||
	    fchmod(fd, mode) < 0 || fsync(fd) < 0 || fstat(fd, &st) < 0)
		rc = rel_err_sys(err, REL_E_IO, "cannot write %s", tmp);
	close(fd);
	*at = rc == 0 ? st.st_mtime : 0;
	return rc;
}

static int
conf_put_undo(const struct conf_file *f, time_t at, struct rel_err *err)
{
	struct timespec both[2] = { { .tv_sec = at }, { .tv_sec = at } };
	char path[CONF_PATH_MAX + 8];
	int rc;

	conf_beside(path, f, ".undo");
	rc = files_put(path, &f->text, f->st.st_mode & 0777, err);
	if (rc == 0 && ((geteuid() == 0 &&
	    chown(path, f->st.st_uid, f->st.st_gid) < 0) ||
	    utimensat(AT_FDCWD, path, both, 0) < 0))
		rc = rel_err_sys(err, REL_E_IO, "cannot write %s", path);
	return rc;
}

int
conf_file_write(const struct conf_file *f, const struct rel_buf *text,
    struct rel_err *err)
{
	char tmp[CONF_PATH_MAX + 8];
	time_t at;
	int rc;

	conf_beside(tmp, f, ".new");
	if ((rc = conf_put_new(f, tmp, text, &at, err)) < 0 ||
	    (rc = conf_put_undo(f, at, err)) < 0) {
		unlink(tmp);
		return rc;
	}
	rel_fault("super:conf-before-rename");
	if (rename(tmp, f->path) < 0) {
		rc = rel_err_sys(err, REL_E_IO, "cannot write %s", f->path);
		unlink(tmp);
		return rc;
	}
	rc = files_sync(f->path, err);
	rel_fault("super:conf-renamed");
	return rc;
}

int
conf_file_undo(const struct conf_file *f, struct rel_err *err)
{
	char path[CONF_PATH_MAX + 8];

	conf_beside(path, f, ".undo");
	rel_fault("super:conf-before-undo");
	if (rename(path, f->path) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot write %s", f->path);
	return files_sync(f->path, err);
}
