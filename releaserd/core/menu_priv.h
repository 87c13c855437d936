/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef MENU_PRIV_H
#define MENU_PRIV_H

#include "releaserd/core/access.h"
#include "releaserd/core/panel_priv.h"

/* The parts menus are made of (menu.c). Each takes the references it gets. */
json_t *menu_button(const char *id, const char *label, const char *icon,
    json_t *action);
json_t *menu_action_login(const char *method);
json_t *menu_action_menu(const char *menu);
json_t *menu_field(const char *id, const char *kind, const char *label,
    int min, int max);
/* The frame of every menu; takes items and keys. */
json_t *menu_make(const char *name, const char *locale,
    const struct notice *n, json_t *items, json_t *keys);
json_t *menu_form(const char *name, const char *locale,
    const struct notice *n, json_t *items, const char *back);
json_t *menu_titled(json_t *m, const char *title);
json_t *menu_value(const char *what, const char *label);
json_t *menu_choice(const char *id, const char *label, const char *now,
    json_t *values);

/* n; or, when there is nothing to say, what is wrong with the device, in own;
 * or NULL. */
const struct notice *menu_trouble(struct core *c, const char *device,
    const char *locale, const struct notice *n, struct notice *own);

/* The chosen jobs as an action names them: [{"id":"j-..."}, ...]. */
json_t *menu_chosen(const struct req_job *jobs, size_t n);

/* ---- panel_access.c */
/* An item of a function: as it is, leading to the proof its template asks for,
 * or not at all. */
void menu_put(struct core *c, const struct session *s, enum function f,
    json_t *items, json_t *item);
/* What the device itself does. */
void menu_natives(struct core *c, const struct session *s, json_t *items);
/* Every menu of a session logs out when nobody touches it for PanelTimeout. */
json_t *menu_auto(json_t *m, const struct core *c);

#endif
