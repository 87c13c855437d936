/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The menus that ask: a question of a rule, and who pays. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/menu_priv.h"

#define ACCOUNTS_A_MENU 25		/* of the 32 items a menu may have */

/* ---- a question of a rule */

static json_t *
action_answer(const struct job *j, const char *answer,
    const struct req_job *rest, size_t nrest)
{
	char id[24];
	json_t *o;

	ids_job_text(id, j->id);
	o = json_pack("{s:s,s:s,s:s}", "op", "answer", "job", id, "answer",
	    answer);
	if (o != NULL && nrest > 0)
		json_object_set_new(o, "jobs", menu_chosen(rest, nrest));
	return o;
}

static void
put_label(char *out, size_t size, const char *text, const char *value)
{
	const char *hole = strchr(text, '%');
	char whole[256];

	if (hole == NULL)
		snprintf(whole, sizeof whole, "%s", text);
	else
		snprintf(whole, sizeof whole, "%.*s%s%s", (int)(hole - text),
		    text, value, hole + 1);
	snprintf(out, size, "%.*s", (int)rel_utf8_cut(whole, size - 1),
	    whole);
}

static void
answer_buttons(json_t *items, const char *l, const struct job *j,
    const struct wait *w, const struct req_job *rest, size_t nrest)
{
	struct rel_rule_change change;
	char words[160], label[65];

	if (question_offers_change(w)) {
		question_change_get(&change, w->change);
		change_words(l, &change, words, sizeof words);
		put_label(label, sizeof label, word(l, "answer-changed"),
		    words);
		json_array_append_new(items, menu_button("changed", label,
		    "print", action_answer(j, "changed", rest, nrest)));
	}
	json_array_append_new(items, menu_button("as-is",
	    word(l, "answer-as-is"), "print", action_answer(j, "as-is", rest,
	    nrest)));
	json_array_append_new(items, menu_button("cancel",
	    word(l, "answer-cancel"), "delete", action_answer(j, "cancel",
	    rest, nrest)));
}

json_t *
menu_question(struct core *c, const struct session *s, const struct job *j,
    const struct wait *w, const struct req_job *rest, size_t nrest)
{
	json_t *items = json_array();
	struct notice n = { "warning", "" };
	char title[65];

	rel_text_clean(n.text, sizeof n.text, w->text);
	answer_buttons(items, s->locale, j, w, rest, nrest);
	put_label(title, sizeof title, "%", j->title);
	return menu_titled(menu_auto(menu_form("question", s->locale, &n,
	    items, "jobs"), c), title[0] != '\0' ? title : word(s->locale,
	    "untitled"));
}

/* ---- who pays */

static json_t *
action_account(const char *id)
{
	return json_pack("{s:s,s:s}", "op", "select-account", "account_id",
	    id);
}

json_t *
menu_accounts(struct core *c, const struct session *s, const char *cursor,
    const struct notice *n)
{
	json_t *items = json_array(), *all = panel_accounts(c, s), *more;
	size_t i = cursor != NULL ? strtoul(cursor, NULL, 10) : 0, to;
	char label[65], id[32], next[24];

	if (i >= json_array_size(all))
		i = 0;
	json_array_append_new(items, menu_button("own", word(s->locale,
	    "account-own"), "user", action_account("")));
	for (to = i + ACCOUNTS_A_MENU; i < to && i < json_array_size(all);
	    i++) {
		const json_t *o = json_array_get(all, i);

		put_label(label, sizeof label, "%", json_string_value(
		    json_object_get(o, "label")));
		snprintf(id, sizeof id, "account-%zu", i);
		json_array_append_new(items, menu_button(id, label, "ok",
		    action_account(json_string_value(json_object_get(o,
		    "id")))));
	}
	if (i < json_array_size(all)) {
		snprintf(next, sizeof next, "%zu", i);
		more = json_pack("{s:s,s:s,s:s}", "op", "menu", "menu",
		    "accounts", "cursor", next);
		json_array_append_new(items, menu_button("next", word(
		    s->locale, "next"), "next", more));
	}
	json_decref(all);
	return menu_titled(menu_auto(menu_form("accounts", s->locale, n,
	    items, "jobs"), c), word(s->locale, "accounts-title"));
}
