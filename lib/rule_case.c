/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <string.h>
#include <strings.h>

#include "lib/names.h"
#include "lib/rule_priv.h"
#include "lib/text.h"

/* A case made up from words. */

#define LIST_MAX (sizeof ((struct rel_case_words *)0)->lists[0] / \
	sizeof ((struct rel_case_words *)0)->lists[0][0])

void
rel_case_words_init(struct rel_case_words *w)
{
	memset(w, 0, sizeof *w);
}

static char *
keep(struct rel_case_words *w, const char *s, size_t n, struct rel_err *err)
{
	char *to = w->room + w->used;

	if (n >= sizeof w->room - w->used) {
		rel_err_set(err, REL_E_LIMIT, "there is too much text in "
		    "this job");
		return NULL;
	}
	memcpy(to, s, n);
	to[n] = '\0';
	w->used += n + 1;
	return to;
}

static int
set_number(struct rel_case *c, unsigned num, const char *s,
    struct rel_err *err)
{
	bool bound = strncmp(s, "<=", 2) == 0;
	bool left = num == REL_CASE_MONEY_LEFT || num ==
	    REL_CASE_COLOUR_LEFT || num == REL_CASE_MONO_LEFT;

	c->num[num] = 0;
	c->sure[num] = REL_CASE_UNKNOWN;
	if (strcasecmp(s, "unknown") == 0)
		return 0;
	if (left && strcasecmp(s, "none") == 0) {
		c->sure[num] = REL_CASE_NO_LIMIT;
		return 0;
	}
	if (!rule_number(&c->num[num], s + (bound ? 2 : 0),
	    rule_num_kind(num), err))
		return -REL_E_FORMAT;
	c->sure[num] = bound ? REL_CASE_BOUND : REL_CASE_EXACT;
	return 0;
}

/* "a, b" to a list. */
static int
set_list(struct rel_case_words *w, const char **list, size_t *n,
    const char *s, struct rel_err *err)
{
	char *all = keep(w, s, strlen(s), err);
	const char *names[LIST_MAX + 1];
	size_t found;

	*n = 0;
	if (all == NULL)
		return -REL_E_LIMIT;
	found = rel_names_split(all, names, LIST_MAX + 1);
	*n = found < LIST_MAX ? found : LIST_MAX;
	memcpy(list, names, *n * sizeof names[0]);
	return found <= LIST_MAX ? 0 : rel_err_set(err, REL_E_LIMIT,
	    "at most %zu names here", LIST_MAX);
}

static int
set_text(struct rel_case_words *w, enum rule_text what, const char *s,
    struct rel_err *err)
{
	struct rel_case *c = &w->c;
	const char **to = what == RULE_USER ? &c->user :
	    what == RULE_QUEUE ? &c->queue :
	    what == RULE_DEVICE ? &c->device :
	    what == RULE_APPLICATION ? &c->application[0] :
	    what == RULE_TITLE ? &c->title : &c->format;

	switch (what) {
	case RULE_GROUP:
		c->groups = w->lists[0];
		c->groups_known = true;
		return set_list(w, w->lists[0], &c->ngroups, s, err);
	case RULE_DEVICE_GROUP:
		c->device_groups = w->lists[1];
		return set_list(w, w->lists[1], &c->ndevice_groups, s, err);
	case RULE_MEDIA:
		c->media = w->lists[2];
		return set_list(w, w->lists[2], &c->nmedia, s, err);
	default:
		*to = keep(w, s, strlen(s), err);
		return *to != NULL ? 0 : -REL_E_LIMIT;
	}
}

static int
set_sides(struct rel_case *c, const char *s, struct rel_err *err)
{
	unsigned bits = rule_sides_bits(s);
	uint8_t sides = 0;

	if (bits == 0 && strcasecmp(s, "unknown") != 0)
		return rel_err_set(err, REL_E_FORMAT, "sides is one-sided, "
		    "two-sided-long-edge, two-sided-short-edge, mixed or "
		    "unknown");
	while (bits > 0 && (bits >> sides & 1) == 0)
		sides++;
	c->sides = sides;
	return 0;
}

static int
set_time(struct rel_case *c, bool day, const char *s, struct rel_err *err)
{
	uint8_t bits = day ? rule_days(s) : 0;
	uint16_t minutes = 0;
	const char *end = day ? NULL : rel_minutes(&minutes, s);

	if (day ? bits == 0 || (bits & (bits - 1)) != 0 :
	    end == NULL || *end != '\0' || minutes == 24 * 60)
		return rel_err_set(err, REL_E_FORMAT, day ? "day is one of "
		    "mon, tue, wed, thu, fri, sat, sun" :
		    "time is such as 08:15, 00:00 to 23:59");
	c->now_known = true;
	if (!day) {
		c->now.tm_hour = minutes / 60;
		c->now.tm_min = minutes % 60;
		return 0;
	}
	for (c->now.tm_wday = 0; bits > 1; bits = (uint8_t)(bits >> 1))
		c->now.tm_wday++;
	return 0;
}

static int
set_flag(bool *to, const char *s, struct rel_err *err)
{
	if (strcasecmp(s, "yes") != 0 && strcasecmp(s, "no") != 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "confidential is yes or no");
	*to = strcasecmp(s, "yes") == 0;
	return 0;
}

/* What is no condition. */
static int
set_other(struct rel_case_words *w, const char *name, const char *s,
    struct rel_err *err)
{
	const char **to = strcasecmp(name, "device-id") == 0 ?
	    &w->c.device_id : strcasecmp(name, "producer") == 0 ?
	    &w->c.application[1] : NULL;

	if (to != NULL) {
		*to = keep(w, s, strlen(s), err);
		return *to != NULL ? 0 : -REL_E_LIMIT;
	}
	if (strcasecmp(name, "answered") == 0) {
		w->c.done = w->lists[3];
		return set_list(w, w->lists[3], &w->c.ndone, s, err);
	}
	return rel_err_set(err, REL_E_NOTFOUND, "a job has no value of the "
	    "name \"%.60s\"; release-rules(5) lists them", name);
}

int
rel_case_words_set(struct rel_case_words *w, const char *name,
    const char *value, struct rel_err *err)
{
	const struct rule_value *v = rule_value_find(name, strlen(name));

	if (!rel_utf8_ok(value, strlen(value)))
		return rel_err_set(err, REL_E_FORMAT,
		    "this value is not UTF-8 text");
	if (v == NULL)
		return set_other(w, name, value, err);
	switch (v->op) {
	case RULE_NUM: return set_number(&w->c, v->what, value, err);
	case RULE_TEXT:
		return set_text(w, (enum rule_text)v->what, value, err);
	case RULE_SIDES: return set_sides(&w->c, value, err);
	case RULE_TIME: return set_time(&w->c, v->what == 1, value, err);
	default: return set_flag(&w->c.confidential, value, err);
	}
}
