/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Recorded jobs in the local API, for the simulator: many at once, as rows
 * without names, written down as they are read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/store_report.h"

#define SLICE_MS 5
#define SLICE_ROWS 100			/* between two looks at the clock */
#define PAGE_BYTES (3u << 20)
#define LIMIT_PLAIN 1000

struct page {
	struct core *c;
	struct asker a;
	struct recorded_filter f;
	struct rel_buf text;
	json_t *devices;		/* names, by id */
	int n, limit;
};

static void
page_free(struct page *p)
{
	if (p == NULL)
		return;
	json_decref(p->devices);
	rel_buf_fini(&p->text);
	free(p);
}

/* ,"text" */
static void
put_text(struct rel_buf *b, const char *s)
{
	rel_put_raw(b, ",\"", 2);
	if (!rel_utf8_ok(s, strlen(s)))
		s = "";
	for (; *s != '\0'; s++) {
		unsigned char ch = (unsigned char)*s;

		if (ch == '"' || ch == '\\')
			rel_put_u8(b, '\\');
		if (ch < ' ')
			rel_put_fmt(b, "\\u%04x", ch);
		else
			rel_put_u8(b, ch);
	}
	rel_put_u8(b, '"');
}

/* Its figures: of what went out, else of what was held; and its options. */
static void
put_figures(struct rel_buf *b, const struct job *j)
{
	bool out = j->out.sides > 0;
	const struct job_count *n = out ? &j->out : &j->count;
	struct rel_ticket t;

	pages_ticket(j, &t);
	rel_put_fmt(b, ",%lld,%lld,%lld,%lld,%lld,%d,%d",
	    (long long)j->count.pages, (long long)n->sides,
	    (long long)n->colour, (long long)n->sheets, (long long)(out &&
	    j->out_copies > 0 ? j->out_copies : j->copies), j->count.duplex,
	    (int)t.number_up);
	put_text(b, t.finishings);
	rel_put_fmt(b, ",%lld,%d,%d,%lld,%lld", (long long)j->bytes,
	    j->count.pages_sure, j->count.colour_sure,
	    (long long)j->created_ms, (long long)j->ended_ms);
}

/* How the device is called, once a page. */
static void
name_device(struct page *p, const char *id)
{
	char name[65];

	if (id[0] == '\0' || json_object_get(p->devices, id) != NULL)
		return;
	if (store_device_name(p->c->st, id, name) < 0)
		snprintf(name, sizeof name, "%.36s", id);
	json_object_set_new(p->devices, id, json_string(name));
}

static void
page_row(const struct recorded *r, void *ctx)
{
	struct page *p = ctx;
	const struct job *j = &r->job;
	struct rel_buf *b = &p->text;
	char id[24];

	if (j->state != JOB_SENT && j->state != JOB_REFUSED)
		return;
	ids_job_text(id, j->id);
	rel_put_fmt(b, "%s[\"%s\"", p->n > 0 ? "," : "", id);
	put_text(b, job_state_name(j->state));
	put_text(b, j->user_key);
	put_text(b, j->queue);
	put_text(b, j->device_id);
	put_text(b, j->title);
	put_text(b, j->count.language);
	put_text(b, j->count.media);
	put_figures(b, j);
	if (r->charged)
		rel_put_fmt(b, ",%lld", (long long)r->paid);
	else
		rel_put_fmt(b, ",null");
	put_text(b, r->account);
	put_text(b, j->host);
	rel_put_fmt(b, ",%lld", (long long)j->cups_job);
	put_text(b, j->app.name);
	put_text(b, j->app.producer);
	put_text(b, strchr(r->papers, ',') != NULL ? r->papers : "");
	rel_put_u8(b, ']');
	name_device(p, j->device_id);
	p->n++;
}

static void
page_answer(struct page *p, bool more)
{
	char *devices = json_dumps(p->devices, JSON_COMPACT);

	rel_put_fmt(&p->text, "],\"devices\":%s,\"next\":",
	    devices != NULL ? devices : "{}");
	if (more)
		rel_put_fmt(&p->text, "\"%lld-%lld\"}",
		    (long long)p->f.ended_ms, (long long)p->f.id);
	else
		rel_put_fmt(&p->text, "null}");
	free(devices);
	if (p->text.failed)
		reply_broken(p->c, &p->a, -p->text.failed);
	else
		reply_text(p->c, &p->a, 200, (const char *)p->text.data,
		    p->text.len);
}

static bool
page_slice(struct core *c, void *arg, bool go_on)
{
	struct page *p = arg;
	int64_t until = rel_mono_ms() + SLICE_MS;
	int n = 0;

	while (go_on) {
		int want = p->limit - p->n < SLICE_ROWS ? p->limit - p->n :
		    SLICE_ROWS;

		n = store_recorded(c->st, &p->f, want, page_row, p);
		if (n < 0)
			reply_broken(c, &p->a, n);
		else if (n < want || p->n == p->limit ||
		    p->text.len >= PAGE_BYTES)
			page_answer(p, n == want);
		else if (rel_mono_ms() >= until)
			return true;
		else
			continue;
		break;
	}
	page_free(p);
	return false;
}

static int
page_read(struct page *p, const struct request *rq)
{
	int64_t from = 0, to = INT64_MAX;
	const char *after = req_str(rq, F_AFTER);

	p->limit = (int)req_num(rq, F_LIMIT, LIMIT_PLAIN);
	if (api_span(p->c, rq, &p->a, &from, &to) < 0)
		return -1;
	p->f.to_ms = to;
	p->f.ended_ms = from - 1;
	p->f.id = INT64_MAX;
	if (after == NULL || after[0] == '\0' ||
	    api_cursor(&p->f.ended_ms, &p->f.id, after))
		return 0;
	reply_problem(p->c, &p->a, "bad-request", 0,
	    "after is not what the page before said");
	return -1;
}

static void
recorded_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct page *p;

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if ((p = calloc(1, sizeof *p)) == NULL ||
	    (p->devices = json_object()) == NULL) {
		free(p);
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	p->c = c;
	p->a = *a;
	rel_buf_init(&p->text);
	if (page_read(p, rq) < 0) {
		page_free(p);
		return;
	}
	rel_put_fmt(&p->text, "{\"columns\":[\"id\",\"state\",\"user\","
	    "\"queue\",\"device\",\"title\",\"format\",\"media\",\"pages\","
	    "\"sides\",\"colour\",\"sheets\",\"copies\",\"duplex\","
	    "\"number_up\",\"finishings\",\"bytes\",\"pages_sure\","
	    "\"colour_sure\",\"held_ms\",\"ended_ms\",\"paid\",\"account\",\"host\","
	    "\"cups_job\",\"application\",\"producer\",\"papers\"],"
	    "\"rows\":[");
	if (core_slices(c, page_slice, p) < 0) {
		reply_problem(c, a, "rate-limited", 2,
		    "too many reports at once: try again in a moment");
		page_free(p);
	}
}

void
api_recorded(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, recorded_get);
}
