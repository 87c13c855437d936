/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_DIRECT_H
#define STORE_DIRECT_H

#include "releaserd/core/store.h"

/* The format of a job whose document is at a client. */
#define DIRECT_FORMAT "application/vnd.cups-release.direct"
bool direct_is(const struct job *j);

/* What a client was told about a job whose document it has (direct.h). */
enum direct_phase { DIRECT_HELD = 0, DIRECT_RELEASED = 1, DIRECT_STARTED = 2 };

struct direct_job {
	int64_t job_id, at_ms;
	char client_id[40];
	enum direct_phase phase;
	/* of the job */
	char uuid[64], ref[16];
	int64_t cups_job;		/* its number at the client */
	enum job_state state;
};

/* All give 0, or what the store says, but where it stands otherwise. */
int store_direct_add(struct store *st, int64_t job, const char *client_id,
    int64_t now_ms);
/* -REL_E_NOTFOUND */
int store_direct_get(struct store *st, int64_t job, struct direct_job *out);
/* The newest job of a client with this job-uuid. -REL_E_NOTFOUND */
int store_direct_find(struct store *st, const char *client_id,
    const char *uuid, struct direct_job *out);
/* Compare-and-set; -REL_E_NOTHELD when it is in another phase. */
int store_direct_phase(struct store *st, int64_t job, enum direct_phase from,
    enum direct_phase to, int64_t now_ms);
/* Whatever it was: nothing is expected of the client any more. */
int store_direct_reset(struct store *st, int64_t job);
/* Those of a client that have not ended, behind a job; how many. */
typedef bool (*store_direct_row)(const struct direct_job *d, void *ctx);
int store_direct_list(struct store *st, const char *client_id, int64_t after,
    int limit, store_direct_row row, void *ctx);
/* Those in a phase (not DIRECT_HELD) since before then, into ids; how many. */
int store_direct_late(struct store *st, enum direct_phase phase,
    int64_t before_ms, int64_t *ids, int limit);

#endif
