/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Groups of devices: names that stand with devices.  One is there as long as a
 * device is in it, or a function or a card format is for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "lib/names.h"
#include "lib/price.h"
#include "lib/rule.h"
#include "releaserd/core/access.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/book.h"
#include "releaserd/core/card.h"
#include "releaserd/core/policy.h"
#include "releaserd/core/prices.h"
#include "releaserd/core/store_access.h"
#include "releaserd/core/store_card.h"

#define DEVICES_MOST 200u	/* in one call, and read at once */

/* ---- all of them */

/* Counted by their names without case, shown as they were written first. */
static void
groups_row(const char *groups, int64_t n, void *ctx)
{
	json_t *seen = ctx;

	for (const char *p = groups; *p != '\0';) {
		size_t len = strcspn(p, ",");
		char name[130], key[130] = "";
		json_t *o;

		snprintf(name, sizeof name, "%.*s", (int)(len < 128 ? len :
		    128), p);
		rel_fold(key, name, strlen(name));
		if ((o = json_object_get(seen, key)) == NULL)
			json_object_set_new(seen, key, json_pack("{s:s,s:I}",
			    "name", name, "devices", (json_int_t)n));
		else
			json_object_set_new(o, "devices", json_integer(
			    json_integer_value(json_object_get(o,
			    "devices")) + n));
		p += len + (p[len] == ',');
	}
}

static void
device_groups(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	json_t *seen, *rows, *o;
	const char *key;
	int rc;

	(void)rq;
	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	seen = json_object();
	rows = json_array();
	if ((rc = store_device_groups(c->st, groups_row, seen)) < 0) {
		json_decref(rows);
		reply_broken(c, a, rc);
	} else {
		json_object_foreach(seen, key, o)
			json_array_append(rows, o);
		api_answer_list(c, a, "groups", rows, NULL);
	}
	json_decref(seen);
}

void
api_device_groups(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, device_groups);
}

/* ---- one */

struct group {
	char written[REL_PRICE_NAME_MAX];	/* by who asks */
	char name[REL_PRICE_NAME_MAX];	/* as devices have it, if any */
	char key[REL_PRICE_NAME_MAX];	/* folded */
	int64_t devices;
	int functions, formats;		/* entries that are for it */
};

/* How it is written first, and how many are in it. */
static void
group_row(const char *groups, int64_t n, void *ctx)
{
	struct group *g = ctx;
	const char *names[REL_PRICE_GROUPS_MAX];
	char text[512];
	size_t count;

	snprintf(text, sizeof text, "%s", groups);
	count = rel_names_split(text, names, REL_PRICE_GROUPS_MAX);
	for (size_t i = 0; i < count; i++) {
		if (!device_in_group(names[i], g->key))
			continue;
		if (g->devices == 0)
			snprintf(g->name, sizeof g->name, "%s", names[i]);
		g->devices += n;
		return;
	}
}

/* A name as somebody wrote it, and all there is of it; 0, or answered. */
static int
group_look(struct core *c, struct asker *a, const char *text, struct group *g)
{
	static const struct rel_names_max one = { 1, REL_PRICE_NAME_MAX };
	const struct access_table *t = access_table(c);
	const struct card_rule *r;
	char of[CARD_RULE_OF];
	struct rel_err err;
	int rc;

	memset(g, 0, sizeof *g);
	if (rel_names_tidy(g->written, sizeof g->written, text, &one,
	    &err) < 0 || g->written[0] == '\0' || strchr(text, ',') != NULL) {
		reply_field(c, a, "bad-request", "name", "the name of a group "
		    "is 1 to 127 bytes without a comma");
		return -1;
	}
	memcpy(g->name, g->written, sizeof g->name);
	rel_fold(g->key, g->name, strlen(g->name));
	if ((rc = store_device_groups(c->st, group_row, g)) < 0) {
		reply_broken(c, a, rc);
		return -1;
	}
	for (size_t i = 0; i < t->n; i++)
		g->functions += t->all[i].row.place == PLACE_DEVICE_GROUP &&
		    strcmp(t->all[i].row.at, g->key) == 0;
	card_rule_key(of, NULL, g->key);
	for (size_t i = 0; (r = card_rule_at(c, i)) != NULL; i++)
		g->formats += strcmp(r->of, of) == 0;
	return 0;
}

static bool
group_there(const struct group *g)
{
	return g->devices > 0 || g->functions > 0 || g->formats > 0;
}

/* The lines of the price list that name it. */
static json_t *
price_lines(struct core *c, const char *name)
{
	const struct rel_prices *p = prices_book(c)->now;
	json_t *lines = json_array();
	const char *s;
	unsigned line;
	bool is_group;

	for (size_t i = 0; p != NULL &&
	    (s = rel_prices_section(p, i, &is_group, &line)) != NULL; i++)
		if (is_group && device_in_group(s, name))
			json_array_append_new(lines, json_integer(line));
	return lines;
}

/* Those of the rules. */
static json_t *
rule_lines(struct core *c, const char *name)
{
	const struct rel_rules *r = policy_book(c)->now;
	json_t *lines = json_array();
	const char *s, *kind;
	unsigned line;

	for (size_t i = 0; r != NULL &&
	    (s = rel_rules_name(r, i, &kind, &line)) != NULL; i++)
		if (strcmp(kind, "device-group") == 0 &&
		    device_in_group(s, name))
			json_array_append_new(lines, json_integer(line));
	return lines;
}

static json_t *
group_json(struct core *c, const struct group *g)
{
	return json_pack("{s:s,s:I,s:i,s:i,s:o,s:o}", "name", g->name,
	    "devices", (json_int_t)g->devices, "functions", g->functions,
	    "card_formats", g->formats, "prices", price_lines(c, g->name),
	    "rules", rule_lines(c, g->name));
}

static void
device_group_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct group g;

	if (api_need(c, a, who, WHO_HELPDESK) == 0 &&
	    group_look(c, a, req_str(rq, F_ID), &g) == 0)
		reply_json(c, a, 200, group_json(c, &g));
}

void
api_device_group_get(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, device_group_get);
}

/* ---- devices, and the groups they will be in */

struct grouped {
	char id[40], name[65];
	char groups[512];
};

struct change {
	struct group group;
	const char *with;		/* into this; "": out of the group */
	bool append;			/* who is not in it gets it, too */
	struct grouped *all;		/* DEVICES_MOST */
	size_t n;
	struct rel_err err;
};

static void
put_name(struct rel_buf *list, const char *name)
{
	rel_put_fmt(list, "%s%s", list->len > 0 ? "," : "", name);
}

/* 1 and the groups it has then, 0: nothing changes, -1: too many, or no
 * memory. */
static int
groups_change(struct change *ch, const char *groups, char out[512])
{
	static const struct rel_names_max lim = {
		REL_PRICE_GROUPS_MAX, REL_PRICE_NAME_MAX
	};
	const char *names[REL_PRICE_GROUPS_MAX];
	char text[512];
	struct rel_buf list;
	bool in = false;
	size_t count;
	int rc = -1;

	rel_buf_init(&list);
	snprintf(text, sizeof text, "%s", groups);
	count = rel_names_split(text, names, REL_PRICE_GROUPS_MAX);
	for (size_t i = 0; i < count; i++) {
		bool it = device_in_group(names[i], ch->group.key);

		in = in || it;
		put_name(&list, it ? ch->with : names[i]);
	}
	if (!in && ch->append)
		put_name(&list, ch->with);
	rel_put_u8(&list, 0);
	if (list.failed)
		rel_err_set(&ch->err, REL_E_NOMEM, "no memory");
	else if (rel_names_tidy(out, 512, (char *)list.data, &lim,
	    &ch->err) == 0)
		rc = strcmp(out, groups) != 0;
	rel_buf_fini(&list);
	return rc;
}

/* One more whose groups change; 0, or it has been answered. */
static int
change_take(struct core *c, struct asker *a, struct change *ch,
    const struct device *d)
{
	struct grouped *g = &ch->all[ch->n];
	int rc = groups_change(ch, d->groups, g->groups);

	if (rc < 0) {
		reply_problem(c, a, "bad-request", 0, "%s: %s", d->name,
		    ch->err.text);
		return -1;
	}
	memcpy(g->id, d->id, sizeof g->id);
	memcpy(g->name, d->name, sizeof g->name);
	ch->n += (size_t)rc;
	return 0;
}

/* Those taken are written; 0, or the turn is spoilt. */
static int
change_write(struct core *c, struct change *ch)
{
	int rc = 0;

	for (size_t i = 0; i < ch->n && rc == 0; i++) {
		rc = store_device_groups_set(c->st, ch->all[i].id,
		    ch->all[i].groups);
		devices_changed(c, ch->all[i].id);
	}
	ch->n = 0;
	return rc;
}

/* ---- put devices in, take them out */

/* The devices of the request; 0, or it has been answered. */
static int
devices_take(struct core *c, const struct request *rq, struct asker *a,
    struct change *ch)
{
	char *text = strdup(req_str(rq, F_DEVICES));
	const char *names[DEVICES_MOST + 1];
	struct device d;
	size_t n;
	int rc = 0;

	if (text == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return -1;
	}
	n = rel_names_split(text, names, DEVICES_MOST + 1);
	if (n == 0 || n > DEVICES_MOST) {
		reply_field(c, a, "bad-request", "devices",
		    "name 1 to 200 devices");
		rc = -1;
	}
	for (size_t i = 0; i < n && rc == 0; i++)
		if ((rc = device_find(c, a, names[i], &d)) == 0)
			rc = change_take(c, a, ch, &d);
	free(text);
	return rc;
}

static void
change_answer(struct core *c, struct asker *a, const struct caller *who,
    struct change *ch, const char *detail)
{
	struct rel_err err;
	struct group g;
	int rc;

	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = change_write(c, ch)) < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	lists_forget_all(c);		/* what jobs cost there */
	api_audit(c, who, "device-group-changed", detail);
	if (group_look(c, a, ch->group.name, &g) == 0)
		reply_json(c, a, 200, group_json(c, &g));
}

static void
device_group_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *op = req_str(rq, F_OP);
	bool add = strcmp(op, "add") == 0;
	struct change ch = { .append = add };
	char detail[200];

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    group_look(c, a, req_str(rq, F_ID), &ch.group) < 0)
		return;
	if (!add && strcmp(op, "remove") != 0) {
		reply_field(c, a, "bad-request", "op",
		    "op must be add or remove");
		return;
	}
	if ((ch.all = calloc(DEVICES_MOST, sizeof *ch.all)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	ch.with = add ? ch.group.name : "";
	if (devices_take(c, rq, a, &ch) == 0) {
		snprintf(detail, sizeof detail, "%s: %zu %s", ch.group.name,
		    ch.n, add ? "more" : "less");
		change_answer(c, a, who, &ch, detail);
	}
	free(ch.all);
}

void
api_device_group_set(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, device_group_set);
}

/* ---- another name */

static void
rename_row(const char *groups, int64_t n, void *ctx)
{
	(void)n;
	json_array_append_new(ctx, json_string(groups));
}

/* The groups devices have, each kind of them once. */
static int
rename_write(struct core *c, struct change *ch, const char *key)
{
	json_t *kinds = json_array(), *one;
	char of[CARD_RULE_OF], of_new[CARD_RULE_OF], groups[512];
	int rc = store_device_groups(c->st, rename_row, kinds);
	size_t i;

	json_array_foreach(kinds, i, one) {
		const char *is = json_string_value(one);

		if (rc == 0 && (rc = groups_change(ch, is, groups)) == 1)
			rc = store_device_groups_moved(c->st, is, groups);
	}
	json_decref(kinds);
	if (rc < 0 || strcmp(ch->group.key, key) == 0)
		return rc;
	card_rule_key(of, NULL, ch->group.key);
	card_rule_key(of_new, NULL, key);
	if ((rc = store_access_group_moved(c->st, ch->group.key, key)) == 0)
		rc = store_card_rule_moved(c->st, of, of_new);
	return rc;
}

/* May it have this name?  0, or it has been answered. */
static int
rename_may(struct core *c, struct asker *a, const struct group *from,
    const struct group *to)
{
	if (!group_there(from)) {
		reply_problem(c, a, "not-found", 0, "there is no group of "
		    "devices \"%s\"", from->name);
		return -1;
	}
	/* Two that become one would get each other's functions and prices. */
	if (strcmp(from->key, to->key) != 0 && group_there(to)) {
		reply_field(c, a, "in-use", "name", "there is a group of "
		    "devices of this name already");
		return -1;
	}
	return 0;
}

static void
rename_done(struct core *c, struct asker *a, const struct caller *who,
    const struct group *from, const char *name)
{
	char detail[300];
	struct group g;
	json_t *o;

	devices_flush_seen(c);
	devices_forget_all(c);
	cards_changed(c);
	lists_forget_all(c);		/* what jobs cost there */
	snprintf(detail, sizeof detail, "%s is %s", from->name, name);
	api_audit(c, who, "device-group-renamed", detail);
	if (group_look(c, a, name, &g) < 0)
		return;
	o = group_json(c, &g);
	json_object_set_new(o, "left", json_pack("{s:o,s:o}", "prices",
	    strcmp(from->key, g.key) == 0 ? json_array() :
	    price_lines(c, from->key), "rules", strcmp(from->key, g.key) ==
	    0 ? json_array() : rule_lines(c, from->key)));
	reply_json(c, a, 200, o);
}

static void
device_group_rename(struct core *c, const struct request *rq,
    struct asker *a, const struct caller *who)
{
	struct change ch = { .append = false };
	struct rel_err err;
	struct group to;
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    group_look(c, a, req_str(rq, F_NAME), &to) < 0 ||
	    group_look(c, a, req_str(rq, F_ID), &ch.group) < 0 ||
	    rename_may(c, a, &ch.group, &to) < 0)
		return;
	ch.with = to.written;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = rename_write(c, &ch, to.key)) < 0) {
		core_spoil(c, rc);
		if (ch.err.text[0] != '\0')
			reply_field(c, a, "bad-request", "name", ch.err.text);
		else
			reply_broken(c, a, rc);
		return;
	}
	rename_done(c, a, who, &ch.group, to.written);
}

void
api_device_group_rename(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, device_group_rename);
}
