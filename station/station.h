/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STATION_H
#define STATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * A station, a small computer beside a printer, as a device of doc/opdp.md: its
 * panel is a browser (doc/kiosk.md) or release-station.  Its folder holds
 *
 *   station.key   the private key, PEM
 *   station.crt   the client certificate of the server's own CA, PEM
 *   station.p12   both, for a browser, under a password
 *   server.pem    who the server is: what --ca gave, if it was given
 *   station.json  {"server","device_id","serial","renew_after","has_ca"}
 *
 * Everything in it is of mode 0600 and replaced whole.
 */
#define STATION_PATH 512
#define STATION_SERIAL 64		/* bytes of a serial number */
#define STATION_PROBLEM 40
#define STATION_PEM_MAX 65536u

/* A key pair and what came for it. */
struct station_key {
	struct rel_buf key, csr;	/* PEM */
};

/* A new P-256 key and a certificate request that names serial. */
int station_key_make(struct station_key *k, const char *serial,
    struct rel_err *err);
void station_key_fini(struct station_key *k);

/* PKCS#12 of a key and its certificate (both PEM); out is secret. */
int station_p12(const struct rel_buf *key, const char *crt,
    const char *password, const char *name, struct rel_buf *out,
    struct rel_err *err);

/* When a certificate ends, ms since 1970; is it one of this key? */
int station_crt_end(const struct rel_buf *crt, int64_t *end_ms,
    struct rel_err *err);
bool station_pair(const struct rel_buf *key, const struct rel_buf *crt);

/* ---- the folder */

/* Make it if it is missing (0700); it must be a folder of ours alone. */
int station_folder(const char *dir, struct rel_err *err);

/* A whole file of it, bounded; -REL_E_NOTFOUND when it is not there. */
int station_read(const char *dir, const char *name, struct rel_buf *out,
    struct rel_err *err);

/* As station_read(), any file. */
int station_read_path(const char *path, struct rel_buf *out,
    struct rel_err *err);

/* NAME.new, on the disk; then all of them get their names at once. */
int station_write_new(const char *dir, const char *name, const void *data,
    size_t n, struct rel_err *err);
int station_rename_new(const char *dir, struct rel_err *err);
void station_drop_new(const char *dir);

/* What a crash between the renames left is put right. */
void station_mend(const char *dir);

/* ---- HTTPS */

struct station_call {
	const char *server;		/* https://host[:port] */
	const char *ca;			/* file, or NULL: the system's */
	const char *dir;		/* whose certificate, or NULL: none */
	const char *path;
	const json_t *body;		/* NULL: GET */
	const char *method;		/* NULL: GET or POST */
	void **line;			/* the connection is kept here for the
					 * next call; NULL: it is closed */
	char *problem;			/* NULL, or STATION_PROBLEM bytes: the
					 * code of a refusal, else "" */
};

/* "https://name[:port]" and nothing else. */
bool station_server_ok(const char *server);

/*
 * Ask and wait; *out is the caller's.  Every failure in words that say what
 * to do; -REL_E_PEER when the server is away.
 */
int station_ask(const struct station_call *call, json_t **out,
    struct rel_err *err);
void station_hang_up(void **line);

/* ---- one that is registered */

/* What station.json of dir says; *out is the caller's. */
int station_load(const char *dir, json_t **out, struct rel_err *err);

/*
 * Write key, certificate and station.json as one, from an answer to a
 * registration or renewal; with a password the browser's file, too.
 */
int station_keep(const char *dir, const struct station_key *key,
    const json_t *answer, json_t *station, const char *password,
    struct rel_err *err);

/* Is it time (renew_after; unknown is yes)? And: a new key and certificate. */
bool station_due(const json_t *station);
int station_renewed(const char *dir, json_t *station, const char *password,
    struct rel_err *err);

/* What it is, as a member of a heartbeat; readers is taken, NULL: it does not
 * say. */
json_t *station_told(json_t *readers);

/* A call of it, with its certificate; ca has STATION_PATH bytes. */
struct station_call station_call_of(const json_t *station, const char *dir,
    char *ca);

#endif
