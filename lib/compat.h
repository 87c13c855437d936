/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_COMPAT_H
#define REL_COMPAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"

/*
 * What differs between Linux and macOS, and nothing else.  One file each:
 * compat_linux.c, compat_darwin.c; no other file asks which system it is on.
 */

/* socket() with close-on-exec. */
int rel_compat_socket(int domain, int type);

/* socketpair(AF_UNIX, SOCK_STREAM), both close-on-exec. 0 or -1. */
int rel_compat_pair(int out[2]);

/* accept() with close-on-exec and non-blocking. */
int rel_compat_accept(int sock);

/* Who is at the other end of a unix socket. pid is 0 where unknown. 0 or -1. */
int rel_compat_peer(int sock, uid_t *uid, gid_t *gid, pid_t *pid);

/* Close every descriptor from `from` on. */
void rel_compat_close_from(int from);

/* Data and length on stable storage (F_FULLFSYNC on macOS). 0 or -1. */
int rel_compat_datasync(int fd);

/* Start writing a range to disk without waiting; a hint, never fails. */
void rel_compat_write_ahead(int fd, off_t at, off_t bytes);

/* Bytes free for us on the file system of a folder; -1 when unknown. */
int64_t rel_compat_free_bytes(const char *path);

/* No core dump, no debugger, memory of secrets not in a dump. 0 or -1. */
int rel_compat_no_dump(void);

/* Become uid:gid for good, no other groups, no way back to root. 0 or -1. */
int rel_compat_become(uid_t uid, gid_t gid);

/* No program started from here gains rights (Linux; else nothing). 0 or -1. */
int rel_compat_no_new_privs(void);

/*
 * From now on this process and what it starts see no network device, not even
 * the loopback's. Needs root, and a system that lets it: 0 or -1 (errno).
 */
int rel_compat_no_network(void);

/*
 * From now on `dir`, and /tmp and /var/tmp unless dir lies below them, are an
 * empty folder in memory that only this process and what it starts see; it is
 * gone with the last of them.  Owned by uid:gid, at most so many bytes.
 * Needs root, and a system that lets it: 0 or -1 (errno).
 */
int rel_compat_private_tmp(const char *dir, uid_t uid, gid_t gid,
    uint64_t bytes);

/* A nameless file in memory, close-on-exec. -1: none (errno). */
int rel_compat_memfile(void);

/* Its bytes stay as they are from now on, whoever gets it (Linux). */
void rel_compat_memfile_seal(int fd);

/* Is this one of those, which nobody waits for who reads it? */
bool rel_compat_is_memfile(int fd);

/* This process ends when the one that made it does (Linux; else not). */
void rel_compat_die_with_parent(void);

/*
 * What our children leave behind becomes our child (Linux; else not), and all
 * children are killed: a module of PAM may start what leaves its group.
 */
void rel_compat_adopt(void);
void rel_compat_end_children(void);

/* The path of the program that runs. 0 or -1. */
int rel_compat_self(char *out, size_t size);

/*
 * A keyboard, or a card reader that types like one (Linux: an event device;
 * elsewhere there are none: -1).  read: what was typed since, as a US keyboard
 * has it, '\n' for Enter, '\b' and '\033'; how many, 0 for none now, -1 when
 * it is gone.  shift is kept between calls, false at first.  grab: nobody else
 * gets its keys.  0 or -1 (errno).
 */
int rel_compat_keys_read(int fd, bool *shift, char *out, size_t room);
int rel_compat_keys_grab(int fd);
int rel_compat_keys_usb(int fd, uint16_t *vid, uint16_t *pid);

/* What the calling role may still do once it is in its jail. */
enum rel_jail_kind {
	REL_JAIL_NET,		/* accept, read, write; opens and dials nothing */
	REL_JAIL_CORE,		/* files; no network but unix sockets */
	REL_JAIL_AGENT,		/* dials out, reads files; runs no program */
	REL_JAIL_SEND,		/* dials out; runs no program */
	REL_JAIL_RENDER,	/* files and programs; makes no socket at all,
				 * and nor do the programs */
	REL_JAIL_PROVE		/* the same with sockets: asks PAM, winbind */
};

/* Load the system call filter of a kind; nothing where there is none. */
int rel_compat_syscall_filter(enum rel_jail_kind kind, struct rel_err *err);

#endif
