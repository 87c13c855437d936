/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Usage records that are fetched: page by page from where the log is here, each
 * acknowledged when it is on disk.  What comes is taken as a push is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fault.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/link.h"
#include "releaserd/core/record.h"
#include "releaserd/core/store_item.h"
#include "releaserd/records.h"

#define PAGE_RECORDS 100
#define PAGES_MAX 1000u		/* at a time; what is left comes the next time */
#define EACH_S 3600u

struct usage_pull {
	char device[40], epoch[64];
	int64_t after;			/* it is here up to there */
	int64_t acked;
	unsigned pages;
	bool more, again;		/* again: it has another log by now */
};

static int ask(struct core *c, struct usage_pull *p);

static void
ended(struct core *c, struct usage_pull *p, bool ok)
{
	fleet_brought(c, p->device, FLEET_PULL_USAGE, ok);
	free(p);
}

static int
ask_driver(struct core *c, struct usage_pull *p, enum driver_op op,
    fleet_done done)
{
	const struct device *d = device_at(c, p->device);
	struct driver_ask *q = d != NULL ? calloc(1, sizeof *q) : NULL;
	int rc;

	if (q == NULL)
		return -REL_E_NOTFOUND;
	q->op = (uint8_t)op;
	q->text = "";
	snprintf(q->id, sizeof q->id, "%s", p->epoch);
	q->number = op == DRIVER_USAGE_ACK ? p->acked : p->after;
	q->limit = PAGE_RECORDS;
	rc = fleet_ask(c, d, q, done, p);
	rel_wipe(q, sizeof *q);
	free(q);
	return rc;
}

/* ---- it is on disk: the device may forget it */

static void
acked(struct core *c, const struct driver_said *s, void *ctx)
{
	struct usage_pull *p = ctx;

	if (s == NULL) {
		free(p);
	} else if (s->rc != 0 && s->rc != -REL_E_NOTFOUND) {
		ended(c, p, false);
	} else if (!p->more || ++p->pages >= PAGES_MAX) {
		ended(c, p, true);
	} else if (ask(c, p) < 0) {
		ended(c, p, false);
	}
}

static void
written(struct core *c, void *arg, bool ok)
{
	struct usage_pull *p = arg;

	if (c->ending) {
		free(p);
		return;
	}
	if (!ok || ask_driver(c, p, DRIVER_USAGE_ACK, acked) < 0)
		ended(c, p, false);
}

/* ---- a page */

/* Where this log is here. */
static int
begin(struct core *c, struct usage_pull *p, const char *epoch)
{
	struct usage_record e = { .seq = 1 };

	snprintf(p->epoch, sizeof p->epoch, "%s", epoch);
	snprintf(e.device_id, sizeof e.device_id, "%s", p->device);
	snprintf(e.epoch, sizeof e.epoch, "%s", epoch);
	return store_record_acked(c->st, &e, false, &p->after);
}

static int
take_page(struct core *c, struct usage_pull *p, const struct usage_page *page)
{
	struct usage_taken t = { .device_id = p->device, .epoch = page->epoch,
	    .records = page->records, .n = page->n, .gone = true,
	    .begins = page->oldest };
	struct rel_err err;
	int rc = core_write(c, &err);

	if (rc < 0)
		return rc;
	/* A log that nobody knew may have begun long ago. */
	t.oldest = page->next + 1 > page->oldest ? page->next + 1 :
	    page->oldest;
	if ((rc = usage_take(c, &t)) < 0)
		return core_spoil(c, rc);
	rel_fault("core:records-pulled");
	p->acked = p->after = t.acked;
	p->more = page->more && page->n > 0;
	return 0;
}

static void
fetched(struct core *c, const struct driver_said *s, void *ctx)
{
	struct usage_pull *p = ctx;
	struct usage_page page = { .n = 0 };
	int rc = s != NULL ? s->rc : 0;

	if (s == NULL) {
		free(p);
		return;
	}
	if (rc == 0)
		rc = usage_page_get(&page, s->text.data, s->text.len);
	if (rc == 0 && strcmp(page.epoch, p->epoch) != 0 && !p->again) {
		p->again = true;
		rc = begin(c, p, page.epoch);
		if (rc == 0 && p->after > 0) {	/* another page of it */
			usage_page_fini(&page);
			if (ask(c, p) < 0)
				ended(c, p, false);
			return;
		}
	}
	/* Changed once more: what was asked for is of none of its logs. */
	if (rc == 0 && strcmp(page.epoch, p->epoch) != 0)
		rc = -REL_E_PEER;
	if (rc == 0)
		rc = take_page(c, p, &page);
	usage_page_fini(&page);
	if (rc < 0)
		ended(c, p, rc == -REL_E_NOTFOUND);
	else
		core_defer(c, written, p);
}

static int
ask(struct core *c, struct usage_pull *p)
{
	return ask_driver(c, p, DRIVER_USAGE_FETCH, fetched);
}

/* ---- when */

static int
pull(struct core *c, const struct device *d)
{
	struct usage_pull *p;
	char epoch[64];
	int rc;

	if (d->level < 3 || !link_can(d, DRIVER_CAN_USAGE))
		return -REL_E_NOTFOUND;
	if ((p = calloc(1, sizeof *p)) == NULL)
		return -REL_E_NOMEM;
	snprintf(p->device, sizeof p->device, "%s", d->id);
	rc = store_record_epoch(c->st, d->id, epoch, sizeof epoch);
	if (rc == 0)
		rc = begin(c, p, epoch);
	if (rc == -REL_E_NOTFOUND)
		rc = 0;
	if (rc == 0)
		rc = ask(c, p);
	if (rc < 0)
		free(p);
	return rc == -REL_E_NOTFOUND ? -REL_E_PEER : rc;
}

int
usage_pull_init(struct core *c)
{
	fleet_bringer(c, FLEET_PULL_USAGE, pull);
	return 0;
}

struct hourly {
	struct core *c;
	unsigned minute;
};

static bool
hourly(const char *id, void *ctx)
{
	const struct hourly *h = ctx;
	unsigned n = 0;

	for (const char *s = id; *s != '\0'; s++)
		n = n * 31 + (unsigned char)*s;
	if (n % (EACH_S / 60) == h->minute)
		fleet_push(h->c, id, FLEET_PULL_USAGE);
	return true;
}

/* Each device once an hour, whatever it says: some minute of it is its. */
void
usage_pull_tick(struct core *c)
{
	struct hourly h = { c, c->ticks / 60 % (EACH_S / 60) };

	if (c->ticks % 60 == 30)
		(void)store_device_ids(c->st, hourly, &h);
}
