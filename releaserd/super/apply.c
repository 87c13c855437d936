/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * New settings while releaserd runs, from the local API and from SIGHUP: all
 * of them are checked and new ports are open before anything changes.  Nothing
 * that is at work is cut: connections keep the listener's place they have, a
 * role that is one too many ends in good order, transfers are not touched.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "releaserd/super/super.h"

/*
 * What the roles are told: the file, but settings that wait for the next
 * start as they are in force.
 */
static int
plan_effective(const struct super *s, struct plan *p, const void *text,
    size_t len, struct rel_err *err)
{
	char values[ADMIN_CHANGES_MAX][REL_CONF_TEXT_MAX];
	struct rel_conf_change ch[ADMIN_CHANGES_MAX];
	const struct rel_conf_table *t = &settings_table;
	struct rel_conf_edit e = { .t = t, .text = text, .len = len, .ch = ch };
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < t->n && n < ADMIN_CHANGES_MAX; i++) {
		if (settings_effect(i) != EFFECT_START ||
		    rel_conf_same(&t->items[i], &s->set, &p->file))
			continue;
		rel_conf_text(&t->items[i], &s->set, values[n]);
		ch[n].item = i;
		ch[n].value = values[n];
		n++;
	}
	rel_buf_init(&p->text);
	e.n = n;
	if ((rc = rel_conf_edit(&e, &p->text, err)) < 0)
		return rc;
	return settings_parse(&p->set, p->text.data, p->text.len,
	    s->conf_path, err);
}

int
plan_make(struct super *s, struct plan *p, const void *text, size_t len,
    bool try_only, struct rel_err *err)
{
	const char *directive = "";
	struct rel_err why;
	int rc;

	memset(p, 0, sizeof *p);
	p->item = ADMIN_NO_ITEM;
	if ((rc = settings_parse(&p->file, text, len, s->conf_path,
	    err)) < 0)
		return rc;
	if ((rc = super_check(&p->file, &directive, &why)) < 0) {
		p->item = (unsigned)settings_find(directive);
		return rel_err_set(err, REL_E_FORMAT, "%s: %s", directive,
		    why.text);
	}
	if ((rc = plan_effective(s, p, text, len, err)) < 0)
		return rc;
	p->ports = settings_differ(&s->set, &p->set, EFFECT_PORTS) != NULL;
	if (!p->ports)
		return 0;
	if ((rc = listen_change(s, &p->set, &p->on, try_only, err)) < 0)
		p->item = (unsigned)settings_find(strcmp(p->set.listen,
		    s->set.listen) != 0 ? "Listen" : "HttpsPort");
	return rc;
}

void
plan_fini(struct plan *p)
{
	listen_close_https(&p->on);
	rel_buf_fini(&p->text);
}

static void
plan_log_waiting(const struct plan *p)
{
	const struct rel_conf_table *t = &settings_table;

	for (size_t i = 0; i < t->n; i++)
		if (settings_effect(i) == EFFECT_START &&
		    !rel_conf_same(&t->items[i], &p->file, &p->set))
			rel_log(REL_WARN, "this setting takes effect at the "
			    "next start", "setting=%s", t->items[i].name);
}

int
plan_take(struct super *s, struct plan *p, struct rel_err *err)
{
	uint8_t *text = malloc(p->text.len + 1);
	bool processes;

	if (text == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	memcpy(text, p->text.data, p->text.len);
	blob_fini(&s->conf);
	s->conf.data = text;
	s->conf.len = p->text.len;
	processes = settings_differ(&s->set, &p->set, EFFECT_PROCESSES) !=
	    NULL;
	s->set = p->set;
	rel_log_level((enum rel_level)s->set.log_level);
	children_tell(s, IPC_RELOAD, s->conf.data, s->conf.len);
	if (p->ports) {
		listen_swap(s, &p->on);
		children_listen(s);
	}
	if (processes)
		children_resize(s);
	plan_log_waiting(p);
	rel_log(REL_NOTICE, "configuration read again", "file=%s",
	    s->conf_path);
	return 0;
}
