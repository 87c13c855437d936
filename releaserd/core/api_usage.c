/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What came out, by hour, day, week or month, in the local API. */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/activity.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/when.h"

#define SLICE_ROWS 2000
#define ROWS_MAX 2000
#define LIMIT_PLAIN 400		/* points of time in an answer */
#define LIMIT_GROUPED 50	/* users (...) at one point of time */

enum group { GROUP_NONE, GROUP_USER, GROUP_DEVICE, GROUP_QUEUE,
	GROUP_FUNCTION };
static const char *const group_names[] = { "none", "user", "device", "queue",
	"function" };
#define GROUPS (sizeof group_names / sizeof group_names[0])

/* One row of the answer. */
struct line {
	int64_t at_ms;
	struct usage_sum sum;
	char key[128];
};

struct node {
	struct line line;
	struct node *next;
};

struct report {
	struct core *c;
	struct asker a;
	enum when_by by;
	enum group group;
	int limit;
	struct usage_filter f;
	char user_key[84], device_id[40];
	int64_t from_ms;
	int64_t start_ms, end_ms;	/* of what is being added up */
	void *tree;			/* its groups, by key */
	struct node *nodes;
	int nnodes;
	struct line *lines;		/* ROWS_MAX at most, the newest */
	int nlines;
	int64_t left_out;
	struct usage_sum total;
	bool no_memory;
};

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct node *)a)->line.key,
	    ((const struct node *)b)->line.key);
}

static int
by_sides(const void *a, const void *b)
{
	const struct line *x = &(*(struct node *const *)a)->line;
	const struct line *y = &(*(struct node *const *)b)->line;

	if (x->sum.sides != y->sum.sides)
		return x->sum.sides < y->sum.sides ? 1 : -1;
	if (x->sum.jobs != y->sum.jobs)
		return x->sum.jobs < y->sum.jobs ? 1 : -1;
	return strcmp(x->key, y->key);
}

static void
sum_add(struct usage_sum *to, const struct usage_sum *s)
{
	to->jobs += s->jobs;
	to->sheets += s->sheets;
	to->sides += s->sides;
	to->colour += s->colour;
	to->uncounted += s->uncounted;
}

static void
line_keep(struct report *r, const struct line *l)
{
	if (r->nlines == ROWS_MAX) {
		memmove(r->lines, r->lines + ROWS_MAX / 2,
		    (ROWS_MAX - ROWS_MAX / 2) * sizeof *r->lines);
		r->nlines -= ROWS_MAX / 2;
		r->left_out += ROWS_MAX / 2;
	}
	r->lines[r->nlines++] = *l;
}

static void
nodes_free(struct report *r)
{
	struct node *n;

	while ((n = r->nodes) != NULL) {
		r->nodes = n->next;
		(void)tdelete(n, &r->tree, by_key);
		free(n);
	}
	r->nnodes = 0;
}

/* The hour, day ... is complete: its largest become rows. */
static void
bucket_end(struct report *r)
{
	struct node **all;
	int n = 0;

	if (r->nnodes == 0)
		return;
	if ((all = calloc((size_t)r->nnodes, sizeof *all)) == NULL) {
		r->no_memory = true;
		nodes_free(r);
		return;
	}
	for (struct node *p = r->nodes; p != NULL; p = p->next)
		all[n++] = p;
	qsort(all, (size_t)n, sizeof *all, by_sides);
	for (int i = 0; i < n; i++)
		if (r->group == GROUP_NONE || i < r->limit)
			line_keep(r, &all[i]->line);
		else
			r->left_out++;
	free(all);
	nodes_free(r);
}

static struct node *
node_of(struct report *r, const char *key)
{
	struct node *n = calloc(1, sizeof *n), **found;

	if (n == NULL)
		return NULL;
	snprintf(n->line.key, sizeof n->line.key, "%s", key);
	found = tsearch(n, &r->tree, by_key);
	if (found == NULL || *found != n) {
		free(n);
		return found != NULL ? *found : NULL;
	}
	n->line.at_ms = r->start_ms;
	n->next = r->nodes;
	r->nodes = n;
	r->nnodes++;
	return n;
}

/* What people did at a device stands in place of a queue: "/copy". */
static const char *
function_of(const struct usage *u)
{
	return u->queue[0] == '/' ? u->queue + 1 : "print";
}

static void
report_row(const struct usage *u, void *ctx)
{
	struct report *r = ctx;
	const char *key = r->group == GROUP_USER ? u->user_key :
	    r->group == GROUP_DEVICE ? u->device_id :
	    r->group == GROUP_QUEUE ? u->queue :
	    r->group == GROUP_FUNCTION ? function_of(u) : "";
	struct node *n;

	/* Pages that were read are no sides that came out. */
	if (r->group != GROUP_FUNCTION && !walk_up_of(function_of(u))->paper)
		return;

	/* All there is begins with the first of it. */
	if (r->from_ms == 0)
		r->from_ms = r->start_ms = u->hour_ms;
	if (u->hour_ms >= r->end_ms) {
		bucket_end(r);
		r->start_ms = when_start(u->hour_ms, r->by);
		r->end_ms = when_step(r->start_ms, r->by, 1);
	}
	if ((n = node_of(r, key)) == NULL)
		r->no_memory = true;
	else
		sum_add(&n->line.sum, &u->sum);
	sum_add(&r->total, &u->sum);
}

static json_t *
sum_json(const struct usage_sum *s)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I}", "jobs",
	    (json_int_t)s->jobs, "sheets", (json_int_t)s->sheets, "sides",
	    (json_int_t)s->sides, "colour", (json_int_t)s->colour, "mono",
	    (json_int_t)(s->sides - s->colour), "uncounted",
	    (json_int_t)s->uncounted);
}

static json_t *
line_json(struct report *r, const struct line *l)
{
	json_t *o = sum_json(&l->sum);
	char name[65];

	json_object_set_new(o, "at", json_time(l->at_ms));
	if (r->group == GROUP_USER) {
		json_object_set_new(o, "user", json_string(l->key));
	} else if (r->group == GROUP_FUNCTION) {
		json_object_set_new(o, "function", json_string(l->key));
	} else if (r->group == GROUP_QUEUE) {
		json_object_set_new(o, "queue", json_string(l->key));
	} else if (r->group == GROUP_DEVICE) {
		if (store_device_name(r->c->st, l->key, name) < 0)
			snprintf(name, sizeof name, "%.36s", l->key);
		json_object_set_new(o, "device", json_string(name));
		json_object_set_new(o, "device_id", json_string(l->key));
	}
	return o;
}

static void
report_answer(struct report *r)
{
	json_t *rows = json_array();
	int first = 0;

	bucket_end(r);
	if (r->from_ms == 0)
		r->from_ms = r->f.to_ms;
	if (r->no_memory) {
		json_decref(rows);
		reply_broken(r->c, &r->a, -REL_E_NOMEM);
		return;
	}
	if (r->group == GROUP_NONE && r->nlines > r->limit)
		first = r->nlines - r->limit;
	for (int i = first; i < r->nlines; i++)
		json_array_append_new(rows, line_json(r, &r->lines[i]));
	reply_json(r->c, &r->a, 200, json_pack(
	    "{s:s,s:s,s:o,s:o,s:o,s:o,s:I}", "by", when_by_name(r->by),
	    "group_by", group_names[r->group], "from", json_time(r->from_ms),
	    "to", json_time(r->f.to_ms), "rows", rows, "totals",
	    sum_json(&r->total), "left_out",
	    (json_int_t)(r->left_out + first)));
}

static void
report_free(struct report *r)
{
	if (r == NULL)
		return;
	nodes_free(r);
	free(r->lines);
	free(r);
}

static bool
report_slice(struct core *c, void *arg, bool go_on)
{
	struct report *r = arg;
	int n = 0;

	if (go_on) {
		n = store_usage_list(c->st, &r->f, SLICE_ROWS, report_row, r);
		if (n == SLICE_ROWS)
			return true;
		if (n < 0)
			reply_broken(c, &r->a, n);
		else
			report_answer(r);
	}
	report_free(r);
	return false;
}

/* From when to when, in whole hours: that is how it is kept. */
static int
report_span(struct report *r, const struct request *rq)
{
	static const int back[] = {
		[WHEN_HOUR] = -23, [WHEN_DAY] = -29, [WHEN_WEEK] = -25,
		[WHEN_MONTH] = -11
	};
	int64_t from = -1, to = rel_now_ms();

	if (api_span(r->c, rq, &r->a, &from, &to) < 0)
		return -1;
	if (when_start(to, WHEN_HOUR) != to)
		to = when_step(to, WHEN_HOUR, 1);
	if (from < 0 && r->by == WHEN_ALL)
		from = 0;
	else if (from < 0)
		from = when_step(to - 1, r->by, back[r->by]);
	r->from_ms = when_start(from, WHEN_HOUR);
	r->f.to_ms = to;
	r->f.seen.hour_ms = r->from_ms - 1;
	if (r->by == WHEN_ALL) {
		r->start_ms = r->from_ms;
		r->end_ms = INT64_MAX;
	}
	return 0;
}

static int
report_words(struct report *r, const struct request *rq)
{
	const char *by = req_str(rq, F_BY), *group = req_str(rq, F_GROUP_BY);

	r->by = WHEN_DAY;
	if (by != NULL && !when_by_parse(&r->by, by)) {
		reply_problem(r->c, &r->a, "bad-request", 0,
		    "by must be hour, day, week, month or all");
		return -1;
	}
	while (group != NULL && r->group < GROUPS &&
	    strcmp(group, group_names[r->group]) != 0)
		r->group++;
	if (r->group == GROUPS) {
		reply_problem(r->c, &r->a, "bad-request", 0,
		    "group_by must be none, user, device, queue or function");
		return -1;
	}
	r->limit = (int)req_num(rq, F_LIMIT, r->group == GROUP_NONE ?
	    LIMIT_PLAIN : LIMIT_GROUPED);
	return 0;
}

/* 0, or it has been answered. */
static int
report_read(struct report *r, const struct request *rq,
    const struct caller *who)
{
	int rc;

	if (report_words(r, rq) < 0)
		return -1;
	rc = api_of_user(r->c, rq, &r->a, who, who->role >= WHO_OPERATOR,
	    r->user_key);
	if (rc > 0)
		r->f.user_key = r->user_key;
	if (rc < 0 || (rc = api_of_device(r->c, rq, &r->a,
	    r->device_id)) < 0)
		return -1;
	if (rc > 0)
		r->f.device_id = r->device_id;
	r->f.sums = r->group == GROUP_NONE;
	return report_span(r, rq);
}

static void
usage_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct report *r = calloc(1, sizeof *r);

	if (r == NULL ||
	    (r->lines = calloc(ROWS_MAX, sizeof *r->lines)) == NULL) {
		free(r);
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	r->c = c;
	r->a = *a;
	if (report_read(r, rq, who) < 0) {
		report_free(r);
	} else if (core_slices(c, report_slice, r) < 0) {
		reply_problem(c, a, "rate-limited", 2,
		    "too many reports at once: try again in a moment");
		report_free(r);
	}
}

void
api_usage(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, usage_get);
}

/* ---- the audit log */

struct audit_rows {
	json_t *rows;
	int64_t at_ms, id;		/* of the last */
};

static void
audit_row(const struct audit *e, void *ctx)
{
	struct audit_rows *w = ctx;

	json_array_append_new(w->rows, json_pack("{s:I,s:o,s:s,s:s,s:s}", "id",
	    (json_int_t)e->id, "at", json_time(e->at_ms), "who", e->who,
	    "what", e->what, "detail", e->detail));
	w->at_ms = e->at_ms;
	w->id = e->id;
}

bool
api_cursor(int64_t *at_ms, int64_t *id, const char *text)
{
	size_t n = strcspn(text, "-");
	char at[24];

	if (text[n] == '\0' || n >= sizeof at)
		return false;
	memcpy(at, text, n);
	at[n] = '\0';
	return rel_int(at_ms, at, 1, INT64_MAX) &&
	    rel_int(id, text + n + 1, 1, INT64_MAX);
}

static void
audit_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *after = req_str(rq, F_AFTER);
	struct audit_filter f = { .who = req_str(rq, F_WHO),
	    .what = req_str(rq, F_WHAT),
	    .limit = (int)req_num(rq, F_LIMIT, API_LIMIT) };
	struct audit_rows w = { 0 };
	char next[48];
	int n;

	if (api_admin(c, a, who) < 0 ||
	    api_span(c, rq, a, &f.from_ms, &f.to_ms) < 0)
		return;
	if (after != NULL && !api_cursor(&f.after_ms, &f.after,
	    after)) {
		reply_problem(c, a, "bad-request", 0,
		    "after is not what the page before said");
		return;
	}
	w.rows = json_array();
	if ((n = store_audit_list(c->st, &f, audit_row, &w)) < 0) {
		json_decref(w.rows);
		reply_broken(c, a, n);
		return;
	}
	snprintf(next, sizeof next, "%lld-%lld", (long long)w.at_ms,
	    (long long)w.id);
	api_answer_list(c, a, "audit", w.rows, n == f.limit ? next : NULL);
}

void
api_audit_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, audit_list);
}
