/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/heartbeat.h"
#include "tests/opsim/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tests/opsim/native.h"
#include "tests/opsim/walkup_commands.h"

static struct menu *
menu_of(struct runner *r)
{
	return &r->sim->panel->menu;
}

/* Send a request made of an action that is not on the menu. */
static enum run
act(struct runner *r, json_t *action)
{
	struct rel_err err = { .code = 0 };
	json_t *rq = menu_request(menu_of(r), action, &err);

	json_decref(action);
	return runner_act(r, rq, &err);
}

/* ---- who am I */

static enum run
swipe_in(struct runner *r)
{
	r->next = NULL;
	return act(r, menu_card_action(menu_of(r)));
}

/* A card while someone is logged in: what config.card.second_swipe says. */
static enum run
cmd_swipe(struct runner *r)
{
	const char *rule = state_str(&r->sim->st, "config.card.second_swipe",
	    "logout");

	menu_swipe(menu_of(r), r->words[1], json_at(r->sim->st.doc,
	    "config.card"));
	if (r->sim->panel->session[0] == '\0' || menu_asks_card(menu_of(r)))
		return swipe_in(r);
	if (strcmp(rule, "ignore") == 0)
		return RUN_DONE;
	if (strcmp(rule, "switch") == 0)
		r->next = swipe_in;
	return act(r, json_pack("{s:s, s:s}", "op", "logout", "reason",
	    "card"));
}

static enum run
cmd_card_pin(struct runner *r)
{
	struct rel_err err = { .code = 0 };
	json_t *action, *rq;

	menu_swipe(menu_of(r), r->words[1], json_at(r->sim->st.doc,
	    "config.card"));
	action = menu_card_action(menu_of(r));
	json_object_set_new(action, "method", json_string("card+pin"));
	rq = menu_request(menu_of(r), action, &err);
	json_decref(action);
	if (rq != NULL)
		json_object_set_new(json_object_get(rq, "credential"), "pin",
		    json_string(r->words[2]));
	return runner_act(r, rq, &err);
}

/* {"op":OP,"credential":{"method":METHOD,"value":VALUE}} */
static enum run
act_value(struct runner *r, const char *op, const char *method,
    const char *value)
{
	struct rel_err err = { .code = 0 };
	json_t *action = json_pack("{s:s}", "op", op);
	json_t *rq = menu_request(menu_of(r), action, &err);

	json_decref(action);
	if (rq != NULL)
		json_object_set_new(rq, "credential", json_pack("{s:s, s:s}",
		    "method", method, "value", value));
	return runner_act(r, rq, &err);
}

static enum run
cmd_login_number(struct runner *r)
{
	return act_value(r, "login", "id-number", r->words[1]);
}

static enum run
cmd_code(struct runner *r)
{
	return act_value(r, "login", "qr", r->words[1]);
}

static enum run
cmd_unlock(struct runner *r)
{
	return act_value(r, "unlock", "pin", r->words[1]);
}

/* The first line of a file, for "login USER -FILE". */
static char *
password_of(struct runner *r, const char *path)
{
	struct rel_err err = { .code = 0 };
	struct rel_buf b;
	char *text = NULL;

	rel_buf_init(&b);
	if (file_read(path, 4096, &b, &err) < 0) {
		runner_fail(r, OPSIM_USAGE, "%s", err.text);
	} else {
		rel_put_u8(&b, 0);
		text = strdup((const char *)b.data);
		if (text != NULL)
			text[strcspn(text, "\r\n")] = '\0';
	}
	rel_buf_fini_secret(&b);
	return text;
}

/* login and register USER: the password is the next line, or in -FILE. */
static enum run
act_password(struct runner *r, const char *op)
{
	struct rel_err err = { .code = 0 };
	char *password;
	json_t *rq;

	if (r->nwords == 2)
		return RUN_MORE;
	if (!r->more && r->words[2][0] != '-')
		return runner_fail(r, OPSIM_USAGE, "the password is the next "
		    "line, or in a file given as -FILE");
	password = r->more ? strdup(r->words[2]) :
	    password_of(r, r->words[2] + 1);
	if (password == NULL)
		return RUN_DONE;
	rq = json_pack("{s:s, s:{s:s, s:s, s:s}, s:s}", "op", op,
	    "credential", "method", "password", "user", r->words[1],
	    "password", password, "menu", menu_name(menu_of(r)));
	rel_wipe(password, strlen(password));
	free(password);
	if (rq != NULL && strcmp(op, "register-card") == 0)
		json_object_set_new(rq, "card", json_pack("{s:s, s:s}",
		    "value", menu_of(r)->card, "encoding",
		    menu_of(r)->card_enc));
	rel_err_set(&err, REL_E_FORMAT, "user or password is no UTF-8");
	return runner_act(r, rq, &err);
}

static enum run
cmd_login(struct runner *r)
{
	return act_password(r, "login");
}

static enum run
cmd_register(struct runner *r)
{
	return act_password(r, "register-card");
}

static enum run
cmd_logout(struct runner *r)
{
	return act(r, json_pack("{s:s, s:s}", "op", "logout", "reason",
	    "user"));
}

/* ---- fingers */

static enum run
cmd_type(struct runner *r)
{
	const char *field = r->nwords == 3 ? r->words[1] : NULL;

	if (!menu_type(menu_of(r), field, r->words[r->nwords - 1]))
		return runner_unexpected(r, "there is no field%s%s",
		    field != NULL ? " " : "", field != NULL ? field : "");
	return RUN_DONE;
}

static enum run
cmd_press(struct runner *r)
{
	struct rel_err err = { .code = 0 };
	json_t *made, *rq;
	const json_t *action = menu_press(menu_of(r), r->words[1], &made);

	if (action == NULL)
		return runner_unexpected(r, "there is nothing to press called "
		    "\"%s\"", r->words[1]);
	rq = menu_request(menu_of(r), action, &err);
	json_decref(made);
	return runner_act(r, rq, &err);
}

static enum run
pick(struct runner *r, bool on)
{
	for (int i = 1; i < r->nwords; i++)
		if (!menu_pick(menu_of(r), r->words[i], on))
			return runner_unexpected(r, "there is no row \"%s\"",
			    r->words[i]);
	return RUN_DONE;
}

static enum run
cmd_select(struct runner *r)
{
	return pick(r, true);
}

static enum run
cmd_deselect(struct runner *r)
{
	return pick(r, false);
}

/* ---- jobs */

/* The id of a job by id, label or #N; what is not on the panel is an id. */
static const char *
job_id(struct runner *r, const char *name)
{
	return json_str_at(menu_row(menu_of(r), name), "id", name);
}

/* {"op":OP,"jobs":...} of the words from the first on. */
static enum run
act_jobs(struct runner *r, const char *op)
{
	const char *first = r->words[1];
	json_t *v = json_pack("{s:s}", "op", op), *jobs;

	if (strcmp(first, "all") == 0 || strcmp(first, "selected") == 0) {
		jobs = json_string(first);
	} else {
		jobs = json_array();
		for (int i = 1; i < r->nwords; i++)
			json_array_append_new(jobs, json_pack("{s:s}", "id",
			    job_id(r, r->words[i])));
	}
	json_object_set_new(v, "jobs", jobs);
	return act(r, v);
}

static enum run
cmd_release(struct runner *r)
{
	return act_jobs(r, "release");
}

static enum run
cmd_delete(struct runner *r)
{
	return act_jobs(r, "delete");
}

static enum run
cmd_copies(struct runner *r)
{
	int64_t n;

	if (!rel_int(&n, r->words[2], INT32_MIN, INT32_MAX))
		return runner_fail(r, OPSIM_USAGE, "how many copies?");
	return act(r, json_pack("{s:s, s:[{s:s}], s:{s:I}}",
	    "op", "set-options", "jobs", "id", job_id(r, r->words[1]),
	    "options", "copies", (json_int_t)n));
}

/* set-options JOB NAME VALUE: any option, also one nobody supports. */
static enum run
cmd_option(struct runner *r)
{
	json_t *v = json_loads(r->words[3], JSON_DECODE_ANY, NULL);

	if (v == NULL)
		v = json_string(r->words[3]);
	return act(r, json_pack("{s:s, s:[{s:s}], s:{s:o}}",
	    "op", "set-options", "jobs", "id", job_id(r, r->words[1]),
	    "options", r->words[2], v));
}

static enum run
cmd_list(struct runner *r)
{
	json_t *v = json_pack("{s:s}", "op", "list");

	if (r->nwords > 1)
		json_object_set_new(v, "cursor", json_string(r->words[1]));
	return act(r, v);
}

static enum run
cmd_menu(struct runner *r)
{
	return runner_fetch(r, runner_arg(r, 0, NULL), NULL);
}

static enum run
cmd_more(struct runner *r)
{
	const char *next = json_str_at(menu_item(menu_of(r), "list", NULL),
	    "next", NULL);

	if (next == NULL)
		return runner_unexpected(r, "the list has no more rows");
	return runner_fetch(r, menu_name(menu_of(r)), next);
}

static enum run
cmd_repeat(struct runner *r)
{
	struct rel_err err = { .code = 0 };

	r->next = runner_answered;
	if (panel_again(r->sim->panel, runner_on_panel, r, &err) < 0)
		return runner_fail(r, OPSIM_USAGE, "%s", err.text);
	return RUN_LATER;
}

/* ---- what the panel shows */

static bool
shows(struct runner *r, const char *text)
{
	struct rel_buf b;
	bool yes;

	rel_buf_init(&b);
	panel_draw(r->sim->panel, &b);
	rel_put_u8(&b, 0);
	yes = b.failed == 0 && strstr((const char *)b.data, text) != NULL;
	rel_buf_fini(&b);
	return yes;
}

static enum run
cmd_expect(struct runner *r)
{
	if (shows(r, r->words[1]))
		return RUN_DONE;
	return runner_unexpected(r, "expected \"%s\" on the panel",
	    r->words[1]);
}

static enum run
cmd_expect_not(struct runner *r)
{
	if (!shows(r, r->words[1]))
		return RUN_DONE;
	return runner_unexpected(r, "\"%s\" must not be on the panel",
	    r->words[1]);
}

static enum run wait_fetch(struct runner *r);

/* Ask for the menu again and again until it shows the text. */
static enum run
wait_look(struct runner *r)
{
	if (shows(r, r->words[1]))
		return RUN_DONE;
	if (rel_mono_ms() >= r->until_ms)
		return runner_unexpected(r, "waited for \"%s\" on the panel",
		    r->words[1]);
	return runner_sleep(r, 150, wait_fetch);
}

static enum run
wait_fetch(struct runner *r)
{
	const char *name = menu_name(menu_of(r));

	r->next = wait_look;
	return runner_fetch(r, name[0] != '\0' ? name : NULL, NULL);
}

/* SECONDS of a waiting command. */
static int64_t
deadline(struct runner *r, int nth)
{
	int64_t s = 10;

	rel_int(&s, runner_arg(r, nth, "10"), 0, 3600);
	return rel_mono_ms() + s * 1000;
}

static enum run
cmd_wait(struct runner *r)
{
	r->until_ms = deadline(r, 1);
	return wait_look(r);
}

static enum run
cmd_expect_jobs(struct runner *r)
{
	const json_t *total = json_object_get(menu_item(menu_of(r), "list",
	    NULL), "total");
	int64_t want = -1, have;

	have = json_is_integer(total) ? json_integer_value(total) :
	    (int64_t)json_array_size(menu_rows(menu_of(r)));
	rel_int(&want, r->words[1], 0, INT32_MAX);
	if (have == want)
		return RUN_DONE;
	return runner_unexpected(r, "expected %s jobs, there are %d",
	    r->words[1], (int)have);
}

static enum run
cmd_expect_result(struct runner *r)
{
	struct rel_buf b;
	bool all = true;

	rel_buf_init(&b);
	panel_result(r->sim->panel, &b);
	rel_put_u8(&b, 0);
	for (int i = 1; i < r->nwords; i++)
		all = all && b.failed == 0 &&
		    strstr((const char *)b.data, r->words[i]) != NULL;
	rel_buf_fini(&b);
	if (all)
		return RUN_DONE;
	return runner_unexpected(r, "the last answer is not \"%s\"",
	    r->words[1]);
}

/* ---- what is built in */

static enum run
tried(struct runner *r, int wanted)
{
	const struct opsim *sim = r->sim;
	bool in = sim->panel->session[0] != '\0';
	int got = native_try(r->words[1], in ? sim->panel->functions : NULL,
	    sim->st.doc);

	if (got < 0)
		return runner_fail(r, OPSIM_USAGE, "this device has no "
		    "\"%s\"", r->words[1]);
	return got == wanted ? RUN_DONE : runner_unexpected(r, "%s %s",
	    r->words[1], got == 1 ? "starts" : "is refused");
}

static enum run
cmd_native(struct runner *r)
{
	return tried(r, 1);
}

static enum run
cmd_native_refused(struct runner *r)
{
	return tried(r, 0);
}

static enum run
cmd_show(struct runner *r)
{
	panel_draw(r->sim->panel, &r->out);
	return RUN_DONE;
}

/* ---- paper */

static unsigned
printed(const struct runner *r)
{
	return r->sim->out[0] != '\0' ? tray_count(r->sim->out) : 0;
}

static enum run
printed_step(struct runner *r)
{
	int64_t want = -1;

	rel_int(&want, r->words[1], 0, INT32_MAX);
	if ((int64_t)printed(r) >= want)
		return RUN_DONE;
	if (rel_mono_ms() >= r->until_ms)
		return runner_unexpected(r, "waited for %s printed jobs in %s,"
		    " there are %u", r->words[1], r->sim->out, printed(r));
	return runner_sleep(r, 20, printed_step);
}

static enum run
cmd_wait_printed(struct runner *r)
{
	r->until_ms = deadline(r, 1);
	return printed_step(r);
}

static enum run
cmd_expect_printed(struct runner *r)
{
	int64_t want = -1;

	rel_int(&want, r->words[1], 0, INT32_MAX);
	if ((int64_t)printed(r) == want)
		return RUN_DONE;
	return runner_unexpected(r, "expected %s printed jobs in %s, there "
	    "are %u", r->words[1], r->sim->out, printed(r));
}

/* ---- the machine */

static enum run
cmd_device(struct runner *r)
{
	opsim_do(r->sim, r->words[0]);
	return RUN_DONE;
}

static enum run
cmd_load(struct runner *r)
{
	if (strcmp(r->words[1], "tray-1") != 0)
		return runner_fail(r, OPSIM_USAGE, "this device has tray-1");
	if (!device_load(&r->sim->dev, r->words[2]))
		return runner_fail(r, OPSIM_USAGE, "a size is given as "
		    "iso_a5_148x210mm");
	return RUN_DONE;
}

static enum run
cmd_skew(struct runner *r)
{
	if (!rel_int(&r->sim->dev.skew_ms, r->words[1], -INT64_C(864000000),
	    INT64_C(864000000)))
		return runner_fail(r, OPSIM_USAGE, "how many ms?");
	return RUN_DONE;
}

static enum run
cmd_fault(struct runner *r)
{
	struct rel_err err = { .code = 0 };
	char text[120];

	if (r->nwords == 1) {
		faults_list(&r->sim->faults, &r->out);
		rel_put_fmt(&r->out, "\n");
		return RUN_DONE;
	}
	snprintf(text, sizeof text, "%s%s%s", r->words[1],
	    r->nwords > 2 ? "=" : "", runner_arg(r, 1, ""));
	if (opsim_fault(r->sim, text, &err) < 0)
		return runner_fail(r, OPSIM_USAGE, "%s", err.text);
	return RUN_DONE;
}

static enum run
slept(struct runner *r)
{
	(void)r;
	return RUN_DONE;
}

static enum run
cmd_sleep(struct runner *r)
{
	int64_t ms = 0;

	if (!rel_int(&ms, r->words[1], 0, 3600000))
		return runner_fail(r, OPSIM_USAGE, "how many ms?");
	return runner_sleep(r, ms, slept);
}

/* ---- what the engine counts, and the log of it */

static enum run
no_log(struct runner *r)
{
	return runner_fail(r, OPSIM_USAGE, "this device keeps no usage log: "
	    "register it with --level 3");
}

static bool
sides_of(struct runner *r, int64_t *sides, int64_t *colour)
{
	*colour = 0;
	return rel_int(sides, r->words[1], 0, 1000000) &&
	    (r->nwords < 3 || rel_int(colour, r->words[2], 0, *sides));
}

static enum run
cmd_count(struct runner *r)
{
	int64_t sides, colour;

	if (r->sim->usage == NULL)
		return no_log(r);
	if (!sides_of(r, &sides, &colour))
		return runner_fail(r, OPSIM_USAGE, "how many sides?");
	usage_counts(r->sim->usage, sides, colour);
	return RUN_DONE;
}

static enum run
cmd_usage(struct runner *r)
{
	if (r->sim->usage == NULL)
		return no_log(r);
	usage_tell(r->sim->usage, &r->out);
	return RUN_DONE;
}

static enum run
cmd_heartbeat(struct runner *r)
{
	if (r->sim->heart != NULL)
		heartbeat_now(r->sim->heart);
	return RUN_DONE;
}

static enum run
cmd_usage_push(struct runner *r)
{
	if (r->sim->usage == NULL)
		return no_log(r);
	usage_push_now(r->sim->usage);
	return RUN_DONE;
}

static enum run
cmd_usage_correct(struct runner *r)
{
	int64_t sides, colour;

	if (r->sim->usage == NULL)
		return no_log(r);
	if (!sides_of(r, &sides, &colour) ||
	    !usage_correct(r->sim->usage, sides, colour))
		return runner_fail(r, OPSIM_USAGE,
		    "how many sides, and of which record?");
	return RUN_DONE;
}

static enum run
cmd_help(struct runner *r)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		rel_put_fmt(&r->out, "%-16s %-22s %s\n", c->name, c->usage,
		    c->help);
	rel_put_fmt(&r->out, "double CMD, double-new CMD: send CMD's action "
	    "twice at once; try CMD: never fails\n");
	return RUN_DONE;
}

const struct command commands[] = {
	{ "swipe", 1, 1, true, cmd_swipe, "CARD", "hold a card to the reader" },
	{ "card-pin", 2, 2, true, cmd_card_pin, "CARD PIN", "log in by both" },
	{ "login-number", 1, 1, true, cmd_login_number, "NUMBER",
	    "log in by ID number" },
	{ "code", 1, 1, true, cmd_code, "XXXXX-XXXXX",
	    "log in by a one-time code" },
	{ "login", 1, 2, true, cmd_login, "USER [-FILE]",
	    "log in; the password is the next line, or in FILE" },
	{ "register-card", 1, 2, true, cmd_register, "USER [-FILE]",
	    "tie the last card to a user, password as above" },
	{ "unlock", 1, 1, true, cmd_unlock, "PIN", "open confidential jobs" },
	{ "logout", 0, 0, true, cmd_logout, "", "log out" },
	{ "type", 1, 2, true, cmd_type, "[FIELD] TEXT", "type into a field" },
	{ "press", 1, 1, true, cmd_press, "ID|LABEL", "press a button" },
	{ "select", 1, 200, true, cmd_select, "ROW...|all|none", "tick rows" },
	{ "deselect", 1, 200, true, cmd_deselect, "ROW...|all", "untick" },
	{ "release", 1, 200, true, cmd_release, "all|selected|JOB...",
	    "print jobs" },
	{ "delete", 1, 200, true, cmd_delete, "all|selected|JOB...",
	    "delete jobs" },
	{ "copies", 2, 2, true, cmd_copies, "JOB N", "set the copies" },
	{ "option", 3, 3, true, cmd_option, "JOB NAME VALUE",
	    "set any option" },
	{ "menu", 0, 1, false, cmd_menu, "[NAME]", "ask for a menu" },
	{ "more", 0, 0, true, cmd_more, "", "next page of the list" },
	{ "list", 0, 1, true, cmd_list, "[CURSOR]", "op list" },
	{ "repeat-last", 0, 0, false, cmd_repeat, "",
	    "the last action again, same request_id" },
	{ "expect", 1, 1, true, cmd_expect, "TEXT", "it is on the panel" },
	{ "expect-not", 1, 1, true, cmd_expect_not, "TEXT", "it is not" },
	{ "expect-jobs", 1, 1, true, cmd_expect_jobs, "N", "rows of the list" },
	{ "expect-result", 1, 20, false, cmd_expect_result, "WORD...",
	    "words of the last answer" },
	{ "wait", 1, 2, true, cmd_wait, "TEXT [SECONDS]",
	    "until it is on the panel" },
	{ "wait-printed", 1, 2, false, cmd_wait_printed, "N [SECONDS]",
	    "until N jobs came out" },
	{ "expect-printed", 1, 1, false, cmd_expect_printed, "N",
	    "exactly N jobs came out" },
	{ "show", 0, 0, true, cmd_show, "", "draw the panel" },
	{ "native", 1, 1, false, cmd_native, "WHAT",
	    "start what is built in: copy, scan-to-usb ..." },
	{ "native-refused", 1, 1, false, cmd_native_refused, "WHAT",
	    "it must not start" },
	{ "copy", 1, 4, false, cmd_copy, "N [color] [two-sided] [&]",
	    "copy so many sides; &: do not wait" },
	{ "scan", 1, 4, false, cmd_scan, "N [color] [DEST] [&]", "scan" },
	{ "fax", 1, 2, false, cmd_fax, "N [&]", "send a fax" },
	{ "fax-in", 1, 2, false, cmd_fax_in, "N [&]", "a fax comes" },
	{ "usb-print", 1, 4, false, cmd_usb_print, "N [color] [&]", "" },
	{ "wait-done", 0, 1, false, cmd_wait_done, "[SECONDS]",
	    "until that has ended, and what came of it" },
	{ "pace", 1, 1, false, cmd_pace, "MS", "a side takes so long" },
	{ "jam", 0, 0, false, cmd_device, "", "paper jam" },
	{ "clear", 0, 0, false, cmd_device, "", "no jam, door closed" },
	{ "door-open", 0, 0, false, cmd_device, "", "" },
	{ "door-close", 0, 0, false, cmd_device, "", "" },
	{ "load", 2, 2, false, cmd_load, "tray-1 SIZE", "put paper in" },
	{ "reboot", 0, 0, false, cmd_device, "", "it starts anew" },
	{ "skew", 1, 1, false, cmd_skew, "MS", "its clock is so far ahead" },
	{ "power-off", 0, 0, false, cmd_device, "", "" },
	{ "power-on", 0, 0, false, cmd_device, "", "" },
	{ "fault", 0, 2, false, cmd_fault, "[NAME [ARG]|none]",
	    "arm a fault; alone: what is armed" },
	{ "count", 1, 2, false, cmd_count, "SIDES [COLOUR]",
	    "what the engine counts for a document" },
	{ "usage", 0, 0, false, cmd_usage, "", "the usage log" },
	{ "usage-push", 0, 0, false, cmd_usage_push, "", "push it now" },
	{ "usage-correct", 1, 2, false, cmd_usage_correct, "SIDES [COLOUR]",
	    "a record that corrects the last one" },
	{ "heartbeat", 0, 0, false, cmd_heartbeat, "",
	    "ask the server now what is new" },
	{ "sleep", 1, 1, false, cmd_sleep, "MS", "" },
	{ "help", 0, 0, false, cmd_help, "", "" },
	{ NULL, 0, 0, false, NULL, NULL, NULL }
};
