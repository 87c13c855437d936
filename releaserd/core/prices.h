/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PRICES_H
#define PRICES_H

#include "lib/price.h"
#include "releaserd/core/book.h"

/*
 * The price list that holds, and what a job costs by it (release-prices(5)).
 * Without a list nothing has a price and nothing is charged.
 */
int prices_init(struct core *c, struct rel_err *err);
void prices_fini(struct core *c);

struct book *prices_book(struct core *c);

/* Version of the list that holds, 0 for none. */
int64_t prices_version(const struct core *c);

/* Its currency, else that of the settings: "EUR". */
const char *prices_currency(const struct core *c);

/*
 * What sides, sheets and copies of a job cost, by a version (0: the one that
 * holds) at a device (NULL: none is chosen yet).  0; -REL_E_NOTFOUND there is
 * no list; -REL_E_FORMAT nobody knows its pages; -REL_E_LIMIT too much.
 */
struct priced {
	const struct job *job;		/* its media and finishings */
	const struct job_count *count;	/* of one copy */
	int64_t copies, version;
	const struct device *device;
};
int prices_cost(struct core *c, const struct priced *what,
    struct rel_cost *out);

/*
 * The same of something that is no job: all of p but the device and its groups
 * is the caller's.
 */
int prices_print(struct core *c, const struct device *d, int64_t version,
    struct rel_print *p, struct rel_cost *out);

/* What a held job costs at d; false: nobody knows, or nothing has a price. */
bool prices_row(struct core *c, const struct job *j, const struct device *d,
    int64_t *micro);

#endif
