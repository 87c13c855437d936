/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/admin/admin.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cgi/list.h"

const char *
admin_str(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return json_is_string(v) ? json_string_value(v) : "";
}

void
admin_form(struct cgi *c, const json_t *now, const char *const names[])
{
	const json_t *typed = json_object_get(c->view, "typed");
	json_t *form = json_object();
	const json_t *from = now;

	/* Another form of the page may have failed. */
	for (size_t i = 0; names[i] != NULL; i++)
		if (json_object_get(typed, names[i]) != NULL)
			from = typed;
	for (size_t i = 0; names[i] != NULL; i++) {
		json_t *v = json_object_get(from, names[i]);

		if (v != NULL)
			json_object_set(form, names[i], v);
	}
	cgi_put(c, "form", form);
}

void
admin_may_change(struct cgi *c, enum role_need role)
{
	cgi_put(c, "may_change", json_boolean(c->role >= role));
}

int
admin_list(struct cgi *c, const char *path, const char *key)
{
	static const char *const filters[] = { "q", NULL };
	const struct list l = { .path = path, .key = key, .filters = filters,
	    .limit = 100 };

	return list_view(c, &l);
}

void
admin_go(struct cgi *c, const char *page, const char *name, const char *value)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_fmt(&b, "%s?%s=", page, name);
	rel_api_escape(&b, value);
	rel_put_u8(&b, 0);
	if (!b.failed && b.len <= sizeof c->go)
		memcpy(c->go, b.data, b.len);
	else
		snprintf(c->go, sizeof c->go, "%s", page);
	rel_buf_fini(&b);
}

void
admin_take(const struct cgi *c, json_t *body, const char *name)
{
	const char *v = cgi_field(c, name);

	if (v != NULL)
		json_object_set_new(body, name, json_string(v));
}

int
admin_confirmed(struct cgi *c, const char *name)
{
	if (strcasecmp(cgi_text(c, "confirm"), name) == 0)
		return 0;
	return cgi_bad(c, "confirm", "%s", tr("To be sure that this is meant, "
	    "type the name as it stands above. Nothing was changed."));
}

const char *
admin_query(const struct cgi *c, const char *name)
{
	for (size_t i = 0; i < c->rq.nquery; i++)
		if (strcmp(c->rq.field[i].name, name) == 0)
			return c->rq.field[i].value;
	return "";
}

json_t *
admin_chosen(const struct cgi *c, const char *name, const char *behind)
{
	struct rel_buf b;
	const char *one;
	json_t *text;
	size_t at = 0;

	rel_buf_init(&b);
	while ((one = cgi_next(c, name, &at)) != NULL)
		rel_put_fmt(&b, "%s%s", one, behind);
	text = b.failed || b.len == 0 ? NULL : json_stringn((char *)b.data,
	    b.len);
	rel_buf_fini(&b);
	return text;
}

bool
admin_is_chosen(const struct cgi *c, const json_t *device)
{
	const char *id = json_string_value(json_object_get(device, "id"));
	const char *one;
	size_t at = 0;

	while (id != NULL && (one = cgi_next(c, "device", &at)) != NULL)
		if (strcmp(one, id) == 0)
			return true;
	return false;
}

json_t *
admin_lines(const struct cgi *c, const char *name)
{
	const char *s = cgi_text(c, name);
	char *plain = malloc(strlen(s) + 1), *to = plain;
	json_t *text;

	if (plain == NULL)
		return NULL;
	for (; *s != '\0'; s++)
		if (*s != '\r')
			*to++ = *s;
	*to = '\0';
	text = json_string(plain);
	free(plain);
	return text;
}
