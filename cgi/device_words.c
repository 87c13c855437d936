/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/device_words.h"

#include <string.h>
#include <time.h>

#include "cgi/cgi.h"
#include "cgi/usage.h"

/* IPP's printer-state-reasons (RFC 8011, 5.4.12; PWG 5100.9), without
 * -error, -warning and -report. */
static const struct {
	const char *reason, *words;
	char level;			/* 'b'ad, 'w'arn, or what the ending says */
} reasons[] = {
	{ "media-empty", N_("out of paper"), 0 },
	{ "media-needed", N_("out of paper"), 0 },
	{ "media-low", N_("little paper left"), 'w' },
	{ "media-jam", N_("paper jam"), 'b' },
	{ "door-open", N_("a door is open"), 'b' },
	{ "cover-open", N_("a cover is open"), 'b' },
	{ "interlock-open", N_("a cover is open"), 'b' },
	{ "input-tray-missing", N_("a tray is missing"), 0 },
	{ "output-tray-missing", N_("a tray is missing"), 0 },
	{ "output-area-full", N_("the output tray is full"), 0 },
	{ "output-area-almost-full", N_("the output tray is almost full"),
	    'w' },
	{ "toner-empty", N_("out of toner"), 0 },
	{ "toner-low", N_("little toner left"), 'w' },
	{ "marker-supply-empty", N_("out of ink or toner"), 0 },
	{ "marker-supply-low", N_("little ink or toner left"), 'w' },
	{ "marker-waste-full", N_("the waste box is full"), 0 },
	{ "marker-waste-almost-full", N_("the waste box is almost full"),
	    'w' },
	{ "fuser-over-temp", N_("the fuser is too hot"), 0 },
	{ "paused", N_("paused"), 'b' },
	{ "moving-to-paused", N_("paused"), 'b' },
	{ "stopped-partly", N_("partly stopped"), 'w' },
	{ "shutdown", N_("switched off"), 'b' },
	{ "power-down", N_("switched off"), 'b' },
	{ "timed-out", N_("does not answer"), 'b' },
	{ "connecting-to-device", N_("does not answer"), 'b' },
	{ "spool-area-full", N_("its memory is full"), 'b' },
};
#define REASONS (sizeof reasons / sizeof reasons[0])
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

/* "media-jam-error": the length without its ending, and what that says. */
static size_t
ending(const char *s, char *level)
{
	static const struct {
		const char *text;
		char level;
	} endings[] = {
		{ "-error", 'b' }, { "-warning", 'w' }, { "-report", 'o' }
	};
	size_t n = strlen(s);

	*level = 'b';
	for (size_t i = 0; i < 3; i++) {
		size_t e = strlen(endings[i].text);

		if (n > e && strcmp(s + n - e, endings[i].text) == 0) {
			*level = endings[i].level;
			return n - e;
		}
	}
	return n;
}

static void
reason_take(struct words *w, const char *s)
{
	char level, plain[60];
	size_t n;

	s += strspn(s, "-");
	n = ending(s, &level);
	if (n == 0 || strcmp(s, "none") == 0)
		return;
	for (size_t i = 0; i < REASONS; i++) {
		if (strlen(reasons[i].reason) != n ||
		    strncmp(reasons[i].reason, s, n) != 0)
			continue;
		say(w, tr(reasons[i].words));
		worse(w, level == 'o' ? 'o' : reasons[i].level != 0 ?
		    reasons[i].level : level);
		return;
	}
	/* What a maker invented: its words are better than none. */
	if (n >= sizeof plain)
		n = sizeof plain - 1;
	memcpy(plain, s, n);
	plain[n] = '\0';
	for (char *p = plain; *p != '\0'; p++)
		if (*p == '-')
			*p = ' ';
	say(w, plain);
	worse(w, level == 'b' ? 'w' : level);
}

static bool
silent(const json_t *device)
{
	time_t seen;

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
	bool waiting = state != NULL && strcmp(state, "waiting") == 0;

	rel_buf_init(&w.text);
	if (waiting) {
		say(&w, tr("no panel: nobody knows its state"));
	} else if (silent(device)) {
		say(&w, tr("offline"));
		worse(&w, 'b');
		json_object_set(device, "since", json_object_get(device,
		    "last_seen_at"));
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
