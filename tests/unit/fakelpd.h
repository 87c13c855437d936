/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef FAKELPD_H
#define FAKELPD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A small LPD in a thread of the test, on a free loopback port, that goes
 * wrong at a chosen step.  It takes what it is told to take and keeps it.
 */
enum fakelpd_step {
	LPD_NEVER,
	LPD_ACCEPT,		/* before the queue line is read */
	LPD_QUEUE,		/* instead of acknowledging the queue */
	LPD_CONTROL_LINE,	/* ... "\2 len cfA" */
	LPD_CONTROL,		/* ... the control file */
	LPD_DATA_LINE,		/* ... "\3 len dfA" */
	LPD_MID_DATA,		/* when half of the data is there */
	LPD_DATA		/* instead of the last acknowledgement of data */
};

enum fakelpd_then { LPD_GO_ON, LPD_CLOSE, LPD_RESET, LPD_SILENT };

struct fakelpd {
	/* set before fakelpd_start() */
	enum fakelpd_step at;
	const char *say;	/* n bytes said there; may be NULL */
	size_t say_len;
	enum fakelpd_then then;
	unsigned times;		/* sessions that go wrong, 0 all */
	bool dribble;		/* reads small pieces, with pauses */
	bool say_it_all;	/* acknowledges everything in advance */

	uint16_t port;
	/* what came, of the last session; read after fakelpd_stop() */
	unsigned sessions;
	char order[16];		/* "QCD": queue line, control, data */
	char queue[300];
	char control_name[140], data_name[140];
	char control[70000];
	size_t control_len;
	uint8_t *data;
	size_t data_len, data_said;
	bool data_ended;	/* with its zero octet */

	int listener;
	pthread_t thread;
};

/* A document to send, and cmocka's group functions that make and free it. */
#define DOC_BYTES (24u << 20)	/* more than the kernel holds for a connection */
extern uint8_t *doc_text;
int doc_set_up(void **state);
int doc_tear_down(void **state);

void fakelpd_start(struct fakelpd *d);
void fakelpd_stop(struct fakelpd *d);	/* waits for it */
void fakelpd_fini(struct fakelpd *d);

#endif
