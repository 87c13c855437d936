/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The system call filter of each role.  A file of its own, so that programs
 * without a jail (the backend starts once a job) need not load libseccomp.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "lib/compat.h"

#ifdef __linux__
#include <errno.h>
#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#if defined(HAVE_SECCOMP) && !defined(REL_SANITIZERS)

/* What any of our event loops needs once everything is open. */
static const int calls_all[] = {
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
	SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(recvfrom),
	SCMP_SYS(sendto), SCMP_SYS(close), SCMP_SYS(shutdown),
	SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(getsockname),
	SCMP_SYS(getpeername), SCMP_SYS(fcntl), SCMP_SYS(ioctl),
	SCMP_SYS(epoll_create), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2), SCMP_SYS(poll), SCMP_SYS(ppoll),
	SCMP_SYS(select), SCMP_SYS(pselect6),
	SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(lseek),
	SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx),
	SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap),
	SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(brk),
	SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getpid),
	SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
	SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrusage),
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
	SCMP_SYS(eventfd2), SCMP_SYS(pipe2), SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_settime), SCMP_SYS(sched_yield),
	SCMP_SYS(rseq), SCMP_SYS(membarrier), SCMP_SYS(tgkill),
	SCMP_SYS(kill), SCMP_SYS(prlimit64), SCMP_SYS(uname),
	SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(set_robust_list)
};

/* Reading files and dialling out: agent and send. */
static const int calls_dial[] = {
	SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind),
	SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(stat), SCMP_SYS(lstat),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64),
	SCMP_SYS(getcwd), SCMP_SYS(sysinfo), SCMP_SYS(sendmmsg),
	SCMP_SYS(recvmmsg), SCMP_SYS(pread64), SCMP_SYS(preadv),
	SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(flock),
	SCMP_SYS(fadvise64), SCMP_SYS(clone), SCMP_SYS(clone3),
	SCMP_SYS(getgroups), SCMP_SYS(socketpair),
#ifdef REL_FAULT_POINTS
	SCMP_SYS(truncate), SCMP_SYS(unlink),	/* lib/fault.c */
#endif
};

/* core: files of its own, names of users (nscd's unix socket), no dialling. */
static const int calls_core[] = {
	SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(stat), SCMP_SYS(lstat),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64),
	SCMP_SYS(getcwd), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
	SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
	SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(fsync),
	SCMP_SYS(fdatasync), SCMP_SYS(ftruncate), SCMP_SYS(fallocate),
	SCMP_SYS(truncate), SCMP_SYS(flock), SCMP_SYS(statfs),
	SCMP_SYS(fstatfs), SCMP_SYS(fchmod), SCMP_SYS(fchown),
	SCMP_SYS(umask), SCMP_SYS(utimensat), SCMP_SYS(msync),
	SCMP_SYS(sysinfo), SCMP_SYS(mkdir), SCMP_SYS(mkdirat)
};

/* Reach anything but the descriptors there are; io_uring makes sockets, too. */
static const int calls_no_network[] = {
	SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind),
	SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4),
	SCMP_SYS(socketcall), SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register)
};

/*
 * render and prove: they and the programs they start (Ghostscript, drivers of
 * who knows whom, modules of PAM) may do what programs do with files and
 * memory, so here is what nobody may: leave the name spaces, look into other
 * processes, drive the kernel.
 */
static const int calls_no_render[] = {
	SCMP_SYS(mount), SCMP_SYS(umount), SCMP_SYS(umount2),
	SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen),
	SCMP_SYS(fsconfig), SCMP_SYS(fsmount), SCMP_SYS(fspick),
	SCMP_SYS(mount_setattr), SCMP_SYS(pivot_root), SCMP_SYS(chroot),
	SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(swapon),
	SCMP_SYS(swapoff), SCMP_SYS(quotactl), SCMP_SYS(quotactl_fd),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
	SCMP_SYS(process_madvise), SCMP_SYS(pidfd_getfd), SCMP_SYS(kcmp),
	SCMP_SYS(open_by_handle_at), SCMP_SYS(name_to_handle_at),
	SCMP_SYS(perf_event_open), SCMP_SYS(bpf), SCMP_SYS(userfaultfd),
	SCMP_SYS(fanotify_init), SCMP_SYS(add_key), SCMP_SYS(request_key),
	SCMP_SYS(keyctl), SCMP_SYS(init_module), SCMP_SYS(finit_module),
	SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load), SCMP_SYS(reboot), SCMP_SYS(acct),
	SCMP_SYS(syslog), SCMP_SYS(sethostname), SCMP_SYS(setdomainname),
	SCMP_SYS(settimeofday), SCMP_SYS(stime), SCMP_SYS(clock_settime),
	SCMP_SYS(clock_adjtime), SCMP_SYS(adjtimex), SCMP_SYS(iopl),
	SCMP_SYS(ioperm), SCMP_SYS(personality), SCMP_SYS(uselib),
	SCMP_SYS(vhangup), SCMP_SYS(lookup_dcookie), SCMP_SYS(nfsservctl),
	SCMP_SYS(move_pages), SCMP_SYS(migrate_pages), SCMP_SYS(mq_open),
	SCMP_SYS(shmget), SCMP_SYS(semget), SCMP_SYS(msgget)
};

/* clone() with one of these would be unshare() by another door. */
static const scmp_datum_t new_spaces[] = {
	0x00020000 /* mount */, 0x02000000 /* cgroup */, 0x04000000 /* uts */,
	0x08000000 /* ipc */, 0x10000000 /* user */, 0x20000000 /* pid */,
	0x40000000 /* network */
};

static int
filter_deny_all(scmp_filter_ctx ctx, const int *calls, size_t n)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++)
		if (calls[i] >= 0)
			rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM),
			    calls[i], 0);
	return rc;
}

#define COUNT(table) (sizeof (table) / sizeof (table)[0])

static int
filter_deny(scmp_filter_ctx ctx, bool network)
{
	int rc = filter_deny_all(ctx, calls_no_render, COUNT(calls_no_render));

	if (rc == 0 && !network)
		rc = filter_deny_all(ctx, calls_no_network,
		    COUNT(calls_no_network));
	for (size_t i = 0; rc == 0 && i < sizeof new_spaces /
	    sizeof new_spaces[0]; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM),
		    SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ,
		    new_spaces[i], new_spaces[i]));
	/* Its flags lie in memory, where no filter looks: clone() instead. */
	if (rc == 0)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS),
		    SCMP_SYS(clone3), 0);
	if (rc == 0)
		rc = seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS,
		    SCMP_SYS(ptrace), 0);
	return rc;
}

static int
filter_render(bool network, struct rel_err *err)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int rc = 0;

	if (ctx == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	if (filter_deny(ctx, network) < 0 || seccomp_load(ctx) < 0)
		rc = rel_err_sys(err, REL_E_IO,
		    "cannot load the system call filter");
	seccomp_release(ctx);
	return rc;
}

static int
filter_allow(scmp_filter_ctx ctx, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (calls[i] < 0)
			continue;	/* not on this machine's kernel */
		if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0) < 0)
			return -1;
	}
	return 0;
}

#define ALLOW(ctx, table) filter_allow(ctx, table, COUNT(table))

int
rel_compat_syscall_filter(enum rel_jail_kind kind, struct rel_err *err)
{
	scmp_filter_ctx ctx;
	int rc = 0;

	if (kind == REL_JAIL_RENDER || kind == REL_JAIL_PROVE)
		return filter_render(kind == REL_JAIL_PROVE, err);
	if ((ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM))) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	if (ALLOW(ctx, calls_all) < 0 ||
	    ((kind == REL_JAIL_AGENT || kind == REL_JAIL_SEND) &&
	    ALLOW(ctx, calls_dial) < 0) ||
	    (kind == REL_JAIL_CORE && ALLOW(ctx, calls_core) < 0) ||
	    seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS, SCMP_SYS(execve),
	    0) < 0 ||
	    seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS, SCMP_SYS(ptrace),
	    0) < 0 ||
	    seccomp_load(ctx) < 0)
		rc = rel_err_sys(err, REL_E_IO,
		    "cannot load the system call filter");
	seccomp_release(ctx);
	return rc;
}

#else

int
rel_compat_syscall_filter(enum rel_jail_kind kind, struct rel_err *err)
{
	(void)kind;
	(void)err;
	return 0;
}

#endif
#else
struct rel_not_linux_filter;
#endif
