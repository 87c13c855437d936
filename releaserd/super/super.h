/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SUPER_H
#define SUPER_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "lib/conf_edit.h"
#include "releaserd/role.h"
#include "releaserd/start.h"

/*
 * super: the only process that stays root.  It opens what needs root, starts
 * the roles, ties them together and starts again what dies.  It parses nothing
 * that comes from outside.
 */

#define KEY_PATH_MAX 480u
#define KEY_FILE_MAX 65536u
#define CONF_PATH_MAX 400u

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
	bool stopped;			/* was told to end: do not restart */
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
/* Would files_folders() take this one? Also when it is not there yet. */
int files_folder_fits(const char *path, uid_t uid, struct rel_err *err);
int files_lock(struct super *s, struct rel_err *err);
int files_keys(struct super *s, struct rel_err *err);
int blob_read(struct blob *b, const char *path, size_t max,
    struct rel_err *err);
void blob_fini(struct blob *b);
/* A new file that is on the disk before it has its name, and its name too. */
int files_put(const char *path, const struct blob *b, mode_t mode,
    struct rel_err *err);
int files_sync(const char *path, struct rel_err *err);
/* A file that must be closed to others; NAME.end beside KeyFile. */
int files_key_read(struct blob *b, const char *path, struct rel_err *err);
void files_beside_key(const struct super *s, char out[KEY_PATH_MAX],
    const char *name);
/* Our name: ServerName, or the host's. */
void super_host(const struct super *s, char out[256]);
void super_base_url(struct super *s);

/* certs.c: keys and certificates, PEM text in memory */
int certs_self_signed(const char *host, struct blob *cert, struct blob *key,
    struct rel_err *err);
int certs_authority(struct blob *cert, struct blob *key, struct rel_err *err);

/*
 * A request for a new key (RFC 2986); names and texts are admin_name_ok() and
 * short UTF-8.
 */
int certs_request(const struct admin_csr *m, struct blob *csr,
    struct blob *key, struct rel_err *err);
/* Is the public part of this key in the first certificate of a PEM? */
bool certs_fit(const struct blob *cert, const struct blob *key);

/* listen.c */
int listen_all(struct super *s, struct rel_err *err);
int listen_check(const char *text, struct rel_err *err);	/* Listen */
void listen_close(struct listeners *on);
void listen_close_https(struct listeners *on);
/*
 * HTTPS listeners for other settings, while those in s->on go on; what is in
 * both is shared.  try_only: nothing is listened at, only tried.
 */
int listen_change(struct super *s, const struct settings *set,
    struct listeners *next, bool try_only, struct rel_err *err);
/* next takes the place of the HTTPS listeners in s->on and is empty then. */
void listen_swap(struct super *s, struct listeners *next);

/* conf.c: releaserd.conf and releaserd.conf.undo */
struct conf_file {
	char path[CONF_PATH_MAX];	/* without symbolic links */
	struct stat st;
	struct blob text;
	struct blob undo;		/* data NULL: none */
	int64_t undo_ms;
};
/* -REL_E_LIMIT when it is too large to be edited here. */
int conf_file_load(const struct super *s, struct conf_file *f,
    struct rel_err *err);
int conf_file_write(const struct conf_file *f, const struct rel_buf *text,
    struct rel_err *err);
int conf_file_undo(const struct conf_file *f, struct rel_err *err);
void conf_file_fini(struct conf_file *f);

/* apply.c: settings that are to take effect now */
struct plan {
	struct settings file;		/* as the text says */
	struct settings set;		/* as it will be in force */
	struct rel_buf text;		/* that in words, for the roles */
	struct listeners on;		/* HTTPS, when ports changes */
	bool ports;
	unsigned item;			/* on failure: the setting at fault */
};
/* Check all and open what is to be opened; plan_fini() either way. */
int plan_make(struct super *s, struct plan *p, const void *text, size_t len,
    bool try_only, struct rel_err *err);
int plan_take(struct super *s, struct plan *p, struct rel_err *err);
void plan_fini(struct plan *p);

/* tls.c: the server's key and certificate */
int tls_csr(struct super *s, const struct admin_csr *m, struct rel_err *err);
int tls_install(struct super *s, const void *pem, size_t n,
    struct rel_err *err);
int tls_self_signed(struct super *s, struct rel_err *err);
int tls_undo(struct super *s, struct rel_err *err);
/* What there is; blobs of said come from these and are freed by the caller. */
struct tls_state {
	struct blob csr, undo;
};
void tls_state(struct super *s, struct tls_state *t, struct admin_said *said);
/* At the start: an installation that was cut short is finished. */
int tls_heal(struct super *s, struct rel_err *err);

/* admin.c: what core asks; true when it was one of these questions. */
bool admin_asked(struct super *s, struct ipc_chan *core,
    const struct rel_frame *fr);

/* children.c */
int children_start(struct super *s, struct rel_err *err);
void children_reaped(struct super *s, pid_t pid, int status);
void children_tell(struct super *s, unsigned type, const void *p, size_t n);
bool children_alive(const struct super *s);
/* The listeners are others; the certificate is another. */
void children_listen(struct super *s);
void children_tls(struct super *s);
/* As many net and agent as are wanted: the last ones end in good order. */
void children_resize(struct super *s);
void children_fini(struct super *s);

/* notify.c: systemd's readiness protocol, sd_notify(3); nothing elsewhere */
void notify_systemd(const char *state);

#endif
