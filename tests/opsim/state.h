/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_STATE_H
#define OPSIM_STATE_H

#include <stddef.h>
#include <sys/types.h>

#include <jansson.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * The folder in which a simulated device keeps what it is:
 *   device.key   its private key (0600)    device.crt   its certificate
 *   ca.pem       the CA of devices         server.pem   who the server is
 *   device.json  everything else           ports        where it listens
 */
struct state {
	char dir[400];
	json_t *doc;		/* device.json; owned */
};

/* Take the name of the folder; with `make` make the folder (0700). */
int state_open(struct state *st, const char *dir, int make,
    struct rel_err *err);

/* Read device.json; -REL_E_NOTFOUND when the device is not registered. */
int state_load(struct state *st, struct rel_err *err);
void state_fini(struct state *st);

/* DIR/NAME; out needs STATE_PATH. */
#define STATE_PATH 512
void state_path(const struct state *st, const char *name, char *out);

/* Replace a file as a whole; it appears complete or not at all. */
int state_write(const struct state *st, const char *name, const void *p,
    size_t n, mode_t mode, struct rel_err *err);

/* device.json from st->doc. */
int state_save(const struct state *st, struct rel_err *err);

/* A value of device.json by its path "config.heartbeat_s"; or the default. */
const char *state_str(const struct state *st, const char *path,
    const char *dflt);
json_int_t state_int(const struct state *st, const char *path,
    json_int_t dflt);

/* The whole of a file, at most max bytes; appended to out. */
int file_read(const char *path, size_t max, struct rel_buf *out,
    struct rel_err *err);

/* A number of bytes as JSON, held to the bounds of OPDP; NULL with words. */
json_t *json_read(const void *p, size_t n, struct rel_err *err);

/* The member at a path of names with dots between; NULL when not there. */
json_t *json_at(const json_t *v, const char *path);
const char *json_str_at(const json_t *v, const char *path, const char *dflt);

#endif
