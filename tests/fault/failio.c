/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * LD_PRELOAD=failio.so makes the n-th write or sync of a process fail.
 *
 * FAILIO         OP:N[+]:WHAT, for example write:3:ENOSPC or sync:1+:EIO
 *                OP    write (write, pwrite, writev) or sync (fsync, fdatasync)
 *                N     the N-th such call since the process started or the
 *                      order changed; with + that one and all after it
 *                WHAT  EIO, ENOSPC, EDQUOT, EINTR, or SHORT: a write takes
 *                      only half of what it was given
 * FAILIO_FILE    names a file that holds such an order and is read at each
 *                call, so that a test can give one to a running process
 * FAILIO_PREFIX  only files whose path starts so; must be set; several are
 *                separated by colons
 * FAILIO_LOG     a line is added to this file for each failure made
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define ORDER_MAX 100

enum failio_what { FAIL_NOT, FAIL_ERROR, FAIL_SHORT };

static char last_order[ORDER_MAX];
static unsigned long calls;

/* The raw call: our own descriptors must not be counted. */
static ssize_t
raw_write(int fd, const void *p, size_t n)
{
	return syscall(SYS_write, fd, p, n);
}

/* The order in force; 0 when there is none. */
static int
order_get(char order[ORDER_MAX])
{
	const char *path = getenv("FAILIO_FILE"), *env = getenv("FAILIO");
	ssize_t n;
	int fd;

	if (path == NULL) {
		if (env == NULL || strlen(env) >= ORDER_MAX)
			return 0;
		memcpy(order, env, strlen(env) + 1);
		return order[0] != '\0';
	}
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return 0;
	n = read(fd, order, ORDER_MAX - 1);
	close(fd);
	order[n > 0 ? n : 0] = '\0';
	order[strcspn(order, "\n")] = '\0';
	return order[0] != '\0';
}

/* Does one of the colon-separated prefixes stand at the start of path? */
static int
has_prefix(const char *path, const char *prefixes)
{
	while (prefixes != NULL && prefixes[0] != '\0') {
		size_t n = strcspn(prefixes, ":");

		if (n > 0 && strncmp(path, prefixes, n) == 0)
			return 1;
		prefixes += n + (prefixes[n] == ':');
	}
	return 0;
}

static int
path_of(int fd, char *path, size_t size)
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	if ((n = readlink(link, path, size - 1)) < 0)
		return 0;
	path[n] = '\0';
	return has_prefix(path, getenv("FAILIO_PREFIX"));
}

static void
tell(const char *op, const char *what, const char *path)
{
	const char *log = getenv("FAILIO_LOG");
	char line[4300];
	ssize_t put;
	int fd, n;

	if (log == NULL ||
	    (fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
	    0666)) < 0)
		return;
	n = snprintf(line, sizeof line, "%d %s %lu %s %s\n", (int)getpid(),
	    op, calls, what, path);
	put = raw_write(fd, line, (size_t)n);
	(void)put;
	close(fd);
}

static int
error_of(const char *what)
{
	static const struct {
		const char *name;
		int number;
	} errors[] = {
		{ "EIO", EIO }, { "ENOSPC", ENOSPC }, { "EDQUOT", EDQUOT },
		{ "EINTR", EINTR },
	};

	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strcmp(errors[i].name, what) == 0)
			return errors[i].number;
	abort();		/* a test that asks for nothing proves nothing */
}

/* What is to become of this call; sets errno for FAIL_ERROR. */
static enum failio_what
judge(const char *op, int fd)
{
	char order[ORDER_MAX], want[16], what[16], plus[2] = "", path[4096];
	unsigned long n;

	if (!order_get(order) || !path_of(fd, path, sizeof path))
		return FAIL_NOT;
	if (strcmp(order, last_order) != 0) {
		memcpy(last_order, order, sizeof last_order);
		calls = 0;
	}
	if (sscanf(order, "%15[a-z]:%lu%1[+]:%15[A-Z]", want, &n, plus,
	    what) != 4) {
		plus[0] = '\0';
		if (sscanf(order, "%15[a-z]:%lu:%15[A-Z]", want, &n,
		    what) != 3)
			abort();
	}
	if (strcmp(want, op) != 0)
		return FAIL_NOT;
	calls++;
	if (calls < n || (calls > n && plus[0] == '\0'))
		return FAIL_NOT;
	tell(op, what, path);
	if (strcmp(what, "SHORT") == 0)
		return FAIL_SHORT;
	errno = error_of(what);
	return FAIL_ERROR;
}

/* Half of n, but something. */
static size_t
half(size_t n)
{
	return n > 1 ? n / 2 : n;
}

/*
 * The functions of the C library, as raw calls: nothing of another library
 * (a sanitizer) comes in between.
 */
ssize_t
write(int fd, const void *p, size_t n)
{
	switch (judge("write", fd)) {
	case FAIL_ERROR:
		return -1;
	case FAIL_SHORT:
		return raw_write(fd, p, half(n));
	default:
		return raw_write(fd, p, n);
	}
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	switch (judge("write", fd)) {
	case FAIL_ERROR:
		return -1;
	case FAIL_SHORT:
		return syscall(SYS_pwrite64, fd, p, half(n), at);
	default:
		return syscall(SYS_pwrite64, fd, p, n, at);
	}
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return pwrite(fd, p, n, at);
}

ssize_t
writev(int fd, const struct iovec *iov, int n)
{
	switch (judge("write", fd)) {
	case FAIL_ERROR:
		return -1;
	case FAIL_SHORT:
		return syscall(SYS_writev, fd, iov, 1);
	default:
		return syscall(SYS_writev, fd, iov, n);
	}
}

int
fsync(int fd)
{
	return judge("sync", fd) != FAIL_NOT ? -1 :
	    (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return judge("sync", fd) != FAIL_NOT ? -1 :
	    (int)syscall(SYS_fdatasync, fd);
}
