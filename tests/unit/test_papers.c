/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What comes out by size of paper: of a document, of a ticket, as text. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "lib/ticket.h"

static struct rel_facts f;
static struct rel_papers p;

/* Pages "4 3 4r": A4, A3, A4 turned; a * makes it coloured. */
static void
document(const char *pages)
{
	rel_facts_init(&f);
	for (; *pages != '\0'; pages++) {
		bool a3 = *pages == '3', turned = pages[1] == 'r';
		uint32_t w = a3 ? 29704 : 20990, h = a3 ? 42016 : 29704;
		int at;

		if (*pages != '3' && *pages != '4')
			continue;
		at = rel_facts_add_media(&f, turned ? h : w, turned ? w : h);
		assert_true(at >= 0);
		f.input_pages++;
		if (pages[1 + turned] == '*') {
			f.media[at].colour++;
			f.colour_sides++;
			rel_facts_add_colour(&f, f.input_pages,
			    f.input_pages);
		}
	}
	rel_facts_sort_media(&f);
	f.sides = f.sheets = f.impressions = f.input_pages;
	f.pages_sure = f.colour_sure = REL_SURE_EXACT;
}

static void
papers_of(const char *pages, const char *options)
{
	struct rel_facts counted;
	struct rel_ticket t;

	document(pages);
	rel_ticket_init(&t);
	rel_ticket_overlay(&t, options);
	assert_true(rel_ticket_count(&t, &f, &counted));
	rel_ticket_papers(&t, &f, &counted, &p);
	for (unsigned i = 0, sides = 0, colour = 0, sheets = 0; i < p.n;
	    i++) {
		sides += p.of[i].sides;
		colour += p.of[i].colour;
		sheets += p.of[i].sheets;
		assert_true(p.of[i].colour <= p.of[i].sides);
		if (i + 1 < p.n)
			continue;
		assert_int_equal(counted.sides, sides);
		assert_int_equal(counted.colour_sides, colour);
		assert_int_equal(counted.sheets, sheets);
	}
}

UNIT(of_a_document_and_a_ticket)
{
	static const struct {
		const char *pages, *options, *want;
	} t[] = {
		{ "4444", "", "20990x29704:4/0/4" },
		{ "4 3* 4 4r 3", "", "20990x29704:3/0/3,29704x42016:2/1/2" },
		{ "4 3* 4 4r 3", "print-color-mode=monochrome",
		    "20990x29704:3/0/3,29704x42016:2/0/2" },
		/* A sheet has one size; a page that is turned is on its back. */
		{ "4444", "sides=two-sided-long-edge", "20990x29704:4/0/2" },
		{ "4 4r 4r", "sides=two-sided-long-edge",
		    "20990x29704:3/0/2" },
		{ "4 3* 4 4r 3", "sides=two-sided-long-edge",
		    "20990x29704:3/0/2,29704x42016:2/1/2" },
		{ "4 3 3 4 4", "sides=two-sided-short-edge",
		    "20990x29704:3/0/2,29704x42016:2/0/1" },
		/* The media option, when some page has another size. */
		{ "4 3* 4", "media=A4", "21000x29700:3/1/3" },
		{ "4 3* 4", "media=iso_a3_297x420mm sides=two-sided-long-edge",
		    "29700x42000:3/1/2" },
		{ "4* 4", "media=A4", "20990x29704:2/1/2" },
		{ "4* 4", "media=A3", "29700x42000:2/1/2" },
		{ "4 3", "media=something",
		    "20990x29704:1/0/1,29704x42016:1/0/1" },
		/* Pages that are moved are on the paper most pages have. */
		{ "4 3* 4 4r 3", "number-up=2", "20990x29704:3/1/3" },
		{ "4 3* 3", "page-ranges=1", "29704x42016:1/0/1" },
		{ "4 3* 4", "number-up=2 media=A3", "29700x42000:2/1/2" },
		{ "4 3* 4", "fit-to-page", "20990x29704:3/1/3" },
		{ "", "", "" },
	};
	char text[REL_PAPERS_TEXT];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		papers_of(t[i].pages, t[i].options);
		rel_papers_text(&p, text);
		if (strcmp(t[i].want, text) != 0)
			fail_msg("%s with \"%s\": %s, not %s", t[i].pages,
			    t[i].options, text, t[i].want);
	}
}

UNIT(more_sizes_than_there_is_room_for)
{
	struct rel_paper one = { .sides = 1, .sheets = 1 };

	rel_facts_init(&f);
	for (uint32_t i = 0; i < REL_FACTS_MEDIA; i++)
		assert_int_equal(i, rel_facts_add_media(&f, 10000 + 1000 * i,
		    20000));
	/* Smaller: as the largest.  Larger: it is the largest. */
	assert_int_equal(7, rel_facts_add_media(&f, 1000, 1000));
	assert_int_equal(7, rel_facts_add_media(&f, 80000, 80000));
	assert_int_equal(80000, f.media[7].width);
	assert_int_equal(3, f.media[7].sides);
	assert_int_equal(-1, rel_facts_add_media(&f, 0, 80000));
	p.n = 0;
	for (uint32_t i = 0; i < 20; i++) {
		one.width = 10000 + 1000 * i;
		one.height = 90000;
		rel_papers_add(&p, &one);
	}
	assert_int_equal(REL_PAPERS, p.n);
	assert_int_equal(29000, p.of[0].width);
	assert_int_equal(13, p.of[0].sides);
}

UNIT(they_are_made_to_add_up)
{
	static const struct {
		const char *have;
		uint32_t sides, colour, sheets;
		const char *want;
	} t[] = {
		{ "100x200:5/1/5,300x400:2/1/2", 7, 2, 7,
		    "100x200:5/1/5,300x400:2/1/2" },
		{ "100x200:5/1/5,300x400:2/1/2", 10, 2, 8,
		    "100x200:5/1/5,300x400:5/1/3" },
		{ "100x200:5/1/5,300x400:2/1/2", 6, 2, 6,
		    "100x200:5/1/5,300x400:1/1/1" },
		{ "100x200:5/1/5,300x400:2/1/2", 3, 3, 3, "100x200:3/3/3" },
		{ "100x200:5/1/5,300x400:2/1/2", 7, 7, 7,
		    "100x200:5/5/5,300x400:2/2/2" },
		{ "100x200:5/1/5,300x400:2/1/2", 7, 9, 7,
		    "100x200:5/5/5,300x400:2/2/2" },
		{ "100x200:5/1/5,300x400:2/1/2", 0, 0, 0, "" },
		{ "", 5, 5, 5, "" },
	};
	char text[REL_PAPERS_TEXT];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_true(rel_papers_read(&p, t[i].have));
		rel_papers_fit(&p, t[i].sides, t[i].colour, t[i].sheets);
		rel_papers_text(&p, text);
		assert_string_equal(t[i].want, text);
	}
}

UNIT(as_text)
{
	static const char *const bad[] = { "x", "1", "1x", "1x2", "1x2:3",
	    "1x2:3/1", "1x2:3/1/", "1x2:3/4/1", "1x2:3/1/1;", "1x2:3/1/1,x",
	    "-1x2:3/1/1", "99999999999x2:3/1/1", "1x2:3/1/1 ", " 1x2:3/1/1" };
	char text[REL_PAPERS_TEXT];

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		p.n = 3;
		assert_false(rel_papers_read(&p, bad[i]));
		assert_int_equal(0, p.n);
	}
	/* The largest numbers there are fit. */
	p.n = REL_PAPERS;
	for (unsigned i = 0; i < REL_PAPERS; i++)
		p.of[i] = (struct rel_paper){ UINT32_MAX - 1000 * i,
		    UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX };
	rel_papers_text(&p, text);
	assert_true(strlen(text) < sizeof text - 1);
	assert_true(rel_papers_read(&p, text));
	assert_int_equal(REL_PAPERS, p.n);
}

UNIT(facts_travel_with_it)
{
	struct rel_facts got;
	struct rel_buf b;

	document("4 3* 4 4r 3");
	rel_buf_init(&b);
	rel_facts_put(&b, &f);
	assert_int_equal(0, rel_facts_get(&got, b.data, b.len));
	assert_memory_equal(f.media, got.media, sizeof f.media);
	assert_int_equal(1, f.media[0].colour + f.media[1].colour +
	    f.media[2].colour);
	f.media[0].colour = f.media[0].sides + 1;
	rel_buf_reset(&b);
	rel_facts_put(&b, &f);
	assert_true(rel_facts_get(&got, b.data, b.len) < 0);
	rel_buf_fini(&b);
	rel_facts_no_colour(&f);
	assert_int_equal(0, f.media[1].colour);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(of_a_document_and_a_ticket),
		UNIT_RUN(more_sizes_than_there_is_room_for),
		UNIT_RUN(they_are_made_to_add_up), UNIT_RUN(as_text),
		UNIT_RUN(facts_travel_with_it)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
