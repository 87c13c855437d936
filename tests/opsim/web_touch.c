/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/web_priv.h"

#include <stdio.h>
#include <string.h>
#include <sys/queue.h>

#include <event2/keyvalq_struct.h>

#define TYPED_MAX 200u

static const char *
value(const struct evkeyvalq *form, const char *name)
{
	const char *s = evhttp_find_header(form, name);

	return s != NULL ? s : "";
}

static bool
is_masked(const json_t *item)
{
	return json_is_true(json_object_get(item, "mask")) ||
	    strcmp(json_str_at(item, "kind", ""), "password") == 0;
}

/*
 * A field of the form.  What is masked is never sent back to the page, so
 * what comes is what was typed since and goes behind the rest.
 */
static void
take_field(struct menu *m, const char *id, const char *text)
{
	const json_t *item = menu_item(m, NULL, id);
	char all[TYPED_MAX * 2 + 1] = "";

	if (item == NULL || strlen(text) > TYPED_MAX)
		return;
	if (is_masked(item))
		snprintf(all, sizeof all, "%.200s%s", menu_typed(m, id),
		    text);
	else
		snprintf(all, sizeof all, "%s", text);
	menu_type(m, id, all);
	rel_wipe(all, sizeof all);
}

/* A key of the pad on the screen: a digit, or "del". */
static void
take_key(struct menu *m, const char *field, const char *key)
{
	char all[TYPED_MAX + 8];
	size_t n;

	snprintf(all, sizeof all, "%.200s", menu_typed(m, field));
	n = strlen(all);
	if (strcmp(key, "del") == 0)
		n = 0;
	else if (n < TYPED_MAX && strlen(key) == 1)
		all[n++] = key[0];
	all[n] = '\0';
	menu_type(m, field, all);
	rel_wipe(all, sizeof all);
}

/* Everything of the screen's form but what was pressed. */
static void
take_form(struct menu *m, const struct evkeyvalq *form)
{
	struct evkeyval *kv;

	if (value(form, "list")[0] != '\0')
		menu_pick(m, "none", true);
	if (value(form, "list")[0] != '\0')
		menu_pick(m, "all", false);
	TAILQ_FOREACH(kv, form, next) {
		if (strncmp(kv->key, "f.", 2) == 0)
			take_field(m, kv->key + 2, kv->value);
		else if (strcmp(kv->key, "row") == 0)
			menu_pick(m, kv->value, true);
	}
}

static bool
send_action(struct web *w, const json_t *action, panel_cb done, void *ctx)
{
	struct rel_err err = { .code = 0 };
	struct panel *p = w->sim->panel;
	json_t *rq = menu_request(&p->menu, action, &err);

	if (rq != NULL && panel_act(p, rq, PANEL_ONCE, done, ctx, &err) == 0)
		return true;
	snprintf(w->notice, sizeof w->notice, "%s", err.text);
	return false;
}

static bool
touch_press(struct web *w, const char *id, panel_cb done, void *ctx)
{
	json_t *made;
	const json_t *action = menu_press(&w->sim->panel->menu, id, &made);
	bool later = action != NULL && send_action(w, action, done, ctx);

	json_decref(made);
	return later;
}

/* The next page of the list. */
static bool
touch_more(struct web *w, panel_cb done, void *ctx)
{
	struct panel *p = w->sim->panel;
	const char *next = json_str_at(menu_item(&p->menu, "list", NULL),
	    "next", NULL);
	struct rel_err err;

	return next != NULL && panel_fetch(p, menu_name(&p->menu), next, done,
	    ctx, &err) == 0;
}

/* A card: log in; log out when somebody is logged in, as config says. */
static bool
touch_card(struct web *w, const char *card, panel_cb done, void *ctx)
{
	struct panel *p = w->sim->panel;
	const char *rule = state_str(&w->sim->st, "config.card.second_swipe",
	    "logout");
	bool in = p->session[0] != '\0' && !menu_asks_card(&p->menu), later;
	json_t *action;

	menu_swipe(&p->menu, card, json_at(w->sim->st.doc, "config.card"));
	if (in && strcmp(rule, "ignore") == 0)
		return false;
	/* Another person's log-in ends the session that is open. */
	if (strcmp(rule, "switch") == 0)
		in = false;
	action = in ? json_pack("{s:s, s:s}", "op", "logout", "reason",
	    "card") : menu_card_action(&p->menu);
	later = send_action(w, action, done, ctx);
	json_decref(action);
	return later;
}

static void
touch_fault(struct web *w, const struct evkeyvalq *form)
{
	const char *arg = value(form, "arg");
	struct rel_err err = { .code = 0 };
	char text[120];

	snprintf(text, sizeof text, "%s%.40s%s%.20s",
	    value(form, "always")[0] != '\0' ? "always:" : "",
	    value(form, "fault"), arg[0] != '\0' ? "=" : "", arg);
	if (opsim_fault(w->sim, text, &err) < 0)
		snprintf(w->notice, sizeof w->notice, "%s", err.text);
}

bool
web_touch(struct web *w, struct evhttp_request *req,
    const struct evkeyvalq *form, panel_cb done, void *ctx)
{
	struct panel *p = w->sim->panel;
	struct rel_err err = { .code = 0 };
	const char *s;

	(void)req;
	if ((s = value(form, "device"))[0] != '\0') {
		opsim_do(w->sim, s);
		return false;
	}
	if (value(form, "fault")[0] != '\0') {
		touch_fault(w, form);
		return false;
	}
	if (w->sim->dev.off || panel_busy(p))
		return false;
	panel_touch(p);
	if ((s = value(form, "swipe"))[0] != '\0')
		return touch_card(w, s, done, ctx);
	if (value(form, "again")[0] != '\0')
		return p->last != NULL ?
		    panel_again(p, done, ctx, &err) == 0 :
		    panel_fetch(p, NULL, NULL, done, ctx, &err) == 0;
	take_form(&p->menu, form);
	if ((s = value(form, "key"))[0] != '\0')
		take_key(&p->menu, value(form, "pad"), s);
	else if ((s = value(form, "tick"))[0] != '\0')
		menu_pick(&p->menu, "all", strcmp(s, "all") == 0);
	else if (value(form, "more")[0] != '\0')
		return touch_more(w, done, ctx);
	else if ((s = value(form, "press"))[0] != '\0')
		return touch_press(w, s, done, ctx);
	return false;
}
