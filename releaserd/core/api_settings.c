/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The settings of releaserd.conf in the local API, out of their one table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/admin.h"
#include "releaserd/core/backup.h"

#define AUDIT_TEXT 400

static json_t *
value_json(const struct rel_conf_item *it, const void *values)
{
	char text[REL_CONF_TEXT_MAX];

	rel_conf_text(it, values, text);
	return json_string(text);
}

static json_t *
choices_json(const char *choices)
{
	json_t *all = json_array();

	while (choices != NULL && *choices != '\0') {
		size_t n = strcspn(choices, "|");

		json_array_append_new(all, json_stringn(choices, n));
		choices += n + (choices[n] == '|');
	}
	return all;
}

static json_t *
bound_json(const struct rel_conf_item *it, int64_t v)
{
	char text[32];

	if (it->type == REL_CONF_BOOL || it->choices != NULL ||
	    v == INT64_MAX)
		return json_null();
	rel_conf_bound(it, v, text);
	return json_string(text);
}

static json_t *
item_json(size_t i, const struct settings *file, const struct settings *run,
    const struct settings *plain)
{
	static const struct {
		const char *kind, *unit;
	} kinds[] = {
		[REL_CONF_INT] = { "number", NULL },
		[REL_CONF_BOOL] = { "yes-no", NULL },
		[REL_CONF_TIME] = { "time", "s, m, h, d or w" },
		[REL_CONF_SIZE] = { "size", "bytes, k, m, g or t" },
		[REL_CONF_TEXT] = { "text", "bytes" },
		[REL_CONF_CHOICE] = { "choice", NULL }
	};
	const struct rel_conf_item *it = &settings_table.items[i];
	enum settings_effect effect = settings_effect(i);
	bool words = it->type == REL_CONF_TEXT && it->choices != NULL;

	return json_pack("{s:s,s:o,s:o,s:s,s:o,s:o,s:b,s:s?,s:o,s:s,s:b,s:b,"
	    "s:b,s:s,s:o}", "name", it->name, "value", value_json(it, file),
	    "default", value_json(it, plain), "kind", words ? "words" :
	    kinds[it->type].kind,
	    "min", bound_json(it, it->min), "max", bound_json(it, it->max),
	    "zero_is_off", it->zero_off, "unit", words ? NULL : kinds[it->type].unit,
	    "choices", choices_json(it->choices), "help", it->help,
	    "changed", !rel_conf_same(it, file, plain),
	    "by_hand", settings_by_hand(i),
	    "needs_restart", effect == EFFECT_START,
	    "effect", settings_effect_word(effect),
	    "in_force", rel_conf_same(it, file, run) ? json_null() :
	    value_json(it, run));
}

static void
change_add(json_t *list, size_t i, const void *from, const void *to)
{
	const struct rel_conf_item *it = &settings_table.items[i];

	json_array_append_new(list, json_pack("{s:s,s:o,s:o,s:s}", "name",
	    it->name, "from", value_json(it, from), "to", value_json(it, to),
	    "effect", settings_effect_word(settings_effect(i))));
}

/*
 * What the text `now` changes against `was`, and against what is in force:
 * lines edited by hand and not read yet take effect with the next change.
 */
static json_t *
changes_json(const struct settings *was, const struct settings *now,
    const struct settings *run)
{
	json_t *list = json_array();

	for (size_t i = 0; i < settings_table.n; i++) {
		const struct rel_conf_item *it = &settings_table.items[i];
		bool waits = settings_effect(i) == EFFECT_START;

		if (!rel_conf_same(it, was, now))
			change_add(list, i, was, now);
		else if (!waits && !rel_conf_same(it, run, now))
			change_add(list, i, run, now);
	}
	return list;
}

static void
audit_who(const struct audit *row, void *ctx)
{
	snprintf(ctx, 84, "%.83s", row->who);
}

static json_t *
undo_json(struct core *c, const struct admin_said *said,
    const struct settings *file)
{
	struct settings old;
	struct rel_err err;
	struct audit_filter last = { .what = "settings-changed", .limit = 1 };
	char by[84] = "";

	if (said->undo_ms == 0 || settings_parse(&old, said->undo,
	    said->undo_len, "releaserd.conf.undo", &err) < 0)
		return json_null();
	(void)store_audit_list(c->st, &last, audit_who, by);
	return json_pack("{s:o,s:s?,s:o}", "at", json_time(said->undo_ms),
	    "by", by[0] != '\0' ? by : NULL, "changes",
	    changes_json(file, &old, file));
}

static void
on_refresh(struct core *c, const struct admin_said *said, void *ctx)
{
	struct settings file;
	struct rel_err err;
	size_t at = 0, size = sizeof c->settings_wait;

	(void)ctx;
	if (said == NULL || said->outcome != ADMIN_DONE ||
	    settings_parse(&file, said->now, said->now_len, "", &err) < 0)
		return;
	c->settings_wait[0] = '\0';
	for (size_t i = 0; i < settings_table.n; i++)
		if (settings_effect(i) == EFFECT_START && at < size &&
		    !rel_conf_same(&settings_table.items[i], &file,
		    &c->role->set))
			at += (size_t)snprintf(c->settings_wait + at,
			    size - at, "%s%s", at > 0 ? ", " : "",
			    settings_table.items[i].name);
}

void
settings_refresh(struct core *c)
{
	(void)super_ask(c, IPC_CONF_GET, NULL, on_refresh, NULL);
}

/* ---- GET /settings */

static void
on_settings(struct core *c, const struct admin_said *said, void *ctx)
{
	struct admin_call *k = ctx;
	struct settings file, plain;
	json_t *rows = json_array();
	struct rel_err err = { 0, "try again" };

	settings_defaults(&plain);
	if (said == NULL || said->outcome != ADMIN_DONE ||
	    settings_parse(&file, said->now, said->now_len, said->path,
	    &err) < 0) {
		reply_problem(c, &k->a, "backend-unavailable", 5,
		    "the settings cannot be read: %s", said != NULL &&
		    said->why[0] != '\0' ? said->why : err.text);
		json_decref(rows);
		admin_call_free(k);
		return;
	}
	for (size_t i = 0; i < settings_table.n; i++)
		if (!k->who.backup || backup_setting(i))
			json_array_append_new(rows, item_json(i, &file,
			    &c->role->set, &plain));
	reply_json(c, &k->a, 200, json_pack("{s:o,s:s,s:o}", "settings",
	    rows, "path", said->path, "undo", k->who.backup ? json_null() :
	    undo_json(c, said, &file)));
	admin_call_free(k);
}

static void
settings_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	(void)rq;
	admin_look(c, a, who, IPC_CONF_GET, on_settings);
}

void
api_settings(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, settings_get);
}

/* ---- POST /settings */

/* "yes", 5, true and null are all words of the file here. */
static bool
change_text(char out[REL_CONF_TEXT_MAX], const json_t *v)
{
	if (json_is_integer(v))
		snprintf(out, REL_CONF_TEXT_MAX, "%lld",
		    (long long)json_integer_value(v));
	else if (json_is_boolean(v))
		snprintf(out, REL_CONF_TEXT_MAX, "%s",
		    json_is_true(v) ? "yes" : "no");
	else if (json_is_string(v) &&
	    json_string_length(v) < REL_CONF_TEXT_MAX &&
	    strlen(json_string_value(v)) == json_string_length(v))
		snprintf(out, REL_CONF_TEXT_MAX, "%s", json_string_value(v));
	else
		return false;
	return true;
}

/* One member of "changes"; 0, or words in err. */
static int
change_read(struct admin_conf *m, const char *name, const json_t *v,
    const struct settings *run, struct rel_err *err)
{
	struct settings try = *run;
	struct admin_change *ch;
	int item = settings_find(name);

	if (item < 0)
		return rel_err_set(err, REL_E_NOTFOUND,
		    "there is no setting \"%.60s\"", name);
	if (m->n == ADMIN_CHANGES_MAX)
		return rel_err_set(err, REL_E_LIMIT,
		    "at most %u settings at a time", ADMIN_CHANGES_MAX);
	ch = &m->ch[m->n++];
	ch->item = (uint16_t)item;
	ch->reset = json_is_null(v);
	if (settings_by_hand((size_t)item))
		return rel_err_set(err, REL_E_DENIED, "%s is changed in the "
		    "file only, by root: it holds the barriers of releaserd",
		    settings_table.items[item].name);
	if (ch->reset)
		return 0;
	if (!change_text(ch->value, v))
		return rel_err_set(err, REL_E_FORMAT, "%s: the value must be "
		    "a text of at most %d bytes, or null for the default",
		    settings_table.items[item].name, REL_CONF_TEXT_MAX - 1);
	return rel_conf_set(&settings_table.items[item], &try, ch->value,
	    err);
}

/* The backup password opens settings of security only. */
static int
change_closed(const struct admin_call *k, const char *name,
    struct rel_err *err)
{
	int item = settings_find(name);

	if (!k->who.backup || (item >= 0 && backup_setting((size_t)item)))
		return 0;
	return rel_err_set(err, REL_E_DENIED, "%.60s is not a setting that "
	    "the backup password opens", name);
}

/* The body into k->body; false: answered. */
static bool
changes_read(struct core *c, const struct request *rq, struct admin_call *k)
{
	const char *text = req_str(rq, F_CHANGES), *name;
	json_t *all = text != NULL ? json_loads(text, 0, NULL) : NULL, *v;
	static struct admin_conf m;
	struct rel_err err = { 0, "" };
	bool ok = json_is_object(all) && json_object_size(all) > 0;

	memset(&m, 0, sizeof m);
	m.dry_run = k->dry_run;
	if (!ok)
		reply_field(c, &k->a, "bad-request", "changes",
		    "changes is an object of at least one setting: "
		    "{\"Name\": \"value\", \"Other\": null}");
	json_object_foreach(all, name, v)
		if (ok && (change_closed(k, name, &err) < 0 ||
		    change_read(&m, name, v, &c->role->set, &err) < 0)) {
			reply_field(c, &k->a, "setting-invalid", name,
			    err.text);
			ok = false;
		}
	json_decref(all);
	if (ok)
		admin_conf_put(&k->body, &m);
	return ok;
}

/* "JobExpiry 1d -> 2d, HttpsPort 443 -> 0" */
static void
changes_words(char out[AUDIT_TEXT], const json_t *list)
{
	const json_t *one;
	size_t i, at = 0;

	out[0] = '\0';
	json_array_foreach(list, i, one)
		if (at < AUDIT_TEXT)
			at += (size_t)snprintf(out + at, AUDIT_TEXT - at,
			    "%s%s \"%s\" -> \"%s\"", at > 0 ? ", " : "",
			    json_string_value(json_object_get(one, "name")),
			    json_string_value(json_object_get(one, "from")),
			    json_string_value(json_object_get(one, "to")));
	out[rel_utf8_cut(out, AUDIT_TEXT - 1)] = '\0';
}

static json_t *
said_changes(const struct core *c, const struct admin_said *said)
{
	struct settings was, now;
	struct rel_err err;

	if (settings_parse(&was, said->was, said->was_len, "", &err) < 0 ||
	    settings_parse(&now, said->now, said->now_len, "", &err) < 0)
		return NULL;
	return changes_json(&was, &now, &c->role->set);
}

static void
on_set(struct core *c, const struct admin_said *said, void *ctx)
{
	struct admin_call *k = ctx;

	/* What changed was said before; now it is in force already. */
	if (said == NULL || said->outcome != ADMIN_DONE)
		admin_refused(c, k, "settings-refused", said,
		    k->type == IPC_CONF_UNDO ? "nothing-to-undo" :
		    "setting-invalid");
	else
		reply_json(c, &k->a, 200, json_pack("{s:o,s:b}",
		    "would_change", json_incref(k->changes), "applied", 1));
	admin_call_free(k);
}

/* The preview is there: that is the answer, or it goes on from here. */
static void
on_preview(struct core *c, const struct admin_said *said, void *ctx)
{
	struct admin_call *k = ctx;
	char words[AUDIT_TEXT];

	if (said == NULL || said->outcome != ADMIN_DONE ||
	    (k->changes = said_changes(c, said)) == NULL) {
		k->dry_run = true;
		admin_refused(c, k, "", said, "setting-invalid");
		admin_call_free(k);
		return;
	}
	if (k->dry_run) {
		reply_json(c, &k->a, 200, json_pack("{s:o,s:b}",
		    "would_change", json_incref(k->changes), "applied", 0));
		admin_call_free(k);
		return;
	}
	changes_words(words, k->changes);
	k->body.data[0] = 0;			/* not dry_run this time */
	admin_order(c, k, "settings-changed", words, on_set);
}

static void
settings_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct admin_call *k;
	bool dry = req_num(rq, F_DRY_RUN, 0) != 0;

	if (api_admin(c, a, who) < 0)
		return;
	if ((k = admin_call_new(a, who, IPC_CONF_SET)) == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	/* Always looked at first: bad values leave no trace. */
	k->dry_run = true;
	if (!changes_read(c, rq, k)) {
		admin_call_free(k);
		return;
	}
	k->dry_run = dry;
	if (super_ask(c, IPC_CONF_SET, &k->body, on_preview, k) == 0)
		return;
	reply_problem(c, a, "backend-unavailable", 2, "try again");
	admin_call_free(k);
}

void
api_settings_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, settings_set);
}

/* ---- POST /settings/undo */

/* What is there to undo: that is written down with the order. */
static void
on_undo_look(struct core *c, const struct admin_said *said, void *ctx)
{
	struct admin_call *k = ctx;
	struct settings file, old;
	struct rel_err err;
	char words[AUDIT_TEXT];

	if (said == NULL || said->outcome != ADMIN_DONE ||
	    said->undo_ms == 0 || settings_parse(&file, said->now,
	    said->now_len, "", &err) < 0 || settings_parse(&old, said->undo,
	    said->undo_len, "", &err) < 0) {
		if (said == NULL || said->outcome == ADMIN_LATER)
			admin_refused(c, k, "", said, "nothing-to-undo");
		else
			reply_problem(c, &k->a, "nothing-to-undo", 0,
			    "there is no change to undo: none was made, or "
			    "the file was changed by hand since");
		admin_call_free(k);
		return;
	}
	k->changes = changes_json(&file, &old, &c->role->set);
	changes_words(words, k->changes);
	k->type = IPC_CONF_UNDO;
	admin_order(c, k, "settings-undone", words, on_set);
}

static void
settings_undo(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	(void)rq;
	admin_look(c, a, who, IPC_CONF_GET, on_undo_look);
}

void
api_settings_undo(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, settings_undo);
}
