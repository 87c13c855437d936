/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A price list as somebody uploads it; and jobs by it. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/err.h"
#include "lib/price.h"

static void
try_job(const struct rel_prices *p, const struct rel_print *what)
{
	static struct rel_cost out;
	char text[160];
	int64_t sum = 0;
	int rc = rel_prices_cost(p, what, &out);

	FUZZ_MUST(rc == 0 || rc == -REL_E_LIMIT);
	FUZZ_MUST(out.micro >= 0 && out.micro <= REL_MONEY_MAX);
	FUZZ_MUST(out.nitems <= REL_COST_ITEMS);
	for (unsigned i = 0; i < out.nitems; i++) {
		const struct rel_cost_item *it = &out.items[i];

		FUZZ_MUST(it->line > 0 || it->kind == REL_COST_FLOOR);
		sum += it->micro;
		rel_cost_text(it, text, sizeof text);
		FUZZ_MUST(text[0] != '\0' && strlen(text) < sizeof text - 1);
	}
	FUZZ_MUST(sum == out.micro);
}

/* A job at every device and group the list names, on several media. */
static void
try_jobs(const struct rel_prices *p)
{
	static const char *const media[] = {
		"", "iso_a4_210x297mm", "iso_a0_841x1189mm", "A5"
	};
	struct rel_print w = { .device_id = "", .sides = 999999,
		.colour_sides = 7, .sheets = 500000, .two_sided = 499999,
		.copies = 999, .finishings = "staple-dual-left,punch,fold" };
	static const struct rel_papers papers = { .n = 3, .of = {
		{ 21000, 29700, 600000, 4, 300000 },
		{ 29700, 42000, 399998, 3, 199999 },
		{ 0, 0, 1, 0, 1 } } };
	const char *name = "";
	unsigned line = 0;
	bool group;

	for (size_t i = 0; name != NULL && i < 100; i++) {
		w.groups = &name;
		w.ngroups = i > 0;
		w.device = name;
		w.media = media[i % 4];
		w.papers = i % 2 == 1 ? &papers : NULL;
		try_job(p, &w);
		name = rel_prices_section(p, i, &group, &line);
		FUZZ_MUST(name == NULL || (line > 0 && name[0] != '\0' &&
		    strlen(name) <= REL_PRICE_NAME_MAX));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct rel_place at = { 0 };
	struct rel_prices *p = rel_prices_read((const char *)bytes, n, &at);
	char text[320];

	if (p == NULL) {
		rel_place_text(&at, text, sizeof text);
		FUZZ_MUST(at.text[0] != '\0' && text[0] != '\0');
		FUZZ_MUST(at.line <= REL_PRICE_LINES_MAX);
		return 0;
	}
	FUZZ_MUST(rel_prices_count(p) > 0);
	try_jobs(p);
	rel_prices_free(&p);
	return 0;
}
