/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SUPER_H
#define SUPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "releaserd/role.h"
#include "releaserd/start.h"

/*
 * super: the only process that stays root.  It opens what needs root, starts
 * the roles, ties them together and starts again what dies.  It parses nothing
 * that comes from outside.
 */

/* A file read whole; secrets are wiped by blob_fini(). */
struct blob {
	uint8_t *data;
	size_t len;
};

/* What is made at the first start, beside KeyFile. */
struct keys {
	struct blob host_key;		/* 32 bytes */
	struct blob tls_cert, tls_key;	/* PEM */
	struct blob ca_cert, ca_key;	/* PEM */
	uint8_t web_secret[32];
};

struct listeners {
	int https[2];			/* at most one v4, one v6 wildcard, or
					 * two addresses */
	unsigned nhttps;
	char names[4][64];		/* "127.0.0.1:443" */
	unsigned port;			/* as bound: HttpsPort or the fallback */
	int local, intake;
};

/* One role at work. */
struct child {
	struct super *super;
	enum ipc_role role;
	uint32_t index;
	pid_t pid;			/* 0: not running now */
	struct ipc_chan *chan;
	bool taken;			/* a send or render that has work */
	bool stopped;			/* has nothing left to do: do not restart */
	int64_t started_ms;
	int quick_deaths;		/* in a row, within 5 s of the start */
	struct event *again;		/* the restart that waits */
	struct child *next;
};

struct super {
	const char *conf_path;
	char self[1024];		/* path of this program */
	struct blob conf;		/* settings text as last accepted */
	struct settings set;
	struct keys keys;
	int locks[2];			/* on RunDir and StateDir */
	struct listeners on;
	char base_url[300];
	struct event_base *base;
	struct child *children;
	uint32_t next_worker;		/* index of the next send or render */
	bool core_ready, net_ready, ready, stopping;
	struct event *sig_chld, *sig_term, *sig_int, *sig_hup, *stop_timer;
};

/* files.c: folders and the files made at the first start */
int files_folders(const struct settings *set, struct rel_err *err);
int files_lock(struct super *s, struct rel_err *err);
int files_keys(struct super *s, struct rel_err *err);
int blob_read(struct blob *b, const char *path, size_t max,
    struct rel_err *err);
void blob_fini(struct blob *b);

/* certs.c: keys and certificates, PEM text in memory */
int certs_self_signed(const char *host, struct blob *cert, struct blob *key,
    struct rel_err *err);
int certs_authority(struct blob *cert, struct blob *key, struct rel_err *err);

/* listen.c */
int listen_all(struct super *s, struct rel_err *err);
int listen_check(const char *text, struct rel_err *err);	/* Listen */
void listen_close(struct listeners *on);

/* children.c */
int children_start(struct super *s, struct rel_err *err);
void children_reaped(struct super *s, pid_t pid, int status);
void children_tell(struct super *s, unsigned type, const void *p, size_t n);
bool children_alive(const struct super *s);
void children_fini(struct super *s);

/* notify.c: systemd's readiness protocol, sd_notify(3); nothing elsewhere */
void notify_systemd(const char *state);

#endif
