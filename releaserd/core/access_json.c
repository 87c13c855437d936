/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What devices and people are told of the table of functions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "releaserd/core/access_priv.h"

/* ---- a session */

struct telling {
	struct core *c;
	const struct device *d;
	const struct session *s;	/* NULL: nobody is logged in */
};

static bool
open_now(const struct telling *t, enum function f)
{
	return access_may(t->c, t->d, t->s, f, NULL) == ACCESS_OPEN;
}

bool
access_device_does(const struct device *d, const char *feature)
{
	char quoted[32];

	snprintf(quoted, sizeof quoted, "\"%s\"", feature);
	return strstr(d->features, quoted) != NULL;
}

static const char *
color_word(const struct telling *t, enum function f)
{
	return open_now(t, f) ? "any" : "mono";
}

/* The last word of what drives a function, of all that are open and drive a
 * member of this list: "scan.to my-email". */
static json_t *
open_words(const struct telling *t, const char *list)
{
	json_t *all = json_array();
	size_t n = strlen(list);

	for (int f = 0; f < FN_COUNT; f++) {
		const char *drives = functions_table[f].drives;

		if (strncmp(drives, list, n) == 0 && drives[n] == ' ' &&
		    open_now(t, (enum function)f))
			json_array_append_new(all, json_string(drives + n +
			    1));
	}
	return all;
}

static json_t *
scan_json(const struct telling *t)
{
	return json_pack("{s:b,s:s,s:o}", "allow", access_device_does(t->d, "scan") &&
	    open_now(t, FN_SCAN), "color", color_word(t, FN_SCAN_COLOR), "to",
	    open_words(t, "scan.to"));
}

static json_t *
usb_json(const struct telling *t)
{
	bool has = access_device_does(t->d, "usb");
	bool from = has && open_now(t, FN_USB_PRINT);
	bool to = has && open_now(t, FN_SCAN) && open_now(t, FN_SCAN_USB);

	return json_pack("{s:b,s:b,s:b}", "allow", from || to, "print_from",
	    from, "scan_to", to);
}

static json_t *
settings_json(const struct telling *t)
{
	json_t *menus = open_words(t, "settings.menus");

	return json_pack("{s:b,s:o}", "allow", access_device_does(t->d,
	    "settings") && json_array_size(menus) > 0, "menus", menus);
}

static json_t *
functions_json(const struct telling *t)
{
	const struct device *d = t->d;

	return json_pack("{s:{s:b,s:s},s:{s:b,s:s},s:o,s:{s:b,s:b},s:o,"
	    "s:{s:b,s:b},s:{s:b,s:b},s:o}", "print", "allow", open_now(t,
	    FN_PRINT), "color", color_word(t, FN_PRINT_COLOR), "copy",
	    "allow", access_device_does(d, "copy") && open_now(t, FN_COPY),
	    "color", color_word(t, FN_COPY_COLOR), "scan", scan_json(t),
	    "fax", "allow", access_device_does(d, "fax") && open_now(t, FN_FAX),
	    "receive", access_device_does(d, "fax") && open_now(t, FN_FAX_IN),
	    "usb", usb_json(t), "storage", "allow", access_device_does(d,
	    "storage") && open_now(t, FN_STORAGE), "held_jobs",
	    access_device_does(d, "storage") && open_now(t, FN_DEVICE_JOBS),
	    "address_book", "allow", open_now(t, FN_BOOK), "edit",
	    open_now(t, FN_BOOK_EDIT), "settings", settings_json(t));
}

json_t *
access_session(struct core *c, const struct session *s)
{
	const struct telling t = { c, device_at(c, s->device_id), s };

	if (t.d == NULL)
		return NULL;
	return json_pack("{s:o,s:{s:b,s:b,s:i}}", "functions",
	    functions_json(&t), "rules", "force_mono", 0, "force_duplex",
	    !open_now(&t, FN_PRINT_ONE_SIDED), "max_copies", 999);
}

/* ---- a device while nobody is logged in */

/* A locked panel does nothing for anybody. */
static bool
allows(const struct telling *t, enum function f)
{
	return t->d->locked_ms == 0 && open_now(t, f);
}

static const char *
allow_word(const struct telling *t, enum function f)
{
	return allows(t, f) ? "allow" : "deny";
}

static json_t *
unauthenticated_json(const struct telling *t)
{
	bool usb = allows(t, FN_USB_PRINT) && allows(t, FN_SCAN_USB);

	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "print",
	    t->d->locked_ms != 0 && open_now(t, FN_PRINT_DIRECT) ? "hold" :
	    allow_word(t, FN_PRINT_DIRECT), "copy", allow_word(t, FN_COPY),
	    "scan", allow_word(t, FN_SCAN), "fax", allow_word(t, FN_FAX),
	    "usb", usb ? "allow" : "deny", "usb_print_from", allow_word(t,
	    FN_USB_PRINT), "usb_scan_to", allow_word(t, FN_SCAN_USB),
	    "storage", allow_word(t, FN_STORAGE));
}

/* The addresses of PrintFrom. */
static json_t *
print_from(const struct core *c)
{
	char all[REL_CONF_TEXT_MAX], *save = NULL;
	json_t *list = json_array();

	snprintf(all, sizeof all, "%s", c->role->set.print_from);
	for (char *w = strtok_r(all, " ,", &save); w != NULL;
	    w = strtok_r(NULL, " ,", &save))
		json_array_append_new(list, json_string(w));
	return list;
}

/* So that it differs when anything does; also after a restart. */
static int64_t
rev_of(const json_t *o)
{
	char *text = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);
	uint8_t md[32] = { 0 };

	if (text != NULL)
		keys_sha256(md, text, strlen(text));
	free(text);
	return 1 + ((int64_t)md[0] << 22 | (int64_t)md[1] << 14 |
	    (int64_t)md[2] << 6 | md[3] >> 2);
}

json_t *
access_restrictions(struct core *c, const struct device *d, int64_t *rev)
{
	const struct telling t = { c, d, NULL };
	json_t *o = json_pack("{s:b,s:o,s:o,s:{s:b,s:b,s:i},s:s,s:i,s:s}",
	    "panel_lock", d->locked_ms != 0, "unauthenticated", unauthenticated_json(&t),
	    "print_from", print_from(c), "rules", "force_mono",
	    !open_now(&t, FN_COPY_COLOR), "force_duplex", 0, "max_copies",
	    999, "on_server_loss", "deny", "offline_grace_s", 0,
	    "usage_log_full", "block");

	*rev = o != NULL ? rev_of(o) : 0;
	json_object_set_new(o, "rev", json_integer(*rev));
	return o;
}

/* ---- an entry, for people */

#define USES_TOLD 50u

void
access_words(struct core *c, const struct access_row *r, char *out,
    size_t size)
{
	static const char *const who[] = { [ACCESS_GROUP] = " for the group ",
	    [ACCESS_USER] = " for ", [ACCESS_NOBODY] =
	    " while nobody is logged in" };
	char name[65] = "";

	if (r->place == PLACE_DEVICE)
		(void)store_device_name(c->st, r->at, name);
	snprintf(out, size, "%s %s%.64s%s%.83s", r->function, r->place ==
	    PLACE_ALL ? "everywhere" : r->place == PLACE_DEVICE ? "at " :
	    "at devices of ", name[0] != '\0' ? name : r->at, r->who ==
	    ACCESS_EVERYBODY ? "" : who[r->who], r->person);
}

static const char *
say_word(enum access_say say)
{
	return say == SAY_OPEN ? "open" : say == SAY_DISABLED ? "disabled" :
	    "template";
}

static json_t *
place_json(struct core *c, const struct access_row *r, json_t *o)
{
	char name[65] = "";

	if (r->place == PLACE_DEVICE_GROUP)
		json_object_set_new(o, "device_group", json_string(r->at));
	if (r->place != PLACE_DEVICE)
		return o;
	(void)store_device_name(c->st, r->at, name);
	json_object_set_new(o, "device", json_string(name[0] != '\0' ? name :
	    r->at));
	json_object_set_new(o, "device_id", json_string(r->at));
	return o;
}

static void
who_json(const struct access_row *r, json_t *o)
{
	static const char *const members[] = { [ACCESS_GROUP] = "group",
	    [ACCESS_USER] = "user" };

	json_object_set_new(o, "who", json_string(r->who == ACCESS_NOBODY ?
	    "nobody" : r->who == ACCESS_EVERYBODY ? "everybody" :
	    members[r->who]));
	if (r->who == ACCESS_GROUP || r->who == ACCESS_USER)
		json_object_set_new(o, members[r->who], json_string(
		    r->person));
}

json_t *
access_entry_json(struct core *c, const struct access_entry *e)
{
	const struct access_row *r = &e->row;
	const struct template *t;
	json_t *o = json_pack("{s:I,s:s,s:s,s:o,s:s}", "id",
	    (json_int_t)r->id, "function", r->function, "state",
	    say_word(r->say), "changed_at", json_time(r->changed_ms),
	    "changed_by", r->by);

	place_json(c, r, o);
	who_json(r, o);
	if (r->say == SAY_TEMPLATE) {
		t = template_of(c, r->template_id);
		json_object_set_new(o, "template", json_string(t != NULL ?
		    t->name : ""));
	}
	return o;
}

json_t *
access_uses(struct core *c, int64_t template_id)
{
	const struct access_table *t = access_table(c);
	json_t *all = json_array();
	char words[200];

	for (size_t i = 0; i < t->n && json_array_size(all) < USES_TOLD; i++) {
		const struct access_row *r = &t->all[i].row;

		if (r->say != SAY_TEMPLATE || r->template_id != template_id)
			continue;
		access_words(c, r, words, sizeof words);
		json_array_append_new(all, json_string(words));
	}
	return all;
}

json_t *
access_closed_pages(struct core *c, const struct caller *who)
{
	struct session *s = who->host || access_table(c)->n == 0 ? NULL :
	    access_caller_session(c, who);
	json_t *all = json_array();

	for (int f = 0; s != NULL && f < FN_COUNT; f++) {
		const char *page = functions_table[f].drives;

		if (strstr(page, ".cgi") != NULL && access_may(c, NULL, s,
		    (enum function)f, NULL) != ACCESS_OPEN)
			json_array_append_new(all, json_string(page));
	}
	access_session_free(s);
	return all;
}

/* ---- why */

#define TOLD_ENTRIES 200u

static const char *
why_not_about(const struct access_entry *e, const struct access_asker *a,
    enum function f)
{
	const struct access_row *r = &e->row;
	struct access_entry anyone = *e;

	anyone.row.place = PLACE_ALL;
	if (access_rank(&anyone, a, f) >= 0)
		return r->place == PLACE_DEVICE ? "it is about another device" :
		    "it is about a group this device is not in";
	switch (r->who) {
	case ACCESS_NOBODY:
		return "it holds while nobody is logged in";
	case ACCESS_EVERYBODY:
		return "it holds for people who are logged in";
	case ACCESS_GROUP:
		return "it is about a group this person is not in";
	default:
		return "it is about another person";
	}
}

static const char *
why_beaten(const struct access_entry *e, int rank,
    const struct access_entry *by, int best)
{
	if (rank / 16 != best / 16)
		return "another entry is nearer to the place";
	if (rank % 16 / 2 != best % 16 / 2)
		return "another entry is nearer to the person";
	if (rank != best)
		return "another entry names the function itself";
	if (e->row.say != by->row.say)
		return "another entry as near refuses more";
	return "another entry as near is older";
}

static void
explain_entry(struct core *c, const struct access_asker *a, enum function f,
    const struct access_entry *e, const struct access_entry *best, json_t *all)
{
	int rank = access_rank(e, a, f);
	json_t *o;

	if (e->ref.is_group ? (int)functions_table[f].group != e->ref.which :
	    (int)f != e->ref.which)
		return;
	o = access_entry_json(c, e);
	json_object_set_new(o, "decides", json_boolean(e == best));
	json_object_set_new(o, "why", json_string(e == best ?
	    "it is the nearest one" : rank < 0 ? why_not_about(e, a, f) :
	    why_beaten(e, rank, best, access_rank(best, a, f))));
	/* What decides comes first, then what might have. */
	if (e == best)
		json_array_insert_new(all, 0, o);
	else if (rank >= 0 && json_array_size(all) > 0)
		json_array_insert_new(all, 1, o);
	else
		json_array_append_new(all, o);
	if (json_array_size(all) > TOLD_ENTRIES)
		json_array_remove(all, TOLD_ENTRIES);
}

static const char *
state_word(enum access_state state)
{
	static const char *const words[] = { "open", "template", "hidden" };

	return words[state];
}

json_t *
access_explain(struct core *c, const struct device *d,
    const struct session *s, enum function f)
{
	const struct access_table *t = access_table(c);
	const struct access_entry *best;
	struct access_whole w;
	const struct template *tpl;
	struct access got;
	json_t *all = json_array(), *o;

	access_asker_fill(c, d, s, &w);
	best = access_set_of(c, d, s)->by[f];
	(void)access_decide(c, s, best, access_default(&w.a, f), &got);
	for (size_t i = 0; i < t->n; i++)
		explain_entry(c, &w.a, f, &t->all[i], best, all);
	tpl = got.template_id != 0 ? template_of(c, got.template_id) : NULL;
	o = json_pack("{s:s,s:s,s:s,s:s?,s:s,s:o}", "function",
	    functions_table[f].key, "words", functions_table[f].words, "state",
	    state_word(got.state), "template", tpl != NULL ? tpl->name : NULL,
	    "why", got.why[0] != '\0' ? got.why : best == NULL ?
	    "no entry is about it: it is open to whoever is logged in" :
	    "an entry opens it, or its template is satisfied", "entries",
	    all);
	access_asker_free(&w);
	return o;
}
