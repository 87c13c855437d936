/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The jobs of a user as the panel shows them.  The first page of each user is
 * kept as ready JSON until one of the user's jobs changes: a panel asks far
 * more often than jobs change.
 */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/direct.h"
#include "releaserd/core/panel_priv.h"

#define PAGE_ROWS 50
#define KEPT_MAX 20000u
#define SHOWN (1u << JOB_HELD | 1u << JOB_UNCONFIRMED)

struct kept_list {
	char user_key[84];
	char device_id[40];		/* where; "" while nothing has a price */
	char *text;
	size_t len;
	int64_t good_until_ms;		/* a job of it expires then */
	struct kept_list *next;
};

struct lists {
	void *tree;
	struct kept_list *all;
	unsigned n;
	char *scratch;			/* a list that is not kept */
};

static int
by_user(const void *a, const void *b)
{
	return strcmp(((const struct kept_list *)a)->user_key,
	    ((const struct kept_list *)b)->user_key);
}

int
lists_init(struct core *c)
{
	c->lists = calloc(1, sizeof *c->lists);
	return c->lists != NULL ? 0 : -REL_E_NOMEM;
}

void
lists_forget_all(struct core *c)
{
	struct lists *l = c->lists;

	while (l->all != NULL) {
		struct kept_list *k = l->all;

		l->all = k->next;
		tdelete(k, &l->tree, by_user);
		free(k->text);
		free(k);
	}
	l->n = 0;
}

void
lists_fini(struct core *c)
{
	if (c->lists == NULL)
		return;
	lists_forget_all(c);
	free(c->lists->scratch);
	free(c->lists);
	c->lists = NULL;
}

static struct kept_list *
kept_find(struct core *c, const char *user_key)
{
	struct kept_list want, **found;

	snprintf(want.user_key, sizeof want.user_key, "%s", user_key);
	found = tfind(&want, &c->lists->tree, by_user);
	return found != NULL ? *found : NULL;
}

void
lists_forget(struct core *c, const char *user_key)
{
	struct kept_list *k = kept_find(c, user_key);

	if (k != NULL) {
		free(k->text);
		k->text = NULL;
	}
}

/* ---- rows */

struct walk {
	struct core *c;
	const struct session *s;
	const struct device *d;		/* jobs are priced; else NULL */
	struct list_rows *out;
	bool as_menu;
	int room;
	int64_t first_expiry, last_id;
};

static void
size_words(char *out, size_t size, int64_t bytes)
{
	if (bytes < 1000)
		snprintf(out, size, "%lld B", (long long)bytes);
	else if (bytes < 1000000)
		snprintf(out, size, "%lld kB", (long long)(bytes / 1000));
	else
		snprintf(out, size, "%lld.%lld MB",
		    (long long)(bytes / 1000000),
		    (long long)(bytes / 100000 % 10));
}

/* "3 pages, colour, two-sided", as far as it is known. */
static void
pages_of_row(char *out, size_t size, const char *locale, const struct job *j)
{
	const struct job_count *n = &j->count;
	const char *colour = pages_colour_word(j), *sides;

	if (n->pages_sure == REL_SURE_UNKNOWN) {
		snprintf(out, size, "%s", word(locale,
		    j->look == LOOK_WANTED ? "counting" : "pages-unknown"));
		return;
	}
	sides = n->duplex == REL_DUPLEX_LONG || n->duplex == REL_DUPLEX_SHORT ?
	    "two-sided" : NULL;
	snprintf(out, size, "%s%lld %s%s%s%s%s",
	    n->pages_sure == REL_SURE_BOUND ? "\xe2\x89\xa4 " : "",
	    (long long)n->sides, word(locale, n->sides == 1 ? "page" :
	    "pages"), colour != NULL ? ", " : "", colour != NULL ?
	    word(locale, colour) : "", sides != NULL ? ", " : "",
	    sides != NULL ? word(locale, sides) : "");
}

/* "1.20 EUR", or null. */
static json_t *
cost_of_row(const struct walk *w, const struct job *j)
{
	char text[64] = "";
	int64_t micro;
	size_t n = 0;

	if (w->d == NULL || !prices_row(w->c, j, w->d, &micro))
		return json_null();
	if (j->count.pages_sure == REL_SURE_BOUND)
		n = (size_t)snprintf(text, sizeof text, "\xe2\x89\xa4 ");
	money_words(w->c, w->s->locale, UNIT_MONEY, micro, text + n,
	    32 - n);
	return json_string(text);
}

/* A row of the menu's list: what a person reads. */
static json_t *
menu_row(const struct walk *w, const struct job *j, const char *id)
{
	const struct session *s = w->s;
	char label[80], sub[240], bytes[32], when[32], pages[80];
	json_t *badges = json_array();

	snprintf(label, sizeof label, "%.*s", (int)rel_utf8_cut(j->title,
	    sizeof label - 1), j->title);
	size_words(bytes, sizeof bytes, j->bytes);
	rel_time_text(when, j->created_ms);
	pages_of_row(pages, sizeof pages, s->locale, j);
	snprintf(sub, sizeof sub, "%s, %s, %.16s, %lld %s%s%.100s", pages,
	    bytes, when,
	    (long long)j->copies, word(s->locale, j->copies == 1 ? "copy" :
	    "copies"), j->reason[0] != '\0' ? ": " : "", j->reason);
	rel_text_clean(sub, sizeof sub, sub);
	if (j->pin_scheme[0] != '\0')
		json_array_append_new(badges, json_string("confidential"));
	if (j->count.colour > 0)
		json_array_append_new(badges, json_string("color"));
	if (j->state == JOB_UNCONFIRMED)
		json_array_append_new(badges,
		    json_string("may-have-printed"));
	else if (j->reason[0] != '\0')
		json_array_append_new(badges, json_string("failed"));
	return json_pack("{s:s,s:s,s:s,s:o,s:o,s:b}", "id", id, "label",
	    label[0] != '\0' ? label : word(s->locale, "untitled"), "sub",
	    sub, "badges", badges, "cost", cost_of_row(w, j), "selected",
	    j->state == JOB_HELD);
}

static json_t *
word_or_null(const char *text)
{
	return text != NULL && text[0] != '\0' ? json_string(text) :
	    json_null();
}

static json_t *
number_or_null(int sure, int64_t n)
{
	return sure != REL_SURE_UNKNOWN ? json_integer(n) : json_null();
}

static json_t *
supported(const struct job *j)
{
	return pages_can_change(j) ? json_pack("[s,s,s,s,s,s,s,s,s,s]",
	    "copies", "color", "sides", "pages", "number_up", "media", "tray",
	    "finishings", "output_bin", "quality") : direct_is(j) ?
	    json_array() : json_pack("[s]", "copies");
}

/* A row of op list: what a program reads (opdp.md, op list). */
static json_t *
list_row(const struct walk *w, const struct job *j, const char *id)
{
	const struct job_count *n = &j->count;
	int64_t micro = 0;
	bool priced = w->d != NULL && prices_row(w->c, j, w->d, &micro);

	return json_pack("{s:s,s:s,s:o,s:o,s:o,s:I,s:o,s:o,s:o,s:I,s:o,s:s?,"
	    "s:o,s:s,s:s,s:b,s:o}",
	    "id", id, "name", j->title, "submitted_at",
	    json_time(j->created_ms), "pages", number_or_null(n->pages_sure,
	    n->sides), "sheets", number_or_null(n->pages_sure, n->sheets),
	    "copies", (json_int_t)j->copies, "color",
	    word_or_null(pages_colour_word(j)), "sides",
	    word_or_null(pages_sides_word(j)), "media",
	    word_or_null(n->media), "size",
	    (json_int_t)j->bytes, "cost_micro", priced ?
	    json_integer(micro) : json_null(), "currency", priced ?
	    prices_currency(w->c) : NULL, "expires_at",
	    json_time(j->expires_ms), "state", job_state_name(j->state),
	    "reason", j->reason, "confidential", j->pin_scheme[0] != '\0',
	    "options_supported", supported(j));
}

static bool
walk_row(const struct job *j, void *ctx)
{
	struct walk *w = ctx;
	char id[24];

	if (j->expires_ms <= rel_now_ms())
		return true;
	if (j->expires_ms < w->first_expiry || w->first_expiry == 0)
		w->first_expiry = j->expires_ms;
	if (j->pin_scheme[0] != '\0' && !session_unlocked(w->s, j->id)) {
		w->out->locked++;
		return true;
	}
	w->out->total++;
	w->out->may_have_printed += j->state == JOB_UNCONFIRMED;
	if (w->room == 0) {
		if (w->out->next == 0)
			w->out->next = w->last_id;
		return w->s->nunlocked > 0;	/* else walk_sum() knows */
	}
	w->room--;
	w->last_id = j->id;
	ids_job_text(id, j->id);
	json_array_append_new(w->out->rows, w->as_menu ?
	    menu_row(w, j, id) : list_row(w, j, id));
	return true;
}

/* The page is full: count what is behind it without looking at each. */
static int
walk_sum(struct core *c, struct walk *w, int64_t after)
{
	struct job_sum sum;
	int rc = store_job_sum(c->st, w->s->user.key, after, rel_now_ms(),
	    &sum);

	w->out->total = sum.jobs - sum.confidential;
	w->out->locked = sum.confidential;
	w->out->may_have_printed = sum.unconfirmed;
	w->first_expiry = sum.first_expiry_ms;
	return rc;
}

static int
walk_jobs(struct core *c, struct walk *w, int64_t after)
{
	struct job_filter f = { .user_key = w->s->user.key, .states = SHOWN,
	    .after = after, .limit = INT32_MAX };
	int rc;

	memset(w->out, 0, sizeof *w->out);
	w->c = c;
	w->d = prices_version(c) == 0 ? NULL : device_at(c, w->s->device_id);
	w->room = PAGE_ROWS;
	if ((w->out->rows = json_array()) == NULL)
		return -REL_E_NOMEM;
	rc = store_job_list(c->st, &f, walk_row, w);
	if (rc >= 0 && w->out->next != 0 && w->s->nunlocked == 0)
		rc = walk_sum(c, w, after);
	if (rc < 0) {
		json_decref(w->out->rows);
		w->out->rows = NULL;
	}
	return rc < 0 ? rc : 0;
}

int
list_rows(struct core *c, const struct session *s, int64_t after,
    struct list_rows *out)
{
	struct walk w = { .s = s, .out = out, .as_menu = true };

	return walk_jobs(c, &w, after);
}

static int
list_make(struct core *c, const struct session *s, int64_t after, char **text,
    int64_t *good_until)
{
	struct list_rows rows = { .next = 0 };
	struct walk w = { .s = s, .out = &rows };
	char next[24] = "";
	json_t *all;
	int rc;

	if ((rc = walk_jobs(c, &w, after)) < 0)
		return rc;
	if (rows.next != 0)
		ids_job_text(next, rows.next);
	all = json_pack("{s:s,s:o,s:s?,s:I,s:I}", "result", "ok", "jobs",
	    rows.rows, "next", rows.next != 0 ? next : NULL, "total",
	    (json_int_t)rows.total, "locked", (json_int_t)rows.locked);
	*text = all != NULL ? json_dumps(all, JSON_COMPACT) : NULL;
	*good_until = w.first_expiry != 0 ? w.first_expiry : INT64_MAX;
	json_decref(all);
	return *text != NULL ? 0 : -REL_E_NOMEM;
}

static struct kept_list *
kept_new(struct core *c, const char *user_key)
{
	struct lists *l = c->lists;
	struct kept_list *k;

	if (l->n >= KEPT_MAX)
		lists_forget_all(c);
	if ((k = calloc(1, sizeof *k)) == NULL)
		return NULL;
	snprintf(k->user_key, sizeof k->user_key, "%s", user_key);
	if (tsearch(k, &l->tree, by_user) == NULL) {
		free(k);
		return NULL;
	}
	k->next = l->all;
	l->all = k;
	l->n++;
	return k;
}

int
list_text(struct core *c, struct session *s, int64_t after, const char **text,
    size_t *len)
{
	const char *where = prices_version(c) == 0 ? "" : s->device_id;
	struct kept_list *k;
	int64_t until;
	char *made;
	int rc;

	if (after == 0 && s->nunlocked == 0) {
		k = kept_find(c, s->user.key);
		if (k != NULL && k->text != NULL &&
		    strcmp(k->device_id, where) == 0 &&
		    k->good_until_ms > rel_now_ms()) {
			*text = k->text;
			*len = k->len;
			return 0;
		}
		if (k == NULL)
			k = kept_new(c, s->user.key);
	} else {
		k = NULL;
	}
	if ((rc = list_make(c, s, after, &made, &until)) < 0)
		return rc;
	if (k != NULL) {
		free(k->text);
		k->text = made;
		k->len = strlen(made);
		k->good_until_ms = until;
		snprintf(k->device_id, sizeof k->device_id, "%s", where);
	} else {
		free(c->lists->scratch);
		c->lists->scratch = made;
	}
	*text = made;
	*len = strlen(made);
	return 0;
}
