/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/runner.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
runner_end(struct runner *r)
{
	r->running = false;
	r->next = NULL;
	r->times = PANEL_ONCE;
	if (r->trying)
		r->rc = OPSIM_OK;
	r->trying = false;
	rel_wipe(r->line, sizeof r->line);
}

/* A command got on: is it through? */
static void
runner_went(struct runner *r, enum run how)
{
	if (how == RUN_LATER)
		return;
	if (how == RUN_MORE)
		r->wants_more = true;
	else
		runner_end(r);
	if (r->done != NULL)
		r->done(r, r->ctx);
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct runner *r = ctx;

	(void)fd;
	(void)what;
	runner_went(r, r->next != NULL ? r->next(r) : RUN_DONE);
}

void
runner_on_panel(void *ctx)
{
	on_timer(-1, 0, ctx);
}

struct runner *
runner_new(struct opsim *sim, runner_cb done, void *ctx)
{
	struct runner *r = calloc(1, sizeof *r);

	if (r == NULL)
		return NULL;
	r->sim = sim;
	r->done = done;
	r->ctx = ctx;
	rel_buf_init(&r->out);
	rel_buf_init(&r->why);
	r->timer = evtimer_new(sim->base, on_timer, r);
	return r;
}

void
runner_free(struct runner **rp)
{
	struct runner *r = *rp;

	if (r == NULL)
		return;
	if (r->sim->panel != NULL && r->sim->panel->ctx == r)
		r->sim->panel->done = NULL;
	event_free(r->timer);
	rel_buf_fini(&r->out);
	rel_buf_fini(&r->why);
	rel_wipe(r->line, sizeof r->line);
	free(r);
	*rp = NULL;
}

const char *
runner_arg(const struct runner *r, int n, const char *dflt)
{
	return n + 1 < r->nwords ? r->words[n + 1] : dflt;
}

static void
why_put(struct runner *r, const char *fmt, va_list ap)
{
	char text[700];

	vsnprintf(text, sizeof text, fmt, ap);
	rel_buf_reset(&r->why);
	rel_put_fmt(&r->why, "%s", text);
}

enum run
runner_fail(struct runner *r, int rc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	why_put(r, fmt, ap);
	va_end(ap);
	r->rc = rc;
	return RUN_DONE;
}

enum run
runner_unexpected(struct runner *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	why_put(r, fmt, ap);
	va_end(ap);
	rel_put_fmt(&r->why, "\nThe panel shows:\n");
	panel_draw(r->sim->panel, &r->why);
	r->rc = OPSIM_UNEXPECTED;
	return RUN_DONE;
}

enum run
runner_answered(struct runner *r)
{
	const struct panel *p = r->sim->panel;
	struct rel_err err;

	if (panel_trouble(p, &err) && strstr(err.text, "(fault ") == NULL)
		return runner_fail(r, OPSIM_TROUBLE, "no answer from %s: %s",
		    https_server(r->sim->net), err.text);
	if (p->nanswers > 0 && p->answers[0].status == 500)
		return runner_fail(r, OPSIM_TROUBLE,
		    "the server is broken: 500 %s",
		    json_str_at(p->answers[0].body, "detail", ""));
	return RUN_DONE;
}

/* A panel call went out, or not. */
static enum run
runner_sent(struct runner *r, int rc, const struct rel_err *err)
{
	if (rc == 0)
		return RUN_LATER;
	return runner_fail(r, rc == -REL_E_DENIED ? OPSIM_UNEXPECTED :
	    OPSIM_TROUBLE, "%s", err->text);
}

enum run
runner_act(struct runner *r, json_t *rq, const struct rel_err *err)
{
	struct rel_err e = { .code = 0 };

	if (rq == NULL)
		return runner_unexpected(r, "%s", err->text);
	if (r->next == NULL)
		r->next = runner_answered;
	return runner_sent(r, panel_act(r->sim->panel, rq, r->times,
	    runner_on_panel, r, &e), &e);
}

enum run
runner_fetch(struct runner *r, const char *menu, const char *cursor)
{
	struct rel_err err = { .code = 0 };

	if (r->next == NULL)
		r->next = runner_answered;
	return runner_sent(r, panel_fetch(r->sim->panel, menu, cursor,
	    runner_on_panel, r, &err), &err);
}

enum run
runner_sleep(struct runner *r, int64_t ms, enum run (*next)(struct runner *r))
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	r->next = next;
	evtimer_add(r->timer, &tv);
	return RUN_LATER;
}

static const struct command *
find(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

/* "double CMD", "double-new CMD" and "try CMD" change how CMD runs. */
static void
take_prefixes(struct runner *r)
{
	while (r->nwords > 1) {
		if (strcmp(r->words[0], "double") == 0)
			r->times = PANEL_TWICE;
		else if (strcmp(r->words[0], "double-new") == 0)
			r->times = PANEL_TWICE_NEW;
		else if (strcmp(r->words[0], "try") == 0)
			r->trying = true;
		else
			return;
		r->nwords--;
		memmove(r->words, r->words + 1,
		    (size_t)r->nwords * sizeof r->words[0]);
	}
}

static enum run
run_now(struct runner *r)
{
	const struct command *c = find(r->words[0]);

	r->next = NULL;
	panel_touch(r->sim->panel);
	return c->run(r);
}

/* The menu a command needs is here (or no answer came). */
static enum run
run_with_menu(struct runner *r)
{
	runner_answered(r);
	return r->rc != 0 ? RUN_DONE : run_now(r);
}

static enum run
dispatch(struct runner *r)
{
	const struct command *c = find(r->words[0]);
	int n = r->nwords - 1;

	if (c == NULL)
		return runner_fail(r, OPSIM_USAGE, "no command is called %s",
		    r->words[0]);
	if (n < c->min || n > c->max)
		return runner_fail(r, OPSIM_USAGE, "usage: %s %s", c->name,
		    c->usage);
	if (!c->menu || r->sim->panel->menu.doc != NULL ||
	    r->sim->dev.off)
		return run_now(r);
	r->next = run_with_menu;
	return runner_fetch(r, NULL, NULL);
}

/* The line that was waited for becomes one more word. */
static enum run
run_more(struct runner *r, const char *line)
{
	size_t used = (size_t)(r->words[r->nwords - 1] - r->line) +
	    strlen(r->words[r->nwords - 1]) + 1;
	size_t n = strcspn(line, "\r\n");

	r->wants_more = false;
	r->more = true;
	if (used + n + 1 > sizeof r->line)
		return runner_fail(r, OPSIM_USAGE, "the line is too long");
	memcpy(r->line + used, line, n);
	r->line[used + n] = '\0';
	r->words[r->nwords++] = r->line + used;
	return run_now(r);
}

static enum run
run_line(struct runner *r, const char *line)
{
	if (r->wants_more)
		return run_more(r, line);
	rel_buf_reset(&r->out);
	rel_buf_reset(&r->why);
	r->rc = OPSIM_OK;
	r->more = false;
	if (strlen(line) >= sizeof r->line)
		return runner_fail(r, OPSIM_USAGE, "the line is too long");
	snprintf(r->line, sizeof r->line, "%s", line);
	r->line[strcspn(r->line, "\r\n")] = '\0';
	r->nwords = words_split(r->line, r->words);
	if (r->nwords < 0)
		return runner_fail(r, OPSIM_USAGE,
		    "a quote is open, or too many words");
	if (r->nwords == 0)
		return RUN_DONE;
	take_prefixes(r);
	return dispatch(r);
}

enum run
runner_line(struct runner *r, const char *line)
{
	enum run how;

	r->running = true;
	how = run_line(r, line);
	if (how == RUN_DONE)
		runner_end(r);
	if (how == RUN_MORE)
		r->wants_more = true;
	return how;
}
