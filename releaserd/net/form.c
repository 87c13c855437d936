/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/text.h"
#include "releaserd/net/decode.h"
#include "releaserd/net/options.h"

static int
pair_read(struct form *f, const char *s, size_t n, struct rel_err *why)
{
	size_t name_len = n, value_at;
	const char *eq = memchr(s, '=', n);
	char *to = f->text + f->text_len;
	struct form_pair *p = &f->pairs[f->npairs];

	if (eq != NULL)
		name_len = (size_t)(eq - s);
	value_at = eq != NULL ? name_len + 1 : n;
	if (name_len > 3 * FORM_NAME_MAX || n - value_at > 3 * FORM_VALUE_MAX)
		return rel_err_set(why, REL_E_LIMIT, "a form field is too long");
	if (!decode_percent(to, name_len + 1, s, name_len, true))
		return rel_err_set(why, REL_E_FORMAT, "bad form field name");
	p->name = to;
	to += strlen(to) + 1;
	if (!decode_percent(to, n - value_at + 1, s + value_at, n - value_at,
	    true))
		return rel_err_set(why, REL_E_FORMAT, "bad form field value");
	p->value = to;
	f->text_len = (size_t)(to - f->text) + strlen(to) + 1;
	f->npairs++;
	return 0;
}

int
form_read(struct form *f, const char *body, size_t len, struct rel_err *why)
{
	size_t pairs = 1;
	int rc = 0;

	memset(f, 0, sizeof *f);
	for (size_t i = 0; i < len; i++)
		pairs += body[i] == '&';
	if (pairs > FORM_PAIRS_MAX)
		return rel_err_set(why, REL_E_LIMIT,
		    "more than %u form fields", FORM_PAIRS_MAX);
	f->pairs = calloc(pairs, sizeof *f->pairs);
	f->text = malloc(len + 2 * pairs);
	if (f->pairs == NULL || f->text == NULL)
		return rel_err_set(why, REL_E_NOMEM, "no memory");
	for (size_t at = 0; at < len && rc == 0;) {
		const char *amp = memchr(body + at, '&', len - at);
		size_t n = amp != NULL ? (size_t)(amp - body) - at : len - at;

		if (n > 0)
			rc = pair_read(f, body + at, n, why);
		at += n + 1;
	}
	return rc;
}

void
form_fini(struct form *f)
{
	if (f->text != NULL)
		rel_wipe(f->text, f->text_len);
	free(f->text);
	free(f->pairs);
	memset(f, 0, sizeof *f);
}

const char *
form_get(const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->npairs; i++)
		if (strcmp(f->pairs[i].name, name) == 0)
			return f->pairs[i].value;
	return NULL;
}

/* What the person typed into the field of this id. */
static const char *
form_field(const struct form *f, const char *id)
{
	return id != NULL && id[0] != '_' ? form_get(f, id) : NULL;
}

/* ---- from what was pressed to what it means */

static json_t *
pressed_action(const struct form *f, struct rel_err *why)
{
	const char *id = form_get(f, FORM_PRESSED), *text = NULL;
	char name[FORM_NAME_MAX + 1];

	if (id != NULL) {
		snprintf(name, sizeof name, FORM_ACTION "%s", id);
		text = form_get(f, name);
	}
	if (text == NULL) {
		rel_err_set(why, REL_E_FORMAT, "no button was pressed");
		return NULL;
	}
	return json_in(text, strlen(text), why);
}

static void
put_text(json_t *o, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0')
		json_object_set_new(o, key, json_string(value));
}

/* What a keyboard reader types: hex when it can be, else the text itself. */
static void
put_card(json_t *o, const struct form *f)
{
	const char *card = form_get(f, FORM_CARD);
	size_t n = card != NULL ? strlen(card) : 0;

	if (n == 0)
		return;
	put_text(o, "value", card);
	put_text(o, "encoding", n % 2 == 0 &&
	    strspn(card, "0123456789abcdefABCDEF") == n ? "hex" : "ascii");
}

static json_t *
credential_new(const struct form *f, const char *method, const char *field)
{
	static const char *const named[] = { "user", "domain", "password" };
	json_t *c = json_object();

	if (field == NULL)
		field = "pin";
	put_text(c, "method", method);
	if (strcmp(method, "password") == 0) {
		for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
			put_text(c, named[i], form_field(f, named[i]));
	} else if (strncmp(method, "card", 4) == 0) {
		put_card(c, f);
		put_text(c, "pin", form_field(f, field));
	} else {
		put_text(c, "value", form_field(f, field));
	}
	return c;
}

static json_t *
ticked_rows(const struct form *f)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < f->npairs; i++)
		if (strcmp(f->pairs[i].name, FORM_ROW) == 0)
			json_array_append_new(rows, json_pack("{s:s}", "id",
			    f->pairs[i].value));
	return rows;
}

/* An option may be emptied ("all pages"), a number may be left out. */
static bool
option_is_given(const char *name, const char *text)
{
	return text != NULL && (text[0] != '\0' ||
	    strcmp(name, "pages") == 0);
}

/* The fields that are options, as the object of doc/opdp.md. */
static int
options_of_form(json_t *o, const struct form *f, struct rel_err *why)
{
	const char *name;

	for (size_t i = 0; (name = options_name(i)) != NULL; i++) {
		const char *text = form_field(f, name);
		json_t *v;

		if (!option_is_given(name, text))
			continue;
		if ((v = options_of_text(name, text)) == NULL)
			return rel_err_set(why, REL_E_LIMIT,
			    "%s must be a whole number", name);
		json_object_set_new(o, name, v);
	}
	return 0;
}

/* They go where the action names its jobs: into each, or beside one. */
static int
put_options(json_t *body, const struct form *f, struct rel_err *why)
{
	json_t *jobs = json_object_get(body, "jobs"), *job, *o;
	size_t i;

	json_object_del(body, "fields");
	if ((o = json_object_get(body, "options")) == NULL) {
		o = json_object();
		json_object_set_new(body, "options", o);
	}
	if (options_of_form(o, f, why) < 0)
		return -REL_E_LIMIT;
	if (json_object_size(o) == 0) {
		json_object_del(body, "options");
		return 0;
	}
	if (!json_is_array(jobs))
		return 0;
	json_array_foreach(jobs, i, job)
		json_object_set(job, "options", o);
	json_object_del(body, "options");
	return 0;
}

/* How the person proves who they are; NULL where that is not asked. */
static const char *
action_method(const char *op, const char *method)
{
	if (method != NULL)
		return method;
	if (strcmp(op, "unlock") == 0)
		return "pin";
	return strcmp(op, "register-card") == 0 ? "password" : NULL;
}

static int
action_complete(json_t *body, const struct form *f, const char *method,
    const char *field, struct rel_err *why)
{
	const char *op = json_string_value(json_object_get(body, "op"));
	const char *jobs = json_string_value(json_object_get(body, "jobs"));

	if (op == NULL)
		return rel_err_set(why, REL_E_FORMAT, "op is missing");
	if ((method = action_method(op, method)) != NULL)
		json_object_set_new(body, "credential",
		    credential_new(f, method, field));
	if (strcmp(op, "register-card") == 0) {
		json_t *card = json_object();

		put_card(card, f);
		json_object_set_new(body, "card", card);
	}
	if (jobs != NULL && strcmp(jobs, "selected") == 0)
		json_object_set_new(body, "jobs", ticked_rows(f));
	if (strcmp(op, "addresses") == 0)
		put_text(body, "filter", form_field(f, "filter"));
	if (strcmp(op, "set-options") == 0)
		return put_options(body, f, why);
	return 0;
}

json_t *
form_action(const struct form *f, const char *session_id,
    const char *request_id, struct rel_err *why)
{
	json_t *body = pressed_action(f, why), *method, *field;
	int rc;

	if (body == NULL)
		return NULL;
	method = json_incref(json_object_get(body, "method"));
	field = json_incref(json_object_get(body, "field"));
	json_object_del(body, "method");
	json_object_del(body, "field");
	rc = action_complete(body, f, json_string_value(method),
	    json_string_value(field), why);
	json_decref(method);
	json_decref(field);
	if (rc < 0) {
		json_decref(body);
		return NULL;
	}
	put_text(body, "session_id", session_id);
	put_text(body, "request_id", request_id);
	return body;
}
