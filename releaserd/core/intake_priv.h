/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef INTAKE_PRIV_H
#define INTAKE_PRIV_H

#include <dirent.h>

#include "releaserd/core/core.h"

/* What intake.c and intake_commit.c share. */

/* One backend, from its connection to its end. */
struct incoming {
	struct intake *in;
	uint64_t serial;
	struct ipc_chan *chan;
	struct job *job;		/* after BEGIN */
	bool has_file, committing;
	struct incoming *next;
};

struct intake {
	struct core *c;
	struct event *listener;
	int fd;
	struct incoming *all;
	uint64_t next_serial;
	DIR *sweep;
	int64_t sweep_before;		/* files of jobs younger than this stay */
};

/*
 * Who may release it: what CUPS says, made comparable, into j->user_key.  0;
 * -REL_E_DENIED with words for the person; or an error of the store.
 */
int intake_user(struct core *c, struct job *j, const char *user,
    struct rel_err *err);
/* Caps of users and of the spool.  0, or -REL_E_LIMIT refuses it. */
int intake_caps(struct core *c, const struct job *j, struct rel_err *err);

/* Answers to a backend: a text, or a refusal with its JOBSTATE: keyword. */
void intake_tell(struct incoming *i, unsigned type, const char *text);
void intake_refuse(struct incoming *i, const char *jobstate,
    const char *reason);
/* That its document is here already, once that is on disk. */
void intake_tell_known(struct incoming *i);

/* The backend of a number that is never used twice; NULL when it is gone. */
struct incoming *intake_find(struct intake *in, uint64_t serial);

/* The spool file of a document that will not be held. */
void intake_drop_file(struct incoming *i);

/* What one document may have now, in bytes; 0 for no limit. */
uint64_t intake_limit(struct core *c);

/* COMMIT: the document is whole, this is what is known of its pages. */
void intake_commit(struct incoming *i, const struct rel_frame *fr);

#endif
