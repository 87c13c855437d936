/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DIRECT_CLIENT_H
#define DIRECT_CLIENT_H

#include <sys/types.h>

#include "lib/facts.h"
#include "station/station.h"

/*
 * A direct queue at a client (doc/direct.md): the data of a job stays in
 * CUPS's own queue until the print server says that it may print.
 *
 * The folder is that of a station (station/station.h); below it jobs/N has the
 * job-uuid of each CUPS job N the server knows of.
 */
enum {				/* what cupsd makes of an exit status */
	DIRECT_OK = 0, DIRECT_FAILED = 1, DIRECT_HOLD = 3, DIRECT_CANCEL = 5,
	DIRECT_AGAIN = 7	/* at once: what waits (6) is aborted after
				 * some tries (JobRetryLimit) */
};

/* The device URI: release-direct://DIR?to=URI, both percent-encoded. */
struct direct_uri {
	char dir[400];			/* absolute path of the folder */
	char to[1024];			/* where the data goes in the end */
};
/* 0; -REL_E_FORMAT and err says what it lacks. */
int direct_uri_read(struct direct_uri *u, const char *uri,
    struct rel_err *err);

/* ---- jobs.c: jobs/N */

/* From now on the server knows this job of cupsd, on the disk; what an earlier
 * one of that number had is gone.  0 or -REL_E_IO. */
int jobs_add(const char *dir, int cups_job, const char *uuid,
    struct rel_err *err);
/* false: there is none. uuid has 64 bytes. */
bool jobs_get(const char *dir, int cups_job, char uuid[64]);
/* It is known no more; one that is not there is fine. */
void jobs_drop(const char *dir, int cups_job);
/* Calls row for each, uuid borrowed; the folder may change meanwhile.  0, also
 * when there is no folder yet, or -REL_E_IO. */
typedef void (*jobs_row)(int cups_job, const char *uuid, void *ctx);
int jobs_each(const char *dir, jobs_row row, void *ctx, struct rel_err *err);

/* ---- server.c: the print server's side, as a station of that folder */

struct direct_server {
	const char *dir;		/* borrowed */
	json_t *station;		/* station.json; owned */
	char ca[STATION_PATH];
	void *line;			/* the connection between calls */
	char problem[STATION_PROBLEM];	/* the code of the last refusal */
};
/* dir must stay; nobody is called yet.  As station_load(). */
int server_open(struct direct_server *s, const char *dir,
    struct rel_err *err);
void server_close(struct direct_server *s);

/* What is known of a job; texts are borrowed. */
struct direct_info {
	const char *queue, *uuid, *user, *host, *title;
	int cups_job, copies;
	int64_t bytes;
	const struct rel_facts *facts;
};
/* Is it there at all? -REL_E_PEER: no. */
int server_ready(struct direct_server *s, struct rel_err *err);
/* Tell the server of a job; again is fine.  0; -REL_E_DENIED: this job may not
 * be, with words for the person; -REL_E_PEER: try later; another: this queue
 * has to be mended first. */
int server_submit(struct direct_server *s, const struct direct_info *info,
    struct rel_err *err);
/* May it print now? 0, once; -REL_E_NOTHELD: not now; -REL_E_NOTFOUND. */
int server_start(struct direct_server *s, const char *uuid,
    struct rel_err *err);
/* How it ended: "completed", "refused" (nothing printed) or "aborted".  As the
 * next one 0 or as station_ask(); may come twice. */
int server_end(struct direct_server *s, const char *uuid, const char *result,
    struct rel_err *err);
/* It was taken back here; -REL_E_NOTFOUND: the server has none. */
int server_delete(struct direct_server *s, const char *uuid,
    struct rel_err *err);
/* All jobs the server still has of this queue: {uuid: state}, the caller's. */
int server_list(struct direct_server *s, json_t **out, struct rel_err *err);

/* ---- watch.c: jobs are let go, or taken back */

/* One look: what was released is let go in cupsd, what was deleted at either
 * end is deleted at the other.  0, or why nothing could be compared. */
int watch_once(struct direct_server *s, struct rel_err *err);
/* A new certificate when it is time; the connection is made anew then. */
void watch_renew(struct direct_server *s);
/* release-direct --watch: looks each two seconds till SIGTERM; exit status. */
int watch_main(const char *dir);

#endif
