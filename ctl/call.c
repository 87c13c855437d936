/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Calls of the local API, as the verbs make them. */
#include <string.h>

#include "ctl/ctl.h"

#define PAGE_MAX 200

int
ctl_call(struct ctl *c, const char *method, const char *prefix,
    const char *arg, const json_t *body, json_t **out)
{
	size_t n = strcspn(prefix, "*");
	struct rel_buf path;
	int rc;

	rel_buf_init(&path);
	rel_put_fmt(&path, "/api/v1%.*s", (int)n, prefix);
	if (prefix[n] == '*') {
		rel_api_escape(&path, arg);
		rel_put_fmt(&path, "%s", prefix + n + 1);
	}
	rel_put_u8(&path, 0);
	rc = path.failed ? rel_err_set(&c->err, path.failed, "no memory") :
	    rel_api_call(c->api, method, (const char *)path.data, body, out,
	    &c->err);
	rel_buf_fini(&path);
	return rc;
}

/* One page behind `after` into all; 1 when there is another, then in next. */
static int
list_page(struct ctl *c, const char *path, const char *key, json_t *all,
    json_t **next)
{
	json_t *page, *rows;
	int rc = rel_api_call(c->api, "GET", path, NULL, &page, &c->err);

	if (rc < 0)
		return rc;
	json_decref(*next);
	*next = json_incref(json_object_get(page, "next"));
	rows = json_object_get(page, key);
	if (!json_is_array(rows) || json_array_extend(all, rows) < 0)
		rc = rel_err_set(&c->err, REL_E_FORMAT,
		    "releaserd's answer has no list of %s", key);
	else if (json_is_string(*next) && json_array_size(rows) > 0)
		rc = 1;
	json_decref(page);
	return rc;
}

void
ctl_put_query(struct rel_buf *b, const char *key, const char *value)
{
	if (value == NULL)
		return;
	rel_put_fmt(b, "%s=", key);
	rel_api_escape(b, value);
	rel_put_fmt(b, "&");
}

int
ctl_list(struct ctl *c, const char *path, const char *query, const char *key,
    json_t **out)
{
	return ctl_list_some(c, path, query, key, 0, out);
}

/* How many to ask for next. */
static unsigned
page_size(const json_t *all, size_t most)
{
	size_t left = most - json_array_size(all);

	return most == 0 || left > PAGE_MAX ? PAGE_MAX : (unsigned)left;
}

int
ctl_list_some(struct ctl *c, const char *path, const char *query,
    const char *key, size_t most, json_t **out)
{
	json_t *all = json_array(), *next = NULL;
	struct rel_buf url;
	int rc;

	rel_buf_init(&url);
	do {
		rel_buf_reset(&url);
		rel_put_fmt(&url, "/api/v1%s?%slimit=%u", path, query,
		    page_size(all, most));
		if (json_is_string(next)) {
			rel_put_fmt(&url, "&after=");
			rel_api_escape(&url, json_string_value(next));
		}
		rel_put_u8(&url, 0);
		rc = url.failed ?
		    rel_err_set(&c->err, url.failed, "no memory") :
		    list_page(c, (const char *)url.data, key, all, &next);
	} while (rc > 0 && (most == 0 || json_array_size(all) < most));
	json_decref(next);
	rel_buf_fini(&url);
	if (rc < 0) {
		json_decref(all);
		return rc;
	}
	*out = json_pack("{s:o, s:n}", key, all, "next");
	return *out != NULL ? 0 :
	    rel_err_set(&c->err, REL_E_NOMEM, "no memory");
}
