/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Recorded jobs, page by page. */
#include "lib/recorded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fetch.h"
#include "lib/names.h"

#define PAGE_ROWS 5000u

enum column { ID, STATE, USER, QUEUE, DEVICE, TITLE, FORMAT, MEDIA, PAGES,
	SIDES, COLOUR, SHEETS, COPIES, DUPLEX, NUMBER_UP, FINISHINGS, BYTES,
	PAGES_SURE, COLOUR_SURE, HELD, ENDED, PAID, ACCOUNT,
	HOST, CUPS_JOB, APPLICATION, PRODUCER, PAPERS, COLUMNS };
static const char *const column_names[COLUMNS] = { "id", "state", "user",
	"queue", "device", "title", "format", "media", "pages", "sides",
	"colour", "sheets", "copies", "duplex", "number_up", "finishings",
	"bytes", "pages_sure", "colour_sure", "held_ms", "ended_ms", "paid",
	"account", "host", "cups_job", "application", "producer",
	"papers" };

/* Where each column is, and what devices there are. */
struct reader {
	size_t at[COLUMNS];
	const json_t *devices, *names;
	const char *id;			/* the device last looked at */
	const char *name;
	char groups[512];
	const char *group[REL_PRICE_GROUPS_MAX];
	size_t ngroups;
};

static int
find_columns(struct reader *r, const json_t *page, struct rel_err *err)
{
	const json_t *columns = json_object_get(page, "columns");
	json_t *v;
	size_t i;

	for (int k = 0; k < COLUMNS; k++) {
		r->at[k] = SIZE_MAX;
		json_array_foreach(columns, i, v)
			if (json_is_string(v) && strcmp(json_string_value(v),
			    column_names[k]) == 0)
				r->at[k] = i;
		if (r->at[k] == SIZE_MAX)
			return rel_err_set(err, REL_E_FORMAT,
			    "releaserd's records have no %s",
			    column_names[k]);
	}
	return 0;
}

static const char *
text_at(const struct reader *r, const json_t *row, enum column k)
{
	const char *s = json_string_value(json_array_get(row, r->at[k]));

	return s != NULL ? s : "";
}

/* Nothing negative, and nothing that a product could not hold. */
static int64_t
number_at(const struct reader *r, const json_t *row, enum column k)
{
	json_int_t n = json_integer_value(json_array_get(row, r->at[k]));

	return n < 0 ? 0 : n;
}

static int64_t
small_at(const struct reader *r, const json_t *row, enum column k)
{
	int64_t n = number_at(r, row, k);

	return n > INT32_MAX ? INT32_MAX : n;
}

/* The device's name and groups; the last one is remembered. */
static void
find_device(struct reader *r, const char *id)
{
	const char *groups = "", *name;
	json_t *d;
	size_t i;

	if (r->id != NULL && strcmp(r->id, id) == 0)
		return;
	r->id = id;
	name = json_string_value(json_object_get(r->names, id));
	r->name = name != NULL ? name : "";
	json_array_foreach(r->devices, i, d) {
		const char *s = json_string_value(json_object_get(d, "id"));

		if (s != NULL && strcmp(s, id) == 0) {
			s = json_string_value(json_object_get(d, "groups"));
			groups = s != NULL ? s : "";
			break;
		}
	}
	snprintf(r->groups, sizeof r->groups, "%s", groups);
	r->ngroups = rel_names_split(r->groups, r->group,
	    REL_PRICE_GROUPS_MAX);
}

static void
read_job(struct reader *r, const json_t *row, struct rel_recorded *out)
{
	struct rel_replay_job *j = &out->j;

	memset(out, 0, sizeof *out);
	out->id = text_at(r, row, ID);
	out->account = text_at(r, row, ACCOUNT);
	out->host = text_at(r, row, HOST);
	out->cups_job = small_at(r, row, CUPS_JOB);
	j->printed = strcmp(text_at(r, row, STATE), "sent") == 0;
	j->user = text_at(r, row, USER);
	j->queue = text_at(r, row, QUEUE);
	j->title = text_at(r, row, TITLE);
	j->application = text_at(r, row, APPLICATION);
	j->producer = text_at(r, row, PRODUCER);
	j->papers = text_at(r, row, PAPERS);
	j->format = text_at(r, row, FORMAT);
	j->media = text_at(r, row, MEDIA);
	j->finishings = text_at(r, row, FINISHINGS);
	j->device_id = text_at(r, row, DEVICE);
	find_device(r, j->device_id);
	j->device = r->name;
	j->device_groups = r->group;
	j->ndevice_groups = r->ngroups;
	j->pages = small_at(r, row, PAGES);
	j->sides = small_at(r, row, SIDES);
	j->colour = small_at(r, row, COLOUR);
	j->sheets = small_at(r, row, SHEETS);
	j->copies = small_at(r, row, COPIES);
	j->duplex = (int)small_at(r, row, DUPLEX);
	j->number_up = (int)small_at(r, row, NUMBER_UP);
	j->bytes = number_at(r, row, BYTES);
	j->pages_sure = (int)small_at(r, row, PAGES_SURE);
	j->colour_sure = (int)small_at(r, row, COLOUR_SURE);
	j->held_ms = number_at(r, row, HELD);
	j->ended_ms = number_at(r, row, ENDED);
	j->charged = json_is_integer(json_array_get(row, r->at[PAID]));
	j->paid = json_integer_value(json_array_get(row, r->at[PAID]));
}

int
rel_recorded_page(const json_t *page, const json_t *devices,
    rel_recorded_row row, void *ctx, struct rel_err *err)
{
	struct reader r = { .devices = devices,
	    .names = json_object_get(page, "devices") };
	struct rel_recorded job;
	json_t *v;
	size_t i;
	int rc = find_columns(&r, page, err);

	json_array_foreach(json_object_get(page, "rows"), i, v) {
		if (rc != 0)
			break;
		read_job(&r, v, &job);
		rc = row(&job, ctx);
	}
	return rc;
}

/* What the process that fetches knows. */
struct fetcher {
	struct rel_api *api;		/* with a connection of its own */
	const struct rel_recorded_span *span;
};

/* A page behind `after`; runs in the process that fetches. */
static int
page_text(void *ctx, const char *after, const char **text, size_t *len,
    struct rel_err *err)
{
	struct fetcher *f = ctx;
	struct rel_buf url;
	int rc;

	rel_buf_init(&url);
	rel_put_fmt(&url, "/api/v1/recorded?limit=%u&", PAGE_ROWS);
	rel_api_query(&url, "from", f->span->from);
	rel_api_query(&url, "to", f->span->to);
	rel_api_query(&url, "after", after);
	rel_put_u8(&url, 0);
	rc = url.failed ? rel_err_set(err, url.failed, "no memory") :
	    rel_api_text(f->api, (const char *)url.data, text, len, err);
	rel_buf_fini(&url);
	return rc;
}

static int
all_pages(struct rel_fetch *h, const json_t *devices, rel_recorded_row row,
    void *ctx, struct rel_err *err)
{
	json_t *page;
	int rc;

	while ((rc = rel_fetch_next(h, &page, err)) > 0) {
		rc = rel_recorded_page(page, devices, row, ctx, err);
		json_decref(page);
		if (rc != 0)
			break;
	}
	return rc < 0 ? rc : 0;
}

int
rel_recorded_all(struct rel_api *a, const struct rel_recorded_span *span,
    rel_recorded_row row, void *ctx, struct rel_err *err)
{
	struct rel_api_list l = { "/devices", "", "devices", 0 };
	struct fetcher f = { .span = span };
	struct rel_fetch h;
	json_t *devices;
	int rc = rel_api_list(a, &l, &devices, err);

	if (rc < 0)
		return rc;
	if ((rc = rel_api_again(a, &f.api, err)) == 0) {
		rc = rel_fetch_start(&h, page_text, &f, err);
		if (rc == 0) {
			rc = all_pages(&h, json_object_get(devices,
			    "devices"), row, ctx, err);
			rel_fetch_stop(&h);
		}
		rel_api_free(&f.api);
	}
	json_decref(devices);
	return rc;
}
