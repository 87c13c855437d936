/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The address book: what was typed is looked up in every directory that has
 * one, few questions at a time, so that typing never holds up a log-in.  What
 * was found stays for a moment: people type on and back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/fold.h"
#include "releaserd/core/addresses.h"
#include "releaserd/core/directories.h"

#define TYPED_MIN 2		/* characters */
#define AT_ONCE 4u		/* questions that agents have */
#define WAITING_MAX 32u		/* lookups behind them */
#define KEPT 16u
#define KEPT_MS 20000
#define SHOWN_MAX 50u

/* One lookup, in all directories. */
struct lookup {
	struct core *c;
	struct asker a;
	addresses_say say;
	char locale[16];
	char asked[ADDRESSES_TYPED_MAX + 1];
	char typed[ADDRESSES_TYPED_MAX + 1];	/* folded, as it is kept */
	int64_t ask[DIRECTORIES_MAX];	/* directories that have a book */
	size_t nask, next;
	unsigned out;			/* questions without an answer */
	json_t *rows, *away;
	bool more, late;
	struct lookup *after;
};

struct kept {
	char typed[ADDRESSES_TYPED_MAX + 1];
	int64_t until_ms;
	json_t *answer;
};

static struct {
	struct lookup *first, **tail;
	unsigned waiting, out;
	struct kept kept[KEPT];
} book = { .tail = &book.first };

/* ---- what is kept */

static struct kept *
kept_find(const char *typed)
{
	for (size_t i = 0; i < KEPT; i++)
		if (book.kept[i].answer != NULL &&
		    book.kept[i].until_ms > rel_mono_ms() &&
		    strcmp(book.kept[i].typed, typed) == 0)
			return &book.kept[i];
	return NULL;
}

static void
kept_put(const char *typed, json_t *answer)
{
	struct kept *k = &book.kept[0];

	for (size_t i = 1; i < KEPT; i++)
		if (book.kept[i].until_ms < k->until_ms)
			k = &book.kept[i];
	json_decref(k->answer);
	k->answer = json_incref(answer);
	k->until_ms = rel_mono_ms() + KEPT_MS;
	snprintf(k->typed, sizeof k->typed, "%s", typed);
}

void
addresses_forget(void)
{
	for (size_t i = 0; i < KEPT; i++) {
		json_decref(book.kept[i].answer);
		book.kept[i].answer = NULL;
		book.kept[i].until_ms = 0;
	}
}

/* ---- the answer */

static int
by_name(const void *a, const void *b)
{
	json_t *const *x = a, *const *y = b;

	return strcasecmp(json_string_value(json_object_get(*x, "name")),
	    json_string_value(json_object_get(*y, "name")));
}

/* In order of names, each address once. */
static json_t *
rows_merged(struct lookup *l)
{
	size_t n = json_array_size(l->rows);
	json_t **all = calloc(n + 1, sizeof *all), *out = json_array();
	const char *last = "";

	for (size_t i = 0; all != NULL && i < n; i++)
		all[i] = json_array_get(l->rows, i);
	if (all != NULL && n > 1)
		qsort(all, n, sizeof *all, by_name);
	for (size_t i = 0; all != NULL && i < n; i++) {
		const char *mail = json_string_value(json_object_get(all[i],
		    "mail"));

		if (mail[0] != '\0' && strcasecmp(mail, last) == 0)
			continue;
		last = mail;
		if (json_array_size(out) < SHOWN_MAX)
			json_array_append(out, all[i]);
		else
			l->more = true;
	}
	free(all);
	return out;
}

static void
lookup_free(struct lookup *l)
{
	json_decref(l->rows);
	json_decref(l->away);
	free(l);
}

static void
lookup_end(struct core *c, struct lookup *l)
{
	json_t *rows = rows_merged(l);
	json_t *answer = json_pack("{s:o,s:b,s:b,s:O,s:I}", "entries", rows,
	    "more", l->more, "late", l->late, "away", l->away, "directories",
	    (json_int_t)l->nask);

	if (!l->late && json_array_size(l->away) == 0)
		kept_put(l->typed, answer);
	l->say(c, &l->a, l->asked, l->locale, answer);
	lookup_free(l);
}

/* ---- questions, few at a time */

static void go_on(struct core *c);

struct book_question {
	struct lookup *l;
	int64_t directory;
};

static const char *
directory_name(const struct core *c, int64_t id)
{
	const struct directory_row *r = directories_by_id(c, id);

	return r != NULL ? r->name : "";
}

static void
said_take(struct core *c, struct lookup *l, int64_t directory,
    const struct dir_said *said)
{
	const char *name = directory_name(c, directory);
	unsigned outcome = said != NULL ? said->outcome : DIR_AWAY;

	for (uint32_t i = 0; said != NULL && i < said->n; i++)
		json_array_append_new(l->rows, json_pack(
		    "{s:s,s:s,s:s,s:s}", "name", said->who[i].display, "mail",
		    said->who[i].mail, "fax", said->who[i].fax, "directory",
		    name));
	if (outcome == DIR_LIMIT && said->took_ms >= DIRECTORY_BOOK_MS)
		l->late = true;
	else if (outcome == DIR_LIMIT)
		l->more = true;
	else if (outcome != DIR_RIGHT && outcome != DIR_NOBODY)
		json_array_append_new(l->away, json_string(name));
}

static void
on_said(struct core *c, const struct dir_said *said, void *ctx)
{
	struct book_question *q = ctx;
	struct lookup *l = q->l;

	book.out--;
	said_take(c, l, q->directory, said);
	free(q);
	if (--l->out == 0 && l->next == l->nask)
		lookup_end(c, l);
	go_on(c);
}

static void
ask_one(struct core *c, struct lookup *l)
{
	struct book_question *q = calloc(1, sizeof *q);
	int64_t id = l->ask[l->next++];

	l->out++;
	book.out++;
	if (q != NULL) {
		q->l = l;
		q->directory = id;
		if (directory_book(c, id, l->asked, on_said, q) == 0)
			return;
		free(q);
	}
	l->out--;
	book.out--;
	json_array_append_new(l->away, json_string(directory_name(c, id)));
}

/* All its questions are out: it waits for answers only. */
static void
lookup_leaves(struct core *c, struct lookup *l)
{
	if ((book.first = l->after) == NULL)
		book.tail = &book.first;
	book.waiting--;
	if (l->out == 0)
		lookup_end(c, l);
}

static void
go_on(struct core *c)
{
	static bool at_it;		/* an answer may come at once */
	struct lookup *l;

	if (at_it)
		return;
	at_it = true;
	while ((l = book.first) != NULL && book.out < AT_ONCE) {
		l->out++;		/* not before it has left the line */
		while (l->next < l->nask && book.out < AT_ONCE)
			ask_one(c, l);
		l->out--;
		if (l->next < l->nask)
			break;
		lookup_leaves(c, l);
	}
	at_it = false;
}

/* ---- the call */

static size_t
characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static struct lookup *
lookup_new(struct core *c, const struct asker *a, const char *asked,
    const char *typed)
{
	struct lookup *l = calloc(1, sizeof *l);
	const struct directory_row *r;

	if (l == NULL)
		return NULL;
	l->c = c;
	l->a = *a;
	snprintf(l->asked, sizeof l->asked, "%s", asked);
	snprintf(l->typed, sizeof l->typed, "%s", typed);
	l->rows = json_array();
	l->away = json_array();
	for (size_t i = 0; (r = directories_at(c, i)) != NULL; i++) {
		const struct directory *d = directories_settings(c, r->id);

		if (d != NULL && d->book && d->nservers > 0)
			l->ask[l->nask++] = r->id;
	}
	return l;
}

int
addresses_find(struct core *c, const struct asker *a, const char *asked,
    const char *locale, addresses_say say)
{
	char typed[ADDRESSES_TYPED_MAX + 1];
	struct asker answer = *a;
	struct lookup *l;
	struct kept *k;

	if (strlen(asked) >= sizeof typed)
		return -REL_E_FORMAT;
	rel_fold(typed, asked, strlen(asked) + 1);
	if (characters(typed) < TYPED_MIN)
		return -REL_E_FORMAT;
	if ((k = kept_find(typed)) != NULL) {
		say(c, &answer, asked, locale, json_incref(k->answer));
		return 0;
	}
	if (book.waiting >= WAITING_MAX)
		return -REL_E_FULL;
	if ((l = lookup_new(c, a, asked, typed)) == NULL)
		return -REL_E_NOMEM;
	l->say = say;
	snprintf(l->locale, sizeof l->locale, "%s", locale);
	*book.tail = l;
	book.tail = &l->after;
	book.waiting++;
	go_on(c);
	return 0;
}

bool
addresses_any(const struct core *c)
{
	const struct directory_row *r;

	for (size_t i = 0; (r = directories_at(c, i)) != NULL; i++) {
		const struct directory *d = directories_settings(c, r->id);

		if (d != NULL && d->book && d->nservers > 0)
			return true;
	}
	return false;
}

void
addresses_fini(struct core *c)
{
	struct lookup *l;

	(void)c;
	while ((l = book.first) != NULL) {
		book.first = l->after;
		/* One that has questions out is freed by their answers. */
		if (l->out == 0)
			lookup_free(l);
	}
	book.tail = &book.first;
	addresses_forget();
}
