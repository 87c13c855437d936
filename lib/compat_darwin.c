/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "lib/compat.h"

#ifdef __APPLE__
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <mach-o/dyld.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

int
rel_compat_socket(int domain, int type)
{
	int sock = socket(domain, type, 0), on = 1;

	if (sock >= 0) {
		fcntl(sock, F_SETFD, FD_CLOEXEC);
		setsockopt(sock, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
	}
	return sock;
}

int
rel_compat_pair(int out[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, out) < 0)
		return -1;
	fcntl(out[0], F_SETFD, FD_CLOEXEC);
	fcntl(out[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

int
rel_compat_accept(int sock)
{
	int fd = accept(sock, NULL, NULL);

	if (fd >= 0) {
		fcntl(fd, F_SETFD, FD_CLOEXEC);
		fcntl(fd, F_SETFL, O_NONBLOCK);
	}
	return fd;
}

int
rel_compat_peer(int sock, uid_t *uid, gid_t *gid, pid_t *pid)
{
	socklen_t len = sizeof *pid;

	if (getpeereid(sock, uid, gid) < 0)
		return -1;
	if (getsockopt(sock, SOL_LOCAL, LOCAL_PEERPID, pid, &len) < 0)
		*pid = 0;
	return 0;
}

void
rel_compat_close_from(int from)
{
	int max = getdtablesize();

	for (int fd = from; fd < max; fd++)
		close(fd);
}

int
rel_compat_datasync(int fd)
{
	return fcntl(fd, F_FULLFSYNC) < 0 ? fsync(fd) : 0;
}

void
rel_compat_write_ahead(int fd, off_t at, off_t bytes)
{
	(void)fd;
	(void)at;
	(void)bytes;
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
	return ptrace(PT_DENY_ATTACH, 0, 0, 0);
}

int
rel_compat_become(uid_t uid, gid_t gid)
{
	if (setgroups(0, NULL) < 0 || setgid(gid) < 0 || setuid(uid) < 0)
		return -1;
	return setuid(0) == 0 ? -1 : 0;
}

void
rel_compat_die_with_parent(void)
{
}

void
rel_compat_adopt(void)
{
}

void
rel_compat_end_children(void)
{
}

int
rel_compat_no_new_privs(void)
{
	return 0;
}

int
rel_compat_no_network(void)
{
	errno = ENOSYS;
	return -1;
}

int
rel_compat_private_tmp(const char *dir, uid_t uid, gid_t gid, uint64_t bytes)
{
	(void)dir;
	(void)uid;
	(void)gid;
	(void)bytes;
	errno = ENOSYS;
	return -1;
}

int
rel_compat_memfile(void)
{
	char name[40];
	int fd = -1;

	for (unsigned i = 0; fd < 0 && i < 1000; i++) {
		snprintf(name, sizeof name, "/rel.%ld.%u", (long)getpid(), i);
		fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd >= 0)
			shm_unlink(name);
		else if (errno != EEXIST)
			break;
	}
	return fd;
}

void
rel_compat_memfile_seal(int fd)
{
	(void)fd;
}

bool
rel_compat_is_memfile(int fd)
{
	(void)fd;
	return false;
}

int
rel_compat_self(char *out, size_t size)
{
	uint32_t n = (uint32_t)size;

	return _NSGetExecutablePath(out, &n);
}

int
rel_compat_keys_read(int fd, bool *shift, char *out, size_t room)
{
	(void)fd;
	(void)shift;
	(void)out;
	(void)room;
	errno = ENOSYS;
	return -1;
}

int
rel_compat_keys_grab(int fd)
{
	(void)fd;
	errno = ENOSYS;
	return -1;
}

int
rel_compat_keys_usb(int fd, uint16_t *vid, uint16_t *pid)
{
	(void)fd;
	(void)vid;
	(void)pid;
	errno = ENOSYS;
	return -1;
}

int
rel_compat_syscall_filter(enum rel_jail_kind kind, struct rel_err *err)
{
	(void)kind;
	(void)err;
	return 0;
}
#else
struct rel_not_darwin;	/* ISO C wants something in every file */
#endif
