/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Users from a table: row by row, and what one row waits for of another. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/import.h"

void
import_problem(struct import *im, unsigned line, const char *field,
    const char *fmt, ...)
{
	char text[300], name[100];
	size_t at = json_array_size(im->problems);
	va_list ap;

	if (im->nproblems++ >= IMPORT_SHOWN_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	rel_text_clean(text, sizeof text, text);
	rel_text_clean(name, sizeof name, field);
	/* In the order of the lines: some are found late. */
	while (at > 0 && json_integer_value(json_object_get(json_array_get(
	    im->problems, at - 1), "line")) > (json_int_t)line)
		at--;
	json_array_insert_new(im->problems, at, json_pack("{s:I,s:s,s:s}",
	    "line", (json_int_t)line, "field", name, "text", text));
}

/* ---- one change */

static void
change_clear(struct import_change *ch)
{
	rel_buf_fini_secret(&ch->before);
	json_decref(ch->fields);
	free(ch->cards);
	rel_wipe(ch, sizeof *ch);
}

static bool
card_keep(const struct card *k, void *ctx)
{
	struct import_change *ch = ctx;

	ch->cards[ch->ncards++] = *k;
	return ch->ncards < STORE_IMAGE_CARDS;
}

/* The user of a row as it is now; 0, or the store is broken. */
static int
change_init(struct import *im, struct import_change *ch, const char *key,
    const char *name)
{
	int rc = store_user_get(im->c->st, key, &ch->was);

	rel_buf_init(&ch->before);
	ch->cards = calloc(STORE_IMAGE_CARDS, sizeof *ch->cards);
	if (ch->cards == NULL)
		return -REL_E_NOMEM;
	if (rc == -REL_E_NOTFOUND) {
		ch->is_new = true;
		memset(&ch->was, 0, sizeof ch->was);
		ch->was.id = ids_next(im->c);
		ch->was.created_ms = rel_now_ms();
		snprintf(ch->was.key, sizeof ch->was.key, "%s", key);
		snprintf(ch->was.name, sizeof ch->was.name, "%s", name);
		rc = 0;
	} else if (rc == 0 && ch->was.cards > 0) {
		rc = store_card_list(im->c->st, ch->was.id, 0,
		    STORE_IMAGE_CARDS, card_keep, ch);
	}
	ch->first_new = ch->ncards;
	ch->u = ch->was;
	if (json_array_size(im->preview) < IMPORT_SHOWN_MAX)
		ch->fields = json_array();
	if (!ch->is_new)
		store_image_put(&ch->before, &ch->was, ch->cards, ch->ncards);
	return rc < 0 ? rc : ch->before.failed ? -REL_E_NOMEM : 0;
}

static int
card_compare(const void *a, const void *b)
{
	const struct card *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* What undo needs of it; behind everything that was written. */
static int
change_remember(struct import *im, struct import_change *ch)
{
	struct undo_row r = { .user_id = ch->u.id, .what = ch->is_new ?
	    UNDO_NEW : UNDO_CHANGED };
	struct rel_buf after;
	int rc = -REL_E_NOMEM;

	/* In the order they are read in: some may have had to wait. */
	if (ch->ncards > 1)
		qsort(ch->cards, ch->ncards, sizeof *ch->cards, card_compare);
	rel_buf_init(&after);
	store_image_put(&after, &ch->u, ch->cards, ch->ncards);
	memcpy(r.key, ch->u.key, sizeof r.key);
	r.before = ch->is_new ? NULL : ch->before.data;
	r.before_len = ch->before.len;
	if (!after.failed) {
		keys_sha256(r.after, after.data, after.len);
		rc = store_undo_add(im->c->st, &r);
	}
	rel_buf_fini_secret(&after);
	return rc;
}

static int
user_write(struct import *im, const struct import_change *ch, bool number)
{
	struct user u = ch->u;

	u.has_idnum = u.has_idnum && number;
	return ch->is_new ? store_user_add(im->c->st, &u) :
	    store_user_set(im->c->st, &u);
}

/* The new cards that are still to be had; how many others still have. */
static int
cards_write(struct import *im, struct import_change *ch)
{
	size_t left = ch->first_new;

	for (size_t i = ch->first_new; i < ch->ncards; i++) {
		int rc = store_card_add(im->c->st, &ch->cards[i]);
		struct card k = ch->cards[i];

		if (rc < 0 && rc != -REL_E_EXISTS)
			return rc;
		if (rc < 0)
			continue;
		/* Those that are there stand in front of those that wait. */
		ch->cards[i] = ch->cards[left];
		ch->cards[left++] = k;
	}
	ch->first_new = left;
	return (int)(ch->ncards - left);
}

static int
cards_drop(struct import *im, const struct import_change *ch)
{
	struct card cards[STORE_IMAGE_CARDS];
	struct user u;
	size_t n = 0;
	int rc = 0;

	if (!ch->drop_cards)
		return 0;
	if (store_image_get(ch->before.data, ch->before.len, &u, cards,
	    &n) < 0)
		return -REL_E_FORMAT;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = store_card_del(im->c->st, cards[i].id);
	return rc;
}

static void
change_show(struct import *im, struct import_change *ch)
{
	if (ch->is_new)
		im->fresh++;
	else
		im->changed++;
	if (ch->fields != NULL)
		json_array_append_new(im->preview, json_pack(
		    "{s:I,s:s,s:s,s:O}", "line", (json_int_t)ch->line,
		    "name", ch->u.name, "what", ch->is_new ? "new" :
		    "changed", "fields", ch->fields));
	json_decref(ch->fields);
	ch->fields = NULL;
}

/* Its sessions end when all is done. */
int
import_sessions_end(struct import *im, int64_t user)
{
	if (im->nended == im->ended_room) {
		size_t room = im->ended_room > 0 ? im->ended_room * 2 : 64;
		void *p = realloc(im->ended, room * sizeof *im->ended);

		if (p == NULL)
			return -REL_E_NOMEM;
		im->ended = p;
		im->ended_room = room;
	}
	im->ended[im->nended++] = user;
	return 0;
}

/* Put by until everybody has given up what they give up. */
static int
change_put_by(struct import *im, struct import_change *ch)
{
	struct import_change *copy = malloc(sizeof *copy);

	if (copy == NULL)
		return -REL_E_NOMEM;
	*copy = *ch;
	if (copy->ncards > 0) {
		void *p = realloc(copy->cards, copy->ncards *
		    sizeof *copy->cards);

		if (p != NULL)
			copy->cards = p;
	}
	copy->next = im->late;
	im->late = copy;
	memset(ch, 0, sizeof *ch);
	return 0;
}

static int
change_store(struct import *im, struct import_change *ch)
{
	int rc = cards_drop(im, ch), waits;

	if (rc == 0)
		rc = user_write(im, ch, true);
	if (rc == -REL_E_EXISTS) {
		ch->number_late = true;
		rc = user_write(im, ch, false);
	}
	if (rc < 0)
		return rc;
	if ((waits = cards_write(im, ch)) < 0)
		return waits;
	change_show(im, ch);
	if (!ch->is_new && ch->secret)
		rc = import_sessions_end(im, ch->u.id);
	if (rc == 0)
		rc = waits > 0 || ch->number_late ? change_put_by(im, ch) :
		    change_remember(im, ch);
	return rc;
}

/* ---- rows */

static int
seen_add(struct import *im, const char *key, unsigned line)
{
	if (im->nseen == im->seen_room) {
		size_t room = im->seen_room > 0 ? im->seen_room * 2 : 256;
		void *p = realloc(im->seen, room * sizeof *im->seen);

		if (p == NULL)
			return -REL_E_NOMEM;
		im->seen = p;
		im->seen_room = room;
	}
	snprintf(im->seen[im->nseen].key, sizeof im->seen[0].key, "%s", key);
	im->seen[im->nseen++].line = line;
	return 0;
}

static int
seen_compare(const void *a, const void *b)
{
	const struct import_seen *x = a, *y = b;
	int rc = strcmp(x->key, y->key);

	return rc != 0 ? rc : x->line < y->line ? -1 : x->line > y->line;
}

static int
seen_key_compare(const void *key, const void *b)
{
	const struct import_seen *y = b;

	return strcmp(key, y->key);
}

static void
seen_sort(struct import *im)
{
	if (im->nseen > 1)
		qsort(im->seen, im->nseen, sizeof *im->seen, seen_compare);
	for (size_t i = 1; i < im->nseen; i++)
		if (strcmp(im->seen[i].key, im->seen[i - 1].key) == 0)
			import_problem(im, im->seen[i].line, "name",
			    "this user stands on line %u already",
			    im->seen[i - 1].line);
}

/* The name of a row, clean; NULL: a problem was named. */
static const char *
row_name(struct import *im, const struct rel_csv_row *row, char key[84])
{
	const char *name = import_cell(im, row, COL_NAME);

	for (const char *s = name; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			name = "";
	if (strlen(name) < 84 && rel_user_key(key, 84, name, false))
		return name;
	import_problem(im, row->line, "name",
	    "this is no usable user name (1 to 83 bytes)");
	return NULL;
}

static bool
row_whole(struct import *im, const struct rel_csv_row *row)
{
	for (size_t i = 0; i < IMPORT_COLUMNS; i++)
		if (im->at[i] >= (int)row->n) {
			import_problem(im, row->line, import_columns[i],
			    "the line has only %zu fields", row->n);
			return false;
		}
	return true;
}

static int
row_take(struct import *im, const struct rel_csv_row *row)
{
	struct import_change ch = { .line = row->line };
	char key[84];
	const char *name;
	int rc, n = 0;

	im->rows++;
	if (!row_whole(im, row) || (name = row_name(im, row, key)) == NULL)
		return 0;
	rc = seen_add(im, key, row->line);
	if (rc == 0)
		rc = change_init(im, &ch, key, name);
	if (rc == 0 && (n = import_row(im, &ch, row)) == 0 && !ch.is_new)
		im->unchanged++;
	else if (rc == 0 && n >= 0)
		rc = change_store(im, &ch);
	change_clear(&ch);
	return rc;
}

static int
rows_take(struct import *im, char *csv, size_t len)
{
	struct rel_csv_row row;
	struct rel_csv r;
	struct rel_err err;
	int rc;

	rel_csv_init(&r, csv, len);
	if ((rc = rel_csv_next(&r, &row, &err)) > 0 &&
	    !import_header(im, &row))
		return 0;
	while (rc > 0 && (rc = rel_csv_next(&r, &row, &err)) > 0) {
		if (im->rows == IMPORT_ROWS_MAX) {
			import_problem(im, row.line, "", "more than %u users: "
			    "import them in parts", IMPORT_ROWS_MAX);
			return 0;
		}
		if ((rc = row_take(im, &row)) < 0)
			return rc;
		rc = 1;
	}
	if (rc < 0)
		import_problem(im, row.line, "", "%s", err.text);
	else if (im->rows == 0)
		import_problem(im, 1, "", "there is no user in it");
	return 0;
}

/* ---- what comes after the rows */

struct missing {
	struct import *im;
	struct import gone;		/* its seen: those to be deleted */
};

static bool
missing_row(int64_t id, const char *key, void *ctx)
{
	struct missing *m = ctx;
	struct import *im = m->im;

	(void)id;
	if (im->nseen == 0 || bsearch(key, im->seen, im->nseen,
	    sizeof *im->seen, seen_key_compare) == NULL)
		im->rc = seen_add(&m->gone, key, 0);
	return im->rc == 0;
}

static int
missing_delete(struct import *im, const char *key)
{
	struct import_change ch = { .line = 0 };
	struct undo_row r = { .what = UNDO_DELETED };
	int rc = change_init(im, &ch, key, key);

	if (rc == 0) {
		r.user_id = ch.was.id;
		memcpy(r.key, ch.was.key, sizeof r.key);
		r.before = ch.before.data;
		r.before_len = ch.before.len;
		rc = store_undo_add(im->c->st, &r);
	}
	if (rc == 0 && (rc = store_user_del(im->c->st, key)) == 0)
		rc = store_rights_aside(im->c->st, key);
	if (rc == 0)
		rc = import_sessions_end(im, ch.was.id);
	im->deleted++;
	if (json_array_size(im->preview) < IMPORT_SHOWN_MAX)
		json_array_append_new(im->preview, json_pack(
		    "{s:i,s:s,s:s,s:[]}", "line", 0, "name", ch.was.name,
		    "what", "deleted", "fields"));
	change_clear(&ch);
	return rc;
}

/* Those the table does not name go. */
static int
missing_take(struct import *im)
{
	struct missing m = { .im = im };
	int rc = store_user_keys(im->c->st, missing_row, &m);

	rc = rc < 0 ? rc : im->rc;
	for (size_t i = 0; i < m.gone.nseen && rc == 0; i++)
		rc = missing_delete(im, m.gone.seen[i].key);
	free(m.gone.seen);
	return rc;
}

static int
late_take(struct import *im, struct import_change *ch)
{
	int rc = 0, waits;

	if (ch->number_late && (rc = store_user_set(im->c->st, &ch->u)) ==
	    -REL_E_EXISTS) {
		import_problem(im, ch->line, "id_number",
		    "this ID number belongs to someone else");
		rc = 0;
	}
	if (rc < 0 || (waits = cards_write(im, ch)) < 0)
		return rc < 0 ? rc : waits;
	for (size_t i = ch->first_new; i < ch->ncards; i++)
		import_problem(im, ch->line, "card", "the card that ends in "
		    "%s belongs to someone else", ch->cards[i].tail);
	return change_remember(im, ch);
}

static int
lates_take(struct import *im)
{
	int rc = 0;

	for (struct import_change *ch = im->late; ch != NULL && rc == 0;
	    ch = ch->next)
		rc = late_take(im, ch);
	return rc;
}

static int
import_all(struct import *im, char *csv, size_t len)
{
	int rc = store_undo_clear(im->c->st);

	if (rc >= 0)
		rc = rows_take(im, csv, len);
	if (rc == 0)
		seen_sort(im);
	if (rc == 0 && im->delete_missing && im->nproblems == 0)
		rc = missing_take(im);
	return rc == 0 ? lates_take(im) : rc;
}

int
import_settle(struct import *im, int rc, bool keep)
{
	struct store *st = im->c->st;
	int back;

	keep = keep && rc == 0 && im->nproblems == 0;
	back = keep ? store_point_keep(st) : store_point_back(st);
	if (rc < 0 || back < 0)
		return rc < 0 ? rc : back;
	for (size_t i = 0; keep && i < im->nended; i++)
		sessions_close_user(im->c, im->ended[i]);
	return 0;
}

int
import_run(struct import *im, char *csv, size_t len, bool dry_run)
{
	int rc = import_init(im);

	if (rc == 0)
		rc = store_point(im->c->st);
	if (rc < 0)
		return rc;
	rc = import_all(im, csv, len);
	/* One that changed nothing leaves the undo of the one before. */
	return import_settle(im, rc, !dry_run &&
	    im->fresh + im->changed + im->deleted > 0);
}

int
import_init(struct import *im)
{
	im->problems = json_array();
	im->preview = json_array();
	return im->problems != NULL && im->preview != NULL ? 0 :
	    -REL_E_NOMEM;
}

void
import_fini(struct import *im)
{
	while (im->late != NULL) {
		struct import_change *next = im->late->next;

		change_clear(im->late);
		free(im->late);
		im->late = next;
	}
	free(im->seen);
	free(im->ended);
	json_decref(im->problems);
	json_decref(im->preview);
	memset(im, 0, sizeof *im);
}
