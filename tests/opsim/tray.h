/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_TRAY_H
#define OPSIM_TRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "lib/err.h"
#include "tests/opsim/device.h"

/*
 * The paper that came out: OUT/NNN.prn (the bytes), OUT/NNN.cf (the control
 * file) and a line for each in OUT/jobs.jsonl.  What arrives while the device
 * is jammed or open waits in its memory and comes out when it is ready; a
 * device that is switched off forgets it.
 */
struct tray;

int tray_new(struct tray **out, const char *dir, struct device *dev,
    struct rel_err *err);
void tray_free(struct tray **tp);

/* Whenever a document has come out. */
typedef void (*tray_cb)(const json_t *printed, void *ctx);
void tray_watch(struct tray *t, tray_cb cb, void *ctx);

/* A file for data that arrives: its descriptor, and its name (512 bytes). */
int tray_receive(struct tray *t, char *name, struct rel_err *err);

/*
 * A whole job came.  record is taken: it gets n, at and file here; data is
 * the name of tray_receive(), cf the control file.
 */
void tray_put(struct tray *t, json_t *record, const char *data,
    const char *cf, size_t cf_len);

/* While these restrictions say "hold" of printing, documents that no release
 * is for wait, too. */
struct state;
void tray_obeys(struct tray *t, const struct state *st);

/* The device became ready, or was switched off; restrictions changed. */
void tray_device_changed(struct tray *t);

/* What came out, also in earlier runs; an array, oldest first. */
const json_t *tray_printed(const struct tray *t);
unsigned tray_waiting(const struct tray *t);	/* in memory */
const char *tray_dir(const struct tray *t);

/* Lines of DIR/jobs.jsonl; 0 when there is none. */
unsigned tray_count(const char *dir);

#endif
