/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef BACKEND_COUNT_H
#define BACKEND_COUNT_H

#include <stdint.h>

/*
 * Which document of its job a backend is run for.  With a file it is in the
 * file's name.  Behind filters nothing says it; but cupsd runs the backends of
 * one attempt one after the other (*cupsSingleFile), and an attempt is known
 * by its time-at-processing.  So a job of several documents is counted in a
 * small file in cupsd's state folder, which only root can write.
 */
struct count_job {
	const char *state_dir;		/* CUPS_STATEDIR; may be NULL */
	const char *request_root;	/* CUPS_REQUESTROOT; may be NULL */
	uint32_t cups_job;
	const char *uuid;		/* job-uuid */
	const char *attempt;		/* time-at-processing */
	uint32_t file_document;		/* from argv[6]; 0 behind filters */
	int single_file;		/* one backend run per document */
};

/* The number, 1..; 0 when it cannot be known (core then takes the next). */
uint32_t count_document(const struct count_job *job);

#endif
