/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/decode.h"
#include "releaserd/net/options.h"
#include "releaserd/records.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/text.h"

#define QUERY_VALUE_MAX 1024
#define PATH_MAX_DEPTH 4

/* ---- routes */

static bool
route_fits(const char *pattern, const char *path, const char **arg, size_t *n)
{
	const char *hole = strstr(pattern, "{}");
	size_t head, len;

	if (hole == NULL) {
		*arg = NULL;
		*n = 0;
		return strcmp(pattern, path) == 0;
	}
	head = (size_t)(hole - pattern);
	if (strncmp(pattern, path, head) != 0)
		return false;
	len = strcspn(path + head, "/");
	if (len == 0 || strcmp(path + head + len, hole + 2) != 0)
		return false;
	*arg = path + head;
	*n = len;
	return true;
}

static bool
route_is_at(unsigned callers, enum net_door door)
{
	callers &= ~BY_BACKUP;
	if (door == DOOR_LOCAL)
		return (callers & BY_LOCAL) != 0;
	return (callers & ~BY_LOCAL) != 0 &&
	    (door == DOOR_HTTPS || (callers & BY_USER) == 0);
}

int
route_find(const char *path, enum req_method method, enum net_door door,
    const char **arg, size_t *n, unsigned *allowed)
{
	bool literal = false;
	int found = -1;

	*allowed = 0;
	for (int i = 0; i < ROUTE_COUNT; i++) {
		const char *a;
		size_t len;

		if (!route_is_at(routes[i].callers, door) ||
		    !route_fits(routes[i].path, path, &a, &len))
			continue;
		*allowed |= 1u << routes[i].method;
		/* "users/export" is no user, wherever it stands. */
		if (routes[i].method == method && !literal) {
			literal = a == NULL;
			found = i;
			*arg = a;
			*n = len;
		}
	}
	return found;
}

/* ---- tokens */

const char *
decode_bearer(const char *header, size_t *len)
{
	if (header == NULL || strncasecmp(header, "Bearer ", 7) != 0)
		return NULL;
	header += 7 + strspn(header + 7, " ");
	*len = 0;
	while (header[*len] > ' ' && header[*len] < 0x7f)
		++*len;
	return header[*len] == '\0' && *len > 0 && *len <= NET_TOKEN_MAX ?
	    header : NULL;
}

/* ---- fields */

/*
 * While fields are read their texts gather in `text`; str of a field is set
 * to its place only when nothing moves any more.
 */
struct gather {
	struct request *rq;
	struct rel_buf text;
	struct rel_err *why;
};

static void
gather_text(struct gather *g, enum req_field id, const char *s, size_t n)
{
	g->rq->f[id].set = true;
	g->rq->f[id].num = (int64_t)g->text.len;
	g->rq->f[id].str = "";			/* "is a text" */
	rel_put_raw(&g->text, s, n);
	rel_put_u8(&g->text, 0);
}

static int
gather_done(struct gather *g)
{
	struct request *rq = g->rq;

	if (g->text.failed) {
		rel_buf_fini_secret(&g->text);
		return rel_err_set(g->why, REL_E_NOMEM, "no memory");
	}
	rq->blob = (char *)g->text.data;
	rq->blob_len = g->text.len;
	for (size_t i = 0; i < F_COUNT; i++) {
		if (!rq->f[i].set || rq->f[i].str == NULL)
			continue;
		rq->f[i].str = rq->blob + rq->f[i].num;
		rq->f[i].num = 0;
	}
	return 0;
}

/* C0, DEL and C1 have no place in a name; a CSR has lines. */
static bool
text_plain(const char *s, size_t n, bool lines)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (lines && (c == '\n' || c == '\r' || c == '\t'))
			continue;
		if (c < 0x20 || c == 0x7f || (c == 0xc2 && i + 1 < n &&
		    (unsigned char)s[i + 1] < 0xa0))
			return false;
	}
	return true;
}

static int
field_text(struct gather *g, const struct route_field *rf, const char *s,
    size_t n)
{
	const char *name = field_paths[rf->id];

	if (n < (size_t)rf->min || n > (size_t)rf->max)
		return rel_err_set(g->why, REL_E_LIMIT,
		    "%s must have %lld to %lld bytes", name,
		    (long long)rf->min, (long long)rf->max);
	if (!(rf->flags & FIELD_SECRET) &&
	    !text_plain(s, n, (rf->flags & FIELD_LINES) != 0))
		return rel_err_set(g->why, REL_E_FORMAT,
		    "%s has control characters", name);
	gather_text(g, rf->id, s, n);
	return 0;
}

static int
field_int(struct gather *g, const struct route_field *rf, int64_t v)
{
	if (v < rf->min || v > rf->max)
		return rel_err_set(g->why, REL_E_LIMIT,
		    "%s must be a whole number, %lld to %lld",
		    field_paths[rf->id], (long long)rf->min,
		    (long long)rf->max);
	g->rq->f[rf->id].set = true;
	g->rq->f[rf->id].num = v;
	return 0;
}

static int
field_wrong(struct gather *g, const struct route_field *rf, const char *want)
{
	return rel_err_set(g->why, REL_E_FORMAT, "%s must be %s",
	    field_paths[rf->id], want);
}

static int
field_any(struct gather *g, const struct route_field *rf, const json_t *v)
{
	char *s = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
	int rc = 0;

	if (s == NULL)
		return rel_err_set(g->why, REL_E_NOMEM, "no memory");
	if (strlen(s) > (size_t)rf->max)
		rc = rel_err_set(g->why, REL_E_LIMIT,
		    "%s is longer than %lld bytes", field_paths[rf->id],
		    (long long)rf->max);
	else
		gather_text(g, rf->id, s, strlen(s));
	json_in_free(s);
	return rc;
}

static int
job_read(struct gather *g, struct req_job *job, const json_t *v)
{
	const json_t *id = json_is_object(v) ? json_object_get(v, "id") : v;
	const json_t *options = json_is_object(v) ?
	    json_object_get(v, "options") : NULL;
	size_t n = json_string_length(id);

	if (!json_is_string(id) || n == 0 || n >= sizeof job->id ||
	    !text_plain(json_string_value(id), n, false))
		return rel_err_set(g->why, REL_E_FORMAT,
		    "jobs: an id must have 1 to %zu bytes",
		    sizeof job->id - 1);
	memcpy(job->id, json_string_value(id), n + 1);
	if (options == NULL || json_is_null(options))
		return 0;
	return options_read(&job->options, options, g->why);
}

static int
field_jobs(struct gather *g, const struct route_field *rf, const json_t *v)
{
	struct request *rq = g->rq;
	size_t n = json_array_size(v);
	int rc = 0;

	if (json_is_string(v) && strcmp(json_string_value(v), "all") == 0) {
		rq->all_jobs = true;
		return 0;
	}
	if (!json_is_array(v) || n > (size_t)rf->max)
		return field_wrong(g, rf, "\"all\" or a list of jobs");
	if (n == 0)
		return 0;
	if ((rq->jobs = calloc(n, sizeof *rq->jobs)) == NULL)
		return rel_err_set(g->why, REL_E_NOMEM, "no memory");
	rq->njobs = n;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = job_read(g, &rq->jobs[i], json_array_get(v, i));
	return rc;
}

static int
field_value(struct gather *g, const struct route_field *rf, const json_t *v)
{
	int rc;

	switch (rf->type) {
	case FT_STR:
		return json_is_string(v) ? field_text(g, rf,
		    json_string_value(v), json_string_length(v)) :
		    field_wrong(g, rf, "a string");
	case FT_INT:
		return json_is_integer(v) ? field_int(g, rf,
		    json_integer_value(v)) :
		    field_wrong(g, rf, "a whole number");
	case FT_BOOL:
		return json_is_boolean(v) ? field_int(g, rf,
		    json_is_true(v)) : field_wrong(g, rf, "true or false");
	case FT_JOBS:
		return field_jobs(g, rf, v);
	case FT_OPTIONS:
		return options_read(&g->rq->options, v, g->why);
	case FT_RECORDS:
		rc = records_read(&g->rq->records, &g->rq->nrecords, v,
		    (size_t)rf->max, g->why);
		g->rq->f[F_RECORDS].set = rc == 0;
		g->rq->f[F_RECORDS].num = (int64_t)g->rq->nrecords;
		return rc;
	case FT_JSON:
		return field_any(g, rf, v);
	}
	return field_wrong(g, rf, "something else");
}

/* "credential.value" in body; NULL when it is not there or null. */
static int
member_find(struct gather *g, const json_t *body, const char *path,
    const json_t **out)
{
	const json_t *v = body;

	*out = NULL;
	for (int i = 0; i < PATH_MAX_DEPTH && v != NULL; i++) {
		size_t n = strcspn(path, ".");

		v = json_object_getn(v, path, n);
		if (v == NULL || json_is_null(v))
			return 0;
		if (path[n] == '\0') {
			*out = v;
			return 0;
		}
		if (!json_is_object(v))
			return rel_err_set(g->why, REL_E_FORMAT,
			    "%.*s must be an object", (int)n, path);
		path += n + 1;
	}
	return 0;
}

bool
decode_percent(char *out, size_t size, const char *s, size_t n, bool plus)
{
	size_t o = 0;

	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (o + 1 >= size)
			return false;
		if (c == '%') {
			if (n - i < 3 || !rel_unhex(&c, 1, s + i + 1, 2))
				return false;
			i += 2;
		} else if (plus && c == '+') {
			c = ' ';
		}
		if (c == '\0')
			return false;
		out[o++] = c;
	}
	out[o] = '\0';
	return rel_utf8_ok(out, o);
}

/* A value that came as text, in the path or the query. */
static int
field_from_text(struct gather *g, const struct route_field *rf, const char *s,
    size_t n)
{
	char value[QUERY_VALUE_MAX];
	int64_t v;

	if (!decode_percent(value, sizeof value, s, n,
	    (rf->flags & FIELD_QUERY) != 0))
		return field_wrong(g, rf, "percent-encoded UTF-8");
	if (rf->type == FT_STR)
		return field_text(g, rf, value, strlen(value));
	if (!rel_int(&v, value, rf->min, rf->max))
		return rel_err_set(g->why, REL_E_LIMIT,
		    "%s must be a whole number, %lld to %lld",
		    field_paths[rf->id], (long long)rf->min,
		    (long long)rf->max);
	return field_int(g, rf, v);
}

static int
query_find(struct gather *g, const char *query, const char *name,
    const char **value, size_t *len)
{
	size_t name_len = strlen(name);

	*value = NULL;
	for (const char *p = query; p != NULL && *p != '\0';) {
		size_t n = strcspn(p, "&");

		if (n > name_len && strncmp(p, name, name_len) == 0 &&
		    p[name_len] == '=') {
			if (*value != NULL)
				return rel_err_set(g->why, REL_E_FORMAT,
				    "%s stands twice", name);
			*value = p + name_len + 1;
			*len = n - name_len - 1;
		}
		p += n + (p[n] == '&');
	}
	return 0;
}

struct source {
	const char *arg;
	size_t arg_len;
	const char *query;
	const json_t *body;
};

static int
field_read(struct gather *g, const struct route_field *rf,
    const struct source *from)
{
	const json_t *v;
	const char *s;
	size_t n = 0;
	int rc;

	if (rf->flags & FIELD_PATH)
		return field_from_text(g, rf, from->arg != NULL ? from->arg :
		    "", from->arg_len);
	if (rf->flags & FIELD_QUERY) {
		if ((rc = query_find(g, from->query, field_paths[rf->id], &s,
		    &n)) < 0)
			return rc;
		if (s != NULL && n > 0)
			return field_from_text(g, rf, s, n);
	} else {
		if ((rc = member_find(g, from->body, field_paths[rf->id],
		    &v)) < 0)
			return rc;
		if (v != NULL)
			return field_value(g, rf, v);
	}
	if (rf->flags & FIELD_REQUIRED)
		return rel_err_set(g->why, REL_E_FORMAT, "%s is missing",
		    field_paths[rf->id]);
	return 0;
}

int
decode_fields(struct request *rq, const char *arg, size_t arg_len,
    const char *query, const json_t *body, struct rel_err *why)
{
	struct gather g = { .rq = rq, .why = why };
	const struct source from = { arg, arg_len, query, body };
	int rc = 0;

	rel_buf_init(&g.text);
	for (const struct route_field *rf = routes[rq->route].fields;
	    rf->id != F_COUNT && rc == 0; rf++)
		rc = field_read(&g, rf, &from);
	if (rc == 0)
		return gather_done(&g);
	rel_buf_fini_secret(&g.text);
	for (size_t i = 0; i < F_COUNT; i++)
		rq->f[i].set = false;
	return rc;
}
