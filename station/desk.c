/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* From a card to paper: the panel of a printer that has none. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/rand.h>

#include "lib/log.h"
#include "lib/text.h"
#include "station/desk.h"

#define ROWS_MAX 9u
#define SHOW_MS 6000			/* what became of a tap */
#define PIN_MS 30000			/* for typing a PIN */
#define CARD_GAP_MS 2000		/* between two keys of one card */
#define BEAT_MS 60000

enum second { SECOND_LOGOUT, SECOND_IGNORE, SECOND_SWITCH };

struct desk {
	const char *dir;
	const struct desk_conf *set;
	json_t *station;
	char ca[STATION_PATH];
	void *line;
	struct typed reader, keypad;
	struct screen screen;
	bool reader_seen;		/* what the screen says of it */
	bool told_reader, told_keypad;	/* what the server knows of them */
	json_int_t config_rev;		/* 0: none yet */

	char session[64], person[SCREEN_WIDTH];
	char card[TYPED_MAX + 1];	/* of the session; or its PIN is typed */
	bool pin;
	struct row { char id[24]; } rows[ROWS_MAX];
	unsigned nrows;

	int64_t until_ms;		/* what is shown goes then; 0: stays */
	int64_t inactivity_ms, beat_ms;
	enum second second;
	const volatile int *stop;
	int lost;			/* -REL_E_*: of no use any more */
	struct rel_err err;
};

/* ---- asking the server */

static void
request_id(char out[33])
{
	uint8_t raw[16];

	if (RAND_bytes(raw, sizeof raw) != 1)
		abort();
	rel_hex(out, raw, sizeof raw);
}

/* Again with the same request as long as nobody answers (opdp.md). */
static int
desk_ask(struct desk *d, const char *path, const json_t *body, json_t **out)
{
	struct station_call call = station_call_of(d->station, d->dir, d->ca);
	int64_t end = rel_mono_ms() + d->set->patience_ms, pause_ms = 500;
	int rc;

	call.path = path;
	call.body = body;
	call.line = &d->line;
	while ((rc = station_ask(&call, out, &d->err)) == -REL_E_PEER &&
	    rel_mono_ms() + pause_ms < end && *d->stop == 0) {
		struct timespec ts = { pause_ms / 1000,
			pause_ms % 1000 * 1000000 };

		(void)nanosleep(&ts, NULL);
		pause_ms *= 2;
	}
	if (rc < 0)
		rel_log(REL_WARN, "no answer of the print server",
		    "why=\"%s\"", d->err.text);
	return rc;
}

/* An action: op and what belongs to it, whose reference is taken. */
static int
desk_act(struct desk *d, const char *op, json_t *members, json_t **out)
{
	char id[33];
	int rc;

	if (members == NULL)
		return rel_err_set(&d->err, REL_E_NOMEM, "no memory");
	request_id(id);
	json_object_set_new(members, "op", json_string(op));
	json_object_set_new(members, "request_id", json_string(id));
	json_object_set_new(members, "locale", json_string(d->set->locale));
	json_object_set_new(members, "session_id", d->session[0] != '\0' ?
	    json_string(d->session) : json_null());
	rc = desk_ask(d, "/opdp/v1/panel/action", members, out);
	json_decref(members);
	return rc;
}

/* ---- what is shown */

static const char *
say(const struct desk *d, enum desk_word word)
{
	return desk_say(d->set->locale, word);
}

static void
show_idle(struct desk *d)
{
	d->reader_seen = d->reader.fd >= 0;
	screen_new(&d->screen, say(d, d->reader_seen ? WORD_TAP : WORD_GONE));
	if (d->set->phone[0] != '\0') {
		screen_line(&d->screen, "%s", say(d, WORD_PHONE));
		d->screen.phone = d->set->phone;
	}
	screen_show(&d->screen);
	d->until_ms = 0;
}

static void
show_for(struct desk *d, const char *words, int64_t ms)
{
	screen_new(&d->screen, words);
	screen_show(&d->screen);
	d->until_ms = rel_mono_ms() + ms;
}

/* The words of a menu, or ours. */
static const char *
words_of(const struct desk *d, const json_t *answer)
{
	const char *text = json_string_value(json_object_get(json_object_get(
	    json_object_get(answer, "menu"), "message"), "text"));

	return text != NULL ? text : say(d, WORD_UNKNOWN);
}

static void
show_failed(struct desk *d, int rc)
{
	show_for(d, rc == -REL_E_PEER ? say(d, WORD_AWAY) : d->err.text,
	    SHOW_MS);
	if (rc != -REL_E_PEER)
		d->beat_ms = 0;		/* is it the station that is refused? */
}

/* ---- a session */

static void
desk_forget(struct desk *d)
{
	d->session[0] = '\0';
	d->pin = false;
	d->nrows = 0;
	rel_wipe(d->card, sizeof d->card);
	typed_forget(&d->keypad);
}

/* It always succeeds for the person; the server ends it by itself, too. */
static void
desk_logout(struct desk *d, const char *reason)
{
	json_t *answer = NULL;

	if (d->session[0] != '\0')
		(void)desk_act(d, "logout", json_pack("{s:s}", "reason",
		    reason), &answer);
	json_decref(answer);
	desk_forget(d);
}

static const json_t *
list_of(const json_t *answer)
{
	const json_t *items = json_object_get(json_object_get(answer, "menu"),
	    "items");

	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *it = json_array_get(items, i);
		const char *type = json_string_value(json_object_get(it,
		    "type"));

		if (type != NULL && strcmp(type, "list") == 0)
			return json_object_get(it, "rows");
	}
	return NULL;
}

/* Why jobs did not go out. */
static void
lines_why(struct desk *d, const json_t *jobs)
{
	for (size_t i = 0; i < json_array_size(jobs); i++) {
		const char *why = json_string_value(json_object_get(
		    json_array_get(jobs, i), "text"));

		if (why != NULL)
			screen_line(&d->screen, "%s", why);
	}
}

/* What waits, below what became of the job that was chosen before. */
static void
show_list(struct desk *d, const json_t *answer)
{
	const json_t *rows = list_of(answer);
	size_t n = json_array_size(rows);

	screen_new(&d->screen, d->person);
	lines_why(d, json_object_get(answer, "jobs"));
	d->nrows = 0;
	for (size_t i = 0; i < n && d->nrows < ROWS_MAX; i++) {
		const json_t *row = json_array_get(rows, i);
		const char *id = json_string_value(json_object_get(row,
		    "id")), *label = json_string_value(json_object_get(row,
		    "label")), *sub = json_string_value(json_object_get(row,
		    "sub"));

		if (id == NULL || label == NULL ||
		    strlen(id) >= sizeof d->rows[0].id)
			continue;
		memcpy(d->rows[d->nrows++].id, id, strlen(id) + 1);
		screen_line(&d->screen, "%u  %.60s  %.60s", d->nrows, label,
		    sub != NULL ? sub : "");
	}
	if (n > d->nrows)
		screen_line(&d->screen, "+ %zu %s", n - d->nrows,
		    say(d, WORD_MORE));
	if (n == 0)
		screen_line(&d->screen, "%s", say(d, WORD_NOTHING));
	else
		screen_line(&d->screen, "%s", say(d, WORD_ALL_KEY));
	screen_line(&d->screen, "%s", say(d, WORD_OUT_KEY));
	screen_show(&d->screen);
	d->until_ms = rel_mono_ms() + d->inactivity_ms;
}

/* How many of the jobs go out, and why the others do not. */
static void
show_released(struct desk *d, const json_t *answer)
{
	const json_t *jobs = json_object_get(answer, "jobs");
	unsigned good = 0, n = (unsigned)json_array_size(jobs);

	for (unsigned i = 0; i < n; i++) {
		const char *s = json_string_value(json_object_get(
		    json_array_get(jobs, i), "status"));

		good += s != NULL && strcmp(s, "accepted") == 0;
	}
	if (n == 0) {
		const json_t *words = json_object_get(json_object_get(answer,
		    "menu"), "message");

		screen_new(&d->screen, json_is_object(words) ? words_of(d,
		    answer) : say(d, WORD_NOTHING));
	} else {
		char line[SCREEN_WIDTH];

		snprintf(line, sizeof line, "%.60s: %u/%u %s", d->person,
		    good, n, say(d, WORD_PRINTS));
		screen_new(&d->screen, line);
	}
	lines_why(d, jobs);
	screen_show(&d->screen);
	d->until_ms = rel_mono_ms() + SHOW_MS;
	rel_log(REL_INFO, "released", "jobs=%u accepted=%u", n, good);
}

/* All (id NULL) or one; true: the answer is for the caller to drop. */
static int
desk_release(struct desk *d, const char *id, json_t **answer)
{
	int rc = desk_act(d, "release", id == NULL ? json_pack("{s:s}",
	    "jobs", "all") : json_pack("{s:[{s:s}]}", "jobs", "id", id),
	    answer);

	if (rc == 0)
		show_released(d, *answer);
	else
		show_failed(d, rc);
	return rc;
}

/* ---- log-in */

static void
session_take(struct desk *d, const json_t *answer)
{
	const json_t *s = json_object_get(answer, "session");
	const char *id = json_string_value(json_object_get(s, "session_id")),
	    *name = json_string_value(json_object_get(json_object_get(s,
	    "user"), "display"));
	json_int_t idle = json_integer_value(json_object_get(s,
	    "inactivity_s"));

	snprintf(d->session, sizeof d->session, "%s", id != NULL ? id : "");
	rel_text_clean(d->person, sizeof d->person, name != NULL ? name : "");
	d->inactivity_ms = idle > 0 && idle <= 900 ? idle * 1000 : PIN_MS;
	d->pin = false;
}

static void
denied(struct desk *d, const json_t *answer)
{
	const char *reason = json_string_value(json_object_get(answer,
	    "reason"));

	if (reason == NULL || strcmp(reason, "pin-needed") != 0) {
		desk_forget(d);
		show_for(d, words_of(d, answer), SHOW_MS);
	} else if (d->set->keypad[0] == '\0') {
		desk_forget(d);
		show_for(d, say(d, WORD_NO_KEYPAD), SHOW_MS);
	} else {
		d->pin = true;
		show_for(d, say(d, WORD_PIN), PIN_MS);
	}
}

/* What a keyboard reader types: hex when it can be, else the text itself. */
static json_t *
credential(const struct desk *d, const char *pin)
{
	size_t n = strlen(d->card);
	bool hex = n % 2 == 0 &&
	    strspn(d->card, "0123456789abcdefABCDEF") == n;
	json_t *o = json_pack("{s:s,s:s,s:s}", "method", pin != NULL ?
	    "card+pin" : "card", "value", d->card, "encoding", hex ? "hex" :
	    "ascii");

	if (pin != NULL)
		json_object_set_new(o, "pin", json_string(pin));
	if (d->reader.reader[0] != '\0')
		json_object_set_new(o, "reader", json_string(
		    d->reader.reader));
	return o;
}

static void
desk_login(struct desk *d, const char *pin)
{
	json_t *answer = NULL, *more = NULL;
	const char *result;
	int rc;

	show_for(d, say(d, WORD_WAIT), SHOW_MS);
	rc = desk_act(d, "login", json_pack("{s:s,s:o}", "menu", "login",
	    "credential", credential(d, pin)), &answer);
	result = json_string_value(json_object_get(answer, "result"));
	if (rc < 0) {
		desk_forget(d);
		show_failed(d, rc);
	} else if (result == NULL || strcmp(result, "ok") != 0) {
		denied(d, answer);
	} else {
		session_take(d, answer);
		if (d->set->tap == TAP_LIST) {
			show_list(d, answer);
		} else {
			(void)desk_release(d, NULL, &more);
			desk_logout(d, "card");
		}
	}
	json_decref(answer);
	json_decref(more);
}

/* ---- what is typed */

static void
on_card(void *ctx, const char *text)
{
	struct desk *d = ctx;
	bool same = strcmp(text, d->card) == 0;

	if (text[0] == '\0')
		return;
	if (d->session[0] != '\0') {
		if (!same && d->second == SECOND_IGNORE)
			return;
		desk_logout(d, "card");
		show_idle(d);
		if (same || d->second != SECOND_SWITCH)
			return;
	}
	desk_forget(d);
	snprintf(d->card, sizeof d->card, "%s", text);
	desk_login(d, NULL);
}

static void
on_number(struct desk *d, const char *text)
{
	json_t *answer = NULL;
	int64_t n = 0;

	d->until_ms = rel_mono_ms() + d->inactivity_ms;
	if (text[0] != '\0' && !rel_int(&n, text, 0, d->nrows))
		return;
	if (text[0] != '\0' && n == 0) {
		desk_logout(d, "user");
		show_idle(d);
		return;
	}
	(void)desk_release(d, n > 0 ? d->rows[n - 1].id : NULL, &answer);
	if (n == 0 || answer == NULL)
		desk_logout(d, "user");
	else if (list_of(answer) != NULL)
		show_list(d, answer);
	json_decref(answer);
}

static void
on_keypad(void *ctx, const char *text)
{
	struct desk *d = ctx;

	if (d->pin && text[0] != '\0') {
		d->pin = false;
		desk_login(d, text);
	} else if (d->session[0] != '\0') {
		on_number(d, text);
	}
}

/* ---- from time to time */

static void
config_take(struct desk *d, const json_t *config)
{
	const char *second = json_string_value(json_object_get(
	    json_object_get(config, "card"), "second_swipe"));

	d->config_rev = json_integer_value(json_object_get(config, "rev"));
	if (second != NULL)
		d->second = strcmp(second, "switch") == 0 ? SECOND_SWITCH :
		    strcmp(second, "ignore") == 0 ? SECOND_IGNORE :
		    SECOND_LOGOUT;
}

static int
desk_get_config(struct desk *d)
{
	struct station_call call = station_call_of(d->station, d->dir, d->ca);
	json_t *config = NULL;
	int rc;

	call.path = "/opdp/v1/device/config";
	call.line = &d->line;
	if ((rc = station_ask(&call, &config, &d->err)) == 0)
		config_take(d, config);
	json_decref(config);
	return rc;
}

static void
put_reader(json_t *readers, const char *kind, const struct typed *t)
{
	const char *name = strrchr(t->path, '/');

	if (t->path[0] != '\0')
		json_array_append_new(readers, json_pack("{s:s,s:s,s:s,s:b}",
		    "kind", kind, "name", name != NULL ? name + 1 : t->path,
		    "usb", t->reader, "present", t->fd >= 0));
}

/* Say what it is and has; does it have an old configuration? */
static int
desk_tell(struct desk *d, bool *old)
{
	struct station_call call = station_call_of(d->station, d->dir, d->ca);
	json_t *readers = json_array(), *body, *answer = NULL, *what;
	size_t i;
	int rc;

	put_reader(readers, "card", &d->reader);
	put_reader(readers, "keypad", &d->keypad);
	d->told_reader = d->reader.fd >= 0;
	d->told_keypad = d->keypad.fd >= 0;
	body = station_told(readers);
	json_object_set_new(body, "config_rev", json_integer(d->config_rev));
	call.path = "/opdp/v1/device/heartbeat";
	call.line = &d->line;
	call.body = body;
	rc = station_ask(&call, &answer, &d->err);
	json_array_foreach(json_object_get(answer, "pending"), i, what)
		if (json_is_string(what) && strcmp(json_string_value(what),
		    "config") == 0)
			*old = true;
	json_decref(answer);
	json_decref(body);
	return rc;
}

/* Be seen, hear what is new; and the certificate is renewed in time. */
static void
desk_beat(struct desk *d)
{
	bool old = d->config_rev == 0;
	int rc = desk_tell(d, &old);

	if (rc == 0 && old)
		rc = desk_get_config(d);
	d->beat_ms = rel_mono_ms() + BEAT_MS;
	if (rc == 0 && station_due(d->station)) {
		rc = station_renewed(d->dir, d->station, NULL, &d->err);
		rel_log(rc == 0 ? REL_NOTICE : REL_WARN, "certificate",
		    "renewed=%s", rc == 0 ? "yes" : "no");
		station_hang_up(&d->line);
		return;
	}
	if (rc < 0 && rc != -REL_E_PEER)
		d->lost = rc;
}

static void
desk_tick(struct desk *d)
{
	int64_t now = rel_mono_ms();

	typed_open(&d->reader, now);
	typed_open(&d->keypad, now);
	if (d->until_ms != 0 && now >= d->until_ms) {
		desk_logout(d, "timeout");
		show_idle(d);
	}
	if (d->until_ms == 0 && d->reader_seen != (d->reader.fd >= 0))
		show_idle(d);
	if (d->told_reader != (d->reader.fd >= 0) ||
	    d->told_keypad != (d->keypad.fd >= 0))
		d->beat_ms = now;
	if (d->session[0] == '\0' && now >= d->beat_ms)
		desk_beat(d);
}

static void
desk_wait(struct desk *d)
{
	struct pollfd p[] = {
		{ .fd = d->reader.fd, .events = POLLIN },
		{ .fd = d->keypad.fd, .events = POLLIN }
	};

	if (poll(p, 2, 500) <= 0)
		return;
	if (p[0].revents != 0)
		typed_read(&d->reader, rel_mono_ms(), on_card, d);
	if (p[1].revents != 0)
		typed_read(&d->keypad, rel_mono_ms(), on_keypad, d);
}

int
desk_run(const char *dir, const struct desk_conf *set,
    const volatile int *stop, struct rel_err *err)
{
	struct desk d = { .dir = dir, .set = set, .stop = stop };
	int rc = station_load(dir, &d.station, err);

	typed_init(&d.reader, set->reader, CARD_GAP_MS);
	typed_init(&d.keypad, set->keypad, PIN_MS);
	d.screen.fd = -1;
	if (rc == 0)
		rc = screen_open(&d.screen, set->screen, err);
	if (rc == 0) {
		typed_open(&d.reader, rel_mono_ms());
		show_idle(&d);
	}
	while (rc == 0 && *stop == 0) {
		desk_tick(&d);
		desk_wait(&d);
		rc = d.lost;
	}
	if (d.lost < 0)
		*err = d.err;
	desk_logout(&d, "error");
	typed_close(&d.reader);
	typed_close(&d.keypad);
	screen_close(&d.screen);
	station_hang_up(&d.line);
	json_decref(d.station);
	return rc;
}
