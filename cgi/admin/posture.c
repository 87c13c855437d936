/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How safe the fleet is, and one device: findings, evidence, what to do. */
#include <string.h>

#include "cgi/admin/admin.h"
#include "cgi/csv_out.h"
#include "cgi/list.h"

/* What releaserd says when nothing was seen, and the like. */
static const char *const plain_evidence[] = {
	N_("it has not been looked at"), N_("closed"),
	N_("cannot be seen from here; the device does not report it"),
	N_("cannot be seen from here: it does not speak OPDP"),
	N_("it does not speak OPDP of level 2"), N_("it obeys restrictions"),
	N_("no port takes it"), N_("no pages without TLS"),
	N_("http answers with a page, or asks for a password"),
	N_("no IPP without TLS"), N_("IPP is answered without TLS"),
	N_("it shows none"), NULL
};

static void
translate(json_t *o, const char *member)
{
	const char *s = json_string_value(json_object_get(o, member));

	if (s != NULL && s[0] != '\0')
		json_object_set_new(o, member, json_string(tr(s)));
}

/* Words of ours in the visitor's language; what was seen stays as it is. */
static void
words(json_t *findings)
{
	json_t *o;
	size_t i;

	json_array_foreach(findings, i, o) {
		const char *seen = json_string_value(json_object_get(o,
		    "evidence"));

		translate(o, "words");
		translate(o, "mend");
		for (size_t k = 0; seen != NULL && plain_evidence[k] != NULL;
		    k++)
			if (strcmp(seen, plain_evidence[k]) == 0) {
				translate(o, "evidence");
				break;
			}
	}
}

/* Those with this verdict, or that any device has. */
static json_t *
some(const json_t *findings, const char *verdict)
{
	json_t *all = json_array(), *o;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)findings, i, o) {
		const char *v = json_string_value(json_object_get(o,
		    "verdict"));

		if (verdict != NULL ? v != NULL && strcmp(v, verdict) == 0 :
		    json_integer_value(json_object_get(o, "devices")) > 0)
			json_array_append(all, o);
	}
	return all;
}

/* "good", "warn", "bad" of a score, for its badge. */
static void
level(json_t *o)
{
	const json_t *score = json_object_get(o, "score");
	json_int_t n = json_integer_value(score);

	if (json_is_integer(score))
		json_object_set_new(o, "level", json_string(n >= 80 ? "good" :
		    n >= 50 ? "warn" : "bad"));
}

/* How many were found, and which in one text. */
static void
row_words(json_t *o)
{
	json_t *bad = json_object_get(o, "bad"), *key;
	struct rel_buf b;
	size_t i;

	level(o);
	json_object_set_new(o, "found", json_integer((json_int_t)
	    json_array_size(bad)));
	rel_buf_init(&b);
	json_array_foreach(bad, i, key)
		rel_put_fmt(&b, "%s%s", i > 0 ? " " : "",
		    json_string_value(key));
	json_object_set_new(o, "keys", b.failed || b.len == 0 ?
	    json_string("") : json_stringn((char *)b.data, b.len));
	rel_buf_fini(&b);
	translate(o, "problem");
}

/* ---- one device */

static int
device_findings(struct cgi *c, const char *id)
{
	json_t *p, *all;
	int rc = cgi_view(c, "posture", NULL, "/devices/*/posture", id);

	if (rc < 0)
		return rc;
	p = json_object_get(c->view, "posture");
	all = json_object_get(p, "findings");
	words(all);
	level(p);
	translate(p, "problem");
	cgi_put(c, "bad", some(all, "bad"));
	cgi_put(c, "unknown", some(all, "unknown"));
	cgi_put(c, "good", some(all, "good"));
	cgi_put_text(c, "title", json_string_value(json_object_get(p,
	    "device")));
	return 0;
}

/* ---- the fleet */

static const struct csv_column columns[] = {
	{ "Device", "device", NULL }, { "Score", "score", NULL },
	{ "Looked at", "looked_at", "time" }, { "Findings", "keys", NULL },
	{ "Problem", "problem", NULL }, { NULL, NULL, NULL }
};

static int
fleet(struct cgi *c)
{
	const struct list l = { .path = "/posture/devices", .key = "devices",
	    .limit = 50, .columns = columns, .each = row_words };
	json_t *p, *o;
	size_t i;
	int rc = cgi_view(c, "posture", NULL, "/posture");

	if (rc < 0)
		return rc;
	p = json_object_get(c->view, "posture");
	level(p);
	words(json_object_get(p, "findings"));
	json_array_foreach(json_object_get(p, "worst"), i, o)
		row_words(o);
	cgi_put(c, "findings", some(json_object_get(p, "findings"), NULL));
	return list_view(c, &l);
}

static int
posture_get(struct cgi *c)
{
	const char *id = cgi_text(c, "id");

	return id[0] != '\0' ? device_findings(c, id) : fleet(c);
}

static int
posture_look(struct cgi *c)
{
	const char *id = cgi_text(c, "id");
	int rc = id[0] != '\0' ? cgi_call(c, "POST", NULL, NULL,
	    "/devices/*/posture", id) : cgi_call(c, "POST", NULL, NULL,
	    "/posture");

	if (rc == 0 && id[0] != '\0')
		admin_go(c, "admin/posture.cgi", "id", id);
	return rc;
}

static const struct action posture_actions[] = {
	{ "look", posture_look, "It will be looked at in a moment." },
	{ NULL, NULL, NULL }
};

const struct page admin_posture = {
	.path = "admin/posture.cgi",
	.title = "Security of the devices",
	.need = FOR_OPERATOR,
	.menu = "Devices",
	.get = posture_get,
	.actions = posture_actions
};
