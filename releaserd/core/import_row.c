/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* One row of a table of users: what it wants, and how that differs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "releaserd/core/card.h"
#include "releaserd/core/import.h"

const char *const import_columns[IMPORT_COLUMNS] = {
	"name", "display", "mail", "department", "locale", "disabled", "card",
	"id_number", "card_pin"
};

static char *
trimmed(char *s)
{
	size_t n;

	s += strspn(s, " ");
	n = strlen(s);
	while (n > 0 && s[n - 1] == ' ')
		s[--n] = '\0';
	return s;
}

bool
import_header(struct import *im, const struct rel_csv_row *row)
{
	unsigned before = im->nproblems;

	for (size_t i = 0; i < IMPORT_COLUMNS; i++)
		im->at[i] = -1;
	for (size_t f = 0; f < row->n; f++) {
		const char *name = trimmed(row->field[f]);
		size_t i = 0;

		while (i < IMPORT_COLUMNS &&
		    strcasecmp(name, import_columns[i]) != 0)
			i++;
		if (i == IMPORT_COLUMNS)
			import_problem(im, row->line, name, "there is no such "
			    "column; known are name, display, mail, "
			    "department, locale, disabled, card, id_number "
			    "and card_pin");
		else if (im->at[i] >= 0)
			import_problem(im, row->line, name,
			    "this column stands twice");
		else
			im->at[i] = (int)f;
	}
	if (im->at[COL_NAME] < 0)
		import_problem(im, row->line, "name", "the first line must "
		    "name the columns, and name must be among them");
	return im->nproblems == before;
}

/* ---- differences */

static void
differs(struct import_change *ch, enum import_column col, const char *from,
    const char *to)
{
	if (ch->fields != NULL)
		json_array_append_new(ch->fields, json_pack("{s:s,s:s,s:s}",
		    "field", import_columns[col], "from", from, "to", to));
}

static bool
text_ok(const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == 0x7f ||
		    (c == 0xc2 && (unsigned char)s[1] < 0xa0))
			return false;
	}
	return true;
}

static const char *
yes_no(bool v)
{
	return v ? "yes" : "no";
}

/* What a row is read with. */
struct reading {
	struct import *im;
	struct import_change *ch;
	const struct rel_csv_row *row;
	int differences;
	bool bad;
};

static void
bad(struct reading *r, enum import_column col, const char *text)
{
	import_problem(r->im, r->row->line, import_columns[col], "%s", text);
	r->bad = true;
}

char *
import_cell(const struct import *im, const struct rel_csv_row *row,
    enum import_column col)
{
	int at = im->at[col];

	return at < 0 ? NULL : trimmed(rel_csv_plain(row->field[at]));
}

static char *
cell(const struct reading *r, enum import_column col)
{
	return import_cell(r->im, r->row, col);
}

static void
take_text(struct reading *r, enum import_column col, char *to, size_t size)
{
	const char *s = cell(r, col);

	if (s == NULL || strcmp(s, to) == 0)
		return;
	if (strlen(s) >= size || !text_ok(s)) {
		bad(r, col, strlen(s) >= size ? "this is too long" :
		    "there are control characters in it");
		return;
	}
	differs(r->ch, col, to, s);
	snprintf(to, size, "%s", s);
	r->differences++;
}

static void
take_disabled(struct reading *r)
{
	static const char *const words[2][4] = {
		{ "", "no", "false", "0" }, { "yes", "true", "1", "x" }
	};
	const char *s = cell(r, COL_DISABLED);
	int v = -1;

	for (size_t i = 0; s != NULL && i < 8; i++)
		if (strcasecmp(s, words[i / 4][i % 4]) == 0)
			v = (int)(i / 4);
	if (s == NULL)
		return;
	if (v < 0) {
		bad(r, COL_DISABLED, "this must be yes or no");
		return;
	}
	if (r->ch->u.disabled == (v == 1))
		return;
	differs(r->ch, COL_DISABLED, yes_no(r->ch->u.disabled),
	    yes_no(v == 1));
	r->ch->u.disabled = v == 1;
	r->ch->secret = true;
	r->differences++;
}

/* ---- secrets: empty leaves them as they are, "-" takes them away */

static const char *
set_or_not(bool set)
{
	return set ? "set" : "";
}

static void
take_number(struct reading *r)
{
	struct user *u = &r->ch->u;
	const char *s = cell(r, COL_NUMBER);
	bool had = u->has_idnum;
	uint8_t mac[32];

	if (s == NULL || s[0] == '\0')
		return;
	if (strcmp(s, "-") == 0) {
		if (!had)
			return;
		u->has_idnum = false;
		memset(u->idnum_mac, 0, sizeof u->idnum_mac);
	} else if (!idnum_mac(r->im->c, mac, s)) {
		bad(r, COL_NUMBER, "an ID number has 4 to 8 digits");
		return;
	} else {
		if (had && memcmp(mac, u->idnum_mac, sizeof mac) == 0)
			return;
		u->has_idnum = true;
		memcpy(u->idnum_mac, mac, sizeof mac);
	}
	differs(r->ch, COL_NUMBER, set_or_not(had), set_or_not(u->has_idnum));
	r->ch->secret = true;
	r->differences++;
}

static void
take_pin(struct reading *r)
{
	struct user *u = &r->ch->u;
	const char *s = cell(r, COL_PIN);
	char pin[sizeof u->card_pin] = "";
	size_t n = s != NULL ? strlen(s) : 0;

	if (n == 0)
		return;
	if (strcmp(s, "-") != 0) {
		if (n < 4 || n > 8 || strspn(s, "0123456789") != n) {
			bad(r, COL_PIN, "a card PIN has 4 to 8 digits");
			return;
		}
		import_pin(r->im->c, u->id, s, pin);
	}
	if (strcmp(pin, u->card_pin) == 0)
		return;
	differs(r->ch, COL_PIN, set_or_not(u->card_pin[0] != '\0'),
	    set_or_not(pin[0] != '\0'));
	memcpy(u->card_pin, pin, sizeof pin);
	r->ch->secret = true;
	r->differences++;
}

/* ---- cards */

static void
cards_drop(struct reading *r)
{
	struct import_change *ch = r->ch;

	if (ch->ncards == 0)
		return;
	for (size_t i = 0; i < ch->ncards; i++)
		differs(ch, COL_CARD, ch->cards[i].tail, "");
	ch->ncards = ch->first_new = 0;
	ch->drop_cards = ch->secret = true;
	r->differences++;
}

static void
card_take(struct reading *r, const char *number)
{
	struct import_change *ch = r->ch;
	struct core *c = r->im->c;
	const struct card_read read = { number, NULL, false };
	struct card_known known;
	struct rel_err err;
	struct card k;

	memset(&k, 0, sizeof k);
	if (card_know(c, card_rule_of(c, NULL), &read, &known, &err) < 0) {
		bad(r, COL_CARD, "this is no card number");
		return;
	}
	memcpy(k.mac, known.mac, sizeof k.mac);
	memcpy(k.tail, known.tail, sizeof k.tail);
	rel_wipe(&known, sizeof known);
	for (size_t i = 0; i < ch->ncards; i++)
		if (memcmp(ch->cards[i].mac, k.mac, sizeof k.mac) == 0)
			return;
	if ((int64_t)ch->ncards >= c->role->set.card_limit ||
	    ch->ncards >= STORE_IMAGE_CARDS) {
		bad(r, COL_CARD, "there would be more cards than "
		    "CardsPerUser allows");
		return;
	}
	k.id = ids_next(c);
	k.user_id = ch->u.id;
	k.created_ms = rel_now_ms();
	ch->cards[ch->ncards++] = k;
	differs(ch, COL_CARD, "", k.tail);
	r->differences++;
}

/* Numbers parted by blanks; "*1234" is the tail an export shows. */
static void
take_cards(struct reading *r)
{
	char *s = cell(r, COL_CARD), *save = NULL;

	if (s == NULL)
		return;
	for (char *w = strtok_r(s, " ", &save); w != NULL;
	    w = strtok_r(NULL, " ", &save)) {
		if (strcmp(w, "-") == 0)
			cards_drop(r);
		else if (w[0] != '*')
			card_take(r, w);
	}
}

int
import_row(struct import *im, struct import_change *ch,
    const struct rel_csv_row *row)
{
	struct reading r = { .im = im, .ch = ch, .row = row };
	struct user *u = &ch->u;

	take_text(&r, COL_DISPLAY, u->display, sizeof u->display);
	take_text(&r, COL_MAIL, u->mail, sizeof u->mail);
	take_text(&r, COL_DEPARTMENT, u->department, sizeof u->department);
	take_text(&r, COL_LOCALE, u->locale, sizeof u->locale);
	take_disabled(&r);
	take_number(&r);
	take_pin(&r);
	take_cards(&r);
	return r.bad ? -1 : r.differences;
}
