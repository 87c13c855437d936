/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who is in which group, as releaserd says it, nested groups resolved. */
#include "lib/group_sets.h"

#include <stdlib.h>
#include <string.h>

#include "lib/text.h"

struct rel_group_sets {
	json_t *of;			/* {member key: [group]}: users */
	json_t *in;			/* {group key: [group]}: nested */
};

void
rel_group_sets_free(struct rel_group_sets **gp)
{
	struct rel_group_sets *g = *gp;

	*gp = NULL;
	if (g == NULL)
		return;
	json_decref(g->of);
	json_decref(g->in);
	free(g);
}

/* The member's list has the group, too. */
static int
add_to(json_t *lists, const char *member, const char *group)
{
	char key[84];
	json_t *list;

	if (!rel_user_key(key, sizeof key, member, false))
		return 0;
	if ((list = json_object_get(lists, key)) == NULL &&
	    json_object_set_new(lists, key, list = json_array()) < 0)
		return -REL_E_NOMEM;
	return json_array_append_new(list, json_string(group)) < 0 ?
	    -REL_E_NOMEM : 0;
}

struct rel_group_sets *
rel_group_sets_new(const json_t *members)
{
	struct rel_group_sets *g = calloc(1, sizeof *g);
	const char *group;
	json_t *list, *m;
	size_t i;
	int rc = 0;

	if (g == NULL)
		return NULL;
	g->of = json_object();
	g->in = json_object();
	json_object_foreach((json_t *)(uintptr_t)members, group, list)
		json_array_foreach(list, i, m) {
			const char *name = json_string_value(
			    json_object_get(m, "name"));
			const char *kind = json_string_value(
			    json_object_get(m, "kind"));

			if (rc == 0 && name != NULL && kind != NULL)
				rc = add_to(strcmp(kind, "group") == 0 ?
				    g->in : g->of, name, group);
		}
	if (rc < 0 || g->of == NULL || g->in == NULL)
		rel_group_sets_free(&g);
	return g;
}

/* Those of a list that are not among names yet. */
static size_t
add_names(const json_t *list, const char **names, size_t n, size_t max)
{
	json_t *v;
	size_t i, k;

	json_array_foreach(list, i, v) {
		const char *name = json_string_value(v);

		for (k = 0; k < n && strcmp(names[k], name) != 0; k++)
			;
		if (k == n && n < max)
			names[n++] = name;
	}
	return n;
}

size_t
rel_group_sets_of(const struct rel_group_sets *g, const char *user,
    const char **names, size_t max)
{
	size_t n = add_names(json_object_get(g->of, user), names, 0, max);
	char key[84];

	for (size_t i = 0; i < n; i++)
		if (rel_user_key(key, sizeof key, names[i], false))
			n = add_names(json_object_get(g->in, key), names, n,
			    max);
	return n;
}

int
rel_group_members(struct rel_api *a, const char *group, json_t **out,
    struct rel_err *err)
{
	struct rel_api_list l = { .query = "", .key = "member_list" };
	struct rel_buf path;
	int rc;

	rel_buf_init(&path);
	rel_put_fmt(&path, "/groups/");
	rel_api_escape(&path, group);
	rel_put_u8(&path, 0);
	l.path = (const char *)path.data;
	rc = path.failed ? rel_err_set(err, path.failed, "no memory") :
	    rel_api_list(a, &l, out, err);
	rel_buf_fini(&path);
	return rc;
}

static int
members_get(struct rel_api *a, const char *group, json_t *all,
    struct rel_err *err)
{
	json_t *answer = NULL;
	int rc = rel_group_members(a, group, &answer, err);

	if (rc == 0)
		json_object_set(all, group, json_object_get(answer,
		    "member_list"));
	json_decref(answer);
	return rc;
}

int
rel_group_sets_get(struct rel_api *a, struct rel_group_sets **out,
    struct rel_err *err)
{
	struct rel_api_list l = { "/groups", "", "groups", 0 };
	json_t *groups, *group, *all;
	size_t i;
	int rc = rel_api_list(a, &l, &groups, err);

	*out = NULL;
	if (rc < 0)
		return rc;
	all = json_object();
	json_array_foreach(json_object_get(groups, "groups"), i, group) {
		const char *name = json_string_value(json_object_get(group,
		    "name"));

		if (rc == 0 && name != NULL)
			rc = members_get(a, name, all, err);
	}
	if (rc == 0 && (*out = rel_group_sets_new(all)) == NULL)
		rc = rel_err_set(err, REL_E_NOMEM, "no memory");
	json_decref(all);
	json_decref(groups);
	return rc;
}
