/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "lib/log.h"
#include "releaserd/super/super.h"

#define PATH_BYTES 400

void
blob_fini(struct blob *b)
{
	if (b->data != NULL)
		rel_wipe(b->data, b->len);
	free(b->data);
	b->data = NULL;
	b->len = 0;
}

int
blob_read(struct blob *b, const char *path, size_t max, struct rel_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *p = malloc(max + 1);
	ssize_t n = 0;
	size_t len = 0;

	if (fd < 0 || p == NULL) {
		int rc = rel_err_sys(err, errno == ENOENT ? REL_E_NOTFOUND :
		    REL_E_IO, "cannot open %s", path);

		free(p);
		if (fd >= 0)
			close(fd);
		return rc;
	}
	while (len <= max && (n = read(fd, p + len, max + 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	if (n < 0 || len > max) {
		rel_wipe(p, len);
		free(p);
		return rel_err_set(err, REL_E_IO, "cannot read %s", path);
	}
	blob_fini(b);
	b->data = p;
	b->len = len;
	return 0;
}

/* Will a folder that is there do? */
static int
folder_fits(const char *path, const struct stat *st, uid_t uid,
    struct rel_err *err)
{
	if (!S_ISDIR(st->st_mode))
		return rel_err_set(err, REL_E_DENIED, "%s is no folder", path);
	if (geteuid() == 0 && st->st_uid != uid)
		return rel_err_set(err, REL_E_DENIED,
		    "%s belongs to user id %u, not %u: change its owner",
		    path, (unsigned)st->st_uid, (unsigned)uid);
	if ((st->st_mode & 022) != 0)
		return rel_err_set(err, REL_E_DENIED,
		    "others may write to %s (mode %04o): chmod go-w %s", path,
		    (unsigned)st->st_mode & 07777, path);
	return 0;
}

int
files_folder_fits(const char *path, uid_t uid, struct rel_err *err)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return folder_fits(path, &st, uid, err);
	return errno == ENOENT ? 0 : rel_err_sys(err, REL_E_DENIED,
	    "%s cannot be a folder", path);
}

/* mkdir -p, with mode and owner on the last folder only when it is made. */
static int
folder(const char *path, mode_t mode, uid_t uid, gid_t gid,
    struct rel_err *err)
{
	char part[PATH_BYTES];
	struct stat st;

	snprintf(part, sizeof part, "%s", path);
	for (char *p = part + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return rel_err_sys(err, REL_E_IO, "cannot make %s",
			    part);
		*p = '/';
	}
	if (mkdir(part, mode) == 0) {
		if (chmod(part, mode) < 0 ||
		    (geteuid() == 0 && chown(part, uid, gid) < 0))
			return rel_err_sys(err, REL_E_IO,
			    "cannot hand over %s", part);
		return 0;
	}
	if (errno != EEXIST || stat(part, &st) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot make %s", part);
	return folder_fits(part, &st, uid, err);
}

/* One releaserd at a time; the lock goes with the process. */
static int
lock_folder(const char *path, struct rel_err *err)
{
	int rc, fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	rc = errno == EWOULDBLOCK ? rel_err_set(err, REL_E_EXISTS,
	    "another releaserd is at work in %s", path) :
	    rel_err_sys(err, REL_E_IO, "cannot lock %s", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

int
files_lock(struct super *s, struct rel_err *err)
{
	int rc;

	if ((rc = s->locks[0] = lock_folder(s->set.run_dir, err)) < 0 ||
	    (rc = s->locks[1] = lock_folder(s->set.state_dir, err)) < 0)
		return rc;
	return 0;
}

int
files_folders(const struct settings *set, struct rel_err *err)
{
	char empty[PATH_BYTES], key_dir[PATH_BYTES], render[PATH_BYTES];
	uid_t uid = geteuid(), net_uid = uid;
	gid_t gid = getegid(), net_gid = gid;
	int rc;

	if (set->jail != 0 &&
	    ((rc = jail_ids(set->core_user, &uid, &gid, err)) < 0 ||
	    (rc = jail_ids(set->net_user, &net_uid, &net_gid, err)) < 0))
		return rc;
	snprintf(empty, sizeof empty, "%s/empty", set->run_dir);
	snprintf(render, sizeof render, "%s/render", set->run_dir);
	snprintf(key_dir, sizeof key_dir, "%s", set->key_file);
	if ((rc = folder(set->run_dir, 0755, geteuid(), getegid(), err)) < 0 ||
	    (rc = folder(empty, 0555, geteuid(), getegid(), err)) < 0 ||
	    (rc = folder(render, 0700, net_uid, net_gid, err)) < 0 ||
	    (rc = folder(dirname(key_dir), 0755, geteuid(), getegid(),
	    err)) < 0 ||
	    (rc = folder(set->state_dir, 0700, uid, gid, err)) < 0)
		return rc;
	return folder(set->spool_dir, 0700, uid, gid, err);
}

/* The name of a file is on the disk, too. */
int
files_sync(const char *path, struct rel_err *err)
{
	char dir[PATH_BYTES + 8];
	int fd, rc = 0;

	snprintf(dir, sizeof dir, "%s", path);
	fd = open(dirname(dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		rc = rel_err_sys(err, REL_E_IO, "cannot write %s", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Write a new file and have it on the disk before it gets its name. */
int
files_put(const char *path, const struct blob *b, mode_t mode,
    struct rel_err *err)
{
	char tmp[PATH_BYTES + 8];
	int fd, rc = 0;

	snprintf(tmp, sizeof tmp, "%s.new", path);
	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return rel_err_sys(err, REL_E_IO, "cannot make %s", tmp);
	if (write(fd, b->data, b->len) != (ssize_t)b->len ||
	    fchmod(fd, mode) < 0 || rel_compat_datasync(fd) < 0 ||
	    rename(tmp, path) < 0)
		rc = rel_err_sys(err, REL_E_IO, "cannot write %s", path);
	close(fd);
	return rc < 0 ? rc : files_sync(path, err);
}

/* A key that others can read is no secret any more. */
int
files_key_read(struct blob *b, const char *path, struct rel_err *err)
{
	struct stat st;

	if (stat(path, &st) == 0 && ((st.st_mode & 077) != 0 ||
	    (st.st_uid != 0 && st.st_uid != geteuid())))
		return rel_err_set(err, REL_E_DENIED, "%s is open to others "
		    "(mode %04o, user id %u): chmod 600 and chown root it",
		    path, (unsigned)st.st_mode & 07777, (unsigned)st.st_uid);
	return blob_read(b, path, KEY_FILE_MAX, err);
}

/* A new key would make all that is held unreadable, and all cards unknown. */
static int
host_key_missing(const struct super *s, struct rel_err *err)
{
	char path[PATH_BYTES + 16];

	snprintf(path, sizeof path, "%s/release.db", s->set.state_dir);
	if (access(path, F_OK) < 0)
		return 0;
	return rel_err_set(err, REL_E_NOTFOUND, "the host key %s is missing, "
	    "but %s was made with it: bring the key back. Without it the held "
	    "jobs and cards are lost: then move the database away, too",
	    s->set.key_file, path);
}

static int
host_key(struct super *s, struct rel_err *err)
{
	struct blob *k = &s->keys.host_key;
	int rc = files_key_read(k, s->set.key_file, err);

	if (rc == 0 && k->len != 32)
		return rel_err_set(err, REL_E_FORMAT,
		    "%s must hold 32 bytes, not %zu", s->set.key_file, k->len);
	if (rc != -REL_E_NOTFOUND || (rc = host_key_missing(s, err)) < 0)
		return rc;
	if ((k->data = malloc(32)) == NULL || RAND_bytes(k->data, 32) != 1)
		return rel_err_set(err, REL_E_NOMEM, "no random numbers");
	k->len = 32;
	rel_log(REL_NOTICE, "host key made", "file=%s", s->set.key_file);
	return files_put(s->set.key_file, k, 0600, err);
}

typedef int (*make_pair)(struct super *s, struct blob *cert, struct blob *key,
    struct rel_err *err);

static int
make_server(struct super *s, struct blob *cert, struct blob *key,
    struct rel_err *err)
{
	char host[256];

	super_host(s, host);
	return certs_self_signed(host, cert, key, err);
}

static int
make_authority(struct super *s, struct blob *cert, struct blob *key,
    struct rel_err *err)
{
	(void)s;
	return certs_authority(cert, key, err);
}

void
files_beside_key(const struct super *s, char out[KEY_PATH_MAX],
    const char *name)
{
	char dir[PATH_BYTES];

	snprintf(dir, sizeof dir, "%s", s->set.key_file);
	snprintf(out, KEY_PATH_MAX, "%s/%s", dirname(dir), name);
}

/* NAME.crt and NAME.key beside KeyFile; made when neither is there. */
static int
pair(struct super *s, const char *name, make_pair make, struct blob *cert,
    struct blob *key, struct rel_err *err)
{
	char crt[KEY_PATH_MAX], prv[KEY_PATH_MAX], file[16];
	int rc;

	snprintf(file, sizeof file, "%s.crt", name);
	files_beside_key(s, crt, file);
	snprintf(file, sizeof file, "%s.key", name);
	files_beside_key(s, prv, file);
	if ((rc = blob_read(cert, crt, KEY_FILE_MAX, err)) == 0)
		return files_key_read(key, prv, err);
	if (rc != -REL_E_NOTFOUND)
		return rc;
	if ((rc = make(s, cert, key, err)) < 0 ||
	    (rc = files_put(prv, key, 0600, err)) < 0 ||
	    (rc = files_put(crt, cert, 0644, err)) < 0)
		return rc;
	rel_log(REL_NOTICE, "certificate made", "file=%s", crt);
	return 0;
}

int
files_keys(struct super *s, struct rel_err *err)
{
	struct keys *k = &s->keys;
	int rc;

	if ((rc = host_key(s, err)) < 0 || (rc = tls_heal(s, err)) < 0 ||
	    (rc = pair(s, "tls", make_server, &k->tls_cert, &k->tls_key,
	    err)) < 0 ||
	    (rc = pair(s, "ca", make_authority, &k->ca_cert, &k->ca_key,
	    err)) < 0)
		return rc;
	if (RAND_bytes(k->web_secret, sizeof k->web_secret) != 1)
		return rel_err_set(err, REL_E_NOMEM, "no random numbers");
	return 0;
}
