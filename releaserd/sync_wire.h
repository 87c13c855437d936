/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SYNC_WIRE_H
#define SYNC_WIRE_H

#include "lib/cursor.h"
#include "releaserd/directory_wire.h"

/*
 * All people of a directory, part by part: core asks an agent for the next
 * part when it has room for it, always the same agent.  The agent keeps the
 * listing (a connection and the groups that were met) until it is over, a new
 * one begins, or nobody asks for a while.
 */
#define SYNC_PART_BYTES (128u << 10)	/* of records, about */
#define SYNC_GROUPS_MAX 100000u		/* of one directory */

/* IPC_SYNC_NEXT */
struct sync_next {
	struct dir_where at;
	uint64_t run;			/* which listing */
	uint32_t part;			/* 0 begins it; then one after the other */
};

/* IPC_SYNC_PART: the answer. Records follow: sync_part_next(). */
struct sync_part {
	uint8_t outcome;		/* DIR_RIGHT, or the listing is over */
	uint8_t server;			/* that answers, or DIR_NO_SERVER */
	bool last;			/* nothing comes behind it */
	uint32_t nameless;		/* entries so far that have no name that
					 * could be an account's */
	char words[1024];		/* why not, for the administrator */
	struct rel_cur records;		/* borrowed */
};

enum sync_what { SYNC_END, SYNC_GROUP, SYNC_PERSON, SYNC_BAD };

/* One record: a group (numbered from 0 in the order they come), or a person. */
struct sync_record {
	char group[DIR_GROUP_MAX];
	struct dir_person who;		/* without its DN */
	bool closed;			/* disabled there */
	const uint8_t *raw;		/* the person's attributes as they came */
	size_t raw_len;
	uint32_t ngroups, groups[DIR_GROUPS_MAX];
};

void sync_next_put(struct rel_buf *b, const struct sync_next *m);
int sync_next_get(struct sync_next *m, const void *p, size_t n);

/* Records are put behind each other into a buffer of their own ... */
void sync_group_put(struct rel_buf *records, const char *name);
void sync_person_put(struct rel_buf *records, const struct sync_record *m);

/* ... which is put behind the part. m->records is not looked at. */
void sync_part_put(struct rel_buf *b, const struct sync_part *m,
    const struct rel_buf *records);
int sync_part_get(struct sync_part *m, const void *p, size_t n);
enum sync_what sync_part_next(struct sync_part *m, struct sync_record *r);

#endif
