/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/media.h"
#include "lib/money.h"
#include "lib/rule_priv.h"
#include "lib/text.h"

/* ---- a line of text that may be cut */

void
rule_line_init(struct rule_line *l, char *s, size_t size)
{
	l->s = s;
	l->size = size;
	l->len = 0;
	s[0] = '\0';
}

void
rule_line_add(struct rule_line *l, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (l->len >= l->size)
		return;
	va_start(ap, fmt);
	n = vsnprintf(l->s + l->len, l->size - l->len, fmt, ap);
	va_end(ap);
	l->len += n > 0 ? (size_t)n : 0;
}

void
rule_line_put(struct rule_line *l, const char *s)
{
	size_t n = strlen(s), room = l->size - l->len;

	if (l->len >= l->size)
		return;
	if (n < room) {
		memcpy(l->s + l->len, s, n + 1);
	} else {
		memcpy(l->s + l->len, s, room - 1);
		l->s[l->size - 1] = '\0';
	}
	l->len += n;
}

void
rule_line_int(struct rule_line *l, int64_t v)
{
	char digits[24], *p = digits + sizeof digits;
	uint64_t n = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	*--p = '\0';
	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	if (v < 0)
		*--p = '-';
	rule_line_put(l, p);
}

/* Most lines need no cleaning, and there are many of them. */
static bool
is_plain(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s >= 0x7f)
			return false;
	return true;
}

void
rule_line_end(struct rule_line *l)
{
	if (l->len >= l->size && l->size > 4) {
		l->s[rel_utf8_cut(l->s, l->size - 4)] = '\0';
		memcpy(l->s + strlen(l->s), "...", 4);
	}
	if (!is_plain(l->s))
		rel_text_clean(l->s, l->size, l->s);
}

/* ---- values in words */

enum rule_kind
rule_num_kind(unsigned num)
{
	return num == REL_CASE_COST || num == REL_CASE_MONEY_LEFT ?
	    RULE_MONEY : num == REL_CASE_BYTES ? RULE_BYTES : RULE_COUNT;
}

void
rule_line_number(struct rule_line *l, enum rule_kind kind, int64_t v)
{
	char money[REL_MONEY_TEXT];

	if (kind != RULE_MONEY) {
		rule_line_int(l, v);
		return;
	}
	rel_money_text(money, v);
	rule_line_put(l, money);
}

void
rule_line_value(struct rule_line *l, const struct rel_case *c, unsigned num)
{
	switch (c->sure[num]) {
	case REL_CASE_BOUND:
		rule_line_put(l, "at most ");
		rule_line_number(l, rule_num_kind(num), c->num[num]);
		break;
	case REL_CASE_EXACT:
		rule_line_number(l, rule_num_kind(num), c->num[num]);
		break;
	case REL_CASE_NO_LIMIT:
		rule_line_put(l, "without limit");
		break;
	default:
		rule_line_put(l, "unknown");
		break;
	}
}

const char *
rule_sides_text(unsigned sides)
{
	static const char *const words[] = {
		[REL_DUPLEX_UNSAID] = "unknown",
		[REL_DUPLEX_NONE] = "one-sided",
		[REL_DUPLEX_LONG] = "two-sided-long-edge",
		[REL_DUPLEX_SHORT] = "two-sided-short-edge",
		[REL_DUPLEX_MIXED] = "mixed"
	};

	return sides < sizeof words / sizeof words[0] ? words[sides] :
	    words[0];
}

/* ---- texts with {words} */

static const char *
or_unknown(const char *s)
{
	return s != NULL && s[0] != '\0' ? s : "unknown";
}

/* The program, else what wrote the file. */
static const char *
application_of(const struct rel_case *c)
{
	const char *s = c->application[0];

	return s != NULL && s[0] != '\0' ? s : c->application[1];
}

static void
put_text(struct rule_line *l, unsigned what, const struct rel_case *c)
{
	const char *s = what == RULE_USER ? c->user :
	    what == RULE_QUEUE ? c->queue :
	    what == RULE_DEVICE ? c->device :
	    what == RULE_APPLICATION ? application_of(c) :
	    what == RULE_TITLE ? c->title :
	    what == RULE_FORMAT ? c->format :
	    c->nmedia > 0 ? c->media[0] : NULL;
	char label[80];

	s = or_unknown(s);
	if (what == RULE_MEDIA) {
		rel_media_label(label, sizeof label, s);
		s = label;
	}
	rule_line_put(l, s);
}

/* May this value stand in a text? One that is a single thing. */
static bool
is_text_value(const struct rule_value *v)
{
	return v->op == RULE_NUM || v->op == RULE_SIDES ||
	    (v->op == RULE_TEXT && v->what != RULE_GROUP &&
	    v->what != RULE_DEVICE_GROUP);
}

/* The value of the {word} at s, and its end; NULL when it is none. */
static const struct rule_value *
word_at(const char *s, const char **end)
{
	const char *close = strchr(s, '}');
	const struct rule_value *v = close == NULL ? NULL :
	    rule_value_find(s + 1, (size_t)(close - s) - 1);

	if (v == NULL || !is_text_value(v))
		return NULL;
	*end = close + 1;
	return v;
}

bool
rule_text_ok(const char *text, char bad[64])
{
	while ((text = strchr(text, '{')) != NULL) {
		if (text[1] == '{')
			text += 2;
		else if (word_at(text, &text) == NULL)
			break;
	}
	if (text != NULL)
		snprintf(bad, 64, "%.*s", (int)(strcspn(text, "} ") +
		    (text[strcspn(text, "} ")] == '}')), text);
	return text == NULL;
}

static void
put_value(struct rule_line *l, const struct rule_value *v,
    const struct rel_case *c)
{
	if (v->op == RULE_NUM)
		rule_line_value(l, c, v->what);
	else if (v->op == RULE_SIDES)
		rule_line_put(l, rule_sides_text(c->sides));
	else
		put_text(l, v->what, c);
}

void
rule_text_fill(char out[REL_RULE_TEXT_MAX], const char *text,
    const struct rel_case *c)
{
	struct rule_line l;

	rule_line_init(&l, out, REL_RULE_TEXT_MAX);
	while (*text != '\0') {
		const struct rule_value *v = NULL;
		size_t n = strcspn(text, "{");

		rule_line_add(&l, "%.*s", (int)n, text);
		text += n;
		if (*text == '{' && text[1] != '{')
			v = word_at(text, &text);
		if (v != NULL) {
			put_value(&l, v, c);
		} else if (*text == '{') {
			rule_line_put(&l, "{");
			text += text[1] == '{' ? 2 : 1;
		}
	}
	rule_line_end(&l);
}

/* ---- changes */

bool
rel_rule_change_ticket(const struct rel_rule_change *c, struct rel_ticket *t)
{
	struct rel_ticket was = *t;
	bool both = t->sides == REL_DUPLEX_LONG || t->sides ==
	    REL_DUPLEX_SHORT;

	if (c->mono)
		t->colour = REL_COLOUR_MONO;
	if (c->sides != 0 && (c->edge || !both))
		t->sides = c->sides;
	if (c->number_up > t->number_up)
		t->number_up = c->number_up;
	if (c->copies_max > 0 && t->copies > c->copies_max)
		t->copies = c->copies_max;
	return t->colour != was.colour || t->sides != was.sides ||
	    t->number_up != was.number_up || t->copies != was.copies;
}

void
rel_rule_change_text(const struct rel_rule_change *c, char *out, size_t size)
{
	struct rule_line l;

	rule_line_init(&l, out, size);
	if (c->mono)
		rule_line_put(&l, ", mono");
	if (c->sides != 0)
		rule_line_add(&l, ", duplex%s", !c->edge ? "" :
		    c->sides == REL_DUPLEX_SHORT ? " short" : " long");
	if (c->number_up > 0)
		rule_line_add(&l, ", number-up %u", c->number_up);
	if (c->copies_max > 0)
		rule_line_add(&l, ", copies max %u", c->copies_max);
	rule_line_end(&l);
	if (out[0] != '\0')
		memmove(out, out + 2, strlen(out) - 1);
}
