/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The list of jobs in the local API, and what is searched for in it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/when.h"

#define SLICE_MS 3
#define PAGE_MAX 200

struct find {
	struct core *c;
	struct asker a;
	struct caller who;
	struct job_seek s;		/* what it points to is here: */
	char user_key[84], device_id[40], queue[128], words[128];
	int64_t ids[PAGE_MAX];
	int n, limit;
	json_t *rows;
	int64_t last;
};

/* "held,sent" or "all"; 0 when a word is no state. */
static unsigned
states_of(const char *text)
{
	unsigned states = 0;
	char word[24];

	if (strcmp(text, "all") == 0)
		return ~0u;
	for (;;) {
		size_t n = strcspn(text, ",");
		int state = 0;

		if (n < sizeof word) {
			memcpy(word, text, n);
			word[n] = '\0';
			state = job_state_of(word);
		}
		if (state == 0)
			return 0;
		states |= 1u << state;
		if (text[n] == '\0')
			return states;
		text += n + 1;
	}
}

int
api_span(struct core *c, const struct request *rq, struct asker *a,
    int64_t *from_ms, int64_t *to_ms)
{
	const char *from = req_str(rq, F_FROM), *to = req_str(rq, F_TO);

	if (from != NULL && !when_parse(from_ms, from, false)) {
		reply_problem(c, a, "bad-request", 0, "from must be a day "
		    "such as 2026-11-20 or a time such as "
		    "2026-11-20T09:15:00Z");
		return -1;
	}
	if (to != NULL && !when_parse(to_ms, to, true)) {
		reply_problem(c, a, "bad-request", 0, "to must be a day such "
		    "as 2026-11-20 or a time such as 2026-11-20T09:15:00Z");
		return -1;
	}
	return 0;
}

int
api_of_user(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, bool all, char key[84])
{
	const char *user = req_str(rq, F_OF_USER);

	if (user == NULL && all)
		return 0;
	if (user == NULL)
		user = who->key;
	if (rel_user_key(key, 84, user, c->role->set.strip_realm != 0) &&
	    (all || strcmp(key, who->key) == 0 ||
	    (rq->route == API_JOB_LIST && api_is_delegate(c, who, key))))
		return 1;
	reply_problem(c, a, "forbidden", 0, "this is not about you");
	return -1;
}

int
api_of_device(struct core *c, const struct request *rq, struct asker *a,
    char id[40])
{
	const char *device = req_str(rq, F_DEVICE);
	struct device d;
	int rc;

	if (device == NULL)
		return 0;
	if ((rc = store_device_get(c->st, device, &d)) == -REL_E_NOTFOUND)
		rc = store_device_by_name(c->st, device, &d);
	if (rc == 0) {
		memcpy(id, d.id, 40);
		return 1;
	}
	if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, "device-unknown", 0,
		    "there is no device \"%s\"", device);
	else
		reply_broken(c, a, rc);
	return -1;
}

/* Which part of all identifiers: they grow with the time. */
static int
find_span(struct find *f, const struct request *rq, struct asker *a)
{
	const char *after = req_str(rq, F_AFTER), *order = req_str(rq,
	    F_ORDER);
	struct job_filter *in = &f->s.f;
	int64_t from = -1, to = -1, id;

	if (order != NULL && strcmp(order, "newest") != 0 &&
	    strcmp(order, "oldest") != 0) {
		reply_problem(f->c, a, "bad-request", 0,
		    "order must be newest or oldest");
		return -1;
	}
	in->newest = order != NULL && strcmp(order, "newest") == 0;
	if (api_span(f->c, rq, a, &from, &to) < 0)
		return -1;
	if (from >= 0)
		in->after = ids_of_time(from) - 1;
	if (to >= 0)
		in->before = ids_of_time(to);
	if (after == NULL)
		return 0;
	if (!ids_job_parse(&id, after)) {
		reply_problem(f->c, a, "bad-request", 0,
		    "after is no job id");
		return -1;
	}
	if (in->newest && (in->before == 0 || id < in->before))
		in->before = id;
	else if (!in->newest && id > in->after)
		in->after = id;
	return 0;
}

static void
find_words(struct find *f, const struct request *rq)
{
	const char *q = req_str(rq, F_Q), *queue = req_str(rq, F_QUEUE);

	if (queue != NULL) {
		snprintf(f->queue, sizeof f->queue, "%s", queue);
		f->s.queue = f->queue;
	}
	if (q == NULL)
		return;
	q += strspn(q, " ");
	snprintf(f->words, sizeof f->words, "%s", q);
	for (size_t n = strlen(f->words); n > 0 && f->words[n - 1] == ' ';)
		f->words[--n] = '\0';
	rel_fold(f->words, f->words, strlen(f->words));
	f->s.words = f->words[0] != '\0' ? f->words : NULL;
	/* The help desk does not find what it may not read. */
	f->s.titles_of = f->who.role >= WHO_OPERATOR ? NULL : f->who.key;
}

#define OPEN_STATES (1u << JOB_HELD | 1u << JOB_RELEASING | \
	1u << JOB_UNCONFIRMED)

/* A delegate sees what waits, not what was. 0, or it has been answered. */
static int
find_delegate(struct find *f, struct asker *a)
{
	if (f->who.role >= WHO_HELPDESK || strcmp(f->user_key,
	    f->who.key) == 0 || (f->s.f.states & ~OPEN_STATES) == 0)
		return 0;
	reply_problem(f->c, a, "forbidden", 0,
	    "a delegate sees the jobs that are held, and no others");
	return -1;
}

/* 0, or it has been answered. */
static int
find_read(struct find *f, const struct request *rq, struct asker *a)
{
	const char *state = req_str(rq, F_JOB_STATE);
	struct job_filter *in = &f->s.f;
	int rc;

	in->states = OPEN_STATES;
	if (state != NULL && (in->states = states_of(state)) == 0) {
		reply_problem(f->c, a, "bad-request", 0,
		    "job_state \"%s\" is not known", state);
		return -1;
	}
	rc = api_of_user(f->c, rq, a, &f->who, f->who.role >= WHO_HELPDESK,
	    f->user_key);
	if (rc > 0)
		in->user_key = f->user_key;
	if (rc < 0 || find_delegate(f, a) < 0 ||
	    (rc = api_of_device(f->c, rq, a, f->device_id)) < 0)
		return -1;
	if (rc > 0)
		f->s.device_id = f->device_id;
	find_words(f, rq);
	f->limit = (int)req_num(rq, F_LIMIT, API_LIMIT);
	in->limit = f->limit;
	f->s.slice_ms = SLICE_MS;
	return find_span(f, rq, a);
}

static bool
find_row(const struct job *j, void *ctx)
{
	struct find *f = ctx;

	json_array_append_new(f->rows, api_job_json(f->c, j, &f->who));
	f->last = j->id;
	return true;
}

static void
find_answer(struct find *f, int n)
{
	char next[24];

	if (n < 0) {
		json_decref(f->rows);
		reply_broken(f->c, &f->a, n);
		return;
	}
	ids_job_text(next, f->last);
	api_answer_list(f->c, &f->a, "jobs", f->rows,
	    n == f->limit ? next : NULL);
}

/* What was found, as it stands now. */
static void
find_found(struct find *f)
{
	struct job j;

	for (int i = 0; i < f->n; i++) {
		f->last = f->ids[i];
		if (store_job_get(f->c->st, f->ids[i], &j) == 0)
			(void)find_row(&j, f);
	}
	find_answer(f, f->n);
}

static bool
find_slice(struct core *c, void *arg, bool go_on)
{
	struct find *f = arg;
	int n = -REL_E_PEER;

	if (go_on) {
		n = store_job_seek(c->st, &f->s, f->ids + f->n,
		    f->limit - f->n);
		f->n += n > 0 ? n : 0;
		if (n >= 0 && f->n < f->limit && !f->s.ended)
			return true;
	}
	if (!go_on)
		json_decref(f->rows);
	else if (n < 0)
		find_answer(f, n);
	else
		find_found(f);
	free(f);
	return false;
}

static void
job_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct find *f = calloc(1, sizeof *f);

	if (f == NULL || (f->rows = json_array()) == NULL) {
		free(f);
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	f->c = c;
	f->a = *a;
	f->who = *who;
	if (find_read(f, rq, a) < 0) {
		json_decref(f->rows);
		free(f);
	} else if (f->s.words == NULL && f->s.device_id == NULL &&
	    f->s.queue == NULL) {
		find_answer(f, store_job_list(c->st, &f->s.f, find_row, f));
		free(f);
	} else if (core_slices(c, find_slice, f) < 0) {
		reply_problem(c, a, "rate-limited", 2,
		    "too many searches at once: try again in a moment");
		json_decref(f->rows);
		free(f);
	}
}

void
api_job_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, job_list);
}
