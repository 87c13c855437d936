/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Lists of the local API, all their pages. */
#include "lib/api.h"

#define PAGE_MAX 200

void
rel_api_query(struct rel_buf *b, const char *key, const char *value)
{
	if (value == NULL)
		return;
	rel_put_fmt(b, "%s=", key);
	rel_api_escape(b, value);
	rel_put_fmt(b, "&");
}

/* One page into all; 1 when there is another, then in next. */
static int
list_page(struct rel_api *a, const char *url, const char *key, json_t *all,
    json_t **next, struct rel_err *err)
{
	json_t *page, *rows;
	int rc = rel_api_call(a, "GET", url, NULL, &page, err);

	if (rc < 0)
		return rc;
	json_decref(*next);
	*next = json_incref(json_object_get(page, "next"));
	rows = json_object_get(page, key);
	if (!json_is_array(rows) || json_array_extend(all, rows) < 0)
		rc = rel_err_set(err, REL_E_FORMAT,
		    "releaserd's answer has no list of %s", key);
	else if (json_is_string(*next) && json_array_size(rows) > 0)
		rc = 1;
	json_decref(page);
	return rc;
}

/* How many to ask for next. */
static unsigned
page_size(const json_t *all, size_t most)
{
	size_t left = most - json_array_size(all);

	return most == 0 || left > PAGE_MAX ? PAGE_MAX : (unsigned)left;
}

int
rel_api_list(struct rel_api *a, const struct rel_api_list *l, json_t **out,
    struct rel_err *err)
{
	json_t *all = json_array(), *next = NULL;
	struct rel_buf url;
	int rc;

	rel_buf_init(&url);
	do {
		rel_buf_reset(&url);
		rel_put_fmt(&url, "/api/v1%s?%slimit=%u", l->path, l->query,
		    page_size(all, l->most));
		if (json_is_string(next)) {
			rel_put_fmt(&url, "&after=");
			rel_api_escape(&url, json_string_value(next));
		}
		rel_put_u8(&url, 0);
		rc = url.failed ? rel_err_set(err, url.failed, "no memory") :
		    list_page(a, (const char *)url.data, l->key, all, &next,
		    err);
	} while (rc > 0 && (l->most == 0 || json_array_size(all) < l->most));
	json_decref(next);
	rel_buf_fini(&url);
	if (rc < 0) {
		json_decref(all);
		return rc;
	}
	*out = json_pack("{s:o, s:n}", l->key, all, "next");
	return *out != NULL ? 0 : rel_err_set(err, REL_E_NOMEM, "no memory");
}
