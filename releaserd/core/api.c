/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The local API (doc/local-api.md): the caller, roles, and the state of the
 * server.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "releaserd/core/backup.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/store_guest.h"
#include "releaserd/core/access.h"
#include "releaserd/core/admin.h"

/* A token is good in the WebTimeout it was made in, and in the next. */
static int64_t
form_slot(const struct core *c)
{
	return rel_now_ms() / c->role->set.web_timeout_ms;
}

/* What a form must bring back: nobody else's page can know it. */
static void
form_token(char out[33], const struct core *c, const struct caller *who,
    int64_t slot)
{
	uint8_t mac[32];
	char text[120];
	int n = snprintf(text, sizeof text, "%lld %s", (long long)slot,
	    who->key);

	keys_mac(mac, c->form_key, text, (size_t)n);
	rel_hex(out, mac, 16);
}

static bool
form_token_ok(const struct core *c, const struct caller *who,
    const char *token)
{
	int64_t now = form_slot(c);
	char want[33];
	bool ok = false;

	if (token == NULL || strlen(token) != 32)
		return false;
	for (int64_t d = now; d >= now - 1; d--) {
		form_token(want, c, who, d);
		ok |= CRYPTO_memcmp(want, token, 32) == 0;
	}
	return ok;
}

/* What the caller may change alone: ["card", "pin", ...]. */
static json_t *
self_service(const struct core *c)
{
	static const char *const words[] = { "card", "pin", "number",
	    "password", "code" };
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (settings_word(c->role->set.self_service, words[i]))
			json_array_append_new(list, json_string(words[i]));
	return list;
}

static void
me_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	char token[33];
	struct user u;
	json_t *o;
	int rc = store_user_get(c->st, who->key, &u);

	if (rc < 0 && rc != -REL_E_NOTFOUND) {
		reply_broken(c, a, rc);
		return;
	}
	o = rc == 0 ? user_json(c, &u) : json_pack("{s:s,s:s}", "name",
	    who->name, "display", who->name);
	form_token(token, c, who, form_slot(c));
	if (o != NULL) {
		json_object_set_new(o, "known", json_boolean(rc == 0));
		json_object_set_new(o, "role",
		    json_string(who_role_name(who->role)));
		json_object_set_new(o, "self_service", self_service(c));
		json_object_set_new(o, "closed", access_closed_pages(c, who));
		json_object_set_new(o, "approves", json_boolean(
		    api_may_approve(c, who)));
		json_object_set_new(o, "invites", json_boolean(
		    api_is_host(c, who) == 1));
		json_object_set_new(o, "backup_enabled", json_boolean(
		    rq->caller == CALLER_LOCAL && backup_enabled(c)));
		json_object_set_new(o, "backup_until", json_time(
		    backup_until_ms(c, rq, who)));
		json_object_set_new(o, "csrf", json_string(token));
		json_object_set_new(o, "csrf_ok", json_boolean(form_token_ok(
		    c, who, req_str(rq, F_CSRF))));
	}
	reply_json(c, a, 200, o);
}

void
api_me_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, me_get);
}

/* ---- roles */

static bool
role_row(const struct role_row *r, void *ctx)
{
	json_array_append_new(ctx, json_pack("{s:s,s:s,s:s,s:o}", "name",
	    r->name, "role", who_role_name((enum caller_role)r->role),
	    "given_by", r->given_by, "given_at", json_time(r->given_ms)));
	return true;
}

static void
role_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	json_t *rows;
	int rc;

	(void)rq;
	if (api_admin(c, a, who) < 0)
		return;
	rows = json_array();
	if ((rc = store_role_list(c->st, role_row, rows)) < 0) {
		json_decref(rows);
		reply_broken(c, a, rc);
		return;
	}
	api_answer_list(c, a, "roles", rows, NULL);
}

void
api_role_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, role_list);
}

static int
role_read(struct core *c, const struct request *rq, struct asker *a,
    struct role_row *r)
{
	const char *role = req_str(rq, F_ROLE);

	snprintf(r->name, sizeof r->name, "%s", req_str(rq, F_ID));
	if (!rel_user_key(r->key, sizeof r->key, r->name,
	    c->role->set.strip_realm != 0)) {
		reply_problem(c, a, "bad-request", 0,
		    "this is no usable user name");
		return -1;
	}
	r->role = role != NULL ? who_role_of(role) : WHO_USER;
	if (r->role < 0) {
		reply_problem(c, a, "bad-request", 0, "role must be user, "
		    "helpdesk, operator or administrator");
		return -1;
	}
	return 0;
}

static void
role_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct role_row r = { .given_ms = rel_now_ms() };
	char detail[120];
	struct rel_err err;
	int rc;

	if (api_admin(c, a, who) < 0 || role_read(c, rq, a, &r) < 0)
		return;
	if (r.role != WHO_USER && store_guest_named(c->st, r.key)) {
		reply_problem(c, a, "forbidden", 0, "\"%s\" is a guest, and "
		    "guests have no role", r.name);
		return;
	}
	snprintf(r.given_by, sizeof r.given_by, "%s", who->name);
	if ((rc = core_write(c, &err)) == 0)
		rc = r.role == WHO_USER ? store_role_del(c->st, r.key) :
		    store_role_set(c->st, &r);
	if (rc < 0 && rc != -REL_E_NOTFOUND) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	snprintf(detail, sizeof detail, "%s %s", r.name,
	    who_role_name((enum caller_role)r.role));
	api_audit(c, who, "role-set", detail);
	reply_json(c, a, 200, json_pack("{s:s,s:s}", "name", r.name, "role",
	    who_role_name((enum caller_role)r.role)));
}

void
api_role_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, role_set);
}

/* ---- the server */

/*
 * Where people open the pages: what is set, else this host at CUPS's port.
 * Never what a browser said: it goes onto stickers.
 */
void
pages_url(const struct core *c, char out[300])
{
	const char *set = c->role->set.pages_url;
	const char *host = c->role->start.base_url;
	size_t n;

	if (set[0] != '\0') {
		snprintf(out, 300, "%s", set);
		for (n = strlen(out); n > 0 && out[n - 1] == '/';)
			out[--n] = '\0';
		return;
	}
	if (strncmp(host, "https://", 8) == 0)
		host += 8;
	n = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	snprintf(out, 300, "https://%.*s:631", (int)(n < 260 ? n : 260), host);
}

static void
status(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct role *r = c->role;
	int64_t held, bytes, releasing, users, devices;
	json_t *https = json_array();
	char pages[300];

	(void)rq;
	(void)who;
	if (store_tally(c->st, &held, &bytes) < 0 ||
	    store_count_state(c->st, JOB_RELEASING, &releasing) < 0 ||
	    store_user_total(c->st, &users) < 0 ||
	    store_device_total(c->st, &devices) < 0) {
		json_decref(https);
		reply_broken(c, a, -REL_E_IO);
		return;
	}
	for (size_t i = 0; i < 4 && r->start.https_names[i][0] != '\0'; i++)
		json_array_append_new(https,
		    json_string(r->start.https_names[i]));
	pages_url(c, pages);
	reply_json(c, a, 200, json_pack("{s:s,s:I,s:o,s:I,s:I,s:I,s:i,s:I,"
	    "s:I,s:o,s:s,s:s,s:o,s:o}", "version", PACKAGE_VERSION, "node",
	    (json_int_t)r->set.node_id, "started_at",
	    json_time(c->started_ms), "held", (json_int_t)held,
	    "held_bytes", (json_int_t)bytes, "releasing",
	    (json_int_t)releasing, "waiting", releases_waiting(c), "devices",
	    (json_int_t)devices, "users", (json_int_t)users, "https", https,
	    "base_url", r->start.base_url, "pages_url", pages,
	    "drivers", fleet_drivers_json(c),
	    "warnings", backup_warning(c, certs_warnings(c))));
}

void
api_status(struct core *c, const struct request *rq, struct asker *a)
{
	api_anyone(c, rq, a, status);
}
