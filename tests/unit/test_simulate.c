/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The simulator against a played releaserd: exact figures, its bounds, texts
 * that are wrong. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/simulate.h"

#define COLUMNS "{\"columns\":[\"id\",\"state\",\"user\",\"queue\"," \
	"\"device\",\"title\",\"format\",\"media\",\"pages\",\"sides\"," \
	"\"colour\",\"sheets\",\"copies\",\"duplex\",\"number_up\"," \
	"\"finishings\",\"bytes\",\"pages_sure\",\"colour_sure\"," \
	"\"held_ms\",\"ended_ms\",\"paid\",\"account\",\"host\"," \
	"\"cups_job\",\"application\",\"producer\",\"papers\"],\"rows\":["
#define PAGE 5000

/* ---- releaserd, played: books, groups, and either a few records or many */

struct played {
	const char *rules, *prices;
	const char *rows;		/* one page; or NULL: */
	long jobs;			/* so many alike */
	long page_ms;			/* each page takes so long */
	bool denied;			/* records are not for this visitor */
	char *text;
};
static struct played now;
static char asked[100];			/* the last query for records */

int
rel_api_call(struct rel_api *a, const char *method, const char *path,
    const json_t *body, json_t **out, struct rel_err *err)
{
	static const char *const lists[][2] = {
		{ "/api/v1/groups?", "{\"groups\":[{\"name\":\"Students\"}],"
		    "\"next\":null}" },
		{ "/api/v1/groups/Students?", "{\"member_list\":[{\"name\":"
		    "\"anna\",\"kind\":\"user\"}],\"next\":null}" },
		{ "/api/v1/devices?", "{\"devices\":[{\"id\":\"d1\","
		    "\"groups\":\"Cheap\"}],\"next\":null}" },
	};

	(void)a, (void)method, (void)body, (void)err;
	*out = NULL;
	if (strcmp(path, "/api/v1/rules") == 0)
		*out = json_pack("{s:s,s:s}", "text", now.rules, "currency",
		    "EUR");
	else if (strcmp(path, "/api/v1/prices") == 0)
		*out = json_pack("{s:s,s:s}", "text", now.prices, "currency",
		    "EUR");
	for (size_t i = 0; i < 3; i++)
		if (strncmp(path, lists[i][0], strlen(lists[i][0])) == 0)
			*out = json_loads(lists[i][1], 0, NULL);
	assert_non_null(*out);
	return 0;
}

/* A page of jobs alike, one a second. */
static void
many(struct rel_buf *b, long first)
{
	long last = first + PAGE < now.jobs ? first + PAGE : now.jobs;

	rel_put_fmt(b, COLUMNS);
	for (long i = first; i < last; i++)
		rel_put_fmt(b, "%s[\"j\",\"sent\",\"anna\",\"q\",\"d1\",\"T\","
		    "\"pdf\",\"\",3,3,1,3,1,1,1,\"\",9,2,2,1795000000000,%lld,"
		    "50000,\"anna\",\"h\",7,\"\",\"\"]", i > first ? "," : "",
		    1795000000000 + i * 1000LL);
	rel_put_fmt(b, "],\"devices\":{\"d1\":\"Hall\"},\"next\":");
	if (last < now.jobs)
		rel_put_fmt(b, "\"%ld\"}", last);
	else
		rel_put_fmt(b, "null}");
}

int
rel_api_text(struct rel_api *a, const char *path, const char **text,
    size_t *len, struct rel_err *err)
{
	struct timespec t = { 0, now.page_ms * 1000000 };
	const char *after = strstr(path, "after=");
	static struct rel_buf b;

	(void)a;
	snprintf(asked, sizeof asked, "%.99s", path);
	if (now.denied)
		return rel_err_set(err, REL_E_DENIED, "operators only");
	nanosleep(&t, NULL);
	rel_buf_reset(&b);
	if (now.rows != NULL)
		rel_put_fmt(&b, COLUMNS "%s],\"devices\":{\"d1\":\"Hall\"},"
		    "\"next\":null}", now.rows);
	else
		many(&b, after != NULL ? atol(after + 6) : 0);
	*text = (const char *)b.data;
	*len = b.len;
	return b.failed ? -b.failed : 0;
}

int
rel_api_again(const struct rel_api *a, struct rel_api **out,
    struct rel_err *err)
{
	(void)a, (void)err;
	*out = NULL;
	return 0;
}

void
rel_api_free(struct rel_api **ap)
{
	*ap = NULL;
}

void
rel_api_escape(struct rel_buf *b, const char *s)
{
	rel_put_raw(b, s, strlen(s));
}

/* ---- */

static struct rel_simulate s;
static struct rel_err err;

static int
run(const char *rules, const char *prices)
{
	s.rules = rules;
	s.rules_len = rules != NULL ? strlen(rules) : 0;
	s.prices = prices;
	s.prices_len = prices != NULL ? strlen(prices) : 0;
	err = (struct rel_err){ .code = 0 };
	return rel_simulate_run(&s, &err);
}

static void
end(void)
{
	rel_simulate_fini(&s);
	memset(&s, 0, sizeof s);
	memset(&now, 0, sizeof now);
}

/* anna is a student; bert is not. 2 of anna's pages are in colour. */
#define ANNA "[\"j-1\",\"sent\",\"anna\",\"q\",\"d1\",\"Letter\",\"pdf\"," \
	"\"iso_a4_210x297mm\",5,5,2,5,2,1,1,\"\",9,2,2,1795000000000," \
	"1795000100000,620000,\"anna\",\"h\",7,\"\",\"\"]"
#define BERT "[\"j-2\",\"sent\",\"bert\",\"q\",\"d1\",\"Poster\",\"pdf\"," \
	"\"iso_a4_210x297mm\",4,4,4,4,1,1,1,\"\",9,2,2,1795000200000," \
	"1795000300000,800000,\"bert\",\"h\",8,\"\",\"\"]"
#define REFUSED "[\"j-3\",\"refused\",\"bert\",\"q\",\"\",\"Draft\",\"pdf\"," \
	"\"\",9,9,0,9,1,1,1,\"\",9,2,2,1795000400000,1795000500000,null," \
	"\"\",\"h\",9,\"\",\"\"]"

/* The members of o by a path, "total.forced.mono" or "users.0.name". */
static json_t *
at(json_t *o, const char *path)
{
	while (o != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		o = json_is_array(o) ? json_array_get(o, (size_t)atol(path)) :
		    json_object_getn(o, path, n);
		path += n + (path[n] == '.');
	}
	return o;
}

static void
is_text(json_t *o, const char *path, const char *want)
{
	char *seen = json_dumps(at(o, path), JSON_COMPACT | JSON_ENCODE_ANY |
	    JSON_SORT_KEYS);

	assert_non_null(seen);
	assert_string_equal(want, seen);
	free(seen);
}

UNIT(small_sets_have_exact_results)
{
	static const struct {
		const char *rows, *rules, *prices;
		const char *is[12][2];
	} t[] = {
		{ ANNA "," BERT "," REFUSED,
		    "rule \"No colour\" when group Students and colour-pages >"
		    " 0 refuse \"no\"\n", NULL, {
			{ "total.jobs", "3" }, { "total.refused", "1" },
			{ "total.refused_then_held_now", "1" },
			{ "total.before", "{\"colour\":8,\"jobs\":2,\"micro\":"
			    "1420000,\"sheets\":14,\"sides\":14}" },
			{ "total.after", "{\"colour\":4,\"jobs\":1,\"micro\":"
			    "400000,\"sheets\":4,\"sides\":4}" },
			{ "users.0.name", "\"anna\"" },
			{ "users.0.after.jobs", "0" },
			{ "groups.0.name", "\"Students\"" },
			{ "groups.0.refused", "1" },
			{ "rules.0.name", "\"No colour\"" },
			{ "rules.0.refused", "1" },
			{ "until", "\"2026-11-18T11:15:00Z\"" } } },
		{ ANNA "," BERT,
		    "rule \"Grey\" when colour-pages > 3 force mono\n"
		    "rule \"Both\" when pages > 1 force duplex, mono\n"
		    "rule \"Few\" when copies > 1 force copies max 1\n"
		    "rule \"Never\" when pages > 99 refuse \"no\"\n",
		    "mono 0.02\n", {
			{ "total.refused", "0" },
			{ "total.forced", "{\"copies\":1,\"duplex\":2,"
			    "\"mono\":2,\"number_up\":0}" },
			{ "total.after", "{\"colour\":0,\"jobs\":2,\"micro\":"
			    "180000,\"sheets\":5,\"sides\":9}" },
			{ "rules.0", "{\"allowed\":0,\"approval\":0,\"asked\":"
			    "0,\"charged_elsewhere\":0,\"forced\":1,\"line\":1,"
			    "\"name\":\"Grey\",\"refused\":0,\"suggested\":0}" },
			{ "rules.1.forced", "2" }, { "rules.2.forced", "1" },
			{ "rules.2.line", "3" }, { "rules.3", "" } } },
		{ ANNA "," BERT,
		    "rule \"A\" when pages > 4 ask \"so many?\"\n"
		    "rule \"B\" when pages > 3 ask \"many?\"\n"
		    "rule \"C\" when title \"Poster*\" approve by \"Heads\"\n"
		    "rule \"D\" when pages > 4 allow\n"
		    "rule \"E\" when colour-pages > 0 refuse \"no\"\n", NULL, {
			{ "total.refused", "1" }, { "total.asked", "1" },
			{ "rules.0.asked", "1" },
			{ "rules.1.name", "\"D\"" },
			{ "rules.1.allowed", "1" },
			{ "rules.2.name", "\"E\"" },
			{ "rules.2.refused", "1" }, { "rules.3", "" } } },
		{ "", "", NULL, { { "total.jobs", "0" }, { "users", "[]" },
			{ "rules", "[]" }, { "until", "null" },
			{ "users_rest", "null" }, { "stopped", "null" } } },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		json_t *o;

		now = (struct played){ .rules = "", .prices = "mono 0.05\n"
		    "colour 0.10\n", .rows = t[i].rows };
		(void)run(t[i].rules, t[i].prices);
		assert_string_equal("", err.text);
		o = rel_simulate_json(&s, 20);
		assert_non_null(o);
		for (size_t k = 0; k < 12 && t[i].is[k][0] != NULL; k++)
			if (t[i].is[k][1][0] != '\0')
				is_text(o, t[i].is[k][0], t[i].is[k][1]);
			else
				assert_null(at(o, t[i].is[k][0]));
		json_decref(o);
		end();
	}
}

UNIT(what_is_beyond_the_first_rows_is_summed)
{
	json_t *o;

	now = (struct played){ .rules = "", .prices = "", .rows = ANNA ","
	    BERT };
	assert_int_equal(0, run(NULL, NULL));
	o = rel_simulate_json(&s, 1);
	is_text(o, "users.0.name", "\"anna\"");
	assert_int_equal(1, json_array_size(at(o, "users")));
	is_text(o, "users_all", "2");
	is_text(o, "users_rest.jobs", "1");
	is_text(o, "users_rest.before.micro", "800000");
	is_text(o, "groups_rest", "null");
	json_decref(o);
	end();
}

UNIT(the_last_job_of_the_bound_is_in_it_and_no_other)
{
	static const struct {
		long jobs, most, want;
		enum rel_simulate_end end;
	} t[] = {
		{ 5000, 5000, 5000, REL_SIMULATE_ALL },
		{ 200001, 200000, 200000, REL_SIMULATE_JOBS },
		{ 12000, 0, 12000, REL_SIMULATE_ALL },
		{ 5001, 5000, 5000, REL_SIMULATE_JOBS },
		{ 2, 1, 1, REL_SIMULATE_JOBS },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		now = (struct played){ .rules = "", .prices = "", .jobs =
		    t[i].jobs };
		s.jobs_max = t[i].most;
		assert_int_equal(0, run(NULL, NULL));
		assert_int_equal(t[i].want, s.replay.total.jobs);
		assert_int_equal(t[i].end, s.end);
		assert_int_equal(1795000000000 + (t[i].want - 1) * 1000,
		    s.last_ms);
		end();
	}
}

UNIT(it_stops_in_time)
{
	json_t *o;

	now = (struct played){ .rules = "", .prices = "", .jobs = 100000000,
	    .page_ms = 20 };
	s.ms_max = 100;
	assert_int_equal(0, run(NULL, NULL));
	assert_int_equal(REL_SIMULATE_TIME, s.end);
	assert_true(s.replay.total.jobs < 10000000);
	o = rel_simulate_json(&s, 1);
	is_text(o, "stopped", "\"time\"");
	json_decref(o);
	end();
}

UNIT(a_wrong_text_is_named_and_nothing_is_replayed)
{
	static const struct {
		const char *rules, *prices, *wrong, *word;
		unsigned line;
	} t[] = {
		{ "\nrule \"a\" when pagez > 1 refuse \"no\"\n", NULL, "rules",
		    "pagez", 2 },
		{ NULL, "mono 0.05\ncolouur 1\n", "prices", "colouur", 2 },
		{ NULL, "", "prices", "", 0 },
		{ NULL, "currency USD\nmono 1\n", "prices", "USD", 0 },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		now = (struct played){ .rules = "", .prices = "", .rows =
		    ANNA };
		assert_int_equal(-REL_E_FORMAT, run(t[i].rules,
		    t[i].prices));
		assert_string_equal(t[i].wrong, s.wrong);
		assert_string_equal(t[i].word, s.place.word);
		assert_int_equal(t[i].line, s.place.line);
		assert_non_null(strstr(err.text, t[i].word));
		assert_int_equal(0, s.replay.total.jobs);
		end();
	}
}

UNIT(what_is_in_force_counts_where_nothing_is_proposed)
{
	now = (struct played){ .rules = "rule \"a\" when user anna refuse "
	    "\"no\"\n", .prices = "mono 1\ncolour 1\n", .rows = ANNA ","
	    BERT };
	assert_int_equal(0, run(NULL, NULL));
	assert_int_equal(1, s.replay.total.refused);
	assert_int_equal(4000000, s.replay.total.after.micro);
	assert_string_equal("EUR", s.currency);
	end();
}

UNIT(without_prices_nothing_costs_anything)
{
	now = (struct played){ .rules = "", .prices = "", .rows = ANNA };
	assert_int_equal(0, run(NULL, NULL));
	assert_int_equal(620000, s.replay.total.before.micro);
	assert_int_equal(0, s.replay.total.after.micro);
	assert_int_equal(10, s.replay.total.after.sides);
	end();
}

UNIT(who_may_not_is_told)
{
	now = (struct played){ .rules = "", .prices = "", .denied = true };
	assert_int_equal(-REL_E_DENIED, run(NULL, NULL));
	assert_string_equal("operators only", err.text);
	assert_null(s.wrong);
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(small_sets_have_exact_results),
		UNIT_RUN(what_is_beyond_the_first_rows_is_summed),
		UNIT_RUN(the_last_job_of_the_bound_is_in_it_and_no_other),
		UNIT_RUN(it_stops_in_time),
		UNIT_RUN(a_wrong_text_is_named_and_nothing_is_replayed),
		UNIT_RUN(what_is_in_force_counts_where_nothing_is_proposed),
		UNIT_RUN(without_prices_nothing_costs_anything),
		UNIT_RUN(who_may_not_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
