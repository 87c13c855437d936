/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What pages are made of: lists with filters, pages and CSV over a played
 * API; points of time of plots; what devices say, in words.
 */
#include "tests/unit/unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cgi/device_words.h"
#include "cgi/supply_words.h"
#include "cgi/list.h"
#include "cgi/usage.h"

/* ---- the API and the rest of the program, played */

static char asked[8][512];		/* paths, in order */
static const char *answers[8];		/* JSON; NULL: refused */
static const char *refused_as = "";
static int nasked;
static char sent[8192];

int
cgi_get(struct cgi *c, json_t **out, const char *path, ...)
{
	int n = nasked++;
	va_list ap;
	size_t at = 0;

	assert_true(n < 8);
	va_start(ap, path);
	for (; *path != '\0' && at < 400; path++)
		if (*path == '*')
			at += (size_t)snprintf(asked[n] + at, 100, "<%s>",
			    va_arg(ap, const char *));
		else
			asked[n][at++] = *path;
	asked[n][at] = '\0';
	va_end(ap);
	if (answers[n] == NULL) {
		snprintf(c->problem, sizeof c->problem, "%s", refused_as);
		return rel_err_set(&c->err, REL_E_NOTFOUND, "not there");
	}
	*out = json_loads(answers[n], 0, NULL);
	assert_non_null(*out);
	return 0;
}

const char *
cgi_field(const struct cgi *c, const char *name)
{
	for (size_t i = c->rq.nfields; i-- > 0;)
		if (strcmp(c->rq.field[i].name, name) == 0)
			return c->rq.field[i].value;
	return NULL;
}

const char *
cgi_text(const struct cgi *c, const char *name)
{
	const char *v = cgi_field(c, name);

	return v != NULL ? v : "";
}

bool
cgi_on(const struct cgi *c, const char *name)
{
	return strcmp(cgi_text(c, name), "1") == 0;
}

void
cgi_put(struct cgi *c, const char *name, json_t *value)
{
	json_object_set_new(c->view, name, value);
}

void
cgi_put_text(struct cgi *c, const char *name, const char *text)
{
	json_object_set_new(c->view, name, json_string(text));
}

void
cgi_put_svg(struct cgi *c, const char *name, struct rel_buf *svg)
{
	json_object_set_new(c->view, name, json_stringn((char *)svg->data,
	    svg->len));
	rel_buf_fini(svg);
}

int
cgi_bad(struct cgi *c, const char *field, const char *fmt, ...)
{
	(void)fmt;
	snprintf(c->bad_field, sizeof c->bad_field, "%s", field);
	return rel_err_set(&c->err, REL_E_FORMAT, "bad");
}

int
cgi_send(struct cgi *c, const char *type, const void *data, size_t len)
{
	assert_string_equal(type, CSV_TYPE);
	assert_true(len < sizeof sent);
	memcpy(sent, data, len);
	sent[len] = '\0';
	c->answered = true;
	return CGI_ANSWERED;
}

/* ---- a request: "name=value" of the address, then of the form */

static struct field fields[16];

static void
request(struct cgi *c, const char *const *query, const char *const *form)
{
	memset(c, 0, sizeof *c);
	c->view = json_object();
	c->rq.field = fields;
	for (int of_form = 0; of_form < 2; of_form++) {
		const char *const *p = of_form ? form : query;

		for (; p != NULL && *p != NULL; p += 2) {
			struct field *f = &fields[c->rq.nfields++];

			f->name = (char *)(uintptr_t)p[0];
			f->value = (char *)(uintptr_t)p[1];
		}
		if (!of_form)
			c->rq.nquery = c->rq.nfields;
	}
	nasked = 0;
	memset(answers, 0, sizeof answers);
	refused_as = "";
	sent[0] = '\0';
}

static const char *
text_of(const struct cgi *c, const char *name)
{
	return json_string_value(json_object_get(c->view, name));
}

static const struct csv_column columns[] = {
	{ .title = "Id", .path = "id" }, { .title = NULL }
};
static const char *const filters[] = { "q", "device", "from", NULL };
static const struct list list = { .path = "/jobs?user=*", .star = "anna",
	.key = "jobs", .filters = filters, .limit = 20, .columns = columns };

/* ---- lists */

static void
test_list_page(void **state)
{
	static const char *const query[] = { "q", "a b&c", "after", "j-1",
		"device", "", NULL };
	struct cgi c;

	(void)state;
	request(&c, query, NULL);
	answers[0] = "{\"jobs\":[{\"id\":1}],\"next\":\"j-2\"}";
	assert_int_equal(list_view(&c, &list), 0);
	assert_string_equal(asked[0],
	    "/jobs?user=<anna>&limit=20&q=a%20b%26c&after=j-1");
	assert_string_equal(text_of(&c, "next"), "j-2");
	assert_string_equal(text_of(&c, "after"), "j-1");
	assert_string_equal(text_of(&c, "filters"), "&q=a%20b%26c");
	assert_true(json_is_true(json_object_get(c.view, "filtered")));
	assert_string_equal(json_string_value(json_object_get(
	    json_object_get(c.view, "filter"), "q")), "a b&c");
	assert_int_equal(json_array_size(json_object_get(c.view, "jobs")), 1);
	json_decref(c.view);
}

/* The form of a failed action has a field "device" of its own. */
static void
test_list_form(void **state)
{
	static const char *const query[] = { "device", "Flur", NULL };
	static const char *const form[] = { "device", "other", "q", "x",
		NULL };
	struct cgi c;

	(void)state;
	request(&c, query, form);
	answers[0] = "{\"jobs\":[],\"next\":null}";
	assert_int_equal(list_view(&c, &list), 0);
	assert_string_equal(asked[0],
	    "/jobs?user=<anna>&limit=20&device=Flur");
	json_decref(c.view);
}

static void
test_list_bad_filter(void **state)
{
	static const char *const days[] = { "2026-1-1", "yesterday",
		"2026-11-20T00:00:00Z", "2026-11-2x", "20261120xx" };
	const char *query[] = { "from", "", NULL };
	struct cgi c;

	(void)state;
	for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
		query[1] = days[i];
		request(&c, query, NULL);
		assert_int_equal(list_view(&c, &list), 0);
		assert_int_equal(nasked, 0);
		assert_int_equal(c.status, 422);
		assert_string_equal(c.bad_field, "from");
		assert_non_null(text_of(&c, "error"));
		json_decref(c.view);
	}
	query[0] = "device";
	query[1] = "nowhere";
	request(&c, query, NULL);
	refused_as = "device-unknown";
	assert_int_equal(list_view(&c, &list), 0);
	assert_string_equal(c.bad_field, "device");
	json_decref(c.view);
}

/* The first page is sent with the header, the others as they come. */
static void
test_list_csv(void **state)
{
	static const char *const query[] = { "csv", "1", "q", "x", "after",
		"j-9", NULL };
	FILE *out = stdout;
	struct cgi c;
	char *rest = NULL;
	size_t len;
	int rc;

	(void)state;
	request(&c, query, NULL);
	answers[0] = "{\"jobs\":[{\"id\":1}],\"next\":\"j*2\"}";
	answers[1] = "{\"jobs\":[{\"id\":2}],\"next\":\"j-3\"}";
	answers[2] = NULL;
	stdout = open_memstream(&rest, &len);
	rc = list_view(&c, &list);
	fclose(stdout);
	stdout = out;
	assert_int_equal(rc, CGI_ANSWERED);
	/* What goes wrong in the middle is said in the last row. */
	assert_string_equal(rest, "2\r\nNot complete: not there\r\n");
	free(rest);
	assert_string_equal(sent, "\xef\xbb\xbfId\r\n1\r\n");
	assert_int_equal(nasked, 3);
	assert_string_equal(asked[0], "/jobs?user=<anna>&limit=200&q=x");
	assert_string_equal(asked[1],
	    "/jobs?user=<anna>&limit=200&q=x&after=j%2A2");
	json_decref(c.view);
}

static void
count(json_t *row, void *ctx)
{
	*(json_int_t *)ctx += json_integer_value(json_object_get(row, "n"));
}

static void
test_list_all(void **state)
{
	json_int_t sum = 0;
	struct cgi c;

	(void)state;
	request(&c, NULL, NULL);
	answers[0] = "{\"d\":[{\"n\":1},{\"n\":2}],\"next\":\"x\"}";
	answers[1] = "{\"d\":[{\"n\":4}],\"next\":null}";
	assert_int_equal(list_all(&c, "/d", "d", count, &sum), 0);
	assert_int_equal(sum, 7);
	assert_int_equal(nasked, 2);
	json_decref(c.view);
}

/* ---- points of time */

static struct usage_axis axis;

static void
axis_is(const char *by, const char *from, const char *to, size_t n,
    const char *first, const char *last)
{
	usage_axis_init(&axis, by, from, to);
	assert_int_equal(axis.n, n);
	assert_string_equal(axis.labels[0], first);
	assert_string_equal(axis.labels[n - 1], last);
}

static void
test_axis(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	/* The clocks go back on the 25th: its day has 25 hours. */
	axis_is("day", "2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z", 3,
	    "10-24", "10-26");
	assert_int_equal(axis.at[2] - axis.at[1], 25 * 3600);
	assert_int_equal(usage_axis_find(&axis, "2026-10-25T22:59:59Z"), 1);
	assert_int_equal(usage_axis_find(&axis, "2026-10-25T23:00:00Z"), 2);
	assert_int_equal(usage_axis_find(&axis, "2026-10-23T21:59:59Z"), 3);
	assert_int_equal(usage_axis_find(&axis, "2026-10-26T23:00:00Z"), 3);
	assert_int_equal(usage_axis_find(&axis, "tomorrow"), 3);
	axis_is("hour", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25,
	    "00:00", "23:00");
	axis_is("week", "2026-11-18T12:00:00Z", "2026-11-24T00:00:00Z", 2,
	    "11-16", "11-23");
	axis_is("month", "2025-12-10T00:00:00Z", "2026-02-01T12:00:00Z", 3,
	    "2025-12", "2026-02");
	setenv("TZ", "UTC", 1);
	tzset();
}

/* More than can be drawn, or no time at all: no points, and no loop. */
static void
test_axis_bounds(void **state)
{
	(void)state;
	usage_axis_init(&axis, "hour", "1970-01-01T00:00:00Z",
	    "2199-01-01T00:00:00Z");
	assert_int_equal(axis.n, 0);
	usage_axis_init(&axis, "day", "x", "2026-01-01T00:00:00Z");
	assert_int_equal(axis.n, 0);
	usage_axis_init(&axis, "day", NULL, NULL);
	assert_int_equal(axis.n, 0);
	usage_axis_init(&axis, "day", "2026-01-02T00:00:00Z",
	    "2026-01-01T00:00:00Z");
	assert_int_equal(axis.n, 0);
}

static void
test_two_sided(void **state)
{
	static const struct {
		int sides, sheets, percent;
	} t[] = {
		{ 0, 0, 0 }, { 10, 10, 0 }, { 10, 5, 100 }, { 3, 2, 50 },
		{ 102, 100, 2 }, { 5, 7, 0 }
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		json_t *o = json_pack("{s:i,s:i}", "sides", t[i].sides,
		    "sheets", t[i].sheets);

		usage_two_sided(o);
		assert_int_equal(json_integer_value(json_object_get(o,
		    "two_sided")), t[i].percent);
		json_decref(o);
	}
	usage_two_sided(NULL);
}

static void
test_plot(void **state)
{
	struct cgi c;
	json_t *totals;

	(void)state;
	request(&c, NULL, NULL);
	answers[0] = "{\"by\":\"day\",\"from\":\"2026-11-20T00:00:00Z\","
	    "\"to\":\"2026-11-22T00:00:00Z\",\"rows\":[{\"at\":"
	    "\"2026-11-21T00:00:00Z\",\"mono\":3,\"colour\":1}],"
	    "\"totals\":{\"jobs\":1,\"sides\":4,\"sheets\":2}}";
	assert_int_equal(usage_view(&c, "days", "Pages per day", "/usage",
	    NULL), 0);
	assert_non_null(strstr(text_of(&c, "days"), "11-21: 3 pages"));
	assert_null(strstr(text_of(&c, "days"), "11-20: "));
	totals = json_object_get(c.view, "days_totals");
	assert_int_equal(json_integer_value(json_object_get(totals,
	    "two_sided")), 100);
	assert_true(json_is_true(json_object_get(c.view, "days_any")));
	json_decref(c.view);
}

static void
test_job_out(void **state)
{
	json_t *j = json_loads("{\"pages\":{\"sides\":9,\"printed\":{"
	    "\"sides\":3,\"sheets\":2,\"colour_sides\":1,\"copies\":2}}}", 0,
	    NULL), *out;

	(void)state;
	usage_job(j);
	out = json_object_get(j, "out");
	assert_int_equal(json_integer_value(json_object_get(out, "sides")), 6);
	assert_int_equal(json_integer_value(json_object_get(out, "sheets")),
	    4);
	assert_int_equal(json_integer_value(json_object_get(out, "colour")),
	    2);
	json_decref(j);
	j = json_loads("{\"pages\":{\"sides\":9,\"printed\":null}}", 0, NULL);
	usage_job(j);
	assert_null(json_object_get(j, "out"));
	json_decref(j);
}

/* ---- devices */

static void
said(const char *status, int silent_s, const char *words, const char *level)
{
	time_t seen = time(NULL) - silent_s;
	char json[600], when[40];
	struct tm tm;
	json_t *d;

	gmtime_r(&seen, &tm);
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	snprintf(json, sizeof json, "{\"state\":\"registered\",\"status\":%s,"
	    "\"last_seen_at\":\"%s\"}", status, when);
	d = json_loads(json, 0, NULL);
	assert_non_null(d);
	device_words(d);
	assert_string_equal(json_string_value(json_object_get(d, "words")),
	    words);
	assert_string_equal(json_string_value(json_object_get(d, "level")),
	    level);
	assert_int_equal(json_object_get(d, "since") != NULL,
	    silent_s > DEVICE_SILENT_S);
	json_decref(d);
}

static void
test_device_words(void **state)
{
	(void)state;
	said("null", 0, "ready", "ok");
	said("{\"state\":\"idle\",\"reasons\":[\"none\"]}", 0, "ready", "ok");
	said("{\"state\":\"processing\"}", 0, "printing", "ok");
	said("{\"state\":\"stopped\"}", 0, "stopped", "bad");
	said("{\"state\":\"stopped\",\"reasons\":[\"media-empty-error\","
	    "\"media-needed\",\"cover-open\"]}", 0,
	    "out of paper, a cover is open", "bad");
	said("{\"state\":\"idle\",\"reasons\":[\"toner-low-report\"]}", 0,
	    "little toner left", "ok");
	said("{\"state\":\"idle\",\"reasons\":[\"media-empty-warning\"]}", 0,
	    "out of paper", "warn");
	said("{\"state\":\"idle\",\"reasons\":[\"com.maker-staples-out\"]}", 0,
	    "com.maker staples out", "warn");
	said("{\"state\":\"idle\",\"reasons\":[]}", 400, "offline", "bad");
	/* Nonsense of a device. */
	said("7", 0, "ready", "ok");
	said("{\"state\":7,\"reasons\":{\"a\":1}}", 0, "ready", "ok");
	said("{\"state\":\"idle\",\"reasons\":[7,\"\",\"-error\",[]]}", 0,
	    "error", "warn");
	said("{\"reasons\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}", 0, "a, b, c, d",
	    "warn");
}

static void
test_device_no_panel(void **state)
{
	json_t *d = json_loads("{\"state\":\"waiting\",\"status\":null,"
	    "\"last_seen_at\":null}", 0, NULL);

	(void)state;
	device_words(d);
	assert_string_equal(json_string_value(json_object_get(d, "level")),
	    "ok");
	assert_true(json_is_true(json_object_get(d, "fit")));
	json_decref(d);
}

static json_t *
supply_in_words(const char *text)
{
	json_t *s = json_loads(text, 0, NULL);

	assert_non_null(s);
	supply_words(s);
	return s;
}

#define WORD(o, key) json_string_value(json_object_get((o), (key)))

static void
test_supply_words(void **state)
{
	json_t *s = supply_in_words("{\"n\":1,\"name\":\"TN-1\",\"kind\":"
	    "\"waste-ink\",\"color\":\"#00FFFF\",\"percent\":0}");

	(void)state;
	assert_true(json_is_true(json_object_get(s, "known")));
	assert_string_equal("0 %", WORD(s, "left"));
	assert_string_equal("waste ink", WORD(s, "kind_words"));
	assert_string_equal("cyan", WORD(s, "color_words"));
	assert_string_equal("TN-1", WORD(s, "name"));
	json_decref(s);
	s = supply_in_words("{\"n\":2,\"kind\":\"shrink-wrap\",\"color\":"
	    "\"none\",\"level\":-3,\"percent\":-2}");
	assert_true(json_is_false(json_object_get(s, "known")));
	assert_string_equal("some", WORD(s, "left"));
	assert_string_equal("shrink-wrap", WORD(s, "kind_words"));
	assert_string_equal("", WORD(s, "color_words"));
	assert_string_equal("shrink-wrap", WORD(s, "name"));
	json_decref(s);
	s = supply_in_words("{\"n\":3}");
	assert_string_equal("unknown", WORD(s, "left"));
	assert_string_equal("", WORD(s, "name"));
	json_decref(s);
	s = supply_kinds("drum");
	assert_true(json_array_size(s) > 10);
	assert_true(json_is_true(json_object_get(json_array_get(s, 4),
	    "chosen")));
	assert_true(json_is_false(json_object_get(json_array_get(s, 0),
	    "chosen")));
	json_decref(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list_page),
		cmocka_unit_test(test_list_form),
		cmocka_unit_test(test_list_bad_filter),
		cmocka_unit_test(test_list_csv),
		cmocka_unit_test(test_list_all),
		cmocka_unit_test(test_axis),
		cmocka_unit_test(test_axis_bounds),
		cmocka_unit_test(test_two_sided),
		cmocka_unit_test(test_plot),
		cmocka_unit_test(test_job_out),
		cmocka_unit_test(test_device_words),
		cmocka_unit_test(test_device_no_panel),
		cmocka_unit_test(test_supply_words),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
