/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the programs of tests/bench share. They end on the first trouble. */

/* Print words and errno, end with 1. */
_Noreturn void bench_die(const char *what);

/* Nanoseconds that only move forward, the same in every process. */
int64_t bench_ns(void);

/* Listen at a TCP port on 127.0.0.1. */
int bench_listen(const char *port);

/* One connection of an LPD client: everything is taken and thrown away. */
struct bench_lpd {
	int64_t first_ns;	/* when its first byte was there */
	int64_t data_ns;	/* the first byte of a document */
	int64_t end_ns;		/* when it closed */
	uint64_t bytes;		/* of its documents */
};
void bench_lpd_serve(int sock, struct bench_lpd *out);

/* A panel: one TLS connection to releaserd that is kept open. */
struct panel;
struct panel *panel_open(const char *port);
void panel_free(struct panel **pp);

/* Send an action; nothing is read. token is the device's. */
void panel_send(struct panel *p, const char *token, const char *json);

/* The answer to what was sent: its body, borrowed until the next call. */
const char *panel_answer(struct panel *p, int *status);

#endif
