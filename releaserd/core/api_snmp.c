/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* SNMP credentials in the local API; what is secret is never shown again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "lib/ranges.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/snmp_access.h"
#include "releaserd/snmp_words.h"

#define USM_PASSWORD_MIN 8u		/* RFC 3414 11.2 */

static const char *const kinds[] = { "read", "read-write" };

static json_t *
snmp_json(const struct core *c, const struct snmp_row *r)
{
	struct snmp_secret s;
	bool opens = snmp_secret_open(c, r, &s) == 0;
	json_t *o = json_pack("{s:s,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:b,"
	    "s:b,s:b,s:o,s:s}", "name", r->name, "position",
	    (json_int_t)r->pos, "kind", kinds[r->kind == SNMP_READ_WRITE],
	    "version", snmp_version_word((int)r->version), "user", r->user,
	    "auth", snmp_auth_word((int)r->auth), "priv",
	    snmp_priv_word((int)r->priv), "context", r->context, "addresses",
	    r->ranges, "has_community", s.community[0] != '\0',
	    "has_auth_password", s.auth[0] != '\0', "has_priv_password",
	    s.priv[0] != '\0', "readable", opens, "changed_at",
	    json_time(r->changed_ms), "changed_by", r->by);

	rel_wipe(&s, sizeof s);
	return o;
}

static void
snmp_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct snmp_row *r;
	json_t *rows;

	(void)rq;
	if (api_admin(c, a, who) < 0)
		return;
	rows = json_array();
	for (size_t i = 0; (r = snmp_set_at(c, i)) != NULL; i++)
		json_array_append_new(rows, snmp_json(c, r));
	api_answer_list(c, a, "credentials", rows, NULL);
}

void
api_snmp_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, snmp_list);
}

/* ---- changes */

/* What the body says, over what is there; NULL, or the field at fault. */
static const char *
words_take(const struct request *rq, struct snmp_row *r)
{
	const char *s;
	int v;

	if ((s = req_str(rq, F_VERSION)) != NULL) {
		if ((v = snmp_version_of(s)) < 0)
			return "version";
		r->version = v;
	}
	if ((s = req_str(rq, F_AUTH)) != NULL) {
		if ((v = snmp_auth_of(s)) < 0)
			return "auth";
		r->auth = v;
	}
	if ((s = req_str(rq, F_PRIV)) != NULL) {
		if ((v = snmp_priv_of(s)) < 0)
			return "priv";
		r->priv = v;
	}
	if ((s = req_str(rq, F_KIND)) != NULL) {
		if (strcmp(s, kinds[0]) != 0 && strcmp(s, kinds[1]) != 0)
			return "kind";
		r->kind = strcmp(s, kinds[1]) == 0 ? SNMP_READ_WRITE :
		    SNMP_READ;
	}
	return NULL;
}

static void
texts_take(const struct request *rq, struct snmp_row *r,
    struct snmp_secret *s)
{
	const struct {
		enum req_field field;
		char *out;
		size_t size;
	} all[] = {
		{ F_OF_USER, r->user, sizeof r->user },
		{ F_CONTEXT, r->context, sizeof r->context },
		{ F_ADDRESSES, r->ranges, sizeof r->ranges },
		{ F_COMMUNITY, s->community, sizeof s->community },
		{ F_AUTH_PASSWORD, s->auth, sizeof s->auth },
		{ F_PRIV_PASSWORD, s->priv, sizeof s->priv }
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (req_str(rq, all[i].field) != NULL)
			snprintf(all[i].out, all[i].size, "%s",
			    req_str(rq, all[i].field));
	r->pos = req_num(rq, F_POSITION, r->pos);
}

/* A set of v3: what is missing or too much; NULL. */
static const char *
usm_fault(const struct snmp_row *r, const struct snmp_secret *s,
    const char **field)
{
	*field = "user";
	if (r->user[0] == '\0')
		return "version 3 needs a user";
	*field = "priv";
	if (r->priv != SNMP_NOPRIV && r->auth == SNMP_NOAUTH)
		return "priv needs auth as well (RFC 3414)";
	*field = "auth_password";
	if (r->auth != SNMP_NOAUTH && strlen(s->auth) < USM_PASSWORD_MIN)
		return "the password of auth has 8 characters or more";
	*field = "priv_password";
	if (r->priv != SNMP_NOPRIV && strlen(s->priv) < USM_PASSWORD_MIN)
		return "the password of priv has 8 characters or more";
	return NULL;
}

/* As it is to be: 0, or answered. */
static int
set_check(struct core *c, struct asker *a, struct snmp_row *r,
    struct snmp_secret *s)
{
	struct rel_ranges *ranges = malloc(sizeof *ranges);
	struct rel_err err = { 0 };
	const char *field = "addresses", *why = NULL;

	if (ranges == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return -1;
	}
	if (rel_ranges_read(ranges, r->ranges, true, &err) < 0)
		why = err.text;
	else
		rel_ranges_fini(ranges);
	free(ranges);
	if (why == NULL && r->version == SNMP_V3) {
		why = usm_fault(r, s, &field);
		s->community[0] = '\0';
	} else if (why == NULL) {
		field = "community";
		if (s->community[0] == '\0')
			why = "versions 1 and 2c need a community";
		r->auth = r->priv = 0;
		r->user[0] = r->context[0] = '\0';
	}
	if (r->auth == SNMP_NOAUTH)
		s->auth[0] = '\0';
	if (r->priv == SNMP_NOPRIV)
		s->priv[0] = '\0';
	if (why != NULL)
		reply_field(c, a, "bad-request", field, why);
	return why != NULL ? -1 : 0;
}

static void
set_save(struct core *c, struct asker *a, const struct caller *who,
    const struct snmp_row *r, bool is_new)
{
	struct rel_err err;
	int rc;

	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_snmp_set(c->st, r)) < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, is_new ? "snmp-credentials-added" :
	    "snmp-credentials-changed", r->name);
	snmp_sets_changed(c);
	reply_json(c, a, is_new ? 201 : 200, json_pack("{s:s}", "name",
	    r->name));
}

/* What the body makes of r; answered in any case. */
static void
set_change(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct snmp_row *r)
{
	bool is_new = rq->route == API_SNMP_ADD;
	struct snmp_secret s = { "", "", "" };
	const char *wrong;
	int rc;

	if (!is_new && snmp_secret_open(c, r, &s) < 0)
		memset(&s, 0, sizeof s);	/* to be typed anew */
	wrong = words_take(rq, r);
	texts_take(rq, r, &s);
	r->changed_ms = rel_now_ms();
	snprintf(r->by, sizeof r->by, "%.83s", who->name);
	if (wrong != NULL)
		reply_field(c, a, "bad-request", wrong, "this is none of the "
		    "words it can be");
	else if (set_check(c, a, r, &s) == 0) {
		if ((rc = snmp_secret_seal(c, &s, r)) < 0)
			reply_broken(c, a, rc);
		else
			set_save(c, a, who, r, is_new);
	}
	rel_wipe(&s, sizeof s);
}

static void
snmp_add(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct snmp_row r = { .pos = 100, .version = SNMP_V3 };
	const char *name = req_str(rq, F_NAME), *why = NULL;

	if (api_admin(c, a, who) < 0)
		return;
	if (snmp_set_named(c, name) != NULL)
		why = "there are credentials of that name";
	else if (snmp_set_at(c, SNMP_SETS_MAX - 1) != NULL)
		why = "there are as many as can be";
	if (why != NULL) {
		reply_field(c, a, "bad-request", "name", why);
		return;
	}
	r.id = ids_next(c);
	snprintf(r.name, sizeof r.name, "%s", name);
	rel_fold(r.key, r.name, strlen(r.name) + 1);
	set_change(c, rq, a, who, &r);
}

void
api_snmp_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, snmp_add);
}

/* That of the path, or NULL and answered. */
static const struct snmp_row *
set_of_path(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct snmp_row *r;

	if (api_admin(c, a, who) < 0)
		return NULL;
	if ((r = snmp_set_named(c, req_str(rq, F_ID))) == NULL)
		reply_problem(c, a, "not-found", 0,
		    "there are no SNMP credentials \"%s\"", req_str(rq, F_ID));
	return r;
}

static void
snmp_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct snmp_row *old = set_of_path(c, rq, a, who);
	struct snmp_row r;

	if (old == NULL)
		return;
	r = *old;
	set_change(c, rq, a, who, &r);
}

void
api_snmp_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, snmp_set);
}

static void
snmp_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct snmp_row *r = set_of_path(c, rq, a, who);
	struct rel_err err;
	int rc;

	if (r == NULL)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_snmp_del(c->st, r->id)) < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, "snmp-credentials-removed", r->name);
	devices_forget_all(c);		/* they may have been theirs */
	snmp_sets_changed(c);
	reply_text(c, a, 204, NULL, 0);
}

void
api_snmp_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, snmp_del);
}
