/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/json_in.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"

/* ---- memory: bodies hold PINs and passwords */

union wiped_head {
	size_t n;
	max_align_t align;
};

static void *
wiped_malloc(size_t n)
{
	union wiped_head *h;

	if (n > SIZE_MAX - sizeof *h || (h = malloc(sizeof *h + n)) == NULL)
		return NULL;
	h->n = n;
	return h + 1;
}

void
json_in_free(void *p)
{
	union wiped_head *h = p;

	if (h == NULL)
		return;
	h--;
	rel_wipe(h + 1, h->n);
	free(h);
}

void
json_in_init(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	json_set_alloc_funcs(wiped_malloc, json_in_free);
	json_object_seed(0);		/* reads the kernel's random numbers */
}

/* ---- within bounds */

static int json_bounded(const json_t *v, int depth, size_t max,
    struct rel_err *why);

static int
object_bounded(const json_t *v, int depth, size_t max, struct rel_err *why)
{
	void *it;

	if (json_object_size(v) > JSON_IN_LIST_MAX)
		return rel_err_set(why, REL_E_LIMIT,
		    "an object has more than %u members", JSON_IN_LIST_MAX);
	for (it = json_object_iter((json_t *)(uintptr_t)v); it != NULL;
	    it = json_object_iter_next((json_t *)(uintptr_t)v, it)) {
		if (strlen(json_object_iter_key(it)) > JSON_IN_TEXT_MAX)
			return rel_err_set(why, REL_E_LIMIT,
			    "a member's name is longer than %u bytes",
			    JSON_IN_TEXT_MAX);
		if (json_bounded(json_object_iter_value(it), depth + 1,
		    max, why) < 0)
			return -REL_E_LIMIT;
	}
	return 0;
}

static int
json_bounded(const json_t *v, int depth, size_t max, struct rel_err *why)
{
	if (json_is_string(v)) {
		if (json_string_length(v) > max)
			return rel_err_set(why, REL_E_LIMIT,
			    "a string is longer than %zu bytes", max);
		return 0;
	}
	if (!json_is_object(v) && !json_is_array(v))
		return 0;
	if (depth > JSON_IN_DEPTH_MAX)
		return rel_err_set(why, REL_E_LIMIT,
		    "more than %d levels deep", JSON_IN_DEPTH_MAX);
	if (json_is_object(v))
		return object_bounded(v, depth, max, why);
	if (json_array_size(v) > JSON_IN_LIST_MAX)
		return rel_err_set(why, REL_E_LIMIT,
		    "a list has more than %u entries", JSON_IN_LIST_MAX);
	for (size_t i = 0; i < json_array_size(v); i++)
		if (json_bounded(json_array_get(v, i), depth + 1, max,
		    why) < 0)
			return -REL_E_LIMIT;
	return 0;
}

json_t *
json_in_max(const char *text, size_t len, size_t max,
    struct rel_err *why)
{
	json_error_t je;
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &je);

	if (root == NULL) {
		/* Not the library's words: they quote the text, PINs too. */
		rel_err_set(why, REL_E_FORMAT, json_error_code(&je) ==
		    json_error_duplicate_key ? "a member stands twice" :
		    "no valid JSON at byte %d", je.position);
		return NULL;
	}
	if (!json_is_object(root))
		rel_err_set(why, REL_E_FORMAT, "the body is no JSON object");
	else if (json_bounded(root, 1, max, why) == 0)
		return root;
	json_decref(root);
	return NULL;
}

json_t *
json_in(const char *text, size_t len, struct rel_err *why)
{
	return json_in_max(text, len, JSON_IN_TEXT_MAX, why);
}
