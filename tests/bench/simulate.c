/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The simulator without a daemon: simulate JOBS.  So many made-up jobs of 5000
 * users in 50 groups on 20 devices, 20 rules of which half match now and then,
 * a price list for two groups of devices.  Prints the seconds it took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/replay.h"
#include "lib/facts.h"
#include "tests/bench/bench.h"

#define RULES_MAX 8000
#define USERS 5000u
#define GROUPS 50u
#define DEVICES 20u

static const char *const kinds[] = {
	"when pages > %u and sides = one-sided force duplex",
	"when group \"Group %u\" and colour-pages > 5 force mono",
	"when title \"*draft %u*\" refuse \"no\"",
	"when cost > %u.00 approve by \"Heads\"",
	"when queue \"room-%u*\" and format application/pdf charge Rooms",
};
#define KINDS (sizeof kinds / sizeof kinds[0])
static const char list[] = "currency EUR\nbase 0.01\nsheet 0.01\nmono 0.03\n"
    "colour 0.15\nduplex-discount 0.005\ngroup \"Cellar\"\nmono 0.02\n"
    "colour 0.10\ngroup \"Roof\"\nmono 0.04\n";

static char group_names[GROUPS][16], device_names[DEVICES][16];

static struct rel_rules *
make_rules(void)
{
	static char text[RULES_MAX];
	struct rel_place at;
	struct rel_rules *rules;
	size_t n = 0;

	for (unsigned i = 0; i < 20; i++) {
		const char *kind = kinds[i % KINDS];
		int to = (int)(strchr(kind, '%') - kind);

		n += (size_t)snprintf(text + n, sizeof text - n,
		    "rule \"Number %u\" %.*s%u%s\n", i, to, kind, i * 7 + 3,
		    kind + to + 2);
	}
	if ((rules = rel_rules_read(text, n, &at)) == NULL)
		bench_die(at.text);
	return rules;
}

static size_t
groups_of(void *ctx, const char *user, const char **names)
{
	unsigned n = (unsigned)strtoul(user + 4, NULL, 10);

	(void)ctx;
	for (unsigned i = 0; i < 3; i++)
		names[i] = group_names[(n + i * 17) % GROUPS];
	return 3;
}

static void
make_job(unsigned i, char user[16], struct rel_replay_job *j)
{
	static const char *const groups[][1] = { { "Cellar" }, { "Roof" } };
	unsigned h = i * 2654435761u;

	snprintf(user, 16, "user%u", h % USERS);
	memset(j, 0, sizeof *j);
	j->application = j->producer = j->papers = "";
	j->user = user;
	j->queue = h & 1 ? "office" : "room-10";
	j->title = h % 50 == 0 ? "a draft 17 of a letter" : "Minutes of today";
	j->format = "pdf";
	j->media = "iso_a4_210x297mm";
	j->finishings = "";
	j->device_id = j->device = device_names[h % DEVICES];
	j->device_groups = groups[h & 1];
	j->ndevice_groups = 1;
	j->pages = j->sides = j->sheets = 1 + h % 60;
	j->colour = h % 3 == 0 ? j->sides / 2 : 0;
	j->copies = 1 + (h >> 8) % 3;
	j->bytes = 100000;
	j->held_ms = 1790000000000 + (int64_t)i * 20000;
	j->ended_ms = j->held_ms + 600000;
	j->paid = 500000;
	j->duplex = REL_DUPLEX_NONE;
	j->number_up = 1;
	j->pages_sure = j->colour_sure = REL_SURE_EXACT;
	j->printed = j->charged = true;
}

int
main(int argc, char *argv[])
{
	unsigned jobs = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	struct rel_rules *rules = make_rules();
	struct rel_place at;
	struct rel_prices *prices = rel_prices_read(list, sizeof list - 1,
	    &at);
	struct rel_replay r = { .groups_of = groups_of };
	int64_t began;
	char user[16];

	if (prices == NULL)
		bench_die(at.text);
	for (unsigned i = 0; i < GROUPS; i++)
		snprintf(group_names[i], sizeof group_names[i], "Group %u", i);
	for (unsigned i = 0; i < DEVICES; i++)
		snprintf(device_names[i], sizeof device_names[i], "dev-%u", i);
	r.rules = rules;
	r.prices = prices;
	if (rel_replay_init(&r) < 0)
		bench_die("no memory");
	began = bench_ns();
	for (unsigned i = 0; i < jobs; i++) {
		struct rel_replay_job j;

		make_job(i, user, &j);
		if (rel_replay_job(&r, &j) < 0)
			bench_die("no memory");
	}
	printf("%.2f\n", (double)(bench_ns() - began) / 1e9);
	if (r.total.jobs != jobs || (jobs > 1000 && (r.total.refused == 0 ||
	    r.total.mono == 0 || r.total.duplex == 0)))
		bench_die("the rules did not do their part");
	rel_replay_fini(&r);
	rel_rules_free(&rules);
	rel_prices_free(&prices);
	return 0;
}
