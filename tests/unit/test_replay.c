/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What other rules and prices would have done, and lines of reports. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/report.h"
#include "lib/environment.h"
#include "lib/facts.h"
#include "lib/place.h"

#define CENT (REL_MONEY_UNIT / 100)

static struct rel_replay_job
a_job(const char *user, int64_t sides, int64_t colour)
{
	return (struct rel_replay_job){ .user = user, .queue = "office", .title =
	    "Letter", .application = "Writer", .producer = "LibreOffice 7.4", .papers = "",
	    .format = "pdf", .media = "iso_a4_210x297mm",
	    .finishings = "", .device_id = "d1", .device = "Hall", .pages =
	    sides, .sides = sides, .colour = colour, .sheets = sides,
	    .copies = 1, .bytes = 1000, .held_ms = 1795000000000,
	    .ended_ms = 1795000100000, .paid = 7 * CENT, .duplex =
	    REL_DUPLEX_NONE, .number_up = 1, .pages_sure = REL_SURE_EXACT,
	    .colour_sure = REL_SURE_EXACT, .printed = true, .charged = true };
}

static size_t
two_groups(void *ctx, const char *user, const char **names)
{
	(*(int *)ctx)++;
	names[0] = "Staff";
	names[1] = "All";
	return strcmp(user, "anna") == 0 ? 2 : 0;
}

static struct rel_rules *rules;
static struct rel_prices *prices;
static struct rel_replay r;
static int asked;

static void
begin(const char *text, const char *list)
{
	struct rel_place at;

	memset(&r, 0, sizeof r);
	rules = rel_rules_read(text, strlen(text), &at);
	prices = rel_prices_read(list, strlen(list), &at);
	assert_non_null(rules);
	assert_non_null(prices);
	asked = 0;
	r.rules = rules;
	r.prices = prices;
	r.groups_of = two_groups;
	r.ctx = &asked;
	assert_int_equal(0, rel_replay_init(&r));
}

static void
end(void)
{
	rel_replay_fini(&r);
	rel_rules_free(&rules);
	rel_prices_free(&prices);
}

static void
replayed(struct rel_replay_job j)
{
	assert_int_equal(0, rel_replay_job(&r, &j));
}

UNIT(without_rules_all_is_printed_at_the_new_price)
{
	begin("", "mono 0.10\ncolour 0.50\n");
	replayed(a_job("anna", 10, 2));
	assert_int_equal(1, r.total.after.jobs);
	assert_int_equal(180 * CENT, r.total.after.micro);
	assert_int_equal(7 * CENT, r.total.before.micro);
	assert_int_equal(10, r.total.after.sides);
	assert_int_equal(0, r.total.refused);
	end();
}

UNIT(what_is_refused_is_not_printed)
{
	begin("rule \"a\" when user bert refuse \"no\"\n", "mono 0.10\n");
	replayed(a_job("anna", 10, 0));
	replayed(a_job("bert", 4, 0));
	assert_int_equal(2, r.total.jobs);
	assert_int_equal(1, r.total.refused);
	assert_int_equal(14, r.total.before.sides);
	assert_int_equal(10, r.total.after.sides);
	assert_int_equal(2, r.nusers);
	end();
}

UNIT(several_sizes_of_paper_cost_what_each_costs)
{
	struct rel_replay_job j = a_job("anna", 10, 0);

	j.papers = "21000x29700:8/0/8,29700x42000:2/0/2";
	begin("rule \"b\" when user bert force number-up 2\n",
	    "mono 0.10\nmono 0.50 size A3\n");
	replayed(j);
	assert_int_equal(180 * CENT, r.total.after.micro);
	j.user = "bert";
	replayed(j);	/* 5 sides of A4 */
	assert_int_equal((180 + 50) * CENT, r.total.after.micro);
	end();
}

UNIT(the_application_is_known)
{
	begin("rule \"a\" when application \"LibreOffice*\" and user bert "
	    "refuse \"no\"\nrule \"b\" when application Writer force mono\n",
	    "mono 0.10\n");
	replayed(a_job("anna", 10, 2));
	replayed(a_job("bert", 4, 0));
	assert_int_equal(1, r.total.refused);
	assert_int_equal(1, r.total.mono);
	assert_int_equal(0, r.nunknown);
	end();
}

UNIT(what_is_forced_changes_sides_sheets_and_cost)
{
	static const struct {
		const char *rule;
		int64_t sides, colour, sheets, copies, micro;
	} t[] = {
		{ "force mono", 9, 0, 9, 3, 3 * 90 * CENT },
		{ "force duplex", 9, 4, 5, 3, 3 * 250 * CENT },
		{ "force number-up 2", 5, 4, 5, 3, 3 * 210 * CENT },
		{ "force number-up 2, duplex, mono", 5, 0, 3, 3, 3 * 50 * CENT },
		{ "force copies max 2", 9, 4, 9, 2, 2 * 250 * CENT },
		{ "force copies max 5", 9, 4, 9, 3, 3 * 250 * CENT },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct rel_replay_job j = a_job("anna", 9, 4);
		char text[100];

		j.copies = 3;
		snprintf(text, sizeof text, "rule \"a\" when pages > 1 %s\n",
		    t[i].rule);
		begin(text, "mono 0.10\ncolour 0.50\n");
		replayed(j);
		assert_int_equal(t[i].sides * t[i].copies,
		    r.total.after.sides);
		assert_int_equal(t[i].colour * t[i].copies,
		    r.total.after.colour);
		assert_int_equal(t[i].sheets * t[i].copies,
		    r.total.after.sheets);
		assert_int_equal(t[i].micro, r.total.after.micro);
		end();
	}
}

UNIT(what_is_so_already_is_not_counted_as_forced)
{
	struct rel_replay_job j = a_job("anna", 10, 0);

	j.duplex = REL_DUPLEX_SHORT;
	j.sheets = 5;
	j.number_up = 4;
	begin("rule \"a\" when pages > 1 force mono, duplex, number-up 2\n",
	    "mono 0.10\n");
	replayed(j);
	assert_int_equal(0, r.total.mono + r.total.duplex +
	    r.total.number_up);
	assert_int_equal(5, r.total.after.sheets);
	end();
}

UNIT(the_second_moment_sees_what_the_first_forced)
{
	begin("rule \"a\" when colour-pages > 0 force mono\n"
	    "rule \"b\" when colour-pages > 0 refuse \"no\" on release\n",
	    "mono 0.10\n");
	replayed(a_job("anna", 3, 1));
	assert_int_equal(0, r.total.refused);
	assert_int_equal(1, r.total.mono);
	end();
}

UNIT(the_device_is_known_at_release_only)
{
	begin("rule \"a\" when device Hall refuse \"no\"\n", "mono 0.10\n");
	replayed(a_job("anna", 3, 1));
	assert_int_equal(1, r.total.refused);
	end();
}

UNIT(refused_then_is_not_printed_now_either)
{
	struct rel_replay_job j = a_job("anna", 3, 1);

	j.printed = false;
	begin("", "mono 0.10\n");
	replayed(j);
	assert_int_equal(1, r.total.let);
	assert_int_equal(0, r.total.before.sides + r.total.after.sides);
	end();
}

UNIT(nobody_knows_its_pages_or_its_money)
{
	struct rel_replay_job j = a_job("anna", 0, 0);

	j.pages_sure = j.colour_sure = REL_SURE_UNKNOWN;
	j.charged = false;
	begin("rule \"a\" when pages < 5 refuse \"no\"\n", "base 1\n");
	replayed(j);
	assert_int_equal(1, r.total.uncounted);
	assert_int_equal(1, r.total.unpaid);
	assert_int_equal(0, r.total.refused);
	assert_int_equal(0, r.total.after.micro);
	end();
}

UNIT(what_rules_cannot_know_is_told)
{
	begin("rule \"Poor\" when money-left < 5 refuse \"no\"\n"
	    "rule \"Ask\" when group Staff ask \"really?\" suggest cheaper\n",
	    "mono 0.10\n");
	for (int i = 0; i < 3; i++)
		replayed(a_job("anna", 3, 1));
	assert_int_equal(1, r.nunknown);
	assert_string_equal("Poor", r.unknown[0]);
	assert_int_equal(3, r.total.asked);
	assert_int_equal(0, r.total.refused);
	end();
}

UNIT(users_and_groups_have_sums_of_their_own)
{
	struct rel_replay_row **rows;

	begin("rule \"a\" when user bert refuse \"no\"\n", "mono 0.10\n");
	replayed(a_job("anna", 3, 1));
	replayed(a_job("anna", 4, 1));
	replayed(a_job("bert", 5, 1));
	assert_int_equal(2, asked);	/* once a user */
	assert_int_equal(2, r.ngroups);
	rows = rel_replay_rows(r.users, r.nusers);
	assert_non_null(rows);
	assert_string_equal("bert", rows[0]->name);
	assert_int_equal(1, rows[0]->sums.refused);
	assert_int_equal(7, rows[1]->sums.after.sides);
	free(rows);
	rows = rel_replay_rows(r.groups, r.ngroups);
	assert_non_null(rows);
	assert_int_equal(7, rows[0]->sums.after.sides);
	assert_int_equal(7, rows[1]->sums.after.sides);
	free(rows);
	end();
}

/* ---- groups, pages of records, reports */

UNIT(nested_groups_are_resolved_and_circles_end)
{
	json_t *members = json_loads("{\"A\":[{\"name\":\"Anna\",\"kind\":"
	    "\"user\"},{\"name\":\"C\",\"kind\":\"group\"}],\"B\":[{\"name\":"
	    "\"a\",\"kind\":\"group\"}],\"C\":[{\"name\":\"B\",\"kind\":"
	    "\"group\"}],\"D\":[{\"name\":\"bert\",\"kind\":\"user\"},7]}", 0,
	    NULL);
	struct rel_group_sets *g = rel_group_sets_new(members);
	const char *names[8];

	assert_non_null(g);
	assert_int_equal(3, rel_group_sets_of(g, "anna", names, 8));
	assert_string_equal("A", names[0]);
	assert_string_equal("B", names[1]);
	assert_string_equal("C", names[2]);
	assert_int_equal(2, rel_group_sets_of(g, "anna", names, 2));
	assert_int_equal(1, rel_group_sets_of(g, "bert", names, 8));
	assert_int_equal(0, rel_group_sets_of(g, "carl", names, 8));
	rel_group_sets_free(&g);
	rel_group_sets_free(&g);
	json_decref(members);
}

static int
see_job(const struct rel_recorded *job, void *ctx)
{
	struct rel_recorded *out = ctx;

	*out = *job;
	return job->j.sides == 3 ? -REL_E_LIMIT : 0;
}

#define COLUMNS "\"state\",\"id\",\"user\",\"queue\",\"device\",\"title\"," \
	"\"format\",\"media\",\"pages\",\"sides\",\"colour\",\"sheets\"," \
	"\"copies\",\"duplex\",\"number_up\",\"finishings\",\"bytes\"," \
	"\"pages_sure\",\"colour_sure\",\"held_ms\",\"ended_ms\",\"paid\"," \
	"\"account\",\"host\",\"cups_job\",\"application\",\"producer\",\"papers\""

UNIT(a_page_of_records_is_read_by_its_columns)
{
	struct rel_err err;
	struct rel_recorded job;
	json_t *page = json_loads("{\"columns\":[" COLUMNS "],\"rows\":["
	    "[\"sent\",\"j-1\",\"anna\",\"q\",\"d1\",\"T\",\"pdf\",\"\",5,4,"
	    "-3,2,1,2,1,\"\",9,2,2,11,12,null,\"x\",\"h\",7,\"W\",\"L\",\"P\"]],\"devices\":{"
	    "\"d1\":\"Hall\"},\"next\":null}", 0, NULL);
	json_t *devices = json_loads("[{\"id\":\"d1\",\"groups\":\"A,B\"}]",
	    0, NULL);

	assert_non_null(page);
	assert_int_equal(0, rel_recorded_page(page, devices, see_job,
	    &job, &err));
	assert_true(job.j.printed);
	assert_string_equal("j-1", job.id);
	assert_string_equal("Hall", job.j.device);
	assert_int_equal(2, job.j.ndevice_groups);
	assert_int_equal(4, job.j.sides);
	assert_int_equal(0, job.j.colour);	/* never below 0 */
	assert_false(job.j.charged);
	assert_int_equal(7, job.cups_job);
	assert_string_equal("W", job.j.application);
	assert_string_equal("L", job.j.producer);
	assert_string_equal("P", job.j.papers);
	json_array_clear(json_array_get(json_object_get(page, "rows"), 0));
	assert_int_equal(0, rel_recorded_page(page, devices, see_job,
	    &job, &err));
	assert_string_equal("", job.j.user);
	json_array_remove(json_object_get(page, "columns"), 3);
	assert_int_equal(-REL_E_FORMAT, rel_recorded_page(page, devices,
	    see_job, &job, &err));
	json_decref(page);
	json_decref(devices);
}

static void
log_is(const char *want, const char *format, const struct rel_recorded *job)
{
	struct rel_buf b;

	rel_buf_init(&b);
	page_log_line(&b, format, job);
	rel_put_u8(&b, 0);
	assert_string_equal(want, (const char *)b.data);
	rel_buf_fini(&b);
}

UNIT(page_log_lines)
{
	struct rel_recorded job = { .j = a_job("anna", 5, 1), .id = "j-1",
	    .host = "pc\033[1m 7", .account = "anna", .cups_job = 12 };

	setenv("TZ", "UTC", 1);
	job.j.device = "Hall 2";
	job.j.copies = 2;
	job.j.title = "";
	job.j.ended_ms = 1795166100000;
	log_is("Hall_2 anna 12 [20/Nov/2026:09:15:00 +0000] total 10 - "
	    "pc [1m 7 - iso_a4_210x297mm one-sided", NULL, &job);
	job.account = "Project X";
	log_is("Project X|2|-|100%|%x|%", "%{job-billing}|%{copies}|%{none}|"
	    "100%%|%x|%", &job);
	log_is("anna-", "%u%{", &job);
}

UNIT(rows_of_users_become_rows_of_groups)
{
	static const char *const numbers[] = { "jobs", NULL };
	json_t *members = json_loads("{\"A\":[{\"name\":\"anna\",\"kind\":"
	    "\"user\"},{\"name\":\"bert\",\"kind\":\"user\"}]}", 0, NULL);
	json_t *users = json_loads("[{\"key\":\"anna\",\"jobs\":2},{\"key\":"
	    "\"bert\",\"jobs\":3},{\"key\":\"carl\",\"jobs\":4}]", 0, NULL);
	struct rel_group_sets *g = rel_group_sets_new(members);
	json_t *rows = report_by_group(users, g, numbers);
	char *text = json_dumps(rows, JSON_COMPACT | JSON_SORT_KEYS);

	assert_string_equal("[{\"jobs\":5,\"key\":\"A\"},{\"jobs\":4,\"key\":"
	    "\"-\"}]", text);
	free(text);
	json_decref(rows);
	json_decref(users);
	json_decref(members);
	rel_group_sets_free(&g);
}

UNIT(trees_and_csv)
{
	static const struct ctl_column columns[] = {
		{ "K", "key", COL_TEXT }, { "S", "saved", COL_INT },
		{ "T", "trees", COL_TEXT }, { "C", "co2_kg", COL_TEXT },
		{ NULL, NULL, COL_TEXT }
	};
	json_t *rows = json_loads("[{\"key\":\"=a\",\"sheets\":1000,\"sides\":"
	    "1500}]", 0, NULL);
	struct rel_environment e = { 8000, 4.64 };
	json_t *odd;
	struct rel_buf b;

	rel_environment_row(json_array_get(rows, 0), &e);
	rel_buf_init(&b);
	report_csv(&b, rows, columns);
	rel_put_u8(&b, 0);
	assert_string_equal("key,saved,trees,co2_kg\r\n'=a,500,0.1,4.6\r\n",
	    (const char *)b.data);
	rel_buf_fini(&b);
	json_decref(rows);
	/* What is missing, below 0, too much, or one-sided saved nothing. */
	odd = json_loads("[{},{\"sheets\":-5,\"sides\":\"x\"},{\"sheets\":4,"
	    "\"sides\":4},{\"sheets\":1,\"sides\":9223372036854775807}]", 0,
	    NULL);
	for (size_t i = 0; i < 4; i++) {
		json_t *row = json_array_get(odd, i), *v;

		rel_environment_row(row, &e);
		v = json_object_get(row, "saved");
		assert_true(json_integer_value(v) == (i < 3 ? 0 :
		    INT64_MAX - 1));
		assert_non_null(json_object_get(row, "saved_trees"));
	}
	json_decref(odd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(without_rules_all_is_printed_at_the_new_price),
		UNIT_RUN(what_is_refused_is_not_printed),
		UNIT_RUN(several_sizes_of_paper_cost_what_each_costs),
		UNIT_RUN(the_application_is_known),
		UNIT_RUN(what_is_forced_changes_sides_sheets_and_cost),
		UNIT_RUN(what_is_so_already_is_not_counted_as_forced),
		UNIT_RUN(the_second_moment_sees_what_the_first_forced),
		UNIT_RUN(the_device_is_known_at_release_only),
		UNIT_RUN(refused_then_is_not_printed_now_either),
		UNIT_RUN(nobody_knows_its_pages_or_its_money),
		UNIT_RUN(what_rules_cannot_know_is_told),
		UNIT_RUN(users_and_groups_have_sums_of_their_own),
		UNIT_RUN(nested_groups_are_resolved_and_circles_end),
		UNIT_RUN(a_page_of_records_is_read_by_its_columns),
		UNIT_RUN(page_log_lines),
		UNIT_RUN(rows_of_users_become_rows_of_groups),
		UNIT_RUN(trees_and_csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
