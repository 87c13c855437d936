/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/net/decode.h"

static const char *
find_at(const char *path, enum req_method method, enum net_door door)
{
	const char *arg = NULL;
	size_t n = 0;
	unsigned allowed;
	int r = route_find(path, method, door, &arg, &n, &allowed);
	static char out[128];

	if (r < 0) {
		snprintf(out, sizeof out, "none %x", allowed);
		return out;
	}
	snprintf(out, sizeof out, "%s %.*s", routes[r].name, (int)n,
	    arg != NULL ? arg : "");
	return out;
}

static const char *
find(const char *path, enum req_method method, bool local)
{
	return find_at(path, method, local ? DOOR_LOCAL : DOOR_DEVICES);
}

/* What people may ask over HTTPS, where UserApi lets them; the same paths. */
UNIT(people_over_https)
{
	assert_string_equal(find_at("/api/v1/users/anna", HTTP_GET,
	    DOOR_HTTPS), "API_USER_GET anna");
	assert_string_equal(find_at("/opdp/v1/panel/menu", HTTP_POST,
	    DOOR_HTTPS), "PANEL_MENU ");
	assert_string_equal(find_at("/api/v1/login", HTTP_POST, DOOR_HTTPS),
	    "API_LOGIN ");
	assert_string_equal(find("/api/v1/login", HTTP_POST, false),
	    "none 0");
	assert_string_equal(find("/api/v1/login", HTTP_POST, true),
	    "none 0");
	assert_string_equal(find("/api/v1/logout", HTTP_POST, true),
	    "none 0");
}

static const char *
bearer(const char *header)
{
	size_t n = 0;
	const char *token = decode_bearer(header, &n);

	assert_true(token == NULL || strlen(token) == n);
	return token != NULL ? token : "none";
}

UNIT(tokens)
{
	char large[300] = "Bearer ";

	assert_string_equal("x-_.~+/=", bearer("Bearer x-_.~+/="));
	assert_string_equal("x", bearer("bEARER   x"));
	assert_string_equal("none", bearer(NULL));
	assert_string_equal("none", bearer(""));
	assert_string_equal("none", bearer("Bearer"));
	assert_string_equal("none", bearer("Bearer "));
	assert_string_equal("none", bearer("Bearerx"));
	assert_string_equal("none", bearer("Basic eDp5"));
	assert_string_equal("none", bearer("Bearer x y"));
	assert_string_equal("none", bearer("Bearer x "));
	assert_string_equal("none", bearer("Bearer x\ty"));
	assert_string_equal("none", bearer("Bearer \xc3\xa4"));
	memset(large + 7, 'a', NET_TOKEN_MAX);
	assert_string_equal(large + 7, bearer(large));
	large[7 + NET_TOKEN_MAX] = 'a';
	assert_string_equal("none", bearer(large));
}

UNIT(paths)
{
	const unsigned get = 1u << HTTP_GET, post = 1u << HTTP_POST;
	char want[32];

	assert_string_equal(find("/opdp/v1/panel/menu", HTTP_POST, false),
	    "PANEL_MENU ");
	assert_string_equal(find("/api/v1/users/an%20na", HTTP_GET, true),
	    "API_USER_GET an%20na");
	assert_string_equal(find("/api/v1/jobs/j-1/release", HTTP_POST, true),
	    "API_JOB_RELEASE j-1");
	/* The same path the other way, and on the other listener. */
	snprintf(want, sizeof want, "none %x", post);
	assert_string_equal(find("/opdp/v1/panel/menu", HTTP_GET, false),
	    want);
	snprintf(want, sizeof want, "none %x", get | post);
	assert_string_equal(find("/api/v1/users", HTTP_PUT, true), want);
	assert_string_equal(find("/api/v1/users", HTTP_GET, false), "none 0");
	assert_string_equal(find("/opdp/v1/panel/menu", HTTP_POST, true),
	    "none 0");
	/* Nothing, too much, one level more. */
	assert_string_equal(find("/api/v1/users/", HTTP_GET, true), "none 0");
	assert_string_equal(find("/api/v1/users/a/b", HTTP_GET, true),
	    "none 0");
	assert_string_equal(find("", HTTP_GET, true), "none 0");
	assert_string_equal(find("/api/v1/jobs/j-1/explainx", HTTP_GET, true),
	    "none 0");
}

/* Each route has its fields in order, and bounds that can be kept. */
UNIT(tables)
{
	for (int i = 0; i < ROUTE_COUNT; i++) {
		const struct route_field *f = routes[i].fields;
		bool hole = strstr(routes[i].path, "{}") != NULL;
		bool asked = false;

		assert_non_null(f);
		for (; f->id != F_COUNT; f++) {
			assert_true(f->min <= f->max);
			assert_non_null(field_paths[f->id]);
			asked |= (f->flags & FIELD_PATH) != 0;
		}
		assert_int_equal(hole, asked);
	}
}

static struct request rq;
static struct rel_err why;

static int
decode(enum req_route route, const char *arg, const char *query,
    const char *text, size_t len)
{
	json_t *body = NULL;
	int rc = 0;

	request_fini(&rq);
	memset(&why, 0, sizeof why);
	rq.route = route;
	if (text != NULL && (body = json_in(text, len, &why)) == NULL)
		return -why.code;
	rc = decode_fields(&rq, arg, arg != NULL ? strlen(arg) : 0, query,
	    body, &why);
	json_decref(body);
	return rc;
}

static int
body(enum req_route route, const char *text)
{
	return decode(route, NULL, NULL, text, strlen(text));
}

UNIT(good_bodies)
{
	static const char patch[] = "{\"disabled\":true,\"password\":\"\"}";

	assert_int_equal(body(PANEL_ACTION, "{\"op\":\"login\","
	    "\"session_id\":null,\"request_id\":\"r-1\",\"credential\":"
	    "{\"method\":\"card\",\"value\":\"04A1\"},\"unknown\":[{}],"
	    "\"rev\":\"c1\"}"), 0);
	assert_string_equal(req_str(&rq, F_OP), "login");
	assert_string_equal(req_str(&rq, F_METHOD), "card");
	assert_string_equal(req_str(&rq, F_VALUE), "04A1");
	assert_string_equal(req_str(&rq, F_REQUEST_ID), "r-1");
	assert_null(req_str(&rq, F_SESSION_ID));
	assert_null(req_str(&rq, F_PASSWORD));
	assert_int_equal(body(OPDP_HEARTBEAT, "{\"status\":{\"state\": "
	    "\"idle\"},\"usage_last_seq\":9223372036854775807}"), 0);
	assert_string_equal(req_str(&rq, F_STATUS), "{\"state\":\"idle\"}");
	assert_true(req_num(&rq, F_USAGE_LAST_SEQ, 0) == INT64_MAX);
	assert_int_equal(body(API_USER_SET, "{}"), -REL_E_LIMIT);
	assert_int_equal(decode(API_USER_SET, "J%C3%B6rg%2F1", NULL,
	    patch, strlen(patch)), 0);
	assert_string_equal(req_str(&rq, F_ID), "J\xc3\xb6rg/1");
	assert_int_equal(req_num(&rq, F_DISABLED, 0), 1);
	assert_string_equal(req_str(&rq, F_NEW_PASSWORD), "");
	assert_int_equal(decode(API_JOB_LIST, NULL,
	    "user=a+b%26&limit=200&x=y&job_state=", NULL, 0), 0);
	assert_string_equal(req_str(&rq, F_OF_USER), "a b&");
	assert_int_equal(req_num(&rq, F_LIMIT, 0), 200);
	assert_null(req_str(&rq, F_JOB_STATE));
}

UNIT(jobs_and_options)
{
	assert_int_equal(body(PANEL_ACTION,
	    "{\"op\":\"release\",\"jobs\":\"all\"}"), 0);
	assert_true(rq.all_jobs);
	assert_int_equal(body(PANEL_ACTION, "{\"op\":\"release\",\"jobs\":"
	    "[\"j-1\",{\"id\":\"j-2\",\"options\":{\"copies\":2,"
	    "\"sides\":\"two-sided-long-edge\",\"color\":null,"
	    "\"finishings\":[\"staple\",\"punch\"],\"scent\":\"rose\"}}]}"),
	    0);
	assert_false(rq.all_jobs);
	assert_int_equal(rq.njobs, 2);
	assert_string_equal(rq.jobs[0].id, "j-1");
	assert_string_equal(rq.jobs[0].options.changes, "");
	assert_string_equal(rq.jobs[1].options.changes, "copies=2 "
	    "sides=two-sided-long-edge finishings=staple,punch");
	assert_string_equal(rq.jobs[1].options.unsupported, "scent");
	assert_int_equal(body(PANEL_ACTION, "{\"op\":\"set-options\","
	    "\"job\":\"j-1\",\"options\":{\"copies\":999}}"), 0);
	assert_string_equal(rq.options.changes, "copies=999");
	assert_string_equal(rq.options.unsupported, "");
	assert_int_equal(body(PANEL_ACTION,
	    "{\"op\":\"release\",\"jobs\":[]}"), 0);
	assert_int_equal(rq.njobs, 0);
}

/* Every option by its type and bounds; what reaches core has no blank in it. */
UNIT(options_are_checked_one_by_one)
{
	static const struct {
		const char *options, *changes;	/* NULL: refused */
	} t[] = {
		{ "{\"color\":\"mono\"}", "color=mono" },
		{ "{\"color\":\"red\"}", NULL },
		{ "{\"color\":\"mono|color\"}", NULL },
		{ "{\"color\":1}", NULL },
		{ "{\"sides\":\"\"}", NULL },
		{ "{\"pages\":\"1-3,7\"}", "pages=1-3,7" },
		{ "{\"pages\":\"\"}", "pages=" },
		{ "{\"pages\":\"1 -3\"}", NULL },
		{ "{\"pages\":\"1-3 copies=9\"}", NULL },
		{ "{\"number_up\":4}", "number_up=4" },
		{ "{\"number_up\":17}", NULL },
		{ "{\"number_up\":\"4\"}", NULL },
		{ "{\"media\":\"iso_a4_210x297mm\"}",
		    "media=iso_a4_210x297mm" },
		{ "{\"media\":\"a b\"}", NULL },
		{ "{\"media\":\"a=b\"}", NULL },
		{ "{\"media\":\"a\\nb\"}", NULL },
		{ "{\"media\":\"a\\u0000b\"}", NULL },
		{ "{\"tray\":\"tray-1\",\"output_bin\":\"top\"}",
		    "tray=tray-1 output_bin=top" },
		{ "{\"finishings\":\"staple\"}", NULL },
		{ "{\"finishings\":[\"a,b\"]}", NULL },
		{ "{\"finishings\":[]}", "finishings=" },
		{ "{\"finishings\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\","
		    "\"g\",\"h\",\"i\"]}", NULL },
		{ "{\"quality\":\"high\"}", "quality=high" },
		{ "{\"account\":\"P-100\"}", "account=P-100" },
		{ "{\"account\":[1]}", NULL },
		{ "[]", NULL },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		char text[400];
		int rc;

		snprintf(text, sizeof text, "{\"op\":\"set-options\","
		    "\"job\":\"j-1\",\"options\":%s}", t[i].options);
		rc = body(PANEL_ACTION, text);
		if ((rc == 0) != (t[i].changes != NULL))
			fail_msg("%s: %d", t[i].options, rc);
		if (rc == 0)
			assert_string_equal(t[i].changes,
			    rq.options.changes);
	}
}

UNIT(bad_bodies)
{
	static const struct {
		enum req_route route;
		const char *text, *words;
	} bad[] = {
		{ PANEL_ACTION, "{}", "op is missing" },
		{ PANEL_ACTION, "{\"op\":null}", "op is missing" },
		{ PANEL_ACTION, "{\"op\":17}", "op must be a string" },
		{ PANEL_ACTION, "{\"op\":\"\"}", "op must have 1 to 32" },
		{ PANEL_ACTION, "{\"op\":\"a\\nb\"}", "control characters" },
		{ PANEL_ACTION, "{\"op\":\"a\\u0085\"}", "control char" },
		{ PANEL_ACTION, "{\"op\":\"a\",\"op\":\"b\"}", "twice" },
		{ PANEL_ACTION, "{\"op\":\"a\\u0000\"}", "no valid JSON" },
		{ PANEL_ACTION, "{\"op\":\"\xff\"}", "no valid JSON" },
		{ PANEL_ACTION, "{\"op\":\"a\"", "no valid JSON" },
		{ PANEL_ACTION, "{\"op\":\"a\"} x", "no valid JSON" },
		{ PANEL_ACTION, "[]", "no JSON object" },
		{ PANEL_ACTION, "17", "no valid JSON" },
		{ PANEL_ACTION, "", "no valid JSON" },
		{ PANEL_ACTION, "{\"op\":\"a\",\"credential\":7}",
		    "credential must be an object" },
		{ PANEL_ACTION, "{\"op\":\"a\",\"credential\":{\"user\":"
		    "\"12345678901234567890123456789012345678901234567890"
		    "1234567890123456789012345678901234\"}}",
		    "credential.user must have 0 to 83" },
		{ PANEL_ACTION, "{\"op\":\"a\",\"jobs\":\"some\"}",
		    "jobs must be" },
		{ PANEL_ACTION, "{\"op\":\"a\",\"jobs\":[{}]}",
		    "an id must have" },
		{ PANEL_ACTION, "{\"op\":\"a\",\"jobs\":[\"123456789012345678"
		    "901234\"]}", "an id must have" },
		{ PANEL_ACTION, "{\"op\":\"a\",\"options\":[]}",
		    "options must be an object" },
		{ PANEL_ACTION, "{\"op\":\"a\",\"options\":{\"copies\":0}}",
		    "copies must be" },
		{ PANEL_ACTION, "{\"op\":\"a\",\"options\":{\"copies\":1000}}",
		    "copies must be" },
		{ PANEL_ACTION, "{\"op\":\"a\",\"options\":{\"copies\":1.0}}",
		    "copies must be" },
		{ OPDP_HEARTBEAT, "{\"config_rev\":-1}",
		    "config_rev must be a whole number" },
		{ OPDP_HEARTBEAT, "{\"config_rev\":\"1\"}",
		    "config_rev must be a whole number" },
		{ OPDP_HEARTBEAT, "{\"config_rev\":99999999999999999999}",
		    "no valid JSON" },
		{ API_USER_ADD, "{\"name\":\"a\",\"disabled\":1}",
		    "disabled must be true or false" }
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		int rc = body(bad[i].route, bad[i].text);

		if (rc >= 0 || strstr(why.text, bad[i].words) == NULL)
			fail_msg("%s: %d \"%s\"", bad[i].text, rc, why.text);
	}
}

UNIT(bad_queries)
{
	static const struct {
		const char *query, *words;
	} bad[] = {
		{ "limit=0", "1 to 200" }, { "limit=201", "1 to 200" },
		{ "limit=5x", "1 to 200" }, { "limit=1&limit=2", "twice" },
		{ "user=%zz", "percent" }, { "user=%", "percent" },
		{ "user=%00", "percent" }, { "user=%ff", "percent" },
		{ "user=a%0ab", "control characters" }
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		int rc = decode(API_JOB_LIST, NULL, bad[i].query, NULL, 0);

		if (rc >= 0 || strstr(why.text, bad[i].words) == NULL)
			fail_msg("%s: %d \"%s\"", bad[i].query, rc, why.text);
	}
	assert_true(decode(API_USER_GET, "%2", NULL, NULL, 0) < 0);
}

static char *
text_of(char fill, size_t n, const char *head, const char *tail)
{
	char *s = malloc(n + strlen(head) + strlen(tail) + 1);

	assert_non_null(s);
	memcpy(s, head, strlen(head));
	memset(s + strlen(head), fill, n);
	memcpy(s + strlen(head) + n, tail, strlen(tail) + 1);
	return s;
}

/* n lists in one another. */
static char *
nested(size_t n)
{
	char *s = text_of('[', 2 * n, "{\"op\":\"x\",\"n\":", "}");

	memset(strchr(s, '[') + n, ']', n);
	return s;
}

static void
at_bound(char *text, int want, const char *words)
{
	int rc = body(PANEL_ACTION, text);

	assert_int_equal(rc, want);
	if (words != NULL)
		assert_non_null(strstr(why.text, words));
	free(text);
}

static char *
many(size_t n)
{
	char *s = text_of('1', 2 * n - 1, "{\"op\":\"x\",\"n\":[", "]}");

	for (size_t i = 0; i + 1 < n; i++)
		s[16 + 2 * i] = ',';
	return s;
}

UNIT(bounds)
{
	/* The object itself is the first of 12 levels. */
	at_bound(nested(JSON_IN_DEPTH_MAX - 1), 0, NULL);
	at_bound(nested(JSON_IN_DEPTH_MAX), -REL_E_LIMIT, "12 levels");
	at_bound(nested(100000), -REL_E_FORMAT, "no valid JSON");
	at_bound(text_of('a', JSON_IN_TEXT_MAX, "{\"op\":\"x\",\"n\":\"",
	    "\"}"), 0, NULL);
	at_bound(text_of('a', JSON_IN_TEXT_MAX + 1, "{\"op\":\"x\",\"n\":\"",
	    "\"}"), -REL_E_LIMIT, "4096");
	at_bound(many(JSON_IN_LIST_MAX), 0, NULL);
	at_bound(many(JSON_IN_LIST_MAX + 1), -REL_E_LIMIT, "200");
}

/* What a person sees of a refusal never repeats what was sent. */
UNIT(no_secret_in_words)
{
	assert_true(body(PANEL_ACTION,
	    "{\"op\":\"login\",\"credential\":{\"pin\":\"1234\" oops") < 0);
	assert_null(strstr(why.text, "1234"));
	assert_null(strstr(why.text, "oops"));
}

static int
teardown(void **state)
{
	(void)state;
	request_fini(&rq);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(people_over_https), UNIT_RUN(tokens),
		UNIT_RUN(paths), UNIT_RUN(tables), UNIT_RUN(good_bodies),
		UNIT_RUN(jobs_and_options),
		UNIT_RUN(options_are_checked_one_by_one),
		UNIT_RUN(bad_bodies),
		UNIT_RUN(bad_queries), UNIT_RUN(bounds),
		UNIT_RUN(no_secret_in_words)
	};

	json_in_init();
	return cmocka_run_group_tests_name("net_decode", tests, NULL,
	    teardown);
}
