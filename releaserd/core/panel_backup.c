/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What the backup password opens at a panel: what holds while a directory is
 * away, and who is locked out; and both can be changed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/directories.h"
#include "releaserd/core/menu_priv.h"
#include "releaserd/core/offline.h"

#define SHOWN_MAX 12			/* of each kind */

/* ---- what it shows */

static json_t *
choose(const char *what, const char *of)
{
	char choice[200];

	snprintf(choice, sizeof choice, "%s:%s", what, of);
	return json_pack("{s:s,s:s}", "op", "security", "choice", choice);
}

static void
put_text(json_t *items, const char *text)
{
	json_array_append_new(items, json_pack("{s:s,s:s,s:s}", "type",
	    "message", "level", "info", "text", text));
}

static void
put_directory(struct core *c, const char *l, json_t *items,
    const struct directory_row *r)
{
	static const char *const policies[] = { "deny", "cached", "local" };
	const struct directory *d = directories_settings(c, r->id);
	char text[300], id[40], key[24];

	if (d == NULL)
		return;
	snprintf(key, sizeof key, "offline-%s", policies[d->offline]);
	snprintf(text, sizeof text, "%s: %s. %s", r->name, word(l,
	    directories_away(c, r->id) ? "is-away" : "answers"),
	    word(l, key));
	put_text(items, text);
	for (size_t i = 0; i < 3; i++) {
		if ((int64_t)i == d->offline)
			continue;
		snprintf(key, sizeof key, "set-%s", policies[i]);
		snprintf(id, sizeof id, "%.8s-%lld", policies[i],
		    (long long)r->pos);
		snprintf(text, sizeof text, "%s: %s", r->name, word(l, key));
		json_array_append_new(items, menu_button(id, text, "options",
		    choose(policies[i], r->name)));
	}
}

struct rows {
	struct core *c;
	json_t *items;
	const char *locale;
	int n;
};

static bool
lockout_row(const char *subject, const struct lockout *l, void *ctx)
{
	struct rows *w = ctx;
	char text[200], id[40];
	struct device d;
	const char *name = subject + 2;

	(void)l;
	/* Its own lock-out nobody ends with it. */
	if (strlen(subject) < 3 || subject[0] == 'b' || w->n == SHOWN_MAX)
		return w->n < SHOWN_MAX;
	if ((subject[0] == 'd' || subject[0] == 'p') &&
	    store_device_get(w->c->st, name, &d) == 0)
		name = d.name;
	snprintf(id, sizeof id, "unlock-%d", ++w->n);
	snprintf(text, sizeof text, "%s: %.100s", word(w->locale, "unlock-it"),
	    name);
	json_array_append_new(w->items, menu_button(id, text, "lock",
	    choose("unlock", subject)));
	return true;
}

json_t *
menu_security(struct core *c, const struct session *s,
    const struct notice *n)
{
	struct rows w = { c, json_array(), s->locale, 0 };
	const struct directory_row *r;
	struct notice hint = { "warning", "" };
	json_t *m;

	snprintf(hint.text, sizeof hint.text, "%s", word(s->locale,
	    "backup-open"));
	for (size_t i = 0; i < SHOWN_MAX && (r = directories_at(c, i)) != NULL;
	    i++)
		put_directory(c, s->locale, w.items, r);
	(void)store_lockout_list(c->st, rel_now_ms(), SHOWN_MAX + 1,
	    lockout_row, &w);
	if (w.n == 0)
		put_text(w.items, word(s->locale, "none-locked"));
	json_array_append_new(w.items, menu_button("logout", word(s->locale,
	    "log-out"), "logout", json_pack("{s:s}", "op", "logout")));
	m = menu_make("security", s->locale, n != NULL ? n : &hint, w.items,
	    json_pack("{s:n,s:{s:s}}", "back", "logout", "op", "logout"));
	json_object_set_new(m, "session", access_session(c, s));
	return menu_titled(menu_auto(m, c), word(s->locale,
	    "backup-title"));
}

/* ---- what it does: "cached:school", "unlock:u:anna" */

static int
unlock(struct core *c, const char *subject, const char *by)
{
	struct rel_err err;
	int rc;

	if (strlen(subject) < 3 || strchr("udpha", subject[0]) == NULL ||
	    subject[1] != ':' || lockout_state(c, subject) == 0)
		return -REL_E_NOTFOUND;
	if ((rc = lockout_end(c, subject)) < 0 ||
	    (rc = core_write(c, &err)) < 0)
		return rc;
	return store_audit(c->st, rel_now_ms(), by, "unlocked", subject) < 0 ?
	    core_spoil(c, -REL_E_IO) : 0;
}

static int
chosen(struct touch *t, const char *choice)
{
	const char *arg = strchr(choice, ':');
	const struct directory_row *r;
	char by[100], what[16];

	snprintf(by, sizeof by, "backup:%.76s", t->d->name);
	if (arg == NULL || arg - choice >= (ptrdiff_t)sizeof what)
		return -REL_E_NOTFOUND;
	snprintf(what, sizeof what, "%.*s", (int)(arg - choice), choice);
	if (strcmp(what, "unlock") == 0)
		return unlock(t->c, arg + 1, by);
	if ((r = directories_named(t->c, arg + 1)) == NULL)
		return -REL_E_NOTFOUND;
	return offline_choose(t->c, r, what, by);
}

void
panel_security(struct touch *t, struct asker *a)
{
	const char *choice = req_str(t->rq, F_CHOICE);
	struct notice n = { "info", "" };
	int rc;

	if (!session_is_backup(t->s)) {
		reply_problem(t->c, a, "forbidden", 0,
		    "only the backup password opens this");
		return;
	}
	rc = choice != NULL ? chosen(t, choice) : 0;
	if (rc < 0 && rc != -REL_E_NOTFOUND && rc != -REL_E_FORMAT) {
		reply_broken(t->c, a, rc);
		return;
	}
	if (choice != NULL)
		snprintf(n.text, sizeof n.text, "%s", word(t->s->locale,
		    rc == 0 ? "changed" : "not-there"));
	if (rc < 0)
		n.level = "warning";
	reply_json(t->c, a, 200, json_pack("{s:s,s:o}", "result", "ok", "menu",
	    menu_security(t->c, t->s, choice != NULL ? &n : NULL)));
}
