/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "lib/compat.h"

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN_MAX 1000	/* that are ended, should more come meanwhile */

int
rel_compat_socket(int domain, int type)
{
	return socket(domain, type | SOCK_CLOEXEC, 0);
}

int
rel_compat_pair(int out[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, out);
}

int
rel_compat_accept(int sock)
{
	return accept4(sock, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

int
rel_compat_peer(int sock, uid_t *uid, gid_t *gid, pid_t *pid)
{
	struct ucred cred;
	socklen_t len = sizeof cred;

	if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0)
		return -1;
	*uid = cred.uid;
	*gid = cred.gid;
	*pid = cred.pid;
	return 0;
}

void
rel_compat_close_from(int from)
{
#ifdef HAVE_CLOSE_RANGE
	if (close_range((unsigned)from, ~0u, 0) == 0)
		return;
#endif
	for (int fd = from; fd < 65536; fd++)
		close(fd);
}

int
rel_compat_datasync(int fd)
{
	return fsync(fd);
}

void
rel_compat_write_ahead(int fd, off_t at, off_t bytes)
{
#ifdef HAVE_SYNC_FILE_RANGE
	(void)sync_file_range(fd, at, bytes, SYNC_FILE_RANGE_WRITE);
#else
	(void)fd;
	(void)at;
	(void)bytes;
#endif
}

int64_t
rel_compat_free_bytes(const char *path)
{
	struct statvfs fs;

	if (statvfs(path, &fs) < 0)
		return -1;
	return (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
}

int
rel_compat_no_dump(void)
{
	struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return -1;
#ifdef REL_SANITIZERS
	return 0;		/* LeakSanitizer attaches to its own process */
#else
	return prctl(PR_SET_DUMPABLE, 0);
#endif
}

int
rel_compat_become(uid_t uid, gid_t gid)
{
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 ||
	    setresuid(uid, uid, uid) < 0)
		return -1;
	return setuid(0) == 0 ? -1 : 0;
}

void
rel_compat_die_with_parent(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void
rel_compat_adopt(void)
{
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* The next child there is, or 0. */
static pid_t
any_child(void)
{
	FILE *f = fopen("/proc/thread-self/children", "re");
	int pid = 0;

	if (f == NULL || fscanf(f, "%d", &pid) != 1)
		pid = 0;
	if (f != NULL)
		fclose(f);
	return pid;
}

void
rel_compat_end_children(void)
{
	pid_t pid;

	for (int i = 0; i < CHILDREN_MAX && (pid = any_child()) > 0; i++) {
		(void)kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
}

int
rel_compat_no_new_privs(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int
rel_compat_no_network(void)
{
	return unshare(CLONE_NEWNET);
}

/* Is path the folder dir, or below it? */
static int
is_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 &&
	    (path[n] == '/' || path[n] == '\0');
}

int
rel_compat_private_tmp(const char *dir, uid_t uid, gid_t gid, uint64_t bytes)
{
	static const char *const also[] = { "/tmp", "/var/tmp" };
	char how[120];

	snprintf(how, sizeof how, "mode=0700,uid=%u,gid=%u,size=%llu",
	    (unsigned)uid, (unsigned)gid, (unsigned long long)bytes);
	/* What the machine mounts or unmounts later is still seen here. */
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0 ||
	    mount("release", dir, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
	    how) < 0)
		return -1;
	for (size_t i = 0; i < sizeof also / sizeof also[0]; i++)
		if (!is_below(dir, also[i]) &&
		    mount(dir, also[i], NULL, MS_BIND, NULL) < 0 &&
		    errno != ENOENT)
			return -1;
	return 0;
}

int
rel_compat_memfile(void)
{
	return memfd_create("release", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

void
rel_compat_memfile_seal(int fd)
{
	(void)fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW |
	    F_SEAL_WRITE | F_SEAL_SEAL);
}

/* Only files in memory have seals. */
bool
rel_compat_is_memfile(int fd)
{
	return fcntl(fd, F_GET_SEALS) >= 0;
}

int
rel_compat_self(char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size - 1);

	if (n <= 0 || (size_t)n >= size - 1)
		return -1;
	out[n] = '\0';
	return 0;
}
#else
struct rel_not_linux;	/* ISO C wants something in every file */
#endif
