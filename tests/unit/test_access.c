/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Who may do what where: the table of functions, every combination of two
 * entries against a naive model, and the table in a database that changes.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "releaserd/core/access_priv.h"
#include "releaserd/core/store_money.h"
#include "tests/unit/store_fixture.h"

/* ---- the functions there are */

UNIT(the_table_is_whole)
{
	bool used[FG_COUNT] = { false };
	struct function_ref ref;
	char text[40];

	assert_true(FN_COUNT >= 50);
	for (int i = 0; i < FN_COUNT; i++) {
		const struct function_row *f = &functions_table[i];

		assert_in_range(strlen(f->key), 2, 38);
		assert_int_equal(strlen(f->key), strspn(f->key,
		    "abcdefghijklmnopqrstuvwxyz-"));
		assert_true(f->words[0] != '\0' && f->drives[0] != '\0');
		used[f->group] = true;
		assert_true(function_parse(&ref, f->key));
		assert_false(ref.is_group);
		assert_int_equal(i, ref.which);	/* no key twice */
		function_text(text, &ref);
		assert_string_equal(f->key, text);
	}
	for (int i = 0; i < FG_COUNT; i++) {
		snprintf(text, sizeof text, "@%s", function_groups[i].name);
		assert_true(used[i] && function_parse(&ref, text));
		assert_true(ref.is_group);
		assert_int_equal(i, ref.which);
	}
	assert_false(function_parse(&ref, "@nothing"));
	assert_false(function_parse(&ref, ""));
	assert_false(function_parse(&ref, "@"));
}

UNIT(a_call_needs_what_the_table_says)
{
	int n = 0;

	assert_int_equal(FN_ADMIN_ROLES, function_of_route(API_ROLE_SET));
	assert_int_equal(FN_JOB_DELETE, function_of_route(API_JOB_DEL));
	assert_int_equal(-1, function_of_route(API_ME_GET));
	assert_int_equal(-1, function_of_route(PANEL_ACTION));
	for (int r = 0; r < ROUTE_COUNT; r++)
		n += function_of_route((enum req_route)r) >= 0;
	assert_true(n > 60);
}

/* Only the list is for everybody: it is where one chooses a device. */
UNIT(calls_about_devices_need_the_devices)
{
	static const struct {
		enum req_route route;
		const char *path;
	} t[] = {
#define ROUTE(id, method, path, callers, fields) { id, path },
#include "releaserd/routes.def"
#undef ROUTE
	};
	static const char *const about[] = { "/api/v1/devices",
	    "/api/v1/device-groups", "/api/v1/posture",
	    "/api/v1/discovery", "/api/v1/snmp-credentials" };

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		for (size_t k = 0; k < sizeof about / sizeof about[0]; k++)
			if (t[i].route != API_DEVICE_LIST && strncmp(t[i].path,
			    about[k], strlen(about[k])) == 0 &&
			    function_of_route(t[i].route) != FN_ADMIN_DEVICES)
				fail_msg("%s needs no function", t[i].path);
}

/* ---- resolving */

#define EVERY_PLACE 5
#define EVERY_WHO 6
#define EVERY_WHAT 3
#define EVERY_SAY 3
#define EVERY_ENTRY (EVERY_PLACE * EVERY_WHO * EVERY_WHAT * EVERY_SAY)

static const struct {
	enum access_place place;
	const char *at;
} places[EVERY_PLACE] = {
	{ PLACE_ALL, "" }, { PLACE_DEVICE_GROUP, "floor1" },
	{ PLACE_DEVICE_GROUP, "floor2" }, { PLACE_DEVICE, "dev1" },
	{ PLACE_DEVICE, "dev2" }
};
static const struct {
	enum access_who who;
	const char *key;
} whos[EVERY_WHO] = {
	{ ACCESS_EVERYBODY, "" }, { ACCESS_GROUP, "staff" },
	{ ACCESS_GROUP, "guests" }, { ACCESS_USER, "anna" },
	{ ACCESS_USER, "ben" }, { ACCESS_NOBODY, "" }
};
static const char *const whats[EVERY_WHAT] = { "copy", "@copying", "scan" };
static const enum access_say says[EVERY_SAY] = { SAY_OPEN, SAY_TEMPLATE,
	SAY_DISABLED };

static struct access_entry
entry(unsigned n, int64_t id)
{
	struct access_entry e = { .row = { .id = id } };

	e.row.say = says[n % EVERY_SAY];
	n /= EVERY_SAY;
	snprintf(e.row.function, sizeof e.row.function, "%s",
	    whats[n % EVERY_WHAT]);
	assert_true(function_parse(&e.ref, e.row.function));
	n /= EVERY_WHAT;
	e.row.who = whos[n % EVERY_WHO].who;
	snprintf(e.row.person, sizeof e.row.person, "%s",
	    whos[n % EVERY_WHO].key);
	n /= EVERY_WHO;
	e.row.place = places[n].place;
	snprintf(e.row.at, sizeof e.row.at, "%s", places[n].at);
	return e;
}

static const char *const both_floors[] = { "floor2", "floor1" };
static const char *const both_groups[] = { "guests", "staff" };
static const struct access_asker askers[] = {
	{ .device_id = "dev1", .nobody = true },
	{ .device_id = "dev1", .device_groups = both_floors,
	    .ndevice_groups = 2 },
	{ .user = "anna" },
	{ .device_id = "dev1", .user = "anna" },
	{ .device_id = "dev1", .device_groups = both_floors,
	    .ndevice_groups = 2, .user = "anna", .groups = both_groups,
	    .ngroups = 2 },
	{ .device_id = "dev2", .device_groups = both_floors,
	    .ndevice_groups = 1, .user = "ben", .groups = both_groups + 1,
	    .ngroups = 1 },
	{ .device_id = "dev3", .device_groups = both_floors + 1,
	    .ndevice_groups = 1, .user = "cleo", .groups = both_groups,
	    .ngroups = 1 }
};
#define ASKERS (sizeof askers / sizeof askers[0])

/* ---- the naive model: ask each level in turn */

static bool
in(const char *key, const char *const *all, size_t n)
{
	return n > 0 && (strcmp(all[0], key) == 0 || in(key, all + 1, n - 1));
}

static bool
model_place(const struct access_row *r, const struct access_asker *a,
    int level)
{
	if (level == 0)
		return r->place == PLACE_DEVICE && a->device_id != NULL &&
		    strcmp(r->at, a->device_id) == 0;
	if (level == 1)
		return r->place == PLACE_DEVICE_GROUP && in(r->at,
		    a->device_groups, a->ndevice_groups);
	return r->place == PLACE_ALL;
}

static bool
model_who(const struct access_row *r, const struct access_asker *a, int level)
{
	if (a->nobody)
		return level == 2 && r->who == ACCESS_NOBODY;
	if (level == 0)
		return r->who == ACCESS_USER && a->user != NULL &&
		    strcmp(r->person, a->user) == 0;
	if (level == 1)
		return r->who == ACCESS_GROUP && in(r->person, a->groups,
		    a->ngroups);
	return r->who == ACCESS_EVERYBODY;
}

static const struct access_entry *
model_level(const struct access_table *t, const struct access_asker *a,
    const char *what, int place, int who)
{
	const struct access_entry *best = NULL;

	for (enum access_say say = SAY_DISABLED; say >= SAY_OPEN &&
	    best == NULL; say--)
		for (size_t i = 0; i < t->n; i++) {
			const struct access_entry *e = &t->all[i];

			if (e->row.say == say && strcmp(e->row.function,
			    what) == 0 && model_place(&e->row, a, place) &&
			    model_who(&e->row, a, who) && (best == NULL ||
			    e->row.id < best->row.id))
				best = e;
		}
	return best;
}

/* About `copy`, which is in @copying. */
static const struct access_entry *
model(const struct access_table *t, const struct access_asker *a)
{
	const struct access_entry *e;

	for (int place = 0; place < 3; place++)
		for (int who = 0; who < 3; who++)
			if ((e = model_level(t, a, "copy", place, who)) !=
			    NULL || (e = model_level(t, a, "@copying", place,
			    who)) != NULL)
				return e;
	return NULL;
}

static int
by_place(const void *a, const void *b)
{
	const struct access_row *x = &((const struct access_entry *)a)->row;
	const struct access_row *y = &((const struct access_entry *)b)->row;

	return x->place != y->place ? (int)x->place - (int)y->place :
	    strcmp(x->at, y->at);
}

static void
agree(struct access_table *t)
{
	const struct access_entry *out[FN_COUNT];

	qsort(t->all, t->n, sizeof *t->all, by_place);
	for (size_t i = 0; i < ASKERS; i++) {
		access_resolve(t, &askers[i], out);
		if (out[FN_COPY] != model(t, &askers[i]))
			fail_msg("asker %zu: entry %lld decides, and not %lld",
			    i, out[FN_COPY] != NULL ?
			    (long long)out[FN_COPY]->row.id : 0,
			    model(t, &askers[i]) != NULL ?
			    (long long)model(t, &askers[i])->row.id : 0);
		assert_null(out[FN_PRINT]);
	}
}

UNIT(two_entries_in_every_combination)
{
	struct access_entry two[2];
	struct access_table t = { two, 2, false };

	for (unsigned a = 0; a < EVERY_ENTRY; a++)
		for (unsigned b = 0; b < EVERY_ENTRY; b++) {
			two[0] = entry(a, 1);
			two[1] = entry(b, 2);
			agree(&t);
		}
}

UNIT(many_entries_at_random)
{
	struct access_entry all[24];
	struct access_table t = { all, 0, false };
	unsigned seed = (unsigned)time(NULL);

	printf("# seed %u\n", seed);
	srandom(seed);
	for (int round = 0; round < 20000; round++) {
		t.n = (size_t)random() % 24;
		for (size_t i = 0; i < t.n; i++)
			all[i] = entry((unsigned)random() % EVERY_ENTRY,
			    1 + random() % 100000);
		agree(&t);
	}
}

UNIT(without_an_entry)
{
	assert_int_equal(SAY_DISABLED, access_default(&askers[0], FN_COPY));
	assert_int_equal(SAY_OPEN, access_default(&askers[0], FN_PANEL));
	assert_int_equal(SAY_OPEN, access_default(&askers[3], FN_COPY));
	assert_int_equal(SAY_OPEN, access_default(&askers[2],
	    FN_ADMIN_USERS));
}

/* ---- a table that changes */

static struct core c;
static struct device flur = { .id = "dev1", .groups = "Floor1, colour" };
static struct session anna = { .user = { .id = 7, .key = "anna" } };

static int
open_core(void **state)
{
	struct rel_err err;

	if (fixture_open(state) != 0)
		return -1;
	memset(&c, 0, sizeof c);
	c.st = st;
	anna.access = access_set_new();
	anna.nproofs = 0;
	return templates_init(&c, &err) < 0 || access_init(&c, &err) < 0;
}

static int
close_core(void **state)
{
	free(anna.access);
	anna.access = NULL;
	access_fini(&c);
	templates_fini(&c);
	return fixture_close(state);
}
#define TABLE(name) \
	cmocka_unit_test_setup_teardown(name, open_core, close_core)

static struct access_row
row(const char *function, enum access_say say)
{
	struct access_row r = { .place = PLACE_ALL, .who = ACCESS_EVERYBODY,
	    .say = say, .changed_ms = 1 };

	snprintf(r.function, sizeof r.function, "%s", function);
	snprintf(r.by, sizeof r.by, "root");
	return r;
}

static int64_t
set(struct access_row r)
{
	fixture_begin();
	assert_int_equal(0, store_access_set(st, &r));
	fixture_commit();
	assert_true(r.id > 0);
	return r.id;
}

static void
is(enum access_state state, enum function f)
{
	assert_int_equal(state, access_may(&c, &flur, &anna, f, NULL));
}

UNIT(an_entry_holds_at_once)
{
	int64_t id;

	is(ACCESS_OPEN, FN_COPY);
	id = set(row("copy", SAY_DISABLED));
	is(ACCESS_HIDDEN, FN_COPY);
	is(ACCESS_OPEN, FN_SCAN);
	/* The one about the same takes its place. */
	assert_int_equal(id, set(row("copy", SAY_OPEN)));
	is(ACCESS_OPEN, FN_COPY);
	assert_int_equal(1, access_table(&c)->n);
	fixture_begin();
	assert_int_equal(0, store_access_del(st, id));
	assert_int_equal(-REL_E_NOTFOUND, store_access_del(st, id));
	fixture_commit();
	assert_int_equal(0, access_table(&c)->n);
}

UNIT(a_turn_that_fails_leaves_the_table)
{
	struct access_row r = row("copy", SAY_DISABLED);

	store_begin(st, &(struct rel_err){ 0 });
	assert_int_equal(0, store_access_set(st, &r));
	is(ACCESS_HIDDEN, FN_COPY);	/* within the turn it is so */
	store_rollback(st);
	is(ACCESS_OPEN, FN_COPY);
}

UNIT(a_group_of_people)
{
	struct person_group g = { .key = "staff", .name = "Staff" };
	struct group_member m = { .group = "staff", .key = "anna" };
	struct access_row r = row("copy", SAY_DISABLED);

	fixture_begin();
	assert_int_equal(0, store_group_set(st, &g));
	fixture_commit();
	r.who = ACCESS_GROUP;
	memcpy(r.person, "staff", 6);
	set(r);
	is(ACCESS_OPEN, FN_COPY);
	fixture_begin();
	assert_int_equal(0, store_member_add(st, &m));
	fixture_commit();
	is(ACCESS_HIDDEN, FN_COPY);
	fixture_begin();
	assert_int_equal(0, store_group_del(st, "staff"));
	fixture_commit();
	is(ACCESS_OPEN, FN_COPY);
	assert_int_equal(0, access_table(&c)->n);	/* and its entries */
}

UNIT(a_device_and_its_groups)
{
	struct access_row r = row("copy", SAY_DISABLED);

	r.place = PLACE_DEVICE_GROUP;
	memcpy(r.at, "floor1", 7);
	set(r);
	is(ACCESS_HIDDEN, FN_COPY);
	snprintf(flur.groups, sizeof flur.groups, "floor2");
	c.device_changes++;
	is(ACCESS_OPEN, FN_COPY);
	snprintf(flur.groups, sizeof flur.groups, "Floor1, colour");
	c.device_changes++;
	is(ACCESS_HIDDEN, FN_COPY);
	r = row("copy", SAY_OPEN);
	r.place = PLACE_DEVICE;
	memcpy(r.at, "dev1", 5);
	set(r);
	is(ACCESS_OPEN, FN_COPY);
	fixture_begin();
	assert_int_equal(0, store_access_device_gone(st, "dev1"));
	fixture_commit();
	is(ACCESS_HIDDEN, FN_COPY);
}

UNIT(a_user_who_is_deleted)
{
	struct access_row r = row("copy", SAY_DISABLED);

	r.who = ACCESS_USER;
	memcpy(r.person, "anna", 5);
	set(r);
	is(ACCESS_HIDDEN, FN_COPY);
	fixture_begin();
	assert_int_equal(0, store_rights_aside(st, "anna"));
	fixture_commit();
	is(ACCESS_OPEN, FN_COPY);
	fixture_begin();
	assert_int_equal(0, store_rights_back(st));
	fixture_commit();
	is(ACCESS_HIDDEN, FN_COPY);
	fixture_begin();
	assert_int_equal(0, store_person_rights(st, "anna"));
	fixture_commit();
	is(ACCESS_OPEN, FN_COPY);
}

/* A template of one block; its id. */
static int64_t
a_template(const char *block)
{
	struct template_row t = { .id = 42, .key = "strong",
	    .name = "Strong" };

	snprintf(t.blocks, sizeof t.blocks, "%s\n", block);
	fixture_begin();
	assert_int_equal(0, store_template_set(st, &t));
	fixture_commit();
	templates_fini(&c);
	assert_int_equal(0, templates_init(&c, &(struct rel_err){ 0 }));
	return t.id;
}

UNIT(a_template_is_proven_and_gone)
{
	struct access_row r = row("@copying", SAY_TEMPLATE);
	struct access got;

	r.template_id = a_template("card");
	set(r);
	assert_int_equal(ACCESS_TEMPLATE, access_may(&c, &flur, &anna,
	    FN_COPY_COLOR, &got));
	assert_int_equal(42, got.template_id);
	assert_non_null(strstr(got.why, "Strong"));
	anna.proof[0].block = BLOCK_CARD;
	anna.nproofs = 1;
	is(ACCESS_OPEN, FN_COPY_COLOR);
	fixture_begin();
	assert_int_equal(0, store_template_del(st, 42));
	fixture_commit();
	templates_fini(&c);
	assert_int_equal(0, templates_init(&c, &(struct rel_err){ 0 }));
	is(ACCESS_HIDDEN, FN_COPY_COLOR);	/* not open to all */
}

UNIT(what_is_stored_is_there_after_a_restart)
{
	struct rel_err err;

	set(row("copy", SAY_DISABLED));
	set(row("gone-in-a-newer-version", SAY_DISABLED));
	access_fini(&c);
	templates_fini(&c);
	fixture_reopen();
	c.st = st;
	assert_int_equal(0, templates_init(&c, &err));
	assert_int_equal(0, access_init(&c, &err));
	is(ACCESS_HIDDEN, FN_COPY);
	assert_int_equal(1, access_table(&c)->n);
}

UNIT(the_panel)
{
	struct access_row r = row("panel", SAY_DISABLED);

	assert_int_equal(0, access_panel_template(&c, &flur));
	set(r);
	assert_int_equal(-1, access_panel_template(&c, &flur));
	r = row("@panel", SAY_TEMPLATE);
	r.template_id = 42;
	r.place = PLACE_DEVICE;
	memcpy(r.at, "dev1", 5);
	set(r);
	assert_int_equal(42, access_panel_template(&c, &flur));
}

/* Whoever is not logged in has what is said of nobody. */
UNIT(nobody)
{
	struct access_row r = row("copy", SAY_OPEN);

	set(r);
	assert_int_equal(ACCESS_HIDDEN, access_may(&c, &flur, NULL, FN_COPY,
	    NULL));
	r.who = ACCESS_NOBODY;
	set(r);
	assert_int_equal(ACCESS_OPEN, access_may(&c, &flur, NULL, FN_COPY,
	    NULL));
}

UNIT(it_is_fast)
{
	struct timespec from, to;
	double menu_us, ask_us;

	fixture_begin();
	for (int i = 0; i < 2000; i++) {
		struct access_row r = row(functions_table[i %
		    FN_COUNT].key, SAY_DISABLED);

		r.place = PLACE_DEVICE;
		snprintf(r.at, sizeof r.at, "dev%d", i / 4);
		assert_int_equal(0, store_access_set(st, &r));
	}
	fixture_commit();
	is(ACCESS_OPEN, FN_PRINT_DIRECT);
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int round = 0; round < 1000; round++) {
		c.device_changes++;	/* resolve anew */
		for (int f = 0; f < FN_COUNT; f++)
			(void)access_may(&c, &flur, &anna, (enum function)f,
			    NULL);
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	menu_us = (double)(to.tv_sec - from.tv_sec) * 1e3 +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e6;
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int round = 0; round < 1000; round++)
		for (int f = 0; f < FN_COUNT; f++)
			(void)access_may(&c, &flur, &anna, (enum function)f,
			    NULL);
	clock_gettime(CLOCK_MONOTONIC, &to);
	ask_us = (double)(to.tv_sec - from.tv_sec) * 1e3 +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e6;
	printf("# all %d functions of 2000 entries: %.1f us anew, %.1f us "
	    "as they are kept\n", FN_COUNT, menu_us, ask_us);
	assert_true(menu_us < 2000);	/* a hundred times what it takes */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(the_table_is_whole),
		UNIT_RUN(a_call_needs_what_the_table_says),
		UNIT_RUN(calls_about_devices_need_the_devices),
		UNIT_RUN(two_entries_in_every_combination),
		UNIT_RUN(many_entries_at_random),
		UNIT_RUN(without_an_entry),
		TABLE(an_entry_holds_at_once),
		TABLE(a_turn_that_fails_leaves_the_table),
		TABLE(a_group_of_people),
		TABLE(a_device_and_its_groups),
		TABLE(a_user_who_is_deleted),
		TABLE(a_template_is_proven_and_gone),
		TABLE(what_is_stored_is_there_after_a_restart),
		TABLE(the_panel),
		TABLE(nobody),
		TABLE(it_is_fast)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
