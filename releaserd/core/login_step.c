/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Log-ins of several steps.  What is proven stays with a session that is half
 * done, one a device, until the template of the panel is satisfied; one person
 * through all steps.  Somebody who is logged in can prove more in the same way.
 */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/backup.h"
#include "releaserd/core/login_priv.h"
#include "releaserd/core/login_step.h"
#include "releaserd/core/offline.h"
#include "releaserd/core/panel_lock.h"

/* As long as nobody wants anything else, every block that says who it is. */
static unsigned
kinds_of_all(void)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < BLOCKS; i++)
		if (!block_is_of_nobody((enum block)i) && i != BLOCK_BACKUP)
			kinds |= 1u << i;
	return kinds;
}

static unsigned
kinds_asked(struct core *c, int64_t template, const struct session *s,
    unsigned *asks)
{
	const struct template *t = template_of(c, template);
	unsigned kinds = 0;

	if (template == 0)
		return kinds_of_all();
	if (t == NULL || template_answer(c, template, s, asks) !=
	    TEMPLATE_MORE)
		return 0;
	for (unsigned i = 0; i < t->nblocks; i++)
		if ((*asks >> i & 1) != 0)
			kinds |= 1u << t->block[i].block;
	return kinds;
}

unsigned
login_method_kinds(const char *method)
{
	static const struct {
		const char *method;
		unsigned kinds;
	} all[] = {
		{ "card", BLOCK_CARDS }, { "card+pin", BLOCK_CARDS },
		{ "id-number", BLOCK_BIT(BLOCK_ID_NUMBER) },
		{ "password", BLOCK_PASSWORDS }, { "qr", BLOCK_CODES },
		{ "device-password", BLOCK_BIT(BLOCK_DEVICE_PASSWORD) },
		{ "device-pin", BLOCK_BIT(BLOCK_DEVICE_PIN) },
		{ "backup", BLOCK_BIT(BLOCK_BACKUP) }
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i].method, method) == 0)
			return all[i].kinds;
	return 0;
}

/* ---- where a request goes on */

static struct session *
place_session(struct core *c, const char *id, const char *device, bool up)
{
	return up ? session_find(c, id, device) : session_half(c, id, device);
}

struct login_place
login_place(struct core *c, const struct request *rq, const struct device *d)
{
	const char *step = req_str(rq, F_STEP);
	const char *name = req_str(rq, F_TEMPLATE);
	const struct template *t = NULL;
	struct login_place at = { .locked = d->locked_ms != 0 ? d : NULL };

	at.up = name != NULL && name[0] != '\0';
	if (at.up) {
		t = template_named(c, name);
		at.template = t != NULL ? t->id : -1;
		step = req_str(rq, F_SESSION_ID);
	} else {
		at.template = access_panel_template(c, d);
	}
	if (step != NULL && step[0] != '\0')
		at.s = place_session(c, step, d->id, at.up);
	if (at.s != NULL && !at.up)
		at.template = access_panel_of(c, at.s);
	if (at.up && t == NULL)
		at.s = NULL;
	at.lost = at.s == NULL && (at.up || (step != NULL &&
	    step[0] != '\0'));
	if (at.lost) {
		at.up = false;
		at.template = access_panel_template(c, d);
	}
	return at;
}

void
login_asked(struct core *c, const struct login_place *at, const char *locale,
    struct login_ask *out)
{
	const struct template *t = template_of(c, at->template);

	memset(out, 0, sizeof *out);
	snprintf(out->locale, sizeof out->locale, "%s", at->s != NULL ?
	    at->s->locale : locale);
	out->asked_by = at->template;
	out->kinds = kinds_asked(c, at->template, at->s, &out->asks);
	/* Whatever the template asks for: it is for when nothing else works. */
	if (at->s == NULL && !at->up && backup_enabled(c))
		out->kinds |= BLOCK_BIT(BLOCK_BACKUP);
	out->locked = at->s == NULL && at->locked != NULL;
	if (out->locked)
		out->kinds |= panel_lock_kinds(c, at->locked);
	out->known = at->s != NULL && at->s->user.id != 0;
	if (at->up && t != NULL)
		memcpy(out->template, t->name, sizeof out->template);
	else if (at->s != NULL)
		memcpy(out->step, at->s->id, sizeof out->step);
}

/* The same of a log-in that may have waited for an agent. */
static struct login_place
place_of(struct core *c, const struct pending_login *p)
{
	struct login_place at = { .template = p->template, .up = p->up,
	    .locked = panel_lock_of(c, p->from) };

	if (p->step[0] != '\0')
		at.s = place_session(c, p->step, p->from, p->up);
	if (p->step[0] != '\0' && at.s == NULL) {
		at.lost = true;
		at.up = false;
	}
	return at;
}

json_t *
login_menu(struct core *c, const struct pending_login *p, const char *name,
    const struct notice *n)
{
	struct login_place at = place_of(c, p);
	struct login_ask ask;

	login_asked(c, &at, p->locale, &ask);
	return strcmp(name, "register-card") == 0 ? menu_register(c, &ask, n) :
	    menu_asked(c, &ask, name, n);
}

/* The one directory whose passwords are asked; 0: others count, too. */
static int64_t
only_directory(const struct core *c, const struct login_ask *ask)
{
	const struct template *t = template_of(c, ask->asked_by);
	int64_t only = 0;

	for (unsigned i = 0; t != NULL && i < t->nblocks; i++) {
		const struct proof *b = &t->block[i];

		if ((ask->asks >> i & 1) == 0 || !block_is_password(b->block))
			continue;
		if (b->directory == 0 || (only != 0 && only != b->directory))
			return 0;
		only = b->directory;
	}
	return only;
}

const char *
login_begin(struct core *c, const struct request *rq, const struct device *d,
    struct pending_login *p)
{
	struct login_place at = login_place(c, rq, d);
	struct login_ask ask;

	p->template = at.template;
	p->up = at.up;
	if (at.lost)
		return "step-over";
	if (at.s != NULL) {
		memcpy(p->step, at.s->id, sizeof p->step);
		p->proven = at.s->user;
		session_touch(c, at.s);
	}
	login_asked(c, &at, p->locale, &ask);
	p->only_directory = p->registers ? 0 : only_directory(c, &ask);
	return !p->registers && (ask.kinds & login_method_kinds(p->method)) ==
	    0 ? "not-allowed-here" : NULL;
}

/* ---- what has been proven */

/* Somebody else than in the steps before? */
bool
login_is_other(const struct pending_login *p)
{
	return p->proven.id != 0 && !p->nobody &&
	    p->user.id != p->proven.id;
}

/* The session as it is with what p has proven; NULL: no memory. */
static struct session *
proven(struct core *c, const struct pending_login *p, struct session *s)
{
	static const struct proof card = { BLOCK_CARD, 0 };

	if (s == NULL)
		s = session_open(c, p->from, &p->user, p->method, p->locale);
	else if (!p->nobody)
		session_is_of(s, &p->user);
	if (s == NULL)
		return NULL;
	session_prove(s, &p->proof);
	if (p->registers)
		session_prove(s, &card);
	session_keep(c, s);
	return s;
}

/* Is this what the step asks for? */
static bool
was_asked(struct core *c, const struct pending_login *p,
    const struct session *s)
{
	const struct template *t = template_of(c, p->template);
	unsigned asks = 0;

	if (p->template == 0 || p->registers)
		return true;
	return t != NULL && template_answer(c, p->template, s, &asks) ==
	    TEMPLATE_MORE && template_takes(t, asks, &p->proof);
}

static void
refused(struct core *c, const struct pending_login *p, struct session *half,
    const char *what)
{
	login_audit(c, p->user.id != 0 ? p->user.key : p->from, what, p->from);
	if (half != NULL && half->half)
		session_close(c, half);
	p->way->denied(c, p, "not-allowed-here");
}

static void
more_needed(struct core *c, const struct pending_login *p, struct session *s,
    int64_t template)
{
	struct login_place at = { .s = s, .template = template,
	    .up = p->up };
	struct notice n = { "info", "" };
	struct login_ask ask;

	s->half = s->half || !p->up;
	session_touch(c, s);
	login_asked(c, &at, p->locale, &ask);
	snprintf(n.text, sizeof n.text, "%s", word(ask.locale,
	    "more-needed"));
	login_refuse(c, &p->a, "more-needed", menu_asked(c, &ask, "login",
	    &n));
}

void
login_open(struct core *c, const struct pending_login *p)
{
	struct session *s = place_of(c, p).s;
	enum template_answer got = TEMPLATE_OPEN;
	int64_t template;

	if (p->step[0] != '\0' && s == NULL) {
		p->way->denied(c, p, "step-over");
		return;
	}
	if (panel_lock_opens(c, p))
		return;
	if (!p->nobody && !block_is_password(p->proof.block) &&
	    !offline_card_ok(c, &p->user)) {
		p->way->denied(c, p, "backend-unavailable");
		return;
	}
	if (login_is_other(p)) {
		login_audit(c, p->proven.key, "login-other-person",
		    p->user.key);
		login_wrong(c, p);
		return;
	}
	if (!was_asked(c, p, s)) {
		refused(c, p, NULL, "login-not-asked");
		return;
	}
	if ((s = proven(c, p, s)) == NULL) {
		reply_problem(c, &p->a, "internal", 0, "no memory");
		return;
	}
	/* Now that it is known who it is, it may be another one. */
	template = p->up ? p->template : access_panel_of(c, s);
	if (template != 0)
		got = template_answer(c, template, s, NULL);
	if (got == TEMPLATE_MORE) {
		more_needed(c, p, s, template);
	} else if (got != TEMPLATE_OPEN) {
		s->half = s->half || !p->up;
		refused(c, p, s, "login-not-allowed");
	} else {
		s->half = false;
		login_opened(c, p, s);
	}
}
