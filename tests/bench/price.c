/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What it takes to say what a job costs: price.  A list of 1000 lines, with
 * 180 devices, 20 groups and 100 sizes of media; jobs of every device, each
 * in three groups, on media of all sizes, with two finishings.  Prints the
 * nanoseconds of one job, and the milliseconds of reading the list.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/price.h"
#include "tests/bench/bench.h"

#define TEXT_MAX 100000
#define DEVICES 180u
#define GROUPS 20u
#define SIZES 100u
#define ROUNDS 200u

static char text[TEXT_MAX];
static size_t len;
static char device[DEVICES][16], group[GROUPS][16], media[SIZES][48];

/* A price, with the name of a finishing before it, or "". */
static void
put(const char *word, const char *name, unsigned n)
{
	len += (size_t)snprintf(text + len, TEXT_MAX - len, "%s %s 0.%04u\n",
	    word, name, n);
}

static void
section(const char *word, const char *name)
{
	len += (size_t)snprintf(text + len, TEXT_MAX - len, "%s \"%s\"\n",
	    word, name);
}

/* A price for a size. */
static void
sized(const char *word, const char *how, const char *name, unsigned n)
{
	len += (size_t)snprintf(text + len, TEXT_MAX - len,
	    "%s 0.%04u %s %s\n", word, n, how, name);
}

static void
make(void)
{
	put("base", "", 500);
	put("sheet", "", 100);
	put("mono", "", 300);
	put("colour", "", 1000);
	put("duplex-discount", "", 50);
	put("finishing", "any", 70);
	put("finishing", "staple", 20);
	put("finishing", "punch", 10);
	for (unsigned i = 0; i < SIZES; i++) {
		snprintf(media[i], sizeof media[i], "custom_m%u_%ux%umm", i,
		    100 + 5 * i, 150 + 7 * i);
		sized("mono", i % 4 ? "size" : "larger-than", media[i], i);
		sized("colour", i % 4 ? "size" : "larger-than", media[i], i);
	}
	for (unsigned i = 0; i < GROUPS; i++) {
		snprintf(group[i], sizeof group[i], "Group %u", i);
		section("group", group[i]);
		sized("mono", "size", media[i], 9);
		put("finishing", "fold", i);
		put("finishing", "staple-dual", i);
	}
	for (unsigned i = 0; i < DEVICES; i++) {
		snprintf(device[i], sizeof device[i], "Room %u", i);
		section("device", device[i]);
		put("base", "", i);
		sized("colour", "size", media[i % SIZES], i);
		put("finishing", "punch", i);
	}
}

/* Nanoseconds of one job; the sum keeps the compiler honest. */
static double
jobs(const struct rel_prices *p, int64_t *sum)
{
	static struct rel_cost cost;
	int64_t began = bench_ns();

	*sum = 0;
	for (unsigned r = 0; r < ROUNDS; r++)
		for (unsigned i = 0; i < DEVICES; i++) {
			const char *groups[] = { group[i % GROUPS],
				group[(i + 7) % GROUPS], "none of them" };
			struct rel_print what = { .device_id = "d-0AKJBTASG",
				.device = device[i], .groups = groups,
				.ngroups = 3, .media = media[(i + r) % SIZES],
				.sides = 24, .colour_sides = 4, .sheets = 12,
				.two_sided = 12, .copies = 2, .finishings =
				"staple-dual-left,punch" };

			if (rel_prices_cost(p, &what, &cost) < 0)
				bench_die("cost");
			*sum += cost.micro;
		}
	return (double)(bench_ns() - began) / (ROUNDS * DEVICES);
}

int
main(void)
{
	struct rel_place at;
	struct rel_prices *p = NULL;
	int64_t began, first, sum;
	double read_ms, ns, best = 1e12;

	make();
	began = bench_ns();
	if ((p = rel_prices_read(text, len, &at)) == NULL) {
		fprintf(stderr, "line %u: %s\n", at.line, at.text);
		return 1;
	}
	read_ms = (double)(bench_ns() - began) / 1e6;
	jobs(p, &first);
	for (int i = 0; i < 5; i++) {
		ns = jobs(p, &sum);
		best = ns < best ? ns : best;
		if (sum != first || sum <= 0) {
			fprintf(stderr, "the sums differ\n");
			return 1;
		}
	}
	printf("%.0f %.3f\n", best, read_ms);
	rel_prices_free(&p);
	return 0;
}
