/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef ITEMS_H
#define ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/cursor.h"

/*
 * What a device says of itself, as a list of named items (items.def): the one
 * form in which drivers hand it to core, core keeps it and pages show it.
 */
#define ITEM_NAME_MAX 40u		/* bytes with the end */
#define ITEM_VALUE_MAX 1024u
#define ITEM_LIST_MAX 1200u		/* items of one device */
#define ITEMS_BYTES_MAX 204800u		/* of all values of one device */
#define ITEM_N_MAX 99u			/* the greatest N in a name */

enum item_type { ITEM_TEXT, ITEM_NUMBER, ITEM_YESNO, ITEM_LIST, ITEM_TIME };
enum item_group {
	ITEMS_IDENTITY, ITEMS_ABILITY, ITEMS_NETWORK, ITEMS_INPUT,
	ITEMS_OUTPUT, ITEMS_FINISHER, ITEMS_SUPPLY, ITEMS_STATE, ITEMS_ALERT,
	ITEMS_COUNTER, ITEMS_POSTURE, ITEMS_STATION, ITEMS_GROUPS
};

struct item_kind {
	const char *name;		/* "input.N.level" */
	enum item_type type;
	enum item_group group;
	const char *words;
};

struct item {
	char name[ITEM_NAME_MAX];	/* "input.2.level" */
	char *value;			/* of the list; UTF-8 without controls */
};

struct items {
	struct item *v;			/* sorted by name when taken */
	size_t n, room, bytes;
	uint32_t groups;		/* bit 1 << enum item_group: these are
					 * complete; what is missing is gone */
	int failed;			/* 0, or REL_E_*: sticks */
};

/* The kind of a name, N and all; NULL when there is none. */
const struct item_kind *item_kind(const char *name);
/* "identity", "supply" ...; and back: -1 when it is none. */
const char *item_group_name(enum item_group group);
int item_group_of(const char *name);
/* All kinds, in the order of items.def. */
const struct item_kind *item_kinds(size_t *n);

void items_init(struct items *l);
void items_fini(struct items *l);

/*
 * Add one.  Any bytes will do as value: what is no UTF-8 is read as Latin-1,
 * blanks and control characters become one blank, ends are cut, what is longer
 * is cut.  An empty value, one that is not of the item's type, a name that is
 * no item, and what is more than ITEM_LIST_MAX or ITEMS_BYTES_MAX add nothing;
 * a name that is there already gets the new value.  n is the N of the name
 * (1..99), or 0 for a name without N, or with its number in it.
 */
void items_text(struct items *l, const char *name, unsigned n,
    const char *value, size_t len);
void items_str(struct items *l, const char *name, unsigned n,
    const char *value);
void items_number(struct items *l, const char *name, unsigned n,
    int64_t value);

/* The value of a name, borrowed; NULL. */
const char *items_get(const struct items *l, const char *name);
int64_t items_get_number(const struct items *l, const char *name,
    int64_t otherwise);

/* On the wire: u32 groups, u32 n, then name and value of each. */
void items_put(struct rel_buf *b, const struct items *l);
/* 0, or -REL_E_FORMAT: an unknown name, a value of another type ... */
int items_read(struct items *l, struct rel_cur *c);

#endif
