/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/device_words.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "cgi/cgi.h"
#include "cgi/usage.h"
#include "lib/reason.h"

#define WORDS_MAX 4u			/* a device complains at length */

struct words {
	struct rel_buf text;
	char level;			/* 'o', 'w', 'b' */
	unsigned n;
};

static void
worse(struct words *w, char level)
{
	if (level == 'b' || (level == 'w' && w->level == 'o'))
		w->level = level;
}

/* The same words twice say no more. */
static void
say(struct words *w, const char *text)
{
	rel_put_u8(&w->text, 0);
	if (w->text.failed)
		return;
	w->text.len--;
	if (w->n == WORDS_MAX || strstr((char *)w->text.data, text) != NULL)
		return;
	rel_put_fmt(&w->text, "%s%s", w->n++ > 0 ? ", " : "", text);
}

static void
reason_take(struct words *w, const char *s)
{
	struct rel_reason r;

	if (!rel_reason(&r, s))
		return;
	say(w, r.known ? tr(r.words) : r.words);
	worse(w, r.level == REL_REASON_ERROR ? 'b' :
	    r.level == REL_REASON_WARNING ? 'w' : 'o');
}

static bool
silent(const json_t *device)
{
	const char *is = json_string_value(json_object_get(device,
	    "condition"));
	time_t seen;

	if (is != NULL)
		return strcmp(is, "away") == 0;
	return usage_time(&seen, json_string_value(json_object_get(device,
	    "last_seen_at"))) && time(NULL) - seen > DEVICE_SILENT_S;
}

/* What it said of itself last. */
static void
status_take(struct words *w, const json_t *status)
{
	const char *state = json_string_value(json_object_get(status,
	    "state"));
	json_t *reason;
	size_t i;

	json_array_foreach(json_object_get(status, "reasons"), i, reason)
		if (json_is_string(reason))
			reason_take(w, json_string_value(reason));
	if (state == NULL)
		return;
	if (strcmp(state, "stopped") == 0)
		worse(w, 'b');
	if (w->n > 0)
		return;
	say(w, strcmp(state, "stopped") == 0 ? tr("stopped") :
	    strcmp(state, "processing") == 0 ? tr("printing") :
	    strcmp(state, "sleep") == 0 ? tr("asleep: wakes up by itself") :
	    strcmp(state, "offline") == 0 ? tr("offline") : tr("ready"));
	if (strcmp(state, "offline") == 0)
		worse(w, 'b');
}

void
device_words(json_t *device)
{
	const char *state = json_string_value(json_object_get(device,
	    "state"));
	struct words w = { .level = 'o' };
	const char *protocol = json_string_value(json_object_get(device,
	    "protocol"));
	const char *is = json_string_value(json_object_get(device,
	    "condition"));
	/* How it is asked is told to the help desk only. */
	bool asked = protocol != NULL ? protocol[0] != '\0' : is != NULL &&
	    strcmp(is, "unknown") != 0;
	bool waiting = state != NULL && strcmp(state, "waiting") == 0 &&
	    !asked;

	rel_buf_init(&w.text);
	if (waiting) {
		say(&w, tr("no panel: nobody knows its state"));
	} else if (silent(device)) {
		say(&w, tr("offline"));
		worse(&w, 'b');
		json_object_set(device, "since", json_object_get(device,
		    "last_seen_at"));
	} else if (asked && !json_is_object(json_object_get(device,
	    "status"))) {
		say(&w, tr("not heard of yet"));
	} else {
		status_take(&w, json_object_get(device, "status"));
	}
	if (w.n == 0)
		say(&w, tr("ready"));
	json_object_set_new(device, "words", json_stringn_nocheck(
	    (char *)w.text.data, w.text.failed ? 0 : w.text.len));
	json_object_set_new(device, "level", json_string(w.level == 'b' ?
	    "bad" : w.level == 'w' ? "warn" : "ok"));
	json_object_set_new(device, "fit", json_boolean(w.level != 'b'));
	rel_buf_fini(&w.text);
}

void
device_maker(json_t *device)
{
	const char *vendor = json_string_value(json_object_get(device,
	    "vendor")), *model = json_string_value(json_object_get(device,
	    "model"));
	bool twice = vendor == NULL || (model != NULL && strncasecmp(model,
	    vendor, strlen(vendor)) == 0);

	json_object_set_new(device, "maker", json_string(twice ? "" :
	    vendor));
}
