/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_PANEL_H
#define OPSIM_PANEL_H

#include <stdbool.h>

#include <event2/event.h>

#include "tests/opsim/device.h"
#include "tests/opsim/faults.h"
#include "tests/opsim/https.h"
#include "tests/opsim/menu.h"

/*
 * The panel of the device: what it shows, who is logged in, and the requests
 * it makes.  One action at a time, as a finger does it.
 */
struct panel_env {		/* all borrowed */
	struct event_base *base;
	struct https *net;
	struct faults *faults;
	struct device *dev;
	const struct state *st;
	const char *locale;
};

/* What became of a request. */
struct panel_answer {
	long status;		/* HTTP; 0 when no answer came */
	bool replayed;
	json_t *body;		/* owned; NULL when none */
	char trouble[256];	/* "" or why there is no answer */
};

typedef void (*panel_cb)(void *ctx);

struct panel {
	struct panel_env env;
	struct menu menu;
	char session[64], person[128];
	json_t *functions;		/* of the session; owned; NULL none */
	json_t *pushed;			/* the session as the server pushed it;
					 * owned; NULL: it came inline */
	bool pending;			/* the server pushes one soon */
	int64_t menu_at_ms;		/* rel_mono_ms() of the last menu */
	struct panel_answer answers[2];	/* of the last action or fetch */
	unsigned nanswers;
	char *last;			/* body of the last action; owned */
	/* a request on its way */
	unsigned awaited;
	bool following, logging_out, is_action;
	panel_cb done;
	void *ctx;
	struct event *late, *idle;
};

enum panel_times { PANEL_ONCE, PANEL_TWICE, PANEL_TWICE_NEW };

struct panel *panel_new(const struct panel_env *env);
void panel_free(struct panel **pp);

/* A request is on its way, or the device is off: touch has no effect. */
bool panel_busy(const struct panel *p);

/*
 * Ask for a menu (NULL: the one that belongs to the state), from a cursor of
 * its list or NULL.  done comes once; -REL_E_EXISTS when busy.
 */
int panel_fetch(struct panel *p, const char *menu, const char *cursor,
    panel_cb done, void *ctx, struct rel_err *err);

/* Send an action; rq is taken; gets session_id and a new request_id. */
int panel_act(struct panel *p, json_t *rq, enum panel_times times,
    panel_cb done, void *ctx, struct rel_err *err);

/* The last action again, byte for byte. */
int panel_again(struct panel *p, panel_cb done, void *ctx,
    struct rel_err *err);

/* A person touched the panel: the time to the automatic log-out restarts. */
void panel_touch(struct panel *p);

/* Power was cut: nobody is logged in, nothing is shown. */
void panel_blank(struct panel *p);

/*
 * The server opens a session here, or changes the one that is open (s is the
 * whole session, borrowed); it ends the session that is open.
 */
void panel_session_put(struct panel *p, json_t *s);
void panel_session_end(struct panel *p);

/*
 * A word for what became of the last request: result, reason, codes of jobs
 * or the problem's code ("partial accepted quota-exceeded"), both answers
 * when it was sent twice.
 */
void panel_result(const struct panel *p, struct rel_buf *out);

/* Menu, person, trouble, last result: everything a person could see. */
void panel_draw(const struct panel *p, struct rel_buf *out);

/* The server could not be reached, or said something that is no OPDP. */
bool panel_trouble(const struct panel *p, struct rel_err *err);

#endif
