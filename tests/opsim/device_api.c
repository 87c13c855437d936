/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/device_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/text.h"

static void
refuse(struct device_answer *a, int status, const char *code)
{
	a->status = status;
	a->code = code;
}

/* ---- what it is, how it is */

static void
get_info(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	(void)q;
	a->body = device_info(&sim->dev, &sim->st);
}

static void
get_status(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	(void)q;
	a->body = device_status_full(&sim->dev, sim->panel->session);
	json_object_set_new(a->body, "restrictions_rev", json_integer(
	    state_int(&sim->st, "restrictions.rev", 0)));
	json_object_set_new(a->body, "config_rev", json_integer(state_int(
	    &sim->st, "config.rev", 0)));
	json_object_set_new(a->body, "panel_lock", json_boolean(json_is_true(
	    json_at(sim->st.doc, "restrictions.panel_lock"))));
	if (sim->usage != NULL && usage_life(sim->usage) != NULL)
		json_object_set(a->body, "life", (json_t *)(uintptr_t)
		    usage_life(sim->usage));
	if (sim->usage != NULL)
		json_object_set_new(a->body, "usage", json_pack("{s:s?, s:I}",
		    "epoch", usage_epoch(sim->usage), "last_seq",
		    (json_int_t)usage_last(sim->usage)));
}

/* ---- the session: PUT opens or replaces, PATCH changes, DELETE closes */

static const char *
session_of(const struct device_call *q)
{
	return q->path + sizeof "/session/" - 1;
}

static void
get_session(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	(void)q;
	if (sim->panel->session[0] == '\0')
		refuse(a, 404, "session-unknown");
	else if (sim->panel->pushed != NULL)
		a->body = json_incref(sim->panel->pushed);
	else
		a->body = json_pack("{s:s}", "session_id",
		    sim->panel->session);
}

static void
put_session(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	const char *now = sim->panel->session;
	bool same = strcmp(now, session_of(q)) == 0;

	if (!json_is_object(q->body) || strcmp(json_str_at(q->body,
	    "session_id", ""), session_of(q)) != 0) {
		refuse(a, 400, "bad-request");
	} else if (now[0] != '\0' && !same && device_query(q, "takeover",
	    0) != 1) {
		refuse(a, 409, "session-active");
	} else {
		panel_session_put(sim->panel, q->body);
		a->status = same ? 200 : 201;
		a->body = json_pack("{s:s}", "session_id", session_of(q));
	}
}

/* RFC 7396. */
static void
merge(json_t *to, const json_t *patch)
{
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)patch, name, v) {
		json_t *old = json_object_get(to, name);

		if (json_is_null(v))
			json_object_del(to, name);
		else if (json_is_object(v) && json_is_object(old))
			merge(old, v);
		else
			json_object_set(to, name, v);
	}
}

static void
patch_session(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	struct panel *p = sim->panel;
	json_t *now;

	if (!json_is_object(q->body)) {
		refuse(a, 400, "bad-request");
	} else if (p->session[0] == '\0' || p->pushed == NULL ||
	    strcmp(p->session, session_of(q)) != 0) {
		refuse(a, 404, "session-unknown");
	} else {
		now = json_deep_copy(p->pushed);
		merge(now, q->body);
		panel_session_put(p, now);
		json_decref(now);
		a->body = json_pack("{s:s}", "session_id", p->session);
	}
}

static void
delete_session(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	if (strcmp(sim->panel->session, session_of(q)) == 0)
		panel_session_end(sim->panel);
	a->status = 204;
}

/* ---- restrictions and configuration: whole documents with a revision */

static const char *
document_of(const struct device_call *q)
{
	return strcmp(q->path, "/config") == 0 ? "config" : "restrictions";
}

static void
etag_of(struct opsim *sim, const char *name, char out[24])
{
	char path[32];

	snprintf(path, sizeof path, "%s.rev", name);
	snprintf(out, 24, "\"%lld\"", (long long)state_int(&sim->st, path, 0));
}

static void
get_document(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	const char *name = document_of(q);

	a->body = json_incref(json_object_get(sim->st.doc, name));
	etag_of(sim, name, a->etag);
}

static void
put_document(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	const char *name = document_of(q);
	struct rel_err err;
	char now[24];

	etag_of(sim, name, now);
	if (q->if_match[0] != '\0' && strcmp(q->if_match, now) != 0) {
		refuse(a, 412, "rev-mismatch");
		memcpy(a->etag, now, sizeof a->etag);
		return;
	}
	if (!json_is_object(q->body) || !json_is_integer(json_object_get(
	    q->body, "rev"))) {
		refuse(a, 400, "bad-request");
		return;
	}
	json_object_set(sim->st.doc, name, q->body);
	if (state_save(&sim->st, &err) < 0)
		rel_log(REL_WARN, "not kept", "what=%s why=\"%s\"", name,
		    err.text);
	if (sim->tray != NULL)
		tray_device_changed(sim->tray);
	etag_of(sim, name, a->etag);
	a->body = json_pack("{s:O}", "rev", json_object_get(q->body, "rev"));
}

/* ---- the usage log */

static void
get_usage(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	char epoch[64];

	if (sim->usage == NULL) {
		refuse(a, 501, "level-not-supported");
		return;
	}
	device_query_text(q, "epoch", epoch, sizeof epoch);
	a->body = usage_page(sim->usage, epoch, device_query(q, "after", 0),
	    device_query(q, "limit", 100));
}

static void
post_usage_ack(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	if (sim->usage == NULL)
		refuse(a, 501, "level-not-supported");
	else if (!usage_acked(sim->usage, json_str_at(q->body, "epoch", ""),
	    json_integer_value(json_at(q->body, "upto_seq"))))
		refuse(a, 409, "rev-mismatch");
	else
		a->status = 204;
}

/* ---- commands */

static void
command_message(struct opsim *sim, const json_t *body)
{
	snprintf(sim->dev.message, sizeof sim->dev.message, "%s",
	    json_str_at(body, "text", ""));
}

static void
command_identify(struct opsim *sim, const json_t *body)
{
	(void)body;
	sim->dev.identified++;
}

static void
command_refresh(struct opsim *sim, const json_t *body)
{
	struct rel_err err;

	(void)body;
	if (!panel_busy(sim->panel))
		panel_fetch(sim->panel, NULL, NULL, NULL, NULL, &err);
}

static void
command_time(struct opsim *sim, const json_t *body)
{
	(void)body;
	sim->dev.skew_ms = 0;
}

static void
command_reboot(struct opsim *sim, const json_t *body)
{
	(void)body;
	panel_session_end(sim->panel);
}

static void
post_command(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	static const struct {
		const char *name;
		void (*fn)(struct opsim *sim, const json_t *body);
	} all[] = {
		{ "identify", command_identify },
		{ "refresh-panel", command_refresh },
		{ "message", command_message },
		{ "sync-time", command_time },
		{ "reboot-session", command_reboot }
	};
	const char *name = json_str_at(q->body, "command", "");

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i].name, name) == 0) {
			all[i].fn(sim, q->body);
			sim->dev.commands++;
			a->status = 204;
			return;
		}
	refuse(a, 400, "bad-request");
}

/* ---- which is meant; a path that ends with a slash has more behind it */

static const struct {
	const char *method, *path;
	void (*fn)(struct opsim *sim, const struct device_call *q,
	    struct device_answer *a);
} routes[] = {
	{ "GET", "/info", get_info },
	{ "GET", "/status", get_status },
	{ "GET", "/session", get_session },
	{ "PUT", "/session/", put_session },
	{ "PATCH", "/session/", patch_session },
	{ "DELETE", "/session/", delete_session },
	{ "GET", "/restrictions", get_document },
	{ "PUT", "/restrictions", put_document },
	{ "GET", "/config", get_document },
	{ "PUT", "/config", put_document },
	{ "GET", "/usage", get_usage },
	{ "POST", "/usage/ack", post_usage_ack },
	{ "POST", "/command", post_command }
};

static bool
fits(const char *path, const char *asked)
{
	size_t n = strlen(path);

	return path[n - 1] == '/' ? strncmp(path, asked, n) == 0 &&
	    asked[n] != '\0' : strcmp(path, asked) == 0;
}

static void
route(struct opsim *sim, const struct device_call *q, struct device_answer *a)
{
	bool known = false;

	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
		if (!fits(routes[i].path, q->path))
			continue;
		known = true;
		if (strcmp(routes[i].method, q->method) == 0) {
			a->status = 200;
			routes[i].fn(sim, q, a);
			return;
		}
	}
	refuse(a, known ? 405 : 501, known ? "method-not-allowed" :
	    "level-not-supported");
}

/* ---- the same key again: the same answer, and nothing is done */

#define KEPT 64

struct device_kept {
	struct {
		char key[80];
		int status;
		const char *code;
		json_t *body;
	} v[KEPT];
	unsigned next;
};

static bool
replay(const struct device_kept *k, const char *key, struct device_answer *a)
{
	for (unsigned i = 0; k != NULL && i < KEPT; i++)
		if (strcmp(k->v[i].key, key) == 0) {
			a->status = k->v[i].status;
			a->code = k->v[i].code;
			a->body = json_incref(k->v[i].body);
			a->replayed = true;
			return true;
		}
	return false;
}

static void
keep(struct opsim *sim, const char *key, const struct device_answer *a)
{
	struct device_kept *k = sim->kept;
	unsigned at;

	if (k == NULL && (k = sim->kept = calloc(1, sizeof *k)) == NULL)
		return;
	at = k->next++ % KEPT;
	snprintf(k->v[at].key, sizeof k->v[at].key, "%s", key);
	k->v[at].status = a->status;
	k->v[at].code = a->code;
	json_decref(k->v[at].body);
	k->v[at].body = json_incref(a->body);
}

void
device_api_forget(struct opsim *sim)
{
	for (unsigned i = 0; sim->kept != NULL && i < KEPT; i++)
		json_decref(sim->kept->v[i].body);
	free(sim->kept);
	sim->kept = NULL;
}

void
device_api_call(struct opsim *sim, const struct device_call *q,
    struct device_answer *a)
{
	bool post = strcmp(q->method, "POST") == 0;
	int64_t status;

	*a = (struct device_answer){ .status = 200 };
	if (sim->dev.off) {
		refuse(a, 503, "device-offline");
	} else if (faults_take(&sim->faults, FAULT_API_REFUSE, AT_NONE,
	    &status)) {
		refuse(a, (int)status, "device-busy");
	} else if (!post || q->key[0] == '\0') {
		route(sim, q, a);
	} else if (!replay(sim->kept, q->key, a)) {
		route(sim, q, a);
		keep(sim, q->key, a);
	}
}

json_t *
device_answer_body(const struct device_answer *a)
{
	char urn[80];

	if (a->code == NULL)
		return json_incref(a->body);
	snprintf(urn, sizeof urn, "urn:opdp:error:%s", a->code);
	return json_pack("{s:s, s:i, s:s, s:s}", "type", urn, "status",
	    a->status, "code", a->code, "detail", "says the device");
}

/* ---- the query */

void
device_query_text(const struct device_call *q, const char *name, char *out,
    size_t size)
{
	size_t n = strlen(name);

	out[0] = '\0';
	for (const char *p = q->query; *p != '\0'; p += *p == '&') {
		size_t len = strcspn(p, "&");

		if (len > n && strncmp(p, name, n) == 0 && p[n] == '=')
			snprintf(out, size, "%.*s", (int)(len - n - 1),
			    p + n + 1);
		p += len;
	}
}

json_int_t
device_query(const struct device_call *q, const char *name, json_int_t dflt)
{
	int64_t v = dflt;
	char text[32];

	device_query_text(q, name, text, sizeof text);
	return rel_int(&v, text, 0, INT64_MAX) ? v : dflt;
}
