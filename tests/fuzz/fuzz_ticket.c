/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Options of a job, in what shape ever ('o' and text), one change at a panel
 * ('c', a name, a zero, a value), a ticket from another process ('t').
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/cursor.h"
#include "lib/ticket.h"

static void
try_count(const struct rel_ticket *t, uint32_t pages)
{
	static struct rel_facts in, out;

	rel_facts_init(&in);
	in.input_pages = in.sides = in.sheets = pages;
	in.pages_sure = in.colour_sure = REL_SURE_EXACT;
	rel_facts_add_colour(&in, 2, 3);
	in.colour_sides = pages < 2 ? 0 : pages == 2 ? 1 : 2;
	FUZZ_MUST(rel_ticket_count(t, &in, &out));
	FUZZ_MUST(out.sides <= pages + 3 && out.sheets <= out.sides);
	FUZZ_MUST(out.colour_sides <= out.sides && out.colour_sides <= 2);
	FUZZ_MUST(out.impressions == out.sides * t->copies);
	FUZZ_MUST(t->colour != REL_COLOUR_MONO || out.colour_sides == 0);
}

/* It says the same after a trip as bytes. */
static void
try_wire(const struct rel_ticket *t)
{
	static struct rel_ticket again;
	struct rel_buf one, two;
	struct rel_cur c;

	rel_buf_init(&one);
	rel_buf_init(&two);
	rel_ticket_put(&one, t);
	FUZZ_MUST(one.failed == 0);
	rel_cur_init(&c, one.data, one.len);
	rel_ticket_get(&again, &c);
	FUZZ_MUST(rel_cur_end(&c) == 0);
	rel_ticket_put(&two, &again);
	FUZZ_MUST(one.len == two.len &&
	    memcmp(one.data, two.data, one.len) == 0);
	rel_buf_fini(&one);
	rel_buf_fini(&two);
}

/* It says the same after a trip as text. */
static void
try_text(const struct rel_ticket *t)
{
	static struct rel_ticket again;
	char one[4096], two[4096];

	FUZZ_MUST(rel_ticket_text(t, one, sizeof one) == 0);
	rel_ticket_init(&again);
	rel_ticket_overlay(&again, one);
	FUZZ_MUST(rel_ticket_text(&again, two, sizeof two) == 0);
	FUZZ_MUST(strcmp(one, two) == 0);
}

static void
try_ticket(const struct rel_ticket *t)
{
	char options[2048];

	FUZZ_MUST(t->copies >= 1 && t->copies <= 999);
	try_count(t, 1);
	try_count(t, 2);
	try_count(t, 7);
	try_count(t, 100);
	try_wire(t);
	rel_ticket_pdftopdf(t, options, sizeof options);
	FUZZ_MUST(strpbrk(options, "'\"\\{}<>\n") == NULL);
	(void)rel_ticket_is_plain(t);
}

static void
try_change(struct rel_ticket *t, char *text)
{
	static const char *const names[] = { "copies", "color", "sides",
		"pages", "number_up", "media", "tray", "finishings",
		"output_bin", "quality", "account" };
	struct rel_ticket before = *t;
	struct rel_err err;
	int rc;

	rc = rel_ticket_change(t, names[(uint8_t)text[0] % 11], text + 1,
	    &err);
	FUZZ_MUST(rc == 0 || memcmp(&before, t, sizeof before) == 0);
	FUZZ_MUST(rel_ticket_change(t, text, "1", &err) <= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct rel_ticket t;
	struct rel_cur c;
	char *text;

	if (n < 2 || (text = malloc(n)) == NULL)
		return 0;
	memcpy(text, p + 1, n - 1);
	text[n - 1] = '\0';
	rel_ticket_init(&t);
	if (p[0] == 't') {
		rel_cur_init(&c, p + 1, n - 1);
		rel_ticket_get(&t, &c);
		if (rel_cur_end(&c) == 0)
			try_wire(&t);
	} else {
		if (p[0] == 'c')
			try_change(&t, text);
		else
			rel_ticket_overlay(&t, text);
		try_ticket(&t);
		try_text(&t);
	}
	free(text);
	return 0;
}
