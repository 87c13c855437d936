/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_INTAKE_H
#define REL_INTAKE_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/cursor.h"
#include "lib/facts.h"

/*
 * What the backend and core say to each other on RunDir/intake.sock, one
 * connection a document (doc/ipc.md):
 *
 *   backend  BEGIN  who, what, how
 *   core     SPOOL  + descriptor, job id, job key     or  KNOWN  or  REFUSED
 *            or AWAY (try later)
 *   backend  encrypts, writes, fsyncs
 *   backend  COMMIT plain bytes, facts of the pages
 *   core     HELD                                     or  REFUSED  or  AWAY
 *
 * Closing before COMMIT leaves nothing.  Frames are lib/frame.h.
 */
enum {
	REL_IN_BEGIN = 0x101,
	REL_IN_COMMIT = 0x102,
	REL_IN_SPOOL = 0x181,
	REL_IN_KNOWN = 0x182,	/* this document is held or was released */
	REL_IN_REFUSED = 0x183,
	REL_IN_HELD = 0x184,
	REL_IN_AWAY = 0x185
};

struct rel_in_begin {
	char queue[128];	/* CUPS destination */
	char uuid[64];		/* job-uuid "urn:uuid:..."; "" if none */
	uint32_t document;	/* 1.. in the job; see backend/release.c */
	uint32_t cups_job;	/* job-id */
	char user[256];		/* job-originating-user-name */
	char host[256];		/* job-originating-host-name */
	char title[1024];	/* job-name, UTF-8 */
	char format[128];	/* FINAL_CONTENT_TYPE */
	uint32_t copies;	/* 1..999, what is still to be made */
	char options[8192];	/* argv[5] without job-password */
	char pin[256];		/* job-password; "" for none; wiped after use */
	char pin_scheme[32];	/* job-password-encryption, "none" for digits */
	char server[256];	/* CUPS_SERVER host of the job, for the trace */
};

struct rel_in_spool {
	uint64_t job_id;
	uint8_t key[32];	/* this job's; wipe after use */
	uint64_t limit_bytes;	/* 0 for none */
};

struct rel_in_commit {
	uint64_t bytes;		/* plain; 0 only when facts.refused says why */
	bool has_facts;		/* somebody looked at the pages */
	struct rel_facts facts;
};

struct rel_in_refused {
	char jobstate[48];	/* RFC 8011 job-state-reason for JOBSTATE:, or "" */
	char reason[240];	/* plain words */
};

void rel_in_begin_put(struct rel_buf *b, const struct rel_in_begin *m);
int rel_in_begin_get(struct rel_in_begin *m, const void *p, size_t n);
void rel_in_spool_put(struct rel_buf *b, const struct rel_in_spool *m);
int rel_in_spool_get(struct rel_in_spool *m, const void *p, size_t n);
void rel_in_commit_put(struct rel_buf *b, const struct rel_in_commit *m);
int rel_in_commit_get(struct rel_in_commit *m, const void *p, size_t n);
/* HELD, KNOWN and AWAY: a text. */
void rel_in_refused_put(struct rel_buf *b, const struct rel_in_refused *m);
int rel_in_refused_get(struct rel_in_refused *m, const void *p, size_t n);

#endif
