/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a document says of the program it was made with. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/application.h"
#include "lib/facts.h"
#include "lib/text.h"

static struct rel_application a;

static int
begin(void **state)
{
	(void)state;
	memset(&a, 0, sizeof a);
	return 0;
}
#define FRESH(name) cmocka_unit_test_setup(name, begin)

static void
is(const char *name, const char *producer, enum rel_app_from from)
{
	assert_string_equal(name, a.name);
	assert_string_equal(producer, a.producer);
	assert_int_equal(from, a.from);
}

UNIT(what_is_taken)
{
	static const struct {
		const char *said, *name, *producer;
	} rows[] = {
		{ "Writer", "Writer", "" },
		{ "  Microsoft\302\256  Word \r\n2019\t ",
		    "Microsoft\302\256 Word 2019", "" },
		{ "a\033[31mb\302\205c", "a [31mb c", "" },
		{ "\377\376x", "??x", "" },
		{ "", "", "" }, { "   ", "", "" }, { "unknown", "", "" },
		{ "UnknownApplication", "", "" }, { "(Unspecified)", "", "" },
		{ "PScript5.dll Version 5.2.2", "",
		    "PScript5.dll Version 5.2.2" },
		{ "Spooler SubSystem App", "", "Spooler SubSystem App" },
		{ "cairo 1.16.0 (https://cairographics.org)", "",
		    "cairo 1.16.0 (https://cairographics.org)" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		begin(NULL);
		rel_application_set(&a, REL_APP_PDF_INFO, rows[i].said);
		is(rows[i].name, rows[i].producer, rows[i].name[0] != '\0' ?
		    REL_APP_PDF_INFO : REL_APP_NOBODY);
	}
}

UNIT(a_long_one_is_cut_between_characters)
{
	size_t n = 100000;
	char *text = malloc(2 * n + 1);

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + 2 * i, "\303\244", 2);
	text[2 * n] = '\0';
	rel_application_set(&a, REL_APP_PDF_INFO, text);
	rel_application_set_producer(&a, text + 1);
	assert_int_equal(126, strlen(a.name));
	assert_true(rel_utf8_ok(a.name, strlen(a.name)));
	assert_true(rel_utf8_ok(a.producer, strlen(a.producer)));
	assert_int_equal('?', a.producer[0]);
	free(text);
}

UNIT(the_better_word_counts)
{
	rel_application_set(&a, REL_APP_TITLE, "Microsoft Word");
	rel_application_set(&a, REL_APP_CLIENT, "Word");
	is("Word", "", REL_APP_CLIENT);
	rel_application_set(&a, REL_APP_PJL, "unknown");
	rel_application_set(&a, REL_APP_PDF_INFO, "Writer");
	rel_application_set(&a, REL_APP_PDF_XMP, "Draw");
	rel_application_set(&a, REL_APP_PDF_INFO, "Draw");
	is("Writer", "", REL_APP_PDF_INFO);
	rel_application_set_producer(&a, "Writer");
	is("Writer", "", REL_APP_PDF_INFO);
	rel_application_set_producer(&a, "LibreOffice 7.4");
	rel_application_set(&a, REL_APP_PDF_XMP, "GPL Ghostscript 10");
	is("Writer", "LibreOffice 7.4", REL_APP_PDF_INFO);
}

UNIT(titles)
{
	static const struct {
		const char *title, *name;
	} rows[] = {
		{ "Microsoft Word - salary of anna.docx", "Microsoft Word" },
		{ "Microsoft PowerPoint - x", "Microsoft PowerPoint" },
		{ "microsoft excel - x", "Microsoft Excel" },
		{ "x.txt - Notepad", "Notepad" },
		{ "News - Mozilla Firefox", "Mozilla Firefox" },
		{ "Microsoft Word", "" }, { "Microsoft Word-x", "" },
		{ "Microsoft Words - x", "" }, { "Notepad", "" },
		{ " - Notepad", "" }, { "anna - salary", "" },
		{ "My Microsoft Word - x", "" }, { "", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		begin(NULL);
		rel_application_set_title(&a, rows[i].title);
		is(rows[i].name, "", rows[i].name[0] != '\0' ?
		    REL_APP_TITLE : REL_APP_NOBODY);
	}
}

UNIT(two_looks_come_together)
{
	struct rel_application more = { .name = "Writer", .producer = "x",
	    .from = REL_APP_PDF_INFO };

	rel_application_set(&a, REL_APP_PJL, "Word");
	rel_application_set_producer(&a, "driver");
	rel_application_merge(&a, &more);
	is("Writer", "driver", REL_APP_PDF_INFO);
	memset(&more, 0, sizeof more);
	rel_application_merge(&a, &more);
	is("Writer", "driver", REL_APP_PDF_INFO);
}

UNIT(converters_of_the_server_do_not_count)
{
	static const struct {
		const char *type, *name, *producer;
		enum rel_app_from from;
	} rows[] = {
		{ "application/pdf", "groff", "GPL Ghostscript",
		    REL_APP_PDF_INFO },
		{ "application/vnd.cups-pdf", "groff", "GPL Ghostscript",
		    REL_APP_PDF_INFO },
		{ "", "groff", "GPL Ghostscript", REL_APP_PDF_INFO },
		{ "application/postscript", "groff", "", REL_APP_POSTSCRIPT },
		{ "text/plain", "", "", REL_APP_NOBODY },
		{ "image/jpeg", "", "", REL_APP_NOBODY },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		begin(NULL);
		rel_application_set(&a, REL_APP_PDF_INFO, "groff");
		rel_application_set_producer(&a, "GPL Ghostscript");
		rel_application_converted(&a, rows[i].type);
		is(rows[i].name, rows[i].producer, rows[i].from);
	}
}

UNIT(every_source_has_words)
{
	for (unsigned i = 1; i <= REL_APP_TITLE; i++) {
		assert_string_not_equal("",
		    rel_application_from_word(i));
		assert_string_not_equal("nothing",
		    rel_application_from_text(i));
	}
	assert_string_equal("", rel_application_from_word(200));
	assert_string_equal("nothing", rel_application_from_text(200));
}

/* ---- with the facts of a document */

static struct rel_buf b;

static void
put(struct rel_facts *f, const char *name, unsigned from)
{
	rel_facts_init(f);
	snprintf(f->app.name, sizeof f->app.name, "%s", name);
	snprintf(f->app.producer, sizeof f->app.producer, "cairo");
	f->app.from = (uint8_t)from;
	rel_buf_reset(&b);
	rel_facts_put(&b, f);
	assert_int_equal(0, b.failed);
}

UNIT(it_travels_with_the_facts)
{
	struct rel_facts f, got;

	rel_buf_init(&b);
	put(&f, "Writer", REL_APP_PDF_XMP);
	assert_int_equal(0, rel_facts_get(&got, b.data, b.len));
	assert_memory_equal(&f.app, &got.app, sizeof f.app);
	/* Cut anywhere within it, it is refused; before it, it is old. */
	for (size_t n = 1; n < 1 + 4 + 6 + 4 + 5; n++)
		assert_true(rel_facts_get(&got, b.data, b.len - n) < 0);
	assert_int_equal(0, rel_facts_get(&got, b.data, b.len -
	    (1 + 4 + 6 + 4 + 5)));
	assert_string_equal("", got.app.name);
	assert_int_equal(1, got.copies);
	/* A name nobody said, a source without a name, no source at all. */
	put(&f, "Writer", REL_APP_NOBODY);
	assert_true(rel_facts_get(&got, b.data, b.len) < 0);
	put(&f, "", REL_APP_PDF_INFO);
	assert_true(rel_facts_get(&got, b.data, b.len) < 0);
	put(&f, "Writer", REL_APP_TITLE + 1);
	assert_true(rel_facts_get(&got, b.data, b.len) < 0);
	rel_buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest all[] = {
		FRESH(what_is_taken),
		FRESH(a_long_one_is_cut_between_characters),
		FRESH(the_better_word_counts), FRESH(titles),
		FRESH(two_looks_come_together),
		FRESH(converters_of_the_server_do_not_count),
		FRESH(every_source_has_words),
		FRESH(it_travels_with_the_facts)
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
