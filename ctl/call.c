/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Calls of the local API, as the verbs make them. */
#include <string.h>

#include "ctl/ctl.h"

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

int
ctl_send(struct ctl *c, const char *method, const char *path,
    const char *arg, json_t *body, json_t **out)
{
	int rc = body == NULL ? ctl_misuse(c, "that is no UTF-8 text") :
	    ctl_call(c, method, path, arg, body, out);

	ctl_free_secret(body);
	return rc;
}

int
ctl_call_built(struct ctl *c, const char *method, struct rel_buf *path,
    const char *arg, json_t **out)
{
	int rc;

	rel_put_u8(path, 0);
	rc = path->failed ? rel_err_set(&c->err, path->failed, "no memory") :
	    ctl_call(c, method, (const char *)path->data, arg, NULL, out);
	rel_buf_fini(path);
	return rc;
}

static int
list_some(struct ctl *c, const char *path, const char *query,
    const char *key, size_t most, json_t **out)
{
	struct rel_api_list l = { path, query, key, most };

	return rel_api_list(c->api, &l, out, &c->err);
}

int
ctl_list(struct ctl *c, const char *path, const char *query, const char *key,
    json_t **out)
{
	return list_some(c, path, query, key, 0, out);
}

int
ctl_list_built(struct ctl *c, const char *path, struct rel_buf *query,
    const char *key, size_t most, json_t **out)
{
	int rc;

	rel_put_u8(query, 0);
	rc = query->failed ?
	    rel_err_set(&c->err, query->failed, "no memory") :
	    list_some(c, path, (const char *)query->data, key, most, out);
	rel_buf_fini(query);
	return rc;
}
