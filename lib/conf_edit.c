/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/conf_edit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define EDIT_MAX (1u << 19)	/* bytes of a file */

/* One line of the text: [at, end) without its end of line. */
struct line {
	const char *at, *end, *next;
	const char *name;		/* of the directive; NULL: none */
	size_t name_len;
	bool example;			/* "#Name ...": nothing but an example */
};

struct edit {
	const struct rel_conf_edit *in;
	bool *done;			/* for each change */
	struct rel_buf *out;
};

static const char *
change_name(const struct edit *e, size_t i)
{
	return e->in->t->items[e->in->ch[i].item].name;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void
line_read(struct line *l, const char *at, const char *end)
{
	const char *nl = memchr(at, '\n', (size_t)(end - at)), *p = at;

	l->at = at;
	l->end = nl != NULL ? nl : end;
	l->next = nl != NULL ? nl + 1 : end;
	if (l->end > at && l->end[-1] == '\r')
		l->end--;
	while (p < l->end && blank(*p))
		p++;
	l->example = p < l->end && *p == '#';
	p += l->example;
	l->name = p;
	while (p < l->end && !blank(*p))
		p++;
	l->name_len = (size_t)(p - l->name);
}

static bool
line_names(const struct line *l, const char *name)
{
	return l->name_len == strlen(name) &&
	    strncasecmp(l->name, name, l->name_len) == 0;
}

/* The change that concerns this line; as many as there are for none. */
static size_t
change_of(const struct edit *e, const struct line *l, bool example)
{
	size_t i = 0;

	if (l->name_len == 0 || l->example != example)
		return e->in->n;
	while (i < e->in->n && !line_names(l, change_name(e, i)))
		i++;
	return i;
}

/* Does a line of the file set this item?  Then its example stays alone. */
static bool
stands_in(const struct rel_conf_edit *in, const char *name)
{
	const char *end = in->text + in->len;
	struct line l;

	for (const char *at = in->text; at < end; at = l.next) {
		line_read(&l, at, end);
		if (!l.example && line_names(&l, name))
			return true;
	}
	return false;
}

static void
put_setting(struct edit *e, size_t i, const char *eol, size_t eol_len)
{
	const char *name = change_name(e, i);
	const char *value = e->in->ch[i].value;

	rel_put_raw(e->out, name, strlen(name));
	if (value[0] != '\0')
		rel_put_raw(e->out, " ", 1);
	rel_put_raw(e->out, value, strlen(value));
	rel_put_raw(e->out, eol, eol_len);
	e->done[i] = true;
}

/* The line as it was, but for the value behind its name. */
static void
put_changed(struct edit *e, size_t i, const struct line *l)
{
	const char *value = e->in->ch[i].value;
	const char *gap = l->name + l->name_len, *p = gap;

	e->done[i] = true;
	if (value == NULL)
		return;
	while (p < l->end && blank(*p))
		p++;
	rel_put_raw(e->out, l->at, (size_t)(gap - l->at));
	if (value[0] != '\0' && p == gap)
		rel_put_raw(e->out, " ", 1);
	else if (value[0] != '\0')
		rel_put_raw(e->out, gap, (size_t)(p - gap));
	rel_put_raw(e->out, value, strlen(value));
	rel_put_raw(e->out, l->end, (size_t)(l->next - l->end));
}

static void
put_line(struct edit *e, const struct line *l)
{
	const char *eol = l->end < l->next ? l->end : "\n";
	size_t eol_len = l->end < l->next ? (size_t)(l->next - l->end) : 1;
	size_t i = change_of(e, l, false);

	if (i < e->in->n) {
		put_changed(e, i, l);
		return;
	}
	rel_put_raw(e->out, l->at, (size_t)(l->next - l->at));
	if ((i = change_of(e, l, true)) == e->in->n || e->done[i] ||
	    e->in->ch[i].value == NULL ||
	    stands_in(e->in, change_name(e, i)))
		return;
	if (l->end == l->next)
		rel_put_raw(e->out, "\n", 1);
	put_setting(e, i, eol, eol_len);
}

static void
edit_text(struct edit *e)
{
	const char *end = e->in->text + e->in->len;
	struct line l;

	for (const char *at = e->in->text; at < end; at = l.next) {
		line_read(&l, at, end);
		put_line(e, &l);
	}
	for (size_t i = 0; i < e->in->n; i++) {
		const struct rel_buf *b = e->out;

		if (e->done[i] || e->in->ch[i].value == NULL)
			continue;
		if (b->len > 0 && b->data[b->len - 1] != '\n')
			rel_put_raw(e->out, "\n", 1);
		put_setting(e, i, "\n", 1);
	}
}

/* ---- what comes out is what was wanted */

/* Put the changes into values; 0 or the first that is bad. */
static int
changes_set(struct rel_conf_edit *e, void *values, struct rel_err *err)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct rel_conf_change *ch = &e->ch[i];
		const struct rel_conf_item *it;
		int rc;

		if (ch->item >= e->t->n)
			return rel_err_set(err, REL_E_FORMAT,
			    "there is no such setting");
		it = &e->t->items[ch->item];
		e->bad = ch->item;
		for (size_t k = 0; k < i; k++)
			if (e->ch[k].item == ch->item)
				return rel_err_set(err, REL_E_FORMAT,
				    "%s is changed twice", it->name);
		rc = rel_conf_set(it, values, ch->value != NULL ?
		    ch->value : it->def, err);
		if (rc < 0)
			return rc;
	}
	e->bad = SIZE_MAX;
	return 0;
}

static int
edit_verified(const struct rel_conf_table *t, const struct rel_buf *out,
    const void *want, void *got, struct rel_err *err)
{
	int rc;

	rel_conf_defaults(t, got);
	rc = rel_conf_parse(t, got, (const char *)out->data, out->len,
	    "the new file", err);
	for (size_t i = 0; rc == 0 && i < t->n; i++)
		if (!rel_conf_same(&t->items[i], want, got))
			rc = rel_err_set(err, REL_E_FORMAT,
			    "the change of %s cannot be written",
			    t->items[i].name);
	return rc;
}

/* Bytes of the struct that a table fills, up to its last item. */
static size_t
values_size(const struct rel_conf_table *t)
{
	size_t most = sizeof(int64_t);

	for (size_t i = 0; i < t->n; i++) {
		size_t end = t->items[i].offset + (t->items[i].type ==
		    REL_CONF_TEXT ? REL_CONF_TEXT_MAX : sizeof(int64_t));

		if (end > most)
			most = end;
	}
	return most;
}

int
rel_conf_edit(struct rel_conf_edit *in, struct rel_buf *out,
    struct rel_err *err)
{
	bool *done = calloc(in->n + 1, sizeof *done);
	void *want = calloc(1, values_size(in->t));
	void *got = calloc(1, values_size(in->t));
	struct edit e = { in, done, out };
	int rc = 0;

	in->bad = SIZE_MAX;
	if (done == NULL || want == NULL || got == NULL)
		rc = rel_err_set(err, REL_E_NOMEM, "no memory");
	else if (in->len > EDIT_MAX)
		rc = rel_err_set(err, REL_E_LIMIT,
		    "the file is larger than %u bytes", EDIT_MAX);
	if (rc == 0) {
		rel_conf_defaults(in->t, want);
		rc = rel_conf_parse(in->t, want, in->text, in->len,
		    "the file", err);
	}
	if (rc == 0 && (rc = changes_set(in, want, err)) == 0) {
		edit_text(&e);
		rc = out->failed ? rel_err_set(err, out->failed,
		    "no memory") : edit_verified(in->t, out, want, got, err);
	}
	free(done);
	free(want);
	free(got);
	return rc;
}
