/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef FAKEIPP_H
#define FAKEIPP_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cups/cups.h>

/*
 * A small IPP printer in a thread of the test, on a free loopback port, that
 * goes wrong at a chosen question.  One connection a question.
 */
enum fakeipp_fault {
	IPP_WELL,
	IPP_SAYS,		/* the IPP status `code` */
	IPP_HTTP,		/* the HTTP status `code` */
	IPP_CLOSES,		/* as soon as the head of the request is there */
	IPP_CLOSES_MID,		/* when half of the body is there */
	IPP_CLOSES_AFTER,	/* when all of it is there */
	IPP_SILENT,		/* all of it is there, no answer */
	IPP_OTHER_ID, IPP_GARBAGE, IPP_ENDLESS, IPP_DEEP
};

struct fakeipp {
	/* set before fakeipp_start() */
	int at;				/* ipp_op_t; 0: at no question */
	enum fakeipp_fault fault;
	int code;
	unsigned times;			/* questions that go wrong, 0 all */
	bool no_create;			/* it has no Create-Job */
	/* What a good answer says; may be NULL. */
	void (*fill)(ipp_t *answer, int op);

	uint16_t port;
	/* what came; read after fakeipp_stop() */
	unsigned asked, jobs, documents, canceled, wrong;
	size_t data_len;		/* of the last document */
	uint8_t *data;
	char name[300], format[80], sides[40], user[80], media[80];
	int copies, finishings, of_job;
	bool last;

	int listener;
	pthread_t thread;
};

void fakeipp_start(struct fakeipp *d);
void fakeipp_stop(struct fakeipp *d);	/* waits for it */
void fakeipp_fini(struct fakeipp *d);
/* "ipp://127.0.0.1:PORT/ipp/print" */
void fakeipp_uri(const struct fakeipp *d, char out[80]);

#endif
