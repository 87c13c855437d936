/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cgi/cgi.h"
#include "cgi/format.h"

#define VIEW "{\"a\":\"<b>&\\\"'\",\"n\":1234567,\"zero\":0,\"no\":false," \
	"\"yes\":true,\"empty\":\"\",\"none\":null,\"o\":{\"p\":\"deep\"}," \
	"\"list\":[{\"x\":\"1\",\"a\":\"in\"},{\"x\":\"2\"}],\"void\":[]," \
	"\"plain\":[\"k\",\"l\"],\"svg\":\"<svg/>\",\"word\":\"held\"," \
	"\"at\":\"2026-11-21T07:05:00Z\",\"day\":\"2026-11-21\"," \
	"\"q\":\"a b&c=\\u00e4/\",\"bytes\":1534,\"same\":\"held\"," \
	"\"paid\":\"-1234.50\",\"much\":\"999999.125\",\"gift\":\"0.00\"," \
	"\"micro\":330000,\"less\":-5000,\"sides\":\"24\",\"a3\":\"iso_a3_297x420mm\"," \
	"\"me\":{\"csrf\":\"T\"},\"once\":\"O\"}"

/* Expand text over VIEW; compare; -REL_E_FORMAT when want is NULL. */
static void
expands(const char *text, const char *want)
{
	json_t *view = json_loads(VIEW, 0, NULL);
	struct rel_err err = { 0 };
	struct rel_buf b;
	int rc;

	assert_non_null(view);
	rel_buf_init(&b);
	rc = template_text(&b, text, strlen(text), view, &err);
	if (want == NULL) {
		assert_int_equal(-REL_E_FORMAT, rc);
		assert_string_not_equal("", err.text);
	} else {
		rel_put_u8(&b, 0);
		assert_int_equal(0, rc);
		assert_string_equal(want, (char *)b.data);
	}
	rel_buf_fini(&b);
	json_decref(view);
}

static void
values(void **state)
{
	(void)state;
	expands("plain", "plain");
	expands("<i>{a}</i>", "<i>&lt;b&gt;&amp;&quot;&#39;</i>");
	expands("{o.p} {o.q}{x}{none}{o}", "deep ");
	expands("{n} {n:int}", "1234567 1\xe2\x80\xaf" "234\xe2\x80\xaf" "567");
	expands("{bytes:size} {q:query}", "1.5 kB a%20b%26c%3D%C3%A4%2F");
	expands("{day:date}", "2026-11-21");
	expands("{!svg}{svg}", "<svg/>&lt;svg/&gt;");
	expands("{{x} {yes} {no}", "{x} yes no");
	expands("{form}", "<input type=\"hidden\" name=\"csrf\" value=\"T\">"
	    "<input type=\"hidden\" name=\"once\" value=\"O\">"
	    "<input type=\"hidden\" name=\"here\" value=\"\">");
}

static void
conditions(void **state)
{
	(void)state;
	expands("{if yes}1{end}{if no}2{end}{if none}3{end}{if zero}4{end}", "1");
	expands("{if empty}1{else}2{end}{if void}3{else}4{end}", "24");
	expands("{if !missing}1{end}{if !yes}2{end}", "1");
	expands("{if word=held}1{end}{if word!=held}2{end}{if n=1234567}3{end}",
	    "13");
	expands("{if word==same}1{end}{if word==a}2{else}3{end}", "13");
	expands("{if no}1{elif yes}2{elif word}3{else}4{end}", "2");
	expands("{if no}1{elif no}2{else}4{end}", "4");
	expands("{if yes}{if no}1{else}2{end}{else}{if yes}3{end}{end}", "2");
	/* What is not shown is not looked at, but its tags are matched. */
	expands("{if no}{each list}{if x}y{end}{else}z{end}{a}{end}.", ".");
}

static void
lists(void **state)
{
	(void)state;
	expands("{each list}[{x} {a}]{end}",
	    "[1 in][2 &lt;b&gt;&amp;&quot;&#39;]");
	expands("{each void}x{else}nothing{end}", "nothing");
	expands("{each missing}x{end}.", ".");
	expands("{each plain}{.}{end}", "kl");
	expands("{each plain}{each list}{x}{end}{.},{end}", "12k,12l,");
	expands("{each list}{if x=2}two{else}one{end}{else}no{end}", "onetwo");
}

static void
words(void **state)
{
	(void)state;
	expands("{_Held jobs}", "Held jobs");
	expands("{_%1 of %2|n|o.p}", "1234567 of deep");
	expands("{_%1<|a}", "&lt;b&gt;&amp;&quot;&#39;&lt;");
	expands("{_%9|a}", "");
}

static void
bad_ones(void **state)
{
	static const char *const bad[] = {
		"{if yes}", "{each list}", "{a", "{end}", "{else}",
		"{if yes}{else}", "{nothing here}", "{include top}",
		"{if a}{each list}{end}"
	};
	char deep[2000] = "";

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		expands(bad[i], NULL);
	for (int i = 0; i < 40; i++)
		memcpy(deep + 8 * i, "{if yes}", 9);
	expands(deep, NULL);
}

#define THIN "\xe2\x80\xaf"

static void
money(void **state)
{
	(void)state;
	expands("{if a3}({a3:paper}){end}{if none}x{end}",
	    "(A3)");
	expands("{paid:money} {much:money}",
	    "-1" THIN "234.50 999" THIN "999.125");
	expands("{micro:money} {less:money} {n:money}",
	    "0.33 -0.005 1.234567");
	expands("{micro:signed} {gift:signed} {paid:signed} {sides:signed}",
	    "+0.33 0.00 -1" THIN "234.50 +24");
	/* What was typed and is no amount stays as it is. */
	expands("{q:money}{none:money}{yes:money}",
	    "a b&amp;c=\xc3\xa4/yes");
}

static void
german(void **state)
{
	char path[300];
	const char *src = getenv("srcdir");

	(void)state;
	snprintf(path, sizeof path, "%s/cgi/templates", src != NULL ? src :
	    ".");
	catalog_load(path, "de_DE.UTF8");
	assert_string_equal("de", catalog_lang());
	expands("{_Held jobs} {word:word}", "Wartende Auftr\xc3\xa4ge wartet");
	expands("{bytes:size} {day:date}", "1,5 kB 21.11.2026");
	expands("{paid:money} {micro:signed}", "-1" THIN "234,50 +0,33");
	assert_string_equal("never heard", tr("never heard"));
	catalog_free();
	assert_string_equal("Held jobs", tr("Held jobs"));
	catalog_load(path, "../../etc");
	catalog_load(path, "xx_YY");
	catalog_load(path, "");
	assert_string_equal("en", catalog_lang());
	catalog_free();
}

static void
local_time(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	expands("{at:time}", "2026-11-21 08:05");
	setenv("TZ", "UTC", 1);
	tzset();
	expands("{at:time} {at:date}", "2026-11-21 07:05 2026-11-21");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(conditions),
		cmocka_unit_test(lists),
		cmocka_unit_test(words),
		cmocka_unit_test(bad_ones),
		cmocka_unit_test(money),
		cmocka_unit_test(german),
		cmocka_unit_test(local_time)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
